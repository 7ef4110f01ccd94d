"""A table whose rows name the files: CSV, TSV or Parquet; every id and label stays text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.manifest import SCHEMA
from tamiz.data.report import Finding, Severity
from tamiz.formats.sniff import describe, photo_format, suffix_of
from tamiz.inputs.cells import Cells, read_cells
from tamiz.inputs.folder import class_folders, note_case_twins, note_runs, sort_out
from tamiz.inputs.joining import Joined, join
from tamiz.inputs.names import compiled, part_of_name
from tamiz.inputs.parts import columns_of, has_parts, note_parts, with_parts
from tamiz.inputs.registry import (
    INPUTS,
    TABLE_OPTIONS,
    Columns,
    Found,
    MissingRow,
)
from tamiz.inputs.roles import Roles, choose_roles
from tamiz.inputs.tree import Tree

SUFFIXES = (".csv", ".tsv", ".tab", ".parquet", ".pq")
SHOWN = 20
_OWN_TABLES = ("conversion.csv", "prepared.csv", "tiles.csv")  # what other commands write
_GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")  # as they write what begins a formula
_LOST = "\0"  # before the name of a file that is not there: no file's name holds it
_MEASURED = ("width_px", "height_px", "channels", "mode", "format", "bits", "content_sha256")
_OWN_COLUMNS = frozenset((*SCHEMA, *_MEASURED, "centre"))


@dataclass(frozen=True, slots=True)
class Merged:
    """Two rows that name the same file with the same label."""

    name: str
    first: int
    again: int
    has_same_group: bool


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table as it is written, and which of its columns is what."""

    cells: Cells
    roles: Roles
    where: str


@INPUTS.add("table")
class TableOfFiles:
    """A table, alone or beside its files."""

    name = "table"
    order = 30
    honours = frozenset({*TABLE_OPTIONS, "label_from_name", "group_from_name", "window"})

    @staticmethod
    def recognises(tree: Tree, options: DataOptions) -> bool:
        """Return whether the user named a table, or a folder in which a table names files."""
        if tree.asked is not None:
            return _is_text_or_parquet(tree.head(tree.asked))
        if options.label_table:
            return False  # that table names patients, not files
        candidates = _candidates(tree)
        if candidates and any(getattr(options, name) is not None for name in TABLE_OPTIONS):
            return True  # the user speaks of its columns
        if not set(candidates).isdisjoint(_OWN_TABLES):
            return True  # they know the patients, which class folders do not
        if not candidates or options.label_from_name or class_folders(tree.names) >= 2:
            return False
        return any(_is_usable(tree, name, options) for name in candidates)

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per file that the table names."""
        _refuse_two_ways(options)
        table = _the_table(tree, options)
        where = tree.path_of(table)
        cells = _cells_of(tree, table, options)
        roles, guessed = choose_roles(cells, options, where)
        joined = join(tree, table, cells, roles, options)
        with joined.files:
            _refuse_missing(joined, cells, options, where)
            keeps_lost = options.missing_files == "keep"
            placed = with_parts(joined, cells, where) if has_parts(cells) else joined
            columns, merged = _columns(placed, cells, roles, where, keeps_lost=keeps_lost)
            others = tuple(_others(joined, tree, table, options))
        _apply_patterns(columns, options)
        findings = [Finding(Severity.NOTE, note) for note in (*cells.notes, *joined.notes)]
        findings += [*guessed, *_note_missing(joined, cells), *_note_merged(merged, cells, roles)]
        findings += [*note_parts(cells), *note_case_twins(columns.path)]
        if joined.files is not tree:
            findings += note_runs(joined.files)
        return Found(
            kind="table",
            manifest=columns.manifest(joined.files),
            others=others,
            missing=joined.missing,
            findings=tuple(findings),
        )

    @staticmethod
    def table(tree: Tree, options: DataOptions) -> TableFound:
        """Return the table itself."""
        name = _the_table(tree, options)
        where = tree.path_of(name)
        cells = _cells_of(tree, name, options)
        roles, _ = choose_roles(cells, options, where)
        return TableFound(cells, roles, where)

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per file that the table names, whatever else it says of them."""
        options = DataOptions()
        table = _the_table(tree, options)
        where = tree.path_of(table)
        cells = _cells_of(tree, table, options)
        roles, _ = choose_roles(cells, options, where)
        joined = join(tree, table, cells, roles, options)
        with joined.files:
            _refuse_missing(joined, cells, options, where)
            others = tuple(_others(joined, tree, table, options))
        placed = with_parts(joined, cells, where) if has_parts(cells) else joined
        names = dict.fromkeys(name for name in placed.names if name is not None)
        columns = Columns(path=[joined.files.path_of(name) for name in names])
        return Found("table", columns.manifest(joined.files), others)


def _cells_of(tree: Tree, table: str, options: DataOptions) -> Cells:
    """Return the table's cells; the sign that our own export puts before formulas is taken away."""
    content, where = tree.read(table), tree.path_of(table)
    cells = read_cells(content, where, options.encoding, options.separator)
    if table.rpartition("/")[2] not in _OWN_TABLES:
        return cells
    plain = {name: [_plain(one) for one in many] for name, many in cells.columns.items()}
    return replace(cells, columns=plain)


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith(_GUARDED) else cell


def _is_text_or_parquet(head: bytes) -> bool:
    if head.startswith(b"PAR1"):
        return True
    has_mark = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
    zeros = head.count(0)
    is_utf16 = zeros > 0.3 * len(head) and zeros < 0.6 * len(head)
    is_text = zeros == 0 and photo_format(head) is None and describe(head) is None
    return bool(head) and (has_mark or is_text or is_utf16)


def _candidates(tree: Tree) -> list[str]:
    """Return the tables at the top, or in the one folder that holds everything."""
    tables = [n for n in tree.names if suffix_of(n) in SUFFIXES]
    if not tables:
        return []
    depth = min(name.count("/") for name in tables)
    return [name for name in tables if name.count("/") == depth] if depth <= 1 else []


def _is_usable(tree: Tree, table: str, options: DataOptions) -> bool:
    """Return whether the table has a column of files and one of labels."""
    try:
        cells = read_cells(tree.read(table), table, options.encoding, options.separator)
        roles, _ = choose_roles(cells, options, table)
    except (WrongData, WrongUse):
        return False
    has_label = roles.label is not None or options.label_from_name is not None
    return has_label and cells.n_rows > 0


def _the_table(tree: Tree, options: DataOptions) -> str:
    """Return the table to use.

    Raises:
        WrongData: there is none, or several could be meant.
    """
    if tree.asked is not None:
        return tree.asked
    candidates = _candidates(tree)
    own = [name for name in _OWN_TABLES if name in candidates]
    if own:
        return own[0]
    usable = [name for name in candidates if _is_usable(tree, name, options)]
    if len(usable) > 1:
        names = ", ".join(usable[:5])
        raise WrongData.of("inputs.several_tables", where=tree.path_of(""), names=names)
    if not usable and not candidates:
        raise WrongData.of("inputs.no_table", where=tree.path_of("") or tree.root)
    return (usable or candidates)[0]


def _refuse_two_ways(options: DataOptions) -> None:
    """Raise when label or group are to come from a column and from the name.

    Raises:
        WrongUse: always then; one of the two would be ignored.
    """
    for role in ("label", "group"):
        if getattr(options, role) is not None and getattr(options, f"{role}_from_name") is not None:
            raise WrongUse.of("inputs.two_ways", where=f"data.{role}", role=role)


def _refuse_missing(joined: Joined, cells: Cells, options: DataOptions, where: str) -> None:
    """Raise when rows name files that are not there and the user did not say to leave them out."""
    n = len(joined.missing)
    is_fine = n < cells.n_rows if options.missing_files == "leave-out" else not n
    if is_fine or options.missing_files == "keep":
        return
    lines = [say("inputs.missing_line", line=m.line, path=m.path) for m in joined.missing[:SHOWN]]
    if n > SHOWN:
        lines.append(say("check.and_more", n=n - SHOWN))
    key = "inputs.all_missing" if n == cells.n_rows else "inputs.missing"
    first: MissingRow = joined.missing[0]
    raise WrongData.of(
        key,
        where=f"{where}:{first.line}",
        details=tuple(lines),
        n=n,
        total=cells.n_rows,
        first=first.path,
        root=joined.files.root,
    )


def _columns(
    joined: Joined, cells: Cells, roles: Roles, where: str, *, keeps_lost: bool
) -> tuple[Columns, list[Merged]]:
    """Return the columns, one row per file, and the rows that named a file again.

    Raises:
        WrongData: a file has two labels, or two splits.
    """
    facts = _row_facts(cells, roles)
    first_by_name: dict[str, int] = {}
    merged: list[Merged] = []
    conflicts: list[tuple[int, int, str]] = []
    lost = {one.line: one.path for one in joined.missing}
    for row, found in enumerate(joined.names):
        if found is None and not keeps_lost:
            continue
        name = found if found is not None else _LOST + lost[cells.lines[row]]
        first = first_by_name.setdefault(name, row)
        if first == row:
            continue
        if found is None:
            continue  # what two rows say of a file that is not there contradicts nothing
        if facts[first][0] != facts[row][0] or facts[first][2] != facts[row][2]:
            conflicts.append((first, row, name))
        merged.append(Merged(name, first, row, facts[first][1] == facts[row][1]))
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
    made.reason = [
        say("inputs.reason_missing", line=cells.lines[row], table=where) if lost else None
        for row, lost in zip(first_by_name.values(), is_lost, strict=True)
    ]
    made.label = [facts[row][0] for row in kept]
    made.group = [facts[row][1] for row in kept]
    made.given_split = [facts[row][2] for row in kept]
    used = {roles.label, roles.group, roles.split, roles.centre}
    if roles.centre is not None:
        made.free["centre"] = [cells.columns[roles.centre][row].strip() or None for row in kept]
    for name, values in cells.columns.items():
        if name not in used:
            free = f"table_{name}" if name in _OWN_COLUMNS else name
            made.free[free] = [values[row] for row in kept]
    if has_parts(cells):
        parts = columns_of(cells, kept, where)
        made.free = {n: v for n, v in made.free.items() if n.removeprefix("table_") not in parts}
        made.free |= parts
    return made, merged


def _row_facts(cells: Cells, roles: Roles) -> list[tuple[str | None, str | None, str | None]]:
    """Return (label, group, given split) of each row; an empty cell is None, any other is text."""

    def column(name: str | None) -> Sequence[str | None]:
        if name is None:
            return [None] * cells.n_rows
        return [value.strip() or None for value in cells.columns[name]]

    splits = [part and (part_of_word(part) or part) for part in column(roles.split)]
    return list(zip(column(roles.label), column(roles.group), splits, strict=True))


def _refuse_conflicts(
    conflicts: list[tuple[int, int, str]],
    facts: list[tuple[str | None, str | None, str | None]],
    cells: Cells,
    where: str,
) -> None:
    if not conflicts:
        return
    lines = []
    for first, row, name in conflicts[:SHOWN]:
        said = " / ".join(", ".join(part or "-" for part in facts[r]) for r in (first, row))
        values = {"path": name, "line": cells.lines[first], "again": cells.lines[row]}
        lines.append(say("inputs.conflict_line", said=said, **values))
    raise WrongData.of(
        "inputs.conflict",
        where=f"{where}:{cells.lines[conflicts[0][1]]}",
        details=tuple(lines),
        n=len(conflicts),
        first=lines[0],
    )


def _apply_patterns(columns: Columns, options: DataOptions) -> None:
    """Fill labels and groups from the names, where the user gave regular expressions."""
    label_pattern = compiled(options.label_from_name, "label_from_name")
    group_pattern = compiled(options.group_from_name, "group_from_name")
    if label_pattern is not None:
        columns.label = [part_of_name(label_pattern, path) for path in columns.path]
    if group_pattern is not None:
        columns.group = [part_of_name(group_pattern, path) for path in columns.path]


def _note_missing(joined: Joined, cells: Cells) -> list[Finding]:
    if not joined.missing:
        return []
    what = text("inputs.missing_left_out", n=len(joined.missing), total=cells.n_rows)
    items = [say("inputs.missing_line", line=m.line, path=m.path) for m in joined.missing[:SHOWN]]
    return [Finding(Severity.WARNING, what, items=tuple(items))]


def _note_merged(merged: list[Merged], cells: Cells, roles: Roles) -> list[Finding]:
    """Return a note on rows that name a file again, a warning where they name another group."""
    made: list[Finding] = []
    again = [one for one in merged if one.has_same_group]
    if again:
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


def _merged_line(one: Merged, cells: Cells, said: str) -> str:
    lines = {"line": cells.lines[one.first], "again": cells.lines[one.again]}
    return say("inputs.conflict_line", path=one.name, said=said, **lines).rstrip(": ")


def _others(joined: Joined, tree: Tree, table: str, options: DataOptions) -> list[Entry]:
    """Return the files without a row: pictures are unlabelled, the rest are no images."""
    used = {name for name in joined.names if name is not None}
    files = joined.files
    if files.root == tree.root:
        used.add(table)
    images, made = sort_out(files, [name for name in files.names if name not in used])
    reason = say("inputs.no_row")
    made += [Entry(files.path_of(name), Fate.UNLABELLED, reason) for name in images]
    made += files.others
    is_apart = options.root is not None and files.root != tree.root
    path = str(Path(tree.root) / tree.path_of(table)) if is_apart else tree.path_of(table)
    made.append(Entry(path, Fate.NOT_AN_IMAGE, say("inputs.the_table")))
    return _unique(made)


def _unique(entries: list[Entry]) -> list[Entry]:
    seen: Counter[str] = Counter()
    made = []
    for entry in entries:
        seen[entry.path] += 1
        if seen[entry.path] == 1:
            made.append(entry)
    return made
