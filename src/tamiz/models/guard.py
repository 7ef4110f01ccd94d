"""The guard of a bundle: how unlike the training images an image is, and in what.

Two looks. The *distance*: the network's activations, averaged over each map, are compared with
those of the training images of each class by the Mahalanobis distance with one covariance for all
classes (Lee et al. 2018, arXiv 1807.03888), shrunk after Ledoit and Wolf. The *checks*: plain facts
of the decoded image (`models.input_facts`) against those of the training images. Nothing is ever
fitted to images that do not belong: both limits are places in the ranking of validation images.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.models.input_facts import FACTS, Fact, Floats

FILE_NAME: Final = "guard.safetensors"
_ARRAYS: Final = ("places", "mean", "scale", "basis", "variances", "centres")
_DIGITS: Final = 6  # so that a row's distance is the same whatever other rows it is in with
FARTHEST: Final = 1e9
_TOLD_FIRST: Final = ("colourfulness", "values")  # the last one before all
_NO_COLOUR: Final = 1.0  # mean distance of channels from grey, in grey levels


@dataclass(frozen=True, slots=True)
class Distance:
    """How far features are from those of the training images.

    Attributes:
        taps: names of the network's parts whose output is looked at.
        places: (d,) which of the features, all taps one after the other, are used.
        mean: (d,) of the training images' features.
        scale: (d,) their standard deviation, never near 0.
        basis: (d, k) the directions in which images of a class differ most, after scaling.
        variances: (k + 1,) along them, largest first; the last one is that of all other directions.
        centres: (classes, d) the mean of each class, scaled.
        limit: a distance above it is odd.
    """

    taps: tuple[str, ...]
    places: NDArray[np.int64]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    basis: NDArray[np.float32]
    variances: NDArray[np.float32]
    centres: NDArray[np.float32]
    limit: float

    def __call__(self, features: NDArray[np.float32]) -> Floats:
        """Return (n,) distances of (n, all features) from the nearest class; about 1 is usual.

        It is the root of the squared Mahalanobis distance over the number of features.
        """
        if len(features) == 0:
            return np.zeros(0)
        with np.errstate(over="ignore", invalid="ignore"):
            rows = (features[:, self.places].astype(np.float64) - self.mean) / self.scale
            near = self._squared(rows).min(axis=1)
            made: Floats = np.sqrt(np.maximum(near, 0.0) / len(self.mean)).round(_DIGITS)
        return np.where(np.isfinite(made), np.minimum(made, FARTHEST), FARTHEST)

    def _squared(self, rows: Floats) -> Floats:
        """Return (n, classes) squared Mahalanobis distances of scaled rows from the centres."""
        basis, centres = self.basis.astype(np.float64), self.centres.astype(np.float64)
        rows_in, centres_in = rows @ basis, centres @ basis
        roots = np.sqrt(self.variances[:-1].astype(np.float64))
        inside = _squared_between(rows_in / roots, centres_in / roots)
        outside = _squared_between(rows, centres) - _squared_between(rows_in, centres_in)
        made: Floats = inside + np.maximum(outside, 0.0) / float(self.variances[-1])
        return made


@dataclass(frozen=True, slots=True)
class Checks:
    """What facts of the decoded image are usual.

    Attributes:
        middle: (facts,) the training images' medians, each on its fact's scale.
        below: (facts,) how far the usual reaches below the median.
        above: (facts,) how far above it.
        limit: so many times as far is odd.
    """

    middle: tuple[float, ...]
    below: tuple[float, ...]
    above: tuple[float, ...]
    limit: float

    def reaches(self, facts: Floats) -> Floats:
        """Return (n, facts): how far each fact is out, 1 being the edge of the usual."""
        made = np.empty_like(facts)
        for at, fact in enumerate(FACTS):
            away = fact.inner(facts[:, at]) - self.middle[at]
            made[:, at] = np.where(away > 0, away / self.above[at], -away / self.below[at])
        return made

    def range_of(self, at: int) -> tuple[float, float]:
        """Return the least and the greatest value of a fact that is not odd."""
        low = self.middle[at] - self.limit * self.below[at]
        return FACTS[at].outer(low), FACTS[at].outer(self.middle[at] + self.limit * self.above[at])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a guard says about images.

    Attributes:
        oddness: (n,) how far out each is; above 1 it is odd.
        distance: (n,) the part of it from the network's features; 0 where it is not looked at.
        reasons: of each image why it is odd; None where it is not.
        facts: of each image the name of the fact that is odd; '' where none is, or the distance.
    """

    oddness: Floats
    distance: Floats
    reasons: tuple[Text | None, ...]
    facts: tuple[str, ...]

    @property
    def is_odd(self) -> NDArray[np.bool_]:
        """Return (n,) which images are odd."""
        return self.oddness > 1

    def __len__(self) -> int:
        return len(self.oddness)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a bundle knows about how its training images look.

    Attributes:
        distance: None where there were too few validation images for a limit.
        checks: likewise.
        false_alarms: 'all', 'distance', 'checks' -> share of validation images that would be
            taken for odd by limits from other groups: value, low, high, n, n_groups, confidence.
    """

    distance: Distance | None
    checks: Checks | None
    false_alarms: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def judge(self, features: NDArray[np.float32] | None, facts: Floats | None) -> Verdict:
        """Return the verdict on images.

        Args:
            features: (n, all features) of the taps; None: distance is not looked at.
            facts: (n, facts) of the decoded images; None: they are not looked at.
        """
        n = len(features) if features is not None else len(facts) if facts is not None else 0
        far, out = np.zeros(n), np.zeros(n)
        fact = np.zeros(n, dtype=np.int64)
        if self.distance is not None and features is not None:
            far = self.distance(features) / self.distance.limit
        if self.checks is not None and facts is not None:
            reaches = self.checks.reaches(facts)
            fact = _worth_telling(reaches, self.checks.limit)
            out = reaches.max(axis=1) / self.checks.limit
        reasons: list[Text | None] = []
        names: list[str] = []
        for at in range(n):
            says_fact = out[at] > 1  # it says more than a distance does
            names.append(FACTS[fact[at]].name if says_fact else "")
            if says_fact and self.checks is not None and facts is not None:
                reasons.append(
                    _out_of_range(self.checks, int(fact[at]), float(facts[at, fact[at]]))
                )
            elif far[at] > 1 and self.distance is not None:
                limit = self.distance.limit
                reasons.append(text("guard.far", distance=min(far[at] * limit, 1e6), limit=limit))
            else:
                reasons.append(None)
        return Verdict(np.maximum(far, out), far, tuple(reasons), tuple(names))

    def facts(self) -> dict[str, Any]:
        """Return what stands in bundle.json: limits and rates, no arrays."""
        made: dict[str, Any] = {"false_alarms": {k: dict(v) for k, v in self.false_alarms.items()}}
        if self.distance is not None:
            made["distance"] = {"taps": list(self.distance.taps), "limit": self.distance.limit}
        if self.checks is not None:
            checks = self.checks
            usual = {
                fact.name: {
                    "middle": checks.middle[at],
                    "below": checks.below[at],
                    "above": checks.above[at],
                    "range": list(checks.range_of(at)),
                }
                for at, fact in enumerate(FACTS)
            }
            made["checks"] = {"limit": checks.limit, "facts": usual}
        return made

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what stands in guard.safetensors; empty where no distance is looked at."""
        if self.distance is None:
            return {}
        return {name: getattr(self.distance, name) for name in _ARRAYS}

    @classmethod
    def of(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the guard that `facts` and `arrays` tell.

        Raises:
            KeyError, TypeError, ValueError: they tell none.
        """
        distance = checks = None
        if "distance" in facts:
            distance = _distance_from(facts["distance"], arrays)
        if "checks" in facts:
            checks = _checks_from(facts["checks"])
        rates = {
            str(kind): {str(name): float(value) for name, value in one.items()}
            for kind, one in dict(facts["false_alarms"]).items()
        }
        return cls(distance, checks, rates)


def _squared_between(rows: Floats, centres: Floats) -> Floats:
    """Return (n, m) squared Euclidean distances."""
    lengths = (rows**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    made: Floats = lengths - 2 * rows @ centres.T
    return made


def joined_verdicts(verdicts: Sequence[Verdict]) -> Verdict:
    """Return what most of several guards say: the middle one's oddness, the first one's reason."""
    if len(verdicts) == 1:
        return verdicts[0]
    oddness = np.median(np.stack([one.oddness for one in verdicts]), axis=0)
    distance = np.median(np.stack([one.distance for one in verdicts]), axis=0)
    reasons: list[Text | None] = []
    names: list[str] = []
    for at, is_odd in enumerate(oddness > 1):
        first = next((one for one in verdicts if is_odd and one.reasons[at] is not None), None)
        reasons.append(first.reasons[at] if first else None)
        names.append(first.facts[at] if first else "")
    return Verdict(oddness, distance, tuple(reasons), tuple(names))


def _worth_telling(reaches: Floats, limit: float) -> NDArray[np.int64]:
    """Return (n,) the fact that is furthest out; meaning and colour come before all others."""
    made: NDArray[np.int64] = reaches.argmax(axis=1).astype(np.int64)
    for name in _TOLD_FIRST:
        at = next(at for at, fact in enumerate(FACTS) if fact.name == name)
        made[reaches[:, at] > limit] = at
    return made


def _out_of_range(checks: Checks, at: int, value: float) -> Text:
    """Return in words how a fact is not as it is in training images."""
    fact: Fact = FACTS[at]
    low, high = checks.range_of(at)
    if fact.name == "values":
        return text("guard.other_values")
    if fact.name == "colourfulness":
        usual = checks.middle[at]
        if usual < _NO_COLOUR and value > usual:
            return text("guard.colour")
        if value < _NO_COLOUR:
            return text("guard.grey")
    key = "below" if fact.inner(np.array([value]))[0] < checks.middle[at] else "above"
    end = low if key == "below" else high
    return text(f"guard.{key}", fact=text(f"guard.fact_{fact.name}"), value=value, limit=end)


def _distance_from(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Distance:
    found = {name: np.asarray(arrays[name]) for name in _ARRAYS}
    floats = {name: found[name].astype(np.float32) for name in _ARRAYS[1:]}
    d, k = floats["basis"].shape
    shapes = {"mean": (d,), "scale": (d,), "variances": (k + 1,)}
    wrong = [name for name, shape in shapes.items() if floats[name].shape != shape]
    if floats["centres"].ndim != 2 or floats["centres"].shape[1] != d or not floats["centres"].size:
        wrong.append("centres")
    if found["places"].shape != (d,) or found["places"].dtype.kind != "i":
        wrong.append("places")
    if wrong or not all(np.isfinite(one).all() for one in floats.values()):
        raise ValueError(f"{FILE_NAME}: {', '.join(wrong) or 'nan'}")
    if floats["scale"].min() <= 0 or floats["variances"].min() <= 0 or found["places"].min() < 0:
        raise ValueError(f"{FILE_NAME}: scale, variances")
    taps = tuple(str(name) for name in facts["taps"])
    places = found["places"].astype(np.int64)
    return Distance(taps, places, **floats, limit=_positive(facts["limit"]))


def _checks_from(facts: Mapping[str, Any]) -> Checks:
    usual = [facts["facts"][fact.name] for fact in FACTS]
    return Checks(
        middle=tuple(float(one["middle"]) for one in usual),
        below=tuple(_positive(one["below"]) for one in usual),
        above=tuple(_positive(one["above"]) for one in usual),
        limit=_positive(facts["limit"]),
    )


def _positive(value: object) -> float:
    if not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise ValueError(f"{value!r}"[:80])
    return float(value)
