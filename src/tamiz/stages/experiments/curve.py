"""The learning curve of the run's own network, and what it says, or does not say, of more data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions, Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.data.report import Cell, Chart, Estimate, Paragraph, Section, Series, Table
from tamiz.metrics.clustered import share_difference
from tamiz.metrics.intervals import MIN_GROUPS, measure
from tamiz.stages.experiments.outcome import Outcome, Row, values_of
from tamiz.stages.experiments.training import together

SHARES: Final = (0.125, 0.25, 0.5, 1.0)
FEWEST: Final = 16  # training groups, below which an eighth is no curve
_AT_ONCE: Final = 50
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """One size of the curve.

    Attributes:
        share: of the training groups.
        n_groups: that were learnt, the mean over repeats.
        answers: about the groups held out, the same at every size; of all repeats.
    """

    share: float
    n_groups: float
    answers: Predictions


@dataclass(frozen=True, slots=True)
class Continued:
    """A power law, error = a n^-b, that the points follow.

    Attributes:
        exponent: b, above 0.
        doubled: the error with twice as many groups.
        low: lower end of its interval, over groups held out.
        high: upper end.
    """

    exponent: float
    doubled: float
    low: float
    high: float


def recipe_for(recipe: Recipe, share: float) -> Recipe:
    """Return the recipe for a share of the training rows: as many steps as with all of them.

    With as many epochs a network that sees an eighth would take an eighth of the steps, and the
    curve would show how unfinished it is. Stages that name their epochs keep them.
    """
    train = replace(recipe.train, shards=0)
    if not train.stages:
        factor = 1 / max(share, 1e-9)
        train = replace(
            train,
            epochs=max(train.epochs, round(train.epochs * factor)),
            patience=round(train.patience * factor),
            schedule_steps=round(train.schedule_steps * factor),
        )
    return replace(recipe, train=train)


def points_of(
    answers: Sequence[Sequence[Predictions]], n_groups: Sequence[float]
) -> tuple[Point, ...]:
    """Return the points from the answers of each share's repeats."""
    return tuple(
        Point(share, n, together(one))
        for share, n, one in zip(SHARES, n_groups, answers, strict=True)
    )


def continued(points: Sequence[Point], options: EvaluateOptions) -> Continued | None:
    """Return the power law through the points, None where they do not follow one.

    They do when the error falls from each point to the next and ends above 0, when the exponent
    is surely above 0 (its whole interval), and when no point lies surely off the line (the
    interval of its distance, on logarithms, holds 0). Intervals are percentiles over resampled
    groups, drawn alike for all points (Hestness 2017, "Deep learning scaling is predictable", for
    the form).
    """
    n_groups = points[0].answers.n_groups
    if n_groups < MIN_GROUPS or len({point.n_groups for point in points}) < 3:
        return None
    errors = _errors(points, options)
    if errors[0, -1] <= 0 or (np.diff(errors[0]) >= 0).any():
        return None
    least = 0.5 / len(points[0].answers)
    logs, heights = np.log([point.n_groups for point in points]), np.log(np.maximum(errors, least))
    slopes, levels = np.polyfit(logs, heights.T, 1)
    tails = [(1 - options.confidence) / 2, (1 + options.confidence) / 2]
    low, high = np.quantile((heights - levels[:, None] - slopes[:, None] * logs)[1:], tails, axis=0)
    if np.quantile(slopes[1:], tails[1]) >= 0 or ((low > 0) | (high < 0)).any():
        return None
    doubled = np.exp(levels + slopes * (logs[-1] + np.log(2)))
    ends = np.quantile(doubled[1:], tails)
    return Continued(float(-slopes[0]), float(doubled[0]), float(ends[0]), float(ends[1]))


def _errors(points: Sequence[Point], options: EvaluateOptions) -> Floats:
    """Return (1 + resamples, points): the error as measured, then with groups drawn anew."""
    names, codes = np.unique(points[0].answers.group, return_inverse=True)
    sizes = np.bincount(codes, minlength=len(names)).astype(np.float64)
    wrong = np.stack([_wrong_by_group(point.answers, names) for point in points], axis=1)
    made = [wrong.sum(axis=0)[None] / sizes.sum()]
    rng = np.random.default_rng(derive_seed(options.seed, "sanity curve"))
    chances = np.full(len(names), 1 / len(names))
    for start in range(0, options.resamples, _AT_ONCE):
        n_now = min(_AT_ONCE, options.resamples - start)
        drawn = rng.multinomial(len(names), chances, n_now).astype(np.float64)
        made.append((drawn @ wrong) / (drawn @ sizes)[:, None])
    joined: Floats = np.concatenate(made)
    return joined


def _wrong_by_group(answers: Predictions, names: NDArray[np.str_]) -> Floats:
    codes = np.searchsorted(names, answers.group)
    wrong = (answers.predicted != answers.target).astype(np.float64)
    return np.bincount(codes, weights=wrong, minlength=len(names)).astype(np.float64)


def curve_outcome(points: Sequence[Point], options: EvaluateOptions) -> Outcome:
    """Return the curve as a chart and a table, with what follows in words."""
    figures = [measure(point.answers, options).overall["accuracy"] for point in points]
    errors = [_as_error(one) for one in figures]
    law = continued(points, options)
    gain = share_difference(points[-1].answers, points[-2].answers, options.confidence)
    words = _in_words(points, errors, law, gain)
    rows: list[tuple[Cell, ...]] = [
        (f"{100 * point.share:g} %", round(point.n_groups), error, error.n, error.n_groups)
        for point, error in zip(points, errors, strict=True)
    ]
    names = ("share", "learnt", "error", "n", "groups")
    columns = tuple(text(f"sanity.column_{name}") for name in names)
    table = Table(columns, tuple(rows), text("sanity.curve_caption"))
    section = Section(
        "learning-curve",
        text("sanity.name_learning_curve"),
        (Paragraph(words), _chart(points, errors, law), table, Paragraph(text("sanity.curve_how"))),
    )
    row_words = text(
        "sanity.verdict_curve",
        first=100 * errors[0].value,
        n_first=round(points[0].n_groups),
        last=100 * errors[-1].value,
        n_last=round(points[-1].n_groups),
    )
    row = Row(section.title, row_words, figures[-1])
    values = {
        "groups": [point.n_groups for point in points],
        "error": [values_of(error) for error in errors],
        "gain_of_last_doubling": values_of(gain),
        "power_law": None
        if law is None
        else {"exponent": law.exponent, "doubled": [law.doubled, law.low, law.high]},
    }
    return Outcome((row,), (section,), (), values)


def _in_words(
    points: Sequence[Point], errors: Sequence[Estimate], law: Continued | None, gain: Estimate
) -> Text:
    ends = {
        "first": 100 * errors[0].value,
        "n_first": round(points[0].n_groups),
        "last": 100 * errors[-1].value,
        "n_last": round(points[-1].n_groups),
    }
    if law is not None:
        doubled = {"doubled": 100 * law.doubled, "low": 100 * law.low, "high": 100 * law.high}
        return text(
            "sanity.curve_goes_on", n_more=2 * round(points[-1].n_groups), **ends, **doubled
        )
    if gain.low is None or gain.high is None:
        return text("sanity.curve_few", **ends)
    key = "sanity.curve_falls" if gain.low > 0 else "sanity.curve_ends"
    figures = {"points": 100 * gain.value, "low": 100 * gain.low, "high": 100 * gain.high}
    return text(key, n_half=round(points[-2].n_groups), **ends, **figures)


def _chart(points: Sequence[Point], errors: Sequence[Estimate], law: Continued | None) -> Chart:
    sizes = tuple(float(point.n_groups) for point in points)
    values = tuple(error.value for error in errors)
    low, high = (
        tuple(one.value if end is None else end for one, end in zip(errors, ends, strict=True))
        for ends in ([one.low for one in errors], [one.high for one in errors])
    )
    series = [Series(text("sample.measured"), sizes, values, low, high)]
    if law is not None:
        last = errors[-1]
        series.append(
            Series(
                text("sanity.continued"),
                (sizes[-1], 2 * sizes[-1]),
                (last.value, law.doubled),
                (low[-1], law.low),
                (high[-1], law.high),
            )
        )
    x_label, y_label = text("sanity.column_learnt"), text("sanity.column_error")
    return Chart("line", text("sanity.curve_chart"), x_label, y_label, tuple(series))


def _as_error(one: Estimate) -> Estimate:
    low, high = (None if end is None else 1 - end for end in (one.high, one.low))
    return replace(one, value=1 - one.value, low=low, high=high)
