"""The best of several figures looks too good: by how much."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.metrics.optimism import expected_maximum, standard_error_of, widened


def test_the_expected_maximum_has_its_known_values():
    assert expected_maximum(1) == 0
    assert expected_maximum(2) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-6)
    assert expected_maximum(3) == pytest.approx(1.5 / np.sqrt(np.pi), abs=1e-6)


def test_the_expected_maximum_is_what_a_simulation_finds():
    drawn = np.random.default_rng(0).standard_normal((200_000, 12)).max(axis=1)
    assert expected_maximum(12) == pytest.approx(drawn.mean(), abs=0.01)


def test_the_standard_error_of_a_normal_interval_is_found_again():
    assert standard_error_of(0.9 - 1.959964 * 0.01, 0.9 + 1.959964 * 0.01, 0.95) == pytest.approx(
        0.01, rel=1e-6
    )


@given(
    st.floats(0.05, 0.95),
    st.floats(0.005, 0.04),
    st.integers(1, 30),
    st.booleans(),
)
def test_an_interval_for_the_best_of_more_is_never_narrower(value, half, k, is_share):
    bounds = (value - half, value + half)
    one = widened(value, bounds, 0.95, k, is_share=is_share)
    more = widened(value, bounds, 0.95, k + 1, is_share=is_share)
    assert more[0] <= one[0] <= value <= one[1] <= more[1]
    if is_share:
        assert 0 <= more[0] <= more[1] <= 1
    if k == 1:
        assert one == pytest.approx(bounds, abs=1e-9)


def test_an_interval_that_touches_one_stays_in_the_range():
    assert widened(1.0, (0.9, 1.0), 0.95, 5, is_share=True)[1] == 1.0
