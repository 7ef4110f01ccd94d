"""A few dozen numbers per thumbnail, and the same for pieces that a crop might have left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

_ORDER: Final = 8  # cosines in each direction; their products but the first are the descriptor
_CHUNK: Final = 4096
Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a picture, in fractions (0..1) of its width and height."""

    x: float
    width: float
    y: float
    height: float

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is cut off."""
        return self.width == self.height == 1.0


def crop_windows() -> tuple[Window, ...]:
    """Return the pieces that are looked for: 80 to 95 % of each side, and one-sided cuts.

    They lie 5 % (10 % for the smallest) apart; what lies between is found by fitting.
    """
    made = [Window(x, 0.9, y, 0.9) for x in (0.0, 0.05, 0.1) for y in (0.0, 0.05, 0.1)]
    for at in (0.0, 0.05, 0.1):
        made += [Window(at, 0.9, 0.0, 1.0), Window(0.0, 1.0, at, 0.9)]
    made += [Window(x, 0.8, y, 0.8) for x in (0.0, 0.1, 0.2) for y in (0.0, 0.1, 0.2)]
    made += [Window(x, 0.95, y, 0.95) for x in (0.0, 0.05) for y in (0.0, 0.05)]
    return tuple(made)


WHOLE: Final = Window(0.0, 1.0, 0.0, 1.0)
N_FLIPS: Final = 4  # as it is, left-right, top-bottom, both


def describe(grey: NDArray[np.uint8], window: Window) -> Numbers:
    """Return (n, 63): low frequencies of a window of each thumbnail, of length 1.

    They are products of the first eight cosines down and across (DCT-II) of the window averaged
    to 32 x 32; the mean is left out, so brightness and contrast do not count. A picture of one
    colour gives zeros.

    Args:
        grey: (n, side, side).
        window: the piece to describe.
    """
    side = grey.shape[1]
    cosines = _cosines(32)
    down = cosines @ _averaging(window.y, window.height, 32, side)
    across = (cosines @ _averaging(window.x, window.width, 32, side)).T
    made = np.empty((len(grey), _ORDER * _ORDER - 1), dtype=np.float32)
    for start in range(0, len(grey), _CHUNK):
        chunk = grey[start : start + _CHUNK].astype(np.float32)
        values = (down @ (chunk @ across)).reshape(len(chunk), -1)[:, 1:]
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        made[start : start + _CHUNK] = np.where(
            lengths > 1.0, values / np.maximum(lengths, 1.0), 0.0
        )
    return made


def flipped(descriptors: Numbers, flip: int) -> Numbers:
    """Return the descriptors of the mirrored pictures: odd cosines change their sign.

    Args:
        descriptors: (n, 63), from `describe`.
        flip: 0 as it is, 1 left-right, 2 top-bottom, 3 both.
    """
    signs = (-1.0) ** np.arange(_ORDER)
    across = signs if flip & 1 else np.ones(_ORDER)
    down = signs if flip & 2 else np.ones(_ORDER)
    made: Numbers = descriptors * np.outer(down, across).ravel()[1:].astype(np.float32)
    return made


def _cosines(n_px: int) -> Numbers:
    """Return (8, n_px): the first rows of the orthonormal DCT-II."""
    at = (np.arange(n_px) + 0.5) / n_px
    rows = [np.cos(np.pi * order * at) * np.sqrt((2 if order else 1) / n_px) for order in range(8)]
    return np.stack(rows).astype(np.float32)


def _averaging(start: float, length: float, n_out: int, n_in: int) -> Numbers:
    """Return (n_out, n_in): each row averages its share of the piece from `start` on."""
    edges = (start + length * np.arange(n_out + 1) / n_out) * n_in
    at = np.arange(n_in)
    covered = np.minimum(edges[1:, None], at + 1) - np.maximum(edges[:-1, None], at)
    covered = np.clip(covered, 0.0, None)
    made: Numbers = (covered / covered.sum(axis=1, keepdims=True)).astype(np.float32)
    return made
