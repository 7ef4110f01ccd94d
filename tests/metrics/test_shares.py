"""Shares with intervals over groups."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.metrics.intervals import wilson
from tamiz.metrics.shares import share_of


def groups(n, size):
    return np.array([f"{at // size:04d}" for at in range(n)])


def test_items_on_their_own_get_wilsons_interval():
    is_so = np.arange(100) < 7
    found = share_of(is_so, groups(100, 1))
    assert (found.low, found.high) == pytest.approx(wilson(7, 100))
    assert (found.value, found.n, found.n_groups) == (0.07, 100, 100)


def test_groups_that_agree_count_once():
    is_so = np.repeat(np.arange(40) < 10, 5)
    found, one_each = share_of(is_so, groups(200, 5)), share_of(np.arange(40) < 10, groups(40, 1))
    assert found.design_effect == pytest.approx(5 * 40 / 39)
    assert found.low == pytest.approx(one_each.low, abs=0.005)
    assert found.high == pytest.approx(one_each.high, abs=0.005)


def test_where_none_is_so_the_number_of_groups_bounds_it():
    found = share_of(np.zeros(200, dtype=bool), groups(200, 10))
    assert (found.low, found.high) == pytest.approx(wilson(0, 20))


def test_few_groups_have_no_interval_but_the_reason():
    found = share_of(np.arange(30) < 3, groups(30, 10))
    assert found.low is None
    assert "10" in str(found.note)
