"""A class that is always found in the sample is not known to be always found."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import measure_repeats
from tamiz.metrics.decision import Decision
from tamiz.metrics.intervals import measure, wilson
from tamiz.metrics.operating_figures import measure_points

FEW = EvaluateOptions(resamples=200)


def scored(n_ill, n_well, gap, rng):
    """Return two classes whose scores lie `gap` standard deviations apart, cut in the middle."""
    target = np.repeat([1, 0], [n_ill, n_well])
    score = rng.normal(size=len(target)) + gap * (target - 0.5)
    p = 1 / (1 + np.exp(-2 * score))
    names = np.array([f"{at:04d}" for at in range(len(target))])
    return Predictions(("well", "ill"), names, names, target, np.stack([1 - p, p], axis=1))


def answered(right, target, k):
    """Return answers that are right where `right` says so, else the next class."""
    named = np.where(right, target, (target + 1) % k)
    shares = np.where(named[:, None] == np.arange(k), 0.9, 0.1 / (k - 1))
    names = np.array([f"{at:04d}" for at in range(len(target))])
    return Predictions(tuple("abcdef"[:k]), names, names, target.astype(np.int64), shares)


@pytest.mark.parametrize(("n_ill", "gap"), [(4, 2.5), (10, 3.0)])
def test_the_balanced_accuracy_of_a_rare_class_holds_the_truth(n_ill, gap):
    from scipy.stats import norm

    rng, truth, held = np.random.default_rng(0), float(norm.cdf(gap / 2)), 0
    for _ in range(60):
        found = measure(scored(n_ill, 90, gap, rng), FEW).overall["balanced_accuracy"]
        held += (found.low or 0.0) <= truth <= (found.high or 0.0)
    assert held >= 54  # the bootstrap alone: 36 to 48 of 60


def test_a_perfect_rare_class_leaves_open_what_wilson_leaves_open():
    target = np.repeat([0, 1, 2], [400, 400, 5])
    right = np.ones(805, dtype=bool)
    right[[0, 1, 2, 3, 400, 401, 402, 403]] = False
    found = measure(answered(right, target, 3), FEW).overall
    open_below = (1 - wilson(5, 5)[0]) / 3
    for name in ("balanced_accuracy", "recall_macro"):
        low = found[name].low
        assert low is not None
        assert found[name].value - low == pytest.approx(open_below, rel=0.02)


def test_a_class_that_is_never_found_may_still_be_found_at_times():
    target = np.repeat([0, 1], [100, 8])
    found = measure(answered(target == 0, target, 2), FEW).overall["balanced_accuracy"]
    assert found.value == 0.5
    assert found.high is not None
    assert found.high >= 0.5 + 0.9 * wilson(0, 8)[1] / 2


def test_where_every_class_has_misses_nothing_is_added():
    from tamiz.metrics.classification import balanced_accuracy
    from tamiz.metrics.sums import sums_of
    from tamiz.metrics.unseen_spread import with_unseen_spread

    target = np.repeat([0, 1], 50)
    right = np.arange(100) % 10 > 0
    sums = sums_of(answered(right, target, 2))
    facts = (0.9, np.array([50, 50]), wilson)
    made = with_unseen_spread((0.8, 0.95), balanced_accuracy.formula, sums, facts)
    assert made == pytest.approx((0.8, 0.95))


def test_a_perfect_curve_of_two_classes_is_known_as_well_as_the_rarer_one():
    target = np.repeat([1, 0], [10, 500])
    found = measure(answered(np.ones(510, dtype=bool), target, 2), FEW)
    low = wilson(10, 10)[0]
    assert found.overall["auroc"].low == pytest.approx(low)  # ten misplaced of ten: all of it
    for one in found.by_class.values():  # it is one curve, whichever class it is told of
        assert one["auroc"].low == pytest.approx(low)


def test_a_curve_that_rests_on_three_patients_is_wide():
    from scipy.stats import norm

    rng, truth, held = np.random.default_rng(1), float(norm.cdf(1 / np.sqrt(2))), 0
    for _ in range(40):
        found = measure(scored(3, 90, 1.0, rng), FEW).overall["auroc"]
        held += (found.low or 0.0) <= truth <= (found.high or 0.0)
    assert held >= 37  # with Student's t for all 93 groups: 34 of 40


def test_a_rare_class_found_in_every_repeat_is_not_taken_for_certain():
    target = np.repeat([0, 1], [300, 6])
    repeats = []
    for first in (0, 10):
        right = np.ones(306, dtype=bool)
        right[first : first + 10] = False
        repeats.append(answered(right, target, 2))
    found = measure_repeats(repeats, FEW).overall["balanced_accuracy"]
    assert found.low is not None
    assert found.value - found.low > 0.95 * (1 - wilson(6, 6)[0]) / 2


@pytest.mark.parametrize("prevalence", [0.0, 1.0])
def test_where_nobody_or_everybody_is_ill_predictive_values_are_left_out(prevalence):
    options = EvaluateOptions(resamples=200, prevalence=prevalence)
    known = scored(30, 30, 1.0, np.random.default_rng(2))
    (point,) = measure_points([Decision()], "ill", known, options)
    assert point.figures["ppv_at"] is None
    assert point.figures["npv_at"] is None
