"""What a benchmark shows: paired differences to one way, who is best on validation, mean ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from tamiz.data.report import Estimate
from tamiz.metrics.comparing import Verdict, metric_for
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.paired_tests import PairedTest, holm
from tamiz.metrics.panel import Compared, Panel
from tamiz.metrics.registry import Metric
from tamiz.stages.benchmarking.runs import Cell, Gap
from tamiz.stages.benchmarking.ways import DataSet
from tamiz.stages.finished_runs import Finished

BEST: Final = "best"


@dataclass(frozen=True, slots=True)
class Against:
    """A way less the reference, on the same images.

    Attributes:
        way: its word.
        difference: with its own interval.
        test: p before any correction.
        p_corrected: Holm's, over all comparisons of the benchmark.
        verdict: by the corrected p.
    """

    way: str
    difference: Estimate
    test: PairedTest
    p_corrected: float
    verdict: Verdict


class SideBySide:
    """The ways of one data set, those that were finished on one split.

    Args:
        data_set: the images.
        cells: one for each way; a run on other images or another split becomes a gap.
        reason: said of a run on another split.
    """

    def __init__(self, data_set: DataSet, cells: Sequence[Cell], reason: str) -> None:
        self.data_set = data_set
        first = next((one.finished for one in cells if one.finished), None)
        self.keys = (first.data_key, first.split_key) if first else ("", "")
        self.cells = [self._kept(one, reason) for one in cells]
        self.against: list[Against] = []

    def _kept(self, cell: Cell, reason: str) -> Cell:
        done = cell.finished
        if done is None or (done.data_key, done.split_key) == self.keys:
            return cell
        return replace(cell, finished=None, cost=None, gap=Gap("split", reason))

    @cached_property
    def runs(self) -> dict[str, Finished]:
        """Return the finished runs by the word of their way."""
        return {one.way.word: one.finished for one in self.cells if one.finished}

    @cached_property
    def metric(self) -> Metric | LabelMetric | None:
        """Return the metric; None where no way was finished."""
        first = next(iter(self.runs.values()), None)
        if first is None:
            return None
        return metric_for(first.recipe.evaluate.metric, is_multilabel=first.is_multilabel)

    @property
    def is_lower_better(self) -> bool:
        """Return whether the metric is a loss."""
        return self.metric is not None and self.metric.better == "lower"

    def figure(self, word: str, part: str = "") -> Estimate | None:
        """Return a way's figure; '' is the part that its result is from."""
        run = self.runs.get(word)
        if run is None or self.metric is None:
            return None
        return run.figure(part or run.part, self.metric.name)

    @cached_property
    def chosen(self) -> str:
        """Return the way with the best validation figure; '' where none has one."""
        known = {word: self.figure(word, "val") for word in self.runs}
        ranked = {word: one.value for word, one in known.items() if one is not None}
        if not ranked:
            return ""
        return (min if self.is_lower_better else max)(ranked, key=lambda word: ranked[word])

    def reference(self, wanted: str) -> str:
        """Return the way that the others are held against; '' where it is a gap."""
        word = self.chosen if wanted == BEST else wanted
        return word if word in self.runs else ""

    @cached_property
    def panel(self) -> Panel | None:
        """Return the ways' answers side by side; None with fewer than two."""
        runs = list(self.runs.values())
        if len(runs) < 2 or self.metric is None:
            return None
        return Panel([one.judged() for one in runs], self.metric, runs[0].recipe.evaluate)

    @cached_property
    def optimism(self) -> float:
        """Return by how much the best of the result would look too good, were all alike."""
        return math.nan if self.panel is None else self.panel.optimism()

    def to_reference(self, wanted: str) -> list[tuple[str, Compared]]:
        """Return each way against the reference; p not yet corrected over the benchmark."""
        words = list(self.runs)
        reference = self.reference(wanted)
        if self.panel is None or not reference:
            return []
        at = words.index(reference)
        others = [number for number in range(len(words)) if number != at]
        made = self.panel.compared([(number, at) for number in others])
        return [(words[number], one) for number, one in zip(others, made, strict=True)]


def compared(sets: Sequence[SideBySide], wanted: str) -> int:
    """Put into each set its ways against the reference; return how many were tested together.

    One page is read as one: ways that are better on one of many data sets by chance are as many as
    there are comparisons, so Holm's correction counts those of all data sets. Where groups are too
    few for a test there is none, and none is counted.
    """
    found = [(one, word, made) for one in sets for word, made in one.to_reference(wanted)]
    corrected = holm([made.test.p for _, _, made in found])
    for (one, word, made), p in zip(found, corrected, strict=True):
        verdict = _verdict(one, made.difference.value, p)
        one.against.append(Against(word, made.difference, made.test, p, verdict))
    return sum(not math.isnan(made.test.p) for _, _, made in found)


def mean_ranks(sets: Sequence[SideBySide]) -> Mapping[str, float]:
    """Return the mean rank (1: best; ties share) of each way that has a figure on every data set.

    Empty with fewer than two data sets or ways.
    """
    from scipy.stats import rankdata

    if len(sets) < 2:
        return {}
    words = [word for word in sets[0].runs if all(_value(one, word) is not None for one in sets)]
    if len(words) < 2:
        return {}
    ranks = []
    for one in sets:
        values = [_value(one, word) or 0.0 for word in words]
        ranks.append(rankdata(values if one.is_lower_better else [-value for value in values]))
    return {word: float(sum(row[at] for row in ranks)) / len(sets) for at, word in enumerate(words)}


def _value(one: SideBySide, word: str) -> float | None:
    figure = one.figure(word)
    return None if figure is None or not math.isfinite(figure.value) else figure.value


def _verdict(one: SideBySide, gap: float, p: float) -> Verdict:
    options = next(iter(one.runs.values())).recipe.evaluate
    if math.isnan(p) or p >= 1 - options.confidence or gap == 0:
        return "not shown"
    return "worse" if (gap > 0) == one.is_lower_better else "better"
