"""Dumb baselines, and the tables and charts that a report shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tamiz.core.language import set_language
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Estimate, Report, Section
from tamiz.metrics.baselines import (
    Neighbours,
    nearest_thumbnail_predictions,
    prior_predictions,
)
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.registry import METRICS
from tamiz.metrics.report_blocks import (
    as_wide_as_a_terminal,
    class_table,
    class_values,
    confusion_tables,
    headline_table,
    reliability_chart,
    to_values,
)

neighbors = pytest.importorskip("sklearn.neighbors")
OPTIONS = EvaluateOptions(resamples=200)


def predictions_from(n=60, k=3, seed=0):
    rng = np.random.default_rng(seed)
    powers = np.exp(rng.normal(size=(n, k)))
    return Predictions(
        classes=tuple(f"<{name}>" for name in "abcdefgh"[:k]),
        item=np.array([f"i{index:03d}" for index in range(n)]),
        group=np.array([f"g{index // 2:03d}" for index in range(n)]),
        target=rng.integers(0, k, n),
        probabilities=powers / powers.sum(axis=1, keepdims=True),
        split="test",
    )


def test_the_prior_gives_every_item_the_training_frequencies():
    found = prior_predictions(np.array([0, 0, 0, 1, -1]), predictions_from())
    np.testing.assert_allclose(found.probabilities, np.tile([0.75, 0.25, 0.0], (60, 1)))
    assert found.bundle == "baseline:prior"


def test_the_prior_of_two_equal_classes_scores_0_6931():
    found = prior_predictions(np.array([0, 1]), predictions_from(k=2))
    assert METRICS.get("weighted_log_loss")(found) == pytest.approx(0.6931, abs=5e-5)


@pytest.mark.parametrize("n_train", [3, 40, 700])
def test_nearest_thumbnails_vote_as_scikit_learns_neighbours_do(n_train):
    rng = np.random.default_rng(n_train)
    train = rng.normal(size=(n_train, 30)).astype(np.float32)
    test = rng.normal(size=(60, 30)).astype(np.float32)
    targets = rng.integers(0, 3, n_train)
    found = nearest_thumbnail_predictions(train, targets, test, predictions_from())
    k = min(5, n_train)
    spread, mean = train.std(axis=0), train.mean(axis=0)
    peer = neighbors.KNeighborsClassifier(k).fit((train - mean) / spread, targets)
    votes = np.zeros((60, 3))
    votes[:, peer.classes_] = peer.predict_proba((test - mean) / spread) * k
    np.testing.assert_allclose(found.probabilities, (votes + 1) / (k + 3))


def test_a_copy_of_a_training_picture_gets_its_label():
    rng = np.random.default_rng(0)
    train = rng.integers(0, 255, (60, 64)).astype(np.uint8)
    train[:, 0] = 7  # a constant pixel does no harm
    like = predictions_from()
    options = Neighbours(k=1, smoothing=0.01)
    found = nearest_thumbnail_predictions(train, like.target, train, like, options)
    assert METRICS.get("accuracy")(found) == 1.0


def test_the_headline_table_sets_the_model_beside_its_baselines():
    test = predictions_from()
    columns = {
        "val": measure(replace(predictions_from(seed=1), split="val"), OPTIONS),
        "test": measure(test, OPTIONS),
        "prior": measure(prior_predictions(test.target, test), OPTIONS),
    }
    table = headline_table(columns, OPTIONS)
    assert [str(name) for name in table.columns] == ["Metric", "val", "test", "prior"]
    names = [str(row[0]) for row in table.rows]
    assert names[0] == "Accuracy"
    assert "Log loss ↓" in names
    assert all(isinstance(cell, Estimate) for row in table.rows for cell in row[1:])
    assert "95%" in str(table.caption)
    assert "60 test images in 30 groups" in str(table.caption)


def test_the_class_table_has_every_class_its_support_and_the_averages():
    p = predictions_from()
    table = class_table(measure(p, OPTIONS), "test")
    assert [str(row[0]) for row in table.rows] == [*p.classes, "macro average", "weighted average"]
    assert [row[-1] for row in table.rows[:3]] == np.bincount(p.target).tolist()
    macro_recall = table.rows[3][2]
    assert isinstance(macro_recall, Estimate)
    assert macro_recall.value == METRICS.get("balanced_accuracy")(p)


def test_the_confusion_tables_count_and_rate():
    counts, rates = confusion_tables(predictions_from(), "test")
    assert np.sum([row[1:] for row in counts.rows]) == 60
    assert counts.style == rates.style == "heat"
    assert counts.unit == "count"
    assert np.sum([row[1:] for row in rates.rows[:1]]) == pytest.approx(1.0)


def test_the_reliability_chart_has_a_point_per_bin_in_use():
    chart = reliability_chart(predictions_from(), "test")
    (series,) = chart.series
    assert chart.diagonal
    assert series.low is not None
    assert series.high is not None
    assert len(series.x) == len(series.y) == len(series.low) == len(series.high) > 3
    bands = zip(series.low, series.y, series.high, strict=True)
    assert all(low <= y <= high for low, y, high in bands)


def test_blocks_survive_a_round_trip_through_json_in_both_languages(tmp_path):
    p = predictions_from()
    measured = measure(p, OPTIONS)
    blocks: tuple[Block, ...] = (
        headline_table({"test": measured}, OPTIONS),
        class_table(measured, "test"),
        *confusion_tables(p, "test"),
        reliability_chart(p, "test"),
    )
    values = {"test": to_values(measured.overall), "classes": class_values(measured)}
    report = Report("evaluate", "t", (Section("metrics", "t", blocks),), values=values)
    for language in ("en", "es"):
        set_language(language)
        report.save(tmp_path)
        again = Report.load(tmp_path)
        assert again.sections == report.sections
    assert "Exactitud" in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_values_for_scripts_have_the_promised_keys():
    values = to_values(measure(predictions_from(), OPTIONS).overall)
    assert values["accuracy"].keys() >= {"value", "low", "high", "n", "n_groups"}


def test_a_headline_of_many_columns_leaves_validation_out_where_it_must_fit_a_terminal():
    measured = Measured({"accuracy": Estimate(0.9, 0.8, 0.95, 50, 50)}, {}, 50, 50)
    few = headline_table(dict.fromkeys(("test", "val", "prior"), measured), EvaluateOptions())
    assert as_wide_as_a_terminal(few) is few
    names = ("test", "val", "prior", "nearest-thumbnail", "descriptors")
    wide = headline_table(dict.fromkeys(names, measured), EvaluateOptions())
    narrow = as_wide_as_a_terminal(wide)
    assert [str(one) for one in narrow.columns] == [
        str(one) for at, one in enumerate(wide.columns) if at != 2
    ]
    assert all(len(row) == len(narrow.columns) for row in narrow.rows)
