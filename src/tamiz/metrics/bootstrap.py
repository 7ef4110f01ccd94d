"""The bootstrap over groups: groups are drawn with replacement, with all their items."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Counts, Summer, Sums

T = TypeVar("T")
_BLOCK = 50  # resamples that share a random generator; part of the result, so never tuned
_CELLS = 500_000  # weights in memory at once, per thread: they stay in the processor's cache


def resampled_sums(predictions: Predictions, n_resamples: int, seed: int) -> Sums:
    """Return the sums of `n_resamples` bootstrap resamples of labelled predictions.

    The same seed gives the same figures, whatever the number of threads or of items. Memory is
    bounded: a few copies of `_CELLS` weights per thread, besides one index array per class.
    """
    summer = Summer(predictions)
    sizes = (len(predictions), summer.n_groups, n_resamples)
    return Sums.joined(resampled(summer, sizes, seed))


def resampled(summer: Callable[[Counts], T], sizes: tuple[int, int, int], seed: int) -> list[T]:
    """Return what `summer` makes of resamples of groups, piece by piece, in a fixed order.

    Args:
        summer: takes how often each group counts, (resamples, groups).
        sizes: (items, groups, resamples).
        seed: the same seed gives the same resamples of as many groups.
    """
    n_items, n_groups, n_resamples = sizes
    blocks = [min(_BLOCK, n_resamples - start) for start in range(0, n_resamples, _BLOCK)]

    def block(index: int) -> list[T]:
        rng = np.random.default_rng(derive_seed(seed, "bootstrap", index))
        step = max(1, _CELLS // max(1, n_items))
        pieces = []
        for start in range(0, blocks[index], step):
            n_drawn = min(step, blocks[index] - start)
            pieces.append(summer(_draw(rng, n_drawn, n_groups)))
        return pieces

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        return [piece for made in pool.map(block, range(len(blocks))) for piece in made]


def _draw(rng: np.random.Generator, n_resamples: int, n_groups: int) -> Counts:
    """Return (resamples, groups): how often each group was drawn."""
    drawn: NDArray[np.int64] = rng.integers(0, n_groups, size=(n_resamples, n_groups))
    drawn += np.arange(n_resamples)[:, None] * n_groups
    counts = np.bincount(drawn.ravel(), minlength=n_resamples * n_groups)
    return counts.reshape(n_resamples, n_groups).astype(np.int32)
