"""A decoded image and the region it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]


class Kind(StrEnum):
    """What pixel values mean; decides which steps are allowed."""

    DISPLAY = "display"  # 0..255, ready to be looked at
    HOUNSFIELD = "hounsfield"  # CT numbers
    RAW = "raw"  # whatever the device stored


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on the full-resolution image.

    Attributes:
        x: left edge, pixels of level 0, to the right.
        y: top edge, pixels of level 0, downwards.
        width: in pixels of level 0.
        height: in pixels of level 0.
    """

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Image:
    """A decoded image, upright, with its meaning.

    Attributes:
        pixels: (height, width, channels), channels 1 (grey) or 3 (red, green, blue);
            uint8, uint16 or float32.
        kind: what the values mean.
        um_per_px: (across, down) micrometres per pixel; None when unknown, never a guess.
    """

    pixels: Pixels
    kind: Kind = Kind.DISPLAY
    um_per_px: tuple[float, float] | None = None

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height)."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    @property
    def n_channels(self) -> int:
        """Return the number of channels."""
        return int(self.pixels.shape[2])
