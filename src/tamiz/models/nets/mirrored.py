"""Answers as the mean over an image and its mirror image."""

from __future__ import annotations

from torch import Tensor, nn


class Mirrored(nn.Module):
    """A network that looks at an image twice, the second time mirrored left to right.

    Worth it where training used mirrored images; it doubles the cost of an answer.
    """

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes): the mean of both scores."""
        scores: Tensor = (self.net(pixels) + self.net(pixels.flip(-1))) / 2
        return scores
