import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.profile.images_numbers import (
    MAX_BINS,
    bins_of,
    density_of,
    difference_of,
    group_means,
    summary_of,
)

many = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=200)


@given(many, st.booleans())
def test_every_value_is_in_a_bin_or_counted_outside(values, is_whole):
    numbers = np.round(np.array(values)) if is_whole else np.array(values)
    bins = bins_of(numbers, is_whole=is_whole)
    if bins is None:
        assert np.ptp(numbers) == 0
        return
    assert bins.counts.sum() + bins.n_outside == len(numbers)
    assert len(bins.counts) <= 4 * MAX_BINS + 1


def test_whole_numbers_get_bins_of_whole_width_around_them():
    bins = bins_of(np.array([1.0, 2.0, 2.0, 3.0]), is_whole=True)
    assert bins is not None
    assert bins.width == 1
    assert bins.middles.tolist() == [1, 2, 3]
    assert bins.counts.tolist() == [1, 2, 1]


def test_width_is_freedman_and_diaconis():
    values = np.random.default_rng(0).normal(size=1000)
    bins = bins_of(values)
    assert bins is not None
    q1, q3 = np.quantile(values, [0.25, 0.75])
    assert bins.width == pytest.approx(2 * (q3 - q1) / 10)


def test_one_far_value_does_not_flatten_the_rest():
    values = np.append(np.random.default_rng(0).normal(100, 5, 1000), 1e6)
    bins = bins_of(values)
    assert bins is not None
    assert bins.n_outside >= 1
    assert (bins.counts > 0).sum() > 10


def test_density_of_a_normal_sample_is_the_normal_density():
    values = np.random.default_rng(1).normal(10, 2, 50_000)
    places, density = density_of(values, 0, 20)
    true = np.exp(-0.5 * ((places - 10) / 2) ** 2) / (2 * math.sqrt(2 * math.pi))
    assert np.abs(density - true).max() < 0.01
    assert np.trapezoid(density, places) == pytest.approx(1, abs=0.01)


def test_density_of_equal_values_is_nothing():
    assert len(density_of(np.full(9, 3.0), 0, 5)[0]) == 0


def test_difference_agrees_with_scipy():
    from scipy.stats import mannwhitneyu

    random = np.random.default_rng(2)
    first, second = (
        random.integers(0, 9, 40).astype(float),
        random.integers(1, 10, 60).astype(float),
    )
    expected = mannwhitneyu(first, second, method="asymptotic")
    found = difference_of(first, second)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.superiority == pytest.approx(expected.statistic / (40 * 60))


@given(many, many)
def test_swapping_the_sets_mirrors_the_difference(first, second):
    one, other = (
        difference_of(np.array(a), np.array(b)) for a, b in ((first, second), (second, first))
    )
    assert one.superiority + other.superiority == pytest.approx(1)
    assert one.p == pytest.approx(other.p)


def test_few_values_prove_nothing():
    assert difference_of(np.arange(4.0), np.arange(100.0, 200)).p == 1


def test_images_of_one_group_are_one_witness():
    values = np.array([1.0, 3.0, 10.0, np.nan, 4.0])
    assert group_means(values, np.array([7, 7, 8, 8, 9])).tolist() == [2, 10, 4]


def test_summary_is_numpys():
    found = summary_of(np.array([4.0, 1.0, 2.0, 3.0]))
    assert found is not None
    assert (found.n, found.mean, found.low, found.q1, found.median, found.high) == (
        4,
        2.5,
        1,
        1.75,
        2.5,
        4,
    )
    assert found.sd == pytest.approx(1.2909944)
    assert summary_of(np.zeros(0)) is None
