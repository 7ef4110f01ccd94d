"""Descriptors of many tiles at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.descriptors.planes import as_grey, as_planes, check_tiles
from tamiz.descriptors.registry import DESCRIPTORS, Descriptor

VERSION: Final = "1"
"""Changes whenever a value or a name of any descriptor changes: what was cached is then stale."""

DEFAULT: Final = ("stain", "lbp", "glcm", "edges")
"""What tells textures of stained tissue apart at a few milliseconds for a tile of 256 px."""

_BLOCK_PX: Final = 1 << 16  # a block's arrays stay in the processor's cache
_KEPT_BYTES: Final = 16 << 20


def describe(tiles: NDArray[np.uint8], names: Sequence[str] = DEFAULT) -> NDArray[np.float32]:
    """Return (n, k) numbers about each tile, in the order of `names_of(names)`; all finite.

    A row depends on its own tile only, to the last bit.

    Args:
        tiles: (n, height, width, 1 or 3).
        names: of descriptors, each with its default options.

    Raises:
        WrongData: these are no tiles.
        WrongUse: a name is unknown, or given twice.
    """
    return describe_with(tiles, [DESCRIPTORS.get(name)() for name in names])


def names_of(names: Sequence[str] = DEFAULT) -> tuple[str, ...]:
    """Return the names of the k numbers that `describe` gives.

    Raises:
        WrongUse: a name is unknown, or given twice.
    """
    return columns_of([DESCRIPTORS.get(name)() for name in names])


def describe_with(
    tiles: NDArray[np.uint8], descriptors: Sequence[Descriptor]
) -> NDArray[np.float32]:
    """Return (n, k) numbers of descriptors with any options, in the order of `columns_of`.

    Raises:
        WrongData: these are no tiles.
        WrongUse: two descriptors give the same column.
    """
    return described_values(tiles, descriptors).astype(np.float32)


def described_values(
    tiles: NDArray[np.uint8], descriptors: Sequence[Descriptor]
) -> NDArray[np.float64]:
    """Return what `describe_with` does, in full.

    Raises:
        WrongData: these are no tiles.
        WrongUse: two descriptors give the same column.
    """
    check_tiles(tiles)
    _keep_freed_memory()
    made = np.empty((len(tiles), len(columns_of(descriptors))))
    at_once = max(1, _BLOCK_PX // (tiles.shape[1] * tiles.shape[2]))
    for start in range(0, len(tiles), at_once):
        block = tiles[start : start + at_once]
        if block.shape[3] == 3:  # each channel in one piece, once for all descriptors
            block = np.moveaxis(as_planes(block), 0, 3)
        grey = as_grey(block)[..., None]
        parts = [one(block if one.reads_colour else grey) for one in descriptors]
        made[start : start + at_once] = np.concatenate(parts, axis=1)
    return made


def columns_of(descriptors: Sequence[Descriptor]) -> tuple[str, ...]:
    """Return the names of the numbers of descriptors with any options.

    Raises:
        WrongUse: two descriptors give the same column.
    """
    columns = tuple(name for one in descriptors for name in one.names())
    seen: set[str] = set()
    for name in columns:
        if name in seen:
            raise WrongUse.of("descriptors.same_names", name=name)
        seen.add(name)
    return columns


def _keep_freed_memory() -> None:
    """Let the C library keep the memory of small arrays for the next ones: twice as fast.

    glibc hands back what lies free at the top of its heap, and each array then costs page faults
    (1,600 a tile), until a larger piece was freed once (mallopt(3), M_MMAP_THRESHOLD). This one is
    never touched, so it costs no memory; elsewhere it does nothing.
    """
    np.empty(_KEPT_BYTES, dtype=np.uint8)
