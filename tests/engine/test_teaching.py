from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tamiz.core.errors import WrongUse
from tamiz.data.contracts import Policy
from tamiz.engine.prepared import InMemory
from tamiz.engine.teacher_options import TeacherOptions, teacher_options
from tamiz.engine.teaching import (
    MAP_NAME,
    distillation_loss,
    feature_loss,
    listen,
    reorder,
    teacher_features,
    teacher_scores,
    without_map,
)
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.registry import InputShape

scores = st.lists(st.floats(-20, 20), min_size=3, max_size=3)


def teacher(classes=("a", "b", "c"), model="mlp"):
    """Return an untrained bundle that reads 8 x 8 grey images."""
    shape = InputShape(1, 8, len(classes))
    net = build_network(model, {}, shape, mean=[0.5], std=[0.25], seed=1)
    weights = {name: value.numpy() for name, value in net.state_dict().items()}
    return Bundle(
        classes=classes, size_px=8, channels=1, model=model, options={}, steps=(),
        policy=Policy(), mean=(0.5,), std=(0.25,), weights=weights,
    )  # fmt: skip


@pytest.fixture
def images():
    return InMemory(np.random.default_rng(0).integers(0, 256, (20, 8, 8, 1)).astype(np.uint8))


@given(scores, scores, st.floats(0.5, 10))
def test_the_distance_is_zero_for_equal_answers_and_never_below(one, other, temperature):
    mine, its = (torch.tensor([row], dtype=torch.float64) for row in (one, other))
    assert float(distillation_loss(mine, mine, temperature)) == pytest.approx(0, abs=1e-5)
    assert float(distillation_loss(mine, its, temperature)) >= -1e-5
    assert float(distillation_loss(mine, its, temperature, is_multilabel=True)) >= -1e-4


def test_the_distance_is_the_divergence_worked_out_by_hand_times_the_squared_temperature():
    mine, its = torch.tensor([[0.0, 0.0]]), torch.tensor([[2 * math.log(3), 0.0]])
    # at T = 2 the teacher says 3/4, 1/4 and the student 1/2, 1/2
    wanted = 0.75 * math.log(1.5) + 0.25 * math.log(0.5)
    assert float(distillation_loss(mine, its, 2.0)) == pytest.approx(4 * wanted, rel=1e-5)


def test_the_distance_of_labels_is_the_mean_over_labels():
    mine, its = torch.tensor([[0.0, 1.0]]), torch.tensor([[math.log(3), 1.0]])
    wanted = (0.75 * math.log(1.5) + 0.25 * math.log(0.5)) / 2
    found = distillation_loss(mine, its, 1.0, is_multilabel=True)
    assert float(found) == pytest.approx(wanted, rel=1e-5)


def test_the_gradient_hardly_depends_on_a_high_temperature():
    sizes = []
    for temperature in (10.0, 40.0):
        mine = torch.zeros(1, 3, requires_grad=True)
        distillation_loss(mine, torch.tensor([[1.0, 0.0, -1.0]]), temperature).backward()
        assert mine.grad is not None
        sizes.append(float(mine.grad.norm()))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.05)


def test_another_order_of_the_same_classes_is_put_right():
    made = reorder(np.array([[1.0, 2.0, 3.0]]), ("c", "a", "b"), ("a", "b", "c"))
    assert made.tolist() == [[2.0, 3.0, 1.0]]


def test_a_teacher_with_other_classes_is_refused_and_they_are_named():
    with pytest.raises(WrongUse) as error:
        reorder(np.zeros((1, 3)), ("cat", "dog", "owl"), ("cat", "dog", "frog", "newt"))
    assert "3 classes apart, the student is to learn 4" in str(error.value)
    assert "does not know: frog, newt; it knows besides: owl" in str(error.value)


def test_only_the_rows_asked_about_get_scores_in_the_students_order(images):
    at = np.array([3, 5, 7])
    there = teacher_scores(teacher(), images, at, ("a", "b", "c"))
    back = teacher_scores(teacher(), images, at, ("c", "b", "a"))
    assert there.dtype == np.float32
    assert (there[:, ::-1] == back).all()
    assert np.flatnonzero(np.abs(there).sum(axis=1)).tolist() == [3, 5, 7]


def test_features_are_standardised_over_the_rows_asked_about(images):
    at = np.arange(16)
    found = teacher_features(teacher(), images, at)
    varied = found[at].std(axis=0) > 0
    assert varied.any()
    assert np.allclose(found[at].mean(axis=0), 0, atol=1e-5)
    assert np.allclose(found[at].std(axis=0)[varied], 1, atol=1e-4)
    assert not found[16:].any()


def test_the_map_joins_the_network_is_learnt_and_leaves_no_trace_in_the_weights():
    net = teacher().module().requires_grad_(True)
    before = net.state_dict().keys()
    drawn = torch.Generator().manual_seed(0)
    rows = torch.randint(0, 256, (32, 1, 8, 8), generator=drawn, dtype=torch.uint8)
    plain = net(rows)
    listen(net, 5, seed=3)
    assert torch.equal(net(rows), plain)
    same = copy.deepcopy(net)
    wanted = rows.flatten(1).float() @ torch.randn(64, 5, generator=drawn) / 1000
    rate = torch.optim.Adam(net.parameters(), lr=0.01)
    first = last = 0.0
    for step in range(150):
        net(rows)
        loss = feature_loss(net, wanted)
        rate.zero_grad()
        loss.backward()
        rate.step()
        last = loss.item()
        first = last if step == 0 else first
    assert last < 0.5 * first
    assert without_map(net.state_dict()).keys() == before
    same(rows)  # a copy hears for itself
    assert feature_loss(same, wanted).item() == pytest.approx(first, rel=1e-5)


def test_equal_seeds_give_equal_maps():
    made = []
    for seed in (1, 1, 2):
        net = nn.Sequential(nn.Linear(4, 3))
        listen(net, 2, seed)
        made.append(getattr(net, MAP_NAME).weight)
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_a_network_without_a_dense_layer_has_no_features():
    with pytest.raises(WrongUse, match="no dense layer at its end"):
        listen(nn.Sequential(nn.Conv2d(1, 2, 3)), 4, seed=0)


def test_the_options_are_checked_together():
    assert teacher_options({}) == TeacherOptions(4.0, 0.7, 0.0)
    with pytest.raises(WrongUse) as error:
        teacher_options({"temperature": 0.0, "sharing": 1})
    assert "temperature" in str(error.value.details)
    assert "sharing" in str(error.value.details)
    with pytest.raises(WrongUse, match="nothing would be learnt from the teacher"):
        teacher_options({"share": 0})
