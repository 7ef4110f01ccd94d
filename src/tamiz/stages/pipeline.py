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
from typing import Final

from tamiz.acquisition.patterns import exists
from tamiz.acquisition.remote import at_hand, steady_or_old
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
from tamiz.core.urls import is_url, on_disk, plain_url
from tamiz.data.report import Report
from tamiz.data.run_folder import Run
from tamiz.models.weights import check_start
from tamiz.stages.chosen import changes, chosen_in, data_chosen_in
from tamiz.stages.elsewhere import elsewhere, is_trained
from tamiz.stages.exporters import check_installed
from tamiz.stages.faults import check_recipe
from tamiz.stages.fingerprint import (
    fingerprint,
    fingerprint_of_decisions,
    fingerprint_of_rows,
)
from tamiz.stages.index import refuse_missing, refuse_without_classes
from tamiz.stages.planning.settled import settled, with_epochs_of_stages
from tamiz.stages.showing import ready

ORDER: Final = (
    "index", "check", "explore", "clean", "audit", "split", "plan", "train", "evaluate", "report"
)  # fmt: skip
# Stages that only look: they change no row, so nothing after them depends on how deep they looked.
LOOKING: Final = ("explore", "clean", "audit")
Stage = Callable[[Recipe, Run, OnEvent], Report]

# The recipe's sections that each stage depends on, besides all that the stages before it did.
_DEPENDS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "index": ("data",),
    "check": ("split",),  # copies on both sides of a split in force are left for its audit
    "explore": (),
    "clean": ("clean",),
    "audit": (),
    "split": ("split",),
    "plan": (),
    "train": ("prepare", "model", "train"),
    "evaluate": ("evaluate",),
    "report": (),
}
# What a stage depends on and those after it do not.
_OF_ITS_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "explore": ("explore",),
    "clean": ("audit",),
    "audit": ("explore", "audit"),
    "report": ("explore", "audit"),
}
_PATHS: Final = (
    ("data", "root"), ("data", "decisions"), ("model", "weights"), ("train", "teacher")
)  # fmt: skip
_NO_PATHS: Final = frozenset({"", "none", "auto"})
# What stages leave in a run's folder, besides its state, its recipe and its manifest.
_FOLDERS: Final = (
    "checkpoint", "folds", "model", "predictions", "report", "external", "cache", "tensorboard",
    "mlflow",
)  # fmt: skip
_FILES: Final = (
    "folds.parquet", "metrics.json", "history.jsonl", "leaks.csv", "timing.json", "mlflow.json",
    "lr-range.png",
)  # fmt: skip
# Fields that a stage checks anew each time: they may change and leave what is done as it is.
_PASSING: Final = {"data": ("missing_files",)}


def merge_tables(*layers: Tables) -> Tables:
    """Return the sections of all `layers`, later ones on top; a plug-in's table is merged too."""
    made: Tables = {}
    for tables in layers:
        for section, values in tables.items():
            if not isinstance(values, dict):  # a fault that `with_tables` will name
                made[section] = values
                continue
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
        source: the input; or the folder of an existing run, to go on with, or, with another
            `out`, to begin a new run on its input with all that was chosen in it.
        out: the run's folder; may be left out when `source` is a run.
        recipe_file: a recipe to start from.
        settings: sections on top of it.
        overwrite: forget what the folder's run had done.

    Raises:
        WrongUse: no such input, no `out`, or `out` holds a run on another input.
    """
    asked = merge_tables(load_tables(recipe_file) if recipe_file else {}, settings or {})
    goes_on = _goes_on(source, out)
    taken: Tables = {}
    if goes_on:  # what was asked of the data before decides what else may be asked
        asked = merge_tables({"data": data_chosen_in(Run(source))}, asked)
    elif out is not None and _reads_elsewhere(source):
        taken = _taken_over(Run(source), Run(out), overwrite=overwrite)
        asked = merge_tables(taken, asked)
        source = taken["data"]["source"]
    check_recipe(with_tables(Recipe(), asked, where=str(recipe_file or "--set")))
    if goes_on:
        run = Run(source)
    else:
        if out is None and is_url(source):
            raise WrongUse.of("run.no_out")
        if not exists(at_hand(source)):
            raise WrongUse.of("errors.not_found", where=source)
        if out is None:
            raise WrongUse.of("run.no_out_nor_run", where=source)
        run = Run(out)
        asked = merge_tables(asked, {"data": {"source": _absolute(source)}})
    before = merge_tables(taken, {} if overwrite else run.state().get("asked", {}))
    asked = with_epochs_of_stages(asked, settings or {}, before)
    _make_paths_absolute(asked)
    if run.exists and overwrite:
        _start_afresh(run)
    elif run.exists:
        _refuse_other_input(run, asked)
    return run, asked


def _goes_on(source: Path | str, out: Path | str | None) -> bool:
    """Return whether the source is the run to work in."""
    if out is None:
        return Run(source).exists
    return _absolute(source) == _absolute(out) and _reads_elsewhere(source)


def _reads_elsewhere(source: Path | str) -> bool:
    """Return whether the source is a run of other images than those that lie there itself."""
    known = data_chosen_in(Run(source)).get("source")
    return bool(known) and known != _absolute(source)


def _taken_over(source: Run, out: Run, *, overwrite: bool) -> Tables:
    """Return what `out` begins with: all that was chosen in `source`, its input included.

    A run that has begun already goes its own way: it keeps what was chosen in itself.
    """
    if overwrite or not out.state().get("stages"):
        return chosen_in(source)
    return {"data": {**data_chosen_in(out), "source": data_chosen_in(source)["source"]}}


def _make_paths_absolute(asked: Tables) -> None:
    """Make the paths of a recipe absolute, so that the run can be taken up from any folder."""
    for section, name in _PATHS:
        path = asked.get(section, {}).get(name)
        if isinstance(path, str) and path not in _NO_PATHS:
            asked[section][name] = _absolute(path)
    labels = asked.get("data", {}).get("label_table")
    if isinstance(labels, str) and is_url(labels):  # no password may be written down
        asked["data"]["label_table"] = plain_url(labels)


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
    if not run.recipe_path.is_file():  # later the recipe holds it, with hand edits on top
        asked = merge_tables(run.state().get("asked", {}), asked)
    recipe = recipe_of(run, asked)
    with steady_or_old(*_sources(recipe), on_event=on_event):
        return _advanced(run, asked, last, on_event, command)


def _advanced(run: Run, asked: Tables, last: str, on_event: OnEvent, command: str) -> Report:
    """Do what `advance` does, with the sources brought up to date."""
    recipe = recipe_of(run, asked)
    _refuse_other_training(run, recipe, command)
    if ORDER.index(last) >= ORDER.index("train") and not is_trained(run):
        check_start(recipe.model)
        check_installed(recipe.train.watch)
    with run.opened(command):
        before = run.state().get("asked", {})
        run.remember(asked=merge_tables(before, asked))
        listen = run.listener(on_event)
        for stage in ORDER[: ORDER.index(last) + 1]:
            _do(stage, recipe_of(run, asked), run, listen)
            if stage == "index" and last not in LOOKING:
                refuse_missing(recipe_of(run, asked), run)
            if stage == "index" and ORDER.index(last) >= ORDER.index("split"):
                refuse_without_classes(recipe_of(run, asked), run)
            if stage == "check" and last not in LOOKING:
                _refuse_wishes(recipe_of(run, asked), run, before)
    return load_stage_report(run, last)


def _sources(recipe: Recipe) -> tuple[str | None, ...]:
    """Return what the recipe reads, files here or at a URL."""
    data, train = recipe.data, recipe.train
    return (
        data.source,
        data.root,
        data.label_table,
        data.decisions,
        recipe.model.weights,
        train.teacher,
    )


def _refuse_wishes(recipe: Recipe, run: Run, before: Tables) -> None:
    """Raise when the evaluation cannot be had on these data; a later command asks afresh."""
    from tamiz.stages.wishes import check_wishes

    try:
        check_wishes(recipe, run.manifest())
    except WrongUse:
        asked = run.state().get("asked", {})
        run.remember(asked={**asked, "evaluate": before.get("evaluate", {})})
        raise


def recipe_of(run: Run, asked: Tables) -> Recipe:
    """Return the recipe in force: the run's own (with hand edits), what was asked for on top.

    Raises:
        WrongUse: any value is wrong, or names what does not exist.
    """
    base = load_tables(run.recipe_path) if run.recipe_path.is_file() else {}
    recipe = with_tables(Recipe(), base, _in_force(run, asked), where=str(run.recipe_path))
    check_recipe(recipe, where=str(run.recipe_path))
    return recipe


def _in_force(run: Run, asked: Tables) -> Tables:
    """Return what was asked for, less the starting weights that the plan set aside.

    A weights file without a network's name is an offer: the plan may find a better way without.
    """
    if "model.weights" not in run.state().get("overruled", []) or not run.recipe_path.is_file():
        return asked
    model = asked.get("model", {})
    if "name" in model:
        return asked
    return {**asked, "model": {name: one for name, one in model.items() if name != "weights"}}


def keep_recipe(run: Run, recipe: Recipe, reasons: Mapping[str, Text] | None = None) -> None:
    """Write `recipe` into the run with the reasons for its choices, unless it is there already."""
    if reasons is not None:
        stored = {path: [why.key, dict(why.values)] for path, why in reasons.items()}
        run.remember(reasons=stored, planned=recipe_to_tables(recipe))
    elif run.recipe_path.is_file() and run.recipe() == recipe:
        return
    else:
        old = run.recipe() if run.recipe_path.is_file() else Recipe()
        known = run.state().get("reasons", {})
        reasons = {path: Text(key, values) for path, (key, values) in known.items()}
        reasons = {**reasons, **{path: Text("plan.asked") for path in changes(old, recipe)}}
    save_recipe(recipe, run.recipe_path, reasons)


def stage_function(word: str) -> Stage:
    """Return the function of a stage: `stages/<word>.py` holds `<word>`."""
    function: Stage = getattr(importlib.import_module(f"tamiz.stages.{word}"), word)
    return function


def load_stage_report(run: Run, stage: str) -> Report:
    """Return the report that `stage` left in the run, its commands as they can be typed now."""
    return ready(Report.load(stage_report_folder(run, stage)), run)


def stage_report_folder(run: Run, stage: str) -> Path:
    """Return where a stage's own report lies."""
    return run.report_folder if stage == "report" else run.report_folder / "stages" / stage


def input_hash(stage: str, recipe: Recipe, run: Run) -> str:
    """Return what `stage` depends on: its sections of the recipe, files, the stages before it."""
    made = hashlib.sha256()
    for section in _OF_ITS_OWN.get(stage, ()):
        made.update(_section_hash(recipe, section))
    for word in ORDER[: ORDER.index(stage) + 1]:
        for section in _DEPENDS_ON[word]:
            made.update(_section_hash(recipe, section))
        if word == "index":
            made.update(fingerprint(recipe.data).encode())
        if word == "check":
            made.update(fingerprint_of_rows(recipe.data, run).encode())
            made.update(fingerprint_of_decisions(recipe.data))
        if word == "report":
            made.update(current_language().encode())
    return made.hexdigest()


def _section_hash(recipe: Recipe, section: str) -> bytes:
    values = asdict(getattr(recipe, section))
    for name in _PASSING.get(section, ()):
        values.pop(name)
    return json.dumps(values, sort_keys=True).encode()


def _do(stage: str, recipe: Recipe, run: Run, on_event: OnEvent) -> None:
    wanted = input_hash(stage, recipe, run)
    if stage == "plan" and _is_planned(run, recipe):
        keep_recipe(run, settled(recipe, run))  # hand edits and this command's settings count
        return
    if stage != "plan" and run.is_done(stage, wanted):
        return
    run.forget(*((stage, "report") if stage in LOOKING else ORDER[ORDER.index(stage) :]))
    with run.working_on(stage, wanted, on_event):
        report = stage_function(stage)(recipe, run, on_event)
        ready(report, run).save(stage_report_folder(run, stage))
    if stage == "train":
        shutil.rmtree(run.folder / "checkpoint", ignore_errors=True)


def _is_planned(run: Run, recipe: Recipe) -> bool:
    """Return whether a plan stands for this network and time; others need one of their own."""
    state = run.state()
    is_there = run.recipe_path.is_file() and "plan" in state.get("stages", {})
    if not is_there or state["planned"]["model"]["name"] != recipe.model.name:
        return False
    return bool(state["planned"]["train"].get("minutes") == recipe.train.minutes)


def _start_afresh(run: Run) -> None:
    """Forget what was done; the looks at the test part stay counted, the recipe is set aside."""
    with locked(run.folder):
        run.forget(*ORDER)
        run.remember(asked={}, planned=None, reasons={}, overruled=[], leak=None)
        if run.recipe_path.is_file():
            run.recipe_path.replace(run.folder / "recipe.previous.toml")
        for name in _FOLDERS:
            shutil.rmtree(run.folder / name, ignore_errors=True)
        for name in _FILES:
            (run.folder / name).unlink(missing_ok=True)


def _refuse_other_training(run: Run, recipe: Recipe, command: str) -> None:
    """Raise when the run holds a model that this recipe and these files would not give."""
    if not is_trained(run) or run.is_done("train", input_hash("train", recipe, run)):
        return
    other = elsewhere(command, run)
    if other is None:
        raise WrongUse.of("run.trained_otherwise", where=run.folder)
    raise WrongUse.of("run.trained_elsewhere", where=run.folder, command=other)


def _refuse_other_input(run: Run, asked: Tables) -> None:
    """Raise when the run is of other files; one of which no stage was ever done holds nothing."""
    old, new = data_chosen_in(run).get("source"), asked["data"]["source"]
    if not old or old == new:
        return
    if run.state().get("stages"):
        raise WrongUse.of("run.other_input", where=run.folder, old=Path(old).name)
    with locked(run.folder):
        run.remember(asked={})


def _absolute(path: Path | str) -> str:
    if is_url(path):
        return plain_url(path)
    return os.path.abspath(os.path.expanduser(on_disk(path)))  # noqa: PTH100, PTH111 - links stay
