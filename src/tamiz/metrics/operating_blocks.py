"""Tables and charts of operating points and of withheld answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Chart, Estimate, Paragraph, Series, Table, Words
from tamiz.metrics.decision import MOST_PROBABLE, WITHHELD, Decision
from tamiz.metrics.group_sums import GroupSums
from tamiz.metrics.operating import Cuts, cuts_of, rule_words
from tamiz.metrics.operating_curves import (
    average_precision,
    net_benefit,
    pr_curve,
    roc_area,
    roc_curve,
    shown_part,
    thinned,
)
from tamiz.metrics.operating_figures import Point, Withheld

_RATES: Final = ("sensitivity", "specificity", "ppv", "npv")
_COUNTS: Final = ("tp", "fp", "fn", "tn")
_MOST_CLASSES: Final = 40


def point_tables(
    points: Sequence[Point], chosen: str, known: Predictions, part: Words, options: EvaluateOptions
) -> list[Block]:
    """Return what each point gives: rates, then shares and counts, then values at a prevalence.

    Args:
        points: measured on `known`.
        chosen: the rule in force, which is marked.
        known: labelled rows.
        part: its name in words.
        options: confidence and prevalence.
    """
    names = [_name_of(one.decision.rule, chosen) for one in points]
    limits: list[Cell] = [one.decision.threshold for one in points]
    caption = text(
        "operating.points_caption",
        part=part,
        confidence=options.confidence,
        n=len(known),
        n_groups=known.n_groups,
    )
    head = (text("operating.point"),)
    rates: list[tuple[Cell, ...]] = [
        (name, limit, *(one.figures[rate] for rate in _RATES))
        for name, limit, one in zip(names, limits, points, strict=True)
    ]
    others: list[tuple[Cell, ...]] = [
        (
            name,
            *(one.figures[figure] for figure in ("f1", "accuracy", "flagged")),
            *one.counts,
        )
        for name, one in zip(names, points, strict=True)
    ]
    made: list[Block] = [
        Table(
            (*head, text("operating.threshold"), *(text(f"operating.{r}") for r in _RATES)),
            tuple(rates),
            caption,
        ),
        Table(
            (*head, *(text(f"operating.{n}") for n in ("f1", "accuracy", "flagged", *_COUNTS))),
            tuple(others),
            text("operating.counts_caption"),
        ),
    ]
    if options.prevalence is not None:
        first = points[0].counts
        here = (first[0] + first[2]) / max(1, sum(first))
        made.append(
            Table(
                (*head, text("operating.ppv"), text("operating.npv")),
                tuple(
                    (name, one.figures["ppv_at"], one.figures["npv_at"])
                    for name, one in zip(names, points, strict=True)
                ),
                text("operating.prevalence_caption", prevalence=options.prevalence, here=here),
            )
        )
    return made


def _name_of(rule: str, chosen: str) -> Words:
    words = rule_words(rule)
    return text("operating.chosen", rule=words) if rule == chosen else words


def point_charts(
    known: Predictions, at: int, chosen: Point, part: Words, options: EvaluateOptions
) -> list[Block]:
    """Return the ROC curve, precision against recall (both with the point), and net benefit."""
    is_positive = known.target == at
    if is_positive.all() or not is_positive.any():
        return []
    cuts = cuts_of(known.probabilities[:, at], is_positive)
    sensitivity, specificity, ppv = (
        None if one is None else one.value
        for one in (chosen.figures[name] for name in ("sensitivity", "specificity", "ppv"))
    )
    point = text("operating.point_series")
    marks = []
    if sensitivity is not None and specificity is not None:
        marks.append(Series(point, (1 - specificity,), (sensitivity,)))
    roc = Chart(
        "line",
        text("operating.roc_title", part=part),
        text("operating.roc_x"),
        text("operating.sensitivity"),
        (_line(text("operating.roc_series", area=roc_area(cuts)), *roc_curve(cuts)), *marks),
    )
    marks = []
    if sensitivity is not None and ppv is not None:
        marks.append(Series(point, (sensitivity,), (ppv,)))
    base = float(is_positive.mean())
    precision = Chart(
        "line",
        text("operating.pr_title", part=part),
        text("operating.pr_x"),
        text("operating.pr_y"),
        (
            _line(text("operating.pr_series", area=average_precision(cuts)), *pr_curve(cuts)),
            *marks,
            Series(text("operating.pr_base"), (0.0, 1.0), (base, base)),
        ),
    )
    return [roc, precision, Paragraph(text("operating.net_how")), _net(known, at, part, options)]


def _net(known: Predictions, at: int, part: Words, options: EvaluateOptions) -> Chart:
    found = net_benefit(known.probabilities[:, at], known.target == at, known.group, options)
    is_shown, all_shown = shown_part(found.model), shown_part(found.treat_all)
    x = found.thresholds
    ends = {}
    if len(found.low):
        ends = {"low": _numbers(found.low[is_shown]), "high": _numbers(found.high[is_shown])}
    model = Series(
        text("operating.net_model"), _numbers(x[is_shown]), _numbers(found.model[is_shown]), **ends
    )
    everyone = Series(
        text("operating.net_all"), _numbers(x[all_shown]), _numbers(found.treat_all[all_shown])
    )
    nobody = Series(text("operating.net_none"), (float(x[0]), float(x[-1])), (0.0, 0.0))
    return Chart(
        "line",
        text("operating.net_title", part=part),
        text("operating.net_x"),
        text("operating.net_y"),
        (model, everyone, nobody),
    )


def confusion_at(decision: Decision, known: Predictions, part: Words) -> Table | None:
    """Return the confusion matrix of a decision, withheld answers in a column of their own."""
    k = len(known.classes)
    if k > _MOST_CLASSES:
        return None
    answers = decision.answers(known.probabilities, known.classes)
    counts = np.zeros((k, k + 1), np.int64)
    np.add.at(counts, (known.target, np.where(answers == WITHHELD, k, answers)), 1)
    columns: list[Words] = [text("operating.true_class"), *known.classes]
    if decision.abstain_below > 0:
        columns.append(text("operating.no_answer"))
    width = len(columns) - 1
    rows: list[tuple[Cell, ...]] = [
        (name, *line[:width]) for name, line in zip(known.classes, counts.tolist(), strict=True)
    ]
    caption = text("operating.confusion_caption", part=part)
    return Table(tuple(columns), tuple(rows), caption, "heat", "count")


def cost_table(
    decision: Decision, known: Predictions, part: Words, confidence: float
) -> tuple[Table, dict[str, Estimate]]:
    """Return the mean cost of the decision, of the most probable class, and their difference."""
    table = np.array(decision.costs)
    sums = GroupSums(np.ones((len(known), 1)), known.group)
    ways = (decision, Decision())
    costs = [table[known.target, one.choices(known.probabilities, known.classes)] for one in ways]
    names: list[Words] = [rule_words("cost"), rule_words(MOST_PROBABLE)]
    found = {
        "cost": sums.mean_estimate(costs[0], confidence),
        "most_probable": sums.mean_estimate(costs[1], confidence),
        "difference": sums.mean_estimate(costs[0] - costs[1], confidence),
    }
    rows = tuple(zip([*names, text("operating.cost_difference")], found.values(), strict=True))
    columns = (text("operating.point"), text("operating.cost"))
    return Table(columns, rows, text("operating.cost_caption", part=part)), found


def withheld_blocks(found: Withheld, part: Words) -> list[Block]:
    """Return coverage and accuracy of the answered, and the curve behind them."""
    rows: list[tuple[Cell, ...]] = [(text("operating.accuracy_all"), found.accuracy_of_all)]
    if found.n_withheld:
        rows += [
            (text("operating.coverage"), found.coverage),
            (text("operating.accuracy_answered"), found.accuracy),
        ]
    rows.append((text("operating.area"), found.area))
    columns = (text("operating.what"), text("operating.figure"))
    chart = Chart(
        "line",
        text("operating.curve_title", part=part),
        text("operating.curve_x"),
        text("operating.curve_y"),
        (_line(text("operating.curve_series"), *found.curve),),
    )
    return [Table(columns, tuple(rows), text("operating.withheld_caption", part=part)), chart]


def estimate_words(one: Estimate | None) -> Text:
    """Return an estimate within a sentence."""
    if one is None:
        return text("operating.not_defined")
    if one.low is None or one.high is None:
        return text("operating.without_interval", value=one.value)
    return text("operating.with_interval", value=one.value, low=one.low, high=one.high)


def sensitivity_on(cuts: Cuts, threshold: float) -> int:
    """Return how many rows of the class a threshold catches."""
    at = int(np.flatnonzero(cuts.thresholds >= threshold)[-1])
    return int(cuts.caught[at])


def _line(name: Words, across: NDArray[np.float64], up: NDArray[np.float64]) -> Series:
    x, y = thinned(across, up)
    return Series(name, _numbers(x), _numbers(y))


def _numbers(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(float, values))
