from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.metrics.temperature import fit_temperature


def scores_and_targets(seed: int, n: int = 4000):
    """Return scores whose softmax is true: targets are drawn from it."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, (n, 4))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return scores, np.array([rng.choice(4, p=row) for row in shares])


@given(st.integers(0, 50), st.sampled_from([0.25, 0.5, 2.0, 5.0]))
def test_scores_blown_up_by_a_factor_are_brought_back_by_that_factor(seed, factor):
    scores, targets = scores_and_targets(seed, 1500)
    assert fit_temperature(scores * factor, targets) == pytest.approx(
        factor * fit_temperature(scores, targets), rel=1e-3
    )


def test_true_probabilities_are_left_alone():
    assert fit_temperature(*scores_and_targets(0)) == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_n_right_answers_show_no_more_certainty_than_n_rows_can(n):
    targets = np.arange(n) % 3
    temperature = fit_temperature(np.eye(3)[targets] * 10, targets)
    certainty = np.exp(10 / temperature) / (np.exp(10 / temperature) + 2)
    assert certainty == pytest.approx((n + 1) / (n + 2), abs=1e-6)


def test_equal_scores_and_no_scores_do_not_break_it():
    assert fit_temperature(np.zeros((5, 3)), np.zeros(5, np.int64)) > 0
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, np.int64)) == 1.0
