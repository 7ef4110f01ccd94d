from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import difference, metric_for
from tamiz.metrics.registry import METRICS
from tamiz.stages.searching.measure import _that_can_be_divided, optimism

OPTIONS = EvaluateOptions(resamples=300)


def answers(is_right, seed=0, per_group=1):
    """Return two-class predictions that are right where `is_right` says so."""
    n = len(is_right)
    target = np.random.default_rng(seed).integers(0, 2, n)
    chosen = np.where(is_right, target, 1 - target)
    shares = np.where(np.arange(2) == chosen[:, None], 0.9, 0.1)
    item = np.array([f"i{i:05d}" for i in range(n)])
    group = np.array([f"g{i // per_group:05d}" for i in range(n)])
    return Predictions(("a", "b"), item, group, target, shares)


def equal_models(n_models, n, rng, share=0.8):
    """Return predictions of models that are equally good and err on their own."""
    return [answers(rng.random(n) < share) for _ in range(n_models)]


def test_the_best_of_equal_models_is_too_good_and_the_estimate_says_by_how_much():
    accuracy, gaps, fresh = METRICS.get("accuracy"), [], []
    told: list[Any] = []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        models = equal_models(12, 150, rng)
        figures = [accuracy(one) for one in models]
        gaps.append(max(figures) - 0.8)
        told.append(optimism(models, accuracy, seed))
        fresh.append((rng.random(150) < 0.8).mean() - 0.8)  # the winner on other images
    assert np.mean(gaps) > 0.04
    assert np.mean(told) == pytest.approx(np.mean(gaps), rel=0.35)
    assert abs(np.mean(fresh)) < 0.015


def test_where_one_model_is_far_better_there_was_no_luck_in_choosing_it():
    rng = np.random.default_rng(0)
    models = [answers(rng.random(300) < share) for share in (0.5, 0.55, 0.95)]
    found: Any = optimism(models, METRICS.get("accuracy"), 0)
    assert found < 0.005


def test_optimism_of_a_loss_counts_downwards():
    models = equal_models(12, 150, np.random.default_rng(1))
    found: Any = optimism(models, METRICS.get("log_loss"), 0)
    assert found > 0.02


def test_optimism_is_unknown_for_one_trial_or_few_groups():
    accuracy = METRICS.get("accuracy")
    one = answers(np.ones(100, dtype=bool))
    assert optimism([one], accuracy, 0) is None
    assert optimism([], accuracy, 0) is None
    few = answers(np.ones(100, dtype=bool), per_group=20)
    assert optimism([few, few], accuracy, 0) is None


def test_the_same_seed_gives_the_same_optimism():
    models = equal_models(5, 100, np.random.default_rng(2))
    accuracy = METRICS.get("accuracy")
    assert optimism(models, accuracy, 3) == optimism(models, accuracy, 3)


def test_a_difference_is_paired_so_common_luck_cancels_out():
    rng = np.random.default_rng(0)
    base = rng.random(400) < 0.7
    better = base.copy()
    better[np.flatnonzero(~base)[:12]] = True
    found: Any = difference([answers(better)], [answers(base)], METRICS.get("accuracy"), OPTIONS)
    assert found.value == pytest.approx(0.03)
    assert found.low > 0
    assert found.high - found.low < 0.05  # unpaired it would be about 0.13
    same: Any = difference([answers(base)], [answers(base)], METRICS.get("accuracy"), OPTIONS)
    assert same.value == 0
    assert same.low < 0 < same.high  # what 400 images cannot rule out


def test_a_difference_over_few_groups_has_no_interval_and_says_why():
    one = answers(np.ones(40, dtype=bool), per_group=10)
    found = difference([one], [one], METRICS.get("accuracy"), OPTIONS)
    assert found.low is None
    assert "4" in str(found.note)


def label_answers(is_right, seed=0):
    """Return predictions of two labels per image, all right or all wrong by image."""
    n = len(is_right)
    target = np.random.default_rng(seed).integers(0, 2, (n, 2))
    shares = np.where(np.asarray(is_right)[:, None] == (target > 0), 0.9, 0.1)
    item = np.array([f"i{i:05d}" for i in range(n)])
    return Predictions(("a", "b"), item, item, target, shares, thresholds=(0.5, 0.5))


def test_with_several_labels_the_best_of_equal_models_is_too_good_as_well():
    f1 = metric_for("f1_samples", is_multilabel=True)
    gaps, told = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        models = [label_answers(rng.random(150) < 0.8) for _ in range(12)]
        figures = [f1(one) for one in models]
        gaps.append(max(figures) - np.mean(figures))
        told.append(optimism(models, f1, seed))
    assert np.mean(np.array(told, dtype=float)) == pytest.approx(np.mean(gaps), rel=0.4)
    assert min(gaps) > 0


def test_a_label_of_one_patient_does_not_stand_in_the_way_of_dividing():
    labels = ["cat", "cat|dog", "bird|dog", "bird", "dog", "-"]
    groups = ["p1", "p2", "p3", "p3", "p4", "p5"]
    assert _that_can_be_divided(labels, groups) == ["cat", "cat|dog", "dog", "-", "dog", "-"]
