"""Shares of right answers of two sets of items that may overlap, and what chance alone gives.

`metrics.comparing` pairs the same items. Here the items may differ (two ways of dividing them),
while their groups are partly the same: what a group adds to both sides falls out of the difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.intervals import MIN_GROUPS, degrees_of_freedom, student_t, wilson

Floats = NDArray[np.float64]


def share_difference(first: Predictions, second: Predictions, confidence: float = 0.95) -> Estimate:
    """Return the accuracy of `first` minus that of `second`, with its interval over groups.

    Each accuracy is a ratio of sums over groups; its variance is that of the linearised ratio
    (Cochran 1977, Sampling Techniques, 6.3), with Student's t (`degrees_of_freedom`). A group
    that is in both sets counts once, with what it adds to the difference. A side that is all
    right, or all wrong, shows no spread: what Wilson's bound on its groups leaves open is added
    as a square (MOVER, Zou and Donner 2008).

    Args:
        first: items of known class, one label each.
        second: other items, the same ones, or some of both.
        confidence: level of the interval.

    Returns:
        `n` is the smaller number of items, `n_groups` that of all groups in either. No interval
        below 10 groups; where no group makes a difference, Wilson's bound for none among them.
    """
    sides = [one.labelled() for one in (first, second)]
    names, codes = np.unique(np.concatenate([one.group for one in sides]), return_inverse=True)
    n_groups, n = len(names), min(len(one) for one in sides)
    if not n:
        return Estimate(math.nan, n=0, note=text("metrics.nothing_in_common"))
    ends = np.split(codes.reshape(-1), [len(sides[0])])
    values, parts = zip(
        *(_linearised(one, code, n_groups) for one, code in zip(sides, ends, strict=True)),
        strict=True,
    )
    value = float(values[0] - values[1])
    if n_groups < MIN_GROUPS:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    variance = float(((parts[0] - parts[1]) ** 2).sum()) * n_groups / (n_groups - 1)
    if variance < 1e-24:
        _, high = wilson(0, n_groups, confidence)
        return Estimate(value, *_possible(value, high), n, n_groups, "wilson")
    freedom = degrees_of_freedom(parts[0] - parts[1])  # few where one side is much the smaller
    half = student_t((1 + confidence) / 2, freedom) * math.sqrt(variance)
    for one, share in zip(sides, values, strict=True):
        if share in {0.0, 1.0}:
            half = math.hypot(half, wilson(0, one.n_groups, confidence)[1])
    return Estimate(value, *_possible(value, half), n, n_groups, "linearised")


def _possible(value: float, half: float) -> tuple[float, float]:
    """Return the ends of an interval of a difference of shares, which lies in -1..1."""
    return max(-1.0, value - half), min(1.0, value + half)


def chance_accuracy(parts: Sequence[Predictions]) -> float:
    """Return the accuracy of answers that know nothing of the items but are as often each class.

    The sum over classes of the share of answers times the share of items, as in Cohen's kappa
    (1960): a network that always names the largest class is at chance with that class's share.
    Parts that different networks answered are counted each on its own.
    """
    total, right = 0, 0.0
    for one in parts:
        known = one.labelled()
        n, k = len(known), len(known.classes)
        if n:
            answered, true = (
                np.bincount(column, minlength=k) for column in (known.predicted, known.target)
            )
            right += float((answered * true).sum()) / n
            total += n
    return right / total if total else math.nan


def _linearised(
    known: Predictions, codes: NDArray[np.int64], n_groups: int
) -> tuple[float, Floats]:
    """Return the accuracy, and (n_groups,) by how much each group moves it."""
    right = (known.predicted == known.target).astype(np.float64)
    sums = np.bincount(codes, weights=right, minlength=n_groups)
    sizes = np.bincount(codes, minlength=n_groups)
    share = float(right.mean())
    moved: Floats = (sums - share * sizes) / len(known)
    return share, moved
