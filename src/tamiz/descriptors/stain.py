"""How much haematoxylin and eosin there is, and how it is spread."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.counts import counts_of, summary_of
from tamiz.descriptors.limits import check_whole_number
from tamiz.descriptors.planes import as_planes
from tamiz.descriptors.registry import DESCRIPTORS

_HAEMATOXYLIN: Final = (0.650, 0.704, 0.286)
_EOSIN: Final = (0.072, 0.990, 0.105)
_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_PER_UNIT: Final = 128  # densities are counted in steps of 1/128
STAINS: Final = ("haematoxylin", "eosin", "rest")


@DESCRIPTORS.add("stain")
@dataclass(frozen=True, slots=True)
class Stain:
    """Mean, spread and quantiles of the optical densities of haematoxylin, eosin and the rest.

    Colours are taken apart with fixed directions; the rest is what lies across both (pen, other
    stains, dirt). Densities are -ln((value + 1) / 256), counted in steps of 1/128.

    Source: Ruifrok, Johnston, "Quantification of histochemical staining by color deconvolution",
    Analytical and Quantitative Cytology and Histology 23 (2001) 291-299: haematoxylin
    (0.650, 0.704, 0.286), eosin (0.072, 0.990, 0.105); the third is their cross product.

    Attributes:
        grid_px: larger tiles are looked at on an even grid of about so many pixels a side.

    Raises:
        WrongUse: an option is outside its limits.
    """

    reads_colour: ClassVar[bool] = True
    grid_px: int = option(128, low=16, high=65536)

    def __post_init__(self) -> None:
        check_whole_number("stain.grid_px", self.grid_px, 16, 65536)

    def names(self) -> tuple[str, ...]:
        """Return 'stain_haematoxylin_mean', '..._sd', '..._q05' and so on."""
        ends = ("mean", "sd", *(f"q{round(100 * q):02}" for q in _QUANTILES))
        return tuple(f"stain_{stain}_{end}" for stain in STAINS for end in ends)

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, 21)."""
        table = _densities()
        every = [max(1, size // self.grid_px) for size in tiles.shape[1:3]]
        sample = as_planes(tiles[:, :: every[0], :: every[1]])
        densities = [table.take(plane) for plane in sample]
        made = []
        for weights in _unmixing():
            low, n_values = _range_of(weights)
            amount = densities[0] * weights[0]
            for density, weight in zip(densities[1:], weights[1:], strict=True):
                amount += density * weight
            amount += np.float32(0.5 - low)  # from 0 up, so that cutting the fraction off rounds
            counts = counts_of(amount.astype(np.uint16), n_values)
            values = (np.arange(n_values) + low) / _PER_UNIT
            made.append(summary_of(counts, values, _QUANTILES))
        return np.concatenate(made, axis=1)


@cache
def _densities() -> NDArray[np.float32]:
    """Return (256,): the optical density of each value, times the steps per unit."""
    values = np.arange(1, 257, dtype=np.float64)
    return (-np.log(values / 256) * _PER_UNIT).astype(np.float32)


@cache
def _unmixing() -> NDArray[np.float32]:
    """Return (3, 3): for each stain, what each channel's density counts."""
    directions = np.array([_HAEMATOXYLIN, _EOSIN, np.cross(_HAEMATOXYLIN, _EOSIN)])
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return np.linalg.inv(directions).T.astype(np.float32)


def _range_of(weights: NDArray[np.float32]) -> tuple[int, int]:
    """Return the least code that a stain can have, and how many codes there are."""
    densest = float(_densities()[0])
    low = int(np.floor(densest * np.minimum(weights, 0).sum())) - 1
    high = int(np.ceil(densest * np.maximum(weights, 0).sum())) + 1
    return low, high - low + 1
