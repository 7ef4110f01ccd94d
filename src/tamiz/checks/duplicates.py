"""The same picture more than once, and the same picture under two labels."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.checks.registry import CHECKS
from tamiz.core.language import text
from tamiz.data.evidence import KINSHIPS, CheckResult, Evidence, Suspicion
from tamiz.data.report import Finding, Severity
from tamiz.data.unions import connected

_NEAR: Final = tuple(kind for kind in KINSHIPS if kind != "burst")
_MOST: Final = 2000


@CHECKS.add("duplicates")
def duplicates(evidence: Evidence) -> CheckResult:
    """Return sets of pictures that show the same thing, by the most that was done to one of them.

    The score is 1 minus the likeness to the nearest other picture, where there is one that is
    near-identical. Labels are compared among rows outside the test part only.
    """
    pairs = evidence.pairs
    n = len(evidence.manifest)
    score = np.ones(n, dtype=np.float32)
    grade = np.zeros(n, dtype=np.int64)
    links = []
    for first, second, kind, likeness in zip(
        pairs.first.tolist(),
        pairs.second.tolist(),
        pairs.kinship,
        pairs.score.tolist(),
        strict=True,
    ):
        if kind not in _NEAR:
            continue
        links.append((first, second))
        for row in (first, second):
            score[row] = min(score[row], 1 - likeness)
            grade[row] = max(grade[row], _NEAR.index(kind))
    sets = connected(links)
    labels = evidence.manifest.column("label")
    found = []
    contradicting = [rows for rows in sets if _contradict(rows, labels, evidence.sealed)]
    if contradicting:
        found.append(_of_two_labels(contradicting, n))
    for number, kind in enumerate(_NEAR):
        some = [rows for rows in sets if max(grade[row] for row in rows) == number]
        if some:
            found.append(_of_kind(kind, some, n))
    return CheckResult({"duplicates": score}, tuple(found))


def _contradict(rows: tuple[int, ...], labels: list[str | None], sealed: np.ndarray) -> bool:
    seen = {labels[row] for row in rows if labels[row] is not None and not sealed[row]}
    return len(seen) > 1


def _of_two_labels(sets: list[tuple[int, ...]], n: int) -> Suspicion:
    n_rows = sum(map(len, sets))
    finding = Finding(
        severity=Severity.WARNING,
        what=text("checks.two_labels", n=len(sets), n_rows=n_rows),
        advice=text("checks.two_labels_advice"),
        command="tamiz clean {source} --out {run} --apply {run}/decisions.csv",
        certainty=text("checks.laid_upon"),
        effect=min(1.0, n_rows / max(1, n)),
    )
    return Suspicion(finding, tuple(sets[:_MOST]))


def _of_kind(kind: str, sets: list[tuple[int, ...]], n: int) -> Suspicion:
    n_rows = sum(map(len, sets))
    word = kind.replace(" ", "_").replace("-", "_")
    finding = Finding(
        severity=Severity.NOTE,
        what=text(f"checks.copies_{word}", n=len(sets), n_rows=n_rows),
        advice=text("checks.copies_advice"),
        certainty=text("checks.equal" if kind == "same pixels" else "checks.laid_upon"),
        effect=min(1.0, n_rows / max(1, n)),
    )
    return Suspicion(finding, tuple(sets[:_MOST]))
