"""The trainings of an ablation: which there are, and what each answers on the validation part."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import make_folder, replacing
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.metrics.multilabel import sample_f1
from tamiz.metrics.multilabel_thresholds import choose_thresholds
from tamiz.stages.at_once import Trainings, each_training, in_turn
from tamiz.stages.policies import AugmentTable, shown
from tamiz.stages.preparing import fitted_steps, prepare_rows
from tamiz.stages.train import train_rows
from tamiz.stages.training_rows import targets_of, training_rows
from tamiz.steps.apply import input_steps
from tamiz.workers.current import is_elsewhere

if TYPE_CHECKING:
    from tamiz.engine.prepared import PreparedImages

Floats = NDArray[np.float64]
NONE: Final = "none"
ALL: Final = "all"
_STAGE: Final = "ablate-augmentation"
_LEAST: Final = 1e-7  # probabilities are not taken to be smaller, as in the metric log loss


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of training: its name and its augmentations."""

    name: str
    tables: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the trainings of one variant say of the validation rows.

    Attributes:
        right: (seeds, items), 1 where the class was named right, 0 elsewhere; with several labels
            per image its F1.
        losses: (seeds, items), minus the logarithm of the true class's probability; with several
            labels the mean over labels.
        is_multilabel: whether images can have several labels.
    """

    right: Floats
    losses: Floats
    is_multilabel: bool = False


def variants_of(tables: Sequence[AugmentTable], *, leave_out: bool) -> list[Variant]:
    """Return none, all, and each alone (or all without each)."""
    made = [Variant(NONE, ()), Variant(ALL, tuple(tables))]
    if len(tables) < 2:
        return made  # alone is all
    for at, table in enumerate(tables):
        others = tuple(one for place, one in enumerate(tables) if place != at)
        made.append(Variant(shown(table), others if leave_out else (table,)))
    return made


def answers_of(
    variants: Sequence[Variant], recipe: Recipe, run: Run, n_seeds: int, on_event: OnEvent
) -> dict[str, Answers]:
    """Return the answers of every variant; a training that was finished before is not repeated.

    The test part is not read. Trainings differ in `train.augment` and `train.seed` alone.

    Raises:
        WrongUse, WrongData, MachineTrouble: see `stages.train.train`.
    """
    rows, n_train = training_rows(run.manifest())
    classes = rows.take(range(n_train)).classes()
    targets = targets_of(rows.take(range(n_train, len(rows))), classes)
    turns = list(_in_turn(variants, n_seeds))
    wanted = [_wanted(recipe, variant, seed) for variant, seed in turns]
    if is_elsewhere() and not all(_is_kept(one, rows, run) for one in wanted):
        _prepared(recipe, rows, run.folder / "cache", on_event)  # once, for all of them
    named = [
        (f"{variant.name}, {seed + 1}", one)
        for (variant, seed), one in zip(turns, wanted, strict=True)
    ]
    events = (_event(done, turns, n_seeds) for done in range(len(turns)))
    trainings = Trainings(_STAGE, run.folder, len(turns), recipe)
    work = partial(_probabilities, rows, Run(run.folder.absolute()))
    made = list(each_training(work, in_turn(named, events, on_event), trainings, on_event))
    found: dict[str, list[Floats]] = {one.name: [] for one in variants}
    for (variant, _), probabilities in zip(turns, made, strict=True):
        found[variant.name].append(probabilities)
    return {name: _judged(np.stack(made), targets) for name, made in found.items()}


def _event(done: int, turns: Sequence[tuple[Variant, int]], n_seeds: int) -> Event:
    variant, seed = turns[done]
    words = text("augment.training", name=variant.name, seed=seed + 1, n=n_seeds)
    return Event(_STAGE, "progress", words, done, len(turns))


def _wanted(recipe: Recipe, variant: Variant, seed: int) -> Recipe:
    return replace(
        recipe,
        train=replace(
            recipe.train,
            augment=[dict(one) for one in variant.tables],
            seed=recipe.train.seed + seed,
            average_mirrored=False,
        ),
    )


def _in_turn(variants: Sequence[Variant], n_seeds: int) -> Iterator[tuple[Variant, int]]:
    for seed in range(n_seeds):  # seed by seed: what is there after an interruption is comparable
        for variant in variants:
            yield variant, seed


def _judged(probabilities: Floats, targets: NDArray[Any]) -> Answers:
    if targets.ndim == 2:
        return _judged_labels(probabilities, targets > 0)
    of_true = probabilities[:, np.arange(len(targets)), targets]
    right = (probabilities.argmax(axis=2) == targets[None, :]).astype(np.float64)
    return Answers(right, -np.log(np.clip(of_true, _LEAST, 1.0)))


def _judged_labels(probabilities: Floats, targets: NDArray[np.bool_]) -> Answers:
    """Return the answers at the thresholds that each training would have been given."""
    wanted = targets.astype(np.int64)
    right = [
        sample_f1(targets, one >= np.asarray(choose_thresholds(one, wanted), np.float64))
        for one in probabilities
    ]
    of_true = np.where(targets[None], probabilities, 1 - probabilities)
    losses = -np.log(np.clip(of_true, _LEAST, 1.0)).mean(axis=2)
    return Answers(np.stack(right), losses, is_multilabel=True)


def _place(recipe: Recipe, rows: Manifest, run: Run) -> Path:
    """Return where a training lies: its name tells all that it depends on."""
    identity = json.dumps(
        [asdict(recipe.prepare), asdict(recipe.model), asdict(recipe.train), rows.digest()],
        sort_keys=True,
    )
    return run.folder / "ablation" / hashlib.sha256(identity.encode()).hexdigest()[:24]


def _is_kept(recipe: Recipe, rows: Manifest, run: Run) -> bool:
    return (_place(recipe, rows, run) / "val.npy").is_file()


def _probabilities(rows: Manifest, run: Run, recipe: Recipe, on_event: OnEvent) -> Floats:
    """Return (val rows, classes) of one training, kept in the run's folder once it is done."""
    folder = _place(recipe, rows, run)
    kept = folder / "val.npy"
    if kept.is_file():
        try:
            made: Floats = np.load(kept, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            kept.unlink()  # damaged: made again
        else:
            return made
    make_folder(folder)
    made = _trained(recipe, rows, folder, run.folder / "cache", on_event)
    with replacing(kept) as part, part.open("wb") as opened:
        np.save(opened, made, allow_pickle=False)
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    return made


def _trained(
    recipe: Recipe, rows: Manifest, folder: Path, cache: Path, on_event: OnEvent
) -> Floats:
    from tamiz.engine.infer import predict_probabilities

    plain = replace(recipe, train=replace(recipe.train, guard=False))  # nobody asks these networks
    bundle, _ = train_rows(plain, rows, folder, on_event, cache=cache)
    splits = np.array(rows.column("split"), dtype=object)
    images = _prepared(recipe, rows, cache, on_event)
    return predict_probabilities(
        bundle.module(),
        images,
        np.flatnonzero(splits == "val"),
        calibration=bundle.calibration,
        is_multilabel=bundle.is_multilabel,
    )


def _prepared(recipe: Recipe, rows: Manifest, cache: Path, on_event: OnEvent) -> PreparedImages:
    """Return the rows' images as the networks read them."""
    learnt, policy = rows.where(split="train"), policy_from(recipe.data)
    steps = fitted_steps(input_steps(recipe.prepare), learnt, policy)
    return prepare_rows(rows, steps, policy, recipe, cache, on_event)


def check_ablation(run: Run, tables: Sequence[AugmentTable]) -> None:
    """Raise where there is nothing to measure, or nothing to measure it on.

    Raises:
        WrongUse: no augmentation was named.
        WrongData: there are no validation rows.
    """
    manifest = run.manifest()
    if not tables:
        raise WrongUse.of("augment.nothing_to_try", where="train.augment")
    if not len(manifest.where(split="val")):
        raise WrongData.of("augment.no_val", where=run.folder)
