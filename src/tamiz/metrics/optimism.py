"""How much too good the best of several figures looks."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

import numpy as np

_REACH: Final = 9.0  # standard deviations
_STEPS: Final = 20_001


def expected_maximum(k: int) -> float:
    """Return the mean of the largest of `k` independent standard normal numbers; 0 for k = 1.

    It is the integral of 1 - F(x)^k - F(-x)^k over x > 0, F being the normal distribution.
    """
    if k <= 1:
        return 0.0
    places = np.linspace(0.0, _REACH, _STEPS)
    below = np.array([NormalDist().cdf(place) for place in places])
    return float(np.trapezoid(1 - below**k - (1 - below) ** k, places))


def standard_error_of(low: float, high: float, confidence: float) -> float:
    """Return the standard error that an interval of this level stands for."""
    return (high - low) / (2 * NormalDist().inv_cdf((1 + confidence) / 2))


def widened(
    value: float, bounds: tuple[float, float], confidence: float, k: int, *, is_share: bool
) -> tuple[float, float]:
    """Return the interval of one figure among `k` that were looked at (Bonferroni).

    Its level is 1 - (1 - confidence) / k; each end is moved away from the figure by the ratio of
    the normal quantiles, for shares on the logit scale.

    Args:
        value: the figure.
        bounds: its interval.
        confidence: the interval's level.
        k: how many figures there were to choose from.
        is_share: whether it lies in 0..1.
    """
    quantile = NormalDist().inv_cdf
    ratio = quantile(1 - (1 - confidence) / (2 * k)) / quantile((1 + confidence) / 2)
    low, high = bounds
    if not is_share or not 0 < value < 1 or low <= 0 or high >= 1:
        low, high = value - ratio * (value - low), value + ratio * (high - value)
        return (max(0.0, low), min(1.0, high)) if is_share else (low, high)
    ends = [_logit(value) + ratio * (_logit(end) - _logit(value)) for end in bounds]
    return 1 / (1 + math.exp(-ends[0])), 1 / (1 + math.exp(-ends[1]))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
