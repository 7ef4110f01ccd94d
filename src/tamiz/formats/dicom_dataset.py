"""DICOM data sets read with care: only needed tags, bounded, and no value in any error."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from tamiz.core.language import say
from tamiz.formats.dicom_library import FAULTS, library
from tamiz.formats.dicom_walk import walk
from tamiz.formats.files import MAX_FILE_BYTES
from tamiz.formats.refusal import Refusal

if TYPE_CHECKING:
    from pydicom import Dataset
    from pydicom.tag import BaseTag

PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
# What becomes pixels.
FOR_PIXELS: Final = (
    "SpecificCharacterSet", "SOPClassUID", "Modality", "PixelSpacing",
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleIntercept", "RescaleSlope",
    "RescaleType", "ModalityLUTSequence", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "VOILUTFunction", "VOILUTSequence",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData", "PaletteColorLookupTableUID",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths", *PIXELS,
)  # fmt: skip
# And what is told of a file; everything else is not even read.
NEEDED: Final = (
    "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "ImageType", "ConversionType",
    "PatientID", "PatientName", "PatientBirthDate", "OtherPatientIDs", "AccessionNumber",
    "PatientIdentityRemoved", "PatientSex", "PatientAge", "StudyDate", "SeriesNumber",
    "InstanceNumber", "BodyPartExamined", "ViewPosition", "Laterality", "ImageLaterality",
    "PatientPosition", "Manufacturer", "ManufacturerModelName", "ConvolutionKernel", "KVP",
    "SliceThickness", "MagneticFieldStrength", "BurnedInAnnotation", "RecognizableVisualFeatures",
    "LossyImageCompression", *FOR_PIXELS,
)  # fmt: skip
_DEFLATED: Final = "1.2.840.10008.1.2.1.99"
_META: Final = b"\x02\x00"
_VRS: Final = frozenset(
    re.findall("..", "AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV")
)
_LONG_VRS: Final = frozenset({b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF", b"OD", b"OL", b"UC", b"UR"})
_UID: Final = re.compile(r"[0-9.]{1,64}")


def refuse_dicom(key: str, **values: object) -> Refusal:
    """Return the refusal whose words stand in the catalogue under `dicom.<key>`."""
    return Refusal(say(f"dicom.{key}", **values))


@contextmanager
def without_values() -> Iterator[None]:
    """Refuse what pydicom and decoders stumble over, without their words: they may hold values.

    Raises:
        Refusal: in place of every other error.
    """
    try:
        yield
    except Refusal:
        raise
    except EOFError as error:
        raise Refusal(say("formats.truncated")) from error
    except FAULTS as error:
        raise refuse_dicom("damaged", kind=type(error).__name__) from error


def is_dicom(head: bytes) -> bool:
    """Return whether a file that starts so is DICOM, with its preamble or (old files) without.

    Without one, the first element must be a well-formed one of group 0002 or 0008.
    """
    if head[128:132] == b"DICM":
        return True
    if len(head) < 16:
        return False
    orders: tuple[Literal["little", "big"], ...] = ("little", "big")
    for order in orders:
        group = int.from_bytes(head[0:2], order)
        element = int.from_bytes(head[2:4], order)
        if group not in {0x0002, 0x0008} or element > 0x0100:
            continue
        if head[4:6].decode("latin-1") in _VRS:
            return True
        length = int.from_bytes(head[4:8], order)
        if length <= 256 and group == 0x0008:
            return _follows(head, 8 + length, order)
    return False


def _follows(head: bytes, at: int, order: Literal["little", "big"]) -> bool:
    """Return whether an element of group 0008 follows: chance gives that hardly ever."""
    return int.from_bytes(head[at : at + 2], order) == 0x0008


def parse(content: bytes, tags: Sequence[str] | None = FOR_PIXELS) -> Dataset:
    """Return the data set of a file's bytes.

    Args:
        content: the file.
        tags: keywords to read; None reads all.

    Raises:
        Refusal: it is no DICOM, damaged, or unpacks to more than a file may hold.
        MissingDependency: pydicom is not installed.
    """
    pydicom = library()
    wanted = _as_tags(tuple(tags)) if tags is not None else None
    with without_values():
        if not is_dicom(content[:4096]):
            raise refuse_dicom("no_dicom")
        if _transfer_syntax_of(content) == _DEFLATED:
            return _deflated(content, wanted)
        plain = walk(content, frozenset(wanted)) if wanted is not None else None
        if plain is not None:
            return plain
        has_preamble = content[128:132] == b"DICM"
        made: Dataset = pydicom.dcmread(
            io.BytesIO(content), specific_tags=wanted, force=not has_preamble
        )
        _complete_meta(made)
        return made


def _complete_meta(dataset: Dataset) -> None:
    """Name the transfer syntax of an old file that names none, as it was found to be encoded."""
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    meta = getattr(dataset, "file_meta", None)
    if meta is None:
        meta = dataset.file_meta = FileMetaDataset()
    if "TransferSyntaxUID" in meta:
        return
    is_implicit, is_little = dataset.original_encoding
    if is_implicit:
        meta.TransferSyntaxUID = ImplicitVRLittleEndian
    else:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian if is_little else ExplicitVRBigEndian


def _transfer_syntax_of(content: bytes) -> str:
    """Return the transfer syntax that the file's group 0002 names; '' without one."""
    at = 132 if content[128:132] == b"DICM" else 0
    while content[at : at + 2] == _META:
        element = int.from_bytes(content[at + 2 : at + 4], "little")
        begin, length = _explicit(content, at)
        if element == 0x0010:
            return content[begin : begin + length].decode("ascii", "replace").rstrip("\0 ")
        at = begin + length
    return ""


def _explicit(content: bytes, at: int) -> tuple[int, int]:
    """Return where the value of an explicit little-endian element begins, and its length."""
    if content[at + 4 : at + 6] in _LONG_VRS:
        return at + 12, int.from_bytes(content[at + 8 : at + 12], "little")
    return at + 8, int.from_bytes(content[at + 6 : at + 8], "little")


@lru_cache(maxsize=8)
def _as_tags(keywords: tuple[str, ...]) -> list[BaseTag | int]:
    from pydicom.tag import Tag

    return [Tag(one) for one in keywords]


def _deflated(content: bytes, wanted: list[BaseTag | int] | None) -> Dataset:
    """Return a deflated data set, unpacked up to what a file may hold."""
    from pydicom.filereader import read_dataset

    meta_end = 132 if content[128:132] == b"DICM" else 0
    while content[meta_end : meta_end + 2] == _META:
        begin, length = _explicit(content, meta_end)
        meta_end = begin + length
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = unpacker.decompress(content[meta_end:], MAX_FILE_BYTES)
    if unpacker.unconsumed_tail:
        raise refuse_dicom("deflate_bomb", limit_mib=MAX_FILE_BYTES >> 20)
    made: Dataset = read_dataset(
        io.BytesIO(plain), is_implicit_VR=False, is_little_endian=True, specific_tags=wanted
    )
    made.file_meta = library().filereader._read_file_meta_info(  # noqa: SLF001 - the public one wants a file's name
        io.BytesIO(content[132 if content[128:132] == b"DICM" else 0 :])
    )
    return made


def value_of(dataset: Dataset, keyword: str) -> Any:
    """Return an element's value as pydicom converts it, None where it is missing or empty.

    Raises:
        Refusal: it cannot be converted; the tag is named, never the value.
    """
    try:
        found = dataset.get(keyword)
    except FAULTS as error:
        raise refuse_dicom("bad_tag", tag=keyword, kind=type(error).__name__) from error
    if found is None or (hasattr(found, "__len__") and len(found) == 0):
        return None
    return found


def numbers_of(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """Return an element's numbers, none where it is missing or empty.

    Raises:
        Refusal: it holds anything but numbers.
    """
    found = value_of(dataset, keyword)
    if found is None:
        return ()
    many = [found] if isinstance(found, (int, float, str)) else list(found)
    if any(isinstance(one, str) and not _is_number(one) for one in many):
        raise refuse_dicom("bad_tag", tag=keyword, kind="text")
    try:
        return tuple(float(one) for one in many)
    except FAULTS as error:
        raise refuse_dicom("bad_tag", tag=keyword, kind=type(error).__name__) from error


def _is_number(words: str) -> bool:
    try:
        float(words)
    except ValueError:
        return False
    return True


def whole(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    """Return a whole number.

    Raises:
        Refusal: it is missing and has no default, or is no whole number.
    """
    found = value_of(dataset, keyword)
    if found is None:
        if default is None:
            raise refuse_dicom("no_tag", tag=keyword)
        return default
    if not isinstance(found, (int, float)) or isinstance(found, bool) or found != int(found):
        raise refuse_dicom("bad_tag", tag=keyword, kind=_kind(found))
    return int(found)


def words_of(dataset: Dataset, keyword: str) -> str:
    """Return an element as text, several values joined by a backslash; '' without any."""
    try:
        found = dataset.get(keyword)
        if found is None:
            return ""
        many = found if isinstance(found, MutableSequence) else [found]  # a name is iterable too
        return "\\".join(str(one).strip() for one in many)
    except FAULTS:
        return ""


def uid_of(dataset: Dataset, keyword: str) -> str:
    """Return a UID that is one; '' where it is missing or anything else."""
    found = words_of(dataset, keyword)
    return found if _UID.fullmatch(found) else ""


def items_of(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Return the items of a sequence; none where it is missing.

    Raises:
        Refusal: the element is no sequence.
    """
    found = value_of(dataset, keyword)
    if found is None:
        return []
    if isinstance(found, (str, bytes, int, float)):
        raise refuse_dicom("bad_tag", tag=keyword, kind=_kind(found))
    return list(found)


def _kind(found: object) -> str:
    if isinstance(found, str):
        return "text"
    return "list" if hasattr(found, "__len__") else type(found).__name__


@dataclass(frozen=True, slots=True)
class Description:
    """What the data set says of its pixels, checked.

    Attributes:
        width_px: columns.
        height_px: rows.
        n_frames: at least 1.
        samples: per pixel, 1, 3 or 4.
        photometric: 'MONOCHROME2', 'RGB', ...
        bits_stored: that carry the value.
        bits_allocated: that it takes.
        is_signed: stored values may be negative.
        is_float: stored values are real numbers.
        transfer_syntax: its UID.
    """

    width_px: int
    height_px: int
    n_frames: int
    samples: int
    photometric: str
    bits_stored: int
    bits_allocated: int
    is_signed: bool
    is_float: bool
    transfer_syntax: str

    @property
    def is_grey(self) -> bool:
        """Return whether values have to become grey, and are no colours."""
        return self.photometric in {"MONOCHROME1", "MONOCHROME2"}

    @property
    def bits(self) -> int:
        """Return how many bits of each value count."""
        return self.bits_allocated if self.is_float else self.bits_stored


def describe_pixels(dataset: Dataset) -> Description:
    """Return what a data set says of its pixels.

    Raises:
        Refusal: it has no pixels, or a tag is missing or makes no sense; the tag is named.
    """
    keyword = next((one for one in PIXELS if one in dataset), None)
    if keyword is None:
        raise refuse_dicom("no_pixels", what=class_name(dataset))
    allocated = whole(dataset, "BitsAllocated")
    stored = whole(dataset, "BitsStored", allocated)
    made = Description(
        width_px=whole(dataset, "Columns"),
        height_px=whole(dataset, "Rows"),
        n_frames=max(1, whole(dataset, "NumberOfFrames", 1)),
        samples=whole(dataset, "SamplesPerPixel", 1),
        photometric=words_of(dataset, "PhotometricInterpretation").upper(),
        bits_stored=stored,
        bits_allocated=allocated,
        is_signed=whole(dataset, "PixelRepresentation", 0) == 1,
        is_float=keyword != "PixelData",
        transfer_syntax=str(dataset.file_meta.TransferSyntaxUID),
    )
    if not made.photometric:
        raise refuse_dicom("no_tag", tag="PhotometricInterpretation")
    if not 1 <= stored <= allocated <= 64:
        raise refuse_dicom("bad_tag", tag="BitsStored", kind=f"{stored} / {allocated}")
    return made


def class_name(dataset: Dataset) -> str:
    """Return what kind of object this is, in the standard's words: its SOP class or modality."""
    library()
    from pydicom.uid import UID

    uid = uid_of(dataset, "SOPClassUID")
    name = UID(uid).name if uid else ""
    if name and name != uid:
        return str(name)
    modality = words_of(dataset, "Modality")
    return modality if re.fullmatch(r"[A-Z0-9]{1,16}", modality) else "DICOM"
