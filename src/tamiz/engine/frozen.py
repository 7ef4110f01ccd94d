"""The stage in which only a head learns: on features of the frozen network, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import text
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.registry import Augmentation
from tamiz.engine.classical.fitting import check_classes
from tamiz.engine.classical.heads import described_sample, fit_classical_head
from tamiz.engine.feature_rows import FeatureRows, frozen_base
from tamiz.engine.features import FeatureWork, frozen_features
from tamiz.engine.feed import Rows
from tamiz.engine.fine_tuning import Stage
from tamiz.engine.losses import Loss
from tamiz.engine.probe import Samples, fit_head
from tamiz.models.backbone import FITTED_HEADS, HEAD_OPTIONS, BackboneOptions
from tamiz.models.nets.backbone import Backbone
from tamiz.models.nets.columns import ClassicalHead
from tamiz.models.nets.heads import NearestHead
from tamiz.steps.tables import build_options

# What differs between a training that was stopped and one that was not is no fact of the model.
_OF_SESSION: Final = frozenset({"seconds", "n_reused", "n_computed"})
_OF_EPOCHS: Final = ("hidden", "dropout", "drop_path")  # what only heads learning in epochs have


@dataclass(frozen=True, slots=True)
class FrozenStage:
    """What the stage of a head alone works on.

    Attributes:
        head: the part of the network that learns; reads features.
        rows: the training's rows with features in place of images.
        facts: about the features, for the bundle.
        seconds: that the pass over the images took.
    """

    head: nn.Module
    rows: Rows
    facts: dict[str, Any]
    seconds: float


def frozen_stage(
    net: nn.Module,
    stage: Stage,
    rows: Rows,
    recipe: tuple[ModelOptions, TrainOptions],
    where: tuple[torch.device, Sequence[str], OnEvent],
) -> FrozenStage | None:
    """Return the stage on features; None where images must go through the network every epoch.

    They must where more than the head learns, where the network has no features of its own, or
    where images are augmented and no number of views (`train.feature_views`) says how many
    changed copies of each are enough.

    Args:
        net: with the weights that are frozen.
        stage: of the training.
        rows: images and targets.
        recipe: the sections model and train.
        where: device; what each row's pixels depend on (for the cache); listener.

    Raises:
        WrongUse: a head that is fitted to features is asked for, and more than it is to learn.
    """
    model, train = recipe
    device, contents, on_event = where
    inner = getattr(net, "net", None)
    kind = str(model.options.get("head", "linear"))
    if not isinstance(inner, Backbone):
        return None
    if not stage.is_head_only:
        if kind in FITTED_HEADS:
            raise WrongUse.of("train.fitted_head", where="train.stages", head=kind)
        return None
    if rows.teacher_features is not None:
        return None
    pipeline = Pipeline(train.augment)
    changes = [part for part in pipeline.parts if isinstance(part, Augmentation)]
    if changes and train.feature_views == 0 and kind not in FITTED_HEADS:
        return None
    if pipeline.mixes:
        on_event(Event("train", "note", text("train.mixing_left_out")))
    below = {name: one for name, one in model.options.items() if name not in HEAD_OPTIONS}
    work = FeatureWork(
        architecture={"name": model.name, "options": below},
        engine="openvino" if model.options.get("features_engine") == "openvino" else "torch",
        precision="float32" if train.precision == "float32" else "auto",
        device=device,
        views=train.feature_views,
        augment=train.augment,
        seed=train.seed,
        contents=contents,
    )
    features = frozen_features(frozen_base(net), rows, work, on_event)
    facts = {k: v for k, v in asdict(features.facts).items() if k not in _OF_SESSION}
    facts = {**facts, "views": features.n_views}
    on_event(Event("train", "note", text("train.on_features", n=features.facts.n_features)))
    rows = replace(rows, images=features)
    return FrozenStage(inner.head, rows, {"features": facts}, features.facts.seconds)


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a head is fitted at once.

    Attributes:
        model: section of the recipe.
        groups: (rows,) what belongs together, by row; empty: each row on its own.
        seed: of folds, forest and boosting.
    """

    model: ModelOptions
    groups: Sequence[str]
    seed: int


def fit_at_once(
    frozen: FrozenStage, loss: Loss, how: Fitting, on_event: OnEvent
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fit a head of `FITTED_HEADS` in place.

    Returns:
        What was chosen, for the bundle's description; options that its network is built with.

    Raises:
        WrongUse: several labels per image, and a head that gives one.
        WrongData: training rows are of one class only, or all have the same features.
    """
    rows, head = frozen.rows, frozen.head
    _tell_idle(how.model, on_event)
    weights: list[float] = []
    if loss.weights is not None and not rows.is_multilabel:
        weights = loss.weights.tolist()
    train, val = (_samples(rows, at) for at in (rows.train, rows.val))
    if isinstance(head, ClassicalHead):
        options = build_options(BackboneOptions, how.model.options, "model.options").classical()
        if not rows.is_multilabel:
            check_classes(rows.targets[rows.train], rows.classes)
        groups = how.groups or [str(at) for at in range(len(rows.images))]
        parts = tuple(
            described_sample(part, [groups[at] for at in places])
            for part, places in ((train, rows.train), (val, rows.val))
        )
        return fit_classical_head(head, parts, options, (weights, how.seed), on_event)
    facts = fit_head(head, train, val, class_weights=weights, on_event=on_event)
    return facts, {"head_rows": head.n_rows} if isinstance(head, NearestHead) else {}


def _tell_idle(model: ModelOptions, on_event: OnEvent) -> None:
    """Say which options of the network are set that a head fitted at once has no use for."""
    usual = BackboneOptions()
    for name in _OF_EPOCHS:
        if model.options.get(name, getattr(usual, name)) != getattr(usual, name):
            kind = str(model.options.get("head"))
            told = text("features.idle", name=f"model.options.{name}", head=kind)
            on_event(Event("train", "note", told))


def _samples(rows: Rows, positions: NDArray[np.int64]) -> Samples:
    images = rows.images
    if not isinstance(images, FeatureRows):
        raise TypeError("rows of features are needed")
    return Samples(images.batch(positions), rows.targets[positions])
