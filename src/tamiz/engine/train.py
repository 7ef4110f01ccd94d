"""From prepared rows and a recipe to trained weights."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, ignore
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.checkpoint import Checkpoints
from tamiz.engine.device import (
    choose_precision,
    describe_device,
    make_repeatable,
    pick_device,
    threads_for,
    using_threads,
)
from tamiz.engine.feed import Feed, Rows
from tamiz.engine.loop import Plan, train_epochs
from tamiz.engine.optim import make_optimiser
from tamiz.engine.prepared import mean_and_std
from tamiz.engine.state import Average, State
from tamiz.engine.watch import Watch
from tamiz.models.build import build_network, count_parameters, resolve_model
from tamiz.models.registry import InputShape

_NO_INFLUENCE: Final = frozenset({"checkpoint_s", "max_minutes", "device", "threads"})


@dataclass(frozen=True, slots=True)
class Trained:
    """The result of a training.

    Attributes:
        weights: of the best epoch, by name, for `Bundle`.
        mean: per channel, of value / 255 over training rows.
        std: likewise.
        history: one table of figures for each epoch.
        best_epoch: its number, from 1.
        seconds: spent training, over all sessions.
        n_parameters: how many numbers were learnt.
        precision: 'float32' or 'bfloat16', as computed.
        device: in words.
        first_loss: at the first step; compare `expected_first_loss`.
        expected_first_loss: ln(classes), of a network that knows nothing.
        was_resumed: whether it went on from a checkpoint.
    """

    weights: dict[str, NDArray[Any]]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    history: list[dict[str, Any]]
    best_epoch: int
    seconds: float
    n_parameters: int
    precision: str
    device: str
    first_loss: float
    expected_first_loss: float
    was_resumed: bool

    def facts(self) -> dict[str, Any]:
        """Return what a bundle records about its training."""
        return {
            "epochs": len(self.history),
            "best_epoch": self.best_epoch,
            "n_parameters": self.n_parameters,
            "precision": self.precision,
            "device": self.device,
        }


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be trained on what.

    Attributes:
        model: section of the recipe.
        train: section of the recipe.
        rows: images, targets, keys, positions, classes.
        names: what to call the rows of `images` in messages (paths); empty: their numbers.
    """

    model: ModelOptions
    train: TrainOptions
    rows: Rows
    names: Sequence[str] = field(default=())

    @property
    def shape(self) -> InputShape:
        """Return what the network reads and tells apart."""
        height, _, channels = self.rows.images.shape
        return InputShape(channels, height, len(self.rows.classes))

    def config(self, precision: str) -> dict[str, Any]:
        """Return all that the weights depend on, by name, ready for JSON."""
        train = {f"train.{k}": v for k, v in asdict(self.train).items() if k not in _NO_INFLUENCE}
        model = {f"model.{k}": v for k, v in asdict(self.model).items()}
        made = {**train, **model, "train.precision": precision, "data": _digest(self.rows)}
        return {**made, "prepare.shape": list(self.rows.images.shape)}


def check_task(model: ModelOptions, train: TrainOptions, shape: InputShape) -> None:
    """Raise `WrongUse` for whatever is wrong here; no image is read and no weight is made."""
    resolve_model(model.name, model.options, shape)
    Pipeline(train.augment)
    pick_device(train.device)


def train_network(
    task: Task,
    checkpoint_folder: Path | None = None,
    on_event: OnEvent = ignore,
    *,
    resume: bool = True,
) -> Trained:
    """Return the trained weights; goes on from a checkpoint when the folder holds one.

    Args:
        task: what to train on what.
        checkpoint_folder: where checkpoints lie; None: none are written.
        on_event: told about progress, epochs and warnings.
        resume: False deletes the checkpoints that are there and starts anew.

    Raises:
        WrongUse: a setting is wrong, or a checkpoint was made with others.
        WrongData: the training diverged, or there are no rows to train on.
        MachineTrouble: the disk is full.
        KeyboardInterrupt: the user stopped it; the state is saved.
    """
    _check_rows(task.rows)
    device = pick_device(task.train.device)
    make_repeatable(device)
    precision = choose_precision(task.train.precision, device)
    pipeline = Pipeline(task.train.augment)
    feed = Feed(task.rows, task.train.batch_size, pipeline, task.train.seed, device)
    plan = Plan(task.train, precision, device, feed.n_batches)
    mean, std = mean_and_std(task.rows.images, task.rows.train)
    config = task.config(precision)
    keeper = Checkpoints(checkpoint_folder, config, on_event) if checkpoint_folder else None
    cuda = [device] if device.type == "cuda" else []
    n_threads = threads_for(task.train.threads, task.train.batch_size, task.shape.side_px)
    with torch.random.fork_rng(devices=cuda), using_threads(n_threads):
        torch.manual_seed(derive_seed(task.train.seed, "dropout"))
        where = describe_device(device)
        state = _new_state(task, mean, std, device)
        if keeper and not resume:
            keeper.clear()
        was_resumed = keeper.restore(state) if keeper else False
        _train(task, state, feed, plan, keeper, on_event)
    if state.best is None:
        raise WrongData.of(
            "train.never_finite", where="train", smaller=f"{task.train.learning_rate / 10:.3g}"
        )
    return Trained(
        weights={name: value.cpu().numpy() for name, value in state.best.weights.items()},
        mean=mean,
        std=std,
        history=state.history,
        best_epoch=state.best.epoch + 1,
        seconds=state.seconds,
        n_parameters=count_parameters(state.module),
        precision=precision,
        device=where,
        first_loss=math.nan if state.first_loss is None else state.first_loss,
        expected_first_loss=math.log(len(task.rows.classes)),
        was_resumed=was_resumed,
    )


def _new_state(
    task: Task, mean: Sequence[float], std: Sequence[float], device: torch.device
) -> State:
    seed = derive_seed(task.train.seed, "weights")
    net = build_network(
        task.model.name, task.model.options, task.shape, mean=mean, std=std, seed=seed
    )
    net = net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = Average(net, task.train.ema_decay) if task.train.ema_decay > 0 else None
    return State(net, make_optimiser(net, task.train, device), average)


def _train(
    task: Task,
    state: State,
    feed: Feed,
    plan: Plan,
    keeper: Checkpoints | None,
    on_event: OnEvent,
) -> None:
    def describe(epoch: int, batch: int) -> tuple[float, list[str]]:
        positions = feed.groups(epoch)[batch][:3]
        names = [str(task.names[p]) if len(task.names) else f"row {p}" for p in positions]
        return task.train.learning_rate * plan.factor(epoch, batch), names

    def save(state: State) -> None:
        if keeper:
            keeper.save(state)

    watch = Watch(task.train, len(task.rows.classes), plan.n_batches, describe, save, on_event)
    with watch.deferring_interrupts():
        try:
            train_epochs(state, feed, task.rows, plan, watch)
        except KeyboardInterrupt:
            watch.save_if_between_steps(state)
            raise


def _check_rows(rows: Rows) -> None:
    n = len(rows.train)
    targets = rows.targets[rows.train]
    if n < 2 or len(rows.classes) < 2:
        raise WrongData.of("train.too_few", where="train", n=n, n_classes=len(rows.classes))
    if targets.min() < 0 or targets.max() >= len(rows.classes):
        raise ValueError("targets of training rows must be 0..classes-1")


def _digest(rows: Rows) -> str:
    made = hashlib.sha256(json.dumps(rows.classes).encode())
    for positions in (rows.train, rows.val):
        at = np.asarray(positions, dtype=np.int64)
        made.update(np.ascontiguousarray(rows.item_keys[at]).tobytes())
        made.update(np.ascontiguousarray(rows.targets[at]).tobytes())
    return made.hexdigest()
