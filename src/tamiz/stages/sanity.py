"""Stage `sanity`: what the same network shows when the data are changed, beside the real figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import read_json, write_json, write_text
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Section, Severity
from tamiz.data.run_folder import Run
from tamiz.stages.at_once import Trainings, each_training, in_turn
from tamiz.stages.experiments.columns import PIXELS, TAKING, columns_outcome, probed
from tamiz.stages.experiments.curve import curve_outcome, points_of
from tamiz.stages.experiments.jobs import (
    EXPERIMENTS,
    Plan,
    centre_of_groups,
    learnt_groups,
    plan_jobs,
    why_not,
)
from tamiz.stages.experiments.kinds import (
    CONTROL,
    background_outcome,
    centres_outcome,
    control_row,
    naive_outcome,
    real_row,
    shuffled_outcome,
)
from tamiz.stages.experiments.outcome import Outcome, counted_table, not_done, row_values, table_of
from tamiz.stages.experiments.parts import material_of
from tamiz.stages.experiments.training import (
    FOLDER,
    answers_of,
    forget_images,
    is_kept,
    keep_images,
)
from tamiz.stages.pipeline import recipe_of
from tamiz.workers.current import is_elsewhere

_PROBED: Final = ("centre-only", "background-only")


@dataclass(frozen=True, slots=True)
class Sanity:
    """Which experiments are made, and how often.

    Attributes:
        only: names of experiments; empty: all that apply.
        seeds: repeats; each holds out other groups and has another seed.
    """

    only: tuple[str, ...] = ()
    seeds: int = 1


def sanity(run: Run, how: Sanity | None = None, on_event: OnEvent = ignore) -> Report:
    """Train the run's network under changed data and show all figures in one table.

    Works on fresh divisions of the training and validation rows; no row of the test part is read,
    and the figure of the test part is the one that `evaluate` stored. Each finished training is
    kept in `sanity/` of the run and not repeated. Writes `sanity/sanity.json` and
    `sanity/report.html`.

    Args:
        run: finished, at least trained.
        how: which experiments and how many repeats.
        on_event: told about progress.

    Raises:
        WrongUse: there is no such run or experiment, the run is not trained, or an experiment that
            was asked for does not apply.
        WrongData: there are too few groups, or a training diverged.
    """
    how = how or Sanity()
    _refuse(run, how)
    recipe = recipe_of(run, {})
    material = material_of(run, recipe)
    names = how.only or EXPERIMENTS
    reasons = {name: why_not(name, material, recipe) for name in names}
    for name, reason in reasons.items():
        if reason is not None and how.only:
            raise WrongUse.of("sanity.refused", where=run.folder, name=name, reason=str(reason))
    chosen = [name for name in EXPERIMENTS if name in names and reasons[name] is None]
    plan = plan_jobs(material, recipe, chosen, how.seeds)
    _tell_time(plan, run, recipe, on_event)
    answers = _answers(plan, run, on_event)
    outcomes = _outcomes(plan, answers, run, on_event)
    for name, reason in reasons.items():
        if reason is not None:
            outcomes[name] = not_done(name, reason)
    forget_images(run)
    return _report(run, plan, outcomes)


def _refuse(run: Run, how: Sanity) -> None:
    if not run.exists:
        raise WrongUse.of("run.no_run", where=run.folder)
    if "train" not in run.state().get("stages", {}):
        raise WrongUse.of("sanity.not_trained", where=run.folder, run=run.folder)
    unknown = [name for name in how.only if name not in EXPERIMENTS]
    if unknown:
        choices = ", ".join(EXPERIMENTS)
        raise WrongUse.of("sanity.unknown", where="--only", name=unknown[0], choices=choices)
    if how.seeds < 1:
        raise WrongUse.of("sanity.no_seeds", where="--seeds", n=how.seeds)


def _tell_time(plan: Plan, run: Run, recipe: Recipe, on_event: OnEvent) -> None:
    """Say how many trainings are to be done and how long they will take, by the run's own."""
    n_todo = sum(not is_kept(job, run) for job in plan.jobs)
    if not plan.jobs:
        return
    n_networks = max(1, recipe.split.folds) * recipe.split.repeats
    each = float(run.state()["stages"]["train"]["seconds"]) / n_networks
    told = text("sanity.time_none", n=len(plan.jobs))
    if n_todo:
        told = text(
            "sanity.time",
            n=n_todo,
            kept=len(plan.jobs) - n_todo,
            each=each,
            minutes=each * n_todo / 60,
        )
    on_event(Event("sanity", "note", told))


def _answers(plan: Plan, run: Run, on_event: OnEvent) -> dict[str, list[Predictions]]:
    """Return the answers of every way of training, repeat by repeat."""
    events = []
    for done, job in enumerate(plan.jobs):
        told = text("sanity.training", name=job.name, number=job.number, n=plan.n_seeds)
        events.append(Event("sanity", "progress", told, done, len(plan.jobs)))
    if is_elsewhere() and not all(is_kept(job, run) for job in plan.jobs):
        keep_images(plan.jobs, run, on_event)
    named = ((f"{job.name}-{job.number}", job) for job in plan.jobs)
    trainings = Trainings("sanity", run.folder, len(plan.jobs), plan.recipe)
    work = partial(answers_of, Run(run.folder.absolute()))
    found = list(each_training(work, in_turn(named, events, on_event), trainings, on_event))
    made: dict[str, list[Predictions]] = {}
    for job, answers in zip(plan.jobs, found, strict=True):
        made.setdefault(job.name, []).append(answers)
    return made


def _outcomes(
    plan: Plan, answers: Mapping[str, list[Predictions]], run: Run, on_event: OnEvent
) -> dict[str, Outcome]:
    options, control = plan.recipe.evaluate, answers.get(CONTROL, [])
    made: dict[str, Outcome] = {}
    if control:
        made[CONTROL] = control_row(control, options)
    results = None
    if any(name in plan.names for name in _PROBED):
        results = probed(plan.material, plan.recipe, run, on_event)
    for name in plan.names:
        if name == "shuffled-labels":
            made[name] = shuffled_outcome(answers[name], options)
        elif name == "naive-split":
            made[name] = naive_outcome(answers[name], control, options)
        elif name == "centre-only" and results is not None:
            found = columns_outcome(results, TAKING)
            made[name] = found if isinstance(found, Outcome) else not_done(name, found)
        elif name == "background-only" and results is not None:
            made[name] = background_outcome(
                answers[name], control, columns_outcome(results, PIXELS), options
            )
        elif name == "learning-curve":
            every = [answers[way] for way in plan.curve_names] + [control]
            made[name] = curve_outcome(points_of(every, learnt_groups(plan)), options)
        else:
            by_centre = {centre: answers[way] for centre, way in plan.centres.items()}
            homes = centre_of_groups(plan.material)
            made[name] = centres_outcome(by_centre, control, homes, options)
    return made


def _report(run: Run, plan: Plan, outcomes: Mapping[str, Outcome]) -> Report:
    from tamiz.rendering.html import render_html

    options = plan.recipe.evaluate
    path = run.folder / "metrics.json"
    real = real_row(read_json(path) if path.is_file() else None)
    ordered = [outcomes[name] for name in (CONTROL, *EXPERIMENTS) if name in outcomes]
    rows = (real, *(row for one in ordered for row in one.rows))
    findings = sorted((f for one in ordered for f in one.findings), key=lambda one: one.rank)
    table = table_of(rows, options)
    how = text("sanity.how", n=len(plan.material.rows), n_groups=plan.material.n_unions)
    noted: tuple[Block, ...] = (Findings(tuple(findings)),) if findings else ()
    shown = (Paragraph(how), table, counted_table(rows), *noted, *_fine(findings))
    first = Section("sanity", text("sanity.title"), shown)
    sections = (first, *(section for one in ordered for section in one.sections))
    values: dict[str, Any] = {
        "real": row_values(real),
        "seeds": plan.n_seeds,
        "n": len(plan.material.rows),
        "n_groups": plan.material.n_unions,
        "experiments": {name: dict(one.values) for name, one in outcomes.items()},
        "valid": not any(one.severity is Severity.STOP for one in findings),
    }
    folder = run.folder / FOLDER
    write_json(folder / "sanity.json", values)
    report = Report("sanity", text("sanity.title"), sections, (), {"sanity": values})
    write_text(folder / "report.html", render_html(report))
    where = Paragraph(text("report.where", path=str(folder / "report.html")))
    return replace(report, summary=(table, *noted, where))


def _fine(findings: Sequence[Finding]) -> tuple[Paragraph, ...]:
    return () if findings else (Paragraph(text("sanity.nothing_found")),)
