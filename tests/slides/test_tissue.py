from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.slides.drawing import (
    BLOOD,
    EOSIN,
    FAINT_EOSIN,
    GREEN,
    GREY,
    HAEMATOXYLIN,
    INKS,
    PINK,
    WHITE,
    YELLOW,
    compressed,
    draw,
    overlap,
    soiled,
)

from tamiz.formats.slide import Slide as WholeSlide
from tamiz.slides.background import estimate_background
from tamiz.slides.tissue import Empty, picture, tissue_mask

GLASSES = {"white": WHITE, "grey": GREY, "green": GREEN, "pink": PINK}
BIG = ((0.5, 0.5, 0.53),)


def found(pixels):
    return tissue_mask(pixels, estimate_background(pixels))


@pytest.mark.parametrize("glass", GLASSES.values(), ids=GLASSES)
@pytest.mark.parametrize("gradient", [0.0, 0.12])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_blobs_are_found_on_any_glass(glass, gradient, noise):
    slide = draw(glass=glass, gradient=gradient, noise=noise)
    tissue = found(slide.pixels)
    assert overlap(tissue.mask, slide.tissue) >= 0.95
    assert (tissue.n_pieces, tissue.pen_share, tissue.reason) == (2, 0.0, None)
    assert tissue.share == pytest.approx(slide.tissue.mean(), rel=0.05)


@pytest.mark.parametrize(
    "stain", [EOSIN, HAEMATOXYLIN, YELLOW, BLOOD, FAINT_EOSIN, (130, 130, 138)]
)
@pytest.mark.parametrize("glass", [WHITE, GREEN], ids=["white", "green"])
def test_every_stain_is_tissue_and_none_a_pen(stain, glass):
    slide = draw(glass=glass, stains=(stain,))
    tissue = found(slide.pixels)
    assert overlap(tissue.mask, slide.tissue) >= 0.95
    assert tissue.pen_share == 0.0


@pytest.mark.parametrize("glass", GLASSES.values(), ids=GLASSES)
def test_tissue_over_four_fifths_of_the_slide_is_found(glass):
    slide = draw(glass=glass, blobs=BIG, size=(500, 500))
    assert overlap(found(slide.pixels).mask, slide.tissue) >= 0.95


@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("glass", [WHITE, GREY, GREEN], ids=["white", "grey", "green"])
def test_pen_strokes_are_set_aside_and_tissue_stays(ink, glass):
    slide = draw(glass=glass, ink=ink)
    tissue = found(slide.pixels)
    assert (tissue.mask & slide.pen).sum() <= 0.05 * slide.pen.sum()
    assert overlap(tissue.mask, slide.tissue) >= 0.9
    assert tissue.pen_share == pytest.approx(slide.pen.mean(), rel=0.35)


@pytest.mark.parametrize("ink", INKS)
def test_a_slide_with_pen_only_is_empty_and_says_so(ink):
    tissue = found(draw(ink=ink, blobs=()).pixels)
    assert not tissue.mask.any()
    assert (tissue.n_pieces, tissue.reason) == (0, Empty.PEN)


@pytest.mark.parametrize("glass", GLASSES.values(), ids=GLASSES)
@pytest.mark.parametrize("gradient", [0.0, 0.2])
def test_a_blank_slide_is_empty_and_says_so(glass, gradient):
    tissue = found(draw(glass=glass, blobs=(), gradient=gradient, noise=3.0).pixels)
    assert not tissue.mask.any()
    assert (tissue.share, tissue.n_pieces, tissue.reason) == (0.0, 0, Empty.BLANK)


@pytest.mark.parametrize("value", [0, 128, 230, 255])
@pytest.mark.parametrize("channels", [1, 3])
def test_one_flat_value_is_never_tissue(value, channels):
    tissue = found(np.full((300, 400, channels), value, dtype=np.uint8))
    assert not tissue.mask.any()
    assert tissue.reason is (Empty.DARK if value == 0 else Empty.BLANK)


def test_jpeg_blocks_are_no_tissue():
    slide = draw(noise=4.0)
    assert overlap(found(compressed(slide.pixels, 30)).mask, slide.tissue) >= 0.93


@pytest.mark.parametrize("channels", [1, 3])
def test_grey_pictures_are_understood(channels):
    slide = draw()
    grey = np.repeat(slide.pixels.mean(axis=2, keepdims=True).astype(np.uint8), channels, axis=2)
    tissue = found(grey)
    assert overlap(tissue.mask, slide.tissue) >= 0.95
    assert picture(grey, tissue).shape == (450, 600, 3)


def test_small_holes_are_filled_and_large_ones_kept():
    slide = draw(blobs=((0.5, 0.5, 0.4),), stains=(EOSIN,), noise=1.0, size=(600, 800))
    slide.pixels[300:312, 400:412] = WHITE
    slide.pixels[200:260, 380:440] = WHITE
    mask = found(slide.pixels).mask
    assert mask[302:310, 402:410].all()
    assert not mask[205:255, 385:435].any()


def test_the_picture_shows_the_outline_and_the_pen_and_leaves_the_rest():
    slide = draw(ink="blue")
    tissue = found(slide.pixels)
    drawn = picture(slide.pixels, tissue)
    is_changed = (drawn != slide.pixels).any(axis=2)
    assert 0 < is_changed[tissue.mask].mean() < 0.2
    assert is_changed[tissue.pen].mean() == pytest.approx(1 / 3, abs=0.1)
    assert not is_changed[~tissue.mask & ~tissue.pen].any()


@pytest.mark.parametrize("glass", [WHITE, GREY, GREEN], ids=["white", "grey", "green"])
@pytest.mark.parametrize("dirt", ["dust", "hair", "cover slip", "bubble", "lamp", "border", "fill"])
def test_dirt_and_faults_of_the_scanner_are_no_tissue_and_cost_none(dirt, glass):
    slide = soiled(draw(glass=glass), dirt)
    tissue = found(slide.pixels)
    assert overlap(tissue.mask, slide.tissue) >= 0.97
    assert (tissue.n_pieces, tissue.pen_share) == (2, 0.0)
    blank = found(soiled(draw(glass=glass, blobs=()), dirt).pixels)
    assert not blank.mask.any()
    assert blank.reason in {Empty.BLANK, Empty.SPECKS}


@pytest.mark.parametrize(
    ("glass", "stain"),
    [
        *((glass, stain) for glass in GLASSES.values() for stain in ((70, 40, 90), EOSIN)),
        (WHITE, FAINT_EOSIN),  # on green glass it looks like nothing but grey glass
    ],
)
def test_tissue_from_edge_to_edge_is_all_tissue(glass, stain):
    slide = draw(glass=glass, stains=(stain,), blobs=((0.5, 0.5, 3.0),), size=(300, 400))
    assert found(slide.pixels).share == pytest.approx(1.0, abs=0.01)


def test_small_biopsies_are_kept():
    slide = draw(blobs=((0.2, 0.2, 0.02), (0.5, 0.5, 0.03), (0.8, 0.6, 0.02)), size=(600, 800))
    tissue = found(slide.pixels)
    assert tissue.n_pieces == 3
    assert overlap(tissue.mask, slide.tissue) >= 0.85


def test_a_blue_stain_is_tissue_once_it_is_said_that_there_are_no_pens():
    slide = draw(stains=((70, 100, 180),))
    background = estimate_background(slide.pixels)
    assert tissue_mask(slide.pixels, background).reason is Empty.PEN
    tissue = tissue_mask(slide.pixels, background, has_pens=False)
    assert overlap(tissue.mask, slide.tissue) >= 0.95
    assert not tissue.pen.any()


def test_pieces_that_touch_at_a_corner_are_one():
    pixels = np.full((400, 400, 3), 243, dtype=np.uint8)
    pixels[100:200, 100:200] = pixels[200:300, 200:300] = HAEMATOXYLIN
    assert found(pixels).n_pieces == 1
    pixels[190:210, 190:210] = 243
    assert found(pixels).n_pieces == 2


TURNS = [lambda a: a[::-1], lambda a: a[:, ::-1], np.rot90, lambda a: a.swapaxes(0, 1)]


@settings(max_examples=15)
@given(
    seed=st.integers(0, 99),
    glass=st.sampled_from(sorted(GLASSES.values())),
    ink=st.sampled_from([None, "blue", "red"]),
    gradient=st.floats(0, 0.2),
    turn=st.sampled_from(TURNS),
)
def test_a_turned_slide_has_the_turned_mask(seed, glass, ink, gradient, turn):
    slide = draw(glass=glass, ink=ink, gradient=gradient, size=(301, 403), seed=seed)
    straight, turned = found(slide.pixels), found(np.ascontiguousarray(turn(slide.pixels)))
    assert (turn(straight.mask) != turned.mask).mean() < 0.002
    assert (turn(straight.pen) != turned.pen).mean() < 0.002
    assert straight.n_pieces == turned.n_pieces


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3]))))
def test_any_picture_gives_a_mask_of_its_size_and_figures_that_agree(pixels):
    tissue = found(pixels)
    assert tissue.mask.shape == tissue.pen.shape == pixels.shape[:2]
    assert not (tissue.mask & tissue.pen).any()
    assert tissue.share == pytest.approx(tissue.mask.mean())
    assert (tissue.reason is None) == bool(tissue.mask.any()) == (tissue.n_pieces > 0)
    assert picture(pixels, tissue).shape == (*pixels.shape[:2], 3)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("almost-white-1", 0.0, 0.001),
        ("almost-white-ihc", 0.0, 0.01),
        ("no-tissue", 0.0, 0.001),
        ("no-tissue2", 0.0, 0.01),
        ("no-tissue-line", 0.0, 0.002),
        ("no-tissue-green-pen", 0.0, 0.02),
        ("liver-level2-38626-13514-39426-14315", 0.0, 0.0),
        ("liver-level2-20914-13715-21714-14515", 0.15, 0.22),
        ("liver-level2-10907-7808-11707-8608", 0.99, 1.0),
        ("high-nuclei-score-level0", 0.95, 1.0),
        ("very-low-nuclei-score-level0", 0.95, 1.0),
        ("tissue-level2-4640-4649-8736-8746", 0.65, 0.85),
        ("kidney-ihc-level0-330-480-380-510", 0.3, 0.45),
    ],
)
def test_real_tiles_hold_the_tissue_that_people_see(shared_data, name, least, most):
    import PIL.Image

    with PIL.Image.open(shared_data / "slides" / "tiles" / f"{name}.png") as image:
        tissue = found(np.asarray(image.convert("RGB")))
    assert least <= tissue.share <= most


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("no-tissue-green-pen", 0.7),
        ("no-tissue-red-pen", 0.5),
        ("medium-nuclei-score-green-pen-level1", 0.4),
        ("very-low-nuclei-score-red-pen-level1", 0.3),
        ("high-nuclei-score-red-pen-level1", 0.04),
    ],
)
def test_real_pen_marks_are_set_aside(shared_data, name, least):
    import PIL.Image

    with PIL.Image.open(shared_data / "slides" / "tiles" / f"{name}.png") as image:
        assert found(np.asarray(image.convert("RGB"))).pen_share >= least


@pytest.mark.shared_data
def test_no_part_of_real_clots_is_taken_for_a_pen(shared_data):
    import PIL.Image

    paths = sorted((shared_data / "slides" / "stroke_tiles").glob("*.tif"))
    assert paths
    for path in paths:
        with PIL.Image.open(path) as image:
            tissue = found(np.asarray(image.convert("RGB")))
        assert tissue.pen_share == 0.0, path.name
        assert 0.01 < tissue.share < 0.5, path.name


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "least", "most", "n_pieces"),
    [
        ("cmu_small_region.svs", 0.35, 0.41, 3),
        ("kidney-48-5.tif", 0.002, 0.005, 1),
        ("tcga-cr-7395-01a-01-ts1.svs", 0.6, 0.67, 2),
    ],
)
def test_overviews_of_real_slides_hold_their_tissue(shared_data, name, least, most, n_pieces):
    with WholeSlide(shared_data / "slides" / "whole" / name) as slide:
        tissue = found(np.asarray(slide.thumbnail(1024).pixels))
    assert least <= tissue.share <= most
    assert (tissue.n_pieces, tissue.reason) == (n_pieces, None)
    assert tissue.pen_share < 0.001


@pytest.mark.shared_data
def test_the_macro_of_a_real_slide_shows_its_four_pieces_between_black_borders(shared_data):
    import tifffile

    macro = tifffile.imread(shared_data / "slides" / "whole" / "cmu_small_region.svs", key=3)
    mask = found(macro).mask
    inside = mask[75:310, 405:745]  # within the green frame that the scanner drew
    assert 0.15 < inside.mean() < 0.3
    assert not mask[75:310, 760:1070].any()
    assert not mask[:, :130].any()
