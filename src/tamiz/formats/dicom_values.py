"""From stored values to values with a meaning, and from these to grey: in the standard's order.

Modality LUT or slope and intercept; VOI window or LUT; then MONOCHROME1 turns black and white
around; then 0..255. Doing it in another order gives another picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.data.windows import Floats, Window, apply_window

Stored = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Lut:
    """A lookup table (PS3.3 C.11.1.1, C.11.2.1.1).

    Attributes:
        first: the value that the first entry is for; smaller ones get it too.
        bits: of an entry.
        entries: the values, as bytes of little-endian uint16.
    """

    first: int
    bits: int
    entries: bytes

    def __call__(self, values: NDArray[Any]) -> Floats:
        """Return the entry of each value; beyond the table its last entry."""
        table = np.frombuffer(self.entries, dtype="<u2")
        at = np.rint(np.asarray(values, dtype=np.float64)) - self.first
        return np.asarray(table[np.clip(at, 0, len(table) - 1).astype(np.int64)], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Modality:
    """From stored to modality values.

    Attributes:
        slope: factor.
        intercept: added after it.
        lut: used instead, where the file has one.
        unit: 'HU', or what the file says; '' where nothing is known.
    """

    slope: float = 1.0
    intercept: float = 0.0
    lut: Lut | None = None
    unit: str = ""

    @property
    def is_identity(self) -> bool:
        """Return whether modality values are the stored ones."""
        return self.lut is None and self.slope == 1.0 and self.intercept == 0.0

    def __call__(self, stored: Stored) -> Floats:
        """Return modality values, exact for whole slopes and intercepts."""
        if self.lut is not None:
            return self.lut(stored)
        values = np.asarray(stored, dtype=np.float64)
        return values if self.is_identity else values * self.slope + self.intercept


@dataclass(frozen=True, slots=True)
class Full:
    """From the lowest to the highest value: black to white.

    Attributes:
        low: becomes 0.
        high: becomes 1; a range of one value becomes 0.
    """

    low: float
    high: float

    def __call__(self, values: NDArray[Any]) -> Floats:
        """Return grey from 0 to 1."""
        span = self.high - self.low
        if span <= 0:
            return np.zeros(np.shape(values), dtype=np.float64)
        scaled = (np.asarray(values, dtype=np.float64) - self.low) / span
        return np.asarray(np.clip(scaled, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class ToGrey:
    """From stored values to grey.

    Attributes:
        modality: first.
        voi: then a window, a table, or a range.
        is_inverted: MONOCHROME1: low values are white; last.
        padding: (lowest, highest) stored values that are no picture: they become black.
    """

    modality: Modality
    voi: Window | Lut | Full
    is_inverted: bool = False
    padding: tuple[int, int] | None = None

    def __call__(self, stored: Stored) -> Floats:
        """Return grey from 0 (black) to 1 (white), same shape."""
        values = self.modality(stored)
        if isinstance(self.voi, Window):
            grey = apply_window(values, self.voi)
        elif isinstance(self.voi, Lut):
            grey = self.voi(values) / (2**self.voi.bits - 1)
        else:
            grey = self.voi(values)
        if self.is_inverted:
            grey = 1.0 - grey
        if self.padding is not None:
            low, high = self.padding
            grey = np.where((stored >= low) & (stored <= high), 0.0, grey)
        return np.asarray(np.clip(grey, 0.0, 1.0))

    def levels(self, stored: Stored, top: int = 255) -> NDArray[Any]:
        """Return grey from 0 to `top` (255: uint8, otherwise uint16), rounded to nearest.

        Whole numbers of up to 16 bits go through a table that is made once; the result is the
        same to the bit.
        """
        kind: Any = np.uint8 if top <= 255 else np.uint16
        if stored.dtype.kind in "iu" and stored.dtype.itemsize <= 2:
            table = _table(self, stored.dtype.str, top)
            index = stored.view(np.dtype(f"u{stored.dtype.itemsize}"))
            made: NDArray[Any] = np.take(table, index, mode="clip")
            return made
        return np.asarray(np.rint(self(stored) * top).astype(kind))


@lru_cache(maxsize=32)
def _table(to_grey: ToGrey, dtype: str, top: int) -> NDArray[Any]:
    """Return the level of every value that `dtype` can hold, in the order of its bits."""
    kind = np.dtype(dtype).newbyteorder("=")
    bits = np.arange(1 << (8 * kind.itemsize), dtype=f"u{kind.itemsize}")
    levels = np.rint(to_grey(bits.view(kind)) * top)
    return np.asarray(levels.astype(np.uint8 if top <= 255 else np.uint16))
