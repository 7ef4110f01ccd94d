"""`plan`: what to do with these data and why, written down before it is done."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from tamiz.core.errors import TamizError
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import recipe_to_tables, tables_from_settings, with_tables
from tamiz.data.report import Report
from tamiz.data.run_folder import Run
from tamiz.stages.chosen import decided_by_hand
from tamiz.stages.pipeline import keep_recipe
from tamiz.stages.planning import budget as plan_budget
from tamiz.stages.planning.ahead import keep_ahead
from tamiz.stages.planning.choices import Choice, draft, reasons_of
from tamiz.stages.planning.clock import Clock
from tamiz.stages.planning.facts import (
    DataFacts,
    is_fitted_at_once,
    look_at,
    look_at_machine,
    reads_slides,
)
from tamiz.stages.planning.report import plan_report
from tamiz.stages.planning.ways import plain_draft
from tamiz.stages.planning.within import Planned, plan_within

_TIMED_S: Final = 0.4  # per stage of the training, where the time decides nothing


def plan(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Choose what the user left open, and write recipe.toml with a reason for each choice.

    With `train.minutes` the choices fit into that time as measured on this machine, and ways of
    training are tried on the validation part. Without it, the same data give the same plan on any
    machine.

    Raises:
        WrongUse: a setting does not exist or is out of its limits.
    """
    started = time.monotonic()
    manifest = run.manifest()
    asked = decided_by_hand(run)
    recipe = _unplanned(recipe, run, asked)
    facts = look_at(manifest, recipe, on_event)
    if recipe.train.minutes is None:
        planned = _plainly(facts, recipe, asked, run)
    elif reads_slides(recipe):
        planned = _slides_within(facts, recipe, asked)
    elif is_fitted_at_once(recipe):
        plain = plain_draft(facts, recipe, asked)
        planned = Planned(plain, None, notes=(text("classical.plan_minutes"),))
    else:
        clock = Clock(facts, run, recipe.train.minutes, on_event, started=started)
        planned = plan_within(recipe, asked, clock)
    made, choices = planned.draft.recipe, planned.draft.choices
    overruled = asked & {one.path for one in choices}
    reasons = dict(reasons_of(choices, asked - overruled))
    run.remember(overruled=sorted(overruled))
    keep_recipe(run, made, reasons)
    if planned.folder:
        keep_ahead(run, made, planned.folder)
    return plan_report(made, reasons, planned, facts, look_at_machine(made.train.device))


def _unplanned(recipe: Recipe, run: Run, asked: Collection[str]) -> Recipe:
    """Return the recipe without what an earlier plan chose: a new one begins afresh."""
    offered = run.state().get("asked", {}).get("model", {}).get("weights")
    if offered is not None and "model.weights" in run.state().get("overruled", []):
        recipe = with_tables(recipe, tables_from_settings({"model.weights": offered}))
    planned = [path for path in run.state().get("reasons", {}) if path not in asked]
    if not planned:
        return recipe
    plain = recipe_to_tables(Recipe())
    defaults = {path: _value_at(plain, path) for path in planned}
    return with_tables(recipe, tables_from_settings(defaults))


def _value_at(tables: dict[str, dict[str, object]], path: str) -> object:
    section, _, name = path.partition(".")
    return tables[section][name]


def _plainly(facts: DataFacts, recipe: Recipe, asked: Collection[str], run: Run) -> Planned:
    """Return the plan without a time: what it will take is measured, and decides nothing."""
    made = plain_draft(facts, recipe, asked)
    if reads_slides(recipe) or is_fitted_at_once(recipe):
        return Planned(made, None)
    try:
        train = run.manifest().where(split="train")
        load = plan_budget.weigh(made, train, facts, _TIMED_S)
    except (TamizError, ModuleNotFoundError):
        return Planned(made, None)  # whatever is wrong is told by the stage that needs it
    return Planned(made, load)


def _slides_within(facts: DataFacts, recipe: Recipe, asked: Collection[str]) -> Planned:
    """Return the plan for slides: their pass is not timed, the time is a stop."""
    made = draft("slides", facts, recipe, asked)
    minutes = recipe.train.minutes
    why = text("budget.max_minutes", minutes=minutes or 0.0)
    made = made.chosen(Choice("train.max_minutes", minutes, why))
    return Planned(made, None, notes=(text("budget.slides"),))
