"""Figures with their intervals: what would come out with other patients of the same kind.

Which interval, and why (`benchmarks/bench_coverage.py` has the simulation):

- share of right items, one item per group: Wilson (1927);
- other figures between 0 and 1, and all of them when groups have several items: the standard
  error is the spread over bootstrap resamples of whole groups; the interval is symmetric on the
  logit scale, with Student's t for the number of groups. Percentile and BCa intervals cannot
  leave the range of their resamples and hold the truth too rarely near 1;
- losses (log loss, Brier): the studentised bootstrap ("bootstrap-t", Efron 1979), because they
  are skewed: a few confident mistakes carry most of the loss;
- AUROC and losses besides: where a few groups carry most of the variance, the half of the
  interval on their side is widened (`stretches`). For an AUROC of 0.983 with 50 groups of 1 to 6
  items, intra-group correlation 0.9, this takes the coverage from 90 % to 96 %;
- calibration error: percentiles, shifted by the bootstrap's own bias, since resampling alone
  makes it larger;
- a figure of exactly 1 or 0: the bootstrap sees no spread. A Wilson bound on the number of
  groups stands in; a mean over classes can at worst hide the error in its smallest class. So it
  is where one class alone is always found, or never: see `metrics.unseen_spread`.

Below `MIN_GROUPS` groups no bootstrap is shown: a resample often lacks a whole class. From there
to 50 groups the report says how often simulated intervals held the truth (`interval_words`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.bootstrap import resampled, resampled_sums
from tamiz.metrics.by_class import f1_by_class, ratio
from tamiz.metrics.design_effect import (
    ALONE_RESAMPLES,
    each_alone,
    effect_of,
    variance_over,
)
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.sums import Floats, Summer, Sums
from tamiz.metrics.unseen_spread import with_unseen_spread

MIN_GROUPS = 10
_FARTHEST = 6.0  # standard errors
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures of one set of predictions.

    Attributes:
        overall: metric name -> estimate; a metric that is not defined here is left out.
        by_class: class -> 'precision', 'recall', 'f1', 'auroc' -> estimate; the `n` of recall
            is the class's support. Classes without items have no entry.
        n: number of items with a known class.
        n_groups: number of groups among them.
    """

    overall: dict[str, Estimate]
    by_class: dict[str, dict[str, Estimate]]
    n: int
    n_groups: int


def measure(predictions: Predictions, options: EvaluateOptions) -> Measured:
    """Return every figure of the rows whose true class is known, with intervals over groups.

    With several labels per image these are the figures of `metrics.multilabel`.

    The same options give the same figures; the order of the rows does not matter to them, nor
    does the number of processors.
    """
    if predictions.is_multilabel:
        from tamiz.metrics.multilabel_intervals import measure_labels

        return measure_labels(predictions, options)
    known = _in_order(predictions.labelled())
    if len(known) == 0:
        return Measured({}, {}, 0, 0)
    sample = _Sample(known, options)
    overall = {}
    for name in METRICS.names():
        estimate = sample.overall(METRICS.get(name))
        if estimate is not None:
            overall[name] = estimate
    by_class = {
        label: sample.of_class(index)
        for index, label in enumerate(known.classes)
        if sample.sums.true[0, index] > 0
    }
    return Measured(overall, by_class, len(known), sample.n_groups)


def wilson(n_right: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval of a proportion; (0, 1) for n = 0."""
    if n <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = n_right / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    low = 0.0 if n_right == 0 else max(0.0, centre - half)
    high = 1.0 if n_right == n else min(1.0, centre + half)
    return low, high


def student_t(probability: float, df: float) -> float:
    """Return the quantile of Student's t; within 0.001 of the exact one from 9 degrees on.

    For 0.975 within 1 % of it from 2 degrees on.

    Source: Abramowitz and Stegun 26.7.5, the expansion around the normal quantile.
    """
    z = float(NormalDist().inv_cdf(probability))
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(df**power) for power, term in enumerate(terms, start=1))


def logit_interval(
    value: float,
    replicates: Floats,
    n_groups: int,
    confidence: float,
    influence: Floats | None = None,
) -> Interval:
    """Return the interval of a figure strictly between 0 and 1 from its bootstrap replicates.

    Args:
        value: the figure.
        replicates: (resamples,) of it; those that are not finite are left out.
        n_groups: drawn in each resample.
        confidence: 0 to 1.
        influence: (groups,) how far each group pulls the figure, see `stretches`.
    """
    spread = np.std(replicates[np.isfinite(replicates)], ddof=1)
    error = float(spread) * math.sqrt(n_groups / (n_groups - 1)) / (value * (1 - value))
    half = student_t((1 + confidence) / 2, n_groups - 1) * error
    odds = value / (1 - value)
    wider_by = stretches(influence, confidence, n_groups)
    down, up = (math.exp(min(half * wider, 500.0)) for wider in wider_by)
    return odds / (odds + down), odds / (odds + 1 / up)


def stretches(
    influence: Floats | None, confidence: float, n_groups: int | None = None
) -> tuple[float, float]:
    """Return by how much to stretch the lower and the upper half of an interval, from 1 on.

    A few groups may carry most of a figure's variance: the patient whose scan is misjudged with
    certainty. Where such groups happen to be missing from the sample, the figure lies on the
    other side and its standard error is too small as well. So the half on the side of the far
    pulls gets a Student's t with as many degrees of freedom as they leave it.

    Args:
        influence: (groups,) how far each group pulls the figure; None where it is not known.
        confidence: 0 to 1.
        n_groups: whose Student's t the interval has already; None: of all groups.
    """
    if influence is None or not np.isfinite(influence).all() or not influence.any():
        return 1.0, 1.0
    tail, usual = (1 + confidence) / 2, (n_groups or len(influence)) - 1
    wider = max(1.0, student_t(tail, degrees_of_freedom(influence)) / student_t(tail, usual))
    is_pulled_down = float(np.sum(influence**3)) < 0
    return (wider, 1.0) if is_pulled_down else (1.0, wider)


def degrees_of_freedom(influence: Floats) -> float:
    """Return how many degrees of freedom a variance has that is a sum over these groups.

    Satterthwaite's 2 V^2 / Var(V), with the variance of a sample variance from the fourth
    moment: n - 1 for normal influences, fewer where a few groups carry most of the variance,
    never more.
    """
    n = len(influence)
    apart = influence - influence.mean()
    squared = float(np.mean(apart**2))
    if not squared > 0:
        return n - 1.0
    excess = max(0.0, float(np.mean(apart**4)) / squared**2 - 3)
    return 2 / (2 / (n - 1) + excess / n)


def studentised_interval(
    value: float,
    error: float,
    replicates: Floats,
    errors: Floats,
    confidence: float,
    influence: Floats | None = None,
) -> Interval:
    """Return the bootstrap-t interval of a loss: each replicate is measured in its own error.

    Distances are cut at `_FARTHEST` errors: where a handful of items carry the whole loss, a
    resample without them has hardly any error to be measured in, and one such resample would
    stretch the interval without bound. So is the stretched interval: `influence` is that of
    `stretches`.
    """
    usable = np.isfinite(replicates) & (errors > 0)
    if not error > 0 or not usable.any():
        return value, value  # the loss is the same for all items, in any resample
    distances = np.clip((replicates[usable] - value) / errors[usable], -_FARTHEST, _FARTHEST)
    below, above = np.quantile(distances, [(1 - confidence) / 2, (1 + confidence) / 2])
    down, up = stretches(influence, confidence)
    reach_down = min(down * float(above), _FARTHEST)
    reach_up = max(up * float(below), -_FARTHEST)
    low, high = value - reach_down * error, value - reach_up * error
    return max(0.0, min(low, value)), max(high, value)


def shifted_interval(value: float, replicates: Floats, confidence: float) -> Interval:
    """Return percentiles of the replicates, moved so that their mean falls on `value`."""
    usable = replicates[np.isfinite(replicates)]
    tails = np.quantile(usable, [(1 - confidence) / 2, (1 + confidence) / 2])
    low, high = (float(tail) - float(usable.mean()) + value for tail in tails)
    return max(0.0, min(low, value)), max(high, value)


class _Sample:
    """One set of labelled predictions with its resamples.

    `_alone` are resamples of single items, beside which those of groups show the design effect;
    None where each group has one item.
    """

    def __init__(self, known: Predictions, options: EvaluateOptions) -> None:
        self._confidence = options.confidence
        self._summer = Summer(known)
        self.sums = self._summer(np.ones((1, self._summer.n_groups), dtype=np.int32))
        self.n, self.n_groups = len(known), known.n_groups
        self._is_clustered = self.n_groups < self.n
        self._groups_of_true = groups_per_class(known, known.target)
        self._groups_of_predicted = groups_per_class(known, known.predicted)
        self._resamples: Sums | None = None
        self._alone: Sums | None = None
        if self.n_groups >= MIN_GROUPS:
            sizes = (self.n, self.n_groups, options.resamples)
            self._resamples = Sums.joined(resampled(self._summer, sizes, options.seed))
            if self._is_clustered:
                n_alone = min(ALONE_RESAMPLES, options.resamples)
                self._alone = resampled_sums(each_alone(known), n_alone, options.seed)

    def overall(self, metric: Metric) -> Estimate | None:
        """Return one metric with its interval; None where it is not defined."""
        value = float(metric.formula(self.sums)[0])
        if not np.isfinite(value):
            return None
        if metric.kind == "proportion" and not self._is_clustered:
            return self._proportion(value, self.n)
        if metric.is_share and value in {0.0, 1.0}:
            return self._extreme(value, metric)
        interval = partial(self._interval, metric, value)
        made = self._bootstrapped(value, self.n, self.n_groups, interval)
        return self._with_design_effect(made, metric.formula)

    def of_class(self, index: int) -> dict[str, Estimate]:
        """Return precision, recall, F1 and AUROC of one class that has items."""
        true, predicted = (
            int(counts[0, index]) for counts in (self.sums.true, self.sums.predicted)
        )
        of_true = int(self._groups_of_true[index])
        of_predicted = int(self._groups_of_predicted[index])
        present = self._groups_of_true[self._groups_of_true > 0]
        made = {
            "precision": self._class_share(_precision, index, predicted, of_predicted),
            "recall": self._class_share(_recall, index, true, of_true),
            "f1": self._class_share(f1_by_class, index, true, of_true),
        }
        if np.isfinite(self.sums.auroc[0, index]):
            # of two classes it is one curve, known as well as the rarer of them
            of_rarer = int(present.min()) if len(present) == 2 else of_true
            made["auroc"] = self._class_share(_auroc, index, true, of_rarer)
        return made

    def _class_share(
        self, formula: Callable[[Sums], Floats], index: int, n: int, n_groups: int
    ) -> Estimate:
        if n == 0:
            return Estimate(0.0, n=0, note=text("metrics.never_predicted"))
        value = float(formula(self.sums)[0, index])
        if not self._is_clustered and formula in {_precision, _recall}:
            return self._proportion(value, n)
        if value in {0.0, 1.0}:
            bound = wilson(value * n_groups, n_groups, self._confidence)
            return _with(value, bound, n, n_groups, "wilson")

        def of_index(sums: Sums) -> Floats:
            return formula(sums)[:, index]

        def interval(resamples: Sums) -> Interval:
            pulls = self._summer.auroc_influence()[index] if formula is _auroc else None
            return logit_interval(value, of_index(resamples), n_groups, self._confidence, pulls)

        made = self._bootstrapped(value, n, n_groups, interval)
        return self._with_design_effect(made, of_index)

    def _proportion(self, value: float, n: int) -> Estimate:
        bounds = wilson(round(value * n), n, self._confidence)
        return replace(_with(value, bounds, n, n, "wilson"), design_effect=1.0)

    def _extreme(self, value: float, metric: Metric) -> Estimate:
        """Return a figure of exactly 0 or 1, bounded by the number of groups."""
        n_groups, n_parts = self.n_groups, 1
        if metric.kind == "macro":
            n_groups = int(self._groups_of_true[self._groups_of_true > 0].min())
            n_parts = int((self._groups_of_true > 0).sum())
        if metric.name == "auroc" and n_parts == 2:
            n_parts = 1  # both curves are one: a misplaced item of either class moves all of it
        low, high = wilson(value * n_groups, n_groups, self._confidence)
        bounds = (1 - (1 - low) / n_parts, 1.0) if value == 1.0 else (0.0, high / n_parts)
        return _with(value, bounds, self.n, self.n_groups, "wilson")

    def _bootstrapped(
        self, value: float, n: int, n_groups: int, interval: Callable[[Sums], Interval]
    ) -> Estimate:
        if self._resamples is None or n_groups < MIN_GROUPS:
            note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
            return Estimate(value, n=n, n_groups=n_groups, note=note)
        return _with(value, interval(self._resamples), n, n_groups, "bootstrap")

    def _with_design_effect(self, made: Estimate, formula: Callable[[Sums], Floats]) -> Estimate:
        """Return a bootstrapped estimate with the variance over groups by that over items."""
        if self._resamples is None or made.low is None:
            return made
        if self._alone is None:
            return replace(made, design_effect=1.0)
        over_groups = variance_over(formula(self._resamples), self.n_groups)
        over_items = variance_over(formula(self._alone), self.n)
        return replace(made, design_effect=effect_of(over_groups, over_items))

    def _interval(self, metric: Metric, value: float, resamples: Sums) -> Interval:
        """Return the bootstrap interval that suits the kind of metric."""
        replicates = metric.formula(resamples)
        pulls = metric.influence(self._summer) if metric.influence else None
        if metric.is_share:
            n_groups = self.n_groups
            present = self._groups_of_true[self._groups_of_true > 0]
            if metric.name == "auroc" and len(present) == 2 and present.min() < MIN_GROUPS:
                n_groups = max(2, int(present.min()))  # known as well as its rarer class
            bounds = logit_interval(value, replicates, n_groups, self._confidence, pulls)
            known = value, self._groups_of_true, partial(wilson, confidence=self._confidence)
            return with_unseen_spread(bounds, metric.formula, self.sums, known)
        if metric.standard_error is None:
            return shifted_interval(value, replicates, self._confidence)
        error = float(metric.standard_error(self.sums)[0])
        errors = metric.standard_error(resamples)
        return studentised_interval(value, error, replicates, errors, self._confidence, pulls)


def _recall(sums: Sums) -> Floats:
    return ratio(sums.hit, sums.true, empty=np.nan)


def _precision(sums: Sums) -> Floats:
    return ratio(sums.hit, sums.predicted, empty=np.nan)


def _auroc(sums: Sums) -> Floats:
    return sums.auroc


def _with(value: float, bounds: Interval, n: int, n_groups: int, method: str) -> Estimate:
    return Estimate(value, bounds[0], bounds[1], n, n_groups, method)


def groups_per_class(known: Predictions, classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (k,): in how many groups each class occurs."""
    _, codes = np.unique(known.group, return_inverse=True)
    pairs = np.unique(classes * (int(codes.max()) + 1) + codes) // (int(codes.max()) + 1)
    return np.bincount(pairs, minlength=len(known.classes)).astype(np.int64)


def _in_order(known: Predictions) -> Predictions:
    """Return the rows sorted by item, so that sums do not depend on the order of the file."""
    return known.take(np.argsort(known.item, kind="stable"))
