from __future__ import annotations

import numpy as np
import pytest

from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.clustered import chance_accuracy, share_difference


def answers(right, groups, *, target=None, start=0):
    """Return two-class answers that are right where `right` says so."""
    right = np.asarray(right, dtype=bool)
    n = len(right)
    true = np.zeros(n, dtype=np.int64) if target is None else np.asarray(target)
    named = np.where(right, true, 1 - true)
    shares = np.where(named[:, None] == np.arange(2), 0.9, 0.1)
    items = np.array([f"i{start + at}" for at in range(n)])
    return Predictions(("a", "b"), items, np.array([f"g{g}" for g in groups]), true, shares)


def ends(found: Estimate) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def width(found: Estimate) -> float:
    low, high = ends(found)
    return high - low


def test_of_the_same_items_only_what_differs_widens_the_interval():
    rng = np.random.default_rng(0)
    right = rng.random(200) < 0.7
    other = right.copy()
    other[:10] = ~other[:10]
    same = share_difference(answers(right, range(200)), answers(other, range(200)))
    apart = share_difference(answers(right, range(200)), answers(other, range(200, 400)))
    assert same.value == pytest.approx(apart.value)
    assert width(same) < 0.5 * width(apart)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    held = []
    for _ in range(300):
        level = np.repeat(rng.normal(0.75, 0.15, 60).clip(0, 1), 4)
        groups = np.repeat(np.arange(60), 4)
        first = rng.random(240) < level
        second = rng.random(120) < level[:120] - 0.1
        found = share_difference(answers(first, groups), answers(second, groups[:120]))
        low, high = ends(found)
        held.append(low <= 0.1 <= high)
    assert 0.91 <= np.mean(held) <= 0.985


def test_no_interval_of_a_difference_reaches_beyond_what_shares_can_differ():
    far = share_difference(answers([1] * 11, range(11)), answers([0] * 10 + [1], range(11, 22)))
    assert ends(far)[1] == 1.0
    back = share_difference(answers([0] * 10 + [1], range(11, 22)), answers([1] * 11, range(11)))
    assert ends(back)[0] == -1.0


def test_below_ten_groups_there_is_no_interval_and_without_any_difference_wilsons():
    few = share_difference(answers([1, 0, 1], [0, 1, 2]), answers([1, 1, 1], [0, 1, 2]))
    assert few.low is None
    assert few.value == pytest.approx(-1 / 3)
    every = answers(np.ones(30), range(30))
    found = share_difference(every, every)
    assert found.value == 0
    low, high = ends(found)
    assert low < 0 < high


def test_who_always_names_the_largest_class_is_at_chance():
    target = np.array([0] * 80 + [1] * 20)
    always = answers(target == 0, range(100), target=target)
    assert chance_accuracy([always]) == pytest.approx(0.8)
    coin = answers(np.tile([1, 0], 50), range(100), target=target)
    assert chance_accuracy([coin]) == pytest.approx(0.5)
    assert chance_accuracy([always, coin]) == pytest.approx(0.65)


def test_a_small_side_that_is_all_right_is_not_taken_for_certain():
    known = answers(np.arange(200) % 20 > 0, range(200))
    away = answers([True] * 12, range(300, 312), start=300)
    low, high = ends(share_difference(away, known))
    assert low < 0 < high
    assert high - low > 2 * 0.2  # 12 of 12 leave 24 % open


def test_a_small_side_has_the_degrees_of_freedom_of_few_groups():
    rng, held = np.random.default_rng(4), 0
    for _ in range(200):
        small, large = (
            answers(rng.random(n) < 0.8, range(start, start + n), start=start)
            for n, start in ((10, 0), (150, 100))
        )
        low, high = ends(share_difference(small, large))
        held += low <= 0 <= high
    assert held >= 184  # with the t of all groups, and certainty at 10 of 10: 173 of 200
