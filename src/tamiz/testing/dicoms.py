"""DICOM files with a known truth, made in memory."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

CT: Final = "1.2.840.10008.5.1.4.1.1.2"
ROOT: Final = "1.2.826.0.1.3680043.8.498."  # pydicom's own, for examples


def dicom(
    pixels: NDArray[Any] | None,
    tags: Mapping[str, Any] | None = None,
    *,
    number: int = 1,
    syntax: str = "1.2.840.10008.1.2.1",
) -> bytes:
    """Return the file of an image in uncompressed DICOM.

    Args:
        pixels: (height, width) grey, (height, width, 3) RGB, (frames, height, width[, 3]) where
            `tags` say NumberOfFrames; int8 to uint32; None: an object without pixels.
        tags: keyword -> value, on top of a CT image of a patient 'P1'; None takes one away.
        number: of the instance; makes its UID.
        syntax: UID of an uncompressed transfer syntax; the deflated one too.

    Raises:
        MissingDependency: pydicom is not installed.
    """
    from tamiz.formats.dicom_library import library

    pydicom = library()
    made = pydicom.Dataset()
    made.SOPClassUID = CT
    made.SOPInstanceUID = f"{ROOT}1.{number}"
    made.StudyInstanceUID, made.SeriesInstanceUID = f"{ROOT}2.1", f"{ROOT}3.1"
    made.PatientID, made.PatientName, made.Modality = "P1", "Nobody", "CT"
    made.SeriesNumber, made.InstanceNumber = 1, number
    if pixels is not None:
        _describe(made, pixels, has_frames="NumberOfFrames" in (tags or {}))
    for word, value in (tags or {}).items():
        if value is None:
            if word in made:
                delattr(made, word)
        else:
            setattr(made, word, value)
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = pydicom.uid.UID(syntax)
    if "PixelData" in made:
        is_big = syntax == "1.2.840.10008.1.2.2"
        if is_big and pixels is not None:
            made.PixelData = _even(pixels.astype(pixels.dtype.newbyteorder(">")).tobytes())
        made["PixelData"].VR = "OW" if made.get("BitsAllocated", 16) > 8 else "OB"
    opened = io.BytesIO()
    pydicom.dcmwrite(opened, made, enforce_file_format=True)
    return opened.getvalue()


def _describe(made: Any, pixels: NDArray[Any], *, has_frames: bool) -> None:
    shape = pixels.shape[1:] if has_frames else pixels.shape
    is_colour = len(shape) == 3
    bits = 8 * pixels.dtype.itemsize
    made.Rows, made.Columns = shape[:2]
    made.SamplesPerPixel = 3 if is_colour else 1
    made.PhotometricInterpretation = "RGB" if is_colour else "MONOCHROME2"
    if is_colour:
        made.PlanarConfiguration = 0
    made.BitsAllocated = made.BitsStored = bits
    made.HighBit = bits - 1
    made.PixelRepresentation = int(pixels.dtype.kind == "i")
    made.PixelData = _even(np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("<")).tobytes())
    if not is_colour:
        made.RescaleSlope, made.RescaleIntercept = 1, 0


def _even(content: bytes) -> bytes:
    return content + b"\0" * (len(content) % 2)
