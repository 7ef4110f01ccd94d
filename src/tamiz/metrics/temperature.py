"""One number that makes probabilities mean what they say."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LOW: Final = 0.05
_HIGH: Final = 20.0
_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_STEPS: Final = 60


def fit_temperature(scores: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    """Return the temperature in 0.05..20 that gives the lowest log loss; 1.0 without any row.

    Args:
        scores: (n, classes) raw scores of validation rows, never of test rows.
        targets: (n,) class indices.

    A true class counts (n + 1) / (n + 2) instead of 1, the rest goes to the others: where all
    validation rows are right, the plain loss would ask for certainty, which n rows cannot show.

    Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017; the
    target of Platt, "Probabilistic outputs for support vector machines", 1999. The loss is convex
    in 1 / temperature; it is searched by golden section over the logarithm.
    """
    if not len(scores):
        return 1.0
    low, high = math.log(_LOW), math.log(_HIGH)
    inner = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    losses = [_log_loss(scores, targets, math.exp(place)) for place in inner]
    for _ in range(_STEPS):
        if losses[0] <= losses[1]:
            high, inner[1], losses[1] = inner[1], inner[0], losses[0]
            inner[0] = high - _GOLDEN * (high - low)
            losses[0] = _log_loss(scores, targets, math.exp(inner[0]))
        else:
            low, inner[0], losses[0] = inner[0], inner[1], losses[1]
            inner[1] = low + _GOLDEN * (high - low)
            losses[1] = _log_loss(scores, targets, math.exp(inner[1]))
    return math.exp((low + high) / 2)


def _log_loss(scores: NDArray[np.float64], targets: NDArray[np.int64], temperature: float) -> float:
    scaled = scores / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    log_shares = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
    of_true = log_shares[np.arange(len(targets)), targets]
    doubt = 1 / (len(targets) + 2)
    others = (log_shares.sum(axis=1) - of_true) / (scores.shape[1] - 1)
    return -float(((1 - doubt) * of_true + doubt * others).mean())
