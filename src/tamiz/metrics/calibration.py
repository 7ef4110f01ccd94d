"""What turns a network's scores into probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.data.report import Estimate
from tamiz.metrics.group_sums import GroupSums
from tamiz.metrics.temperature import fit_temperature

Floats = NDArray[np.float64]
How = Literal["none", "temperature", "vector"]

_FOLDS: Final = 5
_ROWS_PER_CLASS: Final = 20  # ten for each number that the vector has
_MOST_CELLS: Final = 20_000_000  # rows times classes; more would take minutes
_LOWEST_SCALE: Final = 0.05
_HIGHEST_SCALE: Final = 20.0
_FARTHEST_SHIFT: Final = 20.0
_FARTHEST_BEND: Final = 5.0
_SMALLEST: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Calibration:
    """Each class's score times its scale, plus its shift; then softmax (several labels: sigmoid).

    Where scales or shifts differ between classes, scores are first made logarithms of
    probabilities: what a network adds to all scores of an image alike says nothing, and stays
    without effect. So a calibration can be taken back from the probabilities alone.

    The bend adds a multiple of the squared log-probability, alike for all classes. A network that
    learnt smoothed labels says at most about 0.91 where it could say 1: no temperature gives both
    its sure and its doubtful answers back, a bend does. As it is 0 or below, the order of scores
    is kept.

    Source: vector scaling of Guo et al., "On calibration of modern neural networks", 2017, on
    log-probabilities as in Kull et al., "Beyond temperature scaling", 2019; of several labels
    each as in Platt, 1999.

    Attributes:
        scales: of each class, above 0.
        shifts: of each class.
        bend: of all classes, 0 or below; 0 with several labels.
    """

    scales: tuple[float, ...]
    shifts: tuple[float, ...]
    bend: float = 0.0

    @classmethod
    def of_temperature(cls, temperature: float, n_classes: int) -> Self:
        """Return the calibration that divides all scores by one number."""
        return cls((1.0 / temperature,) * n_classes, (0.0,) * n_classes)

    @property
    def is_plain(self) -> bool:
        """Return whether one number scales all classes alike."""
        return len(set(self.scales)) == 1 and not any(self.shifts) and not self.bend

    @property
    def is_identity(self) -> bool:
        """Return whether nothing is changed."""
        return self.is_plain and self.scales[0] == 1.0

    def probabilities(self, scores: Floats, *, is_multilabel: bool = False) -> Floats:
        """Return (n, classes) probabilities of (n, classes) raw scores."""
        scaled = self.calibrated_scores(scores, is_multilabel=is_multilabel)
        return sigmoid(scaled) if is_multilabel else softmax(scaled)

    def calibrated_scores(self, scores: Floats, *, is_multilabel: bool = False) -> Floats:
        """Return (n, classes) what softmax (of several labels: sigmoid) is taken of."""
        if is_multilabel or self.is_plain:
            return self._scaled(scores)
        return self._scaled(log_softmax(scores))

    def scores_behind(self, probabilities: Floats, *, is_multilabel: bool = False) -> Floats:
        """Return (n, classes) scores of which `probabilities` makes these probabilities.

        Of one label the logarithms of the probabilities before calibration. Probabilities that
        were rounded to 0 count as 1e-300.
        """
        scales, shifts = np.array(self.scales), np.array(self.shifts)
        if is_multilabel:
            clipped = np.clip(probabilities, _SMALLEST, 1 - 2**-53)
            made: Floats = (np.log(clipped) - np.log1p(-clipped) - shifts) / scales
            return made
        logs = np.log(np.maximum(probabilities, _SMALLEST)) - shifts
        if self.is_plain:
            return log_softmax(logs / scales)
        return _shifted_to_sum_one(logs, scales, self.bend)

    def _scaled(self, scores: Floats) -> Floats:
        made: Floats = scores * np.array(self.scales) + np.array(self.shifts)
        return made + self.bend * scores**2 if self.bend else made


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibration and how it was found.

    Attributes:
        calibration: of all validation rows.
        temperature: the best single number, whatever was chosen.
        how: 'none', 'temperature' or 'vector'.
        gain: of 'auto': log loss of the vector minus that of the temperature, on validation rows
            that neither was fitted to; None where they were not compared.
    """

    calibration: Calibration
    temperature: float
    how: How
    gain: Estimate | None = None


def fit_calibration(
    scores: Floats, targets: NDArray[Any], groups: NDArray[Any], how: str = "auto"
) -> Fitted:
    """Return the calibration of validation rows, never of test rows.

    'auto' takes the vector where it is shown to be better: the interval of its log loss minus
    that of one temperature lies below 0, each fitted to four fifths of the groups and measured
    on the last fifth. It is not tried with fewer than 20 rows per class.

    Args:
        scores: (n, classes) raw scores.
        targets: (n,) class indices; or (n, classes) 0 or 1, where each label stands on its own.
        groups: (n,) what belongs together.
        how: 'none', 'temperature', 'vector' or 'auto'.
    """
    n, k = scores.shape
    if how == "none" or not n:
        return Fitted(Calibration.of_temperature(1.0, k), 1.0, "none")
    temperature = fit_temperature(scores, targets)
    plain = Calibration.of_temperature(temperature, k)
    if how == "vector":
        return Fitted(fit_vector(scores, targets, temperature), temperature, "vector")
    if how != "auto" or n < _ROWS_PER_CLASS * k or scores.size > _MOST_CELLS:
        return Fitted(plain, temperature, "temperature")
    gain = _gain_of_vector(scores, targets, groups)
    if gain is None or gain.high is None or gain.high >= 0:
        return Fitted(plain, temperature, "temperature", gain)
    return Fitted(fit_vector(scores, targets, temperature), temperature, "vector", gain)


def fit_vector(scores: Floats, targets: NDArray[Any], temperature: float) -> Calibration:
    """Return the scale and shift of each class, and the bend, that give the lowest log loss.

    Targets are smoothed as in `fit_temperature`. The loss is convex; scales stay within
    0.05..20, shifts within -20..20, the bend within -5..0 (several labels: 0).
    """
    from scipy.optimize import minimize

    n, k = scores.shape
    is_multilabel = targets.ndim == 2
    logs = scores if is_multilabel else log_softmax(scores)
    squares = np.zeros_like(logs) if is_multilabel else logs**2
    wanted = smoothed_targets(targets, k)

    def loss(numbers: Floats) -> tuple[float, Floats]:
        scaled = logs * numbers[:k] + numbers[k:-1] + numbers[-1] * squares
        if is_multilabel:
            value = float((np.logaddexp(0, scaled) - wanted * scaled).sum()) / n
            slope = (sigmoid(scaled) - wanted) / n
        else:
            shares = log_softmax(scaled)
            value = -float((wanted * shares).sum()) / n
            slope = (np.exp(shares) - wanted) / n
        of_bend = [(slope * squares).sum()]
        return value, np.concatenate([(slope * logs).sum(axis=0), slope.sum(axis=0), of_bend])

    start = np.concatenate([np.full(k, 1 / temperature), np.zeros(k + 1)])
    bounds = [(_LOWEST_SCALE, _HIGHEST_SCALE)] * k + [(-_FARTHEST_SHIFT, _FARTHEST_SHIFT)] * k
    bounds.append((-_FARTHEST_BEND, 0.0))
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-8},
    )  # fmt: skip
    scales, shifts, bend = found.x[:k], found.x[k:-1], float(found.x[-1])
    if not is_multilabel:
        shifts = shifts - shifts.mean()  # what is added to all classes alike does nothing
    return Calibration(tuple(map(float, scales)), tuple(map(float, shifts)), bend)


def smoothed_targets(targets: NDArray[Any], n_classes: int) -> Floats:
    """Return (n, classes) what a fit aims at: n right answers cannot show certainty.

    A true class counts (n + 1) / (n + 2), the rest goes to the others; of several labels each by
    its own numbers of rows with and without it. Source: Platt 1999.
    """
    n = len(targets)
    if targets.ndim == 2:
        is_true = targets > 0
        n_true = is_true.sum(axis=0)
        made: Floats = np.where(is_true, (n_true + 1) / (n_true + 2), 1 / (n - n_true + 2))
        return made
    doubt = 1 / (n + 2)
    made = np.full((n, n_classes), doubt / (n_classes - 1))
    made[np.arange(n), targets.astype(np.int64)] = 1 - doubt
    return made


def item_log_loss(probabilities: Floats, targets: NDArray[Any]) -> Floats:
    """Return (n,) -ln p(true class); of several labels the mean over them."""
    small = float(np.finfo(np.float64).eps)
    clipped = np.clip(probabilities, small, 1 - small)
    if targets.ndim == 2:
        made: Floats = -np.where(targets > 0, np.log(clipped), np.log1p(-clipped)).mean(axis=1)
        return made
    return -np.log(clipped[np.arange(len(targets)), targets.astype(np.int64)])


def softmax(scores: Floats) -> Floats:
    """Return exp(score), each row divided by its sum."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    made: Floats = powers / powers.sum(axis=1, keepdims=True)
    return made


def log_softmax(scores: Floats) -> Floats:
    """Return the logarithm of `softmax`."""
    moved = scores - scores.max(axis=1, keepdims=True)
    made: Floats = moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))
    return made


def sigmoid(scores: Floats) -> Floats:
    """Return 1 / (1 + exp(-score))."""
    made: Floats = np.exp(-np.logaddexp(0, -scores))
    return made


def _gain_of_vector(scores: Floats, targets: NDArray[Any], groups: NDArray[Any]) -> Estimate | None:
    """Return log loss of the vector minus that of the temperature, by cross-validation."""
    _, group_of = np.unique(groups, return_inverse=True)
    n_groups = int(group_of.max()) + 1
    if n_groups < 2 * _FOLDS:
        return None
    fold_of_group = np.random.default_rng(0).permutation(n_groups) % _FOLDS
    fold_of = fold_of_group[group_of]
    worse = np.zeros(len(scores))
    is_multilabel = targets.ndim == 2
    for fold in range(_FOLDS):
        fit, held = fold_of != fold, fold_of == fold
        temperature = fit_temperature(scores[fit], targets[fit])
        ways = (
            fit_vector(scores[fit], targets[fit], temperature),
            Calibration.of_temperature(temperature, scores.shape[1]),
        )
        vector, plain = (
            item_log_loss(one.probabilities(scores[held], is_multilabel=is_multilabel),
                          targets[held])
            for one in ways
        )  # fmt: skip
        worse[held] = vector - plain
    return GroupSums(np.ones((len(worse), 1)), groups).mean_estimate(worse)


def _shifted_to_sum_one(logs: Floats, scales: Floats, bend: float) -> Floats:
    """Return the z of which `logs` are scale * z + bend * z^2, up to a constant of each row.

    The constant c is the one that makes exp(z) sum to 1. Newton's method on ln sum exp(z), which
    is increasing and convex in c: from a place where it is above 0 it comes down to the root
    without overshooting.
    """
    place = (-logs).min(axis=1, keepdims=True)  # one z is 0 there, so the sum is at least 1
    made: Floats = np.zeros_like(logs)
    for _ in range(100):
        made = _unbent(logs + place, scales, bend)
        highest = made.max(axis=1, keepdims=True)
        powers = np.exp(made - highest)
        total = powers.sum(axis=1, keepdims=True)
        slope = (powers / (scales + 2 * bend * made)).sum(axis=1, keepdims=True) / total
        step = (highest + np.log(total)) / slope
        place = place - step
        if float(np.abs(step).max(initial=0.0)) < 1e-14:
            break
    return made


def _unbent(values: Floats, scales: Floats, bend: float) -> Floats:
    """Return the z up to 0 with scale * z + bend * z^2 = value, for values up to 0."""
    root = np.sqrt(scales**2 + 4 * bend * np.minimum(values, 0.0))
    made: Floats = 2 * np.minimum(values, 0.0) / (scales + root)
    return made
