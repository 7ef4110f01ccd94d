"""Answers as the mean of several networks' probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn


class Averaged(nn.Module):
    """Networks of one input; gives the logarithm of their mean probability as a score.

    Softmax of such scores (of several labels: sigmoid) gives the mean back.
    """

    def __init__(
        self, nets: Sequence[nn.Module], temperatures: Sequence[float], *, is_multilabel: bool
    ) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.temperatures = tuple(temperatures)
        self.is_multilabel = is_multilabel

    def forward(self, pixels: Tensor) -> Tensor:
        """Return (batch, classes) scores; float64, so that the mean loses nothing."""
        scores = torch.stack(
            [
                net(pixels).double() / temperature
                for net, temperature in zip(self.nets, self.temperatures, strict=True)
            ]
        )
        if self.is_multilabel:  # the log of the odds of the mean; the number of networks cancels
            yes, no = nn.functional.logsigmoid(scores), nn.functional.logsigmoid(-scores)
            return yes.logsumexp(dim=0) - no.logsumexp(dim=0)
        return scores.log_softmax(dim=2).logsumexp(dim=0) - math.log(len(scores))
