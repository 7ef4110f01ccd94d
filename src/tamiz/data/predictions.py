"""Predictions: after the model there is no torch, only this table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.data.parquet import read_table, write_table


@dataclass(frozen=True, slots=True)
class Predictions:
    """One row per item.

    Attributes:
        classes: the class names, in the order of the columns of `probabilities`.
        item: (n,) ids, as in the manifest.
        group: (n,) what belongs together (patient, slide); an item's own id when it stands alone.
        target: (n,) int64 index of the true class, -1 when unknown.
        probabilities: (n, n_classes) float64, rows sum to 1.
        split: which part was predicted: 'val', 'test', or '' for new data.
        bundle: the model's identity (hash of its weights).
    """

    classes: tuple[str, ...]
    item: NDArray[np.str_]
    group: NDArray[np.str_]
    target: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    split: str = ""
    bundle: str = ""

    def __post_init__(self) -> None:
        n, k = self.probabilities.shape
        if len(self.classes) != k:
            raise ValueError(f"{len(self.classes)} classes but {k} columns of probabilities")
        for name in ("item", "group", "target"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"{name} has {len(getattr(self, name))} rows, not {n}")
        if not np.isfinite(self.probabilities).all():
            bad = int(np.flatnonzero(~np.isfinite(self.probabilities).all(axis=1))[0])
            raise WrongData.of("data.not_finite", where=str(self.item[bad]))

    def __len__(self) -> int:
        return len(self.item)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Return (n,) the index of the most probable class (the first of equals)."""
        winners: NDArray[np.int64] = self.probabilities.argmax(axis=1).astype(np.int64)
        return winners

    @property
    def n_groups(self) -> int:
        """Return the number of distinct groups."""
        return len(np.unique(self.group))

    def labelled(self) -> Self:
        """Return the rows whose true class is known."""
        return self.take(np.flatnonzero(self.target >= 0))

    def take(self, positions: Sequence[int] | NDArray[np.int64]) -> Self:
        """Return the rows at these positions, in this order."""
        at = np.asarray(positions, dtype=np.int64)
        return replace(
            self,
            item=self.item[at],
            group=self.group[at],
            target=self.target[at],
            probabilities=self.probabilities[at],
        )

    def save(self, path: Path) -> None:
        """Write as Parquet: item, group, split, target, p_<class>..., bundle."""
        names = np.array([*self.classes, None], dtype=object)
        columns: dict[str, object] = {
            "item": self.item.astype(str).tolist(),
            "group": self.group.astype(str).tolist(),
            "split": [self.split] * len(self),
            "target": names[self.target].tolist(),
        }
        for index, name in enumerate(self.classes):
            columns[f"p_{name}"] = self.probabilities[:, index]
        columns["bundle"] = [self.bundle] * len(self)
        schema = dict.fromkeys(("item", "group", "split", "target", "bundle"), pl.String)
        write_table(pl.DataFrame(columns, schema_overrides=schema), path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read predictions that `save` wrote.

        Raises:
            WrongData: the file is missing or damaged.
        """
        table, _ = read_table(path)
        names = [name for name in table.columns if name.startswith("p_")]
        classes = tuple(name.removeprefix("p_") for name in names)
        index = {name: position for position, name in enumerate(classes)}
        target = [-1 if t is None else index[t] for t in table["target"].to_list()]
        return cls(
            classes=classes,
            item=np.array(table["item"].to_list(), dtype=np.str_),
            group=np.array(table["group"].to_list(), dtype=np.str_),
            target=np.array(target, dtype=np.int64),
            probabilities=table.select(names).to_numpy().astype(np.float64),
            split=table["split"][0] if len(table) else "",
            bundle=table["bundle"][0] if len(table) else "",
        )
