"""Values of tiles as heat over a slide: arrays, colours, and a figure that says its scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import say
from tamiz.slides.lettering import (
    INK,
    Bar,
    bar_piece,
    capital,
    colour_table,
    drawn,
    font_of,
    joined,
)

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Heat = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Colours = Literal["viridis", "cividis", "magma"]

_BATCH: Final = 1 << 18  # cells that are added at a time
_LEAST_FONT_PX: Final = 13
_LUMA: Final = np.array([77, 150, 29], dtype=np.uint16)  # ITU-R 601, in 256ths


def spread_over(
    regions: Ints,
    values: NDArray[np.floating],
    size_px: tuple[int, int],
    out_px: tuple[int, int],
    *,
    rows: tuple[int, int] | None = None,
) -> Heat:
    """Return (height, width) float32: the mean of the tiles on each pixel, weighted by area.

    A pixel is NaN where no tile lies. What of a tile lies outside the slide counts for nothing.

    Args:
        regions: (n, 4), the tiles: x, y, width, height in pixels of level 0.
        values: (n,), finite.
        size_px: (width, height) of level 0.
        out_px: (width, height) of the picture that covers the whole slide.
        rows: (first, end) of the picture's rows; only these are made, to the same bytes as in the
            whole picture. None: all.

    Raises:
        ValueError: shapes differ, a value is not finite, or a length is below 1.
    """
    (width, height), (n_across, n_down) = size_px, out_px
    first, end = rows or (0, n_down)
    _check_tiles(regions, values)
    if min(*size_px, *out_px) < 1 or not 0 <= first <= end <= n_down:
        raise ValueError(f"no picture of {out_px} px, rows {rows}, of a slide of {size_px} px")
    # Whole numbers: one pixel of the picture is `width` units wide and `height` units high.
    x, y, across, down = regions.astype(np.int64).T
    left, right = (np.clip(edge, 0, width) * n_across for edge in (x, x + across))
    top, bottom = (np.clip(edge, 0, height) * n_down for edge in (y, y + down))
    top, bottom = np.maximum(top, first * height), np.minimum(bottom, end * height)
    kept = np.flatnonzero((right > left) & (bottom > top))
    areas = np.zeros((end - first) * n_across)
    sums = np.zeros_like(areas)
    for tiles in _batches(_n_cells(top[kept], bottom[kept], height)):
        those = kept[tiles]
        owner, row, tall = _cells(top[those], bottom[those], height)
        owner = those[owner]
        for part in _batches(_n_cells(left[owner], right[owner], width)):
            tile = owner[part]
            pair, column, wide = _cells(left[tile], right[tile], width)
            at = (row[part][pair] - first) * n_across + column
            area = (tall[part][pair] * wide).astype(np.float64)
            np.add.at(areas, at, area)
            np.add.at(sums, at, area * values[tile][pair])
    made = np.full(areas.shape, np.nan, dtype=np.float32)
    np.divide(sums, areas, out=made, where=areas > 0, casting="same_kind")
    return made.reshape(end - first, n_across)


def ranked(values: NDArray[np.floating]) -> Floats:
    """Return (n,) ranks from 0 (lowest) to 1 (highest), equal values at the middle of their ranks.

    For attention, whose few highest values would leave everything else in one colour. Ranks show
    the order and hide how far apart values are, and look as lively on noise: `linear` is the
    honest view of sizes. A single value, or values that are all the same, become 0.5.

    Raises:
        ValueError: a value is not finite.
    """
    _check_finite(values)
    if values.size < 2:
        return np.full(values.shape, 0.5)
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2  # ranks from 0
    made: Floats = (middle / (values.size - 1))[place.reshape(values.shape)]
    return made


def linear(values: NDArray[np.floating], low: float, high: float) -> Floats:
    """Return (n,) in proportion: 0 at `low` and below, 1 at `high` and above; 0.5 where they meet.

    Raises:
        ValueError: a value is not finite, or `low` is above `high`.
    """
    _check_finite(np.append(values, (low, high)))
    if low > high:
        raise ValueError(f"the scale's low end {low} lies above its high end {high}")
    if low == high:
        return np.full(values.shape, 0.5)
    made: Floats = np.clip((values.astype(np.float64) - low) / (high - low), 0.0, 1.0)
    return made


def linear_bar(values: NDArray[np.floating], what: str, low: float, high: float) -> Bar:
    """Return the words for `linear`; the ends say so where values lie beyond them.

    Args:
        values: those drawn.
        what: the quantity, in the reader's language (`say("heatmap.attention")`).
        low: value of the lowest colour.
        high: value of the highest colour.
    """
    label = capital(say("heatmap.linear", what=what))
    if low == high:
        return Bar(label, ((0.5, say("heatmap.value", value=low)),))
    is_below, is_above = bool((values < low).any()), bool((values > high).any())
    middle = (low + high) / 2
    if abs(middle) < 1e-9 * (high - low):
        middle = 0.0
    return Bar(
        label,
        (
            (0.0, say("heatmap.at_most" if is_below else "heatmap.value", value=low)),
            (0.5, say("heatmap.value", value=middle)),
            (1.0, say("heatmap.at_least" if is_above else "heatmap.value", value=high)),
        ),
    )


def ranked_bar(values: NDArray[np.floating], what: str) -> Bar:
    """Return the words for `ranked`: percentiles, and under each the value that lies there.

    Args:
        values: those drawn, not their ranks; at least one.
        what: the quantity, in the reader's language (`say("heatmap.attention")`).
    """
    ticks = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        percent = say("heatmap.percentile", percent=100 * share)
        value = say("heatmap.value", value=float(np.quantile(values, share)))
        ticks.append((share, f"{percent}\n{value}"))
    return Bar(capital(say("heatmap.ranked", what=what)), tuple(ticks))


def overlay(
    overview: Bytes, heat: Heat, *, strength: float = 0.5, colours: Colours = "viridis"
) -> Bytes:
    """Return (height, width, 3): the overview in grey under colours; as it is where NaN.

    In grey, as the stain's own colours would mix with those of the heat: one value would look
    different on pink and on purple tissue.

    Args:
        overview: (height, width, 3).
        heat: (height, width), 0..1 (beyond: as the ends), or NaN.
        strength: share of the colour, 0..1, in steps of 1/256.
        colours: all three rise evenly in lightness and suit colour-blind eyes; of magma, purple
            and pink are also those of stained tissue around it.

    Raises:
        ValueError: shapes differ, or the strength is outside 0..1.
    """
    if overview.shape != (*heat.shape, 3) or not 0 <= strength <= 1:
        raise ValueError(f"no heat of {heat.shape} and {strength} over {overview.shape}")
    weight = round(strength * 256)
    # Whole numbers, at most 255 * 256 + 128, which 16 bits just hold.
    table = colour_table(colours).astype(np.uint16) * np.uint16(weight) + np.uint16(128)
    at = np.flatnonzero(~np.isnan(heat))
    steps = np.rint(np.clip(heat.ravel()[at], 0, 1) * np.float32(255)).astype(np.uint8)
    made = overview.copy()
    painted = overview.reshape(-1, 3)[at]
    grey = painted[:, 0] * _LUMA[0] + painted[:, 1] * _LUMA[1] + painted[:, 2] * _LUMA[2]
    below = ((grey + np.uint16(128)) >> 8) * np.uint16(256 - weight)
    for channel in range(3):
        painted[:, channel] = (below + table[:, channel][steps]) >> 8
    made.reshape(-1, 3)[at] = painted
    return made


def figure(
    overview: Bytes,
    heat: Heat,
    *,
    um_per_px: float | None,
    bar: Bar,
    strength: float = 0.5,
    colours: Colours = "viridis",
) -> Bytes:
    """Return (height, width, 3): the overlay, and below it a scale bar and a colour bar.

    The words stand on white outside of the picture, in the language in use. The colour bar shows
    the colours as they look over the mean of what they cover.

    Args:
        overview: (height, width, 3).
        heat: (height, width), 0..1 or NaN.
        um_per_px: of the overview; None where unknown: the bar then counts pixels and says so.
        bar: from `linear_bar` or `ranked_bar`.
        strength: as in `overlay`.
        colours: as in `overlay`.

    Raises:
        ValueError: as in `overlay`.
    """
    picture = overlay(overview, heat, strength=strength, colours=colours)
    height, width = heat.shape
    size = max(_LEAST_FONT_PX, round(min((width * height) ** 0.5 / 50, width / 28)))
    font = font_of(size)
    is_bare = np.isnan(heat)
    covered = overview[~is_bare]
    mean = covered.mean(axis=0) if covered.size else np.full(3, 255.0)
    ramp = overlay(
        np.tile(np.rint(mean).astype(np.uint8), (1, 256, 1)),
        np.linspace(0, 1, 256, dtype=np.float32)[np.newaxis],
        strength=strength,
        colours=colours,
    )
    scale = _scale_piece(width, um_per_px, font, say("heatmap.bare") if is_bare.any() else "")
    beside = width - scale.shape[1] - 3 * size
    legend = bar_piece(ramp, bar, font, min(beside, 48 * size))
    if legend.shape[1] <= beside:
        panel = joined([legend, scale], axis=1, gap=size)
    else:
        legend = bar_piece(ramp, bar, font, width - 2 * size)
        panel = joined([legend, scale], axis=0, gap=size)
    framed = np.pad(panel, ((size, size), (size, size), (0, 0)), constant_values=255)
    return joined([picture, framed], axis=0, gap=0)


def _check_tiles(regions: Ints, values: NDArray[np.floating]) -> None:
    if regions.shape != (values.size, 4) or values.ndim != 1:
        raise ValueError(f"needs (n, 4) regions and (n,) values: {regions.shape}, {values.shape}")
    if not np.issubdtype(regions.dtype, np.integer):
        raise ValueError(f"regions are whole pixels of level 0, not {regions.dtype}")
    _check_finite(values)


def _check_finite(values: NDArray[np.floating]) -> None:
    if not np.isfinite(values).all():
        raise ValueError("a value is not finite")


def _n_cells(begin: Ints, end: Ints, length: int) -> Ints:
    """Return (n,), how many cells of a length each interval (not empty) touches."""
    made: Ints = (end - 1) // length - begin // length + 1
    return made


def _cells(begin: Ints, end: Ints, length: int) -> tuple[Ints, Ints, Ints]:
    """Return, for every interval and cell that touch: the interval, the cell, the length shared."""
    counts = _n_cells(begin, end, length)
    owner = np.repeat(np.arange(counts.size), counts)
    cell = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    cell += (begin // length)[owner]
    low, high = np.maximum(begin[owner], cell * length), np.minimum(end[owner], (cell + 1) * length)
    return owner, cell, high - low


def _batches(counts: Ints) -> Iterator[slice]:
    """Yield slices whose counts add up to about `_BATCH`, at least one item each."""
    ends = np.cumsum(counts)
    first = 0
    while first < counts.size:
        before = int(ends[first - 1]) if first else 0
        end = max(first + 1, int(np.searchsorted(ends, before + _BATCH, side="right")))
        yield slice(first, end)
        first = end


def _scale_piece(width: int, um_per_px: float | None, font: FreeTypeFont, note: str) -> Bytes:
    """Return a scale bar of at most a fifth of the picture's width, its length below it."""
    length = _round_down(max(width / 5, 1.0) * (um_per_px or 1.0))
    if um_per_px is None:
        words = say("heatmap.px", n=max(1, round(length)))
    elif length < 1000:
        words = say("heatmap.um", n=length)
    else:
        words = say("heatmap.mm", n=length / 1000)
    n_px = max(1, round(length / (um_per_px or 1.0)))
    thick = max(3, round(font.size / 4))
    bar = np.full((thick, n_px, 3), INK, dtype=np.uint8)
    below = drawn(f"{words}\n{note}" if note else words, font)
    return joined([bar, below], axis=0, gap=round(font.size / 4))


def _round_down(length: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above `length`."""
    power = 10.0 ** np.floor(np.log10(length))
    step = next(one for one in (5, 2, 1) if one * power <= length * (1 + 1e-9) or one == 1)
    return float(f"{step * power:.6g}")
