"""What the cells of one text column look like: empty, whole number, date, word, list ..."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

MISSING_WORDS: Final = (
    "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "nat", "null", "-", "--", "?", "s/d", "n/d",
)  # fmt: skip
_MONTH: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic|january|february|"
    r"march|april|june|july|august|september|october|november|december|enero|febrero|marzo|abril|"
    r"mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre)\.?"
)
# Which look a cell has: the first pattern that fits. A number written with an exponent but
# neither sign nor point ('00e100', '1e5000') is an id of hex digits; programs write '1e+05'.
_PATTERNS: Final = {
    "list": r"^(?:[\[({].*[\])}]|[^|]{1,40}(?:\|[^|]{1,40})+|[^;.]{1,40}(?:;[^;.]{1,40}){1,})$",
    "padded": r"^0\d+$",
    "integer": r"^[+-]?\d+$",
    "decimal": (
        r"^[+-]?(?:\d+\.\d*|\.\d+)(?:e[+-]?\d+)?$|^[+-]?\d+e[+-]\d+$|^[+-]?\d+,\d+$"
    ),
    "date": (
        r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[t ]\d.*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})"
        rf"(?: \d.*)?$|^{_MONTH} \d{{1,2}},? \d{{4}}$|^\d{{1,2}}(?: de)? {_MONTH}(?: de)? \d{{4}}$"
        rf"|^{_MONTH}(?: de)? \d{{4}}$"
    ),
    "hex": r"^[0-9a-f]*(?:\d[a-f]|[a-f]\d)[0-9a-f]*$",
}  # fmt: skip


@dataclass(frozen=True, slots=False)
class ColumnCells:
    """The different cells of one column with how often each stands there, and their looks.

    Attributes:
        n: number of rows.
        n_empty: cells with nothing but blanks.
        text_bytes: bytes of all cells' text as UTF-8.
        values: the different cells that hold something, in order of first appearance.
        counts: (len(values),) how often each stands there.
        looks: for each value: 'missing' (a word for nothing), 'list', 'padded' (whole number
            with leading zeros), 'integer', 'decimal', 'date', 'hex' or 'word'.
    """

    n: int
    n_empty: int
    text_bytes: int
    values: pl.Series
    counts: NDArray[np.int64]
    looks: NDArray[np.str_]

    @cached_property
    def is_present(self) -> NDArray[np.bool_]:
        """Return (len(values),) whether the value is not a word for nothing."""
        made: NDArray[np.bool_] = self.looks != "missing"
        return made

    @cached_property
    def n_present(self) -> int:
        """Return the number of cells that hold a value."""
        return int(self.counts[self.is_present].sum())

    @cached_property
    def n_unique(self) -> int:
        """Return the number of different values; words for nothing are not counted."""
        return int(self.is_present.sum())

    @cached_property
    def cells_by_look(self) -> dict[str, int]:
        """Return how many cells have each look, words for nothing left out."""
        made = {}
        for look in (*_PATTERNS, "word"):
            n = int(self.counts[self.looks == look].sum())
            if n:
                made[look] = n
        return made

    def values_with(self, *looks: str, most: int | None = None) -> list[str]:
        """Return the first `most` values of these looks, in order of first appearance."""
        places = np.flatnonzero(np.isin(self.looks, looks))[:most]
        return [str(value) for value in self.values.gather(places).to_list()]

    def present_values(self, most: int | None = None) -> list[str]:
        """Return the first `most` values that are there, in order of first appearance."""
        places = np.flatnonzero(self.is_present)[:most]
        return [str(value) for value in self.values.gather(places).to_list()]

    def numbers(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the finite numbers among the values, and how often each stands there."""
        import polars as pl

        places = np.flatnonzero(np.isin(self.looks, ("integer", "decimal", "padded")))
        plain = self.values.gather(places).str.strip_chars()
        made = plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        numbers = made.fill_null(float("nan")).to_numpy()
        is_finite = np.isfinite(numbers)
        return numbers[is_finite], self.counts[places][is_finite]


def text_series(cells: Sequence[str], name: str = "") -> pl.Series:
    """Return the cells as a text series; halves of characters are written as escapes."""
    import polars as pl

    try:
        return pl.Series(name, cells, dtype=pl.String)
    except (TypeError, UnicodeEncodeError, pl.exceptions.PolarsError):
        plain = [str(cell).encode("utf-8", "backslashreplace").decode("utf-8") for cell in cells]
        return pl.Series(name, plain, dtype=pl.String)


def missing_mask(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Return (n,) whether each cell is empty or a word for nothing ('NA', '?')."""
    import polars as pl

    plain = text_series(cells).fill_null("").str.strip_chars()
    is_missing = (plain == "") | plain.str.to_lowercase().is_in(pl.Series(MISSING_WORDS))
    made: NDArray[np.bool_] = is_missing.to_numpy()
    return made


def look_at(cells: Sequence[str]) -> ColumnCells:
    """Return the different cells of a column, counted, with the look of each.

    Works on the different values, so that a column of a million rows costs what its variety costs.
    """
    import polars as pl

    column = text_series(cells, "value").fill_null("")
    counted = column.to_frame().group_by("value", maintain_order=True).len("count")
    is_empty = counted["value"].str.strip_chars() == ""
    n_empty = int(counted.filter(is_empty)["count"].sum())
    counted = counted.filter(~is_empty)
    plain = pl.col("value").str.strip_chars().str.to_lowercase()
    look: Any = pl.when(plain.is_in(pl.Series(MISSING_WORDS).implode())).then(pl.lit("missing"))
    for name, pattern in _PATTERNS.items():
        look = look.when(plain.str.contains(pattern)).then(pl.lit(name))
    looks = counted.select(look.otherwise(pl.lit("word")).alias("look"))["look"]
    return ColumnCells(
        n=len(column),
        n_empty=n_empty,
        text_bytes=int(column.str.len_bytes().sum()),
        values=counted["value"],
        counts=counted["count"].to_numpy().astype(np.int64),
        looks=looks.to_numpy().astype(np.str_),
    )
