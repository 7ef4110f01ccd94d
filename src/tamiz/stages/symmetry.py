"""Whether mirroring an image leaves its class alone, asked of the images themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_N_NEIGHBOURS = 5
_N_QUERIES = 600


@dataclass(frozen=True, slots=True)
class MirrorFacts:
    """How often an image's nearest neighbours share its class, as it is and mirrored (0..1)."""

    agreement: float
    agreement_mirrored: float
    chance: float
    n: int

    @property
    def is_harmless(self) -> bool:
        """Return whether a mirrored image still lies among its own class.

        False as well when the neighbours say nothing (agreement near chance): what cannot be
        shown to be harmless is not done.
        """
        can_tell = self.agreement > self.chance + 0.5 * (1 - self.chance) * 0.5
        return can_tell and self.agreement_mirrored >= 0.92 * self.agreement


def measure_mirroring(
    thumbnails: NDArray[np.float32], labels: NDArray[np.int64], rng: np.random.Generator
) -> MirrorFacts:
    """Compare nearest neighbours of images and of their mirror images.

    Args:
        thumbnails: (n, height, width), grey, any range; training images only.
        labels: (n,) class indices.
        rng: chooses the images that ask.

    Returns:
        The shares of the 5 nearest other thumbnails (Euclid, each thumbnail standardised) that
        have the asker's class. Digits fall from 0.9 to 0.4 when mirrored, clothes hardly move.
    """
    n = len(labels)
    vectors = _standardise(thumbnails)
    mirrored = _standardise(thumbnails[:, :, ::-1])
    asking = rng.permutation(n)[: min(n, _N_QUERIES)]
    shares = np.bincount(labels) / n
    return MirrorFacts(
        agreement=_agreement(vectors[asking], vectors, asking, labels),
        agreement_mirrored=_agreement(mirrored[asking], vectors, asking, labels),
        chance=float((shares**2).sum()),
        n=len(asking),
    )


def _standardise(thumbnails: NDArray[np.float32]) -> NDArray[np.float32]:
    flat = thumbnails.reshape(len(thumbnails), -1).astype(np.float32)
    flat = flat - flat.mean(axis=1, keepdims=True)
    spread: NDArray[np.float32] = flat / (flat.std(axis=1, keepdims=True) + 1e-6)
    return spread


def _agreement(
    queries: NDArray[np.float32],
    vectors: NDArray[np.float32],
    own: NDArray[np.int64],
    labels: NDArray[np.int64],
) -> float:
    similarity = queries @ vectors.T
    similarity[np.arange(len(own)), own] = -np.inf  # nobody is its own neighbour
    n_neighbours = min(_N_NEIGHBOURS, len(vectors) - 1)
    nearest = np.argpartition(-similarity, n_neighbours - 1, axis=1)[:, :n_neighbours]
    return float((labels[nearest] == labels[own][:, None]).mean())
