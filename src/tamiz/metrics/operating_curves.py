"""Curves of one class against the rest: ROC, precision and recall, net benefit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.recipe import EvaluateOptions
from tamiz.metrics.by_class import ratio
from tamiz.metrics.group_sums import GroupSums
from tamiz.metrics.intervals import student_t
from tamiz.metrics.operating import Cuts

Floats = NDArray[np.float64]
_N_THRESHOLDS: Final = 50
_LEAST_TO_SHOW: Final = -0.02  # 'treat all' falls without end; below this it says nothing more


def roc_curve(cuts: Cuts) -> tuple[Floats, Floats]:
    """Return false positive rates and true positive rates, from (0, 0) to (1, 1)."""
    return cuts.alarms / max(1, cuts.n_negative), cuts.sensitivity


def roc_area(cuts: Cuts) -> float:
    """Return the area under the ROC curve by trapezoids; ties count half."""
    across, up = roc_curve(cuts)
    return float((np.diff(across) * (up[1:] + up[:-1])).sum() / 2)


def pr_curve(cuts: Cuts) -> tuple[Floats, Floats]:
    """Return recalls (rising) and precisions; the cut that flags none is left out."""
    caught, alarms = cuts.caught[1:], cuts.alarms[1:]
    return cuts.sensitivity[1:], ratio(caught, caught + alarms, empty=np.nan)


def average_precision(cuts: Cuts) -> float:
    """Return the sum of precisions weighted by the rise in recall."""
    recall, precision = pr_curve(cuts)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


@dataclass(frozen=True, slots=True)
class NetBenefit:
    """A decision curve.

    Source: Vickers and Elkin, "Decision curve analysis: a novel method for evaluating prediction
    models", 2006.

    Attributes:
        thresholds: (m,) probabilities from which on one would act.
        model: (m,) net benefit of acting where the model says so.
        low: lower end of its interval over groups; empty where there are too few groups.
        high: upper end.
        treat_all: (m,) net benefit of always acting; that of never acting is 0.
    """

    thresholds: Floats
    model: Floats
    low: Floats
    high: Floats
    treat_all: Floats


def net_benefit(
    probabilities: Floats,
    is_positive: NDArray[np.bool_],
    groups: NDArray[np.generic],
    options: EvaluateOptions,
) -> NetBenefit:
    """Return the decision curve of (n,) probabilities at 0.01 to 0.99."""
    thresholds = np.linspace(0.01, 0.99, _N_THRESHOLDS)
    odds = thresholds / (1 - thresholds)
    is_flagged = probabilities[:, None] >= thresholds
    worth = np.where(is_positive[:, None], 1.0, -odds)
    sums = GroupSums(np.column_stack([is_flagged * worth, np.ones(len(is_positive))]), groups)
    model = sums.total[:-1] / sums.total[-1]
    share = float(is_positive.mean())
    low = high = np.zeros(0)
    if sums.has_intervals:
        drawn = sums.resampled(options.resamples, options.seed)
        spread = (drawn[:, :-1] / drawn[:, -1:]).std(axis=0, ddof=1)
        spread *= np.sqrt(sums.n_groups / (sums.n_groups - 1))
        half = student_t((1 + options.confidence) / 2, sums.n_groups - 1) * spread
        low, high = model - half, model + half
    return NetBenefit(thresholds, model, low, high, share - (1 - share) * odds)


def shown_part(values: Floats) -> NDArray[np.bool_]:
    """Return where a net benefit is worth drawing."""
    made: NDArray[np.bool_] = values >= _LEAST_TO_SHOW
    return made


def thinned(across: Floats, up: Floats, most: int = 200) -> tuple[Floats, Floats]:
    """Return at most about `most` points of a curve, its corners and ends among them.

    Of points in a line only the ends are kept; then those nearest to an even grid of its length.
    """
    if len(across) <= 2:
        return across, up
    turn = np.diff(across)[:-1] * np.diff(up)[1:] != np.diff(across)[1:] * np.diff(up)[:-1]
    corners = np.concatenate([[0], np.flatnonzero(turn) + 1, [len(across) - 1]])
    if len(corners) > most:
        length = np.cumsum(np.abs(np.diff(across[corners])) + np.abs(np.diff(up[corners])))
        wanted = np.linspace(0, length[-1], most)
        at = np.unique(np.searchsorted(np.concatenate([[0.0], length]), wanted))
        corners = corners[np.clip(at, 0, len(corners) - 1)]
    return across[corners], up[corners]
