"""A choice of descriptors with options: read from words, stored, and the same numbers again."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.descriptors.described import PRESETS, Described, check_words, preset
from tamiz.descriptors.glcm import Glcm
from tamiz.descriptors.hog import Hog
from tamiz.descriptors.registry import DESCRIPTORS

RNG = np.random.default_rng(8)
IMAGES = RNG.integers(0, 256, (5, 28, 28, 1), dtype=np.uint8)


def test_words_say_names_options_and_lists():
    words = "colour-histogram:space=hsv:bins=8, glcm:distances=1+3:is-averaged=no"
    made = Described.from_words(words)
    assert made == Described(
        (
            ("colour_histogram", {"bins": 8, "space": "hsv", "is_density": False}),
            ("glcm", {"distances": [1, 3], "is_averaged": False}),
        )
    )
    assert made.columns()[:2] == ("hsv_h_00", "hsv_h_01")
    assert len(made.columns()) == 24 + 2 * 4 * 7


def test_a_descriptor_may_come_twice_where_its_columns_differ():
    words = "colour-histogram,colour-histogram:space=lab"
    assert len(Described.from_words(words).columns()) == 96
    with pytest.raises(WrongUse, match="two descriptors give the same column: lbp_r1_0"):
        Described.from_words("lbp,lbp")


@given(st.lists(st.sampled_from(DESCRIPTORS.names()), min_size=1, unique=True), st.booleans())
def test_what_is_stored_gives_the_same_numbers_again(names, is_small):
    made = Described(tuple((name, {}) for name in names), (32, 20) if is_small else None)
    again = Described.from_table(json.loads(json.dumps(made.to_table())))
    assert again == made
    assert again(IMAGES[:1]).tobytes() == made(IMAGES[:1]).tobytes()
    assert made(IMAGES[:1]).shape == (1, len(made.columns()))


def test_a_row_depends_on_its_own_image_only():
    made = Described.from_words("hog,glcm,hu-moments,edge-density", (30, 24))
    together = made(IMAGES)
    for i in range(len(IMAGES)):
        assert made(IMAGES[i : i + 1])[0].tobytes() == together[i].tobytes()


def test_hog_takes_the_size_that_images_are_brought_to_unless_it_names_its_own():
    asked = Described.from_words("hog:cell_px=4", (28, 20))
    assert asked.made() == [Hog(width_px=28, height_px=20, cell_px=4)]
    assert Described.from_words("hog:width_px=48", (28, 20)).made() == [Hog(width_px=48)]
    assert Described.from_words("hog").made() == [Hog()]


def test_images_are_brought_to_the_size_before_they_are_measured():
    photo = RNG.integers(0, 256, (1, 40, 60, 3), dtype=np.uint8)
    made = Described((("glcm", {}),), (20, 10))
    assert made(photo).tobytes() != Glcm()(photo).tobytes()
    assert made(photo[:, :10, :20]).tobytes() == Glcm()(photo[:, :10, :20]).tobytes()


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (2, 1, 1, 3), (1, 1, 50, 1), (1, 50, 1, 3)])
def test_one_pixel_and_one_row_of_pixels_give_finite_numbers(shape):
    for name in DESCRIPTORS.names():
        made = Described(((name, {}),))
        assert np.isfinite(made(np.full(shape, 200, np.uint8))).all(), name


def test_every_preset_can_be_stored_and_measured():
    for name in PRESETS:
        made = preset(name)
        assert made.size_px == (240, 135)
        assert Described.from_table(made.to_table()) == made
        assert np.isfinite(made(IMAGES)).all()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "no descriptor was named"),
        ("hogg", "did you mean 'hog'?"),
        ("glcm:levls=3", "this descriptor has no option 'levls'"),
        ("glcm:levels", "an option of a descriptor is written NAME=VALUE, not 'levels'"),
        ("glcm:levels=many", 'glcm.levels = "many": must be a whole number'),
        ("glcm:levels=1", 'glcm.levels = "1": must be at least 2'),
        ("glcm:distances=1+x", "glcm.distances"),
        ("glcm:distances=0", "glcm.distances: these must be different whole numbers from 1"),
        ("glcm:properties=contrast+colour", "must be different words of dissimilarity"),
        ("colour-histogram:space=cmyk", "must be one of"),
        ("hog:norm=L3", "must be one of"),
        ("hog:cell_px=40", "no block of HOG fits into 64 x 64 px: it needs 80 px a side"),
        ("hog:width_px=2000:height_px=2000", "columns; at most 30,000 can be kept"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_cannot_be_asked_for_is_told_in_one_clear_text(words, told, language):
    set_language(language)
    with pytest.raises(WrongUse) as error:
        Described.from_words(words)
    if language == "en":
        assert told in str(error.value)


@pytest.mark.parametrize("size", [(0, 3), (3,), (3, 5000), (2.5, 3)])
def test_a_wrong_size_is_told(size):
    with pytest.raises(WrongUse, match="a size is two whole numbers from 1 to 4096"):
        Described((("lbp", {}),), size)


def test_an_unknown_preset_names_those_that_there_are():
    with pytest.raises(WrongUse, match="workflow-c, workflow-c-all-angles"):
        preset("workflow-d")


@pytest.mark.parametrize("table", [{}, {"descriptors": [{}]}, {"descriptors": 3}])
def test_a_damaged_choice_is_told(table):
    with pytest.raises(WrongData, match="the stored choice of descriptors is damaged"):
        Described.from_table(table)


def test_16_bit_pixels_are_refused_with_what_to_give_instead():
    with pytest.raises(WrongData, match="Give 8-bit values"):
        preset("workflow-c")(np.zeros((1, 4, 4, 1), np.uint16))


@pytest.mark.parametrize(
    ("words", "told", "fix"),
    [
        ("hog:cell_px=0", 'hog.cell_px = "0": must be at least 1', "hog:cell_px=8"),
        ("glcm:levels=many", 'glcm.levels = "many": must be a whole', "glcm:levels=16"),
        ("glcm:distances=a+b", "different whole numbers from 1 to 1024", "glcm:distances=1+3"),
        ("glcm:distances=2+2", "different whole numbers from 1 to 1024", "plus signs"),
        ("glcm:properties=warmth", "different words of dissimilarity", "energy+contrast"),
        ("hog:width_px=5:height_px=9", "fits into 5 x 9 px", "hog:cell_px=2,"),
        ("hog:width_px=1:height_px=9", "fits into 1 x 9 px", "hog:cell_px=1:block_cells=1,"),
    ],
)
def test_a_wrong_value_is_told_with_one_that_can_be_typed(words, told, fix):
    with pytest.raises(WrongUse) as error:
        Described.from_words(words)
    assert told in error.value.what
    assert fix in error.value.fix


@pytest.mark.parametrize("side", [1, 2, 7, 15])
def test_the_cells_that_hog_offers_for_a_small_image_fit(side):
    with pytest.raises(WrongUse) as error:
        Hog(width_px=side, height_px=side)
    offered = re.search(r"hog:[a-z_=0-9:]+", error.value.fix)
    assert offered is not None
    assert Described.from_words(offered[0], (side, side)).columns()


@pytest.mark.parametrize("words", ["hogg", "hog:cells=4", "hog:cell_px", "lbp:radii=x:", " , "])
def test_words_can_be_checked_before_a_size_is_known(words):
    with pytest.raises(WrongUse):
        check_words(words)
    check_words("hog:cell_px=400,glcm:distances=1+3")
