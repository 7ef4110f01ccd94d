"""Which tiles to read when there are too many: by a score, or evenly over the slide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def darkness(tiles: NDArray[np.uint8]) -> Floats:
    """Return (n,), how dark each tile is on average: 0.0 white, 1.0 black.

    Args:
        tiles: (n, height, width, 1 or 3), any small size.
    """
    made: Floats = 1.0 - tiles.reshape(len(tiles), -1).mean(axis=1, dtype=np.float64) / 255.0
    return made


def entropy(tiles: NDArray[np.uint8]) -> Floats:
    """Return (n,), Shannon's entropy of the grey levels of each tile in bits, 0..8.

    Args:
        tiles: (n, height, width, 1 or 3), any small size; grey is the mean of the channels.
    """
    n = len(tiles)
    grey = tiles.mean(axis=3, dtype=np.float32).reshape(n, -1)
    levels = np.rint(grey).astype(np.int64) + 256 * np.arange(n)[:, None]
    counts = np.bincount(levels.ravel(), minlength=256 * n).reshape(n, 256)
    shares = counts / max(1, grey.shape[1])
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    made: Floats = np.maximum(0.0, -(shares * logs).sum(axis=1))  # never -0.0
    return made


def choose(scores: Floats, k: int) -> Ints:
    """Return the positions of the `k` highest scores, best first; of equals, the first in order.

    A score that is not a number never wins: it stands behind all others. All positions if there
    are fewer than `k`.

    Raises:
        ValueError: k is negative.
    """
    if k < 0:
        raise ValueError(f"k must not be negative, got {k}")
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf, posinf=np.inf), kind="stable")
    return order[:k].astype(np.int64)


def spread(regions: Ints, k: int, seed: int) -> Ints:
    """Return the positions of `k` regions, in ascending order, spread evenly over the slide.

    Regions are put in the order of a Z-shaped curve through the slide, cut into `k` runs of equal
    length, and one of each run is drawn: neighbours on the slide share a run, so no part of the
    tissue is missed. The same regions and seed give the same sample; all if fewer than `k`.

    Args:
        regions: (n, 4), x, y, width, height in pixels of level 0.
        k: how many.
        seed: of the draws.

    Raises:
        ValueError: k is negative.
    """
    if k < 0:
        raise ValueError(f"k must not be negative, got {k}")
    n = len(regions)
    if k >= n:
        return np.arange(n, dtype=np.int64)
    order = np.argsort(_along_curve(regions), kind="stable")
    cuts = (np.arange(k + 1) * n) // max(k, 1)
    draws = np.random.default_rng(seed).random(k)
    picked = cuts[:-1] + (draws * np.diff(cuts)).astype(np.int64)
    return np.sort(order[picked]).astype(np.int64)


def _along_curve(regions: Ints) -> Ints:
    """Return (n,), positions along Morton's curve: the bits of row and column interleaved."""
    sides = np.maximum(regions[:, 2:4].min(axis=0), 1)
    cells = (regions[:, :2] - regions[:, :2].min(axis=0)) // sides
    made = np.zeros(len(regions), dtype=np.int64)
    for bit in range(31):
        made |= ((cells[:, 0] >> bit) & 1) << (2 * bit)
        made |= ((cells[:, 1] >> bit) & 1) << (2 * bit + 1)
    return made
