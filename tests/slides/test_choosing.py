from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tamiz.slides.choosing import choose, darkness, entropy, spread
from tamiz.slides.grid import tiles_of

tiles = arrays(
    np.uint8,
    st.tuples(st.integers(1, 4), st.integers(1, 8), st.integers(1, 8), st.sampled_from([1, 3])),
)
scores = st.lists(st.floats(0, 1) | st.sampled_from([0.5, float("nan")]), max_size=20)


def test_darkness_goes_from_white_to_black():
    ramp = np.stack([np.full((4, 4, 3), level, dtype=np.uint8) for level in (255, 51, 0)])
    assert darkness(ramp) == pytest.approx([0.0, 0.8, 1.0])


def test_entropy_is_counted_in_bits():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    assert entropy(levels) == pytest.approx([8.0])
    assert entropy(levels // 128) == pytest.approx([1.0])
    assert entropy(levels * 0) == pytest.approx([0.0])


@given(tiles)
def test_scores_stay_in_range_and_each_tile_is_scored_alone(stack):
    for score, most in ((darkness, 1), (entropy, 8)):
        values = score(stack)
        assert values.shape == (len(stack),)
        assert ((values >= 0) & (values <= most)).all()
        assert np.concatenate([score(tile[None]) for tile in stack]) == pytest.approx(values)


@given(scores, st.integers(0, 25))
def test_the_best_come_first_and_equals_in_their_order(values, k):
    picked = choose(np.array(values, dtype=np.float64), k)
    keys = [(np.isnan(v), 0.0 if np.isnan(v) else -v, i) for i, v in enumerate(values)]
    assert picked.tolist() == [key[2] for key in sorted(keys)][:k]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 60), st.integers(0, 5))
def test_a_spread_sample_has_its_size_no_doubles_and_repeats(width, height, k, seed):
    regions = tiles_of((width, height), 3, 3, np.ones((1, 1), dtype=bool), 0.0)
    picked = spread(regions, k, seed)
    assert len(picked) == min(k, len(regions))
    assert (np.diff(picked) > 0).all()
    assert np.array_equal(picked, spread(regions, k, seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_spread_sample_reaches_every_quarter_of_the_slide_alike(seed):
    regions = tiles_of((640, 640), 10, 10, np.ones((1, 1), dtype=bool), 0.0)
    places = regions[spread(regions, 64, seed), :2] // 80
    assert len({tuple(place) for place in places.tolist()}) == 64


@given(st.permutations(range(30)), st.integers(0, 30))
def test_the_order_of_the_rows_does_not_matter_to_the_best(order, k):
    values = np.random.default_rng(0).permutation(30) / 30
    there = np.array(order)[choose(values[np.array(order)], k)]
    assert np.array_equal(there, choose(values, k))


@given(st.permutations(range(30)), st.integers(0, 30), st.integers(0, 3))
def test_the_order_of_the_rows_does_not_matter_to_a_spread_sample(order, k, seed):
    regions = tiles_of((60, 50), 10, 10, np.ones((1, 1), dtype=bool), 0.0)
    there = np.array(order)[spread(regions[np.array(order)], k, seed)]
    assert sorted(there.tolist()) == spread(regions, k, seed).tolist()


def test_a_moved_slide_gives_the_moved_sample():
    regions = tiles_of((640, 320), 10, 10, np.ones((1, 1), dtype=bool), 0.0)
    moved = regions + np.array([7000, 90, 0, 0])
    assert np.array_equal(spread(regions, 40, 2), spread(moved, 40, 2))


def test_seeds_give_different_samples():
    regions = tiles_of((640, 640), 10, 10, np.ones((1, 1), dtype=bool), 0.0)
    assert spread(regions, 20, 1).tolist() != spread(regions, 20, 2).tolist()


@pytest.mark.parametrize(
    "pick", [lambda: choose(np.ones(3), -1), lambda: spread(np.ones((3, 4), dtype=int), -1, 0)]
)
def test_a_negative_number_of_tiles_is_refused(pick):
    with pytest.raises(ValueError, match="negative"):
        pick()
