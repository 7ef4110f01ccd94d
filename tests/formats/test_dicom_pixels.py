"""DICOM pixels: the standard's order, every photometric interpretation, and faults in words."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.data.image import Kind
from tamiz.formats.dicom import Dicom
from tamiz.formats.dicom_dataset import is_dicom, parse
from tamiz.formats.dicom_library import library
from tamiz.testing.dicoms import dicom

BIG_ENDIAN, DEFLATED, IMPLICIT = (
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2",
)
RAMP = np.arange(-1024, 1024, 2, dtype=np.int16).reshape(32, 32)


def read(content, window="auto", frame=0):
    source = Dicom.open("a.dcm", content, Policy(window=window))
    return source.read(frame=frame)


def grey(content, window="auto", frame=0):
    return read(content, window, frame).pixels[..., 0]


def reason(content, window="auto", frame=0):
    with pytest.raises(UnreadableItem) as error:
        read(content, window, frame)
    return error.value.reason


def item(**tags):
    made = library().Dataset()
    for word, value in tags.items():
        setattr(made, word, value)
    return made


def words(*values):
    return np.array(values, dtype="<u2").tobytes()


def test_ct_values_are_hounsfield_units_to_the_unit():
    stored = np.array([[0, 1024, 4095]], dtype=np.uint16)
    image = read(dicom(stored, {"RescaleIntercept": -1024, "BitsStored": 12}), "values")
    assert image.kind is Kind.HOUNSFIELD
    assert image.pixels.dtype == np.float32
    assert image.pixels[..., 0].tolist() == [[-1024, 0, 3071]]


def test_values_of_other_modalities_are_raw_and_keep_their_slope():
    content = dicom(np.array([[2, 4]], dtype=np.int16), {"Modality": "MR", "RescaleSlope": "2.5"})
    image = read(content, "values")
    assert image.kind is Kind.RAW
    assert image.pixels[..., 0].tolist() == [[5.0, 10.0]]


def test_ct_is_shown_in_the_same_window_whatever_the_file_says():
    plain = dicom(RAMP)
    with_window = dicom(RAMP, {"WindowCenter": 40, "WindowWidth": 80})
    assert (grey(plain) == grey(with_window)).all()
    assert (grey(plain) == grey(plain, "wide")).all()
    assert (grey(with_window, "file") == grey(with_window, "brain")).all()
    assert (grey(with_window, "file") != grey(plain)).any()


@pytest.mark.parametrize("syntax", [IMPLICIT, BIG_ENDIAN, DEFLATED])
def test_every_encoding_gives_the_same_pixels(syntax):
    assert (grey(dicom(RAMP, syntax=syntax), "lung") == grey(dicom(RAMP), "lung")).all()


@given(
    st.lists(st.integers(0, 4095), min_size=4, max_size=4),
    st.floats(-2000, 2000),
    st.floats(2, 5000),
)
@settings(max_examples=25)
def test_monochrome_1_and_2_show_the_same_picture(values, centre, width):
    stored = np.array(values, dtype=np.uint16).reshape(2, 2)
    tags = {"Modality": "DX", "BitsStored": 12, "WindowCenter": centre, "WindowWidth": width}
    one = dicom(
        4095 - stored,
        {**tags, "PhotometricInterpretation": "MONOCHROME1", "WindowCenter": 4096 - centre},
    )  # the mirror of the window
    two = dicom(stored, tags)
    difference = grey(one, "file").astype(int) - grey(two, "file")
    assert np.abs(difference).max() <= 1  # a half may be rounded either way


def test_monochrome_1_is_turned_after_the_window_not_before():
    stored = np.array([[0, 100, 200]], dtype=np.uint8)
    tags = {
        "Modality": "DX",
        "PhotometricInterpretation": "MONOCHROME1",
        "WindowCenter": 50.5,
        "WindowWidth": 101,
    }
    assert grey(dicom(stored, tags), "file").tolist() == [[255, 0, 0]]


def test_the_nth_and_the_named_window_of_a_file_are_used():
    tags = {
        "WindowCenter": [40, -600],
        "WindowWidth": [80, 1500],
        "WindowCenterWidthExplanation": ["BRAIN", "LUNG"],
    }
    content = dicom(RAMP, tags)
    assert (grey(content, "file") == grey(content, "brain")).all()
    assert (grey(content, "file:2") == grey(content, "lung")).all()
    assert (grey(content, "file:lung") == grey(content, "lung")).all()
    assert reason(content, "file:3") == "the file has no window '3' (it has 2)"
    assert reason(content, "file:BONE") == "the file has no window 'BONE' (it has 2)"


def test_the_files_function_is_obeyed():
    tags = {"WindowCenter": 0, "WindowWidth": 100, "VOILUTFunction": "SIGMOID"}
    assert (grey(dicom(RAMP, tags), "file") == grey(dicom(RAMP), "sigmoid:0,100")).all()
    tags["VOILUTFunction"] = "LINEAR_EXACT"
    assert (grey(dicom(RAMP, tags), "file") == grey(dicom(RAMP), "exact:0,100")).all()


@pytest.mark.parametrize("width", [0, -5])
def test_a_window_without_width_gives_the_whole_range_and_says_so(width):
    content = dicom(RAMP, {"Modality": "DX", "WindowCenter": 40, "WindowWidth": width})
    assert (grey(content, "file") == grey(content, "full")).all()
    source = Dicom.open("a", content, Policy(window="file"))
    recipe = source.recipe()
    assert recipe is not None
    assert recipe.is_odd


def test_a_preset_is_refused_where_values_are_no_hounsfield_units():
    content = dicom(np.zeros((4, 4), np.uint16), {"Modality": "MR"})
    assert reason(content, "lung").startswith(
        "the window 'lung' is in Hounsfield units, and this is MR, whose values are none"
    )


def test_without_a_window_8_bits_stay_and_others_go_from_lowest_to_highest():
    eight = np.array([[3, 77]], dtype=np.uint8)
    assert grey(dicom(eight, {"Modality": "DX", "RescaleSlope": None})).tolist() == [[3, 77]]
    sixteen = np.array([[1000, 1500, 2000]], dtype=np.uint16)
    assert grey(dicom(sixteen, {"Modality": "MR"})).tolist() == [[0, 128, 255]]


def test_padding_is_black_and_no_part_of_the_range():
    stored = np.array([[-2000, 0, 100]], dtype=np.int16)
    padded = {"Modality": "MR", "PixelPaddingValue": -2000}
    assert grey(dicom(stored, padded)).tolist() == [[0, 0, 255]]
    assert grey(dicom(stored, {**padded, "PixelPaddingRangeLimit": 50})).tolist() == [[0, 0, 0]]
    turned = {**padded, "PhotometricInterpretation": "MONOCHROME1"}
    assert grey(dicom(stored, turned)).tolist() == [[0, 255, 0]]
    assert read(dicom(stored, padded), "values").pixels[..., 0].tolist() == [[0, 0, 100]]


def test_bits_that_are_not_used_do_not_count():
    stored = np.array([[0xF123, 0x0123]], dtype=np.uint16)
    content = dicom(stored, {"BitsStored": 12, "HighBit": 11})
    assert read(content, "values").pixels[..., 0].tolist() == [[0x123, 0x123]]
    signed = np.array([[0x0FFF, 0x0001]], dtype=np.int16)
    content = dicom(signed, {"BitsStored": 12, "HighBit": 11})
    assert read(content, "values").pixels[..., 0].tolist() == [[-1, 1]]


def test_a_modality_lut_goes_before_the_window():
    table = item(LUTDescriptor=[4, 0, 16], ModalityLUTType="US", LUTData=words(0, 10, 500, 1000))
    tags = {
        "Modality": "CR",
        "ModalityLUTSequence": [table],
        "RescaleSlope": None,
        "RescaleIntercept": None,
        "WindowCenter": 500.5,
        "WindowWidth": 1001,
    }
    stored = np.array([[0, 1, 2, 3]], dtype=np.uint16)
    assert grey(dicom(stored, tags), "file").tolist() == [[0, 3, 128, 255]]


def test_a_voi_lut_is_used_before_windows():
    table = item(LUTDescriptor=[4, 10, 12], LUTData=words(0, 4095, 0, 2048))
    tags = {"Modality": "CR", "VOILUTSequence": [table], "WindowCenter": 1, "WindowWidth": 2}
    stored = np.array([[0, 10, 11, 12, 13, 99]], dtype=np.uint16)
    assert grey(dicom(stored, tags), "file").tolist() == [[0, 0, 255, 0, 128, 128]]


def test_each_frame_has_its_own_values_and_window():
    frames = np.stack([np.full((2, 2), 10, np.int16), np.full((2, 2), 10, np.int16)])
    groups = [
        item(
            PixelValueTransformationSequence=[
                item(RescaleSlope=slope, RescaleIntercept=0, RescaleType="HU")
            ],
            PixelMeasuresSequence=[item(PixelSpacing=[0.5, 0.25])],
        )
        for slope in (1, 3)
    ]
    tags = {"NumberOfFrames": 2, "PerFrameFunctionalGroupsSequence": groups}
    content = dicom(frames, tags)
    assert read(content, "values", 0).pixels.max() == 10
    second = read(content, "values", 1)
    assert second.pixels.max() == 30
    assert second.um_per_px == (250.0, 500.0)
    assert reason(content, frame=2) == "it has 2 frames only" or "2" in reason(content, frame=2)


def test_spacing_is_the_patients_and_never_the_detectors():
    assert read(dicom(RAMP, {"PixelSpacing": [0.8, 0.4]})).um_per_px == (400.0, 800.0)
    assert read(dicom(RAMP, {"ImagerPixelSpacing": [0.1, 0.1]})).um_per_px is None


def test_rgb_palette_and_ybr_become_rgb():
    colours = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [9, 9, 9]]], dtype=np.uint8)
    assert (read(dicom(colours)).pixels == colours).all()
    deep = colours.astype(np.uint16) * 257
    assert (read(dicom(deep)).pixels == colours).all()
    planes = dicom(np.moveaxis(colours, 2, 0).reshape(2, 2, 3), {"PlanarConfiguration": 1})
    assert (read(planes).pixels == colours).all()
    tags: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR", "RescaleSlope": None}
    for name, values in zip(("Red", "Green", "Blue"), ((0, 255), (10, 20), (5, 6)), strict=True):
        tags[f"{name}PaletteColorLookupTableDescriptor"] = [2, 0, 16]
        table = np.array(values, dtype="<u2") * 257
        tags[f"{name}PaletteColorLookupTableData"] = table.tobytes()
    made = read(dicom(np.array([[0, 1]], dtype=np.uint8), tags)).pixels
    assert made.tolist() == [[[0, 10, 5], [255, 20, 6]]]
    grey_in_ybr = np.full((2, 2, 3), 128, dtype=np.uint8)
    ybr = dicom(grey_in_ybr, {"PhotometricInterpretation": "YBR_FULL"})
    assert (read(ybr).pixels == 128).all()


def test_a_file_without_preamble_is_recognised_and_a_text_is_not():
    content = dicom(RAMP)[132:]
    assert is_dicom(content[:4096])
    assert (grey(content) == grey(dicom(RAMP))).all()
    assert not is_dicom(b"\x08\x00 is how this text begins, which is no DICOM at all ........")
    assert not is_dicom(b"")


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"Rows": None}, "damaged DICOM: Rows is missing"),
        ({"BitsAllocated": None}, "damaged DICOM: BitsAllocated is missing"),
        ({"PixelData": None}, "no image: CT Image Storage has no pixels"),
        (
            {"PhotometricInterpretation": None},
            "damaged DICOM: PhotometricInterpretation is missing",
        ),
    ],
)
def test_what_is_missing_is_named(tags, words):
    assert reason(dicom(RAMP, tags)) == words


def test_a_tag_of_the_wrong_kind_is_named_with_its_kind_and_never_its_value():
    content = dicom(RAMP, {"WindowCenter": 40, "WindowWidth": 80})
    spoiled = content.replace(b"DS\x04\x0040.0", b"DS\x04\x00JANE")
    assert spoiled != content
    assert reason(spoiled, "file") == (
        "damaged DICOM: WindowCenter holds what it may not hold (text)"
    )
    spoiled = content.replace(b"(\x00\x10\x00US\x02\x00\x20\x00", b"(\x00\x10\x00LO\x02\x00XY")
    assert reason(spoiled) == "damaged DICOM: Rows holds what it may not hold (text)"


def test_pixels_that_end_too_early_are_refused_with_the_figures():
    content = dicom(RAMP)
    short = dicom(RAMP, {"Rows": 40})
    assert reason(short) == "truncated: the pixel data hold 2,048 of 2,560 bytes"
    assert "truncated" in reason(content[:-100]) or "damaged" in reason(content[:-100])


def test_a_deflated_bomb_is_stopped(monkeypatch):
    monkeypatch.setattr("tamiz.formats.dicom_dataset.MAX_FILE_BYTES", 1 << 20)
    content = dicom(np.zeros((2000, 2000), np.int16), syntax=DEFLATED)
    assert len(content) < 100_000
    assert reason(content) == "the deflated data set unpacks to more than 1 MiB"


def test_garbage_after_a_good_beginning_never_ends_in_a_traceback():
    content = dicom(RAMP, {"WindowCenter": 40, "WindowWidth": 80})
    rng = np.random.default_rng(0)
    for _ in range(200):
        spoiled = bytearray(content)
        for place in rng.integers(132, len(content) - RAMP.nbytes, 3):
            spoiled[place] = rng.integers(256)
        try:
            read(bytes(spoiled), "file")
        except UnreadableItem as error:
            assert error.reason  # noqa: PT017


def test_an_unknown_or_moving_compression_is_named_with_a_way_out():
    content = dicom(RAMP)
    old = b"1.2.840.10008.1.2.1\x00"
    video = content.replace(old, b"1.2.840.10008.1.2.4.102"[:20].ljust(20, b"\x00"))
    assert video != content
    assert "no free decoder here" in reason(video) or "video" in reason(video)


def test_limits_hold_before_anything_is_decoded():
    content = dicom(RAMP)
    with pytest.raises(UnreadableItem, match=r"megapixels|limit"):
        Dicom.open("a", content, Policy(max_megapixels=0.0001))


@pytest.mark.parametrize("syntax", [IMPLICIT, "1.2.840.10008.1.2.1"])
def test_the_quick_walk_finds_what_pydicom_finds(syntax):
    tags = {
        "WindowCenter": [40, 50],
        "WindowWidth": [80, 90],
        "PatientName": "Ñandú^José",
        "SpecificCharacterSet": "ISO_IR 100",
    }
    content = dicom(RAMP, tags, syntax=syntax)
    quick = parse(content)
    whole = parse(content, None)
    assert {e.keyword: e.value for e in quick} == {
        e.keyword: e.value for e in whole if e.keyword in quick
    }
    assert quick.WindowCenter == [40, 50]


def test_deflating_nothing_but_noise_is_no_crash():
    content = dicom(RAMP, syntax=DEFLATED)
    body = zlib.compress(np.random.default_rng(0).bytes(500))[2:]
    assert reason(content[: content.index(b"1.2.840.10008.1.2.1.99") + 24] + body)


def test_sequences_within_sequences_without_end_are_refused_quickly():
    content = dicom(RAMP)
    opening = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    at = content.index(b"\x10\x00\x10\x00PN")
    deep = content[:at] + opening * 5000 + closing * 5000 + content[at:]
    assert reason(deep) == "damaged DICOM: it cannot be read (RecursionError)"
