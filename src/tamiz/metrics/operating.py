"""Where to cut: thresholds of one class, chosen on validation rows and on nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.decision import MOST_PROBABLE, Decision, abstention_limit

Floats = NDArray[np.float64]
TARGETS: Final = ("sensitivity", "specificity")
RULES: Final = (MOST_PROBABLE, "f1", "youden", "cost")
USUAL_POINTS: Final = (
    MOST_PROBABLE,
    "sensitivity:0.9",
    "sensitivity:0.95",
    "sensitivity:0.99",
    "specificity:0.9",
    "specificity:0.95",
    "f1",
    "youden",
)
_USUAL: Final = 0.5
_NEARLY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Cuts:
    """All ways to cut a ranking in two, from 'none is flagged' to 'all are'.

    Attributes:
        thresholds: (m,) falling; rows whose probability is at least this are flagged. Halfway
            between two probabilities that occur.
        caught: (m,) flagged rows that have the class.
        alarms: (m,) flagged rows that do not.
        n_positive: rows that have the class.
        n_negative: rows that do not.
    """

    thresholds: Floats
    caught: Floats
    alarms: Floats
    n_positive: int
    n_negative: int

    @property
    def sensitivity(self) -> Floats:
        """Return (m,) the share of the class's rows that are flagged."""
        made: Floats = self.caught / max(1, self.n_positive)
        return made

    @property
    def specificity(self) -> Floats:
        """Return (m,) the share of the other rows that are not flagged."""
        made: Floats = 1 - self.alarms / max(1, self.n_negative)
        return made


def cuts_of(probabilities: Floats, is_positive: NDArray[np.bool_]) -> Cuts:
    """Return all cuts of (n,) probabilities of one class."""
    order = np.argsort(-probabilities, kind="stable")
    ordered = probabilities[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], [True]))[: len(order)]
    caught = np.concatenate([[0.0], np.cumsum(is_positive[order])[ends]])
    alarms = np.concatenate([[0.0], np.cumsum(~is_positive[order])[ends]])
    lowest = ordered[ends]
    below = np.append(lowest[1:], 0.0)
    places = (lowest + below) / 2
    # two neighbouring numbers have none in between: then the lowest that is still flagged
    places = np.where(places > below, places, lowest)
    first = np.nextafter(max(1.0, float(ordered[0]) if len(ordered) else 1.0), 2.0)
    thresholds = np.concatenate([[first], places])
    n_positive = int(is_positive.sum())
    return Cuts(thresholds, caught, alarms, n_positive, len(order) - n_positive)


def choose_threshold(cuts: Cuts, rule: str) -> float | None:
    """Return the threshold that `rule` asks for; None where these rows cannot tell.

    - 'sensitivity:X': the highest at which the sensitivity is at least X;
    - 'specificity:X': the lowest at which the specificity is at least X;
    - 'f1', 'youden' (sensitivity + specificity - 1): the best; of equals the nearest to 0.5.

    Raises:
        WrongUse: there is no such rule.
    """
    name, target = parse_rule(rule)
    if not cuts.n_positive or not cuts.n_negative:
        return None
    if name == "sensitivity":
        reached = np.flatnonzero(cuts.sensitivity >= target - _NEARLY)
        return float(cuts.thresholds[reached[0]])
    if name == "specificity":
        reached = np.flatnonzero(cuts.specificity >= target - _NEARLY)
        return float(cuts.thresholds[reached[-1]])
    worth = cuts.sensitivity + cuts.specificity
    if name == "f1":
        worth = 2 * cuts.caught / (cuts.n_positive + cuts.caught + cuts.alarms)
    best = np.flatnonzero(worth >= worth.max() - _NEARLY)
    return float(cuts.thresholds[best[np.abs(cuts.thresholds[best] - _USUAL).argmin()]])


def parse_rule(rule: str) -> tuple[str, float]:
    """Return ('sensitivity', 0.95) for 'sensitivity:0.95'; the number is 0 where there is none.

    Raises:
        WrongUse: there is no such rule, or the share is not above 0 and at most 1.
    """
    name, colon, rest = rule.strip().lower().partition(":")
    if name in RULES and not colon:
        return name, 0.0
    if name not in TARGETS or not colon:
        raise WrongUse.of("operating.unknown_rule", where="evaluate.decide", rule=rule)
    try:
        target = float(rest)
    except ValueError:
        target = math.nan
    if not 0 < target <= 1:
        raise WrongUse.of("operating.bad_target", where="evaluate.decide", rule=rule)
    return name, target


def rule_words(rule: str) -> Text:
    """Return a rule in words."""
    name, target = parse_rule(rule)
    key = f"operating.rule_{name.replace('-', '_')}"
    return text(key, target=100 * target) if name in TARGETS else text(key)


def positive_class(options: EvaluateOptions, classes: Sequence[str]) -> str:
    """Return the class that is looked for; of two the second; '' where nobody named one of many."""
    if options.positive is not None:
        return options.positive
    return classes[1] if len(classes) == 2 else ""


def check_decision(options: EvaluateOptions, classes: Sequence[str], *, has_val: bool) -> None:
    """Raise where the wishes on decisions cannot be met whatever the figures are.

    Raises:
        WrongUse: an unknown rule or class, costs that are none or that nobody asked for, a rule
            that needs a positive class or validation rows that are not there.
    """
    name, _ = parse_rule(options.decide)
    known = ", ".join(classes)
    if options.positive is not None and options.positive not in classes:
        raise WrongUse.of(
            "operating.unknown_positive",
            where="evaluate.positive",
            name=options.positive,
            known=known,
        )
    if name not in {MOST_PROBABLE, "cost"} and not positive_class(options, classes):
        raise WrongUse.of(
            "operating.no_positive", where="evaluate.decide", rule=options.decide, known=known
        )
    if (name == "cost") != bool(options.costs):
        raise WrongUse.of("operating.costs_alone", where="evaluate.costs", rule=options.decide)
    if options.costs:
        cost_matrix(options.costs, classes)
    needs_val = name not in {MOST_PROBABLE, "cost"} or options.abstain > 0
    if needs_val and not has_val:
        field = "evaluate.abstain" if options.abstain > 0 else "evaluate.decide"
        raise WrongUse.of("operating.no_val", where=field)


def cost_matrix(costs: Mapping[str, Any], classes: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    """Return (true, predicted) costs; what is not named costs 1, a right answer 0.

    Raises:
        WrongUse: a class is unknown, or a cost is no number from 0 on.
    """
    made = 1 - np.eye(len(classes))
    index = {name: at for at, name in enumerate(classes)}
    known = ", ".join(classes)
    for true, row in costs.items():
        if not isinstance(row, Mapping):
            raise WrongUse.of("operating.bad_cost", where=f"evaluate.costs.{true}", found=row)
        for predicted, cost in row.items():
            where = f"evaluate.costs.{true}.{predicted}"
            for name in (true, predicted):
                if name not in index:
                    raise WrongUse.of("operating.unknown_cost", where=where, name=name, known=known)
            is_number = isinstance(cost, (int, float)) and not isinstance(cost, bool)
            if not is_number or not math.isfinite(cost) or cost < 0:
                raise WrongUse.of("operating.bad_cost", where=where, found=cost)
            made[index[true], index[predicted]] = cost
    if not made.any():
        raise WrongUse.of("operating.bad_cost", where="evaluate.costs", found=0)
    return tuple(tuple(map(float, row)) for row in made)


def decision_by(
    rule: str, options: EvaluateOptions, classes: Sequence[str], val: Predictions | None
) -> Decision | None:
    """Return the decision that a rule comes to on validation rows; None where they cannot tell.

    Args:
        rule: one of the rules; that of the recipe or another.
        options: positive class and costs.
        classes: of the model.
        val: labelled validation rows, one label each; None: there are none.
    """
    name, _ = parse_rule(rule)
    if name == MOST_PROBABLE:
        return Decision()
    if name == "cost":
        return Decision(rule, costs=cost_matrix(options.costs, classes))
    positive = positive_class(options, classes)
    if val is None or not positive:
        return None
    at = list(classes).index(positive)
    threshold = choose_threshold(cuts_of(val.probabilities[:, at], val.target == at), rule)
    return None if threshold is None else Decision(rule, positive, threshold)


def decide(options: EvaluateOptions, classes: Sequence[str], val: Predictions | None) -> Decision:
    """Return the decision that the recipe asks for, its limits set on validation rows.

    The most probable class is answered where the validation rows cannot tell a threshold (one of
    the two sides has none); the caller says so.
    """
    known = None if val is None else val.labelled()
    made = decision_by(options.decide, options, classes, known) or Decision()
    if known is None or not options.abstain or not len(known):
        return made
    limit = abstention_limit(made.confidence(known.probabilities, classes), options.abstain)
    return Decision(made.rule, made.positive, made.threshold, made.costs, limit)


def guaranteed(n_caught: int, n_positive: int, confidence: float = 0.95) -> float:
    """Return the sensitivity of new items that a threshold set on validation rows guarantees.

    The threshold lies just below the probability of the `n_caught`-th of `n_positive` items of
    the class; for independent items the sensitivity of new ones follows Beta(k, n - k + 1), and
    this is its lower quantile (Wilks 1941; also the one-sided limit of Clopper and Pearson).
    """
    from scipy.stats import beta

    if not n_caught:
        return 0.0
    return float(beta.ppf(1 - confidence, n_caught, n_positive - n_caught + 1))


def needed_for(target: float, confidence: float = 0.95) -> int:
    """Return the fewest items of the class that can guarantee a sensitivity: all must be caught."""
    if target >= 1:
        return 0  # no number of items is enough
    return math.ceil(math.log(1 - confidence) / math.log(target) - _NEARLY)
