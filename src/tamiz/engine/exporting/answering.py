"""A network whose scores have become probabilities, as part of a program."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tamiz.metrics.calibration import Calibration


class Answering(nn.Module):
    """Reads (batch, height, width, channels) uint8 pixels, gives (batch, classes) probabilities.

    The arithmetic is that of `metrics.calibration`, in float64.
    """

    scales: Tensor
    shifts: Tensor

    def __init__(self, net: nn.Module, calibration: Calibration, *, is_multilabel: bool) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("scales", torch.tensor(calibration.scales, dtype=torch.float64))
        self.register_buffer("shifts", torch.tensor(calibration.shifts, dtype=torch.float64))
        self.bend = calibration.bend
        self.is_multilabel = is_multilabel
        self.takes_logs = not (is_multilabel or calibration.is_plain)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return probabilities, float64."""
        scores = self.net(pixels.permute(0, 3, 1, 2)).double()
        if self.takes_logs:
            scores = scores.log_softmax(dim=1)
        scaled = scores * self.scales + self.shifts + self.bend * scores**2
        made: Tensor = scaled.sigmoid() if self.is_multilabel else scaled.softmax(dim=1)
        return made
