"""Normalisation as part of the network, so that nobody can forget it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Normalised(nn.Module):
    """A network that reads uint8 pixels: value / 255, minus mean, over standard deviation."""

    scale: Tensor
    shift: Tensor

    def __init__(self, net: nn.Module, mean: Sequence[float], std: Sequence[float]) -> None:
        super().__init__()
        self.net = net
        # Worked out where there are numbers, then moved: arithmetic without numbers (on 'meta')
        # would load torch's compiler, which takes seconds and 160 MB.
        spread = torch.tensor(std, dtype=torch.float32, device="cpu").view(1, -1, 1, 1)
        centre = torch.tensor(mean, dtype=torch.float32, device="cpu").view(1, -1, 1, 1)
        here = torch.get_default_device()
        self.register_buffer("scale", (1.0 / (255.0 * spread)).to(here))
        self.register_buffer("shift", (-centre / spread).to(here))

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes) scores of (batch, channels, height, width) values 0..255."""
        scores: Tensor = self.net(torch.addcmul(self.shift, pixels.float(), self.scale))
        return scores
