"""Slides that only OpenSlide reads: MIRAX, Hamamatsu VMS and NDPI, Ventana, Zeiss and others."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from tamiz.core.errors import MissingDependency
from tamiz.core.optional import require
from tamiz.data.contracts import Policy
from tamiz.formats.pixels import composite
from tamiz.formats.refusal import Refusal, refuse
from tamiz.formats.slide_levels import Opened, as_levels
from tamiz.formats.slide_scaling import Bytes, Grid

SUFFIXES: Final = frozenset(
    {".mrxs", ".vms", ".vmu", ".ndpi", ".scn", ".bif", ".svslide", ".czi", ".svs"}
)
_BLOCK_PX: Final = 512


class Area:
    """A level that OpenSlide decodes, in blocks of 512 x 512 pixels."""

    def __init__(self, slide: Any, level: int, policy: Policy) -> None:
        self._slide, self._level, self._policy = slide, level, policy
        width, height = slide.level_dimensions[level]
        self.grid = Grid(int(width), int(height), _BLOCK_PX, _BLOCK_PX)
        self._factor = float(slide.level_downsamples[level])

    def reduction_for(self, factor: float) -> int:  # noqa: ARG002 - of every level
        """Return 1: OpenSlide decodes in full."""
        return 1

    def block(self, row: int, column: int, *, reduction: int, is_grey: bool) -> Bytes:  # noqa: ARG002
        """Return a block in colour; what the scanner left out is background.

        Raises:
            OpenSlideError: it does not decode.
        """
        x, y = column * _BLOCK_PX, row * _BLOCK_PX
        size = min(_BLOCK_PX, self.grid.width_px - x), min(_BLOCK_PX, self.grid.height_px - y)
        place = round(x * self._factor), round(y * self._factor)
        picture = np.asarray(self._slide.read_region(place, self._level, size))
        alpha = picture[..., 3]
        if (alpha == 255).all():
            return np.ascontiguousarray(picture[..., :3])
        return composite(picture[..., :3], alpha, self._policy)


def open_openslide(path: Path, policy: Policy) -> Opened:
    """Open a slide with OpenSlide.

    Raises:
        Refusal: OpenSlide is not installed (the message says how to), or does not know the file.
    """
    try:
        openslide = require("openslide", extra="slides", why=path.suffix.lower() or path.name)
    except MissingDependency as error:
        raise Refusal(str(error)) from error
    if openslide.OpenSlide.detect_format(str(path)) is None:
        raise refuse("not_an_image")
    slide = openslide.OpenSlide(str(path))
    try:
        pages = [Area(slide, level, policy) for level in range(slide.level_count)]
        levels = as_levels(pages)
        vendor = str(slide.properties.get(openslide.PROPERTY_NAME_VENDOR, ""))
        facts = {
            "format": f"OpenSlide {vendor}".strip(),
            "mode": "RGB",
            "bits": "8",
            "frames": "1",
            "levels": str(len(levels)),
            "layout": "tiles",
        }
        names = openslide.PROPERTY_NAME_MPP_X, openslide.PROPERTY_NAME_MPP_Y
        spacing = _um_per_px(*(slide.properties.get(name) for name in names))
    except BaseException:
        slide.close()
        raise
    return Opened(levels, facts, spacing, slide.close)


def _um_per_px(across: str | None, down: str | None) -> float | None:
    """Return the size of a pixel where the file says it and pixels are square."""
    try:
        both = float(across or ""), float(down or "")
    except ValueError:
        return None
    return both[0] if 0 < max(both) <= 1.01 * min(both) else None
