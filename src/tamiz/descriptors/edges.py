"""How steep grey changes are, at three scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.counts import counts_of, summary_of
from tamiz.descriptors.limits import check_whole_number
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS

_SCALES: Final = (1, 2, 4)
_QUANTILES: Final = (0.25, 0.5, 0.75, 0.95)
_PER_LEVEL: Final = 8  # Sobel's kernels add up to 8: slopes are counted in steps of 1/8
_N_SLOPES: Final = 4 * 255 * 3 // 2  # above the steepest, sqrt(2) 4 255


@DESCRIPTORS.add("edges")
@dataclass(frozen=True, slots=True)
class Edges:
    """Mean, spread and quantiles of the slope of grey, and the share of steep pixels.

    Slopes are Sobel's, in grey levels per pixel, at full, half and quarter size (means of 2 x 2
    pixels); the outermost ring is left out. A tile below 3 px at a scale has slope 0 there.

    Attributes:
        steep: slope from which a pixel counts as an edge, in grey levels per pixel.

    Raises:
        WrongUse: an option is outside its limits.
    """

    reads_colour: ClassVar[bool] = False
    steep: int = option(10, low=1, high=180)

    def __post_init__(self) -> None:
        check_whole_number("edges.steep", self.steep, 1, 180)

    def names(self) -> tuple[str, ...]:
        """Return 'edges_s1_mean', '..._sd', '..._q25', '..._density' and so on."""
        ends = ("mean", "sd", *(f"q{round(100 * q)}" for q in _QUANTILES), "density")
        return tuple(f"edges_s{scale}_{end}" for scale in _SCALES for end in ends)

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, 21)."""
        grey = as_grey(tiles)
        slopes = np.arange(_N_SLOPES) / _PER_LEVEL
        made = []
        for scale in _SCALES:
            if scale > 1:
                grey = _halved(grey)
            counts = counts_of(_slopes(grey), _N_SLOPES)
            n_steep = counts[:, self.steep * _PER_LEVEL :].sum(axis=1, keepdims=True)
            density = n_steep / np.maximum(counts.sum(axis=1, keepdims=True), 1)
            made += [summary_of(counts, slopes, _QUANTILES), density]
        return np.concatenate(made, axis=1)


def _slopes(grey: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return (n, height - 2, width - 2): length of Sobel's gradient, rounded; 8 is one level."""
    wide = grey.astype(np.int16)
    if min(grey.shape[1:]) < 3:
        return np.zeros((len(grey), 0, 0), dtype=np.uint16)
    down = wide[:, :-2] + wide[:, 2:]
    down += 2 * wide[:, 1:-1]
    across = wide[:, :, :-2] + wide[:, :, 2:]
    across += 2 * wide[:, :, 1:-1]
    x = (down[:, :, 2:] - down[:, :, :-2]).astype(np.float32)
    y = (across[:, 2:] - across[:, :-2]).astype(np.float32)
    x *= x
    y *= y
    x += y
    np.sqrt(x, out=x)  # of a whole number that float32 holds exactly
    x += 0.5
    return x.astype(np.uint16)


def _halved(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return means of 2 x 2 pixels, halves rounded up; an odd last row or column is left out."""
    height, width = grey.shape[1] // 2 * 2, grey.shape[2] // 2 * 2
    wide = grey[:, :height, :width].astype(np.uint16)
    rows = wide[:, ::2] + wide[:, 1::2]
    return ((rows[:, :, ::2] + rows[:, :, 1::2] + 2) >> 2).astype(np.uint8)
