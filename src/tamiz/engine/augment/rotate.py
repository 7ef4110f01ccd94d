"""Turn about the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import change_some, signed
from tamiz.engine.augment.registry import AUGMENTATIONS
from tamiz.engine.augment.warping import FILLS, turned_and_scaled


@AUGMENTATIONS.add("rotate")
@dataclass(frozen=True, slots=True)
class Rotate:
    """Turn by up to `degrees` either way, or by one of `angles` (counter-clockwise) if given.

    A multiple of 90 degrees moves the pixels of a square image and changes none of them.
    """

    name: ClassVar[str] = "rotate"
    n_uniforms: ClassVar[int] = 2

    degrees: float = option(15.0, low=0.0, high=180.0)
    angles: list[int] = option([], low=-360, high=360)
    probability: float = option(1.0, low=0.0, high=1.0)
    fill: str = option("zero", choices=FILLS)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image turned by its own angle."""
        degrees = self._degrees(uniforms[:, 0])
        chosen = (uniforms[:, 1] < self.probability) & (degrees % 360 != 0)

        def turn(some: Tensor, at: Tensor) -> Tensor:
            ones = torch.ones(len(at), dtype=torch.float64, device=some.device)
            return turned_and_scaled(some, degrees[at].tolist(), ones, self.fill)

        return change_some(images, chosen, turn)

    def _degrees(self, uniforms: Tensor) -> Tensor:
        if not self.angles:
            return self.degrees * signed(uniforms)
        angles = torch.tensor(self.angles, dtype=torch.float64, device=uniforms.device)
        return angles[(uniforms * len(self.angles)).long()]
