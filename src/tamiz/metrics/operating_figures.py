"""What decisions give on a part: rates with intervals over groups, and withheld answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.bootstrap import resampled
from tamiz.metrics.by_class import ratio
from tamiz.metrics.decision import WITHHELD, Decision
from tamiz.metrics.group_sums import GroupSums, ratio_estimate, share_estimate
from tamiz.metrics.intervals import wilson
from tamiz.metrics.sums import Counts

Floats = NDArray[np.float64]
# figure -> (counts above the line, counts below), of true and false positives and negatives
_SHARES = {
    "sensitivity": ((0,), (0, 2)),
    "specificity": ((3,), (1, 3)),
    "ppv": ((0,), (0, 1)),
    "npv": ((3,), (2, 3)),
    "f1": ((0, 0), (0, 0, 1, 2)),
    "accuracy": ((0, 3), (0, 1, 2, 3)),
    "flagged": ((0, 1), (0, 1, 2, 3)),
}
FIGURES = tuple(_SHARES)


@dataclass(frozen=True, slots=True)
class Point:
    """What one decision gives on a part, as a yes or no to one class.

    Attributes:
        decision: rule and threshold.
        counts: true positives, false positives, false negatives, true negatives.
        figures: 'sensitivity', 'specificity', 'ppv', 'npv', 'f1', 'accuracy', 'flagged'; and
            'ppv_at', 'npv_at' at the prevalence that the user names. None: not defined.
    """

    decision: Decision
    counts: tuple[int, int, int, int]
    figures: dict[str, Estimate | None]


def measure_points(
    decisions: Sequence[Decision], positive: str, known: Predictions, options: EvaluateOptions
) -> list[Point]:
    """Return what each decision gives on labelled rows; the same resamples serve all of them.

    Args:
        decisions: how to answer.
        positive: the class that yes is said to.
        known: labelled rows, one label each.
        options: resamples, seed, confidence and prevalence.
    """
    at = list(known.classes).index(positive)
    is_positive = known.target == at
    columns = []
    for one in decisions:
        is_flagged = one.choices(known.probabilities, known.classes) == at
        for flagged, wanted in ((True, True), (True, False), (False, True), (False, False)):
            columns.append((is_flagged == flagged) & (is_positive == wanted))
    sums = GroupSums(np.stack(columns, axis=1).astype(np.float64), known.group)
    drawn = np.zeros((0, len(columns)))
    if sums.has_intervals:
        drawn = sums.resampled(options.resamples, options.seed)
    return [_point(one, sums, drawn, 4 * number, options) for number, one in enumerate(decisions)]


def _point(
    decision: Decision, sums: GroupSums, drawn: Floats, start: int, options: EvaluateOptions
) -> Point:
    counts, replicates = sums.total[start : start + 4], drawn[:, start : start + 4]
    figures: dict[str, Estimate | None] = {}
    for name, (above, below) in _SHARES.items():
        upper, lower = (float(sum(counts[i] for i in part)) for part in (above, below))
        shares = ratio(
            replicates[:, list(above)].sum(axis=1),
            replicates[:, list(below)].sum(axis=1),
            empty=np.nan,
        )
        n_groups = sums.groups_with_any([start + i for i in set(below)])
        if name == "f1":  # counts of true positives stand twice in it: no proportion
            sizes = (int(counts.sum()), sums.n_groups)
            figures[name] = None
            if lower:
                figures[name] = ratio_estimate(upper / lower, shares, sizes, options.confidence)
            continue
        groups = (n_groups, sums.is_clustered)
        figures[name] = share_estimate((upper, lower), shares, groups, options.confidence)
    if options.prevalence is not None:
        figures.update(_at_prevalence(figures, replicates, options.prevalence, options.confidence))
    whole = tuple(int(count) for count in counts)
    return Point(decision, (whole[0], whole[1], whole[2], whole[3]), figures)


def predictive_values(
    sensitivity: Floats | float, specificity: Floats | float, prevalence: float
) -> tuple[Floats, Floats]:
    """Return PPV and NPV by Bayes' theorem, NaN where nobody is flagged, or everybody."""
    caught = np.asarray(sensitivity, np.float64) * prevalence
    alarms = (1 - np.asarray(specificity, np.float64)) * (1 - prevalence)
    missed = prevalence - caught
    passed = (1 - prevalence) - alarms
    return ratio(caught, caught + alarms, empty=np.nan), ratio(
        passed, passed + missed, empty=np.nan
    )


def _at_prevalence(
    figures: dict[str, Estimate | None], replicates: Floats, prevalence: float, confidence: float
) -> dict[str, Estimate | None]:
    """Return PPV and NPV at a prevalence; sensitivity and specificity are carried through."""
    rates = figures["sensitivity"], figures["specificity"]
    made: dict[str, Estimate | None] = {"ppv_at": None, "npv_at": None}
    if rates[0] is None or rates[1] is None or prevalence in {0.0, 1.0}:
        return made  # where nobody has the class, or everybody, an answer adds nothing
    values = predictive_values(rates[0].value, rates[1].value, prevalence)
    resampled_rates = [
        ratio(replicates[:, part[0]], replicates[:, list(part)].sum(axis=1), empty=np.nan)
        for part in ((0, 2), (3, 1))
    ]
    drawn = predictive_values(resampled_rates[0], resampled_rates[1], prevalence)
    sizes = rates[0].n + rates[1].n, min(rates[0].n_groups, rates[1].n_groups)
    for name, value, spread in zip(made, values, drawn, strict=True):
        if not np.isfinite(value):
            continue
        made[name] = ratio_estimate(float(value), spread, sizes, confidence)
        # where one of the rates is 0 or 1 resamples show too little of its uncertainty
        if {rates[0].value, rates[1].value} & {0.0, 1.0}:
            made[name] = _by_ends(name, float(value), (rates[0], rates[1]), prevalence)
    return made


def _by_ends(
    name: str, value: float, rates: tuple[Estimate, Estimate], prevalence: float
) -> Estimate:
    """Return the widest interval that the intervals of both rates allow."""
    n, n_groups = rates[0].n + rates[1].n, min(one.n_groups for one in rates)
    ends = []
    for take in ("low", "high"):
        pair = [getattr(one, take) for one in rates]
        if None in pair:
            return Estimate(value, n=n, n_groups=n_groups, note=rates[0].note or rates[1].note)
        found = predictive_values(pair[0], pair[1], prevalence)[name == "npv_at"]
        ends.append(value if not np.isfinite(found) else float(found))
    return Estimate(value, min(ends[0], value), max(ends[1], value), n, n_groups, "wilson")


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a model that may keep silent gives on a part.

    Attributes:
        coverage: share of the rows that were answered.
        accuracy: of the answered rows; None where none was.
        accuracy_of_all: when every row is answered.
        n_withheld: rows without an answer.
        area: mean over all coverages of the share of wrong answers (AURC).
        curve: (coverage, share of wrong answers) when the least sure are withheld first.
    """

    coverage: Estimate | None
    accuracy: Estimate | None
    accuracy_of_all: Estimate | None
    n_withheld: int
    area: Estimate
    curve: tuple[Floats, Floats]


def measure_withholding(
    decision: Decision, known: Predictions, options: EvaluateOptions
) -> Withheld:
    """Return coverage and accuracy of labelled rows, one label each, and the curve behind them.

    Source of the curve and its area: Geifman and El-Yaniv, "Selective classification for deep
    neural networks", 2017.
    """
    chosen = decision.choices(known.probabilities, known.classes)
    is_answered = decision.answers(known.probabilities, known.classes) != WITHHELD
    is_right = chosen == known.target
    columns = np.stack([np.ones(len(known)), is_answered, is_answered & is_right, is_right], axis=1)
    sums = GroupSums(columns.astype(np.float64), known.group)
    drawn = np.zeros((0, 4))
    if sums.has_intervals:
        drawn = sums.resampled(options.resamples, options.seed)

    def share(above: int, below: int) -> Estimate | None:
        spread = ratio(drawn[:, above], drawn[:, below], empty=np.nan)
        groups = (sums.groups_with_any([below]), sums.is_clustered)
        parts = (float(sums.total[above]), float(sums.total[below]))
        return share_estimate(parts, spread, groups, options.confidence)

    confidence = decision.confidence(known.probabilities, known.classes)
    order = np.argsort(-confidence, kind="stable")
    risks = _Risks(~is_right[order], known.group[order])
    areas = np.zeros(0)
    if sums.has_intervals:
        sizes = (len(known), sums.n_groups, options.resamples)
        areas = np.concatenate(resampled(risks.areas, sizes, options.seed))
    area = float(risks.areas(np.ones((1, sums.n_groups), np.int32))[0])
    n = len(known)
    if 0 < area < 1:
        estimate = ratio_estimate(area, areas, (n, sums.n_groups), options.confidence)
    else:  # no mistake at all, or nothing but mistakes
        low, high = wilson(area * sums.n_groups, sums.n_groups, options.confidence)
        estimate = Estimate(area, low, high, n, sums.n_groups, "wilson")
    return Withheld(
        coverage=share(1, 0),
        accuracy=share(2, 1),
        accuracy_of_all=share(3, 0),
        n_withheld=int((~is_answered).sum()),
        area=estimate,
        curve=risks.curve(confidence[order]),
    )


class _Risks:
    """Wrong answers in the order of confidence, the surest first."""

    def __init__(self, is_wrong: NDArray[np.bool_], groups: NDArray[np.generic]) -> None:
        self._is_wrong = is_wrong.astype(np.float64)
        _, self._group_of = np.unique(groups, return_inverse=True)

    def areas(self, counts: Counts) -> Floats:
        """Return (weightings,) areas when groups count `counts` times."""
        weights = counts.take(self._group_of, axis=1).astype(np.float64)
        answered = np.cumsum(weights, axis=1)
        wrong = np.cumsum(weights * self._is_wrong, axis=1)
        risk = ratio(wrong, answered, empty=0.0)
        made: Floats = (risk * weights).sum(axis=1) / answered[:, -1]
        return made

    def curve(self, ordered: Floats) -> tuple[Floats, Floats]:
        """Return coverages and shares of wrong answers; equally sure rows come together."""
        n = len(ordered)
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], [True]))
        coverage = (ends + 1) / n
        return coverage, np.cumsum(self._is_wrong)[ends] / (ends + 1)
