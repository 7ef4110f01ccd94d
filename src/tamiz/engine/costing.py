"""What a training costs on this machine: some steps of the real loop on random pictures."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from torch import nn

from tamiz.core.events import ignore
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.registry import Augmentation
from tamiz.engine.device import Precision, choose_precision, pick_device, threads_for, using_threads
from tamiz.engine.feature_engines import Engine, feature_batch, make_compute
from tamiz.engine.feature_rows import FeatureFacts, FeatureRows, frozen_base
from tamiz.engine.feed import Feed, Rows
from tamiz.engine.fine_tuning import Stage, freeze_below, stages_of
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.loop import Plan, learning_mode, train_epochs, validate
from tamiz.engine.losses import make_loss
from tamiz.engine.memory import bytes_per_image
from tamiz.engine.optim import make_optimiser
from tamiz.engine.prepared import InMemory
from tamiz.engine.state import State
from tamiz.engine.watch import Watch
from tamiz.models.backbone import FITTED_HEADS
from tamiz.models.build import build_network
from tamiz.models.nets.backbone import Backbone
from tamiz.models.registry import InputShape

_FEWEST: Final = 2  # images in a step: batch statistics need two
_TIMED: Final = 3  # steps, after one that is not counted
_GROWTH: Final = 4  # times the batch that was timed before
_BEARABLE: Final = 3  # times the limit that two larger steps might take: mostly they take far less
_COARSE_S: Final = 0.05  # a history's seconds are rounded to milliseconds
_HEAD_ROWS: Final = 1024  # rows of features that an epoch of a head is timed on


@dataclass(frozen=True, slots=True)
class StageCost:
    """Seconds per image of one stage of a training.

    Attributes:
        once_s: for each training and validation image, once: the pass of a frozen network.
        train_s: for each training image, in every epoch.
        val_s: for each validation image, in every epoch.
        epochs: of the stage; 0 where the head is fitted at once.
    """

    once_s: float
    train_s: float
    val_s: float
    epochs: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured.

    Attributes:
        stages: of the training.
        bytes_per_image: that a step keeps for each of its images.
        parameters_bytes: of the weights, with gradients and the optimiser's two moments.
    """

    stages: tuple[StageCost, ...]
    bytes_per_image: int
    parameters_bytes: int

    def once(self, n_images: int) -> float:
        """Return the seconds that come once, whatever the number of epochs."""
        return n_images * sum(one.once_s for one in self.stages)

    def epoch(self, n_train: int, n_val: int, stage: int = -1) -> float:
        """Return the seconds of an epoch of a stage, by default the last one."""
        one = self.stages[stage]
        return n_train * one.train_s + n_val * one.val_s

    def whole(self, n_train: int, n_val: int) -> float:
        """Return the seconds of all stages, as many epochs as each was to have."""
        epochs = (one.epochs * self.epoch(n_train, n_val, at) for at, one in enumerate(self.stages))
        return self.once(n_train + n_val) + sum(epochs)


@dataclass(frozen=True, slots=True)
class Bench:
    """What is timed, and on what: see `cost_of`."""

    model: ModelOptions
    train: TrainOptions
    shape: InputShape
    is_multilabel: bool
    limit_s: float
    device: torch.device
    precision: str


def cost_of(
    model: ModelOptions,
    train: TrainOptions,
    shape: InputShape,
    *,
    is_multilabel: bool = False,
    limit_s: float = 2.0,
) -> Cost:
    """Return what a training would cost here, from a few timed steps of each of its stages.

    Random pictures and random weights: what a step costs does not depend on them. Nothing is read
    and nothing kept. Where full batches would take longer than the limit, smaller ones are timed;
    they cost a little more per image, so the estimate errs on the safe side.

    Args:
        model: section of the recipe.
        train: section of the recipe.
        shape: of the input, and the number of classes.
        is_multilabel: whether an image can have several labels.
        limit_s: about how many seconds a stage may be timed for.

    Raises:
        WrongUse: a setting is wrong.
    """
    device = pick_device(train.device)
    precision = choose_precision(train.precision, device)
    bench = Bench(model, train, shape, is_multilabel, limit_s, device, precision)
    n_threads = threads_for(train.threads, train.batch_size or 128, shape.side_px)
    cuda = [device] if device.type == "cuda" else []
    grey = [0.5] * shape.n_channels
    with torch.random.fork_rng(devices=cuda), using_threads(n_threads):
        net = build_network(model.name, model.options, shape, mean=grey, std=grey)
        net = net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        stages = tuple(_stage_cost(net, stage, bench) for stage in stages_of(train))
        kept = _memory(net, bench)
    numbers = sum(p.numel() for p in net.parameters() if p.requires_grad)
    return Cost(stages, kept, 16 * numbers)


def _stage_cost(net: nn.Module, stage: Stage, bench: Bench) -> StageCost:
    freeze_below(net, stage)
    if not _is_on_features(net, stage, bench):
        train_s, val_s = _timed_epochs(net, bench)
        return StageCost(0.0, train_s, val_s, stage.epochs)
    once_s = _pass_seconds(net, bench) * (1 + _n_views(bench.train))
    if bench.model.options.get("head") in FITTED_HEADS:
        return StageCost(once_s, 0.0, 0.0, 0)
    train_s, val_s = _head_seconds(net, bench)
    return StageCost(once_s, train_s, val_s, stage.epochs)


def _is_on_features(net: nn.Module, stage: Stage, bench: Bench) -> bool:
    """Return whether the images go through the frozen network once: see `engine.frozen`."""
    if not stage.is_head_only or not isinstance(getattr(net, "net", None), Backbone):
        return False
    is_changed = any(isinstance(one, Augmentation) for one in Pipeline(bench.train.augment).parts)
    is_fitted = bench.model.options.get("head") in FITTED_HEADS
    return not is_changed or bench.train.feature_views > 0 or is_fitted


def _n_views(train: TrainOptions) -> int:
    is_changed = any(isinstance(one, Augmentation) for one in Pipeline(train.augment).parts)
    return train.feature_views if is_changed else 0


def _timed_epochs(net: nn.Module, bench: Bench) -> tuple[float, float]:
    """Return the seconds per training and per validation image of steps on pictures.

    Batches grow up to the recipe's own as long as the time bears it: a small one costs far more
    per image, for every step has costs of its own.
    """
    full = bench.train.batch_size or 32
    n = min(_FEWEST, full)
    step_s = _steps(net, _pictures(n, bench), bench, n, 2)
    while n < full:
        wanted = min(full, _GROWTH * n)
        if 2 * step_s * wanted / n > _BEARABLE * bench.limit_s:
            break  # two steps would take too long, if they cost as much per image
        n = wanted
        step_s = _steps(net, _pictures(n, bench), bench, n, 1 + _TIMED)
    rows = _pictures(n, bench)
    val_s = _seconds(lambda: _validated(net, rows, bench), bench, 3)
    return step_s / n, val_s / n


def _head_seconds(net: nn.Module, bench: Bench) -> tuple[float, float]:
    """Return the seconds per training and per validation row of a head on features."""
    inner = net.net
    if not isinstance(inner, Backbone):
        raise TypeError("a backbone is needed")
    rng = np.random.default_rng(0)
    n_features = frozen_base(net)(_pixels(_FEWEST, bench).to(bench.device)).flatten(1).shape[1]
    table = torch.from_numpy(rng.normal(0, 1, (_HEAD_ROWS, n_features)).astype(np.float32))
    like = _pictures(_HEAD_ROWS, bench, side=1)
    facts = FeatureFacts("torch", "float32", n_features, 0, 0, 0.0, None)
    features = FeatureRows(table, np.arange(_HEAD_ROWS)[None, :], like.item_keys, facts)
    plain = replace(bench.train, augment=[])
    bench = replace(bench, train=plain, precision="float32")
    rows = replace(like, images=features)
    batch = bench.train.batch_size or 32
    train_s = _steps(inner.head, rows, bench, batch, 3) / _HEAD_ROWS
    val_s = _seconds(lambda: _validated(inner.head, rows, bench), bench, 2) / _HEAD_ROWS
    return train_s, val_s


def _pass_seconds(net: nn.Module, bench: Bench) -> float:
    """Return the seconds per image of the frozen network's pass."""
    size = feature_batch((bench.shape.side_px, bench.shape.side_px, bench.shape.n_channels))
    engine: Engine = (
        "openvino" if bench.model.options.get("features_engine") == "openvino" else "torch"
    )
    precision: Precision = "bfloat16" if bench.precision == "bfloat16" else "float32"
    compute = make_compute(frozen_base(net), engine, precision, bench.device, size)
    pixels = _pixels(size, bench)
    return _seconds(lambda: compute(pixels), bench, 3) / size


def _steps(module: nn.Module, rows: Rows, bench: Bench, batch: int, n_epochs: int) -> float:
    """Return the median seconds of an epoch of the real loop; the first one warms up."""
    train = replace(
        bench.train, batch_size=batch, epochs=n_epochs, stages=[], shards=0, balance="none",
        accumulate=1, patience=0, checkpoint_s=0.0, max_minutes=bench.limit_s / 60,
    )  # fmt: skip
    state = State(module, make_optimiser(module, train, bench.device, None))
    plan = _plan(train, rows, bench)
    watch = Watch(plan, lambda _epoch, _batch: (0.0, ()), lambda _state: None, ignore)
    # random targets and a full rate: what the weights become does not matter, numbers they stay
    train_epochs(state, replace(rows, val=rows.val[:0]), plan, watch)
    found = [float(one["seconds"]) for one in state.history]
    usual = statistics.median(found[1:] or found)
    if usual >= _COARSE_S or len(found) < 2:
        return max(usual, 1e-4)
    return max((state.seconds - found[0]) / (len(found) - 1), 1e-6)


def _validated(module: nn.Module, rows: Rows, bench: Bench) -> None:
    validate(module, rows, _plan(bench.train, rows, bench))
    learning_mode(module)


def _plan(train: TrainOptions, rows: Rows, bench: Bench) -> Plan:
    train = replace(train, batch_size=train.batch_size or 32, learning_rate=1e-6, balance="none")
    train = replace(train, stages=[], shards=0)
    return Plan(
        train=train,
        precision=bench.precision,
        device=bench.device,
        feed=Feed(rows, train, Pipeline(train.augment), bench.device),
        loss=make_loss(train, rows.targets[rows.train], rows.classes, bench.device),
    )


def _pixels(n: int, bench: Bench, side: int = 0) -> torch.Tensor:
    side = side or bench.shape.side_px
    drawn = np.random.default_rng(0).integers(
        0, 256, (n, side, side, bench.shape.n_channels), dtype=np.uint8
    )
    return InMemory(drawn).batch(np.arange(n))


def _pictures(n: int, bench: Bench, side: int = 0) -> Rows:
    pixels = _pixels(n, bench, side).permute(0, 2, 3, 1).numpy()
    n_classes = bench.shape.n_classes
    at = np.arange(n, dtype=np.int64)
    targets = at % n_classes
    many = (np.arange(n_classes)[None, :] == targets[:, None]).astype(np.float32)
    return Rows(
        images=InMemory(np.ascontiguousarray(pixels)),
        targets=many if bench.is_multilabel else targets,
        item_keys=item_keys_of([str(number) for number in at]),
        train=at,
        val=at,
        classes=tuple(str(number) for number in range(n_classes)),
    )


def _memory(net: nn.Module, bench: Bench) -> int:
    """Return the bytes per image that the last stage's step keeps."""
    learning_mode(net)
    images = _pixels(_FEWEST, bench).to(bench.device)
    kind, enabled = bench.device.type, bench.precision == "bfloat16"
    return bytes_per_image(
        net, images, lambda: torch.autocast(kind, torch.bfloat16, enabled=enabled)
    )


def _seconds(work: Callable[[], object], bench: Bench, n_most: int) -> float:
    """Return the median seconds of `work`; the first time warms up, unless it takes too long."""
    found: list[float] = []
    while len(found) < 1 + n_most and sum(found) < bench.limit_s:
        started = time.monotonic()
        work()
        if bench.device.type == "cuda":
            torch.cuda.synchronize()
        found.append(time.monotonic() - started)
    return statistics.median(found[1:] or found)
