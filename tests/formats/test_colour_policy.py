"""What pixels become: the colour policy, case by case, on pictures whose truth is known."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.data.image import Region
from tamiz.formats.photo import Photo
from tamiz.formats.pixels import composite, deep_to_bytes
from tamiz.formats.reader import Reader, policy_from
from tamiz.testing.pictures import deep_png, draw, encode, tiff, with_orientation


@pytest.fixture
def read(tmp_path):
    """Return a function: the pixels of a file with this content."""

    def read_content(content, name="a.bin", **policy):
        (tmp_path / name).write_bytes(content)
        with Reader(tmp_path, Policy(**policy)) as reader:
            image = reader.read(name)
            reader.examine(name)  # what can be read can be examined
        assert image.pixels.dtype == np.uint8
        assert image.pixels.flags.c_contiguous
        return image.pixels

    return read_content


def saved(picture: PIL.Image.Image, kind: str = "PNG", **options) -> bytes:
    opened = io.BytesIO()
    picture.save(opened, kind, **options)
    return opened.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_stays_one_channel_and_exact(read, kind):
    truth = draw(1, channels=1)
    assert (read(encode(truth, kind)) == truth).all()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_colour_has_three_channels_and_is_exact(read, kind):
    truth = draw(2, channels=3)
    assert (read(encode(truth, kind)) == truth).all()


def test_lossless_webp_is_exact(read):
    truth = draw(3)
    assert (read(encode(truth, "WEBP", lossless=True)) == truth).all()


def test_jpeg_is_what_pillow_decodes(read):
    content = encode(draw(4), "JPEG", quality=80)
    assert (read(content) == np.asarray(PIL.Image.open(io.BytesIO(content)))).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_exif_turned_files_give_equal_pixels(read, orientation, kind):
    truth = draw(5, size_px=(24, 16))
    options = {"lossless": True} if kind == "WEBP" else {}
    assert options is not None
    content = with_orientation(truth, orientation, kind)
    pixels = read(content)
    assert pixels.shape == truth.shape
    if kind != "WEBP":
        assert (pixels == truth).all()


def test_a_turned_jpeg_keeps_its_upright_size_in_the_facts(tmp_path):
    (tmp_path / "a.jpg").write_bytes(with_orientation(draw(6, (24, 16)), 6, "JPEG"))
    with Reader(tmp_path, Policy()) as reader:
        examined = reader.examine("a.jpg")
        assert reader.read("a.jpg").size_px == (24, 16)
    assert (examined.width_px, examined.height_px) == (24, 16)


@pytest.mark.parametrize(("background", "grey"), [("white", 255), ("black", 0), ("grey", 128)])
def test_a_hidden_colour_shows_the_background(read, background, grey):
    rgba = np.full((4, 4, 4), 77, np.uint8)
    rgba[..., 3] = 0
    assert (read(encode(rgba), background=background) == grey).all()


@given(
    arrays.arrays(np.uint8, (3, 3, 3)),
    arrays.arrays(np.uint8, (3, 3)),
    st.sampled_from(["white", "black", "grey"]),
)
def test_compositing_is_the_rounded_mean_of_colour_and_background(colour, alpha, background):
    back = {"white": 255, "black": 0, "grey": 128}[background]
    share = alpha[..., None] / 255
    exact = colour * share + back * (1 - share)
    made = composite(colour, alpha, Policy(background=background))
    assert np.abs(made - exact).max() <= 0.5 + 1e-9


def test_grey_with_alpha_stays_grey(read):
    stored = np.dstack([np.full((4, 4), 100), np.full((4, 4), 51)]).astype(np.uint8)
    content = saved(PIL.Image.fromarray(stored, "LA"))
    pixels = read(content)
    assert pixels.shape == (4, 4, 1)
    assert (pixels == round((100 * 51 + 255 * 204) / 255)).all()


def test_a_palette_becomes_rgb(read):
    picture = PIL.Image.new("P", (4, 4), 1)
    picture.putpalette([0, 0, 0, 10, 20, 30])
    assert (read(saved(picture)) == [10, 20, 30]).all()


def test_a_transparent_palette_entry_shows_the_background(read):
    picture = PIL.Image.new("P", (4, 4), 1)
    picture.putpalette([0, 0, 0, 10, 20, 30])
    picture.putpixel((2, 0), 0)
    pixels = read(saved(picture, transparency=1), background="grey")
    assert (pixels[0, 0] == 128).all()
    assert (pixels[0, 2] == 0).all()


def test_a_transparent_grey_level_shows_the_background(read):
    picture = PIL.Image.fromarray(np.array([[7, 9]], np.uint8))
    assert read(saved(picture, transparency=7), background="black").tolist() == [[[0], [9]]]


def test_one_bit_becomes_black_and_white(read):
    picture = PIL.Image.fromarray(np.array([[0, 255], [255, 0]], np.uint8)).convert("1")
    for kind in ("PNG", "TIFF", "BMP"):
        assert read(saved(picture, kind))[..., 0].tolist() == [[0, 255], [255, 0]]


def test_cmyk_becomes_rgb_as_pillow_does(read):
    ink = PIL.Image.fromarray(draw(7, channels=4), "CMYK")
    for kind in ("TIFF", "JPEG"):
        content = saved(ink, kind)
        truth = np.asarray(PIL.Image.open(io.BytesIO(content)).convert("RGB"))
        assert (read(content) == truth).all()


DEEP = (np.arange(256, dtype=np.uint32).reshape(16, 16) * 257).astype(np.uint16)


def test_sixteen_bit_grey_is_scaled_not_clipped(read):
    for content in (deep_png(DEEP), tiff(DEEP)):
        assert (read(content)[..., 0] == np.arange(256).reshape(16, 16)).all()


def test_sixteen_bit_colour_is_scaled_like_grey(read):
    colour = np.dstack([DEEP, DEEP[::-1], DEEP.T])
    for content in (deep_png(colour), tiff(colour, photometric="rgb")):
        assert (read(content) == (colour // 257)).all()


def test_sixteen_bit_alpha_is_composited(read):
    stored = np.zeros((2, 2, 4), np.uint16)
    assert (read(deep_png(stored), background="grey") == 128).all()


@given(arrays.arrays(np.uint16, (4, 4)))
def test_deep_values_are_rounded_to_the_nearest_byte(stored):
    assert (deep_to_bytes(stored) == np.rint(stored / 257)).all()


def test_twelve_bit_values_reach_white(read):
    stored = np.array([[0, 2048, 4095]] * 4, np.uint16)
    assert deep_to_bytes(stored, 12)[0].tolist() == [0, 128, 255]


def test_float_without_a_range_is_refused_with_its_values(read):
    with pytest.raises(UnreadableItem, match=r"float32, from|float32 from -3 to 7"):
        read(tiff(np.linspace(-3, 7, 16, dtype=np.float32).reshape(4, 4)))


def test_float_with_a_range_is_scaled_and_clipped(read):
    stored = np.array([[-5, 0, 5, 10, 99]] * 2, np.float32)
    pixels = read(tiff(stored), value_range=(0.0, 10.0))
    assert pixels[0, :, 0].tolist() == [0, 0, 128, 255, 255]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_refused_with_its_position(read, bad):
    stored = np.zeros((6, 8), np.float32)
    stored[4, 3] = bad
    with pytest.raises(UnreadableItem, match="x = 3, y = 4 is NaN or infinite"):
        read(tiff(stored), value_range=(0.0, 1.0))


def test_thirty_two_bit_integers_need_a_range(read):
    stored = np.array([[0, 1000]] * 2, np.int32)
    with pytest.raises(UnreadableItem, match="value_range"):
        read(tiff(stored))
    assert read(tiff(stored), value_range=(0.0, 1000.0))[0, :, 0].tolist() == [0, 255]


def test_of_an_animation_the_first_frame_is_read_and_the_number_told(tmp_path, read):
    frames = [PIL.Image.fromarray(draw(seed, channels=1)[..., 0]) for seed in range(3)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read(content, "a.gif").shape[:2] == (16, 24)
    with Reader(tmp_path, Policy()) as reader:
        assert reader.facts("a.gif")["frames"] == "3"
        assert reader.examine("a.gif").n_frames == 3


def test_of_a_many_page_tiff_the_first_page_is_read(tmp_path, read):
    truth = draw(8)
    pages = [PIL.Image.fromarray(truth), PIL.Image.fromarray(draw(9))]
    content = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert (read(content, "a.tif") == truth).all()
    with Reader(tmp_path, Policy()) as reader:
        assert reader.facts("a.tif")["frames"] == "2"


def test_min_is_white_is_turned_round(read):
    stored = np.array([[0, 255]] * 2, np.uint8)
    assert read(tiff(stored, photometric="miniswhite"))[0, :, 0].tolist() == [255, 0]


@pytest.mark.parametrize("photometric", ["ycbcr", "cielab"])
def test_colours_that_no_decoder_here_turns_into_rgb_are_refused(read, photometric):
    with pytest.raises(UnreadableItem, match=r"cannot be turned into RGB|damaged"):
        read(tiff(np.dstack([DEEP] * 3), photometric=photometric))


def test_planes_one_after_the_other_become_channels(read):
    colour = np.dstack([DEEP, DEEP[::-1], DEEP.T])
    planar = tiff(np.moveaxis(colour, -1, 0), photometric="rgb", planarconfig="separate")
    assert (read(planar) == colour // 257).all()


@given(st.integers(0, 20), st.integers(0, 12), st.integers(1, 4), st.integers(1, 4))
def test_a_region_is_the_cropped_whole(x, y, width, height):
    truth = draw(10, size_px=(24, 16))
    source = Photo.open("a.png", encode(truth), Policy())
    pixels = source.read(Region(x, y, width, height)).pixels
    assert (pixels == truth[y : y + height, x : x + width]).all()


def test_a_region_outside_is_refused():
    source = Photo.open("a.png", encode(draw(11, (24, 16))), Policy())
    with pytest.raises(UnreadableItem, match="beyond the 24 x 16"):
        source.read(Region(20, 0, 5, 5))


def test_value_range_is_two_numbers():
    assert policy_from(DataOptions(value_range="-1000, 400.5")).value_range == (-1000.0, 400.5)
    for words in ("5", "9,1", "a,b", "nan,1"):
        with pytest.raises(WrongUse, match="not a range"):
            policy_from(DataOptions(value_range=words))
