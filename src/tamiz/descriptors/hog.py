"""Histograms of oriented gradients: which way edges run, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.descriptors.limits import check_choice, check_n_columns, check_whole_number
from tamiz.descriptors.planes import as_grey, resized
from tamiz.descriptors.registry import DESCRIPTORS

Number = TypeVar("Number", np.int32, np.float64)

NORMS: Final = ("L2-Hys", "L2", "L1", "L1-sqrt")
_EPSILON: Final = 1e-5
_MOST: Final = 0.2  # L2-Hys cuts off what is larger
_N_SLOPES: Final = 511  # differences of two 8-bit values


@DESCRIPTORS.add("hog")
@dataclass(frozen=True, slots=True)
class Hog:
    """Histograms of gradients' directions in cells, normed over overlapping blocks of cells.

    Equal to scikit-image's `hog(grey, orientations, (cell_px, cell_px), (block_cells,
    block_cells), norm, transform_sqrt=is_root)` of the image brought to `width_px` x `height_px`.
    Directions are from 0 to 180 degrees, each gradient counts for one of them; pixels right and
    below the last whole cell count for none.

    Source: Dalal, Triggs, "Histograms of oriented gradients for human detection", CVPR (2005)
    886-893.

    Attributes:
        width_px: images are stretched to this width, bilinear with antialiasing; one that has
            both sides already is left untouched.
        height_px: likewise.
        orientations: directions that 180 degrees are divided into.
        cell_px: side of a cell.
        block_cells: side of a block, in cells.
        norm: how a block is normed, one of `NORMS`.
        is_root: whether the square root of grey is taken first.

    Raises:
        WrongUse: an option is outside its limits, not one block fits into the image, or there
            are more than 30,000 numbers.
    """

    reads_colour: ClassVar[bool] = False
    width_px: int = option(64, low=1, high=4096)
    height_px: int = option(64, low=1, high=4096)
    orientations: int = option(9, low=1, high=180)
    cell_px: int = option(8, low=1, high=512)
    block_cells: int = option(2, low=1, high=16)
    norm: str = option("L2-Hys", choices=NORMS)
    is_root: bool = option(False)  # noqa: FBT003

    def __post_init__(self) -> None:
        check_whole_number("hog.width_px", self.width_px, 1, 4096)
        check_whole_number("hog.height_px", self.height_px, 1, 4096)
        check_whole_number("hog.orientations", self.orientations, 1, 180)
        check_whole_number("hog.cell_px", self.cell_px, 1, 512)
        check_whole_number("hog.block_cells", self.block_cells, 1, 16)
        check_choice("hog.norm", self.norm, NORMS)
        if min(self._cells) < self.block_cells:
            raise WrongUse.of(
                "descriptors.hog_too_small",
                where="hog",
                width=self.width_px,
                height=self.height_px,
                needed=self.cell_px * self.block_cells,
                example=self._that_fits(),
            )
        blocks = [n - self.block_cells + 1 for n in self._cells]
        values = self.block_cells**2 * self.orientations
        check_n_columns("hog", blocks[0] * blocks[1] * values)

    def names(self) -> tuple[str, ...]:
        """Return 'hog_y00_x00_c0_o0' and so on: block, cell within it, direction."""
        n_cells = self.block_cells**2
        down, across = (n - self.block_cells + 1 for n in self._cells)
        return tuple(
            f"hog_y{y:02}_x{x:02}_c{cell}_o{direction}"
            for y in range(down)
            for x in range(across)
            for cell in range(n_cells)
            for direction in range(self.orientations)
        )

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, blocks down * blocks across * block_cells^2 * orientations)."""
        grey = as_grey(resized(as_grey(tiles)[..., None], (self.width_px, self.height_px)))
        found = self._cells_of(grey)
        side = self.block_cells
        down, across = (n - side + 1 for n in self._cells)
        blocks = np.empty((len(tiles), down, across, side, side, self.orientations))
        for y in range(side):
            for x in range(side):
                blocks[:, :, :, y, x] = found[:, y : y + down, x : x + across]
        flat = blocks.reshape(len(tiles), down * across, -1)
        return _normed(flat, self.norm).reshape(len(tiles), -1)

    def _that_fits(self) -> str:
        """Return the words of the largest cells of which a block fits into the image."""
        short = min(self.width_px, self.height_px)
        blocks = "" if short >= self.block_cells else f":block_cells={short}"
        return f"hog:cell_px={max(1, short // self.block_cells)}{blocks}"

    @property
    def _cells(self) -> tuple[int, int]:
        """Return how many whole cells there are down and across."""
        return self.height_px // self.cell_px, self.width_px // self.cell_px

    def _cells_of(self, grey: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, cells down, cells across, orientations): mean lengths of gradients."""
        down, across = self._cells
        used = np.s_[:, : down * self.cell_px, : across * self.cell_px]
        if self.is_root:
            slopes = _slopes(np.sqrt(grey.astype(np.float64)))
            lengths, directions = _polar(slopes[0][used], slopes[1][used], self.orientations)
        else:
            steps = _slopes(grey.astype(np.int32))
            codes = (steps[0][used] + 255) * _N_SLOPES + (steps[1][used] + 255)
            table = _table(self.orientations)
            lengths, directions = table[0].take(codes), table[1].take(codes)
        sums = self._sums(lengths, directions)
        return np.divide(sums, np.float32(self.cell_px**2)).astype(np.float64)

    def _sums(
        self, lengths: NDArray[np.float64], directions: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        """Return (n, cells down, cells across, orientations): sums of lengths.

        Added up pixel by pixel in float32, cells beside each other: that is what scikit-image
        does, and other sums would differ from its own by 1e-7.
        """
        down, across = self._cells
        n, side = len(lengths), self.cell_px
        made = np.zeros(n * down * across * self.orientations, dtype=np.float32)
        first = np.arange(n * down * across).reshape(n, down, across) * self.orientations
        for y in range(side):
            for x in range(side):
                at = first + directions[:, y::side, x::side]
                made[at] = made[at] + lengths[:, y::side, x::side]
        return made.reshape(n, down, across, self.orientations)


def _slopes(grey: NDArray[Number]) -> tuple[NDArray[Number], NDArray[Number]]:
    """Return what each pixel's neighbours differ by, down and across; 0 at the border."""
    rows, columns = np.zeros_like(grey), np.zeros_like(grey)
    np.subtract(grey[:, 2:], grey[:, :-2], out=rows[:, 1:-1])
    np.subtract(grey[:, :, 2:], grey[:, :, :-2], out=columns[:, :, 1:-1])
    return rows, columns


def _polar(
    rows: NDArray[np.float64], columns: NDArray[np.float64], orientations: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the length of each gradient and the number of its direction."""
    lengths = np.hypot(columns, rows)
    degrees = np.rad2deg(np.arctan2(rows, columns)) % 180
    edges = (180.0 / orientations * np.arange(orientations + 1)).astype(np.float32)
    directions = np.searchsorted(edges, degrees, side="right") - 1
    is_none = directions == orientations  # rounding: 180 is no direction, as scikit-image has it
    return np.where(is_none, 0.0, lengths), np.where(is_none, 0, directions)


@cache
def _table(orientations: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return (511 * 511,): length and direction for each pair of 8-bit differences."""
    steps = np.arange(-255.0, 256.0)
    down, across = np.meshgrid(steps, steps, indexing="ij")
    lengths, directions = _polar(down, across, orientations)
    return lengths.ravel(), directions.ravel()


def _normed(blocks: NDArray[np.float64], norm: str) -> NDArray[np.float64]:
    """Return (n, blocks, k), each block by its own length."""
    if norm.startswith("L1"):
        made: NDArray[np.float64] = blocks / (blocks.sum(axis=2, keepdims=True) + _EPSILON)
        return np.sqrt(made) if norm == "L1-sqrt" else made
    made = blocks / _length(blocks)
    if norm == "L2-Hys":
        np.minimum(made, _MOST, out=made)
        made /= _length(made)
    return made


def _length(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.square(blocks).sum(axis=2, keepdims=True)
    made: NDArray[np.float64] = np.sqrt(squares + _EPSILON**2)
    return made
