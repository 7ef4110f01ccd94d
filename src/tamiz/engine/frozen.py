"""The stage in which only a head learns: on features of the frozen network, computed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

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
from tamiz.engine.feature_rows import FeatureRows, frozen_base
from tamiz.engine.features import FeatureWork, frozen_features
from tamiz.engine.feed import Rows
from tamiz.engine.fine_tuning import Stage
from tamiz.engine.losses import Loss
from tamiz.engine.probe import Samples, fit_head
from tamiz.models.nets.backbone import Backbone

FITTED = ("logistic", "knn")  # heads that are fitted at once, without epochs


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
        if kind in FITTED:
            raise WrongUse.of("train.fitted_head", where="train.stages", head=kind)
        return None
    if rows.teacher_features is not None:
        return None
    pipeline = Pipeline(train.augment)
    changes = [part for part in pipeline.parts if isinstance(part, Augmentation)]
    if changes and train.feature_views == 0 and kind not in FITTED:
        return None
    if pipeline.mixes:
        on_event(Event("train", "note", text("train.mixing_left_out")))
    work = FeatureWork(
        architecture={"name": model.name, "options": dict(model.options)},
        engine="openvino" if model.options.get("features_engine") == "openvino" else "torch",
        precision="float32" if train.precision == "float32" else "auto",
        device=device,
        views=train.feature_views,
        augment=train.augment,
        seed=train.seed,
        contents=contents,
    )
    features = frozen_features(frozen_base(net), rows, work, on_event)
    facts = {k: v for k, v in asdict(features.facts).items() if k not in {"seconds", "n_reused"}}
    facts = {**facts, "views": features.n_views}
    on_event(Event("train", "note", text("train.on_features", n=features.facts.n_features)))
    rows = replace(rows, images=features)
    return FrozenStage(inner.head, rows, {"features": facts}, features.facts.seconds)


def fit_at_once(frozen: FrozenStage, loss: Loss, on_event: OnEvent) -> dict[str, Any]:
    """Fit a logistic or nearest-neighbour head in place; return what was chosen, for the bundle."""
    rows = frozen.rows
    weights: list[float] = []
    if loss.weights is not None and not rows.is_multilabel:
        weights = loss.weights.tolist()
    return fit_head(
        frozen.head,
        _samples(rows, rows.train),
        _samples(rows, rows.val),
        class_weights=weights,
        on_event=on_event,
    )


def _samples(rows: Rows, positions: NDArray[np.int64]) -> Samples:
    images = rows.images
    if not isinstance(images, FeatureRows):
        raise TypeError("rows of features are needed")
    return Samples(images.batch(positions), rows.targets[positions])
