"""What a DICOM header says of its picture, for exploring."""

from __future__ import annotations

from tamiz.formats.dicom_dataset import FOR_PIXELS, describe_pixels, parse
from tamiz.formats.dicom_grey import spacing_mm
from tamiz.formats.header_facts import HeaderFacts, Window, check_size


def dicom_facts(window: Window) -> HeaderFacts:
    """Return the facts of a DICOM image; no pixel is decoded.

    Raises:
        Refusal: it has no pixels, or its header is damaged.
        MissingDependency: pydicom is not installed.
    """
    dataset = parse(window.exactly(0, window.n_bytes), FOR_PIXELS)
    described = describe_pixels(dataset)
    check_size(described.width_px, described.height_px, "DICOM")
    mm = spacing_mm(dataset)
    return HeaderFacts(
        format="DICOM",
        width_px=described.width_px,
        height_px=described.height_px,
        mode=described.photometric,
        bits=described.bits,
        channels=described.samples,
        n_bytes=window.n_bytes,
        um_per_px=mm[0] * 1000 if mm else None,
    )
