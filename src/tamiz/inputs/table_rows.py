"""The rows of a table become rows of a manifest: one for each file, whatever was said twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, say, text
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Fate
from tamiz.data.manifest import SCHEMA
from tamiz.data.report import Finding, Severity
from tamiz.inputs.cells import Cells
from tamiz.inputs.joining import Joined
from tamiz.inputs.parts import columns_of, has_parts
from tamiz.inputs.registry import Columns
from tamiz.inputs.roles import Roles
from tamiz.inputs.several_labels import LabelSets, has_several_labels, sets_of_rows

SHOWN: Final = 20
_LOST: Final = "\0"  # before the name of a file that is not there: no file's name holds it
_MEASURED: Final = ("width_px", "height_px", "channels", "mode", "format", "bits", "content_sha256")
_OWN_COLUMNS: Final = frozenset((*SCHEMA, *_MEASURED, "centre"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What each row says: label, group and given split, column by column."""

    labels: Sequence[str | None]
    groups: Sequence[str | None]
    splits: Sequence[str | None]

    def of(self, row: int) -> tuple[str | None, str | None, str | None]:
        """Return what one row says."""
        return self.labels[row], self.groups[row], self.splits[row]


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table with the file of each of its rows.

    Attributes:
        joined: the files.
        cells: what the rows say.
        roles: which column is what.
        where: the table, for messages.
        keeps_lost: whether rows without a file become rows, too.
    """

    joined: Joined
    cells: Cells
    roles: Roles
    where: str
    keeps_lost: bool

    def names(self) -> list[str]:
        """Return a name for the file of each row, also of files that are not there."""
        lost = {one.line: one.path for one in self.joined.missing}
        pairs = zip(self.joined.names, self.cells.lines, strict=True)
        return [found if found is not None else _LOST + lost[line] for found, line in pairs]


@dataclass(frozen=True, slots=True)
class Merged:
    """Two rows that name the same file with the same label."""

    name: str
    first: int
    again: int
    has_same_group: bool


def columns_of_rows(source: TableRows, options: DataOptions) -> tuple[Columns, list[Finding]]:
    """Return the columns of the manifest, one row per file, and what is to be told of labels.

    Raises:
        WrongData: a file has two labels (and `data.repeated` does not allow it), or two splits.
    """
    sets = None
    is_named = options.label_from_name is not None
    if has_several_labels(options) and not is_named:
        label = source.roles.label
        sets = sets_of_rows(source.cells, label, source.names(), options, source.where)
    made, kept, merged = _columns(source, _row_facts(source, sets))
    made.is_multilabel = sets is not None
    made.free = _free_columns(source, kept, options)
    findings = _note_merged(merged, source, options)
    return made, [*(sets.findings if sets else ()), *findings]


def _columns(source: TableRows, facts: Facts) -> tuple[Columns, list[int], list[Merged]]:
    """Return the columns, one row per file, which rows these are, and those that named it again.

    Raises:
        WrongData: a file has two labels, or two splits.
    """
    joined, cells, where = source.joined, source.cells, source.where
    first_by_name: dict[str, int] = {}
    merged: list[Merged] = []
    conflicts: list[tuple[int, int, str]] = []
    names = source.names()
    for row, found in enumerate(joined.names):
        if found is None and not source.keeps_lost:
            continue
        name = names[row]
        first = first_by_name.setdefault(name, row)
        if first == row:
            continue
        if found is None:
            continue  # what two rows say of a file that is not there contradicts nothing
        said, again = facts.of(first), facts.of(row)
        if said[0] != again[0] or said[2] != again[2]:
            conflicts.append((first, row, name))
        merged.append(Merged(name, first, row, said[1] == again[1]))
    _refuse_conflicts(conflicts, facts, cells, where)
    kept = list(first_by_name.values())
    paths = [n.removeprefix(_LOST) or f"line {cells.lines[r]}" for n, r in first_by_name.items()]
    is_lost = [name.startswith(_LOST) for name in first_by_name]
    made = Columns(
        path=[
            p if lost else joined.files.path_of(p) for p, lost in zip(paths, is_lost, strict=True)
        ]
    )
    made.fate = [Fate.MISSING.value if lost else None for lost in is_lost]
    before, after = say("inputs.reason_missing", line=_LOST, table=where).split(_LOST, 1)
    made.reason = [
        f"{before}{cells.lines[row]}{after}" if lost else None
        for row, lost in zip(first_by_name.values(), is_lost, strict=True)
    ]
    made.label = [facts.labels[row] for row in kept]
    made.group = [facts.groups[row] for row in kept]
    made.given_split = [facts.splits[row] for row in kept]
    return made, kept, merged


def _free_columns(
    source: TableRows, kept: Sequence[int], options: DataOptions
) -> dict[str, list[Any]]:
    """Return what the table says besides; its columns of labels are left out, they would tell."""
    cells, roles = source.cells, source.roles
    made: dict[str, list[Any]] = {}
    used = {roles.label, roles.group, roles.split, roles.centre, *options.label_columns}
    if roles.centre is not None:
        made["centre"] = [cells.columns[roles.centre][row].strip() or None for row in kept]
    for name, values in cells.columns.items():
        if name not in used:
            free = f"table_{name}" if name in _OWN_COLUMNS else name
            made[free] = [values[row] for row in kept]
    if has_parts(cells):
        parts = columns_of(cells, kept, source.where)
        made = {n: v for n, v in made.items() if n.removeprefix("table_") not in parts}
        made |= parts
    return made


def _row_facts(source: TableRows, sets: LabelSets | None) -> Facts:
    """Return (label, group, given split) of each row; an empty cell is None, any other is text."""
    cells, roles = source.cells, source.roles

    def column(name: str | None) -> Sequence[str | None]:
        if name is None:
            return [None] * cells.n_rows
        return [value.strip() or None for value in cells.columns[name]]

    splits = [part and (part_of_word(part) or part) for part in column(roles.split)]
    labels = column(roles.label) if sets is None else sets.joined
    return Facts(labels, column(roles.group), splits)


def _refuse_conflicts(
    conflicts: list[tuple[int, int, str]],
    facts: Facts,
    cells: Cells,
    where: str,
) -> None:
    if not conflicts:
        return
    lines = []
    for first, row, name in conflicts[:SHOWN]:
        said = " / ".join(", ".join(part or "-" for part in facts.of(r)) for r in (first, row))
        values = {"path": name, "line": cells.lines[first], "again": cells.lines[row]}
        lines.append(say("inputs.conflict_line", said=said, **values))
    raise WrongData.of(
        "inputs.conflict",
        where=f"{where}:{cells.lines[conflicts[0][1]]}",
        details=tuple(lines),
        n=len(conflicts),
        first=lines[0],
    )


def _note_merged(merged: list[Merged], source: TableRows, options: DataOptions) -> list[Finding]:
    """Return a note on rows that name a file again, a warning where they name another group."""
    cells, roles = source.cells, source.roles
    made: list[Finding] = []
    again = [one for one in merged if one.has_same_group]
    if again and options.repeated == "refuse":
        what = text("inputs.merged", n=len(again))
        items = [_merged_line(one, cells, "") for one in again[:SHOWN]]
        made.append(Finding(Severity.NOTE, what, items=tuple(items)))
    others = [one for one in merged if not one.has_same_group]
    if others:
        groups = cells.columns[roles.group or ""]
        items = [
            _merged_line(one, cells, f"{groups[one.first]} / {groups[one.again]}")
            for one in others[:SHOWN]
        ]
        what = text("inputs.merged_groups", n=len(others))
        made.append(Finding(Severity.WARNING, what, items=tuple(items)))
    return made


def _merged_line(one: Merged, cells: Cells, said: str) -> Text:
    facts = {"path": one.name, "line": cells.lines[one.first], "again": cells.lines[one.again]}
    if not said:
        return text("inputs.merged_line", **facts)
    return text("inputs.conflict_line", said=said, **facts)
