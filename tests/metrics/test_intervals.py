"""Intervals: computed over groups, never absurd, absent where they would lie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.recipe import EvaluateOptions
from tamiz.core.seeds import derive_seed
from tamiz.data.predictions import Predictions
from tamiz.metrics.bootstrap import resampled_sums
from tamiz.metrics.intervals import (
    MIN_GROUPS,
    degrees_of_freedom,
    logit_interval,
    measure,
    stretches,
    student_t,
    wilson,
)
from tamiz.metrics.registry import METRICS
from tamiz.metrics.sums import Summer

scipy_stats = pytest.importorskip("scipy.stats")
OPTIONS = EvaluateOptions(resamples=300)


def ends(estimate):
    """Return (low, high) of an estimate that must have an interval."""
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.high


def predictions_from(seed, n_groups, per_group=1, k=3, skill=1.5):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), per_group)
    target = rng.integers(0, k, n_groups)[group]
    scores = rng.normal(size=(len(group), k)) + rng.normal(size=(n_groups, k))[group]
    scores[np.arange(len(group)), target] += skill
    powers = np.exp(scores)
    return Predictions(
        classes=tuple("abcdefgh"[:k]),
        item=np.array([f"i{index:05d}" for index in range(len(group))]),
        group=group.astype(str),
        target=target,
        probabilities=powers / powers.sum(axis=1, keepdims=True),
    )


def perfect(n_groups, per_group=1, k=2):
    p = predictions_from(0, n_groups, per_group, k)
    target = (np.arange(n_groups) % k).repeat(per_group)
    return replace(p, target=target, probabilities=np.eye(k)[target] * 0.98 + 0.02 / k)


@given(st.integers(0, 50), st.integers(10, 60), st.integers(1, 4), st.integers(2, 4))
@settings(max_examples=25)
def test_every_interval_holds_its_value_and_stays_in_range(seed, n_groups, per_group, k):
    found = measure(predictions_from(seed, n_groups, per_group, k), OPTIONS).overall
    for name, one in found.items():
        low, high = ends(one)
        assert 0 <= low <= one.value <= high, name
        assert high <= 1 or not METRICS.get(name).is_share
        assert one.n == n_groups * per_group
        assert one.n_groups == n_groups


def test_the_same_seed_gives_the_same_figures_in_any_order_of_rows():
    p = predictions_from(1, 40, 3)
    shuffled = p.take(np.random.default_rng(0).permutation(len(p)))
    assert measure(p, OPTIONS).overall == measure(shuffled, OPTIONS).overall
    other = replace(OPTIONS, seed=1)
    assert measure(p, OPTIONS).overall["auroc"] != measure(p, other).overall["auroc"]


def test_the_resamples_do_not_depend_on_how_many_fit_into_memory(monkeypatch):
    p = predictions_from(1, 30, 2)
    whole = resampled_sums(p, 120, seed=0)
    monkeypatch.setattr("tamiz.metrics.bootstrap._CELLS", 200)
    pieces = resampled_sums(p, 120, seed=0)
    np.testing.assert_array_equal(whole.hit, pieces.hit)
    np.testing.assert_array_equal(whole.auroc, pieces.auroc)


def test_a_resample_is_what_copying_the_drawn_groups_gives():
    p = predictions_from(4, 12, 2)
    sums = resampled_sums(p, 3, seed=0)
    rng = np.random.default_rng(derive_seed(0, "bootstrap", 0))
    names = np.unique(p.group)
    for row in range(3):
        drawn = names[rng.integers(0, 12, size=(1, 12))[0]]
        rows = np.concatenate([np.flatnonzero(p.group == name) for name in drawn])
        copied = p.take(rows)
        for name in METRICS.names():
            metric = METRICS.get(name)
            assert metric.formula(sums)[row] == pytest.approx(metric(copied), nan_ok=True), name


def test_one_item_per_group_gets_wilsons_interval_for_accuracy():
    found = measure(predictions_from(2, 100), OPTIONS).overall["accuracy"]
    assert found.method == "wilson"
    assert (found.low, found.high) == wilson(round(found.value * 100), 100)


def test_more_items_of_the_same_groups_do_not_narrow_the_interval_like_new_groups():
    once = predictions_from(2, 60)
    copies = once.take(np.repeat(np.arange(60), 5))
    copies = replace(copies, item=np.array([f"i{i:05d}" for i in range(300)]))
    one, five = measure(once, OPTIONS).overall, measure(copies, OPTIONS).overall
    for name in ("accuracy", "f1_macro", "auroc", "log_loss"):
        low, high = ends(one[name])
        least, most = ends(five[name])
        assert most - least == pytest.approx(high - low, rel=0.25), name
        assert five[name].n_groups == 60


def test_wilson_equals_the_published_figures():
    assert wilson(20, 20) == pytest.approx((0.839, 1.0), abs=5e-4)
    assert wilson(100, 100) == pytest.approx((0.963, 1.0), abs=5e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(9, 500), st.sampled_from([0.9, 0.975, 0.995]))
def test_students_t_is_exact_enough(df, probability):
    assert student_t(probability, df) == pytest.approx(scipy_stats.t.ppf(probability, df), abs=2e-3)


@pytest.mark.parametrize("per_group", [1, 4])
def test_all_correct_is_never_shown_as_certain(per_group):
    for name, one in measure(perfect(40, per_group), OPTIONS).overall.items():
        if METRICS.get(name).is_share:
            low, high = ends(one)
            assert one.value == high == 1.0
            assert 0.83 < low < 0.96, name


def test_all_correct_over_few_groups_is_less_certain_however_many_items():
    few = measure(perfect(12, 50), OPTIONS).overall["accuracy"]
    assert few.low == wilson(12, 12)[0]


def test_fewer_than_ten_groups_have_no_interval_and_a_note():
    found = measure(predictions_from(0, MIN_GROUPS - 1, 5), OPTIONS).overall["auroc"]
    assert found.low is None
    assert found.high is None
    assert "9 groups, at least 10 are needed" in str(found.note)


def test_a_proportion_of_single_items_has_an_interval_even_then():
    found = measure(predictions_from(0, 5), OPTIONS).overall["accuracy"]
    assert found.method == "wilson"
    assert found.note is None


def test_a_single_item_gets_what_can_be_said():
    found = measure(predictions_from(0, 1), OPTIONS).overall
    assert "auroc" not in found  # not defined with one class
    assert found["accuracy"].n == 1
    assert found["log_loss"].low is None


def test_nothing_known_gives_nothing():
    p = predictions_from(0, 5)
    measured = measure(replace(p, target=np.full(5, -1)), OPTIONS)
    assert measured.overall == {}
    assert measured.n == 0


def test_a_class_without_items_has_no_row_and_one_never_predicted_has_precision_zero():
    p = predictions_from(0, 60, k=3)
    target = np.where(p.target == 2, 1, p.target)
    probabilities = p.probabilities.copy()
    probabilities[:, 0] = 0.0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    measured = measure(replace(p, target=target, probabilities=probabilities), OPTIONS)
    assert set(measured.by_class) == {"a", "b"}
    precision = measured.by_class["a"]["precision"]
    assert precision.value == 0.0
    assert precision.low is None
    assert str(precision.note) == "never predicted"
    assert ends(measured.by_class["a"]["recall"])[1] < 0.3


def test_a_class_in_few_groups_has_no_interval_of_its_own():
    p = predictions_from(0, 60, 3, k=2)
    groups = p.group.astype(int)
    measured = measure(replace(p, target=(groups < 4).astype(np.int64)), OPTIONS)
    assert measured.by_class["b"]["recall"].note is not None
    assert measured.by_class["b"]["recall"].n_groups == 4
    assert measured.by_class["a"]["recall"].low is not None


def test_a_constant_model_is_surely_at_chance_where_chance_is_certain():
    p = predictions_from(0, 50, 2, k=2)
    found = measure(replace(p, probabilities=np.full((100, 2), 0.5)), OPTIONS).overall
    assert (found["auroc"].low, found["auroc"].high) == (0.5, 0.5)
    assert found["log_loss"].low == found["log_loss"].high == pytest.approx(np.log(2))


def test_normal_pulls_leave_nearly_all_degrees_of_freedom():
    pulls = np.random.default_rng(0).normal(size=400)
    assert degrees_of_freedom(pulls) == pytest.approx(399, rel=0.15)


def test_a_variance_carried_by_two_of_fifty_groups_has_few_degrees_of_freedom():
    pulls = np.full(50, 0.02)
    pulls[:2] = -0.5
    assert 2 < degrees_of_freedom(pulls) < 6


@given(st.lists(st.floats(-1, 1), min_size=MIN_GROUPS, max_size=60))
def test_degrees_of_freedom_are_never_more_than_the_groups_allow(pulls):
    assert 0 < degrees_of_freedom(np.array(pulls)) <= len(pulls) - 1 + 1e-9


@given(st.lists(st.floats(-1, 1), min_size=MIN_GROUPS, max_size=60))
def test_only_the_side_of_the_far_pulls_is_stretched(pulls):
    below, above = stretches(np.array(pulls), 0.95)
    assert min(below, above) == 1.0
    assert max(below, above) >= 1.0 - 1e-9
    mirrored = stretches(-np.array(pulls), 0.95)
    if abs(np.sum(np.array(pulls) ** 3)) > 1e-9:
        assert mirrored == pytest.approx((above, below))


def test_what_is_not_known_stretches_nothing():
    assert stretches(None, 0.95) == (1.0, 1.0)
    assert stretches(np.zeros(20), 0.95) == (1.0, 1.0)
    assert stretches(np.full(20, np.nan), 0.95) == (1.0, 1.0)


def test_a_few_badly_ranked_patients_push_the_lower_end_of_an_auroc_down_only():
    replicates = np.random.default_rng(0).normal(0.95, 0.01, 500)
    pulls = np.full(50, 0.001)
    pulls[:2] = -0.024
    low, high = logit_interval(0.95, replicates, 50, 0.95)
    lower, same = logit_interval(0.95, replicates, 50, 0.95, pulls)
    assert lower < low
    assert same == high


@pytest.mark.parametrize("name", ["log_loss", "weighted_log_loss", "brier"])
def test_the_pulls_on_a_loss_add_up_to_nothing_and_to_its_standard_error(name):
    metric = METRICS.get(name)
    assert metric.influence is not None
    assert metric.standard_error is not None
    summer = Summer(predictions_from(3, 40, 1))
    pulls = metric.influence(summer)
    sums = summer(np.ones((1, 40), dtype=np.int32))
    assert pulls.sum() == pytest.approx(0.0, abs=1e-12)
    size = np.sqrt(np.square(pulls).sum())
    n_classes = 3 if name == "weighted_log_loss" else 1  # its error leaves out a constant
    assert size * n_classes == pytest.approx(metric.standard_error(sums)[0])


@pytest.mark.parametrize("per_group", [1, 3])
def test_intervals_cover_the_truth_about_as_often_as_promised(per_group):
    names = ("accuracy", "f1_macro", "auroc", "log_loss")
    big = predictions_from(999, 100_000, per_group, k=2)
    truth = {name: METRICS.get(name)(big) for name in names}
    hits = dict.fromkeys(names, 0)
    for seed in range(120):
        found = measure(predictions_from(seed, 60, per_group, k=2), OPTIONS).overall
        for name in names:
            low, high = ends(found[name])
            hits[name] += low <= truth[name] <= high
    assert all(hits[name] / 120 >= 0.89 for name in names), hits  # sd of 95 %: 2 points
