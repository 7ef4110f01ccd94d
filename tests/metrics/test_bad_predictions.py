"""Odd and bad predictions: what can be said of them is said, what cannot stops with one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tamiz.core.errors import WrongData
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.interval_words import few_groups_findings
from tamiz.metrics.intervals import Measured, measure
from tamiz.metrics.multilabel_blocks import label_calibration, label_headline
from tamiz.metrics.report_blocks import (
    class_table,
    confusion_tables,
    headline_table,
    reliability_chart,
)

OPTIONS = EvaluateOptions(resamples=200)


def predictions(n: int = 60, k: int = 3, per_group: int = 2) -> Predictions:
    """Return random predictions of classes a, b, c, ..."""
    powers = np.exp(np.random.default_rng(0).normal(size=(n, k)))
    return Predictions(
        classes=tuple("abcdefgh"[:k]),
        item=np.array([f"i{index:03d}" for index in range(n)], dtype=np.str_),
        group=np.array([f"g{index // per_group:03d}" for index in range(n)], dtype=np.str_),
        target=np.arange(n) % k,
        probabilities=powers / powers.sum(axis=1, keepdims=True).clip(1e-9),
    )


def with_cell(p: Predictions, row: int, value: float) -> Predictions:
    """Return `p` with one probability replaced."""
    changed = p.probabilities.copy()
    changed[row, 0] = value
    return replace(p, probabilities=changed)


def drawn_blocks(p: Predictions, measured: Measured) -> tuple[object, ...]:
    """Return all tables and charts, drawn without an error or a warning."""
    return (
        headline_table({"test": measured}, OPTIONS),
        class_table(measured, "test"),
        *confusion_tables(p, "test"),
        reliability_chart(p, "test"),
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_probability_that_is_no_number_stops(value):
    with pytest.raises(WrongData, match="i003: the model gives a probability that is no number"):
        with_cell(predictions(), 3, value)


@pytest.mark.parametrize(("value", "shown"), [(-0.2, "-0.2"), (37.5, "37.5")])
def test_a_probability_outside_0_to_1_stops(value, shown):
    with pytest.raises(WrongData) as error:
        with_cell(predictions(), 4, value)
    assert str(error.value) == (
        f"i004: a probability is {shown}, which is not between 0 and 1. Write probabilities, not "
        "scores or percentages: put scores through a softmax first"
    )


def test_probabilities_that_do_not_add_up_to_one_name_the_first_item_and_its_sum():
    p = predictions(k=2)
    halves = p.probabilities.copy()
    halves[[5, 9]] /= 2
    with pytest.raises(WrongData) as error:
        replace(p, probabilities=halves)
    assert str(error.value) == (
        "i005: the probabilities of this item add up to 0.5, not to 1 (2 such items). Give one "
        "probability per class, and divide each by their sum"
    )


def test_what_rounding_leaves_is_no_error():
    p = predictions()
    assert len(replace(p, probabilities=p.probabilities.round(5)))
    assert len(replace(p, probabilities=p.probabilities.astype(np.float32).astype(np.float64)))


def test_several_labels_need_not_add_up_to_one_but_must_be_probabilities():
    p = predictions(k=2)
    labels = np.stack([p.target, 1 - p.target], axis=1)
    many = replace(p, target=labels, thresholds=(0.5, 0.5), probabilities=np.full((60, 2), 0.9))
    assert many.predicted.all()
    with pytest.raises(WrongData, match=r"i001: a probability is 1\.5"):
        with_cell(many, 1, 1.5)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "test.parquet"
    predictions().save(path)
    return path


def rewrite(path: Path, table: pl.DataFrame) -> None:
    table.write_parquet(path)


def test_a_file_with_a_hole_names_the_file_and_the_item(saved):
    table = pl.read_parquet(saved)
    holes = pl.Series("p_b", [None, *table["p_b"].to_list()[1:]])
    rewrite(saved, table.with_columns(holes))
    with pytest.raises(WrongData, match=r"test\.parquet, i000: the model gives a probability"):
        Predictions.load(saved)


def test_a_file_whose_rows_do_not_add_up_names_the_file_and_the_item(saved):
    rewrite(saved, pl.read_parquet(saved).with_columns(pl.col("p_a") / 2))
    with pytest.raises(WrongData, match=r"test\.parquet, i000: .* add up to .*60 such items"):
        Predictions.load(saved)


def test_a_file_that_is_no_table_of_predictions_says_what_it_lacks(saved):
    rewrite(saved, pl.read_parquet(saved).drop("group", "p_a", "p_b", "p_c"))
    with pytest.raises(WrongData, match="columns missing: group, p_<class>"):
        Predictions.load(saved)


def test_a_true_class_without_a_column_is_named(saved):
    rewrite(saved, pl.read_parquet(saved).with_columns(target=pl.lit("zebra")))
    with pytest.raises(WrongData, match="the true class 'zebra' has no column") as error:
        Predictions.load(saved)
    assert "Add the column 'p_zebra'" in str(error.value)


def test_probabilities_written_as_words_are_a_damaged_file(saved):
    rewrite(saved, pl.read_parquet(saved).with_columns(p_a=pl.lit("high")))
    with pytest.raises(WrongData, match=r"test\.parquet"):
        Predictions.load(saved)


def test_a_class_that_is_never_predicted_is_told_so_and_drawn():
    p = predictions()
    without = p.probabilities.copy()
    without[:, 2] = 0
    never = replace(p, probabilities=without / without.sum(axis=1, keepdims=True))
    measured = measure(never, OPTIONS)
    assert str(measured.by_class["c"]["precision"].note) == "never predicted"
    assert measured.by_class["c"]["recall"].value == 0.0
    assert measured.by_class["c"]["recall"].high is not None
    assert drawn_blocks(never, measured)


def test_a_class_that_is_absent_has_no_row_and_an_empty_line_of_rates():
    p = predictions()
    absent = replace(p, target=np.where(p.target == 2, 0, p.target))
    measured = measure(absent, OPTIONS)
    assert set(measured.by_class) == {"a", "b"}
    _, rates = confusion_tables(absent, "test")
    assert rates.rows[2] == ("c", None, None, None)
    assert drawn_blocks(absent, measured)


def test_one_class_only_has_figures_but_no_auroc():
    p = replace(predictions(), target=np.zeros(60, dtype=np.int64))
    measured = measure(p, OPTIONS)
    assert "auroc" not in measured.overall
    assert measured.overall["accuracy"].low is not None
    assert drawn_blocks(p, measured)


def test_one_group_only_has_figures_without_intervals_and_says_why():
    p = replace(predictions(), group=np.full(60, "one"))
    measured = measure(p, OPTIONS)
    for name, one in measured.overall.items():
        assert one.low is None, name
        assert "1 group, at least 10 are needed" in str(one.note)
    assert drawn_blocks(p, measured)
    assert few_groups_findings(measured) == ()


def test_all_right_in_one_group_is_no_interval_that_would_mislead():
    p = predictions()
    right = replace(p, group=np.full(60, "one"), probabilities=np.eye(3)[p.target] * 0.94 + 0.02)
    accuracy = measure(right, OPTIONS).overall["accuracy"]
    assert accuracy.value == 1.0
    assert accuracy.low is not None
    assert accuracy.low < 0.3  # one group right: hardly anything is known


def test_all_right_gets_an_interval_and_is_drawn():
    p = predictions()
    right = replace(p, probabilities=np.eye(3)[p.target])
    measured = measure(right, OPTIONS)
    for name in ("accuracy", "f1_macro", "auroc"):
        one = measured.overall[name]
        assert one.low is not None
        assert 0.8 < one.low < 1.0 == one.high, name
    assert measured.overall["log_loss"].low == measured.overall["log_loss"].high
    assert drawn_blocks(right, measured)


def test_nothing_at_all_gives_empty_blocks():
    nothing = predictions().take([])
    measured = measure(nothing, OPTIONS)
    assert (measured.n, measured.overall) == (0, {})
    assert drawn_blocks(nothing, measured)


def test_nothing_at_all_with_several_labels_gives_empty_blocks():
    p = predictions(k=2)
    labels = np.stack([p.target, 1 - p.target], axis=1)
    nothing = replace(p, target=labels, thresholds=(0.5, 0.5)).take([])
    measured = measure(nothing, OPTIONS)
    assert measured.overall == {}
    assert label_headline({"test": measured}, OPTIONS).rows
    assert label_calibration(nothing, "test").series[0].x == ()
