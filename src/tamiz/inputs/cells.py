"""Reading a table as text: any separator, any usual encoding, every cell as it is written."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, say, text

if TYPE_CHECKING:
    import polars as pl

SEPARATORS: Final = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE_ROWS = 200
_NAMES_OF_SEPARATORS: Final = {"\t": "tab", " ": "space"}


@dataclass(frozen=True, slots=True)
class Cells:
    """A table whose every cell is text.

    Attributes:
        columns: column name -> its cells; all equally long.
        lines: the line on which each row begins, the header being line 1.
        notes: what was detected (encoding, separator).
        unnamed: the names given to columns that have none in the file.
    """

    columns: dict[str, list[str]]
    lines: Sequence[int]
    notes: tuple[Text, ...] = field(default=())
    unnamed: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Return the number of rows."""
        return len(self.lines)


def read_cells(content: bytes, where: str, encoding: str | None, separator: str | None) -> Cells:
    r"""Return a CSV, TSV or Parquet table.

    Args:
        content: the file's bytes.
        where: its name, for messages.
        encoding: what the user says it is; None detects it.
        separator: what the user says it is ('tab' or '\t' for a tab); None detects it.

    Raises:
        WrongData: it is no table, cannot be decoded, or has rows of other lengths than its header.
    """
    if content.startswith(b"PAR1"):
        return _parquet(content, where)
    words, found_encoding = decode(content, where, encoding)
    chosen = _separator_option(separator) or guess_separator(words)
    rows, lines = _split_rows(words, chosen, where)
    if not rows:
        raise WrongData.of("inputs.empty_table", where=where)
    header = unique_names(rows[0])
    _check_lengths(rows, lines, len(header), where)
    body = rows[1:]
    columns = _columns(header, body)
    notes = (
        text(
            "inputs.table_read",
            encoding=found_encoding,
            separator=_NAMES_OF_SEPARATORS.get(chosen, chosen),
            n=len(body),
        ),
    )
    unnamed = tuple(name for name, cell in zip(header, rows[0], strict=True) if not cell.strip())
    return Cells(columns or {name: [] for name in header}, lines[1:], notes, unnamed)


def _columns(header: Sequence[str], body: list[list[str]]) -> dict[str, list[str]]:
    """Return the cells by column; rows with the same text share it."""
    if not body:
        return {}
    made = {}
    for at, name in enumerate(header):
        shared: dict[str, str] = {}
        made[name] = [shared.setdefault(row[at], row[at]) for row in body]
    return made


def decode(content: bytes, where: str, encoding: str | None) -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        WrongData: it is not in the encoding that the user named, or is no text.
    """
    chosen = encoding or _encoding_by_mark(content)
    if chosen is not None:
        try:
            return content.decode(chosen).removeprefix("\ufeff"), _SHOWN.get(chosen, chosen)
        except (UnicodeDecodeError, LookupError) as error:
            raise WrongData.of(
                "inputs.bad_encoding", where=where, encoding=chosen, reason=str(error)
            ) from error
    if b"\0" in content:
        raise WrongData.of("inputs.not_a_table", where=where)
    # Windows-1252 is Latin-1 with letters where Latin-1 has control codes nobody writes.
    has_windows_letters = re.search(rb"[\x80-\x9f]", content) is not None
    western = [("cp1252", "Windows-1252")] if has_windows_letters else []
    for name, shown in (("utf-8", "UTF-8"), *western):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(name), shown
    return content.decode("latin-1"), "Latin-1"


def _encoding_by_mark(content: bytes) -> str | None:
    """Return the encoding that a byte order mark, or every second byte being zero, shows."""
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name
    return next((n for n in ("utf-16-le", "utf-16-be") if _looks_like_utf16(content, n)), None)


_SHOWN = {"utf-8-sig": "UTF-8 (BOM)", "utf-16": "UTF-16", "utf-32": "UTF-32"}


def guess_separator(words: str) -> str:
    """Return the separator that gives the most regular rows with more than one column.

    A decimal comma makes ',' irregular or leaves the header in one piece, so ';' wins there.
    """
    best, best_score = ",", (False, 0.0, 0)
    for candidate in SEPARATORS:
        rows = _sample_lengths(words, candidate)
        if not rows:
            continue
        regular = sum(n == rows[0] for n in rows) / len(rows)
        score = (rows[0] > 1, regular, rows[0])
        if score > best_score:
            best, best_score = candidate, score
    return best


def unique_names(header: Sequence[str]) -> list[str]:
    """Return column names: an empty one is named by its number, a doubled one gets '_2'."""
    made: list[str] = []
    counts: Counter[str] = Counter()
    for number, cell in enumerate(header, start=1):
        name = cell.strip() or f"column_{number}"
        counts[name] += 1
        made.append(name if counts[name] == 1 else f"{name}_{counts[name]}")
    return made


def _looks_like_utf16(content: bytes, name: str) -> bool:
    head = content[:2000]
    zeros = head[1::2] if name == "utf-16-le" else head[::2]
    if len(head) < 4 or zeros.count(0) < 0.7 * len(zeros):
        return False
    try:
        content.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _separator_option(separator: str | None) -> str | None:
    if not separator:
        return None
    return {"tab": "\t", "\\t": "\t", "space": " "}.get(separator, separator[0])


def _sample_lengths(words: str, separator: str) -> list[int]:
    """Return the number of cells of the first rows that are not empty."""
    made: list[int] = []
    try:
        for row in csv.reader(io.StringIO(words, newline=""), delimiter=separator):
            if row:
                made.append(len(row))
            if len(made) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return made  # told with its line when the rows are read
    return made


def _split_rows(words: str, separator: str, where: str) -> tuple[list[list[str]], list[int]]:
    """Return the rows that are not blank, and the line on which each begins."""
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=separator)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(begin)
            begin = reader.line_num + 1
    except csv.Error as error:
        raise WrongData.of(
            "inputs.broken_row", where=f"{where}:{reader.line_num}", reason=str(error)
        ) from error
    return rows, lines


def _check_lengths(rows: list[list[str]], lines: list[int], n_columns: int, where: str) -> None:
    """Raise when rows have more or fewer cells than the header; forgive empty cells at the end."""
    ragged: list[tuple[int, int]] = []
    for row, line in zip(rows[1:], lines[1:], strict=True):
        while len(row) > n_columns and not row[-1].strip():
            row.pop()
        if len(row) != n_columns:
            ragged.append((line, len(row)))
    if ragged:
        details = tuple(
            say("inputs.ragged_line", line=line, n=n, wanted=n_columns) for line, n in ragged[:20]
        )
        first, n_cells = ragged[0]
        raise WrongData.of(
            "inputs.ragged",
            where=f"{where}:{first}",
            details=details,
            n=len(ragged),
            n_cells=n_cells,
            wanted=n_columns,
        )


def _parquet(content: bytes, where: str) -> Cells:
    import polars as pl

    try:
        table = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise WrongData.of("inputs.unreadable", where=where, reason=str(error)) from error
    names = unique_names(table.columns)
    columns = {
        name: _texts(series)
        for name, series in zip(names, table.get_columns(), strict=True)
        if not series.dtype.is_nested() and series.dtype != pl.Binary
    }
    notes = (text("inputs.parquet_read", n=table.height),)
    return Cells(columns, range(2, table.height + 2), notes)


def _texts(series: pl.Series) -> list[str]:
    """Return a column as texts; rows with the same text share it, so that many need little room."""
    shared: dict[str, str] = {}
    texts = ("" if value is None else str(value) for value in series)
    return [shared.setdefault(words, words) for words in texts]
