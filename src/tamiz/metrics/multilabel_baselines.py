"""Dumb baselines for several labels per image: what a model must beat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions
from tamiz.metrics.baselines import Neighbours, Vectors, neighbours_of

Targets = NDArray[np.float32]


def prior_label_predictions(train_targets: Targets, like: Predictions) -> Predictions:
    """Return predictions that give every image each label's share of the training part.

    Labels that more than half of the images have are predicted.

    Args:
        train_targets: (n_train, K) 0 or 1.
        like: whose items, groups, targets and classes to take over.
    """
    share = train_targets.mean(axis=0, dtype=np.float64)
    return _always(share, like, "baseline:prior")


def usual_set_predictions(train_targets: Targets, like: Predictions) -> Predictions:
    """Return predictions that give every image the set of labels that is most frequent in training.

    Of equally frequent ones the first, labels compared in order.

    Args:
        train_targets: (n_train, K) 0 or 1.
        like: whose items, groups, targets and classes to take over.
    """
    sets, counts = np.unique(train_targets > 0, axis=0, return_counts=True)
    return _always(sets[counts.argmax()].astype(np.float64), like, "baseline:usual-set")


def nearest_label_predictions(
    train_vectors: Vectors, train_targets: Targets, test_vectors: Vectors, like: Predictions
) -> Predictions:
    """Return predictions by vote of the nearest training thumbnails, label by label.

    Args:
        train_vectors: (n_train, features).
        train_targets: (n_train, K) 0 or 1.
        test_vectors: (n_test, features).
        like: whose items, groups, targets and classes to take over.
    """
    how = Neighbours()
    nearest = neighbours_of(train_vectors, test_vectors, how.k)
    votes = train_targets[nearest].sum(axis=1, dtype=np.float64)
    shares = (votes + how.smoothing) / (nearest.shape[1] + 2 * how.smoothing)
    made = replace(like, probabilities=shares, bundle="baseline:nearest-thumbnail")
    return replace(made, thresholds=(0.5,) * len(like.classes))


def _always(row: NDArray[np.float64], like: Predictions, name: str) -> Predictions:
    made = replace(like, probabilities=np.tile(row, (len(like), 1)), bundle=name)
    return replace(made, thresholds=(0.5,) * len(like.classes))
