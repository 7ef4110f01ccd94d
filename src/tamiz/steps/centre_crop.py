"""The middle of an image, as pretrained networks are tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.data.image import Image
from tamiz.steps.registry import STEPS
from tamiz.steps.resize import resample


@STEPS.add("centre_crop")
@dataclass(frozen=True, slots=True)
class CentreCrop:
    """The shorter side to `shorter_px`, then the middle square of `size_px`.

    Pixel for pixel what torchvision's `Resize` (of a PIL image) and `CenterCrop` make together,
    with which the figures of public weights were measured. `aspect`: 'keep' keeps proportions;
    'stretch' brings both sides to `shorter_px`, which timm calls 'squash'.

    Raises:
        WrongUse: the square is larger than the shorter side.
    """

    name: ClassVar[str] = "centre_crop"

    size_px: int = option(224, low=1, high=4096)
    shorter_px: int = option(256, low=1, high=4096)
    interpolation: str = option("bilinear", choices=("bilinear", "bicubic"))
    aspect: str = option("keep", choices=("keep", "stretch"))

    def __post_init__(self) -> None:
        if self.size_px > self.shorter_px:
            where = f"{self.name}.size_px"
            raise WrongUse.of("steps.crop_too_large", where=where, shorter=self.shorter_px)

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def scaled_size(self, width: int, height: int) -> tuple[int, int]:
        """Return (width, height) of the image before its middle is cut out."""
        if self.aspect == "stretch":
            return self.shorter_px, self.shorter_px
        short = min(width, height)
        return int(self.shorter_px * width / short), int(self.shorter_px * height / short)

    def __call__(self, image: Image) -> Image:
        """Return the middle square, same dtype and channels."""
        width, height = image.size_px
        size = self.scaled_size(width, height)
        pixels = image.pixels
        if size != (width, height):
            box = (0.0, 0.0, float(width), float(height))
            pixels = resample(pixels, size, box, self.interpolation, reducing_gap=None)
        x, y = (round((side - self.size_px) / 2) for side in size)
        cut = pixels[y : y + self.size_px, x : x + self.size_px]
        if image.um_per_px is None:
            return replace(image, pixels=cut)
        across, down = image.um_per_px
        return replace(
            image, pixels=cut, um_per_px=(across * width / size[0], down * height / size[1])
        )
