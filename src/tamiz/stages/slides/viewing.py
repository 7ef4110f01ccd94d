"""Slides for a viewer that zooms: which there are, their tiles at every scale, a layer of heat."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import reading
from tamiz.core.language import say
from tamiz.data.contracts import Policy
from tamiz.data.image import Region
from tamiz.formats.slide import Slide
from tamiz.slides.heatmap import linear, ranked, spread_over
from tamiz.slides.lettering import colour_table
from tamiz.stages.slides.sources import opened

TILE_PX: Final = 256
OVERVIEW_PX: Final = 1024
T = TypeVar("T")
_SUFFIXES: Final = frozenset(
    {".svs", ".tif", ".tiff", ".ndpi", ".mrxs", ".vms", ".vmu", ".scn", ".bif", ".svslide", ".dcm"}
)
_MOST_SLIDES: Final = 500
_MOST_OPEN: Final = 3
_QUALITY: Final = 85
_HEAT_PX: Final = 1024
_HEAT_ALPHA: Final = 200


@dataclass(frozen=True, slots=True)
class Pyramid:
    """What a viewer needs to know of a slide.

    Attributes:
        width: of level 0.
        height: likewise.
        n_zooms: steps of two from the whole slide in one tile to level 0.
        um_per_px: of level 0; None: unknown.
    """

    width: int
    height: int
    n_zooms: int
    um_per_px: float | None


class SlideShelf:
    """The slides of a source; the last few stay open. May be used from several threads."""

    def __init__(self, source: Path) -> None:
        self._source = source.expanduser()
        self._open: OrderedDict[str, Slide] = OrderedDict()
        self._names: list[str] = []
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        """Return the files that may be slides, relative to the source, by their suffix.

        Raises:
            WrongUse: the source cannot be looked at.
        """
        with reading(self._source):
            if self._source.is_file():
                self._names = [self._source.name] if _is_slide(self._source) else []
            else:
                root = self._source.resolve()
                found = (
                    one
                    for one in sorted(self._source.rglob("*"))
                    if _is_slide(one) and one.resolve().is_relative_to(root)  # no link leads out
                )
                some = islice(found, _MOST_SLIDES)
                self._names = [one.relative_to(self._source).as_posix() for one in some]
        return self._names

    @property
    def known(self) -> list[str]:
        """Return what `names` found the last time it looked."""
        return self._names or self.names()

    def pyramid(self, name: str) -> Pyramid:
        """Return a slide's size and scales.

        Raises:
            UnreadableItem: it is no slide.
            WrongUse: the source has no such slide.
        """
        return self._with(name, _pyramid_of)

    def tile(self, name: str, zoom: int, column: int, row: int) -> bytes:
        """Return a tile as JPEG, at most 256 x 256 px.

        Args:
            name: one of `names`.
            zoom: 0 (the whole slide in one tile) to `n_zooms` (level 0).
            column: from the left.
            row: from above.

        Raises:
            UnreadableItem: it is no slide, or does not decode there.
            WrongUse: there is no such slide or tile.
        """

        def read(slide: Slide) -> bytes:
            region, size = _region_of(_pyramid_of(slide), (zoom, column, row), name)
            pixels = slide.read(region, size_px=size).pixels
            return _jpeg(np.asarray(pixels, dtype=np.uint8))

        return self._with(name, read)

    def heat(self, name: str, table: Path) -> bytes:
        """Return a transparent PNG that covers the slide, of the table that `explain` wrote.

        Raises:
            WrongData: the table is none of `explain`'s.
            UnreadableItem, WrongUse: as `pyramid`.
        """
        regions, values, by = _explained(table)

        def draw(slide: Slide) -> bytes:
            width, height = slide.size_px
            share = min(1.0, _HEAT_PX / max(width, height))
            out = max(1, round(width * share)), max(1, round(height * share))
            most = float(np.abs(values).max(initial=1e-9))
            shown = ranked(values) if by == "attention" else linear(values, -most, most)
            heat = spread_over(regions, shown, (width, height), out)
            steps = np.rint(np.clip(np.nan_to_num(heat), 0, 1) * 255).astype(np.uint8)
            alpha = np.where(np.isnan(heat), 0, _HEAT_ALPHA).astype(np.uint8)
            return _rgba_png(np.dstack([colour_table("viridis")[steps], alpha]))

        return self._with(name, draw)

    def close(self) -> None:
        """Let go of the slides."""
        with self._lock:
            for one in self._open.values():
                one.close()
            self._open.clear()

    def _with(self, name: str, work: Callable[[Slide], T]) -> T:
        """Return what `work` makes of a slide; one reads at a time, so that none is closed then."""
        with self._lock:
            slide = self._open.pop(name, None)
            if slide is None:
                if name not in self.known:
                    raise WrongUse.of("errors.not_found", where=name)
                root = self._source.parent if self._source.is_file() else self._source
                slide = opened(root.absolute(), name, Policy(), threads=2)
            self._open[name] = slide
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            return work(slide)


def key_of(name: str) -> str:
    """Return what stands for a slide's name in an address: others may come and go beside it."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def overview(path: Path) -> bytes:
    """Return a whole slide on one tile, as JPEG.

    Raises:
        UnreadableItem: it is no slide.
    """
    with closing(opened(path.parent.absolute(), path.name, Policy(), threads=1)) as slide:
        region, size = _region_of(
            _pyramid_of(slide, OVERVIEW_PX), (0, 0, 0), path.name, OVERVIEW_PX
        )
        return _jpeg(np.asarray(slide.read(region, size_px=size).pixels, dtype=np.uint8))


def _is_slide(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _pyramid_of(slide: Slide, tile_px: int = TILE_PX) -> Pyramid:
    width, height = slide.size_px
    n_zooms = max(0, math.ceil(math.log2(max(width, height) / tile_px)))
    return Pyramid(width, height, n_zooms, slide.um_per_px)


def _region_of(
    whole: Pyramid, at: tuple[int, int, int], name: str, tile_px: int = TILE_PX
) -> tuple[Region, tuple[int, int]]:
    """Return the region of a tile and its size in pixels."""
    zoom, column, row = at
    if not 0 <= zoom <= whole.n_zooms:
        raise WrongUse.of("errors.not_found", where=f"{name} {zoom}")
    step = 2 ** (whole.n_zooms - zoom)
    side = tile_px * step
    x, y = column * side, row * side
    if column < 0 or row < 0 or x >= whole.width or y >= whole.height:
        raise WrongUse.of("errors.not_found", where=f"{name} {zoom}/{column}/{row}")
    wide, high = min(side, whole.width - x), min(side, whole.height - y)
    return Region(x, y, wide, high), (max(1, -(-wide // step)), max(1, -(-high // step)))


def _explained(table: Path) -> tuple[np.ndarray, np.ndarray, str]:
    """Return regions, values and by which method they were made."""
    with reading(table):
        rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"))))
    try:
        head = rows[0]
        regions = np.array([[int(cell) for cell in row[:4]] for row in rows[1:]], dtype=np.int64)
        values = np.array([float(row[4]) for row in rows[1:]], dtype=np.float64)
    except (IndexError, ValueError) as error:
        reason = say("workbench.no_heat_table")
        raise WrongData.of("errors.broken_file", where=table, reason=reason) from error
    return regions.reshape(-1, 4), values, head[4] if len(head) > 4 else ""


def _jpeg(pixels: np.ndarray) -> bytes:
    import PIL.Image

    plain = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    kept = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(plain)).save(kept, "JPEG", quality=_QUALITY)
    return kept.getvalue()


def _rgba_png(pixels: np.ndarray) -> bytes:
    import PIL.Image

    kept = io.BytesIO()
    PIL.Image.fromarray(pixels, "RGBA").save(kept, "PNG")
    return kept.getvalue()
