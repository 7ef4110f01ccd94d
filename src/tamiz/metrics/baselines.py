"""Dumb baselines: what a model must beat before anybody should look at it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions

_CELLS = 8_000_000  # distances in memory at once (32 MB)

Vectors = NDArray[np.float32] | NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How `nearest_thumbnail_predictions` looks for neighbours.

    Attributes:
        k: how many neighbours vote.
        smoothing: votes that every class gets for nothing (Laplace), so that no probability
            is 0 and the log loss is finite.
    """

    k: int = 5
    smoothing: float = 1.0


def prior_predictions(train_targets: NDArray[np.int64], like: Predictions) -> Predictions:
    """Return predictions that give every item the class frequencies of the training part.

    Args:
        train_targets: (n_train,) class indices; -1 (unknown) is left out.
        like: whose items, groups, targets and classes to take over.
    """
    known = train_targets[train_targets >= 0]
    counts = np.bincount(known, minlength=len(like.classes)).astype(np.float64)
    prior = counts / counts.sum() if len(known) else np.full(len(counts), 1 / len(counts))
    return replace(like, probabilities=np.tile(prior, (len(like), 1)), bundle="baseline:prior")


def even_predictions(like: Predictions) -> Predictions:
    """Return predictions that give every class the same probability.

    Where each class weighs the same this is the constant with the smallest log loss, ln(classes):
    0.6931 for two.

    Args:
        like: whose items, groups, targets and classes to take over.
    """
    k = len(like.classes)
    return replace(like, probabilities=np.full((len(like), k), 1 / k), bundle="baseline:even")


def nearest_thumbnail_predictions(
    train_vectors: Vectors,
    train_targets: NDArray[np.int64],
    test_vectors: Vectors,
    like: Predictions,
    options: Neighbours | None = None,
) -> Predictions:
    """Return predictions by the most similar training thumbnails.

    Each column is standardised with the training mean and spread; the `k` nearest by Euclidean
    distance vote, and every class gets `smoothing` votes beforehand. Equal distances:
    the earlier training row. Memory is bounded: distances are made in blocks of test rows.

    Args:
        train_vectors: (n_train, d) thumbnails of 8 x 8 to 16 x 16 pixels, flattened.
        train_targets: (n_train,) class indices, all known.
        test_vectors: (n_test, d), in the order of the rows of `like`.
        like: whose items, groups, targets and classes to take over.
        options: how many vote, and the smoothing.
    """
    options = options or Neighbours()
    votes = np.full((len(test_vectors), len(like.classes)), options.smoothing, dtype=np.float64)
    rows = np.arange(len(test_vectors))
    for nearest in neighbours_of(train_vectors, test_vectors, options.k).T:
        np.add.at(votes, (rows, train_targets[nearest]), 1.0)
    probabilities = votes / votes.sum(axis=1, keepdims=True)
    return replace(like, probabilities=probabilities, bundle="baseline:nearest-thumbnail")


def neighbours_of(train_vectors: Vectors, test_vectors: Vectors, k: int) -> NDArray[np.int64]:
    """Return (n_test, k) the most similar training rows, the nearest first; fewer if there are.

    Arguments and distances as in `nearest_thumbnail_predictions`.
    """
    k = min(k, len(train_vectors))
    train, test = _standardised(train_vectors, test_vectors)
    lengths = np.einsum("ij,ij->i", train, train) / 2
    found = np.empty((len(test), k), dtype=np.int64)
    step = max(1, _CELLS // max(1, len(train)))
    for start in range(0, len(test), step):
        # |a - b|^2 / 2 less |b|^2 / 2, which is the same for all neighbours of one test row
        distances = test[start : start + step] @ train.T
        np.subtract(lengths, distances, out=distances)
        found[start : start + step] = _nearest(distances, k)
    return found


def _nearest(distances: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return (rows, k) the columns of the smallest values; `distances` is used up."""
    rows = np.arange(len(distances))
    found = np.empty((len(distances), k), dtype=np.int64)
    for place in range(k):  # cheap beside the matrix product, and ties are fixed
        found[:, place] = distances.argmin(axis=1)
        distances[rows, found[:, place]] = np.inf
    return found


def _standardised(train: Vectors, test: Vectors) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    mean = train.mean(axis=0, dtype=np.float64).astype(np.float32)
    spread = train.std(axis=0, dtype=np.float64).astype(np.float32)
    spread[spread == 0] = 1.0
    return (
        (train.astype(np.float32) - mean) / spread,
        (test.astype(np.float32) - mean) / spread,
    )
