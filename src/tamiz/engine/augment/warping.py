"""Images pulled from other places of themselves: what rotate, zoom and elastic have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor

FILLS: Final = ("zero", "edge", "reflect")
_PADDING: Final = {"zero": "zeros", "edge": "border", "reflect": "reflection"}


def warped(images: Tensor, rows: Tensor, columns: Tensor, fill: str) -> Tensor:
    """Return float32 whole numbers: each pixel from (row, column) of its own image, bilinear.

    Args:
        images: (batch, channels, height, width) uint8.
        rows: (batch, height, width) float32, where pixels come from, in pixels; 0 is the middle of
            the first one.
        columns: likewise.
        fill: what lies outside: 'zero' (black), 'edge' (the last pixel again) or 'reflect'.
    """
    height, width = images.shape[2:]
    grid = torch.stack([_of_side(columns, width), _of_side(rows, height)], dim=-1)
    pulled = torch.nn.functional.grid_sample(
        images.contiguous().float(),
        grid,
        mode="bilinear",
        padding_mode=_PADDING[fill],
        align_corners=False,
    )
    return pulled.round_().clamp_(0, 255)


def turned_and_scaled(
    images: Tensor, degrees: Sequence[float], scales: Tensor, fill: str
) -> Tensor:
    """Return float32 whole numbers: images turned counter-clockwise and enlarged, about the middle.

    Args:
        images: (batch, channels, height, width) uint8.
        degrees: one for each image; with multiples of 90 a square image gives its np.rot90.
        scales: (batch,), above 1 enlarges.
        fill: see `warped`.
    """
    height, width = images.shape[2:]
    # math's sine, number by number: a vectorised one may differ with the place in the batch
    turns = [(_cosine(angle), _cosine(angle - 90)) for angle in degrees]
    cosine, sine = torch.tensor(turns, dtype=torch.float64, device=images.device).unbind(1)
    cosine, sine = ((part / scales).float()[:, None, None] for part in (cosine, sine))
    down = _from_middle(height, images.device)[None, :, None]
    across = _from_middle(width, images.device)[None, None, :]
    rows = down * cosine + across * sine + (height - 1) / 2
    columns = across * cosine - down * sine + (width - 1) / 2
    return warped(images, rows, columns, fill)


def _cosine(degrees: float) -> float:
    quarters, rest = divmod(degrees, 90)
    if rest == 0:  # exactly, so that a quarter turn moves whole pixels
        return (1.0, 0.0, -1.0, 0.0)[int(quarters) % 4]
    return math.cos(math.radians(degrees))


def _from_middle(side: int, device: torch.device) -> Tensor:
    return torch.arange(side, dtype=torch.float32, device=device) - (side - 1) / 2


def _of_side(positions: Tensor, side: int) -> Tensor:
    """Return positions as `grid_sample` counts them: -1 and 1 are the outer borders."""
    return (2 * positions + 1) / side - 1
