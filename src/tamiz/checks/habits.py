"""What is usual in a set, told so that a few odd members cannot sway it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def deviations(values: Floats, *, least_spread: float) -> Floats:
    """Return (n,) how many robust standard deviations each value lies from the median.

    The spread is 1.4826 times the median absolute deviation, at least `least_spread`: of a set
    whose members are all alike, a hair's breadth is no oddity. nan stays nan.
    """
    known = np.isfinite(values)
    made = np.full(len(values), np.nan, dtype=np.float32)
    if not known.any():
        return made
    middle = np.median(values[known])
    spread = max(1.4826 * float(np.median(np.abs(values[known] - middle))), least_spread)
    made[known] = (values[known] - middle) / spread
    return made


def as_score(deviation: Floats, limit: float) -> Floats:
    """Return 1 at the median and on the good side, 0.5 at `limit`, 0 at twice the limit.

    Args:
        deviation: robust standard deviations; the bad side is the positive one.
        limit: where suspicion begins.
    """
    made: Floats = np.clip(1 - np.maximum(deviation, 0) / (2 * limit), 0, 1).astype(np.float32)
    return made
