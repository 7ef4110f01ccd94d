"""How well a probe tells the label: cross-validated AUROC, its interval, its permutation p-value.

Everything is by groups. Folds hold whole groups; the interval resamples groups; permutations deal
the labels out anew among groups, so that many pictures of one patient count as one fact. The
classifier is ridge regression, whose answer is linear in the labels: one matrix per fold serves
all permutations, which are therefore refitted, each of them, at the price of one product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.probes.interval import interval

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
N_FOLDS: Final = 5
_RIDGE: Final = 0.05  # of the number of training rows
_FEW: Final = 12  # up to as many numbers are also cut into bins
_N_BINS: Final = 8
_COMPONENTS: Final = 40
_EXAMPLES: Final = 6
_AT_ONCE: Final = 100
_ENOUGH: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows that probes are asked about.

    Attributes:
        rows: (m,) row numbers of the evidence.
        target: (m,) class by number.
        group: (m,) group by number, 0..g-1.
        fold: (m,) whole groups.
        names: the classes.
    """

    rows: Ints
    target: Ints
    group: Ints
    fold: Ints
    names: tuple[str, ...]

    @property
    def n_asked_for(self) -> int:
        """Return how many classes need an answer of their own: of two, one says it all."""
        return len(self.names) if len(self.names) > 2 else 1

    @property
    def n_groups(self) -> int:
        """Return the number of groups."""
        return int(self.group.max()) + 1


@dataclass(frozen=True, slots=True)
class Scored:
    """What a probe can tell.

    Attributes:
        auroc: macro average of one class against the rest, 0..1, cross-validated.
        low: lower end of its 95 % interval (percentiles over resampled groups).
        high: upper end.
        p: share of permutations whose answers part the classes as far (means, in standard
            deviations): (1 + k) / (1 + permutations).
        n: rows.
        n_groups: groups.
    """

    auroc: float
    low: float
    high: float
    p: float
    n: int
    n_groups: int


def score(features: Floats, asked: Asked, *, permutations: int, seed: int) -> Scored:
    """Return how well `features` tell the label.

    Args:
        features: (m, d) aligned with `asked`; nan is put in as the column's median.
        asked: rows, labels, groups and folds.
        permutations: how many times at most labels are dealt out anew; it ends early when 20 did
            as well (Besag & Clifford 1991).
        seed: of permutations and resampling.
    """
    rng = np.random.default_rng(seed)
    maps = _maps(features, asked)
    asked_for = asked.n_asked_for
    answers = _answers(maps, _indicator(asked.target, asked_for)[:, :, None])
    auroc = float(_auroc(answers, asked.target[:, None])[0])
    observed = float(_separation(answers, asked.target[:, None])[0])
    chance = _chance(maps, asked, observed, permutations, rng)
    low, high = interval(
        auroc, answers[:, :, 0], asked.target, asked.group, chance.examples, chance.spread, rng
    )
    return Scored(auroc, low, high, chance.p, len(asked.rows), asked.n_groups)


@dataclass(frozen=True, slots=True)
class _Chance:
    """What comes out when there is nothing to tell.

    Attributes:
        p: how rarely it is as good as what was observed.
        spread: of the AUROC around 0.5, a standard deviation.
        examples: answers (m, classes) and labels of a few permutations.
    """

    p: float
    spread: float
    examples: tuple[tuple[Floats, Ints], ...]


def _chance(
    maps: list[_Map], asked: Asked, observed: float, permutations: int, rng: np.random.Generator
) -> _Chance:
    n_as_good = n_done = 0
    spread = 0.0
    examples: tuple[tuple[Floats, Ints], ...] = ()
    for start in range(0, permutations, _AT_ONCE):
        dealt = _dealt(asked, min(_AT_ONCE, permutations - start), rng)
        wanted = np.stack([_indicator(one, asked.n_asked_for) for one in dealt], axis=2)
        got = _answers(maps, wanted)
        if start == 0:
            spread = float(np.sqrt(np.mean((_auroc(got, dealt.T) - 0.5) ** 2)))
            examples = tuple((got[:, :, at], one) for at, one in enumerate(dealt[:_EXAMPLES]))
        n_as_good += int((_separation(got, dealt.T) >= observed - 1e-9).sum())
        n_done += len(dealt)
        if n_as_good >= _ENOUGH:  # p is large, and more permutations would only say how large
            break
    return _Chance((1 + n_as_good) / (1 + n_done), spread, examples)


@dataclass(frozen=True, slots=True)
class _Map:
    """From the labels of a fold's training rows to the answers for its own: left @ right @ labels.

    Attributes:
        test: rows of the fold.
        train: the other rows.
        left: (test, d).
        right: (d, train).
    """

    test: Ints
    train: Ints
    left: Floats
    right: Floats


def _maps(features: Floats, asked: Asked) -> list[_Map]:
    made = []
    for number in range(int(asked.fold.max()) + 1):
        test, train = np.nonzero(asked.fold == number)[0], np.nonzero(asked.fold != number)[0]
        if not len(test) or not len(train):
            continue
        x, asked_x = _prepared(features[train], features[test])
        normal = x.T @ x + _RIDGE * len(train) * np.eye(x.shape[1], dtype=np.float32)
        made.append(_Map(test, train, asked_x, np.linalg.solve(normal, x.T).astype(np.float32)))
    return made


def _prepared(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return both standardised (by `train` alone), with bins where there are few columns."""
    train, test = _filled(train, test)
    if train.shape[1] > _COMPONENTS:
        train, test = _components(train, test)
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1.0)
    parts = [((train - mean) / spread, (test - mean) / spread)]
    if train.shape[1] <= _FEW:
        cuts = np.quantile(train, np.arange(1, _N_BINS) / _N_BINS, axis=0)
        parts.append((_binned(train, cuts), _binned(test, cuts)))
    x, asked = (
        np.concatenate(part, axis=1).astype(np.float32) for part in zip(*parts, strict=True)
    )
    centre = x.mean(axis=0)
    return x - centre, asked - centre


def _filled(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return both with gaps filled by the median, and a column that says where gaps were."""
    is_known, is_asked = np.isfinite(train), np.isfinite(test)
    has_gaps = ~is_known.all(axis=0)
    if not has_gaps.any() and is_asked.all():
        return train, test
    known = np.where(is_known, train, np.nan)
    middle = np.nanmedian(np.where(is_known.any(axis=0), known, 0.0), axis=0)
    filled, asked = np.where(is_known, train, middle), np.where(is_asked, test, middle)
    return (
        np.concatenate([filled, ~is_known[:, has_gaps]], axis=1, dtype=np.float32),
        np.concatenate([asked, ~is_asked[:, has_gaps]], axis=1, dtype=np.float32),
    )


def _components(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean = train.mean(axis=0)
    centred = train - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(train))
    kept: Floats = vectors[:, ::-1][:, : min(_COMPONENTS, int((values > 1e-9).sum()) or 1)]
    one, other = centred @ kept, (test - mean) @ kept
    return one.astype(np.float32), other.astype(np.float32)


def _binned(values: Floats, cuts: NDArray[np.floating]) -> Floats:
    """Return one column for each bin of each feature."""
    columns = [
        (np.searchsorted(cuts[:, at], values[:, at], side="right")[:, None] == np.arange(_N_BINS))
        for at in range(values.shape[1])
    ]
    made: Floats = np.concatenate(columns, axis=1).astype(np.float32)
    return made


def _indicator(target: Ints, n_classes: int) -> Floats:
    made: Floats = (target[:, None] == np.arange(n_classes)).astype(np.float32)
    return made


def _answers(maps: list[_Map], wanted: Floats) -> Floats:
    """Return (m, classes, k): the answers for k versions of the labels, each unseen by its fold."""
    made = np.zeros_like(wanted)
    for one in maps:
        seen = wanted[one.train]
        # around their mean, so that answers of different folds can be ranked together
        centred = (seen - seen.mean(axis=0)).reshape(len(one.train), -1)
        flat = one.left @ (one.right @ centred)
        made[one.test] = flat.reshape(len(one.test), *wanted.shape[1:])
    return made


def _auroc(answers: Floats, target: Ints) -> NDArray[np.float64]:
    """Return (k,): macro AUROC of (m, classes, k) answers for (m, k) labels."""
    total = np.zeros(answers.shape[2])
    counted = np.zeros(answers.shape[2])
    for name in range(answers.shape[1]):
        ranks = _ranks(answers[:, name])
        is_it = target == name
        n_in = is_it.sum(axis=0)
        n_out = len(target) - n_in
        rank_sum = np.where(is_it, ranks, 0.0).sum(axis=0)
        good = (n_in > 0) & (n_out > 0)
        value = (rank_sum - n_in * (n_in + 1) / 2) / np.maximum(n_in * n_out, 1)
        total += np.where(good, value, 0.0)
        counted += good
    return np.where(counted > 0, total / np.maximum(counted, 1), 0.5)


def _separation(answers: Floats, target: Ints) -> NDArray[np.float64]:
    """Return (k,): how far the answers of a class lie above the others', in standard deviations.

    The mean over classes; it says the same as AUROC for answers of like shape, and needs no
    sorting, so that thousands of permutations are cheap.
    """
    total = np.zeros(answers.shape[2])
    for name in range(answers.shape[1]):
        values = answers[:, name].astype(np.float64)
        is_it = (target == name).astype(np.float64)
        n_in = is_it.sum(axis=0)
        inside = (values * is_it).sum(axis=0) / np.maximum(n_in, 1)
        outside = (values * (1 - is_it)).sum(axis=0) / np.maximum(len(values) - n_in, 1)
        total += (inside - outside) / np.maximum(values.std(axis=0), 1e-12)
    # of two classes one is asked for, number 0; more classes weigh the same
    made: NDArray[np.float64] = total / answers.shape[1]
    return made


def _ranks(values: Floats) -> NDArray[np.float64]:
    """Return the ranks (1..m, ties averaged) down each column."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    m, k = values.shape
    is_new = np.ones((m, k), dtype=np.bool_)
    is_new[1:] = ordered[1:] != ordered[:-1]
    made = np.empty((m, k))
    for column in range(k):
        starts = np.nonzero(is_new[:, column])[0]
        ends = np.append(starts[1:], m)
        mean_rank = (starts + ends + 1) / 2
        made[order[:, column], column] = np.repeat(mean_rank, ends - starts)
    return made


def _dealt(asked: Asked, k: int, rng: np.random.Generator) -> Ints:
    """Return (k, m): labels dealt out anew.

    Groups of one label exchange it as a block, within their fold, since folds were made with a
    like share of each class; in a group of several labels its own rows exchange them. Rows of
    different groups never do: one mixed group among many would make each of the many pictures of
    a patient count as a fact.
    """
    order = np.argsort(asked.group, kind="stable")
    group = asked.group[order]
    target = asked.target[order]
    starts = np.searchsorted(group, np.arange(asked.n_groups))
    firsts, fold = target[starts], asked.fold[order][starts]
    is_mixed = np.bincount(group, weights=firsts[group] != target) > 0
    in_mixed = np.nonzero(is_mixed[group])[0]
    pure = np.nonzero(~is_mixed)[0]
    pure = pure[np.argsort(fold[pure], kind="stable")]
    made = np.empty((k, len(target)), dtype=np.int64)
    for number in range(k):
        dealt = firsts.copy()
        within_fold = np.lexsort((rng.random(len(pure)), fold[pure]))
        dealt[pure] = firsts[pure[within_fold]]
        labels = dealt[group]
        if len(in_mixed):
            within = np.lexsort((rng.random(len(in_mixed)), group[in_mixed]))
            labels[in_mixed] = target[in_mixed[within]]
        made[number, order] = labels
    return made
