"""Numbers that tell classes apart without any network: edges, pixels, colours; and a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.sketches import Sketches

Floats = NDArray[np.float32]
_SIDE: Final = 32
_CELL: Final = 4
_N_DIRECTIONS: Final = 9
_CHUNK: Final = 1024
_COMPONENTS: Final = 128
_FITTED_ON: Final = 10_000
_RIDGE: Final = 1e-2  # of the mean squared feature


def features_of(sketches: Sketches) -> Floats:
    """Return (n, d): oriented edges in cells, 16 px grey pictures and 4 px colours.

    Edges are histograms of 9 gradient directions in cells of 4 px of the 32 px picture, each
    normalised with its neighbours (Dalal & Triggs 2005), so brightness and contrast count little.
    """
    parts = [_features(sketches, start) for start in range(0, len(sketches), _CHUNK)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.float32)


def _features(sketches: Sketches, start: int) -> Floats:
    grey = _to_side(sketches.grey[start : start + _CHUNK], _SIDE)
    colour = sketches.colour[start : start + _CHUNK]
    n = len(grey)
    small = grey.reshape(n, 16, 2, 16, 2).mean(axis=(2, 4)).reshape(n, -1)
    small = (small - small.mean(axis=1, keepdims=True)) / 255
    tints = colour.reshape(n, 4, 4, 4, 4, 3).mean(axis=(2, 4), dtype=np.float32).reshape(n, -1)
    return np.concatenate([_edges(grey), small, tints / 510], axis=1).astype(np.float32)


def _to_side(grey: NDArray[np.uint8], side: int) -> Floats:
    n, factor = len(grey), grey.shape[1] // side
    made: Floats = grey.reshape(n, side, factor, side, factor).mean(axis=(2, 4), dtype=np.float32)
    return made


def _edges(grey: Floats) -> Floats:
    n = len(grey)
    down, across = np.gradient(grey, axis=(1, 2))
    strength = np.sqrt(down * down + across * across)
    turn = (np.arctan2(down, across) / np.pi % 1.0) * _N_DIRECTIONS
    floor = np.floor(turn)
    share = strength * (turn - floor)
    lower = floor.astype(np.int64) % _N_DIRECTIONS
    cells = _SIDE // _CELL
    along = np.arange(_SIDE) // _CELL
    first = (np.arange(n)[:, None, None] * cells + along[:, None]) * cells + along
    first *= _N_DIRECTIONS
    size = n * cells * cells * _N_DIRECTIONS
    sums = np.bincount((first + lower).ravel(), (strength - share).ravel(), size)
    sums += np.bincount((first + (lower + 1) % _N_DIRECTIONS).ravel(), share.ravel(), size)
    made = sums.reshape(n, cells, cells, _N_DIRECTIONS).astype(np.float32)
    around = _around((made * made).sum(axis=3))
    scaled: Floats = (made / np.sqrt(around + 100.0)[..., None]).reshape(n, -1)
    return scaled


def _around(energy: Floats) -> Floats:
    """Return each cell's energy summed with its neighbours'."""
    padded = np.pad(energy, ((0, 0), (1, 1), (1, 1)), mode="edge")
    size = energy.shape[1]
    parts = [padded[:, i : i + size, j : j + size] for i in range(3) for j in range(3)]
    made: Floats = np.sum(parts, axis=0, dtype=np.float32)
    return made


@dataclass(frozen=True, slots=True)
class Expansion:
    """A fixed random map after which a linear classifier can bend: random Fourier features.

    Rahimi & Recht 2007. Fitted to the spread of the features only, never to labels.
    """

    mean: Floats
    components: Floats
    directions: Floats
    phases: Floats

    @classmethod
    def of(cls, features: Floats, n_out: int, rng: np.random.Generator) -> Expansion:
        """Return the map: principal components, then `n_out` cosines along random directions."""
        from scipy.spatial.distance import pdist

        at = np.sort(rng.permutation(len(features))[:_FITTED_ON])
        sample = features[at].astype(np.float64)
        mean = sample.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov((sample - mean).T))
        k = min(_COMPONENTS, len(sample) - 1, len(values))
        vectors = vectors[:, ::-1][:, :k]
        largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(k)]
        vectors = vectors * np.where(largest < 0, -1.0, 1.0)  # a sign that no rounding turns
        components = vectors / np.sqrt(max(values[::-1][:k].sum(), 1e-12))
        placed = (sample - mean) @ components
        some = placed[: min(len(placed), 1000)]
        apart = pdist(some)
        width = np.median(apart[apart > 0]) if (apart > 0).any() else 1.0
        directions = rng.normal(size=(k, n_out)) / (0.7 * width)
        phases = rng.uniform(0, 2 * np.pi, n_out)
        made = (mean, components, directions, phases)
        return cls(*(part.astype(np.float32) for part in made))

    def __call__(self, features: Floats) -> Floats:
        """Return (n, components + n_out + 1)."""
        placed = (features - self.mean) @ self.components
        waves = np.cos(placed @ self.directions + self.phases)
        ones = np.ones((len(features), 1), dtype=np.float32)
        scale = np.float32(np.sqrt(2 / waves.shape[1]))
        return np.concatenate([placed, waves * scale, ones], axis=1)


def cross_validated(
    expanded: Floats, target: NDArray[np.int64], fold: NDArray[np.int64], n_classes: int
) -> Floats:
    """Return (n, classes): scores of ridge regressions that never saw the row's fold.

    Each fold's normal equations are summed once; leaving a fold out is a subtraction.
    """
    n_folds = int(fold.max()) + 1
    wanted = np.where(target[:, None] == np.arange(n_classes), 1.0, 0.0).astype(np.float32)
    grams, sums = [], []
    for number in range(n_folds):
        rows = np.nonzero(fold == number)[0]
        gram = np.zeros((expanded.shape[1], expanded.shape[1]), dtype=np.float64)
        cross = np.zeros((expanded.shape[1], n_classes), dtype=np.float64)
        for start in range(0, len(rows), _CHUNK):
            part = expanded[rows[start : start + _CHUNK]]
            gram += part.T @ part
            cross += part.T @ wanted[rows[start : start + _CHUNK]]
        grams.append(gram)
        sums.append(cross)
    every, crossed = np.sum(grams, axis=0), np.sum(sums, axis=0)
    made = np.empty((len(expanded), n_classes), dtype=np.float32)
    for number in range(n_folds):
        gram = every - grams[number]
        ridge = _RIDGE * np.trace(gram) / len(gram)
        weights = np.linalg.solve(gram + ridge * np.eye(len(gram)), crossed - sums[number])
        rows = fold == number
        made[rows] = expanded[rows] @ weights.astype(np.float32)
    return made
