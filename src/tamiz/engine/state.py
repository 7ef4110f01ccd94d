"""Everything that changes while a network is trained: what a checkpoint has to hold."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from tamiz.engine.optim import Optimiser

Score = tuple[float, float]
_UNKNOWN: Score = (math.inf, math.inf)


class Average:
    """A running average of all weights and buffers, nearer to the optimum than the last step."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).requires_grad_(False)  # noqa: FBT003
        self._decay = decay
        self._pairs = _pairs(self.module, module)

    @torch.no_grad()
    def update(self, n_steps: int) -> None:
        """Move towards the module by 1 - decay, faster during the first steps."""
        decay = min(self._decay, (1 + n_steps) / (10 + n_steps))
        real = [(mine, its) for mine, its in self._pairs if mine.is_floating_point()]
        torch._foreach_lerp_([a for a, _ in real], [b for _, b in real], 1 - decay)
        for mine, its in self._pairs:
            if not mine.is_floating_point():
                mine.copy_(its)


@dataclass(slots=True)
class Best:
    """The weights of the best epoch so far (without validation rows: of the last).

    Attributes:
        epoch: its number, from 0.
        score: what it was chosen by, smaller is better: the loss, or a share with minus before it
            and then the loss, since few validation images often give equal shares.
        weights: by name.
    """

    epoch: int
    score: Score
    weights: dict[str, Tensor]


def score_of(figures: Mapping[str, Any], monitor: str) -> Score | None:
    """Return what an epoch is judged by, smaller is better; None without validation rows.

    A validation loss that is no number makes it no number, whatever is monitored.
    """
    loss = figures["val_loss"]
    if loss is None:
        return None
    if not math.isfinite(loss):
        return math.nan, math.nan
    share = float(loss) if monitor == "loss" else -float(figures[f"val_{monitor}"])
    return share, float(loss)


@dataclass(slots=True)
class State:
    """Where the training stands, always between two steps.

    Attributes:
        module: the network.
        optimiser: with its moments.
        average: the running average, None when not asked for.
        epoch: epochs finished.
        batch: batches finished in the current epoch.
        losses: sum of the training losses of those batches.
        seconds: spent training, over all sessions.
        epoch_started_s: value of `seconds` at the current epoch's start.
        first_loss: at the very first step; ln(classes) for a network that knows nothing.
        history: one table of figures for each finished epoch.
        best: see `Best`.
    """

    module: nn.Module
    optimiser: Optimiser
    average: Average | None = None
    epoch: int = 0
    batch: int = 0
    losses: float = 0.0
    seconds: float = 0.0
    epoch_started_s: float = 0.0
    first_loss: float | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    best: Best | None = None

    @property
    def judged(self) -> nn.Module:
        """Return the network that is validated and kept."""
        return self.average.module if self.average else self.module

    def end_epoch(self, figures: dict[str, Any], monitor: str = "loss") -> None:
        """Close the epoch: keep its figures, and its weights when they are the best so far."""
        self.history.append(figures)
        score = score_of(figures, monitor)
        is_best = score is None or (
            math.isfinite(score[1]) and (self.best is None or score < self.best.score)
        )
        if is_best:
            weights = {k: v.detach().clone() for k, v in self.judged.state_dict().items()}
            self.best = Best(self.epoch, score or _UNKNOWN, weights)
        self.epoch, self.batch, self.losses = self.epoch + 1, 0, 0.0
        self.epoch_started_s = self.seconds

    def epochs_without_gain(self) -> int:
        """Return how many epochs have passed since the best one."""
        return self.epoch - 1 - self.best.epoch if self.best else self.epoch


def _pairs(ours: nn.Module, theirs: nn.Module) -> list[tuple[Tensor, Tensor]]:
    mine, its = ours.state_dict(keep_vars=True), theirs.state_dict(keep_vars=True)
    return [(mine[name].detach(), its[name].detach()) for name in mine]
