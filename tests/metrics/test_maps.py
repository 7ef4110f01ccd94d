"""Figures about maps: areas, ranks, intervals, and the test against orders by lot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tamiz.metrics.maps import against_lot, area_under, mean_over_groups, patch_means, spearman

numbers = st.lists(st.integers(-5, 5), min_size=3, max_size=30)


def test_areas_are_those_of_the_trapezoids():
    curve = np.array([[1.0, 0.5, 0.0], [1.0, 1.0, 1.0]])
    assert area_under(curve).tolist() == [0.5, 1.0]
    assert area_under(curve[0]) == np.trapezoid(curve[0], np.linspace(0, 1, 3))


@given(numbers, st.integers(0, 1000))
def test_rank_correlations_are_those_of_scipy(values, seed):
    one = np.array(values, dtype=float)
    other = np.random.default_rng(seed).permutation(one)
    if len(set(values)) == 1:
        assert spearman(one, other) == 0
    else:
        assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)


def test_patches_have_the_means_of_their_pixels():
    values = np.arange(24, dtype=float).reshape(4, 6)
    made = patch_means(values, (2, 3))
    assert made[0, 0] == values[:2, :2].mean()
    assert made[1, 2] == values[2:, 4:].mean()


def test_an_interval_is_students_where_each_item_stands_alone():
    values = np.random.default_rng(0).normal(0.3, 1, 25)
    found = mean_over_groups(values.tolist(), [str(n) for n in range(25)])
    low, high = stats.t.interval(0.95, 24, values.mean(), values.std(ddof=1) / 5)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)
    assert (found.n, found.n_groups, found.method) == (25, 25, "student")


def test_copies_in_a_group_make_no_interval_narrower():
    values = np.random.default_rng(1).normal(0.3, 1, 12)
    names = [str(n) for n in range(12)]
    alone = mean_over_groups(values.tolist(), names)
    copied = mean_over_groups(np.repeat(values, 4).tolist(), list(np.repeat(names, 4)))
    assert (copied.low, copied.high) == pytest.approx((alone.low, alone.high))
    assert (copied.n, copied.n_groups) == (48, 12)


def test_few_groups_have_no_interval_and_the_reason():
    found = mean_over_groups([0.1, 0.2], ["a", "a"])
    assert found.low is None
    assert found.n_groups == 1
    assert "no interval" in str(found.note)
    assert np.isnan(mean_over_groups([], []).value)


def by_lot(rng):
    half = rng.normal(0, 1, 20)
    return np.concatenate([half, -half])


def test_maps_better_than_all_orders_by_lot_have_the_smallest_p():
    rng = np.random.default_rng(2)
    found = against_lot([9.0] * 12, [by_lot(rng) for _ in range(12)])
    assert found.beaten == (1.0,) * 12
    assert found.p < 1e-3


def test_one_image_cannot_have_a_p_below_one_in_the_number_of_orders():
    found = against_lot([9.0], [by_lot(np.random.default_rng(3))])
    assert found.p == pytest.approx(1 / 42, abs=0.005)


def test_orders_by_lot_are_found_better_than_lot_as_often_as_the_test_says():
    found = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        found.append(against_lot(rng.normal(0, 1, 6).tolist(), [by_lot(rng) for _ in range(6)]).p)
    assert 2 <= sum(p < 0.05 for p in found) <= 20
