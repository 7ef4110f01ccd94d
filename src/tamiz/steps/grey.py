"""Colour to grey."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self, cast

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.data.image import Image, Pixels
from tamiz.steps.registry import STEPS


@STEPS.add("grey")
@dataclass(frozen=True, slots=True)
class Grey:
    """One channel from three: ITU-R 601 luma, bit for bit what Pillow's mode 'L' gives.

    8-bit values: (19595 R + 38470 G + 7471 B + 32768) >> 16, that is 0.299 R + 0.587 G + 0.114 B.
    A grey image stays as it is.
    """

    name: ClassVar[str] = "grey"

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return the grey image.

        Raises:
            WrongData: the image has neither one nor three channels.
        """
        if image.n_channels == 1:
            return image
        if image.n_channels != 3:
            raise WrongData.of("steps.channels", n=image.n_channels, wanted="1, 3")
        return replace(image, pixels=_luma(image.pixels))


def _luma(pixels: Pixels) -> Pixels:
    if pixels.dtype == np.uint8:  # by Pillow itself: the same bits, several times as fast as numpy
        from PIL import Image as Pillow

        grey = Pillow.fromarray(np.ascontiguousarray(pixels)).convert("L")
        return cast("Pixels", np.asarray(grey)[:, :, None])
    real = pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    rounded = np.rint(real) if pixels.dtype == np.uint16 else real
    return cast("Pixels", rounded.astype(pixels.dtype)[:, :, None])
