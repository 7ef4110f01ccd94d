"""Descriptors of tiles: known values, laws, and what they are good for."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn_arrays

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.descriptors.colour_histogram import ColourHistogram
from tamiz.descriptors.edges import Edges
from tamiz.descriptors.glcm import Glcm
from tamiz.descriptors.hog import Hog
from tamiz.descriptors.lbp import Lbp
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS
from tamiz.descriptors.stain import Stain
from tamiz.descriptors.tiles import (
    DEFAULT,
    VERSION,
    columns_of,
    describe,
    describe_with,
    names_of,
)

ALL = [
    *(DESCRIPTORS.get(name)() for name in DESCRIPTORS.names()),
    *(ColourHistogram(bins=10, space=space) for space in ("hsv", "lab", "od", "luv", "grey")),
    Hog(20, 12, orientations=5, cell_px=3, norm="L1-sqrt", is_root=True),
    Glcm(distances=[5], levels=256, is_averaged=False),
    Glcm(distances=[1, 2, 4], angles=[0], levels=7),
    Lbp([3]),
    Stain(grid_px=16),
]
TURNED = [Lbp(), Glcm(), Edges(), ColourHistogram()]  # unchanged by quarter turns and mirrors

tiles = st.tuples(
    st.integers(1, 4), st.integers(1, 13), st.integers(1, 13), st.sampled_from([1, 3])
).flatmap(lambda shape: drawn_arrays.arrays(np.uint8, shape))
squares = st.tuples(st.integers(1, 6), st.sampled_from([1, 3])).flatmap(
    lambda drawn: drawn_arrays.arrays(np.uint8, (1, 4 * drawn[0], 4 * drawn[0], drawn[1]))
)


def label(one):
    return f"{type(one).__name__}-{len(one.names())}"


def textured(seed, n=6, side=64):
    """Return (n, side, side, 3) tiles of smooth noise, as different as tissue is."""
    made = np.random.default_rng(seed).integers(0, 256, (n, side, side, 3)).astype(np.float64)
    for _ in range(3):
        made = (made + np.roll(made, 1, axis=1) + np.roll(made, 1, axis=2)) / 3
    return made.astype(np.uint8)


@pytest.mark.parametrize("one", ALL, ids=label)
@given(drawn=tiles)
def test_any_tile_gives_as_many_finite_numbers_as_there_are_names(one, drawn):
    made = one(drawn)
    assert made.shape == (len(drawn), len(one.names()))
    assert np.isfinite(made).all()
    assert len(set(one.names())) == len(one.names())


@pytest.mark.parametrize("one", ALL, ids=label)
@pytest.mark.parametrize("value", [0, 1, 127, 255])
def test_blank_tiles_give_finite_numbers(one, value):
    for shape in [(2, 1, 1, 3), (2, 2, 3, 1), (1, 300, 260, 3)]:
        assert np.isfinite(one(np.full(shape, value, dtype=np.uint8))).all()


@given(tiles)
def test_a_batch_gives_the_same_bits_as_one_by_one_in_any_order(drawn):
    together = describe_with(drawn, ALL[:5])
    alone = [describe_with(drawn[i : i + 1], ALL[:5]) for i in range(len(drawn))]
    assert together.tobytes() == np.concatenate(alone).tobytes()
    assert describe_with(drawn[::-1], ALL[:5]).tobytes() == together[::-1].tobytes()


@pytest.mark.parametrize("side", [28, 64, 256])
def test_blocks_of_tiles_do_not_show(side):
    drawn = textured(1, n=90 if side == 28 else 5, side=side)
    made = describe(drawn, DESCRIPTORS.names())
    assert made.dtype == np.float32
    for i in (0, len(drawn) // 2, len(drawn) - 1):
        assert made[i].tobytes() == describe(drawn[i : i + 1], DESCRIPTORS.names())[0].tobytes()


@pytest.mark.parametrize("one", TURNED, ids=label)
@given(drawn=squares)
def test_mirrors_and_quarter_turns_hardly_change_what_knows_no_direction(one, drawn):
    plain = one(drawn)
    # LBP: neighbours that balance to the last digit may fall on either side, pixel by pixel
    tolerance = 0.15 if isinstance(one, Lbp) else 1e-9
    for turned in [np.rot90(drawn, k, axes=(1, 2)) for k in (1, 2, 3)]:
        assert one(turned) == pytest.approx(plain, abs=tolerance)
        assert one(turned[:, :, ::-1]) == pytest.approx(plain, abs=tolerance)


def test_turning_a_texture_changes_default_less_than_another_texture_does():
    drawn = textured(2, n=2, side=256)
    drawn[1] = drawn[1] // 2 + 60
    plain, turned = describe(drawn), describe(np.rot90(drawn, 1, axes=(1, 2)))
    assert np.abs(turned - plain).max() < 0.05 * np.abs(plain[1] - plain[0]).max()


@given(tiles)
def test_what_reads_grey_only_gives_the_same_for_a_colour_tile_and_its_grey(drawn):
    grey = as_grey(drawn)[..., None]
    for one in ALL:
        if not one.reads_colour:
            assert one(drawn).tobytes() == one(grey).tobytes()


def test_values_do_not_change_without_a_new_version():
    # A new digest needs a new VERSION: embeddings that were cached with the old one are stale.
    known = {
        ("colour_histogram", "edges", "glcm", "lbp", "stain"): "aa5d23efa673 404f175fd33c",
        ("edge_density", "hog", "hu_moments"): "a9399ad7df40 e3c1e22d3709",
    }
    assert VERSION == "1"
    assert sorted(name for some in known for name in some) == DESCRIPTORS.names()
    for some, wanted in known.items():
        made = np.round(describe(textured(3), some), 3)
        digest = hashlib.sha256((made + 0.0).tobytes()).hexdigest()[:12]
        names = hashlib.sha256("|".join(names_of(some)).encode()).hexdigest()[:12]
        assert f"{digest} {names}" == wanted


def test_default_is_named_in_order_and_each_number_has_a_name():
    columns = names_of()
    assert columns == columns_of([DESCRIPTORS.get(name)() for name in DEFAULT])
    assert describe(textured(4)).shape == (6, len(columns))
    assert columns[0] == "stain_haematoxylin_mean"
    assert {name.partition("_")[0] for name in columns} == set(DEFAULT)


def test_no_tiles_at_all_give_no_rows():
    assert describe(np.zeros((0, 256, 256, 3), dtype=np.uint8)).shape == (0, len(names_of()))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((4, 4, 3), dtype=np.uint8),
        np.zeros((1, 4, 4, 4), dtype=np.uint8),
        np.zeros((1, 0, 4, 3), dtype=np.uint8),
        np.zeros((1, 4, 4, 3), dtype=np.float32),
    ],
)
def test_what_is_no_tile_is_refused_in_words(wrong):
    with pytest.raises(WrongData, match="these are no tiles") as error:
        describe(wrong)
    assert str(wrong.dtype) in str(error.value)
    assert "8-bit" in error.value.fix


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Glcm(levels=1), "glcm.levels: this must be a whole number from 2 to 256"),
        (lambda: Glcm(distances=[]), "glcm.distances: these must be different whole numbers"),
        (lambda: Glcm(angles=[0, 0]), "glcm.angles: these must be different"),
        (lambda: Lbp([0]), "lbp.radii: these must be different whole numbers from 1 to 16"),
        (lambda: ColourHistogram(bins=1), "colour_histogram.bins: this must be"),
        (lambda: ColourHistogram(space="cmyk"), "must be one of rgb, hsv, lab, od"),
        (lambda: Edges(steep=0), "edges.steep: this must be a whole number from 1 to 180"),
        (lambda: Stain(grid_px=1), "stain.grid_px: this must be"),
        (lambda: describe(textured(0), ["lbp", "lbp"]), "the same column: lbp_r1_0"),
        (lambda: names_of(["lpb"]), "lbp"),
    ],
)
def test_a_wrong_option_is_named_with_its_limits(make, words):
    with pytest.raises(WrongUse) as error:
        make()
    assert words in str(error.value)
    assert error.value.fix


def test_the_words_are_there_in_spanish():
    set_language("es")
    with pytest.raises(WrongData, match="esto no son teselas"):
        describe(np.zeros((4, 4), dtype=np.uint8))
