"""A region of a level at any smaller size, by area averaging, block row by block row.

An output pixel is the mean of all it covers, with fractions at its edges. Rows of blocks are
decoded by several threads and folded into the output one after the other, so that memory follows
the width of the slide and the size of the result, never its height. Where a pixel of the result is
a pixel of the blocks, they are copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tamiz.formats.refusal import refuse
from tamiz.formats.slide_averaging import averaged, shares

T = TypeVar("T")
Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Told = Callable[[int, int], None]
_AHEAD: Final = 3  # rows of blocks that are decoded while one is folded in
_BLOCKS_A_TASK: Final = 8
_SMALL_BLOCK: Final = 1 << 17
_LUMA: Final = tuple(np.float32(share) for share in (0.299, 0.587, 0.114))  # ITU-R 601


@dataclass(frozen=True, slots=True)
class Grid:
    """How a level is cut into blocks.

    Attributes:
        width_px: of the level.
        height_px: of the level.
        block_width_px: of a block; the last of a row may reach beyond the level.
        block_height_px: of a block.
    """

    width_px: int
    height_px: int
    block_width_px: int
    block_height_px: int

    @property
    def n_across(self) -> int:
        """Return how many blocks make a row."""
        return -(-self.width_px // self.block_width_px)

    @property
    def n_down(self) -> int:
        """Return how many rows of blocks there are."""
        return -(-self.height_px // self.block_height_px)


class Blocks(Protocol):
    """A level of a slide in blocks; read from several threads at once."""

    @property
    def grid(self) -> Grid:
        """Return how the level is cut."""
        ...

    def block(self, row: int, column: int, *, reduction: int, is_grey: bool) -> Bytes:
        """Return (height, width, 1 or 3), cut off where the level ends; never to be changed.

        `reduction` is what `reduction_for` gave. One channel is no colour, or luma where
        `is_grey`; three may come even then.
        """
        ...

    def reduction_for(self, factor: float) -> int:
        """Return the largest of 1, 2, 4, 8 that agrees with area averaging by `factor`."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a level, in its own pixels and fractions of them."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Scaled:
    """What is asked of a level.

    Attributes:
        box: what of it, within the level.
        size_px: (width, height) of the result.
        is_grey: one channel.
    """

    box: Box
    size_px: tuple[int, int]
    is_grey: bool


def read_scaled(
    blocks: Blocks, asked: Scaled, pool: Executor | None, on_row: Told | None = None
) -> Bytes:
    """Return (height, width, 1 or 3) uint8, rounded to nearest.

    JPEG blocks are decoded at the largest of 1/2, 1/4 and 1/8 that agrees with area averaging (see
    `Page.reduction_for`): averages of whole 8 x 8 blocks differ from the mean of decoded pixels by
    rounding and clipping only, and an output pixel's edges cut few of them.

    Args:
        blocks: the level.
        asked: what of it.
        pool: decodes blocks; None: this thread does.
        on_row: told (done, all) after each row of blocks.

    Raises:
        Refusal: a block does not decode.
    """
    box, (width, height) = asked.box, asked.size_px
    reduction = blocks.reduction_for(min(box.width / width, box.height / height))
    if _is_copy(asked, reduction):
        return _copied(blocks, asked, reduction, pool, on_row)
    sums: Floats | None = None
    for first, part in _rows(blocks, asked, reduction, pool, on_row):
        across = _averaged_across(part, box, width, reduction)
        if sums is None:
            sums = np.zeros((height, width, across.shape[2]), dtype=np.float32)
        sums[first : first + len(across)] += across
    if sums is None:
        raise refuse("no_pixels", width=width, height=height)
    return in_channels(np.clip(sums, 0, 255), is_grey=asked.is_grey)


def in_channels(values: Floats | Bytes, *, is_grey: bool) -> Bytes:
    """Return (h, w, 1) or (h, w, 3) uint8 of 0..255 values in 1 or 3 channels."""
    if values.dtype == np.uint8 and values.shape[2] == (1 if is_grey else 3):
        return values.view(np.uint8)
    if is_grey and values.shape[2] == 3:
        red, green, blue = (values[..., one] * share for one, share in enumerate(_LUMA))
        values = (red + green + blue)[..., np.newaxis]
    made: Bytes = np.rint(values).astype(np.uint8)
    return made if is_grey or made.shape[2] == 3 else np.repeat(made, 3, axis=2)


def _is_copy(asked: Scaled, reduction: int) -> bool:
    """Return whether the result's pixels are the blocks' pixels."""
    box = asked.box
    width, height = (side * reduction for side in asked.size_px)
    is_whole = box.x % reduction == 0 and box.y % reduction == 0
    return is_whole and box.width == width and box.height == height


def _copied(
    blocks: Blocks, asked: Scaled, reduction: int, pool: Executor | None, on_row: Told | None
) -> Bytes:
    """Return the result put together of pieces of blocks."""
    x, y = int(asked.box.x) // reduction, int(asked.box.y) // reduction
    across = blocks.grid.block_width_px // reduction
    down = blocks.grid.block_height_px // reduction
    width, height = asked.size_px
    rows = range(y // down, (y + height - 1) // down + 1)
    columns = range(x // across, (x + width - 1) // across + 1)
    made: Bytes | None = None
    if len(rows) > 1 or len(columns) > 1:
        made = np.empty((height, width, 1 if asked.is_grey else 3), dtype=np.uint8)

    def place(row: int, column: int) -> Bytes:
        block = blocks.block(row, column, reduction=reduction, is_grey=asked.is_grey)
        top, left = row * down - y, column * across - x
        piece = block[max(0, -top) : height - top, max(0, -left) : width - left]
        if made is not None:
            top, left = max(0, top), max(0, left)
            here = made[top : top + piece.shape[0], left : left + piece.shape[1]]
            here[:] = in_channels(piece, is_grey=True) if asked.is_grey else piece
        return piece

    if made is None:
        piece = in_channels(place(rows[0], columns[0]), is_grey=asked.is_grey)
        is_mine = piece.flags.writeable and piece.flags.c_contiguous
        made = piece if is_mine else piece.copy()  # read-only blocks: others read them too
        if on_row is not None:
            on_row(1, 1)
        return made
    for done, row in enumerate(rows):
        for one in [_submitted(pool, place, row, column) for column in columns]:
            one.result()
        if on_row is not None:
            on_row(done + 1, len(rows))
    return made


def _submitted(pool: Executor | None, work: Callable[..., T], *values: object) -> Future[T]:
    if pool is not None:
        return pool.submit(work, *values)
    done: Future[T] = Future()
    done.set_result(work(*values))
    return done


def _rows(
    blocks: Blocks, asked: Scaled, reduction: int, pool: Executor | None, on_row: Told | None
) -> Iterator[tuple[int, Floats]]:
    """Yield (first output row, its and the next rows' share) of each row of blocks.

    Blocks are decoded and averaged downwards by the pool, several of a row in one task.
    """
    grid, box = blocks.grid, asked.box
    rows, columns = touched(grid, box)
    parts = [columns[at : at + _BLOCKS_A_TASK] for at in range(0, len(columns), _BLOCKS_A_TASK)]

    def start(row: int) -> list[Future[tuple[int, Floats]]]:
        return [
            _submitted(pool, _averaged_down, blocks, asked, reduction, row, part) for part in parts
        ]

    ahead = _AHEAD if pool is not None else 1
    waiting = {row: start(row) for row in rows[:ahead]}
    for done, row in enumerate(rows):
        results = [one.result() for one in waiting.pop(row)]
        if done + ahead < len(rows):
            waiting[rows[done + ahead]] = start(rows[done + ahead])
        whole = np.concatenate([part for _, part in results], axis=1)
        left = columns[0] * grid.block_width_px
        begin = int((box.x - left) // reduction)
        end = int(np.ceil((box.x + box.width - left) / reduction - 1e-6))
        if on_row is not None:
            on_row(done + 1, len(rows))
        if len(whole):
            yield results[0][0], whole[:, begin:end]


def touched(grid: Grid, box: Box) -> tuple[range, range]:
    """Return the rows and the columns of the blocks that a box lies on."""
    rows = _touched(box.y, box.height, grid.block_height_px, grid.n_down)
    return rows, _touched(box.x, box.width, grid.block_width_px, grid.n_across)


def _touched(start: float, length: float, step: int, n: int) -> range:
    """Return which of n blocks of `step` pixels a stretch of pixels touches."""
    last = int(np.ceil((start + length) / step - 1e-9)) - 1
    first = min(int(start // step), n - 1)
    return range(first, max(first, min(last, n - 1)) + 1)


def _averaged_down(
    blocks: Blocks, asked: Scaled, reduction: int, row: int, columns: Sequence[int]
) -> tuple[int, Floats]:
    """Return the first output row that a row of blocks is part of, and its share of each.

    The share is (output rows, width in reduced pixels, channels); shares of all rows of blocks add
    up to the means.
    """
    box, height = asked.box, asked.size_px[1]
    decoded = [
        blocks.block(row, column, reduction=reduction, is_grey=asked.is_grey) for column in columns
    ]
    n, _, channels = decoded[0].shape
    found = shares((row * blocks.grid.block_height_px - box.y, n), reduction, box.height, height)
    # Few wide rows are averaged faster than many narrow ones; large blocks stay as they are.
    is_small = decoded[0].size <= _SMALL_BLOCK
    pieces = [np.concatenate(decoded, axis=1)] if is_small else decoded
    means = [averaged(one.reshape(n, -1), found) for one in pieces]
    made = np.concatenate(means, axis=1)
    return found.first, made.reshape(len(made), -1, channels)


def _averaged_across(values: Floats, box: Box, width: int, reduction: int) -> Floats:
    """Return (rows, width, channels): means over x."""
    rows, n, channels = values.shape
    found = shares((-(box.x % reduction), n), reduction, box.width, width)
    upright = np.ascontiguousarray(np.moveaxis(values, 1, 0)).reshape(n, rows * channels)
    made = averaged(upright, found).reshape(width, rows, channels)
    return np.moveaxis(made, 0, 1)
