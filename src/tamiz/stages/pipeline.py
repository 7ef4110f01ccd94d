"""The way through the stages: what is done already is not done again."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import locked
from tamiz.core.language import Text, current_language
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import (
    Tables,
    load_tables,
    recipe_to_tables,
    save_recipe,
    with_tables,
)
from tamiz.data.report import Report
from tamiz.data.run_folder import Run

ORDER: Final = ("index", "check", "split", "plan", "train", "evaluate", "report")
Stage = Callable[[Recipe, Run, OnEvent], Report]

# The recipe's sections that each stage depends on, besides all that the stages before it did.
_DEPENDS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "index": ("data",),
    "check": ("split",),  # copies on both sides of a split in force are left for its audit
    "split": ("split",),
    "plan": (),
    "train": ("prepare", "model", "train"),
    "evaluate": ("evaluate",),
    "report": (),
}


def merge_tables(*layers: Tables) -> Tables:
    """Return the sections of all `layers`, later ones on top; a plug-in's table is merged too."""
    made: Tables = {}
    for tables in layers:
        for section, values in tables.items():
            target = made.setdefault(section, {})
            for name, value in values.items():
                is_table = isinstance(value, dict) and isinstance(target.get(name), dict)
                target[name] = {**target[name], **value} if is_table else value
    return made


def begin(
    source: Path | str,
    out: Path | str | None,
    *,
    recipe_file: Path | None = None,
    settings: Tables | None = None,
    overwrite: bool = False,
) -> tuple[Run, Tables]:
    """Return the run to work in and what the user asked for.

    Args:
        source: the input, or the folder of an existing run to go on with.
        out: the run's folder; may be left out when `source` is a run.
        recipe_file: a recipe to start from.
        settings: sections on top of it.
        overwrite: forget what the folder's run had done.

    Raises:
        WrongUse: no such input, no `out`, or `out` holds a run on another input.
    """
    asked = merge_tables(load_tables(recipe_file) if recipe_file else {}, settings or {})
    with_tables(Recipe(), asked, where=str(recipe_file or "--set"))  # all faults, before any work
    if Run(source).exists and out is None:
        run = Run(source)
        if not run.recipe_path.is_file():  # later the recipe holds it, with hand edits on top
            asked = merge_tables(run.state().get("asked", {}), asked)
    else:
        if out is None:
            raise WrongUse.of("run.no_out")
        if not Path(source).exists():
            raise WrongUse.of("errors.not_found", where=source)
        run = Run(out)
        asked = merge_tables(asked, {"data": {"source": os.path.abspath(source)}})  # noqa: PTH100
    if run.exists and not overwrite:
        _refuse_other_input(run, asked)
    if run.exists and overwrite:
        _start_afresh(run)
    return run, asked


def advance(
    run: Run,
    asked: Tables,
    last: str,
    on_event: OnEvent = ignore,
    *,
    command: str = "",
) -> Report:
    """Do every stage up to `last` that is not done yet; return the report of `last`.

    Raises:
        TamizError: whatever stops a stage; the run says 'failed' and can be taken up again.
    """
    _refuse_other_training(run, recipe_of(run, asked))
    with run.opened(command):
        run.remember(asked=merge_tables(run.state().get("asked", {}), asked))
        listen = run.listener(on_event)
        for stage in ORDER[: ORDER.index(last) + 1]:
            _do(stage, recipe_of(run, asked), run, listen)
    return load_stage_report(run, last)


def recipe_of(run: Run, asked: Tables) -> Recipe:
    """Return the recipe in force: the run's own (with hand edits), what was asked for on top."""
    base = load_tables(run.recipe_path) if run.recipe_path.is_file() else {}
    return with_tables(Recipe(), base, asked, where=str(run.recipe_path))


def keep_recipe(run: Run, recipe: Recipe, reasons: Mapping[str, Text] | None = None) -> None:
    """Write `recipe` into the run with the reasons for its choices, unless it is there already."""
    if reasons is not None:
        stored = {path: [why.key, dict(why.values)] for path, why in reasons.items()}
        run.remember(reasons=stored)
    elif run.recipe_path.is_file() and run.recipe() == recipe:
        return
    else:
        old = run.recipe() if run.recipe_path.is_file() else Recipe()
        known = run.state().get("reasons", {})
        reasons = {path: Text(key, values) for path, (key, values) in known.items()}
        reasons = {**reasons, **{path: Text("plan.asked") for path in _changes(old, recipe)}}
    save_recipe(recipe, run.recipe_path, reasons)


def _changes(old: Recipe, new: Recipe) -> list[str]:
    before, after = recipe_to_tables(old), recipe_to_tables(new)
    return [
        f"{section}.{name}"
        for section, values in after.items()
        for name, value in values.items()
        if before[section][name] != value
    ]


def stage_function(word: str) -> Stage:
    """Return the function of a stage: `stages/<word>.py` holds `<word>`."""
    function: Stage = getattr(importlib.import_module(f"tamiz.stages.{word}"), word)
    return function


def load_stage_report(run: Run, stage: str) -> Report:
    """Return the report that `stage` left in the run."""
    return Report.load(stage_report_folder(run, stage))


def stage_report_folder(run: Run, stage: str) -> Path:
    """Return where a stage's own report lies."""
    return run.report_folder if stage == "report" else run.report_folder / "stages" / stage


def input_hash(stage: str, recipe: Recipe) -> str:
    """Return what `stage` depends on: its sections of the recipe and the stages before it."""
    made = hashlib.sha256()
    for word in ORDER[: ORDER.index(stage) + 1]:
        for section in _DEPENDS_ON[word]:
            made.update(json.dumps(asdict(getattr(recipe, section)), sort_keys=True).encode())
        if word == "index":
            made.update(_fingerprint(recipe).encode())
        if word == "report":
            made.update(current_language().encode())
    return made.hexdigest()


def _do(stage: str, recipe: Recipe, run: Run, on_event: OnEvent) -> None:
    wanted = input_hash(stage, recipe)
    if stage == "plan" and run.recipe_path.is_file() and "plan" in run.state().get("stages", {}):
        keep_recipe(run, recipe)  # decided already; hand edits and this command's settings count
        return
    if run.is_done(stage, wanted):
        return
    run.forget(*ORDER[ORDER.index(stage) :])
    with run.working_on(stage, wanted, on_event):
        report = stage_function(stage)(recipe, run, on_event)
        report.save(stage_report_folder(run, stage))


def _start_afresh(run: Run) -> None:
    """Forget what was done; the looks at the test part stay counted."""
    with locked(run.folder):
        run.forget(*ORDER)
        run.recipe_path.unlink(missing_ok=True)
        shutil.rmtree(run.folder / "checkpoint", ignore_errors=True)


def _refuse_other_training(run: Run, recipe: Recipe) -> None:
    """Raise when the run holds a model that this recipe and these files would not give."""
    is_trained = "train" in run.state().get("stages", {})
    if is_trained and not run.is_done("train", input_hash("train", recipe)):
        raise WrongUse.of("run.trained_otherwise", where=run.folder)


def _refuse_other_input(run: Run, asked: Tables) -> None:
    before: dict[str, Any] = run.state().get("asked", {}).get("data", {})
    old, new = before.get("source"), asked.get("data", {}).get("source")
    if old and new and old != new:
        raise WrongUse.of("run.other_input", where=run.folder, old=Path(old).name)


def _fingerprint(recipe: Recipe) -> str:
    """Return a hash over names, sizes and times of the input's files, without reading them."""
    made = hashlib.sha256()
    for start in {recipe.data.source, recipe.data.root or recipe.data.source}:
        for folder, folders, names in os.walk(start):
            folders.sort()
            for name in sorted(names):
                made.update(_stamp(os.path.join(folder, name)))  # noqa: PTH118
        made.update(_stamp(start))
    return made.hexdigest()


def _stamp(path: str) -> bytes:
    try:
        facts = os.lstat(path)
    except OSError:
        return b"gone"
    name = path.encode("utf-8", "surrogateescape")
    return name + b"%d %d" % (facts.st_size, facts.st_mtime_ns)
