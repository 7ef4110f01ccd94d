"""Which rows the probes are asked about, and all probes asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tamiz.core.language import Text, text
from tamiz.core.seeds import derive_seed
from tamiz.data.evidence import Evidence
from tamiz.probes.chance import Asked, Dealt, Floats
from tamiz.probes.registry import PROBES
from tamiz.probes.score import N_FOLDS, Scored, score

MIN_GROUPS: Final = 2 * N_FOLDS  # of a class
MOST_ROWS: Final = 4000
PERMUTATIONS: Final = 1999  # so many that p < 0.01 can survive a correction for 20 probes
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe said.

    Attributes:
        name: the probe.
        scored: its figures; None when it does not apply.
        p_corrected: by Holm over all probes that were asked.
        note: why it was not asked.
    """

    name: str
    scored: Scored | None
    p_corrected: float = 1.0
    note: Text | None = None


def rows_to_ask(evidence: Evidence) -> Asked | Text:
    """Return the labelled rows outside the test part, at most 4,000; or why there are too few.

    Classes with fewer than 10 groups are left aside. Folds hold whole groups, each class dealt
    out evenly; rows come fold by fold.
    """
    labels = evidence.manifest.column("label")
    keys = np.array(evidence.manifest.group_keys(), dtype=np.str_)
    is_open = [label is not None and not evidence.sealed[i] for i, label in enumerate(labels)]
    rows = np.nonzero(np.array(is_open, dtype=np.bool_))[0]
    words = np.array([str(labels[i]) for i in rows], dtype=np.str_)
    names = [n for n in np.unique(words) if len(np.unique(keys[rows][words == n])) >= MIN_GROUPS]
    if len(names) < 2:
        return text("probes.too_few", least=MIN_GROUPS)
    is_kept = np.isin(words, names)
    rows, words = rows[is_kept], words[is_kept]
    rng = np.random.default_rng(evidence.seed)
    chosen = _by_whole_groups(keys[rows], rng)
    rows, words = rows[chosen], words[chosen]
    target = np.searchsorted(np.array(names), words).astype(np.int64)
    group = np.unique(keys[rows], return_inverse=True)[1].reshape(-1).astype(np.int64)
    _, first = np.unique(group, return_index=True)
    fold_of_group = np.empty(len(first), dtype=np.int64)
    for name in range(len(names)):
        of_class = rng.permutation(np.nonzero(target[first] == name)[0])
        fold_of_group[of_class] = (np.arange(len(of_class)) + name) % N_FOLDS
    fold = fold_of_group[group]
    order = np.argsort(fold, kind="stable")
    return Asked(rows[order], target[order], group[order], fold[order], tuple(map(str, names)))


def _by_whole_groups(keys: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the places of up to 4,000 rows: whole groups, drawn at random."""
    if len(keys) <= MOST_ROWS:
        return np.arange(len(keys))
    names, group, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    order = rng.permutation(len(names))
    kept = order[np.cumsum(sizes[order]) <= MOST_ROWS]
    if not len(kept):  # one group is larger than all that is asked about
        return np.sort(rng.permutation(len(keys))[:MOST_ROWS])
    return np.nonzero(np.isin(group.reshape(-1), kept))[0]


def ask_all(evidence: Evidence, asked: Asked, *, on_progress: Progress) -> tuple[ProbeResult, ...]:
    """Return what every probe says, in the order of their names."""
    results = []
    names = PROBES.names()
    dealt = Dealt(asked, PERMUTATIONS, derive_seed(evidence.seed, "permutations"))
    for number, name in enumerate(names):
        features = PROBES.get(name)(evidence)
        results.append(_one(name, features, dealt, evidence.seed))
        on_progress(number + 1, len(names))
    return _with_holm(results)


def _one(name: str, features: Floats | None, dealt: Dealt, seed: int) -> ProbeResult:
    if features is None:
        return ProbeResult(name, None, note=text("probes.nothing"))
    some = features[dealt.asked.rows]
    is_finite = np.isfinite(some)
    low = np.where(is_finite, some, np.inf).min(axis=0)
    high = np.where(is_finite, some, -np.inf).max(axis=0)
    is_mixed = is_finite.any(axis=0) & ~is_finite.all(axis=0)
    some = some[:, (low < high) | is_mixed]
    if not some.shape[1]:
        return ProbeResult(name, None, note=text("probes.constant"))
    return ProbeResult(name, score(some, dealt, seed=derive_seed(seed, name)))


def _with_holm(results: Sequence[ProbeResult]) -> tuple[ProbeResult, ...]:
    """Return the results with p-values corrected for their number (Holm 1979)."""
    known = [(one.scored.p, at) for at, one in enumerate(results) if one.scored is not None]
    made = list(results)
    highest = 0.0
    for rank, (p, at) in enumerate(sorted(known)):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        made[at] = replace(made[at], p_corrected=highest)
    return tuple(made)
