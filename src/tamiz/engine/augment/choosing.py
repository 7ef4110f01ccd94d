"""Changing some images of a batch and leaving the others as they are."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def change_some(
    images: Tensor, chosen: Tensor, change: Callable[[Tensor, Tensor], Tensor]
) -> Tensor:
    """Return the batch, the chosen images replaced by what `change` makes of them.

    Args:
        images: (batch, channels, height, width) uint8.
        chosen: (batch,) bool.
        change: takes the chosen images and their positions in the batch, returns the new images,
            of any dtype that holds whole numbers from 0 to 255.
    """
    at = chosen.nonzero()[:, 0]
    if not len(at):
        return images
    if len(at) == len(images):
        return torch.empty_like(images).copy_(change(images, at))
    made = images.clone()
    put(made, at, change(taken(images, at), at))
    return made


def taken(images: Tensor, at: Tensor) -> Tensor:
    """Return the images at these positions, laid out in memory as they were."""
    if images.is_contiguous():
        return images.index_select(0, at)
    return images.permute(0, 2, 3, 1).index_select(0, at).permute(0, 3, 1, 2)


def put(images: Tensor, at: Tensor, changed: Tensor) -> None:
    """Replace the images at these positions."""
    changed = changed.to(images.dtype)
    if images.is_contiguous():
        images.index_copy_(0, at, changed)
    else:
        images.permute(0, 2, 3, 1).index_copy_(0, at, changed.permute(0, 2, 3, 1))


def signed(uniforms: Tensor) -> Tensor:
    """Return the numbers spread over [-1, 1); a uniform of 0.5 gives 0."""
    return 2 * uniforms - 1


def per_image(numbers: Tensor) -> Tensor:
    """Return (batch, 1, 1, 1) float32, ready to be multiplied with a batch."""
    return numbers.to(torch.float32)[:, None, None, None]


def as_levels(values: Tensor) -> Tensor:
    """Return float values rounded and limited to 0..255; the tensor itself is changed."""
    return values.round_().clamp_(0, 255)
