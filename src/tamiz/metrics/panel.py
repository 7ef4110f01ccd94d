"""Several models that judged the same images: every difference, its test, and what choosing costs.

All models are resampled by the same draws of groups, each once, so that any two of them, and the
best of all, follow from one table of replicates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.comparing import (
    Replicates,
    Verdict,
    aligned,
    difference_of,
    mean_of,
    replicates_of,
    value_of,
)
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.paired_tests import (
    PairedTest,
    holm,
    holm_levels,
    same_accuracy,
    same_auroc,
)
from tamiz.metrics.registry import Metric
from tamiz.metrics.sums import Floats

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One model against another.

    Attributes:
        difference: first less second, with its own interval.
        test: p before any correction.
        p_corrected: Holm's, over all comparisons made together.
        corrected: the interval at the level that the correction leaves to this comparison.
        verdict: by the corrected p.
    """

    difference: Estimate
    test: PairedTest
    p_corrected: float
    corrected: Estimate
    verdict: Verdict


class Panel:
    """Models that judged the same items.

    Args:
        sides: of each model its predictions; several where it judged the items several times
            (its figure is their mean).
        metric: which figure.
        options: resamples, seed, confidence.
    """

    def __init__(
        self,
        sides: Sequence[Sequence[Predictions]],
        metric: Metric | LabelMetric,
        options: EvaluateOptions,
    ) -> None:
        self._sides = aligned(sides)
        self._metric, self._options = metric, options
        first = self._sides[0][0]
        self.n, self.n_groups = len(first), first.n_groups

    @cached_property
    def replicates(self) -> list[Replicates]:
        """Return each model's figure and what it is in each resample."""
        return [
            mean_of([replicates_of(one, self._metric, self._options) for one in side])
            for side in self._sides
        ]

    def compared(self, pairs: Sequence[Pair]) -> list[Compared]:
        """Return each pair's difference (first less second), its test and the corrected verdict.

        The correction counts all `pairs`; the same two models the other way round are one
        comparison.
        """
        tested, alpha = self._tested(pairs), 1 - self._options.confidence
        levels = holm_levels([test.p for test, _ in tested.values()], alpha)
        level_of = dict(zip(tested, levels, strict=True))
        made = []
        for pair in pairs:
            test, p_corrected = tested[_ordered(pair)]
            found = adjusted = self._difference(pair, self._options.confidence)
            level = level_of[_ordered(pair)]
            if not math.isnan(level):
                adjusted = self._difference(pair, 1 - level)
            verdict = self._verdict(found.value, p_corrected)
            made.append(Compared(found, test, p_corrected, adjusted, verdict))
        return made

    def verdicts(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return the verdicts of `compared` alone: much cheaper where a test needs no resamples."""
        tested = self._tested(pairs)
        return [
            self._verdict(self._figure(pair[0]) - self._figure(pair[1]), tested[_ordered(pair)][1])
            for pair in pairs
        ]

    def _tested(self, pairs: Sequence[Pair]) -> dict[Pair, tuple[PairedTest, float]]:
        """Return test and corrected p of each two models, whichever of them comes first."""
        unique = list(dict.fromkeys(_ordered(pair) for pair in pairs))
        tests = [self._test(pair) for pair in unique]
        corrected = holm([test.p for test in tests])
        return dict(zip(unique, zip(tests, corrected, strict=True), strict=True))

    def optimism(self) -> float:
        """Return by how much the best of these models would look too good if all were alike.

        The mean over resamples of groups of the largest centred figure (of a loss: minus the
        smallest); NaN below `MIN_GROUPS` groups.
        """
        if self.n_groups < MIN_GROUPS or not all(np.isfinite(one.value) for one in self.replicates):
            return math.nan
        gaps = np.stack([one.drawn - one.value for one in self.replicates])
        gaps = gaps if self._metric.better == "higher" else -gaps
        return float(np.nanmean(gaps.max(axis=0)))

    def _figure(self, at: int) -> float:
        return float(np.mean([value_of(one, self._metric) for one in self._sides[at]]))

    def _difference(self, pair: Pair, confidence: float) -> Estimate:
        sides = self.replicates[pair[0]], self.replicates[pair[1]]
        options = replace(self._options, confidence=confidence)
        return difference_of(*sides, (self.n, self.n_groups), options)

    def _test(self, pair: Pair) -> PairedTest:
        """Return the test that suits the figure; the bootstrap's where there is no other."""
        one, other = (self._sides[at] for at in pair)
        if self.n_groups < MIN_GROUPS:
            return PairedTest(math.nan, "")
        if len(one) == len(other) == 1 and not one[0].is_multilabel:
            if self._metric.name == "accuracy":
                return same_accuracy(one[0], other[0])
            if self._metric.name == "auroc" and len(one[0].classes) == 2:
                return same_auroc(one[0], other[0])
        return PairedTest(
            _bootstrap_p(self.replicates[pair[0]], self.replicates[pair[1]], self.n_groups),
            "bootstrap",
        )

    def _verdict(self, gap: float, p: float) -> Verdict:
        if math.isnan(p) or p >= 1 - self._options.confidence or gap == 0:
            return "not shown"
        return "better" if (gap > 0) == (self._metric.better == "higher") else "worse"


def _ordered(pair: Pair) -> Pair:
    return (min(pair), max(pair))


def _bootstrap_p(one: Replicates, other: Replicates, n_groups: int) -> float:
    """Return the two-sided p of Student's t: the difference over its spread over resamples.

    NaN where the figure is not defined.
    """
    from scipy.special import stdtr

    gap = one.value - other.value
    if not math.isfinite(gap):
        return math.nan
    drawn: Floats = one.drawn - other.drawn
    drawn = drawn[np.isfinite(drawn)]
    spread = float(np.std(drawn, ddof=1)) * math.sqrt(n_groups / (n_groups - 1))
    if spread < 1e-12:
        return 1.0 if abs(gap) < 1e-12 else 0.0
    return 2 * float(stdtr(n_groups - 1, -abs(gap) / spread))
