"""Metrics: equal to scikit-learn's, and the laws that any metric must keep."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.by_class import confusion_matrix
from tamiz.metrics.intervals import measure
from tamiz.metrics.registry import METRICS
from tamiz.metrics.sums import N_BINS

peer = pytest.importorskip("sklearn.metrics")
EXACT = 1e-12


def predictions_from(seed, n, k, coarse=False, sharp=1.0, present=None):
    """Return random predictions; `coarse` makes ties, `present` limits the true classes."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, k)) * sharp
    if coarse:
        scores = np.round(scores)
    powers = np.exp(scores)
    return Predictions(
        classes=tuple("abcdefgh"[:k]),
        item=np.array([f"i{index:04d}" for index in range(n)]),
        group=np.array([f"g{index // 2:04d}" for index in range(n)]),
        target=rng.integers(0, present or k, n),
        probabilities=powers / powers.sum(axis=1, keepdims=True),
    )


random_predictions = st.builds(
    predictions_from,
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    k=st.integers(2, 6),
    coarse=st.booleans(),
    sharp=st.sampled_from([0.5, 3.0, 40.0]),
    present=st.none() | st.just(1) | st.just(2),
)


def all_metrics(predictions):
    return {name: METRICS.get(name)(predictions) for name in METRICS.names()}


def assert_same(found, expected, tolerance=EXACT):
    assert found.keys() == expected.keys()
    for name, value in found.items():
        assert value == pytest.approx(expected[name], abs=tolerance, nan_ok=True), name


def peers_figures(p):
    present = np.unique(p.target)
    made = {"accuracy": peer.accuracy_score(p.target, p.predicted)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a predicted class without items
        made["balanced_accuracy"] = peer.balanced_accuracy_score(p.target, p.predicted)
    for kind in ("macro", "weighted"):
        figures = peer.precision_recall_fscore_support(
            p.target, p.predicted, labels=present, average=kind, zero_division=0
        )
        made |= {
            f"{name}_{kind}": value
            for name, value in zip(("precision", "recall", "f1"), figures, strict=False)
        }
    every = np.arange(len(p.classes))
    made["log_loss"] = peer.log_loss(p.target, y_proba=p.probabilities, labels=every)
    weights = 1 / np.bincount(p.target, minlength=len(every))[p.target]
    made["weighted_log_loss"] = peer.log_loss(
        p.target, y_proba=p.probabilities, labels=every, sample_weight=weights
    )
    made["brier"] = peer.brier_score_loss(
        p.target, y_proba=p.probabilities, labels=every, scale_by_half=False
    )
    return made


@given(random_predictions)
def test_figures_equal_those_of_scikit_learn(p):
    expected = peers_figures(p)
    found = {name: METRICS.get(name)(p) for name in expected}
    assert_same(found, expected)


@given(random_predictions)
def test_auroc_equals_scikit_learns_one_class_against_the_rest(p):
    k = len(p.classes)
    columns = [1] if k == 2 else range(k)
    areas = [
        peer.roc_auc_score(p.target == index, p.probabilities[:, index])
        for index in columns
        if 0 < np.sum(p.target == index) < len(p)
    ]
    expected = np.mean(areas) if areas else np.nan
    assert METRICS.get("auroc")(p) == pytest.approx(expected, abs=EXACT, nan_ok=True)


@given(random_predictions)
def test_the_calibration_error_equals_its_definition_bin_by_bin(p):
    confidence = p.probabilities.max(axis=1)
    right = p.predicted == p.target
    gaps = 0.0
    for at in range(N_BINS):  # (a, b], as scikit-learn has none: Guo et al. 2017, equation 3
        inside = (np.ceil(confidence * N_BINS) - 1).clip(0, N_BINS - 1) == at
        if inside.any():
            gaps += inside.sum() * abs(right[inside].mean() - confidence[inside].mean())
    assert METRICS.get("ece")(p) == pytest.approx(gaps / len(p), abs=EXACT)


def test_no_registered_metric_is_left_without_a_peer():
    compared = {*peers_figures(predictions_from(0, 60, 3)), "auroc", "ece"}
    assert compared == set(METRICS.names())


@given(random_predictions)
def test_figures_of_single_classes_equal_those_of_scikit_learn(p):
    found = measure(p, EvaluateOptions(resamples=100)).by_class
    present = np.unique(p.target)
    assert set(found) == {p.classes[index] for index in present}
    figures = peer.precision_recall_fscore_support(
        p.target, p.predicted, labels=present, average=None, zero_division=0
    )
    for at, index in enumerate(present):
        made = found[p.classes[index]]
        for name, values in zip(("precision", "recall", "f1"), figures, strict=False):
            assert made[name].value == pytest.approx(values[at], abs=EXACT), name
        assert made["recall"].n == figures[3][at]
        if len(present) > 1:
            # with two classes, class 0 has the curve of class 1: the same but for rounding's ties
            column = 1 if len(p.classes) == 2 else index
            area = peer.roc_auc_score(p.target == column, p.probabilities[:, column])
            assert made["auroc"].value == pytest.approx(area, abs=EXACT)


@given(random_predictions)
def test_the_confusion_matrix_equals_scikit_learns(p):
    every = np.arange(len(p.classes))
    found = confusion_matrix(p)
    np.testing.assert_array_equal(
        found.counts, peer.confusion_matrix(p.target, p.predicted, labels=every)
    )
    has_items = found.counts.sum(axis=1) > 0
    np.testing.assert_allclose(found.rates[has_items].sum(axis=1), 1.0)
    assert np.isnan(found.rates[~has_items]).all()


def test_two_classes_have_twice_the_binary_brier_score_of_scikit_learn():
    p = predictions_from(1, 50, 2)
    binary = peer.brier_score_loss(p.target, y_proba=p.probabilities[:, 1])
    assert METRICS.get("brier")(p) == pytest.approx(2 * binary, abs=EXACT)


@given(random_predictions, st.randoms())
def test_the_order_of_the_rows_changes_nothing(p, random):
    order = list(range(len(p)))
    random.shuffle(order)
    assert_same(all_metrics(p.take(order)), all_metrics(p))


@given(random_predictions)
def test_doubling_each_row_changes_nothing(p):
    assert_same(all_metrics(p.take([*range(len(p)), *range(len(p))])), all_metrics(p))


@given(random_predictions)
def test_swapping_two_class_names_swaps_two_columns(p):
    top_two = np.sort(p.probabilities, axis=1)[:, -2:]
    assume((top_two[:, 0] < top_two[:, 1]).all())  # of equals, the first class is predicted
    if len(p.classes) == 2:  # next to 1 doubles are coarser than next to 0: ties on one side only
        first, second = (np.sign(np.subtract.outer(c, c)) for c in p.probabilities.T)
        assume((first == -second).all())
    order = [1, 0, *range(2, len(p.classes))]
    swapped = replace(
        p,
        classes=tuple(p.classes[index] for index in order),
        target=np.argsort(order)[p.target],
        probabilities=p.probabilities[:, order],
    )
    assert_same(all_metrics(swapped), all_metrics(p))
    counts = confusion_matrix(p).counts
    np.testing.assert_array_equal(confusion_matrix(swapped).counts, counts[np.ix_(order, order)])


@given(st.integers(0, 99), st.integers(2, 6), st.integers(20, 60))
def test_a_constant_model_scores_chance(seed, k, n):
    p = predictions_from(seed, n, k)
    assume(len(np.unique(p.target)) == k)
    constant = replace(p, probabilities=np.full((n, k), 1 / k))
    found = all_metrics(constant)
    assert found["balanced_accuracy"] == pytest.approx(1 / k)
    assert found["auroc"] == 0.5
    assert found["log_loss"] == pytest.approx(np.log(k))
    assert found["weighted_log_loss"] == pytest.approx(np.log(k))
    assert found["brier"] == pytest.approx(1 - 1 / k)


def test_shuffled_labels_destroy_the_score():
    rng = np.random.default_rng(3)
    target = rng.integers(0, 2, 4000)
    probabilities = np.eye(2)[target] * 0.8 + 0.1
    good = replace(predictions_from(0, 4000, 2), target=target, probabilities=probabilities)
    shuffled = replace(good, target=rng.permutation(target))
    assert METRICS.get("auroc")(good) == 1.0
    assert METRICS.get("auroc")(shuffled) == pytest.approx(0.5, abs=0.05)


def test_all_correct_scores_one():
    target = np.array([0, 1, 2, 0])
    p = replace(predictions_from(0, 4, 3), target=target, probabilities=np.eye(3)[target])
    found = all_metrics(p)
    shares = [name for name in METRICS.names() if METRICS.get(name).is_share]
    assert {found[name] for name in shares} == {1.0}
    assert found["brier"] == found["ece"] == 0.0
    assert found["log_loss"] == pytest.approx(0.0, abs=EXACT)


def test_being_surely_wrong_costs_a_finite_log_loss():
    p = replace(predictions_from(0, 1, 2), target=np.array([0]), probabilities=np.eye(2)[[1]])
    assert METRICS.get("log_loss")(p) == pytest.approx(-np.log(np.finfo(float).eps))


def test_rows_without_a_known_class_are_left_out():
    p = predictions_from(5, 30, 3)
    unknown = p.target.copy()
    unknown[::3] = -1
    known = np.flatnonzero(unknown >= 0)
    assert_same(all_metrics(replace(p, target=unknown)), all_metrics(p.take(known)), 0.0)


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy():
    # 10 items at 0.9, of which 7 right; 10 items at 0.6, of which 6 right
    first = np.repeat([0.9, 0.6], 10)
    target = np.array([0] * 7 + [1] * 3 + [0] * 6 + [1] * 4)
    p = replace(
        predictions_from(0, 20, 2), target=target, probabilities=np.stack([first, 1 - first], 1)
    )
    assert METRICS.get("ece")(p) == pytest.approx(0.5 * 0.2 + 0.5 * 0.0)


def test_metrics_say_which_way_is_better():
    lower = {name for name in METRICS.names() if METRICS.get(name).better == "lower"}
    assert lower == {"log_loss", "weighted_log_loss", "brier", "ece"}
