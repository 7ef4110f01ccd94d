"""Tiles of a slide that hold tissue, from a mask of another scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def tiles_of(
    size_px: tuple[int, int], tile_px: int, stride_px: int, mask: Bools, min_share: float
) -> Ints:
    """Return (n, 4), the tiles with enough tissue: x, y, width, height in pixels of level 0.

    Only whole tiles: what is left at the right and lower edge, narrower than a tile, is in none.
    In scan order: row by row, from left to right.

    Args:
        size_px: (width, height) of level 0.
        tile_px: side of a tile, pixels of level 0.
        stride_px: from one tile to the next; equal to `tile_px`, tiles touch and never overlap.
        mask: (height, width) of any scale, stretched over the whole slide.
        min_share: of a tile's area, 0..1; 0 takes every tile.

    Raises:
        ValueError: a length is below 1, the share is outside 0..1, or the mask is empty.
    """
    width, height = size_px
    if min(width, height, tile_px, stride_px) < 1:
        raise ValueError(f"lengths must be at least 1: {size_px}, {tile_px}, {stride_px}")
    if not 0 <= min_share <= 1 or mask.size == 0:
        raise ValueError(f"needs a share of 0..1, got {min_share}, and a mask, got {mask.shape}")
    lefts = np.arange(0, width - tile_px + 1, stride_px, dtype=np.int64)
    tops = np.arange(0, height - tile_px + 1, stride_px, dtype=np.int64)
    shares = _shares(lefts, tops, tile_px, size_px, mask)
    # A share that is 0.5 on paper may be 0.5 - 1e-16 here.
    row, column = np.nonzero(shares >= min_share - 1e-9)
    sides = np.full(row.size, tile_px, dtype=np.int64)
    return np.stack([lefts[column], tops[row], sides, sides], axis=1)


def shares_of(regions: Ints, size_px: tuple[int, int], mask: Bools) -> NDArray[np.float64]:
    """Return (n,), the share of tissue in each of (n, 4) regions, 0..1, exact by area."""
    width, height = size_px
    table = _summed(mask)
    x, y, across, down = regions.T
    left, right = _in_mask(x, width, mask.shape[1]), _in_mask(x + across, width, mask.shape[1])
    top, bottom = _in_mask(y, height, mask.shape[0]), _in_mask(y + down, height, mask.shape[0])
    area = (
        _area(table, bottom, right)
        - _area(table, top, right)
        - _area(table, bottom, left)
        + _area(table, top, left)
    )
    return np.clip(area / ((right - left) * (bottom - top)), 0.0, 1.0).astype(np.float64)


def _shares(
    lefts: Ints, tops: Ints, tile_px: int, size_px: tuple[int, int], mask: Bools
) -> NDArray[np.float64]:
    """Return (rows, columns) of shares of all tiles of the grid."""
    x, y = np.meshgrid(lefts, tops)
    sides = np.full(x.size, tile_px, dtype=np.int64)
    regions = np.stack([x.ravel(), y.ravel(), sides, sides], axis=1)
    return shares_of(regions, size_px, mask).reshape(x.shape)


def _summed(mask: Bools) -> NDArray[np.float64]:
    """Return (height + 1, width + 1): tissue above and left of each corner, in mask pixels."""
    table = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), dtype=np.float64)
    table[1:, 1:] = mask.cumsum(axis=0, dtype=np.int64).cumsum(axis=1)
    return table


def _in_mask(positions: Ints, length_px: int, n_mask: int) -> NDArray[np.float64]:
    return np.asarray(positions * (n_mask / length_px), dtype=np.float64)


def _area(
    table: NDArray[np.float64], y: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the tissue above and left of points between corners.

    Exact, not an approximation: inside one mask pixel that area is bilinear in x and y.
    """
    row = np.clip(np.floor(y).astype(np.int64), 0, table.shape[0] - 2)
    column = np.clip(np.floor(x).astype(np.int64), 0, table.shape[1] - 2)
    down, right = y - row, x - column
    upper = table[row, column] * (1 - right) + table[row, column + 1] * right
    lower = table[row + 1, column] * (1 - right) + table[row + 1, column + 1] * right
    made: NDArray[np.float64] = upper * (1 - down) + lower * down
    return made
