"""The usual DICOM file walked through quickly: flat little-endian elements up to the pixels.

pydicom makes an object of each of a few hundred elements, of which some thirty are wanted. Here
they are passed over by their lengths. Whatever is not plain (a sequence that is wanted or has no
length, another byte order, no preamble) is left to pydicom: `walk` then returns None. The result
holds pydicom's own raw elements and behaves as if pydicom had read them.
"""

from __future__ import annotations

from collections.abc import Set
from struct import Struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydicom import Dataset

_IMPLICIT: Final = "1.2.840.10008.1.2"
_NATIVE: Final = frozenset({_IMPLICIT, "1.2.840.10008.1.2.1"})
_NOT_LITTLE: Final = frozenset({"1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"})
PIXEL_DATA: Final = 0x7FE00010
_CHARACTER_SET: Final = 0x00080005
_UNDEFINED: Final = 0xFFFFFFFF
_LONG: Final = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"}
)
_ITEM, _END = 0xE000, 0xE0DD
_Elements = dict[int, tuple[str | None, int, int]]  # tag -> VR, where the value begins, length
_explicit = Struct("<HH2sH").unpack_from
_implicit = Struct("<HHL").unpack_from
_length = Struct("<L").unpack_from


def walk(content: bytes, wanted: Set[int]) -> Dataset | None:
    """Return a data set of the wanted tags (as numbers), or None for what is not plain."""
    if content[128:132] != b"DICM":
        return None
    found = _meta(content)
    if found is None:
        return None
    syntax, at = found
    if syntax in _NOT_LITTLE or not syntax:
        return None
    is_implicit = syntax == _IMPLICIT
    elements = _elements(content, at, wanted, is_implicit=is_implicit)
    if elements is None:
        return None
    return _dataset(content, elements, syntax, is_implicit=is_implicit)


def _meta(content: bytes) -> tuple[str, int] | None:
    """Return the transfer syntax and where the data set begins; None where it is not plain."""
    at, syntax, n = 132, "", len(content)
    while at + 12 <= n:
        group, element, vr, length = _explicit(content, at)
        if group != 0x0002:
            return syntax, at
        begin = at + 8
        if vr in _LONG:
            (length,) = _length(content, at + 8)
            begin = at + 12
        if length == _UNDEFINED or begin + length > n:
            return None
        if element == 0x0010:
            syntax = content[begin : begin + length].decode("ascii", "replace").rstrip("\0 ")
        at = begin + length
    return None


def _elements(content: bytes, at: int, wanted: Set[int], *, is_implicit: bool) -> _Elements | None:
    """Return tag -> (VR, where the value begins, its length); None for what is not plain."""
    made: _Elements = {}
    n = len(content)
    before = 0
    while at + 8 <= n:
        if is_implicit:
            group, element, length = _implicit(content, at)
            vr, begin = b"", at + 8
        else:
            group, element, vr, length = _explicit(content, at)
            begin = at + 8
            if vr in _LONG:
                if at + 12 > n:
                    return None
                (length,) = _length(content, at + 8)
                begin = at + 12
        tag = group << 16 | element
        if tag <= before or (not is_implicit and not vr.isalpha()):
            return None
        before = tag
        if tag == PIXEL_DATA:
            return _with_pixels(content, made, (vr, begin, length), wanted)
        if length == _UNDEFINED or begin + length > n or (tag in wanted and vr == b"SQ"):
            return None
        if tag in wanted:
            if is_implicit and _may_be_sequence(content, begin, length):
                return None
            made[tag] = (vr.decode("ascii") or None, begin, length)
        at = begin + length
    return None


def _may_be_sequence(content: bytes, begin: int, length: int) -> bool:
    """Return whether an implicit element begins with an item, as sequences do."""
    return length >= 8 and content[begin : begin + 4] == b"\xfe\xff\x00\xe0"


def _with_pixels(
    content: bytes,
    made: _Elements,
    pixels: tuple[bytes, int, int],
    wanted: Set[int],
) -> _Elements | None:
    """Return the elements with the pixel data, which are the last of a plain file."""
    vr, begin, length = pixels
    if length == _UNDEFINED:
        end = _end_of_fragments(content, begin)
        if end is None:
            return None
        length = end - begin
    elif begin + length > len(content):
        return None
    if PIXEL_DATA in wanted:
        made[PIXEL_DATA] = (vr.decode("ascii") or None, begin, length)
    return made


def _end_of_fragments(content: bytes, at: int) -> int | None:
    """Return where the fragments of compressed pixels end; None where they do not as they ought."""
    n = len(content)
    while at + 8 <= n:
        group, element, length = _implicit(content, at)
        if group != 0xFFFE:
            return None
        if element == _END:
            return at
        if element != _ITEM or length == _UNDEFINED:
            return None
        at += 8 + length
    return None


def _dataset(content: bytes, elements: _Elements, syntax: str, *, is_implicit: bool) -> Dataset:
    """Return the elements as pydicom's own, raw until they are asked for."""
    from pydicom.charset import convert_encodings, default_encoding
    from pydicom.dataelem import DataElement, RawDataElement
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.tag import BaseTag
    from pydicom.uid import UID

    raw: dict[BaseTag, DataElement | RawDataElement] = {}
    for number, (vr, begin, length) in elements.items():
        tag = BaseTag(number)
        value = content[begin : begin + length]
        told = _UNDEFINED if number == PIXEL_DATA and syntax not in _NATIVE else length
        raw[tag] = RawDataElement(tag, vr, told, value, 0, is_implicit, is_little_endian=True)
    made = Dataset(raw)
    encodings: str | list[str] = default_encoding
    if _CHARACTER_SET in elements:
        _, begin, length = elements[_CHARACTER_SET]
        words = content[begin : begin + length].decode("ascii", "replace").strip("\0 ")
        encodings = convert_encodings(words.split("\\"))
    made.set_original_encoding(is_implicit, is_little_endian=True, character_encoding=encodings)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    made.file_meta = meta
    return made
