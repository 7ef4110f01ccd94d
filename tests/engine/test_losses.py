"""Losses against torch's own, and the laws of their weights."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot

from tamiz.core.recipe import TrainOptions
from tamiz.engine.losses import Loss, class_weights, make_loss, positive_weights

SCORES = torch.randn(16, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
TARGETS = torch.arange(16) % 3
SETS = (torch.rand(16, 3, generator=torch.Generator().manual_seed(2)) > 0.6).double()


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_focal_loss_without_focus_is_cross_entropy(smoothing):
    focal = Loss(3, smoothing=smoothing, gamma=1e-12)(SCORES, TARGETS)
    assert float(focal) == pytest.approx(
        float(cross_entropy(SCORES, TARGETS, label_smoothing=smoothing)), rel=1e-9
    )


def test_the_focal_loss_passes_over_what_is_right():
    sure, unsure = torch.tensor([[4.0, 0.0]]), torch.tensor([[0.5, 0.0]])
    right = torch.tensor([0])
    plain, focal = Loss(2), Loss(2, gamma=2.0)
    assert focal(sure, right) / plain(sure, right) < 0.01
    assert focal(unsure, right) / plain(unsure, right) > 0.1


def test_shares_of_classes_mean_what_numbers_mean():
    shares = one_hot(TARGETS, 3).double()
    for loss in (Loss(3, smoothing=0.1), Loss(3, gamma=2.0), Loss(3, weights=torch.ones(3))):
        assert float(loss(SCORES, shares)) == pytest.approx(float(loss(SCORES, TARGETS)))


def test_weighted_rows_count_their_weight():
    weights = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    each = cross_entropy(SCORES, TARGETS, reduction="none") * weights[TARGETS]
    made = Loss(3, weights=weights)(SCORES, TARGETS)
    assert float(made) == pytest.approx(float(each.mean()))


def test_several_labels_are_judged_one_by_one():
    loss = Loss(3, is_multilabel=True)
    wanted = binary_cross_entropy_with_logits(SCORES, SETS)
    assert float(loss(SCORES, SETS)) == pytest.approx(float(wanted))
    assert loss.of_ignorance == pytest.approx(math.log(2))
    assert float(Loss(3, is_multilabel=True, gamma=1e-12)(SCORES, SETS)) == pytest.approx(
        float(wanted), rel=1e-9
    )


@given(st.lists(st.integers(0, 4), min_size=5, max_size=60).filter(lambda t: len(set(t)) > 1))
def test_class_weights_are_scikit_learns_and_weigh_one_in_the_mean(targets):
    found = class_weights(np.array(targets), 5)
    present = np.unique(targets)
    wanted = compute_class_weight("balanced", classes=present, y=np.array(targets))
    np.testing.assert_allclose(found[present], wanted)
    assert found[np.array(targets)].mean() == pytest.approx(1)


def test_a_rare_label_weighs_as_much_as_its_absence():
    targets = np.array([[1.0, 1], [0, 1], [0, 1], [0, 0]])
    weights = positive_weights(targets)
    np.testing.assert_allclose(weights, [3, 1 / 3])


@pytest.mark.parametrize(
    ("n_with", "weight"), [(0, 10), (4, 10), (100, 9), (996, 0.1), (1000, 0.1)]
)
def test_no_label_weighs_more_than_ten_times_or_less_than_a_tenth(n_with, weight):
    targets = np.zeros((1000, 1))
    targets[:n_with] = 1
    np.testing.assert_allclose(positive_weights(targets), [weight])


def test_the_recipe_says_which_loss(tmp_path):
    train = TrainOptions(balance="weights", loss="focal", focal_gamma=1.5, label_smoothing=0.0)
    made = make_loss(train, np.array([0, 0, 0, 1]), ("a", "b"), torch.device("cpu"))
    assert made.gamma == 1.5
    assert made.weights is not None
    assert made.weights.tolist() == pytest.approx([2 / 3, 2])
    plain = make_loss(TrainOptions(), np.array([0, 1]), ("a", "b"), torch.device("cpu"))
    assert plain.weights is None
    assert plain.gamma == 0
