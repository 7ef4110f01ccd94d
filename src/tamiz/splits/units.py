"""What must stay together, as numbers: millions of rows are counted without a list of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.seeds import position_of
from tamiz.data.coded import Coded

Counts = Mapping[str, Mapping[str, int]]  # unit -> number of items of each label


@dataclass(frozen=True, slots=True)
class Units:
    """Groups with what they consist of.

    Attributes:
        names: (u,) each name once, in any order.
        labels: each label once, sorted.
        of_row: (n,) the unit of each row; empty where the units were counted elsewhere.
        unit, label, count: (pairs,) how many items of which unit have which label, sorted by
            unit, then by label.
    """

    names: pl.Series | Sequence[str]
    labels: Sequence[str]
    of_row: NDArray[np.int64]
    unit: NDArray[np.int64]
    label: NDArray[np.int64]
    count: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Coded, labels: Coded) -> Self:
        """Return the units of rows; no row may lack a group or a label, and labels are sorted."""
        is_used = np.bincount(groups.codes, minlength=len(groups.names)) > 0
        number = np.cumsum(is_used) - 1
        of_row = number[groups.codes]
        names = groups.names if is_used.all() else _chosen(groups.names, np.flatnonzero(is_used))
        n_labels = max(1, len(labels.names))
        keys, count = np.unique(of_row * n_labels + labels.codes, return_counts=True)
        return cls(names, list(labels.names), of_row, keys // n_labels, keys % n_labels, count)

    @classmethod
    def of_counts(cls, counts: Counts) -> Self:
        """Return units that were counted already; one without any label may be among them."""
        names = sorted(counts)
        labels = sorted({label for of_unit in counts.values() for label in of_unit})
        place = {label: at for at, label in enumerate(labels)}
        triples = [
            (at, place[label], counts[name][label])
            for at, name in enumerate(names)
            for label in sorted(counts[name])
        ]
        unit, label, count = np.array(triples, dtype=np.int64).reshape(-1, 3).T
        return cls(names, labels, np.zeros(0, dtype=np.int64), unit, label, count)

    def __len__(self) -> int:
        return len(self.names)

    def units_with(self) -> dict[str, int]:
        """Return of each label how many units have it."""
        n = np.bincount(self.label, minlength=len(self.labels))
        return dict(zip(self.labels, n.tolist(), strict=True))

    def positions(self, seed: int) -> NDArray[np.float64]:
        """Return (u,) where each unit falls in [0, 1): a hash of its name and the seed."""
        found = (position_of(name, seed) for name in self.names)
        return np.fromiter(found, dtype=np.float64, count=len(self))

    def in_order(self, position: NDArray[np.float64]) -> list[NDArray[np.int64]]:
        """Return the units of each class that is a majority somewhere, by position, then name."""
        majority = self.majority()
        order = np.lexsort((position, majority))
        of, at = majority[order], position[order]
        is_equal = (of[1:] == of[:-1]) & (at[1:] == at[:-1])
        for start in np.flatnonzero(is_equal & ~np.append(False, is_equal[:-1])).tolist():
            n = 2 + int(np.argmin(np.append(is_equal[start + 1 :], False)))
            order[start : start + n] = sorted(order[start : start + n], key=self.names.__getitem__)
        _, starts = np.unique(of, return_index=True)
        return np.split(order, starts[1:])

    def majority(self) -> NDArray[np.int64]:
        """Return (u,) each unit's most frequent label; of equals the first by name."""
        order = np.lexsort((self.label, -self.count, self.unit))
        _, first = np.unique(self.unit[order], return_index=True)
        made: NDArray[np.int64] = self.label[order][first]
        return made


def _chosen(names: pl.Series | Sequence[str], at: NDArray[np.int64]) -> pl.Series | list[str]:
    if isinstance(names, pl.Series):
        return names.gather(at)
    return [names[one] for one in at.tolist()]
