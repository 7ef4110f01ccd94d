"""`train`: from the train and val parts to a bundle; the test part is not read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.recipe import Recipe
from tamiz.data.contracts import Step
from tamiz.data.manifest import Manifest
from tamiz.data.report import Report
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.metrics.calibration import fit_calibration
from tamiz.metrics.multilabel_thresholds import choose_thresholds
from tamiz.metrics.operating import check_decision
from tamiz.models.registry import MODELS
from tamiz.stages.classical_report import classical_report, importances_of, with_importances
from tamiz.stages.distil_teacher import lessons_for, with_lessons
from tamiz.stages.exporters import exporting
from tamiz.stages.folding import has_folds
from tamiz.stages.guarding import guarded
from tamiz.stages.planning.ahead import take_up_ahead
from tamiz.stages.preparing import fitted_steps, prepare_rows
from tamiz.stages.training_report import training_report
from tamiz.stages.training_rows import targets_of, training_rows
from tamiz.stages.training_task import (
    contents_of,
    refuse_several_labels,
    refuse_values,
    shards_of,
)
from tamiz.steps.apply import input_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tamiz.engine.train import Task, Trained
    from tamiz.models.bundle import Bundle


def train(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Train as the recipe says and write the bundle; goes on from a checkpoint if there is one.

    Raises:
        WrongUse: a setting is wrong, or the checkpoint was made with others.
        WrongData: a class has no training images, an image does not decode, or the loss is no
            number any more.
        MachineTrouble: the disk is full.
    """
    manifest = run.manifest()
    if not getattr(manifest, "is_multilabel", False):  # before hours of training, not after
        has_val = len(manifest.where(split="val")) > 0 or has_folds(recipe.split)
        classes = manifest.where(split="train").classes()
        check_decision(recipe.evaluate, classes, has_val=has_val)
    if has_folds(recipe.split):
        from tamiz.stages.cross_validation import cross_validate

        return cross_validate(recipe, run, on_event)
    if MODELS.get(recipe.model.name).reads == "slides":
        from tamiz.stages.slides.training import train_slides

        return train_slides(recipe, run, on_event)
    return _train_images(recipe, run, on_event)


def _train_images(recipe: Recipe, run: Run, on_event: OnEvent) -> Report:
    rows, _ = training_rows(run.manifest())
    take_up_ahead(run, recipe)
    bundle, trained = train_rows(recipe, rows, run.folder, on_event, whole=run.manifest())
    bundle = replace(bundle, manifest_hash=run.manifest().digest())
    lines = "".join(json.dumps(epoch) + "\n" for epoch in trained.history)
    write_text(run.folder / "history.jsonl", lines)
    if MODELS.get(recipe.model.name).learns == "at once":
        cache = run.folder / "cache"
        images = prepare_rows(rows, bundle.steps, bundle.policy, recipe, cache, on_event)
        importances = importances_of(bundle, rows, images, recipe, on_event)
        with_importances(bundle, importances).save(run.model_folder)
        return classical_report(trained, bundle, importances, recipe)
    bundle.save(run.model_folder)
    return training_report(trained, recipe, bundle.temperature)


def train_rows(
    recipe: Recipe,
    rows: Manifest,
    folder: Path,
    on_event: OnEvent = ignore,
    *,
    cache: Path | None = None,
    whole: Manifest | None = None,
) -> tuple[Bundle, Trained]:
    """Return a network learnt on the rows whose split is 'train', chosen on those of 'val'.

    Args:
        recipe: as it is in force.
        rows: all are prepared, in this order; those of any other split are not looked at.
        folder: `checkpoint/` lies in it; the training goes on from what is there.
        cache: where prepared images are kept; None: in `folder`/cache.
        whole: rows that a teacher must not have learnt from, by their split; None: `rows`.
        on_event: told about progress, epochs and warnings.

    Raises:
        WrongUse, WrongData, MachineTrouble: see `train`.
    """
    from tamiz.engine.infer import predict_scores
    from tamiz.engine.train import train_network
    from tamiz.models.bundle import Bundle, current_versions

    task, steps = task_of(recipe, rows, cache or folder / "cache", on_event, whole=whole)
    with exporting(folder, recipe, on_event) as told:
        trained = train_network(task, folder / "checkpoint", told)
    bundle = Bundle(
        classes=task.rows.classes,
        size_px=recipe.prepare.size_px,
        channels=recipe.prepare.channels,
        model=recipe.model.name,
        options={**recipe.model.options, **trained.options},
        steps=steps,
        policy=policy_from(recipe.data),
        mean=trained.mean,
        std=trained.std,
        weights=trained.weights,
        averages_mirrored=recipe.train.average_mirrored,
        manifest_hash=rows.digest(),
        training={
            **trained.facts(),
            "n_train": len(task.rows.train),
            "n_val": len(task.rows.val),
        },
        versions=current_versions(),
        start=trained.start.as_table() if trained.start else {},
    )
    scores = predict_scores(bundle.module(), task.rows.images, task.rows.val, on_event=on_event)
    groups = np.array(rows.group_keys())[task.rows.val]
    how = recipe.train.calibration
    bundle = _calibrated(bundle, scores, (task.rows.targets[task.rows.val], groups), how)
    if recipe.train.guard:
        bundle = guarded(bundle, rows, task.rows, on_event)
    return bundle, trained


def task_of(
    recipe: Recipe,
    rows: Manifest,
    cache: Path,
    on_event: OnEvent = ignore,
    *,
    whole: Manifest | None = None,
) -> tuple[Task, tuple[Step, ...]]:
    """Return what is to be trained, its images prepared, and the steps that prepared them.

    Args:
        recipe: as it is in force.
        rows: see `train_rows`.
        cache: where prepared images are kept.
        on_event: told about progress.
        whole: see `train_rows`.

    Raises:
        WrongUse, WrongData: see `train`.
    """
    from tamiz.engine.feed import Rows
    from tamiz.engine.keyed import item_keys_of
    from tamiz.engine.train import Task, check_task
    from tamiz.models.registry import InputShape

    parts = np.array(rows.column("split"), dtype=object)
    train_at, val_at = (np.flatnonzero(parts == part) for part in ("train", "val"))
    learnt = rows.take(train_at.tolist())
    classes = learnt.classes()
    shape = InputShape(recipe.prepare.channels, recipe.prepare.size_px, len(classes))
    check_task(recipe.model, recipe.train, shape)
    refuse_values(recipe)
    refuse_several_labels(recipe, rows)
    policy = policy_from(recipe.data)
    steps = fitted_steps(input_steps(recipe.prepare), learnt, policy)
    targets = targets_of(rows, classes)
    images = prepare_rows(rows, steps, policy, recipe, cache, on_event)
    lessons = lessons_for(recipe, rows, classes, cache, on_event, whole=whole)
    taught = Rows(
        images=images,
        targets=targets,
        item_keys=item_keys_of(rows.column("item")),
        train=train_at,
        val=val_at,
        classes=tuple(classes),
        shard=shards_of(recipe, rows, train_at),
    )
    task = Task(
        model=recipe.model,
        train=recipe.train,
        rows=with_lessons(taught, lessons),
        names=rows.column("path"),
        contents=contents_of(rows, steps, policy),
        groups=tuple(rows.group_keys()),
    )
    return task, steps


def _calibrated(
    bundle: Bundle, scores: NDArray[Any], known: tuple[NDArray[Any], NDArray[Any]], how: str
) -> Bundle:
    """Return the bundle with the calibration (and thresholds of several labels) of the val part.

    The calibration comes first: thresholds are probabilities.

    Args:
        bundle: not calibrated yet.
        scores: of the validation rows.
        known: their targets and groups.
        how: see `fit_calibration`.
    """
    targets, groups = known
    fitted = fit_calibration(scores, targets, groups, how)
    bundle = bundle.with_calibration(fitted.calibration, fitted.temperature)
    bundle = replace(bundle, training={**bundle.training, "calibration": fitted.how})
    if targets.ndim == 1:
        return bundle
    shares = fitted.calibration.probabilities(scores, is_multilabel=True)
    return bundle.with_thresholds(choose_thresholds(shares, targets))
