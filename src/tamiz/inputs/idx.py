"""IDX files, as MNIST ships them: images paired with labels, train and test given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import say
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.ledger import Entry, Fate
from tamiz.formats.idx import IdxHeader, idx_header, read_idx, unzip_head
from tamiz.formats.refusal import reading
from tamiz.formats.sniff import is_idx
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree, grow_some

_IMAGES, _LABELS = "images", "labels"


@dataclass(frozen=True, slots=True)
class _Pair:
    """An IDX file of images and the one with their labels, if there is one."""

    images: str
    labels: str | None
    split: str | None


@INPUTS.add("idx")
class IdxFolder:
    """A folder (or an archive) with IDX files; or one IDX file, and its labels beside it."""

    name = "idx"
    order = 10
    honours: ClassVar[frozenset[str]] = frozenset()

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether an IDX file of images lies there, or is what the user named."""
        candidates = [tree.asked] if tree.asked else _candidates(tree)
        return any(_n_dimensions(head) >= 3 for _, head in tree.heads(candidates))

    @staticmethod
    def find(tree: Tree, _options: DataOptions) -> Found:
        """Return one row per image; labels are the numbers, as text."""
        return _rows(tree, _pairs(tree))

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per image; files of labels are not looked at."""
        return _rows(tree, [replace(pair, labels=None) for pair in _pairs(tree)])


def _rows(tree: Tree, pairs: list[_Pair]) -> Found:
    columns = Columns()
    others: list[Entry] = []
    for pair in pairs:
        header = _header(tree, pair.images)
        labels: list[str | None] = [None] * header.shape[0]
        if pair.labels is not None:
            labels = [str(value) for value in _labels(tree, pair, header)]
            others.append(
                Entry(tree.path_of(pair.labels), Fate.NOT_AN_IMAGE, say("inputs.labels_file"))
            )
        columns.path += [tree.path_of(pair.images)] * len(labels)
        columns.frame += range(len(labels))
        columns.label += labels
        columns.given_split += [pair.split] * len(labels)
    return Found("idx", columns.manifest(tree), tuple(others))


def _candidates(tree: Tree) -> list[str]:
    """Return the files whose names look like IDX, at most one folder deep."""
    pattern = re.compile(r"(ubyte|idx|\.gz$)", re.IGNORECASE)
    return [n for n in tree.names if n.count("/") <= 1 and pattern.search(PurePosixPath(n).name)]


def _n_dimensions(head: bytes) -> int:
    """Return the number of dimensions of an IDX file, 0 for any other file."""
    head = unzip_head(head)
    return head[3] if is_idx(head) else 0


def _pairs(tree: Tree) -> list[_Pair]:
    beside = tree if tree.asked is None else grow_some(tree.root, [""])
    names = _candidates(beside)
    if tree.asked is not None and tree.asked not in names:
        names.append(tree.asked)
    dimensions = dict(sorted((name, _n_dimensions(head)) for name, head in tree.heads(names)))
    labels_by_stem = {_stem(name): name for name, n in dimensions.items() if n == 1}
    images = sorted(name for name, n in dimensions.items() if n >= 3)
    if tree.asked is not None:
        images = [tree.asked]
    is_one = len(images) == 1 and len(labels_by_stem) == 1 and tree.asked is None
    only = next(iter(labels_by_stem.values()), None) if is_one else None
    order = {"train": 0, "val": 1, "test": 2, None: 3}
    pairs = [_Pair(n, labels_by_stem.get(_stem(n), only), _split(n)) for n in images]
    if len(pairs) == 1:  # one part alone is no split
        pairs = [_Pair(pairs[0].images, pairs[0].labels, None)]
    return sorted(pairs, key=lambda pair: (order[pair.split], pair.images))


def _stem(name: str) -> str:
    """Return what the names of images and of their labels have in common."""
    folder, _, file = name.rpartition("/")
    kept = re.sub(r"images?|labels?|idx\d?|ubyte|\.gz$", "", file.lower())
    return f"{folder}/{re.sub(r'[^0-9a-z]+', '', kept)}"


def _split(name: str) -> str | None:
    for word in re.split(r"[^0-9a-z]+", PurePosixPath(name).name.lower()):
        made = "test" if word == "t10k" else part_of_word(word)
        if made is not None:
            return made
    return None


def _source(tree: Tree, name: str) -> Path | bytes:
    return tree.read(name) if tree.prefix else tree.place(name)


def _header(tree: Tree, name: str) -> IdxHeader:
    try:
        with reading(tree.path_of(name)):
            return idx_header(_source(tree, name))
    except UnreadableItem as error:
        raise _broken(tree, name, error) from error


def _labels(tree: Tree, pair: _Pair, images: IdxHeader) -> list[Any]:
    """Return the labels.

    Raises:
        WrongData: they cannot be read, or there are more or fewer than images.
    """
    labels = pair.labels or ""
    try:
        with reading(tree.path_of(labels)):
            header, values = read_idx(_source(tree, labels))
    except UnreadableItem as error:
        raise _broken(tree, labels, error) from error
    return paired(values, images.shape[0], tree.path_of(labels), announced=header.shape[0])


def paired(values: NDArray[Any], n_images: int, where: str, *, announced: int) -> list[Any]:
    """Return the labels as a list.

    Raises:
        WrongData: there are more or fewer than images, or fewer than announced.
    """
    if len(values) != n_images or announced != n_images:
        raise WrongData.of(
            "inputs.unequal", where=where, n_images=n_images, n_labels=min(len(values), announced)
        )
    made: list[Any] = values.tolist()
    return made


def _broken(tree: Tree, name: str, error: UnreadableItem) -> WrongData:
    return WrongData.of("inputs.unreadable", where=tree.path_of(name), reason=error.reason)
