"""`list`: the names that a recipe may use."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Final

from tamiz.core.language import text
from tamiz.core.recipe import recipe_fields
from tamiz.core.registry import Registry
from tamiz.data.report import Report, Section, Table

_REGISTRIES: Final = {
    "models": ("tamiz.models.registry", "MODELS"),
    "formats": ("tamiz.formats.registry", "FORMATS"),
    "inputs": ("tamiz.inputs.registry", "INPUTS"),
    "steps": ("tamiz.steps.registry", "STEPS"),
    "augmentations": ("tamiz.engine.augment.registry", "AUGMENTATIONS"),
    "splits": ("tamiz.splits.registry", "SPLITS"),
    "metrics": ("tamiz.metrics.registry", "METRICS"),
}


def list_names(kinds: Sequence[str]) -> Report:
    """Return the names of each kind: the registries' members, or the recipe's fields."""
    tables = {kind: _fields() if kind == "fields" else _members(kind) for kind in kinds}
    names = {kind: [str(row[0]) for row in table.rows] for kind, table in tables.items()}
    return Report(
        stage="list",
        title=text("list.title"),
        sections=tuple(Section(k, text(f"list.{k}"), (t,)) for k, t in tables.items()),
        summary=tuple(tables.values()),
        values=names,
    )


def _members(kind: str) -> Table:
    module, name = _REGISTRIES[kind]
    registry: Registry[Any] = getattr(importlib.import_module(module), name)
    rows = tuple((member, _first_line(registry.get(member))) for member in registry.names())
    return Table(columns=(text(f"list.{kind}"), text("list.what")), rows=rows)


def _first_line(member: object) -> str:
    told = getattr(member, "summary", None) or member.__doc__ or type(member).__doc__ or ""
    return str(told).strip().splitlines()[0] if str(told).strip() else ""


def _fields() -> Table:
    rows = []
    for one in recipe_fields():
        default = "" if one.default is None else str(one.default)
        limits = ", ".join(one.choices) or _range(one.low, one.high)
        rows.append((one.path, default, limits, one.help))
    columns = ("list.fields", "list.default", "list.limits", "list.what")
    return Table(columns=tuple(text(name) for name in columns), rows=tuple(rows))


def _range(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} .. {'' if high is None else f'{high:g}'}"
