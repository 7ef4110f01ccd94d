"""Tests of two models that judged the same items: McNemar and DeLong, each also for groups.

Items of one group (images of a patient) are not independent; a test that takes them one by one
finds differences that are none. So each test comes twice, and `same_accuracy` and `same_auroc`
choose: exact, or DeLong's, where every item stands alone, the clustered one elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PairedTest:
    """What a test of 'no difference' gave.

    Attributes:
        p: two-sided p-value, 0..1; NaN where the test is not defined.
        name: 'mcnemar', 'mcnemar-groups', 'delong', 'delong-groups' or 'bootstrap'.
    """

    p: float
    name: str


def same_accuracy(one: Predictions, other: Predictions) -> PairedTest:
    """Return the test of equal accuracy; rows are the same labelled items in the same order."""
    is_right = one.predicted == one.target, other.predicted == other.target
    groups = np.unique(one.group, return_inverse=True)[1].reshape(-1)
    if one.n_groups == len(one):
        only_one = int((is_right[0] & ~is_right[1]).sum())
        only_other = int((is_right[1] & ~is_right[0]).sum())
        return PairedTest(mcnemar_exact(only_one, only_other), "mcnemar")
    return PairedTest(mcnemar_of_groups(*is_right, groups), "mcnemar-groups")


def same_auroc(one: Predictions, other: Predictions) -> PairedTest:
    """Return the test of equal AUROC of two classes; rows as in `same_accuracy`.

    The variance is known as well as that of the rarer class: Student's t has a degree of freedom
    less than groups that hold it. With the normal distribution, 10 ill patients among 100 give
    8 % of false differences at 5 %.
    """
    is_positive = one.target == 1
    scores = np.stack([one.probabilities[:, 1], other.probabilities[:, 1]])
    if one.n_groups == len(one):
        rarer = min(int(is_positive.sum()), int((~is_positive).sum()))
        return PairedTest(_p_of(*delong(is_positive, scores), rarer), "delong")
    groups = np.unique(one.group, return_inverse=True)[1].reshape(-1)
    rarer = min(len(np.unique(groups[side])) for side in (is_positive, ~is_positive))
    return PairedTest(_p_of(*delong_of_groups(is_positive, scores, groups), rarer), "delong-groups")


def mcnemar_exact(only_one: int, only_other: int) -> float:
    """Return the exact two-sided p that two models are right equally often (McNemar 1947).

    Args:
        only_one: items that only the first model gets right.
        only_other: items that only the second gets right.

    Returns:
        Twice the binomial tail of the smaller count among both at 1/2, at most 1; 1 where the
        models are right on the same items.
    """
    from scipy.special import bdtr

    n = only_one + only_other
    if n == 0:
        return 1.0
    return min(1.0, 2 * float(bdtr(min(only_one, only_other), n, 0.5)))


def mcnemar_of_groups(is_right: Bools, other_is_right: Bools, groups: Ints) -> float:
    """Return the p of McNemar's test for items in groups.

    With d_k the items of group k that only the first gets right less those that only the second
    does, the statistic is (S - 1) / S * (sum d_k)^2 / sum d_k^2, chi-square with one degree of
    freedom (Obuchowski 1998, Statistics in Medicine 17:1495; each item weighs alike, as in the
    accuracy).

    Args:
        is_right: (n,) of the first model.
        other_is_right: (n,) of the second, same items.
        groups: (n,) number of each item's group, from 0.
    """
    change = is_right.astype(np.float64) - other_is_right.astype(np.float64)
    by_group = np.bincount(groups, change)
    squares = float(by_group @ by_group)
    if squares == 0:
        return 1.0
    n_groups = len(by_group)
    return _chi_square_p(float(by_group.sum()) ** 2 / squares * (n_groups - 1) / n_groups)


def delong(is_positive: Bools, scores: Floats) -> tuple[float, float]:
    """Return the difference of two AUROCs on the same items and its variance.

    Source: DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837; placements by ranks as in
    Sun and Xu 2014.

    Args:
        is_positive: (n,) the true class.
        scores: (2, n) of both models.

    Returns:
        First less second; NaN for the variance with fewer than two items of a class.
    """
    of_positive, of_negative = _placements(is_positive, scores)
    difference = float(of_positive.mean()) if of_positive.size else math.nan
    if min(of_positive.size, of_negative.size) < 2:
        return difference, math.nan
    parts = [float(np.var(one, ddof=1)) / one.size for one in (of_positive, of_negative)]
    return difference, sum(parts)


def delong_of_groups(is_positive: Bools, scores: Floats, groups: Ints) -> tuple[float, float]:
    """Return the difference of two AUROCs and its variance for items in groups.

    A group may hold items of both classes. Source: Obuchowski 1997, Biometrics 53:567, with the
    placements of the difference in place of those of one curve.

    Args:
        is_positive: (n,) the true class.
        scores: (2, n) of both models.
        groups: (n,) number of each item's group, from 0.
    """
    of_positive, of_negative = _placements(is_positive, scores)
    m, n = of_positive.size, of_negative.size
    if not m or not n:
        return math.nan, math.nan
    difference = float(of_positive.mean())
    n_groups = int(groups.max()) + 1
    sums, filled = [], []
    for members, placements in (
        (groups[is_positive], of_positive),
        (groups[~is_positive], of_negative),
    ):
        count = np.bincount(members, minlength=n_groups)
        sums.append(np.bincount(members, placements, minlength=n_groups) - count * difference)
        filled.append(int((count > 0).sum()))
    if min(filled) < 2:
        return difference, math.nan
    own = [
        k / (k - 1) * float(one @ one) / size**2
        for k, one, size in zip(filled, sums, (m, n), strict=True)
    ]
    shared = n_groups / (n_groups - 1) * float(sums[0] @ sums[1]) / (m * n)
    return difference, max(0.0, sum(own) + 2 * shared)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values corrected for their number (Holm 1979); NaN counts as no test.

    A corrected value is at most 1, and never smaller than that of a smaller p-value.
    """
    known = sorted((p, at) for at, p in enumerate(p_values) if not math.isnan(p))
    made = [math.nan] * len(p_values)
    largest = 0.0
    for rank, (p, at) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - rank) * p))
        made[at] = largest
    return made


def holm_levels(p_values: Sequence[float], alpha: float) -> list[float]:
    """Return for each p-value the level that Holm's procedure holds it against."""
    known = sorted((p, at) for at, p in enumerate(p_values) if not math.isnan(p))
    made = [math.nan] * len(p_values)
    for rank, (_, at) in enumerate(known):
        made[at] = alpha / (len(known) - rank)
    return made


def _placements(is_positive: Bools, scores: Floats) -> tuple[Floats, Floats]:
    """Return first model less second: per positive the share of negatives below, and so on.

    Ties count half. Both arrays have the same mean, the difference of the AUROCs.
    """
    made = []
    for one in scores:
        positive, negative = one[is_positive], one[~is_positive]
        below, above = np.sort(negative), np.sort(positive)
        of_positive = np.searchsorted(below, positive, "left") + np.searchsorted(
            below, positive, "right"
        )
        of_negative = np.searchsorted(above, negative, "left") + np.searchsorted(
            above, negative, "right"
        )
        made.append(
            (of_positive / max(1, 2 * len(negative)), 1 - of_negative / max(1, 2 * len(positive)))
        )
    return made[0][0] - made[1][0], made[0][1] - made[1][1]


def _p_of(difference: float, variance: float, n_rarer: int) -> float:
    """Return the two-sided p of Student's t with `n_rarer` - 1 degrees of freedom."""
    from scipy.special import stdtr

    if math.isnan(variance):
        return math.nan
    if variance < 1e-18:  # both rank every pair alike
        return 1.0 if abs(difference) < 1e-9 else 0.0
    return 2 * float(stdtr(n_rarer - 1, -abs(difference) / math.sqrt(variance)))


def _chi_square_p(statistic: float) -> float:
    """Return the upper tail of chi-square with one degree of freedom."""
    return 2 * NormalDist().cdf(-math.sqrt(statistic))
