"""Grain: noise on every pixel, or on some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import as_levels, change_some, per_image
from tamiz.engine.augment.noise_bits import noise_normals, noise_words
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("noise")
@dataclass(frozen=True, slots=True)
class Noise:
    """Add normal noise with a standard deviation of up to `std` (in levels of 0..255)."""

    name: ClassVar[str] = "noise"
    n_uniforms: ClassVar[int] = 3

    std: float = option(10.0, low=0.0, high=255.0)
    probability: float = option(0.5, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, in some images noise of its own strength."""
        chosen = (uniforms[:, 1] < self.probability) & (uniforms[:, 2] * self.std > 0)

        def grainy(some: Tensor, at: Tensor) -> Tensor:
            drawn = noise_normals(uniforms[at, 0], some[0].numel())
            drawn = drawn.reshape(some.shape).mul_(per_image(self.std * uniforms[at, 2]))
            return as_levels(drawn.add_(some))

        return change_some(images, chosen, grainy)


@AUGMENTATIONS.add("salt_pepper")
@dataclass(frozen=True, slots=True)
class SaltPepper:
    """Turn up to `fraction` of the pixels white or black, half of them each."""

    name: ClassVar[str] = "salt_pepper"
    n_uniforms: ClassVar[int] = 3

    fraction: float = option(0.05, low=0.0, high=1.0)
    probability: float = option(0.5, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, some of its images with white and black pixels."""
        chosen = uniforms[:, 1] < self.probability

        def peppered(some: Tensor, at: Tensor) -> Tensor:
            n, _, height, width = some.shape
            words = noise_words(uniforms[at, 0], height * width).reshape(n, 1, height, width)
            share = (self.fraction * uniforms[at, 2] * 2.0**31).long()[:, None, None, None]
            is_hit = (words & 0x7FFFFFFF) < share
            values = (words < 0).to(torch.uint8) * 255
            return torch.where(is_hit, values, some)

        return change_some(images, chosen, peppered)
