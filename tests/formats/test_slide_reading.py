"""Reading slides: whatever the layout, a region at a size is the exact area average."""

from __future__ import annotations

from typing import Any

import numpy as np
import PIL.Image
import pytest
import tifffile
from hypothesis import example, given
from hypothesis import strategies as st
from tests.formats.slide_drawing import drawn, exact, grey_of, tissue_like, write

from tamiz.data.contracts import Policy
from tamiz.data.image import Region
from tamiz.formats.slide import Slide

W, H = 300, 210
LAYOUTS: dict[str, Any] = {
    "tiles": {},
    "strips": {"tile": None, "rowsperstrip": 7},
    "one strip": {"tile": None},
    "bigtiff": {"bigtiff": True},
    "big-endian": {"byteorder": ">"},
    "lzw": {"compression": "lzw"},
    "lzw strips": {"compression": "lzw", "tile": None, "rowsperstrip": 16},
    "deflate": {"compression": "zlib"},
    "deflate strips": {"compression": "zlib", "tile": None, "rowsperstrip": 16},
    "predictor": {"compression": "lzw", "predictor": 2},
    "jpeg 2000": {"compression": "jpeg2000"},
    "planes": {"planarconfig": "separate"},
    "planes, lzw": {"planarconfig": "separate", "compression": "lzw"},
    "wide tiles": {"tile": (16, 128)},
    "one tile": {"tile": (256, 304)},
}


@pytest.fixture(scope="module")
def pixels():
    return drawn(W, H)


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory):
    """A slide of 512 x 384 whose levels are exact means."""
    path = tmp_path_factory.mktemp("slides") / "pyramid.tif"
    whole = drawn(512, 384, seed=3)
    with tifffile.TiffWriter(path) as writer:
        for level in range(3):
            step = 2**level
            means = exact(whole, (0, 0, 512, 384), (512 // step, 384 // step))
            part = np.rint(means).astype(np.uint8)
            writer.write(part, photometric="rgb", tile=(64, 64), subfiletype=int(level > 0))
    return path, whole


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_region_at_any_size_is_the_exact_area_average(tmp_path, pixels, layout):
    stored = pixels.transpose(2, 0, 1) if "planes" in layout else pixels
    path = write(tmp_path / "a.tif", stored, **LAYOUTS[layout])
    with Slide(path, threads=2) as slide:
        assert slide.size_px == (W, H)
        assert (slide.read().pixels == pixels).all()
        for region, size in [((0, 0, W, H), (15, 11)), ((37, 5, 201, 199), (64, 63))]:
            made = slide.read(Region(*region), size_px=size).pixels
            assert np.abs(made - exact(pixels, region, size)).max() < 0.5 + 1e-3
            grey = slide.read(Region(*region), size_px=size, is_grey=True).pixels[..., 0]
            assert np.abs(grey - grey_of(exact(pixels, region, size))).max() < 0.5 + 1e-3


regions = st.tuples(
    st.integers(0, W - 1), st.integers(0, H - 1), st.integers(1, W), st.integers(1, H)
)


@pytest.fixture(scope="module")
def tiled(tmp_path_factory, pixels):
    return write(tmp_path_factory.mktemp("slides") / "tiled.tif", pixels, compression="zlib")


@given(regions, st.integers(1, W), st.integers(1, H))
@example((0, 0, W, H), 1, 1)
@example((W - 1, H - 1, 1, 1), 1, 1)
@example((63, 63, 66, 66), 65, 33)
def test_any_region_at_any_size_agrees_with_numpy(tiled, pixels, region, across, down):
    x, y, width, height = region
    region = x, y, min(width, W - x), min(height, H - y)
    size = min(across, region[2]), min(down, region[3])
    with Slide(tiled, threads=1) as slide:
        made = slide.read(Region(*region), size_px=size).pixels
    assert made.shape == (size[1], size[0], 3)
    assert np.abs(made - exact(pixels, region, size)).max() < 0.5 + 1e-3


@given(st.lists(regions, min_size=1, max_size=9), st.integers(1, 70), st.booleans())
def test_tiles_are_what_read_gives(tiled, many, side, is_grey):
    places = [(x, y, min(w, W - x), min(h, H - y)) for x, y, w, h in many]
    with Slide(tiled, threads=2) as slide:
        made = list(slide.tiles(np.array(places), side, is_grey=is_grey))
        assert len(made) == len(places)
        for place, tile in zip(places, made, strict=True):
            assert tile.shape == (side, side, 1 if is_grey else 3)
            if min(place[2:]) >= side:
                read = slide.read(Region(*place), size_px=(side, side), is_grey=is_grey)
                assert (tile == read.pixels).all()


@pytest.mark.parametrize("how", [{"compression": "jpeg"}, {"compression": "lzw"}])
def test_tiles_in_scan_order_are_what_read_gives(tmp_path, how):
    path = write(tmp_path / "a.tif", tissue_like(512, 384), **how)
    with Slide(path, threads=2) as slide:
        for side, size in [(32, 32), (64, 64), (128, 32), (50, 24), (100, 40)]:
            places = np.array([(x, y, side, side) for y in (0, 50, 200) for x in range(0, 400, 50)])
            for place, tile in zip(places, slide.tiles(places, size), strict=True):
                read = slide.read(Region(*map(int, place)), size_px=(size, size)).pixels
                assert (tile == read).all()


def test_a_region_smaller_than_its_tile_is_enlarged(tiled, pixels):
    with Slide(tiled) as slide:
        (tile,) = slide.tiles(np.array([[10, 20, 8, 8]]), 16)
    assert (tile == pixels[20:28, 10:18].repeat(2, axis=0).repeat(2, axis=1)).all()


def test_tiles_that_are_kept_do_not_change_while_others_are_read(tmp_path):
    whole = tissue_like(1024, 256)
    path = write(tmp_path / "a.tif", whole, tile=(64, 64), compression="jpeg")
    places = np.array([(x, y, 64, 64) for y in range(0, 256, 64) for x in range(0, 1024, 64)])
    with Slide(path, threads=2) as slide:
        kept = list(slide.tiles(places, 64))
        full = slide.read().pixels
    for (x, y, _, _), tile in zip(places, kept, strict=True):
        assert (tile == full[y : y + 64, x : x + 64]).all()


def test_tiles_of_no_regions_are_none(tiled):
    with Slide(tiled) as slide:
        assert list(slide.tiles(np.empty((0, 4), dtype=np.int64), 16)) == []


def test_reading_is_the_same_with_any_number_of_threads(tiled):
    made = []
    for threads in (1, 2, 3):
        with Slide(tiled, threads=threads) as slide:
            made.append(slide.read(size_px=(37, 29)).pixels)
    assert (made[0] == made[1]).all()
    assert (made[0] == made[2]).all()


def test_rows_of_blocks_are_told_as_they_are_done(tiled):
    told = []
    with Slide(tiled) as slide:
        slide.read(size_px=(30, 21), on_row=lambda done, n: told.append((done, n)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_level_of_the_pyramid_is_used_and_small_pictures_are_left_out(pyramid):
    path, whole = pyramid
    with Slide(path) as slide:
        assert [level.downsample for level in slide.levels] == [1.0, 2.0, 4.0]
        made = slide.read(size_px=(64, 48)).pixels
        assert np.abs(made - exact(whole, (0, 0, 512, 384), (64, 48))).max() < 1.1
        part = slide.read(Region(101, 53, 200, 120), size_px=(50, 30)).pixels
        apart = np.abs(part - exact(whole, (101, 53, 200, 120), (50, 30)))
        assert apart.mean() < 2  # it begins within a pixel of its level; a pixel off would be 20


def test_sides_that_do_not_halve_evenly_still_make_whole_levels(tmp_path):
    path = tmp_path / "odd.tif"
    with tifffile.TiffWriter(path) as writer:
        for level, (width, height) in enumerate([(333, 255), (166, 127), (83, 63)]):
            how: Any = {"photometric": "rgb", "tile": (64, 64), "subfiletype": int(level > 0)}
            writer.write(drawn(width, height), **how)
    with Slide(path) as slide:
        assert [level.downsample for level in slide.levels] == [1.0, 2.0, 4.0]
        assert slide.read(size_px=(83, 64)).pixels.shape == (64, 83, 3)


@pytest.mark.parametrize(
    ("how", "colours"),
    [
        ({"compression": "jpeg"}, "YCbCr"),
        ({"compression": "jpeg", "subsampling": (1, 1)}, "YCbCr, all of it"),
        ({"compression": "jpeg", "compressionargs": {"outcolorspace": "rgb"}}, "RGB"),
    ],
)
def test_jpeg_at_5_percent_differs_by_less_than_a_grey_level_on_average(tmp_path, how, colours):
    whole = tissue_like(1280, 960)
    path = write(tmp_path / "a.tif", whole, tile=(256, 256), **how)
    with Slide(path) as slide:
        full = slide.read().pixels
        assert np.abs(full.astype(int) - whole).mean() < 6, colours
        size = round(slide.size_px[0] * 0.05), round(slide.size_px[1] * 0.05)
        made = slide.read(size_px=size).pixels
        apart = np.abs(made - exact(full, (0, 0, 1280, 960), size))
        assert apart.mean() < 1
        assert apart.max() < 12
        grey = slide.read(size_px=size, is_grey=True).pixels[..., 0]
        assert np.abs(grey - grey_of(exact(full, (0, 0, 1280, 960), size))).mean() < 1


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_jpeg_at_a_whole_fraction_is_the_average_but_for_rounding(tmp_path, factor):
    path = write(
        tmp_path / "a.tif", tissue_like(512, 384)[..., :1].repeat(3, axis=2), compression="jpeg"
    )
    with Slide(path) as slide:
        full = slide.read().pixels
        size = 512 // factor, 384 // factor
        made = slide.read(size_px=size, is_grey=True).pixels[..., 0]
        apart = np.abs(made - grey_of(exact(full, (0, 0, 512, 384), size)))
    assert apart.mean() < 1


def test_grey_pixels_are_read_as_they_are_and_repeated_for_colour(tmp_path):
    whole = drawn(200, 150, channels=1)[..., 0]
    for name, how in {
        "a": {},
        "b": {"compression": "jpeg", "compressionargs": {"level": 95}},
    }.items():
        path = write(tmp_path / f"{name}.tif", whole, photometric="minisblack", **how)
        with Slide(path) as slide:
            grey = slide.read(is_grey=True).pixels
            assert grey.shape == (150, 200, 1)
            assert np.abs(grey[..., 0].astype(int) - whole).mean() < 3
            assert (slide.read().pixels == grey).all()
            assert slide.read(size_px=(10, 10)).pixels.shape == (10, 10, 3)


def test_white_is_zero_is_turned_over(tmp_path):
    whole = drawn(100, 80, channels=1)[..., 0]
    path = write(tmp_path / "a.tif", whole, photometric="miniswhite")
    with Slide(path) as slide:
        assert (slide.read(is_grey=True).pixels[..., 0] == 255 - whole).all()


def test_sixteen_bits_become_eight(tmp_path):
    whole = drawn(100, 80).astype(np.uint16) * 257
    path = write(tmp_path / "a.tif", whole, compression="zlib")
    with Slide(path) as slide:
        assert (slide.read().pixels == whole // 257).all()


def test_a_palette_becomes_its_colours(tmp_path):
    index = drawn(100, 80, channels=1)[..., 0]
    colours = np.random.default_rng(1).integers(0, 256, (3, 256)).astype(np.uint16)
    path = write(tmp_path / "a.tif", index, photometric="palette", colormap=colours * 257)
    with Slide(path) as slide:
        assert (slide.read().pixels == colours[:, index].transpose(1, 2, 0)).all()
        assert slide.read(is_grey=True).pixels.shape == (80, 100, 1)


def test_ink_becomes_red_green_blue(tmp_path):
    ink = drawn(100, 80, channels=4)
    path = write(tmp_path / "a.tif", ink, photometric="separated")
    with Slide(path) as slide:
        wanted = np.asarray(PIL.Image.fromarray(ink, "CMYK").convert("RGB"))
        assert (slide.read().pixels == wanted).all()


def test_what_is_transparent_shows_the_background(tmp_path):
    whole = drawn(100, 80, channels=4)
    whole[:40, :, 3], whole[40:, :, 3] = 0, 255
    path = write(tmp_path / "a.tif", whole, extrasamples=["unassalpha"])
    with Slide(path, Policy(background="grey")) as slide:
        made = slide.read().pixels
    assert (made[:40] == 128).all()
    assert (made[40:] == whole[40:, :, :3]).all()


def test_real_values_need_a_declared_range(tmp_path):
    whole = np.linspace(0, 1, 100 * 80, dtype=np.float32).reshape(80, 100)
    path = write(tmp_path / "a.tif", whole, photometric="minisblack")
    with Slide(path, Policy(value_range=(0.0, 1.0))) as slide:
        assert slide.read(is_grey=True).pixels[-1, -1, 0] == 255


SPACINGS: dict[str, Any] = {
    "nothing said": ({}, None),
    "resolution of a scanner": (
        {"resolution": (40000, 40000), "resolutionunit": "centimeter"},
        0.25,
    ),
    "a printer's 72 dpi": ({"resolution": (72, 72), "resolutionunit": "inch"}, None),
    "no unit": ({"resolution": (40000, 40000), "resolutionunit": "none"}, None),
    "Aperio": (
        {"description": "Aperio Image Library v1\r\n300x210 |AppMag = 20|MPP = 0.499"},
        0.499,
    ),
    "uneven": ({"resolution": (40000, 20000), "resolutionunit": "centimeter"}, None),
}


@pytest.mark.parametrize("case", SPACINGS)
def test_spacing_is_what_the_file_says_and_never_guessed(tmp_path, pixels, case):
    how, wanted = SPACINGS[case]
    with Slide(write(tmp_path / "a.tif", pixels, **how)) as slide:
        assert slide.um_per_px == (None if wanted is None else pytest.approx(wanted, rel=1e-3))
        image = slide.read(size_px=(150, 105))
        half = None if wanted is None else pytest.approx((2 * wanted, 2 * wanted), rel=1e-3)
        assert image.um_per_px == half


def test_an_ome_slide_has_its_levels_and_its_spacing(tmp_path):
    path = tmp_path / "a.ome.tif"
    whole = drawn(256, 192)
    said = {"axes": "YXS", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.5}
    with tifffile.TiffWriter(path, ome=True) as writer:
        how: Any = {"photometric": "rgb", "tile": (64, 64)}
        writer.write(whole, subifds=1, metadata=said, **how)
        writer.write(whole[::2, ::2], subfiletype=1, **how)
    with Slide(path) as slide:
        assert slide.um_per_px == 0.5
        assert [level.downsample for level in slide.levels] == [1.0, 2.0]
        assert (slide.read().pixels == whole).all()


def test_a_thumbnail_keeps_the_proportions(tiled):
    with Slide(tiled) as slide:
        assert slide.thumbnail(100).size_px == (100, 70)
        assert slide.thumbnail(10_000).size_px == (W, H)
