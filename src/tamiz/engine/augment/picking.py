"""Rows and columns of each image of a batch, in another order for each image."""

from __future__ import annotations

import torch
from torch import Tensor


def picked_rows(images: Tensor, at: Tensor) -> Tensor:
    """Return (batch, k, width * channels): row `at[i, j]` of image i, channels side by side.

    Args:
        images: (batch, channels, height, width).
        at: (batch, k) int64, from 0 to height - 1.
    """
    n, n_channels, height, width = images.shape
    rows = images.permute(0, 2, 3, 1).reshape(n * height, width * n_channels)
    first = (torch.arange(n, device=images.device) * height)[:, None]
    return rows.index_select(0, (first + at).reshape(-1)).view(n, -1, width * n_channels)


def picked_columns(rows: Tensor, at: Tensor, n_channels: int) -> Tensor:
    """Return (batch, k, columns * channels) of what `picked_rows` gave.

    Args:
        rows: (batch, k, width * channels).
        at: (batch, columns) int64, from 0 to width - 1.
        n_channels: of each pixel.
    """
    channels = torch.arange(n_channels, device=rows.device)
    places = (at[:, :, None] * n_channels + channels).flatten(1)[:, None]
    return rows.gather(2, places.expand(-1, rows.shape[1], -1))


def as_images(rows: Tensor, n_channels: int) -> Tensor:
    """Return (batch, channels, height, width) from (batch, height, width * channels)."""
    n, height, length = rows.shape
    return rows.view(n, height, length // n_channels, n_channels).permute(0, 3, 1, 2)
