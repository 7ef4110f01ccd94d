"""JPEG blocks, decoded whole or at 1/2, 1/4 or 1/8.

A JPEG holds 8 x 8 pixels as frequencies; its decoder can leave the high ones away and give the
averages of 2 x 2, 4 x 4 or 8 x 8 pixels at a fraction of the work, and grey without ever decoding
colour.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import PIL.Image

from tamiz.formats.refusal import refuse
from tamiz.formats.slide_averaging import agrees
from tamiz.formats.slide_buffers import Buffers
from tamiz.formats.slide_scaling import Bytes, Grid

REDUCTIONS: Final = (8, 4, 2, 1)
_NO_TRANSFORM: Final = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"  # RGB, as it is
_START, _END = b"\xff\xd8", b"\xff\xd9"
_NO_SOF: Final = frozenset({0xC4, 0xC8, 0xCC})
_JPEG_2000_SIZE: Final = b"\xff\x4f\xff\x51"
# On drawn H&E slides at 5 %, mean difference 0.1 to 0.3 grey levels: benchmarks/bench_slides.py.
_LEAST_RATIO: Final = 4.5
_SLACK_PX: Final = 64  # some writers fill the last blocks up


@dataclass(frozen=True, slots=True)
class JpegBlocks:
    """Decodes the blocks of one level.

    Attributes:
        samples: per pixel, 1 or 3.
        tables: what the blocks share and each leaves out; may be empty.
        is_rgb: the three samples are red, green and blue, whatever the blocks say.
        buffers: to decode into.
    """

    samples: int
    tables: bytes
    is_rgb: bool
    buffers: Buffers = field(default_factory=Buffers)

    def whole(self, data: bytes, size_px: tuple[int, int] | None, *, is_grey: bool) -> Bytes:
        """Return (height, width, 1 or 3) at full size; `size_px` is what the block announces."""
        import imagecodecs

        wanted = ("GRAYSCALE" if is_grey else "RGB") if self.samples == 3 else None
        stored = "RGB" if self.is_rgb else None
        out: Bytes | None = None
        if size_px is not None:
            width, height = size_px
            is_colour = self.samples == 3 and not is_grey
            out = self.buffers.empty((height, width, 3) if is_colour else (height, width))
        made: Bytes = imagecodecs.jpeg8_decode(
            data, tables=self.tables or None, colorspace=stored, outcolorspace=wanted, out=out
        )
        return made if made.ndim == 3 else made[..., np.newaxis]

    def reduced(self, data: bytes, reduction: int, *, is_grey: bool) -> Bytes:
        """Return (height / reduction, width / reduction, 1 or 3), sides rounded up."""
        head = (self.tables or _START + _END).removesuffix(_END)
        if self.is_rgb:
            head = head[:2] + _NO_TRANSFORM + head[2:]
        picture = PIL.Image.open(io.BytesIO(head + data[2:]), formats=("JPEG",))
        width, height = picture.size
        mode = "L" if is_grey or self.samples == 1 else "RGB"
        picture.draft(mode, (width // reduction, height // reduction))
        picture.load()
        made = np.asarray(picture if picture.mode == mode else picture.convert(mode))
        return made if made.ndim == 3 else made[..., np.newaxis]


def reduction_for(factor: float) -> int:
    """Return the largest of 1, 2, 4, 8 that agrees with area averaging by `factor`."""
    return next(one for one in REDUCTIONS if one == 1 or agrees(factor / one, _LEAST_RATIO))


def check_announced(data: bytes, grid: Grid) -> tuple[int, int] | None:
    """Return the (width, height) that a JPEG or JPEG 2000 announces, else None.

    Raises:
        Refusal: it is more than the block's place has.
    """
    size = _announced_px(data)
    if size is None:
        return None
    width, height = size
    if width > grid.block_width_px + _SLACK_PX or height > grid.block_height_px + _SLACK_PX:
        raise refuse("block_announces", width=width, height=height)
    return size


def _announced_px(data: bytes) -> tuple[int, int] | None:
    """Return the (width, height) that a JPEG or JPEG 2000 announces; None for anything else."""
    if data.startswith(_START):
        at = 2
        while at + 9 <= len(data) and data[at] == 0xFF:
            marker = data[at + 1]
            if 0xC0 <= marker <= 0xCF and marker not in _NO_SOF:
                return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
            at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
        return None
    at = data.find(_JPEG_2000_SIZE, 0, 4096)
    if at < 0 or at + 24 > len(data):
        return None
    width, height, left, top = np.frombuffer(data, ">u4", count=4, offset=at + 8).tolist()
    return width - left, height - top
