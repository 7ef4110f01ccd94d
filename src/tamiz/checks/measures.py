"""Figures and thumbnails of one decoded image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.data.image import Image
from tamiz.data.looks import COLOUR_SIDE

if TYPE_CHECKING:
    import PIL.Image

_DARK, _BRIGHT = 5, 250
_WORKING_SIDE: Final = 256
_LEVELS = np.arange(256, dtype=np.float64)


class Measured(NamedTuple):
    """What `measure` returns; see `tamiz.data.looks.Looks` for the figures."""

    figures: dict[str, float]
    grey: NDArray[np.uint8]
    colour: NDArray[np.uint8]


def measure(image: Image, side_px: int) -> Measured:
    """Return the figures of an image and its thumbnails of `side_px` (grey) and 16 px (colour).

    Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as Pillow does it).
    """
    import PIL.Image

    pixels = image.pixels[:, :, 0] if image.n_channels == 1 else image.pixels
    picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    grey = picture if picture.mode == "L" else picture.convert("L")
    box = PIL.Image.Resampling.BOX
    thumbnail = np.asarray(grey.resize((side_px, side_px), box))
    small = np.asarray(picture.resize((COLOUR_SIDE, COLOUR_SIDE), box))
    colour = np.repeat(small[:, :, None], 3, axis=2) if small.ndim == 2 else small
    figures = _of_histogram(np.array(grey.histogram(), dtype=np.float64))
    figures["sharpness"] = _sharpness(grey)
    red, green, blue = colour.reshape(-1, 3).mean(axis=0)
    middle = colour.mean(axis=2, keepdims=True)
    figures["colourfulness"] = float(np.abs(colour - middle).mean())
    figures.update(red=float(red), green=float(green), blue=float(blue))
    figures.update(width_px=image.size_px[0], height_px=image.size_px[1], channels=image.n_channels)
    return Measured(figures, thumbnail, colour)


def _of_histogram(counts: NDArray[np.float64]) -> dict[str, float]:
    shares = counts / counts.sum()
    mean = float(shares @ _LEVELS)
    above = np.cumsum(shares)
    filled = shares[shares > 0]
    return {
        "brightness": mean,
        "contrast": float(np.sqrt(max(0.0, shares @ (_LEVELS - mean) ** 2))),
        "dark_share": float(shares[: _DARK + 1].sum()),
        "bright_share": float(shares[_BRIGHT:].sum()),
        "low": float(np.searchsorted(above, 0.01)),
        "high": float(np.searchsorted(above, 0.99)),
        "entropy_bits": float(-(filled * np.log2(filled)).sum()),
    }


def _sharpness(grey: PIL.Image.Image) -> float:
    """Return the variance of the 4-neighbour Laplacian over the variance of the grey levels."""
    factor = -(-max(grey.size) // _WORKING_SIDE)
    levels = np.asarray(grey.reduce(factor) if factor > 1 else grey, dtype=np.int16)
    if min(levels.shape) < 3:
        return float("nan")
    inner = levels[1:-1, 1:-1]
    around = levels[:-2, 1:-1] + levels[2:, 1:-1] + levels[1:-1, :-2] + levels[1:-1, 2:]
    spread = float(levels.var(dtype=np.float64))
    return float((4 * inner - around).var(dtype=np.float64)) / spread if spread > 0 else 0.0
