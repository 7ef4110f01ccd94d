"""Colour spaces and ways to grey of pixels in red, green and blue, by their published formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float64]

# sRGB (IEC 61966-2-1) to CIE XYZ, and the white of D65 that these rows sum to.
_TO_XYZ: Final = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_REC_601: Final = (0.299, 0.587, 0.114)
_COURSE: Final = (0.3, 0.59, 0.11)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a colour space.

    Attributes:
        name: 'R', 'H', 'L*', 'Cb', ...
        low: shown as black.
        high: shown as white.
    """

    name: str
    low: float
    high: float


def as_rgb(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width, 3), 0..255; red, green and blue."""
    return np.asarray(pixels, dtype=np.float64)


def as_hsv(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width, 3): hue 0..360 degrees (0 where there is none), the others 0..1.

    Source: A. R. Smith, Color gamut transform pairs, SIGGRAPH 1978 (the hexcone).
    """
    red, green, blue = np.moveaxis(pixels.astype(np.float64) / 255, 2, 0)
    value = np.maximum(np.maximum(red, green), blue)
    span = value - np.minimum(np.minimum(red, green), blue)
    divided = np.where(span > 0, span, 1)
    hue = np.select(
        [value == red, value == green],
        [((green - blue) / divided) % 6, (blue - red) / divided + 2],
        (red - green) / divided + 4,
    )
    saturation = span / np.where(value > 0, value, 1)
    return np.stack([60 * np.where(span > 0, hue, 0), saturation, value], axis=2)


def as_lab(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width, 3): CIE L* 0..100, a* (green to red) and b* (blue to yellow).

    The pixels are taken for sRGB under daylight (D65).

    Source: IEC 61966-2-1 for sRGB; CIE 15:2004, 8.2.1 for L*a*b*.
    """
    values = pixels.astype(np.float64) / 255
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    ratio = (light @ _TO_XYZ.T) / _TO_XYZ.sum(axis=1)
    near_black = ratio * (841 / 108) + 4 / 29
    x, y, z = np.moveaxis(np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), near_black), 2, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=2)


def as_ycbcr(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width, 3): luma 0..255, Cb and Cr around 128.

    Source: ITU-T T.871 (JFIF), section 7: full range, Rec. 601 weights.
    """
    red, _, blue = np.moveaxis(pixels.astype(np.float64), 2, 0)
    luma = weighted(pixels, _REC_601)
    return np.stack([luma, 128 + (blue - luma) / 1.772, 128 + (red - luma) / 1.402], axis=2)


@dataclass(frozen=True, slots=True)
class Space:
    """A colour space: what its channels are, and how they come from red, green and blue."""

    channels: tuple[Channel, Channel, Channel]
    convert: Callable[[NDArray[np.uint8]], Planes]


SPACES: Final = {
    "rgb": Space((Channel("R", 0, 255), Channel("G", 0, 255), Channel("B", 0, 255)), as_rgb),
    "hsv": Space((Channel("H", 0, 360), Channel("S", 0, 1), Channel("V", 0, 1)), as_hsv),
    "lab": Space((Channel("L*", 0, 100), Channel("a*", -128, 127), Channel("b*", -128, 127)),
                 as_lab),
    "ycbcr": Space((Channel("Y", 0, 255), Channel("Cb", 0, 255), Channel("Cr", 0, 255)), as_ycbcr),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grey:
    """A way from red, green and blue to one grey: its formula and its function."""

    formula: str
    convert: Callable[[NDArray[np.uint8]], Planes]


def weighted(pixels: NDArray[np.uint8], weights: tuple[float, float, float]) -> Planes:
    """Return (height, width), 0..255: the channels times their weights, added."""
    red, green, blue = np.moveaxis(pixels.astype(np.float64), 2, 0)
    return np.asarray(weights[0] * red + weights[1] * green + weights[2] * blue)


def mean(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width), 0..255: the mean of the three channels."""
    return np.asarray(pixels.sum(axis=2, dtype=np.float64) / 3)


def lightness(pixels: NDArray[np.uint8]) -> Planes:
    """Return (height, width), 0..255: the middle of the largest and the smallest channel (HSL)."""
    return np.asarray((pixels.max(axis=2).astype(np.float64) + pixels.min(axis=2)) / 2)


GREYS: Final = {
    "mean": Grey("(R + G + B) / 3", mean),
    "luma": Grey("0.3 R + 0.59 G + 0.11 B", lambda pixels: weighted(pixels, _COURSE)),
    "rec601": Grey("0.299 R + 0.587 G + 0.114 B", lambda pixels: weighted(pixels, _REC_601)),
    "lightness": Grey("(max(R, G, B) + min(R, G, B)) / 2", lightness),
}
