"""What belongs together: groups, identical pictures and near-identical ones, as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

_ORDER = ("test", "val", "train")  # of equals, the part that is hardest to fill comes first


def tie(
    groups: Sequence[str],
    contents: Sequence[str | None],
    kin: Sequence[Sequence[int]] = (),
) -> list[str]:
    """Return names under which groups that share a picture are one.

    Args:
        groups: the group of each row.
        contents: the same words for the same bytes; None is like nothing.
        kin: rows that show the same thing (near-duplicates, frames of a burst).

    Returns:
        For each row the name of its union: that of its first group by name, so that unions are
        as stable under growth as groups are.
    """
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    def unite(one: str, other: str) -> None:
        one, other = root(one), root(other)
        parent[max(one, other)] = min(one, other)

    first_with: dict[str, str] = {}
    for group, content in zip(groups, contents, strict=True):
        if content is not None:
            unite(group, first_with.setdefault(content, group))
    for rows in kin:
        for row in rows[1:]:
            unite(groups[rows[0]], groups[row])
    return [root(group) for group in groups]


def mend(given: Sequence[str], tied: Sequence[str]) -> list[str]:
    """Return the valid split that moves the fewest images of the given one.

    Each union goes whole to the part where most of its images lie already; of equal parts to
    test before val before train, so that the test part does not melt away.

    Args:
        given: 'train', 'val' or 'test' for each row.
        tied: the union of each row, see `tie`.
    """
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    for part, name in zip(given, tied, strict=True):
        sides[name][part] += 1
    chosen = {
        name: max(counts, key=lambda part: (counts[part], -_ORDER.index(part)))
        for name, counts in sides.items()
    }
    return [chosen[name] for name in tied]
