"""What a file's header says of its picture, and a window on the bytes that is never fooled."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tamiz.formats.refusal import refuse

FIRST_BYTES: Final = 1024  # enough for nearly every header; the others go on reading
MAX_SIDE_PX: Final = 2**31 - 1
MAX_PIXELS: Final = 2**40  # the largest slides have 2**34
EXIF_HEAD: Final = b"Exif\0\0"


@dataclass(frozen=True, slots=True)
class TiffLayout:
    """How a TIFF keeps its first page.

    Attributes:
        compression: the standard's number: 1 none, 5 LZW, 7 JPEG, 8 deflate, 33003 JPEG 2000.
        is_tiled: cut in tiles, not strips.
        n_pages: levels and side pictures included; None where there are too many to count.
    """

    compression: int
    is_tiled: bool
    n_pages: int | None


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the header of an image file says; no pixel was decoded, none is promised.

    Attributes:
        format: 'JPEG', 'PNG', 'GIF', 'BMP', 'WEBP', 'TIFF' or 'DICOM', told from the content.
        width_px: as stored, before EXIF turns it.
        height_px: as stored.
        mode: how colours are stored, in the reader's words ('RGB', 'I;16', 'uint16 x 3').
        bits: per channel, as `check` counts them: a palette's colours have 8.
        channels: per pixel as stored, 1 for a palette.
        n_bytes: of the file.
        orientation: EXIF's, 1 to 8; 1 where it says nothing.
        jpeg_table: sum of the 64 steps of the luminance quantisation table: the smaller, the
            finer; None where it is no JPEG.
        dpi: pixels per inch (across, down) as the header says, None where it says nothing.
        um_per_px: what the file says of the object's own size, never deduced: from Aperio's or
            OME's description, or from a TIFF resolution finer than 10 micrometres, which no
            printer or screen has (OpenSlide reads it so too).
        tiff: what only a TIFF has; None for other formats.
    """

    format: str
    width_px: int
    height_px: int
    mode: str
    bits: int
    channels: int
    n_bytes: int
    orientation: int = 1
    jpeg_table: int | None = None
    dpi: tuple[float, float] | None = None
    um_per_px: float | None = None
    tiff: TiffLayout | None = None

    @property
    def upright_px(self) -> tuple[int, int]:
        """Return (width, height) as the picture is seen."""
        if self.orientation > 4:
            return self.height_px, self.width_px
        return self.width_px, self.height_px


class Window:
    """The bytes of a file: its first ones at hand, the others fetched when asked for.

    Attributes:
        head: the first bytes.
        n_bytes: length of the whole file.
    """

    __slots__ = ("_fetch", "head", "n_bytes")

    def __init__(self, head: bytes, n_bytes: int, fetch: Callable[[int, int], bytes]) -> None:
        self.head, self.n_bytes, self._fetch = head, n_bytes, fetch

    @classmethod
    def of_file(cls, handle: int, head: bytes, n_bytes: int) -> Window:
        """Return the window on an opened file."""
        return cls(head, n_bytes, lambda offset, n: os.pread(handle, n, offset))

    @classmethod
    def of_bytes(cls, content: bytes) -> Window:
        """Return the window on a file held whole."""
        return cls(content, len(content), lambda offset, n: content[offset : offset + n])

    def some(self, offset: int, n: int) -> bytes:
        """Return up to `n` bytes from `offset`; fewer, or none, where the file ends before."""
        if offset + n <= len(self.head):
            return self.head[offset : offset + n]
        if offset >= self.n_bytes:
            return b""
        return self._fetch(offset, min(n, self.n_bytes - offset))

    def exactly(self, offset: int, n: int) -> bytes:
        """Return `n` bytes from `offset`.

        Raises:
            Refusal: the file ends before.
        """
        found = self.some(offset, n)
        if len(found) < n:
            raise refuse("truncated")
        return found


def check_size(width: int, height: int, kind: str) -> None:
    """Refuse a size that no picture has.

    Raises:
        Refusal: a side is zero, or the size is absurd.
    """
    if width <= 0 or height <= 0:
        raise refuse("no_pixels", width=width, height=height)
    if width > MAX_SIDE_PX or height > MAX_SIDE_PX or width * height > MAX_PIXELS:
        raise refuse("damaged_header", format=kind)
