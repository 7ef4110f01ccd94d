"""How wide an interval will be, said before anything is trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import text
from tamiz.data.report import Block, Cell, Finding, Paragraph, Severity, Table
from tamiz.metrics.intervals import wilson

SUPPOSED: Final = (0.8, 0.9, 0.95)
_WIDE: Final = 0.15  # half a width from which a class's recall says little


@dataclass(frozen=True, slots=True)
class TestPart:
    """What the main figures will rest on: (images, groups) in all and of each class.

    Attributes:
        total: (images, groups).
        by_class: likewise, of each class.
        is_folded: whether these are the rows of a cross-validation, not those of a test part.
    """

    __test__ = False  # pytest: no test class

    total: tuple[int, int]
    by_class: Mapping[str, tuple[int, int]]
    is_folded: bool = False


def half_width(share: float, n: int) -> float:
    """Return half the width of the 95 % Wilson interval of a share (0..1) of n facts."""
    low, high = wilson(share * n, n)
    return (high - low) / 2


def expected_blocks(part: TestPart) -> tuple[Block, ...]:
    """Return a table of the widths to expect, for accuracy and each class's recall."""
    rows: list[tuple[Cell, ...]] = [(text("sample.accuracy"), *part.total, *_cells(part.total))]
    for label, counts in part.by_class.items():
        rows.append((text("sample.recall", label=label), *counts, *_cells(counts)))
    columns = (
        text("sample.column_what"),
        text("sample.column_n"),
        text("sample.column_groups"),
        *(text("sample.column_at", at=share) for share in SUPPOSED),
    )
    n, n_groups = part.total
    key = "sample.widths_folds" if part.is_folded else "sample.widths"
    caption = text(key, n=n, n_groups=n_groups)
    table = Table(columns, tuple(rows), caption, unit="count")
    return (table, Paragraph(text("sample.how")))


def expected_findings(part: TestPart) -> tuple[Finding, ...]:
    """Return a warning for the class of which least will be known, where that is little."""
    if not part.by_class:
        return ()
    label, (_, n_groups) = min(part.by_class.items(), key=lambda one: one[1][1])
    half = half_width(0.9, n_groups)
    if half < _WIDE:
        return ()
    key = "sample.small_class_folds" if part.is_folded else "sample.small_class"
    what = text(key, label=label, n_groups=n_groups, points=100 * half)
    share = n_groups / max(1, part.total[1])
    advice = text("sample.small_class_advice")
    return (Finding(Severity.WARNING, what, advice, effect=min(0.3, share + half / 2)),)


def expected_values(part: TestPart) -> dict[str, object]:
    """Return the half widths for scripts: by groups and by images."""
    return {
        "images": part.total[0],
        "groups": part.total[1],
        "half_width": {
            f"{share:g}": [half_width(share, n) for n in reversed(part.total)] for share in SUPPOSED
        },
    }


def _cells(counts: tuple[int, int]) -> list[Cell]:
    n, n_groups = counts
    made: list[Cell] = []
    for share in SUPPOSED:
        worst, best = (100 * half_width(share, m) for m in (n_groups, n))
        made.append(f"±{worst:.1f}" if n == n_groups else f"±{worst:.1f} … {best:.1f}")
    return made
