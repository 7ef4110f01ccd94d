"""Header scans against Pillow, against what was written, and against files made to mislead."""

import io
import os
import struct
import zipfile
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import UnreadableItem
from tamiz.core.recipe import DataOptions
from tamiz.formats.header_facts import TiffLayout
from tamiz.formats.headers import HeaderFacts, as_columns, scan, scan_bytes, scan_many
from tamiz.formats.reader import Reader, policy_from
from tamiz.testing.pictures import (
    deep_png,
    draw,
    encode,
    jpeg,
    lying_png,
    png,
    tiff,
    with_orientation,
)

SIZE = (37, 21)
MODES = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "GIF": ("L", "P"),
    "BMP": ("1", "L", "P", "RGB"),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"),
}


def drawn(mode: str, size_px=SIZE) -> PIL.Image.Image:
    colours = PIL.Image.fromarray(draw(3, size_px, 4), "RGBA" if mode != "I;16" else None)
    if mode == "I;16":
        grey = draw(3, size_px, 1)[..., 0].astype(np.uint16) * 257
        return PIL.Image.fromarray(grey)
    if mode == "P":
        return colours.convert("RGB").quantize(7)
    if mode in {"1", "CMYK"}:
        return colours.convert("RGB").convert(mode)
    return colours.convert(mode)


def written(mode: str, kind: str, **options) -> bytes:
    opened = io.BytesIO()
    drawn(mode).save(opened, kind, **options)
    return opened.getvalue()


def reason_for(content: bytes) -> str:
    with pytest.raises(UnreadableItem) as error:
        scan_bytes(content, "x")
    return error.value.reason


def facts_or_reason(content: bytes) -> HeaderFacts | str:
    try:
        return scan_bytes(content)
    except UnreadableItem as error:
        return error.reason


def luminance_sum(opened: Any) -> int:
    return sum(opened.quantization[0])


def layout_of(content: bytes) -> TiffLayout:
    found = scan_bytes(content).tiff
    assert found is not None
    return found


def tiff_with(
    tags: list[tuple[Any, ...]], order: str = "<", *, is_big: bool = False, after: int = 0
) -> bytes:
    """Return a TIFF header of inline tags (number, type, count, value); no pixels."""
    mark = b"II" if order == "<" else b"MM"
    sizes = {3: "H", 4: "I", 16: "Q"}
    made = b""
    for tag, kind, count, value in tags:
        room = 8 if is_big else 4
        inline = value if isinstance(value, bytes) else struct.pack(order + sizes[kind], value)
        made += struct.pack(order + ("HHQ" if is_big else "HHI"), tag, kind, count)
        made += inline.ljust(room, b"\0")[:room]
    if is_big:
        head = mark + struct.pack(order + "HHHQ", 43, 8, 0, 16)
        return head + struct.pack(order + "Q", len(tags)) + made + struct.pack(order + "Q", after)
    head = mark + struct.pack(order + "HI", 42, 8)
    return head + struct.pack(order + "H", len(tags)) + made + struct.pack(order + "I", after)


GREY_TAGS: list[tuple[Any, ...]] = [
    (256, 4, 1, 20_000),
    (257, 4, 1, 30_000),
    (258, 3, 1, 8),
    (259, 3, 1, 1),
    (262, 3, 1, 1),
]


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, many in MODES.items() for mode in many]
)
def test_size_mode_and_depth_are_pillows(kind, mode):
    content = written(mode, kind, **({"lossless": True} if kind == "WEBP" else {}))
    found = scan_bytes(content)
    with PIL.Image.open(io.BytesIO(content)) as opened:
        assert found.mode == opened.mode
        assert (found.width_px, found.height_px) == opened.size == SIZE
        bands = len(opened.getbands())
    assert found.format == kind
    assert found.channels == bands
    assert found.bits == {"1": 1, "I;16": 16}.get(mode, 8)
    assert found.n_bytes == len(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_exifs_and_size_is_as_stored(kind, orientation):
    found = scan_bytes(with_orientation(draw(1, SIZE), orientation, kind))
    assert found.orientation == orientation
    assert found.upright_px == SIZE
    stored = SIZE[::-1] if orientation > 4 else SIZE
    assert (found.width_px, found.height_px) == stored


def test_orientation_of_xmp_counts_where_exif_is_silent_as_it_does_for_the_reader(tmp_path):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" tiff:Orientation="6"/>'
    body = b"http://ns.adobe.com/xap/1.0/\0" + xmp
    whole = jpeg(1, SIZE)
    content = whole[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + whole[2:]
    (tmp_path / "a.jpg").write_bytes(content)
    with Reader(tmp_path, policy_from(DataOptions())) as reader:
        examined = reader.examine("a.jpg")
    assert scan_bytes(content).orientation == 6
    assert scan_bytes(content).upright_px == (examined.width_px, examined.height_px)


@pytest.mark.parametrize("quality", [10, 50, 75, 95])
def test_table_sum_is_that_of_the_luminance_table(quality):
    content = encode(draw(2, SIZE), "JPEG", quality=quality)
    with PIL.Image.open(io.BytesIO(content)) as opened:
        assert scan_bytes(content).jpeg_table == luminance_sum(opened)


def test_finer_jpegs_have_smaller_tables_and_other_formats_none():
    coarse, fine = (encode(draw(2, SIZE), "JPEG", quality=q) for q in (20, 90))
    assert (scan_bytes(fine).jpeg_table or 0) < (scan_bytes(coarse).jpeg_table or 0)
    assert scan_bytes(png()).jpeg_table is None


def test_same_file_scans_alike_the_second_time():
    content = encode(draw(4, SIZE), "JPEG", quality=33, dpi=(72, 96))
    assert [scan_bytes(content) for _ in range(3)] == [scan_bytes(content)] * 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "TIFF"])
def test_resolution_is_what_was_written(kind):
    found = scan_bytes(encode(draw(0, SIZE), kind, dpi=(150, 300))).dpi
    assert found == pytest.approx((150, 300), rel=1e-3)


def test_no_resolution_is_none():
    assert [scan_bytes(content).dpi for content in (jpeg(), png())] == [None, None]


def test_header_behind_64_kib_of_exif_and_profiles_is_found():
    profile = os.urandom(200_000)
    content = encode(
        draw(0, SIZE), "JPEG", icc_profile=profile, exif=b"Exif\0\0" + b"MM\0*" + b"\0" * 60_000
    )
    found = scan_bytes(content)
    assert (found.width_px, found.height_px) == SIZE


def test_deep_colour_png_has_16_bits():
    found = scan_bytes(deep_png(np.zeros((5, 7, 3), np.uint16)))
    assert (found.bits, found.channels, found.mode) == (16, 3, "RGB")


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32", "float64", "uint32"])
@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_tiffs_of_every_number_type_and_byte_order_read_as_the_reader_does(
    dtype, is_big, order, tmp_path
):
    stored = np.arange(21 * 37).reshape(21, 37).astype(dtype)
    content = tiff(stored, bigtiff=is_big, byteorder=order, tile=(16, 16), compression="zlib")
    found = scan_bytes(content)
    (tmp_path / "a.tif").write_bytes(content)
    with Reader(tmp_path, policy_from(DataOptions(value_range="0,1000"))) as reader:
        facts = reader.facts("a.tif")
    assert (found.width_px, found.height_px) == SIZE
    assert (found.mode, str(found.bits)) == (facts["mode"], facts["bits"])
    assert layout_of(content) == TiffLayout(compression=8, is_tiled=True, n_pages=1)


def test_pages_are_counted():
    opened = io.BytesIO()
    pages = [drawn("L") for _ in range(5)]
    pages[0].save(opened, "TIFF", save_all=True, append_images=pages[1:])
    assert layout_of(opened.getvalue()).n_pages == 5


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("is_big", [False, True])
def test_huge_slide_needs_nothing_but_its_directory(order, is_big):
    found = scan_bytes(tiff_with(GREY_TAGS, order, is_big=is_big))
    assert (found.width_px, found.height_px, found.bits) == (20_000, 30_000, 8)
    assert found.tiff == TiffLayout(compression=1, is_tiled=False, n_pages=1)


def test_micrometres_come_from_aperio_ome_or_a_resolution_no_printer_has():
    grey = np.zeros((8, 8), np.uint8)
    aperio = tiff(
        grey,
        description="Aperio Image Library v1\n8x8|AppMag = 20|MPP = 0.4990|Left = 1",
        metadata=None,
    )
    ome = tiff(
        grey,
        description='<OME><Pixels SizeX="8" PhysicalSizeX="250" PhysicalSizeXUnit="nm"/></OME>',
        metadata=None,
    )
    fine = tiff(grey, resolution=(40_000, 40_000), resolutionunit="CENTIMETER")
    oblong = tiff(grey, resolution=(40_000, 20_000), resolutionunit="CENTIMETER")
    paper = tiff(grey, resolution=(300, 300), resolutionunit="INCH")
    found = [
        scan_bytes(content).um_per_px for content in (aperio, ome, fine, oblong, paper, tiff(grey))
    ]
    assert found[:3] == pytest.approx([0.499, 0.25, 0.25])
    assert found[3:] == [None, None, None]


def test_animated_gif_larger_than_its_screen_has_the_size_of_its_frame():
    content = bytearray(written("P", "GIF"))
    content[6:10] = struct.pack("<HH", 5, 5)
    with PIL.Image.open(io.BytesIO(content)) as opened:
        assert scan_bytes(bytes(content)).upright_px == opened.size == SIZE


# --- files made to mislead


@pytest.mark.parametrize("kind", MODES)
def test_every_header_cut_short_is_refused_or_read_but_never_fails(kind):
    content = written("L" if kind != "WEBP" else "RGB", kind)
    whole = scan_bytes(content)
    for n in range(1, min(len(content), 700)):
        found = facts_or_reason(content[:n])
        assert isinstance(found, str) or found.upright_px == whole.upright_px


@given(st.sampled_from(sorted(MODES)), st.data())
def test_changed_bytes_give_facts_or_a_reason(kind, data):
    content = bytearray(written("L" if kind != "WEBP" else "RGB", kind))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, min(len(content), 400) - 1))
        content[at] = data.draw(st.integers(0, 255))
    found = facts_or_reason(bytes(content))
    assert found
    if isinstance(found, HeaderFacts):
        assert min(found.upright_px) > 0
        assert 1 <= found.orientation <= 8


@given(
    st.sampled_from(
        [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"MM\0+", b"RIFF0000WEBPVP8X"]
    ),
    st.binary(max_size=300),
)
def test_noise_behind_a_true_beginning_gives_facts_or_a_reason(beginning, rest):
    assert facts_or_reason(beginning + rest)


def test_directories_that_lead_in_a_circle_end():
    content = tiff_with(GREY_TAGS, after=8)
    assert layout_of(content).n_pages == 1
    there_and_back = tiff_with(GREY_TAGS, after=8 + 2 + 60 + 4) + struct.pack("<HI", 0, 8)
    assert layout_of(there_and_back).n_pages == 2


def test_directory_that_points_outside_the_file_is_truncated():
    assert "truncated" in reason_for(b"II*\0" + struct.pack("<I", 10**9))
    assert "truncated" in reason_for(b"II+\0" + struct.pack("<HHQ", 8, 0, 2**63))


def test_absurd_counts_and_sizes_are_refused():
    wide = [(256, 16, 1, 2**40), (257, 16, 1, 5)]
    assert "makes no sense" in reason_for(tiff_with(wide, is_big=True))
    assert "makes no sense" in reason_for(b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, 2**60))
    assert "makes no sense" in reason_for(lying_png((2**31 - 1, 2**31 - 1)))
    assert "0 x 30000" in reason_for(tiff_with([(256, 4, 1, 0), *GREY_TAGS[1:]]))


def test_value_counts_of_billions_are_not_believed():
    tags = [*GREY_TAGS[:2], (258, 3, 2**31, 8), *GREY_TAGS[3:]]
    tags.append((270, 2, 2**32 - 1, b"\x08"))
    assert scan_bytes(tiff_with(sorted(tags))).width_px == 20_000


def test_endless_segments_and_fill_bytes_end():
    assert reason_for(b"\xff\xd8" + b"\xff\xfe\0\2" * 100_000)
    assert reason_for(b"\xff\xd8\xff" + b"\xff" * 1_000_000)
    assert reason_for(b"\xff\xd8\xff\xe0\0\0" * 10_000)
    assert reason_for(png()[:33] + (b"\0\0\0\0tEXt1234" * 100_000))
    assert reason_for(b"GIF89a" + bytes(7) + b"!\xfe\1x" * 100_000)


def test_what_is_no_image_is_named(tmp_path):
    assert "PDF" in reason_for(b"%PDF-1.7 and so on")
    assert reason_for(b"") == "the file is empty: 0 bytes"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty.png").touch()
    found = scan_many(["pipe", "empty.png", "none.png", "."], tmp_path)
    assert found == [
        "not a regular file: FIFO",
        "the file is empty: 0 bytes",
        "there is no such file",
        "not a regular file: folder",
    ]


def test_many_paths_give_facts_or_reasons_in_their_order(tmp_path):
    (tmp_path / "a.jpg").write_bytes(jpeg(0, SIZE))
    (tmp_path / "b.png").write_bytes(b"no picture")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("d/e.png", png(0, SIZE))
    found = scan_many(["a.jpg", "b.png", "c.zip!/d/e.png", "c.zip!/none.png"], tmp_path)
    assert isinstance(found[0], HeaderFacts)
    assert found[0] == scan(tmp_path / "a.jpg")
    assert found[1] == "not an image that tamiz reads: the content is plain text"
    assert isinstance(found[2], HeaderFacts)
    assert (found[2].upright_px, found[2].n_bytes) == (SIZE, len(png(0, SIZE)))
    assert found[3] == "there is no such file"


def test_columns_are_upright_and_null_where_nothing_is_known(tmp_path):
    (tmp_path / "a.jpg").write_bytes(with_orientation(draw(0, SIZE), 6, "JPEG"))
    columns = as_columns(scan_many(["a.jpg", "none.jpg"], tmp_path))
    assert (columns["width_px"], columns["height_px"]) == ([SIZE[0], None], [SIZE[1], None])
    assert (columns["format"], columns["mode"]) == (["JPEG", None], ["RGB", None])
    assert columns["file_bytes"] == [(tmp_path / "a.jpg").stat().st_size, None]


def test_member_with_a_late_header_is_unpacked_further(tmp_path):
    content = encode(draw(0, SIZE), "JPEG", icc_profile=os.urandom(200_000))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("e.jpg", content)
    (found,) = scan_many(["c.zip!/e.jpg"], tmp_path)
    assert isinstance(found, HeaderFacts)
    assert found == scan_bytes(content)


# --- the real sets

SETS = ("chest_xray", "sign_digits", "covid_chestxray", "fingers", "slides")


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SETS)
def test_every_real_file_has_pillows_facts(shared_data, name):
    suffixes = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".svs"}
    files = [p for p in sorted((shared_data / name).rglob("*")) if p.suffix.lower() in suffixes]
    files = [p for p in files if "broken" not in p.parts]
    assert files
    paths = [str(path.relative_to(shared_data)) for path in files]
    policy = policy_from(DataOptions(max_megapixels=500))
    with Reader(shared_data, policy) as reader:
        for path, found in zip(paths, scan_many(paths, shared_data), strict=True):
            assert isinstance(found, HeaderFacts), f"{path}: {found}"
            facts = reader.facts(path)
            assert (found.format, found.mode, str(found.bits)) == (
                facts["format"], facts["mode"], facts["bits"],
            ), path  # fmt: skip


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SETS)
def test_every_real_file_has_pillows_size_and_resolution(shared_data, name):
    for path in sorted((shared_data / name).rglob("*.[jpst][pniv][egfs]*")):
        if "broken" in path.parts:
            continue
        found = scan(path)
        try:
            opened = PIL.Image.open(path)
        except PIL.UnidentifiedImageError:  # JPEG 2000 in a TIFF
            continue
        with opened:
            size = found.upright_px if found.format == "TIFF" else (found.width_px, found.height_px)
            assert size == opened.size
            dpi = opened.info.get("dpi") if found.format != "TIFF" or found.dpi else None
            if dpi and found.dpi:
                assert found.dpi == pytest.approx(tuple(map(float, dpi)), rel=1e-3)
            if found.format == "JPEG":
                assert found.jpeg_table == luminance_sum(opened)


@pytest.mark.shared_data
def test_real_slides_say_their_micrometres_and_broken_ones_why_not(shared_data):
    whole = shared_data / "slides" / "whole"
    assert scan(whole / "cmu_small_region.svs").um_per_px == pytest.approx(0.499)
    assert scan(whole / "cmu_small_region.svs").upright_px == (2220, 2967)
    (tcga,) = whole.glob("tcga*.svs")
    assert scan(tcga).upright_px == (4443, 3567)
    with pytest.raises(UnreadableItem):
        scan(shared_data / "slides" / "broken" / "broken.svs")
