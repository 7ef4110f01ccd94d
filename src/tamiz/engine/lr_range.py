"""Learning-rate range test: which rates make the loss fall, tried on a throw-away network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.batch_size import batch_size_for
from tamiz.engine.device import (
    choose_precision,
    make_repeatable,
    pick_device,
    threads_for,
    using_threads,
)
from tamiz.engine.feed import Batch, Feed
from tamiz.engine.fine_tuning import freeze_below, options_of, rate_shares, stages_of
from tamiz.engine.loop import Plan, learning_mode
from tamiz.engine.losses import make_loss
from tamiz.engine.optim import make_optimiser
from tamiz.engine.train import Task, new_network
from tamiz.models.backbone import FITTED_HEADS

Floats = NDArray[np.float64]

_MEMORY: Final = 0.9  # of the running mean that decides when to stop: about ten steps
_HOPELESS: Final = 4.0  # times the lowest smoothed loss, as in fastai
_WIDTH: Final = 0.03  # of the curve's smoothing, as a share of its steps
_EDGE: Final = 3.0  # how far below the rate at which the fall ends the suggestion lies
_LEAST_FALL: Final = 0.02  # share of the start's loss, or of its whole fall: less is noise


@dataclass(frozen=True, slots=True)
class Sweep:
    """The rates that are tried: `n_steps` of them from `low` to `high`, equal factors apart."""

    low: float = 1e-7
    high: float = 10.0
    n_steps: int = 100

    def rates(self) -> Floats:
        """Return (n_steps,) the rates."""
        return np.geomspace(self.low, self.high, self.n_steps)


@dataclass(frozen=True, slots=True)
class RangeTest:
    """What the range test saw.

    Attributes:
        rates: (n,) tried, ascending; fewer than planned when the loss exploded.
        losses: (n,) the training loss before the step with that rate.
        smoothed: (n,) likewise, without the batches' noise.
        by_rule: the rate that each rule would take, by name: 'edge' (the suggestion),
            'valley', 'steepest', 'minimum'; empty when the loss did not fall, and without 'edge'
            and 'minimum' when it never rose again: then no rate was found to be too large.
        has_exploded: whether the loss rose beyond hope, so that the test ended early.
        part: what was trained: 'all', 'head', 'last-block', ...
        share: of `train.learning_rate` that this part trains with; None: the recipe's
            `train.stages` names a rate of its own.
    """

    rates: Floats
    losses: Floats
    smoothed: Floats
    by_rule: dict[str, float]
    has_exploded: bool
    part: str = "all"
    share: float | None = 1.0

    @property
    def suggestion(self) -> float | None:
        """Return the rate to train this part with; None when the loss did not fall."""
        return self.by_rule.get("edge", self.by_rule.get("steepest"))


def range_test(task: Task, sweep: Sweep | None = None, on_event: OnEvent = ignore) -> RangeTest:
    """Return how the loss behaves while the learning rate grows from step to step.

    A network is made as `train_network` would make it, trained for a hundred steps or fewer and
    thrown away; of a training in stages the first is tried. Nothing is written, and the random
    state is put back: a training afterwards gives the same bytes as without the test.

    Source: Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.3.

    Raises:
        WrongUse: a setting is wrong.
        WrongData: there are no starting weights.
    """
    head = task.model.options.get("head")
    if head in FITTED_HEADS:
        raise WrongUse.of("train.range_of_fitted_head", where="model.options.head", head=head)
    sweep = sweep or Sweep()
    device = pick_device(task.train.device)
    make_repeatable(device)
    precision = choose_precision(task.train.precision, device)
    n_threads = threads_for(task.train.threads, task.train.batch_size or 128, task.shape.side_px)
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda), using_threads(n_threads):
        torch.manual_seed(derive_seed(task.train.seed, "lr-range"))
        net, *_ = new_network(task, device)
        stage = stages_of(task.train)[0]
        freeze_below(net, stage)
        # the rate is the factor itself; as many epochs as it may take
        train = replace(options_of(stage, 0, task.train), learning_rate=1.0, epochs=sweep.n_steps)
        rows = replace(task.rows, shard=None, teacher=None)
        train = replace(train, batch_size=batch_size_for(net, train, rows, precision, device))
        feed = Feed(rows, train, Pipeline(train.augment), device)
        plan = Plan(
            train=train,
            precision=precision,
            device=device,
            feed=feed,
            loss=make_loss(train, rows.targets[rows.train], rows.classes, device),
        )
        losses = _sweep(net, plan, sweep, on_event)
    rates, share = sweep.rates()[: len(losses)], _share_of(task.train)
    is_whole = len(losses) == sweep.n_steps and bool(np.isfinite(losses).all())
    return make_range_test(rates, losses, has_exploded=not is_whole, part=stage.part, share=share)


def make_range_test(
    rates: Sequence[float] | Floats,
    losses: Sequence[float] | Floats,
    *,
    has_exploded: bool = False,
    part: str = "all",
    share: float | None = 1.0,
) -> RangeTest:
    """Return the range test of a curve: smoothed, with what each rule takes from it.

    Args:
        rates: (n,) ascending.
        losses: (n,); what comes after the first that is no number is left out.
        has_exploded: see `RangeTest`.
        part: see `RangeTest`.
        share: see `RangeTest`.
    """
    losses = np.asarray(losses, dtype=np.float64)
    n = int(np.argmax(~np.isfinite(losses))) if not np.isfinite(losses).all() else len(losses)
    rates, losses = np.asarray(rates, dtype=np.float64)[:n], losses[:n]
    smoothed = smooth(losses)
    return RangeTest(rates, losses, smoothed, _by_rule(rates, smoothed), has_exploded, part, share)


def smooth(losses: Floats) -> Floats:
    """Return (n,) the losses, each averaged with its neighbours by a Gaussian weight.

    Unlike a running mean it does not lag behind: a lag moves every rule towards larger rates.
    """
    n = len(losses)
    width = max(1.0, _WIDTH * n)
    distance = (np.arange(n)[:, None] - np.arange(n)[None, :]) / width
    weight = np.exp(-0.5 * distance**2)
    made: Floats = (weight @ losses) / weight.sum(axis=1)
    return made


def valley(losses: Floats) -> int:
    """Return the position in the middle of the longest descent, as fastai's `valley` does.

    The longest falling subsequence is found, and the point half-way through its second third
    taken: where the loss falls steadily, far from the edge at which it explodes.

    Source: fastai, `fastai/callback/schedule.py`, function `valley`.
    """
    n = len(losses)
    lengths = np.ones(n, dtype=np.int64)
    for i in range(1, n):
        before = lengths[:i][losses[:i] > losses[i]]
        lengths[i] = before.max(initial=0) + 1
    end = int(lengths.argmax())
    start = max(0, end - int(lengths[end]))
    third = (end - start) / 3
    return start + int(third) + int(third / 2)


def steepest(rates: Floats, losses: Floats) -> int:
    """Return the position where the loss falls fastest for each factor of the rate."""
    return int(np.gradient(losses, np.log(rates)).argmin())


def end_of_fall(smoothed: Floats) -> int:
    """Return the first position at which the loss is as low as it gets, but for noise.

    Where a network soon knows how frequent each label is and nothing else yet, the loss lies flat
    over decades of rates, and where it is lowest is chance (docs/reference/lr-range.md).

    Source: Smith 2017, section 3.3: the largest rate is where the accuracy "slows, becomes
    ragged, or starts to fall".
    """
    lowest = float(smoothed.min())
    noise = _LEAST_FALL * (float(smoothed[0]) - lowest)
    return int((smoothed <= lowest + noise).argmax())


def _by_rule(rates: Floats, smoothed: Floats) -> dict[str, float]:
    if len(smoothed) < 3:
        return {}
    lowest = int(smoothed.argmin())
    if smoothed[lowest] > (1 - _LEAST_FALL) * smoothed[0]:
        return {}
    until = slice(0, lowest + 1)  # what comes after the lowest point is the way up
    fall = float(smoothed[0] - smoothed[lowest])
    if smoothed[-1] - smoothed[lowest] < _LEAST_FALL * fall:  # a few images, learnt by heart
        return {
            "valley": float(rates[valley(smoothed[until])]),
            "steepest": float(rates[steepest(rates[until], smoothed[until])]),
        }
    return {
        "edge": float(rates[end_of_fall(smoothed)]) / _EDGE,
        "valley": float(rates[valley(smoothed[until])]),
        "steepest": float(rates[steepest(rates[until], smoothed[until])]),
        "minimum": float(rates[lowest]) / 10,
    }


def _sweep(net: torch.nn.Module, plan: Plan, sweep: Sweep, on_event: OnEvent) -> Floats:
    """Return the losses, one for each rate until the loss is beyond hope."""
    optimiser = make_optimiser(
        net, plan.train, plan.device, rate_shares(net, plan.train.layer_decay)
    )
    learning_mode(net)
    losses: list[float] = []
    is_hopeless = _stopper()
    steps = _steps_of(plan.feed)
    told = track(sweep.rates(), on_event, stage="lr-range", text=text("watching.trying_rates"))
    for rate, batches in zip(told, steps, strict=False):
        loss = 0.0
        n = sum(len(batch.targets) for batch in batches)
        for batch in batches:
            with plan.autocast():
                scores = net(batch.images)
            part = plan.loss(scores.float(), batch.targets) * (len(batch.targets) / n)
            part.backward()  # type: ignore[no-untyped-call]
            loss += float(part.detach())
        losses.append(loss)
        if is_hopeless(loss):
            break
        optimiser.set_factor(float(rate))
        optimiser.step(plan.train.clip_norm)
    return np.array(losses)


def _steps_of(feed: Feed) -> Iterator[list[Batch]]:
    """Yield the batches of each step, epoch after epoch."""
    for epoch in range(feed.n_epochs):
        batches: list[Batch] = []
        for number, batch in enumerate(feed.batches(epoch)):
            batches.append(batch)
            if feed.ends_step(epoch, number):
                yield batches
                batches = []


def _stopper() -> Callable[[float], bool]:
    """Return a function that says of each loss in turn whether it is beyond hope."""
    running, weight, lowest = 0.0, 0.0, math.inf

    def is_hopeless(loss: float) -> bool:
        nonlocal running, weight, lowest
        if not math.isfinite(loss):
            return True
        running = _MEMORY * running + (1 - _MEMORY) * loss
        weight = _MEMORY * weight + 1 - _MEMORY
        mean = running / weight
        lowest = min(lowest, mean)
        return mean > _HOPELESS * lowest

    return is_hopeless


def _share_of(train: TrainOptions) -> float | None:
    """Return what `train.learning_rate` is multiplied by in the first stage."""
    one, two = (
        stages_of(replace(train, learning_rate=rate))[0].learning_rate for rate in (1.0, 2.0)
    )
    return one if two == 2 * one else None
