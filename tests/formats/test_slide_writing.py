"""Slides written as a stream: what goes in comes out, at every level, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.data.image import Region
from tamiz.formats import slide_writing
from tamiz.formats.slide import Slide
from tamiz.formats.slide_writing import reduced_rows, reduced_size, write_pyramid

REDUCED = 1  # TIFF 6.0, NewSubfileType
INCH_NONE, CENTIMETER = 1, 3


def smooth(width, height):
    """Return a picture that JPEG keeps nearly as it is: slow ramps of each colour."""
    x = np.linspace(0, 3 * np.pi, width)[None, :]
    y = np.linspace(0, 2 * np.pi, height)[:, None]
    planes = (np.sin(x) + 0 * y, np.cos(y) + 0 * x, np.sin(x + y))
    return np.rint(128 + 80 * np.stack(planes, axis=2)).astype(np.uint8)


def blocks(pixels, n=97):
    return (pixels[top : top + n] for top in range(0, len(pixels), n))


def means(pixels, size_px):
    """Return the exact means of 2^k x 2^k, edges repeated."""
    pixels = pixels.astype(float)
    while (pixels.shape[1], pixels.shape[0]) != size_px:
        padding = ((0, pixels.shape[0] % 2), (0, pixels.shape[1] % 2), (0, 0))
        padded = np.pad(pixels, padding, mode="edge")
        rows = padded[::2] + padded[1::2]
        pixels = (rows[:, ::2] + rows[:, 1::2]) / 4
    return pixels


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "slide.tif"
    write_pyramid(path, blocks(smooth(1501, 1003)), (1501, 1003), um_per_px=0.25)
    return path


def test_every_level_is_the_mean_of_the_one_before(written):
    original = smooth(1501, 1003)
    with tifffile.TiffFile(written) as file:
        levels = [level.asarray() for level in file.series[0].levels]
    assert [level.shape[:2] for level in levels] == [
        (1003, 1501), (502, 751), (251, 376), (126, 188),
    ]  # fmt: skip
    for level in levels:
        difference = level - means(original, (level.shape[1], level.shape[0]))
        assert np.abs(difference).mean() < 1.5
        assert abs(difference.mean()) < 0.2
        assert np.abs(difference).max() < 12


def test_levels_are_plain_tiled_pages_the_smaller_ones_marked(written):
    # What OpenSlide's generic TIFF driver asks for: it ignores levels that are not like this.
    with tifffile.TiffFile(written) as file:
        assert not file.is_bigtiff
        assert all(page.is_tiled and page.subifds is None for page in map(as_page, file.pages))
        assert [int(page.subfiletype) for page in map(as_page, file.pages)] == [
            0,
            REDUCED,
            REDUCED,
            REDUCED,
        ]
        assert len(file.series) == 1


def test_the_slide_reader_opens_all_levels_at_the_spacing_written(written):
    original = smooth(1501, 1003)
    with Slide(written) as slide:
        assert slide.size_px == (1501, 1003)
        assert len(slide.levels) == 4
        assert slide.um_per_px == pytest.approx(0.25, rel=1e-6)
        part = slide.read(Region(700, 500, 301, 203)).pixels.astype(int)
    assert np.abs(part - original[500:703, 700:1001]).mean() < 1.5


def as_page(page: object) -> Any:
    """Return a page as what it is: tifffile's types leave frames open."""
    return page


def test_levels_carry_their_own_spacing(written):
    with tifffile.TiffFile(written) as file:
        for page in map(as_page, file.pages):
            per_cm = page.tags["XResolution"].value
            um = 1e4 * per_cm[1] / per_cm[0]
            assert um * page.imagewidth == pytest.approx(0.25 * 1501, rel=1e-3)
            assert page.tags["ResolutionUnit"].value == CENTIMETER


def test_unknown_spacing_is_written_as_no_unit_and_read_as_unknown(tmp_path):
    path = tmp_path / "slide.tif"
    write_pyramid(path, [smooth(40, 30)], (40, 30))
    with tifffile.TiffFile(path) as file:
        assert file.pages.first.tags["ResolutionUnit"].value == INCH_NONE
    with Slide(path) as slide:
        assert slide.um_per_px is None


@settings(max_examples=15)
@given(st.integers(1, 90), st.integers(1, 90), st.lists(st.integers(1, 40), min_size=1, max_size=9))
def test_how_rows_are_cut_into_blocks_changes_no_byte(tmp_path, width, height, cuts):
    pixels = smooth(width, height)
    parts: list[Any] = []
    top = 0
    while top < height:
        n = cuts[len(parts) % len(cuts)]
        parts.append(pixels[top : top + n])
        top += n
    one, many = tmp_path / "one.tif", tmp_path / "many.tif"
    write_pyramid(one, [pixels], (width, height), tile_px=16)
    write_pyramid(many, parts, (width, height), tile_px=16)
    assert one.read_bytes() == many.read_bytes()
    with tifffile.TiffFile(one) as file:
        assert file.series[0].shape == (height, width, 3)
        assert len(file.series) == 1
        last = file.series[0].levels[-1].shape
        assert max(last[:2]) <= 16 or min(last[:2]) == 1


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_halving_rounds_the_exact_mean_half_to_even(seed, height, width):
    rows = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    halved = slide_writing._halved(rows)
    exact = means(rows, (-(-width // 2), -(-height // 2))) if max(width, height) > 1 else rows
    np.testing.assert_array_equal(halved, np.rint(exact))


def test_one_colour_stays_itself_down_to_the_smallest_level(tmp_path):
    path = tmp_path / "slide.tif"
    write_pyramid(path, [np.full((300, 500, 3), 243, np.uint8)], (500, 300), tile_px=16)
    with tifffile.TiffFile(path) as file:
        assert len(file.series[0].levels) == 6
        assert all((level.asarray() == 243).all() for level in file.series[0].levels)


def test_tiles_at_the_edges_do_not_ring(tmp_path):
    path = tmp_path / "slide.tif"
    write_pyramid(path, [np.full((257, 259, 3), 250, np.uint8)], (259, 257))
    with Slide(path) as slide:
        assert (slide.read().pixels == 250).all()


def test_slides_that_may_outgrow_four_gigabytes_are_bigtiff(tmp_path, monkeypatch):
    monkeypatch.setattr(slide_writing, "_CLASSIC_BYTES", 1000)
    path = tmp_path / "slide.tif"
    write_pyramid(path, [smooth(40, 30)], (40, 30), tile_px=16)
    with tifffile.TiffFile(path) as file:
        assert file.is_bigtiff
        assert len(file.series[0].levels) == 3


def broken(pixels):
    yield pixels[:200]
    raise RuntimeError("the reader stopped")


@pytest.mark.parametrize(
    "rows",
    [
        lambda pixels: [pixels[:299]],
        lambda pixels: [pixels, pixels[:1]],
        lambda pixels: [pixels[:, :100]],
        lambda pixels: [pixels.astype(np.int32)],
        broken,
        lambda _: [],
    ],
)
def test_what_is_not_whole_leaves_the_old_file_and_nothing_else(tmp_path, rows):
    path = tmp_path / "slide.tif"
    path.write_bytes(b"old")
    with pytest.raises((ValueError, RuntimeError), match=r"rows|stopped"):
        write_pyramid(path, rows(smooth(400, 300)), (400, 300))
    assert [one.name for one in tmp_path.iterdir()] == ["slide.tif"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_cannot_be_made_is_the_users_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WrongUse):
        write_pyramid(tmp_path / "file" / "slide.tif", [smooth(40, 30)], (40, 30))


@pytest.mark.parametrize(
    "bad", [{"tile_px": 100}, {"quality": 0}, {"um_per_px": 0.0}, {"um_per_px": float("nan")}]
)
def test_arguments_out_of_range_are_refused(tmp_path, bad):
    with pytest.raises(ValueError, match=r"no slide|positive"):
        write_pyramid(tmp_path / "slide.tif", [smooth(40, 30)], (40, 30), **bad)


@pytest.mark.parametrize(
    ("layout", "size", "downsample"),
    [
        *(("pyramid", (1280, 768), n) for n in (1, 2, 4, 8)),  # sides that halve evenly
        *(("strips", (331, 207), n) for n in (1, 2, 3, 8, 100)),
        *(("one tile", (331, 207), n) for n in (1, 2, 3, 8, 100)),
    ],
)
def test_reduced_rows_are_the_whole_slide_at_that_scale(
    tmp_path, monkeypatch, layout, size, downsample
):
    monkeypatch.setattr(slide_writing, "_PIXELS", 3000)
    monkeypatch.setattr(slide_writing, "_COLUMNS", 150)
    path, pixels = tmp_path / "slide.tif", smooth(*size)
    if layout == "strips":
        tifffile.imwrite(path, pixels, rowsperstrip=13, photometric="rgb")
    else:
        tile_px = 64 if layout == "pyramid" else 512
        write_pyramid(path, [pixels], size, tile_px=tile_px)
    width, height = reduced_size(size, downsample)
    assert (width, height) == (size[0] // downsample, size[1] // downsample)
    with Slide(path) as slide:
        parts = list(reduced_rows(slide, downsample))
    assert [top for top, _ in parts] == list(np.cumsum([0, *(len(b) for _, b in parts[:-1])]))
    whole = np.concatenate([block for _, block in parts])
    covered = pixels[: height * downsample, : width * downsample].astype(float)
    exact = covered.reshape(height, downsample, width, downsample, 3).mean(axis=(1, 3))
    assert np.abs(whole - exact).mean() < (0.51 if layout == "strips" else 2)


def test_a_downsample_larger_than_the_slide_is_refused():
    with pytest.raises(ValueError, match="1/41"):
        reduced_size((50, 40), 41)


PEAK = """
import sys
import numpy as np
from pathlib import Path
from tamiz.formats.slide import Slide
from tamiz.formats.slide_writing import reduced_rows, reduced_size, write_pyramid

def peak_mib():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

folder, height = Path(sys.argv[1]), int(sys.argv[2])
row = np.arange(2048 * 3, dtype=np.uint32).reshape(1, 2048, 3) // 24
block = np.repeat(row.astype(np.uint8), 100, axis=0)
write_pyramid(folder / "long.tif", (block for _ in range(height // 100)), (2048, height))
with Slide(folder / "long.tif") as slide:
    blocks = (block for _, block in reduced_rows(slide, 2))
    write_pyramid(folder / "half.tif", blocks, reduced_size(slide.size_px, 2))
print(peak_mib())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_follow_the_height(tmp_path):
    def peak_mib(height):
        command = [sys.executable, "-c", PEAK, str(tmp_path), str(height)]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)

    short, long = peak_mib(1600), peak_mib(25_600)  # 9 and 150 MiB of pixels
    assert long - short < 25


@pytest.mark.shared_data
def test_a_real_slide_is_written_at_half_its_size(shared_data, tmp_path):
    source = shared_data / "slides" / "whole" / "cmu_small_region.svs"
    path = tmp_path / "half.tif"
    with Slide(source) as slide:
        size, spacing = reduced_size(slide.size_px, 2), slide.um_per_px or 0.0
        rows = (block for _, block in reduced_rows(slide, 2))
        write_pyramid(path, rows, size, um_per_px=2 * spacing)
        expected = slide.read(Region(0, 0, 2 * size[0], 2 * size[1]), size_px=size).pixels
    with Slide(path) as made:
        assert made.size_px == size
        assert made.um_per_px == pytest.approx(2 * spacing, rel=1e-6)
        assert np.abs(made.read().pixels.astype(int) - expected).mean() < 4
