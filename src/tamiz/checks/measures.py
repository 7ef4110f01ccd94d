"""Figures and thumbnails of one decoded image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.data.image import Image
from tamiz.data.sketches import COLOUR_SIDE

if TYPE_CHECKING:
    import PIL.Image

_DARK, _BRIGHT = 5, 250
_WORKING_SIDE: Final = 256
_SMALL_PX: Final = 64
_LEVELS = np.arange(256, dtype=np.float64)


class Measured(NamedTuple):
    """What `measure` returns; see `tamiz.data.sketches.Sketches` for the figures."""

    figures: dict[str, float]
    grey: NDArray[np.uint8]
    colour: NDArray[np.uint8]


def measure_all(images: Sequence[Image], side_px: int) -> list[Measured]:
    """Return `measure` of each image; many small ones of one shape are measured at once."""
    shapes = {image.pixels.shape for image in images}
    if len(images) < 2 or len(shapes) > 1 or max(images[0].size_px) > _SMALL_PX:
        return [measure(image, side_px) for image in images]
    return _measure_stack(np.stack([image.pixels for image in images]), side_px)


def measure(image: Image, side_px: int) -> Measured:
    """Return the figures of an image and its thumbnails of `side_px` (grey) and 16 px (colour).

    Grey is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601, as Pillow does it).
    """
    import PIL.Image

    pixels = image.pixels[:, :, 0] if image.n_channels == 1 else image.pixels
    picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    grey = picture if picture.mode == "L" else picture.convert("L")
    box = PIL.Image.Resampling.BOX
    thumbnail = np.asarray(grey.resize((side_px, side_px), box))
    small = np.asarray(picture.resize((COLOUR_SIDE, COLOUR_SIDE), box))
    colour = np.repeat(small[:, :, None], 3, axis=2) if small.ndim == 2 else small
    figures = _of_histogram(np.array(grey.histogram(), dtype=np.float64))
    figures["sharpness"] = _sharpness(grey)
    red, green, blue = colour.reshape(-1, 3).mean(axis=0)
    middle = colour.mean(axis=2, keepdims=True)
    figures["colourfulness"] = float(np.abs(colour - middle).mean())
    figures.update(red=float(red), green=float(green), blue=float(blue))
    figures.update(width_px=image.size_px[0], height_px=image.size_px[1], channels=image.n_channels)
    return Measured(figures, thumbnail, colour)


def _measure_stack(stack: NDArray[np.uint8], side_px: int) -> list[Measured]:
    """Return what `measure` does for (n, height, width, channels) of one small shape."""
    n, height, width, channels = stack.shape
    grey = stack[..., 0] if channels == 1 else _grey_of(stack)
    thumbnails = _boxed(grey[..., None], side_px)[..., 0]
    small = _boxed(stack, COLOUR_SIDE)
    colour = np.repeat(small, 3, axis=3) if channels == 1 else small
    offsets = grey.reshape(n, -1).astype(np.int64) + 256 * np.arange(n)[:, None]
    counts = np.bincount(offsets.ravel(), minlength=256 * n).reshape(n, 256)
    sharp = _sharpness_of_stack(grey)
    means = colour.reshape(n, -1, 3).mean(axis=1)
    apart = np.abs(colour - colour.mean(axis=3, keepdims=True)).reshape(n, -1).mean(axis=1)
    columns = _of_histograms(counts.astype(np.float64))
    columns.update(sharpness=sharp, colourfulness=apart)
    columns.update(red=means[:, 0], green=means[:, 1], blue=means[:, 2])
    size = {"width_px": float(width), "height_px": float(height), "channels": float(channels)}
    lists = {name: values.tolist() for name, values in columns.items()}
    figures = [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    return [Measured({**figures[i], **size}, thumbnails[i], colour[i]) for i in range(n)]


def _grey_of(stack: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return grey levels with Pillow's own integers: (19595 R + 38470 G + 7471 B + 2^15) / 2^16."""
    wide = stack.astype(np.uint32)
    made = (wide @ np.array([19595, 38470, 7471], dtype=np.uint32) + 0x8000) >> 16
    return made.astype(np.uint8)


def _boxed(stack: NDArray[np.uint8], side_px: int) -> NDArray[np.uint8]:
    """Return (n, side, side, channels): Pillow's BOX filter as two matrix products."""
    _, height, width, _ = stack.shape
    down, across = _box_weights(height, side_px), _box_weights(width, side_px)
    columns = np.einsum("sw,nhwc->nhsc", across, stack.astype(np.float32), optimize=True)
    mixed = np.einsum("sh,nhwc->nswc", down, columns, optimize=True)
    made: NDArray[np.uint8] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return made


def _box_weights(n_px: int, side_px: int) -> NDArray[np.float32]:
    """Return (side, n): the pixels whose centres lie under each target pixel, equally weighted."""
    scale = n_px / side_px
    support = max(scale, 1.0) / 2
    centres = (np.arange(side_px) + 0.5) * scale
    away = np.arange(n_px)[None, :] + 0.5 - centres[:, None]
    weights = ((away > -support) & (away <= support)).astype(np.float32)
    empty = weights.sum(axis=1) == 0
    weights[empty, np.abs(away[empty]).argmin(axis=1)] = 1.0
    made: NDArray[np.float32] = weights / weights.sum(axis=1, keepdims=True)
    return made


def _sharpness_of_stack(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    n, height, width = grey.shape
    if min(height, width) < 3:
        return np.full(n, np.nan)
    levels = grey.astype(np.float64)
    inner = levels[:, 1:-1, 1:-1]
    around = levels[:, :-2, 1:-1] + levels[:, 2:, 1:-1] + levels[:, 1:-1, :-2] + levels[:, 1:-1, 2:]
    spread = levels.reshape(n, -1).var(axis=1)
    edges = (4 * inner - around).reshape(n, -1).var(axis=1)
    made: NDArray[np.float64] = np.divide(edges, spread, out=np.zeros(n), where=spread > 0)
    return made


def _of_histogram(counts: NDArray[np.float64]) -> dict[str, float]:
    return {name: float(values[0]) for name, values in _of_histograms(counts[None]).items()}


def _of_histograms(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the figures of (n, 256) histograms, each (n,)."""
    shares = counts / counts.sum(axis=1, keepdims=True)
    means = shares @ _LEVELS
    above = np.cumsum(shares, axis=1)
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    variances = (shares * (_LEVELS - means[:, None]) ** 2).sum(axis=1)
    return {
        "brightness": means,
        "contrast": np.sqrt(np.maximum(0.0, variances)),
        "dark_share": shares[:, : _DARK + 1].sum(axis=1),
        "bright_share": shares[:, _BRIGHT:].sum(axis=1),
        "low": (above < 0.01).sum(axis=1).astype(np.float64),
        "high": (above < 0.99).sum(axis=1).astype(np.float64),
        "entropy_bits": -(shares * logs).sum(axis=1),
    }


def _sharpness(grey: PIL.Image.Image) -> float:
    """Return the variance of the 4-neighbour Laplacian over the variance of the grey levels."""
    factor = -(-max(grey.size) // _WORKING_SIDE)
    levels = np.asarray(grey.reduce(factor) if factor > 1 else grey, dtype=np.int16)
    if min(levels.shape) < 3:
        return float("nan")
    inner = levels[1:-1, 1:-1]
    around = levels[:-2, 1:-1] + levels[2:, 1:-1] + levels[1:-1, :-2] + levels[1:-1, 2:]
    spread = float(levels.var(dtype=np.float64))
    return float((4 * inner - around).var(dtype=np.float64)) / spread if spread > 0 else 0.0
