"""Mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import change_some
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("flip")
@dataclass(frozen=True, slots=True)
class Flip:
    """Mirror with `probability`, left and right ('horizontal') or top and bottom ('vertical').

    Used where the planner finds that mirror images keep their class, or where the recipe asks for
    it.
    """

    name: ClassVar[str] = "flip"
    n_uniforms: ClassVar[int] = 1

    probability: float = option(0.5, low=0.0, high=1.0)
    axis: str = option("horizontal", choices=("horizontal", "vertical"))

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, some of its images mirrored."""
        chosen = uniforms[:, 0] < self.probability
        axis = 3 if self.axis == "horizontal" else 2
        return change_some(images, chosen, lambda some, _at: some.flip(axis))
