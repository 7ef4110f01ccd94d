"""Differences between two ways of training: the interval holds the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tamiz.metrics.paired import paired_difference


def drawn(rng, n_seeds, n_groups, truth, spreads):
    """Return differences with effects of groups, of seeds, and of each item."""
    groups = np.repeat(np.arange(n_groups), rng.integers(1, 6, n_groups))
    of_group, of_seed, of_item = spreads
    made = truth + of_group * rng.normal(size=n_groups)[groups][None, :]
    made = made + of_seed * rng.normal(size=(n_seeds, 1))
    return made + of_item * rng.normal(size=(n_seeds, len(groups))), groups


@pytest.mark.parametrize("spreads", [(1.0, 0.0, 1.0), (0.3, 0.5, 1.0), (0.0, 0.0, 1.0)])
def test_the_interval_holds_the_truth_as_often_as_it_says(spreads):
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(200):
        differences, groups = drawn(rng, 3, 40, 0.25, spreads)
        made: Any = paired_difference(differences, groups, n_resamples=200)
        held += made.low <= 0.25 <= made.high
    assert 182 <= held <= 200  # 95 % of 200 is 190; its standard error is 3


def test_one_seed_is_said_and_few_groups_give_no_interval():
    rng = np.random.default_rng(0)
    one: Any = paired_difference(rng.normal(size=(1, 30)), np.arange(30))
    assert "another seed" in str(one.note)
    assert one.low < one.value < one.high
    few = paired_difference(rng.normal(size=(3, 30)), np.arange(30) % 9)
    assert few.low is None
    assert "9" in str(few.note)


def test_equal_answers_have_a_difference_of_nothing():
    made = paired_difference(np.zeros((3, 30)), np.arange(30))
    assert (made.value, made.low, made.high) == (0.0, 0.0, 0.0)
