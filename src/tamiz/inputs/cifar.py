"""CIFAR-10 and CIFAR-100 in their binary version: files of rows, train and test given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import say
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.formats.cifar import LAYOUTS, cifar_layout, cifar_rows
from tamiz.formats.files import INSIDE
from tamiz.formats.refusal import reading
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree, grow_some

# Where the names of classes stand, one in a line; the first of a layout that lies there is taken.
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "cifar10": {"label": "batches.meta.txt"},
    "cifar100": {"coarse": "coarse_label_names.txt", "label": "fine_label_names.txt"},
}
_SUFFIX: Final = ".bin"
# What the published files are called, of which those of CIFAR-10 are called like nothing else.
_OWN_NAMES: Final = re.compile(r"(data_batch_\d+|test_batch|train|test)\.bin", re.IGNORECASE)
_TELLING_NAMES: Final = re.compile(r"(data_batch_\d+|test_batch)\.bin", re.IGNORECASE)


@INPUTS.add("cifar")
class CifarFolder:
    """A folder (or an archive) with CIFAR's binary files; or one of these files."""

    name = "cifar"
    order = 15
    honours: ClassVar[frozenset[str]] = frozenset()

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether a file has the length and the labels of CIFAR's rows.

        A file that is named alone, and as CIFAR names its own, is of this kind however damaged.
        """
        return bool(_batches(tree)) or bool(tree.asked and _TELLING_NAMES.fullmatch(tree.asked))

    @staticmethod
    def find(tree: Tree, _options: DataOptions) -> Found:
        """Return one row per image; of CIFAR-100 the label is the fine one."""
        return _rows(tree, has_labels=True)

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per image; labels are not looked at."""
        return _rows(tree, has_labels=False)


def _rows(tree: Tree, *, has_labels: bool) -> Found:
    layout_by_name = _batches(tree)
    _refuse_damaged(tree, layout_by_name)
    layouts = set(layout_by_name.values())
    if len(layouts) != 1:
        raise WrongData.of("cifar.not_one_kind", where=tree.path_of(""), n=len(layouts))
    layout = layouts.pop()
    columns = Columns()
    if layout == "cifar100" and has_labels:
        columns.free = {"coarse": []}
    names, others = _class_names(tree, layout) if has_labels else ({}, [])
    parts = {name: _part(name) for name in layout_by_name}
    is_divided = len(set(parts.values())) > 1
    for name in sorted(parts, key=lambda one: (parts[one] == "test", one)):
        n, labels = _labels(tree, name, layout)
        columns.path += [f"{tree.path_of(name)}{INSIDE}{layout}"] * n
        columns.frame += range(n)
        columns.given_split += [parts[name] if is_divided and has_labels else None] * n
        if not has_labels:
            columns.label += [None] * n
            continue
        for at, word in enumerate(LAYOUTS[layout].labels):
            known = names.get(word, ())
            said = [known[one] if known else str(one) for one in labels[:, at].tolist()]
            (columns.label if word == "label" else columns.free[word]).extend(said)
    return Found("cifar", columns.manifest(tree), tuple(others))


def _batches(tree: Tree) -> dict[str, str]:
    """Return the layout of each of CIFAR's files, at most one folder deep."""
    made: dict[str, str] = {}
    for name, head in tree.heads(_candidates(tree)):
        layout = cifar_layout(_size(tree, name), head) if head else None
        if layout is not None:
            made[name] = layout
    return dict(sorted(made.items()))


def _candidates(tree: Tree) -> list[str]:
    asked = [tree.asked] if tree.asked else [n for n in tree.names if n.count("/") <= 1]
    return [name for name in asked if name.lower().endswith(_SUFFIX)]


def _refuse_damaged(tree: Tree, known: Mapping[str, str]) -> None:
    """Raise where a file is named as CIFAR's and is none: its images would be missed in silence.

    Raises:
        WrongData: its length or its first labels are wrong.
    """
    folders = {PurePosixPath(name).parent for name in known}
    for name in _candidates(tree):
        place = PurePosixPath(name)
        is_near = place.parent in folders or bool(tree.asked)
        if name not in known and is_near and _OWN_NAMES.fullmatch(place.name):
            layout = LAYOUTS[next(iter(known.values()), "cifar10")]
            raise WrongData.of(
                "cifar.damaged",
                where=tree.path_of(name),
                n=_size(tree, name),
                row=layout.row_bytes,
                most=", ".join(str(one - 1) for one in layout.counts),
            )


def _size(tree: Tree, name: str) -> int:
    if tree.archive is not None:
        return tree.archive.contents.size_by_name.get(name, 0)
    return tree.place(name).stat().st_size


def _part(name: str) -> str:
    """Return 'test' for test_batch.bin and test.bin, else 'train'."""
    return "test" if PurePosixPath(name).name.lower().startswith("test") else "train"


def _labels(tree: Tree, name: str, layout: str) -> tuple[int, NDArray[np.uint8]]:
    """Return the number of images and (images, labels).

    Raises:
        WrongData: the file cannot be read, or a label is out of range.
    """
    where = tree.path_of(name)
    source: Path | bytes = tree.read(name) if tree.prefix else tree.place(name)
    try:
        with reading(where):
            rows = cifar_rows(source, layout)
    except UnreadableItem as error:
        raise WrongData.of("inputs.unreadable", where=where, reason=error.reason) from error
    labels = np.array(rows[:, : len(LAYOUTS[layout].labels)])
    counts = LAYOUTS[layout].counts
    wrong = np.flatnonzero((labels >= counts).any(axis=1))
    if len(wrong):
        at = int(wrong[0])
        first = ", ".join(map(str, labels[at].tolist()))
        most = ", ".join(str(one - 1) for one in counts)
        raise WrongData.of("cifar.bad_label", where=where, row=at, label=first, most=most)
    return len(rows), labels


def _class_names(tree: Tree, layout: str) -> tuple[dict[str, tuple[str, ...]], list[Entry]]:
    """Return the names of the classes by what they label, and the files they stand in.

    Raises:
        WrongData: such a file has another number of names than there are classes.
    """
    beside = grow_some(tree.root, [""]) if tree.asked else tree
    made: dict[str, tuple[str, ...]] = {}
    entries: list[Entry] = []
    counts = dict(zip(LAYOUTS[layout].labels, LAYOUTS[layout].counts, strict=True))
    for word, file in _NAMES[layout].items():
        found = [name for name in beside.names if PurePosixPath(name).name.lower() == file]
        if not found:
            continue
        words = beside.read(found[0]).decode("utf-8", "replace").splitlines()
        names = tuple(filter(None, map(str.strip, words)))
        if len(set(names)) != counts[word] or len(names) != counts[word]:
            where = beside.path_of(found[0])
            raise WrongData.of("cifar.bad_names", where=where, n=len(names), wanted=counts[word])
        made[word] = names
        entries.append(Entry(beside.path_of(found[0]), Fate.NOT_AN_IMAGE, say("cifar.names_file")))
    return made, entries
