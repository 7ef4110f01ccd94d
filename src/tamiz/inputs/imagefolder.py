"""Hugging Face's image folders: pictures beside metadata.csv, .jsonl or .parquet files."""

from __future__ import annotations

import io
import json
import posixpath
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import ClassVar, Final

from tamiz.core.errors import WrongData
from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.data.report import Finding, Severity
from tamiz.inputs.cells import read_cells
from tamiz.inputs.folder import note_case_twins, sort_out
from tamiz.inputs.layout import Layout, layout_of
from tamiz.inputs.names import LABEL_WORDS, guess
from tamiz.inputs.registry import INPUTS, Columns, Found, MissingRow
from tamiz.inputs.samples import HONOURED, Samples, columns_of_samples
from tamiz.inputs.tree import Tree

_METADATA: Final = frozenset({"metadata.csv", "metadata.jsonl", "metadata.parquet"})
_FILE: Final = "file_name"
_FOLDER: Final = "(folder)"
_SHOWN: Final = 20


@dataclass(slots=True)
class _Gathered:
    """The rows of all metadata files."""

    paths: list[str] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self, said: dict[str, list[str]], paths: list[str], lines: list[tuple[str, int]]
    ) -> None:
        """Add rows; a column that not all files have is empty in the rest."""
        before = len(self.paths)
        for name in said.keys() - self.cells.keys():
            self.cells[name] = [""] * before
        for name, values in self.cells.items():
            values.extend(said.get(name, [""] * len(paths)))
        self.paths += paths
        self.lines += lines

    def keep(self, rows: list[int]) -> None:
        """Keep these rows only."""
        self.paths = [self.paths[row] for row in rows]
        self.lines = [self.lines[row] for row in rows]
        self.cells = {name: [many[row] for row in rows] for name, many in self.cells.items()}


@INPUTS.add("imagefolder")
class ImageFolder:
    """A folder (or an archive) with pictures and what is said of them in files beside them."""

    name = "imagefolder"
    order = 29
    honours: ClassVar[frozenset[str]] = HONOURED - {"path"}

    @staticmethod
    def recognises(tree: Tree, options: DataOptions) -> bool:
        """Return whether a metadata file with the column file_name lies there."""
        if tree.asked is not None or options.label_table:
            return False
        return any(_has_file_names(tree, name) for name in _metadata(tree))

    @staticmethod
    def find(tree: Tree, options: DataOptions) -> Found:
        """Return one row per picture that the metadata name; folders say label and split, too."""
        made = _Gathered()
        for name in _metadata(tree):
            _gather(made, tree, name)
        known = set(tree.names)
        missing, told = _missing(made, known, tree, options)
        images, others = sort_out(tree, [n for n in tree.names if n not in set(_metadata(tree))])
        layout = layout_of(images, is_archive=bool(tree.prefix))
        label = _with_folders(made, layout)
        samples = Samples(
            [path if path in known else None for path in made.paths],
            made.paths,
            made.cells,
            label,
            has_sets=False,
            splits=[layout.split_and_label(path)[0] for path in made.paths],
            where=tree.path_of("") or str(tree.root),
            missing=missing,
        )
        columns, findings = columns_of_samples(samples, tree, options)
        findings += [*told, *note_case_twins(columns.path)]
        others += _rest(tree, images, set(made.paths))
        return Found("imagefolder", columns.manifest(tree), tuple(others), missing, tuple(findings))

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return every picture, whatever is said of it."""
        images, others = sort_out(tree, tree.names)
        columns = Columns(path=[tree.path_of(name) for name in images])
        return Found("imagefolder", columns.manifest(tree), tuple(others))


def _metadata(tree: Tree) -> list[str]:
    return [name for name in tree.names if PurePosixPath(name).name in _METADATA]


def _has_file_names(tree: Tree, name: str) -> bool:
    head = tree.head(name)
    if not head.startswith(b"PAR1"):
        return _FILE.encode() in head.partition(b"\n")[0]
    import polars as pl

    try:
        return _FILE in pl.read_parquet_schema(io.BytesIO(tree.read(name)))
    except (WrongData, OSError, pl.exceptions.PolarsError):
        return False


def _gather(made: _Gathered, tree: Tree, name: str) -> None:
    """Add the rows of one metadata file; paths start at the file's own folder.

    Raises:
        WrongData: it cannot be read, or a path leads out of the source.
    """
    where, content = tree.path_of(name), tree.read(name)
    if name.endswith(".jsonl"):
        columns, lines = _json_lines(content, where)
    else:
        cells = read_cells(content, where, None, None)
        columns, lines = dict(cells.columns), list(cells.lines)
    written = columns.pop(_FILE, None)
    if written is None:
        raise WrongData.of("huggingface.no_file_name", where=where, columns=", ".join(columns))
    base = posixpath.dirname(name)
    paths = [posixpath.normpath(posixpath.join(base, one.strip())) for one in written]
    for path, line, words in zip(paths, lines, written, strict=True):
        if path.startswith(("/", "../")) or path == "..":
            raise WrongData.of("huggingface.outside", where=f"{where}:{line}", path=words)
    made.add(columns, paths, [(where, line) for line in lines])


def _json_lines(content: bytes, where: str) -> tuple[dict[str, list[str]], list[int]]:
    """Return the fields of each line's object as cells, and the lines' numbers.

    Raises:
        WrongData: a line is no object, with its number.
    """
    rows: list[dict[str, object]] = []
    lines: list[int] = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except ValueError as error:
            place = f"{where}:{number}"
            raise WrongData.of("huggingface.bad_line", where=place, reason=error) from error
        if not isinstance(said, dict):
            reason = type(said).__name__
            raise WrongData.of("huggingface.bad_line", where=f"{where}:{number}", reason=reason)
        rows.append(said)
        lines.append(number)
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [_plain(row.get(name)) for row in rows] for name in names}, lines


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _missing(
    made: _Gathered, known: set[str], tree: Tree, options: DataOptions
) -> tuple[tuple[MissingRow, ...], list[Finding]]:
    """Return the rows whose picture is not there, as `data.missing_files` says.

    Raises:
        WrongData: there are some, and the user did not say what becomes of them.
    """
    lost = [row for row, path in enumerate(made.paths) if path not in known]
    if not lost:
        return (), []
    total = len(made.paths)
    lines = [
        text("inputs.missing_line", line=made.lines[row][1], path=made.paths[row]) for row in lost
    ]
    where, line = made.lines[lost[0]]
    if options.missing_files == "refuse" or len(lost) == total:
        raise WrongData.of(
            "inputs.all_missing" if len(lost) == total else "inputs.missing",
            where=f"{where}:{line}",
            details=tuple(map(str, lines[:_SHOWN])),
            n=len(lost),
            total=total,
            first=made.paths[lost[0]],
            root=tree.root,
        )
    if options.missing_files == "keep":
        return tuple(MissingRow(row + 1, made.paths[row]) for row in lost), []
    made.keep(sorted(set(range(total)) - set(lost)))
    what = text("inputs.missing_left_out", n=len(lost), total=total)
    return (), [Finding(Severity.WARNING, what, items=tuple(lines[:_SHOWN]))]


def _with_folders(made: _Gathered, layout: Layout) -> str | None:
    """Add the class folders as a column where no other can be the label; return its name."""
    if guess(list(made.cells), LABEL_WORDS) is not None:
        return None
    folders = [layout.split_and_label(path)[1] or "" for path in made.paths]
    if not any(folders):
        return None
    made.cells[_FOLDER] = folders
    return _FOLDER


def _rest(tree: Tree, images: list[str], named: set[str]) -> list[Entry]:
    """Return the pictures that no row names, and the metadata files."""
    reason = say("inputs.no_row")
    made = [Entry(tree.path_of(n), Fate.UNLABELLED, reason) for n in images if n not in named]
    about = say("huggingface.metadata")
    return made + [Entry(tree.path_of(n), Fate.NOT_AN_IMAGE, about) for n in _metadata(tree)]
