"""Labels that may be wrong: those that a classifier which never saw them finds hard to believe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.checks.features import Expansion, cross_validated, features_of
from tamiz.checks.registry import CHECKS
from tamiz.core.language import Text, text
from tamiz.data.evidence import CheckResult, Evidence, Suspicion
from tamiz.data.report import Finding, Severity

N_FOLDS: Final = 5
MIN_GROUPS: Final = 2 * N_FOLDS  # of a class
MOST_ROWS: Final = 100_000
MOST_QUEUED: Final = 6000
_MIN_ACCURACY_GAIN: Final = 0.25  # over chance, as a share of what is possible
_N_WAVES: Final = 2000
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The rows whose labels are asked about.

    Attributes:
        rows: (m,) row numbers.
        target: (m,) class of each, by number.
        fold: (m,) rows of one group share a fold.
        names: the classes.
    """

    rows: NDArray[np.int64]
    target: NDArray[np.int64]
    fold: NDArray[np.int64]
    names: tuple[str, ...]


@CHECKS.add("labels")
def labels(evidence: Evidence) -> CheckResult:
    """Rank labels by how little a cross-validated classifier believes them.

    Confident learning (Northcutt 2021): a classifier is trained on four fifths of the groups and
    asked about the last; a label is doubtful where the belief in it is low and the belief in
    another class exceeds what is usual for that class. Neither trained on nor asked about: rows
    of the sealed test part, rows without label, classes with fewer than 10 groups. The score is
    for sorting only: what the classifier would have answered is kept from who reviews the queue.
    """
    n = len(evidence.manifest)
    nothing = np.full(n, np.nan, dtype=np.float32)
    asked = _asked(evidence)
    if isinstance(asked, Text):
        return _silent(nothing, asked)
    rng = np.random.default_rng(evidence.seed)
    features = features_of(evidence.sketches.take(asked.rows))
    n_waves = min(_N_WAVES, max(64, len(features) // 2))
    expanded = Expansion.of(features, n_waves, rng)(features)
    scores = cross_validated(expanded, asked.target, asked.fold, len(asked.names))
    answers = scores.argmax(axis=1)
    shares = np.bincount(asked.target) / len(asked.target)
    accuracy, chance = float((answers == asked.target).mean()), float(shares.max())
    if accuracy < chance + _MIN_ACCURACY_GAIN * (1 - chance):
        figures = {"accuracy": accuracy, "chance": chance, "n": len(asked.rows)}
        asked_for = {"n_classes": len(asked.names), "least": MIN_GROUPS}
        return _silent(nothing, text("label_checks.labels_blind", **figures, **asked_for))
    belief, is_doubtful = _judge(scores, asked.target)
    nothing[asked.rows] = belief
    order = np.argsort(belief, kind="stable")
    queue = asked.rows[order[is_doubtful[order]]][:MOST_QUEUED]
    if not len(queue):
        return CheckResult({"label": nothing})
    clusters = tuple((int(row),) for row in queue)
    finding = _finding(int(is_doubtful.sum()), len(asked.rows), accuracy)
    return CheckResult({"label": nothing}, (Suspicion(finding, clusters, "look", is_blind=True),))


def _asked(evidence: Evidence) -> _Asked | Text:
    """Return the rows to ask about, or in words why there are none."""
    given = evidence.manifest.column("label")
    keys = np.array(evidence.manifest.group_keys(), dtype=np.str_)
    open_rows = [i for i, one in enumerate(given) if one is not None and not evidence.sealed[i]]
    rows = np.array(open_rows, dtype=np.int64)
    rng = np.random.default_rng(evidence.seed)
    if len(rows) > MOST_ROWS:
        rows = np.sort(rng.permutation(rows)[:MOST_ROWS])
    words = np.array([given[i] for i in rows], dtype=np.str_)
    names = [
        name for name in np.unique(words) if len(np.unique(keys[rows][words == name])) >= MIN_GROUPS
    ]
    if len(names) < 2:
        return text("label_checks.labels_too_few", least=MIN_GROUPS)
    is_kept = np.isin(words, names)
    rows, words = rows[is_kept], words[is_kept]
    groups = np.unique(keys[rows], return_inverse=True)[1].reshape(-1)
    fold_of_group = rng.permutation(int(groups.max()) + 1) % N_FOLDS
    target = np.searchsorted(np.array(names), words)
    return _Asked(rows, target.astype(np.int64), fold_of_group[groups], tuple(map(str, names)))


def _judge(scores: Floats, target: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the belief in each given label, 0..1, and whether another class is believed more."""
    at = np.arange(len(scores))
    own = scores[at, target].copy()
    others = scores.copy()
    others[at, target] = -np.inf
    best_other = others.max(axis=1)
    raw = own - 0.5 * best_other
    low, high = float(raw.min()), float(raw.max())
    belief = (raw - low) / (high - low) if high > low else np.ones_like(raw)
    usual = np.array(
        [
            scores[target == k, k].mean() if (target == k).any() else np.inf
            for k in range(scores.shape[1])
        ]
    )
    other = others.argmax(axis=1)
    is_doubtful = (best_other >= usual[other]) & (best_other > own)
    return belief.astype(np.float32), is_doubtful


def _finding(n_doubtful: int, n: int, accuracy: float) -> Finding:
    share = n_doubtful / n
    return Finding(
        severity=Severity.WARNING if share > 0.01 else Severity.NOTE,
        what=text("label_checks.labels", n=n_doubtful, total=n, share=share),
        advice=text("label_checks.labels_advice"),
        command="tamiz clean {source} --out {run} --apply {run}/decisions.csv",
        certainty=text("label_checks.labels_certainty", accuracy=accuracy, folds=N_FOLDS),
        effect=share,
        items=(),
    )


def _silent(scores: Floats, reason: Text) -> CheckResult:
    """Return scores that say nothing, and why."""
    finding = Finding(Severity.NOTE, text("label_checks.labels_not_asked", reason=reason))
    return CheckResult({"label": scores}, (Suspicion(finding, ()),))
