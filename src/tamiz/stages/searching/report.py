"""What a search found, in words, tables and curves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.language import Text, text
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Code,
    Estimate,
    Paragraph,
    Report,
    Section,
    Series,
    Table,
    Words,
)
from tamiz.metrics.report_blocks import metric_name, to_values
from tamiz.stages.searching.trials import BASELINE, Bench, Tried, study_of

_SHOWN: Final = 10  # trials in the terminal
_ENOUGH: Final = 10  # finished trials from which fields can be ranked


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search.

    Attributes:
        trials: finished ones, the recipe as planned first.
        best: the winner.
        ending: why it ended: 'trials', 'budget', 'stopped' or 'exhausted'.
        compared: the winner's figure on the images that chose it.
        fresh: its figure on images that chose nothing.
        fresh_planned: that of the recipe as planned.
        gain: the winner above the recipe as planned, on the same fresh images.
        optimism: by how much the best of these trials looks too good where they were compared.
    """

    trials: tuple[Tried, ...]
    best: Tried
    ending: str
    compared: Estimate
    fresh: Estimate
    fresh_planned: Estimate
    gain: Estimate
    optimism: float | None


def report_of(bench: Bench, found: Found, folder: Path, tested: Report | None) -> Report:
    """Return the report; `tested` is that of the winner's own run, None where it was left."""
    importance = importance_of(bench, found)
    facts = _facts_table(bench, found)
    told: list[Block] = [Paragraph(_ending(found)), facts, Paragraph(_optimism(found))]
    result = Section("result", text("search.result"), (*told, *_next(folder, tested)))
    path = folder / "search" / "recipe.toml"
    sections = [
        result,
        Section(
            "trials", text("search.trials"), (_trials_table(bench, found), _curve(bench, found))
        ),
        Section("recipe", text("search.recipe"), (Code(path.read_text("utf-8"), str(path)),)),
    ]
    summary: list[Block] = [*told, _trials_table(bench, found, most=_SHOWN)]
    if importance:
        table = _importance_table(importance)
        sections.insert(2, Section("importance", text("search.importance"), (table,)))
        summary.append(table)
    summary += _next(folder, tested)
    if tested is not None:
        summary += tested.summary
        sections += tested.sections
    values = {**(tested.values if tested else {}), "search": _values(bench, found, importance)}
    return Report("search", text("search.title"), tuple(sections), tuple(summary), values)


def importance_of(bench: Bench, found: Found) -> dict[str, float]:
    """Return each field's share in what sets the better trials apart; empty with few trials.

    Source: PED-ANOVA (Watanabe, Bansal and Hutter 2023).
    """
    done = [one for one in found.trials if one.value is not None]
    if len(done) < _ENOUGH or len(bench.space) < 2:
        return {}
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    from tamiz.stages.searching.trials import quiet_optuna

    with quiet_optuna():
        study = study_of(bench, done)
        if len(study.trials) < _ENOUGH:
            return {}
        evaluator = PedAnovaImportanceEvaluator()
        made: dict[str, float] = get_param_importances(study, evaluator=evaluator)
    return {name: float(share) for name, share in made.items() if math.isfinite(share)}


def _facts_table(bench: Bench, found: Found) -> Table:
    name = metric_name(bench.metric)
    rows: tuple[tuple[Cell, ...], ...] = (
        (text("search.row_compared", n=len(found.trials) - 1), found.compared),
        (text("search.row_fresh"), found.fresh),
        (text("search.row_planned"), found.fresh_planned),
        (text("search.row_gain"), found.gain),
    )
    return Table((text("search.figure"), name), rows)


def _ending(found: Found) -> Text:
    n = len(found.trials) - 1
    states = [one.state for one in found.trials[1:]]
    return text(
        f"search.ended_{found.ending}",
        n=n,
        n_pruned=states.count("pruned"),
        n_failed=states.count("failed"),
    )


def _optimism(found: Found) -> Text:
    n = sum(one.value is not None for one in found.trials)
    if found.best.number == BASELINE:
        return text("search.planned_is_best", n=len(found.trials) - 1)
    if found.optimism is None:
        return text("search.optimism_unknown", n=n)
    return text("search.optimism", n=n, by=found.optimism)


def _next(folder: Path, tested: Report | None) -> tuple[Block, ...]:
    if tested is not None:
        return (Paragraph(text("search.tested", folder=str(folder / "best"))),)
    recipe = folder / "search" / "recipe.toml"
    return (Paragraph(text("search.next", recipe=str(recipe))),)


def _trials_table(bench: Bench, found: Found, most: int | None = None) -> Table:
    """Return a row per trial, the best first, then those given up in the order tried."""
    done = sorted(
        (one for one in found.trials if one.value is not None),
        key=lambda one: (-bench.score(one.value or 0.0), one.number),
    )
    rest = [one for one in found.trials if one.value is None]
    shown = [*done, *rest][:most]
    rows = tuple(
        (str(one.number), _value_cell(found, one), text(f"search.state_{one.state}"), _tried(one))
        for one in shown
    )
    columns = (
        text("search.number"),
        metric_name(bench.metric),
        text("search.state"),
        text("search.tried"),
    )
    n = len(found.trials)
    caption = text("search.trials_caption", shown=len(shown), n=n)
    return Table(columns, rows, caption=caption)


def _value_cell(found: Found, one: Tried) -> Cell:
    return found.compared if one.number == found.best.number else one.value


def _tried(one: Tried) -> Words:
    """Return what a trial changed, in few words; why it failed, where it did."""
    if one.number == BASELINE:
        return text("search.as_planned")
    words = [
        f"{path.rpartition('.')[2]} {value:.3g}" if isinstance(value, float)
        else f"{path.rpartition('.')[2]} {value}"
        for path, value in one.values.items()
    ]  # fmt: skip
    return ", ".join(words) + (f" ({one.reason})" if one.reason else "")


def _curve(bench: Bench, found: Found) -> Chart:
    done = [one for one in found.trials if one.value is not None]
    x = tuple(float(one.number) for one in done)
    y = tuple(float(one.value or 0.0) for one in done)
    best: list[float] = []
    for value in y:
        best.append(max([*best[-1:], value], key=bench.score))
    series = (
        Series(text("search.each"), x, y),
        Series(text("search.best_so_far"), x, tuple(best)),
    )
    name = metric_name(bench.metric)
    return Chart("line", text("search.history"), text("search.trial"), name, series)


def _importance_table(importance: dict[str, float]) -> Table:
    rows = tuple(sorted(importance.items(), key=lambda pair: -pair[1]))
    return Table(
        (text("search.field"), text("search.share")),
        rows,
        caption=text("search.importance_caption"),
        unit="percent",
    )


def _values(bench: Bench, found: Found, importance: dict[str, float]) -> dict[str, Any]:
    estimates = {
        "compared": found.compared,
        "fresh": found.fresh,
        "fresh_planned": found.fresh_planned,
        "gain": found.gain,
    }
    return {
        "metric": bench.metric.name,
        "ended": found.ending,
        "n_trials": len(found.trials) - 1,
        "best": found.best.number,
        "best_values": found.best.values,
        "optimism": found.optimism,
        "importance": importance,
        "trials": [
            {"number": one.number, "state": one.state, "value": one.value,
             "values": one.values, "reason": one.reason, "seconds": one.seconds}
            for one in found.trials
        ],
        **to_values(estimates),
    }  # fmt: skip
