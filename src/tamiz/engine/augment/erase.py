"""Hide a square."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("erase")
@dataclass(frozen=True, slots=True)
class Erase:
    """Paint a square of `fraction` of the side at a random place with grey `value` (cutout)."""

    name: ClassVar[str] = "erase"
    n_uniforms: ClassVar[int] = 3

    fraction: float = option(0.3, low=0.0, high=1.0)
    probability: float = option(0.5, low=0.0, high=1.0)
    value: int = option(0, low=0, high=255)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, in some images a square painted over; its centre is anywhere."""
        rows = self._covered(images.shape[2], uniforms[:, 0])
        columns = self._covered(images.shape[3], uniforms[:, 1])
        chosen = uniforms[:, 2] < self.probability
        hidden = rows[:, :, None] & columns[:, None] & chosen[:, None, None]
        return images.masked_fill(hidden[:, None], self.value)

    def _covered(self, side: int, uniforms: Tensor) -> Tensor:
        length = round(self.fraction * side)
        start = (uniforms * side).long() - length // 2
        at = torch.arange(side, device=uniforms.device)[None, :]
        return (at >= start[:, None]) & (at < start[:, None] + length)
