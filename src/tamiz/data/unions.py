"""Sets of rows that are linked to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def connected(links: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the connected sets of two rows and more, the largest first."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        parent.setdefault(row, row)
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for first, second in links:
        one, other = root(first), root(second)
        parent[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = defaultdict(list)
    for row in list(parent):
        members[root(row)].append(row)
    return sorted((tuple(sorted(rows)) for rows in members.values()), key=lambda r: (-len(r), r))
