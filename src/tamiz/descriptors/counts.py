"""Counts of small whole numbers, and means, spreads and quantiles from them.

Whatever a descriptor measures is counted as whole numbers first: sums of those are exact in any
order, so a tile gives the same bits alone and in a batch, as it stands and turned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def counts_of(codes: NDArray[np.uint8] | NDArray[np.uint16], n_values: int) -> NDArray[np.int64]:
    """Return (n, n_values): how often each value stands in each of (n, ...).

    Args:
        codes: from 0 to `n_values` - 1.
        n_values: how many values there are.
    """
    if len(codes) == 1:  # no copy: with 65,536 values it takes as long as counting
        return np.bincount(codes.ravel(), minlength=n_values)[None].astype(np.int64, copy=False)
    made = np.empty((len(codes), n_values), dtype=np.int64)
    for row, values in zip(made, codes, strict=True):
        row[:] = np.bincount(values.ravel(), minlength=n_values)
    return made


def shares_of(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (n, values) counts divided by their sum; zeros where nothing was counted."""
    totals = np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    shares: NDArray[np.float64] = counts / totals
    return shares


def summary_of(
    counts: NDArray[np.int64], values: NDArray[np.float64], quantiles: Sequence[float]
) -> NDArray[np.float64]:
    """Return (n, 2 + quantiles): mean, standard deviation and quantiles of what was counted.

    A quantile q is the least value that at least the share q does not exceed. Where nothing was
    counted all are 0.

    Args:
        counts: (n, values).
        values: what was counted, at least two, ascending in equal steps.
        quantiles: from 0 to 1.
    """
    made = np.zeros((len(counts), 2 + len(quantiles)))
    steps = np.arange(counts.shape[1], dtype=np.int64)
    squares = steps * steps
    least, unit = values[0], values[1] - values[0]
    wanted = np.asarray(quantiles)
    for row, one in zip(made, counts, strict=True):
        up_to = np.cumsum(one)
        total = int(up_to[-1])
        if total == 0:
            continue
        mean = int(one @ steps) / total
        square = int(one @ squares) / total
        row[0] = least + unit * mean
        row[1] = unit * np.sqrt(max(square - mean * mean, 0.0))
        row[2:] = values[np.searchsorted(up_to, np.maximum(np.ceil(wanted * total), 1))]
    return made
