"""A split that came with the data: its names understood, its missing parts carved out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tamiz.core.errors import WrongData
from tamiz.core.parts import part_of_word
from tamiz.data.contracts import SplitRule
from tamiz.data.label_sets import labels_in
from tamiz.splits.grouped import parts_in_words


@dataclass(frozen=True, slots=True)
class Completed:
    """A given split with all three parts.

    Attributes:
        parts: 'train', 'val' or 'test' for each item.
        carved: the parts that the source did not have, drawn out of its train part.
        is_drawn: (for each item) whether its part was drawn rather than given.
    """

    parts: list[str]
    carved: tuple[str, ...]
    is_drawn: list[bool]


def part_named(name: str | None) -> str | None:
    """Return 'train', 'val' or 'test' for a source's own word ('Validación'); None if unknown."""
    return None if name is None else part_of_word(name)


def complete_given(
    given: Sequence[str | None],
    groups: Sequence[str],
    labels: Sequence[str],
    rule: SplitRule,
    *,
    fractions: tuple[float, float],
    seed: int,
    is_multilabel: bool = False,
) -> Completed:
    """Return the given split with the missing parts drawn by groups out of its train part.

    Args:
        given: 'train', 'val', 'test', or None where the source says nothing about the item: it
            then belongs to what may be trained on.
        groups: what must stay together, for the drawing.
        labels: the class of each item.
        rule: draws the missing parts.
        fractions: (test, val), as shares of the groups of the given train part.
        seed: for the drawing.
        is_multilabel: whether each of `labels` is a set of labels, joined by '|'.

    Raises:
        WrongData: there is nothing to train on, a class is not in the train part, or a class has
            too few groups there.
    """
    parts = ["train" if part is None else part for part in given]
    if "train" not in parts:
        raise WrongData.of("splits.given_no_train", parts=", ".join(sorted(set(parts))))
    carved = tuple(part for part in ("val", "test") if part not in parts)
    is_drawn = [False] * len(parts)
    if carved:
        at = [index for index, part in enumerate(parts) if part == "train"]
        drawn = rule(
            [groups[index] for index in at],
            [labels[index] for index in at],
            test_fraction=fractions[0] if "test" in carved else 0.0,
            val_fraction=fractions[1] if "val" in carved else 0.0,
            seed=seed,
        )
        for index, part in zip(at, drawn, strict=True):
            parts[index], is_drawn[index] = part, True
    _check_classes(parts, [labels_in(one) if is_multilabel else (one,) for one in labels])
    return Completed(parts, carved, is_drawn)


def _check_classes(parts: Sequence[str], sets: Sequence[tuple[str, ...]]) -> None:
    pairs = [(part, label) for part, one in zip(parts, sets, strict=True) for label in one]
    trained = {label for part, label in pairs if part == "train"}
    names = {label for _, label in pairs}
    if len(names) == 1:
        raise WrongData.of("splits.one_class", label=names.pop(), n=len(sets))
    untrained = sorted(names - trained)
    if untrained:
        where = {part for part, label in pairs if label == untrained[0]}
        words = ", ".join(sorted(where)) if len(where) == 1 else parts_in_words(sorted(where))
        raise WrongData.of(
            "splits.given_class_not_trained",
            label=untrained[0],
            parts=words,
            n=len(untrained),
            details=tuple(untrained),
        )
