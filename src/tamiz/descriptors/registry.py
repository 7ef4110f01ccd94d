"""The registry of descriptors, and what a descriptor must offer."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tamiz.core.registry import Registry


class Descriptor(Protocol):
    """Numbers about each tile; a frozen dataclass of plain values, so that JSON can hold it.

    Attributes:
        reads_colour: whether colour counts; one that reads grey only gives the same for a colour
            tile and for its grey (`planes.as_grey`), so that grey is made once for several.
    """

    reads_colour: ClassVar[bool]

    def names(self) -> tuple[str, ...]:
        """Return the names of the k numbers, all different; they depend on the options only."""
        ...

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, k), finite for every input.

        A row depends on its own tile only, to the last bit: not on the tiles beside it.

        Args:
            tiles: (n, height, width, 1 or 3), any height and width from 1 px.
        """
        ...


DESCRIPTORS: Final[Registry[type[Descriptor]]] = Registry("descriptors", "tamiz.descriptors")
