"""What a header means for its pixels, worked out once for all files that say the same.

The files of a series differ in a handful of tags, none of which is about values. Working out
description and windows from pydicom's elements takes a fifth of a conversion's time; equal raw
elements give the answer of last time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tamiz.data.windows import WindowChoice, parse_window
from tamiz.formats.dicom_dataset import Description, describe_pixels
from tamiz.formats.dicom_grey import Recipe, grey_recipe, spacing_mm
from tamiz.formats.dicom_walk import PIXEL_DATA

if TYPE_CHECKING:
    from pydicom import Dataset

_Raw = tuple[Any, ...]  # pydicom's raw elements: tag, VR, bytes


@dataclass(frozen=True, slots=True)
class Understood:
    """A frame's header.

    Attributes:
        description: of the pixels.
        recipe: how grey comes about; None for colours.
        um_per_px: (across, down) in the patient; None where it is not known.
    """

    description: Description
    recipe: Recipe | None
    um_per_px: tuple[float, float] | None


def understand(dataset: Dataset, window: str, frame: int = 0) -> Understood:
    """Return what the header says of a frame under a window (as the user writes it).

    Raises:
        Refusal: a tag is missing or makes no sense, or the window means nothing for this file.
        WrongUse: the window cannot be understood.
    """
    raw = _raw_of(dataset)
    if raw is None:
        return _work_out(dataset, parse_window(window), frame)
    return _of_raw(raw, dataset.file_meta.TransferSyntaxUID, window, frame)


def _raw_of(dataset: Dataset) -> _Raw | None:
    """Return the elements but the pixels as `walk` made them; None where pydicom did."""
    made: list[Any] = []
    for tag in dataset.keys():  # noqa: SIM118 - iterating a data set converts its elements
        element: Any = dataset.get_item(tag)
        if not getattr(element, "is_raw", False) or element.value_tell:
            return None
        is_pixels = tag == PIXEL_DATA
        made.append(element._replace(value=b"", length=0) if is_pixels else element)
    return tuple(made)


@lru_cache(maxsize=256)
def _of_raw(raw: _Raw, syntax: Any, window: str, frame: int) -> Understood:
    from pydicom.dataset import Dataset, FileMetaDataset

    dataset = Dataset({element.tag: element for element in raw})
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    return _work_out(dataset, parse_window(window), frame)


def _work_out(dataset: Dataset, choice: WindowChoice, frame: int) -> Understood:
    described = describe_pixels(dataset)
    recipe = grey_recipe(dataset, described, choice, frame) if described.is_grey else None
    mm = spacing_mm(dataset, frame)
    return Understood(described, recipe, (mm[0] * 1000, mm[1] * 1000) if mm else None)
