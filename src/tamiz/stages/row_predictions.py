"""A model's answers about rows whose images are prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import OnEvent, ignore
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.models.ensemble import parts_of
from tamiz.stages.preparing import prepare_rows
from tamiz.stages.training_rows import targets_of

if TYPE_CHECKING:
    from tamiz.engine.prepared import PreparedImages
    from tamiz.models.bundle import Bundle


def row_predictions(
    bundle: Bundle,
    rows: Manifest,
    images: PreparedImages,
    positions: NDArray[np.int64],
    split: str,
    on_event: OnEvent = ignore,
) -> Predictions:
    """Return the bundle's answers about the rows at `positions`.

    Args:
        bundle: a network, or an ensemble whose members read the same pixels.
        rows: what `images` shows, in the same order.
        images: prepared by the bundle's steps.
        positions: which rows.
        split: the name of the part, as predictions carry it.
        on_event: told about progress.

    Raises:
        WrongData: a row has a label that was not trained.
    """
    from tamiz.engine.infer import predict_probabilities

    chosen = rows.take(positions.tolist())
    targets: NDArray[Any] = targets_of(chosen, list(bundle.classes))
    return Predictions(
        classes=bundle.classes,
        item=np.array(chosen.column("item"), dtype=np.str_),
        group=np.array(chosen.group_keys(), dtype=np.str_),
        target=targets.astype(np.int64),
        probabilities=predict_probabilities(
            bundle.module(),
            images,
            positions,
            calibration=bundle.calibration,
            is_multilabel=bundle.is_multilabel,
            on_event=on_event,
        ),
        split=split,
        bundle=bundle.identity(),
        thresholds=bundle.thresholds,
    )


def answers_about(
    bundle: Bundle, rows: Manifest, recipe: Recipe, cache: Path | None, on_event: OnEvent
) -> Predictions:
    """Return the bundle's answers about all rows, whether its members prepare alike or not."""
    parts = parts_of(bundle)
    at = np.arange(len(rows), dtype=np.int64)
    found = []
    for part in parts:
        images = prepare_rows(rows, part.steps, part.policy, recipe, cache, on_event)
        found.append(row_predictions(part, rows, images, at, rows.column("split")[0], on_event))
    return replace(
        found[0],
        probabilities=mean_probabilities([one.probabilities for one in found]),
        bundle=bundle.identity(),
        thresholds=bundle.thresholds,
    )


def mean_probabilities(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of several networks' probabilities; of one network, its own to the bit."""
    if len(parts) == 1:
        return parts[0]
    made: NDArray[np.float64] = np.mean(np.stack(parts), axis=0)
    return made
