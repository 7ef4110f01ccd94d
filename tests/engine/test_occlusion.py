"""What hiding a tile changes is what a slide without that tile says."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.engine.bags import Bags
from tamiz.engine.mil import MilTask, occlude_mil, predict_mil, train_mil
from tamiz.models.mil import MilOptions


@pytest.fixture(scope="module", params=["attention", "mean", "plain-mean"])
def trained(request):
    rng = np.random.default_rng(0)
    bags = Bags.stacked([rng.normal(at % 2, 1, (7, 5)).astype(np.float32) for at in range(16)])
    targets = np.arange(16) % 2
    options = MilOptions(pooling=request.param, epochs=4, members=2)
    task = MilTask(bags, targets, [str(at) for at in range(16)], range(16), (), 2)
    return train_mil(task, options, seed=0, threads=1), options, bags


def test_each_tile_s_fall_is_the_difference_to_the_slide_without_it(trained):
    model, options, bags = trained
    fall = occlude_mil(model.weights, options, bags.take([3]), 2)
    whole, _ = predict_mil(model.weights, options, bags.take([3]), 2)
    for tile in range(7):
        rest = np.delete(bags.of(3), tile, axis=0)
        without, _ = predict_mil(model.weights, options, Bags.stacked([rest]), 2)
        np.testing.assert_allclose(fall[tile], whole[0] - without[0], atol=1e-6)


def test_falls_of_all_classes_add_up_to_nothing_and_stand_in_the_order_of_the_tiles(trained):
    model, options, bags = trained
    fall = occlude_mil(model.weights, options, bags, 2)
    assert fall.shape == (16 * 7, 2)
    np.testing.assert_allclose(fall.sum(axis=1), 0, atol=1e-12)
    alone = occlude_mil(model.weights, options, bags.take([5]), 2)
    np.testing.assert_allclose(fall[35:42], alone, atol=1e-9)


def test_a_slide_of_one_tile_or_none_has_nothing_to_hide(trained):
    model, options, bags = trained
    one = Bags.stacked([bags.of(0)[:1], bags.of(0)[:0]])
    assert occlude_mil(model.weights, options, one, 2).tolist() == [[0.0, 0.0]]
