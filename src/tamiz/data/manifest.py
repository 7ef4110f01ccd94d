"""The manifest: every image is a row. The table library stays inside this class."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.language import say
from tamiz.core.urls import name_of, on_disk
from tamiz.data.coded import Coded, repeats
from tamiz.data.label_sets import labels_in
from tamiz.data.parquet import change_columns, read_table, write_table

if TYPE_CHECKING:
    import pandas as pd

SPLITS: Final = ("train", "val", "test")
# A column that `split` adds: the set of copies to which a row without a group belongs.
TIED: Final = "tied_to"
_SLICE: Final = 500_000  # rows whose names are Python texts at one time
SCHEMA: Final = {
    "item": pl.String,
    "path": pl.String,
    "frame": pl.Int32,
    "x": pl.Int64,
    "y": pl.Int64,
    "width": pl.Int64,
    "height": pl.Int64,
    "um_per_px": pl.Float64,
    "label": pl.String,
    "group": pl.String,
    "given_split": pl.String,
    "split": pl.String,
    "weight": pl.Float64,
    "fate": pl.String,
    "reason": pl.String,
}


Values = Sequence[Any] | pl.Series | Coded


class Manifest:
    """A table with one row per image, and where the images lie.

    Columns: `item` (stable id: hash of path, frame and region), `path` (relative to `root`,
    '/' between folders, 'archive.zip!/member' inside archives), `frame`, the region `x y width
    height` (null: the whole image, pixels of level 0), `um_per_px`, `label` (null: unknown),
    `group` (patient, slide, burst; null: the item stands alone), `given_split` (what the source
    says), `split` ('train', 'val', 'test' or null), `weight`, `fate` and `reason` (see
    `data.ledger`), then free columns. Methods return a new Manifest; rows are marked, never
    deleted. Every id and label is text.

    Where an image can have several labels (`is_multilabel`), `label` holds the set of them as one
    text: sorted and joined by '|', or '-' for an image that has none of them.
    """

    def __init__(self, table: pl.DataFrame, root: Path, *, is_multilabel: bool = False) -> None:
        self._table = table
        self.root = root
        self.is_multilabel = is_multilabel
        self._groups: Coded | None = None

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, Values], root: Path, *, is_multilabel: bool = False
    ) -> Self:
        """Build from columns; `path` is needed, others of the fixed ones default to null.

        Free columns may be added under any other name; they are kept as given. With
        `is_multilabel` each label is a text that `label_sets.join_labels` made.
        """
        n = len(columns["path"])
        made: dict[str, Any] = {}
        for name, kind in SCHEMA.items():
            if name == "item":
                continue
            values = columns.get(name)
            if values is None:
                usual = 0 if name == "frame" else 1.0 if name == "weight" else None
                made[name] = pl.Series(name, [usual], dtype=kind).new_from_index(0, n)
            else:
                made[name] = _series(name, values, kind)
        free = {
            name: _series(name, values, is_strict=True)
            for name, values in columns.items()
            if name not in SCHEMA
        }
        table = pl.DataFrame({**made, **free})
        return cls(table.insert_column(0, _item_ids(table)), root, is_multilabel=is_multilabel)

    @classmethod
    def load(cls, path: Path, columns: Sequence[str] | None = None) -> Self:
        """Read a manifest that `save` wrote; of `columns` (None: all) those that it has.

        Raises:
            WrongData: the file is missing or damaged.
        """
        table, metadata = read_table(path, columns)
        wanted = SCHEMA if columns is None else SCHEMA.keys() & set(columns)
        missing = [name for name in wanted if name not in table.columns]
        if missing:
            reason = say("data.columns_missing", names=", ".join(missing))
            raise WrongData.of("errors.broken_file", where=path, reason=reason)
        is_multilabel = metadata.get("tamiz.labels") == "several"
        root = on_disk(metadata.get("tamiz.root", "."))
        return cls(table, root, is_multilabel=is_multilabel)

    def save_columns(self, path: Path, *names: str) -> None:
        """Write these columns into the manifest that lies at `path`; its others stay as they are.

        The others are never in memory as a whole, so a manifest of many rows can be read in parts.
        """
        change_columns(path, self._table.select(names))

    def save(self, path: Path) -> None:
        """Write as Parquet, whole or not at all; the root (or its URL) travels in the metadata."""
        kind = {"tamiz.labels": "several"} if self.is_multilabel else {}
        write_table(self._table, path, {"tamiz.root": name_of(self.root), **kind})

    def __len__(self) -> int:
        return self._table.height

    @property
    def column_names(self) -> list[str]:
        """Return the names of all columns, fixed ones first."""
        return self._table.columns

    @property
    def free_column_names(self) -> list[str]:
        """Return the names of the columns that came with the input or were measured."""
        return [name for name in self._table.columns if name not in SCHEMA and name != TIED]

    def column(self, name: str) -> list[Any]:
        """Return one column as a list (None for null)."""
        series = self._table[name]
        if series.null_count() == len(series):
            return [None] * len(series)
        return series.to_list()

    def series(self, name: str) -> pl.Series:
        """Return one column as it is stored: no row of it becomes an object."""
        return self._table[name]

    def coded(self, name: str) -> Coded:
        """Return a column of text as numbers and words."""
        return Coded.of_series(self._table[name])

    def repeated(self, name: str) -> tuple[NDArray[np.int64], Coded]:
        """Return the rows whose text in a column stands on other rows too, and these texts."""
        series = self._table[name]
        at = repeats(series).arg_true().to_numpy().astype(np.int64)
        return at, Coded.of_many(series.gather(at))

    def only(self, *names: str) -> Self:
        """Return the manifest with these columns alone; what is not there cannot be asked for."""
        return self._with(self._table.select(names))

    def rows(self, *names: str) -> Iterable[tuple[Any, ...]]:
        """Yield the named columns row by row."""
        return self._table.select(names).iter_rows()

    def with_columns(self, columns: Mapping[str, Values]) -> Self:
        """Return the manifest with these columns set or replaced (one value per row)."""
        made = [_series(name, values, SCHEMA.get(name)) for name, values in columns.items()]
        changed = self._with(self._table.with_columns(made))
        if columns.keys().isdisjoint({"item", "group", TIED}):
            changed._groups = self._groups  # noqa: SLF001 - one of its own kind
        return changed

    def where(self, **wanted: object) -> Self:
        """Return the rows in which each named column equals the value (None: is null)."""
        table = self._table
        for name, value in wanted.items():
            is_wanted = pl.col(name).is_null() if value is None else pl.col(name) == value
            table = table.filter(is_wanted)
        return self._with(table)

    def take(self, positions: Sequence[int] | NDArray[np.int64]) -> Self:
        """Return the rows at these positions, in this order."""
        at = positions if isinstance(positions, np.ndarray) else list(positions)
        return self._with(self._table[at])

    def group_keys(self) -> list[str]:
        """Return each row's group, the set of its copies, or its item id where it stands alone."""
        tied = (pl.col(TIED),) if TIED in self._table.columns else ()
        key = pl.coalesce("group:" + pl.col("group"), *tied, "item:" + pl.col("item"))
        made: list[str] = self._table.select(key).to_series().to_list()
        return made

    def untied(self) -> Self:
        """Return the manifest without what `split` says of copies: only named groups count."""
        return self._with(self._table.drop(TIED)) if TIED in self._table.columns else self

    def group_codes(self) -> Coded:
        """Return `group_keys` as numbers and words, in an order of their own."""
        if self._groups is None:
            group = self._table["group"]
            is_tied = TIED in self._table.columns
            if is_tied:
                group = self._table.select(
                    pl.coalesce("group:" + pl.col("group"), TIED)
                ).to_series()
            is_alone = group.is_null()
            found = Coded.of_many(group)
            names = pl.Series(found.names, dtype=pl.String)
            groups = Coded(found.codes, names if is_tied else "group:" + names)
            alone = Coded.of_many(self._table["item"].filter(is_alone))
            items = Coded(alone.codes, "item:" + pl.Series(alone.names))
            self._groups = groups.joined(items, is_alone.to_numpy())
        return self._groups

    def classes(self) -> list[str]:
        """Return the labels in use, each on its own, sorted; numbers in numeric order."""
        found = {label for label in self._table["label"].unique().to_list() if label is not None}
        if self.is_multilabel:
            found = {label for joined in found for label in labels_in(joined)}
        labels = list(found)
        is_numeric = all(label.isdecimal() for label in labels)
        return (
            sorted(labels, key=lambda label: (int(label), label)) if is_numeric else sorted(labels)
        )

    def as_multilabel(self) -> Self:
        """Return the manifest as one whose labels `label_sets.join_labels` made."""
        return type(self)(self._table, self.root, is_multilabel=True)

    def label_sets(self) -> list[tuple[str, ...] | None]:
        """Return the labels of each row: one, or any number where it can have several.

        None where the label is unknown.
        """
        return [
            None if label is None else labels_in(label) if self.is_multilabel else (label,)
            for label in self._table["label"].to_list()
        ]

    def digest(self) -> str:
        """Return a SHA-256 over items, labels, groups and splits: the manifest's identity."""
        made = hashlib.sha256(b"several labels" if self.is_multilabel else b"")
        for row in self.rows("item", "label", "group", "split"):
            made.update(json.dumps(row).encode())
        return made.hexdigest()

    def to_pandas(self) -> pd.DataFrame:
        """Return a pandas DataFrame (needs pandas and pyarrow)."""
        return self._table.to_pandas()

    def _with(self, table: pl.DataFrame) -> Self:
        return type(self)(table, self.root, is_multilabel=self.is_multilabel)


def _series(name: str, values: Values, kind: Any = None, *, is_strict: bool = False) -> pl.Series:
    """Return a column, of the type that its name asks for where it has one."""
    if isinstance(values, Coded):
        return values.series(name)
    if isinstance(values, pl.Series):
        return values.alias(name) if kind is None else values.cast(kind, strict=False).alias(name)
    return pl.Series(name, list(values), dtype=kind, strict=is_strict)


def _item_ids(table: pl.DataFrame) -> pl.Series:
    """Return the stable id of each row: a hash of its path, frame and region, a slice at a time."""
    words = [
        pl.col(name).cast(pl.String).fill_null("")
        for name in ("path", "frame", "x", "y", "width", "height")
    ]
    made = []
    for start in range(0, max(1, table.height), _SLICE):
        names = table.slice(start, _SLICE).select(pl.concat_str(words, separator="\x1f"))
        ids = [sha256(name.encode()).hexdigest()[:16] for name in names.to_series()]
        made.append(pl.Series("item", ids, dtype=pl.String))
    return pl.concat(made, rechunk=True)
