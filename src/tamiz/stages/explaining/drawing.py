"""From a map of the network's input to a picture of the image: place, colours, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import say
from tamiz.data.contracts import Step
from tamiz.data.image import Image
from tamiz.formats.png_writing import encode_png
from tamiz.slides.beside import above_bar, beside, enlargement, grid_of
from tamiz.slides.heatmap import linear, linear_bar
from tamiz.slides.lettering import Bar, capital
from tamiz.steps.centre_crop import CentreCrop
from tamiz.steps.resize import Resize

_SHARE_SHOWN: Final = 0.995  # single pixels beyond take the colours of the ends
_MOST_MAPS: Final = 36
_SMALL_PX: Final = 400

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn of one map.

    Attributes:
        values: (height, width), of the network's input.
        is_signed: whether the colour bar has 0 in its middle.
        what: the quantity, in the reader's language.
        words: lines below the pictures.
    """

    values: NDArray[np.float64]
    is_signed: bool
    what: str
    words: tuple[str, ...]


def box_of(image: Image, steps: Sequence[Step]) -> Box | None:
    """Return where the network's input lies on the image: left, top, right, bottom, 0..1 across it.

    Beyond 0..1 where the input has edges that are no part of the image. None where a step changes
    the size in a way that is not known here (a plug-in's).
    """
    box: Box = (0.0, 0.0, 1.0, 1.0)
    for step in steps:
        size = image.size_px
        image = step(image)
        own = _box_in(step, size)
        if own is None and image.size_px != size:
            return None
        if own is not None:
            wide, high = box[2] - box[0], box[3] - box[1]
            box = (
                box[0] + own[0] * wide,
                box[1] + own[1] * high,
                box[0] + own[2] * wide,
                box[1] + own[3] * high,
            )
    return box


def _box_in(step: Step, size: tuple[int, int]) -> Box | None:
    """Return what the step's output covers of its input, as shares; None where it is not known."""
    width, height = size
    if isinstance(step, Resize) and step.aspect == "stretch":
        return 0.0, 0.0, 1.0, 1.0
    if isinstance(step, Resize) and step.aspect == "crop":
        short = min(size)
        left, top = (width - short) / 2 / width, (height - short) / 2 / height
        return left, top, 1 - left, 1 - top
    if isinstance(step, Resize):
        side, long = step.size_px, max(size)
        own = (max(1, round(width * side / long)), max(1, round(height * side / long)))
        x, y = (side - own[0]) // 2, (side - own[1]) // 2
        return -x / own[0], -y / own[1], (side - x) / own[0], (side - y) / own[1]
    if isinstance(step, CentreCrop):
        made = step.scaled_size(width, height)
        x, y = (round((one - step.size_px) / 2) for one in made)
        return x / made[0], y / made[1], (x + step.size_px) / made[0], (y + step.size_px) / made[1]
    return None


def heat_over(values: NDArray[np.float64], box: Box, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return (height, width) of a picture: the map laid where the input lies, NaN beside it.

    Args:
        values: the map, (height, width) of the network's input.
        box: as `box_of` gives it.
        size: (width, height) of the picture.
    """
    x, is_x_in = _coordinates(size[0], box[0], box[2], values.shape[1])
    y, is_y_in = _coordinates(size[1], box[1], box[3], values.shape[0])
    down = _between(values, y, axis=0)
    made = _between(down, x, axis=1).astype(np.float32)
    made[~(is_y_in[:, None] & is_x_in[None, :])] = np.nan
    return made


def _coordinates(
    n: int, low: float, high: float, side: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return where `n` pixels lie on the map's pixel centres, and which lie on the map at all."""
    share = ((np.arange(n) + 0.5) / n - low) / (high - low)
    return np.clip(share * side - 0.5, 0, side - 1), (share >= 0) & (share <= 1)


def _between(values: NDArray[Any], at: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Return values at places between pixels, linearly along one axis."""
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, values.shape[axis] - 1)
    share = at - below
    share = share[:, None] if axis == 0 else share[None, :]
    first, second = np.take(values, below, axis=axis), np.take(values, above, axis=axis)
    return np.asarray(first * (1 - share) + second * share)


def pictures_of_map(
    image: Image, box: Box | None, inputs: NDArray[np.uint8], how: Drawing
) -> tuple[bytes, bytes, bytes]:
    """Return PNGs: the image beside its map, with words; for pages the image, and the map.

    Args:
        image: decoded; 8 bits a channel.
        box: where the network's input lies on it; None: `inputs` is drawn in its place.
        inputs: (height, width, channels), what the network reads.
        how: what is drawn.
    """
    pixels = in_colours(image.pixels) if box and image.pixels.dtype == np.uint8 else None
    if pixels is None or box is None:
        pixels, box = in_colours(inputs), (0.0, 0.0, 1.0, 1.0)
    factor = enlargement(pixels.shape[1], pixels.shape[0])
    large = pixels.repeat(factor, axis=0).repeat(factor, axis=1)
    shown, bar = _scaled(how)
    heat = heat_over(shown, box, (large.shape[1], large.shape[0]))
    words = list(how.words)
    if np.isnan(heat).any():
        words.append(say("explaining.outside"))
    full = encode_png(beside(large, heat, words, bar))
    small = reduced(large)
    little = heat_over(shown, box, (small.shape[1], small.shape[0]))
    return full, encode_png(small), encode_png(above_bar(small, little, bar))


def reduced(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture (height, width, 3) of at most 400 px on its long side."""
    import PIL.Image

    long = max(pixels.shape[:2])
    if long <= _SMALL_PX:
        return pixels
    size = [max(1, round(side * _SMALL_PX / long)) for side in (pixels.shape[1], pixels.shape[0])]
    picture = PIL.Image.fromarray(pixels).resize((size[0], size[1]), PIL.Image.Resampling.LANCZOS)
    return np.asarray(picture)


def _scaled(how: Drawing) -> tuple[NDArray[np.float64], Bar]:
    """Return the map from 0 to 1, and its colour bar."""
    values = how.values
    most = float(np.quantile(np.abs(values), _SHARE_SHOWN)) or float(np.abs(values).max())
    low, high = (-most, most) if how.is_signed else (0.0, most)
    bar = linear_bar(values, how.what, low, high)
    shown = linear(values.ravel(), low, high).reshape(values.shape)
    return shown, Bar(capital(how.what), bar.ticks)


def in_colours(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return (height, width, 3) of 1, 3 or any other number of channels (then: the first)."""
    if pixels.shape[2] == 3:
        return np.ascontiguousarray(pixels, dtype=np.uint8)
    return np.repeat(pixels[:, :, :1], 3, axis=2).astype(np.uint8)


def picture_of_channels(maps: NDArray[np.float32]) -> bytes:
    """Return a PNG of feature maps in grey, each from its own lowest to its own highest value."""
    tiles = []
    for one in maps[:_MOST_MAPS]:
        low, high = float(one.min()), float(one.max())
        grey = np.zeros(one.shape) if high <= low else (one - low) / (high - low)
        tile = np.rint(255 * grey).astype(np.uint8)
        factor = max(1, 72 // max(tile.shape))
        tiles.append(in_colours(tile.repeat(factor, axis=0).repeat(factor, axis=1)[:, :, None]))
    return encode_png(grid_of(tiles, across=6))
