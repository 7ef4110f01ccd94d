"""Calibration: what is fitted, what can be taken back, and what 'auto' chooses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.metrics.calibration import Calibration, fit_calibration, item_log_loss, softmax


def honest(seed: int, n: int = 3000, k: int = 3):
    """Return scores whose softmax is true, and targets drawn from it."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, (n, k))
    below = softmax(scores).cumsum(axis=1)
    return scores, (rng.random((n, 1)) > below).sum(axis=1).clip(0, k - 1)


def honest_labels(seed: int, n: int = 3000, k: int = 3):
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, 2, (n, k))
    return scores, (rng.random((n, k)) < 1 / (1 + np.exp(-scores))).astype(np.int64)


def test_one_temperature_is_softmax_of_divided_scores():
    scores, _ = honest(0, 20)
    made = Calibration.of_temperature(2.5, 3).probabilities(scores)
    assert made == pytest.approx(softmax(scores / 2.5), abs=1e-15)


numbers = st.floats(-8, 8)


@given(
    st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=6),
    st.tuples(*[st.floats(0.2, 4)] * 3),
    st.tuples(*[st.floats(-3, 3)] * 3),
    st.sampled_from([0.0, -0.05, -0.5]),
    st.booleans(),
)
def test_a_calibration_is_taken_back_from_the_probabilities_alone(
    rows, scales, shifts, bend, labels
):
    calibration = Calibration(scales, shifts, 0.0 if labels else bend)
    scores = np.array(rows)
    plain = Calibration.of_temperature(1.0, 3).probabilities(scores, is_multilabel=labels)
    made = calibration.probabilities(scores, is_multilabel=labels)
    back = calibration.scores_behind(made, is_multilabel=labels)
    found = Calibration.of_temperature(1.0, 3).probabilities(back, is_multilabel=labels)
    assert found == pytest.approx(plain, abs=1e-7)
    assert calibration.probabilities(back, is_multilabel=labels) == pytest.approx(made, abs=1e-9)


@given(st.floats(-50, 50))
def test_what_a_network_adds_to_all_scores_of_an_image_changes_nothing(added):
    scores, _ = honest(1, 5)
    calibration = Calibration((0.5, 1.0, 2.0), (0.3, 0.0, -0.3))
    moved = calibration.probabilities(scores + added)
    assert moved == pytest.approx(calibration.probabilities(scores), abs=1e-12)


def test_the_vector_finds_scales_and_shifts_that_were_put_in():
    scores, targets = honest(2, 20_000)
    logs = np.log(softmax(scores))
    wanted = Calibration((1.6, 0.7, 1.0), (0.5, -0.8, 0.3))
    spoilt = (logs - np.array(wanted.shifts)) / np.array(wanted.scales)
    fitted = fit_calibration(spoilt, targets, np.arange(len(targets)), "vector")
    assert fitted.how == "vector"
    made = fitted.calibration.probabilities(spoilt)
    # far better than one temperature, and about as good as the truth
    truth = item_log_loss(softmax(scores), targets).mean()
    assert item_log_loss(made, targets).mean() == pytest.approx(truth, abs=0.002)


@pytest.mark.parametrize("make", [honest, honest_labels])
def test_auto_keeps_one_temperature_where_the_vector_is_not_shown_to_be_better(make):
    scores, targets = make(3)
    fitted = fit_calibration(scores * 3, targets, np.arange(len(targets)), "auto")
    assert fitted.how == "temperature"
    assert fitted.temperature == pytest.approx(3, rel=0.1)
    assert fitted.gain is not None


@pytest.mark.parametrize("make", [honest, honest_labels])
def test_auto_takes_the_vector_where_it_is_shown_to_be_better(make):
    scores, targets = make(4)
    spoilt = scores + np.array([2.0, -2.0, 0.0])
    fitted = fit_calibration(spoilt, targets, np.arange(len(targets)), "auto")
    assert fitted.how == "vector"
    assert fitted.gain is not None
    assert fitted.gain.high is not None
    assert fitted.gain.high < 0
    assert len(set(fitted.calibration.shifts)) == 3


def test_auto_counts_groups_not_images():
    """The same few patients photographed a hundred times show nothing."""
    scores, targets = honest(5, 9)
    spoilt = np.repeat(scores + np.array([2.0, -2.0, 0.0]), 100, axis=0)
    groups = np.repeat(np.arange(9), 100)
    fitted = fit_calibration(spoilt, np.repeat(targets, 100), groups, "auto")
    assert fitted.how == "temperature"
    assert fitted.gain is None


@pytest.mark.parametrize("how", ["none", "temperature", "vector", "auto"])
def test_no_rows_and_a_class_that_no_row_has_break_nothing(how):
    nothing = fit_calibration(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0), how)
    assert nothing.calibration.is_identity
    scores, targets = honest(6, 200)
    fitted = fit_calibration(scores, targets.clip(0, 1), np.arange(200), how)
    made = fitted.calibration.probabilities(scores)
    assert np.isfinite(made).all()
    assert made.sum(axis=1) == pytest.approx(1)


def test_the_bend_undoes_what_smoothed_labels_do():
    """A network that learnt smoothed labels to perfection says 0.9 p + 0.1 / k."""
    rng = np.random.default_rng(8)
    truth = softmax(rng.normal(0, 4, (8000, 5)))
    targets = (rng.random((8000, 1)) > truth.cumsum(axis=1)).sum(axis=1).clip(0, 4)
    scores = np.log(0.9 * truth + 0.1 / 5)
    groups = np.arange(8000)
    losses = {}
    for how in ("temperature", "auto"):
        made = fit_calibration(scores[::2], targets[::2], groups[::2], how).calibration
        losses[how] = item_log_loss(made.probabilities(scores[1::2]), targets[1::2]).mean()
    best = item_log_loss(truth[1::2], targets[1::2]).mean()
    assert losses["auto"] - best < 0.5 * (losses["temperature"] - best)


def test_none_leaves_scores_as_they_are():
    scores, targets = honest(7, 100)
    fitted = fit_calibration(scores * 9, targets, np.arange(100), "none")
    assert fitted.how == "none"
    assert fitted.temperature == 1.0
    assert fitted.calibration.is_identity
