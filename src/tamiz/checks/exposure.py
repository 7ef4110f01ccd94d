"""Blank, too dark, too bright, without contrast."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.checks.habits import as_score, deviations
from tamiz.checks.registry import CHECKS
from tamiz.checks.suspecting import about_rows
from tamiz.core.language import text
from tamiz.data.evidence import CheckResult, Evidence, Proposal, Suspicion

BLANK_CONTRAST: Final = 2.0  # standard deviation in grey levels
DARK: Final = 20.0  # mean grey level
BRIGHT: Final = 235.0
LIMIT: Final = 4.0  # robust standard deviations


@CHECKS.add("exposure")
def exposure(evidence: Evidence) -> CheckResult:
    """Return blank pictures, and those that are dark or bright both as such and for their set.

    Blank: the grey levels' standard deviation is below 2. Dark or bright: the mean level is below
    20 or above 235, and four robust standard deviations from the set's median; radiographs and
    digits on black are dark by nature, and that is no fault.
    """
    figures = evidence.sketches.figures
    brightness, contrast = figures["brightness"], figures["contrast"]
    away = deviations(brightness, least_spread=8.0)
    is_blank = contrast < BLANK_CONTRAST
    is_dark = (brightness < DARK) & (away < -LIMIT) & ~is_blank
    is_bright = (brightness > BRIGHT) & (away > LIMIT) & ~is_blank
    score = as_score(np.abs(away), LIMIT)
    score = np.where(is_blank, 0.0, score).astype(np.float32)
    n = len(brightness)
    made: list[Suspicion] = []
    for name, marked in (("blank", is_blank), ("dark", is_dark), ("bright", is_bright)):
        count = int(marked.sum())
        words = (
            text(f"checks.{name}", n=count, share=count / max(1, n)),
            text("checks.exposure_advice"),
            text(f"checks.{name}_certainty", limit=LIMIT),
        )
        proposal: Proposal = "leave-out" if name == "blank" else "look"
        made += about_rows(marked, np.abs(away), words, proposal)
    return CheckResult({"exposure": score}, tuple(made))
