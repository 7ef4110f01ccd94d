"""Heat over slides: exact by area; colours that leave the rest alone; figures with their scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.language import say, set_language
from tamiz.slides import heatmap
from tamiz.slides.heatmap import (
    figure,
    linear,
    linear_bar,
    overlay,
    ranked,
    ranked_bar,
    spread_over,
)
from tamiz.slides.lettering import font_of

PINK = np.full((200, 300, 3), (222, 145, 185), dtype=np.uint8)
BAR = linear_bar(np.array([0.0, 1.0]), "attention", 0.0, 1.0)


@st.composite
def tiled(draw):
    """Draw a small slide with tiles (some beyond its edges), and a size to spread them over."""
    size = draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    out = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    tile = st.tuples(st.integers(-4, 9), st.integers(-4, 9), st.integers(1, 6), st.integers(1, 6))
    regions = np.array(draw(st.lists(tile, min_size=1, max_size=6)), dtype=np.int64)
    values = draw(st.lists(st.floats(-5, 5), min_size=len(regions), max_size=len(regions)))
    return regions, np.array(values), size, out


def painted(regions, values, size, out):
    """Return the same by painting every tile on a grid so fine that all edges lie on it."""
    (width, height), (n_across, n_down) = size, out
    sums = np.zeros((height * n_down, width * n_across))
    counts = np.zeros_like(sums)
    for (x, y, across, down), value in zip(regions, values, strict=True):
        rows = slice(max(0, y) * n_down, max(0, y + down) * n_down)
        columns = slice(max(0, x) * n_across, max(0, x + across) * n_across)
        sums[rows, columns] += value
        counts[rows, columns] += 1
    cells = (n_down, height, n_across, width)
    totals = counts.reshape(cells).sum(axis=(1, 3))
    with np.errstate(invalid="ignore"):
        return sums.reshape(cells).sum(axis=(1, 3)) / totals


@given(tiled())
def test_a_pixel_is_the_mean_of_its_tiles_by_area_and_nan_without_any(drawn):
    np.testing.assert_allclose(spread_over(*drawn), painted(*drawn), rtol=1e-5, atol=1e-6)


@given(tiled(), st.data())
def test_some_rows_are_those_of_the_whole_to_the_byte(drawn, data):
    n_down = drawn[3][1]
    first = data.draw(st.integers(0, n_down))
    end = data.draw(st.integers(first, n_down))
    whole = spread_over(*drawn)
    assert spread_over(*drawn, rows=(first, end)).tobytes() == whole[first:end].tobytes()


@given(tiled(), st.integers(1, 3))
def test_small_batches_give_the_same_bytes(drawn, batch):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heatmap, "_BATCH", batch)
        small = spread_over(*drawn)
    assert small.tobytes() == spread_over(*drawn).tobytes()


@given(tiled(), st.floats(-3, 3))
def test_equal_tiles_give_one_value_however_they_overlap(drawn, value):
    regions, values, size, out = drawn
    heat = spread_over(regions, np.full(values.shape, value), size, out)
    np.testing.assert_allclose(heat[~np.isnan(heat)], value, rtol=1e-6, atol=1e-9)


def test_a_pixel_that_two_tiles_share_one_to_three_is_their_weighted_mean():
    regions = np.array([[0, 0, 1, 4], [1, 0, 3, 4]])
    heat = spread_over(regions, np.array([8.0, 0.0]), (8, 4), (2, 1))
    np.testing.assert_array_equal(heat, [[2.0, np.nan]])


def test_tiny_attention_beside_large_loses_no_digit():
    regions = np.stack([np.arange(0, 1000, 10), *[np.full(100, n) for n in (0, 10, 10)]], axis=1)
    values = np.where(np.arange(100) == 0, 1e6, 1e-9)
    heat = spread_over(regions, values, (1000, 10), (300, 3))
    np.testing.assert_allclose(heat[:, 4:], 1e-9, rtol=1e-6)


@pytest.mark.parametrize(
    ("regions", "values"),
    [
        (np.zeros((2, 4), dtype=np.int64), np.zeros(3)),
        (np.zeros((1, 3), dtype=np.int64), np.zeros(1)),
        (np.zeros((1, 4)), np.zeros(1)),
        (np.zeros((1, 4), dtype=np.int64), np.array([np.nan])),
    ],
)
def test_tiles_and_values_that_make_no_sense_are_refused(regions, values):
    with pytest.raises(ValueError, match=r"needs|whole pixels|finite"):
        spread_over(regions, values, (4, 4), (2, 2))


def test_no_tiles_is_a_picture_without_heat():
    none = spread_over(np.zeros((0, 4), dtype=np.int64), np.zeros(0), (8, 8), (3, 2))
    assert none.shape == (2, 3)
    assert np.isnan(none).all()


numbers = st.lists(st.integers(-20, 20), min_size=1, max_size=30).map(np.array)


@given(numbers)
def test_ranks_keep_the_order_fill_0_to_1_and_mirror(values):
    ranks = ranked(values)
    above = values[:, None] > values[None, :]
    assert (ranks[:, None] > ranks[None, :])[above].all()
    assert ((ranks >= 0) & (ranks <= 1)).all()
    np.testing.assert_allclose(ranks.mean(), 0.5)
    np.testing.assert_allclose(ranked(-values), 1 - ranks, atol=1e-12)
    np.testing.assert_allclose(ranked(np.exp(values / 4)), ranks)


def test_ranks_of_a_long_tail_are_even_and_of_equals_shared():
    np.testing.assert_allclose(ranked(np.array([1e-9, 1e-3, 1e9])), [0, 0.5, 1])
    np.testing.assert_allclose(ranked(np.array([7, 7, 7])), 0.5)
    np.testing.assert_allclose(ranked(np.array([2, 1, 2])), [0.75, 0, 0.75])


def test_linear_keeps_proportions_and_holds_what_lies_beyond_at_the_ends():
    np.testing.assert_allclose(linear(np.array([-1, 0, 1, 4, 9]), 0, 4), [0, 0, 0.25, 1, 1])
    np.testing.assert_allclose(linear(np.array([3.0, 3.0]), 3, 3), 0.5)
    with pytest.raises(ValueError, match="above"):
        linear(np.array([1.0]), 2, 1)


def test_a_bar_says_where_values_lie_beyond_its_ends():
    values = np.array([-1.0, 0.5, 3.0])
    assert [words for _, words in linear_bar(values, "x", 0, 2).ticks] == ["≤ 0", "1", "≥ 2"]
    assert [words for _, words in linear_bar(values, "x", -1, 3).ticks] == ["-1", "1", "3"]


def test_a_bar_of_ranks_says_the_values_at_its_percentiles():
    ticks = ranked_bar(np.arange(101) / 1000, say("heatmap.attention")).ticks
    assert ticks[0] == (0.0, "0 %\n0")
    assert ticks[2] == (0.5, "50 %\n0.05")
    assert ticks[4] == (1.0, "100 %\n0.1")


pictures = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
)


@given(pictures, st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_overlay_leaves_alone_what_has_no_heat_and_never_changes_its_input(picture, seed, strength):
    rng = np.random.default_rng(seed)
    heat = np.where(rng.random((7, 9)) < 0.5, np.nan, rng.random((7, 9))).astype(np.float32)
    before = picture.copy()
    made = overlay(picture, heat, strength=strength)
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_array_equal(made[np.isnan(heat)], picture[np.isnan(heat)])


@given(pictures)
def test_full_strength_is_the_colour_itself_and_none_is_the_picture_in_grey(picture):
    heat = np.full((7, 9), 0.5, dtype=np.float32)
    assert len(np.unique(overlay(picture, heat, strength=1).reshape(-1, 3), axis=0)) == 1
    grey = overlay(picture, heat, strength=0)
    assert np.ptp(grey.astype(int), axis=2).max() == 0
    luma = picture @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey[..., 0] - luma).max() <= 1


@pytest.mark.parametrize("colours", ["viridis", "cividis", "magma"])
def test_more_heat_is_always_lighter(colours):
    heat = np.linspace(0, 1, 64, dtype=np.float32)[None]
    made = overlay(np.full((1, 64, 3), 128, np.uint8), heat, colours=colours).astype(float)
    assert (np.diff(made[0] @ [0.2126, 0.7152, 0.0722]) > -0.8).all()
    assert (np.diff(made[0, ::4] @ [0.2126, 0.7152, 0.0722]) > 0).all()


def test_heat_and_picture_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="over"):
        overlay(PINK, np.zeros((3, 3), dtype=np.float32))


def bar_length_px(made, picture_height):
    """Return the longest run of the scale bar's ink in a row below the picture."""
    is_ink = (made[picture_height:] == (25, 29, 33)).all(axis=2)
    longest = 0
    for row in is_ink:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        longest = max([longest, *(edges[1::2] - edges[::2])])
    return int(longest)


@pytest.mark.parametrize(
    ("um_per_px", "expected_px"), [(1.0, 50), (4.0, 50), (0.4, 50), (30.0, 33), (None, 50)]
)
def test_the_scale_bar_is_as_long_as_it_says(um_per_px, expected_px):
    heat = np.full((200, 300), 0.5, dtype=np.float32)
    made = figure(PINK, heat, um_per_px=um_per_px, bar=BAR)
    assert bar_length_px(made, 200) == expected_px


@pytest.mark.parametrize("size", [(1, 1), (40, 25), (60, 900), (900, 60), (500, 700)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_figure_holds_the_overlay_whole_and_all_words_inside_its_frame(size, language):
    set_language(language)
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    heat = np.where(rng.random(size) < 0.5, np.nan, rng.random(size)).astype(np.float32)
    bar = ranked_bar(rng.lognormal(-8, 2, 50), say("heatmap.occlusion"))
    made = figure(picture, heat, um_per_px=0.5, bar=bar)
    np.testing.assert_array_equal(made[: size[0], : size[1]], overlay(picture, heat))
    below = made[size[0] :]
    assert (below[:, :2] == 255).all()
    assert (below[:, -2:] == 255).all()
    assert (below[-2:] == 255).all()


def test_the_languages_draw_different_words_and_the_font_has_their_letters():
    font = font_of(20)
    missing = bytes(font.getmask("\uffff"))
    assert all(bytes(font.getmask(letter)) != missing for letter in "µáéíóúñ≤≥%\u202f")
    heat = np.full((200, 300), 0.5, dtype=np.float32)
    english = figure(PINK, heat, um_per_px=None, bar=BAR)
    set_language("es")
    assert figure(PINK, heat, um_per_px=None, bar=BAR).tobytes() != english.tobytes()


@given(st.floats(1e-3, 1e6))
def test_lengths_are_round_and_the_largest_that_fit(length):
    made = heatmap._round_down(length)
    assert made <= length * (1 + 1e-6)
    assert length < 2.5 * made * (1 + 1e-6)
    assert f"{made:e}"[0] in "125"
