from __future__ import annotations

import numpy as np
import pytest
from tests.slides.drawing import GREEN, GREY, PINK, WHITE, compressed, draw

from tamiz.slides.background import Glass, estimate_background, glass_density

BIG = ((0.5, 0.5, 0.53),)


@pytest.mark.parametrize(
    ("glass", "kind"),
    [
        (WHITE, Glass.WHITE),
        (GREY, Glass.GREY),
        (GREEN, Glass.GREEN),
        (PINK, Glass.TINTED),
        ((180, 222, 178), Glass.GREEN),
    ],
)
@pytest.mark.parametrize("blobs", [(), ((0.4, 0.4, 0.2),), BIG], ids=["blank", "some", "most"])
def test_the_colour_of_the_glass_is_found_whatever_the_tissue_covers(glass, kind, blobs):
    slide = draw(glass=glass, blobs=blobs, size=(500, 500))
    found = estimate_background(slide.pixels)
    assert found.kind is kind
    assert found.colour == pytest.approx(glass, abs=3)
    # Clipped white and the tissue's rims move it a little.
    assert found.share == pytest.approx(1 - slide.tissue.mean(), abs=0.05)


def test_tissue_on_four_fifths_of_the_slide_is_what_the_drawing_above_holds():
    assert 0.8 < draw(blobs=BIG, size=(500, 500)).tissue.mean() < 0.9


def test_noise_is_told_by_the_spread():
    calm, loud = (estimate_background(draw(blobs=(), noise=n).pixels) for n in (0.5, 9.0))
    assert calm.spread < 2 < loud.spread < 9


def test_black_borders_are_left_aside():
    slide = draw(glass=GREY)
    slide.pixels[:, :220] = 2
    found = estimate_background(slide.pixels)
    assert found.kind is Glass.GREY
    assert found.colour == pytest.approx(GREY, abs=3)


def test_white_that_a_scanner_filled_in_is_not_taken_for_grey_glass():
    slide = draw(glass=GREY)
    slide.pixels[:, :260] = 255
    assert estimate_background(slide.pixels).colour == pytest.approx(GREY, abs=3)


def test_blank_white_is_glass_even_where_all_of_it_is_clipped():
    found = estimate_background(np.full((300, 400, 3), 255, dtype=np.uint8))
    assert (found.kind, found.colour, found.spread) == (Glass.WHITE, (255.0, 255.0, 255.0), 0.0)
    assert found.share == 1.0


def test_a_black_picture_has_black_glass():
    assert estimate_background(np.zeros((200, 300, 3), dtype=np.uint8)).kind is Glass.BLACK


def test_tissue_from_edge_to_edge_shows_no_glass():
    found = estimate_background(draw(blobs=((0.5, 0.5, 3.0),)).pixels)
    assert (found.kind, found.share) == (Glass.NONE, 0.0)


def test_jpeg_blocks_do_not_move_the_colour():
    slide = draw(glass=GREEN)
    assert estimate_background(compressed(slide.pixels)).colour == pytest.approx(GREEN, abs=4)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 700, 3), (3, 2, 1), (257, 511, 1)])
def test_pictures_of_any_shape_have_a_background(shape):
    found = estimate_background(np.full(shape, 230, dtype=np.uint8))
    assert found.colour == pytest.approx((230, 230, 230), abs=0.5)
    assert found.kind is Glass.GREY


@pytest.mark.parametrize("glass", [WHITE, GREEN], ids=["white", "green"])
@pytest.mark.parametrize("gradient", [0.0, 0.1, 0.3])
def test_uneven_light_is_followed_under_the_tissue_too(glass, gradient):
    slide = draw(glass=glass, gradient=gradient)
    density = glass_density(slide.pixels, estimate_background(slide.pixels))
    falling = 1 - gradient * np.linspace(0, 1, slide.pixels.shape[1])
    truth = -np.log(np.multiply.outer(np.array(glass) / 255, falling))[:, None, :]
    assert np.abs(density - truth).max() < 0.02


def test_a_slide_without_glass_has_the_density_of_white_everywhere():
    pixels = draw(blobs=((0.5, 0.5, 3.0),), size=(200, 300)).pixels
    density = glass_density(pixels, estimate_background(pixels))
    assert density.shape == (3, 200, 300)
    assert density == pytest.approx(np.log(255 / 245))


def test_pale_pink_is_glass_and_pink_is_faint_tissue():
    pale, pink = (np.full((200, 300, 3), one, dtype=np.uint8) for one in (PINK, (232, 208, 224)))
    assert estimate_background(pale).kind is Glass.TINTED
    assert estimate_background(pink).kind is Glass.NONE
