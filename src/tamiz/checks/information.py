"""Pictures with hardly anything on them."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.checks.exposure import BLANK_CONTRAST
from tamiz.checks.habits import as_score, deviations
from tamiz.checks.registry import CHECKS
from tamiz.checks.suspecting import about_rows
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence

LIMIT: Final = 5.0
MAX_BITS: Final = 5.0  # of 8; what holds more is not empty, however unusual in its set


@CHECKS.add("information")
def information(evidence: Evidence) -> CheckResult:
    """Return pictures whose grey levels hold far less information than is usual in the set.

    The entropy of the grey histogram: below 5 bits, and five robust standard deviations below the
    median. Blank pictures are the business of `exposure`.
    """
    figures = evidence.sketches.figures
    is_asked = figures["contrast"] >= BLANK_CONTRAST
    entropy = np.where(is_asked, figures["entropy_bits"], np.nan).astype(np.float32)
    emptiness = -deviations(entropy, least_spread=0.15)
    is_empty = (emptiness > LIMIT) & (entropy < MAX_BITS)
    count = int(is_empty.sum())
    words = (
        text("checks.information", n=count, share=count / max(1, len(entropy))),
        text("checks.information_advice"),
        text("checks.robust", limit=LIMIT),
    )
    found = about_rows(is_empty, emptiness, words)
    return CheckResult({"information": as_score(emptiness, LIMIT)}, found)
