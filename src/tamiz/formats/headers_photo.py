"""Headers of JPEG, PNG, GIF, BMP and WebP files."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from tamiz.formats.header_facts import EXIF_HEAD, FIRST_BYTES, HeaderFacts, Window, check_size
from tamiz.formats.headers_tiff import ORIENTATION, Directory, dpi_of, read_exif
from tamiz.formats.refusal import Refusal, refuse

MAX_SEGMENTS: Final = 4096
MAX_JUNK_BYTES: Final = 65536
MAX_CHUNKS: Final = 4096
_INCHES_PER_METRE: Final = 0.0254
_XMP_HEAD: Final = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_ORIENTATION: Final = re.compile(rb'tiff:Orientation(?:="|>)([1-8])')

# JPEG markers, ITU T.81 table B.1.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # no length follows
_DQT, _APP0, _APP1, _END, _SCAN = 0xDB, 0xE0, 0xE1, 0xD9, 0xDA
_STOPS: Final = frozenset({_SCAN, _END})
_NO_LENGTH: Final = _ALONE | {0, 0xFF}
_WANTED: Final = _FRAMES | {_DQT, _APP0, _APP1}
_JPEG_MODES: Final = {1: "L", 3: "RGB", 4: "CMYK"}

# (bytes up to the frame header's marker, tables, resolution) of the first files seen: the walk
# through the same bytes has the same outcome, and need not be walked again.
MAX_PROLOGUES: Final = 8
_prologues: list[tuple[bytes, Mapping[int, int], tuple[float, float] | None]] = []

# (bit depth, colour type) -> mode, bits, channels; PNG specification, table 11.1.
_PNG_MODES: Final = {
    (1, 0): ("1", 1, 1), (2, 0): ("L", 8, 1), (4, 0): ("L", 8, 1), (8, 0): ("L", 8, 1),
    (16, 0): ("I;16", 16, 1), (8, 2): ("RGB", 8, 3), (16, 2): ("RGB", 16, 3),
    (1, 3): ("P", 8, 1), (2, 3): ("P", 8, 1), (4, 3): ("P", 8, 1), (8, 3): ("P", 8, 1),
    (8, 4): ("LA", 8, 2), (16, 4): ("RGBA", 16, 2), (8, 6): ("RGBA", 8, 4),
    (16, 6): ("RGBA", 16, 4),
}  # fmt: skip


def familiar_jpeg(head: bytes, n_bytes: int) -> HeaderFacts | None:
    """Return the facts of a JPEG that begins like one seen before, None when it does not.

    What one program writes begins alike: a set of a hundred thousand has few beginnings.
    """
    for prologue, tables, dpi in _prologues:
        if head.startswith(prologue):
            return _from_frame(head[len(prologue) + 2 :], tables, n_bytes, dpi)
    return None


def jpeg_facts(window: Window) -> HeaderFacts:
    """Return a JPEG's facts: walks its segments up to the frame header and its table.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    segments = _jpeg_segments(window)
    orientation, dpi = 1, segments.dpi
    if segments.exif or segments.xmp:
        orientation, of_exif = _from_exif(segments.exif, segments.xmp)
        dpi = dpi or of_exif
    elif segments.n_prologue and len(_prologues) < MAX_PROLOGUES:
        _prologues.append((window.head[: segments.n_prologue], segments.tables, dpi))
    return _from_frame(segments.frame, segments.tables, window.n_bytes, dpi, orientation)


def _from_frame(
    frame: bytes,
    tables: Mapping[int, int],
    n_bytes: int,
    dpi: tuple[float, float] | None,
    orientation: int = 1,
) -> HeaderFacts:
    """Return the facts from a frame header (ITU T.81, B.2.2) and what stood before it."""
    precision, height, width, channels = struct.unpack_from(">BHHB", frame)
    mode = _JPEG_MODES.get(channels)
    if width == 0 or height == 0:
        raise refuse("no_pixels", width=width, height=height)
    if mode is None or len(frame) < 6 + 3 * channels:
        raise refuse("damaged_header", format="JPEG")
    table = tables.get(frame[8])
    return HeaderFacts(
        "JPEG", width, height, mode, precision, channels, n_bytes, orientation, table, dpi
    )


class _Segments:
    """What the walk through a JPEG has found so far."""

    __slots__ = ("dpi", "exif", "frame", "n_prologue", "tables", "xmp")

    def __init__(self) -> None:
        self.frame, self.exif, self.xmp = b"", b"", b""
        self.tables: dict[int, int] = {}
        self.dpi: tuple[float, float] | None = None
        self.n_prologue = 0  # bytes up to the frame header's marker, where all lay in the head

    def is_complete(self) -> bool:
        """Return whether nothing further along can matter: frame and its first table are here."""
        return len(self.frame) > 8 and self.frame[8] in self.tables

    def take(self, marker: int, content: bytes) -> None:
        """Keep what a segment says."""
        if marker == _DQT:
            self.tables.update(_tables(content))
        elif marker == _APP0:
            if content.startswith(b"JFIF\0") and len(content) >= 12:
                self.dpi = _jfif_dpi(content[7:12])
        elif marker == _APP1:
            if content.startswith(EXIF_HEAD):
                self.exif = self.exif or content[6:]
            elif content.startswith(_XMP_HEAD):
                self.xmp = self.xmp or content[len(_XMP_HEAD) :]
        elif len(content) >= 9 and not self.frame:
            self.frame = content


def _jpeg_segments(window: Window) -> _Segments:
    """Walk the segments to the frame header; further only where its table is still to come."""
    found = _Segments()
    chunk, base, at, n_junk = window.head, 0, 2, 0
    for _ in range(MAX_SEGMENTS):
        if at + 4 > len(chunk):
            base, at, chunk = base + at, 0, window.some(base + at, FIRST_BYTES)
            if len(chunk) < 4:
                break
        marker = chunk[at + 1]
        if chunk[at] != 0xFF or marker in _NO_LENGTH:
            step = _skip(chunk, at)
            at, n_junk = at + step, n_junk + step
            continue
        if marker in _STOPS or n_junk > MAX_JUNK_BYTES:
            break
        length = (chunk[at + 2] << 8) + chunk[at + 3]
        if marker in _WANTED:
            if at + 2 + length > len(chunk):
                base, at, chunk = base + at, 0, window.some(base + at, 2 + length + FIRST_BYTES)
            found.take(marker, chunk[at + 4 : at + 2 + length])
            if found.is_complete():
                found.n_prologue = 0 if base or marker == _DQT else at + 2
                return found
        at += 2 + max(length, 2)
    if not found.frame:
        is_cut = base + at >= window.n_bytes
        raise refuse("truncated") if is_cut else refuse("damaged_header", format="JPEG")
    return found


def _skip(chunk: bytes, at: int) -> int:
    """Return how many bytes further the next marker may begin: decoders skip fill and junk."""
    if chunk[at] == 0xFF and chunk[at + 1] in _ALONE:
        return 2
    place = chunk.find(b"\xff", at + 1)
    return (place if place > 0 else len(chunk)) - at


@lru_cache(maxsize=256)  # a camera, or a program, uses few tables for many files
def _tables(content: bytes) -> dict[int, int]:
    """Return the sum of each quantisation table by its number; damaged ones are left out."""
    made, at = {}, 0
    while at < len(content):
        size = 128 if content[at] >> 4 else 64
        steps = content[at + 1 : at + 1 + size]
        if len(steps) < size:
            break
        made[content[at] & 15] = sum(steps) if size == 64 else sum(struct.unpack(">64H", steps))
        at += 1 + size
    return made


@lru_cache(maxsize=256)
def _jfif_dpi(content: bytes) -> tuple[float, float] | None:
    unit, x, y = struct.unpack(">BHH", content)
    per_inch = {1: 1.0, 2: 2.54}.get(unit)
    return (x * per_inch, y * per_inch) if per_inch and x and y else None


def _from_exif(exif: bytes, xmp: bytes = b"") -> tuple[int, tuple[float, float] | None]:
    """Return orientation and resolution; the orientation also from XMP, as the reader does."""
    page: Directory | None = read_exif(exif)
    orientation = page.number(ORIENTATION, 0) if page else 0
    if not orientation and (found := _XMP_ORIENTATION.search(xmp)):
        orientation = int(found[1])
    return (orientation if 1 <= orientation <= 8 else 1), (dpi_of(page) if page else None)


def png_facts(window: Window) -> HeaderFacts:
    """Return a PNG's facts: its header, and the chunks before the pixels.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    head = window.exactly(8, 25)
    length, name, width, height, depth, colour = struct.unpack_from(">I4sIIBB", head)
    known = _PNG_MODES.get((depth, colour))
    if length != 13 or name != b"IHDR" or known is None:
        raise refuse("damaged_header", format="PNG")
    check_size(width, height, "PNG")
    dpi, orientation = None, 1
    at = 33
    for _ in range(MAX_CHUNKS):
        begin = window.some(at, 8)
        if len(begin) < 8:
            raise refuse("truncated")
        length, name = struct.unpack(">I4s", begin)
        if name in {b"IDAT", b"IEND"}:
            break
        if name == b"pHYs" and length == 9:
            x, y, unit = struct.unpack(">IIB", window.exactly(at + 8, 9))
            dpi = (x * _INCHES_PER_METRE, y * _INCHES_PER_METRE) if unit == 1 and x and y else None
        elif name == b"eXIf":
            orientation = _from_exif(window.some(at + 8, min(length, MAX_JUNK_BYTES)))[0]
        at += 12 + length
    else:
        raise refuse("damaged_header", format="PNG")
    mode, bits, channels = known
    return HeaderFacts(
        "PNG", width, height, mode, bits, channels, window.n_bytes, orientation, dpi=dpi
    )


def gif_facts(window: Window) -> HeaderFacts:
    """Return a GIF's facts; its first frame may be larger than the screen it announces.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    width, height, flags = struct.unpack_from("<HHB", window.exactly(6, 7))
    at = 13
    has_colours, at = _gif_palette(window, flags, at)
    at = _gif_first_frame(window, at)
    left, top, across, down, flags = struct.unpack("<HHHHB", window.exactly(at + 1, 9))
    width, height = max(width, left + across), max(height, top + down)
    check_size(width, height, "GIF")
    if flags & 128:
        has_colours, at = _gif_palette(window, flags, at + 10)
    return HeaderFacts("GIF", width, height, "P" if has_colours else "L", 8, 1, window.n_bytes)


def _gif_palette(window: Window, flags: int, at: int) -> tuple[bool, int]:
    """Return whether a palette holds more than the plain greys, and where it ends."""
    if not flags & 128:
        return False, at
    n = 2 << (flags & 7)
    colours = window.exactly(at, 3 * n)
    return colours != bytes(i for i in range(n) for _ in range(3)), at + 3 * n


def _gif_first_frame(window: Window, at: int) -> int:
    """Return where the first frame begins: past comments and other blocks."""
    for _ in range(MAX_CHUNKS):
        begin = window.exactly(at, 2)
        if begin[0] == 0x2C:
            return at
        if begin[0] != 0x21:
            break
        at += 2
        for _ in range(MAX_CHUNKS):
            n = window.exactly(at, 1)[0]
            at += 1 + n
            if n == 0:
                break
    raise refuse("damaged_header", format="GIF")


def bmp_facts(window: Window) -> HeaderFacts:
    """Return a BMP's facts.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    (size,) = struct.unpack("<I", window.exactly(14, 4))
    head = window.exactly(14, size if size in {12, 40, 52, 56, 64, 108, 124} else 2**62)
    n_colours, compression, dpi = 0, 0, None
    if size == 12:
        width, height, _, depth = struct.unpack_from("<HHHH", head, 4)
    else:
        width, height, _, depth, compression = struct.unpack_from("<iiHHI", head, 4)
        x, y, n_colours = struct.unpack_from("<iiI", head, 24)
        height = abs(height)  # negative: rows run downwards
        dpi = (x * _INCHES_PER_METRE, y * _INCHES_PER_METRE) if x > 0 and y > 0 else None
    check_size(width, height, "BMP")
    if depth not in {1, 4, 8, 16, 24, 32}:
        raise refuse("damaged_header", format="BMP")
    mode = "RGB"
    if depth <= 8:
        mode = _bmp_palette_mode(window, 14 + size, n_colours or 1 << depth, 3 if size == 12 else 4)
    elif depth == 32 and compression == 3 and size >= 56 and head[52:56] != bytes(4):
        mode = "RGBA"
    elif depth == 32 and compression == 3 and size >= 56 and head[40:52] == bytes(12):
        mode = "RGBA"  # masks that say nothing: Pillow's reading
    bits = 1 if mode == "1" else 8
    channels = {"RGB": 3, "RGBA": 4}.get(mode, 1)
    return HeaderFacts("BMP", width, height, mode, bits, channels, window.n_bytes, dpi=dpi)


def _bmp_palette_mode(window: Window, at: int, n_colours: int, width: int) -> str:
    """Return '1' or 'L' where the palette holds the plain greys in order, else 'P'."""
    if not 0 < n_colours <= 256:
        raise refuse("damaged_header", format="BMP")
    colours = window.exactly(at, n_colours * width)
    greys = (0, 255) if n_colours == 2 else range(n_colours)
    is_grey = all(
        colours[i * width : i * width + 3] == bytes((grey,)) * 3 for i, grey in enumerate(greys)
    )
    return ("1" if n_colours <= 2 else "L") if is_grey else "P"


def webp_facts(window: Window) -> HeaderFacts:
    """Return a WebP's facts, from whichever of its three headers it has.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    name, content = window.exactly(12, 4), window.exactly(20, 10)
    has_alpha, orientation = False, 1
    if name == b"VP8X":
        has_alpha = bool(content[0] & 0x10)
        width = 1 + int.from_bytes(content[4:7], "little")
        height = 1 + int.from_bytes(content[7:10], "little")
        if content[0] & 0x08:
            orientation = _webp_orientation(window)
    elif name == b"VP8L" and content[0] == 0x2F:
        packed = int.from_bytes(content[1:5], "little")
        width, height = 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
        has_alpha = bool(packed >> 28 & 1)
    elif name == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[6:10]))
    else:
        raise refuse("damaged_header", format="WEBP")
    check_size(width, height, "WEBP")
    mode = "RGBA" if has_alpha else "RGB"
    return HeaderFacts("WEBP", width, height, mode, 8, len(mode), window.n_bytes, orientation)


def _webp_orientation(window: Window) -> int:
    """Return what the EXIF chunk says; it usually lies behind the pixels."""
    at = 12
    for _ in range(MAX_CHUNKS):
        begin = window.some(at, 8)
        if len(begin) < 8:
            break
        name, length = struct.unpack("<4sI", begin)
        if name == b"EXIF":
            content = window.some(at + 8, min(length, MAX_JUNK_BYTES))
            return _from_exif(content.removeprefix(EXIF_HEAD))[0]
        at += 8 + length + (length & 1)
    return 1


READERS: Final = {
    "JPEG": jpeg_facts,
    "PNG": png_facts,
    "GIF": gif_facts,
    "BMP": bmp_facts,
    "WEBP": webp_facts,
}
FAULTS: Final = (Refusal, OSError, struct.error, IndexError, ValueError, OverflowError)
