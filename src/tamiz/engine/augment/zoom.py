"""Come nearer or go farther away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import change_some, signed
from tamiz.engine.augment.registry import AUGMENTATIONS
from tamiz.engine.augment.warping import FILLS, turned_and_scaled


@AUGMENTATIONS.add("zoom")
@dataclass(frozen=True, slots=True)
class Zoom:
    """Enlarge or shrink by up to `fraction` about the middle; both sides alike."""

    name: ClassVar[str] = "zoom"
    n_uniforms: ClassVar[int] = 2

    fraction: float = option(0.15, low=0.0, high=0.9)
    probability: float = option(1.0, low=0.0, high=1.0)
    fill: str = option("zero", choices=FILLS)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image in its own scale."""
        scales = 1 + self.fraction * signed(uniforms[:, 0])
        chosen = (uniforms[:, 1] < self.probability) & (scales != 1)

        def scale(some: Tensor, at: Tensor) -> Tensor:
            return turned_and_scaled(some, [0.0] * len(at), scales[at], self.fill)

        return change_some(images, chosen, scale)
