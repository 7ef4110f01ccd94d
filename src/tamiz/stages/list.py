"""`list`: the names that a recipe may use."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.fields import FieldFacts
from tamiz.core.language import has_text, text
from tamiz.core.recipe import recipe_fields
from tamiz.core.registry import Registry
from tamiz.data.report import Cell, Report, Section, Table, Words

_REGISTRIES: Final = {
    "models": ("tamiz.models.registry", "MODELS"),
    "formats": ("tamiz.formats.registry", "FORMATS"),
    "inputs": ("tamiz.inputs.registry", "INPUTS"),
    "steps": ("tamiz.steps.registry", "STEPS"),
    "descriptors": ("tamiz.descriptors.registry", "DESCRIPTORS"),
    "augmentations": ("tamiz.engine.augment.registry", "AUGMENTATIONS"),
    "splits": ("tamiz.splits.registry", "SPLITS"),
    "metrics": ("tamiz.metrics.registry", "METRICS"),
    "checks": ("tamiz.checks.registry", "CHECKS"),
    "probes": ("tamiz.probes.registry", "PROBES"),
    "engines": ("tamiz.workers.registry", "ENGINES"),
    "exports": ("tamiz.engine.exporting.registry", "EXPORTS"),
    "explainers": ("tamiz.engine.explaining.registry", "EXPLAINERS"),
}


def list_names(kinds: Sequence[str]) -> Report:
    """Return the names of each kind: the registries' members, or the recipe's fields."""
    tables = {kind: _fields() if kind == "fields" else (_members(kind),) for kind in kinds}
    return Report(
        stage="list",
        title=text("list.title"),
        sections=tuple(Section(k, text(f"list.{k}"), found) for k, found in tables.items()),
        summary=tuple(table for found in tables.values() for table in found),
        values={kind: _names(kind) for kind in kinds},
    )


def list_networks(pattern: str = "") -> Report:
    """Return timm's and torchvision's networks with the input each was made for; loads torch.

    Args:
        pattern: part of a name, or a whole one with '*' for any letters; empty: all.

    Raises:
        WrongUse: no name is like it.
    """
    from tamiz.models.backbone import backbone_names, backbone_spec, has_public_weights

    wanted = pattern.lower() if "*" in pattern else f"*{pattern.lower()}*"
    found = [name for name in backbone_names() if fnmatchcase(name.lower(), wanted)]
    if not found:
        raise WrongUse.of("list.no_network", where=pattern)
    rows = []
    for name in found:
        spec = backbone_spec(name)
        if spec is not None and spec.preferred is not None:
            told = text("list.yes") if has_public_weights(name) else text("list.no")
            rows.append((name, spec.preferred.size_px, spec.preferred.interpolation, told))
    columns = ("list.networks", "list.size_px", "list.interpolation", "list.has_weights")
    table = Table(tuple(text(key) for key in columns), tuple(rows))
    section = Section("networks", text("list.networks"), (table,))
    return Report("list", text("list.title"), (section,), (table,), {"networks": found})


def _names(kind: str) -> list[str]:
    return [f.path for f in recipe_fields()] if kind == "fields" else registry_of(kind).names()


def _members(kind: str) -> Table:
    registry = registry_of(kind)
    rows = tuple((name, _description(kind, name, registry.get(name))) for name in registry.names())
    caption = text("list.more_models") if kind == "models" else ""
    return Table((text(f"list.{kind}"), text("list.what")), rows, caption)


def registry_of(kind: str) -> Registry[Any]:
    """Return the registry of 'models', 'formats', ...; its module is imported now."""
    module, name = _REGISTRIES[kind]
    registry: Registry[Any] = getattr(importlib.import_module(module), name)
    return registry


def description_key(kind: str, name: str) -> str:
    """Return the key of the one line that the catalogue has about each member of our own."""
    return f"list.{kind}_{name.replace('-', '_')}"


def _description(kind: str, name: str, member: object) -> Words:
    key = description_key(kind, name)
    return text(key) if has_text(key) else _first_line(member)


def _first_line(member: object) -> str:
    """Return what an outside plug-in says of itself: its docstring's first line."""
    for name in ("build", "formula"):  # of a model and a metric: their class says nothing on them
        member = getattr(member, name, member)
    told = (member.__doc__ or "").strip()
    return told.splitlines()[0] if told else ""


def _fields() -> tuple[Table, ...]:
    """Return a table for each section of the recipe."""
    columns = ("list.field", "list.default", "list.limits", "list.what")
    return tuple(
        Table(
            columns=tuple(text(name) for name in columns),
            rows=tuple(_field_row(one) for one in found),
            caption=text("list.fields_of", section=section),
        )
        for section, found in groupby(recipe_fields(), key=attrgetter("section"))
    )


def _field_row(one: FieldFacts) -> tuple[Cell, ...]:
    default = "" if one.default in (None, [], {}) else str(one.default)
    default = default.lower() if isinstance(one.default, bool) else default  # as TOML has it
    limits = ", ".join(one.choices) or _range(one.low, one.high)
    return one.name, default, limits, one.help


def _range(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    return f"{'' if low is None else f'{low:g}'} .. {'' if high is None else f'{high:g}'}"
