"""Damaged, hostile and odd slides: one clear reason each, no hang, no lines on stderr."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.slide_drawing import drawn, tissue_like, write

from tamiz.core.errors import UnreadableItem
from tamiz.data.image import Region
from tamiz.formats import slide_opening
from tamiz.formats.slide import Slide


def reason(path, **how):
    """Return why a slide cannot be read."""
    with pytest.raises(UnreadableItem) as error, Slide(path, threads=1) as slide:
        slide.read(**(how or {"size_px": (8, 8)}))
    return error.value.reason


def patch(path, name, value, kind=None):
    """Overwrite a tag of the first page."""
    with tifffile.TiffFile(path, mode="r+") as file:
        tag = file.pages.first.tags[name]
        tag.overwrite(value, dtype=kind)


def test_a_missing_file_an_empty_one_and_a_text(tmp_path):
    assert reason(tmp_path / "a.tif") == "there is no such file"
    (tmp_path / "b.tif").write_bytes(b"")
    assert reason(tmp_path / "b.tif") == "the file is empty: 0 bytes"
    (tmp_path / "c.svs").write_text("name,label\n" * 50)
    assert "neither TIFF nor DICOM" in reason(tmp_path / "c.svs")


def test_what_only_openslide_reads_names_what_to_install(tmp_path, monkeypatch):
    path = tmp_path / "a.mrxs"
    path.write_bytes(b"not really a MIRAX slide")
    monkeypatch.setitem(sys.modules, "openslide", None)
    monkeypatch.setattr(slide_opening, "find_spec", lambda _name: None)
    with pytest.raises(UnreadableItem) as error:
        Slide(path)
    assert "pip install 'tamiz[slides]'" in error.value.reason


def test_a_pipe_never_hangs(tmp_path):
    os.mkfifo(tmp_path / "a.tif")
    assert "not a regular file" in reason(tmp_path / "a.tif")


def test_compression_that_nobody_knows_is_named(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    patch(path, "Compression", 52479)
    assert "compression, 52479, cannot be read" in reason(path)


def test_colours_that_are_not_read_are_named(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    patch(path, "PhotometricInterpretation", 8)
    assert "CIELAB" in reason(path)


def test_a_slide_stored_turned_is_refused(tmp_path):
    whole = drawn(100, 80)
    path = write(tmp_path / "a.tif", whole, extratags=[(274, 3, 1, 6, True)])
    assert "orientation 6" in reason(path)


def test_a_tile_past_the_end_is_said_when_it_is_read(tmp_path):
    path = write(tmp_path / "a.tif", drawn(128, 128))
    with tifffile.TiffFile(path) as file:
        offsets = list(file.pages[0].dataoffsets)
    patch(path, "TileOffsets", [*offsets[:3], 10**9])
    assert "truncated" in reason(path)
    with Slide(path) as slide:  # the others are there
        assert slide.read(Region(0, 0, 64, 64)).pixels.shape == (64, 64, 3)


def test_missing_tiles_are_white_and_counted(tmp_path):
    whole = drawn(128, 128)
    path = write(tmp_path / "a.tif", whole, compression="zlib")
    with tifffile.TiffFile(path) as file:
        offsets, counts = (
            list(one) for one in (file.pages[0].dataoffsets, file.pages[0].databytecounts)
        )
    patch(path, "TileByteCounts", [0, *counts[1:]])
    patch(path, "TileOffsets", [*offsets[:3], 0])
    with Slide(path) as slide:
        assert slide.facts["missing_blocks"] == "2"
        made = slide.read().pixels
        (tile,) = slide.tiles(np.array([[0, 0, 64, 64]]), 64)
    assert (made[:64, :64] == 255).all()
    assert (made[64:, 64:] == 255).all()
    assert (made[:64, 64:] == whole[:64, 64:]).all()
    assert (tile == 255).all()


def test_directories_in_a_circle_end(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    content = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", content, 4)
    (n,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * n, first)
    path.write_bytes(content)
    with Slide(path) as slide:
        assert slide.size_px == (100, 80)
        assert len(slide.levels) == 1


@pytest.mark.parametrize(("width", "height"), [(0, 80), (100, 0)])
def test_no_pixels_at_all(tmp_path, width, height):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    patch(path, "ImageWidth", width)
    patch(path, "ImageLength", height)
    assert reason(path)


def test_a_header_that_promises_more_than_any_file_holds(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    patch(path, "ImageWidth", 10**9, "I")
    patch(path, "ImageLength", 10**9, "I")
    assert reason(path)


def test_tiles_larger_than_memory_are_refused_before_they_are_decoded(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80), compression="zlib")
    for name in ("ImageWidth", "ImageLength", "TileWidth", "TileLength"):
        patch(path, name, 96_000, "I")
    assert "cut in pieces of" in reason(path)


def test_a_jpeg_that_announces_more_than_its_tile_is_refused(tmp_path):
    path = write(tmp_path / "a.tif", tissue_like(128, 128), compression="jpeg")
    content = bytearray(path.read_bytes())
    at = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, at + 5, 65500, 65500)
    path.write_bytes(content)
    assert "announces 65,500 x 65,500" in reason(path)


def test_regions_beyond_the_slide_are_refused(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80))
    for region in [(-1, 0, 5, 5), (96, 0, 5, 5), (0, 0, 0, 5), (0, 79, 5, 2)]:
        assert "reaches beyond the 100 x 80" in reason(path, region=Region(*region))
        with Slide(path) as slide, pytest.raises(UnreadableItem):
            slide.tiles(np.array([region]), 4)


def test_a_damaged_tile_ends_the_tiles_with_a_reason(tmp_path):
    path = write(tmp_path / "a.tif", drawn(256, 64), compression="zlib")
    with tifffile.TiffFile(path) as file:
        at = file.pages[0].dataoffsets[2]
    content = bytearray(path.read_bytes())
    content[at : at + 40] = b"\0" * 40
    path.write_bytes(content)
    places = np.array([(x, 0, 64, 64) for x in range(0, 256, 64)])
    for threads in (1, 2):
        made: list[object] = []
        with Slide(path, threads=threads) as slide, pytest.raises(UnreadableItem) as error:
            made.extend(slide.tiles(places, 64))
        assert "damaged" in error.value.reason


def test_real_values_without_a_range_are_refused(tmp_path):
    path = write(tmp_path / "a.tif", np.ones((80, 100), np.float32), photometric="minisblack")
    assert "value_range" in reason(path)


CONTENTS: dict[str, bytes] = {}


def content_of(kind):
    """Return a small slide's bytes."""
    if kind not in CONTENTS:
        held = io.BytesIO()
        how = {"jpeg": {"compression": "jpeg"}, "lzw": {"compression": "lzw"}, "plain": {}}[kind]
        write(held, tissue_like(160, 130), **how)
        CONTENTS[kind] = held.getvalue()
    return CONTENTS[kind]


def read_or_refuse(path):
    try:
        with Slide(path, threads=1) as slide:
            slide.read(size_px=(20, 16))
            slide.read(Region(0, 0, 1, 1))
            list(slide.tiles(np.array([[0, 0, 1, 1]]), 1))
    except UnreadableItem:
        pass


kinds = st.sampled_from(["jpeg", "lzw", "plain"])


@given(kinds, st.floats(0, 1))
def test_a_slide_cut_anywhere_is_read_or_refused(tmp_path, caplog, kind, share):
    content = content_of(kind)
    path = tmp_path / "a.tif"
    path.write_bytes(content[: int(share * len(content))])
    read_or_refuse(path)


@given(kinds, st.floats(0, 1), st.integers(1, 255), st.booleans())
def test_a_slide_with_a_changed_byte_is_read_or_refused(tmp_path, kind, share, change, in_header):
    content = bytearray(content_of(kind))
    first = int.from_bytes(content[4:8], "little")
    places = [*range(8), *range(first, min(first + 300, len(content)))]
    at = places[int(share * (len(places) - 1))] if in_header else int(share * (len(content) - 1))
    content[at] ^= change
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    read_or_refuse(path)


def test_nothing_is_written_to_stderr(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80), compression="lzw")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    code = (
        "import sys\nfrom tamiz.formats.slide import Slide\n"
        "try:\n    Slide(sys.argv[1]).read()\nexcept Exception as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert "a.tif" in done.stdout


MEMORY = """
import sys
from tamiz.formats.slide import Slide
from tamiz.data.image import Region
from tamiz.formats import slide_opening
import tifffile, imagecodecs
with Slide(sys.argv[1], threads=2) as slide:
    assert slide.read(size_px=(200, 200), is_grey=True).pixels.shape == (200, 200, 1)
    slide.read(Region(15000, 15000, 3000, 3000), size_px=(500, 500))
with open("/proc/self/status") as opened:
    print(next(one for one in opened if one.startswith("VmHWM")).split()[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("layout", ["tiles", "strips"])
def test_memory_does_not_follow_the_size_of_the_slide(tmp_path, layout):
    path = tmp_path / "big.tif"
    side = 20_000
    rows = 512 if layout == "tiles" else 64
    block = np.full((512, 512, 3) if layout == "tiles" else (64, side, 3), 200, np.uint8)
    n = (-(-side // 512)) ** 2 if layout == "tiles" else -(-side // 64)
    how: Any = {"tile": (512, 512)} if layout == "tiles" else {"rowsperstrip": rows}
    last = block[: side % 64 or 64] if layout == "strips" else block
    blocks = (last if at == n - 1 else block for at in range(n))
    cached = {id(one): bytes(imagecodecs.lzw_encode(one.tobytes())) for one in (block, last)}
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        writer.write(
            (cached[id(one)] for one in blocks),
            shape=(side, side, 3),
            dtype=np.uint8,
            photometric="rgb",
            compression="lzw",
            **how,
        )
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert int(done.stdout) / 1024 < 400


def test_a_sparse_uncompressed_slide_of_100_000_px_is_read_where_it_is_asked(tmp_path):
    path = tmp_path / "huge.tif"
    side, first = 100_000, 4096
    entries = [
        (256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (273, 16, 1, first), (277, 3, 1, 1), (278, 4, 1, side), (279, 16, 1, side * side),
    ]  # fmt: skip
    head = struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) + struct.pack("<Q", len(entries))
    head += b"".join(struct.pack("<HHQQ", *entry) for entry in entries) + struct.pack("<Q", 0)
    with path.open("wb") as opened:
        opened.write(head)
        opened.truncate(first + side * side)
    with Slide(path, threads=1) as slide:
        assert slide.size_px == (side, side)
        assert (slide.read(Region(90_000, 99_000, 500, 500), size_px=(50, 50)).pixels == 0).all()


def test_a_hundred_thousand_pixels_in_one_compressed_strip_are_refused_at_once(tmp_path):
    path = write(tmp_path / "a.tif", drawn(100, 80), compression="zlib", tile=None)
    for name in ("ImageWidth", "ImageLength", "RowsPerStrip"):
        patch(path, name, 100_000, "I")
    assert "save it in tiles" in reason(path)
