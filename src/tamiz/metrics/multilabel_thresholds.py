"""From which probability on a label is predicted: chosen on validation rows, label by label."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.metrics.by_class import ratio

USUAL: Final = 0.5


def choose_thresholds(
    probabilities: NDArray[np.float64], targets: NDArray[np.floating] | NDArray[np.int64]
) -> tuple[float, ...]:
    """Return the threshold of each label that gives it the highest F1.

    A threshold lies halfway between two probabilities that occur; of equally good ones the
    nearest to 0.5 is taken. A label that no validation row has, or that all have, says nothing
    about where to cut, and gets 0.5.

    Args:
        probabilities: (n, K) of validation rows, never of test rows.
        targets: (n, K), above 0 where the row has the label.
    """
    return tuple(
        _threshold(of_label, is_true)
        for of_label, is_true in zip(probabilities.T, targets.T > 0, strict=True)
    )


def _threshold(probabilities: NDArray[np.float64], is_true: NDArray[np.bool_]) -> float:
    n_true = int(is_true.sum())
    if n_true in {0, len(is_true)}:
        return USUAL
    order = np.argsort(-probabilities, kind="stable")
    ordered = probabilities[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], [True]))
    hits = np.cumsum(is_true[order])[ends]
    f1 = ratio(2 * hits, n_true + ends + 1, empty=0.0)
    lowest, below = ordered[ends], np.append(ordered[ends][1:], 0.0)
    places = (lowest + below) / 2
    # two neighbouring numbers have none in between: then the lowest that is still predicted
    places = np.where(places > below, places, lowest)
    best = f1 >= f1.max() - 1e-12
    return float(places[best][np.abs(places[best] - USUAL).argmin()])
