"""Slides among images: read whole they are small pictures of themselves, read in parts exact."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import PIL.Image

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Pixels, Region
from tamiz.formats.dicom_dataset import is_dicom
from tamiz.formats.files import locate, read_head, split_path
from tamiz.formats.headers import scan
from tamiz.formats.slide import Slide
from tamiz.formats.sniff import (
    HEAD_BYTES,
    SLIDE_SUFFIXES,
    TIFF_HEADS,
    archive_kind,
    is_idx,
    photo_format,
    suffix_of,
)

_MOST_OPEN: Final = 4
_SMALL_PX: Final = 4_000_000
_MOST_KINDS: Final = 65536
# DICOM's class "VL Whole Slide Microscopy Image", as file meta information spells it.
_WHOLE_SLIDE: Final = re.compile(rb"1\.2\.840\.10008\.5\.1\.4\.1\.1\.77\.1\.6(?![.\d])")


class SlideSource:
    """A TIFF too large to be read whole, or OpenSlide's: a `Source` that gives an overview.

    The overview's long side is `policy.overview_px`; it is made by area averaging, block by block,
    from the smallest level of the pyramid that is not smaller.
    """

    def __init__(self, path: Path, policy: Policy) -> None:
        self._slide = Slide(path, policy, threads=1)
        self._overview_px = policy.overview_px
        self.facts: Mapping[str, str] = self._slide.facts

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height) of the full resolution."""
        return self._slide.size_px

    @property
    def n_frames(self) -> int:
        """Return 1: other pictures in the file (label, macro) are not read."""
        return 1

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:  # noqa: ARG002
        """Return the overview, or a region at full resolution."""
        if region is not None:
            return self._slide.read(region)
        return _plain(self._slide.thumbnail(self._overview_px), self.facts)

    def close(self) -> None:
        """Let go of the file."""
        self._slide.close()


class OpenSlides:
    """The slides that were read last, kept open: their tiles are asked for one after the other."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._lock = threading.RLock()
        self._open: OrderedDict[str, Slide] = OrderedDict()
        self._kinds: dict[str, bool] = {}

    def has(self, place: str) -> bool:
        """Return whether parts of the file at `place` are to be read here, and not from a photo.

        A TIFF is read whole where that is needed and possible: one that is stored turned. Of what
        is no photo, a DICOM file or a slide of another kind is.
        """
        with self._lock:
            if place not in self._kinds:
                if len(self._kinds) >= _MOST_KINDS:
                    self._kinds.clear()
                self._kinds[place] = _is_read_in_parts(place, self._policy)
            return self._kinds[place]

    def read(self, place: str, region: Region, side_px: int | None) -> Image:
        """Return a region of the slide at `place`, `side_px` wide and high, or its own size.

        Raises:
            UnreadableItem: it is no slide, or the region is beyond it.
        """
        with self._lock:  # closing one must wait until it has been read
            slide = self._open.pop(place, None) or Slide(place, self._policy, threads=1)
            self._open[place] = slide
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            image = slide.read(region, size_px=(side_px, side_px) if side_px else None)
        return squared(image, side_px) if side_px else image  # it reads, and never enlarges

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


def is_slide(path: Path, policy: Policy) -> bool:
    """Return whether a TIFF on disk is larger than a photo may be, by its first page's header.

    Or longer, where it is cut in tiles: scanners write strips of tissue so, nobody writes photos.
    """
    try:
        facts = scan(path)
    except UnreadableItem:
        return False  # whoever decodes it says what is wrong
    short, long = sorted((facts.width_px, facts.height_px))
    is_long = long > policy.max_aspect * short and facts.tiff is not None and facts.tiff.is_tiled
    return is_long or short * long > policy.max_megapixels * 1e6


def slide_at(root: Path, path: str, policy: Policy) -> SlideSource | None:
    """Return the file at `path` opened, where OpenSlide alone reads such files; None of any other.

    Raises:
        UnreadableItem: OpenSlide is not installed (the reason says how to), or cannot open it.
    """
    if suffix_of(path) not in SLIDE_SUFFIXES or split_path(root, path)[1]:
        return None
    return SlideSource(Path(locate(root, path)), policy)


def overview_of(place: str | None, policy: Policy) -> Image | None:
    """Return the overview of a TIFF of over 4 megapixels; None of any other file.

    None as well where it is turned by its header, or cannot be read this way: whoever decodes it
    whole says why.
    """
    if place is None or not Path(place).is_file():
        return None
    if not read_head(place, 4).startswith(TIFF_HEADS):
        return None
    try:
        facts = scan(place)
        if facts.width_px * facts.height_px <= _SMALL_PX or facts.orientation != 1:
            return None
        with Slide(place, policy, threads=1) as slide:
            return _plain(slide.thumbnail(policy.overview_px), slide.facts)
    except UnreadableItem:
        return None


def format_of(place: str | None) -> str | None:
    """Return the format of a file on disk by its first bytes; None where they do not tell it."""
    if place is None:
        return None
    head = read_head(place, HEAD_BYTES)
    return photo_format(head) or ("DICOM" if is_dicom(head) else None)


def squared(image: Image, side_px: int) -> Image:
    """Return an image as a square of `side_px`, by area averaging; enlarged, pixels are repeated.

    Each channel by itself: values of DICOM images are no colours.
    """
    size = side_px, side_px
    if image.size_px == size:
        return image
    pixels = image.pixels
    planes = [
        PIL.Image.fromarray(np.ascontiguousarray(pixels[:, :, at])) for at in range(pixels.shape[2])
    ]
    made = [np.asarray(plane.resize(size, PIL.Image.Resampling.BOX)) for plane in planes]
    spacing = image.um_per_px
    if spacing is not None:
        width, height = image.size_px
        spacing = spacing[0] * width / side_px, spacing[1] * height / side_px
    return replace(image, pixels=np.stack(made, axis=2), um_per_px=spacing)


def _plain(image: Image, facts: Mapping[str, str]) -> Image:
    """Return a picture of one channel where the slide is stored in one, and it is no palette's."""
    pixels = image.pixels
    if not facts["mode"].endswith(" x 1") or pixels.shape[2] == 1:
        return image
    first: Pixels = pixels[:, :, :1].copy()
    return replace(image, pixels=first) if (first == pixels[:, :, 1:]).all() else image


def _is_read_in_parts(place: str, policy: Policy) -> bool:
    if suffix_of(place) in SLIDE_SUFFIXES:
        return True
    head = read_head(place, HEAD_BYTES)
    if head.startswith(TIFF_HEADS):
        try:
            facts = scan(place)
        except UnreadableItem:
            return True  # it says itself what is wrong
        return facts.orientation == 1 or is_slide(Path(place), policy)
    if is_dicom(head):
        return _WHOLE_SLIDE.search(head) is not None
    return photo_format(head) is None and archive_kind(head) is None and not is_idx(head)
