"""What belongs together: groups, identical pictures and near-identical ones, as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tamiz.data.coded import Coded

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
    coded, content = Coded.of_words(groups), Coded.of_words(contents)
    at = np.flatnonzero(content.codes >= 0)
    unions = tie_codes(coded, at, content.codes[at], kin)
    return [coded.names[code] for code in unions.tolist()]


def tie_codes(
    coded: Coded,
    rows: NDArray[np.int64],
    contents: NDArray[np.int64],
    kin: Sequence[Sequence[int]] = (),
) -> NDArray[np.int64]:
    """Return (n,) the union of each row: the first by name of the groups that `tie` makes one.

    Args:
        coded: (n,) the group of each row.
        rows: (m,) the rows whose bytes are known and stand on other rows too (others do no harm).
        contents: (m,) the same number for the same bytes.
        kin: as in `tie`.
    """
    groups = coded.codes
    pairs = [_pairs_within(groups[rows], contents)]
    pairs += [np.array([(groups[many[0]], groups[row]) for row in many[1:]]) for many in kin]
    linked = np.concatenate([one.reshape(-1, 2) for one in pairs]).astype(np.int64)
    linked = linked[linked[:, 0] != linked[:, 1]]
    if not len(linked):
        return groups
    parent: dict[int, int] = {}

    def root(group: int) -> int:
        while (above := parent.setdefault(group, group)) != group:
            parent[group] = parent[above]
            group = parent[group]
        return group

    for one, other in np.unique(linked, axis=0).tolist():
        first, second = sorted((root(one), root(other)), key=coded.names.__getitem__)
        parent[second] = first
    union = np.arange(len(coded.names))
    moved = list(parent)
    union[moved] = [root(group) for group in moved]
    made: NDArray[np.int64] = union[groups]
    return made


def _pairs_within(groups: NDArray[np.int64], contents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (pairs, 2) the groups that follow each other among the rows of one content."""
    order = np.lexsort((groups, contents))
    is_same = contents[order][1:] == contents[order][:-1]
    ordered = groups[order]
    made: NDArray[np.int64] = np.stack([ordered[:-1][is_same], ordered[1:][is_same]], axis=1)
    return made


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
