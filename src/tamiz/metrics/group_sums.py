"""Figures that follow from sums over items, with intervals over groups."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.data.report import Estimate
from tamiz.metrics.bootstrap import resampled
from tamiz.metrics.intervals import MIN_GROUPS, logit_interval, student_t, wilson

Floats = NDArray[np.float64]


class GroupSums:
    """Columns of numbers, a row per item, added up over groups; and over resamples of groups.

    Any figure that is a formula of sums over items (a share, a ratio of counts, a mean) comes out
    for the sample and for every resample alike, and so do differences of two such figures on the
    same items.

    Attributes:
        total: (columns,) sums over all items.
        n: number of items.
        n_groups: number of groups.
    """

    def __init__(self, columns: Floats, groups: NDArray[np.generic]) -> None:
        names, self._group_of = np.unique(groups, return_inverse=True)
        self.n, self.n_groups = len(groups), len(names)
        self._of_group = np.zeros((self.n_groups, columns.shape[1]))
        np.add.at(self._of_group, self._group_of, columns)
        self.total: Floats = self._of_group.sum(axis=0)

    @property
    def is_clustered(self) -> bool:
        """Return whether a group can have several items."""
        return self.n_groups < self.n

    @property
    def has_intervals(self) -> bool:
        """Return whether there are groups enough for a bootstrap."""
        return self.n_groups >= MIN_GROUPS

    def resampled(self, n_resamples: int, seed: int) -> Floats:
        """Return (resamples, columns): the sums when groups are drawn with replacement."""
        sizes = (self.n_groups, self.n_groups, n_resamples)
        return np.concatenate(
            resampled(lambda counts: counts.astype(np.float64) @ self._of_group, sizes, seed)
        )

    def groups_with_any(self, columns: list[int]) -> int:
        """Return in how many groups one of these columns is not 0."""
        return int((self._of_group[:, columns] != 0).any(axis=1).sum())

    def mean_estimate(self, values: Floats, confidence: float = 0.95) -> Estimate:
        """Return the mean of a number per item, with its interval over groups.

        The mean is a ratio of sums over groups; its variance is that of the linearised ratio
        (Cochran 1977, Sampling Techniques, 6.3), with Student's t for the number of groups.
        """
        sums = np.bincount(self._group_of, weights=values, minlength=self.n_groups)
        sizes = np.bincount(self._group_of, minlength=self.n_groups)
        mean = float(values.mean())
        if not self.has_intervals:
            return Estimate(mean, n=self.n, n_groups=self.n_groups, note=self.too_few())
        moved = (sums - mean * sizes) / self.n
        variance = float((moved**2).sum()) * self.n_groups / (self.n_groups - 1)
        half = student_t((1 + confidence) / 2, self.n_groups - 1) * math.sqrt(variance)
        return Estimate(mean, mean - half, mean + half, self.n, self.n_groups, "linearised")

    def too_few(self) -> Text:
        """Return the note that says why there is no interval."""
        return text("metrics.few_groups", n=self.n_groups, needed=MIN_GROUPS)


def share_estimate(
    parts: tuple[float, float], replicates: Floats, groups: tuple[int, bool], confidence: float
) -> Estimate | None:
    """Return a share of counts with its interval; None where nothing is counted.

    Args:
        parts: (how many, of how many).
        replicates: (resamples,) the same share of resamples; empty: too few groups.
        groups: (number of groups among those counted, whether a group can have several items).
        confidence: level of the interval.

    Wilson where items stand alone, or where the share is 0 or 1 (then on the number of groups);
    else the spread over resamples of groups on the logit scale (see `metrics.intervals`).
    """
    n_groups, is_clustered = groups
    if parts[1] <= 0:
        return None
    value, n = parts[0] / parts[1], int(parts[1])
    if not is_clustered:
        low, high = wilson(parts[0], parts[1], confidence)
        return Estimate(value, low, high, n, n, "wilson")
    return ratio_estimate(value, replicates, (n, n_groups), confidence)


def ratio_estimate(
    value: float, replicates: Floats, sizes: tuple[int, int], confidence: float
) -> Estimate:
    """Return a figure between 0 and 1 with its interval from resamples of groups.

    Args:
        value: the figure.
        replicates: (resamples,) the figure of resamples; empty: too few groups.
        sizes: (items, groups) that it rests on.
        confidence: level of the interval.
    """
    n, n_groups = sizes
    if n_groups < MIN_GROUPS or not len(replicates):
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    if value in {0.0, 1.0}:
        low, high = wilson(value * n_groups, n_groups, confidence)
        return Estimate(value, low, high, n, n_groups, "wilson")
    low, high = logit_interval(value, replicates, n_groups, confidence)
    return Estimate(value, low, high, n, n_groups, "bootstrap")


def difference_estimate(
    value: float, replicates: Floats, sizes: tuple[int, int], confidence: float
) -> Estimate:
    """Return a difference of two figures on the same items, with its interval from resamples.

    The standard error is the spread over resamples of groups; Student's t for their number.
    """
    n, n_groups = sizes
    usable = replicates[np.isfinite(replicates)]
    if n_groups < MIN_GROUPS or len(usable) < 2:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    error = float(np.std(usable, ddof=1)) * math.sqrt(n_groups / (n_groups - 1))
    half = student_t((1 + confidence) / 2, n_groups - 1) * error
    return Estimate(value, value - half, value + half, n, n_groups, "bootstrap")
