"""Sliding a kernel over a grid: sizes, the result, and every product behind one number of it.

What is computed is a cross-correlation, as networks do it: the kernel is laid on the window as it
is. A true convolution turns the kernel by 180 degrees first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.lab.grids import Grid

_WORDS: Final = ("valid", "same")
_ZEROS: Final = re.compile(r"[0-9]{1,3}")
_MOST_ZEROS: Final = 999


@dataclass(frozen=True, slots=True)
class Sliding:
    """How a kernel is laid on a grid.

    Attributes:
        padding: 'valid' (none), 'same' (zeros so that stride 1 keeps the size), or how many rows
            and columns of zeros on every side, as text.
        stride: step in both directions, at least 1.
    """

    padding: str = "valid"
    stride: int = 1

    def __post_init__(self) -> None:
        if self.stride < 1:
            raise WrongUse.of("lab.bad_stride", where="--stride", stride=self.stride)
        if self.padding not in _WORDS and not _ZEROS.fullmatch(self.padding):
            word = self.padding
            raise WrongUse.of("lab.bad_padding", where="--padding", word=word, most=_MOST_ZEROS)

    def zeros(self, kernel_size: int) -> tuple[int, int]:
        """Return how many zeros stand before and after, along an axis of that kernel size.

        'same' adds kernel size - 1 in all, half on each side; of an even size the odd one comes
        after (below, to the right), as TensorFlow and PyTorch do for stride 1.
        """
        if self.padding == "valid":
            return 0, 0
        if self.padding == "same":
            return (kernel_size - 1) // 2, kernel_size // 2
        return int(self.padding), int(self.padding)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a kernel fits along one axis: (n + 2p - f) / s + 1, rounded down.

    Attributes:
        n: input size.
        zeros: all zeros added, both sides together (2p).
        f: kernel size.
        s: stride.
    """

    n: int
    zeros: int
    f: int
    s: int

    @property
    def out(self) -> int:
        """Return the output's size; below 1 where the kernel does not fit at all."""
        return (self.n + self.zeros - self.f) // self.s + 1 if self.n + self.zeros >= self.f else 0

    @property
    def left_over(self) -> int:
        """Return how many rows at the far end no window reaches, since the stride does not fit."""
        return (self.n + self.zeros - self.f) % self.s if self.out else 0

    @property
    def words(self) -> str:
        """Return the arithmetic: '(28 + 0 - 3)/1 + 1 = 26'."""
        exact = (self.n + self.zeros - self.f) / self.s + 1
        made = f"({self.n} + {self.zeros} - {self.f})/{self.s} + 1 = {exact:g}"
        return f"{made} → {self.out}" if self.left_over else made


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the result.

    Attributes:
        row: of the result, from 0.
        column: likewise.
        window: the numbers under the kernel, zeros of the padding included.
        products: window times kernel, number by number.
    """

    row: int
    column: int
    window: Grid
    products: Grid

    @property
    def total(self) -> float:
        """Return the sum of the products: the number at this place."""
        return float(self.products.sum())


def fits_of(shape: tuple[int, ...], kernel: Grid, how: Sliding) -> tuple[Fit, Fit]:
    """Return how the kernel fits down and across.

    Raises:
        WrongUse: the kernel is larger than the grid with its zeros.
    """
    pairs = zip(shape[:2], kernel.shape, strict=True)
    down, across = (Fit(n, sum(how.zeros(f)), f, how.stride) for n, f in pairs)
    if down.out < 1 or across.out < 1:
        raise WrongUse.of(
            "lab.kernel_larger",
            where="--kernel",
            kernel="x".join(map(str, kernel.shape)),
            size=f"{down.n + down.zeros}x{across.n + across.zeros}",
        )
    return down, across


def padded(grid: Grid, kernel: Grid, how: Sliding) -> Grid:
    """Return the grid with the zeros that `how` asks for around it."""
    return np.pad(grid, (how.zeros(kernel.shape[0]), how.zeros(kernel.shape[1])))


def slide(grid: Grid, kernel: Grid, how: Sliding) -> Grid:
    """Return the cross-correlation: at each place the sum of window times kernel.

    Args:
        grid: (height, width), whole numbers up to 2**53 give exact results for whole kernels.
        kernel: (rows, columns), of any size.
        how: padding and stride.

    Raises:
        WrongUse: the kernel is larger than the grid with its zeros.
    """
    down, across = fits_of(grid.shape, kernel, how)
    wide = padded(grid, kernel, how)
    made = np.zeros((down.out, across.out))
    reach = (how.stride * (down.out - 1) + 1, how.stride * (across.out - 1) + 1)
    for (row, column), weight in np.ndenumerate(kernel):
        if weight:
            rows = slice(row, row + reach[0], how.stride)
            made += weight * wide[rows, column : column + reach[1] : how.stride]
    return made


def places_of(grid: Grid, kernel: Grid, how: Sliding, most: int | None = None) -> list[Place]:
    """Return the places of the result, row by row, the first `most` of them (None: all).

    Raises:
        WrongUse: the kernel is larger than the grid with its zeros.
    """
    down, across = fits_of(grid.shape, kernel, how)
    wide = padded(grid, kernel, how)
    n_places = down.out * across.out
    made = []
    for number in range(n_places if most is None else min(most, n_places)):
        row, column = divmod(number, across.out)
        top, left = row * how.stride, column * how.stride
        window = wide[top : top + kernel.shape[0], left : left + kernel.shape[1]]
        made.append(Place(row, column, window, window * kernel))
    return made
