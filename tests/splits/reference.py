"""The rules as they were first written: dictionaries, a row at a time. The fast ones must agree."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from tamiz.core.errors import WrongData
from tamiz.core.seeds import position_of

Shares = Sequence[tuple[str, float]]
Composition = Mapping[str, Counter[str]]


def plain_grouped(
    groups: Sequence[str], labels: Sequence[str], fractions: tuple[float, float], seed: int
) -> list[str]:
    """Return the part of each item, or raise `WrongData` where a class cannot be spread."""
    test, val = fractions
    shares = [(p, s) for p, s in (("test", test), ("val", val), ("train", 1 - test - val)) if s > 0]
    composition: dict[str, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        composition[group][label] += 1
    position = {group: position_of(group, seed) for group in composition}
    members: dict[str, list[str]] = defaultdict(list)
    for group, counts in composition.items():
        members[min(counts, key=lambda one: (-counts[one], one))].append(group)
    part_of: dict[str, str] = {}
    for label in sorted(members):
        ordered = sorted(members[label], key=lambda group: (position[group], group))
        part_of.update(_cut(ordered, position, shares))
    _spread(part_of, composition, position, shares)
    return [part_of[group] for group in groups]


def plain_tie(
    groups: Sequence[str], contents: Sequence[str | None], kin: Sequence[Sequence[int]]
) -> list[str]:
    """Return the union of each row, named after its first group."""
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
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


def plain_crossings(
    keys: Sequence[str | None], parts: Sequence[str | None], paths: Sequence[str]
) -> dict[str, tuple[dict[str, int], tuple[str, ...]]]:
    """Return key -> items per part and paths, of the keys on more than one side."""
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, list[str]] = defaultdict(list)
    for key, part, path in zip(keys, parts, paths, strict=True):
        if key is not None and part is not None:
            sides[key][part] += 1
            names[key].append(path)
    return {k: (dict(n), tuple(names[k])) for k, n in sides.items() if len(n) > 1}


def _cut(members: list[str], position: Mapping[str, float], shares: Shares) -> dict[str, str]:
    n = len(members)
    low, high = _bounds(n, shares)
    part_of: dict[str, str] = {}
    start, edge = 0, 0.0
    for index, (part, share) in enumerate(shares):
        edge += share
        at_least = max(start + low[index], n - sum(high[index + 1 :]))
        at_most = min(start + high[index], n - sum(low[index + 1 :]))
        by_hash = sum(position[group] < edge for group in members)
        cut = min(max(by_hash, at_least), at_most)
        part_of.update(dict.fromkeys(members[start:cut], part))
        start = cut
    return part_of


def _bounds(n: int, shares: Shares) -> tuple[list[int], list[int]]:
    if n < len(shares):
        return [0] * len(shares), [n] * len(shares)
    low, high = [], []
    for _, share in shares:
        wanted = n * share
        tolerance = max(1, 0.2 * wanted)
        low.append(max(1, math.ceil(wanted - tolerance - 1e-9)))
        high.append(max(low[-1], math.floor(wanted + tolerance + 1e-9)))
    while sum(low) > n:
        low[low.index(max(low))] -= 1
    return low, high


def _spread(
    part_of: dict[str, str],
    composition: Composition,
    position: Mapping[str, float],
    shares: Shares,
) -> None:
    present: Counter[tuple[str, str]] = Counter()
    for group, counts in composition.items():
        present.update((label, part_of[group]) for label in counts)
    labels = sorted({label for label, _ in present})
    for label, part in [(a, b) for a in labels for b, _ in shares if not present[a, b]]:
        if present[label, part]:
            continue
        free = [
            group
            for group, counts in composition.items()
            if label in counts and all(present[name, part_of[group]] > 1 for name in counts)
        ]
        if not free:
            raise WrongData.of("splits.cannot_spread", label=label, part=part)
        start = sum(share for _, share in shares[: [p for p, _ in shares].index(part)])
        end = start + dict(shares)[part]
        moved = min(free, key=lambda g: (max(start - position[g], position[g] - end), g))
        present.subtract((name, part_of[moved]) for name in composition[moved])
        part_of[moved] = part
        present.update((name, part) for name in composition[moved])
