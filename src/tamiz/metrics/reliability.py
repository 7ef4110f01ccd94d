"""How well probabilities agree with what happens: before and after calibration, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.recipe import EvaluateOptions
from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.by_class import ratio
from tamiz.metrics.calibration import item_log_loss
from tamiz.metrics.group_sums import GroupSums, difference_estimate
from tamiz.metrics.intervals import MIN_GROUPS, shifted_interval, wilson
from tamiz.metrics.sums import N_BINS

Floats = NDArray[np.float64]
CLASS_BINS: Final = 10
_WIDTH: Final = 2 + 3 * N_BINS  # columns of one set of probabilities: see `_columns`
_DRAWS: Final = 200
_CELLS: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure before and after calibration, on the same items.

    Attributes:
        before: with the network's own probabilities.
        after: with the calibrated ones.
        difference: after minus before; below 0 is better.
    """

    before: Estimate
    after: Estimate
    difference: Estimate


def compare_calibrations(
    before: Predictions, after: Predictions, options: EvaluateOptions
) -> dict[str, Compared]:
    """Return 'log_loss', 'ece' and 'brier' before and after, on the same labelled rows.

    With several labels the losses are means over labels, and the calibration error bins every
    (image, label) pair by the label's probability.
    """
    columns = np.concatenate([_columns(before), _columns(after)], axis=1)
    sums = GroupSums(columns, after.group)
    drawn = np.zeros((0, columns.shape[1]))
    if sums.has_intervals:
        drawn = sums.resampled(options.resamples, options.seed)
    halves = [(sums.total[None, at], drawn[:, at]) for at in (slice(_WIDTH), slice(_WIDTH, None))]
    sizes, confidence = (sums.n, sums.n_groups), options.confidence
    per_item = len(after.classes) if after.is_multilabel else 1
    made = {}
    for name, formula in (("log_loss", _log_loss), ("ece", _ece), ("brier", _brier)):
        values = [float(formula(total)[0]) for total, _ in halves]
        spreads = [formula(part) for _, part in halves]
        if name == "ece":
            pair = [_shifted(v, s, sizes, confidence) for v, s in zip(values, spreads, strict=True)]
            # of both, resampling makes the error larger: the difference is shifted back too
            spreads = [
                s - (s.mean() - v) if len(s) else s for v, s in zip(values, spreads, strict=True)
            ]
        else:
            column = 0 if name == "log_loss" else 1
            pair = [
                sums.mean_estimate(columns[:, start + column] / per_item, confidence)
                for start in (0, _WIDTH)
            ]
        gap = difference_estimate(values[1] - values[0], spreads[1] - spreads[0], sizes, confidence)
        made[name] = Compared(pair[0], pair[1], gap)
    return made


def calibration_error(known: Predictions) -> float:
    """Return the expected calibration error over 15 bins of confidence (Guo et al. 2017)."""
    return float(_ece(_columns(known).sum(axis=0, keepdims=True))[0]) if len(known) else 0.0


def noise_floor(known: Predictions, seed: int = 0) -> float:
    """Return the calibration error that perfectly calibrated probabilities would show.

    On so many images chance alone makes shares differ from probabilities. The mean over 200
    draws in which each image's answer is right with exactly its stated probability.
    """
    confidence, _ = _pairs(known)
    if not len(confidence):
        return 0.0
    bins = _bins(confidence, N_BINS)
    stated = np.bincount(bins, confidence, minlength=N_BINS)
    order = np.argsort(bins, kind="stable")
    ordered = confidence[order]
    starts = np.searchsorted(bins[order], np.arange(N_BINS))
    used = np.flatnonzero(np.bincount(bins, minlength=N_BINS))
    rng = np.random.default_rng(derive_seed(seed, "noise floor"))
    errors: list[Floats] = []
    step = max(1, _CELLS // len(confidence))
    for start in range(0, _DRAWS, step):
        n_draws = min(step, _DRAWS - start)
        is_right = rng.random((n_draws, len(ordered))) < ordered
        right = np.add.reduceat(is_right.astype(np.float64), starts[used], axis=1)
        errors.append(np.abs(right - stated[used]).sum(axis=1) / len(ordered))
    return float(np.concatenate(errors).mean())


@dataclass(frozen=True, slots=True)
class BrierParts:
    """The Brier score taken apart; summed over classes.

    reliability - resolution + uncertainty + within = Brier, exactly.

    Attributes:
        reliability: how far the probabilities of a bin are from what happens; 0 is best.
        resolution: how far what happens in a bin is from what happens overall; high is best.
        uncertainty: what always stating the classes' shares would score.
        within: what differences within the bins add; the two-part law holds for bins of equal
            probabilities only.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float

    @property
    def brier(self) -> float:
        """Return the whole."""
        return self.reliability - self.resolution + self.uncertainty + self.within


def brier_parts(known: Predictions, n_bins: int = N_BINS) -> BrierParts:
    """Return the parts of the Brier score of labelled rows, each class binned on its own.

    Source: Murphy, "A new vector partition of the probability score", 1973; the terms within
    bins: Stephenson, Coelho and Jolliffe, "Two extra components in the Brier score
    decomposition", 2008.
    """
    happened = _happened(known)
    n = len(known)
    parts = np.zeros(4)
    for shares, is_true in zip(known.probabilities.T, happened.T, strict=True):
        bins = _bins(shares, n_bins)
        count = np.bincount(bins, minlength=n_bins).astype(np.float64)
        mean_p, mean_y = (
            ratio(np.bincount(bins, values, minlength=n_bins), count, empty=0.0)
            for values in (shares, is_true)
        )
        base = is_true.mean()
        off_p, off_y = shares - mean_p[bins], is_true - mean_y[bins]
        parts += (
            (count * (mean_p - mean_y) ** 2).sum() / n,
            (count * (mean_y - base) ** 2).sum() / n,
            base * (1 - base),
            (off_p**2 - 2 * off_p * off_y).sum() / n,
        )
    return BrierParts(*map(float, parts))


@dataclass(frozen=True, slots=True)
class Curve:
    """How often a class occurs against its stated probability, bins with items only.

    Attributes:
        label: the class.
        stated: mean probability of each bin.
        share: how often the class occurred.
        n: items.
        low: lower end of the band.
        high: upper end.
    """

    label: str
    stated: Floats
    share: Floats
    n: NDArray[np.int64]
    low: Floats
    high: Floats


def class_curves(
    known: Predictions, options: EvaluateOptions, classes: tuple[int, ...]
) -> list[Curve]:
    """Return the reliability curve of each of these classes, ten bins of equal width.

    The band: Wilson's where each item is a group of its own; where not, Wilson's for as many
    items as the spread over resamples of groups is worth, and at most the number of items.
    """
    happened = _happened(known)
    made = []
    for index in classes:
        bins = _bins(known.probabilities[:, index], CLASS_BINS)
        member = bins[:, None] == np.arange(CLASS_BINS)
        is_true = member & (happened[:, index, None] > 0)
        sums = GroupSums(np.concatenate([member, is_true], axis=1).astype(np.float64), known.group)
        stated = np.bincount(bins, known.probabilities[:, index], minlength=CLASS_BINS)
        n, true = sums.total[:CLASS_BINS], sums.total[CLASS_BINS:]
        worth = n.copy()
        if sums.is_clustered and sums.has_intervals:
            drawn = sums.resampled(options.resamples, options.seed)
            spread = ratio(drawn[:, CLASS_BINS:], drawn[:, :CLASS_BINS], empty=np.nan)
            worth = _effective(n, true, spread)
        used = np.flatnonzero(n > 0)
        bounds = [wilson(true[b] / n[b] * worth[b], worth[b], options.confidence) for b in used]
        low, high = np.array(bounds).T if len(used) else np.zeros((2, 0))
        curve = (stated[used] / n[used], true[used] / n[used], n[used].astype(np.int64))
        made.append(Curve(known.classes[index], *curve, low, high))
    return made


def confidence_counts(known: Predictions, n_bins: int = 20) -> tuple[Floats, NDArray[np.int64]]:
    """Return the middles of bins of confidence, and how many answers fall into each."""
    confidence, _ = _pairs(known)
    counts = np.bincount(_bins(confidence, n_bins), minlength=n_bins)
    return (np.arange(n_bins) + 0.5) / n_bins, counts


def _effective(n: Floats, true: Floats, spread: Floats) -> Floats:
    """Return how many independent items a bin is worth: p (1 - p) over the variance of p."""
    share = ratio(true, n, empty=0.0)
    seen = np.isfinite(spread)
    count = np.maximum(seen.sum(axis=0), 1)
    filled = np.where(seen, spread, 0.0)
    mean = filled.sum(axis=0) / count
    variance = (np.where(seen, spread - mean, 0.0) ** 2).sum(axis=0) / count
    worth = np.where(variance > 0, share * (1 - share) / np.maximum(variance, 1e-300), n)
    made: Floats = np.clip(worth, 1.0, np.maximum(n, 1.0))
    return made


def _happened(known: Predictions) -> Floats:
    """Return (n, classes) 1 where the row has the class."""
    if known.is_multilabel:
        return (known.target > 0).astype(np.float64)
    made = np.zeros(known.probabilities.shape)
    made[np.arange(len(known)), known.target] = 1.0
    return made


def _pairs(known: Predictions) -> tuple[Floats, Floats]:
    """Return each answer's confidence and whether it is right; of several labels each label's."""
    if known.is_multilabel:
        return known.probabilities.ravel(), _happened(known).ravel()
    right = (known.predicted == known.target).astype(np.float64)
    return known.probabilities.max(axis=1, initial=0.0), right


def _bins(values: Floats, n_bins: int) -> NDArray[np.int64]:
    """Return the bin of each value; a value on an edge belongs to the lower bin."""
    return np.clip(np.ceil(values * n_bins).astype(np.int64) - 1, 0, n_bins - 1)


def _columns(known: Predictions) -> Floats:
    """Return (n, 2 + 3 bins) what figures are sums of.

    Log loss and squared error (of several labels their sums); per bin the answers, their
    confidence and the right ones.
    """
    n, k = known.probabilities.shape
    confidence, right = _pairs(known)
    item_of = np.repeat(np.arange(n), len(confidence) // max(1, n))
    made = np.zeros((n, _WIDTH))
    squared = ((known.probabilities - _happened(known)) ** 2).sum(axis=1)
    per_item = k if known.is_multilabel else 1
    made[:, 0] = item_log_loss(known.probabilities, known.target) * per_item
    made[:, 1] = squared
    bins = 2 + _bins(confidence, N_BINS)
    for number, values in enumerate((np.ones(len(bins)), confidence, right)):
        np.add.at(made, (item_of, bins + number * N_BINS), values)
    return made


def _log_loss(sums: Floats) -> Floats:
    return sums[:, 0] / np.maximum(_n_items(sums), 1)


def _brier(sums: Floats) -> Floats:
    return sums[:, 1] / np.maximum(_n_items(sums), 1)


def _n_items(sums: Floats) -> Floats:
    """Return (rows,) answers: items, or of several labels pairs of item and label."""
    made: Floats = sums[:, 2 : 2 + N_BINS].sum(axis=1)
    return made


def _ece(sums: Floats) -> Floats:
    stated = sums[:, 2 + N_BINS : 2 + 2 * N_BINS]
    right = sums[:, 2 + 2 * N_BINS :]
    made: Floats = np.abs(right - stated).sum(axis=1) / np.maximum(_n_items(sums), 1)
    return made


def _shifted(
    value: float, replicates: Floats, sizes: tuple[int, int], confidence: float
) -> Estimate:
    n, n_groups = sizes
    if n_groups < MIN_GROUPS or not len(replicates):
        return difference_estimate(value, np.zeros(0), sizes, confidence)
    low, high = shifted_interval(value, replicates, confidence)
    return Estimate(value, low, high, n, n_groups, "bootstrap")
