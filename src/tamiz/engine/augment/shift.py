"""Move by whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.picking import as_images, picked_columns, picked_rows
from tamiz.engine.augment.registry import AUGMENTATIONS


@AUGMENTATIONS.add("shift")
@dataclass(frozen=True, slots=True)
class Shift:
    """Move by up to `fraction` of the side across and down; what comes in is mirrored or black."""

    name: ClassVar[str] = "shift"
    n_uniforms: ClassVar[int] = 2

    fraction: float = option(0.1, low=0.0, high=0.5)
    fill: str = option("zero", choices=("zero", "reflect"))

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, each image moved by its own amount."""
        height, width = images.shape[2:]
        rows = self._sources(uniforms[:, 0], height)
        columns = self._sources(uniforms[:, 1], width)
        if self.fill == "reflect":
            return _pulled(images, _mirror(rows, height), _mirror(columns, width))
        moved = _pulled(images, rows.clamp(0, height - 1), columns.clamp(0, width - 1))
        moved.mul_(((rows >= 0) & (rows < height))[:, None, :, None])
        return moved.mul_(((columns >= 0) & (columns < width))[:, None, None])

    def _sources(self, uniforms: Tensor, side: int) -> Tensor:
        """Return (batch, side): for each target row or column, where it comes from."""
        most = round(self.fraction * side)
        moves = (uniforms * (2 * most + 1)).long() - most
        return torch.arange(side, device=uniforms.device)[None, :] - moves[:, None]


def _pulled(images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    n_channels = images.shape[1]
    return as_images(picked_columns(picked_rows(images, rows), columns, n_channels), n_channels)


def _mirror(positions: Tensor, side: int) -> Tensor:
    """Return positions folded back into 0..side-1 (the border pixel is not repeated)."""
    if side == 1:
        return torch.zeros_like(positions)
    return (side - 1) - ((positions % (2 * side - 2)) - (side - 1)).abs()
