"""What Pillow does not notice in a PNG: pixel data that end too early, or were altered.

A compressed stream may be whole and still hold fewer rows than the header announces. Pillow
leaves the rest of the picture zero and says nothing; tamiz refuses it. Pillow also stops at the
last row without comparing the checksum of the chunk that held it.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any, Final

import PIL.Image

from tamiz.formats.refusal import refuse

# Adam7: first column, first row, step across, step down of each pass (PNG specification, 8.2).
_PASSES: Final = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_SAMPLES_BY_COLOUR: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def check_whole(picture: PIL.Image.Image, content: bytes) -> None:
    """Refuse a decoded PNG whose data were altered or ended before its last row.

    Every chunk of pixel data has a CRC-32, which is compared. Only a picture that ends in a row
    of zeros (or is interlaced) is unpacked a second time; any other row cannot have been left out.

    Raises:
        Refusal: a checksum is wrong, or rows are missing.
    """
    _check_sums(content)
    width, height = picture.size
    is_interlaced = content[28] == 1
    if not is_interlaced and _ends_otherwise(picture, width, height):
        return
    expected = _expected_bytes(content, is_interlaced=is_interlaced)
    if _unpacked_bytes(content, expected) < expected:
        raise refuse("truncated")


def _check_sums(content: bytes) -> None:
    view, position = memoryview(content), 8
    while position + 8 <= len(content):
        (length,) = struct.unpack(">I", content[position : position + 4])
        end = position + 8 + length
        if content[position + 4 : position + 8] == b"IDAT" and end + 4 <= len(content):
            (stored,) = struct.unpack(">I", content[end : end + 4])
            if zlib.crc32(view[position + 4 : end]) != stored:
                raise refuse("wrong_sum")
        position = end + 4


def _ends_otherwise(picture: PIL.Image.Image, width: int, height: int) -> bool:
    """Return whether the last row holds anything but zeros."""
    last: Any = picture.crop((0, height - 1, width, height))
    return any(last.tobytes())


def _expected_bytes(content: bytes, *, is_interlaced: bool) -> int:
    width, height, depth, colour = struct.unpack(">IIBB", content[16:26])
    bits = depth * _SAMPLES_BY_COLOUR.get(colour, 1)
    if not is_interlaced:
        return int(height * (1 + -(-width * bits // 8)))
    total = 0
    for x, y, across, down in _PASSES:
        columns, rows = -(-(width - x) // across), -(-(height - y) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total


def _unpacked_bytes(content: bytes, limit: int) -> int:
    """Return how many bytes the IDAT chunks unpack to, counting no further than `limit`."""
    decoder, n_bytes, position = zlib.decompressobj(), 0, 8
    while position + 8 <= len(content) and n_bytes < limit and not decoder.eof:
        (length,) = struct.unpack(">I", content[position : position + 4])
        if content[position + 4 : position + 8] == b"IDAT":
            rest = content[position + 8 : position + 8 + length]
            while rest and n_bytes < limit and not decoder.eof:
                n_bytes += len(decoder.decompress(rest, 1 << 20))
                rest = decoder.unconsumed_tail
        position += 12 + length
    return n_bytes + len(decoder.flush())
