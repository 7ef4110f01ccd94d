"""Which column of a table holds what: as the user says, or guessed from its name and said."""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable
from dataclasses import dataclass

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import Text, say, text
from tamiz.core.recipe import DataOptions
from tamiz.inputs.cells import Cells
from tamiz.inputs.names import (
    CENTRE_WORDS,
    GROUP_WORDS,
    LABEL_WORDS,
    PATH_WORDS,
    SPLIT_WORDS,
    guess,
    split_of_word,
)

FEW_GROUPS = 5


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns in use. `template` makes the path from columns; `path` is a column itself."""

    path: str | None
    template: str | None
    label: str | None
    group: str | None
    centre: str | None
    split: str | None
    is_path_guessed: bool = False


def choose_roles(cells: Cells, options: DataOptions, where: str) -> tuple[Roles, list[Text]]:
    """Return the columns in use, and a note for each guess.

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
    made = _with_guesses(asked, cells, options)
    if made["path"] is None and template is None:
        raise WrongData.of("inputs.no_path_column", where=where, columns=", ".join(names))
    notes = [
        text(f"inputs.guessed_{role}", column=name)
        for role, name in made.items()
        if name is not None and asked[role] is None
    ]
    if made["label"] is None and options.label_from_name is None:
        notes.append(text("inputs.no_label_column", columns=", ".join(names)))
    return Roles(template=template, is_path_guessed=options.path is None, **made), notes


def _with_guesses(
    asked: dict[str, str | None], cells: Cells, options: DataOptions
) -> dict[str, str | None]:
    """Return the roles with a column for each that the user left open, where one is found."""
    made = dict(asked)
    is_named = {
        "path": options.path is not None,
        "label": options.label_from_name is not None,
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
            made[role] = guesser([name for name in cells.columns if name not in made.values()])
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
    """Return the column of patients; one with a handful of values is no such thing."""
    found = guess(names, GROUP_WORDS)
    if found is None:
        return None
    n_values = len(set(cells.columns[found]))
    return None if n_values < FEW_GROUPS and cells.n_rows >= 4 * FEW_GROUPS else found


def _guess_split(cells: Cells, names: list[str]) -> str | None:
    """Return a column whose every cell names a split, or is empty."""
    found = guess(names, SPLIT_WORDS)
    if found is None:
        return None
    words = {value.strip() for value in cells.columns[found]} - {""}
    return found if words and all(map(split_of_word, words)) else None


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
