"""Photographs: JPEG, PNG, GIF, BMP and WebP, by Pillow; and the one colour policy of tamiz.

The colour policy, the same in training, prediction and every face:

- EXIF orientation is always applied.
- Alpha (RGBA, LA, a palette's or a grey level's transparency) is composited on the policy's
  background: round((colour * alpha + background * (255 - alpha)) / 255).
- CMYK becomes RGB by Pillow's conversion; a palette becomes RGB.
- 1-bit becomes grey 0 or 255.
- 16-bit values become 8-bit by round(v / 257); never by cutting or clipping.
- 32-bit and float values need `value_range` = (low, high), which becomes 0..255, clipped;
  without it they are refused. NaN and infinity are refused with the pixel's position.
- Grey stays 1 channel, colour has 3.
- Of animated and multi-page files the first frame is read; `facts['frames']` has their number.
- Truncated files are refused: Pillow's LOAD_TRUNCATED_IMAGES is never set. A JPEG whose
  compressed data were altered without breaking their structure still decodes: the format has no
  checksum, and no decoder can tell.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import PIL.Image
from numpy.typing import NDArray
from PIL import (  # noqa: F401  (importing a plug-in registers it; `formats=` then finds it)
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Region
from tamiz.data.pictures import keep_picture
from tamiz.formats.files import MAX_FILE_BYTES, read_regular
from tamiz.formats.pixels import (
    as_image,
    check_limits,
    composite,
    deep_to_bytes,
    from_channels,
    real_to_bytes,
    turn_upright,
)
from tamiz.formats.pngs import check_whole
from tamiz.formats.refusal import reading, refuse
from tamiz.formats.registry import FORMATS
from tamiz.formats.sniff import SUFFIXES, photo_format

ORIENTATION: Final = 0x0112
_EXIF_KEYS: Final = {"exif", "xmp"}
PLAIN_MODES: Final = frozenset({"L", "RGB", "1"})
BITS_BY_MODE: Final = {"1": 1, "I;16": 16, "I;16B": 16, "I;16L": 16, "I": 32, "F": 32}
_STRIP_PX: Final = 2**18  # copied at a time; small enough to stay in the processor's cache

# Pillow warns between its limit and twice its limit; ours is lower and a warning stops nothing.
warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)


@FORMATS.add("photo")
class Photo:
    """JPEG, PNG, GIF, BMP and WebP."""

    name = "photo"
    suffixes = tuple(s for kind, many in SUFFIXES.items() if kind != "TIFF" for s in many)

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Return whether `head` begins one of the five formats."""
        return photo_format(head) not in {None, "TIFF"}

    @staticmethod
    def open(path: Path | str, content: bytes | None, policy: Policy) -> PhotoSource:
        """Open a photo and check its announced size."""
        with reading(str(path)):
            if content is None:
                content = read_regular(path)
            if content is None:
                raise refuse("file_too_large", limit_mib=MAX_FILE_BYTES >> 20)
            kind = photo_format(content)
            picture = open_with_pillow(content, kind or "JPEG", policy)
            return PhotoSource(str(path), picture, policy, content)


class PhotoSource:
    """An opened photo; nothing is decoded before `read`."""

    def __init__(
        self, name: str, picture: PIL.Image.Image, policy: Policy, content: bytes = b""
    ) -> None:
        self._name, self._picture, self._policy = name, picture, policy
        self._content = content
        self._is_deep_colour = is_deep_png(picture)
        self.facts: Mapping[str, str] = self._facts()

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height), upright, from the header."""
        width, height = self._picture.size
        is_turned = self._picture.format != "TIFF" and orientation_of(self._picture) > 4
        return (height, width) if is_turned else (width, height)

    @property
    def n_frames(self) -> int:
        """Return how many frames or pages the file holds."""
        return int(self.facts["frames"])

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:
        """Return the decoded frame by the colour policy above."""
        with reading(self._name):
            picture = self._picture
            if frame:
                picture.seek(frame)
            if self._is_deep_colour:
                pixels = from_channels(self._decode_deep(), self._policy)
            else:
                self._load()
                pixels = to_pixels(picture, self._policy)
            orientation = orientation_of(picture)
            image = as_image(turn_upright(pixels, orientation), region)
            if orientation == 1 and region is None and self._is_plain and picture.mode != "1":
                keep_picture(image.pixels, picture)
            return image

    def shrink(self, at_least_px: int) -> None:
        """Let `read` give a JPEG at 1/2, 1/4 or 1/8, its short side at least `at_least_px`."""
        if self._picture.format == "JPEG":
            short = min(self._picture.size)
            if short >= 2 * at_least_px:
                share = at_least_px / short
                width, height = self._picture.size
                self._picture.draft(None, (int(width * share), int(height * share)))

    def check(self) -> int:
        """Do what `read` does, as far as it can fail; return how many channels it gives.

        Plain grey and RGB are decoded only.
        """
        if self._is_plain:
            with reading(self._name):
                self._load()
            return len(self._picture.getbands())
        return self.read().n_channels

    def close(self) -> None:
        """Let go of the file; a picture of bytes in memory holds none."""
        if not self._content:
            self._picture.close()

    @property
    def _is_plain(self) -> bool:
        """Return whether Pillow's pixels are those of the colour policy."""
        picture = self._picture
        is_plain = picture.mode in PLAIN_MODES and not self._is_deep_colour
        return is_plain and "transparency" not in picture.info

    def _load(self) -> None:
        """Decode; refuse what Pillow leaves half empty without a word."""
        self._picture.load()
        if self._picture.format == "PNG":
            check_whole(self._picture, self._content)

    def _facts(self) -> Mapping[str, str]:
        picture = self._picture
        bits = 16 if self._is_deep_colour else BITS_BY_MODE.get(picture.mode, 8)
        kind = "JPEG" if picture.format == "MPO" else str(picture.format)
        frames = getattr(picture, "n_frames", 1) if picture.format != "JPEG" else 1
        return {"format": kind, "mode": picture.mode, "bits": str(bits), "frames": str(frames)}

    def _decode_deep(self) -> NDArray[Any]:
        """Return a 16-bit colour PNG as it is stored; Pillow would cut it to 8 bits."""
        import imagecodecs

        stored: NDArray[Any] = imagecodecs.png_decode(self._content)
        return stored


def open_with_pillow(content: bytes | Path, kind: str, policy: Policy) -> PIL.Image.Image:
    """Return Pillow's lazy image of `kind`, its announced size checked.

    Raises:
        Refusal: the header is damaged, or the size is beyond the limits.
    """
    opened = io.BytesIO(content) if isinstance(content, bytes) else content
    allow_pillow(policy.max_megapixels)
    try:
        picture = PIL.Image.open(opened, formats=(kind,))
    except PIL.UnidentifiedImageError as error:
        raise refuse("damaged_header", format=kind) from error
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        found = re.search(r"\d+", str(error))
        megapixels = int(found[0]) / 1e6 if found else float("nan")
        raise refuse("bomb", megapixels=megapixels, limit=policy.max_megapixels) from error
    check_limits(picture.size, policy)
    return picture


def allow_pillow(megapixels: float) -> None:
    """Raise Pillow's own limit where the policy asks for more; it is never lowered."""
    wanted = int(megapixels * 1e6)
    if PIL.Image.MAX_IMAGE_PIXELS is not None and wanted > PIL.Image.MAX_IMAGE_PIXELS:
        PIL.Image.MAX_IMAGE_PIXELS = wanted


def is_deep_png(picture: PIL.Image.Image) -> bool:
    """Return whether this is a 16-bit colour PNG, which Pillow would cut to 8 bits."""
    if picture.format != "PNG" or picture.mode.startswith("I"):
        return False
    return any(";16" in str(tile[3]) for tile in getattr(picture, "tile", ()))


def orientation_of(picture: PIL.Image.Image) -> int:
    """Return EXIF's orientation, 1 to 8; 1 where there is none or it cannot be read."""
    if picture.format == "JPEG" and not _EXIF_KEYS & picture.info.keys():
        return 1
    try:
        value = picture.getexif().get(ORIENTATION, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, EOFError):
        return 1  # damaged metadata say nothing about the picture
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def to_pixels(picture: PIL.Image.Image, policy: Policy, bits: int = 0) -> NDArray[np.uint8]:
    """Return a loaded picture as (height, width, 1 or 3) uint8, as stored (not yet upright)."""
    mode = picture.mode
    if mode == "RGB" and "transparency" not in picture.info:
        return _colours_of(picture)
    if mode in {"L", "1"} and "transparency" not in picture.info:
        grey = picture if mode == "L" else picture.convert("L")
        return np.array(grey)[..., np.newaxis]
    if mode.startswith("I;16"):
        deep = np.array(picture).astype(np.uint16)
        return _with_hidden_value(deep, deep_to_bytes(deep, bits or 16), picture, policy)
    if mode in {"I", "F"}:
        return real_to_bytes(np.array(picture), policy)[..., np.newaxis]
    return _convert(picture, policy)


def _colours_of(picture: PIL.Image.Image) -> NDArray[np.uint8]:
    """Return what `np.array` does of RGB, without its two further copies of the whole picture."""
    width, height = picture.size
    made = np.empty((height, width, 3), dtype=np.uint8)
    rows = max(1, _STRIP_PX // width)
    for top in range(0, height, rows):
        end = min(top + rows, height)
        made[top:end] = np.asarray(picture.crop((0, top, width, end)))
    return made


def _convert(picture: PIL.Image.Image, policy: Policy) -> NDArray[np.uint8]:
    """Return pictures with alpha, palettes and other colour spaces as grey or RGB."""
    mode, has_alpha = picture.mode, picture.has_transparency_data
    if mode in {"L", "1", "LA", "La"}:
        grey_and_alpha = np.array(picture.convert("RGBA") if mode != "LA" else picture)
        return composite(grey_and_alpha[..., :1], grey_and_alpha[..., -1], policy)
    if has_alpha:
        rgba = np.array(picture.convert("RGBA"))
        return composite(rgba[..., :3], rgba[..., 3], policy)
    return np.array(picture.convert("RGB"))


def _with_hidden_value(
    deep: NDArray[np.uint16],
    grey: NDArray[np.uint8],
    picture: PIL.Image.Image,
    policy: Policy,
) -> NDArray[np.uint8]:
    """Return 16-bit grey with the one value that a PNG declares transparent laid on background."""
    hidden = picture.info.get("transparency")
    if not isinstance(hidden, int):
        return grey[..., np.newaxis]
    alpha = np.where(deep == hidden, 0, 255)
    return composite(grey[..., np.newaxis], alpha, policy)
