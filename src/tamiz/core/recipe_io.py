"""Recipes as text: TOML in, TOML with reasons out, all faults of a recipe told together."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tamiz.core.errors import WrongUse
from tamiz.core.fields import FieldFacts, convert, fault_in_words
from tamiz.core.files import write_text
from tamiz.core.language import Text, say
from tamiz.core.recipe import SECTIONS, Recipe, recipe_fields

Tables = dict[str, dict[str, Any]]


def load_tables(path: Path) -> Tables:
    """Return the sections of a recipe file, unchecked.

    Raises:
        WrongUse: the file is missing or not TOML; the line is named.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise WrongUse.of("errors.not_found", where=path) from error
    except IsADirectoryError as error:
        raise WrongUse.of("recipe.is_folder", where=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse.of("recipe.not_toml", where=path, reason=str(error)) from error


def tables_from_settings(settings: Mapping[str, object]) -> Tables:
    """Return sections from dotted names: {'train.epochs': 20} -> {'train': {'epochs': 20}}.

    A name may reach into a plug-in's own table: 'model.options.widths'.
    """
    tables: Tables = {}
    for name, value in settings.items():
        section, _, rest = name.partition(".")
        target = tables.setdefault(section, {})
        *parents, last = rest.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
            if not isinstance(target, dict):
                raise WrongUse.of("recipe.bad_setting", where=f"--set {name}")
        target[last] = value
    return tables


def parse_setting(words: str) -> tuple[str, object]:
    """Return ('train.epochs', 20) from 'train.epochs=20'; a value is TOML or, failing that, text.

    Raises:
        WrongUse: there is no '=' or no dot in the name.
    """
    name, equals, value = words.partition("=")
    if not equals or "." not in name:
        raise WrongUse.of("recipe.bad_setting", where=f"--set {words}")
    try:
        return name.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name.strip(), value.strip()


def with_tables(recipe: Recipe, *layers: Tables, where: str = "recipe") -> Recipe:
    """Return `recipe` with the values of `layers` on top, later layers last.

    Raises:
        WrongUse: any value is wrong; every fault is named, one detail each.
    """
    known = {one.path: one for one in recipe_fields()}
    faults: list[str] = []
    made: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for tables in layers:
        for section, values in tables.items():
            if section not in SECTIONS or not isinstance(values, dict):
                faults.append(_unknown(section, list(SECTIONS)))
                continue
            for name, value in values.items():
                one = known.get(f"{section}.{name}")
                if one is None:
                    names = [f.path for f in known.values() if f.section == section]
                    faults.append(_unknown(f"{section}.{name}", names))
                    continue
                _put(made[section], one, value, faults)
    if faults:
        key = "recipe.faults" if len(faults) > 1 else "recipe.fault"
        raise WrongUse.of(key, where=where, details=tuple(faults), n=len(faults), first=faults[0])
    return replace(
        recipe,
        **{s: replace(getattr(recipe, s), **values) for s, values in made.items() if values},
    )


def recipe_to_tables(recipe: Recipe) -> Tables:
    """Return every field of the recipe as plain tables, ready for JSON."""
    return asdict(recipe)


def recipe_to_toml(recipe: Recipe, reasons: Mapping[str, Text] | None = None) -> str:
    """Return the complete recipe as TOML, each field with its reason or its help as a comment."""
    reasons = reasons or {}
    lines = [f"# {say('recipe.header')}"]
    tables = recipe_to_tables(recipe)
    section = ""
    late: list[str] = []
    for one in recipe_fields():
        if one.section != section:
            lines += [*late, "", f"[{one.section}]"]
            section, late = one.section, []
        value = tables[one.section][one.name]
        comment = str(reasons.get(one.path, one.help)).replace("\n", " ")
        if one.type_name == "list of tables" and value:
            late += _table_list(one, value, comment)
        elif one.type_name == "table" and value:
            late += ["", f"# {comment}", f"[{one.path}]"]
            late += [f"{_key(k)} = {value_to_toml(v)}" for k, v in value.items()]
        elif value is None:
            lines.append(f"# {one.name} = ...  # {comment}")
        else:
            lines.append(f"{one.name} = {value_to_toml(value)}  # {comment}")
    return "\n".join([*lines, *late]) + "\n"


def tables_to_toml(tables: Tables) -> str:
    """Return these fields as TOML, each with its help as a comment."""
    lines = [f"# {say('recipe.header')}"]
    known = {one.path: one for one in recipe_fields()}
    for section, values in tables.items():
        lines += ["", f"[{_key(section)}]"]
        for name, value in values.items():
            one = known.get(f"{section}.{name}")
            comment = f"  # {str(one.help).replace(chr(10), ' ')}" if one else ""
            shown = '"none"' if value is None else value_to_toml(value)
            lines.append(f"{_key(name)} = {shown}{comment}")
    return "\n".join(lines) + "\n"


def save_recipe(recipe: Recipe, path: Path, reasons: Mapping[str, Text] | None = None) -> None:
    """Write the complete recipe with its reasons."""
    write_text(path, recipe_to_toml(recipe, reasons))


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a file; fields it does not name keep their defaults.

    Raises:
        WrongUse: the file is missing, not TOML, or any value is wrong (all faults named).
    """
    return with_tables(Recipe(), load_tables(path), where=str(path))


def _put(made: dict[str, Any], one: FieldFacts, value: object, faults: list[str]) -> None:
    try:
        converted = convert(value, one)
    except ValueError as error:
        faults.append(fault_in_words(one, value, str(error)))
        return
    if one.type_name == "table" and isinstance(converted, dict):
        converted = {**made.get(one.name, {}), **converted}
    made[one.name] = converted


def _unknown(name: str, choices: list[str]) -> str:
    near = difflib.get_close_matches(name, choices, n=1, cutoff=0.5)
    suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
    return say("recipe.unknown_field", name=name, suggestion=suggestion)


def _table_list(one: FieldFacts, value: list[dict[str, Any]], comment: str) -> list[str]:
    lines = ["", f"# {comment}"]
    for index, table in enumerate(value):
        lines += ([""] if index else []) + [f"[[{one.path}]]"]
        lines += [f"{_key(k)} = {value_to_toml(v)}" for k, v in table.items()]
    return lines


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else _quoted(name)


def _quoted(value: str) -> str:
    # JSON's escapes are TOML's, but TOML forbids the delete character that JSON lets through
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_to_toml(value: object) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(value_to_toml(part) for part in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {value_to_toml(v)}" for k, v in value.items()) + " }"
    return repr(value)
