"""Means of neighbouring rows with fractions at their edges: the arithmetic of area averaging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_FEW: Final = 10  # rows of a mean that are worth picking one by one
_NARROW: Final = 256  # values in a row below which calls cost more than their work


@dataclass(frozen=True, slots=True)
class Shares:
    """Of which rows, and of how much of each, a number of output rows are the means.

    Attributes:
        first: of the output rows.
        start: (m,) the first row of each; may be -1, then its weight is 0.
        weights: (m, k) of k rows from there.
    """

    first: int
    start: NDArray[np.int64]
    weights: Floats


def agrees(ratio: float, least: float) -> bool:
    """Return whether means of `ratio` pixels that are means themselves are means of the original.

    An output pixel must be a whole number of them wide, or at least `least`; otherwise too much of
    it would be pixels that its edges cut.
    """
    is_whole = ratio >= 1 - 1e-6 and abs(ratio - round(ratio)) < 1e-6 * ratio
    return is_whole or ratio >= least


def shares(place: tuple[float, int], reduction: int, length: float, count: int) -> Shares:
    """Return what share `place` has of `count` output rows that stretch over `length` pixels.

    Args:
        place: where its rows begin, in pixels from the first output row's edge (may be negative),
            and how many there are.
        reduction: how many pixels a row stands for. Where an edge of the output cuts a row of
            several, it is taken for a slope between its neighbours and not for a step.
        length: in pixels.
        count: of output rows in all.
    """
    (top, n), step = place, length / count
    first = min(max(0, int(max(top, 0) // step)), count - 1)
    end = min(length, top + n * reduction)
    last = min(int(np.ceil(end / step - 1e-9)), count) - 1
    outs = np.arange(first, max(first, last) + 1)
    low = np.clip((outs * step - top) / reduction, 0, n)
    high = np.clip((np.minimum((outs + 1) * step, length) - top) / reduction, 0, n)
    start = np.minimum(low.astype(np.int64), n - 1)
    many = max(1, int((np.ceil(high) - start).max()))
    index = start[:, None] + np.arange(many)
    begins = np.clip(low[:, None] - index, 0.0, 1.0)
    ends = np.clip(high[:, None] - index, 0.0, 1.0)
    share = reduction / step
    weights = np.maximum(ends - begins, 0.0) * share
    if reduction == 1 or n == 1:
        return Shares(first, start, weights.astype(np.float32))
    slopes = 0.5 * ((ends**2 - ends) - (begins**2 - begins)) * share
    sloped = _with_slopes(weights, slopes, index, n)
    return Shares(first, start - 1, sloped.astype(np.float32))


def _with_slopes(
    weights: NDArray[np.float64],
    slopes: NDArray[np.float64],
    index: NDArray[np.int64],
    n: int,
) -> NDArray[np.float64]:
    """Return (m, k + 2) weights of the rows and one more on each side.

    A row's slope is half the difference of its neighbours; of the first and the last, the
    difference from the only one.
    """
    made = np.zeros((len(weights), weights.shape[1] + 2))
    made[:, 1:-1] = weights
    is_first, is_last = index == 0, index >= n - 1
    made[:, 2:] += slopes * np.where(is_first, 1.0, np.where(is_last, 0.0, 0.5))
    made[:, :-2] -= slopes * np.where(is_last, 1.0, np.where(is_first, 0.0, 0.5))
    made[:, 1:-1] += slopes * (is_last.astype(float) - is_first)
    return made


def averaged(rows: NDArray[np.uint8] | Floats, found: Shares) -> Floats:
    """Return (m, width) means of (n, width) values."""
    many = found.weights.shape[1]
    if many <= _FEW:
        return _picked(rows, found)
    if rows.shape[1] < _NARROW:
        return _summed(rows, found)
    return _in_runs(rows, found)


def _picked(rows: NDArray[np.uint8] | Floats, found: Shares) -> Floats:
    """Return the means: each output row's first row times its weight, the second, ..."""
    made = np.zeros((len(found.start), rows.shape[1]), dtype=np.float32)
    for at in np.flatnonzero(found.weights.any(axis=0)).tolist():
        index = np.minimum(np.maximum(found.start + at, 0), len(rows) - 1)
        made += rows.take(index, axis=0) * found.weights[:, at, np.newaxis]
    return made


def _summed(rows: NDArray[np.uint8] | Floats, found: Shares) -> Floats:
    """Return the means from running sums, in which whole rows differ by two places."""
    sums = np.zeros((len(rows) + 1, rows.shape[1]), dtype=np.float64)
    np.cumsum(rows, axis=0, dtype=np.float64, out=sums[1:])
    whole = _whole(found)
    share = found.weights.max()
    begin = np.clip(found.start + whole.argmax(axis=1), 0, len(rows))
    end = begin + whole.sum(axis=1)
    made = (sums[end] - sums[begin]) * share
    rest = np.where(whole, 0, found.weights)
    for at in np.nonzero(rest.any(axis=0))[0]:
        index = np.clip(found.start + at, 0, len(rows) - 1)
        made += rows.take(index, axis=0) * rest[:, at, np.newaxis]
    means: Floats = made.astype(np.float32)
    return means


def _in_runs(rows: NDArray[np.uint8] | Floats, found: Shares) -> Floats:
    """Return the means; runs of whole rows of bytes are added as whole numbers, which is fast."""
    made = np.zeros((len(found.start), rows.shape[1]), dtype=np.float32)
    share = np.float32(found.weights.max())
    whole = _whole(found)
    kind: np.dtype[Any] = np.dtype(np.float32)
    if rows.dtype == np.uint8:
        kind = np.dtype(np.uint16 if found.weights.shape[1] <= 256 else np.uint32)
    for out, start in enumerate(found.start):
        begin = start + int(whole[out].argmax())
        end = begin + int(whole[out].sum())
        if end > begin:
            made[out] = np.add.reduce(rows[begin:end], axis=0, dtype=kind) * share
        for at in np.nonzero(~whole[out] & (found.weights[out] != 0))[0]:
            made[out] += found.weights[out, at] * rows[start + at]
    return made


def _whole(found: Shares) -> NDArray[np.bool_]:
    """Return (m, k): which rows count in full; of each output row they are one run."""
    share = found.weights.max()
    is_full = np.abs(found.weights - share) <= 1e-6 * share
    n_before = np.cumsum(~is_full, axis=1)
    first = is_full.argmax(axis=1)
    run = n_before[np.arange(len(first)), first][:, np.newaxis]
    return np.asarray(is_full & (n_before == run))
