from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate
from tamiz.metrics.comparing import (
    difference,
    measure_repeats,
    metric_for,
    unpaired_difference,
    verdict,
)
from tamiz.metrics.intervals import measure
from tamiz.metrics.registry import METRICS

OPTIONS = EvaluateOptions(resamples=300)
ACCURACY = METRICS.get("accuracy")


def judged(right: np.ndarray, group_size: int = 3, seed: int = 0) -> Predictions:
    """Return predictions of two classes that are right where `right` says so."""
    n = len(right)
    target = np.arange(n) % 2
    sure = np.random.default_rng(seed).uniform(0.55, 0.95, n)
    of_true = np.where(right, sure, 1 - sure)
    shares = np.stack([np.where(target == 0, of_true, 1 - of_true)] * 2, axis=1)
    shares[:, 1] = 1 - shares[:, 0]
    items = np.array([f"{number:04d}" for number in range(n)])
    groups = np.array([f"{number // group_size:04d}" for number in range(n)])
    return Predictions(("a", "b"), items, groups, target.astype(np.int64), shares)


def draws(seed: int, n: int, *shares: float) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    hard = rng.random(n)
    return [(0.7 * hard + 0.3 * rng.random(n)) < share for share in shares]


def test_a_clear_difference_is_shown_and_its_sign_is_that_of_the_first():
    weak, strong = (judged(right) for right in draws(0, 600, 0.6, 0.75))
    found = difference([strong], [weak], ACCURACY, OPTIONS)
    assert found.value == pytest.approx(ACCURACY(strong) - ACCURACY(weak))
    assert found.n == 600
    assert found.n_groups == 200
    assert verdict(found, "higher") == "better"
    assert verdict(difference([weak], [strong], ACCURACY, OPTIONS), "higher") == "worse"


def test_a_paired_interval_is_narrower_than_two_side_by_side():
    one, other = (judged(right) for right in draws(1, 600, 0.7, 0.72))
    found: Any = difference([other], [one], ACCURACY, OPTIONS)
    alone: Any = measure(one, OPTIONS).overall["accuracy"]
    assert found.high - found.low < 1.2 * (alone.high - alone.low)


def test_order_of_rows_and_images_that_only_one_side_judged_do_not_count():
    one, other = (judged(right) for right in draws(2, 300, 0.6, 0.7))
    found = difference([other], [one], ACCURACY, OPTIONS)
    mixed = np.random.default_rng(0).permutation(300)
    assert difference([other.take(mixed)], [one], ACCURACY, OPTIONS) == found
    part = np.arange(240)
    assert difference([other.take(part)], [one], ACCURACY, OPTIONS).n == 240


def test_the_same_predictions_differ_by_what_so_many_groups_can_rule_out():
    one = judged(draws(3, 90, 0.7)[0])
    found: Any = difference([one], [one], ACCURACY, OPTIONS)
    assert found.value == 0
    assert found.low == pytest.approx(-found.high)
    assert 0 < found.high < 0.15
    assert verdict(found, "higher") == "not shown"


def test_nine_groups_give_no_interval_and_no_verdict():
    one, other = (judged(right) for right in draws(4, 27, 0.5, 0.9))
    found = difference([other], [one], ACCURACY, OPTIONS)
    assert found.low is None
    assert "9 groups" in str(found.note)
    assert verdict(found, "higher") == "not shown"


def test_nothing_in_common_is_said():
    one = judged(draws(5, 30, 0.7)[0])
    found = difference([one.take([0, 1])], [one.take([2, 3])], ACCURACY, OPTIONS)
    assert found.n == 0
    assert "no image was judged by both" in str(found.note)


@pytest.mark.parametrize(("low", "high", "is_higher", "wanted"), [
    (0.01, 0.02, True, "better"), (-0.02, -0.01, True, "worse"), (0.01, 0.02, False, "worse"),
    (-0.02, -0.01, False, "better"), (-0.01, 0.01, True, "not shown"),
])  # fmt: skip
def test_a_loss_is_better_when_it_is_lower(low, high, is_higher, wanted):
    found = Estimate(0.0, low, high, 10, 10)
    assert verdict(found, "higher" if is_higher else "lower") == wanted


def test_one_repeat_is_measured_as_always():
    one = judged(draws(6, 120, 0.7)[0])
    assert measure_repeats([one], OPTIONS) == measure(one, OPTIONS)


def test_repeats_are_averaged_before_groups_are_resampled():
    repeats = [judged(right, seed=n) for n, right in enumerate(draws(7, 240, 0.7, 0.7, 0.7))]
    found: dict[str, Any] = measure_repeats(repeats, OPTIONS).overall
    each: list[Any] = [measure(one, OPTIONS).overall for one in repeats]
    for name, one in found.items():
        assert one.value == pytest.approx(np.mean([part[name].value for part in each]))
        assert one.low <= one.value <= one.high
    widths = [part["accuracy"].high - part["accuracy"].low for part in each]
    width = found["accuracy"].high - found["accuracy"].low
    # Repeats of the same images are no new images: the interval hardly narrows.
    assert 0.6 * np.mean(widths) < width < 1.05 * np.mean(widths)


def test_equal_models_are_told_apart_about_as_rarely_as_the_confidence_says():
    options = EvaluateOptions(resamples=100)
    pairs = [draws(100 + n, 240, 0.7, 0.7) for n in range(60)]
    shown = [
        verdict(difference([judged(a)], [judged(b)], ACCURACY, options), "higher") != "not shown"
        for a, b in pairs
    ]
    assert sum(shown) <= 8


def test_an_unknown_metric_is_refused_and_several_labels_take_their_own():
    with pytest.raises(WrongUse):
        metric_for("acuracy", is_multilabel=False)
    assert metric_for("accuracy", is_multilabel=True).name == "f1_samples"
    assert metric_for("log-loss", is_multilabel=False).name == "log_loss"


def test_a_figure_that_is_not_defined_makes_no_difference_either_way():
    one = judged(draws(8, 90, 0.7)[0])
    healthy = one.take(np.flatnonzero(one.target == 0))  # no curve with one class alone
    auroc = METRICS.get("auroc")
    for found in (
        difference([healthy], [healthy], auroc, OPTIONS),
        unpaired_difference(healthy, one, auroc, OPTIONS),
    ):
        assert found.low is None
        assert "not defined" in str(found.note)
        assert verdict(found, "higher") == verdict(found, "lower") == "not shown"


def test_a_small_set_that_is_all_right_is_not_taken_for_certain():
    one, large = judged(np.ones(20, dtype=bool), 1), judged(np.arange(400) % 20 > 0, 1)
    found = unpaired_difference(one, large, ACCURACY, OPTIONS)
    assert found.value == pytest.approx(0.05)
    assert found.low is not None
    assert found.low < 0.05 - 0.15  # 20 of 20 leave 16 % open
    assert verdict(found, "higher") == "not shown"


def test_the_mean_of_repeats_over_few_groups_has_no_interval_of_one_of_them():
    rights = [[True] * 6 + [False] * 2, [True] * 3 + [False] * 5]
    repeats = [judged(np.array(right), 1) for right in rights]
    found = measure_repeats(repeats, OPTIONS).overall["accuracy"]
    assert found.value == pytest.approx(9 / 16)
    assert found.low is None
    assert "8 groups" in str(found.note)
