"""Figures of several labels per image with their intervals, over groups as everywhere else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.bootstrap import resampled
from tamiz.metrics.design_effect import (
    ALONE_RESAMPLES,
    each_alone,
    effect_of,
    variance_over,
)
from tamiz.metrics.intervals import MIN_GROUPS, Interval, Measured, logit_interval, wilson
from tamiz.metrics.multilabel import (
    LABEL_METRICS,
    LabelMetric,
    LabelSummer,
    LabelSums,
    f1_by_label,
    label_sums_of,
    precision_by_label,
    recall_by_label,
)
from tamiz.metrics.sums import Floats


def measure_labels(predictions: Predictions, options: EvaluateOptions) -> Measured:
    """Return every figure of the rows whose labels are known, with intervals over groups.

    `by_class` holds 'precision', 'recall', 'f1' and 'average_precision' of each label that some
    image has. Figures between 0 and 1 get the interval of `metrics.intervals`: the spread over
    resampled groups, symmetric on the logit scale; one of exactly 0 or 1 a Wilson bound on the
    number of groups.
    """
    known = predictions.labelled()
    known = known.take(np.argsort(known.item, kind="stable"))
    if not len(known):
        return Measured({}, {}, 0, 0)
    sample = _Sample(known, options)
    found = {name: sample.overall(metric) for name, metric in LABEL_METRICS.items()}
    by_label = {
        label: sample.of_label(index)
        for index, label in enumerate(known.classes)
        if sample.sums.true[0, index] > 0
    }
    overall = {name: one for name, one in found.items() if one is not None}
    return Measured(overall, by_label, len(known), sample.n_groups)


class _Sample:
    """One set of labelled predictions with its resamples."""

    def __init__(self, known: Predictions, options: EvaluateOptions) -> None:
        self._confidence = options.confidence
        self.sums = label_sums_of(known)
        self.n, self.n_groups = len(known), known.n_groups
        self._is_clustered = self.n_groups < self.n
        self._groups_of_true = _groups_per_label(known.group, known.target)
        self._groups_of_predicted = _groups_per_label(known.group, known.predicted)
        self._resamples: LabelSums | None = None
        self._alone: LabelSums | None = None  # of single images: beside these, the design effect
        if self.n_groups >= MIN_GROUPS:
            self._resamples = _resampled(known, options.resamples, options.seed)
            if self._is_clustered:
                n_alone = min(ALONE_RESAMPLES, options.resamples)
                self._alone = _resampled(each_alone(known), n_alone, options.seed)

    def overall(self, metric: LabelMetric) -> Estimate | None:
        """Return one metric with its interval; None where it is not defined."""
        value = float(metric.formula(self.sums)[0])
        if not np.isfinite(value):
            return None
        if metric.kind == "proportion" and not self._is_clustered:
            return self._proportion(value, self.n)
        if value in {0.0, 1.0}:
            return self._extreme(value, metric)
        return self._bootstrapped(value, metric.formula, (self.n, self.n_groups))

    def of_label(self, index: int) -> dict[str, Estimate]:
        """Return precision, recall, F1 and average precision of a label that images have."""
        n_true, n_predicted = int(self.sums.true[0, index]), int(self.sums.predicted[0, index])
        true = (n_true, int(self._groups_of_true[index]))
        predicted = (n_predicted, int(self._groups_of_predicted[index]))
        return {
            "precision": self._share(precision_by_label, index, predicted),
            "recall": self._share(recall_by_label, index, true),
            "f1": self._share(f1_by_label, index, true),
            "average_precision": self._share(lambda sums: sums.average_precision, index, true),
        }

    def _share(
        self, formula: Callable[[LabelSums], Floats], index: int, counted: tuple[int, int]
    ) -> Estimate:
        n, n_groups = counted
        if n == 0:
            return Estimate(0.0, n=0, note=text("metrics.never_predicted"))
        value = float(formula(self.sums)[0, index])
        if not self._is_clustered and formula in {precision_by_label, recall_by_label}:
            return self._proportion(value, n)
        if value in {0.0, 1.0}:
            bounds = wilson(value * n_groups, n_groups, self._confidence)
            return Estimate(value, *bounds, n, n_groups, "wilson")
        return self._bootstrapped(value, lambda sums: formula(sums)[:, index], counted)

    def _proportion(self, value: float, n: int) -> Estimate:
        """Return a share of images, each of them a group of its own."""
        bounds = wilson(round(value * n), n, self._confidence)
        return Estimate(value, *bounds, n, n, "wilson", design_effect=1.0)

    def _extreme(self, value: float, metric: LabelMetric) -> Estimate:
        """Return a figure of exactly 0 or 1, bounded by the number of groups."""
        n_groups, n_parts = self.n_groups, 1
        if metric.kind == "macro":
            present = self._groups_of_true[self._groups_of_true > 0]
            n_groups, n_parts = int(present.min()), len(present)
        low, high = wilson(value * n_groups, n_groups, self._confidence)
        bounds = (1 - (1 - low) / n_parts, 1.0) if value == 1.0 else (0.0, high / n_parts)
        return Estimate(value, *bounds, self.n, self.n_groups, "wilson")

    def _bootstrapped(
        self, value: float, formula: Callable[[LabelSums], Floats], counted: tuple[int, int]
    ) -> Estimate:
        n, n_groups = counted
        if self._resamples is None or n_groups < MIN_GROUPS:
            note = text("metrics.few_groups", n=n_groups, needed=MIN_GROUPS)
            return Estimate(value, n=n, n_groups=n_groups, note=note)
        bounds: Interval = logit_interval(
            value, formula(self._resamples), n_groups, self._confidence
        )
        effect: float | None = 1.0
        if self._alone is not None:
            over_groups = variance_over(formula(self._resamples), self.n_groups)
            effect = effect_of(over_groups, variance_over(formula(self._alone), self.n))
        return Estimate(value, *bounds, n, n_groups, "bootstrap", design_effect=effect)


def _resampled(known: Predictions, n_resamples: int, seed: int) -> LabelSums:
    summer = LabelSummer(known)
    sizes = (len(known), summer.n_groups, n_resamples)
    return LabelSums.joined(resampled(summer, sizes, seed))


def _groups_per_label(group: NDArray[np.str_], has: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (k,): in how many groups each label occurs."""
    _, codes = np.unique(group, return_inverse=True)
    found = [len(np.unique(codes.reshape(-1)[of_label > 0])) for of_label in has.T]
    return np.array(found, dtype=np.int64)
