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
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say
from tamiz.data.coded import Coded
from tamiz.splits.registry import SPLITS
from tamiz.splits.units import Units

Shares = Sequence[tuple[str, float]]

_TOLERANCE_GROUPS = 1
_TOLERANCE_RELATIVE = 0.2
_FEW = 10  # images with a label each: of fewer, more images of the classes are the likelier advice


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
    units = Units.of(Coded.of_words(groups), Coded.of_words(labels))
    part_of = part_of_units(units, (test_fraction, val_fraction), seed)
    return [part_of[unit] for unit in units.of_row.tolist()]


def part_of_units(
    units: Units, fractions: tuple[float, float], seed: int, mended: Units | None = None
) -> list[str]:
    """Return the part of each unit, see `grouped`.

    Args:
        units: by the labels that the split is drawn by.
        fractions: of test and of val.
        seed: see `grouped`.
        mended: the same units by labels that a person changed since. They move none, but for a
            class that would lack in a part: a split before and after has the same test part.
    """
    shares = shares_of(*fractions)
    check_possible(mended or units, [part for part, _ in shares])
    position = units.positions(seed)
    part_at = np.empty(len(units), dtype=np.int64)
    for members in units.in_order(position):
        part_at[members] = _cut(position[members], shares)
    if mended is None:
        put_every_class_everywhere(part_at, units, position, shares)
    else:
        part_at = _spread_if_possible(part_at, units, position, shares)
        put_every_class_everywhere(part_at, mended, position, shares)
    names = [part for part, _ in shares]
    return [names[at] for at in part_at.tolist()]


def check_possible(units: Units, parts: Sequence[str]) -> None:
    """Raise WrongData, with the arithmetic, when no split can put every class in every part."""
    n_items = int(units.count.sum())
    groups_with = units.units_with()
    if not len(units):
        raise WrongData.of("splits.nothing")
    if len(groups_with) == 1:
        raise WrongData.of("splits.one_class", label=next(iter(groups_with)), n=n_items)
    if len(groups_with) == n_items >= _FEW:
        raise WrongData.of("splits.label_each", n=n_items, label=next(iter(groups_with)))
    words, needed = parts_in_words(parts), len(parts)
    if len(units) == 1:
        name = shown(units.names[0])
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


def _cut(position: NDArray[np.float64], shares: Shares) -> NDArray[np.int64]:
    """Return the part (its place in `shares`) of each group of one class, given in their order.

    The groups are cut near the hash's cuts. Each cut is clamped into the range that keeps all
    parts within their bounds. Clamping them one after the other moves the fewest groups: shifting
    an earlier cut by one changes the later ones by at most one.
    """
    n = len(position)
    low, high = _bounds(n, shares)
    made = np.empty(n, dtype=np.int64)
    start, edge = 0, 0.0
    for index, (_, share) in enumerate(shares):
        edge += share
        at_least = max(start + low[index], n - sum(high[index + 1 :]))
        at_most = min(start + high[index], n - sum(low[index + 1 :]))
        by_hash = int(np.searchsorted(position, edge, side="left"))
        cut = min(max(by_hash, at_least), at_most)
        made[start:cut] = index
        start = cut
    return made


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
    part_at: NDArray[np.int64], units: Units, position: NDArray[np.float64], shares: Shares
) -> None:
    """Move single groups so that a class which is nowhere the majority is in each part too.

    Args:
        part_at: (u,) the part of each unit, its place in `shares`; changed.
        units: what they consist of.
        position: (u,) in [0, 1).
        shares: see `shares_of`.

    Raises:
        WrongData: a class cannot be brought into a part without taking another class out of one.
    """
    present = np.zeros((len(units.labels), len(shares)), dtype=np.int64)
    np.add.at(present, (units.label, part_at[units.unit]), 1)
    for label, part in np.argwhere(present == 0).tolist():
        if present[label, part]:
            continue  # an earlier move brought it
        is_last = present[units.label, part_at[units.unit]] <= 1
        n_last = np.bincount(units.unit, weights=is_last, minlength=len(units))
        having = units.unit[units.label == label]
        free = having[n_last[having] == 0]
        if not len(free):
            raise WrongData.of(
                "splits.cannot_spread", label=units.labels[label], part=shares[part][0]
            )
        low, high = _interval(part, shares)
        distance = np.maximum(low - position[free], position[free] - high)
        nearest = free[distance == distance.min()].tolist()
        moved = min(nearest, key=units.names.__getitem__)
        labels_of_moved = units.label[units.unit == moved]
        present[labels_of_moved, part_at[moved]] -= 1
        part_at[moved] = part
        present[labels_of_moved, part] += 1


def _spread_if_possible(
    part_at: NDArray[np.int64], units: Units, position: NDArray[np.float64], shares: Shares
) -> NDArray[np.int64]:
    """Return what `put_every_class_everywhere` makes; `part_at` where it can make nothing.

    A label that was mended away need not be everywhere.
    """
    made = part_at.copy()
    try:
        put_every_class_everywhere(made, units, position, shares)
    except WrongData:
        return part_at
    return made


def _interval(at: int, shares: Shares) -> tuple[float, float]:
    """Return where the part at this place of `shares` begins and ends on the line."""
    start = 0.0
    for _, share in shares[:at]:
        start += share
    return start, start + shares[at][1]
