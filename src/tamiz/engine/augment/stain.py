"""Stain more or less strongly with haematoxylin and eosin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.registry import AUGMENTATIONS

_UNITS: Final = 2048  # of a density of 1: half of it is less than a level everywhere
_PARTS: Final = 4096  # of a matrix entry of 1: three products stay far below 2**31
_TISSUE: Final = 307  # a density of 0.15, in units: from here on the whole shift applies
# Ruifrok and Johnston 2001, haematoxylin and eosin: densities in red, green, blue
_STAINS: Final = ((0.650, 0.704, 0.286), (0.072, 0.990, 0.105))


@AUGMENTATIONS.add("stain")
@dataclass(frozen=True, slots=True)
class Stain:
    """Multiply each stain's concentration by 1 +- `alpha` and shift it by up to `beta`.

    For colour images of H&E; grey ones stay as they are. The brightest value of an image counts
    as its light without tissue: nothing gets brighter, white stays white (the shift fades out
    below a mean density of 0.15; the paper shifts the background too), and what is neither stain
    is kept. Whole-number arithmetic, so that every machine gives the same bytes.

    Source: D. Tellez et al., Whole-slide mitosis detection in H&E breast histology using PHH3 as
    a reference to train distilled stain-invariant convolutional networks, IEEE TMI 37 (9), 2018,
    2126-2136; stains: A. Ruifrok and D. Johnston, Anal Quant Cytol Histol 23, 2001, 291-299.
    """

    name: ClassVar[str] = "stain"
    n_uniforms: ClassVar[int] = 4

    alpha: float = option(0.2, low=0.0, high=0.9)
    beta: float = option(0.05, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each colour image with its own change of both stains."""
        if images.shape[1] != 3:
            return images
        device = images.device
        signed = 2 * uniforms - 1
        change, shift = _change(self.alpha * signed[:, :2], self.beta * signed[:, 2:])
        densities = _density_table().to(device)[images.long()]
        light = densities.amin(dim=(1, 2, 3), keepdim=True)
        densities = densities - light
        red, green, blue = densities.unbind(1)
        share = ((red + green + blue) // 3).clamp(max=_TISSUE)
        made = [
            _mixed(densities, change[:, :, channel])
            + (share * shift[:, channel, None, None]).div(_TISSUE, rounding_mode="floor")
            for channel in range(3)
        ]
        most = len(_value_table()) - 1
        stained = (torch.stack(made, dim=1).clamp(min=0) + light).clamp(max=most)
        return _value_table().to(device)[stained.long()]


def _mixed(densities: Tensor, parts: Tensor) -> Tensor:
    """Return (batch, height, width), one new channel: densities times (batch, 3) parts."""
    first, second, third = (
        densities[:, channel] * parts[:, channel, None, None] for channel in range(3)
    )
    return (first + second + third + _PARTS // 2).div(_PARTS, rounding_mode="floor")


def _change(factors: Tensor, shifts: Tensor) -> tuple[Tensor, Tensor]:
    """Return how densities change: times (batch, from 3, to 3), in parts, plus (batch, 3) units.

    Args:
        factors: (batch, 2), what is added to 1 for each stain.
        shifts: (batch, 2), what is added to each stain's concentration.
    """
    # products and sums of single numbers, no matrix product: the same bits in every batch
    rows = [
        [
            _summed(factors, shares[0] * _STAINS[0][to], shares[1] * _STAINS[1][to])
            + float(source == to)
            for to in range(3)
        ]
        for source, shares in enumerate(_unmixing())
    ]
    matrix = torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)
    moves = [_summed(shifts, _STAINS[0][to], _STAINS[1][to]) for to in range(3)]
    return _whole(matrix * _PARTS), _whole(torch.stack(moves, dim=1) * _UNITS)


def _summed(pairs: Tensor, first: float, second: float) -> Tensor:
    return pairs[:, 0] * first + pairs[:, 1] * second


def _whole(numbers: Tensor) -> Tensor:
    return numbers.round().to(torch.int32)


@cache
def _unmixing() -> tuple[tuple[float, float], ...]:
    """Return (3, 2): from densities to concentrations, the pseudo-inverse of the stains."""
    (a, b) = _STAINS
    aa = sum(x * x for x in a)
    bb = sum(x * x for x in b)
    ab = sum(x * y for x, y in zip(a, b, strict=True))
    det = aa * bb - ab * ab
    return tuple(
        ((bb * x - ab * y) / det, (aa * y - ab * x) / det) for x, y in zip(a, b, strict=True)
    )


@cache
def _density_table() -> Tensor:
    """Return (256,) int32: the density of each value, in units."""
    return torch.tensor(
        [round(-_UNITS * math.log((value + 1) / 256)) for value in range(256)], dtype=torch.int32
    )


@cache
def _value_table() -> Tensor:
    """Return uint8, the value of each density, in units, up to that of black."""
    most = round(_UNITS * math.log(256))
    values = [round(256 * math.exp(-density / _UNITS)) - 1 for density in range(most + 1)]
    return torch.tensor(values, dtype=torch.uint8)
