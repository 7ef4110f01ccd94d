"""Sizes and shapes that hardly any other picture of the set has."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.checks.habits import as_score, deviations
from tamiz.checks.registry import CHECKS
from tamiz.checks.suspecting import about_rows
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence

LIMIT: Final = 6.0


@CHECKS.add("odd_size")
def odd_size(evidence: Evidence) -> CheckResult:
    """Return pictures far larger, smaller, wider or taller than is usual in the set.

    Six robust standard deviations of the logarithm of the area, or of width over height, each
    spread taken as at least 10 %.
    """
    figures = evidence.sketches.figures
    width = np.maximum(figures["width_px"], 1)
    height = np.maximum(figures["height_px"], 1)
    area = np.abs(deviations(np.log(width * height), least_spread=0.2))
    shape = np.abs(deviations(np.log(width / height), least_spread=0.1))
    oddity = np.fmax(area, shape)
    is_odd = oddity > LIMIT
    count = int(is_odd.sum())
    sizes = sorted({(int(width[i]), int(height[i])) for i in np.nonzero(is_odd)[0]})
    shown = ", ".join(f"{w} × {h}" for w, h in sizes[:5]) + (", ..." if len(sizes) > 5 else "")
    words = (
        text("checks.odd_size", n=count, share=count / max(1, len(area)), sizes=shown),
        text("checks.odd_size_advice"),
        text("checks.robust", limit=LIMIT),
    )
    return CheckResult({"odd_size": as_score(oddity, LIMIT)}, about_rows(is_odd, oddity, words))
