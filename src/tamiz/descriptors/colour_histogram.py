"""Histograms of the three channels of a colour space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.counts import counts_of, shares_of
from tamiz.descriptors.limits import check_choice, check_whole_number
from tamiz.descriptors.planes import as_planes
from tamiz.descriptors.registry import DESCRIPTORS

SPACES: Final = {"rgb": "rgb", "hsv": "hsv", "lab": "lab", "od": "rgb"}  # space: its channels
_DENSEST: Final = 2.0  # optical density of the last bin; 87 % of the light is gone


@DESCRIPTORS.add("colour_histogram")
@dataclass(frozen=True, slots=True)
class ColourHistogram:
    """Shares of pixels in equal bins of each channel; each channel's shares sum to 1.

    With `bins` bins from 0 to 256 these are numpy.histogram(channel, density=True) times the width
    of a bin. The ranges: rgb 0 to 256; hsv 0 to 1 each (Smith 1978); lab L 0 to 100, a and b -128
    to 128 (CIE 1976 from sRGB, IEC 61966-2-1, white D65); od 0 to 2, the optical densities
    -ln((value + 1) / 256), all denser ones in the last bin. Grey counts as equal red, green, blue.

    Attributes:
        bins: for each channel.
        space: 'rgb', 'hsv', 'lab' or 'od'.

    Raises:
        WrongUse: an option is outside its limits.
    """

    reads_colour: ClassVar[bool] = True
    bins: int = option(16, low=2, high=256)
    space: str = option("rgb", choices=tuple(SPACES))

    def __post_init__(self) -> None:
        check_whole_number("colour_histogram.bins", self.bins, 2, 256)
        check_choice("colour_histogram.space", self.space, tuple(SPACES))

    def names(self) -> tuple[str, ...]:
        """Return 'rgb_r_00' and so on."""
        channels = SPACES[self.space]
        return tuple(f"{self.space}_{one}_{i:02}" for one in channels for i in range(self.bins))

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, 3 * bins)."""
        planes = as_planes(tiles)
        if self.space in {"rgb", "od"}:
            values = np.arange(256) / 256
            scaled = values if self.space == "rgb" else -np.log(values + 1 / 256) / _DENSEST
            bin_of = np.clip((scaled * self.bins).astype(np.intp), 0, self.bins - 1)
            counts = [_fold(counts_of(plane, 256), bin_of, self.bins) for plane in planes]
        else:
            places = _hsv(planes) if self.space == "hsv" else _lab(planes)
            codes = np.clip((places * self.bins).astype(np.int16), 0, self.bins - 1)
            counts = [counts_of(plane.astype(np.uint8), self.bins) for plane in codes]
        return np.concatenate([shares_of(one) for one in counts], axis=1)


def _fold(counts: NDArray[np.int64], bin_of: NDArray[np.intp], bins: int) -> NDArray[np.int64]:
    made = np.zeros((bins, len(counts)), dtype=np.int64)
    np.add.at(made, bin_of, counts.T)
    return made.T


def _hsv(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (3, n, height, width): hue, saturation and value, 0 to 1; grey has hue 0."""
    red, green, blue = planes.astype(np.float32)
    value = np.maximum(np.maximum(red, green), blue)
    range_ = value - np.minimum(np.minimum(red, green), blue)
    safe = np.maximum(range_, 1)
    hue = np.where(
        value == red,
        (green - blue) / safe,
        np.where(value == green, 2 + (blue - red) / safe, 4 + (red - green) / safe),
    )
    hue = np.where(range_ == 0, 0, hue / 6) % 1.0
    made: NDArray[np.float32] = np.stack([hue, range_ / np.maximum(value, 1), value / 255])
    return made


def _lab(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (3, n, height, width): L / 100, a / 256 + 0.5, b / 256 + 0.5."""
    stored = np.arange(256) / 255
    linear = np.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
    red, green, blue = linear.astype(np.float32)[planes]
    rows = (
        (0.412453 / 0.95047, 0.357580 / 0.95047, 0.180423 / 0.95047),
        (0.212671, 0.715160, 0.072169),
        (0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883),
    )
    x, y, z = (_lab_root(r * red + g * green + b * blue) for r, g, b in rows)
    lightness = 1.16 * y - 0.16
    made: NDArray[np.float32] = np.stack(
        [lightness, (x - y) * (500 / 256) + 0.5, (y - z) * (200 / 256) + 0.5]
    )
    return made


def _lab_root(values: NDArray[np.float32]) -> NDArray[np.float32]:
    made: NDArray[np.float32] = np.where(
        values > 0.008856, np.cbrt(values), 7.787 * values + np.float32(16 / 116)
    )
    return made
