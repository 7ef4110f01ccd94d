"""Figures of the same images judged twice: differences, and means over repeats, over groups.

Both predictions are resampled by the same draws of groups. What makes an image hard is in both and
falls out of the difference, so its interval is narrower than two intervals side by side suggest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.bootstrap import resampled, resampled_sums
from tamiz.metrics.intervals import (
    MIN_GROUPS,
    Interval,
    Measured,
    groups_per_class,
    logit_interval,
    measure,
    shifted_interval,
    student_t,
    studentised_interval,
    wilson,
)
from tamiz.metrics.multilabel import HEADLINE, LABEL_METRICS, LabelMetric, LabelSummer, LabelSums
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.sums import Floats, Ints, Summer, Sums, sums_of
from tamiz.metrics.unseen_spread import with_unseen_spread

Verdict = Literal["better", "worse", "not shown"]


@dataclass(frozen=True, slots=True)
class Replicates:
    """A figure and what it is in each resample of the groups; without any under `MIN_GROUPS`."""

    value: float
    drawn: Floats


def metric_for(name: str, *, is_multilabel: bool) -> Metric | LabelMetric:
    """Return the metric that a recipe names; of several labels the headline one in its place.

    Raises:
        WrongUse: there is no such metric.
    """
    key = name.strip().lower().replace("-", "_")
    if not is_multilabel:
        return METRICS.get(key)
    return LABEL_METRICS.get(key, LABEL_METRICS[HEADLINE])


def difference(
    one: Sequence[Predictions],
    other: Sequence[Predictions],
    metric: Metric | LabelMetric,
    options: EvaluateOptions,
) -> Estimate:
    """Return the figure of `one` less that of `other` on the images that both judged.

    Each side may have been judged several times (repeats, single networks): its figure is the mean.
    The interval is the bootstrap's spread over groups with Student's t. Where no resample shows
    any difference it is what so many groups can rule out at most (Wilson).

    Args:
        one: predictions of the same images by one model or more.
        other: likewise.
        metric: which figure.
        options: resamples, seed, confidence.

    Returns:
        value in -1..1 for shares; `n` counts the common images.
    """
    sides = aligned([one, other])
    first = sides[0][0]
    n, n_groups = len(first), first.n_groups
    if not n:
        return Estimate(math.nan, n=0, note=text("metrics.nothing_in_common"))
    made = [mean_of([replicates_of(part, metric, options) for part in side]) for side in sides]
    return difference_of(made[0], made[1], (n, n_groups), options)


def difference_of(
    one: Replicates, other: Replicates, sizes: tuple[int, int], options: EvaluateOptions
) -> Estimate:
    """Return the first figure less the second from replicates of the same draws of groups.

    Args:
        one: from `replicates_of`.
        other: likewise, of the same items.
        sizes: (items, groups) that both rest on.
        options: confidence.
    """
    n, n_groups = sizes
    value = one.value - other.value
    if not math.isfinite(value):
        return Estimate(math.nan, n=n, n_groups=n_groups, note=text("metrics.not_defined"))
    if n_groups < MIN_GROUPS:
        note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=n_groups, note=note)
    drawn = one.drawn - other.drawn
    drawn = drawn[np.isfinite(drawn)]
    spread = float(np.std(drawn, ddof=1))
    if spread < 1e-12:
        _, high = wilson(0, n_groups, options.confidence)
        return Estimate(value, value - high, value + high, n, n_groups, "wilson")
    error = spread * math.sqrt(n_groups / (n_groups - 1))
    half = student_t((1 + options.confidence) / 2, n_groups - 1) * error
    return Estimate(value, value - half, value + half, n, n_groups, "bootstrap")


def unpaired_difference(
    one: Predictions, other: Predictions, metric: Metric | LabelMetric, options: EvaluateOptions
) -> Estimate:
    """Return the figure of `one` less that of `other`, which judged different images.

    Both are resampled by draws of their own, so their variances add up; Student's t has the
    degrees of freedom of Welch and Satterthwaite. A perfect share shows no spread: what Wilson's
    bound on its groups leaves open is added as a square (MOVER, Zou and Donner 2008). `n` and
    `n_groups` are those of both together.
    """
    sides = [_in_order(part.labelled()) for part in (one, other)]
    made = [replicates_of(part, metric, options) for part in sides]
    value = made[0].value - made[1].value
    n, groups = sum(map(len, sides)), [part.n_groups for part in sides]
    if not math.isfinite(value):
        return Estimate(math.nan, n=n, n_groups=sum(groups), note=text("metrics.not_defined"))
    if min(groups) < MIN_GROUPS:
        note = text("metrics.few_groups", n=min(groups), needed=MIN_GROUPS)
        return Estimate(value, n=n, n_groups=sum(groups), note=note)
    spreads = [float(np.nanstd(part.drawn, ddof=1)) for part in made]
    variances = [s * s * k / (k - 1) for s, k in zip(spreads, groups, strict=True)]
    total = sum(variances)
    if not total > 1e-24:  # both perfect, say: what so many groups can rule out
        high = sum(wilson(0, k, options.confidence)[1] for k in groups)
        return Estimate(value, value - high, value + high, n, sum(groups), "wilson")
    pairs = zip(variances, groups, strict=True)
    freedom = total**2 / sum(variance**2 / (k - 1) for variance, k in pairs)
    half = student_t((1 + options.confidence) / 2, int(freedom)) * math.sqrt(total)
    unseen = [
        wilson(0, k, options.confidence)[1]
        for variance, k in zip(variances, groups, strict=True)
        if variance < 1e-24
    ]
    half = math.hypot(half, *unseen)
    return Estimate(value, value - half, value + half, n, sum(groups), "bootstrap")


def verdict(estimate: Estimate, better: Literal["higher", "lower"]) -> Verdict:
    """Return what a difference shows: nothing unless its whole interval lies on one side of 0."""
    if estimate.low is None or estimate.high is None or math.isnan(estimate.value):
        return "not shown"
    if estimate.low <= 0 <= estimate.high:
        return "not shown"
    return "better" if (estimate.low > 0) == (better == "higher") else "worse"


def measure_repeats(repeats: Sequence[Predictions], options: EvaluateOptions) -> Measured:
    """Return every figure as its mean over repeats of the same images, with intervals over groups.

    A resample draws the same groups in every repeat, so the interval is that of the mean. Figures
    by class, and design effects, are those of the first repeat.
    """
    each = [measure(one, options) for one in repeats]
    if len(each) == 1:
        return each[0]
    is_multilabel = repeats[0].is_multilabel
    names = [name for name in each[0].overall if all(name in one.overall for one in each)]
    known = [_in_order(one.labelled()) for one in repeats]
    drawn = [_resamples(one, options) for one in known] if known[0].n_groups >= MIN_GROUPS else []
    plain = [_plain_sums(one) for one in known]
    summers = [] if is_multilabel else [Summer(one) for one in known]
    of_true = np.zeros(0, np.int64)
    if not is_multilabel:
        of_true = groups_per_class(known[0], known[0].target)
    overall = {}
    for name in names:
        metric = metric_for(name, is_multilabel=is_multilabel)
        value = float(np.mean([one.overall[name].value for one in each]))
        like = each[0].overall[name]
        pulls = _mean_influence(metric, summers)
        parts = (plain, drawn, pulls, of_true)
        overall[name] = _mean_estimate(like, value, metric, parts, options)
    return replace(each[0], overall=overall)


def mean_of(parts: Sequence[Replicates]) -> Replicates:
    """Return the mean over several judgements of the same images, resample by resample."""
    return Replicates(
        float(np.mean([one.value for one in parts])), np.mean([one.drawn for one in parts], axis=0)
    )


def _mean_estimate(
    like: Estimate,
    value: float,
    metric: Metric | LabelMetric,
    sums: tuple[Sequence[Sums | LabelSums], Sequence[Sums | LabelSums], Floats | None, Ints],
    options: EvaluateOptions,
) -> Estimate:
    plain, drawn, pulls, of_true = sums
    if not drawn and value != like.value:  # an interval of one repeat is not that of their mean
        note = text("metrics.few_groups", n=like.n_groups, needed=MIN_GROUPS)
        return Estimate(value, n=like.n, n_groups=like.n_groups, note=note)
    if not drawn or value in {0.0, 1.0}:
        return replace(like, value=value)
    replicates = np.mean([metric.formula(one) for one in drawn], axis=0)  # type: ignore[arg-type]
    n_groups, confidence = like.n_groups, options.confidence
    if isinstance(metric, Metric) and metric.standard_error is not None:
        error = float(np.mean([metric.standard_error(one)[0] for one in plain]))  # type: ignore[arg-type]
        errors = np.mean([metric.standard_error(one) for one in drawn], axis=0)  # type: ignore[arg-type]
        bounds = studentised_interval(value, error, replicates, errors, confidence, pulls)
    elif metric.kind in {"loss", "distance"}:
        bounds = shifted_interval(value, replicates, confidence)
    else:
        bounds = logit_interval(value, replicates, n_groups, confidence, pulls)
        if isinstance(metric, Metric):
            bounds = _with_unseen(bounds, value, metric, (plain, of_true), confidence)
    effect = like.design_effect
    return Estimate(value, *bounds, like.n, n_groups, "bootstrap", design_effect=effect)


def _with_unseen(
    bounds: Interval,
    value: float,
    metric: Metric,
    sums: tuple[Sequence[Sums | LabelSums], Ints],
    confidence: float,
) -> Interval:
    """Return the bounds of a mean over repeats, with what classes found in all leave open."""
    plain, of_true = [one for one in sums[0] if isinstance(one, Sums)], sums[1]
    hit, predicted = (
        np.mean([getattr(one, name) for one in plain], axis=0) for name in ("hit", "predicted")
    )
    mean = replace(plain[0], hit=hit, predicted=predicted)
    known = value, of_true, partial(wilson, confidence=confidence)
    return with_unseen_spread(bounds, metric.formula, mean, known)


def _mean_influence(metric: Metric | LabelMetric, summers: Sequence[Summer]) -> Floats | None:
    """Return (groups,) how far each group pulls the mean over repeats, where that is known."""
    if not summers or not isinstance(metric, Metric) or metric.influence is None:
        return None
    pulls: Floats = np.mean([metric.influence(one) for one in summers], axis=0)
    return pulls


def aligned(sides: Sequence[Sequence[Predictions]]) -> list[list[Predictions]]:
    """Return the items that all judged, in one order, with one grouping."""
    every = [part for side in sides for part in side]
    common = set.intersection(*(set(part.labelled().item.tolist()) for part in every))
    first = _of_items(every[0], common)
    return [[_like(part, first, common) for part in side] for side in sides]


def value_of(known: Predictions, metric: Metric | LabelMetric) -> float:
    """Return the figure of labelled predictions of either kind; NaN where it is not defined."""
    return float(metric.formula(_plain_sums(known))[0])  # type: ignore[arg-type]


def replicates_of(
    known: Predictions, metric: Metric | LabelMetric, options: EvaluateOptions
) -> Replicates:
    """Return the figure of labelled predictions and what it is in each resample of groups."""
    value = value_of(known, metric)
    if known.n_groups < MIN_GROUPS:
        return Replicates(value, np.zeros(0))
    drawn = metric.formula(_resamples(known, options))  # type: ignore[arg-type]
    return Replicates(value, drawn)


def _plain_sums(known: Predictions) -> Sums | LabelSums:
    if not known.is_multilabel:
        return sums_of(known)
    summer = LabelSummer(known)
    return summer(np.ones((1, known.n_groups), dtype=np.int32))


def _resamples(known: Predictions, options: EvaluateOptions) -> Sums | LabelSums:
    if not known.is_multilabel:
        return resampled_sums(known, options.resamples, options.seed)
    sizes = (len(known), known.n_groups, options.resamples)
    return LabelSums.joined(resampled(LabelSummer(known), sizes, options.seed))


def _of_items(predictions: Predictions, items: set[str]) -> Predictions:
    known = _in_order(predictions.labelled())
    return known.take(np.flatnonzero([item in items for item in known.item.tolist()]))


def _like(predictions: Predictions, first: Predictions, items: set[str]) -> Predictions:
    """Return the common images in order, with the groups of `first`: equal draws for all."""
    return replace(_of_items(predictions, items), group=first.group)


def _in_order(known: Predictions) -> Predictions:
    return known.take(np.argsort(known.item, kind="stable"))
