"""Optical densities of stained tissue, and what the steps on them share.

Light through a stain is weakened exponentially (Beer and Lambert), so the densities
-ln(transmitted / background) of several stains add up, while the intensities do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.data.image import Image


def densities_of(pixels: NDArray[np.uint8], background: int) -> NDArray[np.float32]:
    """Return -ln((value + 1) / (background + 1)), same shape; below 0 where brighter than it.

    The 1 keeps black finite: with background 255 densities reach from 0.0 to 5.55.
    """
    values = np.arange(1, 257, dtype=np.float64)
    table = -np.log(values / (background + 1)).astype(np.float32)
    densities: NDArray[np.float32] = table[pixels]
    return densities


def pixels_of(densities: NDArray[np.float32], background: int) -> NDArray[np.uint8]:
    """Return the nearest 8-bit values of densities; the inverse of `densities_of`."""
    # 20: exp would overflow long before a value outside 0..255 could matter
    values = np.exp(-np.clip(densities, -20.0, 20.0))
    values *= background + 1
    values -= 0.5  # rounding: one less, and half a level up, before the fraction is cut off
    return np.clip(values, 0.0, 255.5, out=values).astype(np.uint8)


def mean_density(densities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (height, width), the mean over the channels of (height, width, 3)."""
    total = densities[..., 0] + densities[..., 1]  # three times as fast as mean(axis=2)
    total += densities[..., 2]
    total /= 3.0
    return total


def colour_pixels(image: Image, step: str) -> NDArray[np.uint8]:
    """Return the (height, width, 3) uint8 pixels.

    Raises:
        WrongData: the image has no three channels, or its values are not 8-bit.
    """
    if image.n_channels != 3:
        raise WrongData.of("stain.needs_colour", step=step, n=image.n_channels)
    if image.pixels.dtype != np.uint8:
        raise WrongData.of("stain.needs_8_bit", step=step, dtype=image.pixels.dtype)
    return cast("NDArray[np.uint8]", image.pixels)


def check_numbers(where: str, numbers: Sequence[object], n: int, low: float) -> None:
    """Raise `WrongUse` unless `numbers` are `n` finite numbers from `low` up."""
    if len(numbers) != n or not all(_is_number(one, low) for one in numbers):
        raise WrongUse.of("stain.wrong_numbers", where=where, n=n, low=low)


def check_stains(where: str, rows: Sequence[Sequence[object]]) -> None:
    """Raise `WrongUse` unless `rows` are two directions, not parallel, of three numbers from 0."""
    are_sizes_right = len(rows) == 2 and all(
        isinstance(row, list) and len(row) == 3 and all(_is_number(one, 0.0) for one in row)
        for row in rows
    )
    if not are_sizes_right or angle_between(np.array(rows, dtype=np.float64)) < 1e-6:
        raise WrongUse.of("stain.wrong_matrix", where=where)


def angle_between(vectors: NDArray[np.float64]) -> float:
    """Return the angle, in radians, between the rows of (2, 3); 0 when one of them is zero."""
    crossed = np.linalg.norm(np.cross(vectors[0], vectors[1]))
    return math.atan2(float(crossed), float(vectors[0] @ vectors[1]))


def plain(numbers: NDArray[np.float64]) -> list[float]:
    """Return the numbers of (n,) rounded to six digits, as JSON holds them."""
    return [round(float(one), 6) for one in numbers]


def _is_number(one: object, low: float) -> bool:
    is_real = isinstance(one, (int, float)) and not isinstance(one, bool)
    return is_real and math.isfinite(cast("float", one)) and cast("float", one) >= low
