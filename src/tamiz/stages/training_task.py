"""What a training works on, from the recipe and the rows: images, targets, super batches."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.contracts import Policy, Step
from tamiz.data.manifest import Manifest
from tamiz.models.backbone import CLASSICAL_HEADS
from tamiz.models.registry import MODELS
from tamiz.splits.folds import make_folds
from tamiz.stages.assigning import tied_groups
from tamiz.steps.apply import steps_to_tables

if TYPE_CHECKING:
    from tamiz.engine.prepared import Positions


def shards_of(recipe: Recipe, rows: Manifest, train_at: Positions) -> NDArray[np.int64] | None:
    """Return (n,) the super batch of each training row, from 0; None where there is only one.

    Classes are in proportion in each, and a group is never cut: what a patient's images have in
    common is learnt once.

    Raises:
        WrongUse: there are more super batches than groups.
    """
    n = recipe.train.shards
    if n < 2:
        return None
    learnt = rows.take(train_at.tolist())
    n_groups = len(set(tied_groups(learnt)))
    if n > n_groups:
        raise WrongUse.of("training.shards_too_many", where="train.shards", n=n, n_groups=n_groups)
    seed = derive_seed(recipe.train.seed, "shards") % 2**31
    labels = [found or () for found in learnt.label_sets()]
    folds = make_folds(tied_groups(learnt), labels, n, seed)
    made = np.zeros(len(rows), dtype=np.int64)
    made[train_at] = np.array(folds.fold, dtype=np.int64) - 1
    return made


def contents_of(rows: Manifest, steps: tuple[Step, ...], policy: Policy) -> list[str]:
    """Return what the input made of each row depends on: file, frame, region, reading, steps."""
    how = json.dumps([steps_to_tables(steps), asdict(policy)], sort_keys=True)
    common = hashlib.sha256(how.encode()).hexdigest()
    return [
        f"{common} {content} {frame} {path.partition('#')[2]}"
        for content, frame, path in rows.rows("content_sha256", "frame", "path")
    ]


def refuse_several_labels(recipe: Recipe, rows: Manifest) -> None:
    """Raise `WrongUse` where images have several labels and the model, or its head, gives one."""
    if rows.is_multilabel and recipe.model.options.get("head") in CLASSICAL_HEADS:
        raise WrongUse.of("features.several_labels", where="model.options.head")
    if rows.is_multilabel and MODELS.get(recipe.model.name).learns == "at once":
        name = recipe.model.name
        raise WrongUse.of("classical.several_labels", where="model.name", name=name)


def refuse_values(recipe: Recipe) -> None:
    """Raise when images are read as values and nothing makes grey of them.

    Raises:
        WrongUse: always then.
    """
    has_step = any(step.get("name") == "window" for step in recipe.prepare.steps)
    if recipe.data.window == "values" and not has_step:
        raise WrongUse.of("steps.no_window_step", where="data.window")
