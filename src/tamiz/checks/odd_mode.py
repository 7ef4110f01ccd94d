"""Ways of storing colour that hardly any other picture of the set has."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from tamiz.checks.registry import CHECKS
from tamiz.checks.suspecting import about_rows
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence

RARE: Final = 0.05
_MIN_ROWS: Final = 20


@CHECKS.add("odd_mode")
def odd_mode(evidence: Evidence) -> CheckResult:
    """Return pictures in a colour mode that at most 5 % of the set have.

    Grey among colour, colour among grey, transparency, 16 bits among 8: they are read by one
    rule, but they were made in another way than the rest.
    """
    manifest = evidence.manifest
    n = len(manifest)
    if n < _MIN_ROWS or not {"mode", "bits"} <= set(manifest.column_names):
        return CheckResult({"odd_mode": np.full(n, np.nan, dtype=np.float32)})
    kinds = [f"{mode}, {bits} bits" for mode, bits in manifest.rows("mode", "bits")]
    counts = Counter(kinds)
    share = np.array([counts[kind] / n for kind in kinds], dtype=np.float32)
    is_rare = share <= RARE
    rare = [f"{kind} ({count:,})" for kind, count in counts.most_common() if count / n <= RARE]
    usual, _ = counts.most_common(1)[0]
    words = (
        text("checks.odd_mode", n=int(is_rare.sum()), kinds="; ".join(rare[:6]), usual=usual),
        text("checks.odd_mode_advice"),
        text("checks.counted"),
    )
    score = np.clip(share / (2 * RARE), 0, 1).astype(np.float32)
    return CheckResult({"odd_mode": score}, about_rows(is_rare, 1 - share, words))
