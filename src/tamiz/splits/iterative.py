"""The rule for images with several labels: rare labels first, whole groups, every label's share.

Drawn class by class, a label that mostly comes together with others would end up anywhere. So
labels are served one after the other, the rarest first, as long as there is a choice: each of its
groups goes to the part that still lacks most groups with this label; of equals, to the one that
lacks most groups at all, then by a hash of the group's name and the seed. Images without any label
are a kind of their own and are spread likewise.

Source: Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label data", 2011; here the
unit is the group instead of the image, and a label that has a group for each part gets one there.
Unlike in the rule 'grouped', new patients may move others to another part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.data.label_sets import label_counts_by_group, labels_in
from tamiz.splits.grouped import (
    Shares,
    check_possible,
    put_every_class_everywhere,
    shares_of,
)
from tamiz.splits.registry import SPLITS
from tamiz.splits.units import Units

_ANY: Final = "\0"  # stands for a group, whatever its labels


@SPLITS.add("iterative")
def iterative(
    groups: Sequence[str],
    labels: Sequence[str],
    *,
    test_fraction: float,
    val_fraction: float,
    seed: int,
) -> list[str]:
    """Return the part of each item; all items of a group are in the same one.

    Args:
        groups: what must stay together, one name per item.
        labels: the labels of each item, joined by '|'; '-' for none. One label is a set of one.
        test_fraction: share of groups, of each label, for 'test'; 0 makes no such part.
        val_fraction: the same for 'val'.
        seed: another seed, another split.

    Raises:
        WrongData: a label has fewer groups than there are parts, or there is one label only.
        WrongUse: nothing would be left to train on.
    """
    shares = shares_of(test_fraction, val_fraction)
    composition = compose_sets(groups, labels)
    names = {label for counts in composition.values() for label in counts}
    if not names and composition:
        raise WrongData.of("splits.no_labels", n=len(labels))
    if len(names) == 1:
        raise WrongData.of("splits.one_label", label=names.pop())
    units = Units.of_counts(composition)
    check_possible(units, [part for part, _ in shares])
    at = units.positions(seed)
    position = dict(zip(units.names, at.tolist(), strict=True))
    kinds = label_counts_by_group(groups, map(labels_in, labels))
    part_of = _serve(kinds, position, shares)
    parts = [part for part, _ in shares]
    served = np.array([parts.index(part_of[name]) for name in units.names], dtype=np.int64)
    put_every_class_everywhere(served, units, at, shares)
    part_of = {name: parts[one] for name, one in zip(units.names, served.tolist(), strict=True)}
    return [part_of[group] for group in groups]


def compose_sets(groups: Sequence[str], labels: Sequence[str]) -> dict[str, Counter[str]]:
    """Return the labels of each group with their numbers of items; none for a group without."""
    made: dict[str, Counter[str]] = {group: Counter() for group in groups}
    for group, joined in zip(groups, labels, strict=True):
        made[group].update(labels_in(joined))
    return made


def _serve(
    kinds: Mapping[str, Mapping[str, int]], position: Mapping[str, float], shares: Shares
) -> dict[str, str]:
    """Return the part of each group."""
    members: dict[str, set[str]] = defaultdict(set)
    for group, of_group in kinds.items():
        for kind in of_group:
            members[kind].add(group)
    lacking = {kind: _wanted(len(some), shares) for kind, some in members.items()}
    lacking[_ANY] = _wanted(len(kinds), shares)
    part_of: dict[str, str] = {}
    while members:
        rarest = min(members, key=lambda kind: (len(members[kind]), kind))
        for group in sorted(members[rarest], key=lambda name: (position[name], name)):
            part = _neediest(lacking, rarest, shares)
            part_of[group] = part
            for kind in (*kinds[group], _ANY):
                lacking[kind][part] -= 1
            for kind in kinds[group].keys() - {rarest}:
                members[kind].discard(group)
                if not members[kind]:
                    del members[kind]
        del members[rarest]
    return part_of


def _wanted(n: int, shares: Shares) -> dict[str, float]:
    """Return how many of `n` groups each part should get: its share, and one where there is one."""
    wanted = {part: n * share for part, share in shares}
    if n >= len(shares):
        for part, _ in shares:
            missing = 1 - wanted[part]
            if missing > 0:
                wanted[part] = 1.0
                wanted[max(wanted, key=lambda name: wanted[name])] -= missing
    return wanted


def _neediest(lacking: Mapping[str, Mapping[str, float]], kind: str, shares: Shares) -> str:
    parts = [part for part, _ in shares]
    return max(parts, key=lambda part: (lacking[kind][part], lacking[_ANY][part]))
