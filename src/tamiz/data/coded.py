"""A column as numbers and the words they stand for: what millions of rows are counted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of words.

    Attributes:
        codes: (n,) int64, the place of each row's word in `names`; -1 where there is none.
        names: each word once.
    """

    codes: NDArray[np.int64]
    names: pl.Series | Sequence[str]

    @classmethod
    def of_words(cls, words: Sequence[str | None]) -> Self:
        """Return the codes of a list of words."""
        names = sorted({word for word in words if word is not None})
        place: dict[str | None, int] = {name: at for at, name in enumerate(names)}
        place[None] = -1
        return cls(np.fromiter(map(place.__getitem__, words), np.int64, len(words)), names)

    @classmethod
    def of_series(cls, series: pl.Series) -> Self:
        """Return the codes of a column of text of few different words, in the words' order."""
        names = series.drop_nulls().unique().sort().alias("word")
        return cls(_looked_up(series, names), names)

    @classmethod
    def of_many(cls, series: pl.Series) -> Self:
        """Return the codes of a column of many different words, in an order of their own.

        Words are told apart by 64-bit hashes, which numpy sorts many times faster than words; then
        every row is compared with its word, so that two words of one hash go the slow way.
        """
        is_there = series.is_not_null()
        words = series if is_there.all() else series.filter(is_there)
        _, first, place = np.unique(words.hash().to_numpy(), return_index=True, return_inverse=True)
        names = words.gather(first).alias("word")
        if not (names.gather(place) == words).all():
            names = words.unique().sort().alias("word")
            place = _looked_up(words, names)
        codes = np.full(len(series), -1, dtype=np.int64)
        codes[is_there.to_numpy()] = place
        return cls(codes, names)

    def __len__(self) -> int:
        return len(self.codes)

    def words(self) -> list[str | None]:
        """Return the column as a list; rows with the same word share one text."""
        found = [*self.names, None]  # -1 is the last
        return [found[code] for code in self.codes.tolist()]

    def series(self, name: str) -> pl.Series:
        """Return the column as the table library's, called `name`."""
        words = pl.Series(name, self.names, dtype=pl.String)
        places = pl.Series(self.codes, dtype=pl.Int64)
        return words.gather(pl.select(pl.when(places >= 0).then(places)).to_series())

    def joined(self, other: Self, is_other: NDArray[np.bool_]) -> Self:
        """Return this column with the rows of `is_other` from `other`, whose words come after.

        Args:
            other: the words of those rows alone, in their order; none of them is here.
            is_other: (n,).
        """
        codes = self.codes.copy()
        codes[is_other] = other.codes + len(self.names)
        names = pl.concat([pl.Series("word", self.names), pl.Series("word", other.names)])
        return type(self)(codes, names)


def _looked_up(series: pl.Series, names: pl.Series) -> NDArray[np.int64]:
    table = names.to_frame().with_row_index("code")
    rows = series.alias("word").to_frame()
    codes = rows.join(table, on="word", how="left", maintain_order="left")["code"]
    made: NDArray[np.int64] = codes.cast(pl.Int64).fill_null(-1).to_numpy()
    return made


def repeats(series: pl.Series) -> pl.Series:
    """Return which rows of a column of text stand on other rows too; empty ones never."""
    of_word = series.hash().to_numpy()
    ordered = np.sort(of_word)
    suspects = ordered[1:][ordered[1:] == ordered[:-1]]
    made = pl.Series(np.isin(of_word, suspects)) & series.is_not_null()
    if not made.any():
        return made
    at = made.arg_true()
    return made.scatter(at, series.gather(at).is_duplicated())
