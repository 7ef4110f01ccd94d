"""From scores to probabilities to a loss and its gradient, every step kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Softmax:
    """One answer among classes, taken apart.

    The highest score is subtracted before the exponential, which changes no probability (it
    divides numerator and sum alike) and keeps exp from overflowing.

    Attributes:
        scores: (classes,).
        powers: exp(score - highest score).
        total: their sum.
        probabilities: powers / total.
    """

    scores: Floats
    powers: Floats
    total: float
    probabilities: Floats

    @classmethod
    def of(cls, scores: Floats) -> Softmax:
        """Return softmax of (classes,) scores."""
        powers = np.exp(scores - scores.max())
        total = float(powers.sum())
        return cls(scores, powers, total, powers / total)

    def loss(self, true: int) -> float:
        """Return the cross-entropy, -ln p of the true class, from the scores.

        ln(sum of exp) less the score: finite where the probability itself is rounded to 0.
        """
        return float(np.log(self.total) + self.scores.max() - self.scores[true])

    def gradient(self, true: int) -> Floats:
        """Return (classes,), the loss by each score: p - y, y being 1 for the true class else 0."""
        made = self.probabilities.copy()
        made[true] -= 1.0
        return made


@dataclass(frozen=True, slots=True)
class Sigmoids:
    """An answer for several labels, each on its own, taken apart.

    Attributes:
        scores: (labels,).
        powers: exp(-score).
        probabilities: 1 / (1 + exp(-score)).
    """

    scores: Floats
    powers: Floats
    probabilities: Floats

    @classmethod
    def of(cls, scores: Floats) -> Sigmoids:
        """Return the sigmoid of each of (labels,) scores."""
        with np.errstate(over="ignore"):
            powers = np.exp(-scores)
        shares: Floats = np.exp(-np.logaddexp(0, -scores))  # the same, and never overflows
        return cls(scores, powers, shares)

    def losses(self, true: NDArray[np.bool_]) -> Floats:
        """Return (labels,) binary cross-entropies: -ln p where the label is true, else -ln(1-p)."""
        signed = np.where(true, -self.scores, self.scores)
        made: Floats = np.logaddexp(0.0, signed)
        return made

    def gradient(self, true: NDArray[np.bool_]) -> Floats:
        """Return (labels,), each label's loss by its score: p - y."""
        made: Floats = self.probabilities - true.astype(np.float64)
        return made
