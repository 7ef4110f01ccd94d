"""Labels dealt out anew, and how well they are told: what comes out when there is nothing to tell.

A thousand refitted classifiers are cheap because what is asked of their answers needs only sums
over rows. Answers of a fold are `left @ right @ labels`; sums of them, of their squares and over
the rows of a class follow from products with as many rows as the probe has numbers (tens), and
the answers themselves (thousands of rows) are never made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
SAMPLE: Final = 100  # permutations whose answers are looked at one by one
_AT_ONCE: Final = 100
_MOST_NUMBERS: Final = 4_000_000  # labels x classes x permutations at one time: 16 MB


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows that probes are asked about, fold by fold.

    Attributes:
        rows: (m,) row numbers of the evidence.
        target: (m,) class by number.
        group: (m,) group by number, 0..g-1.
        fold: (m,) whole groups; ascending.
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


class Dealt:
    """Labels dealt out anew, the same for every probe of one audit; made when first asked for.

    Groups of one label exchange it as a block, within their fold, since folds were made with a
    like share of each class; in a group of several labels its own rows exchange them. Rows of
    different groups never do: one mixed group among many would make each of the many pictures of
    a patient count as a fact. That probes share them leaves each p-value and Holm's correction as
    they are: both hold however the probes depend on each other.

    Attributes:
        asked: the rows.
        most: how many times labels are dealt out at most.
    """

    def __init__(self, asked: Asked, most: int, seed: int) -> None:
        self.asked, self.most = asked, most
        self._rng = np.random.default_rng(seed)
        self._made: list[NDArray[np.int16]] = []
        self._order = order = np.argsort(asked.group, kind="stable")
        self._group, self._target = asked.group[order], asked.target[order]
        starts = np.searchsorted(self._group, np.arange(asked.n_groups))
        self._firsts, fold = self._target[starts], asked.fold[order][starts]
        is_mixed = np.bincount(self._group, weights=self._firsts[self._group] != self._target) > 0
        self._in_mixed = np.nonzero(is_mixed[self._group])[0]
        pure = np.nonzero(~is_mixed)[0]
        self._pure = pure[np.argsort(fold[pure], kind="stable")]
        self._fold_of_pure = fold[self._pure].astype(np.float64)

    def lots(self) -> Iterator[Ints]:
        """Yield (k, m) labels, lot by lot, `most` in all: small enough for `Sums` at one time."""
        per_label = len(self.asked.target) * self.asked.n_asked_for
        size = max(1, min(_AT_ONCE, _MOST_NUMBERS // per_label))
        for start in range(0, self.most, size):
            stop = min(start + size, self.most)
            self._made += [self._one() for _ in range(len(self._made), stop)]
            yield np.stack(self._made[start:stop]).astype(np.int64)

    def _one(self) -> NDArray[np.int16]:
        dealt = self._firsts.copy()
        # numbers in [fold, fold + 1): sorted, they are a shuffle within each fold
        shuffled = np.argsort(self._fold_of_pure + self._rng.random(len(self._pure)))
        dealt[self._pure] = self._firsts[self._pure[shuffled]]
        labels = dealt[self._group]
        if len(self._in_mixed):
            drawn = self._rng.random(len(self._in_mixed))
            within = np.argsort(self._group[self._in_mixed] + drawn)
            labels[self._in_mixed] = self._target[self._in_mixed[within]]
        made = np.empty(len(labels), dtype=np.int16)
        made[self._order] = labels
        return made


@dataclass(frozen=True, slots=True)
class Map:
    """From labels of the other folds to the answers for a fold's rows: left @ right @ labels.

    Attributes:
        start: the fold's first row.
        stop: after its last one.
        left: (stop - start, d).
        right: (d, m - (stop - start)).
    """

    start: int
    stop: int
    left: Floats
    right: Floats

    def inner(self, wanted: Floats) -> Floats:
        """Return (d, columns): `right` times the labels of the other folds, around their mean.

        So that answers of different folds can be ranked together.
        """
        before, after = wanted[: self.start], wanted[self.stop :]
        mean = (before.sum(axis=0) + after.sum(axis=0)) / self.right.shape[1]
        made: Floats = self.right[:, : self.start] @ before + self.right[:, self.start :] @ after
        made -= self.right.sum(axis=1)[:, None] * mean
        return made


def indicator(labels: Ints, n_classes: int) -> Floats:
    """Return (m, k x classes), 1 where the label is the class, from (k, m) labels."""
    k, m = labels.shape
    if n_classes == 1:
        return np.ascontiguousarray((labels == 0).T, dtype=np.float32)
    made = np.zeros((m, k * n_classes), dtype=np.float32)
    made[np.arange(m)[:, None], labels.T + np.arange(k) * n_classes] = 1.0
    return made


def answers(maps: Sequence[Map], wanted: Floats) -> Floats:
    """Return (m, columns): the answers to these labels, each unseen by its fold."""
    made = np.zeros_like(wanted)
    for one in maps:
        made[one.start : one.stop] = one.left @ one.inner(wanted)
    return made


def separations(maps: Sequence[Map], labels: Ints, n_classes: int) -> NDArray[np.float64]:
    """Return (k,): how far the answers of a class lie above the others', in standard deviations.

    The mean over classes, from (k, m) labels. It says the same as AUROC for answers of like
    shape, and needs neither sorting nor the answers themselves.
    """
    wanted = indicator(labels, n_classes)
    inside, total, squares, n_in = np.zeros((4, wanted.shape[1]))
    for one in maps:
        own, inner = wanted[one.start : one.stop], one.inner(wanted)
        inside += ((one.left.T @ own) * inner).sum(axis=0, dtype=np.float64)
        total += one.left.sum(axis=0) @ inner
        squares += ((one.left.T @ one.left @ inner) * inner).sum(axis=0, dtype=np.float64)
        n_in += own.sum(axis=0)
    m = len(wanted)
    spread = np.sqrt(np.maximum(squares / m - (total / m) ** 2, 0.0))
    above = inside / np.maximum(n_in, 1) - (total - inside) / np.maximum(m - n_in, 1)
    parted = above / np.maximum(spread, 1e-12)
    # of two classes one is asked for, number 0; more classes weigh the same
    made: NDArray[np.float64] = parted.reshape(len(labels), n_classes).mean(axis=1)
    return made


def aurocs(given: Floats, labels: Ints, n_classes: int) -> NDArray[np.float64]:
    """Return (k,): macro AUROC of (m, k x classes) answers for (k, m) labels."""
    k, m = labels.shape
    total, counted = np.zeros(k), np.zeros(k)
    lines = np.ascontiguousarray(given.T)
    for name in range(n_classes):
        ranks = ranked(lines[name::n_classes])
        is_it = labels == name
        n_in = is_it.sum(axis=1)
        n_out = m - n_in
        rank_sum = np.where(is_it, ranks, 0.0).sum(axis=1)
        good = (n_in > 0) & (n_out > 0)
        value = (rank_sum - n_in * (n_in + 1) / 2) / np.maximum(n_in * n_out, 1)
        total += np.where(good, value, 0.0)
        counted += good
    return np.where(counted > 0, total / np.maximum(counted, 1), 0.5)


def ranked(lines: Floats) -> NDArray[np.float64]:
    """Return the ranks (1..m, ties averaged) along each line."""
    order = np.argsort(lines, axis=1)
    ordered = np.take_along_axis(lines, order, axis=1)
    k, m = lines.shape
    made = np.empty((k, m))
    np.put_along_axis(made, order, np.arange(1.0, m + 1)[None], axis=1)
    is_tied = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    for at in np.nonzero(is_tied)[0]:
        line = ordered[at]
        starts = np.nonzero(np.append(True, line[1:] != line[:-1]))[0]
        ends = np.append(starts[1:], m)
        made[at, order[at]] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return made
