"""A slide without tiles is answered by what is known without it."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.engine.bags import Bags
from tamiz.engine.mil import MilTask, predict_mil, train_mil
from tamiz.models.mil import MilOptions


@pytest.mark.parametrize(("balance", "wanted"), [(True, [0.5, 0.5]), (False, [0.75, 0.25])])
def test_an_empty_slide_says_nothing_where_classes_weigh_alike_else_their_shares(balance, wanted):
    rng = np.random.default_rng(0)
    bags = Bags.stacked([rng.normal(0, 1, (3, 4)).astype(np.float32) for _ in range(8)])
    options = MilOptions(epochs=2, members=1, balance=balance)
    targets = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    task = MilTask(bags, targets, [str(at) for at in range(8)], range(8), (), 2)
    trained = train_mil(task, options, seed=0, threads=1)
    nothing = Bags.stacked([bags.of(0)[:0]])
    made, attention = predict_mil(trained.weights, options, nothing, 2)
    assert made.tolist() == [wanted]
    assert len(attention[0]) == 0
