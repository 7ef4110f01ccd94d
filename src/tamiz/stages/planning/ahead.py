"""Trainings that the plan made in full while comparing: the chosen one is not made again."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongData
from tamiz.core.files import read_json, write_json
from tamiz.core.recipe import NO_INFLUENCE, Recipe
from tamiz.data.run_folder import Run

_FOLDER: Final = "ahead"
_KEPT: Final = "kept.json"
# What is made of the weights afterwards changes no step of the training.
_AFTERWARDS: Final = frozenset({"calibration", "guard"})


def folder_for(run: Run, name: str) -> Path:
    """Return where the checkpoints of a training that is tried in full lie, empty.

    Args:
        run: that is planned.
        name: of the way.
    """
    folder = run.folder / "cache" / _FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def forget_ahead(run: Run) -> None:
    """Delete all that earlier plans trained."""
    shutil.rmtree(run.folder / "cache" / _FOLDER, ignore_errors=True)


def keep_ahead(run: Run, recipe: Recipe, name: str) -> None:
    """Note that the training with this recipe is that of a way; those of others are deleted.

    Args:
        run: that is planned.
        recipe: as it was decided.
        name: of the way, as in `folder_for`.
    """
    folder = run.folder / "cache" / _FOLDER
    for path in folder.iterdir():
        if path.name != name:
            shutil.rmtree(path, ignore_errors=True)
    write_json(folder / _KEPT, {"folder": name, "key": _key(run, recipe)})


def take_up_ahead(run: Run, recipe: Recipe) -> None:
    """Make the checkpoints that the plan left those of the run's training, if they fit it.

    They do not where the recipe or the rows were changed since: then they are deleted. A training
    that has begun already keeps its own.
    """
    ahead, target = run.folder / "cache" / _FOLDER, run.folder / "checkpoint"
    if not ahead.is_dir():
        return
    try:
        kept = read_json(ahead / _KEPT)
    except WrongData:
        kept = {}
    made = ahead / str(kept.get("folder", ""))
    if kept.get("key") == _key(run, recipe) and made.is_dir() and not target.exists():
        made.replace(target)
    shutil.rmtree(ahead, ignore_errors=True)


def _key(run: Run, recipe: Recipe) -> str:
    """Return the hash of all that the weights depend on."""
    train = asdict(recipe.train)
    for name in NO_INFLUENCE["train"] | _AFTERWARDS:
        train.pop(name, None)
    prepare = asdict(recipe.prepare)
    for name in NO_INFLUENCE["prepare"]:
        prepare.pop(name, None)
    told = [prepare, asdict(recipe.model), train, run.manifest().digest()]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
