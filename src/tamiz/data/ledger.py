"""The ledger: every file found has exactly one fate, and the counts close."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import polars as pl

from tamiz.core.files import replacing, write_json
from tamiz.data.coded import repeats

UNDECIDED: Final = "undecided"
_COLUMNS: Final = ("path", "fate", "reason")
_NO_ROWS: Final = pl.DataFrame(schema=dict.fromkeys(_COLUMNS, pl.String))
_SLICE: Final = 500_000
# What `csv` puts into quotes, and what begins a formula.
_ODD: Final = '^[=+\\-@\t\r]|[",\r\n]'


class Fate(StrEnum):
    """What became of a file."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"
    UNLABELLED = "unlabelled"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"
    NOT_AN_IMAGE = "not an image"
    MISSING = "missing"  # a table names it; it was not found, so the ledger of files has no entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One file (or one image of a file that holds many: 'images.idx#17') and its fate.

    `fate` is None while a later stage has still to decide.
    """

    path: str
    fate: Fate | None
    reason: str


class Ledger:
    """Every file found, each exactly once: rows of a manifest, and files that are no rows."""

    def __init__(self, others: Iterable[Entry] = (), rows: pl.DataFrame | None = None) -> None:
        """Keep the files.

        Args:
            others: files, one by one.
            rows: many of them as columns of text: path, fate (null: undecided) and reason.

        Raises:
            ValueError: a path stands there twice.
        """
        self._others = tuple(others)
        self._rows = _NO_ROWS if rows is None else rows.select(*_COLUMNS)
        doubled = self._doubled()
        if doubled:
            raise ValueError(f"{len(doubled)} paths stand in the ledger twice, first {doubled[0]}")

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return every file as an entry."""
        rows = (Entry(p, Fate(f) if f else None, r) for p, f, r in self._rows.iter_rows())
        return (*rows, *self._others)

    def counts(self) -> dict[str, int]:
        """Return the number of files per fate; 'undecided' only before the split."""
        found = Counter(_word(entry) for entry in self._others)
        fates = self._rows["fate"].fill_null(UNDECIDED)
        found.update(dict(fates.value_counts().iter_rows()))
        order = [fate.value for fate in Fate if fate is not Fate.MISSING] + [UNDECIDED]
        return {name: found[name] for name in order if found[name] or name != UNDECIDED}

    def save(self, folder: Path) -> None:
        """Write ledger.json ({"found": N, "fates": {...}}) and ledger.csv (path, fate, reason)."""
        with replacing(folder / "ledger.csv") as part, part.open("wb") as opened:
            opened.write(_lines([_COLUMNS]))
            for start in range(0, self._rows.height, _SLICE):
                opened.write(_lines_of_rows(self._rows.slice(start, _SLICE)))
            opened.write(_lines((one.path, _word(one), one.reason) for one in self._others))
        n_found = self._rows.height + len(self._others)
        write_json(folder / "ledger.json", {"found": n_found, "fates": self.counts()})

    def _doubled(self) -> list[str]:
        paths = self._rows["path"]
        doubled = paths.filter(repeats(paths)).unique(maintain_order=True).to_list()
        others = Counter(entry.path for entry in self._others)
        doubled += [path for path, n in others.items() if n > 1]
        if others and len(paths):
            plain = [path for path in others if path.isprintable()]  # no lone halves of characters
            doubled += paths.filter(
                paths.is_in(pl.Series(plain, dtype=pl.String).implode())
            ).to_list()
        return doubled


def _word(entry: Entry) -> str:
    return UNDECIDED if entry.fate is None else entry.fate.value


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    for row in rows:
        writer.writerow(tuple(map(safe_cell, row)))
    return made.getvalue().encode("utf-8")


def _lines_of_rows(rows: pl.DataFrame) -> bytes:
    """Return the rows as CSV, as `_lines` writes them, column by column."""
    if not rows.height:
        return b""
    rows = rows.with_columns(pl.col("fate").fill_null(UNDECIDED), pl.col("reason").fill_null(""))
    is_odd = pl.any_horizontal(pl.col(name).str.contains("\r") for name in _COLUMNS)
    made = rows.select(pl.concat_str(map(_cell, _COLUMNS), separator=",").alias("line"), odd=is_odd)
    lines, odd = made["line"], made["odd"].arg_true()
    if len(odd):  # whether these are put into quotes depends on the version of Python
        written = [_lines([row]).decode("utf-8")[:-1] for row in rows[odd].iter_rows()]
        lines = lines.scatter(odd, written)
    opened = io.BytesIO()
    lines.to_frame().write_csv(opened, include_header=False, quote_style="never")
    return opened.getvalue()


def _cell(name: str) -> pl.Expr:
    """Return the cells of a column as `safe_cell` and `csv` write them."""
    cell = pl.col(name)
    is_formula = cell.str.contains(r"^[=+\-@\t]")
    cell = pl.when(is_formula).then("'" + cell).otherwise(cell)
    quoted = '"' + cell.str.replace_all('"', '""', literal=True) + '"'
    return pl.when(cell.str.contains('[",\n]')).then(quoted).otherwise(cell)


def safe_cell(value: str) -> str:
    """Return `value` so that no spreadsheet takes it for a formula, and UTF-8 can hold it."""
    value = value.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
