"""Classical classifiers as plain arrays: what scikit-learn fitted, answered without it.

Each reads (n, k) float32 rows and gives (n, classes) float64. A row's result does not depend, to
the last bit, on the rows beside it: rows are computed in tiles of one shape, and every line of
numbers begins at a multiple of 64 bytes, so that no kernel treats the end of a line differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import linear, one_hot, pad

_ROWS: Final = 64  # of a tile
_NUMBERS: Final = 16  # that a line's length is a multiple of
_STEEPNESS: Final = 4.0  # of margins in an SVM's scores
_DEEPEST: Final = 4096  # steps down a tree; deeper ones are not fitted


class Classifier(nn.Module):
    """What all have in common: arrays by name, taken over once, and rows in tiles."""

    n_classes: int

    def forward(self, rows: Tensor) -> Tensor:
        """Return (n, classes) scores, which a softmax turns into probabilities."""
        return self._scores(self.answers(rows))

    def answers(self, rows: Tensor) -> Tensor:
        """Return what scikit-learn's classifier gives: probabilities, of an SVM its decisions."""
        if not len(rows):
            return self._tile(pad(rows, (0, 0, 0, _ROWS)))[:0]
        tiles = torch.split(pad(rows, (0, 0, 0, -len(rows) % _ROWS)), _ROWS)
        return torch.cat([self._tile(tile) for tile in tiles])[: len(rows)]

    def take(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over fitted arrays, by the names of `state_dict`."""
        for name in self.state_dict():
            made = torch.from_numpy(np.array(arrays[name]))
            setattr(self, name, nn.Parameter(made, requires_grad=False))

    def _tile(self, rows: Tensor) -> Tensor:
        """Return the answers about a whole tile of rows."""
        raise NotImplementedError

    def _scores(self, answers: Tensor) -> Tensor:
        """Return the scores that belong to answers."""
        return answers

    def _hold(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> None:
        made = torch.zeros(shape, dtype=dtype)
        setattr(self, name, nn.Parameter(made, requires_grad=False))


def make_classifier(
    kind: str, n_columns: int, n_classes: int, sizes: Mapping[str, int]
) -> Classifier:
    """Return an empty classifier whose arrays have the given sizes.

    Args:
        kind: 'logistic', 'svm', 'knn', 'forest' or 'boosting'.
        n_columns: that a row has.
        n_classes: that there are.
        sizes: 'rows' of svm and knn; 'trees', 'nodes' and 'leaves' of forest and boosting.
    """
    if kind == "logistic":
        return Logistic(n_columns, n_classes)
    if kind == "svm":
        return Svm(n_columns, n_classes, sizes.get("rows", 0))
    if kind == "knn":
        return Neighbours(n_columns, n_classes, sizes.get("rows", 0))
    trees = sizes.get("trees", 0), sizes.get("nodes", 0), sizes.get("leaves", 0)
    return Forest(n_classes, trees) if kind == "forest" else Boosting(n_classes, trees)


class Logistic(Classifier):
    """Multinomial logistic regression; of two classes the first scores 0."""

    weight: Tensor
    bias: Tensor

    def __init__(self, n_columns: int, n_classes: int) -> None:
        super().__init__()
        self.n_classes = n_classes
        self._hold("weight", (n_classes, n_columns), torch.float64)
        self._hold("bias", (n_classes,), torch.float64)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the linear scores."""
        return super().answers(rows)

    def answers(self, rows: Tensor) -> Tensor:
        """Return probabilities."""
        return torch.softmax(self(rows), dim=1)

    def _tile(self, rows: Tensor) -> Tensor:
        return _product(rows.double(), self.weight) + self.bias


class Svm(Classifier):
    """Support vectors with a radial kernel, one class against one other.

    Answers are scikit-learn's `decision_function`: the duels that a class wins and, squeezed into
    a third of a duel, the sum of its margins. Counts of duels make poor probabilities (log loss on
    Fashion-MNIST, 6,000 training rows: 0.44), so a score is the sum of log sigmoid(4 margin) over
    a class's duels (0.35): each margin counts, and lost duels count most.
    """

    rows: Tensor
    dual: Tensor
    owner: Tensor
    bias: Tensor
    gamma: Tensor

    def __init__(self, n_columns: int, n_classes: int, n_rows: int) -> None:
        super().__init__()
        self.n_classes = n_classes
        self.pairs = list(combinations(range(n_classes), 2))
        self._hold("rows", (n_rows, n_columns), torch.float32)
        self._hold("dual", (n_classes - 1, n_rows), torch.float64)
        self._hold("owner", (n_rows,), torch.int64)
        self._hold("bias", (len(self.pairs),), torch.float64)
        self._hold("gamma", (), torch.float64)

    def forward(self, rows: Tensor) -> Tensor:
        """Return scores; of two classes minus and plus half the margin."""
        margins = super().answers(rows)
        if len(self.pairs) == 1:
            return torch.cat([margins, -margins], dim=1) / 2
        n = len(margins)
        wide = pad(_STEEPNESS * margins, (0, 0, 0, -n % _ROWS))
        won, lost = (_line_by_line(nn.functional.logsigmoid, one)[:n] for one in (wide, -wide))
        made = margins.new_zeros(n, self.n_classes)
        for at, (one, other) in enumerate(self.pairs):
            made[:, one] += won[:, at]
            made[:, other] += lost[:, at]
        return made

    def answers(self, rows: Tensor) -> Tensor:
        """Return (n, classes) decisions; of two classes minus and plus half the margin."""
        margins = super().answers(rows)
        if len(self.pairs) == 1:
            return torch.cat([margins, -margins], dim=1) / 2
        wins = margins.new_zeros(len(margins), self.n_classes)
        sums = torch.zeros_like(wins)
        for at, (one, other) in enumerate(self.pairs):
            margin = margins[:, at]
            wins[:, one] += (margin >= 0).double()
            wins[:, other] += (margin < 0).double()
            sums[:, one] += margin
            sums[:, other] -= margin
        return wins + sums / (3 * (sums.abs() + 1))

    def _tile(self, rows: Tensor) -> Tensor:
        """Return (n, pairs) margins: above 0 the first of the two classes wins."""
        squares = _squared_distances(rows.double(), self.rows.double())
        near = _line_by_line(torch.exp, -self.gamma * squares)
        return _product(near, self._duels()) + self.bias

    def _duels(self) -> Tensor:
        """Return (pairs, rows): how much each support vector says in each duel."""
        made = self.dual.new_zeros(len(self.pairs), self.dual.shape[1])
        for at, (one, other) in enumerate(self.pairs):
            made[at] = torch.where(self.owner == one, self.dual[other - 1], made[at])
            made[at] = torch.where(self.owner == other, self.dual[one], made[at])
        return made


class Neighbours(Classifier):
    """The k nearest rows vote alike; scores are logarithms, with one vote spread over all."""

    rows: Tensor
    owner: Tensor
    n_nearest: Tensor

    def __init__(self, n_columns: int, n_classes: int, n_rows: int) -> None:
        super().__init__()
        self.n_classes = n_classes
        self._hold("rows", (n_rows, n_columns), torch.float32)
        self._hold("owner", (n_rows,), torch.int64)
        self._hold("n_nearest", (), torch.int64)

    def _tile(self, rows: Tensor) -> Tensor:
        squares = _squared_distances(rows.double(), self.rows.double())
        found = torch.topk(squares, int(self.n_nearest), dim=1, largest=False).indices
        return one_hot(self.owner[found], self.n_classes).sum(1) / self.n_nearest.double()

    def _scores(self, answers: Tensor) -> Tensor:
        return _logarithms(answers, int(self.n_nearest))


class Trees(Classifier):
    """Binary trees laid out one after the other; a leaf is its own child."""

    feature: Tensor
    threshold: Tensor
    below: Tensor
    leaf: Tensor
    roots: Tensor
    value: Tensor

    def __init__(
        self, n_values: int, sizes: tuple[int, int, int], dtype: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        n_trees, n_nodes, n_leaves = sizes
        self._hold("feature", (n_nodes,), torch.int32)
        self._hold("threshold", (n_nodes,), torch.float64)
        self._hold("below", (2, n_nodes), torch.int32)
        self._hold("leaf", (n_nodes,), torch.int32)
        self._hold("roots", (n_trees,), torch.int32)
        self._hold("value", (n_leaves, n_values), dtype)

    def leaves_of(self, rows: Tensor) -> Tensor:
        """Return (n, trees) the number of the leaf that each row comes to in each tree."""
        exact = rows.double()
        at = self.roots.long().expand(len(rows), -1)
        for _ in range(_DEEPEST):
            is_left = exact.gather(1, self.feature[at].long()) <= self.threshold[at]
            below = torch.where(is_left, self.below[0][at], self.below[1][at]).long()
            if torch.equal(below, at):
                break
            at = below
        return self.leaf[at].long()


class Forest(Trees):
    """A random forest: the mean of the trees' shares of classes; scores are their logarithms."""

    def __init__(self, n_classes: int, sizes: tuple[int, int, int]) -> None:
        super().__init__(n_classes, sizes)
        self.n_classes = n_classes

    def _tile(self, rows: Tensor) -> Tensor:
        shares = self.value[self.leaves_of(rows)]  # (n, trees, classes)
        return shares.double().sum(1) / len(self.roots)

    def _scores(self, answers: Tensor) -> Tensor:
        return _logarithms(answers, len(self.roots))


class Boosting(Trees):
    """Gradient boosting: trees add up, of several classes one tree for each in turn.

    Scores are the sums; of two classes minus and plus half of the only one.
    """

    first: Tensor

    def __init__(self, n_classes: int, sizes: tuple[int, int, int]) -> None:
        super().__init__(1, sizes, torch.float64)  # hundreds of them add up
        self.n_classes = n_classes
        self.n_sums = 1 if n_classes == 2 else n_classes
        self._hold("first", (self.n_sums,), torch.float64)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the sums as scores."""
        return super().answers(rows)

    def answers(self, rows: Tensor) -> Tensor:
        """Return probabilities."""
        return torch.softmax(self(rows), dim=1)

    def _tile(self, rows: Tensor) -> Tensor:
        values = self.value[self.leaves_of(rows), 0]
        sums = values.view(len(rows), -1, self.n_sums).sum(1) + self.first
        return torch.cat([-sums, sums], dim=1) / 2 if self.n_sums == 1 else sums


def steady_product(rows: Tensor, others: Tensor) -> Tensor:
    """Return (n, m) rows @ others.T, each row by the same instructions wherever it stands."""
    if not len(rows):
        return rows.new_zeros(0, len(others))
    tiles = torch.split(pad(rows, (0, 0, 0, -len(rows) % _ROWS)), _ROWS)
    return torch.cat([_product(tile, others) for tile in tiles])[: len(rows)]


def _logarithms(shares: Tensor, n_votes: int) -> Tensor:
    """Return log((votes + 1 / classes) / (all votes + 1)): finite where nobody votes."""
    smoothed = (shares * n_votes + 1 / shares.shape[1]) / (n_votes + 1)
    n = len(smoothed)
    return _line_by_line(torch.log, pad(smoothed, (0, 0, 0, -n % _ROWS), value=1.0))[:n]


def _squared_distances(rows: Tensor, others: Tensor) -> Tensor:
    """Return (n, m) squared Euclidean distances of float64 rows, none below 0."""
    ones = rows.new_ones(1, rows.shape[1])
    lengths = _product(rows.square(), ones) + others.square().sum(1)
    return (lengths - 2 * _product(rows, others)).clamp_min(0)


def _product(rows: Tensor, others: Tensor) -> Tensor:
    """Return (n, m) rows @ others.T of a tile, each row by the same instructions."""
    missing = -rows.shape[1] % _NUMBERS
    wide = pad(others, (0, missing, 0, -len(others) % _NUMBERS))
    return linear(pad(rows, (0, missing)), wide)[:, : len(others)]


def _line_by_line(function: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
    """Return function(values), number by number, no line of a tile ending within 64 bytes."""
    wide = pad(values, (0, -values.shape[1] % _NUMBERS), value=1.0)
    return function(wide)[:, : values.shape[1]]
