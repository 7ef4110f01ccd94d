"""How well a probe tells the label: cross-validated AUROC, its interval, its permutation p-value.

Everything is by groups. Folds hold whole groups; the interval resamples groups; permutations deal
the labels out anew among groups, so that many pictures of one patient count as one fact. The
classifier is ridge regression, whose answer is linear in the labels: one matrix per fold serves
all permutations, which are therefore refitted, each of them, at the price of one product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.probes.chance import (
    SAMPLE,
    Asked,
    Dealt,
    Floats,
    Ints,
    Map,
    answers,
    aurocs,
    indicator,
    separations,
)
from tamiz.probes.interval import interval

N_FOLDS: Final = 5
_RIDGE: Final = 0.05  # of the number of training rows
_FEW: Final = 12  # up to as many numbers are also cut into bins
_N_BINS: Final = 8
_COMPONENTS: Final = 40
_EXAMPLES: Final = 6
_ENOUGH: Final = 20
_TOLERANCE: Final = 1e-6  # of 32-bit sums: labels dealt out as they were must count as as good


@dataclass(frozen=True, slots=True)
class Scored:
    """What a probe can tell.

    Attributes:
        auroc: macro average of one class against the rest, 0..1, cross-validated.
        low: lower end of its 95 % interval (percentiles over resampled groups).
        high: upper end.
        p: share of permutations whose answers part the classes as far (means, in standard
            deviations): (1 + k) / (1 + permutations).
        n: rows.
        n_groups: groups.
    """

    auroc: float
    low: float
    high: float
    p: float
    n: int
    n_groups: int


def score(features: Floats, dealt: Dealt, *, seed: int) -> Scored:
    """Return how well `features` tell the label.

    Args:
        features: (m, d) aligned with the rows asked about; nan is put in as the column's median.
        dealt: these rows, and their labels dealt out anew; it ends early when 20 of them were
            told as well as the true ones (Besag & Clifford 1991).
        seed: of resampling.
    """
    asked = dealt.asked
    rng = np.random.default_rng(seed)
    maps = _maps(features, asked)
    given = answers(maps, indicator(asked.target[None], asked.n_asked_for))
    auroc = float(aurocs(given, asked.target[None], asked.n_asked_for)[0])
    chance = _chance(maps, dealt)
    low, high = interval(
        auroc, given, asked.target, asked.group, chance.examples, chance.spread, rng
    )
    return Scored(auroc, low, high, chance.p, len(asked.rows), asked.n_groups)


@dataclass(frozen=True, slots=True)
class _Chance:
    """What comes out when there is nothing to tell.

    Attributes:
        p: how rarely it is as good as what was observed.
        spread: of the AUROC around 0.5, a standard deviation.
        examples: answers (m, classes) and labels of a few permutations.
    """

    p: float
    spread: float
    examples: tuple[tuple[Floats, Ints], ...]


def _chance(maps: list[Map], dealt: Dealt) -> _Chance:
    n_classes = dealt.asked.n_asked_for
    observed = separations(maps, dealt.asked.target[None], n_classes)[0] - _TOLERANCE
    n_as_good = n_done = 0
    away: list[float] = []
    examples: list[tuple[Floats, Ints]] = []
    for lot in dealt.lots():
        if len(away) < SAMPLE:
            got = answers(maps, indicator(lot, n_classes))
            away += (aurocs(got, lot, n_classes) - 0.5).tolist()
            shape = (len(got), len(lot), n_classes)
            by_label = got.reshape(shape).transpose(1, 0, 2)
            missing = _EXAMPLES - len(examples)
            examples += [(one.copy(), labels) for one, labels in zip(by_label, lot, strict=True)][
                :missing
            ]
        n_as_good += int((separations(maps, lot, n_classes) >= observed).sum())
        n_done += len(lot)
        if n_as_good >= _ENOUGH:  # p is large, and more permutations would only say how large
            break
    spread = float(np.sqrt(np.mean(np.square(away)))) if away else 0.0
    return _Chance((1 + n_as_good) / (1 + n_done), spread, tuple(examples))


def _maps(features: Floats, asked: Asked) -> list[Map]:
    made = []
    ends = np.searchsorted(asked.fold, np.arange(int(asked.fold.max()) + 2))
    for start, stop in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if start == stop or stop - start == len(features):
            continue
        others = np.concatenate([features[:start], features[stop:]])
        x, asked_x = _prepared(others, features[start:stop])
        normal = x.T @ x + _RIDGE * len(x) * np.eye(x.shape[1], dtype=np.float32)
        right = np.linalg.solve(normal, x.T).astype(np.float32)
        made.append(Map(start, stop, asked_x, right))
    return made


def _prepared(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return both standardised (by `train` alone), with bins where there are few columns."""
    train, test = _filled(train, test)
    if train.shape[1] > _COMPONENTS:
        train, test = _components(train, test)
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1.0)
    parts = [((train - mean) / spread, (test - mean) / spread)]
    if train.shape[1] <= _FEW:
        cuts = np.quantile(train, np.arange(1, _N_BINS) / _N_BINS, axis=0)
        parts.append((_binned(train, cuts), _binned(test, cuts)))
    x, asked = (
        np.concatenate(part, axis=1).astype(np.float32) for part in zip(*parts, strict=True)
    )
    centre = x.mean(axis=0)
    return x - centre, asked - centre


def _filled(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return both with gaps filled by the median, and a column that says where gaps were."""
    is_known, is_asked = np.isfinite(train), np.isfinite(test)
    has_gaps = ~is_known.all(axis=0)
    if not has_gaps.any() and is_asked.all():
        return train, test
    known = np.where(is_known, train, np.nan)
    middle = np.nanmedian(np.where(is_known.any(axis=0), known, 0.0), axis=0)
    filled, asked = np.where(is_known, train, middle), np.where(is_asked, test, middle)
    return (
        np.concatenate([filled, ~is_known[:, has_gaps]], axis=1, dtype=np.float32),
        np.concatenate([asked, ~is_asked[:, has_gaps]], axis=1, dtype=np.float32),
    )


def _components(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    mean = train.mean(axis=0)
    centred = train - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(train))
    kept: Floats = vectors[:, ::-1][:, : min(_COMPONENTS, int((values > 1e-9).sum()) or 1)]
    one, other = centred @ kept, (test - mean) @ kept
    return one.astype(np.float32), other.astype(np.float32)


def _binned(values: Floats, cuts: NDArray[np.floating]) -> Floats:
    """Return one column for each bin of each feature."""
    columns = [
        (np.searchsorted(cuts[:, at], values[:, at], side="right")[:, None] == np.arange(_N_BINS))
        for at in range(values.shape[1])
    ]
    made: Floats = np.concatenate(columns, axis=1).astype(np.float32)
    return made
