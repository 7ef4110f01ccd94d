"""`train` where the model reads slides: bags of tiles, learnt by multiple-instance learning."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.data.run_folder import Run
from tamiz.descriptors.tiles import VERSION
from tamiz.formats.reader import policy_from
from tamiz.metrics.intervals import measure
from tamiz.metrics.pooling import pooled
from tamiz.stages.embedding import Bag, Embedding, bags_of, sample_of_tiles
from tamiz.stages.training_rows import target_indices, training_rows
from tamiz.steps.apply import build_steps, fit_steps

if TYPE_CHECKING:
    from tamiz.engine.bags import Bags
    from tamiz.engine.mil import TrainedMil
    from tamiz.models.bundle import Bundle
    from tamiz.models.mil import SlideModelOptions

_SHOWN: Final = 20
_FITTED_TO: Final = 200  # tiles that a step which learns is shown
_LEAST_PATIENTS: Final = 5  # of a centre that is left out and predicted


def train_slides(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Train on the slides of the train and val parts and write the bundle.

    Beside it, each centre is predicted by networks that never saw it, still without the test part
    (`predictions/centres.parquet`).

    Raises:
        WrongUse: an option is wrong.
        WrongData: a class has no training slides, or none of the slides holds tissue.
        UnreadableItem: a slide cannot be read, or does not say its spacing.
    """
    from tamiz.engine.mil import MilTask, train_mil

    rows, n_train = training_rows(run.manifest())
    train_rows = rows.take(range(n_train))
    classes = train_rows.classes()
    options = slide_options(recipe.model.name, recipe.model.options)
    targets = target_indices(rows, classes)
    how = Embedding(options.tiling(), tuple(options.embed), (), policy_from(recipe.data))
    steps = fit_steps(
        build_steps(recipe.prepare.steps), lambda: sample_of_tiles(train_rows, how, _FITTED_TO)
    )
    how = replace(how, steps=steps)
    bags, found = bags_of(rows, how, on_event)
    _refuse_empty(found, n_train, rows)
    groups = rows.group_keys()
    positions = np.arange(len(rows), dtype=np.int64)
    task = MilTask(bags, targets, groups, positions[:n_train], positions[n_train:], len(classes))
    trained = train_mil(
        task, options, seed=recipe.train.seed, threads=recipe.train.threads, on_event=on_event
    )
    bundle = _bundle(recipe, run, classes, steps, trained)
    bundle.save(run.model_folder)
    lines = "".join(json.dumps(one) + "\n" for one in trained.history)
    write_text(run.folder / "history.jsonl", lines)
    centres = _left_out(rows, bags, targets, bundle, recipe, on_event)
    if centres is not None:
        centres.save(run.folder / "predictions" / "centres.parquet")
    return _report(trained, recipe, found, centres, rows)


def embedding_of(bundle: Bundle) -> Embedding:
    """Return how a bundle's slides become bags.

    Raises:
        WrongData: its embeddings were made by another version of the descriptors.
    """
    if bundle.training.get("descriptors_version") != VERSION:
        found = str(bundle.training.get("descriptors_version"))
        raise WrongData.of("mil.other_version", where="bundle.json", found=found, known=VERSION)
    options = slide_options(bundle.model, bundle.options)
    return Embedding(options.tiling(), tuple(options.embed), bundle.steps, bundle.policy)


def slide_options(model: str, options: Mapping[str, object]) -> SlideModelOptions:
    """Return the checked options of a recipe's or a bundle's slide model.

    Raises:
        WrongUse: one is unknown or out of its limits, or tiles cannot be cut or described so.
    """
    from tamiz.models.build import resolve_model
    from tamiz.models.registry import InputShape

    # Tiles bring their own size, and any number of classes will do.
    _, made = resolve_model(model, options, InputShape(n_channels=3, side_px=0, n_classes=0))
    checked: SlideModelOptions = made
    return checked


def slide_predictions(
    bundle: Bundle, rows: Manifest, bags: Bags
) -> tuple[Predictions, list[NDArray[np.float64]]]:
    """Return a row per slide, and how much each of its tiles counted."""
    from tamiz.engine.mil import predict_mil

    options = slide_options(bundle.model, bundle.options)
    probabilities, attention = predict_mil(bundle.weights, options, bags, len(bundle.classes))
    made = Predictions(
        classes=bundle.classes,
        item=np.array(rows.column("item"), dtype=np.str_),
        group=np.array(rows.group_keys(), dtype=np.str_),
        target=target_indices(rows, list(bundle.classes)),
        probabilities=probabilities,
        split=rows.column("split")[0] if len(rows) else "",
        bundle=bundle.identity(),
    )
    return made, attention


def _bundle(
    recipe: Recipe, run: Run, classes: Sequence[str], steps: Any, trained: TrainedMil
) -> Bundle:
    from tamiz.models.bundle import Bundle, current_versions

    options = slide_options(recipe.model.name, recipe.model.options)
    return Bundle(
        classes=tuple(classes),
        size_px=options.tile_px,
        channels=3,
        model=recipe.model.name,
        options=recipe.model.options,
        steps=steps,
        policy=policy_from(recipe.data),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        weights=trained.weights,
        manifest_hash=run.manifest().digest(),
        training={
            "best_epochs": list(trained.best_epochs),
            "n_parameters": trained.n_parameters,
            "seed": recipe.train.seed,
            "descriptors_version": VERSION,
            "classes_weigh_alike": options.balance,
        },
        versions=current_versions(),
    )


def _refuse_empty(found: Sequence[Bag], n_train: int, rows: Manifest) -> None:
    if not any(len(bag.values) for bag in found[:n_train]):
        raise WrongData.of("mil.no_tissue", where=rows.root, n=n_train)


def _left_out(
    rows: Manifest,
    bags: Bags,
    targets: NDArray[np.int64],
    bundle: Bundle,
    recipe: Recipe,
    on_event: OnEvent,
) -> Predictions | None:
    """Return each centre's slides predicted by networks that learnt from the other centres.

    None where there are no centres, or fewer than two with enough patients. One network a centre,
    so that it takes no longer than it must.
    """
    from tamiz.engine.mil import MilTask, predict_mil, train_mil

    if "centre" not in rows.column_names:
        return None
    centres = np.array([one or "" for one in rows.column("centre")])
    groups = np.array(rows.group_keys())
    patients = {name: len(set(groups[centres == name])) for name in sorted(set(centres)) if name}
    chosen = [name for name, n in patients.items() if n >= _LEAST_PATIENTS]
    options = replace(slide_options(recipe.model.name, recipe.model.options), members=1)
    probabilities = np.full((len(rows), len(bundle.classes)), np.nan)
    is_val = np.array(rows.column("split")) == "val"
    for name in chosen if len(chosen) > 1 else ():
        is_other = centres != name
        train = np.flatnonzero(is_other & ~is_val)
        if len(np.unique(targets[train])) < len(bundle.classes):
            continue
        val = np.flatnonzero(is_other & is_val)
        task = MilTask(bags, targets, groups, train, val, len(bundle.classes))
        trained = train_mil(
            task, options, seed=recipe.train.seed, threads=recipe.train.threads, on_event=on_event
        )
        at = np.flatnonzero(~is_other)
        probabilities[at], _ = predict_mil(
            trained.weights, options, bags.take(at), len(bundle.classes)
        )
    known = np.flatnonzero(np.isfinite(probabilities[:, 0]))
    if not len(known):
        return None
    return Predictions(
        classes=bundle.classes,
        item=np.array(rows.column("item"), dtype=np.str_)[known],
        group=groups[known].astype(np.str_),
        target=targets[known],
        probabilities=probabilities[known],
        split="centres",
        bundle=bundle.identity(),
    )


def _report(
    trained: TrainedMil,
    recipe: Recipe,
    found: Sequence[Bag],
    centres: Predictions | None,
    rows: Manifest,
) -> Report:
    counts = [len(bag.values) for bag in found]
    facts = Table(
        (text("training.fact"), text("training.value")),
        (
            (text("training.model"), recipe.model.name),
            (text("training.parameters"), trained.n_parameters),
            (text("mil.slides"), len(found)),
            (text("mil.slides_empty"), sum(not n for n in counts)),
            (text("mil.tiles"), sum(counts)),
            (text("training.best_epoch"), ", ".join(map(str, trained.best_epochs))),
            (text("training.seconds"), round(trained.seconds, 1)),
        ),
    )
    blocks: list[Block] = [Paragraph(text("mil.chosen")), facts, _curves(trained.history)]
    empty = tuple(path for path, n in zip(rows.column("path"), counts, strict=True) if not n)
    findings: tuple[Block, ...] = ()
    if empty:
        what = text("mil.n_empty", n=len(empty), total=len(counts))
        finding = Finding(Severity.WARNING, what, text("mil.n_empty_advice"), items=empty[:_SHOWN])
        findings = (Findings((finding,)),)
        blocks[:0] = findings
    sections = [Section("training", text("training.title"), tuple(blocks))]
    values: dict[str, Any] = {
        "best_epochs": list(trained.best_epochs),
        "n_parameters": trained.n_parameters,
        "seconds": trained.seconds,
        "tiles": sum(counts),
        "slides_without_tissue": sum(not n for n in counts),
    }
    if centres is not None:
        table, values["centres"] = _centre_table(centres, rows, recipe)
        sections.append(Section("centres", text("mil.centres"), (table,)))
        return Report(
            "train",
            text("training.title"),
            tuple(sections),
            (facts, table, *findings),
            {"train": values},
        )
    summary = (facts, *findings)
    return Report("train", text("training.title"), tuple(sections), summary, {"train": values})


def _curves(history: Sequence[dict[str, Any]]) -> Chart:
    series = []
    for member in sorted({one["member"] for one in history}):
        for name in ("train_loss", "val_loss"):
            points = [
                (one["epoch"], one[name])
                for one in history
                if one["member"] == member and one.get(name) is not None
            ]
            if points:
                x, y = zip(*points, strict=True)
                series.append(Series(text(f"mil.{name}", n=member + 1), tuple(x), tuple(y)))
    loss, epoch = text("training.loss"), text("training.epoch")
    return Chart("line", loss, epoch, loss, tuple(series))


def _centre_table(
    centres: Predictions, rows: Manifest, recipe: Recipe
) -> tuple[Table, dict[str, Any]]:
    """Return AUROC and weighted log loss of patients, centre by centre and all together."""
    centre_of = dict(zip(rows.group_keys(), rows.column("centre"), strict=True))
    patients = pooled(centres)
    by_row = np.array([centre_of[group] for group in patients.group.tolist()])
    lines: list[tuple[Cell, ...]] = []
    values: dict[str, Any] = {}
    names = sorted(set(by_row.tolist()), key=lambda name: (name.zfill(9), name))
    for name in (*names, ""):
        part = patients.take(np.flatnonzero(by_row == name)) if name else patients
        measured = measure(part, recipe.evaluate)
        counts = Counter(part.classes[target] for target in part.target.tolist())
        shown = ", ".join(f"{label} {n}" for label, n in sorted(counts.items()))
        overall = measured.overall
        cells = (overall.get("auroc"), overall.get("weighted_log_loss"))
        lines.append((name or text("mil.all_centres"), len(part), shown, *cells))
        values[name or "all"] = {
            "patients": len(part),
            **{metric: overall[metric].value for metric in ("auroc", "weighted_log_loss")
               if metric in overall},
        }  # fmt: skip
    columns = (
        text("mil.column_centre"),
        text("mil.column_patients"),
        text("mil.column_classes"),
        text("metrics.auroc"),
        text("metrics.weighted_log_loss"),
    )
    return Table(columns, tuple(lines), text("mil.centres_caption")), values
