"""Fitting a guard: to training images what is usual, to validation images where odd begins."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.report import Estimate
from tamiz.metrics.shares import share_of
from tamiz.models.guard import Checks, Distance, Guard
from tamiz.models.input_facts import FACTS, Floats

DISTANCE_RATE: Final = 0.03  # of validation images that may lie above the limit
CHECKS_RATE: Final = 0.01
CONFIDENCE: Final = 0.95
MOST_FEATURES: Final = 1024
_MOST_DIRECTIONS: Final = 256
_LEAST_PER_CLASS: Final = 2
_USUAL: Final = (1.0, 99.0)  # percentiles of training images between which a fact is usual
_FOLDS: Final = 5
_LEAST_LIMIT: Final = 1.0
_LEAST_SPREAD: Final = 0.01  # of a feature, in that of the middle one: some never move in training
Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of some images.

    Attributes:
        features: (n, all features) of the taps.
        classes: (n,) index of the class; None where an image can have several labels.
        group: (n,) what belongs together.
        looked: (m,) the positions among the n of the images that were decoded again.
        facts: (m, facts) of these.
    """

    features: NDArray[np.float32]
    classes: NDArray[np.int64] | None
    group: NDArray[np.str_]
    looked: NDArray[np.int64]
    facts: Floats


def fit_guard(taps: tuple[str, ...], train: Seen, val: Seen) -> Guard | None:
    """Return the guard of a network; None where validation images are too few for any limit.

    The limit of a kind is the place in the ranking of validation images above which a new image of
    the same kind falls with at most the rate given above (split conformal prediction: Vovk et al.
    2005): with n of them the ceil((n + 1)(1 - rate))-th smallest. 3 % needs 33 images; 1 % needs
    99, and with fewer validation images the training images are ranked with them, since no
    network has learnt these facts.
    """
    distance = _fit_distance(taps, train)
    far = distance(val.features)
    limit = conformal_limit(far, DISTANCE_RATE)
    found = replace(distance, limit=limit) if limit is not None else None
    checks = fit_checks(train.facts)
    out = checks.reaches(val.facts).max(axis=1)
    ranked = out if conformal_limit(out, CHECKS_RATE) else _with_training(out, checks, train)
    top = conformal_limit(ranked, CHECKS_RATE)
    usual = replace(checks, limit=max(top, _LEAST_LIMIT)) if top is not None else None
    if found is None and usual is None:
        return None
    return Guard(found, usual, _false_alarms((found, far), (usual, out), val))


def conformal_limit(values: Column, rate: float) -> float | None:
    """Return the value above which a new one falls with at most `rate`; None with too few."""
    n = len(values)
    place = math.ceil((n + 1) * (1 - rate) - 1e-9)
    if place > n or n == 0:
        return None
    found = float(np.sort(values)[place - 1])
    return found if found > 0 else None


def _fit_distance(taps: tuple[str, ...], train: Seen) -> Distance:
    """Return the distance, its limit not known yet (1)."""
    n_all = train.features.shape[1]
    places = np.arange(n_all, dtype=np.int64)
    if n_all > MOST_FEATURES:  # an even choice of them
        places = np.linspace(0, n_all - 1, MOST_FEATURES).round().astype(np.int64)
    rows = train.features[:, places].astype(np.float64)
    numbers = _numbered(train.classes, len(rows))
    centres = _means_of(rows, numbers)
    mean = rows.mean(axis=0).astype(np.float32)
    # In the spread within classes: shrinking towards equal variances must not blur the classes.
    spread = (rows - centres[numbers]).std(axis=0)
    alive = spread[spread > 0]
    floor = _LEAST_SPREAD * float(np.median(alive)) if len(alive) else 1.0
    scale = np.maximum(spread, floor).astype(np.float32)
    rows, centres = (rows - mean) / scale, (centres - mean) / scale
    basis, variances = _directions(shrunk_covariance(rows - centres[numbers]))
    return Distance(
        taps=taps,
        places=places,
        mean=mean,
        scale=scale,
        basis=basis,
        variances=variances,
        centres=centres.astype(np.float32),
        limit=1.0,
    )


def _means_of(rows: Floats, numbers: NDArray[np.int64]) -> Floats:
    """Return (centres, d) the mean of the rows of each number."""
    made: Floats = np.zeros((int(numbers.max(initial=0)) + 1, rows.shape[1]))
    for number in range(len(made)):
        made[number] = rows[numbers == number].mean(axis=0)
    return made


def _numbered(classes: NDArray[np.int64] | None, n: int) -> NDArray[np.int64]:
    """Return (n,) the number of each row's centre; classes with one row alone share one."""
    if classes is None or n == 0:
        return np.zeros(n, dtype=np.int64)
    names, numbers, sizes = np.unique(classes, return_inverse=True, return_counts=True)
    kept = np.where(sizes >= _LEAST_PER_CLASS, np.arange(len(names)), -1)
    made = np.unique(kept[numbers.reshape(-1)], return_inverse=True)[1]
    return made.reshape(-1).astype(np.int64)


def shrunk_covariance(rows: Floats) -> Floats:
    """Return the covariance of (n, d) centred rows, drawn towards a multiple of the identity.

    Source: Ledoit and Wolf 2004, A well-conditioned estimator for large-dimensional covariance
    matrices; the same as scikit-learn's `ledoit_wolf` of centred rows.
    """
    n, d = rows.shape
    sample = rows.T @ rows / n
    mean = float(np.trace(sample)) / d
    plain: Floats = np.eye(d) * mean
    away = float(((sample - plain) ** 2).sum())
    noise = float(((rows**2).T @ (rows**2)).sum() / n - (sample**2).sum()) / n
    share = min(1.0, max(0.0, noise / away)) if away > 0 else 1.0
    made: Floats = (1 - share) * sample + share * plain
    return made


def _directions(covariance: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the chief directions (d, k) and (k + 1,) variances; the last is of all others."""
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1], vectors[:, ::-1]
    k = min(_MOST_DIRECTIONS, len(values))
    # Where the chief directions are all there are, nothing is left over but rounding.
    left = float(values[k:].mean()) if k < len(values) else float(values[-1])
    floor = 1e-6 * max(float(values[0]), 1e-6)
    variances = np.maximum(np.append(values[:k], left), floor)
    basis = np.ascontiguousarray(vectors[:, :k], dtype=np.float32)
    return basis, variances.astype(np.float32)


def fit_checks(facts: Floats) -> Checks:
    """Return what is usual of (n, facts) training images, the limit not known yet (1).

    The usual reaches on each side of the median to the 1st and 99th percentile, and at least one
    step of the fact: where all training images have the same size, twice that size is one step.
    """
    middle, below, above = [], [], []
    for at, fact in enumerate(FACTS):
        inner = fact.inner(facts[:, at])
        low, high = np.percentile(inner, _USUAL)
        centre = float(np.median(inner))
        middle.append(centre)
        below.append(max(centre - float(low), fact.step))
        above.append(max(float(high) - centre, fact.step))
    return Checks(tuple(middle), tuple(below), tuple(above), 1.0)


def _with_training(out: Column, checks: Checks, train: Seen) -> Column:
    return np.concatenate([out, checks.reaches(train.facts).max(axis=1)])


def _false_alarms(
    distance: tuple[Distance | None, Column], checks: tuple[Checks | None, Column], val: Seen
) -> dict[str, Mapping[str, float]]:
    """Return the shares of validation images taken for odd by limits from the other groups.

    The groups are dealt into five parts; each part meets the limits of the other four.
    """
    folds = _fold_of(val.group)
    far = np.zeros(len(val.group), dtype=bool)
    if distance[0] is not None:
        far = _alarms(distance[1], folds, DISTANCE_RATE, distance[0].limit)
    made: dict[str, Mapping[str, float]] = {}
    if distance[0] is not None:
        made["distance"] = _rate(share_of(far, val.group, CONFIDENCE))
    if checks[0] is not None:
        at = val.looked
        limit = checks[0].limit
        out = _alarms(checks[1], folds[at], CHECKS_RATE, limit, least=_LEAST_LIMIT)
        made["checks"] = _rate(share_of(out, val.group[at], CONFIDENCE))
        made["all"] = _rate(share_of(far[at] | out, val.group[at], CONFIDENCE))
    else:
        made["all"] = made["distance"]
    return made


def _alarms(
    values: Column, folds: NDArray[np.int64], rate: float, limit: float, *, least: float = 0.0
) -> NDArray[np.bool_]:
    made = np.zeros(len(values), dtype=bool)
    for fold in range(_FOLDS):
        held = folds == fold
        found = conformal_limit(values[~held], rate)  # None with too few: the whole's own
        made[held] = values[held] > (limit if found is None else max(found, least))
    return made


def _fold_of(group: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return (n,) the fold of each row; rows of a group go together, groups are dealt in turn."""
    numbers = np.unique(group, return_inverse=True)[1]
    made: NDArray[np.int64] = (numbers.reshape(-1) % _FOLDS).astype(np.int64)
    return made


def _rate(share: Estimate) -> dict[str, float]:
    ends = {"low": share.low, "high": share.high}
    return {
        "value": share.value,
        **{name: float(end) for name, end in ends.items() if end is not None},
        "n": float(share.n),
        "n_groups": float(share.n_groups),
        "confidence": CONFIDENCE,
    }
