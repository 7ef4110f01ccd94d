"""Pictures that are broken, lying or hostile: a reason each, quickly, and nothing else raised."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.formats.reader import Reader
from tamiz.testing.pictures import (
    deep_png,
    draw,
    encode,
    jpeg,
    lying_png,
    png,
    text_bomb_png,
    tiff,
)
from tamiz.testing.sources import zip_bytes


@pytest.fixture
def refusal(tmp_path):
    """Return a function: why a file with this content is refused; both ways of reading agree."""

    def reason_for(content, name="a.jpg", **policy):
        (tmp_path / name).write_bytes(content)
        with Reader(tmp_path, Policy(**policy)) as reader:
            with pytest.raises(UnreadableItem) as error:
                reader.read(name)
            with pytest.raises(UnreadableItem) as again:
                reader.examine(name)
        assert error.value.reason == again.value.reason
        assert str(error.value).startswith(f"{name}: the image cannot be read (")
        return error.value.reason

    return reason_for


NOISE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_truncated_file_is_refused(refusal, kind, share):
    pixels = NOISE[..., 0] if kind == "GIF" else NOISE
    content = encode(pixels, kind)
    assert refusal(content[: int(share * len(content))])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_truncated_file_is_called_truncated(refusal, kind):
    content = encode(NOISE, kind)
    assert "truncated" in refusal(content[: len(content) // 2])


@pytest.mark.parametrize("compression", ["none", "zlib", "lzw", "jpeg"])
def test_a_truncated_tiff_is_refused_whoever_reads_it(refusal, compression):
    deep = (NOISE.astype(np.uint16) * 257) if compression != "jpeg" else NOISE
    content = tiff(
        deep, photometric="rgb", compression=None if compression == "none" else compression
    )
    for share in (0.5, 0.9):
        assert refusal(content[: int(share * len(content))], "a.tif")


def test_a_deep_png_cut_short_is_refused(refusal):
    content = deep_png(NOISE.astype(np.uint16) * 257)
    assert refusal(content[: len(content) // 2], "a.png")


@given(st.integers(33, 400), st.integers(1, 255))
@example(319, 67)  # Pillow alone shows another picture
def test_a_flipped_byte_in_a_png_never_passes_in_silence(tmp_path_factory, position, flip):
    folder = tmp_path_factory.mktemp("flipped")
    truth = draw(3)
    content = bytearray(encode(truth))
    position = min(position, len(content) - 13)  # the last chunk says only that it is the last
    content[position] ^= flip
    (folder / "a.png").write_bytes(content)
    with Reader(folder, Policy()) as reader:
        try:
            pixels = reader.read("a.png").pixels
        except UnreadableItem:
            return
    assert (pixels == truth).all()


def test_an_empty_file_is_called_empty(refusal):
    assert refusal(b"") == "the file is empty: 0 bytes"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html><body>404 not found</body></html>", "HTML"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<svg onload='alert(1)'/>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "EPS"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\0\0\0\x20ftypheic" + bytes(50), "HEIC"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_is_named(refusal, content, kind):
    assert refusal(content) == f"not an image that tamiz reads: the content is {kind}"


def test_noise_is_refused(refusal):
    assert refusal(bytes(range(256)) * 4) == "not an image of a kind that tamiz reads"


@pytest.mark.parametrize("name", ["a.gif", "a", "a.txt", "a.jpg.exe", "-a", "ñandú\n🦤.bin"])
def test_the_name_does_not_matter(tmp_path, name):
    (tmp_path / name).write_bytes(png(1))
    with Reader(tmp_path, Policy()) as reader:
        assert reader.examine(name).format == "PNG"


def test_a_name_of_odd_bytes_is_read(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")).write_bytes(png(1))
    with Reader(tmp_path, Policy()) as reader:
        assert reader.read("caf\\udce9.png").size_px == (24, 16)


@pytest.mark.parametrize("size_px", [(12_000, 12_000), (30_000, 30_000)])
def test_a_bomb_is_refused_from_its_header(refusal, size_px):
    started = time.monotonic()
    reason = refusal(lying_png(size_px), "bomb.png")
    assert "max_megapixels = 50" in reason
    assert time.monotonic() - started < 2


def test_the_limit_is_the_policys(refusal, tmp_path):
    content = png(1, (100, 100))
    assert "100 x 100 = 0.0 megapixels" in refusal(content, max_megapixels=0.009)
    (tmp_path / "b.png").write_bytes(content)
    with Reader(tmp_path, Policy(max_megapixels=0.01)) as reader:
        assert reader.read("b.png").size_px == (100, 100)


def test_a_larger_limit_is_honoured_beyond_pillows_own(tmp_path, refusal):
    reason = refusal(lying_png((12_000, 12_000)), max_megapixels=200.0)
    assert "truncated" in reason


def test_a_header_that_lies_is_refused(refusal):
    assert "truncated" in refusal(lying_png((1000, 1000)))


@pytest.mark.parametrize("seed", range(3))
def test_a_gif_whose_data_end_early_in_good_order_is_refused(refusal, seed):
    short = bytearray(encode(draw(seed, (24, 16), 1), "GIF"))
    tall = encode(draw(seed, (24, 200), 1), "GIF")
    after_palette = 13 + 3 * 2 ** ((short[10] & 7) + 1)
    assert short[after_palette] == ord(",")
    for place in (8, after_palette + 7):
        assert short[place] == 16
        short[place] = 200
    assert len(short) < len(tall)
    assert refusal(bytes(short), "a.gif")


def test_an_interlaced_png_whose_data_end_early_is_refused(refusal):
    assert "truncated" in refusal(lying_png((100, 100), is_interlaced=True))


def test_a_deep_png_whose_data_end_early_is_refused(refusal):
    assert refusal(lying_png((100, 100), bits=16, colour_type=2))


def test_a_black_png_is_no_truncated_one(tmp_path):
    (tmp_path / "a.png").write_bytes(encode(np.zeros((9, 9, 3), np.uint8)))
    with Reader(tmp_path, Policy()) as reader:
        assert not reader.read("a.png").pixels.any()
        reader.examine("a.png")


def test_a_ribbon_is_refused(refusal):
    reason = refusal(png(1, (2000, 2)))
    assert reason == "2000 x 2 pixels: longer than max_aspect = 20 times its short side"


def test_a_text_chunk_bomb_is_refused(refusal):
    assert refusal(text_bomb_png(), "a.png") == "a text inside it unpacks to an unreasonable size"


def test_a_huge_tiff_gives_an_overview(tmp_path):
    stored = np.full((3000, 3000), 90, np.uint8)
    (tmp_path / "a.svs").write_bytes(tiff(stored, compression="zlib", tile=(256, 256)))
    with Reader(tmp_path, Policy(max_megapixels=5.0, overview_px=500)) as reader:
        pixels, found = reader.read("a.svs").pixels, reader.examine("a.svs")
    assert pixels.shape == (500, 500, 1)
    assert (pixels == 90).all()
    assert (found.width_px, found.height_px) == (3000, 3000)


def test_a_huge_tiff_inside_an_archive_is_refused_with_the_way_out(tmp_path):
    content = tiff(np.zeros((3000, 3000), np.uint8), compression="zlib", tile=(256, 256))
    (tmp_path / "a.zip").write_bytes(zip_bytes({"a.svs": content}))
    with (
        Reader(tmp_path, Policy(max_megapixels=5.0)) as reader,
        pytest.raises(UnreadableItem, match=r"inside an archive: a whole slide .* unpack"),
    ):
        reader.read("a.zip!/a.svs")


def test_a_tiff_that_names_itself_as_the_next_page_ends(tmp_path):
    content = bytearray(encode(NOISE, "TIFF"))
    first = int.from_bytes(content[4:8], "little")
    n_tags = int.from_bytes(content[first : first + 2], "little")
    end = first + 2 + 12 * n_tags
    content[end : end + 4] = first.to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(content)
    started = time.monotonic()
    with Reader(tmp_path, Policy()) as reader:
        assert (reader.read("a.tif").pixels == NOISE).all()
    assert time.monotonic() - started < 5


def test_a_fifo_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with Reader(tmp_path, Policy()) as reader, pytest.raises(UnreadableItem, match="FIFO"):
        reader.read("a.png")


def test_a_device_and_a_folder_are_refused(tmp_path):
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    (tmp_path / "folder.png").mkdir()
    with Reader(tmp_path, Policy()) as reader:
        with pytest.raises(UnreadableItem, match="not a regular file: device"):
            reader.read("zero.png")
        with pytest.raises(UnreadableItem, match="not a regular file: folder"):
            reader.read("folder.png")


def test_a_missing_file_is_called_missing(tmp_path):
    with Reader(tmp_path, Policy()) as reader:
        with pytest.raises(UnreadableItem, match="there is no such file"):
            reader.read("a.png")
        with pytest.raises(UnreadableItem, match="there is no such file"):
            reader.content("a.png")


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(png())

    def closed(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", closed)
    with Reader(tmp_path, Policy()) as reader, pytest.raises(UnreadableItem, match="no permission"):
        reader.read("a.png")


def test_a_file_with_damaged_exif_is_read_upright(tmp_path):
    content = encode(draw(1), "JPEG", exif=b"Exif\0\0garbage that is no TIFF")
    (tmp_path / "a.jpg").write_bytes(content)
    with Reader(tmp_path, Policy()) as reader:
        assert reader.read("a.jpg").size_px == (24, 16)


@given(
    st.binary(max_size=200), st.sampled_from([b"", jpeg()[:20], png()[:30], b"GIF89a", b"II*\0"])
)
def test_no_content_raises_anything_but_unreadable(tmp_path_factory, content, beginning):
    folder = tmp_path_factory.mktemp("noise")
    (folder / "a").write_bytes(beginning + content)
    with Reader(folder, Policy()) as reader:
        for act in (reader.read, reader.examine, reader.facts):
            with contextlib.suppress(UnreadableItem):
                act("a")
