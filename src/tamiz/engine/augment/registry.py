"""The registry of augmentations."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol, runtime_checkable

from torch import Tensor

from tamiz.core.registry import Registry


@runtime_checkable
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


@runtime_checkable
class Mixer(Protocol):
    """A frozen dataclass of options that mixes images of one batch, and what they show.

    Every image's result depends on the batch that it is in, and not on the order of the batch.
    """

    name: ClassVar[str]
    n_uniforms: ClassVar[int]

    def mix(self, images: Tensor, targets: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """Return the mixed images and targets.

        Args:
            images: (batch, channels, height, width) uint8.
            targets: (batch, classes) float32, the share of each class.
            uniforms: (batch, n_uniforms) float64 in [0, 1).
        """
        ...


AUGMENTATIONS: Final[Registry[type[Augmentation] | type[Mixer]]] = Registry(
    "augmentations", "tamiz.engine.augment"
)
