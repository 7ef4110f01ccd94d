"""Brighter or darker, with more or less contrast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import as_levels, change_some, per_image, signed
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("brightness")
@dataclass(frozen=True, slots=True)
class Brightness:
    """Multiply every value by 1 +- `fraction`."""

    name: ClassVar[str] = "brightness"
    n_uniforms: ClassVar[int] = 2

    fraction: float = option(0.2, low=0.0, high=1.0)
    probability: float = option(1.0, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image with its own brightness."""
        factors = per_image(1 + self.fraction * signed(uniforms[:, 0]))
        chosen = uniforms[:, 1] < self.probability
        return change_some(
            images, chosen, lambda some, at: as_levels(some.float().mul_(factors[at]))
        )


@AUGMENTATIONS.add("contrast")
@dataclass(frozen=True, slots=True)
class Contrast:
    """Multiply every value's distance from the image's mean by 1 +- `fraction`."""

    name: ClassVar[str] = "contrast"
    n_uniforms: ClassVar[int] = 2

    fraction: float = option(0.2, low=0.0, high=1.0)
    probability: float = option(1.0, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image with its own contrast."""
        factors = 1 + self.fraction * signed(uniforms[:, 0])
        chosen = uniforms[:, 1] < self.probability

        def stretch(some: Tensor, at: Tensor) -> Tensor:
            # a sum of whole numbers: the same in any order
            sums = some.sum(dim=(1, 2, 3), dtype=torch.int64).double()
            means = sums / some[0].numel()
            moved = some.float().mul_(per_image(factors[at]))
            return as_levels(moved.add_(per_image(means * (1 - factors[at]))))

        return change_some(images, chosen, stretch)
