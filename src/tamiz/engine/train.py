"""From prepared rows and a recipe to trained weights."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text
from tamiz.core.recipe import NO_INFLUENCE, ModelOptions, TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.device import (
    choose_precision,
    describe_device,
    make_repeatable,
    pick_device,
    threads_for,
    using_threads,
)
from tamiz.engine.epochs import OnEpoch
from tamiz.engine.feed import Rows
from tamiz.engine.fine_tuning import stages_of
from tamiz.engine.losses import Listening
from tamiz.engine.prepared import mean_and_std
from tamiz.engine.sanity import check_end
from tamiz.engine.staging import Done, Setting, train_stages
from tamiz.engine.teacher_options import teacher_options
from tamiz.engine.teaching import listen, without_map
from tamiz.engine.together.leading import team_for, tell_idle
from tamiz.engine.together.team import ALONE, Team
from tamiz.models.backbone import FITTED_HEADS
from tamiz.models.build import build_network, count_parameters, resolve_model
from tamiz.models.registry import MODELS, InputShape
from tamiz.models.weights import StartFacts, load_start, start_normalisation

# What is made of the weights afterwards changes no step of the training.
_NO_INFLUENCE: Final = NO_INFLUENCE["train"] | {"calibration", "guard"}


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
        start: where the weights came from; None: they started at random.
        more: what else a bundle should record: stages, how features were made.
        options: of the network, that training decided: with them the bundle's network is built.
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
    start: StartFacts | None = None
    more: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return what a bundle records about its training."""
        return {
            "epochs": len(self.history),
            "best_epoch": self.best_epoch,
            "n_parameters": self.n_parameters,
            "precision": self.precision,
            "device": self.device,
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be trained on what.

    Attributes:
        model: section of the recipe.
        train: section of the recipe.
        rows: images, targets, keys, positions, classes.
        names: what to call the rows of `images` in messages (paths); empty: their numbers.
        contents: (n,) what each row's input depends on: file contents and preparation. With it
            features of a frozen network are kept between runs; empty: they are not.
        groups: (n,) what belongs together; empty: each row on its own. Only models and
            heads that are fitted at once ask: they choose by cross-validation within the
            training rows.
    """

    model: ModelOptions
    train: TrainOptions
    rows: Rows
    names: Sequence[str] = field(default=())
    contents: Sequence[str] = field(default=())
    groups: Sequence[str] = field(default=())

    @property
    def shape(self) -> InputShape:
        """Return what the network reads and tells apart."""
        height, _, channels = self.rows.images.shape
        return InputShape(channels, height, len(self.rows.classes))

    def config(self, precision: str) -> dict[str, Any]:
        """Return all that the weights depend on, by name, ready for JSON."""
        train = {f"train.{k}": v for k, v in asdict(self.train).items() if k not in _NO_INFLUENCE}
        model = {f"model.{k}": v for k, v in asdict(self.model).items()}
        made = {**train, **model, "train.precision": precision, "data": self._digest()}
        return {**made, "prepare.shape": list(self.rows.images.shape)}

    def _digest(self) -> str:
        """Return the hash of rows and pixels: other steps or files make other images."""
        rows = self.rows
        used = np.concatenate([rows.train, rows.val]).astype(np.int64).tolist()
        contents = [self.contents[p] for p in used] if len(self.contents) else []
        return hashlib.sha256(json.dumps([_digest(rows), contents]).encode()).hexdigest()


def check_task(model: ModelOptions, train: TrainOptions, shape: InputShape) -> None:
    """Raise `WrongUse` for whatever is wrong here; no image is read and no weight is made."""
    spec, _ = resolve_model(model.name, model.options, shape)
    if spec.learns == "at once" or model.options.get("head") in FITTED_HEADS:
        from tamiz.engine.classical.model import refuse_settings

        refuse_settings(train)
    Pipeline(train.augment)
    stages_of(train)
    pick_device(train.device)


def train_network(
    task: Task,
    checkpoint_folder: Path | None = None,
    on_event: OnEvent = ignore,
    *,
    resume: bool = True,
    on_epoch: OnEpoch | None = None,
) -> Trained:
    """Return the trained weights; goes on from a checkpoint when the folder holds one.

    Args:
        task: what to train on what.
        checkpoint_folder: where checkpoints lie; None: none are written.
        on_event: told about progress, epochs and warnings.
        resume: False deletes the checkpoints that are there and starts anew.
        on_epoch: shown the network after each epoch, before the checkpoint is written.

    Raises:
        WrongUse: a setting is wrong, or a checkpoint was made with others.
        WrongData: the training diverged, there are no rows to train on, or no starting weights.
        MachineTrouble: the disk is full, or a batch does not fit into memory.
        KeyboardInterrupt: the user stopped it; the state is saved.
    """
    _check_rows(task.rows)
    if MODELS.get(task.model.name).learns == "at once":
        from tamiz.engine.classical.model import train_at_once

        tell_idle(on_event)
        return train_at_once(task, checkpoint_folder, on_event)
    with team_for(task) as (team, shared):
        if team.n > 1:
            on_event(Event("train", "note", text("together.by_processes", n=team.n)))
        return _train(shared, checkpoint_folder, on_event, (team, resume, on_epoch))


def train_in_team(task: Task, team: Team) -> None:
    """Do what `train_network` does in process 0, as another one: nothing is written or told."""
    _train(task, None, ignore, (team, False, None))


def _train(
    task: Task,
    folder: Path | None,
    on_event: OnEvent,
    how: tuple[Team, bool, OnEpoch | None],
) -> Trained:
    team, resume, on_epoch = how
    device = team.device if team.n > 1 else pick_device(task.train.device)
    make_repeatable(device)
    precision = team.from_first(lambda: choose_precision(task.train.precision, device))
    with torch.random.fork_rng([device] if device.type == "cuda" else []), _threads(task, team):
        torch.manual_seed(derive_seed(task.train.seed, "dropout"))
        net, mean, std, start = new_network(task, device, team)
        setting = Setting(
            *(task.model, task.train, task.rows, task.names, task.contents),
            precision=precision,
            device=device,
            config={**task.config(precision), "start": start.sha256 if start else None},
            folder=folder,
            on_event=on_event,
            listening=_listening(net, task),
            on_epoch=on_epoch,
            groups=task.groups,
            team=team,
        )
        done = train_stages(net, setting, resume=resume)
        if team.n > 1:
            done.facts["processes"] = team.n
        return Trained(
            weights=_kept(done, task, on_event) if team.is_first else {},
            mean=mean,
            std=std,
            precision=precision,
            device=describe_device(device),
            n_parameters=count_parameters(net),
            start=start,
            **_told(done),
        )


def _threads(task: Task, team: Team) -> AbstractContextManager[None]:
    """Return the context of this process's threads: its share, unless the recipe says how many."""
    asked, n_images = task.train.threads, (task.train.batch_size or 128) // team.n
    n = threads_for(asked, n_images, task.shape.side_px)
    is_shared_out = asked > 0 or "OMP_NUM_THREADS" in os.environ
    return using_threads(n if is_shared_out else max(1, n // team.n_local))


def _told(done: Done) -> dict[str, Any]:
    """Return what the stages tell of themselves, by the names of `Trained`."""
    return {
        "history": done.history,
        "best_epoch": done.best.epoch + 1 if done.best else 0,
        "seconds": done.seconds,
        "first_loss": math.nan if done.first_loss is None else done.first_loss,
        "expected_first_loss": done.expected_first_loss,
        "was_resumed": done.was_resumed,
        "more": done.facts,
        "options": done.options,
    }


def _kept(done: Done, task: Task, on_event: OnEvent) -> dict[str, NDArray[Any]]:
    """Return the weights of the best epoch; warn when it is no better than knowing nothing.

    Raises:
        WrongData: there is none: no validation loss was a number.
    """
    if done.best is None:
        smaller = f"{task.train.learning_rate / 10:.3g}"
        raise WrongData.of("train.never_finite", where="train", smaller=smaller)
    rows, figures = task.rows, done.history[done.best.epoch]
    wanted, held = rows.targets[rows.train], rows.targets[rows.val]
    for event in check_end(figures, wanted, held, len(rows.classes)):
        on_event(event)
    return {k: v.cpu().numpy() for k, v in without_map(done.best.weights).items()}


def new_network(
    task: Task, device: torch.device, team: Team = ALONE
) -> tuple[torch.nn.Module, tuple[float, ...], tuple[float, ...], StartFacts | None]:
    """Return the network with its starting weights, the input's mean and deviation, the start.

    A network that was trained before reads its input as it did then.
    """
    mean, std = team.from_first(
        lambda: (
            start_normalisation(task.model, task.shape.n_channels)
            or mean_and_std(task.rows.images, task.rows.train)
        )
    )
    seed = derive_seed(task.train.seed, "weights")
    net = build_network(
        task.model.name, task.model.options, task.shape, mean=mean, std=std, seed=seed
    )
    start = load_start(net, task.model) if team.is_first else None
    if team.n > 1:
        net.load_state_dict(team.from_first(net.state_dict))
    net = net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return net, mean, std, start


def _listening(net: torch.nn.Module, task: Task) -> Listening | None:
    """Return how the teacher is listened to; a map to its features joins the network."""
    rows = task.rows
    if rows.teacher is None:
        return None
    if rows.teacher_features is not None:
        listen(net, rows.teacher_features.shape[1], derive_seed(task.train.seed, "map"))
    return Listening(teacher_options(task.train.teacher_options), rows.is_multilabel)


def _check_rows(rows: Rows) -> None:
    n = len(rows.train)
    targets = rows.targets[rows.train]
    if n < 2 or len(rows.classes) < 2:
        raise WrongData.of("train.too_few", where="train", n=n, n_classes=len(rows.classes))
    most = 1 if rows.is_multilabel else len(rows.classes) - 1
    if targets.min() < 0 or targets.max() > most:
        raise ValueError(f"targets of training rows must be 0..{most}")


def _digest(rows: Rows) -> str:
    made = hashlib.sha256(json.dumps(rows.classes).encode())
    for positions in (rows.train, rows.val):
        at = np.asarray(positions, dtype=np.int64)
        made.update(np.ascontiguousarray(rows.item_keys[at]).tobytes())
        made.update(np.ascontiguousarray(rows.targets[at]).tobytes())
    for more in (rows.shard, rows.teacher, rows.teacher_features):
        if more is not None:
            made.update(np.ascontiguousarray(more).tobytes())
    return made.hexdigest()
