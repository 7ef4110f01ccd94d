"""How probabilities become an answer: a rule, a threshold, costs, and when to give no answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_PROBABLE: Final = "most-probable"
WITHHELD: Final = -1
_NEARLY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Decision:
    """How an answer follows from the probabilities of the classes.

    Attributes:
        rule: 'most-probable', 'sensitivity:0.95', 'specificity:0.9', 'f1', 'youden' or 'cost'.
        positive: the class that the threshold is of; '' where no threshold is.
        threshold: the positive class is answered from this probability on; None: no threshold.
        costs: (true, predicted) what an answer costs, a row per class; empty: no costs.
        abstain_below: with less confidence than this no answer is given; 0: always one.
    """

    rule: str = MOST_PROBABLE
    positive: str = ""
    threshold: float | None = None
    costs: tuple[tuple[float, ...], ...] = ()
    abstain_below: float = 0.0

    @property
    def is_usual(self) -> bool:
        """Return whether the most probable class is always answered."""
        return self.threshold is None and not self.costs and self.abstain_below == 0

    def choices(self, probabilities: Floats, classes: Sequence[str]) -> NDArray[np.int64]:
        """Return (n,) the class of each row, whether or not the answer would be withheld."""
        if self.costs:
            expected: Floats = probabilities @ np.array(self.costs)
            cheapest: NDArray[np.int64] = expected.argmin(axis=1).astype(np.int64)
            return cheapest
        if self.threshold is None:
            winners: NDArray[np.int64] = probabilities.argmax(axis=1).astype(np.int64)
            return winners
        at = list(classes).index(self.positive)
        others = probabilities.copy()
        others[:, at] = -1.0
        made: NDArray[np.int64] = np.where(
            probabilities[:, at] >= self.threshold, at, others.argmax(axis=1)
        ).astype(np.int64)
        return made

    def confidence(self, probabilities: Floats, classes: Sequence[str]) -> Floats:
        """Return (n,) 0..1, how sure the answer is.

        The probability of the answered class. With a threshold t the odds of the positive class
        are first multiplied by (1 - t) / t, so that a probability of t means one half. With
        costs: 1 less the answer's expected cost, as a share of the highest cost.
        """
        rows = np.arange(len(probabilities))
        chosen = self.choices(probabilities, classes)
        if self.costs:
            table = np.array(self.costs)
            expected: Floats = (probabilities @ table)[rows, chosen] / max(table.max(), _NEARLY)
            return 1 - expected
        if self.threshold is None:
            made: Floats = probabilities[rows, chosen]
            return made
        at = list(classes).index(self.positive)
        limit = min(max(self.threshold, _NEARLY), 1 - _NEARLY)
        of_positive = probabilities[:, at]
        yes, no = of_positive * (1 - limit), (1 - of_positive) * limit
        is_yes = chosen == at
        of_rest = np.maximum(1 - of_positive, _NEARLY)
        share = np.where(is_yes, yes, no * probabilities[rows, chosen] / of_rest)
        moved: Floats = share / (yes + no)
        return np.clip(moved, 0.0, 1.0)

    def answers(self, probabilities: Floats, classes: Sequence[str]) -> NDArray[np.int64]:
        """Return (n,) the class of each row; -1 where no answer is given."""
        chosen = self.choices(probabilities, classes)
        if self.abstain_below > 0:
            chosen[self.confidence(probabilities, classes) < self.abstain_below] = WITHHELD
        return chosen

    def facts(self) -> dict[str, Any]:
        """Return the decision as JSON holds it; empty where it is the usual one."""
        if self.is_usual and self.rule == MOST_PROBABLE:
            return {}
        return {
            "rule": self.rule,
            "positive": self.positive,
            "threshold": self.threshold,
            "costs": [list(row) for row in self.costs],
            "abstain_below": self.abstain_below,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], classes: Sequence[str]) -> Self:
        """Return the decision that `facts` tells.

        Raises:
            KeyError, TypeError, ValueError: it does not fit the classes, or is none.
        """
        if not facts:
            return cls()
        k = len(classes)
        positive, threshold = str(facts["positive"]), facts["threshold"]
        costs = tuple(tuple(_number(cost) for cost in row) for row in facts["costs"])
        if costs and (len(costs) != k or any(len(row) != k for row in costs)):
            raise ValueError("costs")
        if threshold is not None and positive not in classes:
            raise ValueError("positive")
        return cls(
            rule=str(facts["rule"]),
            positive=positive,
            threshold=None if threshold is None else _number(threshold),
            costs=costs,
            abstain_below=_number(facts["abstain_below"]),
        )


def abstention_limit(confidence: Floats, share: float) -> float:
    """Return the confidence below which no answer is given on at most `share` of these rows.

    0 where even one row would be too many. Rows as sure as each other are withheld together or
    not at all.
    """
    n_withheld = math.floor(share * len(confidence) + _NEARLY)
    if not n_withheld:
        return 0.0
    ordered = np.sort(confidence)
    if n_withheld >= len(ordered):
        return float(np.nextafter(ordered[-1], 2.0))
    below, above = float(ordered[n_withheld - 1]), float(ordered[n_withheld])
    middle = (below + above) / 2
    return middle if below < middle <= above else above


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{value!r}"[:80])
    return float(value)
