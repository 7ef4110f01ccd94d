"""Laying one picture upon a piece of another, and saying how well their details agree."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
_FITTING_SIDE: Final = 32
_STEPS: Final = ((1.25, 4), (0.7, 3))  # blur in pixels of 32, number of steps
_LARGEST_STEP: Final = 0.03
_NOTHING: Final = 0.03  # length of details below which there are none
_MARGIN: Final = 3 / 64  # of the side; there the edges of the picture disturb the filter


def fit(target: Numbers, other: Numbers, windows: Numbers) -> Numbers:
    """Return the windows of `other` that `target` fits best.

    Gauss-Newton on place and size across and down (brightness and contrast do not count), from
    coarse to fine: Baker & Matthews 2004, "Lucas-Kanade 20 years on", forward additive.

    Args:
        target: (m, side, side).
        other: (m, side, side).
        windows: (m, 4) x, width, y, height in fractions of `other`: where to begin.
    """
    target, other = _shrunk(target), _shrunk(other)
    side = target.shape[1]
    along = ((np.arange(side) + 0.5) / side).astype(np.float32)
    for sigma, n_steps in _STEPS:
        wanted, blurred = _standard(_blurred(target, sigma)), _blurred(other, sigma)
        for _ in range(n_steps):
            seen = _standard(cut(blurred, windows))
            rest = (wanted - seen).reshape(len(seen), -1, 1)
            across = np.gradient(seen, axis=2) * (side / windows[:, 1])[:, None, None]
            down = np.gradient(seen, axis=1) * (side / windows[:, 3])[:, None, None]
            parts = (across, across * along, down, down * along[:, None])
            slopes = np.stack(parts, axis=1).reshape(len(seen), 4, -1)
            normal = slopes @ slopes.transpose(0, 2, 1) + 1e-3 * side * np.eye(4, dtype=np.float32)
            step = np.linalg.solve(normal, slopes @ rest)[:, :, 0]
            windows = windows + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
            windows[:, [1, 3]] = np.clip(windows[:, [1, 3]], 0.6, 1.05)
    made: Numbers = windows.astype(np.float32)
    return made


def details(pictures: Numbers) -> Numbers:
    """Return (m, s, s): what a blur of 1.5 px leaves and one of 4 px takes away, without the rim.

    In pixels of 64: ribs and vessels, not the shape of a chest, which all chests have in common.
    Each has the mean 0 and the length 1, or is 0 throughout where there is nothing. Those of a
    mirrored picture are the mirrored details.
    """
    side = pictures.shape[1]
    margin = max(1, round(_MARGIN * side))
    inner = slice(margin, side - margin)
    kernels = [_gaussian(side, sigma * side / 64)[inner] for sigma in (1.5, 4.0)]
    both = (pictures.reshape(-1, side) @ np.concatenate(kernels).T).reshape(*pictures.shape[:2], -1)
    half = side - 2 * margin
    made: Numbers = kernels[0] @ both[:, :, :half] - kernels[1] @ both[:, :, half:]
    made -= made.mean(axis=(1, 2), keepdims=True)
    length = np.sqrt(np.einsum("mij,mij->m", made, made))
    made *= np.where(length > _NOTHING, 1 / np.maximum(length, _NOTHING), 0)[:, None, None]
    return made


def agreement(target: Numbers, other: Numbers) -> Numbers:
    """Return (m,) -1..1: the correlation of the `details` of pictures that lie on each other."""
    made: Numbers = np.einsum("mij,mij->m", target, other)
    return made


def detail(grey: NDArray[np.uint8]) -> Numbers:
    """Return (n,) the standard deviation of each thumbnail's details, in grey levels."""
    side = grey.shape[1]
    made = np.empty(len(grey), dtype=np.float32)
    for start in range(0, len(grey), 2048):
        part = grey[start : start + 2048].astype(np.float32)
        bands = _blurred(part, 1.5 * side / 64) - _blurred(part, 4.0 * side / 64)
        made[start : start + 2048] = bands.std(axis=(1, 2))
    return made


def cut(pictures: Numbers, windows: Numbers) -> Numbers:
    """Return (m, side, side): a window of each picture, sampled linearly to the full side."""
    side = pictures.shape[1]
    down = _sampling(windows[:, 2], windows[:, 3], side)
    across = _sampling(windows[:, 0], windows[:, 1], side)
    made: Numbers = down @ (pictures @ across.transpose(0, 2, 1))
    return made


def mirrored(pictures: Numbers, flip: NDArray[np.int16]) -> Numbers:
    """Return each picture mirrored: 0 not, 1 left-right, 2 top-bottom, 3 both."""
    across = np.where((flip & 1 > 0)[:, None, None], pictures[:, :, ::-1], pictures)
    made: Numbers = np.where((flip & 2 > 0)[:, None, None], across[:, ::-1], across)
    return made


def _sampling(start: Numbers, length: Numbers, side: int) -> Numbers:
    """Return (m, side, side) matrices that sample a line of pixels linearly."""
    wanted = (start[:, None] + length[:, None] * (np.arange(side) + 0.5) / side) * side - 0.5
    at = np.clip(wanted, 0, side - 1)
    away = np.abs(at[:, :, None] - np.arange(side))
    made: Numbers = np.maximum(0, 1 - away).astype(np.float32)
    return made


def _shrunk(pictures: Numbers) -> Numbers:
    side = pictures.shape[1]
    factor = side // _FITTING_SIDE
    if factor < 2:
        return pictures
    shape = (len(pictures), _FITTING_SIDE, factor, _FITTING_SIDE, factor)
    made: Numbers = pictures.reshape(shape).mean(axis=(2, 4))
    return made


def _standard(pictures: Numbers) -> Numbers:
    centred: Numbers = pictures - pictures.mean(axis=(1, 2), keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=(1, 2), keepdims=True))
    made: Numbers = centred / np.maximum(spread, 1e-3)
    return made


def _blurred(pictures: Numbers, sigma: float) -> Numbers:
    kernel = _gaussian(pictures.shape[1], sigma)
    made: Numbers = (kernel @ pictures @ kernel.T).astype(np.float32, copy=False)
    return made


@lru_cache(maxsize=16)
def _gaussian(side: int, sigma: float) -> Numbers:
    """Return (side, side): a Gaussian blur, its weights summing to 1 at the edges too."""
    away = np.arange(side)[:, None] - np.arange(side)
    weights = np.exp(-0.5 * (away / sigma) ** 2)
    made: Numbers = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return made
