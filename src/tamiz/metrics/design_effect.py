"""The design effect: how much less items of one group tell than as many independent ones.

It is the variance of a figure over groups, divided by the variance it would have if each item
were drawn on its own (Kish, "Survey Sampling", 1965, section 8.2). n items with a design effect
of d are as informative as n / d independent items.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Floats

ALONE_RESAMPLES: Final = 400  # the ratio's own noise: 8 % of it, one standard deviation
_FEWEST = 50  # of defined replicates; below, the ratio is mostly noise


def each_alone(known: Predictions) -> Predictions:
    """Return the same rows, each a group of its own."""
    return replace(known, group=np.arange(len(known)).astype(np.str_))


def variance_over(replicates: Floats, n_drawn: int) -> float:
    """Return the variance of a figure from its replicates, NaN where there are hardly any.

    Args:
        replicates: (resamples,); those that are not finite are left out.
        n_drawn: how many groups, or items, each resample draws. The bootstrap's variance is
            (n - 1) / n of what it stands for.
    """
    finite = replicates[np.isfinite(replicates)]
    if len(finite) < _FEWEST or n_drawn < 2:
        return float("nan")
    return float(np.var(finite, ddof=1)) * n_drawn / (n_drawn - 1)


def effect_of(over_groups: float, over_items: float) -> float | None:
    """Return the ratio of two variances; None where it is not defined."""
    noise = 1e-24  # what rounding leaves of a figure that is the same in every resample
    if not (over_groups > noise and over_items > noise):
        return None
    return over_groups / over_items
