"""The bootstrap over groups: groups are drawn with replacement, with all their items."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Counts, Summer, Sums

_BLOCK = 50  # resamples that share a random generator; part of the result, so never tuned
_CELLS = 500_000  # weights in memory at once, per thread: they stay in the processor's cache


def resampled_sums(predictions: Predictions, n_resamples: int, seed: int) -> Sums:
    """Return the sums of `n_resamples` bootstrap resamples of labelled predictions.

    The same seed gives the same figures, whatever the number of threads or of items. Memory is
    bounded: a few copies of `_CELLS` weights per thread, besides one index array per class.
    """
    summer = Summer(predictions)
    sizes = [min(_BLOCK, n_resamples - start) for start in range(0, n_resamples, _BLOCK)]

    def block(index: int) -> Sums:
        rng = np.random.default_rng(derive_seed(seed, "bootstrap", index))
        step = max(1, _CELLS // max(1, len(predictions)))
        pieces = []
        for start in range(0, sizes[index], step):
            n_drawn = min(step, sizes[index] - start)
            pieces.append(summer(_draw(rng, n_drawn, summer.n_groups)))
        return Sums.joined(pieces)

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return Sums.joined(list(pool.map(block, range(len(sizes)))))


def _draw(rng: np.random.Generator, n_resamples: int, n_groups: int) -> Counts:
    """Return (resamples, groups): how often each group was drawn."""
    drawn: NDArray[np.int64] = rng.integers(0, n_groups, size=(n_resamples, n_groups))
    drawn += np.arange(n_resamples)[:, None] * n_groups
    counts = np.bincount(drawn.ravel(), minlength=n_resamples * n_groups)
    return counts.reshape(n_resamples, n_groups).astype(np.int32)
