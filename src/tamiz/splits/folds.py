"""Folds for cross-validation: every group is held out once, classes in proportion.

Groups are dealt out label by label, the label with the fewest groups first, its largest group
first; each goes to the fold that has the fewest items with this label so far, of equals to the one
with the fewest items. That is iterative stratification (Sechidis, Tsoumakas, Vlahavas, "On the
stratification of multi-label data", 2011) with groups in place of items; with one label per item
it is stratification by class.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say
from tamiz.core.seeds import derive_seed, position_of
from tamiz.data.label_sets import label_counts_by_group
from tamiz.splits.tying import tie

Labels = Sequence[Sequence[str]]  # of each item: its class alone, or any number of labels


@dataclass(frozen=True, slots=True)
class Folds:
    """In which fold each item is held out.

    Attributes:
        fold: its number, from 1.
        names: of the folds, in order: '1', '2', ..., or what centres are in it.
        united: centres that share a group and so had to be held out together.
    """

    fold: tuple[int, ...]
    names: tuple[str, ...]
    united: tuple[str, ...] = ()


def make_folds(
    groups: Sequence[str],
    labels: Labels,
    n_folds: int,
    seed: int,
    centres: Sequence[str | None] | None = None,
) -> Folds:
    """Return the fold that holds out each item; items of one group are in the same one.

    Args:
        groups: what must stay together, one name per item.
        labels: the labels of each item; one, or any number.
        n_folds: how many; with `centres`, 0 makes one of each centre.
        seed: another seed, other folds (but not where each centre is one).
        centres: where each item comes from: whole centres are held out.

    Raises:
        WrongUse: fewer than two folds are asked for.
        WrongData: there are more folds than groups, a class is in one fold only, or an item says
            no centre.
    """
    if centres is not None:
        made = _by_centre(groups, labels, centres, n_folds, seed)
    else:
        fold = _deal(groups, labels, n_folds, seed, "folds.more_than_groups")
        made = Folds(tuple(fold), tuple(str(number + 1) for number in range(n_folds)))
    _refuse_unlearnt(groups, labels, made)
    return made


def fold_seed(seed: int, repeat: int, *parts: object) -> int:
    """Return the seed of a repeat, from 1; the first repeat's folds are those of `seed` alone."""
    return seed if repeat == 1 and not parts else derive_seed(seed, "folds", repeat, *parts)


def absent_classes(labels: Labels, folds: Folds) -> dict[str, list[str]]:
    """Return class -> names of the folds that hold out no item of it; classes in all left out."""
    present = _folds_of_labels(labels, folds.fold)
    missing = {
        label: [name for number, name in enumerate(folds.names, start=1) if number not in found]
        for label, found in sorted(present.items())
    }
    return {label: names for label, names in missing.items() if names}


def carve_validation(
    groups: Sequence[str], labels: Labels, fraction: float, seed: int
) -> list[bool]:
    """Return which items of a fold's training part are set aside to choose the epoch on.

    Of each class `fraction` of its groups, at least one, as long as one is left to learn from; a
    class of one group is only learnt. Chosen by a hash of the group's name and the seed.

    Raises:
        WrongData: no class has a second group.
    """
    kinds = label_counts_by_group(groups, labels)
    n_left = Counter(label for found in kinds.values() for label in found)
    members: dict[str, list[str]] = defaultdict(list)
    for group in sorted(kinds, key=lambda name: (position_of(name, seed), name)):
        for label in kinds[group]:
            members[label].append(group)
    chosen: set[str] = set()
    for label in sorted(members, key=lambda name: (len(members[name]), name)):
        wanted = max(1, round(fraction * len(members[label])))
        for group in members[label]:
            if wanted <= len(chosen.intersection(members[label])):
                break
            if group not in chosen and all(n_left[one] > 1 for one in kinds[group]):
                chosen.add(group)
                n_left.subtract(set(kinds[group]))
    if not chosen:
        raise WrongData.of("folds.no_validation", n=len(kinds))
    return [group in chosen for group in groups]


def _deal(
    groups: Sequence[str], labels: Labels, n_folds: int, seed: int, too_many: str
) -> list[int]:
    """Return the fold of each item, from 1.

    While a fold is empty, an empty one is chosen: with as many groups as folds none stays so.
    """
    kinds = label_counts_by_group(groups, labels)
    if n_folds < 2:
        raise WrongUse.of("folds.too_few", where="split.folds", n=n_folds)
    if n_folds > len(kinds):
        raise WrongData.of(too_many, where="split.folds", n=n_folds, n_groups=len(kinds))
    sizes = Counter(groups)
    position = {group: position_of(group, seed) for group in kinds}
    waiting: dict[str, set[str]] = defaultdict(set)
    for group, of_group in kinds.items():
        for label in of_group:
            waiting[label].add(group)
    n_with: dict[str, list[int]] = {label: [0] * n_folds for label in waiting}
    n_items = [0] * n_folds
    fold_of: dict[str, int] = {}
    while waiting:
        rarest = min(waiting, key=lambda label: (len(waiting[label]), label))
        for group in sorted(waiting.pop(rarest), key=lambda g: (-sizes[g], position[g], g)):
            fold = min(range(n_folds), key=lambda f: (n_with[rarest][f], n_items[f], f))
            fold_of[group] = fold + 1
            n_items[fold] += sizes[group]
            for label, n in kinds[group].items():
                n_with[label][fold] += n
                waiting.get(label, set()).discard(group)
        waiting = defaultdict(set, {label: some for label, some in waiting.items() if some})
    return [fold_of[group] for group in groups]


def _by_centre(
    groups: Sequence[str], labels: Labels, centres: Sequence[str | None], n_folds: int, seed: int
) -> Folds:
    n_without = sum(centre is None for centre in centres)
    if n_without:
        raise WrongData.of("folds.no_centre", where="--centre", n=n_without, total=len(centres))
    words = [str(centre) for centre in centres]
    members: dict[str, list[int]] = defaultdict(list)
    for at, group in enumerate(groups):
        members[group].append(at)
    unions = tie(words, [None] * len(words), list(members.values()))
    in_union: dict[str, set[str]] = defaultdict(set)
    for union, word in zip(unions, words, strict=True):
        in_union[union].add(word)
    united = tuple(
        " + ".join(sorted(some)) for _, some in sorted(in_union.items()) if len(some) > 1
    )
    if n_folds == 0:
        order = {union: number for number, union in enumerate(sorted(in_union), start=1)}
        if len(order) < 2:
            raise WrongData.of("folds.one_centre", where="--centre", name=", ".join(set(words)))
        fold = [order[union] for union in unions]
        n_folds = len(order)
    else:
        fold = _deal(unions, labels, n_folds, seed, "folds.more_than_centres")
    held: dict[int, set[str]] = defaultdict(set)
    for number, word in zip(fold, words, strict=True):
        held[number].add(word)
    names = tuple(" + ".join(sorted(held[number])) for number in range(1, n_folds + 1))
    return Folds(tuple(fold), names, united)


def _refuse_unlearnt(groups: Sequence[str], labels: Labels, folds: Folds) -> None:
    """Raise when a class lies in one fold: the network that is tested there never saw it."""
    present = _folds_of_labels(labels, folds.fold)
    if len(present) == 1:
        raise WrongData.of("splits.one_class", label=next(iter(present)), n=len(labels))
    kinds = label_counts_by_group(groups, labels).values()
    n_groups = Counter(label for found in kinds for label in found)
    alone = sorted(label for label, found in present.items() if len(found) == 1)
    if alone:
        label = alone[0]
        details = [
            say(
                "folds.unlearnt_detail", label=one, n=n_groups[one], fold=_name(folds, present[one])
            )
            for one in alone
        ]
        raise WrongData.of(
            "folds.unlearnt",
            where="split.folds",
            label=label,
            n=n_groups[label],
            fold=_name(folds, present[label]),
            others=say("splits.and_others", n=len(alone) - 1) if len(alone) > 1 else "",
            details=tuple(details),
        )


def _name(folds: Folds, numbers: set[int]) -> str:
    return folds.names[min(numbers) - 1]


def _folds_of_labels(labels: Labels, fold: Sequence[int]) -> Mapping[str, set[int]]:
    """Return label -> the folds that hold out items with it."""
    made: dict[str, set[int]] = defaultdict(set)
    for some, number in zip(labels, fold, strict=True):
        for label in some:
            made[label].add(number)
    return made
