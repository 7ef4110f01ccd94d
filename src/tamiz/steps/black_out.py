"""The middle of an image blacked out: what is left shows how it was taken, not what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tamiz.core.fields import option
from tamiz.data.image import Image
from tamiz.steps.registry import STEPS


@STEPS.add("black_out")
@dataclass(frozen=True, slots=True)
class BlackOut:
    """A rectangle in the middle is set to 0; its sides are `share` of the image's.

    A network that is trained on such images and still tells the classes knows them by their
    background (`tamiz sanity --only background-only`).
    """

    name: ClassVar[str] = "black_out"

    share: float = option(0.625, low=0.01, high=1.0)

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return a copy with a black middle, same dtype, size and channels."""
        height, width = image.pixels.shape[:2]
        y, x = (round(side * (1 - self.share) / 2) for side in (height, width))
        pixels = image.pixels.copy()
        pixels[y : height - y, x : width - x] = 0
        return replace(image, pixels=pixels)
