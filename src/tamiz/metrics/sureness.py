"""How often answers given with a certain confidence were right: what a probability is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions
from tamiz.metrics.decision import WITHHELD, Decision
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.shares import share_of

_MOST_BANDS: Final = 5
_LEAST_ITEMS: Final = 30  # in a band: fewer say too little


@dataclass(frozen=True, slots=True)
class Band:
    """Answers of about the same confidence.

    Attributes:
        low: confidence from which on an answer is in it (see `Decision.confidence`).
        high: confidence below which it is; the last band holds its upper end, too.
        right: share of these answers that were right.
        right_low: lower end of its interval over groups.
        right_high: upper end.
        n: answers.
        n_groups: groups they come from.
    """

    low: float
    high: float
    right: float
    right_low: float
    right_high: float
    n: int
    n_groups: int


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the confidence of a model's answers was worth on images it had not learnt from.

    Attributes:
        bands: from the least sure on, without gaps; none where it was not measured.
        part: 'test', or 'oof' (out-of-fold answers of a cross-validation).
        confidence: level of the intervals.
    """

    bands: tuple[Band, ...] = ()
    part: str = ""
    confidence: float = 0.95

    def of(self, confidence: float) -> Band | None:
        """Return the band that an answer of this confidence falls into; None where there is none.

        An answer less sure than all that were measured has none; a surer one is like the surest.
        """
        if not self.bands or confidence < self.bands[0].low:
            return None
        fitting = [one for one in self.bands if confidence >= one.low]
        return fitting[-1]

    def facts(self) -> dict[str, Any]:
        """Return it as JSON holds it; empty where nothing was measured."""
        if not self.bands:
            return {}
        bands = [
            [one.low, one.high, one.right, one.right_low, one.right_high, one.n, one.n_groups]
            for one in self.bands
        ]
        return {"part": self.part, "confidence": self.confidence, "bands": bands}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `facts` tells.

        Raises:
            KeyError, TypeError, ValueError: it tells none.
        """
        if not facts:
            return cls()
        bands = tuple(_band(row) for row in facts["bands"])
        return cls(bands, str(facts["part"]), float(facts["confidence"]))


def sureness_of(
    known: Predictions, decision: Decision, part: str, confidence: float = 0.95
) -> Sureness:
    """Return how often answers were right, by their confidence.

    At most five bands of about as many answers each, at least 30 answers and 10 groups in every
    one; answers of the same confidence are in the same band. None of several labels per image, and
    where there are too few answers.

    Args:
        known: predictions of labelled images that the model did not learn from.
        decision: how answers follow from probabilities.
        part: 'test' or 'oof'.
        confidence: level of the intervals.
    """
    known = known.labelled()
    if known.is_multilabel or not len(known):
        return Sureness()
    answers = decision.answers(known.probabilities, known.classes)
    sure = decision.confidence(known.probabilities, known.classes)
    is_given = answers != WITHHELD
    is_right, sure, group = (
        (answers == known.target)[is_given],
        sure[is_given],
        known.group[is_given],
    )
    n_bands = min(_MOST_BANDS, len(sure) // _LEAST_ITEMS)
    for n in range(n_bands, 0, -1):
        places = _banded(sure, n)
        if all(_is_enough(group[at]) for at in places):
            bands = [_measured(sure, is_right, group, at, confidence) for at in places]
            return Sureness(_without_gaps(bands), part, confidence)
    return Sureness()


def _banded(sure: NDArray[np.float64], n: int) -> list[NDArray[np.int64]]:
    """Return the positions in each of at most `n` bands; ties lie together."""
    edges = np.unique(np.quantile(sure, np.arange(1, n) / n)) if n > 1 else np.zeros(0)
    band = np.searchsorted(edges, sure, side="right")
    return [np.flatnonzero(band == at) for at in np.unique(band)]


def _is_enough(group: NDArray[np.str_]) -> bool:
    return len(group) >= _LEAST_ITEMS and len(np.unique(group)) >= MIN_GROUPS


def _measured(
    sure: NDArray[np.float64],
    is_right: NDArray[np.bool_],
    group: NDArray[np.str_],
    at: NDArray[np.int64],
    confidence: float,
) -> Band:
    found = share_of(is_right[at], group[at], confidence)
    return Band(
        low=float(sure[at].min()),
        high=float(sure[at].max()),
        right=found.value,
        right_low=found.value if found.low is None else found.low,
        right_high=found.value if found.high is None else found.high,
        n=len(at),
        n_groups=len(np.unique(group[at])),
    )


def _without_gaps(bands: Sequence[Band]) -> tuple[Band, ...]:
    """Return bands each of which ends where the next one begins."""
    ends = [later.low for _, later in pairwise(bands)] + [bands[-1].high]
    return tuple(
        Band(one.low, end, one.right, one.right_low, one.right_high, one.n, one.n_groups)
        for one, end in zip(bands, ends, strict=True)
    )


def _band(row: Sequence[object]) -> Band:
    numbers = [_number(one) for one in row]
    low, high, right, right_low, right_high, n, n_groups = numbers
    if not 0 <= right_low <= right <= right_high <= 1:
        raise ValueError("bands")
    return Band(low, high, right, right_low, right_high, int(n), int(n_groups))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        raise ValueError(f"{value!r}"[:80])
    return float(value)
