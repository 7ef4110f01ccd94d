"""Tables and charts of images with several labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.language import say, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Chart, Paragraph, Table
from tamiz.metrics.bins import BinWords, chart_of_bins
from tamiz.metrics.intervals import Measured
from tamiz.metrics.multilabel import HEADLINE, LABEL_METRICS, LabelMetric
from tamiz.metrics.report_blocks import COLUMN_NAMES, metric_key, metric_name
from tamiz.metrics.sums import N_BINS

_OF_ONE_LABEL: Final = EvaluateOptions().metric  # what is asked for where nobody asks


def label_metric(name: str) -> LabelMetric:
    """Return the metric called `name`; mean F1 per image where nobody chose one.

    Raises:
        WrongUse: there is none of this name for several labels per image.
    """
    key = metric_key(name)
    if key == _OF_ONE_LABEL:
        key = HEADLINE
    if key not in LABEL_METRICS:
        raise WrongUse.of(
            "errors.unknown_name",
            kind=say("errors.kind_metrics"),
            name=name,
            suggestion="",
            choices=", ".join(LABEL_METRICS),
        )
    return LABEL_METRICS[key]


def label_headline(columns: Mapping[str, Measured], options: EvaluateOptions) -> Table:
    """Return metrics by columns ('test', 'val', a baseline's name), each cell an Estimate."""
    counted = columns["test"] if "test" in columns else next(iter(columns.values()))
    first = label_metric(options.metric)
    metrics = [first, *(one for one in LABEL_METRICS.values() if one is not first)]
    rows: list[tuple[Cell, ...]] = [
        (metric_name(metric), *(one.overall.get(metric.name) for one in columns.values()))
        for metric in metrics
    ]
    caption = text(
        "metrics.headline_caption",
        confidence=options.confidence,
        n=counted.n,
        n_groups=counted.n_groups,
    )
    names = [COLUMN_NAMES.get(name, name) for name in columns]
    return Table((text("metrics.metric"), *names), tuple(rows), caption)


def label_blocks(measured: Measured, thresholds: Mapping[str, float], part: str) -> list[Block]:
    """Return the figures of each label with its threshold and support, and the rules behind."""
    names = ("precision", "recall", "f1", "average_precision")
    rows: list[tuple[Cell, ...]] = [
        (label, *(found[name] for name in names), thresholds[label], found["recall"].n)
        for label, found in measured.by_class.items()
    ]
    table = Table(
        columns=(
            text("multilabel.label"),
            *(text(f"metrics.{name}") for name in names),
            text("multilabel.threshold"),
            text("metrics.support"),
        ),
        rows=tuple(rows),
        caption=text("multilabel.label_caption", part=part),
    )
    return [
        table,
        Paragraph(text("multilabel.rules")),
        Paragraph(text("multilabel.threshold_rule")),
    ]


def untaught_thresholds(val: Predictions) -> list[str]:
    """Return the labels whose threshold validation could not teach: none has them, or all have."""
    known = val.labelled()
    counts = (known.target > 0).sum(axis=0)
    pairs = zip(known.classes, counts.tolist(), strict=True)
    return [name for name, n in pairs if n in {0, len(known)}]


def label_calibration(predictions: Predictions, part: str) -> Chart:
    """Return how often labels are there against their probability, in bins that are not empty."""
    known = predictions.labelled()
    probabilities, there = known.probabilities.ravel(), (known.target > 0).ravel()
    bins = np.clip(np.ceil(probabilities * N_BINS).astype(np.int64) - 1, 0, N_BINS - 1)
    n = np.bincount(bins, minlength=N_BINS)
    mean = np.bincount(bins, probabilities, N_BINS).astype(np.float64)
    share = np.bincount(bins, there.astype(np.float64), N_BINS).astype(np.float64)
    words = BinWords(
        title=text("multilabel.calibration", part=part),
        x_label=text("multilabel.probability"),
        y_label=text("multilabel.share_there"),
        series=text("multilabel.pairs", n=int(n.sum())),
    )
    return chart_of_bins(n.astype(np.float64), mean, share, words)
