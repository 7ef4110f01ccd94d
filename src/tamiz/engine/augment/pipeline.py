"""Several augmentations, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor

from tamiz.engine.augment.registry import AUGMENTATIONS, Augmentation
from tamiz.steps.tables import build_plugins


class Pipeline:
    """The recipe's augmentations in order; each gets random numbers of its own."""

    def __init__(self, tables: Sequence[Mapping[str, object]]) -> None:
        """Build from `[[train.augment]]` tables.

        Raises:
            WrongUse: a name, an option or a value is wrong; all faults are named.
        """
        self.parts: tuple[Augmentation, ...] = tuple(
            build_plugins(AUGMENTATIONS, tables, "train.augment")
        )
        self.n_uniforms = sum(part.n_uniforms for part in self.parts)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the changed batch; `uniforms` is (batch, n_uniforms) float64 in [0, 1)."""
        start = 0
        for part in self.parts:
            images = part(images, uniforms[:, start : start + part.n_uniforms])
            start += part.n_uniforms
        return images
