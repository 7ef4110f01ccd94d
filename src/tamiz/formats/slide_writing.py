"""Slides written as a stream: tiled, pyramidal TIFF that viewers open, whole or absent.

All levels are plain pages with JPEG tiles, the smaller ones marked as reduced: the one layout that
OpenSlide's generic TIFF driver, tifffile, libvips and QuPath all read as a pyramid.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.files import replacing
from tamiz.data.image import Region
from tamiz.formats.slide import Slide

Bytes = NDArray[np.uint8]

_MAX_THREADS: Final = 16
# Offsets of classic TIFF have 32 bits. The pyramid adds a third, JPEG of any quality is smaller
# than its pixels: below this many bytes of pixels no file outgrows them.
_CLASSIC_BYTES: Final = 3 << 30
_PIXELS: Final = 1 << 20  # about as many are handed on at a time
_COLUMNS: Final = 16_384  # about as many of a level are read at a time
_ROWS: Final = 512  # at most as many are made at a time, to decode no block twice


def write_pyramid(
    path: Path,
    rows: Iterable[Bytes],
    size_px: tuple[int, int],
    *,
    um_per_px: float | None = None,
    tile_px: int = 256,
    quality: int = 85,
) -> None:
    """Write a slide from its rows, each level half of the one before, rounded up.

    Pixels of smaller levels are means of 2 x 2, rounded half to even (no drift from level to
    level); the odd last row and column stand twice. Memory follows the width, not the height:
    smaller levels are encoded while the first one is written, and wait in unnamed files beside it.
    Same rows, same bytes.

    Args:
        path: the file; it is the old one or the new one, never a part.
        rows: blocks of (any number of rows, width, 3), from the top, together the whole slide.
        size_px: (width, height).
        um_per_px: micrometres per pixel, as resolution; None: the tags say "no absolute unit".
        tile_px: side of the tiles, a multiple of 16.
        quality: of JPEG (colours at half the resolution, as scanners do), 1..100.

    Raises:
        ValueError: an argument is out of range, or the blocks do not make up the size.
        MachineTrouble: the disk is full.
        WrongUse: the folder cannot be written to.
    """
    import tifffile

    if min(size_px) < 1 or tile_px < 16 or tile_px % 16 or not 1 <= quality <= 100:
        raise ValueError(f"no slide of {size_px} px, tiles of {tile_px} px, quality {quality}")
    if um_per_px is not None and not 0 < um_per_px < math.inf:
        raise ValueError(f"micrometres per pixel must be positive, got {um_per_px}")
    sizes = _level_sizes(size_px, tile_px)
    is_big = size_px[0] * size_px[1] * 3 > _CLASSIC_BYTES
    n_threads = min(_MAX_THREADS, len(os.sched_getaffinity(0)))
    with ExitStack() as stack:
        part = stack.enter_context(replacing(path))
        pool = stack.enter_context(ThreadPoolExecutor(n_threads, "tamiz-pyramid"))
        spools = [
            _Spool(stack.enter_context(tempfile.TemporaryFile(dir=path.parent))) for _ in sizes[1:]
        ]
        first: deque[bytes] = deque()
        encode = partial(_encoded, tile_px=tile_px, quality=quality, pool=pool)
        keepers = [first.extend, *(spool.keep for spool in spools)]
        levels = [
            _Level(size, tile_px, encode, keep) for size, keep in zip(sizes, keepers, strict=True)
        ]
        writer = stack.enter_context(tifffile.TiffWriter(part, bigtiff=is_big, byteorder="<"))
        tiles = [_streamed(rows, levels, first), *(spool.read() for spool in spools)]
        for size, streamed in zip(sizes, tiles, strict=True):
            spacing = None if um_per_px is None else um_per_px * size_px[0] / size[0]
            _write_page(writer, streamed, size, tile_px, spacing, is_reduced=size != size_px)


def reduced_size(size_px: tuple[int, int], downsample: int) -> tuple[int, int]:
    """Return (width, height) at 1/downsample; what is left at the right and lower edge is in none.

    Raises:
        ValueError: the downsample is below 1, or larger than a side.
    """
    if not 1 <= downsample <= min(size_px):
        raise ValueError(f"no picture at 1/{downsample} of a slide of {size_px} px")
    return size_px[0] // downsample, size_px[1] // downsample


def reduced_rows(slide: Slide, downsample: int) -> Iterator[tuple[int, Bytes]]:
    """Yield (first row, (rows, width, 3)) of a slide at 1/downsample, from the top, all of it.

    About a million pixels at a time. Read are rows of whole blocks where that is possible, of wide
    tiled slides in several parts: memory follows the width of the result, and no block is decoded
    twice.

    Args:
        slide: opened.
        downsample: a whole number: each pixel is the mean of downsample x downsample.

    Raises:
        ValueError: as in `reduced_size`.
        UnreadableItem: a block does not decode.
    """
    width, height = reduced_size(slide.size_px, downsample)
    fitting = [one for one in slide.levels if one.downsample <= downsample * 1.0001]
    level = fitting[-1] if fitting else slide.levels[0]
    grid = level.page.grid
    n_handed = max(1, _PIXELS // width)
    n_rows = _step(grid.block_height_px * level.downsample, downsample, n_handed, _ROWS)
    n_columns = width
    if grid.block_width_px < grid.width_px:
        most = max(1, round(_COLUMNS * level.downsample) // downsample)
        n_columns = _step(grid.block_width_px * level.downsample, downsample, most, 2 * most)
    for top in range(0, height, n_rows):
        tall = min(n_rows, height - top)
        made = np.empty((tall, width, 3), dtype=np.uint8)
        for left in range(0, width, n_columns):
            wide = min(n_columns, width - left)
            region = Region(*(at * downsample for at in (left, top, wide, tall)))
            made[:, left : left + wide] = slide.read(region, size_px=(wide, tall)).pixels
        for first in range(0, tall, n_handed):
            yield top + first, made[first : first + n_handed]


def _step(block_px: float, downsample: int, about: int, most: int) -> int:
    """Return how many pixels to make at a time, whole blocks where `most` allows.

    Args:
        block_px: side of a block, in pixels of level 0.
        downsample: pixels of level 0 for one made.
        about: as many, in whole blocks.
        most: the limit.
    """
    whole = math.lcm(max(1, round(block_px)), downsample) // downsample
    return whole * max(1, about // whole) if whole <= most else min(about, most)


class _Spool:
    """Encoded tiles that wait in a file without a name."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._n_bytes: list[int] = []

    def keep(self, tiles: Iterable[bytes]) -> None:
        """Write tiles behind those that are there."""
        for tile in tiles:
            self._file.write(tile)
            self._n_bytes.append(len(tile))

    def read(self) -> Iterator[bytes]:
        """Yield the tiles in order, when all are there."""
        self._file.seek(0)
        for n in self._n_bytes:
            yield self._file.read(n)


class _Level:
    """A level that is being made: rows go in, tiles and rows of half the size come out.

    Args:
        size_px: (width, height).
        tile_px: rows of a band, and side of a tile.
        encode: makes tiles of a band of up to `tile_px` rows.
        keep: takes them.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        tile_px: int,
        encode: Callable[[Bytes], Iterable[bytes]],
        keep: Callable[[Iterable[bytes]], None],
    ) -> None:
        self.size_px = size_px
        self.n_taken = 0
        self._encode, self._keep = encode, keep
        self._band = np.empty((tile_px, size_px[0], 3), dtype=np.uint8)
        self._n_waiting = 0

    def take(self, rows: Bytes) -> Iterator[Bytes]:
        """Take rows; yield halved bands as they are complete.

        Raises:
            ValueError: the rows have another width, or are more than the level's.
        """
        width, height = self.size_px
        if rows.dtype != np.uint8 or rows.ndim != 3 or rows.shape[1:] != (width, 3):
            raise ValueError(f"needs rows of {width} px, RGB, uint8: {rows.shape}, {rows.dtype}")
        if self.n_taken + len(rows) > height:
            raise ValueError(f"more rows than the {height} announced")
        at = 0
        while at < len(rows):
            n = min(len(self._band) - self._n_waiting, len(rows) - at)
            self._band[self._n_waiting : self._n_waiting + n] = rows[at : at + n]
            at += n
            self._n_waiting += n
            self.n_taken += n
            if self._n_waiting == len(self._band) or self.n_taken == height:
                band = self._band[: self._n_waiting]
                self._keep(self._encode(band))
                self._n_waiting = 0
                yield _halved(band)


def _streamed(rows: Iterable[Bytes], levels: list[_Level], first: deque[bytes]) -> Iterator[bytes]:
    """Yield the first level's tiles; all others have theirs when this one ends."""
    for block in rows:
        _pass_down(block, levels)
        while first:
            yield first.popleft()
    if levels[0].n_taken < levels[0].size_px[1]:
        raise ValueError(f"{levels[0].n_taken} rows of the {levels[0].size_px[1]} announced")


def _pass_down(rows: Bytes, levels: list[_Level]) -> None:
    if levels:
        for halved in levels[0].take(rows):
            _pass_down(halved, levels[1:])


def _level_sizes(size_px: tuple[int, int], tile_px: int) -> list[tuple[int, int]]:
    """Return (width, height) of the levels, down to the first that fits into one tile."""
    sizes = [size_px]
    while max(sizes[-1]) > tile_px and min(sizes[-1]) > 1:
        width, height = sizes[-1]
        sizes.append((-(-width // 2), -(-height // 2)))
    return sizes


def _halved(rows: Bytes) -> Bytes:
    """Return means of 2 x 2, rounded half to even; an odd last row or column counts twice."""
    height, width = rows.shape[:2]
    if height % 2 or width % 2:
        rows = np.pad(rows, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    upper, lower = rows[::2].astype(np.uint16), rows[1::2]
    upper += lower
    sums = upper[:, ::2] + upper[:, 1::2]
    sums += 1 + ((sums >> 2) & 1)
    sums >>= 2
    return sums.astype(np.uint8)


def _encoded(band: Bytes, *, tile_px: int, quality: int, pool: Executor) -> Iterable[bytes]:
    """Return a band's tiles from left to right, as JPEG; those at the edges are filled up."""
    tiles = [band[:, left : left + tile_px] for left in range(0, band.shape[1], tile_px)]
    return list(pool.map(partial(_encoded_tile, tile_px=tile_px, quality=quality), tiles))


def _encoded_tile(tile: Bytes, *, tile_px: int, quality: int) -> bytes:
    import imagecodecs

    height, width = tile.shape[:2]
    # Repeated edges: a step to black would ring into what is seen.
    filled = np.pad(tile, ((0, tile_px - height), (0, tile_px - width), (0, 0)), mode="edge")
    return bytes(
        imagecodecs.jpeg8_encode(
            filled, level=quality, colorspace="RGB", outcolorspace="YCBCR", subsampling="420"
        )
    )


def _write_page(
    writer: Any,
    tiles: Iterator[bytes],
    size_px: tuple[int, int],
    tile_px: int,
    um_per_px: float | None,
    *,
    is_reduced: bool,
) -> None:
    how: dict[str, Any] = {}
    if um_per_px is not None:
        how = {"resolution": (1e4 / um_per_px, 1e4 / um_per_px), "resolutionunit": "CENTIMETER"}
    writer.write(
        chain(tiles),  # the writer would close a bare generator
        shape=(size_px[1], size_px[0], 3),
        dtype=np.uint8,
        tile=(tile_px, tile_px),
        photometric="rgb",
        compression="jpeg",
        subsampling=(2, 2),
        subfiletype=int(is_reduced),
        metadata=None,
        software=False,
        **how,
    )
    deque(tiles, maxlen=0)  # asks for one more, so that rows too many are noticed
