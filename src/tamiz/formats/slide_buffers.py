"""Memory for decoded pixels that is used again: fresh pages cost a third of decoding a JPEG."""

from __future__ import annotations

import math
import sys
from threading import Lock
from typing import Final

import numpy as np

from tamiz.formats.slide_scaling import Bytes

_LIMIT_BYTES: Final = 64 << 20
_LOOKS: Final = 16


def _references(kept: list[Bytes], at: int) -> int:
    return sys.getrefcount(kept[at])


_ALONE: Final = _references([np.empty(1, dtype=np.uint8)], 0)  # of what only its list holds


class Buffers:
    """Gives arrays of one size after the other; one is given again when nobody holds it any more.

    Python counts who refers to an array, and a view refers to the array it is a view of.
    """

    def __init__(self) -> None:
        self._kept: list[Bytes] = []
        self._next = 0
        self._lock = Lock()

    def empty(self, shape: tuple[int, ...]) -> Bytes:
        """Return an array of uint8 whose content is anything."""
        n_bytes = math.prod(shape)
        with self._lock:
            if self._kept and len(self._kept[0]) != n_bytes:
                self._kept.clear()
            for _ in range(min(_LOOKS, len(self._kept))):
                self._next = (self._next + 1) % len(self._kept)
                if _references(self._kept, self._next) <= _ALONE:
                    return self._kept[self._next].reshape(shape)
            made = np.empty(n_bytes, dtype=np.uint8)
            if (len(self._kept) + 1) * n_bytes <= _LIMIT_BYTES:
                self._kept.append(made)
            return made.reshape(shape)
