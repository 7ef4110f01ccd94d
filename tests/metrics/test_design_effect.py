"""The design effect: what a group's items are worth, known by construction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tamiz.core.language import set_language
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.design_effect import effect_of, variance_over
from tamiz.metrics.interval_words import design_effect_words
from tamiz.metrics.intervals import measure
from tamiz.metrics.report_blocks import to_values

OPTIONS = EvaluateOptions(resamples=1000)
NAMES = ("accuracy", "f1_macro", "auroc", "log_loss", "brier")


def binary(n_groups: int, seed: int = 0) -> Predictions:
    """Return one item per group, two classes, right in about four of five."""
    rng = np.random.default_rng(seed)
    target = rng.integers(0, 2, n_groups)
    second = 1 / (1 + np.exp(-(2 * (target - 0.5) + rng.normal(size=n_groups)) * 1.5))
    names = np.array([f"i{index:05d}" for index in range(n_groups)])
    return Predictions(
        classes=("well", "ill"),
        item=names,
        group=names,
        target=target,
        probabilities=np.stack([1 - second, second], axis=1),
    )


def copied(p: Predictions, times: int) -> Predictions:
    """Return each row `times` times, as items of one group."""
    made = p.take(np.repeat(np.arange(len(p)), times))
    return replace(made, item=np.array([f"c{index:06d}" for index in range(len(made))]))


def effects(p: Predictions) -> dict[str, float | None]:
    return {name: one.design_effect for name, one in measure(p, OPTIONS).overall.items()}


def test_one_item_per_group_has_a_design_effect_of_one():
    assert {effects(binary(80))[name] for name in NAMES} == {1.0}


def test_copies_of_one_image_are_worth_one_image():
    found = effects(copied(binary(150), 4))
    for name in NAMES:
        assert found[name] == pytest.approx(4.0, rel=0.25), name  # its noise: 8 %


def test_groups_put_together_by_lot_are_worth_as_much_as_single_images():
    p = binary(900)
    by_lot = replace(p, group=np.random.default_rng(1).permutation(np.arange(900) // 3).astype(str))
    for name, effect in effects(by_lot).items():
        if name in NAMES:
            assert effect == pytest.approx(1.0, abs=0.3), name


def test_each_class_has_its_own():
    recall = measure(copied(binary(150), 3), OPTIONS).by_class["ill"]["recall"]
    assert recall.design_effect == pytest.approx(3.0, rel=0.25)


def test_without_an_interval_there_is_none():
    few = measure(copied(binary(8), 5), OPTIONS).overall["log_loss"]
    assert few.low is None
    assert few.design_effect is None


def test_all_right_has_none_since_nothing_varies():
    p = copied(binary(40), 3)
    right = replace(p, probabilities=np.eye(2)[p.target] * 0.9 + 0.05)
    assert measure(right, OPTIONS).overall["accuracy"].design_effect is None
    assert effect_of(0.0, 0.0) is None


def test_a_variance_needs_replicates_that_are_defined():
    replicates = np.array([np.nan] * 60 + [0.5, 0.6])
    assert np.isnan(variance_over(replicates, 30))
    assert variance_over(np.tile([0.0, 1.0], 100), 2) == pytest.approx(2 * 0.25, rel=0.01)


def test_several_labels_per_image_have_one_too():
    p = binary(150)
    labels = np.stack([1 - p.target, p.target], axis=1)
    found = effects(copied(replace(p, target=labels, thresholds=(0.5, 0.5)), 4))
    for name in ("f1_samples", "mean_average_precision", "exact_match"):
        assert found[name] == pytest.approx(4.0, rel=0.25), name


def test_it_is_written_for_scripts_and_told_in_one_sentence():
    measured = measure(copied(binary(150), 4), OPTIONS)
    effect = measured.overall["accuracy"].design_effect
    assert effect is not None
    assert to_values(measured.overall)["accuracy"]["design_effect"] == effect
    (told,) = design_effect_words(measured, "accuracy")
    assert str(told.text) == (
        f"Design effect, Accuracy: {effect:.1f}. The 600 images of 150 groups are as informative "
        f"as {round(600 / effect)} independent images."
    )
    try:
        set_language("es")
        assert "informan tanto como" in str(told.text)
    finally:
        set_language("en")


def test_nothing_is_told_where_each_group_has_one_image():
    assert design_effect_words(measure(binary(60), OPTIONS), "accuracy") == ()
