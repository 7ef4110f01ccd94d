"""Stronger, weaker or other colours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import as_levels, change_some, signed
from tamiz.engine.augment.registry import AUGMENTATIONS

_LUMA: Final = (0.299, 0.587, 0.114)  # ITU-R BT.601
_COLOURS: Final = 3
# red, green, blue to the two colour axes of YIQ, and back (ITU-R BT.470, NTSC)
_TO_IQ: Final = ((0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))
_FROM_IQ: Final = ((0.956, 0.619), (-0.272, -0.647), (-1.106, 1.703))


@AUGMENTATIONS.add("colour")
@dataclass(frozen=True, slots=True)
class Colour:
    """Multiply the strength of colours by 1 +- `saturation` and turn hues by up to `hue_degrees`.

    Grey stays grey, and the brightness of every pixel stays (a turn in YIQ, whose circle of
    colours goes by 360 degrees). Images that are not of three channels stay as they are.
    """

    name: ClassVar[str] = "colour"
    n_uniforms: ClassVar[int] = 3

    saturation: float = option(0.2, low=0.0, high=1.0)
    hue_degrees: float = option(8.0, low=0.0, high=180.0)
    probability: float = option(1.0, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each colour image with its own colours."""
        if images.shape[1] != _COLOURS:
            return images
        strengths = 1 + self.saturation * signed(uniforms[:, 0])
        degrees = self.hue_degrees * signed(uniforms[:, 1])
        chosen = uniforms[:, 2] < self.probability

        def recolour(some: Tensor, at: Tensor) -> Tensor:
            pairs = zip(strengths[at].tolist(), degrees[at].tolist(), strict=True)
            parts = torch.tensor([_matrix(*pair) for pair in pairs], device=some.device)
            return as_levels(_mixed(some.float(), parts))

        return change_some(images, chosen, recolour)


def _mixed(images: Tensor, parts: Tensor) -> Tensor:
    """Return each channel as a sum of the three; parts is (batch, to 3, from 3) float32.

    Sums of single products and no matrix product: the same bits in every batch.
    """
    red, green, blue = images.unbind(1)
    made = torch.empty_like(images)
    for to in range(_COLOURS):
        weights = parts[:, to, :, None, None]
        channel = red * weights[:, 0]
        channel += green * weights[:, 1]
        channel += blue * weights[:, 2]
        made[:, to] = channel
    return made


def _matrix(strength: float, degrees: float) -> list[list[float]]:
    """Return (to 3, from 3): luma kept, colour turned and made stronger."""
    cosine = strength * math.cos(math.radians(degrees))
    sine = strength * math.sin(math.radians(degrees))
    i_axis, q_axis = _TO_IQ
    rows = []
    for to, (from_i, from_q) in enumerate(_FROM_IQ):
        row = []
        for source in range(_COLOURS):
            i, q = i_axis[source], q_axis[source]
            turned = from_i * (cosine * i - sine * q) + from_q * (sine * i + cosine * q)
            kept = from_i * i + from_q * q + _LUMA[source]
            # what rounding of the standard's figures leaves of the identity is put right
            row.append(_LUMA[source] + turned + float(to == source) - kept)
        rows.append(row)
    return rows
