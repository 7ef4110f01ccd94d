"""Arithmetic of the colour policy: what stored values become on the way to 0..255."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Region
from tamiz.formats.refusal import refuse

Bytes = NDArray[np.uint8]

BACKGROUND_GREY: Final = {"white": 255, "grey": 128, "black": 0}
CHANNELS: Final = frozenset({1, 2, 3, 4})


def check_limits(size_px: tuple[int, int], policy: Policy) -> None:
    """Refuse a size that the header announces, before anything is decoded.

    Raises:
        Refusal: empty, more than `max_megapixels`, or longer than `max_aspect` short sides.
    """
    width, height = size_px
    if width < 1 or height < 1:
        raise refuse("no_pixels", width=width, height=height)
    if width * height > policy.max_megapixels * 1e6:
        raise refuse(
            "too_large",
            width=width,
            height=height,
            megapixels=width * height / 1e6,
            limit=policy.max_megapixels,
        )
    if max(width, height) > policy.max_aspect * min(width, height):
        raise refuse("too_long", width=width, height=height, limit=policy.max_aspect)


def composite(colour: NDArray[Any], alpha: NDArray[Any], policy: Policy) -> Bytes:
    """Return (height, width, channels) of `colour` seen on the policy's background.

    Every channel is (colour * alpha + background * (255 - alpha)) / 255, rounded to nearest;
    `colour` and `alpha` (height, width) hold 0..255.
    """
    background = BACKGROUND_GREY[policy.background]
    share = alpha.astype(np.uint32)[..., np.newaxis]
    mixed = colour.astype(np.uint32) * share + background * (255 - share)
    made: Bytes = ((mixed + 127) // 255).astype(np.uint8)
    return made


def deep_to_bytes(stored: NDArray[np.uint16], bits: int = 16) -> Bytes:
    """Return unsigned values of `bits` bits (9 to 16) scaled to 0..255, rounded to nearest."""
    top = (1 << bits) - 1
    scaled = (stored.astype(np.uint32) * 255 + top // 2) // top
    made: Bytes = np.minimum(scaled, 255).astype(np.uint8)
    return made


def real_to_bytes(stored: NDArray[Any], policy: Policy) -> Bytes:
    """Return values without a natural white (float, 32-bit, signed) scaled by `value_range`.

    Raises:
        Refusal: a value is NaN or infinite (the first pixel is named), or no range is declared.
    """
    if stored.dtype.kind == "f":
        is_bad = ~np.isfinite(stored)
        if is_bad.any():
            y, x = (int(part) for part in np.argwhere(is_bad)[0][:2])
            raise refuse("not_finite", x=x, y=y, n=int(is_bad.sum()))
    if policy.value_range is None:
        low, high = stored.min(), stored.max()
        raise refuse("needs_range", dtype=stored.dtype.name, low=f"{low:g}", high=f"{high:g}")
    low, high = policy.value_range
    scaled = (stored.astype(np.float64) - low) * (255.0 / (high - low))
    made: Bytes = np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)
    return made


def to_bytes(stored: NDArray[Any], policy: Policy, bits: int = 0) -> Bytes:
    """Return an array of any number type as uint8; `bits` when it uses fewer than its type."""
    if stored.dtype == np.bool_:
        return stored.astype(np.uint8) * np.uint8(255)
    if stored.dtype == np.uint8:
        return stored
    if stored.dtype == np.uint16:
        return deep_to_bytes(stored, bits if 8 < bits < 16 else 16)
    return real_to_bytes(stored, policy)


def from_channels(stored: NDArray[Any], policy: Policy, bits: int = 0) -> Bytes:
    """Return (h, w, 1 or 3) uint8 of (h, w) or (h, w, 1 to 4); 2 and 4 channels end in alpha."""
    if stored.ndim == 2:
        stored = stored[..., np.newaxis]
    if stored.ndim != 3 or stored.shape[2] not in CHANNELS:
        raise refuse("odd_shape", shape=" x ".join(map(str, stored.shape)))
    made = to_bytes(stored, policy, bits)
    if made.shape[2] in {2, 4}:
        made = composite(made[..., :-1], made[..., -1], policy)
    return made


def turn_upright(pixels: Bytes, orientation: int) -> Bytes:
    """Return the pixels as EXIF's orientation (1 to 8) wants them looked at."""
    if orientation in {5, 6, 7, 8}:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in {2, 3, 6, 7}:
        pixels = pixels[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        pixels = pixels[::-1]
    return pixels


def as_image(pixels: Bytes, region: Region | None) -> Image:
    """Return the pixels, or the region of them, as an Image of its own contiguous memory.

    Raises:
        Refusal: the region reaches beyond the picture.
    """
    if region is not None:
        height, width = pixels.shape[:2]
        right, bottom = region.x + region.width, region.y + region.height
        if region.x < 0 or region.y < 0 or right > width or bottom > height:
            raise refuse("outside_region", width=width, height=height)
        pixels = pixels[region.y : bottom, region.x : right]
    return Image(np.require(pixels, requirements=["C", "W", "A"]))
