"""Probes that see some pixels, but not the object."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.evidence import Evidence
from tamiz.probes.registry import PROBES, REFERENCE

Floats = NDArray[np.float32]
_SIDE: Final = 16
_BLACKED_OUT: Final = slice(3, 13)  # 10 of 16 px in both directions: 39 % of the area
_EXPOSURE: Final = (
    "brightness", "contrast", "dark_share", "bright_share", "low", "high", "red", "green", "blue",
    "colourfulness",
)  # fmt: skip


@PROBES.add("exposure")
def exposure(evidence: Evidence) -> Floats | None:
    """Return how bright, contrasted and coloured the picture is as a whole."""
    figures = evidence.sketches.figures
    made: Floats = np.stack([figures[name] for name in _EXPOSURE], axis=1)
    return made if np.isfinite(made).any() else None


@PROBES.add("border")
def border(evidence: Evidence) -> Floats | None:
    """Return the outermost ring: one of 16 pixels on each side."""
    pixels = _pixels(evidence)
    if pixels is None:
        return None
    ring = np.ones((_SIDE, _SIDE), dtype=np.bool_)
    ring[1:-1, 1:-1] = False
    return pixels[:, ring].reshape(len(pixels), -1)


@PROBES.add("corners")
def corners(evidence: Evidence) -> Floats | None:
    """Return the darkest, brightest and mean level of each corner (an eighth of each side)."""
    grey = evidence.sketches.grey
    if not grey.any():
        return None
    size = grey.shape[1] // 8
    first, last = slice(0, size), slice(-size, None)
    parts = [grey[:, down, across] for down in (first, last) for across in (first, last)]
    made = [f(part.astype(np.float32), axis=(1, 2)) for part in parts for f in _LEVELS]
    return np.stack(made, axis=1).astype(np.float32)


_LEVELS: Final = (np.min, np.max, np.mean)


@PROBES.add("background")
def background(evidence: Evidence) -> Floats | None:
    """Return the most frequent grey of the picture's edge, and the edge's mean and spread."""
    grey = evidence.sketches.grey
    if not grey.any():
        return None
    edges = np.concatenate([grey[:, 0], grey[:, -1], grey[:, :, 0], grey[:, :, -1]], axis=1)
    made = np.empty((len(grey), 3), dtype=np.float32)
    for row, edge in enumerate(edges):
        level = int(np.bincount(edge >> 3, minlength=32).argmax()) * 8 + 4
        made[row] = (level, edge.mean(), edge.std())
    return made


@PROBES.add("middle_blacked_out")
def middle_blacked_out(evidence: Evidence) -> Floats | None:
    """Return the picture without its middle (10 of 16 pixels down and across)."""
    pixels = _pixels(evidence)
    if pixels is None:
        return None
    seen = np.ones((_SIDE, _SIDE), dtype=np.bool_)
    seen[_BLACKED_OUT, _BLACKED_OUT] = False
    return pixels[:, seen].reshape(len(pixels), -1)


@PROBES.add(REFERENCE)
def whole(evidence: Evidence) -> Floats | None:
    """Return the whole picture at 16 px: what the other probes are held against."""
    pixels = _pixels(evidence)
    return None if pixels is None else pixels.reshape(len(pixels), -1)


def _pixels(evidence: Evidence) -> Floats | None:
    """Return (n, 16, 16, 1 or 3): the colour thumbnail, one channel where all are grey."""
    colour = evidence.sketches.colour
    if not colour.any():
        return None
    is_grey = bool((colour == colour[..., :1]).all())
    made: Floats = (colour[..., :1] if is_grey else colour).astype(np.float32)
    return made
