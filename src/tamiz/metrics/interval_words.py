"""What the reader must know of the intervals: how alike a group's images are, too few groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tamiz.core.language import text
from tamiz.data.report import Finding, Paragraph, Severity
from tamiz.metrics.intervals import MIN_GROUPS, Measured
from tamiz.metrics.report_blocks import metric_words

ENOUGH_GROUPS: Final = 50  # from here on, simulated intervals hold the truth in about 95 %

# Coverage in percent of 95 % intervals, lowest and highest over all kinds of data and figures of
# benchmarks/results/bench_coverage.json; a test compares them with that file.
SIMULATED_COVERAGE: Final[Mapping[int, tuple[float, float]]] = {
    10: (81.0, 100.0),
    20: (88.8, 99.7),
    30: (91.9, 98.3),
}
_SIMULATED_CONFIDENCE = 95.0  # percent


def design_effect_words(measured: Measured, metric_name: str) -> tuple[Paragraph, ...]:
    """Return one sentence on how many independent images the groups' images are worth.

    Nothing where each group has one image, or the design effect is not known.

    Args:
        measured: the figures.
        metric_name: as in `metrics.json`.
    """
    found = measured.overall.get(metric_name)
    if found is None or found.design_effect is None or measured.n_groups >= measured.n:
        return ()
    told = text(
        "intervals.design_effect",
        metric=metric_words(metric_name),
        effect=found.design_effect,
        n=measured.n,
        n_groups=measured.n_groups,
        n_alone=max(1, round(measured.n / found.design_effect)),
    )
    return (Paragraph(told),)


def few_groups_findings(measured: Measured) -> tuple[Finding, ...]:
    """Return what simulations say of intervals over so few groups; nothing where they are enough.

    Nothing either below `MIN_GROUPS`: there no interval is shown, and its note says why.
    """
    n_groups = measured.n_groups
    if not MIN_GROUPS <= n_groups < ENOUGH_GROUPS:
        return ()
    simulated = max(n for n in SIMULATED_COVERAGE if n <= n_groups)
    lowest, highest = SIMULATED_COVERAGE[simulated]
    what = text(
        "intervals.few",
        n_groups=n_groups,
        simulated=simulated,
        confidence=_SIMULATED_CONFIDENCE,
        lowest=lowest,
        highest=highest,
    )
    return (Finding(Severity.NOTE, what, text("intervals.few_advice")),)
