"""Values of a column as the levels of a subgroup analysis: bins of numbers, rare ones together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import text
from tamiz.data.report import Words

MOST_LEVELS: Final = 30
_NOTHING: Final = frozenset({"", "na", "n/a", "nan", "none", "null"})


@dataclass(frozen=True, slots=True)
class Bins:
    """How numbers become levels: bins of one width, or between cuts.

    A bin holds its lower end, not its upper one.
    """

    width: float = 0.0
    cuts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one column.

    Attributes:
        names: in the order in which they are shown: numbers upwards, names by the alphabet, then
            'others' and 'not stated'.
        codes: (n,) index of each row's level.
        n_merged: how many rare values 'others' holds; 0 where there is no such level.
    """

    names: tuple[Words, ...]
    codes: NDArray[np.int64]
    n_merged: int = 0


def parse_bins(words: str, where: str) -> Bins:
    """Return the bins that '10' (a width) or '40/65' (cuts; '/65' is one cut) stand for.

    Raises:
        WrongUse: these are no numbers, the width is not above 0, or cuts do not rise.
    """
    try:
        numbers = [float(one) for one in words.split("/") if one.strip()]
    except ValueError:
        numbers = []
    rises = all(low < high for low, high in pairwise(numbers))
    if not numbers or not rises or not all(map(math.isfinite, numbers)):
        raise WrongUse.of("subgroups.bad_bins", where=where, bins=words)
    if "/" in words:
        return Bins(cuts=tuple(numbers))
    if numbers[0] <= 0:
        raise WrongUse.of("subgroups.bad_bins", where=where, bins=words)
    return Bins(width=numbers[0])


def levels_of(values: Sequence[Any], bins: Bins | None = None, where: str = "") -> Levels:
    """Return the level of each value; None and empty cells are the level 'not stated'.

    Args:
        values: one per row.
        bins: how numbers are put together; None: each value is a level.
        where: what an error names.

    Raises:
        WrongUse: bins are asked for, but no value is a number.
    """
    if bins is not None:
        return _binned(values, bins, where)
    stated = [_word(one) for one in values]
    counts = Counter(one for one in stated if one is not None)
    kept = sorted(counts, key=_natural)
    rare: set[str] = set()
    if len(kept) > MOST_LEVELS:
        by_size = sorted(kept, key=lambda one: (-counts[one], _natural(one)))
        rare = set(by_size[MOST_LEVELS - 1 :])
        kept = [one for one in kept if one not in rare]
    names: list[Words] = list(kept)
    if rare:
        names.append(text("subgroups.others", n=len(rare)))
    if None in stated:
        names.append(text("subgroups.not_stated"))
    at = {name: position for position, name in enumerate(kept)}
    last = len(names) - 1
    codes = [last if one is None else at.get(one, len(kept)) for one in stated]
    return Levels(tuple(names), np.array(codes, dtype=np.int64), len(rare))


def _binned(values: Sequence[Any], bins: Bins, where: str) -> Levels:
    words = [_word(one) for one in values]
    numbers = np.array([_number(one) for one in words], dtype=np.float64)
    known = np.isfinite(numbers)
    if not known.any():
        first = next((one for one in words if one is not None), "-")
        raise WrongUse.of("subgroups.no_numbers", where=where, first=first)
    if bins.width:
        place = _bin_of(numbers[known], bins.width)
        low, high = place.min(), place.max()
        if high - low >= MOST_LEVELS:
            n = int(high - low) + 1
            raise WrongUse.of("subgroups.many_bins", where=where, n=n, most=MOST_LEVELS)
        edges = [float(one * bins.width) for one in np.arange(low, high + 2)]
        index = place - low
        names: list[Words] = [_between(*pair) for pair in pairwise(edges)]
    else:
        index = np.searchsorted(bins.cuts, numbers[known], side="right").astype(np.float64)
        inner = [_between(*pair) for pair in pairwise(bins.cuts)]
        below = text("subgroups.below", high=bins.cuts[0])
        names = [below, *inner, text("subgroups.from", low=bins.cuts[-1])]
    codes = np.full(len(numbers), len(names) + 1, dtype=np.int64)
    codes[known] = index.astype(np.int64)
    codes[[one is not None and not ok for one, ok in zip(words, known, strict=True)]] = len(names)
    names += [text("subgroups.no_number"), text("subgroups.not_stated")]
    used, codes = np.unique(codes, return_inverse=True)  # no level without rows
    return Levels(tuple(names[int(one)] for one in used), codes.reshape(-1).astype(np.int64))


def _bin_of(numbers: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return the number of each one's bin; 0.3 / 0.1 falls short of the 3 that is meant."""
    share = numbers / width
    nearest = np.rint(share)
    is_end = np.abs(share - nearest) < 1e-9 * np.maximum(1.0, np.abs(share))
    made: NDArray[np.float64] = np.where(is_end, nearest, np.floor(share))
    return made


def _between(low: float, high: float) -> Words:
    return text("subgroups.between", low=low, high=high)


def _word(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    word = str(value).strip()
    return None if word.casefold() in _NOTHING else word


def _number(word: str | None) -> float:
    try:
        return float((word or "nan").replace(",", "."))
    except ValueError:
        return math.nan


def _natural(word: str) -> tuple[bool, float, str]:
    number = _number(word)
    is_word = math.isnan(number)
    return (is_word, 0.0 if is_word else number, word)
