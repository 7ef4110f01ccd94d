"""Mirror left and right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("flip")
@dataclass(frozen=True, slots=True)
class Flip:
    """Mirror left and right with `probability`.

    Used where the planner finds that mirror images keep their class, or where the recipe asks for
    it.
    """

    name: ClassVar[str] = "flip"
    n_uniforms: ClassVar[int] = 1

    probability: float = option(0.5, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, some of its images mirrored."""
        chosen = uniforms[:, 0] < self.probability
        return torch.where(chosen[:, None, None, None], images.flip(3), images)
