"""The training loop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from tamiz.core.recipe import TrainOptions
from tamiz.engine.feed import Batch, Feed, Rows
from tamiz.engine.infer import groups_of
from tamiz.engine.losses import Listening, Loss
from tamiz.engine.optim import decay_factor, rate_factor
from tamiz.engine.state import State
from tamiz.engine.together.team import ALONE, Team, step_of
from tamiz.engine.watch import Watch

T = TypeVar("T")
_VAL_BATCH = 256
_MOST_VAL_PIXELS = 2**24  # in a batch of validation rows


@dataclass(frozen=True, slots=True)
class Plan:
    """What stays fixed while a network is trained.

    Attributes:
        train: the recipe's section.
        precision: 'float32' or 'bfloat16'.
        device: where it computes.
        feed: the training batches.
        loss: what is made small.
        listening: how a teacher is listened to; None without one.
        stage: of the training, from 0; `part` is what it trains, in words.
        part: see `stage`.
        seconds_before: spent in earlier stages.
        team: the processes that train together.
    """

    train: TrainOptions
    precision: str
    device: torch.device
    feed: Feed
    loss: Loss
    listening: Listening | None = None
    stage: int = 0
    part: str = "all"
    seconds_before: float = 0.0
    team: Team = ALONE

    def factor(self, epoch: int, batch: int, history: list[dict[str, Any]]) -> float:
        """Return the learning-rate factor of one step; one schedule over all super batches."""
        step, total = self.feed.step_of(epoch, batch), self.feed.n_steps
        warm = rate_factor(self.train.schedule, step, total, self.train.warmup_fraction)
        return warm * decay_factor(self.train, step, total, history)

    def autocast(self) -> torch.autocast:
        """Return the context in which the network computes."""
        enabled = self.precision == "bfloat16"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=enabled)

    def is_over(self, state: State) -> bool:
        """Return whether the epochs, the patience or the minutes are used up.

        With super batches patience begins with the last one: each has to be seen.
        """
        train = self.train
        has_patience = train.patience > 0 and self.feed.is_last_shard(state.epoch)
        waited = min(state.epochs_without_gain(), state.epoch % train.epochs)
        minutes = train.max_minutes
        return (
            state.epoch >= self.feed.n_epochs
            or (has_patience and waited >= train.patience)
            or (minutes is not None and state.seconds + self.seconds_before >= 60 * minutes)
        )


def train_epochs(state: State, rows: Rows, plan: Plan, watch: Watch) -> None:
    """Train until the plan is over; `state` holds the result.

    Raises:
        WrongData: the loss is no number any more; epoch, step, rate and items are named.
        KeyboardInterrupt: the user stopped it; the checkpoint is written.
    """
    feed = plan.feed
    while not plan.is_over(state):
        learning_mode(state.module)
        for batch in feed.batches(state.epoch, first=state.batch):
            loss = _loss_of(state.module, batch, plan) * batch.part.share
            share = feed.n_in_step(state.epoch, state.batch)
            (loss / share).backward()  # type: ignore[no-untyped-call]
            state.batch += 1
            is_whole_step = feed.ends_step(state.epoch, state.batch - 1)
            word = None
            if is_whole_step:
                if plan.team.n > 1:
                    word = plan.team.add_gradients(state.module, watch.word(state))
                factor = plan.factor(state.epoch, state.batch - 1, state.history)
                state.optimiser.set_factor(factor)
                state.optimiser.step(plan.train.clip_norm)
                if state.average:
                    state.average.update(feed.step_of(state.epoch, state.batch))
            if watch.after_batch(state, loss.detach(), is_whole_step=is_whole_step, word=word):
                break  # the time is up
        watch.flush(state)
        figures = validate(state.judged, rows, plan)
        watch.agree(state)
        state.end_epoch({**_facts(state, plan), **figures, **_seconds(state)}, plan.train.monitor)
        watch.after_epoch(state)


def learning_mode(module: nn.Module) -> None:
    """Switch to training what learns; what is frozen keeps its statistics and drops nothing out.

    A part all of whose parameters are frozen is left in inference mode, with everything in it.
    """
    parameters = list(module.parameters())
    if parameters and not any(p.requires_grad for p in parameters):
        module.eval()
        return
    module.training = True
    for child in module.children():
        learning_mode(child)


def _loss_of(module: nn.Module, batch: Batch, plan: Plan) -> Tensor:
    with plan.autocast(), step_of(plan.team, batch.part):
        scores = module(batch.images)
    scores = scores.float()
    loss = plan.loss(scores, batch.targets)
    if plan.listening is None:
        return loss
    return plan.listening.mixed(loss, scores, batch, module)


def _facts(state: State, plan: Plan) -> dict[str, Any]:
    epoch = state.epoch
    made: dict[str, Any] = {"epoch": epoch + 1}
    if plan.train.stages:
        made |= {"stage": plan.stage + 1, "part": plan.part}
    if plan.feed.ordering.n_shards > 1:
        made["shard"] = plan.feed.ordering.shard_of(epoch) + 1
    factor = plan.factor(epoch, max(0, state.batch - 1), state.history)
    return {
        **made,
        "train_loss": state.losses / max(1, state.batch),
        "learning_rate": plan.train.learning_rate * factor,
    }


def _seconds(state: State) -> dict[str, float]:
    return {"seconds": round(state.seconds - state.epoch_started_s, 3)}


@torch.inference_mode()
def validate(module: nn.Module, rows: Rows, plan: Plan) -> dict[str, float | None]:
    """Return loss, accuracy and F1 on the validation rows, each None without any.

    With one label: mean negative log-likelihood, accuracy, macro F1. With several: mean binary
    cross-entropy, share of images whose labels are all right, mean F1 per image (labels above
    probability 0.5; no label where there is none is right).
    """
    names = ("val_loss", "val_accuracy", "val_f1")
    if not len(rows.val):
        return dict.fromkeys(names)
    module.eval()
    size = max(1, min(_VAL_BATCH, _MOST_VAL_PIXELS // max(1, int(np.prod(rows.images.shape)))))
    groups = groups_of(rows.val, size)
    team = plan.team
    sums, found, wanted = [], [], torch.from_numpy(rows.targets)
    mine = groups[team.rank :: team.n]  # whole groups: each is judged once, in one shape
    for group, pixels in zip(mine, rows.images.batches(mine), strict=True):
        targets = wanted[torch.from_numpy(group)].to(plan.device)
        with plan.autocast():
            scores = module(pixels.to(plan.device))
        sums.append(_summed_loss(scores.double(), targets))
        found.append((scores > 0) if rows.is_multilabel else scores.argmax(1))
    judged = [(float(one), answers.cpu().numpy()) for one, answers in zip(sums, found, strict=True)]
    by_group = _dealt(team.gathered(judged))
    loss = sum(one for one, _ in by_group) / len(rows.val)
    answers = np.concatenate([answers for _, answers in by_group])
    share = _shares_right(answers, rows.targets[rows.val], len(rows.classes))
    return dict(zip(names, (loss if math.isfinite(loss) else math.nan, *share), strict=True))


def _dealt(hands: Sequence[Sequence[T]]) -> list[T]:
    """Return what was dealt out one by one in its first order."""
    n = sum(map(len, hands))
    return [hands[place % len(hands)][place // len(hands)] for place in range(n)]


def _summed_loss(scores: Tensor, targets: Tensor) -> Tensor:
    if targets.ndim == 1:
        return cross_entropy(scores, targets, reduction="sum")
    each = binary_cross_entropy_with_logits(scores, targets.double(), reduction="none")
    return each.mean(1).sum()


def _shares_right(answers: Any, targets: Any, n_classes: int) -> tuple[float, float]:
    """Return (accuracy, F1) as `validate` says."""
    if targets.ndim == 2:
        wanted = targets > 0.5
        both, either = (answers & wanted).sum(1), answers.sum(1) + wanted.sum(1)
        f1 = np.where(either == 0, 1.0, 2 * both / np.maximum(either, 1))
        return float((answers == wanted).all(1).mean()), float(f1.mean())
    table = np.bincount(targets * n_classes + answers, minlength=n_classes**2)
    table = table.reshape(n_classes, n_classes)
    sums = table.sum(0) + table.sum(1)
    f1 = 2 * np.diag(table)[sums > 0] / sums[sums > 0]
    return float((answers == targets).mean()), float(f1.mean())
