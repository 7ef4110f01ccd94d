"""Grey to three channels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from tamiz.core.errors import WrongData
from tamiz.data.image import Image
from tamiz.steps.registry import STEPS


@STEPS.add("rgb")
@dataclass(frozen=True, slots=True)
class Rgb:
    """Three channels: a grey image is repeated, a colour image stays as it is."""

    name: ClassVar[str] = "rgb"

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return the image with three channels.

        Raises:
            WrongData: the image has neither one nor three channels.
        """
        if image.n_channels == 3:
            return image
        if image.n_channels != 1:
            raise WrongData.of("steps.channels", n=image.n_channels, wanted="1, 3")
        grey: Any = image.pixels
        return replace(image, pixels=np.repeat(grey, 3, axis=2))
