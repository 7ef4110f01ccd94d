"""Zoom into a random part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.picking import as_images, picked_columns, picked_rows
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("crop")
@dataclass(frozen=True, slots=True)
class Crop:
    """Enlarge a random part, of at least `least_area` of the image, to the full size.

    Bilinear, in whole-number arithmetic, so that every machine gives the same bytes.
    """

    name: ClassVar[str] = "crop"
    n_uniforms: ClassVar[int] = 3

    least_area: float = option(0.7, low=0.05, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image enlarged from its own part."""
        scale = (self.least_area + (1 - self.least_area) * uniforms[:, 0]).sqrt()
        y0, y1, wy = _axis(images.shape[2], scale, uniforms[:, 1])
        x0, x1, wx = _axis(images.shape[3], scale, uniforms[:, 2])
        n_channels = images.shape[1]
        top, bottom = (picked_rows(images, at).int() for at in (y0, y1))
        rows = top.mul_(256 - wy[:, :, None]).add_(bottom.mul_(wy[:, :, None]))
        left, right = (picked_columns(rows, at, n_channels) for at in (x0, x1))
        weights = wx.repeat_interleave(n_channels, dim=1)[:, None]
        mixed = left.mul_(256 - weights).add_(right.mul_(weights))
        return as_images(((mixed + 32768) >> 16).to(torch.uint8), n_channels)


def _axis(side: int, scale: Tensor, place: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return for each target position the two source positions and the second's weight (of 256)."""
    start = place * (1 - scale) * side
    at = torch.arange(side, dtype=torch.float64, device=scale.device)
    source = (start[:, None] + (at[None, :] + 0.5) * scale[:, None] - 0.5).clamp(0, side - 1)
    first = source.floor()
    weight = ((source - first) * 256).round().int()
    low = first.long()
    return low, (low + 1).clamp(max=side - 1), weight
