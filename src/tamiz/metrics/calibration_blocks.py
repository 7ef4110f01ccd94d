"""Tables and charts of calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Chart, Paragraph, Series, Table, Words
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.group_sums import GroupSums
from tamiz.metrics.reliability import (
    CLASS_BINS,
    BrierParts,
    Compared,
    Curve,
    class_curves,
    confidence_counts,
)
from tamiz.metrics.sums import N_BINS

MOST_CLASSES: Final = 10
_MOST_IN_TABLE: Final = 40
_MOST_BANDS: Final = 2
_LEAST_IN_BIN: Final = 20


def vector_table(calibration: Calibration, classes: Sequence[str]) -> Table | None:
    """Return scale and shift of each class; None for very many classes."""
    if len(classes) > _MOST_IN_TABLE:
        return None
    rows = tuple(zip(classes, calibration.scales, calibration.shifts, strict=True))
    columns = tuple(text(f"calibration.{name}") for name in ("class", "scale", "shift"))
    return Table(columns, rows, text("calibration.vector_caption"))


def compared_table(
    found: Sequence[tuple[Words, Mapping[str, Compared]]], confidence: float
) -> Table:
    """Return each figure of each part before and after calibration, and the paired difference."""
    rows: list[tuple[Cell, ...]] = [
        (text(f"calibration.{name}"), part, one.before, one.after, one.difference)
        for name in ("log_loss", "ece", "brier")
        for part, figures in found
        for one in [figures[name]]
    ]
    names = ("figure", "part", "before", "after", "difference")
    columns = tuple(text(f"calibration.{name}") for name in names)
    return Table(columns, tuple(rows), text("calibration.compare_caption", confidence=confidence))


def brier_table(found: Sequence[tuple[Words, BrierParts]]) -> Table:
    """Return the parts of the Brier score."""
    rows = tuple(
        (part, one.reliability, one.resolution, one.uncertainty, one.within, one.brier)
        for part, one in found
    )
    names = ("part", "reliability", "resolution", "uncertainty", "within", "brier")
    columns = tuple(text(f"calibration.{name}") for name in names)
    return Table(columns, rows, text("calibration.brier_caption", bins=N_BINS))


def class_blocks(known: Predictions, part: Words, options: EvaluateOptions) -> list[Block]:
    """Return, of up to ten classes, how often each occurs against its stated probability.

    Of two classes the second alone: the first mirrors it. Above ten classes only the table of
    means is left.
    """
    k = len(known.classes)
    of_two = k == 2 and not known.is_multilabel
    chosen = (1,) if of_two else tuple(range(k))
    made: list[Block] = []
    if k <= _MOST_IN_TABLE:
        made.append(_means(known, chosen, part, options))
    if k > MOST_CLASSES:
        return made
    curves = class_curves(known, options, chosen)
    has_bands = len(curves) <= _MOST_BANDS
    note = "calibration.band" if has_bands else "calibration.no_band"
    chart = Chart(
        "line",
        text("calibration.classes_title", part=part),
        text("calibration.stated"),
        text("calibration.share"),
        tuple(_series(one, has_band=has_bands) for one in curves),
        diagonal=True,
    )
    return [*made, Paragraph(text(note, least=_LEAST_IN_BIN)), chart, _counts(curves, part)]


def confidence_chart(known: Predictions, part: Words) -> Chart:
    """Return the histogram of how sure the answers are."""
    middles, counts = confidence_counts(known)
    shown = slice(int(np.flatnonzero(counts)[0]) if counts.any() else 0, None)
    series = Series(
        text("calibration.answers"),
        tuple(map(float, middles[shown])),
        tuple(map(float, counts[shown])),
    )
    return Chart(
        "histogram",
        text("calibration.histogram", part=part),
        text("calibration.confidence"),
        text("calibration.answers"),
        (series,),
        bin_width=1 / len(middles),
    )


def _series(one: Curve, *, has_band: bool) -> Series:
    at = np.flatnonzero(one.n >= (1 if has_band else _LEAST_IN_BIN))
    x, y, low, high = (
        tuple(map(float, values[at])) for values in (one.stated, one.share, one.low, one.high)
    )
    return Series(one.label, x, y, low, high) if has_band else Series(one.label, x, y)


def _counts(curves: Sequence[Curve], part: Words) -> Table:
    edges = np.arange(CLASS_BINS + 1) / CLASS_BINS
    bins = [
        text("calibration.bin", low=float(low), high=float(high))
        for low, high in pairwise(edges.tolist())
    ]
    rows: list[tuple[Cell, ...]] = []
    for one in curves:
        counts = np.zeros(CLASS_BINS, np.int64)
        at = np.clip(np.ceil(one.stated * CLASS_BINS).astype(np.int64) - 1, 0, CLASS_BINS - 1)
        counts[at] = one.n
        rows.append((one.label, *counts.tolist()))
    caption = text("calibration.counts_caption", part=part)
    return Table((text("calibration.class"), *bins), tuple(rows), caption, "heat", "count")


def _means(
    known: Predictions, chosen: Sequence[int], part: Words, options: EvaluateOptions
) -> Table:
    sums = GroupSums(np.ones((len(known), 1)), known.group)
    rows: list[tuple[Cell, ...]] = []
    for index in chosen:
        stated = known.probabilities[:, index]
        has = known.target[:, index] > 0 if known.is_multilabel else known.target == index
        gap = sums.mean_estimate(stated - has, options.confidence)
        rows.append((known.classes[index], float(stated.mean()), float(has.mean()), gap))
    names = ("class", "mean_stated", "occurs", "difference")
    columns = tuple(text(f"calibration.{name}") for name in names)
    caption = text("calibration.large_caption", part=part, confidence=options.confidence)
    return Table(columns, tuple(rows), caption)
