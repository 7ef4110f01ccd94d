"""Several labels of one image as one text, and back: 'finger|hand', or '-' for none of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

JOINT: Final = "|"
NO_LABEL: Final = "-"  # the image was looked at and has none of the labels; null is 'unknown'


def join_labels(labels: Iterable[str]) -> str:
    """Return a set of labels as one text, the same for the same set: sorted, joined by '|'."""
    return JOINT.join(sorted(set(labels))) or NO_LABEL


def labels_in(joined: str) -> tuple[str, ...]:
    """Return the labels of a text that `join_labels` made; nothing for '-'."""
    return () if joined == NO_LABEL else tuple(joined.split(JOINT))


def count_labels(sets: Iterable[Sequence[str] | None]) -> Counter[str]:
    """Return how many images have each label; None (unknown) counts nowhere."""
    return Counter(label for one in sets if one is not None for label in one)


def label_counts_by_group(
    groups: Sequence[str], sets: Iterable[Sequence[str] | None]
) -> dict[str, Counter[str]]:
    """Return of each group how many items have each label; `NO_LABEL` counts those without."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for group, labels in zip(groups, sets, strict=True):
        made[group].update(labels or (NO_LABEL,))
    return dict(made)


def membership(sets: Sequence[Sequence[str]], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Return (n, K): which image has which label.

    Raises:
        KeyError: a label is none of the classes.
    """
    index = {name: position for position, name in enumerate(classes)}
    made = np.zeros((len(sets), len(classes)), dtype=np.bool_)
    for row, labels in enumerate(sets):
        made[row, [index[label] for label in labels]] = True
    return made
