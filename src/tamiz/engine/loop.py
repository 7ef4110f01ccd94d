"""The training loop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from tamiz.core.recipe import TrainOptions
from tamiz.engine.feed import Feed, Rows
from tamiz.engine.infer import groups_of
from tamiz.engine.optim import rate_factor
from tamiz.engine.state import State
from tamiz.engine.watch import Watch

_VAL_BATCH = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays fixed while a network is trained."""

    train: TrainOptions
    precision: str
    device: torch.device
    n_batches: int

    def factor(self, epoch: int, batch: int) -> float:
        """Return the learning-rate factor of one step."""
        step, total = epoch * self.n_batches + batch, self.train.epochs * self.n_batches
        return rate_factor(self.train.schedule, step, total, self.train.warmup_fraction)

    def autocast(self) -> torch.autocast:
        """Return the context in which the network computes."""
        enabled = self.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=enabled)

    def is_over(self, state: State) -> bool:
        """Return whether the epochs, the patience or the minutes are used up."""
        train = self.train
        return (
            state.epoch >= train.epochs
            or (train.patience > 0 and state.epochs_without_gain() >= train.patience)
            or (train.max_minutes is not None and state.seconds >= 60 * train.max_minutes)
        )


def train_epochs(state: State, feed: Feed, rows: Rows, plan: Plan, watch: Watch) -> None:
    """Train until the plan is over; `state` holds the result.

    Raises:
        WrongData: the loss is no number any more; epoch, step, rate and items are named.
        KeyboardInterrupt: the user stopped it; the checkpoint is written.
    """
    smoothing = plan.train.label_smoothing
    while not plan.is_over(state):
        state.module.train()
        for images, targets in feed.batches(state.epoch, first=state.batch):
            factor = plan.factor(state.epoch, state.batch)
            state.optimiser.set_factor(factor)
            with plan.autocast():
                scores = state.module(images)
            loss = cross_entropy(scores.float(), targets, label_smoothing=smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            state.optimiser.step()
            state.batch += 1
            if state.average:
                state.average.update(state.epoch * plan.n_batches + state.batch)
            if watch.after_step(state, loss.detach()):
                break  # the time is up
        watch.flush(state)
        val_loss, val_accuracy = validate(state.judged, rows, plan)
        watch.clock(state)
        state.end_epoch(
            {
                "epoch": state.epoch + 1,
                "train_loss": state.losses / max(1, state.batch),
                "val_loss": val_loss,
                "val_accuracy": val_accuracy,
                "learning_rate": plan.train.learning_rate
                * plan.factor(state.epoch, state.batch - 1),
                "seconds": round(state.seconds - state.epoch_started_s, 3),
            }
        )
        watch.after_epoch(state)


@torch.inference_mode()
def validate(module: nn.Module, rows: Rows, plan: Plan) -> tuple[float | None, float | None]:
    """Return mean negative log-likelihood and accuracy on the validation rows; None without any."""
    if not len(rows.val):
        return None, None
    module.eval()
    groups = groups_of(rows.val, _VAL_BATCH)
    total, right = torch.zeros((), dtype=torch.float64, device=plan.device), 0
    wanted = torch.from_numpy(rows.targets)
    pairs: Any = zip(groups, rows.images.batches(groups), strict=True)
    for group, images in pairs:
        targets = wanted[torch.from_numpy(group)].to(plan.device)
        with plan.autocast():
            scores = module(images.to(plan.device))
        total += cross_entropy(scores.double(), targets, reduction="sum")
        right += int((scores.argmax(1) == targets).sum())
    loss = float(total) / len(rows.val)
    return (loss if math.isfinite(loss) else math.nan), right / len(rows.val)
