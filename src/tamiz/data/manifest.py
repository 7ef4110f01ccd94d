"""The manifest: every image is a row. The table library stays inside this class."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import polars as pl

from tamiz.core.errors import WrongData
from tamiz.core.language import say
from tamiz.data.label_sets import labels_in
from tamiz.data.parquet import read_table, write_table

if TYPE_CHECKING:
    import pandas as pd

SPLITS: Final = ("train", "val", "test")
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

    @classmethod
    def from_columns(
        cls, columns: Mapping[str, Sequence[Any]], root: Path, *, is_multilabel: bool = False
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
                values = (
                    [0] * n if name == "frame" else [1.0] * n if name == "weight" else [None] * n
                )
            made[name] = pl.Series(name, list(values), dtype=kind, strict=False)
        free = {name: pl.Series(name, list(v)) for name, v in columns.items() if name not in SCHEMA}
        table = pl.DataFrame({**made, **free})
        regions = table.select("path", "frame", "x", "y", "width", "height").iter_rows()
        ids = pl.Series("item", [_item_id(row) for row in regions], dtype=pl.String)
        return cls(table.insert_column(0, ids), root, is_multilabel=is_multilabel)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a manifest that `save` wrote.

        Raises:
            WrongData: the file is missing or damaged.
        """
        table, metadata = read_table(path)
        missing = [name for name in SCHEMA if name not in table.columns]
        if missing:
            reason = say("data.columns_missing", names=", ".join(missing))
            raise WrongData.of("errors.broken_file", where=path, reason=reason)
        is_multilabel = metadata.get("tamiz.labels") == "several"
        return cls(table, Path(metadata.get("tamiz.root", ".")), is_multilabel=is_multilabel)

    def save(self, path: Path) -> None:
        """Write as Parquet, whole or not at all; the root travels in the file's metadata."""
        kind = {"tamiz.labels": "several"} if self.is_multilabel else {}
        write_table(self._table, path, {"tamiz.root": str(self.root), **kind})

    def __len__(self) -> int:
        return self._table.height

    @property
    def column_names(self) -> list[str]:
        """Return the names of all columns, fixed ones first."""
        return self._table.columns

    @property
    def free_column_names(self) -> list[str]:
        """Return the names of the columns that came with the input or were measured."""
        return [name for name in self._table.columns if name not in SCHEMA]

    def column(self, name: str) -> list[Any]:
        """Return one column as a list (None for null)."""
        return self._table[name].to_list()

    def rows(self, *names: str) -> Iterable[tuple[Any, ...]]:
        """Yield the named columns row by row."""
        return self._table.select(names).iter_rows()

    def with_columns(self, columns: Mapping[str, Sequence[Any]]) -> Self:
        """Return the manifest with these columns set or replaced (one value per row)."""
        made = [
            pl.Series(name, list(values), dtype=SCHEMA.get(name), strict=False)
            for name, values in columns.items()
        ]
        return self._with(self._table.with_columns(made))

    def where(self, **wanted: object) -> Self:
        """Return the rows in which each named column equals the value (None: is null)."""
        table = self._table
        for name, value in wanted.items():
            is_wanted = pl.col(name).is_null() if value is None else pl.col(name) == value
            table = table.filter(is_wanted)
        return self._with(table)

    def take(self, positions: Sequence[int]) -> Self:
        """Return the rows at these positions, in this order."""
        return self._with(self._table[list(positions)])

    def group_keys(self) -> list[str]:
        """Return each row's group, or its item id where it stands alone."""
        pairs = self.rows("group", "item")
        return [f"item:{item}" if group is None else f"group:{group}" for group, item in pairs]

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


def _item_id(row: tuple[Any, ...]) -> str:
    name = "\x1f".join("" if value is None else str(value) for value in row)
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
