"""Figures of single classes, their averages, and the confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Floats, Sums

Numbers = NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion matrix.

    Attributes:
        counts: (k, k) int64; rows are true classes, columns predicted ones.
        rates: (k, k) shares of each row; NaN in the row of a class without items.
    """

    counts: NDArray[np.int64]
    rates: Floats


def confusion_matrix(predictions: Predictions) -> Confusion:
    """Return how often each true class (row) was taken for each class (column)."""
    known, k = predictions.labelled(), len(predictions.classes)
    cells = np.bincount(known.target * k + known.predicted, minlength=k * k)
    counts = cells.reshape(k, k).astype(np.int64)
    return Confusion(counts, ratio(counts, counts.sum(axis=1, keepdims=True), empty=np.nan))


def recall_by_class(sums: Sums) -> Floats:
    """Return (weightings, k): hits over items of the true class; NaN for a class without items."""
    return ratio(sums.hit, sums.true, empty=np.nan)


def precision_by_class(sums: Sums) -> Floats:
    """Return (weightings, k): hits over items predicted as the class; 0 when there are none."""
    return ratio(sums.hit, sums.predicted, empty=0.0)


def f1_by_class(sums: Sums) -> Floats:
    """Return (weightings, k): harmonic mean of precision and recall; 0 when both are empty."""
    return ratio(2 * sums.hit, sums.true + sums.predicted, empty=0.0)


def over_present(by_class: Floats, sums: Sums) -> Floats:
    """Return (weightings,): the plain mean over the classes that have items (macro average)."""
    is_present = sums.true > 0
    total = np.where(is_present, by_class, 0.0).sum(axis=1)
    return ratio(total, is_present.sum(axis=1), empty=np.nan)


def by_support(by_class: Floats, sums: Sums) -> Floats:
    """Return (weightings,): the mean over classes, by number of items (weighted average)."""
    total = (np.where(sums.true > 0, by_class, 0.0) * sums.true).sum(axis=1)
    return ratio(total, sums.n, empty=np.nan)


def ratio(above: Numbers, below: Numbers, *, empty: float) -> Floats:
    """Return above / below, and `empty` where there is nothing below."""
    made = np.full(np.broadcast_shapes(above.shape, below.shape), empty)
    np.divide(above, below, out=made, where=below > 0)
    return made
