"""`train`: from the train and val parts to a bundle; the test part is not read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.report import (
    Block,
    Chart,
    Paragraph,
    Report,
    Section,
    Series,
    Table,
)
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.metrics.temperature import fit_temperature
from tamiz.models.registry import MODELS
from tamiz.stages.preparing import fitted_steps, prepare_rows
from tamiz.stages.training_rows import target_indices, training_rows
from tamiz.steps.apply import input_steps

if TYPE_CHECKING:
    from tamiz.engine.feed import Rows
    from tamiz.engine.train import Trained
    from tamiz.models.bundle import Bundle


def train(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Train as the recipe says and write the bundle; goes on from a checkpoint if there is one.

    Raises:
        WrongUse: a setting is wrong, or the checkpoint was made with others.
        WrongData: a class has no training images, an image does not decode, or the loss is no
            number any more.
        MachineTrouble: the disk is full.
    """
    if MODELS.get(recipe.model.name).reads == "slides":
        from tamiz.stages.slide_training import train_slides

        return train_slides(recipe, run, on_event)
    return _train_images(recipe, run, on_event)


def _train_images(recipe: Recipe, run: Run, on_event: OnEvent) -> Report:
    from tamiz.engine.feed import Rows
    from tamiz.engine.keyed import item_keys_of
    from tamiz.engine.train import Task, check_task, train_network
    from tamiz.models.bundle import Bundle, current_versions
    from tamiz.models.registry import InputShape

    rows, n_train = training_rows(run.manifest())
    classes = rows.take(range(n_train)).classes()
    shape = InputShape(recipe.prepare.channels, recipe.prepare.size_px, len(classes))
    check_task(recipe.model, recipe.train, shape)
    _refuse_values(recipe)
    policy = policy_from(recipe.data)
    steps = fitted_steps(input_steps(recipe.prepare), rows.take(range(n_train)), policy)
    targets = target_indices(rows, classes)
    images = prepare_rows(rows, steps, policy, recipe, run.folder / "cache", on_event)
    positions = np.arange(len(rows), dtype=np.int64)
    task = Task(
        model=recipe.model,
        train=recipe.train,
        rows=Rows(
            images=images,
            targets=targets,
            item_keys=item_keys_of(rows.column("item")),
            train=positions[:n_train],
            val=positions[n_train:],
            classes=tuple(classes),
        ),
        names=rows.column("path"),
    )
    trained = train_network(task, run.folder / "checkpoint", on_event)
    bundle = Bundle(
        classes=tuple(classes),
        size_px=recipe.prepare.size_px,
        channels=recipe.prepare.channels,
        model=recipe.model.name,
        options=recipe.model.options,
        steps=steps,
        policy=policy,
        mean=trained.mean,
        std=trained.std,
        weights=trained.weights,
        averages_mirrored=recipe.train.average_mirrored,
        manifest_hash=run.manifest().digest(),
        training={**trained.facts(), "n_train": n_train, "n_val": len(rows) - n_train},
        versions=current_versions(),
    )
    bundle = bundle.with_temperature(_temperature(bundle, task.rows, on_event))
    bundle.save(run.model_folder)
    lines = "".join(json.dumps(epoch) + "\n" for epoch in trained.history)
    write_text(run.folder / "history.jsonl", lines)
    return _report(trained, recipe, bundle.temperature)


def _temperature(bundle: Bundle, rows: Rows, on_event: OnEvent) -> float:
    """Return the softmax temperature that suits the validation rows best."""
    from tamiz.engine.infer import predict_scores

    scores = predict_scores(bundle.module(), rows.images, rows.val, on_event=on_event)
    return fit_temperature(scores, rows.targets[rows.val])


def _refuse_values(recipe: Recipe) -> None:
    """Raise when images are read as values and nothing makes grey of them.

    Raises:
        WrongUse: always then.
    """
    has_step = any(step.get("name") == "window" for step in recipe.prepare.steps)
    if recipe.data.window == "values" and not has_step:
        raise WrongUse.of("steps.no_window_step", where="data.window")


def _report(trained: Trained, recipe: Recipe, temperature: float) -> Report:
    best = trained.history[trained.best_epoch - 1]
    facts = Table(
        (text("training.fact"), text("training.value")),
        (
            (text("training.model"), recipe.model.name),
            (text("training.parameters"), trained.n_parameters),
            (text("training.epochs"), len(trained.history)),
            (text("training.best_epoch"), trained.best_epoch),
            (text("training.seconds"), round(trained.seconds, 1)),
            (text("training.precision"), trained.precision),
            (text("training.device"), trained.device),
            (text("training.temperature"), f"{temperature:.3f}"),
            (text("training.first_loss"), f"{trained.first_loss:.3f}"),
            (text("training.expected_first_loss"), f"{trained.expected_first_loss:.3f}"),
        ),
    )
    blocks: list[Block] = [Paragraph(text("training.chosen", epoch=trained.best_epoch)), facts]
    blocks += [_curves(trained.history, ("train_loss", "val_loss"), "training.loss")]
    blocks += [_curves(trained.history, ("val_accuracy",), "training.accuracy")]
    values = {"train": {**trained.facts(), "seconds": trained.seconds, "best": best}}
    title = text("training.title")
    return Report("train", title, (Section("training", title, tuple(blocks)),), (facts,), values)


def _curves(history: list[dict[str, Any]], names: tuple[str, ...], label: str) -> Chart:
    series = []
    for name in names:
        points = [(one["epoch"], one[name]) for one in history if one.get(name) is not None]
        if points:
            x, y = zip(*points, strict=True)
            series.append(Series(text(f"training.{name}"), tuple(x), tuple(y)))
    return Chart("line", text(label), text("training.epoch"), text(label), tuple(series))
