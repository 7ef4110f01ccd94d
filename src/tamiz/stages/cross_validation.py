"""`train` with folds: a network per fold, each judged on what it never saw; together, one model."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import read_json, write_json, write_text
from tamiz.core.language import text
from tamiz.core.recipe import NO_INFLUENCE, Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Chart, Paragraph, Report, Section, Series, Table
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.models.registry import MODELS
from tamiz.stages.at_once import Trainings, each_training, in_turn
from tamiz.stages.folding import HELD_OUT, Folding, load_folds
from tamiz.stages.preparing import PREPARED_PREFIX, fitted_steps, prepare_rows
from tamiz.stages.row_predictions import row_predictions
from tamiz.steps.apply import input_steps
from tamiz.workers.current import is_elsewhere

if TYPE_CHECKING:
    from tamiz.engine.train import Trained
    from tamiz.models.bundle import Bundle

_DONE: Final = "done.json"


@dataclass(frozen=True, slots=True)
class Fold:
    """One training of a cross-validation.

    Attributes:
        number: over all repeats, from 1.
        repeat: from 1.
        fold: within the repeat, from 1.
        name: what it holds out: its number, or its centres.
    """

    number: int
    repeat: int
    fold: int
    name: str

    def folder(self, run: Run) -> Path:
        """Return where its checkpoints, history and predictions lie."""
        return run.folder / "folds" / f"r{self.repeat}-f{self.fold}"

    def model_folder(self, run: Run) -> Path:
        """Return where its network lies: it is a member of the run's model."""
        from tamiz.models.ensemble import member_name

        return run.model_folder / member_name(self.number)


def cross_validate(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Train a network per fold and keep what each says about the rows that it never saw.

    Within each fold's training part a validation part is set aside by groups: the epoch and the
    temperature are chosen on it, never on what is held out. Steps that learn are fitted to the
    fold's own training rows. A fold that is done is not trained again; one that was stopped goes
    on from its checkpoint.

    Writes `folds/r<repeat>-f<fold>/`, `predictions/oof.parquet` (`oof_<repeat>.parquet` for
    further repeats), `predictions/val.parquet`, and the model: an ensemble of all networks.

    Raises:
        WrongUse: a setting is wrong, or a fold was trained with others.
        WrongData: see `train`.
        MachineTrouble: the disk is full.
    """
    from tamiz.models.ensemble import ensemble_of

    if MODELS.get(recipe.model.name).reads == "slides":
        raise WrongUse.of("folds.slides", where="split.folds", model=recipe.model.name)
    manifest = run.manifest()
    folding = load_folds(run)
    folds = list(folds_of(folding))
    # A model of an earlier training without folds would look like a whole one.
    (run.model_folder / "bundle.json").unlink(missing_ok=True)
    facts = _facts_of(recipe, run, folds, on_event)
    _save_predictions(run, folds)
    bundles = [_load(fold.model_folder(run)) for fold in folds]
    training = {
        "folds": len(folding.names[0]),
        "repeats": folding.n_repeats,
        "n": len(folding.items),
        "epochs": [one["epochs"] for one in facts],
        "best_epoch": [one["best_epoch"] for one in facts],
    }
    made = replace(
        ensemble_of(bundles),
        training=training,
        manifest_hash=manifest.digest(),
        versions=bundles[-1].versions,
    )
    made.save(run.model_folder)
    write_text(run.folder / "history.jsonl", "".join(_history_lines(run, folds)))
    return _report(recipe, run, folds, facts)


def _facts_of(
    recipe: Recipe, run: Run, folds: Sequence[Fold], on_event: OnEvent
) -> list[dict[str, Any]]:
    """Return the facts of every fold's training, in order; done where the engine in force does."""
    run = Run(run.folder.absolute())  # a worker's own folder may be another
    cache: Path | None = run.folder / "cache"
    if is_elsewhere():
        cache = _shared_cache(recipe, run, folds[0], on_event)
    trainings = Trainings("train", run.folder, len(folds), recipe)
    named = ((f"r{fold.repeat}-f{fold.fold}", fold) for fold in folds)
    words = (text("folds.fold_of", n=fold.number, total=len(folds)) for fold in folds)
    parts = in_turn(named, (Event("train", "note", one) for one in words), on_event)
    return list(each_training(partial(_fold_of, recipe, run, cache), parts, trainings, on_event))


def _shared_cache(recipe: Recipe, run: Run, fold: Fold, on_event: OnEvent) -> Path | None:
    """Prepare the images that all folds learn from, once; None where each fits its own steps."""
    rows = load_folds(run).parts(run.manifest(), fold.repeat, fold.fold, recipe.split)
    policy, steps = policy_from(recipe.data), input_steps(recipe.prepare)
    if fitted_steps(steps, rows.where(split="train"), policy) != steps:
        return None
    cache = run.folder / "cache"
    prepare_rows(rows, steps, policy, recipe, cache, on_event)
    return cache


def _fold_of(
    recipe: Recipe, run: Run, cache: Path | None, fold: Fold, on_event: OnEvent
) -> dict[str, Any]:
    """Return the facts of one fold's training, which is done here.

    Without a cache that folds share, its images lie in its own folder until it is done.
    """
    rows = load_folds(run).parts(run.manifest(), fold.repeat, fold.fold, recipe.split)
    own = fold.folder(run) / "cache"
    facts = _train_fold(recipe, run, (rows, cache or own), fold, on_event)
    shutil.rmtree(own, ignore_errors=True)
    return facts


def folds_of(folding: Folding) -> Iterator[Fold]:
    """Yield the trainings of a cross-validation, in order."""
    number = 0
    for repeat, names in enumerate(folding.names, start=1):
        for fold, name in enumerate(names, start=1):
            number += 1
            yield Fold(number, repeat, fold, str(name))


def repeat_path(run: Run, repeat: int) -> Path:
    """Return where the out-of-fold predictions of a repeat lie."""
    name = "oof" if repeat == 1 else f"oof_{repeat}"
    return run.folder / "predictions" / f"{name}.parquet"


def joined(pieces: Sequence[Predictions], split: str) -> Predictions:
    """Return the rows of several networks' predictions as one table.

    With several labels per image each network has thresholds of its own. They are made one, their
    mean, by moving each network's log odds, label by label: every decision stays what it was.
    """
    first = pieces[0]
    shared = tuple(np.mean([one.thresholds for one in pieces], axis=0).tolist())
    moved = [_moved(one, shared).probabilities for one in pieces] if shared else None
    return replace(
        first,
        item=np.concatenate([one.item for one in pieces]),
        group=np.concatenate([one.group for one in pieces]),
        target=np.concatenate([one.target for one in pieces]),
        probabilities=np.concatenate(moved or [one.probabilities for one in pieces]),
        split=split,
        bundle=hashlib.sha256("".join(one.bundle for one in pieces).encode()).hexdigest(),
        thresholds=shared,
    )


def _moved(one: Predictions, thresholds: Sequence[float]) -> Predictions:
    from_odds, to_odds = (
        np.array(values) / (1 - np.array(values)) for values in (one.thresholds, thresholds)
    )
    factor = to_odds / from_odds
    p = one.probabilities
    probabilities = p * factor / (p * factor + (1 - p))
    # Rounding must not turn a decision that sits on the threshold.
    wanted, at = one.predicted.astype(bool), np.array(thresholds)
    probabilities = np.where(wanted, np.maximum(probabilities, at), probabilities)
    below = np.nextafter(at, 0)
    return replace(
        one, probabilities=np.where(wanted, probabilities, np.minimum(probabilities, below))
    )


def _train_fold(
    recipe: Recipe, run: Run, images: tuple[Manifest, Path], fold: Fold, on_event: OnEvent
) -> dict[str, Any]:
    """Return the facts of a fold's training; from disk where it is done.

    Args:
        recipe: of the run.
        run: in which it lies.
        images: the rows, parted as in this fold, and where they are kept when prepared.
        fold: which.
        on_event: told about progress.
    """
    from tamiz.stages.train import train_rows

    rows, cache = images
    folder = fold.folder(run)
    own = replace(recipe, train=replace(recipe.train, seed=recipe.train.seed + fold.number - 1))
    config = _config_hash(own, rows)
    if (folder / _DONE).is_file():
        done: dict[str, Any] = read_json(folder / _DONE)
        if done.get("config") != config:
            raise WrongUse.of("folds.other_config", where=folder)
        return done
    bundle, trained = train_rows(
        own, rows, folder, on_event, cache=cache, whole=with_test(run, rows)
    )
    _save_fold(own, run, images, fold, (bundle, trained), on_event)
    parts = rows.column("split")
    facts = {
        **trained.facts(),
        "config": config,
        "repeat": fold.repeat,
        "fold": fold.fold,
        "name": fold.name,
        "seconds": trained.seconds,
        "temperature": bundle.temperature,
        **{f"n_{part.replace(' ', '_')}": parts.count(part) for part in ("train", "val", HELD_OUT)},
    }
    write_json(folder / _DONE, facts)  # last: the fold is whole now
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    return facts


def with_test(run: Run, rows: Manifest) -> Manifest:
    """Return all rows of the run, parted as in this fold; a sealed test part stays 'test'."""
    manifest = run.manifest()
    part_of = dict(rows.rows("item", "split"))
    parts = [part_of.get(item, part) for item, part in manifest.rows("item", "split")]
    return manifest.with_columns({"split": parts})


def _save_fold(
    recipe: Recipe,
    run: Run,
    images: tuple[Manifest, Path],
    fold: Fold,
    made: tuple[Bundle, Trained],
    on_event: OnEvent,
) -> None:
    (rows, cache), (bundle, trained) = images, made
    prepared = prepare_rows(rows, bundle.steps, bundle.policy, recipe, cache, on_event)
    parts = np.array(rows.column("split"), dtype=object)
    for part, name in ((HELD_OUT, "oof"), ("val", "val")):
        at = np.flatnonzero(parts == part)
        found = row_predictions(bundle, rows, prepared, at, name, on_event)
        found.save(fold.folder(run) / f"{name}.parquet")
    lines = [
        json.dumps({"repeat": fold.repeat, "fold": fold.fold, **epoch}) + "\n"
        for epoch in trained.history
    ]
    write_text(fold.folder(run) / "history.jsonl", "".join(lines))
    bundle.save(fold.model_folder(run))
    if bundle.steps != input_steps(recipe.prepare):  # fitted to this fold: no other can use them
        for stale in cache.glob(f"{PREPARED_PREFIX}*"):
            stale.unlink()


def _config_hash(recipe: Recipe, rows: Manifest) -> str:
    """Return a hash of all that a fold's network depends on."""
    made = hashlib.sha256(rows.digest().encode())
    for section in ("prepare", "model", "train"):
        values = asdict(getattr(recipe, section))
        for name in NO_INFLUENCE.get(section, ()):
            values.pop(name, None)
        made.update(json.dumps(values, sort_keys=True).encode())
    return made.hexdigest()


def _load(folder: Path) -> Bundle:
    from tamiz.models.bundle import Bundle

    return Bundle.load(folder)


def _save_predictions(run: Run, folds: Sequence[Fold]) -> None:
    """Write all out-of-fold predictions, a file per repeat, and those on the validation parts."""
    for repeat in sorted({fold.repeat for fold in folds}):
        pieces = [
            Predictions.load(fold.folder(run) / "oof.parquet")
            for fold in folds
            if fold.repeat == repeat
        ]
        joined(pieces, "oof").save(repeat_path(run, repeat))
    pieces = [Predictions.load(fold.folder(run) / "val.parquet") for fold in folds]
    joined(pieces, "val").save(run.folder / "predictions" / "val.parquet")


def _history_lines(run: Run, folds: Sequence[Fold]) -> Iterator[str]:
    for fold in folds:
        yield (fold.folder(run) / "history.jsonl").read_text(encoding="utf-8")


def _report(
    recipe: Recipe, run: Run, folds: Sequence[Fold], facts: Sequence[dict[str, Any]]
) -> Report:
    histories = [_history(run, fold) for fold in folds]
    rows = tuple(
        (
            one["name"]
            if len({f.repeat for f in folds}) == 1
            else f"{one['repeat']}: {one['name']}",
            one["n_train"],
            one["n_val"],
            one["n_held_out"],
            one["best_epoch"],
            round(one["seconds"], 1),
        )
        for one in facts
    )
    columns = ("fold", "learnt", "chosen_on", "held_out", "best_epoch", "seconds")
    table = Table(
        tuple(text(f"folds.column_{name}") for name in columns),
        rows,
        text("folds.training_caption", model=recipe.model.name),
    )
    series = tuple(
        Series(
            text("folds.fold_name", name=fold.name),
            tuple(epoch["epoch"] for epoch in history),
            tuple(epoch["val_loss"] for epoch in history),
        )
        for fold, history in zip(folds, histories, strict=True)
        if history and all(epoch.get("val_loss") is not None for epoch in history)
    )[:10]
    curve = Chart(
        "line", text("training.val_loss"), text("training.epoch"), text("training.loss"), series
    )
    blocks: list[Block] = [Paragraph(text("folds.training_how")), table]
    blocks += [curve] if series else []
    values = {
        "train": {
            "folds": [dict(one) for one in facts],
            "seconds": sum(one["seconds"] for one in facts),
        }
    }
    title = text("training.title")
    section = Section("training", title, tuple(blocks))
    return Report("train", title, (section,), (table,), values)


def _history(run: Run, fold: Fold) -> list[dict[str, Any]]:
    lines = (fold.folder(run) / "history.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
