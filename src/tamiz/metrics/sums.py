"""Sums over items from which every metric follows, for any number of weightings at once.

A bootstrap over groups is a weighting of the items: an item counts as often as its group was
drawn. All that depends on the items alone (order by class, ranks, losses) is worked out once, in
`Summer`; each weighting then costs a few passes over the items.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]  # how often an item counts: (weightings, items)

N_BINS = 15
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Arrays whose first axis runs over weightings of the same items."""

    @classmethod
    def joined(cls, pieces: list[Self]) -> Self:
        """Return the weightings of all `pieces`, one after the other."""
        return cls(
            **{
                one.name: np.concatenate([getattr(piece, one.name) for piece in pieces])
                for one in fields(cls)
            }
        )


@dataclass(frozen=True, slots=True)
class Sums(Weighted):
    """Weighted sums; the first axis runs over weightings, k over classes, b over bins.

    Attributes:
        true: (weightings, k) items of each true class.
        predicted: (weightings, k) items of each predicted class.
        hit: (weightings, k) items of each class that were predicted right.
        loss: (weightings, k) sum of -ln p(true class) over the items of each true class.
        squared: (weightings,) sum over items of sum_k (p_k - y_k)^2.
        bin_n: (weightings, b) items in each bin of confidence.
        bin_confidence: (weightings, b) sum of their top probabilities.
        bin_hit: (weightings, b) how many of them were predicted right.
        auroc: (weightings, k) area under the curve of each class against the rest, NaN where
            the class or the rest is empty. Not a sum, but it needs the same pass.
        class_moments: (weightings, k, 3) sums over groups of L^2, L N and N^2, where L is a
            group's loss and N its number of items, of one true class.
        moments: (weightings, 5) the same over all classes, then Q^2 and Q N, Q the group's
            share of `squared`. From these follow standard errors over groups.
    """

    true: Floats
    predicted: Floats
    hit: Floats
    loss: Floats
    squared: Floats
    bin_n: Floats
    bin_confidence: Floats
    bin_hit: Floats
    auroc: Floats
    class_moments: Floats
    moments: Floats

    @property
    def n(self) -> Floats:
        """Return (weightings,) the number of items."""
        total: Floats = self.true.sum(axis=1)
        return total


class Summer:
    """What `Sums` needs of labelled predictions, worked out once.

    Attributes:
        n_groups: how many groups there are.
    """

    def __init__(self, predictions: Predictions) -> None:
        target, predicted = predictions.target, predictions.predicted
        probabilities = predictions.probabilities
        n, k = probabilities.shape
        of_true = probabilities[np.arange(n), target]
        confidence = probabilities.max(axis=1) if n else np.zeros(0)
        is_hit = (target == predicted).astype(np.float64)
        loss = -np.log(np.clip(of_true, _EPSILON, 1 - _EPSILON))
        # sum_k (p_k - y_k)^2, term by term: no difference of large numbers
        rest = np.square(probabilities)
        rest[np.arange(n), target] = np.square(1 - of_true)
        self._squared = rest.sum(axis=1)
        _, self._group = np.unique(predictions.group, return_inverse=True)
        self.n_groups = int(self._group.max()) + 1 if n else 0
        self._loss, self._true_class = loss, target
        self._moments = self._group_moments(loss)
        self._class_moments = self._class_slices(target, k, loss)
        ones = np.ones(n)
        self._by_true = _Slices(target, k, np.stack([ones, is_hit, loss], axis=1))
        self._by_predicted = _Slices(predicted, k, ones[:, None])
        bins = np.clip(np.ceil(confidence * N_BINS).astype(np.int64) - 1, 0, N_BINS - 1)
        self._by_bin = _Slices(bins, N_BINS, np.stack([ones, confidence, is_hit], axis=1))
        # with two classes both curves are the same one: class 1 against class 0
        ranked = [1, 1] if k == 2 else range(k)
        made = {index: _Ranks(target == index, probabilities[:, index]) for index in set(ranked)}
        self._ranks = [made[index] for index in ranked]

    def __call__(self, counts: Counts) -> Sums:
        """Return the sums when groups count `counts` times, (weightings, groups)."""
        weights = counts.take(self._group, axis=1)
        of_true, of_bin = self._by_true(weights), self._by_bin(weights)
        curves = {id(ranks): ranks(weights) for ranks in self._ranks}
        return Sums(
            true=of_true[:, :, 0],
            hit=of_true[:, :, 1],
            loss=of_true[:, :, 2],
            predicted=self._by_predicted(weights)[:, :, 0],
            squared=np.einsum("ij,j->i", weights.astype(np.float64), self._squared),
            bin_n=of_bin[:, :, 0],
            bin_confidence=of_bin[:, :, 1],
            bin_hit=of_bin[:, :, 2],
            auroc=np.stack([curves[id(ranks)] for ranks in self._ranks], axis=1),
            class_moments=self._class_moments(counts),
            moments=np.einsum("ij,kj->ik", counts.astype(np.float64), self._moments),
        )

    def auroc_influence(self) -> Floats:
        """Return (k, groups): how far each group, once, pulls each class's area from its value.

        Rows add up to 0; the root of their sum of squares is the area's standard error over
        groups (DeLong 1988, with groups for items as Obuchowski 1997). NaN without an area.
        """
        made = [
            np.bincount(self._group, ranks.influence(len(self._group)), minlength=self.n_groups)
            for ranks in self._ranks
        ]
        return np.stack(made)

    def loss_influence(self, *, by_class: bool = False) -> Floats:
        """Return (groups,): how far each group pulls the mean loss of all items from its value.

        Args:
            by_class: of the mean over the classes present of their mean losses instead.
        """
        part = self._true_class if by_class else np.zeros_like(self._true_class)
        return self._influence_of_mean(self._loss, part)

    def squared_influence(self) -> Floats:
        """Return (groups,): how far each group pulls the mean of `Sums.squared` from its value."""
        return self._influence_of_mean(self._squared, np.zeros_like(self._true_class))

    def _influence_of_mean(self, values: Floats, part: Ints) -> Floats:
        """Return (groups,) influences on the mean over parts of the means of their items."""
        sizes = np.maximum(np.bincount(part), 1)
        means = np.bincount(part, values) / sizes
        n_parts = max(1, len(np.unique(part)))
        each = (values - means[part]) / sizes[part] / n_parts
        pulled: Floats = np.bincount(self._group, each, self.n_groups).astype(np.float64)
        return pulled

    def _group_moments(self, loss: Floats) -> Floats:
        """Return (5, groups), what `Sums.moments` adds up."""
        n = np.bincount(self._group, minlength=self.n_groups).astype(np.float64)
        lost = np.bincount(self._group, loss, minlength=self.n_groups)
        squared = np.bincount(self._group, self._squared, minlength=self.n_groups)
        return np.stack([lost * lost, lost * n, n * n, squared * squared, squared * n])

    def _class_slices(self, target: Ints, k: int, loss: Floats) -> _Slices:
        """Return the sums of `Sums.class_moments`, over the pairs (class, group) that occur."""
        pairs, pair_of = np.unique(target * self.n_groups + self._group, return_inverse=True)
        lost = np.bincount(pair_of, loss, minlength=len(pairs))
        n = np.bincount(pair_of, minlength=len(pairs)).astype(np.float64)
        made = _Slices(pairs // max(1, self.n_groups), k, np.stack([lost**2, lost * n, n**2], 1))
        made.order = (pairs % max(1, self.n_groups))[made.order]
        return made


class _Slices:
    """Items sorted by an integer key, so that sums by key are sums over slices.

    `values` is (items, columns): what is summed. `order` says which column of the weights
    belongs to each of them.
    """

    def __init__(self, key: Ints, n_keys: int, values: Floats) -> None:
        self.order = np.argsort(key, kind="stable")
        self._edges = np.searchsorted(key[self.order], np.arange(n_keys + 1))
        self._values = np.ascontiguousarray(values[self.order].T)

    def __call__(self, weights: Counts) -> Floats:
        """Return (weightings, keys, columns): sums of weight times value."""
        by_key = weights.take(self.order, axis=1).astype(np.float64)
        made = np.zeros((len(weights), len(self._edges) - 1, len(self._values)))
        for index, (start, end) in enumerate(zip(self._edges, self._edges[1:], strict=False)):
            if end > start:
                made[:, index] = np.einsum(
                    "ij,kj->ik", by_key[:, start:end], self._values[:, start:end]
                )
        return made


class _Ranks:
    """The order of one class's scores, so that an AUROC is one cumulative sum.

    The area is the share of (positive, negative) pairs in which the positive has the higher
    score, ties counting half (Mann and Whitney 1947). Weights multiply pairs.
    """

    def __init__(self, is_positive: NDArray[np.bool_], scores: Floats) -> None:
        negative = np.flatnonzero(~is_positive)
        self._negative = negative[np.argsort(scores[negative], kind="stable")]
        self._positive = np.flatnonzero(is_positive)
        sorted_scores = scores[self._negative]
        self._below = np.searchsorted(sorted_scores, scores[self._positive], side="left")
        self._not_above = np.searchsorted(sorted_scores, scores[self._positive], side="right")

    def __call__(self, weights: Counts) -> Floats:
        """Return (weightings,) areas, NaN where one side has no weight."""
        positive = weights.take(self._positive, axis=1).astype(np.float64)
        # whole numbers: their running sum is exact and eight times as fast as one of floats
        total = np.zeros((len(weights), len(self._negative) + 1), dtype=np.int32)
        np.cumsum(weights.take(self._negative, axis=1), axis=1, out=total[:, 1:])
        won = total.take(self._below, axis=1).astype(np.float64)
        won += total.take(self._not_above, axis=1)
        pairs = positive.sum(axis=1) * total[:, -1]
        area = np.full(len(weights), np.nan)
        won_pairs = np.einsum("ij,ij->i", positive, won) / 2
        np.divide(won_pairs, pairs, out=area, where=pairs > 0)
        return area

    def influence(self, n_items: int) -> Floats:
        """Return (n_items,): each item's share of pairs won, less the area, over its side's size.

        The shares are DeLong's structural components; all NaN where one side is empty.
        """
        n_positive, n_negative = len(self._positive), len(self._negative)
        if not n_positive or not n_negative:
            return np.full(n_items, np.nan)
        won = (self._below + self._not_above) / 2
        # a negative item loses to the positives whose scores are above its own
        order = np.arange(n_negative)
        above = n_positive - np.searchsorted(np.sort(self._below), order, side="right")
        not_below = n_positive - np.searchsorted(np.sort(self._not_above), order, side="right")
        area = float(won.mean()) / n_negative
        made = np.zeros(n_items)
        made[self._positive] = (won / n_negative - area) / n_positive
        made[self._negative] = ((above + not_below) / 2 / n_positive - area) / n_negative
        return made


def sums_of(predictions: Predictions) -> Sums:
    """Return the sums of labelled predictions, each item counting once (one weighting)."""
    summer = Summer(predictions)
    return summer(np.ones((1, summer.n_groups), dtype=np.int32))
