"""Tiny pictures and the bytes of files that hold them, with a known truth."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


def draw(seed: int = 0, size_px: tuple[int, int] = (24, 16), channels: int = 3) -> Bytes:
    """Return a smooth picture (height, width, channels) that differs for every seed.

    Args:
        seed: same seed, same pixels.
        size_px: (width, height).
        channels: 1 to 4.
    """
    width, height = size_px
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for _ in range(channels):
        a, b, c = random.uniform(0.05, 0.4, 3)
        planes.append(np.sin(a * x + c * seed) + np.cos(b * y + c))
    wave = np.stack(planes, axis=-1)
    span = max(float(wave.max() - wave.min()), 1e-9)
    made: Bytes = np.rint((wave - wave.min()) * (255 / span)).astype(np.uint8)
    return made


def encode(pixels: NDArray[Any], kind: str = "PNG", **options: Any) -> bytes:
    """Return the bytes of an image file that Pillow writes from (height, width[, channels])."""
    import PIL.Image

    plain = pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
    opened = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(plain)).save(opened, kind, **options)
    return opened.getvalue()


def png(seed: int = 0, size_px: tuple[int, int] = (24, 16), channels: int = 3) -> bytes:
    """Return a PNG of `draw(seed, ...)`."""
    return encode(draw(seed, size_px, channels))


def jpeg(seed: int = 0, size_px: tuple[int, int] = (24, 16), channels: int = 3) -> bytes:
    """Return a JPEG of `draw(seed, ...)`, quality 95."""
    return encode(draw(seed, size_px, channels), "JPEG", quality=95)


def turned(pixels: Bytes, orientation: int) -> Bytes:
    """Return how a camera stores `pixels` when it notes `orientation` in EXIF.

    Written from the standard's table (row 0 and column 0 of what is stored), not from the reader.
    """
    stored = {
        1: lambda p: p,
        2: lambda p: np.flip(p, 1),
        3: lambda p: np.rot90(p, 2),
        4: lambda p: np.flip(p, 0),
        5: lambda p: np.swapaxes(p, 0, 1),
        6: lambda p: np.rot90(p, 1),
        7: lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
        8: lambda p: np.rot90(p, -1),
    }[orientation](pixels)
    return np.ascontiguousarray(stored)


def with_orientation(pixels: Bytes, orientation: int, kind: str = "PNG") -> bytes:
    """Return a file whose EXIF says `orientation` and which, upright, shows `pixels`."""
    import PIL.Image

    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    return encode(turned(pixels, orientation), kind, exif=exif.tobytes())


def deep_png(stored: NDArray[np.uint16]) -> bytes:
    """Return a 16-bit PNG of (height, width[, 3 or 4]); written here, by no library."""
    height, width = stored.shape[:2]
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[1 if stored.ndim == 2 else stored.shape[2]]
    rows = stored.astype(">u2").reshape(height, -1).view(np.uint8)
    body = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return _png_file(header, zlib.compress(body))


def lying_png(
    size_px: tuple[int, int], bits: int = 8, colour_type: int = 0, *, is_interlaced: bool = False
) -> bytes:
    """Return a PNG whose header announces `size_px`, with the pixels of one row at most."""
    width, height = size_px
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, is_interlaced)
    return _png_file(header, zlib.compress(bytes(min(width, 1000) + 1)))


def tiff(stored: NDArray[Any], **options: Any) -> bytes:
    """Return a TIFF of any number type, written with tifffile."""
    import tifffile

    opened = io.BytesIO()
    tifffile.imwrite(opened, stored, **options)
    return opened.getvalue()


def text_bomb_png(n_bytes: int = 80_000_000) -> bytes:
    """Return a PNG with a compressed text chunk that unpacks to `n_bytes`."""
    whole = png()
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(n_bytes), 9))
    after_header = 8 + 25
    return whole[:after_header] + text + whole[after_header:]


def _png_file(header: bytes, body: bytes) -> bytes:
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
