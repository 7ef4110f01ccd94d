"""TIFF: Pillow where it reads the file exactly, tifffile for deep colour, float and the rest."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import PIL.Image
from numpy.typing import NDArray
from PIL import TiffImagePlugin  # noqa: F401  (registers the plug-in)

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Region
from tamiz.formats.overview import SlideSource, is_slide
from tamiz.formats.photo import PhotoSource, open_with_pillow
from tamiz.formats.pixels import as_image, check_limits, from_channels, to_bytes, turn_upright
from tamiz.formats.refusal import Refusal, reading, refuse
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import SUFFIXES, TIFF_HEADS

BITS_PER_SAMPLE: Final = 258
EXACT_MODES: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16"})
MIN_IS_WHITE, PALETTE, SEPARATED = 0, 3, 5
OTHER_COLOURS: Final = frozenset({6, 8, 9, 10})  # YCbCr, CIE L*a*b* and its variants
JPEG_COMPRESSIONS: Final = frozenset({6, 7})  # tifffile turns their YCbCr into RGB
APERIO_YCC: Final = 33003  # JPEG 2000 in YCbCr, whatever its photometric tag says


@FORMATS.add("tiff")
class Tiff:
    """TIFF and BigTIFF; of those larger than a photo, an overview."""

    name = "tiff"
    suffixes = SUFFIXES["TIFF"]

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Return whether `head` begins a TIFF of either byte order."""
        return head.startswith(TIFF_HEADS)

    @staticmethod
    def open(
        path: Path | str, content: bytes | None, policy: Policy
    ) -> PhotoSource | TiffSource | SlideSource:
        """Open the first page and check its announced size."""
        with reading(str(path)):
            if isinstance(path, Path) and is_slide(path, policy):
                return SlideSource(path, policy)
            try:
                picture = open_with_pillow(content or Path(path), "TIFF", policy)
            except Refusal:
                return TiffSource(path, content, policy)  # it says itself what is wrong
            if _reads_exactly(picture):
                return PhotoSource(str(path), picture, policy, content or b"")
            picture.close()
            return TiffSource(path, content, policy)


def _reads_exactly(picture: PIL.Image.Image) -> bool:
    """Return whether Pillow gives the stored values (it cuts 16-bit colour to 8 bits)."""
    bits = getattr(picture, "tag_v2", {}).get(BITS_PER_SAMPLE, (1,))
    if picture.mode == "I;16":
        return tuple(bits) == (16,)
    return picture.mode in EXACT_MODES and max(bits) <= 8


class TiffSource:
    """The first page of a TIFF, opened with tifffile."""

    def __init__(self, path: Path | str, content: bytes | None, policy: Policy) -> None:
        import tifffile

        self._name, self._policy = str(path), policy
        self._file = tifffile.TiffFile(io.BytesIO(content) if content else Path(path))
        page = self._file.pages.first
        self._page = page
        size_px = page.imagewidth, page.imagelength
        if size_px[0] * size_px[1] > policy.max_megapixels * 1e6:
            raise refuse(
                "slide",
                width=size_px[0],
                height=size_px[1],
                megapixels=size_px[0] * size_px[1] / 1e6,
                limit=policy.max_megapixels,
            )
        check_limits(size_px, policy)
        self.facts: Mapping[str, str] = {
            "format": "TIFF",
            "mode": f"{page.dtype} x {page.samplesperpixel}",
            "bits": str(page.bitspersample),
            "frames": str(len(self._file.pages)),
        }

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height), upright."""
        width, height = self._page.imagewidth, self._page.imagelength
        return (height, width) if self._orientation > 4 else (width, height)

    @property
    def n_frames(self) -> int:
        """Return how many pages the file holds."""
        return int(self.facts["frames"])

    @property
    def _orientation(self) -> int:
        tag = self._page.tags.get("Orientation")
        value = int(tag.value) if tag is not None else 1
        return value if 1 <= value <= 8 else 1

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:
        """Return the decoded page by the colour policy of `formats.photo`."""
        with reading(self._name):
            if frame:
                raise refuse("no_such_frame", n=1)
            self._check_whole()
            stored = self._page.asarray()
            if self._page.axes.startswith("S"):
                stored = np.moveaxis(stored, 0, -1)
            return as_image(turn_upright(self._to_pixels(stored), self._orientation), region)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _check_whole(self) -> None:
        """Refuse a page whose tiles or strips lie past the end of the file, or nowhere."""
        size = self._file.filehandle.size
        parts = zip(self._page.dataoffsets, self._page.databytecounts, strict=False)
        if any(offset == 0 or offset + n > size for offset, n in parts):
            raise refuse("truncated")

    def _to_pixels(self, stored: NDArray[Any]) -> NDArray[np.uint8]:
        page = self._page
        bits = int(page.bitspersample)
        if page.compression == APERIO_YCC or (
            page.photometric in OTHER_COLOURS and page.compression not in JPEG_COMPRESSIONS
        ):
            name = getattr(page.photometric, "name", page.photometric)
            raise refuse("colour_space", name=name)
        if page.photometric == PALETTE and page.colormap is not None:
            return to_bytes(np.moveaxis(page.colormap[:, stored], 0, -1), self._policy)
        if page.photometric == SEPARATED and stored.ndim == 3 and stored.shape[2] == 4:
            ink = to_bytes(stored, self._policy, bits)
            return np.array(PIL.Image.fromarray(ink, "CMYK").convert("RGB"))
        pixels = from_channels(stored, self._policy, bits)
        return 255 - pixels if page.photometric == MIN_IS_WHITE else pixels
