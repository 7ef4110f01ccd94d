"""The trainings of sanity experiments: each is done once, kept in the run, and taken up again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from tamiz.core.errors import TamizError
from tamiz.core.events import OnEvent
from tamiz.core.files import make_folder, read_json, write_json
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run
from tamiz.formats.reader import policy_from
from tamiz.metrics.pooling import pooled
from tamiz.stages.experiments.parts import HELD
from tamiz.stages.preparing import fitted_steps, prepare_rows
from tamiz.stages.row_predictions import row_predictions
from tamiz.stages.train import train_rows
from tamiz.steps.apply import input_steps

FOLDER: Final = "sanity"
_VERSION: Final = 1
_PASSING: Final = ("checkpoint_s", "threads", "watch")  # settings that change no answer


@dataclass(frozen=True, slots=True)
class Job:
    """One training of an experiment.

    Attributes:
        name: of the experiment's way, as its folder is called.
        number: of the repeat, from 1.
        recipe: as it is to be trained.
        rows: all, their split 'train', 'val', 'held' (what is measured) or anything else.
        unions: what each row must stay together with: the groups of the intervals.
    """

    name: str
    number: int
    recipe: Recipe
    rows: Manifest
    unions: Sequence[str]

    def folder(self, run: Run) -> Path:
        """Return where its result lies."""
        return run.folder / FOLDER / f"{self.name}-{self.number}"

    def identity(self) -> str:
        """Return a hash over all that its result depends on."""
        train = asdict(self.recipe.train)
        for name in _PASSING:
            train.pop(name)
        kept = [asdict(self.recipe.prepare), asdict(self.recipe.model), train]
        made = hashlib.sha256(json.dumps([_VERSION, *kept], sort_keys=True, default=str).encode())
        made.update(repr(asdict(self.recipe.data)).encode())
        wanted = ("item", "label", "split", "content_sha256")
        names = [name for name in wanted if name in self.rows.column_names]
        for row, union in zip(self.rows.rows(*names), self.unions, strict=True):
            made.update(json.dumps([*row, union]).encode())
        return made.hexdigest()


def trainable(recipe: Recipe, number: int) -> Recipe:
    """Return the recipe of a repeat: another seed, no teacher (who knows the true labels)."""
    train = replace(
        recipe.train,
        seed=recipe.train.seed + number - 1,
        teacher=None,
        teacher_options={},
        watch=[],
        guard=False,
    )
    return replace(recipe, train=train)


def is_kept(job: Job, run: Run) -> bool:
    """Return whether its result is there already."""
    return _kept(job, run) is not None


def answers_of(run: Run, job: Job, on_event: OnEvent) -> Predictions:
    """Return what the job's network says of its held-out rows; trains it unless that was done.

    Groups are the unions; parts of slides or of patients are pooled per group as `evaluate` does.

    Raises:
        WrongUse, WrongData, MachineTrouble: see `stages.train.train`.
    """
    kept = _kept(job, run)
    if kept is not None:
        return kept
    folder = job.folder(run)
    identity = {"input": job.identity()}
    if _read(folder / "input.json") != identity:  # a checkpoint of other rows is no beginning
        shutil.rmtree(folder, ignore_errors=True)
        make_folder(folder)
        write_json(folder / "input.json", identity)
    made = _trained(job, folder, run.folder / FOLDER / "cache", on_event)
    made.save(folder / "held.parquet")
    write_json(folder / "result.json", identity)
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    return made


def keep_images(jobs: Sequence[Job], run: Run, on_event: OnEvent) -> None:
    """Prepare the images that these jobs learn from, each way of preparing once.

    Trainings that begin at the same time then find them. What a job fits to its own rows it
    prepares by itself.
    """
    seen: set[str] = set()
    for job in jobs:
        how = json.dumps(asdict(job.recipe.prepare), sort_keys=True, default=str)
        if how in seen:
            continue
        seen.add(how)
        policy, steps = policy_from(job.recipe.data), input_steps(job.recipe.prepare)
        if fitted_steps(steps, job.rows.where(split="train"), policy) == steps:
            cache = run.folder / FOLDER / "cache"
            prepare_rows(job.rows, steps, policy, job.recipe, cache, on_event)


def forget_images(run: Run) -> None:
    """Remove the prepared images, which served all trainings."""
    shutil.rmtree(run.folder / FOLDER / "cache", ignore_errors=True)


def _kept(job: Job, run: Run) -> Predictions | None:
    folder = job.folder(run)
    if not (folder / "result.json").is_file():
        return None
    if _read(folder / "result.json") != {"input": job.identity()}:
        return None
    try:
        return Predictions.load(folder / "held.parquet")
    except TamizError:  # damaged: made again
        return None


def _read(path: Path) -> object:
    try:
        return read_json(path)
    except TamizError:
        return None


def _trained(job: Job, folder: Path, cache: Path, on_event: OnEvent) -> Predictions:
    plain = replace(job.recipe, train=replace(job.recipe.train, guard=False))
    bundle, _ = train_rows(plain, job.rows, folder, on_event, cache=cache)
    images = prepare_rows(job.rows, bundle.steps, bundle.policy, job.recipe, cache, on_event)
    at = np.flatnonzero(np.array(job.rows.column("split"), dtype=object) == HELD)
    found = row_predictions(bundle, job.rows, images, at, HELD, on_event)
    group = np.array([job.unions[place] for place in at.tolist()], dtype=np.str_)
    found = replace(found, group=group)
    has_parts = any(x is not None for x in job.rows.column("x"))
    return pooled(found) if has_parts else found


def together(parts: Sequence[Predictions]) -> Predictions:
    """Return the answers of several repeats as one table; their items get the repeat's number."""
    first = parts[0]
    numbered = [
        np.array([f"{item}#{number}" for item in one.item.tolist()], dtype=np.str_)
        for number, one in enumerate(parts, start=1)
    ]
    return replace(
        first,
        item=np.concatenate(numbered),
        group=np.concatenate([one.group for one in parts]),
        target=np.concatenate([one.target for one in parts]),
        probabilities=np.concatenate([one.probabilities for one in parts]),
    )
