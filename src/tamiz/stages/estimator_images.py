"""What a scikit-learn estimator is given for images: arrays, lists of arrays, paths, plain rows."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.remote import bring_some
from tamiz.core.language import say
from tamiz.core.urls import is_url, on_disk, top_of_urls
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.formats.files import INSIDE
from tamiz.formats.idx import ArraySource
from tamiz.formats.reader import Reader

_NATURAL: Final = (np.bool_, np.uint8, np.uint16)  # types that have a black and a white
_LEAST_SIDE: Final = 4  # of an image that is made of a row of numbers
_FILE, _ARRAY = "images.npz", "images"


@dataclass(frozen=True, slots=True)
class Images:
    """Images in order, as stacks of arrays or as paths; one of the two is empty.

    Attributes:
        stacks: each (n, height, width) or (n, height, width, channels), of one size.
        paths: absolute; they may lead into an archive ('x.zip!/a.png').
        is_natural: whether black and white are known: of files, and of 8 or 16 bits without sign.
    """

    stacks: tuple[NDArray[Any], ...] = ()
    paths: tuple[str, ...] = ()
    is_natural: bool = True

    def __len__(self) -> int:
        return len(self.paths) + sum(len(stack) for stack in self.stacks)

    def range(self) -> tuple[float, float]:
        """Return the least and the greatest value of all arrays; never the same number twice."""
        low = min(float(stack.min()) for stack in self.stacks)
        high = max(float(stack.max()) for stack in self.stacks)
        return (low, high) if low < high else (low, low + 1.0)

    def put_into(self, folder: Path) -> tuple[Path, list[tuple[str, int]]]:
        """Write the arrays into `folder`; return the root and (path, frame) of each image."""
        if self.paths:
            return Path("/"), [(path, 0) for path in self.paths]
        named = {f"{_ARRAY}{number}": stack for number, stack in enumerate(self.stacks)}
        np.savez(folder / _FILE, allow_pickle=False, **named)
        rows = [
            (f"{_FILE}{INSIDE}{name}", frame)
            for name, stack in named.items()
            for frame in range(len(stack))
        ]
        return folder, rows

    def read(self, policy: Policy) -> Iterator[Image]:
        """Yield each image as the one reader gives it.

        Raises:
            UnreadableItem: one cannot be read.
        """
        if self.paths:
            with Reader(Path("/"), policy) as reader:
                yield from (reader.read(path) for path in self.paths)
        for number, stack in enumerate(self.stacks):
            source = ArraySource(f"{_ARRAY}{number}", stack, len(stack), "NPZ", policy)
            yield from (source.read(frame=frame) for frame in range(len(stack)))


def images_in_list(given: object) -> Images | None:
    """Return the images of a list of paths or of arrays; None where it is neither.

    Raises:
        ValueError: an array of the list is no image.
    """
    if isinstance(given, np.ndarray) and (given.ndim != 1 or given.dtype.kind not in "OUT"):
        return None
    if not isinstance(given, (list, tuple, np.ndarray)) or not len(given):
        return None
    first = given[0]
    if isinstance(first, (str, os.PathLike)):
        return Images(paths=_places([os.fspath(one) for one in given]))
    if isinstance(first, np.ndarray) and first.ndim in {2, 3}:
        return images_of_arrays([np.asarray(one)[np.newaxis] for one in given])
    return None


def _places(given: Sequence[str]) -> tuple[str, ...]:
    """Return where files lie, absolute; those at URLs are brought here, all at once."""
    urls = [one for one in given if is_url(one)]
    if urls:
        bring_some(top_of_urls(), urls)
    return tuple(os.path.abspath(on_disk(one)) for one in given)  # noqa: PTH100 - links stay


def images_of_arrays(stacks: Sequence[NDArray[Any]]) -> Images:
    """Return the images of stacks of arrays.

    Raises:
        ValueError: a stack has another shape, or 8 bits stand beside fractions.
    """
    for stack in stacks:
        if stack.ndim not in {3, 4} or (stack.ndim == 4 and stack.shape[3] not in {1, 2, 3, 4}):
            shape = " x ".join(map(str, stack.shape))
            raise ValueError(say("estimator.odd_shape", shape=shape))
    natural = {stack.dtype.type in _NATURAL for stack in stacks}
    if len(natural) > 1:
        raise ValueError(say("estimator.mixed_kinds"))
    return Images(tuple(stacks), is_natural=natural.pop())


def images_of_rows(rows: NDArray[Any]) -> Images:
    """Return (n, features) as square grey images; what is missing to a square is 0.

    64 numbers become 8 x 8 pixels, as in scikit-learn's digits.
    """
    n, n_features = rows.shape
    side = max(_LEAST_SIDE, math.isqrt(n_features - 1) + 1)
    made = np.zeros((n, side * side), np.float64)
    made[:, :n_features] = rows
    return Images((made.reshape(n, side, side),), is_natural=False)
