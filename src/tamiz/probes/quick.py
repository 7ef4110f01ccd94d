"""A classifier in closed form on small pictures: rough, but there in a moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tamiz.data.sketches import Sketches

Floats = NDArray[np.float32]
_SIDE = 16
_RIDGE = 1.0
_COMPONENTS = 100


def small_pictures(sketches: Sketches) -> Floats:
    """Return (n, d): grey pictures of 16 px, each with mean 0 and length 1, and 4 px colours."""
    n, side = len(sketches), sketches.side_px
    factor = side // _SIDE
    grey = sketches.grey.reshape(n, _SIDE, factor, _SIDE, factor).mean(
        axis=(2, 4), dtype=np.float32
    )
    flat = grey.reshape(n, -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    flat = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-3)
    colour = sketches.colour.reshape(n, 4, 4, 4, 4, 3).mean(axis=(2, 4), dtype=np.float32)
    made: Floats = np.concatenate([flat, colour.reshape(n, -1) / 2550], axis=1)
    return made


def ridge_scores(train: Floats, target: NDArray[np.int64], test: Floats, n_last: int) -> Floats:
    """Return (n_test, n_last + 1): one-against-the-rest scores of a ridge regression.

    Classes weigh the same, however many images they have. Features are the 100 first principal
    components of `train`, each scaled to unit variance.
    """
    mean = train.mean(axis=0)
    centred = train - mean
    covariance = centred.T @ centred / len(train)
    values, vectors = np.linalg.eigh(covariance)
    k = min(_COMPONENTS, len(train) - 1, len(values))
    scaled = vectors[:, -k:] / np.sqrt(np.maximum(values[-k:], 1e-8))
    features = np.concatenate([centred @ scaled, np.ones((len(train), 1), np.float32)], axis=1)
    asked = np.concatenate([(test - mean) @ scaled, np.ones((len(test), 1), np.float32)], axis=1)
    counts = np.bincount(target, minlength=n_last + 1)
    weight = (1.0 / np.maximum(counts, 1))[target] * len(target) / max(1, (counts > 0).sum())
    wanted = np.where(target[:, None] == np.arange(n_last + 1), 1.0, -1.0)
    weighted = features * weight[:, None]
    normal = weighted.T @ features + _RIDGE * np.eye(features.shape[1])
    made: Floats = (asked @ np.linalg.solve(normal, weighted.T @ wanted)).astype(np.float32)
    return made
