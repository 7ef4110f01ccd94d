"""Two ways of training compared on the same items: the difference and its interval."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.core.seeds import derive_seed
from tamiz.data.report import Estimate
from tamiz.metrics.intervals import MIN_GROUPS

Floats = NDArray[np.float64]


def paired_difference(
    differences: Floats,
    groups: NDArray[np.int64],
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Return the mean difference between two ways of training, with its interval.

    Two things could have come out otherwise: the groups (patients) that were asked, and the seeds
    of the trainings. The spread over groups is that of a bootstrap of whole groups of the
    differences, each the mean over seeds; the spread over seeds is their standard error. Both
    variances add up; Student's t has the degrees of freedom of Welch and Satterthwaite.

    Args:
        differences: (seeds, items), second way minus first, for the same items and seeds.
        groups: (items,) number of each item's group.
        confidence: level of the interval.
        n_resamples: of the bootstrap.
        seed: of the bootstrap.

    Returns:
        The mean over items and seeds. No interval below 10 groups; with one seed the interval is
        of the groups alone, and the note says so.
    """
    n_seeds, n_items = differences.shape
    n_groups = int(groups.max()) + 1 if n_items else 0
    value = float(differences.mean()) if n_items else math.nan
    if n_groups < MIN_GROUPS:
        too_few = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n_items, n_groups=n_groups, note=too_few)
    over_groups = _group_variance(differences.mean(axis=0), groups, n_resamples, seed)
    by_seed = differences.mean(axis=1)
    over_seeds = float(by_seed.var(ddof=1)) / n_seeds if n_seeds > 1 else 0.0
    half = _half_width((over_groups, n_groups - 1), (over_seeds, n_seeds - 1), confidence)
    note = None if n_seeds > 1 else text("augment.one_seed")
    return Estimate(value, value - half, value + half, n_items, n_groups, "bootstrap", note)


def _group_variance(
    differences: Floats, groups: NDArray[np.int64], n_resamples: int, seed: int
) -> float:
    """Return the variance of the mean over resamples of whole groups."""
    n_groups = int(groups.max()) + 1
    sums = np.bincount(groups, weights=differences, minlength=n_groups)
    sizes = np.bincount(groups, minlength=n_groups).astype(np.float64)
    rng = np.random.default_rng(derive_seed(seed, "paired"))
    means = np.empty(n_resamples)
    for number in range(n_resamples):
        drawn = rng.integers(0, n_groups, n_groups)
        means[number] = sums[drawn].sum() / sizes[drawn].sum()
    return float(means.var(ddof=1)) * n_groups / (n_groups - 1)


def _half_width(first: tuple[float, int], second: tuple[float, int], confidence: float) -> float:
    """Return half the length of the interval of a sum of two (variance, degrees of freedom)."""
    from scipy.special import stdtrit

    total = first[0] + second[0]
    if total == 0:
        return 0.0
    freedom = total**2 / sum(variance**2 / max(1, df) for variance, df in (first, second))
    return float(stdtrit(freedom, (1 + confidence) / 2)) * math.sqrt(total)
