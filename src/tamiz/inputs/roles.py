"""Which column of a table holds what: as the user says, or guessed from its name and said."""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable
from dataclasses import dataclass

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.parts import fold, part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.report import Finding, Severity
from tamiz.inputs.cells import Cells
from tamiz.inputs.names import (
    CENTRE_WORDS,
    GROUP_WORDS,
    LABEL_WORDS,
    PATH_WORDS,
    SPLIT_WORDS,
    guess,
    guess_all,
)

FEW_GROUPS = 5
VAGUE_GROUP_WORDS = frozenset({"group", "grupo"})  # often 'case' and 'control', not patients


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns in use. `template` makes the path from columns; `path` is a column itself."""

    path: str | None
    template: str | None
    label: str | None
    group: str | None
    centre: str | None
    split: str | None


def choose_roles(cells: Cells, options: DataOptions, where: str) -> tuple[Roles, list[Finding]]:
    """Return the columns in use, and a note for each guess; a warning for groups not used.

    Raises:
        WrongUse: an option names a column that is not there.
        WrongData: no column of files can be guessed.
    """
    names = list(cells.columns)
    template = options.path if options.path and "{" in options.path else None
    if template is not None:
        check_template(template, names, where)
    asked = {
        "path": None if template else options.path,
        "label": options.label,
        "group": options.group,
        "centre": options.centre,
        "split": options.split,
    }
    for role, name in asked.items():
        if name is not None and name not in names:
            raise _no_such_column(role, name, names, where)
    for name in options.label_columns:
        if name not in names:
            raise _no_such_column("label_columns", name, names, where)
    made = _with_guesses(asked, cells, options)
    if made["path"] is None and template is None:
        raise WrongData.of("inputs.no_path_column", where=where, columns=", ".join(names))
    notes = [
        text(f"inputs.guessed_{role}", column=name)
        for role, name in made.items()
        if name is not None and asked[role] is None
    ]
    is_said = options.label_from_name is not None or options.label_columns
    if made["label"] is None and not is_said:
        notes.append(text("inputs.no_label_column", columns=", ".join(names)))
    findings = [Finding(Severity.NOTE, note) for note in notes]
    if options.group is None and options.group_from_name is None:
        findings += _note_unused_groups(cells, made)
    return Roles(template=template, **made), findings


def _with_guesses(
    asked: dict[str, str | None], cells: Cells, options: DataOptions
) -> dict[str, str | None]:
    """Return the roles with a column for each that the user left open, where one is found."""
    made = dict(asked)
    is_named = {
        "path": options.path is not None,
        "label": options.label_from_name is not None or bool(options.label_columns),
        "group": options.group_from_name is not None,
    }
    guessers: dict[str, Callable[[list[str]], str | None]] = {
        "path": lambda free: guess(free, PATH_WORDS),
        "label": lambda free: guess(free, LABEL_WORDS),
        "group": lambda free: _guess_group(cells, free),
        "centre": lambda free: guess(free, CENTRE_WORDS),
        "split": lambda free: _guess_split(cells, free),
    }
    for role, guesser in guessers.items():
        if made[role] is None and not is_named.get(role, False):
            taken = {*made.values(), *options.label_columns}
            made[role] = guesser([name for name in cells.columns if name not in taken])
    return made


def check_template(template: str, columns: list[str], where: str) -> None:
    """Raise unless every {field} of the template is a column.

    Raises:
        WrongUse: a field is no column, or the braces do not match.
    """
    try:
        fields = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise WrongUse.of("inputs.bad_template", where="data.path", template=template) from error
    for name in fields:
        if name not in columns:
            raise _no_such_column("path", name, columns, where)


def fill(template: str, cells: Cells) -> list[str]:
    """Return the template with each row's cells in its fields; cells are put in as they are."""
    made = [""] * cells.n_rows
    for literal, name, _, _ in string.Formatter().parse(template):
        made = [words + literal for words in made]
        if name is not None:
            values = cells.columns[name]
            made = [words + value.strip() for words, value in zip(made, values, strict=True)]
    return made


def _guess_group(cells: Cells, names: list[str]) -> str | None:
    """Return the column of patients; of a vague name ('group') one with many values only."""
    found = guess_all(names, GROUP_WORDS)
    return next((name for name in found if not _is_hardly_a_group(cells, name)), None)


def _is_hardly_a_group(cells: Cells, name: str) -> bool:
    if fold(name) not in VAGUE_GROUP_WORDS:
        return False
    return len(set(cells.columns[name])) < FEW_GROUPS and cells.n_rows >= 4 * FEW_GROUPS


def _note_unused_groups(cells: Cells, made: dict[str, str | None]) -> list[Finding]:
    """Return a warning for each column of groups whose images the split may tear apart."""
    free = [name for name in cells.columns if name not in made.values()]
    used = made["group"]
    unused = [
        name
        for name in guess_all(free, GROUP_WORDS)
        if used is None or not _lies_within(cells.columns[name], cells.columns[used])
    ]
    advice = text("inputs.group_unused_advice")
    return [
        Finding(
            Severity.WARNING,
            text(
                "inputs.group_unused",
                column=name,
                n=len({value.strip() for value in cells.columns[name]} - {""}),
            ),
            advice,
        )
        for name in unused
    ]


def _lies_within(inner: list[str], outer: list[str]) -> bool:
    """Return whether each value of `inner` occurs with one value of `outer` only."""
    outer_by_inner: dict[str, str] = {}
    pairs = ((one.strip(), other.strip()) for one, other in zip(inner, outer, strict=True))
    return all(outer_by_inner.setdefault(one, other) == other for one, other in pairs if one)


def _guess_split(cells: Cells, names: list[str]) -> str | None:
    """Return a column whose every cell names a split, or is empty."""
    found = guess(names, SPLIT_WORDS)
    if found is None:
        return None
    words = {value.strip() for value in cells.columns[found]} - {""}
    return found if words and all(map(part_of_word, words)) else None


def _no_such_column(role: str, name: str, columns: list[str], where: str) -> WrongUse:
    near = difflib.get_close_matches(name, columns, n=1, cutoff=0.6)
    suggestion = say("errors.did_you_mean", name=near[0]) if near else ""
    return WrongUse.of(
        "inputs.no_such_column",
        where=where,
        role=role,
        name=name,
        suggestion=suggestion,
        columns=", ".join(columns),
    )
