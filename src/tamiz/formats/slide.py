"""Slides: TIFF of any size and layout, read by region at any scale, never whole.

Tiled and striped, pyramidal and single-level TIFF, BigTIFF, OME-TIFF, SVS and their kin. The level
used is the smallest whose pixels are fine enough for what is asked; from there JPEG is decoded at
1/2, 1/4 or 1/8 where that agrees too, and the rest is area averaging.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Kind, Region
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.slide_averaging import agrees
from tamiz.formats.slide_levels import Level
from tamiz.formats.slide_opening import open_slide
from tamiz.formats.slide_scaling import Box, Scaled, read_scaled, touched
from tamiz.formats.slide_tiles import BlockCache, CachedBlocks, Cell, cache_bytes, in_order

_LEAST_RATIO: Final = 2.5  # pixels of a level in one of the result
_MAX_THREADS: Final = 16


class Slide:
    """An opened slide; a context manager; may be read from several threads.

    Raises:
        UnreadableItem: it is no TIFF, or its layout cannot be read; the reason is said.
    """

    def __init__(self, path: Path | str, policy: Policy | None = None, *, threads: int = 0) -> None:
        self._name = str(path)
        with reading(self._name):
            self._opened = open_slide(Path(path), policy or Policy())
        self.levels: list[Level] = self._opened.levels
        self.facts: Mapping[str, str] = self._opened.facts
        self._n_threads = min(_MAX_THREADS, threads or len(os.sched_getaffinity(0)))
        self._pool = ThreadPoolExecutor(self._n_threads, "tamiz-slide")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height) of level 0."""
        grid = self.levels[0].page.grid
        return grid.width_px, grid.height_px

    @property
    def um_per_px(self) -> float | None:
        """Return micrometres per pixel of level 0 where the file says so; never a guess."""
        return self._opened.um_per_px

    def read(
        self,
        region: Region | None = None,
        *,
        size_px: tuple[int, int] | None = None,
        is_grey: bool = False,
        on_row: Callable[[int, int], None] | None = None,
    ) -> Image:
        """Return a region at a size, by area averaging.

        Args:
            region: in pixels of level 0; None: the whole slide.
            size_px: (width, height) of the result, at most that of the region; None: its own.
            is_grey: luma (ITU-R 601) only; JPEG's colours are then not even decoded.
            on_row: told (done, all) after each row of blocks.

        Raises:
            UnreadableItem: the region reaches beyond the slide, or a block does not decode.
        """
        with reading(self._name):
            width, height = self.size_px
            asked = region or Region(0, 0, width, height)
            self._check(asked)
            size = size_px or (asked.width, asked.height)
            size = (min(max(1, size[0]), asked.width), min(max(1, size[1]), asked.height))
            level, scaled = self._asked(asked, size, is_grey=is_grey)
            pixels = read_scaled(self.levels[level].page, scaled, self._pool, on_row)
            return Image(pixels, Kind.DISPLAY, self._spacing_of(asked, size))

    def tiles(
        self, regions: NDArray[np.int64], size_px: int | tuple[int, int], *, is_grey: bool = False
    ) -> Iterator[NDArray[np.uint8]]:
        """Yield the pixels of many regions in their order, the same as `read` gives one by one.

        Blocks are decoded once for regions near each other (in scan order), and by several threads
        ahead. A region smaller than `size_px` is enlarged to it, its pixels repeated.

        Args:
            regions: (n, 4), x y width height in pixels of level 0.
            size_px: (width, height) of every result, or the side of squares.
            is_grey: as for `read`.

        Returns:
            Arrays (height, width, 1 where grey, else 3), uint8.

        Raises:
            UnreadableItem: a region reaches beyond the slide, or a block does not decode.
        """
        across, down = size_px if isinstance(size_px, tuple) else (size_px, size_px)
        size = max(1, int(across)), max(1, int(down))
        places = [Region(*map(int, one)) for one in regions]
        with reading(self._name):
            for one in places:
                self._check(one)
        return self._tiles(places, size, is_grey=is_grey)

    def _tiles(
        self, places: list[Region], size: tuple[int, int], *, is_grey: bool
    ) -> Iterator[NDArray[np.uint8]]:
        asked = [self._asked(place, size, is_grey=is_grey) for place in places]
        n_uses: Counter[Cell] = Counter()
        for level, one in asked:
            rows, columns = touched(self.levels[level].page.grid, one.box)
            n_uses.update(Cell(level, row, column) for row in rows for column in columns)
        grids_and_heights = ((self.levels[at].page.grid, one.box.height) for at, one in asked)
        wanted = {cache_bytes(grid, height) for grid, height in grids_and_heights}
        cache = BlockCache(n_uses, max(wanted, default=0))
        pages = [CachedBlocks(level.page, at, cache) for at, level in enumerate(self.levels)]

        def read(index: int) -> NDArray[np.uint8]:
            level, one = asked[index]
            return read_scaled(pages[level], one, None)

        n_bytes = size[0] * size[1] * 3
        found = in_order(read, len(places), n_bytes, self._pool, self._n_threads)
        while True:
            with reading(self._name):
                made = next(found, None)
            if made is None:
                return
            yield made

    def thumbnail(self, long_side_px: int) -> Image:
        """Return the whole slide, its long side `long_side_px`.

        Raises:
            UnreadableItem: a block does not decode.
        """
        width, height = self.size_px
        share = min(1.0, long_side_px / max(width, height))
        return self.read(size_px=(round(width * share) or 1, round(height * share) or 1))

    def close(self) -> None:
        """Let go of the file and the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._opened.close()

    def _spacing_of(self, asked: Region, size: tuple[int, int]) -> tuple[float, float] | None:
        um = self.um_per_px
        return None if um is None else (um * asked.width / size[0], um * asked.height / size[1])

    def _check(self, asked: Region) -> None:
        width, height = self.size_px
        is_inside = asked.x >= 0 and asked.y >= 0 and asked.width > 0 and asked.height > 0
        if not is_inside or asked.x + asked.width > width or asked.y + asked.height > height:
            raise refuse("outside_region", width=width, height=height)

    def _asked(self, region: Region, size: tuple[int, int], *, is_grey: bool) -> tuple[int, Scaled]:
        """Return from which level a region is read, and what of it."""
        at = self._level_for(region, size)
        return at, Scaled(_at_level(region, self.levels[at]), size, is_grey)

    def _level_for(self, asked: Region, size: tuple[int, int]) -> int:
        """Return the smallest level whose means agree with those of the whole slide.

        At 5 % of a pyramid of halves the mean difference is 0.8 grey levels on drawn slides (two
        fifths tissue), 1.5 where there is tissue from edge to edge.
        """
        factor = min(asked.width / size[0], asked.height / size[1])
        return max(
            at
            for at, level in enumerate(self.levels)
            if at == 0 or agrees(factor / level.downsample, _LEAST_RATIO)
        )


def _at_level(region: Region, level: Level) -> Box:
    """Return a region in a level's pixels, within its page."""
    grid, factor = level.page.grid, level.downsample
    x, y = min(region.x / factor, grid.width_px - 1), min(region.y / factor, grid.height_px - 1)
    right = min((region.x + region.width) / factor, grid.width_px)
    bottom = min((region.y + region.height) / factor, grid.height_px)
    return Box(x, y, right - x, bottom - y)
