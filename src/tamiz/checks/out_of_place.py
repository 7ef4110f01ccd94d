"""Pictures that are like no other of the set: a landscape among chests, a form among digits."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.checks.features import Expansion, features_of
from tamiz.checks.registry import CHECKS
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence, Suspicion
from tamiz.data.report import Finding, Severity

MIN_ROWS: Final = 30
_REFERENCE: Final = 5000
_N_NEIGHBOURS: Final = 5
_FAR: Final = 6.0  # robust standard deviations of the logarithm of the distance
_CHUNK: Final = 2048
_MOST: Final = 500
Floats = NDArray[np.float32]


@CHECKS.add("out_of_place")
def out_of_place(evidence: Evidence) -> CheckResult:
    """Return how far each picture lies from its nearest neighbours, and those that lie far out.

    The distance is that to the fifth nearest of up to 5,000 pictures of the set, in edges, pixels
    and colours; far is six robust standard deviations (1.4826 MAD) beyond the median of its
    logarithm. Labels are not used, so the test part is looked at too.
    """
    n = len(evidence.manifest)
    if n < MIN_ROWS:
        return CheckResult({"out_of_place": np.full(n, np.nan, dtype=np.float32)})
    distance = _distances(evidence)
    logs = np.log(np.maximum(distance, 1e-6))
    middle = float(np.median(logs))
    spread = max(1.4826 * float(np.median(np.abs(logs - middle))), 0.02)
    away = (logs - middle) / spread
    score = np.clip(1 - away / (2 * _FAR), 0.0, 1.0).astype(np.float32)
    far = np.nonzero(away > _FAR)[0]
    if not len(far):
        return CheckResult({"out_of_place": score})
    far = far[np.argsort(-away[far], kind="stable")]
    finding = Finding(
        severity=Severity.WARNING if len(far) > 0.01 * n else Severity.NOTE,
        what=text("label_checks.out_of_place", n=len(far), share=len(far) / n),
        advice=text("label_checks.out_of_place_advice"),
        command="tamiz clean {source} --out {run} --apply {run}/decisions.csv",
        certainty=text(
            "label_checks.out_of_place_certainty", limit=_FAR, highest=float(away[far[0]])
        ),
        effect=len(far) / n,
    )
    clusters = tuple((int(row),) for row in far[:_MOST])
    return CheckResult({"out_of_place": score}, (Suspicion(finding, clusters, "look"),))


def _distances(evidence: Evidence) -> Floats:
    """Return (n,) the distance to the fifth nearest other picture of the reference."""
    rng = np.random.default_rng(evidence.seed)
    features = features_of(evidence.sketches)
    expansion = Expansion.of(features, 1, rng)
    placed = (features - expansion.mean) @ expansion.components
    n = len(placed)
    chosen = np.sort(rng.permutation(n)[:_REFERENCE])
    reference = placed[chosen]
    squares = (reference * reference).sum(axis=1)
    k = min(_N_NEIGHBOURS, len(chosen) - 1)
    made = np.empty(n, dtype=np.float32)
    for start in range(0, n, _CHUNK):
        part = placed[start : start + _CHUNK]
        apart = (part * part).sum(axis=1)[:, None] + squares - 2 * part @ reference.T
        rows = np.arange(start, start + len(part))
        apart[rows[:, None] == chosen[None, :]] = np.inf  # nobody is a neighbour of itself
        nearest = np.partition(apart, k - 1, axis=1)[:, k - 1]
        made[start : start + len(part)] = np.sqrt(np.maximum(nearest, 0.0))
    return made
