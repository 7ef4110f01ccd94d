"""The same picture more than once, and the same picture under two labels."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from tamiz.checks.registry import CHECKS
from tamiz.core.language import text
from tamiz.data.clusters import clusters
from tamiz.data.evidence import KINSHIPS, CheckResult, Evidence, Suspicion
from tamiz.data.report import Finding, Severity

_NEAR: Final = tuple(kind for kind in KINSHIPS if kind != "burst")
_MOST: Final = 2000
_MIRRORS: Final = 3  # mirrored copies from one label to another, before they may be a rule
_SHARE: Final = 0.8


@CHECKS.add("duplicates")
def duplicates(evidence: Evidence) -> CheckResult:
    """Return sets of pictures that show the same thing, by the most that was done to one of them.

    The sets are those of `clusters`, as in every other verdict: chains of look-alikes fall apart.
    The score is 1 minus the likeness to the nearest other picture, where there is one that is
    near-identical. Labels are compared among rows outside the test part only.
    """
    pairs = evidence.pairs
    n = len(evidence.manifest)
    score = np.ones(n, dtype=np.float32)
    grade = np.zeros(n, dtype=np.int64)
    near = pairs.take([at for at, kind in enumerate(pairs.kinship) if kind in _NEAR])
    for first, second, kind, likeness in near.rows():
        for row in (first, second):
            score[row] = min(score[row], 1 - likeness)
            grade[row] = max(grade[row], _NEAR.index(kind))
    sets = clusters(near, n) if len(near) else []
    labels = _open_labels(evidence)
    swapped, unlike = _swapped_by_mirrors(evidence, labels)
    contradicting = [rows for rows in sets if len(_labels_of(rows, labels)) > 1]
    mirrored = [
        rows
        for rows in contradicting
        if _labels_of(rows, labels) in swapped and unlike.isdisjoint(rows)
    ]
    errors = [rows for rows in contradicting if rows not in mirrored]
    found = [_of_two_labels("two_labels", errors, n)] if errors else []
    if mirrored:
        words = ", ".join(sorted(" / ".join(sorted(pair)) for pair in swapped))
        found.append(_of_two_labels("two_sides", mirrored, n, pairs=words))
    for number, kind in enumerate(_NEAR):
        some = [rows for rows in sets if max(grade[row] for row in rows) == number]
        if some:
            found.append(_of_kind(kind, some, n))
    return CheckResult({"duplicates": score}, tuple(found))


def _open_labels(evidence: Evidence) -> list[str | None]:
    """Return the label of each row outside the test part; None where it has none."""
    pairs = zip(evidence.manifest.column("label"), evidence.sealed.tolist(), strict=True)
    return [None if is_sealed else label for label, is_sealed in pairs]


def _labels_of(rows: tuple[int, ...], labels: list[str | None]) -> frozenset[str]:
    return frozenset(label for row in rows if (label := labels[row]) is not None)


def _swapped_by_mirrors(
    evidence: Evidence, labels: list[str | None]
) -> tuple[set[frozenset[str]], set[int]]:
    """Return the pairs of labels that mirroring swaps, and the rows that it does not explain.

    Mirroring swaps two labels where there are at least three mirrored copies from one to the
    other, and they are four in five of all mirrored copies of the two: a left hand, mirrored, is
    a right one. It does not explain a row that is like one of another label without being
    mirrored.
    """
    pairs = evidence.pairs
    alike = zip(pairs.first.tolist(), pairs.second.tolist(), pairs.kinship, strict=True)
    near = [(_labels_of((a, b), labels), a, b, kind) for a, b, kind in alike if kind in _NEAR]
    mirrors = Counter(found for found, a, b, kind in near if kind == "flipped" and found)
    swapped = {
        found
        for found, k in mirrors.items()
        if len(found) == 2
        and k >= _MIRRORS
        and k >= _SHARE * sum(m for other, m in mirrors.items() if other & found)
    }
    unlike: set[int] = set()
    for found, a, b, kind in near:
        if len(found) == 2 and not (kind == "flipped" and found in swapped):
            unlike.update((a, b))
    return swapped, unlike


def _of_two_labels(key: str, sets: list[tuple[int, ...]], n: int, **words: object) -> Suspicion:
    n_rows = sum(map(len, sets))
    finding = Finding(
        severity=Severity.WARNING,
        what=text(f"checks.{key}", n=len(sets), n_rows=n_rows, **words),
        advice=text(f"checks.{key}_advice"),
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
