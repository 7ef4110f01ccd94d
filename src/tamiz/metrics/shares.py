"""A share of items with its interval over groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.data.report import Estimate
from tamiz.metrics.intervals import MIN_GROUPS, wilson


def share_of(
    is_so: NDArray[np.bool_], group: NDArray[np.str_], confidence: float = 0.95
) -> Estimate:
    """Return the share of items that are so: Wilson's interval for as many independent items.

    As many as hold the same information: items over their design effect, which is the variance of
    the share over groups (a ratio of sums: Cochran 1977, 6.3) over that of independent items, at
    least 1. Where all items are alike no spread is seen, and the number of groups stands in.
    Below 10 groups there is no interval.

    Args:
        is_so: (n,) of each item.
        group: (n,) what belongs together.
        confidence: level of the interval.
    """
    n = len(is_so)
    names, codes = np.unique(group, return_inverse=True)
    n_groups = len(names)
    value = float(is_so.mean()) if n else float("nan")
    if n_groups < MIN_GROUPS:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    effect = 1.0
    if value in {0.0, 1.0}:
        effect = n / n_groups
    elif n_groups < n:
        sums = np.bincount(codes.reshape(-1), weights=is_so.astype(np.float64))
        sizes = np.bincount(codes.reshape(-1))
        variance = ((sums - value * sizes) ** 2).sum() / n**2 * n_groups / (n_groups - 1)
        effect = max(1.0, float(variance) / (value * (1 - value) / n))
    low, high = wilson(value * n / effect, n / effect, confidence)
    return Estimate(value, low, high, n, n_groups, "wilson", design_effect=effect)
