"""Training of a model that is fitted at once: images are described, a classifier is fitted."""

from __future__ import annotations

import hashlib
import json
import math
import time
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.events import Event, OnEvent, ignore, track
from tamiz.core.files import make_folder, read_json, replacing, write_json
from tamiz.core.language import text
from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.descriptors.described import Described
from tamiz.descriptors.tiles import VERSION
from tamiz.engine.classical.facts import put_into, sizes_of, told_of
from tamiz.engine.classical.fitting import Sample, check_classes, fit_best
from tamiz.engine.device import thread_count, using_threads
from tamiz.engine.losses import class_weights
from tamiz.engine.prepared import PreparedImages
from tamiz.engine.train import Task, Trained
from tamiz.models.build import count_parameters, resolve_model
from tamiz.models.nets.described import DescribedNet, described_float32
from tamiz.models.nets.normalised import Normalised

_AT_ONCE: Final = 256
# What is about steps, epochs and changed images; where one was set it is said to do nothing.
_OF_STEPS: Final = (
    "epochs", "batch_size", "optimiser", "learning_rate", "weight_decay", "schedule", "clip_norm",
    "accumulate", "stages", "label_smoothing", "ema_decay", "augment", "patience", "monitor",
)  # fmt: skip


def train_at_once(task: Task, folder: Path | None = None, on_event: OnEvent = ignore) -> Trained:
    """Return the fitted model; descriptors that were computed before are read from `folder`.

    Settings of the classifier are chosen by cross-validation within the training rows; the
    validation rows are left for the calibration. Before anything is returned, the arrays are
    compared with scikit-learn's own answers on them.

    Raises:
        WrongUse: a setting is wrong, or there are several labels per image.
        WrongData: all images are described alike.
        MachineTrouble: the disk is full.
    """
    started = time.monotonic()
    rows = task.rows
    if rows.is_multilabel:
        raise WrongUse.of("classical.several_labels", where="model.name", name=task.model.name)
    refuse_settings(task.train)
    for name in settings_without_effect(task.train):
        on_event(Event("train", "note", text("classical.no_effect", name=name)))
    _, options = resolve_model(task.model.name, task.model.options, task.shape)
    described = options.described(task.shape.side_px)
    check_classes(rows.targets[rows.train], rows.classes)
    (train, before), (val, also) = (
        _sample(task, described, part, folder, on_event) for part in ("train", "val")
    )
    weights: list[float] = []
    if task.train.balance == "weights":
        weights = class_weights(train.targets, len(rows.classes)).tolist()
    seed = derive_seed(task.train.seed, "classical") % 2**32
    with using_threads(thread_count()):
        fitted = fit_best(train, options, weights, seed, on_event)
        if not fitted.has_converged:
            on_event(Event("train", "warning", text("classical.not_converged")))
        sizes = sizes_of(fitted)
        net = DescribedNet(described, options.classifier, len(rows.classes), sizes).eval()
        facts = put_into(net, fitted, (val if len(val) else train).values)
        figures = _figures(net, val)
    n = task.shape.n_channels
    whole = Normalised(net, (0.0,) * n, (1.0,) * n)
    seconds = time.monotonic() - started + before + also
    epoch = {"epoch": 1, "train_loss": None, "learning_rate": None, **figures, "seconds": seconds}
    on_event(Event("train", "epoch", None, 1, 1, {**epoch, "epochs": 1, "best_epoch": 1}))
    stored = {"version": VERSION, "described": described.to_table(), "sizes": sizes}
    return Trained(
        weights={name: one.numpy() for name, one in whole.state_dict().items()},
        mean=(0.0,) * n,
        std=(1.0,) * n,
        history=[epoch],
        best_epoch=1,
        seconds=seconds,
        n_parameters=count_parameters(net),
        precision="float64",
        device="cpu",
        first_loss=math.nan,
        expected_first_loss=math.log(len(rows.classes)),
        was_resumed=False,
        more={"fitted": {**told_of(fitted, options.classifier, train.values.shape), **facts}},
        options={"fitted": stored},
    )


def refuse_settings(train: TrainOptions) -> None:
    """Raise `WrongUse` for settings of the training that a model fitted at once cannot follow."""
    given = {
        "train.balance": train.balance not in {"none", "weights"} and train.balance,
        "train.loss": train.loss != "cross-entropy" and train.loss,
        "train.teacher": train.teacher,
        "train.shards": train.shards > 1 and train.shards,
    }
    for where, value in given.items():
        if value:
            raise WrongUse.of("classical.cannot", where=where, value=value)


def settings_without_effect(train: TrainOptions) -> list[str]:
    """Return the settings of steps and epochs that are not as they are by default."""
    usual = TrainOptions()
    changed = [name for name in _OF_STEPS if getattr(train, name) != getattr(usual, name)]
    return [f"train.{one}" for one in changed if not (one == "epochs" and train.epochs == 1)]


def described_images(
    images: PreparedImages, positions: NDArray[np.int64], described: Described, on_event: OnEvent
) -> NDArray[np.float32]:
    """Return (n, k) descriptors of the rows at these positions."""
    groups = [positions[at : at + _AT_ONCE] for at in range(0, len(positions), _AT_ONCE)]
    made = np.empty((len(positions), len(described.columns())), dtype=np.float32)
    told = track(
        images.batches(groups),
        on_event,
        stage="train",
        text=text("classical.describing"),
        total=len(groups),
    )
    for number, batch in enumerate(told):
        pixels = batch.permute(0, 2, 3, 1).numpy()
        start = number * _AT_ONCE
        made[start : start + len(pixels)] = described_float32(described, pixels)
    return made


def _sample(
    task: Task, described: Described, part: str, folder: Path | None, on_event: OnEvent
) -> tuple[Sample, float]:
    """Return a part's descriptors with targets and groups, and seconds of an earlier session."""
    rows = task.rows
    at = np.asarray(rows.train if part == "train" else rows.val, dtype=np.int64)
    path = None
    if folder is not None:
        config = json.dumps([task.config("float64"), described.to_table(), VERSION], default=str)
        name = hashlib.sha256(config.encode()).hexdigest()[:24]
        path = folder / f"described-{part}-{name}.npy"
    values, before = _kept(path, (len(at), len(described.columns())))
    if values is None:
        started = time.monotonic()
        values = described_images(rows.images, at, described, on_event)
        if path is not None:
            make_folder(path.parent)
            write_json(_seconds_of(path), {"seconds": round(time.monotonic() - started, 3)})
            with replacing(path) as made, made.open("wb") as opened:
                np.save(opened, values, allow_pickle=False)
    names = np.array(task.groups, dtype=object)[at] if len(task.groups) else at
    numbers = np.unique(names.astype(str), return_inverse=True)[1].astype(np.int64)
    return Sample(values, rows.targets[at].astype(np.int64), numbers), before


def _kept(path: Path | None, shape: tuple[int, int]) -> tuple[NDArray[np.float32] | None, float]:
    """Return what an earlier session described and the seconds that it took; None: nothing."""
    if path is None or not path.is_file():
        return None, 0.0
    try:
        found: NDArray[np.float32] = np.load(path, allow_pickle=False)
        seconds = float(read_json(_seconds_of(path))["seconds"])
    except (OSError, ValueError, EOFError, KeyError, TypeError, TamizError):
        return None, 0.0  # what cannot be read is made again
    is_whole = found.shape == shape and found.dtype == np.float32
    return (found, seconds) if is_whole else (None, 0.0)


def _seconds_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _figures(net: DescribedNet, val: Sample) -> dict[str, float | None]:
    if not len(val):
        return dict.fromkeys(("val_loss", "val_accuracy", "val_f1"))
    from sklearn.metrics import f1_score

    with torch.inference_mode():
        scores = net.scores_of(torch.from_numpy(val.values))
    answers = scores.argmax(1).numpy()
    return {
        "val_loss": float(cross_entropy(scores, torch.from_numpy(val.targets))),
        "val_accuracy": float((answers == val.targets).mean()),
        "val_f1": float(f1_score(val.targets, answers, average="macro", zero_division=0.0)),
    }
