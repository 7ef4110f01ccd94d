"""The registry of input kinds, and what each of them must offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from tamiz.core.recipe import DataOptions
from tamiz.core.registry import Registry
from tamiz.data.ledger import Entry
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding
from tamiz.inputs.tree import Tree

# Options of the section `data` that speak of a table, and what the command line calls them.
TABLE_OPTIONS: Final = {
    "root": "--root",
    "path": "--path",
    "label": "--label",
    "group": "--group",
    "centre": "--centre",
    "split": "--split-column",
    "label_columns": "--label-columns",
    "repeated": "--repeated",
    "encoding": "--encoding",
    "separator": "--separator",
}
# Every option that not all kinds of input honour.
SOME_HONOUR: Final = {
    **TABLE_OPTIONS,
    "label_from_name": "--label-from-name",
    "label_separator": "--label-separator",
    "group_from_name": "--group-from-name",
    "label_table": "--label-table",
    "id": "--id",
    "id_from_name": "--id-from-name",
    "window": "--window",
    "frames": "--frames",
    "keep": "--keep",
    "key": "--key",
    "allow_names": "--allow-names",
}
# With a table of labels these speak of its columns.
OF_LABEL_TABLE: Final = frozenset({"label", "id", "label_table", "encoding", "separator"})


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A row of a table whose file is not there."""

    line: int
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an input holds.

    Attributes:
        kind: the input's name: 'folder', 'table', 'idx', 'npz', 'cifar'.
        manifest: one row per image; `given_split` is filled where the source says one.
        others: files found that are no rows, each with its fate.
        missing: rows of a table whose file is not there; they are rows of the manifest with the
            fate 'missing'.
        findings: what was guessed and what is odd.
        has_names: files or folders are named after patients, and the user allowed it.
    """

    kind: str
    manifest: Manifest
    others: tuple[Entry, ...] = ()
    missing: tuple[MissingRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    has_names: bool = False


class Input(Protocol):
    """A kind of input.

    Attributes:
        name: what `data.kind` calls it.
        order: the lower, the earlier it is asked when the kind is 'auto'.
        honours: those of `SOME_HONOUR` that mean something here; any other of them is refused.
    """

    name: str
    order: int
    honours: frozenset[str]

    def recognises(self, tree: Tree, options: DataOptions, /) -> bool:
        """Return whether the files are of this kind, judged by their content."""
        ...

    def find(self, tree: Tree, options: DataOptions, /) -> Found:
        """Return the rows."""
        ...

    def images(self, tree: Tree, /) -> Found:
        """Return every image as a row without label, group or split: what predicting asks for."""
        ...


@dataclass(slots=True)
class Columns:
    """The columns of a manifest while they are being gathered, equally long."""

    path: list[str] = field(default_factory=list)
    frame: list[int] = field(default_factory=list)
    label: list[str | None] = field(default_factory=list)
    group: list[str | None] = field(default_factory=list)
    given_split: list[str | None] = field(default_factory=list)
    fate: list[str | None] = field(default_factory=list)
    reason: list[str | None] = field(default_factory=list)
    free: dict[str, list[Any]] = field(default_factory=dict)
    is_multilabel: bool = False

    def manifest(self, tree: Tree) -> Manifest:
        """Return the manifest of these columns."""
        n = len(self.path)
        made: dict[str, list[Any]] = {"path": self.path, "frame": self.frame or [0] * n}
        for name in ("label", "group", "given_split", "fate", "reason"):
            made[name] = getattr(self, name) or [None] * n
        return Manifest.from_columns(
            {**made, **self.free}, tree.root, is_multilabel=self.is_multilabel
        )


INPUTS: Final[Registry[Input]] = Registry("inputs", "tamiz.inputs")
