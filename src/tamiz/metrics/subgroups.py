"""Figures by subgroup, and whether the levels of a column differ by more than chance.

The test deals the levels out anew: if a column has nothing to do with how well the model does, the
levels may be exchanged between groups (patients) without changing anything. Each shuffle gives the
spread of the figure over levels; p is the share of shuffles with at least the spread that was
found (Phipson and Smyth 2010: the data count as one of them, so p is never 0 and its size is
exact). Levels stay with whole groups. Where a column changes within a group (the view of an
image), a group's sequence of levels is handed on to another group and repeated or cut to its size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.recipe import EvaluateOptions
from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate, Words
from tamiz.metrics.bootstrap import resampled
from tamiz.metrics.intervals import MIN_GROUPS, Measured, logit_interval, measure, student_t
from tamiz.metrics.multilabel import LabelMetric, LabelSummer
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.subgroup_levels import Levels
from tamiz.metrics.sums import Counts, Floats, Ints, Summer, Sums

_MOST_SHUFFLES: Final = 1999
_FEWEST_SHUFFLES: Final = 199
_CELLS: Final = 100_000_000  # weights in all shuffles together: a few seconds
_CELLS_AT_ONCE: Final = 2_000_000
_FEWEST_GROUPS: Final = 2  # of a level, to take part in the test


@dataclass(frozen=True, slots=True)
class Level:
    """One subgroup.

    Attributes:
        name: the value of the column, or what stands for several.
        measured: its figures; without intervals under `MIN_GROUPS` groups.
        absent: classes that have no item in it.
    """

    name: Words
    measured: Measured
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subgroups:
    """The levels of one column, and what the column is worth.

    Attributes:
        levels: in the order of the column.
        p: how often levels dealt out at random differ as much; NaN where fewer than two levels
            can be compared.
        n_shuffles: how many times they were dealt out.
        worst: index of the level with the worst figure, of those with `MIN_GROUPS` groups where
            there are two such; None where the figure is defined for fewer than two levels.
        mean: the plain mean over levels, each as heavy as any other.
        n_merged: how many rare values 'others' holds.
    """

    levels: tuple[Level, ...]
    p: float
    n_shuffles: int
    worst: int | None
    mean: Estimate
    n_merged: int = 0


def measure_subgroups(
    predictions: Predictions, levels: Levels, metric: Metric | LabelMetric, options: EvaluateOptions
) -> Subgroups:
    """Return every figure of every level, and the test of `metric` between them.

    Args:
        predictions: every row labelled.
        levels: of the same rows.
        metric: which figure is compared.
        options: resamples, seed, confidence.
    """
    order = np.argsort(predictions.item, kind="stable")  # the order of rows must not matter
    known, codes = predictions.take(order), levels.codes[order]
    made = []
    for at, name in enumerate(levels.names):
        rows = known.take(np.flatnonzero(codes == at))
        made.append(_level(name, rows, options))
    p, n_shuffles = difference_p(known, codes, metric, options.seed)
    return Subgroups(
        levels=tuple(made),
        p=p,
        n_shuffles=n_shuffles,
        worst=_worst(made, metric),
        mean=mean_over_levels(known, codes, metric, options),
        n_merged=levels.n_merged,
    )


def difference_p(
    known: Predictions, codes: Ints, metric: Metric | LabelMetric, seed: int, n_shuffles: int = 0
) -> tuple[float, int]:
    """Return how often shuffled levels differ as much as these do, and in how many shuffles.

    The spread is sum_l w_l (figure_l - mean)^2. Of a mean over items w_l is how many equal groups
    the level is worth, n^2 over the sum of the squared sizes of its groups (Kish 1965): counted by
    items, a level of few large groups beside many small ones would differ too often (16 % at 5 %,
    6 groups of 30 beside 30 of 5). Of other figures w_l counts the level's items (of a mean over
    classes and of an AUROC: the harmonic mean of its items per class, to which their precision is
    about proportional). Levels of one group do not take part.

    Args:
        known: labelled predictions.
        codes: (n,) level of each row.
        metric: which figure.
        seed: same seed, same shuffles.
        n_shuffles: 0: as many as take a few seconds, 199 to 1999.
    """
    groups = np.unique(known.group, return_inverse=True)[1].reshape(-1)
    sizes = [len(np.unique(groups[codes == at])) for at in range(int(codes.max(initial=0)) + 1)]
    used = [at for at, size in enumerate(sizes) if size >= _FEWEST_GROUPS]
    if len(used) < 2:
        return math.nan, 0
    rows = np.flatnonzero(np.isin(codes, used))
    known, codes = known.take(rows), np.searchsorted(used, codes[rows])
    groups = np.unique(groups[rows], return_inverse=True)[1].reshape(-1)
    spread = _Spread(known, metric, len(used))
    n = n_shuffles or int(
        np.clip(_CELLS // max(1, len(used) * len(known)), _FEWEST_SHUFFLES, _MOST_SHUFFLES)
    )
    deal = _Deal(groups, codes)
    rng = np.random.default_rng(derive_seed(seed, "subgroups"))
    found = spread(codes[None, :])[0]
    if not np.isfinite(found):
        return math.nan, 0
    step = max(1, _CELLS_AT_ONCE // (len(used) * max(1, len(known))))
    n_as_large, n_defined = 0, 0
    for start in range(0, n, step):
        drawn = np.stack([deal(rng) for _ in range(min(step, n - start))])
        spreads = spread(drawn)
        # a shuffle that leaves the figure undefined in all levels but one cannot be compared
        n_defined += int(np.isfinite(spreads).sum())
        n_as_large += int((spreads >= found * (1 - 1e-9)).sum())
    return (1 + n_as_large) / (1 + n_defined), n_defined


def mean_over_levels(
    known: Predictions, codes: Ints, metric: Metric | LabelMetric, options: EvaluateOptions
) -> Estimate:
    """Return the mean of the figures of all levels in which it is defined, over groups.

    There is an interval where every such level has two groups or more, and all together
    `MIN_GROUPS`.
    """
    groups, group_of = np.unique(known.group, return_inverse=True)
    parts = []
    for at in range(int(codes.max(initial=0)) + 1):
        rows = np.flatnonzero(codes == at)
        members = np.unique(group_of.reshape(-1)[rows])
        summer = _summer(known.take(rows))
        ones = np.ones((1, len(members)), dtype=np.int32)
        is_whole = not (_lacks_a_class(known.take(rows)) and _needs_both(metric.name))
        if is_whole and np.isfinite(_values(metric, summer, ones)[0]):
            parts.append((members, summer))
    if not parts:
        return Estimate(math.nan, n=len(known), n_groups=len(groups))

    def mean(counts: Counts) -> Floats:
        each = [_values(metric, summer, counts[:, members]) for members, summer in parts]
        made: Floats = np.mean(each, axis=0)
        return made

    value = float(mean(np.ones((1, len(groups)), dtype=np.int32))[0])
    like = Estimate(value, n=len(known), n_groups=len(groups))
    fewest = min(len(members) for members, _ in parts)
    if fewest < _FEWEST_GROUPS or len(groups) < MIN_GROUPS or value in {0.0, 1.0}:
        return like
    sizes = (len(known), len(groups), options.resamples)
    drawn = np.concatenate(resampled(mean, sizes, options.seed))
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < 2 or float(np.std(drawn)) < 1e-12:
        return like
    if metric.better == "higher":
        low, high = logit_interval(value, drawn, len(groups), options.confidence)
    else:
        error = float(np.std(drawn, ddof=1)) * math.sqrt(len(groups) / (len(groups) - 1))
        half = student_t((1 + options.confidence) / 2, len(groups) - 1) * error
        low, high = max(0.0, value - half), value + half
    return replace(like, low=low, high=high, method="bootstrap")


def _level(name: Words, rows: Predictions, options: EvaluateOptions) -> Level:
    """Return a level's figures, without those that its classes do not allow."""
    measured, absent = measure(rows, options), _absent(rows)
    if _lacks_a_class(rows):
        allowed = {key: one for key, one in measured.overall.items() if not _needs_both(key)}
        measured = replace(measured, overall=allowed)
    return Level(name, measured, absent)


def _needs_both(name: str) -> bool:
    """Return whether a figure is a mean over classes: of one class alone it is another figure."""
    return name == "weighted_log_loss" or (
        name in METRICS.names() and METRICS.get(name).kind == "macro"
    )


class _Deal:
    """Deals levels out anew: whole groups exchange theirs."""

    def __init__(self, groups: Ints, codes: Ints) -> None:
        self._order = np.argsort(groups, kind="stable")
        self._group = groups[self._order]
        self._codes = codes[self._order]
        self._sizes = np.bincount(groups)
        self._starts = np.concatenate([[0], np.cumsum(self._sizes)[:-1]])
        self._place = np.arange(len(groups)) - self._starts[self._group]

    def __call__(self, rng: np.random.Generator) -> Ints:
        """Return (n,) levels, each group's taken from another one."""
        giver = rng.permutation(len(self._sizes))[self._group]
        made = np.empty_like(self._codes)
        made[self._order] = self._codes[self._starts[giver] + self._place % self._sizes[giver]]
        return made


class _Spread:
    """How far the figures of the levels lie apart, for many dealings at once."""

    def __init__(self, known: Predictions, metric: Metric | LabelMetric, n_levels: int) -> None:
        self._metric, self._n_levels = metric, n_levels
        self._scores = _item_scores(known, metric)
        names, codes = np.unique(known.group, return_inverse=True)
        self._group_of, self._n_groups = codes.reshape(-1), len(names)
        self._needs_both = len(known.classes) == 2 and _needs_both(metric.name)
        if self._scores is None:
            self._summer = _summer(replace(known, group=known.item))
            # counts are given per item, in the order of the summer's groups
            self._order = np.argsort(known.item, kind="stable")

    def __call__(self, codes: Ints) -> Floats:
        """Return (dealings,) for codes (dealings, n); a level without a figure is left out."""
        figures, weights = self._figures(codes)
        weights = np.where(np.isfinite(figures), weights, 0.0)
        figures = np.where(np.isfinite(figures), figures, 0.0)
        total = weights.sum(axis=1)
        means = (weights * figures).sum(axis=1) / np.where(total > 0, total, np.nan)
        made: Floats = (weights * (figures - means[:, None]) ** 2).sum(axis=1)
        made[(weights > 0).sum(axis=1) < 2] = np.nan
        return made

    def _figures(self, codes: Ints) -> tuple[Floats, Floats]:
        """Return (dealings, levels) figures and weights."""
        n_dealt = len(codes)
        if self._scores is not None:
            return self._means(codes, self._scores)
        is_level = codes[:, None, :] == np.arange(self._n_levels)[:, None]
        counts = is_level.reshape(-1, codes.shape[1])[:, self._order].astype(np.int32)
        sums_of_levels = self._summer(counts)
        figures = self._metric.formula(sums_of_levels)  # type: ignore[arg-type]
        n = sums_of_levels.n
        if isinstance(sums_of_levels, Sums) and self._needs_both:
            figures = np.where((sums_of_levels.true > 0).all(axis=1), figures, np.nan)
        if self._metric.kind == "macro" and isinstance(self._metric, Metric):
            n = _harmonic(sums_of_levels.true)
        return figures.reshape(n_dealt, -1), n.reshape(n_dealt, -1)

    def _means(self, codes: Ints, scores: Floats) -> tuple[Floats, Floats]:
        """Return (dealings, levels) means over items, and how many equal groups each rests on."""
        n_dealt = len(codes)
        size = n_dealt * self._n_levels
        keys = (codes + self._n_levels * np.arange(n_dealt)[:, None]).ravel()
        pairs = keys * self._n_groups + np.tile(self._group_of, n_dealt)
        by_group = np.bincount(pairs, minlength=size * self._n_groups).astype(np.float64)
        by_group = by_group.reshape(size, self._n_groups)
        n, squares = by_group.sum(axis=1), np.square(by_group).sum(axis=1)
        sums = np.bincount(keys, np.tile(scores, n_dealt), minlength=size)
        figures = np.divide(sums, n, out=np.full(size, np.nan), where=n > 0)
        weights = np.divide(n**2, squares, out=np.zeros(size), where=n > 0)
        return figures.reshape(n_dealt, -1), weights.reshape(n_dealt, -1)


def _lacks_a_class(rows: Predictions) -> bool:
    return len(rows.classes) == 2 and not rows.is_multilabel and bool(_absent(rows))


def _harmonic(n_by_class: Floats) -> Floats:
    """Return (weightings,) 1 / sum over the classes present of 1 / n."""
    parts = np.divide(1.0, n_by_class, out=np.zeros_like(n_by_class), where=n_by_class > 0)
    total = parts.sum(axis=1)
    made: Floats = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return made


def _item_scores(known: Predictions, metric: Metric | LabelMetric) -> Floats | None:
    """Return (n,) what the figure is the mean of; None where it is no mean over items."""
    if known.is_multilabel:
        return None
    if metric.name in {"accuracy", "recall_weighted"}:
        made: Floats = (known.predicted == known.target).astype(np.float64)
        return made
    of_true = known.probabilities[np.arange(len(known)), known.target]
    if metric.name == "log_loss":
        tiny = np.finfo(np.float64).eps
        surprise: Floats = -np.log(np.clip(of_true, tiny, 1 - tiny))
        return surprise
    if metric.name == "brier":
        rest = np.square(known.probabilities).sum(axis=1) - of_true**2
        lost: Floats = rest + (1 - of_true) ** 2
        return lost
    return None


def _summer(known: Predictions) -> Summer | LabelSummer:
    return LabelSummer(known) if known.is_multilabel else Summer(known)


def _values(metric: Metric | LabelMetric, summer: Summer | LabelSummer, counts: Counts) -> Floats:
    made: NDArray[np.float64] = metric.formula(summer(counts))  # type: ignore[arg-type]
    return made


def _absent(rows: Predictions) -> tuple[str, ...]:
    has = np.arange(len(rows.classes))[:, None] == rows.target
    if rows.is_multilabel:
        has = rows.target.T > 0
    found = has.any(axis=1).tolist()
    return tuple(name for name, one in zip(rows.classes, found, strict=True) if not one)


def _worst(levels: list[Level], metric: Metric | LabelMetric) -> int | None:
    found = [level.measured.overall.get(metric.name) for level in levels]
    known = [(at, one) for at, one in enumerate(found) if one is not None]
    if len(known) < 2:
        return None
    sure = [(at, one) for at, one in known if one.n_groups >= MIN_GROUPS]
    chosen = sure if len(sure) > 1 else known  # the worst of one would be no news
    sign = 1 if metric.better == "higher" else -1
    return min(chosen, key=lambda pair: sign * pair[1].value)[0]
