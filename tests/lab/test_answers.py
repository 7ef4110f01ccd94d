"""Softmax, sigmoid, cross-entropy and their gradients, against laws and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tamiz.lab.answers import Sigmoids, Softmax
from tamiz.metrics.calibration import Calibration

scores = arrays(np.float64, st.integers(2, 8), elements=st.floats(-30, 30))
STEP = 1e-5


@given(scores)
def test_probabilities_sum_to_one_and_are_those_of_predict(values):
    one = Softmax.of(values)
    assert one.probabilities.sum() == pytest.approx(1)
    plain = Calibration.of_temperature(1.0, len(values))
    assert np.array_equal(one.probabilities, plain.probabilities(values[np.newaxis])[0])
    assert one.powers.max() == 1
    assert np.allclose(Softmax.of(values + 7).probabilities, one.probabilities, atol=1e-12)


@given(scores)
def test_the_gradient_is_p_minus_y_by_finite_differences(values):
    one, true = Softmax.of(values), 1
    assert one.loss(true) == pytest.approx(-np.log(one.probabilities[true]), rel=1e-9, abs=1e-9)
    for at in range(len(values)):
        step = np.zeros(len(values))
        step[at] = STEP
        rise = Softmax.of(values + step).loss(true) - Softmax.of(values - step).loss(true)
        assert rise / (2 * STEP) == pytest.approx(one.gradient(true)[at], abs=1e-6)
    assert one.gradient(true).sum() == pytest.approx(0, abs=1e-12)


def test_equal_scores_cost_the_logarithm_of_the_number_of_classes():
    assert Softmax.of(np.zeros(10)).loss(3) == pytest.approx(np.log(10))


def test_a_probability_that_is_rounded_to_zero_still_has_a_finite_loss():
    one = Softmax.of(np.array([0.0, 2000.0]))
    assert one.probabilities[0] == 0
    assert one.loss(0) == pytest.approx(2000)


@given(scores)
def test_each_label_stands_on_its_own(values):
    one = Sigmoids.of(values)
    true = np.arange(len(values)) % 2 == 0
    plain = Calibration.of_temperature(1.0, len(values))
    answered = plain.probabilities(values[np.newaxis], is_multilabel=True)[0]
    assert np.array_equal(one.probabilities, answered)
    assert np.allclose(one.probabilities, 1 / (1 + one.powers), atol=1e-12)
    up, down = Sigmoids.of(values + STEP), Sigmoids.of(values - STEP)
    rise = (up.losses(true) - down.losses(true)) / (2 * STEP)
    assert np.allclose(rise, one.gradient(true), atol=1e-6)
