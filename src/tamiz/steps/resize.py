"""Resizing to the network's square input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, cast

import numpy as np

from tamiz.core.fields import option
from tamiz.data.image import Image, Pixels
from tamiz.data.pictures import picture_of
from tamiz.steps.registry import STEPS

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels of the source
REDUCING_GAP = 3.0  # Pillow: from 3.0 on hardly to be told from plain antialiasing, and faster


@STEPS.add("resize")
@dataclass(frozen=True, slots=True)
class Resize:
    """A square of `size_px`, bilinear or bicubic, with antialiasing.

    `aspect`: 'pad' keeps proportions and fills the rest with `pad_value`; 'stretch' deforms;
    'crop' keeps them and cuts the middle square. No image larger than the target is ever made, so
    an extreme aspect costs no memory. An image that has the size already is left untouched.
    """

    name: ClassVar[str] = "resize"

    size_px: int = option(28, low=1, high=4096)
    aspect: str = option("pad", choices=("pad", "stretch", "crop"))
    pad_value: int = option(0, low=0, high=255)
    interpolation: str = option("bilinear", choices=("bilinear", "bicubic"))

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return the resized image, same dtype and channels."""
        side = self.size_px
        width, height = image.size_px
        if (width, height) == (side, side):
            return image
        if self.aspect == "stretch":
            return self._scaled(image, (0, 0, width, height), (side, side))
        if self.aspect == "crop":
            short = min(width, height)
            left, top = (width - short) / 2, (height - short) / 2
            return self._scaled(image, (left, top, left + short, top + short), (side, side))
        long = max(width, height)
        size = (max(1, round(width * side / long)), max(1, round(height * side / long)))
        scaled = self._scaled(image, (0, 0, width, height), size)
        canvas = np.full((side, side, image.n_channels), self.pad_value, dtype=image.pixels.dtype)
        x, y = (side - size[0]) // 2, (side - size[1]) // 2
        canvas[y : y + size[1], x : x + size[0]] = scaled.pixels
        return replace(scaled, pixels=canvas)

    def _scaled(self, image: Image, box: Box, size: tuple[int, int]) -> Image:
        pixels = resample(image.pixels, size, box, self.interpolation)
        if image.um_per_px is None:
            return replace(image, pixels=pixels)
        across = image.um_per_px[0] * (box[2] - box[0]) / size[0]
        down = image.um_per_px[1] * (box[3] - box[1]) / size[1]
        return replace(image, pixels=pixels, um_per_px=(across, down))


def resample(
    pixels: Pixels,
    size: tuple[int, int],
    box: Box,
    interpolation: str = "bilinear",
    reducing_gap: float | None = REDUCING_GAP,
) -> Pixels:
    """Return the region `box` of (height, width, channels) `pixels` at `size` = (width, height).

    Bicubic interpolation overshoots at edges; whole numbers stay within their type's range.
    """
    from PIL import Image as Pillow

    how: dict[str, Any] = {
        "resample": Pillow.Resampling[interpolation.upper()],
        "box": box,
        "reducing_gap": reducing_gap,
    }
    if pixels.dtype == np.uint8 and pixels.shape[2] in {1, 3}:
        made = np.asarray(picture_of(pixels).resize(size, **how))
        return cast("Pixels", made[:, :, None] if made.ndim == 2 else made)
    planes = []
    for channel in range(pixels.shape[2]):
        plane = np.ascontiguousarray(pixels[:, :, channel], dtype=np.float32)
        planes.append(np.asarray(Pillow.fromarray(plane).resize(size, **how)))
    real = np.stack(planes, axis=2)
    if pixels.dtype != np.float32:
        most = 255 if pixels.dtype == np.uint8 else 65_535
        real = np.rint(np.clip(real, 0, most))
    return cast("Pixels", real.astype(pixels.dtype))
