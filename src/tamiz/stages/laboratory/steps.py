"""A convolution place by place, as plain numbers: for pages that slide the kernel themselves."""

from __future__ import annotations

from dataclasses import dataclass

from tamiz.core.errors import WrongUse
from tamiz.lab.convolving import Sliding, fits_of, padded, places_of
from tamiz.lab.grids import Grid, grid_from_text
from tamiz.lab.kernels import KERNELS, kernel_named
from tamiz.stages.lab import number_words
from tamiz.stages.laboratory.filters import EXAMPLE, SMALL

Rows = tuple[tuple[str, ...], ...]  # numbers as words


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the result.

    Attributes:
        row: of the result, from 0.
        column: likewise.
        top: row of the window's upper left corner in the padded input, from 0.
        left: its column.
        window: the numbers under the kernel.
        products: window times kernel.
        total: their sum.
    """

    row: int
    column: int
    top: int
    left: int
    window: Rows
    products: Rows
    total: str


@dataclass(frozen=True, slots=True)
class Slid:
    """A kernel slid over a grid.

    Attributes:
        given: the input with its zeros.
        zeros: rows of zeros above and columns of zeros to the left.
        size: of the input without zeros: (rows, columns).
        kernel: as it is laid on.
        result: all sums.
        steps: the places of the result, row by row.
        arithmetic: of the result's size, down and across.
    """

    given: Rows
    zeros: tuple[int, int]
    size: tuple[int, int]
    kernel: Rows
    result: Rows
    steps: tuple[Step, ...]
    arithmetic: tuple[str, str]


def kernel_names() -> list[str]:
    """Return the names of the kernels."""
    return list(KERNELS)


def kernel_words(name: str) -> str:
    """Return the numbers of a named kernel."""
    return KERNELS[name]


def example_numbers() -> str:
    """Return the grid that the course works through."""
    return " ".join(EXAMPLE.split()).replace("; ", ";\n")


def slid(numbers: str, kernel: str, padding: str, stride: int) -> Slid:
    """Return every place of a convolution.

    Args:
        numbers: rows end with ';' or a new line.
        kernel: a name, or its numbers.
        padding: 'valid', 'same' or how many zeros on every side.
        stride: step in both directions.

    Raises:
        WrongUse: no numbers, no kernel, a bad stride, a kernel larger than the input, or a grid
            too large to be followed number by number.
    """
    grid, laid = grid_from_text(numbers, "input"), kernel_named(kernel, "kernel")
    how = Sliding(padding.strip().lower(), stride)
    fits = fits_of(grid.shape, laid, how)
    wide = padded(grid, laid, how)
    if max(wide.shape) > 2 * SMALL:
        raise WrongUse.of("workbench.large_grid", where="input", most=2 * SMALL)
    steps = [
        Step(
            one.row,
            one.column,
            one.row * stride,
            one.column * stride,
            _rows(one.window),
            _rows(one.products),
            number_words(one.total),
        )
        for one in places_of(grid, laid, how)
    ]
    across = fits[1].out
    totals = [one.total for one in steps]
    result = tuple(tuple(totals[at : at + across]) for at in range(0, len(totals), across))
    zeros = (how.zeros(laid.shape[0])[0], how.zeros(laid.shape[1])[0])
    size = (int(grid.shape[0]), int(grid.shape[1]))
    arithmetic = (fits[0].words, fits[1].words)
    return Slid(_rows(wide), zeros, size, _rows(laid), result, tuple(steps), arithmetic)


def _rows(grid: Grid) -> Rows:
    return tuple(tuple(number_words(value) for value in row) for row in grid)
