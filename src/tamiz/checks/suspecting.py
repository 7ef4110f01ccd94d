"""A suspicion about single pictures, worded in one way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text
from tamiz.data.evidence import Proposal, Suspicion
from tamiz.data.report import Finding, Severity

COMMAND = "tamiz clean {source} --out {run} --apply {run}/decisions.csv"
_MOST = 2000
_MANY = 0.01  # share of the set from which a suspicion is a warning


def about_rows(
    is_suspect: NDArray[np.bool_],
    badness: NDArray[np.float32],
    words: tuple[Text, Text, Text],
    proposal: Proposal = "look",
) -> tuple[Suspicion, ...]:
    """Return a suspicion about the rows marked, the worst first; none where none is marked.

    Args:
        is_suspect: (n,).
        badness: (n,) larger is worse.
        words: what, advice, certainty.
        proposal: for decisions.csv.
    """
    rows = np.nonzero(is_suspect)[0]
    if not len(rows):
        return ()
    rows = rows[np.argsort(-badness[rows], kind="stable")]
    share = len(rows) / len(is_suspect)
    what, advice, certainty = words
    severity = Severity.WARNING if share > _MANY else Severity.NOTE
    finding = Finding(severity, what, advice, COMMAND, certainty=certainty, effect=min(1.0, share))
    return (Suspicion(finding, tuple((int(row),) for row in rows[:_MOST]), proposal),)
