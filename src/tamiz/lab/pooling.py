"""Pooling, counted by hand: the result, which place of each window won, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.lab.grids import Grid

Kind = Literal["max", "mean"]
KINDS: Final[tuple[Kind, ...]] = ("max", "mean")


@dataclass(frozen=True, slots=True)
class Pooled:
    """What pooling makes of a grid.

    Attributes:
        values: (rows, columns).
        winner_rows: of 'max', (rows, columns) the row of the grid that each value was taken from;
            of equal values the first, row by row; of 'mean' empty.
        winner_columns: likewise.
        left_over: rows at the bottom and columns at the right that no window reaches.
    """

    values: Grid
    winner_rows: NDArray[np.int64]
    winner_columns: NDArray[np.int64]
    left_over: tuple[int, int]

    def winners(self, shape: tuple[int, ...]) -> NDArray[np.int64]:
        """Return (height, width) of the grid: in how many windows each place won."""
        made = np.zeros(shape, dtype=np.int64)
        np.add.at(made, (self.winner_rows.ravel(), self.winner_columns.ravel()), 1)
        return made


def pool(grid: Grid, size: int, stride: int, kind: Kind = "max") -> Pooled:
    """Return the largest or the mean value of each window; windows lie within the grid.

    (n - size)/stride + 1 windows along each axis, rounded down, as PyTorch and Keras ('valid')
    have it.

    Args:
        grid: (height, width).
        size: side of the window.
        stride: step in both directions.
        kind: 'max' or 'mean'.

    Raises:
        WrongUse: size or stride is below 1, the window is larger than the grid, or `kind` is
            another word.
    """
    if kind not in KINDS:
        raise WrongUse.of("lab_learnt.bad_kind", where="--kind", kind=kind)
    for option, value in (("--size", size), ("--stride", stride)):
        if value < 1:
            raise WrongUse.of("lab_learnt.bad_length", where=option, value=value)
    height, width = grid.shape
    if size > min(height, width):
        where = {"height": height, "width": width, "most": min(height, width)}
        raise WrongUse.of("lab_learnt.window_larger", where="--size", size=size, **where)
    seen = np.lib.stride_tricks.sliding_window_view(grid, (size, size))[::stride, ::stride]
    flat = seen.reshape(*seen.shape[:2], size * size)
    left_over = ((height - size) % stride, (width - size) % stride)
    if kind == "mean":
        nothing = np.zeros((0, 0), dtype=np.int64)
        return Pooled(flat.mean(axis=2), nothing, nothing, left_over)
    best = flat.argmax(axis=2)
    down, across = (np.arange(n, dtype=np.int64) * stride for n in best.shape)
    rows, columns = best // size + down[:, None], best % size + across[None, :]
    return Pooled(flat.max(axis=2), rows, columns, left_over)
