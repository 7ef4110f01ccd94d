"""Colour spaces: 8-bit red, green and blue as other channels, with scikit-image's constants."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float64]

SPACES: Final[Mapping[str, str]] = {
    "rgb": "rgb", "hsv": "hsv", "lab": "lab", "od": "rgb", "grey": "g", "luv": "luv",
    "xyz": "xyz", "ycbcr": "ybr", "yuv": "yuv", "yiq": "yiq",
}  # fmt: skip
"""Each space and the letters of its channels: the 'b' and 'r' of 'ycbcr' are Cb and Cr."""

RANGES: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "rgb": ((0, 256),) * 3,
    "hsv": ((0, 1),) * 3,
    "lab": ((0, 100), (-128, 128), (-128, 128)),
    "od": ((0, 2),) * 3,
    "grey": ((0, 256),),
    "luv": ((0, 100), (-100, 200), (-150, 150)),
    "xyz": ((0, 0.95047), (0, 1), (0, 1.08883)),
    "ycbcr": ((0, 256),) * 3,
    "yuv": ((0, 1), (-0.45, 0.45), (-0.62, 0.62)),
    "yiq": ((0, 1), (-0.6, 0.6), (-0.53, 0.53)),
}
"""Where a histogram of each channel begins and ends; every 8-bit colour lies within, but for
optical densities over 2."""

_WHITE: Final = (0.95047, 1.0, 1.08883)  # D65, 2 degrees
_XYZ: Final = (
    (0.412453, 0.357580, 0.180423), (0.212671, 0.715160, 0.072169), (0.019334, 0.119193, 0.950227),
)  # fmt: skip
_LUMA: Final = (0.299, 0.587, 0.114)
_LINEAR: Final = {
    "ycbcr": ((65.481, 128.553, 24.966), (-37.797, -74.203, 112.0), (112.0, -93.786, -18.214)),
    "yuv": (
        _LUMA,
        (-0.14714119, -0.28886916, 0.43601035),
        (0.61497538, -0.51496512, -0.10001026),
    ),
    "yiq": (
        _LUMA,
        (0.59590059, -0.27455667, -0.32134392),
        (0.21153661, -0.52273617, 0.31119955),
    ),
}
_OFFSETS: Final = {"ycbcr": (16.0, 128.0, 128.0)}
_TIE: Final = 1e-9  # greys lie on the middle of a chroma's range, up to rounding


def in_space(planes: NDArray[np.uint8], space: str) -> Planes:
    """Return (3, n, height, width) in 'hsv', 'lab', 'luv', 'xyz', 'ycbcr', 'yuv' or 'yiq'.

    The formulas are those of scikit-image's `rgb2hsv`, `rgb2lab` (D65, 2 degrees) and so on; grey
    has hue 0. Chromas of ycbcr, yuv and yiq are 1e-9 larger: greys, whose chroma is 0, then always
    fall above it, where there the last bit decides.

    Args:
        planes: (3, n, height, width), red, green, blue.
        space: the name.
    """
    if space in _LINEAR:
        return _linear(planes, space)
    if space == "hsv":
        return _hsv(planes)
    xyz = _xyz(planes)
    if space == "xyz":
        return xyz
    return _lab(xyz) if space == "lab" else _luv(xyz)


def _linear(planes: NDArray[np.uint8], space: str) -> Planes:
    red, green, blue = planes * (1 / 255)
    offsets = _OFFSETS.get(space, (0.0, 0.0, 0.0))
    made = np.empty(planes.shape)
    for i, ((r, g, b), offset) in enumerate(zip(_LINEAR[space], offsets, strict=True)):
        made[i] = r * red + g * green + b * blue + (offset + (_TIE if i else 0.0))
    return made


def _hsv(planes: NDArray[np.uint8]) -> Planes:
    """Return hue, saturation and value, 0 to 1, to the last bit as scikit-image."""
    red, green, blue = planes * (1 / 255)
    value = np.maximum(np.maximum(red, green), blue)
    range_ = value - np.minimum(np.minimum(red, green), blue)
    safe = np.where(range_ == 0, 1.0, range_)
    hue = np.where(
        value == blue,
        4.0 + (red - green) / safe,
        np.where(value == green, 2.0 + (blue - red) / safe, (green - blue) / safe),
    )
    hue = np.where(range_ == 0, 0.0, (hue / 6.0) % 1.0)
    return np.stack([hue, range_ / np.where(value == 0, 1.0, value), value])


def _xyz(planes: NDArray[np.uint8]) -> Planes:
    """Return CIE XYZ of sRGB (IEC 61966-2-1)."""
    red, green, blue = _light()[planes]
    return np.stack([r * red + g * green + b * blue for r, g, b in _XYZ])


@cache
def _light() -> Planes:
    """Return (256,): the light that each stored value stands for, 0 to 1."""
    stored = np.arange(256) * (1 / 255)
    return np.where(stored > 0.04045, ((stored + 0.055) / 1.055) ** 2.4, stored / 12.92)


def _lab(xyz: Planes) -> Planes:
    """Return CIE L*, a* and b* (1976)."""
    x, y, z = (_root(plane / white) for plane, white in zip(xyz, _WHITE, strict=True))
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)])


def _root(shares: Planes) -> Planes:
    return np.where(shares > 0.008856, np.cbrt(shares), 7.787 * shares + 16.0 / 116.0)


def _luv(xyz: Planes) -> Planes:
    """Return CIE L*, u* and v* (1976)."""
    lightness = xyz[1] / _WHITE[1]
    lightness = np.where(lightness > 0.008856, 116.0 * np.cbrt(lightness) - 16.0, 903.3 * lightness)
    white = _WHITE[0] + 15 * _WHITE[1] + 3 * _WHITE[2]
    total = xyz[0] + 15.0 * xyz[1] + 3.0 * xyz[2] + np.finfo(np.float64).eps
    u = 13.0 * lightness * (4.0 * xyz[0] / total - 4 * _WHITE[0] / white)
    v = 13.0 * lightness * (9.0 * xyz[1] / total - 9 * _WHITE[1] / white)
    return np.stack([lightness, u, v])
