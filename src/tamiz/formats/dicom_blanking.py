"""DICOM files written anew: regions made black, bytes the same each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tamiz.formats.dicom_dataset import describe_pixels, refuse_dicom, uid_of
from tamiz.formats.dicom_decoding import as_stored
from tamiz.formats.dicom_library import library

if TYPE_CHECKING:
    from pydicom import Dataset


def blank_dataset(dataset: Dataset, boxes: Sequence[tuple[int, int, int, int]]) -> None:
    """Make regions (x, y, width, height) of every frame black and store all uncompressed.

    Black is the lowest stored value, of MONOCHROME1 the highest. Colours keep their space.

    Raises:
        Refusal: the pixels cannot be decoded.
    """
    described = describe_pixels(dataset)
    if described.is_float:
        raise refuse_dicom("no_blanking")
    frames = [as_stored(dataset, described, frame) for frame in range(described.n_frames)]
    top = (1 << described.bits_stored) - 1
    low = -(1 << (described.bits_stored - 1)) if described.is_signed else 0
    black = low + top if described.photometric == "MONOCHROME1" else low
    made = []
    for pixels, photometric in frames:
        part: NDArray[Any] = np.array(pixels)
        for x, y, width, height in boxes:
            part[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = (
                (0, 128, 128) if photometric.startswith("YBR") else black
            )
        made.append(part)
    _store(dataset, np.stack(made), frames[0][1])


def _store(dataset: Dataset, pixels: NDArray[Any], photometric: str) -> None:
    from pydicom.uid import ExplicitVRLittleEndian

    content = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<")).tobytes()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    bits = 8 * pixels.dtype.itemsize
    dataset.BitsAllocated = bits
    if dataset.BitsStored > bits:
        dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PhotometricInterpretation = photometric
    if dataset.get("SamplesPerPixel", 1) > 1:
        dataset.PlanarConfiguration = 0
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OB" if bits <= 8 else "OW"
    dataset["PixelData"].is_undefined_length = False


def to_bytes(dataset: Dataset) -> bytes:
    """Return the file of a data set that has its file meta information.

    Raises:
        Refusal: it cannot be written.
    """
    library()
    from pydicom.filewriter import dcmwrite

    from tamiz.formats.dicom_dataset import without_values

    opened = io.BytesIO()
    is_complete = bool(uid_of(dataset, "SOPInstanceUID") and uid_of(dataset, "SOPClassUID"))
    with without_values():
        dcmwrite(opened, dataset, enforce_file_format=is_complete)
    return opened.getvalue()
