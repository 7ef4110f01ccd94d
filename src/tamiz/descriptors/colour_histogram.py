"""Histograms of the channels of a colour space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.colour_spaces import RANGES, SPACES, in_space
from tamiz.descriptors.counts import counts_of, shares_of
from tamiz.descriptors.limits import check_choice, check_whole_number
from tamiz.descriptors.planes import as_grey, as_planes
from tamiz.descriptors.registry import DESCRIPTORS

_BY_VALUE: Final = frozenset({"rgb", "od", "grey"})  # a bin follows from one 8-bit value
_DENSEST: Final = 2.0  # optical density of the last bin; 87 % of the light is gone


@DESCRIPTORS.add("colour_histogram")
@dataclass(frozen=True, slots=True)
class ColourHistogram:
    """Shares of pixels in equal bins of each channel; each channel's shares sum to 1.

    As densities, shares are divided by the width of a bin: numpy.histogram(channel, bins, range,
    density=True) with the ranges of `colour_spaces.RANGES`. Grey counts as equal red, green, blue.
    Values beyond a range fall into its first or last bin. 'grey' is one channel (ITU-R 601 luma).

    Attributes:
        bins: for each channel.
        space: one of `colour_spaces.SPACES`: 'rgb', 'hsv', 'lab', 'ycbcr' and so on.
        is_density: whether the columns times the width of a bin, not the columns, sum to 1.

    Raises:
        WrongUse: an option is outside its limits.
    """

    reads_colour: ClassVar[bool] = True
    bins: int = option(16, low=2, high=256)
    space: str = option("rgb", choices=tuple(SPACES))
    is_density: bool = option(False)  # noqa: FBT003

    def __post_init__(self) -> None:
        check_whole_number("colour_histogram.bins", self.bins, 2, 256)
        check_choice("colour_histogram.space", self.space, tuple(SPACES))

    def names(self) -> tuple[str, ...]:
        """Return 'rgb_r_00' and so on."""
        channels = SPACES[self.space]
        return tuple(f"{self.space}_{one}_{i:02}" for one in channels for i in range(self.bins))

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, channels * bins)."""
        shares = [shares_of(one) for one in self._counts(tiles)]
        if self.is_density:
            widths = [(high - low) / self.bins for low, high in RANGES[self.space]]
            shares = [one / width for one, width in zip(shares, widths, strict=True)]
        return np.concatenate(shares, axis=1)

    def _counts(self, tiles: NDArray[np.uint8]) -> list[NDArray[np.int64]]:
        """Return (n, bins) for each channel."""
        if self.space in _BY_VALUE:
            values = np.arange(256) / 256
            if self.space == "od":
                values = -np.log(values + 1 / 256) / _DENSEST
            bin_of = np.clip((values * self.bins).astype(np.intp), 0, self.bins - 1)
            planes = as_grey(tiles)[None] if self.space == "grey" else as_planes(tiles)
            return [_fold(counts_of(plane, 256), bin_of, self.bins) for plane in planes]
        found = zip(in_space(as_planes(tiles), self.space), RANGES[self.space], strict=True)
        return [counts_of(_bins_of(plane, *ends, self.bins), self.bins) for plane, ends in found]


def _bins_of(values: NDArray[np.float64], low: float, high: float, bins: int) -> NDArray[np.uint8]:
    """Return the bin of each value, as numpy.histogram decides it at the edges."""
    edges = np.linspace(low, high, bins + 1)
    made = np.clip((values - low) * (bins / (high - low)), 0, bins - 1).astype(np.intp)
    made -= (values < edges[made]) & (made > 0)
    made += (values >= edges[made + 1]) & (made < bins - 1)
    return made.astype(np.uint8)


def _fold(counts: NDArray[np.int64], bin_of: NDArray[np.intp], bins: int) -> NDArray[np.int64]:
    made = np.zeros((bins, len(counts)), dtype=np.int64)
    np.add.at(made, bin_of, counts.T)
    return made.T
