from __future__ import annotations

import pytest
import torch

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.costing import Cost, StageCost, cost_of
from tamiz.models.registry import InputShape

TINY = ModelOptions("small", {"widths": [8], "depth": 0})
NETWORK = "torchvision:squeezenet1_1"


def test_every_stage_of_a_training_has_its_cost():
    cost = cost_of(TINY, TrainOptions(batch_size=8), InputShape(1, 12, 3), limit_s=0.2)
    (stage,) = cost.stages
    assert stage.train_s > 0
    assert stage.val_s > 0
    assert stage.once_s == 0
    assert stage.epochs == 12
    assert cost.bytes_per_image > 0


def test_seconds_grow_with_images_and_epochs():
    cost = Cost((StageCost(0.5, 0.1, 0.01, 3), StageCost(0.0, 0.2, 0.02, 4)), 1, 1)
    assert cost.once(10) == 5.0
    assert cost.epoch(10, 5) == pytest.approx(2.1)
    assert cost.epoch(10, 5, 0) == pytest.approx(1.05)
    assert cost.whole(10, 5) == pytest.approx(7.5 + 3 * 1.05 + 4 * 2.1)


def test_a_frozen_network_sees_each_image_once_and_its_head_has_epochs():
    train = TrainOptions(stages=["head"], batch_size=16)
    cost = cost_of(ModelOptions(NETWORK), train, InputShape(3, 64, 2), limit_s=0.2)
    (stage,) = cost.stages
    assert stage.once_s > 0
    assert stage.train_s > 0


def test_with_augmentation_and_no_views_the_frozen_network_is_computed_every_epoch():
    train = TrainOptions(stages=["head:2"], batch_size=4, augment=[{"name": "shift"}])
    cost = cost_of(ModelOptions(NETWORK), train, InputShape(3, 48, 2), limit_s=0.2)
    assert cost.stages[0].once_s == 0
    assert cost.stages[0].epochs == 2


def test_a_head_that_is_fitted_at_once_has_no_epochs():
    train = TrainOptions(stages=["head"], batch_size=4)
    model = ModelOptions(NETWORK, {"head": "logistic"})
    (stage,) = cost_of(model, train, InputShape(3, 48, 2), limit_s=0.2).stages
    assert (stage.epochs, stage.train_s) == (0, 0.0)


def test_several_labels_are_timed_too_and_random_numbers_stay_as_they_were():
    before = torch.random.get_rng_state()
    shape = InputShape(1, 12, 3)
    assert cost_of(TINY, TrainOptions(batch_size=8), shape, is_multilabel=True, limit_s=0.1).stages
    assert torch.equal(before, torch.random.get_rng_state())
