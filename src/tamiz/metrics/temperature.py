"""One number that makes probabilities mean what they say."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_LOW: Final = 0.05
_HIGH: Final = 20.0
_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_STEPS: Final = 60


def fit_temperature(
    scores: NDArray[np.float64], targets: NDArray[np.int64] | NDArray[np.float32]
) -> float:
    """Return the temperature in 0.05..20 that gives the lowest log loss; 1.0 without any row.

    Args:
        scores: (n, classes) raw scores of validation rows, never of test rows.
        targets: (n,) class indices; or (n, classes) 0 or 1, where each label stands on its own.

    A true class counts (n + 1) / (n + 2) instead of 1, the rest goes to the others: where all
    validation rows are right, the plain loss would ask for certainty, which n rows cannot show.
    Of several labels each counts so by its own numbers of rows with and without it.

    Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017; the
    target of Platt, "Probabilistic outputs for support vector machines", 1999. The loss is convex
    in 1 / temperature; it is searched by golden section over the logarithm.
    """
    if not len(scores):
        return 1.0
    loss_at = _log_loss if targets.ndim == 1 else _log_loss_of_labels
    low, high = math.log(_LOW), math.log(_HIGH)
    inner = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    losses = [loss_at(scores, targets, math.exp(place)) for place in inner]
    for _ in range(_STEPS):
        if losses[0] <= losses[1]:
            high, inner[1], losses[1] = inner[1], inner[0], losses[0]
            inner[0] = high - _GOLDEN * (high - low)
            losses[0] = loss_at(scores, targets, math.exp(inner[0]))
        else:
            low, inner[0], losses[0] = inner[0], inner[1], losses[1]
            inner[1] = low + _GOLDEN * (high - low)
            losses[1] = loss_at(scores, targets, math.exp(inner[1]))
    return math.exp((low + high) / 2)


def _log_loss(scores: NDArray[np.float64], targets: NDArray[Any], temperature: float) -> float:
    scaled = scores / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    log_shares = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
    of_true = log_shares[np.arange(len(targets)), targets]
    doubt = 1 / (len(targets) + 2)
    others = (log_shares.sum(axis=1) - of_true) / (scores.shape[1] - 1)
    return -float(((1 - doubt) * of_true + doubt * others).mean())


def _log_loss_of_labels(
    scores: NDArray[np.float64], targets: NDArray[Any], temperature: float
) -> float:
    scaled = scores / temperature
    is_true = targets > 0
    n_true = is_true.sum(axis=0)
    wanted = np.where(is_true, (n_true + 1) / (n_true + 2), 1 / (len(targets) - n_true + 2))
    # -(t ln sigmoid(s) + (1 - t) ln sigmoid(-s)), with ln sigmoid(s) = -ln(1 + exp(-s))
    return float((np.logaddexp(0, scaled) - wanted * scaled).mean())
