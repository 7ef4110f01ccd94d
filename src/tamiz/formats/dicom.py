"""DICOM images, with or without preamble, in every compression that a free decoder reads.

What a file becomes, the same in training, prediction and every face:

- grey: modality LUT or slope and intercept, window or VOI LUT, MONOCHROME1, padding black; 0..255
  rounded to nearest (see `formats.dicom_grey` for which window).
- with the window 'values': modality values as float32, Hounsfield units for CT; steps may make grey
  of them later. Padding becomes the lowest value of the picture.
- colour: RGB; YBR and palettes become RGB by pydicom's functions; 16 and 32 bits become 8.
- overlays are not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Kind, Region
from tamiz.formats.dicom_dataset import (
    PIXELS,
    Description,
    is_dicom,
    parse,
)
from tamiz.formats.dicom_decoding import rgb_of, stored_frame
from tamiz.formats.dicom_grey import HOUNSFIELD, Recipe
from tamiz.formats.dicom_understood import Understood, understand
from tamiz.formats.files import MAX_FILE_BYTES, read_regular
from tamiz.formats.pixels import as_image, check_limits
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.registry import FORMATS

if TYPE_CHECKING:
    from pydicom import Dataset

VALUES: Final = "values"
SUFFIXES: Final[tuple[str, ...]] = (".dcm", ".dicom", ".dic", ".ima")


@FORMATS.add("dicom")
class Dicom:
    """DICOM."""

    name = "dicom"
    suffixes = SUFFIXES

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Return whether `head` begins a DICOM file."""
        return is_dicom(head)

    @staticmethod
    def open(path: Path | str, content: bytes | None, policy: Policy) -> DicomSource:
        """Read the data set and check what it says of its pixels; nothing is decoded."""
        with reading(str(path)):
            if content is None:
                content = read_regular(path)
            if content is None:
                raise refuse("file_too_large", limit_mib=MAX_FILE_BYTES >> 20)
            return DicomSource(str(path), parse(content), policy)


class DicomSource:
    """An opened DICOM file."""

    def __init__(self, name: str, dataset: Dataset, policy: Policy) -> None:
        self._name, self._dataset, self._policy = name, dataset, policy
        self._understood = understand(dataset, policy.window)
        self.description: Description = self._understood.description
        check_limits(self.size_px, policy)
        self.facts: Mapping[str, str] = self._facts()

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height)."""
        return self.description.width_px, self.description.height_px

    @property
    def n_frames(self) -> int:
        """Return how many frames the file announces."""
        return self.description.n_frames

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:
        """Return a frame: 0..255, or with the window 'values' its values."""
        with reading(self._name):
            return self._image(frame, region)

    def look(self, *, frame: int = 0) -> Image:
        """Return a frame as 0..255, with the modality's default where the window is 'values'."""
        if self._policy.window != VALUES:
            return self.read(frame=frame)
        usual = replace(self._policy, window="auto")
        return DicomSource(self._name, self._dataset, usual).read(frame=frame)

    def recipe(self, frame: int = 0) -> Recipe | None:
        """Return how grey comes about; None for colours.

        Raises:
            Refusal: what is asked means nothing for this file.
        """
        return self._of(frame).recipe

    def close(self) -> None:
        """Let go of the data set."""
        for keyword in PIXELS:
            if keyword in self._dataset:
                del self._dataset[keyword]

    def levels(self, frame: int, top: int) -> NDArray[Any]:
        """Return (height, width, 1 or 3): grey from 0 to `top`, colours from 0 to 255.

        Raises:
            Refusal: the frame cannot be decoded.
        """
        described = self.description
        recipe = self.recipe(frame)
        if recipe is not None:
            stored = stored_frame(self._dataset, described, frame)
            return recipe.to_grey(stored).levels(stored, top)[..., np.newaxis]
        return rgb_of(self._dataset, described, frame)

    def _of(self, frame: int) -> Understood:
        if frame == 0:
            return self._understood
        return understand(self._dataset, self._policy.window, frame)

    def _image(self, frame: int, region: Region | None) -> Image:
        understood = self._of(frame)
        recipe, um_per_px = understood.recipe, understood.um_per_px
        if recipe is not None and self._policy.window == VALUES:
            stored = stored_frame(self._dataset, self.description, frame)
            return self._values(stored, recipe, um_per_px, region)
        made = as_image(self.levels(frame, 255), region)
        return Image(made.pixels, Kind.DISPLAY, um_per_px)

    @staticmethod
    def _values(
        stored: NDArray[Any],
        recipe: Recipe,
        um_per_px: tuple[float, float] | None,
        region: Region | None,
    ) -> Image:
        kind = Kind.HOUNSFIELD if recipe.modality.unit == HOUNSFIELD else Kind.RAW
        values = recipe.modality(stored).astype(np.float32)
        if recipe.padding is not None:
            low, high = recipe.padding
            is_padding = (stored >= low) & (stored <= high)
            if is_padding.any() and not is_padding.all():
                values[is_padding] = values[~is_padding].min()
        cut: Any = as_image(values[..., np.newaxis], region)  # type: ignore[arg-type]
        return Image(cut.pixels, kind, um_per_px)

    def _facts(self) -> Mapping[str, str]:
        described = self.description
        return {
            "format": "DICOM",
            "mode": described.photometric,
            "bits": str(described.bits),
            "frames": str(described.n_frames),
        }
