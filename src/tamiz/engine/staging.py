"""From a network and a recipe's stages to the best weights; every stage resumes by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from tamiz.core.errors import MachineTrouble
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import make_folder, read_json, write_json
from tamiz.core.language import text
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.batch_size import batch_size_for
from tamiz.engine.checkpoint import Checkpoints, share_state
from tamiz.engine.epochs import EndOfEpoch, OnEpoch
from tamiz.engine.feed import Feed, Rows
from tamiz.engine.fine_tuning import (
    Stage,
    describe_stages,
    freeze_below,
    options_of,
    rate_shares,
    stages_of,
)
from tamiz.engine.frozen import Fitting, FrozenStage, fit_at_once, frozen_stage
from tamiz.engine.loop import Plan, learning_mode, train_epochs, validate
from tamiz.engine.losses import Listening, Loss, make_loss
from tamiz.engine.optim import Optimiser, make_optimiser
from tamiz.engine.sanity import check_start, pick_batch
from tamiz.engine.state import Average, Best, State
from tamiz.engine.together.team import ALONE, Team
from tamiz.engine.watch import Watch
from tamiz.models.backbone import FITTED_HEADS

_BATCH_FILE: Final = "batch.json"


@dataclass(frozen=True, slots=True)
class Setting:
    """What all stages of one training have in common; see `engine.train.Task`.

    `on_epoch` is shown the network after each epoch, before the checkpoint is written; `groups`
    are asked for by heads that are fitted at once; `team` are the processes that train together.
    """

    model: ModelOptions
    train: TrainOptions
    rows: Rows
    names: Sequence[str]
    contents: Sequence[str]
    precision: str
    device: torch.device
    config: Mapping[str, object]
    folder: Path | None
    on_event: OnEvent
    listening: Listening | None = None
    on_epoch: OnEpoch | None = None
    groups: Sequence[str] = ()
    team: Team = ALONE


@dataclass(slots=True)
class Done:
    """What the stages gave so far; `best` is the best epoch of all of them.

    `facts` are for the bundle's description, `options` are the network's that training decided.
    """

    expected_first_loss: float
    best: Best | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    first_loss: float | None = None
    was_resumed: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def add(self, state: State, weights: dict[str, Tensor] | None) -> None:
        """Take over a finished stage; `weights` are those of the whole network at its best."""
        before = len(self.history)
        self.history += [
            {**one, "epoch": before + number} for number, one in enumerate(state.history, start=1)
        ]
        self.seconds += state.seconds
        self.first_loss = state.first_loss if self.first_loss is None else self.first_loss
        if state.best is None or weights is None:
            return
        is_better = self.best is None or state.best.score < self.best.score
        if is_better or not np.isfinite(state.best.score[1]):  # without validation: the last one
            self.best = Best(before + state.best.epoch, state.best.score, weights)


def train_stages(net: nn.Module, setting: Setting, *, resume: bool = True) -> Done:
    """Train stage after stage, each from the best weights of the one before.

    Args:
        net: with its starting weights, on the device; afterwards it holds the last stage's best.
        setting: what the stages have in common.
        resume: whether to go on from checkpoints.

    Raises:
        WrongUse: a stage cannot be understood, or a checkpoint was made with other settings.
        WrongData: the training diverged.
        MachineTrouble: the disk is full, or a batch does not fit into memory.
        KeyboardInterrupt: the user stopped it; the state is saved.
    """
    stages, team = stages_of(setting.train), setting.team
    if setting.folder and not resume:
        (setting.folder / _BATCH_FILE).unlink(missing_ok=True)
    setting = replace(setting, train=team.from_first(partial(_with_batch_size, net, setting)))
    done = Done(Loss(len(setting.rows.classes), setting.rows.is_multilabel).of_ignorance)
    if setting.train.stages:
        done.facts["stages"] = describe_stages(stages)
    for number, stage in enumerate(stages):
        freeze_below(net, stage)
        done.seconds = team.from_first(partial(getattr, done, "seconds"))
        state = _train_stage(net, setting, (number, stage), done, resume=resume)
        if state is None:
            net.load_state_dict(team.from_first(dict))
            continue
        weights = None
        if state.best is not None:
            state.module.load_state_dict(state.best.weights)
            weights = {k: v.detach().clone() for k, v in net.state_dict().items()}
        if team.n > 1 and state.module is not net:
            team.from_first(net.state_dict)
        done.add(state, weights)
    return done


def _train_stage(
    net: nn.Module, setting: Setting, numbered: tuple[int, Stage], done: Done, *, resume: bool
) -> State | None:
    """Return the finished state of one stage; its module is the network, or the head alone.

    A head alone is learnt by process 0: None in the others.
    """
    number, stage = numbered
    train = options_of(stage, number, setting.train)
    frozen = _on_features(net, stage, setting, train)
    if setting.team.from_first(lambda: frozen is not None):
        if not setting.team.is_first:
            return None
        setting = replace(setting, team=ALONE)
    rows, module, shares = setting.rows, net, rate_shares(net, train.layer_decay)
    pipeline = Pipeline(train.augment)
    if frozen is not None:
        rows, module, shares, pipeline = frozen.rows, frozen.head, None, Pipeline(())
        done.facts |= frozen.facts
        done.seconds += frozen.seconds
    plan = Plan(
        train=train,
        precision=setting.precision if frozen is None else "float32",
        device=setting.device,
        feed=Feed(rows, train, pipeline, setting.device, setting.team),
        loss=make_loss(train, rows.targets[rows.train], rows.classes, setting.device),
        listening=setting.listening,
        stage=number,
        part=stage.part,
        seconds_before=done.seconds,
        team=setting.team,
    )
    average = Average(module, train.ema_decay) if train.ema_decay > 0 else None
    if frozen is not None and setting.model.options.get("head") in FITTED_HEADS:
        return _fitted(frozen, plan, done, setting)
    state = State(module, make_optimiser(module, train, setting.device, shares), average)
    keeper = _keeper(setting, number, stage)
    if keeper and not resume:
        keeper.clear()
    is_resumed = keeper.restore(state) if keeper else False
    done.was_resumed = is_resumed or done.was_resumed
    share_state(state, setting.team)
    if number == 0 and not is_resumed and setting.team.is_first:
        _check_start(module, rows, plan, setting.on_event)
    setting = replace(setting, rows=rows)
    _run(state, setting, plan, keeper, partial(_show, setting, net, len(done.history)))
    return state


def _on_features(
    net: nn.Module, stage: Stage, setting: Setting, train: TrainOptions
) -> FrozenStage | None:
    """Return the stage of a head on features; process 0 alone computes them."""
    if not setting.team.is_first:
        return None
    where = (setting.device, setting.contents, setting.on_event)
    made = frozen_stage(net, stage, setting.rows, (setting.model, train), where)
    if made is not None and setting.team.n > 1:
        setting.on_event(Event("train", "note", text("together.head_alone", n=setting.team.n)))
    return made


def _fitted(frozen: FrozenStage, plan: Plan, done: Done, setting: Setting) -> State:
    """Return the state of a head that is fitted at once, as after one epoch."""
    started = time.monotonic()
    seed = derive_seed(plan.train.seed, "classical") % 2**32
    how = Fitting(setting.model, setting.groups, seed)
    done.facts["fitted"], options = fit_at_once(frozen, plan.loss, how, setting.on_event)
    done.options |= options
    state = State(frozen.head, Optimiser([]))
    figures = validate(frozen.head, frozen.rows, plan)
    state.seconds = time.monotonic() - started
    told = {"epoch": 1, "stage": plan.stage + 1, "part": plan.part, "train_loss": None}
    state.end_epoch({**told, "learning_rate": None, **figures, "seconds": state.seconds})
    values = {**state.history[-1], "epochs": 1, "best_epoch": 1}
    setting.on_event(Event("train", "epoch", None, 1, 1, values))
    return state


def _check_start(module: nn.Module, rows: Rows, plan: Plan, on_event: OnEvent) -> None:
    """Warn when the network cannot learn from these images; looks at copies only."""
    chosen = pick_batch(rows.targets, rows.train)
    images = rows.images.batch(chosen).to(plan.device)
    targets = torch.from_numpy(rows.targets[chosen]).to(plan.device)
    learning_mode(module)
    for event in check_start(module, images, targets, plan.loss, plan.autocast):
        on_event(event)


def _show(setting: Setting, net: nn.Module, n_before: int, state: State) -> None:
    """Show the epoch that just ended to who asked for it; nothing within an epoch."""
    if setting.on_epoch is None or state.batch or not state.history:
        return
    whole = state.judged if state.module is net else net
    number, figures = n_before + len(state.history), state.history[-1]
    setting.on_epoch(EndOfEpoch(number, whole, state.judged, setting.rows, figures))


def _run(
    state: State,
    setting: Setting,
    plan: Plan,
    keeper: Checkpoints | None,
    show: Callable[[State], None],
) -> None:
    feed, train = plan.feed, plan.train

    def describe(epoch: int, batch: int) -> tuple[float, list[str]]:
        positions = feed.groups(epoch)[batch][:3]
        names = setting.names
        shown = [str(names[p]) if len(names) else f"row {p}" for p in positions]
        return train.learning_rate * plan.factor(epoch, batch, state.history), shown

    def save(state: State) -> None:
        show(state)  # first: what a checkpoint says is done has been shown
        setting.team.share_random()
        if keeper:
            keeper.save(state)

    watch = Watch(plan, describe, save, setting.on_event)
    with watch.deferring_interrupts():
        try:
            train_epochs(state, setting.rows, plan, watch)
        except KeyboardInterrupt:
            if setting.team.n == 1:  # several have agreed on it, and saved
                watch.save_if_between_steps(state)
            raise
        except torch.cuda.OutOfMemoryError as error:
            raise MachineTrouble.of(
                "train.out_of_memory", where="train.batch_size", n=train.batch_size
            ) from error


def _keeper(setting: Setting, number: int, stage: Stage) -> Checkpoints | None:
    if setting.folder is None:
        return None
    if not setting.train.stages:
        return Checkpoints(setting.folder, setting.config, setting.on_event, setting.team.n)
    folder = setting.folder / f"{number + 1}-{stage.part}"
    config = {**setting.config, "stage": number}
    return Checkpoints(folder, config, setting.on_event, setting.team.n)


def _with_batch_size(net: nn.Module, setting: Setting) -> TrainOptions:
    """Return the section with a batch size that fits; what was chosen once stays with the run.

    Raises:
        MachineTrouble: the batch asked for does not fit into the free memory.
    """
    train = setting.train
    path = setting.folder / _BATCH_FILE if setting.folder else None
    if train.batch_size == 0 and path is not None and path.is_file():
        return replace(train, batch_size=int(read_json(path)["batch_size"]))
    n_shares = setting.team.n if setting.device.type == "cuda" else 1  # each its own memory
    chosen = batch_size_for(net, train, setting.rows, setting.precision, setting.device, n_shares)
    if train.batch_size == 0:
        setting.on_event(Event("train", "note", text("train.batch_chosen", n=chosen)))
        if path is not None:
            make_folder(path.parent)
            write_json(path, {"batch_size": chosen})
    return replace(train, batch_size=chosen)
