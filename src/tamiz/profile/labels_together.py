"""Which labels come together: counts of pairs, for images that can have several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from tamiz.core.language import text
from tamiz.data.label_sets import join_labels
from tamiz.data.report import Cell, Section, Table

_MOST_LABELS: Final = 30
_MOST_SETS: Final = 15
LabelSets = Sequence[tuple[str, ...] | None]


def together_section(sets: LabelSets, classes: Sequence[str]) -> Section:
    """Return how many images have each pair of labels, and the most frequent sets of labels.

    Of more than 30 labels the most frequent 30 are shown.
    """
    known = [one for one in sets if one is not None]
    singles = Counter(label for one in known for label in one)
    pairs = Counter(pair for one in known for pair in combinations(sorted(one), 2))
    shown = [name for name in classes if name in dict(singles.most_common(_MOST_LABELS))]

    def cell(first: str, second: str) -> int:
        if first == second:
            return singles[first]
        return pairs[(min(first, second), max(first, second))]

    rows: list[tuple[Cell, ...]] = [(one, *(cell(one, other) for other in shown)) for one in shown]
    caption = text(
        "multilabel.together_caption",
        n=len(known),
        n_without=known.count(()),
        mean=sum(singles.values()) / max(1, len(known)),
    )
    table = Table((text("multilabel.label"), *shown), tuple(rows), caption, "heat", "count")
    return Section("together", text("multilabel.section"), (table, _frequent_sets(known)))


def together_values(sets: LabelSets) -> dict[str, object]:
    """Return the counts as `explore` gives them to scripts: labels, sets, images without any."""
    known = [one for one in sets if one is not None]
    return {
        "labels": dict(Counter(label for one in known for label in one)),
        "sets": dict(Counter(map(join_labels, known)).most_common()),
        "without": known.count(()),
    }


def _frequent_sets(known: Sequence[tuple[str, ...]]) -> Table:
    counts = Counter(known)
    rows: list[tuple[Cell, ...]] = [
        (" + ".join(one) or text("multilabel.no_label"), n)
        for one, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_SETS]
    ]
    caption = text("multilabel.sets_caption", n=len(rows), all=len(counts))
    return Table(
        (text("multilabel.labels"), text("index.column_images")), tuple(rows), caption, unit="count"
    )
