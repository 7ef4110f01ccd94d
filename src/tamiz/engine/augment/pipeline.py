"""Several augmentations, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from torch import Tensor

from tamiz.engine.augment.registry import AUGMENTATIONS, Augmentation, Mixer
from tamiz.steps.tables import build_plugins


class Pipeline:
    """The recipe's augmentations in order; each gets random numbers of its own.

    Those that mix images (mixup, cutmix) come after all others, wherever the recipe names them,
    because they change the targets, too.
    """

    def __init__(self, tables: Sequence[Mapping[str, object]]) -> None:
        """Build from `[[train.augment]]` tables.

        Raises:
            WrongUse: a name, an option or a value is wrong; all faults are named.
        """
        self.parts: tuple[Augmentation | Mixer, ...] = tuple(
            build_plugins(AUGMENTATIONS, tables, "train.augment")
        )
        self.n_uniforms = sum(part.n_uniforms for part in self.parts)
        self.mixes = any(isinstance(part, Mixer) for part in self.parts)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the changed batch; `uniforms` is (batch, n_uniforms) float64 in [0, 1)."""
        for part, drawn in self._shared_out(uniforms):
            if isinstance(part, Augmentation):
                images = part(images, drawn)
        return images

    def mix(self, images: Tensor, targets: Tensor, uniforms: Tensor) -> tuple[Tensor, Tensor]:
        """Return images and targets mixed within the batch; `__call__` has changed the images.

        Args:
            images: (batch, channels, height, width) uint8.
            targets: (batch, classes) float32.
            uniforms: (batch, n_uniforms), the same that `__call__` was given.
        """
        for part, drawn in self._shared_out(uniforms):
            if isinstance(part, Mixer):
                images, targets = part.mix(images, targets, drawn)
        return images, targets

    def _shared_out(self, uniforms: Tensor) -> Iterator[tuple[Augmentation | Mixer, Tensor]]:
        start = 0
        for part in self.parts:
            yield part, uniforms[:, start : start + part.n_uniforms]
            start += part.n_uniforms
