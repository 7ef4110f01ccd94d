"""One slide to its tiles: the glass, the tissue, the grid, the choice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, say, text
from tamiz.core.seeds import derive_seed
from tamiz.data.tiling import Tiling
from tamiz.formats.refusal import Refusal
from tamiz.formats.slide import Slide
from tamiz.slides.background import Background, estimate_background
from tamiz.slides.choosing import choose, darkness, entropy, spread
from tamiz.slides.grid import shares_of, tiles_of
from tamiz.slides.tissue import Tissue, picture, tissue_mask

OVERVIEW_PX: Final = 1024  # long side of the picture on which tissue is looked for
_CELL_PX: Final = 16  # side of a tile on the picture by which tiles are chosen
_MOST_SCORE_PX: Final = 6144  # long side of that picture

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tiles of one slide.

    Attributes:
        size_px: (width, height) of the full resolution.
        regions: (n, 4), x, y, width and height in pixels of the full resolution, in scan order.
        shares: (n,), how much of each is tissue, 0..1.
        scores: (n,), darkness or entropy where tiles are chosen by it; empty otherwise.
        um_per_px: of a tile's pixels; None where the slide does not say its own.
        n_found: tiles with enough tissue, before the choice.
        background: of the slide.
        tissue: on its overview.
        overview: (height, width, 3), what tissue was looked for on.
    """

    size_px: tuple[int, int]
    regions: Ints
    shares: NDArray[np.float64]
    scores: NDArray[np.float64]
    um_per_px: float | None
    n_found: int
    background: Background
    tissue: Tissue
    overview: NDArray[np.uint8]

    @property
    def why_none(self) -> Text | None:
        """Return why there is not one tile; None where there are some."""
        if len(self.regions):
            return None
        reason = self.tissue.reason
        return text(f"tiles.empty_{reason}" if reason else "tiles.empty_small")

    def picture(self) -> NDArray[np.uint8]:
        """Return the overview with the tissue outlined, pen marks hatched, chosen tiles framed."""
        made = picture(self.overview, self.tissue)
        height, width = made.shape[:2]
        scale = np.array([width / self.size_px[0], height / self.size_px[1]] * 2)
        for x, y, w, h in np.rint(self.regions * scale).astype(int).tolist():
            right, bottom = min(x + w, width - 1), min(y + h, height - 1)
            for rows, columns in (
                (slice(y, bottom), x),
                (slice(y, bottom), right),
                (y, slice(x, right)),
                (bottom, slice(x, right)),
            ):
                made[rows, columns] = (made[rows, columns] // 2) + np.array((15, 50, 120), np.uint8)
        return made


def tile_slide(slide: Slide, how: Tiling, *, seed: int, name: str) -> Tiles:
    """Return the tiles of an opened slide.

    Args:
        slide: the slide.
        how: which tiles.
        seed: of the choice of tiles that are spread.
        name: of the slide; the choice depends on it and on nothing else.

    Raises:
        UnreadableItem: the slide does not say its spacing and `how` needs it, asks for more than
            the slide holds, or a block does not decode.
    """
    factor = _factor(slide, how)
    side = round(how.tile_px * factor)
    stride = max(1, round(side * (1 - how.overlap)))
    overview = slide.thumbnail(OVERVIEW_PX).pixels.astype(np.uint8, copy=False)
    background = estimate_background(overview)
    tissue = tissue_mask(overview, background)
    regions = tiles_of(slide.size_px, side, stride, tissue.mask, max(how.min_tissue, 1e-6))
    shares = shares_of(regions, slide.size_px, tissue.mask)
    n_found = len(regions)
    scores = np.zeros(0)
    if how.choose != "spread":
        scores = _scores(slide, regions, side, how.choose)
    if how.most and n_found > how.most:
        if how.choose == "spread":
            at = spread(regions, how.most, derive_seed("tiles", seed, name))
        else:
            at = np.sort(choose(scores, how.most))
        regions, shares = regions[at], shares[at]
        scores = scores[at] if len(scores) else scores
    spacing = slide.um_per_px
    return Tiles(
        size_px=slide.size_px,
        regions=regions,
        shares=shares,
        scores=scores,
        um_per_px=spacing * factor if spacing else None,
        n_found=n_found,
        background=background,
        tissue=tissue,
        overview=overview if overview.shape[2] == 3 else np.repeat(overview, 3, axis=2),
    )


def _factor(slide: Slide, how: Tiling) -> float:
    """Return how many pixels of the full resolution one of a tile is wide."""
    if how.downsample:
        return how.downsample
    spacing = slide.um_per_px
    if spacing is None:
        raise Refusal(say("tiles.no_spacing"))
    factor = how.um_per_px / spacing
    if factor < 0.999:
        raise Refusal(say("tiles.too_fine", asked=how.um_per_px, has=spacing))
    return factor


def _scores(slide: Slide, regions: Ints, side: int, by: str) -> NDArray[np.float64]:
    """Return (n,), darkness or entropy of each tile, seen on a picture of 16 px a tile."""
    width, height = slide.size_px
    scale = min(_CELL_PX / side, _MOST_SCORE_PX / max(width, height), 1.0)
    size = max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))
    pixels = slide.read(size_px=size, is_grey=True).pixels.astype(np.uint8, copy=False)
    cell = max(1, round(side * scale))
    measure = darkness if by == "dark" else entropy
    made = np.empty(len(regions))
    x = np.minimum((regions[:, 0] * scale).astype(int), size[0] - cell)
    y = np.minimum((regions[:, 1] * scale).astype(int), size[1] - cell)
    for start in range(0, len(regions), 1024):
        batch = [
            pixels[top : top + cell, left : left + cell]
            for left, top in zip(x[start : start + 1024], y[start : start + 1024], strict=True)
        ]
        made[start : start + len(batch)] = measure(np.stack(batch))
    return made
