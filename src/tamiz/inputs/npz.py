"""A NumPy archive with images and labels: MedMNIST's names, or images/labels, or x/y."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.language import say
from tamiz.core.parts import part_of_word
from tamiz.core.recipe import DataOptions
from tamiz.data.label_sets import join_labels
from tamiz.data.ledger import Entry, Fate
from tamiz.formats.files import INSIDE
from tamiz.formats.npz import ArrayHeader, array_headers, checked_header, read_array
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.sniff import is_npz
from tamiz.inputs.idx import paired
from tamiz.inputs.registry import INPUTS, Columns, Found
from tamiz.inputs.tree import Tree

IMAGE_WORDS: Final = ("images", "image", "imgs", "x", "data", "imagenes")
LABEL_WORDS: Final = ("labels", "label", "y", "targets", "target", "etiquetas")
_ORDER: Final = {"train": 0, "val": 1, "test": 2, None: 3}


@dataclass(frozen=True, slots=True)
class _Part:
    """An array of images with the array of its labels."""

    images: str
    labels: str | None
    split: str | None


@INPUTS.add("npz")
class NpzFile:
    """One .npz, alone, in a folder or in an archive."""

    name = "npz"
    order = 20
    honours: ClassVar[frozenset[str]] = frozenset()

    @staticmethod
    def recognises(tree: Tree, _options: DataOptions) -> bool:
        """Return whether the user named an .npz, or a folder whose one useful file is an .npz."""
        return len(_archives(tree)) == 1

    @staticmethod
    def find(tree: Tree, _options: DataOptions) -> Found:
        """Return one row per image; labels as text."""
        return _rows(tree, has_labels=True)

    @staticmethod
    def images(tree: Tree) -> Found:
        """Return one row per image; arrays of labels are not looked at."""
        return _rows(tree, has_labels=False)


def _rows(tree: Tree, *, has_labels: bool) -> Found:
    archives = _archives(tree)
    if len(archives) != 1:
        raise WrongData.of("inputs.not_one_npz", where=tree.path_of(""), n=len(archives))
    name = archives[0]
    path = tree.path_of(name)
    source: Path | bytes = tree.read(name) if tree.prefix else tree.place(name)
    try:
        with reading(path):
            headers = array_headers(source)
            parts = _parts(headers)
            columns = Columns()
            for part in parts:
                _add(columns, part if has_labels else replace(part, labels=None), source, path)
    except UnreadableItem as error:
        raise WrongData.of("inputs.unreadable", where=path, reason=error.reason) from error
    if not parts:
        names = ", ".join(headers)
        raise WrongData.of("inputs.no_image_arrays", where=path, names=names)
    used = {part.images for part in parts} | {part.labels for part in parts}
    others = [
        Entry(f"{path}{INSIDE}{array}", Fate.EXCLUDED, say("inputs.unused_array"))
        for array in headers
        if array not in used
    ]
    return Found("npz", columns.manifest(tree), tuple(others))


def _archives(tree: Tree) -> list[str]:
    names = [tree.asked] if tree.asked else tree.names
    if len(names) > 64:
        names = [name for name in names if name.endswith(".npz")]
    return sorted(name for name, head in tree.heads(names) if is_npz(head))


def _parts(headers: Mapping[str, ArrayHeader]) -> list[_Part]:
    images: dict[str, str] = {}
    labels: dict[str, str] = {}
    for name, header in headers.items():
        role, rest = _role(name)
        if role == "images" and len(header.shape) in {3, 4}:
            images[rest] = name
            _refuse_volumes(name, header)
        elif role == "labels":
            labels[rest] = name
    made = [_Part(name, labels.get(rest), part_of_word(rest)) for rest, name in images.items()]
    if len(made) == 1:
        made = [_Part(made[0].images, made[0].labels, None)]
    return sorted(made, key=lambda part: (_ORDER[part.split], part.images))


def _refuse_volumes(name: str, header: ArrayHeader) -> None:
    """Raise where an array of images holds volumes, as MedMNIST's 3D files do.

    Raises:
        Refusal: its last side is no number of channels.
    """
    if len(header.shape) == 4 and header.shape[3] > 4:
        raise refuse("volumes", name=name, shape=" x ".join(map(str, header.shape[1:])))


def _role(name: str) -> tuple[str, str]:
    """Return ('images' or 'labels' or '', the rest of the name): 'train_images' -> 'train'."""
    words = [word for word in re.split(r"[^0-9a-z]+", PurePosixPath(name).name.lower()) if word]
    for role, known in (("images", IMAGE_WORDS), ("labels", LABEL_WORDS)):
        if any(word in known for word in words):
            return role, "_".join(word for word in words if word not in known)
    return "", name


def _add(
    columns: Columns,
    part: _Part,
    source: Path | bytes,
    path: str,
) -> None:
    n = checked_header(source, part.images).shape[0]
    labels: list[str | None] = [None] * n
    if part.labels is not None:
        values, where = read_array(source, part.labels), f"{path}{INSIDE}{part.labels}"
        is_several = _says_yes_or_no(values)
        if columns.path and is_several != columns.is_multilabel:
            raise WrongData.of("inputs.several_labels", where=where, shape=_sides(values))
        columns.is_multilabel = is_several
        labels = list(_label_sets(values, n, where) if is_several else _labels(values, n, where))
    columns.path += [f"{path}{INSIDE}{part.images}"] * n
    columns.frame += range(n)
    columns.label += labels
    columns.given_split += [part.split] * n


def _says_yes_or_no(values: NDArray[Any]) -> bool:
    """Return whether each label has a column of its own, 1 where an image has it."""
    if values.ndim != 2 or values.shape[1] < 2 or values.dtype.kind not in "biuf":
        return False
    return bool(np.isin(values, (0, 1)).all())


def _label_sets(values: NDArray[Any], n_images: int, where: str) -> list[str]:
    """Return the labels of each image, called by the number of their column.

    Raises:
        WrongData: not as many rows as images.
    """
    rows = paired(values, n_images, where, announced=len(values))
    return [join_labels(map(str, np.flatnonzero(row))) for row in rows]


def _sides(values: NDArray[Any]) -> str:
    return " x ".join(map(str, values.shape))


def _labels(values: NDArray[Any], n_images: int, where: str) -> list[str]:
    """Return labels as text.

    Raises:
        WrongData: several per image, fractions, or not as many as images.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise WrongData.of("inputs.several_labels", where=where, shape=_sides(values))
    if values.dtype.kind == "f":
        if not np.array_equal(values, np.floor(values)):
            raise WrongData.of("inputs.fraction_labels", where=where)
        values = values.astype(np.int64)
    made = paired(values, n_images, where, announced=len(values))
    return [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in made]
