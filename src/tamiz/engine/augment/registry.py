"""The registry of augmentations."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol

from torch import Tensor

from tamiz.core.registry import Registry


class Augmentation(Protocol):
    """A frozen dataclass of options that changes a batch.

    Every image's result depends on its own pixels and its own uniforms only.
    """

    name: ClassVar[str]
    n_uniforms: ClassVar[int]  # how many random numbers an image needs

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the changed batch.

        Args:
            images: (batch, channels, height, width) uint8.
            uniforms: (batch, n_uniforms) float64 in [0, 1).
        """
        ...


AUGMENTATIONS: Final[Registry[type[Augmentation]]] = Registry(
    "augmentations", "tamiz.engine.augment"
)
