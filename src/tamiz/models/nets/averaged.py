"""Answers as the mean of several networks' probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tamiz.metrics.calibration import Calibration


class Averaged(nn.Module):
    """Networks of one input; gives the logarithm of their mean probability as a score.

    Softmax of such scores (of several labels: sigmoid) gives the mean back.
    """

    def __init__(
        self,
        nets: Sequence[nn.Module],
        calibrations: Sequence[Calibration],
        *,
        is_multilabel: bool,
    ) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.calibrations = tuple(calibrations)
        self.is_multilabel = is_multilabel

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes) scores; float64, so that the mean loses nothing."""
        scores = torch.stack(
            [
                self._calibrated(net(pixels).double(), calibration)
                for net, calibration in zip(self.nets, self.calibrations, strict=True)
            ]
        )
        if self.is_multilabel:  # the log of the odds of the mean; the number of networks cancels
            yes, no = nn.functional.logsigmoid(scores), nn.functional.logsigmoid(-scores)
            return yes.logsumexp(dim=0) - no.logsumexp(dim=0)
        return scores.log_softmax(dim=2).logsumexp(dim=0) - math.log(len(scores))

    def _calibrated(self, scores: Tensor, calibration: Calibration) -> Tensor:
        """Return scores as `Calibration.probabilities` has them before softmax or sigmoid."""
        if not (self.is_multilabel or calibration.is_plain):
            scores = scores.log_softmax(dim=1)
        scales, shifts = scores.new_tensor([calibration.scales, calibration.shifts])
        made: Tensor = scores * scales + shifts + calibration.bend * scores**2
        return made
