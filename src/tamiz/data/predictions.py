"""Predictions: after the model there is no torch, only this table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.data.label_sets import NO_LABEL, join_labels, labels_in, membership
from tamiz.data.parquet import read_table, write_table

_COLUMNS: Final = ("item", "group", "split", "target", "bundle")
_TOLERANCE: Final = 1e-4  # what float32 and rounded files may miss of a sum of 1


@dataclass(frozen=True, slots=True)
class Predictions:
    """One row per item.

    Where an item can have several labels, `target` and `predicted` are (n, n_classes) and say yes
    or no to each of them.

    Attributes:
        classes: the class names, in the order of the columns of `probabilities`.
        item: (n,) ids, as in the manifest.
        group: (n,) what belongs together (patient, slide); an item's own id when it stands alone.
        target: (n,) int64 index of the true class, -1 when unknown; or (n, n_classes) int64, 1
            for each label that the item has, 0 for the others, a row of -1 when unknown.
        probabilities: (n, n_classes) float64; rows sum to 1 unless there are several labels.
        split: which part was predicted: 'val', 'test', or '' for new data.
        bundle: the model's identity (hash of its weights).
        thresholds: of each label, the probability from which on it is predicted; empty where
            an item has one label.
    """

    classes: tuple[str, ...]
    item: NDArray[np.str_]
    group: NDArray[np.str_]
    target: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    split: str = ""
    bundle: str = ""
    thresholds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        n, k = self.probabilities.shape
        if len(self.classes) != k:
            raise ValueError(f"{len(self.classes)} classes but {k} columns of probabilities")
        for name in ("item", "group", "target"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"{name} has {len(getattr(self, name))} rows, not {n}")
        if self.target.shape[1:] not in {(), (k,)}:
            raise ValueError(f"target has {self.target.shape[1]} columns, not {k}")
        if len(self.thresholds) != (k if self.is_multilabel else 0):
            raise ValueError(f"{len(self.thresholds)} thresholds for {k} labels")
        self._check_probabilities()

    def _check_probabilities(self) -> None:
        """Raise WrongData naming the first item whose probabilities are none."""
        given = self.probabilities
        if not np.isfinite(given).all():
            bad = int(np.flatnonzero(~np.isfinite(given).all(axis=1))[0])
            raise WrongData.of("data.not_finite", where=str(self.item[bad]))
        is_outside = (given < -_TOLERANCE) | (given > 1 + _TOLERANCE)
        if is_outside.any():
            bad = int(np.flatnonzero(is_outside.any(axis=1))[0])
            value = float(given[bad][is_outside[bad]][0])
            raise WrongData.of("predictions.outside", where=str(self.item[bad]), value=value)
        if self.is_multilabel:
            return
        total = given.sum(axis=1)
        is_off = np.abs(total - 1) > _TOLERANCE
        if is_off.any():
            bad = int(np.flatnonzero(is_off)[0])
            where, n = str(self.item[bad]), int(is_off.sum())
            raise WrongData.of("predictions.sum", where=where, total=float(total[bad]), n=n)

    def __len__(self) -> int:
        return len(self.item)

    @property
    def is_multilabel(self) -> bool:
        """Return whether an item can have several labels."""
        return self.target.ndim == 2

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Return (n,) the index of the most probable class (the first of equals).

        With several labels: (n, n_classes), 1 where the probability reaches the threshold.
        """
        if self.is_multilabel:
            reached: NDArray[np.bool_] = self.probabilities >= np.array(self.thresholds)
            return reached.astype(np.int64)
        winners: NDArray[np.int64] = self.probabilities.argmax(axis=1).astype(np.int64)
        return winners

    @property
    def n_groups(self) -> int:
        """Return the number of distinct groups."""
        return len(np.unique(self.group))

    def labelled(self) -> Self:
        """Return the rows whose true class, or labels, are known."""
        is_known = self.target >= 0
        return self.take(np.flatnonzero(is_known.all(axis=1) if self.is_multilabel else is_known))

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
        columns: dict[str, object] = {
            "item": self.item.astype(str).tolist(),
            "group": self.group.astype(str).tolist(),
            "split": [self.split] * len(self),
            "target": self._targets_in_words(),
        }
        for index, name in enumerate(self.classes):
            columns[f"p_{name}"] = self.probabilities[:, index]
        columns["bundle"] = [self.bundle] * len(self)
        schema = dict.fromkeys(("item", "group", "split", "target", "bundle"), pl.String)
        kind = {"tamiz.thresholds": json.dumps(self.thresholds)} if self.is_multilabel else {}
        write_table(pl.DataFrame(columns, schema_overrides=schema), path, kind)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read predictions that `save` wrote.

        Raises:
            WrongData: the file is missing or damaged, lacks a column, names a class that has no
                column, or holds probabilities that are none.
        """
        table, facts = read_table(path)
        names = [name for name in table.columns if name.startswith("p_")]
        missing = [name for name in _COLUMNS if name not in table.columns]
        if missing or not names:
            lacking = ", ".join([*missing, *([] if names else ["p_<class>"])])
            raise WrongData.of("predictions.columns", where=path, names=lacking)
        classes = tuple(name.removeprefix("p_") for name in names)
        is_multilabel = "tamiz.thresholds" in facts
        words = table["target"].to_list()
        try:
            return cls(
                classes=classes,
                item=np.array(table["item"].to_list(), dtype=np.str_),
                group=np.array(table["group"].to_list(), dtype=np.str_),
                target=_memberships(words, classes) if is_multilabel else _indices(words, classes),
                probabilities=table.select(names).to_numpy().astype(np.float64),
                split=table["split"][0] if len(table) else "",
                bundle=table["bundle"][0] if len(table) else "",
                thresholds=tuple(json.loads(facts["tamiz.thresholds"])) if is_multilabel else (),
            )
        except KeyError as error:
            name = str(error.args[0])
            raise WrongData.of("predictions.unknown_class", where=path, name=name) from error
        except WrongData as error:  # names the item; which file it stands in is known here
            where = f"{path}, {error.where}"
            raise WrongData(error.what, where=where, fix=error.fix) from error
        except (TypeError, ValueError) as error:
            raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error

    def _targets_in_words(self) -> list[str | None]:
        if self.is_multilabel:
            return [
                None if (row < 0).any() else join_labels(names_of(row, self.classes))
                for row in self.target
            ]
        names = np.array([*self.classes, None], dtype=object)
        found: list[str | None] = names[self.target].tolist()
        return found


def names_of(row: NDArray[np.int64], classes: Sequence[str]) -> list[str]:
    """Return the labels that one row of `target` or `predicted` says yes to."""
    return [name for name, has in zip(classes, row.tolist(), strict=True) if has > 0]


def _indices(words: Sequence[str | None], classes: Sequence[str]) -> NDArray[np.int64]:
    index = {name: position for position, name in enumerate(classes)}
    return np.array([-1 if word is None else index[word] for word in words], dtype=np.int64)


def _memberships(words: Sequence[str | None], classes: Sequence[str]) -> NDArray[np.int64]:
    made = membership([labels_in(word or NO_LABEL) for word in words], classes).astype(np.int64)
    made[[word is None for word in words]] = -1
    return made
