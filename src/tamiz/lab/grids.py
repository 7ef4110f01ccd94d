"""Grids of numbers as people write them: '60 113 56; 73 121 54', or the rows of a table."""

from __future__ import annotations

import math
import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse

Grid = NDArray[np.float64]

_ROWS: Final = re.compile(r"[;\n]")
_MOST_NUMBERS: Final = 1_000_000
_LARGEST: Final = 1e12  # products of two of them, added up, stay far from what float64 can hold
_FRACTION: Final = re.compile(r"(?P<over>[^/]+)/(?P<under>[^/]+)")


def grid_from_text(words: str, where: str) -> Grid:
    """Return (rows, columns) of numbers: rows end with ';' or a new line, blanks or commas between.

    A number may be a fraction: '1/9'.

    Args:
        words: such as '0 -1 0; -1 5 -1; 0 -1 0'.
        where: named in errors: the option or the file.

    Raises:
        WrongUse: no number, a word that is none, one beyond 10^12, rows of unequal length, or too
            many numbers.
    """
    return _grid([re.split(r"[,\s]+", row.strip()) for row in _ROWS.split(words)], where)


def grid_from_csv(content: str, where: str) -> Grid:
    """Return (rows, columns) of a table of numbers without header.

    Cells lie between commas, semicolons, tabs or blanks. In a table that has semicolons or tabs a
    comma is a decimal comma.

    Raises:
        WrongUse: as `grid_from_text`.
    """
    has_comma_decimals = ";" in content or "\t" in content
    if has_comma_decimals:
        content = content.replace(",", ".")
    rows = [row.strip() for row in content.lstrip("\ufeff").splitlines()]
    return _grid([re.split(r"[,;\s]+", row.strip(",;")) for row in rows], where)


def _grid(rows: list[list[str]], where: str) -> Grid:
    rows = [row for row in rows if any(row)]
    if not rows:
        raise WrongUse.of("lab.no_numbers", where=where)
    n_columns = len(rows[0])
    if sum(map(len, rows)) > _MOST_NUMBERS:
        raise WrongUse.of("lab.many_numbers", where=where, most=_MOST_NUMBERS)
    for number, row in enumerate(rows, start=1):
        if len(row) != n_columns:
            raise WrongUse.of("lab.ragged", where=where, row=number, n=len(row), first=n_columns)
    return np.array([[_number(word, where) for word in row] for row in rows], dtype=np.float64)


def _number(word: str, where: str) -> float:
    fraction = _FRACTION.fullmatch(word)
    over, under = (fraction["over"], fraction["under"]) if fraction else (word, "1")
    try:
        value = float(over) / float(under)
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not math.isfinite(value):
        raise WrongUse.of("lab.no_number", where=where, word=word)
    if abs(value) > _LARGEST:
        raise WrongUse.of("lab.large_number", where=where, word=word)
    return value
