"""DICOM whole-slide images: one file is one level, a folder holds the levels of one series.

VL Whole Slide Microscopy (PS3.3 A.32.8): the frames of a file are the tiles of a level, in order
(TILED_FULL) or each with its place (TILED_SPARSE). Of several focal planes or optical paths the
first is read. Frames are fetched from the disk one by one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import PIL.Image

from tamiz.data.contracts import Policy
from tamiz.formats.dicom_dataset import (
    Description,
    describe_pixels,
    is_dicom,
    items_of,
    numbers_of,
    refuse_dicom,
    uid_of,
    value_of,
    whole,
    without_values,
    words_of,
)
from tamiz.formats.dicom_library import library
from tamiz.formats.files import open_regular, read_head
from tamiz.formats.pixels import to_bytes
from tamiz.formats.refusal import refuse
from tamiz.formats.slide_jpeg import JpegBlocks, check_announced, reduction_for
from tamiz.formats.slide_levels import Opened, as_levels
from tamiz.formats.slide_scaling import Bytes, Grid

if TYPE_CHECKING:
    from pydicom import Dataset

_JPEG: Final = frozenset({"1.2.840.10008.1.2.4.50"})
_PLAIN: Final = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"})
_UNDEFINED: Final = 0xFFFFFFFF
_OTHER_PICTURES: Final = frozenset({"LABEL", "OVERVIEW"})
_MOST_BLOCK_BYTES: Final = 256 << 20
_MOST_FRAMES: Final = 1 << 24
_HEAD_BYTES: Final = 132
_item = Struct("<HHL").unpack_from
_Place = tuple[int, int]  # where bytes begin, and how many


@dataclass
class _Runner:
    """What a decoder of `dicom_codecs` wants to know of a frame."""

    transfer_syntax: str
    samples_per_pixel: int
    photometric_interpretation: str
    bits_allocated: int
    planar_configuration: int

    def set_option(self, name: str, value: Any) -> None:
        setattr(self, name, value)


class Frames:
    """A level: the frames of one file as blocks."""

    def __init__(self, path: Path, policy: Policy) -> None:
        self._policy = policy
        self._handle = open_regular(path)
        try:
            with without_values():
                self._open(path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)

    def _open(self, path: Path) -> None:
        pydicom = library()
        with path.open("rb") as opened:
            self.header: Dataset = pydicom.dcmread(opened, stop_before_pixels=True)
            at = opened.tell()
        width = whole(self.header, "TotalPixelMatrixColumns", 0)
        height = whole(self.header, "TotalPixelMatrixRows", 0)
        if not width or not height:
            raise refuse("no_slide")
        described = self.described = _described(self.header)
        if min(width, height, described.width_px, described.height_px) < 1:
            raise refuse("no_pixels", width=width, height=height)
        self.grid = Grid(width, height, described.width_px, described.height_px)
        n_bytes = described.width_px * described.height_px * described.samples
        if n_bytes * described.bits_allocated // 8 > _MOST_BLOCK_BYTES:
            limit = _MOST_BLOCK_BYTES >> 20
            raise refuse("block_too_large", mib=n_bytes >> 20, limit_mib=limit)
        if described.n_frames > _MOST_FRAMES:
            raise refuse("truncated")
        self._planar = whole(self.header, "PlanarConfiguration", 0)
        self._frame_by_cell = _cells(self.header, self.grid, described.n_frames)
        self._places = _places(self._fetch, at, self.header, described)
        n_samples, colours = described.samples, described.photometric
        is_jpeg = described.transfer_syntax in _JPEG and described.bits_allocated == 8
        self._jpeg = JpegBlocks(n_samples, b"", colours == "RGB") if is_jpeg else None

    @property
    def n_missing(self) -> int:
        """Return how many blocks the file leaves out."""
        if self._frame_by_cell is None:
            return 0
        return self.grid.n_across * self.grid.n_down - len(self._frame_by_cell)

    def reduction_for(self, factor: float) -> int:
        """Return the largest of 1, 2, 4, 8 that agrees with area averaging by `factor`."""
        is_even = self.grid.block_width_px % 8 == 0 and self.grid.block_height_px % 8 == 0
        return reduction_for(factor) if self._jpeg is not None and is_even else 1

    def block(self, row: int, column: int, *, reduction: int, is_grey: bool) -> Bytes:
        """Return a frame, cut off where the level ends; white where the file has none.

        Raises:
            Refusal: it does not decode.
        """
        grid = self.grid
        width = min(grid.block_width_px, grid.width_px - column * grid.block_width_px)
        height = min(grid.block_height_px, grid.height_px - row * grid.block_height_px)
        width, height = -(-width // reduction), -(-height // reduction)
        frame = self._frame_of(row, column)
        if frame is None:
            channels = 1 if is_grey or self.described.samples == 1 else 3
            return np.full((height, width, channels), 255, dtype=np.uint8)
        data = self._fetch(*self._places[frame])
        size_px = check_announced(data, grid)
        if self._jpeg is None:
            made = self._decoded(data)
        elif reduction > 1:
            made = self._jpeg.reduced(data, reduction, is_grey=is_grey)
        else:
            made = self._jpeg.whole(data, size_px, is_grey=is_grey)
        if self.described.photometric == "MONOCHROME1":
            made = 255 - made
        if made.shape[0] < height or made.shape[1] < width:
            raise refuse("truncated")
        return np.ascontiguousarray(made[:height, :width])

    def _frame_of(self, row: int, column: int) -> int | None:
        if self._frame_by_cell is None:
            return row * self.grid.n_across + column
        return self._frame_by_cell.get((row, column))

    def _fetch(self, at: int, n: int) -> bytes:
        data = os.pread(self._handle, n, at)
        if len(data) < n:
            raise refuse("truncated")
        return data

    def _decoded(self, data: bytes) -> Bytes:
        from tamiz.formats.dicom_codecs import decode_frame, is_available

        described = self.described
        runner = _Runner(
            described.transfer_syntax,
            described.samples,
            described.photometric,
            described.bits_allocated,
            self._planar,
        )
        values: bytes | bytearray = data
        if described.transfer_syntax not in _PLAIN:
            if not is_available(described.transfer_syntax):
                raise refuse_dicom("unknown_syntax", name=described.transfer_syntax)
            values = decode_frame(data, runner)
        size = described.height_px, described.width_px
        made = np.frombuffer(values, dtype=f"<u{runner.bits_allocated // 8}")
        if made.size < size[0] * size[1] * described.samples:
            raise refuse("truncated")
        made = made[: size[0] * size[1] * described.samples]
        if runner.planar_configuration == 1:
            made = np.moveaxis(made.reshape(described.samples, *size), 0, -1)
        made = to_bytes(made.reshape(*size, described.samples), self._policy, described.bits_stored)
        if runner.photometric_interpretation.startswith("YBR"):
            upright = np.ascontiguousarray(made)
            return np.asarray(PIL.Image.fromarray(upright, "YCbCr").convert("RGB"))
        return made


def open_dicom(path: Path, policy: Policy) -> Opened:
    """Open a file as one level, or a folder as the levels of its one series.

    Raises:
        Refusal: it is no whole-slide image, or the folder holds several series.
    """
    files = [path] if path.is_file() else _files_of(path)
    pages: list[Frames] = []

    def close() -> None:
        for page in pages:
            page.close()

    try:
        for file in files:
            page = Frames(file, policy)
            pages.append(page)
            if len(files) > 1 and _is_other_picture(page.header):
                pages.pop().close()
        if len({uid_of(page.header, "SeriesInstanceUID") for page in pages}) > 1:
            raise refuse("several_series")
        if not pages:
            raise refuse("no_slide")
        levels = as_levels(pages)
        first = next(page for page in pages if page is levels[0].page)
        facts = {
            "format": "DICOM",
            "mode": first.described.photometric,
            "bits": str(first.described.bits),
            "frames": "1",
            "levels": str(len(levels)),
            "layout": "tiles",
            "compression": first.described.transfer_syntax,
            "missing_blocks": str(first.n_missing),
        }
        spacing = _um_per_px(first.header)
    except BaseException:
        close()
        raise
    return Opened(levels, facts, spacing, close)


def _files_of(folder: Path) -> list[Path]:
    many = sorted(one for one in folder.iterdir() if one.is_file())
    return [one for one in many if is_dicom(read_head(one, _HEAD_BYTES))]


def _is_other_picture(header: Dataset) -> bool:
    return bool(_OTHER_PICTURES & set(words_of(header, "ImageType").upper().split("\\")))


def _described(header: Dataset) -> Description:
    """Return what the header says of the pixels, which were not read themselves."""
    header.PixelData = b""
    described = describe_pixels(header)
    colours = described.photometric
    is_known = colours in {"RGB", "MONOCHROME1", "MONOCHROME2"} or colours.startswith("YBR_")
    samples = 1 if colours.startswith("MONOCHROME") else 3
    if not is_known or described.samples != samples or described.is_signed:
        raise refuse_dicom("colours", name=colours)
    if described.bits_allocated not in {8, 16}:
        raise refuse_dicom("bad_tag", tag="BitsAllocated", kind=str(described.bits_allocated))
    return described


def _cells(header: Dataset, grid: Grid, n_frames: int) -> dict[tuple[int, int], int] | None:
    """Return which frame lies at each (row, column) of blocks; None where they lie in order.

    Raises:
        Refusal: frames are missing, or lie beside the grid.
    """
    places = items_of(header, "PerFrameFunctionalGroupsSequence")
    kind = words_of(header, "DimensionOrganizationType").upper()
    if kind == "TILED_FULL" or not places or not items_of(places[0], "PlanePositionSlideSequence"):
        if n_frames < grid.n_across * grid.n_down:
            raise refuse("truncated")
        return None
    made: dict[tuple[int, int], int] = {}
    for frame, place in enumerate(places[:n_frames]):
        (at,) = items_of(place, "PlanePositionSlideSequence")[:1] or [place]
        x = whole(at, "ColumnPositionInTotalImagePixelMatrix") - 1
        y = whole(at, "RowPositionInTotalImagePixelMatrix") - 1
        if x % grid.block_width_px or y % grid.block_height_px:
            raise refuse("beside_grid")
        made.setdefault((y // grid.block_height_px, x // grid.block_width_px), frame)
    return made


def _places(
    fetch: Callable[[int, int], bytes], at: int, header: Dataset, described: Description
) -> Sequence[_Place]:
    """Return where each frame's bytes lie; `at` is where the element of the pixels begins."""
    is_implicit = described.transfer_syntax == "1.2.840.10008.1.2"
    begin = at + (8 if is_implicit else 12)
    length = int.from_bytes(fetch(begin - 4, 4), "little")
    if described.transfer_syntax in _PLAIN:
        n = described.width_px * described.height_px * described.samples
        n_bytes = n * described.bits_allocated // 8
        return [(begin + frame * n_bytes, n_bytes) for frame in range(described.n_frames)]
    if length != _UNDEFINED:
        raise refuse_dicom("damaged", kind="PixelData")
    group, element, table_bytes = _item(fetch(begin, 8))
    if (group, element) != (0xFFFE, 0xE000):
        raise refuse_dicom("damaged", kind="PixelData")
    first = begin + 8 + table_bytes
    offsets, lengths = (
        np.frombuffer(value_of(header, name) or b"", dtype="<u8").tolist()
        for name in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
    )
    if len(offsets) == len(lengths) >= described.n_frames:
        return [(first + 8 + one, n) for one, n in zip(offsets, lengths, strict=True)]
    return _fragments(fetch, first, described.n_frames)


def _fragments(fetch: Callable[[int, int], bytes], at: int, n_frames: int) -> list[_Place]:
    """Return where the frames lie, one fragment each (as PS3.5 A.4 wants of slides).

    Raises:
        Refusal: there are fewer or more.
    """
    made: list[_Place] = []
    while len(made) < n_frames:
        group, element, length = _item(fetch(at, 8))
        if (group, element) != (0xFFFE, 0xE000):
            raise refuse("truncated")
        made.append((at + 8, length))
        at += 8 + length
    if _item(fetch(at, 8))[:2] == (0xFFFE, 0xE000):
        raise refuse_dicom("damaged", kind="fragments")
    return made


def _um_per_px(header: Dataset) -> float | None:
    """Return the size of a pixel of the object, where the file says it and pixels are square."""
    for group in items_of(header, "SharedFunctionalGroupsSequence"):
        for measures in items_of(group, "PixelMeasuresSequence"):
            mm = numbers_of(measures, "PixelSpacing")
            if len(mm) == 2 and min(mm) > 0 and max(mm) <= 1.01 * min(mm):
                return mm[1] * 1000.0
    return None
