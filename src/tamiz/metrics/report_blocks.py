"""Tables and charts of predictions: blocks that a report shows, and figures for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from tamiz.core.language import has_text, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Cell, Chart, Estimate, Table, Words
from tamiz.metrics.bins import BinWords, chart_of_bins
from tamiz.metrics.by_class import Confusion, confusion_matrix
from tamiz.metrics.intervals import Measured
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.sums import sums_of

MAX_CLASSES_IN_MATRIX = 40
_MOST_COLUMNS: Final = 4
MAX_CONFUSIONS_LISTED = 40
_AVERAGES = (("macro", "metrics.macro"), ("weighted", "metrics.weighted"))

COLUMN_NAMES: Final[Mapping[str, Words]] = {
    "test": text("metrics.column_test"),
    "val": text("metrics.column_val"),
    "oof": text("folds.column_oof"),
    "ensemble": text("folds.column_ensemble"),
    "single": text("folds.column_single"),
    "prior": text("metrics.column_prior"),
    "even": text("metrics.column_even"),
    "nearest-thumbnail": text("metrics.column_nearest_thumbnail"),
    "descriptors": text("metrics.column_descriptors"),
    "usual-set": text("metrics.column_usual_set"),
    "mean-pooling": text("metrics.column_mean_pooling"),
}


def headline_metrics(first: str = "") -> list[Metric]:
    """Return the metrics of the main table, in its order: decisions, ranking, probabilities.

    Args:
        first: the metric that stands before all others.
    """
    kinds = ("proportion", "share", "macro", "loss", "distance")
    members = [METRICS.get(name) for name in METRICS.names()]
    chosen = [member for member in members if member.is_headline or member.name == first]
    return sorted(
        chosen, key=lambda member: (member.name != first, kinds.index(member.kind), member.name)
    )


def metric_key(name: str) -> str:
    """Return a metric's name in the registry: 'weighted-log-loss' is 'weighted_log_loss'."""
    return name.strip().lower().replace("-", "_")


def metric_words(name: str) -> Words:
    """Return in words what metrics.json calls `name`; a plug-in's metric has no translation."""
    key = f"metrics.{name}"
    return text(key) if has_text(key) else name


def metric_name(metric: Metric | LabelMetric) -> Words:
    """Return a metric's name in words, with a mark where lower is better."""
    name = metric_words(metric.name)
    return text("metrics.lower_is_better", name=name) if metric.better == "lower" else name


def headline_table(columns: Mapping[str, Measured], options: EvaluateOptions) -> Table:
    """Return metrics by columns ('test', 'val', a baseline's name), each cell an Estimate.

    The caption counts what the column 'test' rests on (the first column where there is none).
    """
    counted = columns["test"] if "test" in columns else next(iter(columns.values()))
    rows: list[tuple[Cell, ...]] = []
    for metric in headline_metrics(metric_key(options.metric)):
        cells = [measured.overall.get(metric.name) for measured in columns.values()]
        if any(cell is not None for cell in cells):
            rows.append((metric_name(metric), *cells))
    caption = text(
        "metrics.headline_caption",
        confidence=options.confidence,
        n=counted.n,
        n_groups=counted.n_groups,
    )
    names = [COLUMN_NAMES.get(name, name) for name in columns]
    return Table(columns=(text("metrics.metric"), *names), rows=tuple(rows), caption=caption)


def as_wide_as_a_terminal(table: Table) -> Table:
    """Return a headline table, less the validation part where more columns would not fit."""
    if len(table.columns) - 1 <= _MOST_COLUMNS or COLUMN_NAMES["val"] not in table.columns:
        return table
    at = table.columns.index(COLUMN_NAMES["val"])
    rows = tuple((*row[:at], *row[at + 1 :]) for row in table.rows)
    return replace(table, columns=(*table.columns[:at], *table.columns[at + 1 :]), rows=rows)


def class_table(measured: Measured, part: str) -> Table:
    """Return precision, recall, F1 and AUROC of each class with intervals, and the averages."""
    names = ("precision", "recall", "f1", "auroc")
    rows: list[tuple[Cell, ...]] = [
        (label, *(found.get(name) for name in names), found["recall"].n)
        for label, found in measured.by_class.items()
    ]
    for kind, key in _AVERAGES:
        cells: list[Cell] = [measured.overall.get(f"{name}_{kind}") for name in names[:3]]
        cells.append(measured.overall.get("auroc") if kind == "macro" else None)
        rows.append((text(key), *cells, measured.n))
    return Table(
        columns=(
            text("metrics.class"),
            *(text(f"metrics.{name}") for name in names),
            text("metrics.support"),
        ),
        rows=tuple(rows),
        caption=text("metrics.class_caption", part=part),
    )


def confusion_tables(predictions: Predictions, part: str) -> tuple[Table, ...]:
    """Return the confusion matrix as counts and as rates; for over 40 classes a list instead."""
    found = confusion_matrix(predictions)
    if len(predictions.classes) > MAX_CLASSES_IN_MATRIX:
        return (_frequent_confusions(found, predictions.classes, part),)
    columns: tuple[Words, ...] = (text("metrics.true_class"), *predictions.classes)
    counts: list[tuple[Cell, ...]] = [
        (label, *line)
        for label, line in zip(predictions.classes, found.counts.tolist(), strict=True)
    ]
    rates: list[tuple[Cell, ...]] = [
        (label, *(None if np.isnan(rate) else rate for rate in line))
        for label, line in zip(predictions.classes, found.rates.tolist(), strict=True)
    ]
    return (
        Table(columns, tuple(counts), text("metrics.confusion_counts", part=part), "heat", "count"),
        Table(columns, tuple(rates), text("metrics.confusion_rates", part=part), "heat", "percent"),
    )


def _frequent_confusions(found: Confusion, classes: Sequence[str], part: str) -> Table:
    """Return the pairs of classes confused most often: true, predicted, images, share of true."""
    wrong = found.counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MAX_CONFUSIONS_LISTED]
    pairs = [divmod(int(at), len(classes)) for at in order if wrong.flat[at] > 0]
    rows: list[tuple[Cell, ...]] = [
        (
            classes[true],
            classes[predicted],
            int(wrong[true, predicted]),
            float(found.rates[true, predicted]),
        )
        for true, predicted in pairs
    ]
    columns = ("confused_true", "confused_with", "confused_images", "confused_share")
    return Table(
        columns=tuple(text(f"metrics.{name}") for name in columns),
        rows=tuple(rows),
        caption=text(
            "metrics.confusion_frequent",
            part=part,
            n=len(rows),
            n_pairs=int((wrong > 0).sum()),
            n_classes=len(classes),
            limit=MAX_CLASSES_IN_MATRIX,
        ),
        unit="percent",
    )


def reliability_chart(predictions: Predictions, part: str) -> Chart:
    """Return how often the model is right against how sure it is (see `chart_of_bins`)."""
    sums = sums_of(predictions.labelled())
    words = BinWords(
        title=text("metrics.reliability", part=part),
        x_label=text("metrics.confidence"),
        y_label=text("metrics.share_right"),
        series=text("metrics.share_right_n", n=int(sums.bin_n[0].sum())),
    )
    return chart_of_bins(sums.bin_n[0], sums.bin_confidence[0], sums.bin_hit[0], words)


def to_values(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, Any]]:
    """Return estimates as `metrics.json` holds them, each with all that makes it believable."""
    return {
        name: {
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "n": one.n,
            "n_groups": one.n_groups,
            "method": one.method,
            "design_effect": one.design_effect,
        }
        for name, one in estimates.items()
    }


def class_values(measured: Measured) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the per-class estimates as `metrics.json` holds them."""
    return {label: to_values(found) for label, found in measured.by_class.items()}
