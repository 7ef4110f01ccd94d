"""Sets of rows that show the same thing, without letting chains glue a whole data set together."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np

from tamiz.data.evidence import Pairs
from tamiz.data.unions import connected

LARGEST_SHARE: Final = 0.1
ALWAYS_ALLOWED: Final = 50
_STEP: Final = 0.005


def clusters(
    pairs: Pairs, n: int, *, largest_share: float = LARGEST_SHARE
) -> list[tuple[int, ...]]:
    """Return the connected sets of two rows and more, the largest first; each row in at most one.

    Being alike is not transitive: a like b and b like c may chain pictures that differ. So a set
    of more than `largest_share` of all rows (and more than 50) is taken apart by asking for more
    and more likeness among its own pairs, in steps of 0.005, until the sets are small enough or
    nothing but equality is left; equal pictures stay together.

    Args:
        pairs: see `tamiz.data.evidence.Pairs`.
        n: the number of rows.
        largest_share: 0..1.
    """
    limit = max(ALWAYS_ALLOWED, int(largest_share * n))
    links = list(
        zip(pairs.first.tolist(), pairs.second.tolist(), pairs.score.tolist(), strict=True)
    )
    waiting = [(links, float(np.min(pairs.score)) if links else 1.0)]
    made: list[tuple[int, ...]] = []
    while waiting:
        some, least = waiting.pop()
        for members, inner in _connected(some):
            if len(members) <= limit or least >= 1.0:
                made.append(members)
                continue
            higher = min(1.0, least + _STEP)
            waiting.append(([link for link in inner if link[2] >= higher], higher))
    return sorted(made, key=lambda rows: (-len(rows), rows))


Link = tuple[int, int, float]


def _connected(links: list[Link]) -> list[tuple[tuple[int, ...], list[Link]]]:
    """Return each connected set, sorted, with the links inside it."""
    sets = connected((first, second) for first, second, _ in links)
    place = {row: number for number, rows in enumerate(sets) for row in rows}
    inner: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        inner[place[link[0]]].append(link)
    return [(rows, inner[number]) for number, rows in enumerate(sets)]
