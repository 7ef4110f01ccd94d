"""TIFF and BigTIFF headers: the first directory, and EXIF, which is one."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tamiz.formats.header_facts import HeaderFacts, TiffLayout, Window, check_size
from tamiz.formats.refusal import refuse

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, DESCRIPTION = 256, 257, 258, 259, 262, 270
ORIENTATION, SAMPLES, X_RESOLUTION, Y_RESOLUTION = 274, 277, 282, 283
RESOLUTION_UNIT, TILE_WIDTH, EXTRA_SAMPLES, SAMPLE_FORMAT = 296, 322, 338, 339
MAX_ENTRIES: Final = 4096  # a directory of a real file has some 20
MAX_PAGES: Final = 1000
MAX_VALUES: Final = 64
MAX_TEXT_BYTES: Final = 65536  # OME descriptions are long; the size stands at their beginning
MAX_SAMPLES: Final = 4096
FINEST_PRINT_UM: Final = 10.0

_WANTED: Final = frozenset(
    {
        WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, DESCRIPTION, ORIENTATION, SAMPLES,
        X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, TILE_WIDTH, EXTRA_SAMPLES, SAMPLE_FORMAT,
    }
)  # fmt: skip
# Type number -> (letter of `struct`, bytes each), TIFF 6.0 page 15 and BigTIFF's additions.
_TYPES: Final = {
    1: ("B", 1), 3: ("H", 2), 4: ("I", 4), 5: ("II", 8), 6: ("b", 1), 8: ("h", 2), 9: ("i", 4),
    10: ("ii", 8), 13: ("I", 4), 16: ("Q", 8), 17: ("q", 8), 18: ("Q", 8),
}  # fmt: skip
_WHOLE_BITS: Final = {1: 8, 3: 16, 4: 32}
_MASKS: Final = {kind: 2**bits - 1 for kind, bits in _WHOLE_BITS.items()}
# What Pillow can open; others go to tifffile, which words the mode in its own way.
_PILLOW_COMPRESSIONS: Final = frozenset(
    {1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32809, 32946, 34676, 34677, 34925, 50000, 50001}
)
_KINDS: Final = {1: "uint", 2: "int", 3: "float", 4: "uint", 5: "complex", 6: "complex"}
# (photometric, samples, bits) -> Pillow's mode.
_PLAIN_MODES: Final = {
    **{(grey, 1, bits): "L" for grey in (0, 1) for bits in (2, 4, 8)},
    **{(grey, 1, 1): "1" for grey in (0, 1)},
    **{(grey, 1, 16): "I;16" for grey in (0, 1)},
    **{(3, 1, bits): "P" for bits in (1, 2, 4, 8)},
    (1, 2, 8): "LA", (3, 2, 8): "PA", (2, 3, 8): "RGB", (5, 4, 8): "CMYK", (6, 3, 8): "YCbCr",
}  # fmt: skip
_CM_PER_INCH: Final = 2.54
_UM_BY_UNIT: Final = {"nm": 1e-3, "\u00b5m": 1.0, "\u03bcm": 1.0, "um": 1.0, "mm": 1e3, "cm": 1e4}
_APERIO_MPP: Final = re.compile(r"\|\s*MPP\s*=\s*([0-9.]+)")
_OME_X: Final = re.compile(r"<Pixels\b[^>]*?\bPhysicalSizeX=\"([0-9.eE+-]+)\"")
_OME_UNIT: Final = re.compile(r"<Pixels\b[^>]*?\bPhysicalSizeXUnit=\"([^\"]+)\"")

Values = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory: numbers by tag, the description, and where the next directory lies."""

    numbers: Mapping[int, Values]
    description: str
    next_offset: int

    def number(self, tag: int, otherwise: int) -> int:
        """Return the first value of `tag` as a whole number, or `otherwise` without one."""
        found = self.numbers.get(tag)
        return int(found[0]) if found else otherwise


def tiff_facts(window: Window) -> HeaderFacts:
    """Return the facts of a TIFF's first page.

    Raises:
        Refusal: it is truncated, or its header makes no sense.
    """
    order, is_big, first = _start(window, 0)
    page = read_directory(window, first, order, is_big=is_big)
    width, height = page.number(WIDTH, 0), page.number(HEIGHT, 0)
    if WIDTH not in page.numbers or HEIGHT not in page.numbers:
        raise refuse("damaged_header", format="TIFF")
    check_size(width, height, "TIFF")
    compression = page.number(COMPRESSION, 1)
    samples = page.number(SAMPLES, 3 if compression == 6 else 1)
    if not 0 < samples <= MAX_SAMPLES:
        raise refuse("damaged_header", format="TIFF")
    mode, bits = _mode(page, samples, compression, ">+" if is_big and order == ">" else order)
    orientation = page.number(ORIENTATION, 1)
    dpi = dpi_of(page)
    n_pages: int | None = 1
    if page.next_offset:
        n_pages = _count_pages(window, first, page.next_offset, order, is_big=is_big)
    layout = TiffLayout(compression, TILE_WIDTH in page.numbers, n_pages)
    return HeaderFacts(
        "TIFF", width, height, mode, bits, samples, window.n_bytes,
        orientation if 1 <= orientation <= 8 else 1,
        None, dpi, _um_per_px(page.description, dpi), layout,
    )  # fmt: skip


def read_exif(content: bytes) -> Directory | None:
    """Return EXIF's first directory from the bytes after its mark; None when it is damaged.

    Damaged metadata say nothing about the picture: they are no reason to refuse it.
    """
    window = Window.of_bytes(content)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(content[:4])
    if order is None or len(content) < 14:
        return None
    first = struct.unpack_from(order + "I", content, 4)[0]
    (n,) = struct.unpack(order + "H", window.some(first, 2).ljust(2, b"\0"))
    block = window.some(first + 2, n * 12)
    if n > MAX_ENTRIES or len(block) < n * 12:
        return None
    return Directory(_numbers(window, block, order, is_big=False)[0], "", 0)


def dpi_of(page: Directory) -> tuple[float, float] | None:
    """Return pixels per inch (across, down); None where unit or figures are missing."""
    unit = page.number(RESOLUTION_UNIT, 2)  # TIFF 6.0: inch where it is not said
    x, y = page.numbers.get(X_RESOLUTION), page.numbers.get(Y_RESOLUTION)
    if not x or not y or unit not in {2, 3}:
        return None
    per_inch = 1.0 if unit == 2 else _CM_PER_INCH
    dpi = (x[0] * per_inch, y[0] * per_inch)
    return dpi if min(dpi) > 0 else None


def read_directory(window: Window, offset: int, order: str, *, is_big: bool) -> Directory:
    """Return the directory at `offset`: only the tags wanted here, with bounded values.

    Raises:
        Refusal: it lies outside the file, or is absurdly long.
    """
    width, entry, link = (8, 20, 8) if is_big else (2, 12, 4)
    # 512 bytes hold nearly every directory; one read more where they do not
    block = window.head[offset:] if offset + 512 <= len(window.head) else window.some(offset, 512)
    if len(block) < width:
        raise refuse("truncated")
    (n,) = struct.unpack_from(order + ("Q" if is_big else "H"), block)
    if not 0 < n <= MAX_ENTRIES:
        raise refuse("damaged_header", format="TIFF")
    end = width + n * entry
    if end + link > len(block):
        block = window.some(offset, end + link)
    if len(block) < end:
        raise refuse("truncated")
    following = 0
    if len(block) >= end + link:
        (following,) = struct.unpack_from(order + ("Q" if is_big else "I"), block, end)
    numbers, description = _numbers(window, block[width:end], order, is_big=is_big)
    return Directory(numbers, description, following)


def _start(window: Window, at: int) -> tuple[str, bool, int]:
    """Return the byte order, whether offsets have 8 bytes, and the first directory's place."""
    head = window.exactly(at, 8)
    order = "<" if head.startswith(b"II") else ">"
    (version,) = struct.unpack_from(order + "H", head, 2)
    if version != 43:
        return order, False, struct.unpack_from(order + "I", head, 4)[0]
    size, zero, first = struct.unpack_from(order + "HHQ", window.exactly(at + 4, 12))
    if size != 8 or zero != 0:
        raise refuse("damaged_header", format="TIFF")
    return order, True, first


def _numbers(
    window: Window, block: bytes, order: str, *, is_big: bool
) -> tuple[dict[int, Values], str]:
    """Return the wanted tags' numbers, and the description."""
    numbers: dict[int, Values] = {}
    description = ""
    n_bits = 64 if is_big else 32
    for tag, kind, count, inline in struct.iter_unpack(
        order + ("HHQQ" if is_big else "HHII"), block
    ):
        if tag not in _WANTED or tag in numbers:
            continue
        if count == 1 and kind in _WHOLE_BITS:  # nearly all: worth a short way
            unused = n_bits - _WHOLE_BITS[kind]
            numbers[tag] = (inline >> unused if order == ">" else inline & _MASKS[kind],)
        elif tag != DESCRIPTION:
            if values := _values(window, kind, count, (inline, n_bits // 8), order):
                numbers[tag] = values
        elif kind == 2 and not description:
            description = _text(window, count, (inline, n_bits // 8), order)
    return numbers, description


def _values(window: Window, kind: int, count: int, inline: tuple[int, int], order: str) -> Values:
    """Return up to `MAX_VALUES` values of an entry; none where they lie outside the file."""
    letter, size = _TYPES.get(kind, ("", 0))
    count = min(count, MAX_VALUES)
    content = _entry_bytes(window, inline, size * count, order)
    if not size or len(content) < size * count:
        return ()
    found = struct.unpack_from(f"{order}{count * len(letter)}{letter[0]}", content)
    if len(letter) == 1:
        return found
    pairs = zip(found[::2], found[1::2], strict=True)
    return tuple(above / below if below else 0.0 for above, below in pairs)


def _text(window: Window, count: int, inline: tuple[int, int], order: str) -> str:
    content = _entry_bytes(window, inline, min(count, MAX_TEXT_BYTES), order)
    return content.partition(b"\0")[0].decode("utf-8", "replace")


def _entry_bytes(window: Window, inline: tuple[int, int], n: int, order: str) -> bytes:
    """Return an entry's `n` bytes: from the entry itself, or from where it points to."""
    number, room = inline
    if n <= room:
        return number.to_bytes(room, "big" if order == ">" else "little")[:n]
    return window.some(number, n)


def _mode(page: Directory, samples: int, compression: int, kind: str) -> tuple[str, int]:
    """Return the reader's words for how colours are stored, and the bits per channel.

    `kind` is '<', '>' or, for a BigTIFF of that order, which Pillow cannot open, '>+'.
    """
    bits = page.numbers.get(BITS, (1,))
    depth = int(max(bits))
    if not 0 < min(bits) <= depth <= 128:
        raise refuse("damaged_header", format="TIFF")
    sign = page.number(SAMPLE_FORMAT, 1)
    is_plain = sign == 1 and min(bits) == depth
    if is_plain and compression in _PILLOW_COMPRESSIONS and kind != ">+":
        photometric = 6 if compression == 6 else page.number(PHOTOMETRIC, 0)
        mode = _plain_mode(photometric, depth, samples, page.numbers.get(EXTRA_SAMPLES, ()))
        if mode == "YCbCr" and compression != 1:
            mode = "RGB"  # libtiff turns it
        if mode and (mode != "I;16" or kind == "<"):
            return mode, 1 if mode == "1" else max(depth, 8)
    stored = next((size for size in (8, 16, 32, 64) if depth <= size), depth)
    name = _KINDS.get(sign, "uint")
    is_bool = name == "uint" and depth == 1
    return f"{'bool' if is_bool else f'{name}{stored}'} x {samples}", depth


def _plain_mode(photometric: int, depth: int, samples: int, extra: Values) -> str:
    """Return Pillow's mode for whole numbers of up to 8 bits (or grey of 16), '' for others."""
    if photometric == 2 and samples == 4 and depth == 8:
        return "RGB" if extra == (0,) else "RGBA"
    return _PLAIN_MODES.get((photometric, samples, depth), "")


def _um_per_px(description: str, dpi: tuple[float, float] | None) -> float | None:
    """Return the object's size per pixel where the file says it, else None."""
    if description.startswith("Aperio") and (found := _APERIO_MPP.search(description)):
        return _positive(found[1])
    if "<OME" in description and (found := _OME_X.search(description)):
        unit = _OME_UNIT.search(description)
        factor = _UM_BY_UNIT.get(unit[1]) if unit else 1.0  # OME's schema: micrometres by default
        size = _positive(found[1])
        return size * factor if size and factor else None
    if dpi is None or max(dpi) > 1.01 * min(dpi):
        return None
    from_resolution = _CM_PER_INCH * 1e4 / dpi[0]
    return from_resolution if 0 < from_resolution < FINEST_PRINT_UM else None


def _positive(words: str) -> float | None:
    try:
        size = float(words)
    except ValueError:
        return None
    return size if 0 < size < 1e6 else None


def _count_pages(
    window: Window, first: int, following: int, order: str, *, is_big: bool
) -> int | None:
    """Return how many directories follow each other; a loop ends the count."""
    width, entry, link = (8, 20, 8) if is_big else (2, 12, 4)
    letters = order + ("Q" if is_big else "H"), order + ("Q" if is_big else "I")
    seen = {first}
    while following and following not in seen and len(seen) < MAX_PAGES:
        block = window.some(following, width)
        if len(block) < width:
            break
        seen.add(following)
        (n,) = struct.unpack(letters[0], block)
        place = window.some(following + width + n * entry, link) if n <= MAX_ENTRIES else b""
        following = struct.unpack(letters[1], place)[0] if len(place) == link else 0
    return len(seen) if len(seen) < MAX_PAGES else None
