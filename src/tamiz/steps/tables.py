"""Plug-in settings as plain tables: from a recipe or a bundle to frozen dataclasses and back.

Models and augmentations use it too, so that every plug-in's faults read the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args, get_origin, get_type_hints

from tamiz.core.errors import WrongUse
from tamiz.core.fields import FieldFacts, convert, facts_of, fault_in_words
from tamiz.core.language import say
from tamiz.core.registry import Registry


def parse_options(
    options: type, table: Mapping[str, object], where: str, faults: list[str]
) -> dict[str, Any]:
    """Return the checked values of an options dataclass; each fault found is added to `faults`."""
    known = {one.name: one for one in facts_of(where, options)}
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            faults.append(_unknown_field(f"{where}.{name}", name, list(known)))
            continue
        try:
            values[name] = _convert(value, known[name], options)
        except ValueError as error:
            faults.append(fault_in_words(known[name], value, str(error)))
    return values


def build_options(options: type, table: Mapping[str, object], where: str) -> Any:
    """Return the options dataclass made from `table`.

    Raises:
        WrongUse: a key is unknown or a value outside its limits; all faults are named.
    """
    faults: list[str] = []
    values = parse_options(options, table, where, faults)
    raise_faults(faults, where)
    return options(**values)


def build_plugins(
    registry: Registry[Any], tables: Sequence[Mapping[str, object]], where: str
) -> list[Any]:
    """Return one plug-in (a dataclass) for each table `{"name": ..., option: value, ...}`.

    Raises:
        WrongUse: an unknown name, key or value anywhere; all faults of all tables are named.
    """
    faults: list[str] = []
    made: list[tuple[Any, dict[str, Any]]] = []
    for position, table in enumerate(tables, start=1):
        place = f"{where}[{position}]"
        name = table.get("name")
        if not isinstance(name, str):
            choices = ", ".join(registry.names())
            faults.append(say("steps.no_name", where=place, choices=choices))
            continue
        try:
            plugin = registry.get(name)
        except WrongUse as error:
            faults.append(f"{place}: {error.what}. {error.fix}")
            continue
        rest = {key: value for key, value in table.items() if key != "name"}
        made.append((plugin, parse_options(plugin, rest, f"{place} {name}", faults)))
    raise_faults(faults, where)
    return [plugin(**values) for plugin, values in made]


def to_table(name: str, plugin: Any) -> dict[str, object]:
    """Return `{"name": name, option: value, ...}`, ready for JSON and for `build_plugins`."""
    return {"name": name, **asdict(plugin)}


def raise_faults(faults: Sequence[str], where: str) -> None:
    """Raise `WrongUse` that names all faults; do nothing when there is none."""
    if faults:
        key = "steps.faults" if len(faults) > 1 else "steps.fault"
        raise WrongUse.of(key, where=where, details=tuple(faults), n=len(faults), first=faults[0])


def _convert(value: object, facts: FieldFacts, options: type) -> object:
    if facts.type_name != "list" or not isinstance(value, (list, tuple, str)):
        return convert(value, facts)
    hint = get_type_hints(options)[facts.name]
    parts = convert(list(value) if isinstance(value, tuple) else value, facts)
    inner = get_args(hint)[0] if get_origin(hint) is list else str
    if inner is not int or not isinstance(parts, list):
        return parts
    one = FieldFacts(facts.section, facts.name, "whole number", 0, facts.low, facts.high, (), False)  # noqa: FBT003
    return [convert(part, one) for part in parts]


def _unknown_field(path: str, name: str, choices: list[str]) -> str:
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.5)
    suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
    listed = ", ".join(choices) or say("steps.no_options")
    return say("steps.unknown_option", name=path, suggestion=suggestion, choices=listed)
