"""The default rule: one group, one side; every class in every part; nobody moves without need.

Each group has a position in [0, 1), a hash of its name and the seed. The line is cut into test,
val and train, in this order, at `test_fraction` and `test_fraction + val_fraction`. So a patient
who was in the test part last year is there next year too, however many new patients came, and a
larger test part holds all of the smaller one.

A hash alone would give a class of 20 groups anything from no test group to eight. Hence one
correction, class by class and as small as possible: where the number of groups of a class in a
part is off by more than one group and by more than 20 % of what was asked for, or where a part
would get none, the cut is moved for this class only, past just the groups whose positions are
nearest to it. Small classes pay with some stability for being present everywhere; large ones
(some hundreds of groups) are practically never touched.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say
from tamiz.core.seeds import position_of
from tamiz.splits.registry import SPLITS

Shares = Sequence[tuple[str, float]]
Composition = Mapping[str, Counter[str]]  # group -> number of items of each label

_TOLERANCE_GROUPS = 1
_TOLERANCE_RELATIVE = 0.2


@SPLITS.add("grouped")
def grouped(
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
        labels: the class of each item; a group counts for its most frequent label (of equals,
            the first by name).
        test_fraction: share of groups, within each class, for 'test'; 0 makes no such part.
        val_fraction: the same for 'val'.
        seed: another seed, another split.

    Raises:
        WrongData: a class has fewer groups than there are parts, or there is one class only.
        WrongUse: nothing would be left to train on.
    """
    shares = shares_of(test_fraction, val_fraction)
    composition = compose(groups, labels)
    check_possible(composition, [part for part, _ in shares])
    position = {group: position_of(group, seed) for group in composition}
    part_of: dict[str, str] = {}
    for members in _strata(composition, position):
        part_of.update(_cut(members, position, shares))
    put_every_class_everywhere(part_of, composition, position, shares)
    return [part_of[group] for group in groups]


def compose(groups: Sequence[str], labels: Sequence[str]) -> dict[str, Counter[str]]:
    """Return what each group consists of: its labels with their numbers of items."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        made[group][label] += 1
    return dict(made)


def check_possible(composition: Composition, parts: Sequence[str]) -> None:
    """Raise WrongData, with the arithmetic, when no split can put every class in every part."""
    n_items = sum(counts.total() for counts in composition.values())
    groups_with = Counter(label for counts in composition.values() for label in counts)
    if not composition:
        raise WrongData.of("splits.nothing")
    if len(groups_with) == 1:
        raise WrongData.of("splits.one_class", label=next(iter(groups_with)), n=n_items)
    words, needed = parts_in_words(parts), len(parts)
    if len(composition) == 1:
        name = shown(next(iter(composition)))
        raise WrongData.of("splits.one_group", group=name, n=n_items, parts=words, needed=needed)
    rare = sorted((n, label) for label, n in groups_with.items() if n < len(parts))
    if not rare:
        return
    n_groups, label = rare[0]
    raise WrongData.of(
        "splits.rare_class" if n_groups == 1 else "splits.rare_classes",
        label=label,
        n=n_groups,
        others=say("splits.and_others", n=len(rare) - 1) if len(rare) > 1 else "",
        details=tuple(say("splits.rare_detail", label=name, n=n) for n, name in rare),
        parts=words,
        needed=needed,
    )


def shown(group_key: str) -> str:
    """Return a group's name as the user knows it, from a key of `Manifest.group_keys`."""
    return group_key.removeprefix("group:").removeprefix("item:")


def parts_in_words(parts: Sequence[str]) -> str:
    """Return 'train, val and test' in the language in use."""
    ordered = [part for part in ("train", "val", "test") if part in parts]
    return say("splits.and", first=", ".join(ordered[:-1]), last=ordered[-1])


def shares_of(test_fraction: float, val_fraction: float) -> Shares:
    """Return each part with its share, the one that is hardest to fill first.

    Raises:
        WrongUse: nothing is left to train on.
    """
    train_fraction = 1.0 - test_fraction - val_fraction
    if train_fraction <= 1e-9:
        raise WrongUse.of("splits.no_train", test=test_fraction, val=val_fraction)
    wanted = (("test", test_fraction), ("val", val_fraction), ("train", train_fraction))
    return [(part, share) for part, share in wanted if share > 0]


def _strata(composition: Composition, position: Mapping[str, float]) -> list[list[str]]:
    """Return the groups of each class, each list in order of position."""
    members: dict[str, list[str]] = defaultdict(list)
    for group, counts in composition.items():
        members[min(counts, key=lambda label: (-counts[label], label))].append(group)
    return [
        sorted(members[label], key=lambda group: (position[group], group))
        for label in sorted(members)
    ]


def _cut(members: list[str], position: Mapping[str, float], shares: Shares) -> dict[str, str]:
    """Return the part of each group of one class: its ordered groups, cut near the hash's cuts.

    Each cut is clamped into the range that keeps all parts within their bounds. Clamping them
    one after the other moves the fewest groups: shifting an earlier cut by one changes the later
    ones by at most one.
    """
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
    """Return the fewest and the most groups that each part may hold of a class with n groups."""
    if n < len(shares):  # the class lives in other classes' groups too; see the last step
        return [0] * len(shares), [n] * len(shares)
    low, high = [], []
    for _, share in shares:
        wanted = n * share
        tolerance = max(_TOLERANCE_GROUPS, _TOLERANCE_RELATIVE * wanted)
        low.append(max(1, math.ceil(wanted - tolerance - 1e-9)))
        high.append(max(low[-1], math.floor(wanted + tolerance + 1e-9)))
    while sum(low) > n:  # few groups: "one in each part" comes before the shares
        low[low.index(max(low))] -= 1
    return low, high


def put_every_class_everywhere(
    part_of: dict[str, str],
    composition: Composition,
    position: Mapping[str, float],
    shares: Shares,
) -> None:
    """Move single groups so that a class which is nowhere the majority is in each part too."""
    present: Counter[tuple[str, str]] = Counter()
    for group, counts in composition.items():
        present.update((label, part_of[group]) for label in counts)
    labels = sorted({label for label, _ in present})
    missing = [(label, part) for label in labels for part, _ in shares if not present[label, part]]
    for label, part in missing:
        if present[label, part]:
            continue  # an earlier move brought it
        free = [
            group
            for group, counts in composition.items()
            if label in counts and all(present[name, part_of[group]] > 1 for name in counts)
        ]
        if not free:
            raise WrongData.of("splits.cannot_spread", label=label, part=part)
        low, high = _interval(part, shares)
        moved = min(free, key=lambda g: (max(low - position[g], position[g] - high), g))
        present.subtract((name, part_of[moved]) for name in composition[moved])
        part_of[moved] = part
        present.update((name, part) for name in composition[moved])


def _interval(part: str, shares: Shares) -> tuple[float, float]:
    start = 0.0
    for name, share in shares:
        if name == part:
            return start, start + share
        start += share
    raise ValueError(f"{part!r} is none of {[name for name, _ in shares]}")
