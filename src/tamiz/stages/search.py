"""`search`: recipes compared on validation images, the winner measured on others, then trained.

The test part is not read until the winner is chosen; then a normal run in `<out>/best` looks at it
once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import locked, read_json, write_json
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables, recipe_to_tables, save_recipe
from tamiz.data.report import Report
from tamiz.data.run_folder import Run
from tamiz.metrics.comparing import difference
from tamiz.models.registry import MODELS
from tamiz.stages.folding import refuse_folds
from tamiz.stages.pipeline import ORDER, advance, keep_recipe, recipe_of
from tamiz.stages.predict import load_bundle
from tamiz.stages.searching.measure import FRESH, divided, figure, optimism, predict_part
from tamiz.stages.searching.report import Found, report_of
from tamiz.stages.searching.running import run_trials
from tamiz.stages.searching.space import dimensions, parse_budget
from tamiz.stages.searching.trials import BASELINE, Bench, Tried, recipe_at

_FOLDER: Final = "search"
_BEST: Final = "best"
_SHARED: Final = ("manifest.parquet", "files.json", "pairs.parquet", "ledger.json", "ledger.csv",
                  "leaks.csv", "run.json")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchHow:
    """What is searched, and for how long.

    Attributes:
        budget: a span of time over all sessions ('2h', '30m', '90s'); '' for no limit.
        n_trials: how many trials; None for no limit.
        fields: fields to vary within their usual ranges.
        ranges: fields with ranges: 'train.learning_rate=1e-4..1e-2', 'train.optimiser=adamw,sgd'.
        is_only_search: leave the winner's own run, and with it the test part, for later.
        at_once: trials in a round; each follows from the rounds before its own.
    """

    budget: str = ""
    n_trials: int | None = None
    fields: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    is_only_search: bool = False
    at_once: int = 1

    def seconds(self) -> float | None:
        """Return the budget in seconds, None without one.

        Raises:
            WrongUse: it is no span of time, or there is no limit of any kind.
        """
        if self.n_trials is not None and self.n_trials < 1:
            raise WrongUse.of("search.bad_trials", where=f"--trials {self.n_trials}")
        if self.at_once < 1:
            raise WrongUse.of("search.bad_at_once", where=f"--at-once {self.at_once}")
        if not self.budget and self.n_trials is None:
            raise WrongUse.of("search.no_limit", where="search")
        return parse_budget(self.budget) if self.budget else None


def search(
    run: Run, asked: Tables, how: SearchHow, on_event: OnEvent = ignore, *, command: str = ""
) -> Report:
    """Compare recipes on half of the validation part; measure the winner on the other half.

    Writes `search/` (a file per trial), `search/recipe.toml` (the winner's, with reasons) and,
    unless told otherwise or stopped, the winner's own run in `best/`. What an interrupted call
    finished is not done again.

    Args:
        run: from `pipeline.begin`.
        asked: what the user asked for, likewise.
        how: what is searched, and for how long.
        on_event: told about progress.
        command: as typed, for run.json.

    Raises:
        WrongUse: a field cannot be searched over, there is no limit, or the folder holds a search
            over other fields, in other rounds or from another recipe.
        WrongData: the validation part is too small to be divided, or the recipe as planned cannot
            be trained.
    """
    budget_s = how.seconds()
    refuse_folds(recipe_of(run, asked).split)
    advance(run, asked, "plan", on_event, command=command)
    with run.opened(command):
        recipe = recipe_of(run, asked)
        keep_recipe(run, recipe)
        bench = _bench(run, recipe, how)
        _same_search(bench, run)
        ending = run_trials(bench, how.n_trials, budget_s, on_event)
        trials = bench.trials()
        if not trials:
            raise KeyboardInterrupt  # stopped before there was anything to compare
        found = _found(bench, trials, ending)
        reasons = _reasons(bench, found.best, len(trials) - 1)
        chosen = recipe_at(recipe, found.best.values)
        save_recipe(chosen, bench.folder / "recipe.toml", {**_known_reasons(run), **reasons})
    final = run.folder / _BEST
    tested = None
    if not how.is_only_search and ending != "stopped":
        _prepare_best(run, final, chosen, {**_known_reasons(run), **reasons})
        tested = advance(Run(final), {}, "evaluate", on_event, command=command)
    report = report_of(bench, found, run.folder, tested)
    report.save(bench.folder / "report")
    return report


def _bench(run: Run, recipe: Recipe, how: SearchHow) -> Bench:
    if MODELS.get(recipe.model.name).reads == "slides":
        raise WrongUse.of("search.reads_slides", where=f"model.name = {recipe.model.name}")
    rows = divided(run, recipe)
    n_train = len(rows.where(split="train"))
    return Bench(
        recipe=recipe,
        rows=rows,
        folder=run.folder.absolute() / _FOLDER,  # a worker's own folder may be another
        cache=run.folder.absolute() / "cache",
        space=tuple(dimensions(how.fields, how.ranges, recipe, n_train)),
        seed=recipe.train.seed,
        at_once=how.at_once,
    )


def _same_search(bench: Bench, run: Run) -> None:
    """Remember what is searched from where; raise when the folder holds another search."""
    tables = recipe_to_tables(bench.recipe)
    depends = {name: tables[name] for name in ("prepare", "model", "train", "evaluate")}
    for name in ("device", "threads", "checkpoint_s"):
        depends["train"].pop(name)
    words = json.dumps([depends, bench.rows.digest()], sort_keys=True)
    now: dict[str, Any] = {
        "space": [str(one) for one in bench.space],
        "from": hashlib.sha256(words.encode()).hexdigest(),
    }
    if bench.at_once > 1:
        now["at_once"] = bench.at_once
    path = bench.folder / "search.json"
    if not path.is_file():
        write_json(path, now)
        return
    if read_json(path) != now:
        before = ", ".join(read_json(path).get("space", ()))
        raise WrongUse.of("search.other_search", where=run.folder, before=before)


def _found(bench: Bench, trials: Sequence[Tried], ending: str) -> Found:
    """Measure the winner and the recipe as planned on the images that chose nothing."""
    best = bench.best(trials)
    metric, options = bench.metric.name, bench.recipe.evaluate
    fresh = {
        number: predict_part(
            load_bundle(bench.model_folder(number)),
            bench.rows,
            FRESH,
            bench.recipe,
            bench.cache,
        )
        for number in {BASELINE, best.number}
    }
    done = [bench.predictions(one.number) for one in trials if one.value is not None]
    compared = bench.predictions(best.number)
    return Found(
        trials=tuple(trials),
        best=best,
        ending=ending,
        compared=figure(compared, metric, options),
        fresh=figure(fresh[best.number], metric, options),
        fresh_planned=figure(fresh[BASELINE], metric, options),
        gain=difference([fresh[best.number]], [fresh[BASELINE]], bench.metric, options),
        optimism=optimism(done, bench.metric, bench.seed),
    )


def _reasons(bench: Bench, best: Tried, n: int) -> dict[str, Text]:
    key = "search.reason_planned" if best.number == BASELINE else "search.reason_best"
    return {one.path: text(key, n=n) for one in bench.space}


def _known_reasons(run: Run) -> dict[str, Text]:
    known = run.state().get("reasons", {})
    return {path: Text(key, values) for path, (key, values) in known.items()}


def _prepare_best(run: Run, folder: Path, recipe: Recipe, reasons: Mapping[str, Text]) -> None:
    """Make a run with the winner's recipe out of what the search's run knows of the images.

    An earlier winner's network gives way; the looks at the test part stay counted.
    """
    best = Run(folder)
    if best.exists and best.recipe_path.is_file() and best.recipe() == recipe:
        return
    looks: Any = best.state().get("test_looks", [])
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        for name in _SHARED:
            if (run.folder / name).is_file():
                shutil.copyfile(run.folder / name, folder / name)
        shutil.copytree(run.report_folder, best.report_folder, dirs_exist_ok=True)
        best.forget(*ORDER[ORDER.index("train") :])
        best.remember(test_looks=looks or run.state().get("test_looks", []))
        for name in ("checkpoint", "model", "predictions"):
            shutil.rmtree(folder / name, ignore_errors=True)
        keep_recipe(best, recipe, reasons)
