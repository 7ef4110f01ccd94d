"""Figures of several labels per image are scikit-learn's, and intervals come from whole groups."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.intervals import measure
from tamiz.metrics.multilabel import (
    LABEL_METRICS,
    LabelSummer,
    f1_by_label,
    label_sums_of,
    precision_by_label,
    recall_by_label,
    sample_f1,
)
from tamiz.metrics.multilabel_baselines import (
    nearest_label_predictions,
    prior_label_predictions,
    usual_set_predictions,
)
from tamiz.metrics.multilabel_blocks import label_metric, untaught_thresholds
from tamiz.metrics.multilabel_thresholds import choose_thresholds
from tamiz.metrics.temperature import fit_temperature

FEW = EvaluateOptions(resamples=200)


def predictions(target, probabilities, group=None, thresholds=None) -> Predictions:
    """Return predictions of `target` (n, K) with labels a, b, c, ..."""
    n, k = np.shape(target)
    return Predictions(
        classes=tuple("abcdefgh"[:k]),
        item=np.array([f"i{row:04d}" for row in range(n)]),
        group=np.array([f"g{row}" for row in range(n)] if group is None else group),
        target=np.asarray(target, np.int64),
        probabilities=np.asarray(probabilities, np.float64),
        split="test",
        thresholds=thresholds or (0.5,) * k,
    )


@st.composite
def label_tables(draw, max_rows=30):
    """Return (target, probabilities, thresholds), with ties and empty sets among them."""
    n, k = draw(st.integers(1, max_rows)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    target = (rng.random((n, k)) < draw(st.floats(0, 1))).astype(np.int64)
    steps = draw(st.sampled_from([3, 10, 10**6]))  # few steps make ties
    probabilities = rng.integers(0, steps + 1, (n, k)) / steps
    return target, probabilities, tuple(rng.random(k).tolist())


@given(label_tables())
def test_every_figure_is_that_of_scikit_learn(case):
    from sklearn import metrics as theirs

    target, probabilities, thresholds = case
    made = predictions(target, probabilities, thresholds=thresholds)
    guessed = made.predicted
    present = np.flatnonzero(target.any(axis=0))
    ours = {name: metric(made) for name, metric in LABEL_METRICS.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ours["hamming_loss"] == pytest.approx((target != guessed).mean(), abs=1e-12)
        assert ours["exact_match"] == pytest.approx(
            theirs.accuracy_score(target, guessed) if target.shape[1] > 1
            else (target == guessed).mean(), abs=1e-12,
        )  # fmt: skip
        if target.shape[1] > 1:
            samples = theirs.f1_score(target, guessed, average="samples", zero_division=1.0)
            assert ours["f1_samples"] == pytest.approx(samples, abs=1e-12)
        micro = theirs.f1_score(
            target.ravel(), guessed.ravel(), average="binary", zero_division=1.0
        )
        assert ours["f1_micro"] == pytest.approx(micro, abs=1e-12)
        if not len(present):
            assert np.isnan(ours["f1_macro"])
            assert np.isnan(ours["mean_average_precision"])
            return
        for name, score in (
            ("f1_macro", theirs.f1_score),
            ("precision_macro", theirs.precision_score),
            ("recall_macro", theirs.recall_score),
        ):
            each = [score(target[:, at], guessed[:, at], zero_division=0.0) for at in present]
            assert ours[name] == pytest.approx(np.mean(each), abs=1e-12)
        areas = [
            theirs.average_precision_score(target[:, at], probabilities[:, at]) for at in present
        ]
        assert ours["mean_average_precision"] == pytest.approx(np.mean(areas), abs=1e-12)
    assert set(ours) == {
        "hamming_loss", "exact_match", "f1_samples", "f1_micro", "f1_macro", "precision_macro",
        "recall_macro", "mean_average_precision",
    }, "each of them has a line above"  # fmt: skip


@given(label_tables(), st.integers(0, 10**6))
def test_a_group_that_counts_twice_is_a_group_that_is_there_twice(case, seed):
    target, probabilities, thresholds = case
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, 4, len(target)))
    made = predictions(target, probabilities, group, thresholds)
    names = np.unique(group)
    counts = rng.integers(0, 3, len(names)).astype(np.int32)
    if not counts[np.searchsorted(names, group)].any():
        return
    weighted = LabelSummer(made)(counts[None])
    repeated = np.repeat(np.arange(len(group)), counts[np.searchsorted(names, group)])
    plain = label_sums_of(made.take(repeated))
    for name in ("n", "true", "predicted", "hit", "f1", "exact", "average_precision"):
        np.testing.assert_allclose(getattr(weighted, name), getattr(plain, name), atol=1e-9)


def test_the_rule_for_empty_sets():
    true = np.array([[0, 0], [0, 0], [1, 0], [1, 1]], bool)
    guessed = np.array([[0, 0], [1, 0], [0, 0], [1, 0]], bool)
    assert sample_f1(true, guessed).tolist() == [1.0, 0.0, 0.0, pytest.approx(2 / 3)]


def test_a_label_that_is_never_predicted_has_precision_and_f1_of_zero():
    sums = label_sums_of(predictions([[1], [0]], [[0.1], [0.2]]))
    assert precision_by_label(sums)[0, 0] == f1_by_label(sums)[0, 0] == 0
    assert recall_by_label(sums)[0, 0] == 0


def _patients(n_groups=40, n_each=3, seed=0):
    """Return predictions in which the images of a patient are right or wrong together."""
    rng = np.random.default_rng(seed)
    target = (rng.random((n_groups * n_each, 3)) < 0.4).astype(np.int64)
    is_wrong = np.repeat(rng.random(n_groups) < 0.3, n_each)
    probabilities = np.where(is_wrong[:, None], 1 - target, target) * 0.8 + 0.1
    return predictions(target, probabilities, np.repeat(np.arange(n_groups), n_each))


def test_intervals_hold_the_figure_and_know_that_images_of_a_patient_are_alike():
    clustered = _patients()
    alone = predictions(clustered.target, clustered.probabilities)
    wide, narrow = measure(clustered, FEW), measure(alone, FEW)
    assert wide.n_groups == 40
    assert narrow.n_groups == wide.n == 120
    for name in LABEL_METRICS:
        one: Any = wide.overall[name]
        other: Any = narrow.overall[name]
        assert one.low <= one.value <= one.high, name
        assert one.value == other.value
        assert one.high - one.low > 1.2 * (other.high - other.low), name


def test_figures_do_not_depend_on_the_order_of_rows():
    made = _patients()
    turned = made.take(np.random.default_rng(0).permutation(len(made)))
    assert measure(made, FEW) == measure(turned, FEW)


def test_each_label_has_its_figures_and_its_support():
    found = measure(_patients(), FEW)
    assert set(found.by_class) == {"a", "b", "c"}
    assert set(found.by_class["a"]) == {"precision", "recall", "f1", "average_precision"}
    assert found.by_class["a"]["recall"].n == int(_patients().target[:, 0].sum())


def test_a_perfect_score_is_not_certain_and_few_groups_give_no_interval():
    target = np.tile([[1, 0], [0, 1], [0, 0]], (20, 1))
    perfect: Any = measure(predictions(target, target), FEW).overall
    assert perfect["f1_samples"].value == 1
    assert 0.8 < perfect["f1_samples"].low < 1
    assert perfect["hamming_loss"].value == 0
    assert perfect["hamming_loss"].high > 0
    few = measure(predictions(target[:6], target[:6] * 0.6 + 0.1, list("aabbcc")), FEW)
    mixed = target[:6] * 0.2 + 0.35
    mixed[0] = 1 - mixed[0]
    unsure = measure(predictions(target[:6], mixed, list("aabbcc")), FEW).overall["f1_samples"]
    assert few.n_groups == 3
    assert unsure.low is None
    assert "3 groups" in str(unsure.note)


def test_rows_of_unknown_labels_are_left_out():
    target = np.array([[1, 0], [-1, -1], [0, 1]])
    made = predictions(target, [[0.9, 0.1]] * 3)
    assert len(made.labelled()) == 2
    assert measure(made, FEW).n == 2
    assert measure(made.take([1]), FEW).overall == {}


@given(label_tables())
def test_no_other_threshold_gives_a_label_a_better_f1(case):
    target, probabilities, _ = case
    chosen = choose_thresholds(probabilities, target)
    for at, threshold in enumerate(chosen):
        true = target[:, at] > 0

        def f1(cut, true=true, scores=probabilities[:, at]):
            guessed = scores >= cut
            both = true.sum() + guessed.sum()
            return 2 * (true & guessed).sum() / both if both else 0.0

        if true.all() or not true.any():
            assert threshold == 0.5
            continue
        best = max(f1(cut) for cut in np.unique(probabilities[:, at]))
        assert f1(threshold) == pytest.approx(best, abs=1e-12)


def test_a_threshold_lies_halfway_and_an_untaught_one_is_a_half_and_told():
    probabilities = np.array([[0.9, 0.7], [0.8, 0.2], [0.2, 0.4], [0.1, 0.3]])
    target = np.array([[1, 0], [1, 0], [0, 0], [0, 0]])
    assert choose_thresholds(probabilities, target) == (0.5, 0.5)
    low = choose_thresholds(probabilities * [[0.1, 1]], target)
    assert low[0] == pytest.approx(0.05)
    assert untaught_thresholds(predictions(target, probabilities)) == ["b"]


def test_the_temperature_of_several_labels_undoes_scores_that_are_too_sure():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 1.5, (4000, 3))
    target = (rng.random(scores.shape) < 1 / (1 + np.exp(-scores))).astype(np.float32)
    assert fit_temperature(scores, target) == pytest.approx(1, abs=0.08)
    assert fit_temperature(scores * 4, target) == pytest.approx(4, abs=0.3)


def test_baselines_know_shares_sets_and_neighbours():
    train = np.array([[1, 0], [1, 0], [1, 1], [0, 1], [0, 0]], np.float32)
    like = predictions([[1, 0], [0, 1]], [[0.5, 0.5]] * 2)
    prior = prior_label_predictions(train, like)
    assert prior.probabilities.tolist() == [[0.6, 0.4]] * 2
    assert prior.predicted.tolist() == [[1, 0]] * 2
    assert usual_set_predictions(train, like).predicted.tolist() == [[1, 0]] * 2
    vectors = np.repeat(np.array([[0.0], [9.0]], np.float32), 10, axis=0)
    labels = np.repeat(np.array([[1, 1], [0, 1]], np.float32), 10, axis=0)
    near = nearest_label_predictions(vectors, labels, np.array([[1.0], [8.0]], np.float32), like)
    assert near.predicted.tolist() == [[1, 1], [0, 1]]
    assert near.probabilities[0] == pytest.approx([6 / 7, 6 / 7])


def test_predictions_of_several_labels_come_back_from_disk(tmp_path):
    target = np.array([[1, 1], [0, 0], [-1, -1], [0, 1]])
    made = predictions(target, [[0.7, 0.4], [0.1, 0.2], [0.3, 0.3], [0.2, 0.9]], None, (0.6, 0.3))
    made.save(tmp_path / "p.parquet")
    back = Predictions.load(tmp_path / "p.parquet")
    assert back.classes == made.classes
    assert back.thresholds == (0.6, 0.3)
    assert np.array_equal(back.target, target)
    assert np.array_equal(back.predicted, [[1, 1], [0, 0], [0, 1], [0, 1]])


def test_predictions_refuse_targets_and_thresholds_of_another_width():
    with pytest.raises(ValueError, match="target has 1 columns"):
        predictions([[1, 0]], [[0.5, 0.5]]).__class__(
            ("a", "b"), np.array(["i"]), np.array(["g"]), np.array([[1]]), np.array([[0.5, 0.5]])
        )
    with pytest.raises(ValueError, match="1 thresholds for 2 labels"):
        predictions([[1, 0]], [[0.5, 0.5]], thresholds=(0.5,))


def test_the_metric_that_nobody_chose_is_mean_f1_and_others_are_refused():
    assert label_metric("accuracy").name == "f1_samples"
    assert label_metric("hamming-loss").better == "lower"
    with pytest.raises(WrongUse, match="mean_average_precision"):
        label_metric("auroc")
