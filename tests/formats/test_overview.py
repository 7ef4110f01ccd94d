"""Slides among images: an overview of the whole, parts as the full decode's own pixels."""

from __future__ import annotations

import copy
import io
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import PIL.Image
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from tests.stages.slide_drawing import drawn, save_slide

from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Region
from tamiz.formats import slide_opening
from tamiz.formats.overview import OpenSlides, squared
from tamiz.formats.reader import Reader
from tamiz.formats.regions import with_region
from tamiz.inputs.find import find_images

WIDTH, HEIGHT = 300, 200
SMALL = Policy(max_megapixels=0.05, overview_px=96)  # 300 x 200 px are a slide already
FLOATS = Policy(value_range=(0, 255))


def _tiff(**how):
    def write(path, pixels):
        tifffile.imwrite(path, how.pop("pixels", lambda p: p)(pixels), metadata=None, **how)

    return write


def _pillow(mode="RGB", **how):
    return lambda path, pixels: PIL.Image.fromarray(pixels).convert(mode).save(path, **how)


def _turned(number):
    exif = PIL.Image.Exif()
    exif[274] = number
    return exif


KINDS = {
    "strips.tif": _tiff(photometric="rgb", rowsperstrip=16, compression="lzw"),
    "tiles.tif": _tiff(photometric="rgb", tile=(64, 64), compression="deflate", predictor=True),
    "jpeg.tif": _tiff(photometric="ycbcr", tile=(64, 64), compression="jpeg", subsampling=(2, 2)),
    "jp2.tif": _tiff(photometric="rgb", tile=(64, 64), compression="jpeg2000"),
    "planes.tif": _tiff(
        photometric="rgb", planarconfig="separate", pixels=lambda p: np.moveaxis(p, 2, 0).copy()
    ),
    "big.tif": _tiff(photometric="rgb", bigtiff=True),
    "deep.tif": _tiff(photometric="rgb", pixels=lambda p: p.astype(np.uint16) * 257),
    "alpha.tif": _tiff(
        photometric="rgb", extrasamples=["unassalpha"], pixels=lambda p: np.dstack([p, p[..., 0]])
    ),
    "grey.tif": _tiff(photometric="minisblack", pixels=lambda p: p[..., 0].copy()),
    "negative.tif": _tiff(photometric="miniswhite", pixels=lambda p: p[..., 0].copy()),
    "float.tif": _tiff(photometric="minisblack", pixels=lambda p: p[..., 0].astype(np.float32)),
    "turned3.tif": _tiff(photometric="rgb", tile=(64, 64), extratags=[(274, 3, 1, 3, True)]),
    "turned6.tif": _tiff(photometric="rgb", extratags=[(274, 3, 1, 6, True)]),
    "cmyk.tif": _pillow("CMYK"),
    "photo.jpg": _pillow(),
    "turned6.jpg": _pillow(exif=_turned(6)),
    "palette.png": _pillow("P"),
    "photo.png": _pillow(),
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    pixels = drawn(WIDTH, HEIGHT)
    for name, write in KINDS.items():
        write(folder / name, pixels)
    return folder


@pytest.mark.parametrize("name", KINDS)
def test_a_part_is_the_same_slice_of_the_full_decode(kinds, name):
    with Reader(kinds, FLOATS) as reader:
        full = reader.read(name).pixels.astype(int)
        height, width = full.shape[:2]
        for x, y, w, h in ((0, 0, width, height), (51, 33, 97, 120), (width - 1, height - 1, 1, 1)):
            part = reader.read(with_region(name, Region(x, y, w, h))).pixels
            assert part.shape[:2] == (h, w)
            assert (part == full[y : y + h, x : x + w]).all()  # grey ones alike in all channels


@given(st.data())
def test_any_part_of_a_tiled_slide_is_its_slice(kinds, data):
    x, y = data.draw(st.integers(0, WIDTH - 1)), data.draw(st.integers(0, HEIGHT - 1))
    w, h = data.draw(st.integers(1, WIDTH - x)), data.draw(st.integers(1, HEIGHT - y))
    with Reader(kinds, Policy()) as reader:
        full = reader.read("tiles.tif").pixels
        part = reader.read(with_region("tiles.tif", Region(x, y, w, h))).pixels
    assert (part == full[y : y + h, x : x + w]).all()


@pytest.mark.parametrize("name", ["tiles.tif", "turned6.tif", "photo.jpg", "photo.png"])
@pytest.mark.parametrize("side_px", [1, 16, 40, 80, 99])
def test_a_part_is_read_as_a_square_of_the_asked_side_even_where_that_is_more(kinds, name, side_px):
    with Reader(kinds, Policy()) as reader:
        part = reader.read(with_region(name, Region(90, 60, 80, 80), side_px))
    assert part.pixels.shape == (side_px, side_px, 3)
    assert part.pixels.dtype == np.uint8


@pytest.mark.parametrize("name", ["tiles.tif", "photo.png"])
def test_a_smaller_part_is_the_average_of_areas(kinds, name):
    with Reader(kinds, Policy()) as reader:
        full = reader.read(name).pixels[40:168, 64:192].astype(float)
        part = reader.read(with_region(name, Region(64, 40, 128, 128), 32)).pixels
    exact = full.reshape(32, 4, 32, 4, 3).mean(axis=(1, 3))
    assert np.abs(part - exact).max() <= 1


@pytest.mark.parametrize(
    "name", ["tiles.tif", "strips.tif", "photo.jpg", "photo.png", "turned6.tif"]
)
@pytest.mark.parametrize("at", [(290, 0, 20, 20), (0, 290, 20, 20), (400, 400, 1, 1)])
def test_a_part_beyond_the_edge_is_unreadable_and_says_so(kinds, name, at):
    wanted = with_region(name, Region(*at), 16)
    with Reader(kinds, Policy()) as reader:
        for read in (reader.read, reader.look, reader.examine):
            with pytest.raises(UnreadableItem) as error:
                read(wanted)
            assert error.value.where == wanted  # the part, and no path of the machine
            assert "beyond" in error.value.reason


def test_parts_of_what_is_missing_empty_or_no_image_are_unreadable_with_a_reason(tmp_path):
    (tmp_path / "empty.tif").write_bytes(b"")
    (tmp_path / "words.tif").write_text("no image at all")
    (tmp_path / "cut.tif").write_bytes(
        save_slide(tmp_path / "a.tif", drawn(300, 200)).read_bytes()[:999]
    )
    with Reader(tmp_path, Policy()) as reader:
        for name in ("gone.tif", "empty.tif", "words.tif", "cut.tif"):
            with pytest.raises(UnreadableItem) as error:
                reader.read(with_region(name, Region(0, 0, 9, 9)))
            assert error.value.reason
            assert str(tmp_path) not in str(error.value)


def test_examining_a_part_tells_what_is_read_and_tells_parts_apart(kinds):
    one, other = (with_region("tiles.tif", Region(x, 40, 128, 64), 32) for x in (0, 64))
    with Reader(kinds, Policy()) as reader:
        found, second = reader.examine(one), reader.examine(other)
        whole = reader.examine("tiles.tif")
        assert reader.examine(one) == found
    assert (found.width_px, found.height_px, found.channels) == (32, 32, 3)
    assert found.bits == 8
    assert found.n_frames == 1
    assert (whole.width_px, whole.height_px) == (WIDTH, HEIGHT)
    assert len({found.content_sha256, second.content_sha256, whole.content_sha256}) == 3


@pytest.mark.parametrize(
    ("name", "format_"), [("photo.jpg", "JPEG"), ("photo.png", "PNG"), ("tiles.tif", "TIFF")]
)
def test_the_format_of_a_part_is_that_of_its_file(kinds, name, format_):
    with Reader(kinds, Policy()) as reader:
        assert reader.examine(with_region(name, Region(0, 0, 9, 9))).format == format_


def test_parts_inside_an_archive_are_read_too(tmp_path):
    pixels = drawn(60, 50)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("b/c.png", "b/c.tif"):
            opened = io.BytesIO()
            PIL.Image.fromarray(pixels).save(opened, "PNG" if name.endswith("png") else "TIFF")
            archive.writestr(name, opened.getvalue())
    with Reader(tmp_path, Policy()) as reader:
        for name in ("b/c.png", "b/c.tif"):
            part = reader.read(with_region(f"a.zip!/{name}", Region(10, 20, 30, 20))).pixels
            assert (part == pixels[20:40, 10:40]).all()


@pytest.mark.parametrize(
    "name", ["a b.tif", "ñandú/é.tif", "a#b.tif", "a&px=3.tif", "a,b;c.tif", "%41.tif", "a!/b.tif"]
)
def test_parts_of_files_with_odd_names_are_read(tmp_path, name):
    pixels = drawn(300, 200)
    save_slide(tmp_path / name, pixels)
    with Reader(tmp_path, Policy()) as reader:
        part = reader.read(with_region(name, Region(7, 9, 30, 40))).pixels
    assert (part == pixels[9:49, 7:37]).all()


def test_a_file_named_like_a_part_is_read_as_the_file_it_is(tmp_path):
    odd = "a.tif#xywh=0,0,10,10"
    save_slide(tmp_path / "a.tif", drawn(300, 200))
    save_slide(tmp_path / odd, drawn(60, 40))
    with Reader(tmp_path, Policy()) as reader:
        assert reader.read(odd).size_px == (60, 40)
        assert reader.read(f"{odd}#xywh=0,0,5,4").size_px == (5, 4)


# Overviews


def test_a_tiff_above_the_limit_is_an_overview_by_area_averaging(tmp_path):
    pixels = drawn(384, 256)
    save_slide(tmp_path / "a.tif", pixels, um_per_px=0.5)
    with Reader(tmp_path, SMALL) as reader:
        image = reader.read("a.tif")
        examined = reader.examine("a.tif")
        assert (reader.look("a.tif").pixels == image.pixels).all()
        assert (reader.read(with_region("a.tif", Region(0, 0, 384, 256))).pixels == pixels).all()
    assert image.pixels.shape == (64, 96, 3)
    exact = pixels.reshape(64, 4, 96, 4, 3).mean(axis=(1, 3))
    assert np.abs(image.pixels - exact).max() <= 1
    assert image.um_per_px == pytest.approx((2.0, 2.0))
    assert (examined.width_px, examined.height_px) == (384, 256)


def test_other_pictures_above_the_limit_are_still_refused(tmp_path):
    PIL.Image.fromarray(drawn(384, 256)).save(tmp_path / "a.jpg")
    with Reader(tmp_path, SMALL) as reader, pytest.raises(UnreadableItem) as error:
        reader.read("a.jpg")
    assert "max_megapixels" in error.value.reason


def test_a_slide_inside_an_archive_says_that_it_must_be_unpacked(tmp_path):
    save_slide(tmp_path / "a.tif", drawn(384, 256))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.tif", "a.tif")
    with Reader(tmp_path, SMALL) as reader, pytest.raises(UnreadableItem) as error:
        reader.read("a.zip!/a.tif")
    assert "unpack" in error.value.reason


def test_a_slide_cut_short_is_unreadable_not_half_a_picture(tmp_path):
    content = save_slide(tmp_path / "a.tif", drawn(768, 512), compression="jpeg").read_bytes()
    (tmp_path / "a.tif").write_bytes(content[: len(content) * 2 // 3])
    with Reader(tmp_path, SMALL) as reader, pytest.raises(UnreadableItem):
        reader.examine("a.tif")


def test_many_slides_read_in_turn_by_many_threads_stay_right_and_few_stay_open(tmp_path):
    pixels = [drawn(300, 200, seed=number) for number in range(7)]
    for number, one in enumerate(pixels):
        save_slide(tmp_path / f"{number}.tif", one)
    jobs = [(number, 11 * at % 200, 7 * at % 150) for at in range(12) for number in range(7)]
    with Reader(tmp_path, Policy()) as reader, ThreadPoolExecutor(4) as pool:
        made = pool.map(
            lambda job: (
                reader.read(with_region(f"{job[0]}.tif", Region(job[1], job[2], 50, 50))).pixels
            ),
            jobs,
        )
        for (number, x, y), part in zip(jobs, made, strict=True):
            assert (part == pixels[number][y : y + 50, x : x + 50]).all()
        assert len(reader._slides._open) <= 4


def test_a_reader_that_has_slides_open_may_be_sent_to_another_process(kinds):
    wanted = with_region("tiles.tif", Region(5, 6, 20, 30))
    with Reader(kinds, Policy()) as reader:
        first = reader.read(wanted).pixels
        with copy.copy(reader) as sent:  # as a process gets it: without what is open
            assert (sent.read(wanted).pixels == first).all()


def test_closed_slides_are_opened_again_when_asked_for(kinds):
    slides = OpenSlides(Policy())
    place, region = str(kinds / "tiles.tif"), Region(0, 0, 8, 8)
    first = slides.read(place, region, None).pixels
    slides.close()
    assert (slides.read(place, region, None).pixels == first).all()
    slides.close()


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]))
def test_squaring_keeps_channels_type_range_and_the_size_of_what_is_seen(width, height, side_px, n):
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, n)).astype(np.uint8)
    made = squared(Image(pixels, um_per_px=(0.5, 0.25)), side_px)
    assert made.pixels.shape == (side_px, side_px, n)
    assert made.pixels.dtype == np.uint8
    assert pixels.min() <= made.pixels.min() <= made.pixels.max() <= pixels.max()
    assert made.um_per_px == pytest.approx((0.5 * width / side_px, 0.25 * height / side_px))


def test_squaring_keeps_values_that_are_no_colours():
    made = squared(Image(np.full((4, 6, 3), -1000.5, np.float32)), 2)
    assert made.pixels.dtype == np.float32
    assert (made.pixels == -1000.5).all()


def test_a_long_tiled_tiff_is_a_slide_and_a_long_striped_one_no_photo(tmp_path):
    stored = np.full((2200, 100), 90, np.uint8)
    tifffile.imwrite(tmp_path / "slide.tif", stored, tile=(64, 64), compression="zlib")
    tifffile.imwrite(tmp_path / "strip.tif", stored)
    with Reader(tmp_path, Policy(overview_px=550)) as reader:
        assert reader.read("slide.tif").pixels.shape == (550, 25, 1)
        with pytest.raises(UnreadableItem, match="longer than max_aspect"):
            reader.read("strip.tif")


@pytest.mark.parametrize("name", ["a.mrxs", "a.czi", "a.svslide"])
def test_what_openslide_alone_reads_is_no_photo_and_names_what_to_install(
    tmp_path, monkeypatch, name
):
    PIL.Image.fromarray(drawn(40, 30)).save(tmp_path / "preview.jpg")
    (tmp_path / "preview.jpg").rename(tmp_path / name)  # a MIRAX slide begins like this
    monkeypatch.setitem(sys.modules, "openslide", None)
    monkeypatch.setattr(slide_opening, "find_spec", lambda _name: None)
    assert find_images(tmp_path).manifest.column("path") == [name]
    with Reader(tmp_path, SMALL) as reader:
        for read in (reader.read, reader.look, reader.examine):
            with pytest.raises(UnreadableItem, match=r"pip install 'tamiz\[slides\]'"):
                read(name)
