"""What a fitted classical model tells of itself: settings, sizes, and how equal its arrays are."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.engine.classical.arrays import check_equal
from tamiz.engine.classical.fitting import Fitted
from tamiz.models.nets.columns import ColumnsNet

_MOST_COMPARED: Final = 2_000  # rows on which arrays and scikit-learn are compared


def put_into(net: ColumnsNet, fitted: Fitted, values: NDArray[np.float32]) -> dict[str, Any]:
    """Give a network what was fitted; return how far its answers are from scikit-learn's.

    Args:
        net: made with `sizes_of(fitted)`, or a head that is to be filled.
        fitted: columns and classifier.
        values: (n, all columns) rows on which both answer; 2,000 of them at most.

    Raises:
        RuntimeError: it is too far: nothing may be saved.
    """
    net.take({**fitted.columns.arrays(), **fitted.arrays.arrays})
    rows = fitted.columns(values[:_MOST_COMPARED])
    return {
        "compared_rows": len(rows),
        "largest_difference": check_equal(net.kind, net.classifier, fitted.estimator, rows),
    }


def sizes_of(fitted: Fitted) -> dict[str, int]:
    """Return how large all arrays are, by the names that `ColumnsNet` asks for."""
    return {**fitted.columns.sizes, **fitted.arrays.sizes}


def told_of(fitted: Fitted, kind: str, described: tuple[int, int]) -> dict[str, Any]:
    """Return what a bundle and a report record, ready for JSON.

    Args:
        fitted: columns and classifier.
        kind: of classifier.
        described: training rows, and columns before any was left out.
    """
    return {
        "classifier": kind,
        "params": dict(fitted.params),
        "tried": dict(fitted.tried),
        "n_columns": len(fitted.columns.columns),
        "n_components": len(fitted.columns.axes),
        "n_described": described[1],
        "n_rows": fitted.n_rows,
        "n_train": described[0],
        "has_converged": fitted.has_converged,
    }
