"""Figures about maps over an image: curves, ranks, and whether a map beats orders by lot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.core.seeds import derive_seed
from tamiz.data.report import Estimate
from tamiz.metrics.intervals import MIN_GROUPS, student_t, wilson

Floats = NDArray[np.float64]
_DRAWS: Final = 9999
_ROWS_AT_ONCE: Final = 500


def area_under(curves: Floats) -> Floats:
    """Return the area under each curve of (..., points), the points evenly over 0 to 1."""
    inner = (curves[..., 1:] + curves[..., :-1]) / 2
    return np.asarray(inner.mean(axis=-1))


def patch_means(values: Floats, grid: tuple[int, int]) -> Floats:
    """Return (rows, columns): the mean of (height, width) values over each patch of a grid."""
    height, width = values.shape
    rows = np.arange(height) * grid[0] // height
    columns = np.arange(width) * grid[1] // width
    sums, counts = np.zeros(grid), np.zeros(grid)
    at = (rows[:, None], columns[None, :])
    np.add.at(sums, at, values)
    np.add.at(counts, at, 1)
    return np.asarray(sums / counts)


def spearman(one: Floats, other: Floats) -> float:
    """Return the rank correlation of two arrays, equal values sharing their mean rank.

    0 where one of them is the same everywhere: such a map orders nothing.
    """
    first, second = _ranks(one.ravel()), _ranks(other.ravel())
    first, second = first - first.mean(), second - second.mean()
    size = math.sqrt(float(first @ first) * float(second @ second))
    return float(first @ second) / size if size > 0 else 0.0


def _ranks(values: Floats) -> Floats:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    return np.asarray(middle[place.reshape(values.shape)], dtype=np.float64)


def mean_over_groups(
    values: Sequence[float],
    groups: Sequence[str],
    *,
    is_share: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    """Return the mean of items with Student's interval over groups (patients).

    The standard error is that of a ratio of group sums (linearised), so large groups count more.
    Below `MIN_GROUPS` groups there is no interval, and the note says so. Shares stay within 0..1;
    where all items have 0 or all have 1, Wilson's bound on the number of groups stands in.

    Source: Cochran 1977, "Sampling techniques", section 9.2 (ratio to size).
    """
    found, n = np.asarray(values, dtype=np.float64), len(values)
    if n == 0:
        return Estimate(math.nan, note=text("metrics.few_groups", n=0, needed=MIN_GROUPS))
    _, codes = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True)
    n_groups = int(codes.max()) + 1
    mean = float(found.mean())
    if n_groups < MIN_GROUPS:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(mean, n=n, n_groups=n_groups, note=note)
    residuals = np.bincount(codes, weights=found - mean)
    error = math.sqrt(n_groups / (n_groups - 1) * float(residuals @ residuals)) / n
    half = student_t((1 + confidence) / 2, n_groups - 1) * error
    if not is_share:
        return Estimate(mean, mean - half, mean + half, n, n_groups, "student")
    if mean in {0.0, 1.0}:
        low, high = wilson(mean * n_groups, n_groups, confidence)
        return Estimate(mean, low, high, n, n_groups, "wilson")
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half), n, n_groups, "student")


@dataclass(frozen=True, slots=True)
class AgainstLot:
    """How a map's order does against orders drawn by lot.

    Attributes:
        beaten: the share of orders by lot that the map's order beats, mean over images, 0..1;
            0.5 is what an order by lot gets.
        p: how often orders by lot, one for each image, do as well on average as the map's.
    """

    beaten: tuple[float, ...]
    p: float


def against_lot(own: Sequence[float], by_lot: Sequence[Floats], *, seed: int = 0) -> AgainstLot:
    """Return how many orders by lot each image's map beats, and the probability of that by chance.

    A permutation test: if a map's order were one by lot, it could be any of those drawn for its
    image, its own and its own reverse among them. The mean over images is
    compared with that of 9,999 such draws.

    Args:
        own: (n,), `separation` of each image's map; of the reverse order it is the same below 0.
        by_lot: for each image, those of orders by lot and of their reverses.
        seed: of the draws.
    """
    beaten = tuple(
        float((np.mean(found < mine) + np.mean(found <= mine)) / 2)
        for mine, found in zip(own, by_lot, strict=True)
    )
    pools = np.stack(
        [np.append(found, [mine, -mine]) for mine, found in zip(own, by_lot, strict=True)]
    )
    rng = np.random.default_rng(derive_seed(seed, "maps", "lot"))
    n_images, n_pool = pools.shape
    mean, n_as_good = float(np.mean(own)), 0
    for start in range(0, _DRAWS, _ROWS_AT_ONCE):
        n = min(_ROWS_AT_ONCE, _DRAWS - start)
        drawn = pools[np.arange(n_images), rng.integers(0, n_pool, (n, n_images))]
        n_as_good += int((drawn.mean(axis=1) >= mean - 1e-12).sum())
    return AgainstLot(beaten, (1 + n_as_good) / (1 + _DRAWS))
