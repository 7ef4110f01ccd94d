"""CIFAR's binary files: rows of one or two bytes of labels and 3,072 bytes of a 32 x 32 picture.

Source: https://www.cs.toronto.edu/~kriz/cifar.html ("binary version"): of each picture all red
values come first, then green, then blue, row by row. There is no header: a file is told by its
length and by labels that are in range. The version for Python is a pickle and is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.formats.files import INSIDE
from tamiz.formats.idx import ArraySource
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.registry import FORMATS

SIDE_PX: Final = 32
_PICTURE_BYTES: Final = 3 * SIDE_PX * SIDE_PX


@dataclass(frozen=True, slots=True)
class CifarLayout:
    """How rows are laid out.

    Attributes:
        labels: what the bytes before a picture mean, in order.
        counts: how many classes each of them has.
    """

    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def row_bytes(self) -> int:
        """Return the length of a row."""
        return len(self.labels) + _PICTURE_BYTES

    def fits(self, n_bytes: int, head: bytes) -> bool:
        """Return whether a file of this length that begins so can be of this layout."""
        if n_bytes == 0 or n_bytes % self.row_bytes:
            return False
        starts = range(0, len(head) - len(self.labels) + 1, self.row_bytes)
        return len(starts) > 0 and all(
            head[start + at] < count for start in starts for at, count in enumerate(self.counts)
        )


LAYOUTS: Final[Mapping[str, CifarLayout]] = {
    "cifar10": CifarLayout(("label",), (10,)),
    "cifar100": CifarLayout(("coarse", "label"), (20, 100)),
}


@FORMATS.add("cifar")
class Cifar:
    """An image is named 'data_batch_1.bin!/cifar10' and its row; nothing in a file says so."""

    name = "cifar"
    suffixes: ClassVar[tuple[str, ...]] = (".bin",)

    @staticmethod
    def recognises(head: bytes) -> bool:  # noqa: ARG004
        """Return False: without a header only the input, which sees the length, can tell."""
        return False

    @staticmethod
    def open(path: Path | str, content: bytes | None, policy: Policy) -> ArraySource:
        """Open the pictures of one file, unread as long as nobody asks: `path` ends in '!/cifar10'.

        Raises:
            UnreadableItem: the path names no layout, or the file ends within a row.
        """
        with reading(str(path)):
            file_path, _, name = str(path).rpartition(INSIDE)
            rows = cifar_rows(Path(file_path) if content is None else content, name)
            planes = rows[:, len(LAYOUTS[name].labels) :].reshape(-1, 3, SIDE_PX, SIDE_PX)
            pictures = planes.transpose(0, 2, 3, 1)
            return ArraySource(str(path), pictures, len(rows), "CIFAR", policy)


def cifar_layout(n_bytes: int, head: bytes) -> str | None:
    """Return 'cifar10' or 'cifar100' for a file of this length that begins so; None: neither."""
    return next((name for name, one in LAYOUTS.items() if one.fits(n_bytes, head)), None)


def cifar_rows(source: Path | bytes, name: str) -> NDArray[np.uint8]:
    """Return (images, bytes of a row); of a file on disk not read yet.

    Raises:
        Refusal: there is no such layout, or the file ends within a row.
    """
    layout = LAYOUTS.get(name)
    if layout is None:
        raise refuse("no_such_array", name=name)
    n_bytes = source.stat().st_size if isinstance(source, Path) else len(source)
    if not n_bytes or n_bytes % layout.row_bytes:
        raise refuse("truncated")
    values = (
        np.memmap(source, np.uint8, "r")
        if isinstance(source, Path)
        else np.frombuffer(source, np.uint8)
    )
    return values.reshape(-1, layout.row_bytes)
