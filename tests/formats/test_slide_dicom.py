"""DICOM whole-slide images: levels of a folder, tiles in order or with their places."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.uid import UID
from tests.formats.slide_drawing import drawn, exact, tissue_like

from tamiz.core.errors import UnreadableItem
from tamiz.data.image import Region
from tamiz.formats.slide import Slide

pydicom = pytest.importorskip("pydicom")
imagecodecs = pytest.importorskip("imagecodecs")

SIDE = 64
PLAIN, JPEG, JPEG_2000 = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90"
SLIDE_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6"


def blocks_of(pixels, left_out=()):
    """Return ((row, column), tile) of 64 x 64 pixels, the last filled up with white."""
    height, width = pixels.shape[:2]
    for row in range(-(-height // SIDE)):
        for column in range(-(-width // SIDE)):
            if (row, column) not in left_out:
                tile = np.full((SIDE, SIDE, 3), 255, np.uint8)
                y, x = row * SIDE, column * SIDE
                part = pixels[y : y + SIDE, x : x + SIDE]
                tile[: part.shape[0], : part.shape[1]] = part
                yield (row, column), tile


def positions(cells, shift=0):
    """Return the sequence that says where each frame lies."""
    from pydicom import Dataset, Sequence

    made = []
    for row, column in cells:
        place = Dataset()
        place.ColumnPositionInTotalImagePixelMatrix = column * SIDE + 1 + shift
        place.RowPositionInTotalImagePixelMatrix = row * SIDE + 1
        frame = Dataset()
        frame.PlanePositionSlideSequence = Sequence([place])
        made.append(frame)
    return Sequence(made)


def write_dicom(
    path, pixels, *, syntax=PLAIN, sparse=None, series="1.2.3", um=0.5, shift=0, kind="VOLUME"
):
    """Write a level; `sparse` are the (row, column) left out, None for tiles in order."""
    from pydicom import Dataset, Sequence
    from pydicom.dataset import FileMetaDataset
    from pydicom.encaps import encapsulate

    pairs = list(blocks_of(pixels, sparse or ()))
    if sparse is not None:
        pairs.reverse()  # the order of sparse frames says nothing
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(syntax)
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = UID(SLIDE_CLASS)
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = UID(f"1.2.3.{len(pairs)}")
    made.SeriesInstanceUID, made.ImageType = series, ["ORIGINAL", "PRIMARY", kind, "NONE"]
    made.Modality = "SM"
    made.TotalPixelMatrixColumns, made.TotalPixelMatrixRows = pixels.shape[1], pixels.shape[0]
    made.Rows = made.Columns = SIDE
    made.NumberOfFrames, made.SamplesPerPixel = len(pairs), 3
    made.PhotometricInterpretation = "YBR_FULL_422" if syntax == JPEG else "RGB"
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation, made.PlanarConfiguration = 7, 0, 0
    measures, shared = Dataset(), Dataset()
    measures.PixelSpacing = [um / 1000, um / 1000]
    shared.PixelMeasuresSequence = Sequence([measures])
    made.SharedFunctionalGroupsSequence = Sequence([shared])
    made.DimensionOrganizationType = "TILED_FULL" if sparse is None else "TILED_SPARSE"
    if sparse is not None:
        made.PerFrameFunctionalGroupsSequence = positions([cell for cell, _ in pairs], shift)
    if syntax == PLAIN:
        made.PixelData = b"".join(tile.tobytes() for _, tile in pairs)
    else:
        encode = {
            JPEG: lambda tile: imagecodecs.jpeg8_encode(tile, level=95),
            JPEG_2000: lambda tile: imagecodecs.jpeg2k_encode(tile, codecformat="j2k", level=0),
        }[syntax]
        frames = [encode(tile) for _, tile in pairs]
        made.PixelData = encapsulate([one + b"\0" * (len(one) % 2) for one in frames])
        made["PixelData"].is_undefined_length = True
    made.save_as(path, enforce_file_format=True)
    return path


def reason(path):
    with pytest.raises(UnreadableItem) as error, Slide(path, threads=1) as slide:
        slide.read(size_px=(4, 4))
    return error.value.reason


@pytest.mark.parametrize("syntax", [PLAIN, JPEG, JPEG_2000])
def test_tiles_in_order_are_the_slide(tmp_path, syntax):
    whole = tissue_like(300, 210)
    path = write_dicom(tmp_path / "a.dcm", whole, syntax=syntax)
    with Slide(path, threads=2) as slide:
        assert slide.size_px == (300, 210)
        assert slide.um_per_px == pytest.approx(0.5)
        made = slide.read().pixels
        assert np.abs(made.astype(int) - whole).mean() < (4 if syntax == JPEG else 1e-9)
        small = slide.read(Region(10, 20, 240, 160), size_px=(12, 8)).pixels
        apart = np.abs(small - exact(made, (10, 20, 240, 160), (12, 8)))
        assert apart.mean() < 1
        assert apart.max() < (8 if syntax == JPEG else 0.501)


def test_tiles_with_places_may_come_in_any_order_and_be_left_out(tmp_path):
    whole = drawn(200, 140)
    path = write_dicom(tmp_path / "a.dcm", whole, sparse={(1, 2)})
    with Slide(path) as slide:
        made = slide.read().pixels
        assert slide.facts["missing_blocks"] == "1"
    missing = np.zeros(whole.shape[:2], bool)
    missing[64:128, 128:192] = True
    assert (made[missing] == 255).all()
    assert (made[~missing] == whole[~missing]).all()


def test_a_folder_holds_the_levels_of_a_series(tmp_path):
    whole = drawn(256, 192)
    half = np.rint(exact(whole, (0, 0, 256, 192), (128, 96))).astype(np.uint8)
    write_dicom(tmp_path / "b.dcm", half, um=1.0)
    write_dicom(tmp_path / "a.dcm", whole)
    write_dicom(tmp_path / "c.dcm", whole[:64, :64], kind="LABEL")
    (tmp_path / "notes.txt").write_text("not a slide")
    with Slide(tmp_path) as slide:
        assert [level.downsample for level in slide.levels] == [1.0, 2.0]
        assert slide.um_per_px == pytest.approx(0.5)
        assert (slide.read(size_px=(128, 96)).pixels == half).all()
    with Slide(tmp_path / "b.dcm") as slide:
        assert slide.size_px == (128, 96)


def test_a_folder_of_two_series_is_refused(tmp_path):
    write_dicom(tmp_path / "a.dcm", drawn(64, 64))
    write_dicom(tmp_path / "b.dcm", drawn(64, 64), series="1.2.4")
    assert "several series" in reason(tmp_path)


def test_tiles_beside_the_grid_are_refused(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", drawn(128, 64), sparse=set(), shift=5)
    assert "regular grid" in reason(path)


def test_a_file_that_ends_too_early_is_refused(tmp_path):
    for syntax in (PLAIN, JPEG):
        path = write_dicom(tmp_path / "a.dcm", drawn(200, 200), syntax=syntax)
        content = path.read_bytes()
        for share in (0.9, 0.5, 0.1):
            path.write_bytes(content[: int(len(content) * share)])
            assert reason(path)


def test_no_reason_holds_a_name(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", drawn(64, 64))
    dataset = pydicom.dcmread(path)
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "SECRET-7"
    dataset.PhotometricInterpretation = "HSV"
    dataset.save_as(path)
    words = reason(path)
    assert "HSV" in words
    assert "Doe" not in words
    assert "SECRET" not in words


def test_frames_that_are_said_to_be_there_and_are_not(tmp_path):
    path = write_dicom(tmp_path / "a.dcm", drawn(200, 200))
    dataset = pydicom.dcmread(path)
    dataset.TotalPixelMatrixColumns = 2_000_000_000
    dataset.save_as(path)
    assert "truncated" in reason(path)
