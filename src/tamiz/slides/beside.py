"""An image beside the same image under heat, with words and a colour bar below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.slides.heatmap import overlay
from tamiz.slides.lettering import Bar, bar_piece, drawn, font_of, joined, wrapped

Bytes = NDArray[np.uint8]

_LEAST_SIDE_PX: Final = 300  # smaller pictures are enlarged by a whole factor, as pixels
_STRENGTH: Final = 0.6


def enlargement(width: int, height: int) -> int:
    """Return the whole factor by which an image of this size is drawn."""
    return max(1, -(-_LEAST_SIDE_PX // max(width, height)))


def beside(image: Bytes, heat: NDArray[np.float32], words: Sequence[str], bar: Bar) -> Bytes:
    """Return a figure: the image as it is, beside it the image in grey under the heat.

    Args:
        image: (height, width, 3), at the size at which it is to be drawn.
        heat: (height, width), 0..1, or NaN where nothing is known: the image shows there.
        words: lines below the pictures.
        bar: what stands at the colour bar.
    """
    height, width = heat.shape
    size = max(13, round(min((width * height) ** 0.5 / 28, width / 14)))
    font = font_of(size)
    pair = joined([image, overlay(image, heat, strength=_STRENGTH)], axis=1, gap=size)
    ramp, full = _ramp(), pair.shape[1] - 2 * size
    lines = drawn("\n".join(wrapped(line, font, full) for line in words), font)
    legend = bar_piece(ramp, bar, font, min(full, 40 * size))
    panel = joined([lines, legend], axis=0, gap=size // 2)
    framed = np.pad(panel, ((size, size), (size, size), (0, 0)), constant_values=255)
    return joined([pair, framed], axis=0, gap=0)


def above_bar(image: Bytes, heat: NDArray[np.float32], bar: Bar) -> Bytes:
    """Return a small figure for a page that says the rest: the map over its colour bar.

    Arguments as in `beside`; the bar has no label and large figures.
    """
    width = heat.shape[1]
    size = max(13, width // 14)
    over = overlay(image, heat, strength=_STRENGTH)
    legend = bar_piece(_ramp(), Bar("", bar.ticks), font_of(size), width)
    return joined([over, legend[round(1.25 * size) :]], axis=0, gap=size // 4)


def _ramp() -> Bytes:
    """Return (1, 256, 3), the colours as they look over middle grey."""
    return overlay(
        np.full((1, 256, 3), 128, dtype=np.uint8),
        np.linspace(0, 1, 256, dtype=np.float32)[np.newaxis],
        strength=_STRENGTH,
    )


def grid_of(tiles: Sequence[Bytes], *, across: int, gap: int = 2) -> Bytes:
    """Return pictures of one size in rows of `across`, on white.

    Raises:
        ValueError: there are none.
    """
    if not tiles:
        raise ValueError("no pictures to lay out")
    rows = [
        joined(list(tiles[start : start + across]), axis=1, gap=gap)
        for start in range(0, len(tiles), across)
    ]
    return joined(rows, axis=0, gap=gap)
