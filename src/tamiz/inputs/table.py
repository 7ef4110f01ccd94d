"""A table whose rows name the files: CSV, TSV or Parquet; every id and label stays text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions
from tamiz.core.urls import name_of
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.formats.sniff import ARCHIVE_SUFFIXES, IMAGE_SUFFIXES, describe, photo_format, suffix_of
from tamiz.inputs.cells import Cells, read_cells
from tamiz.inputs.described_table import is_described
from tamiz.inputs.folder import class_folders, note_case_twins, note_runs, sort_out
from tamiz.inputs.joining import Joined, join
from tamiz.inputs.names import compiled, part_of_name
from tamiz.inputs.parts import has_parts, note_parts, with_parts
from tamiz.inputs.registry import (
    INPUTS,
    TABLE_OPTIONS,
    Columns,
    Found,
    MissingRow,
)
from tamiz.inputs.roles import Roles, choose_roles
from tamiz.inputs.table_rows import SHOWN, TableRows, columns_of_rows
from tamiz.inputs.tree import Tree

SUFFIXES = (".csv", ".tsv", ".tab", ".parquet", ".pq")
_PARQUET = (".parquet", ".pq")
_OWN_TABLES = ("conversion.csv", "prepared.csv", "tiles.csv")  # what other commands write
_GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")  # as they write what begins a formula


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
    honours = frozenset(
        {*TABLE_OPTIONS, "label_from_name", "group_from_name", "window", "label_separator"}
    )

    @staticmethod
    def recognises(tree: Tree, options: DataOptions) -> bool:
        """Return whether the user named a table, or a folder in which a table names files."""
        if tree.asked is not None:  # what is named like a picture or an archive is told as such
            is_another = suffix_of(tree.asked) in IMAGE_SUFFIXES | ARCHIVE_SUFFIXES
            return not is_another and _is_text_or_parquet(tree.head(tree.asked))
        if options.label_table:
            return False  # that table names patients, not files
        candidates = _candidates(tree)
        usual = DataOptions()
        asked = (name for name in TABLE_OPTIONS if getattr(options, name) != getattr(usual, name))
        if candidates and any(asked):
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
            source = TableRows(placed, cells, roles, where, keeps_lost)
            columns, told = columns_of_rows(source, options)
            others = tuple(_others(joined, tree, table, options))
        _apply_patterns(columns, options)
        findings = [Finding(Severity.NOTE, note) for note in (*cells.notes, *joined.notes)]
        findings += [*guessed, *_note_missing(joined, cells), *told]
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
    if is_described(content):
        raise WrongUse.of("inputs.is_described", where=where)
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
    """Return the tables at the top, or in the one folder that holds everything.

    What `tamiz describe` wrote beside its images is none of them.
    """
    tables = [n for n in tree.names if suffix_of(n) in SUFFIXES]
    if not tables:
        return []
    depth = min(name.count("/") for name in tables)
    near = [name for name in tables if name.count("/") == depth] if depth <= 1 else []
    return [name for name in near if not _is_described(tree, name)]


def _is_described(tree: Tree, table: str) -> bool:
    return suffix_of(table) in _PARQUET and is_described(tree.read(table))


def _is_usable(tree: Tree, table: str, options: DataOptions) -> bool:
    """Return whether the table has a column of files and one of labels."""
    try:
        cells = read_cells(tree.read(table), table, options.encoding, options.separator)
        roles, _ = choose_roles(cells, options, table)
    except (WrongData, WrongUse):
        return False
    is_said = options.label_from_name is not None or bool(options.label_columns)
    has_label = roles.label is not None or is_said
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
    items = [text("inputs.missing_line", line=m.line, path=m.path) for m in joined.missing[:SHOWN]]
    return [Finding(Severity.WARNING, what, items=tuple(items))]


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
    path = name_of(Path(tree.root) / tree.path_of(table)) if is_apart else tree.path_of(table)
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
