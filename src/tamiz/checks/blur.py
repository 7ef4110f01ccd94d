"""Blurred pictures, against the habit of the set."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.checks.exposure import BLANK_CONTRAST
from tamiz.checks.habits import as_score, deviations
from tamiz.checks.registry import CHECKS
from tamiz.checks.suspecting import about_rows
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence

LIMIT: Final = 4.5
MIN_RATIO: Final = 8.0  # how many times less sharp than the median
_MIN_SIDE_PX: Final = 48  # smaller pictures have no sharpness to speak of


@CHECKS.add("blur")
def blur(evidence: Evidence) -> CheckResult:
    """Return pictures whose edges are far softer than is usual in the set.

    Sharpness is the variance of the Laplacian over that of the grey levels; suspicious is an
    eighth of the median and less, when that is 4.5 robust standard deviations of its logarithm
    away. Blank pictures and those below 48 px are not asked.
    """
    figures = evidence.sketches.figures
    side = np.minimum(figures["width_px"], figures["height_px"])
    is_asked = (figures["contrast"] >= BLANK_CONTRAST) & (side >= _MIN_SIDE_PX)
    logs = np.log(np.maximum(figures["sharpness"], 1e-6))
    softness = -deviations(np.where(is_asked, logs, np.nan).astype(np.float32), least_spread=0.2)
    usual = float(np.median(logs[is_asked])) if is_asked.any() else 0.0
    is_soft = (softness > LIMIT) & (logs < usual - np.log(MIN_RATIO))
    count = int(is_soft.sum())
    words = (
        text("checks.blur", n=count, share=count / max(1, len(logs))),
        text("checks.blur_advice"),
        text("checks.robust", limit=LIMIT),
    )
    found = about_rows(is_soft, softness, words)
    return CheckResult({"blur": as_score(softness, LIMIT)}, found)
