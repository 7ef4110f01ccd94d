"""The report of an external set: its figures beside the run's own, and their difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tamiz.core.language import text
from tamiz.data.predictions import Predictions
from tamiz.data.report import (
    Block,
    Cell,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Table,
    Words,
)
from tamiz.metrics.comparing import metric_for, unpaired_difference, verdict
from tamiz.metrics.interval_words import design_effect_words
from tamiz.metrics.intervals import Measured
from tamiz.metrics.multilabel import LABEL_METRICS, LabelMetric
from tamiz.metrics.registry import Metric
from tamiz.metrics.report_blocks import (
    COLUMN_NAMES,
    class_table,
    confusion_tables,
    headline_metrics,
    metric_key,
    metric_name,
    reliability_chart,
)
from tamiz.stages.evaluate import mistakes_of
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.external_rows import ExternalRows
from tamiz.stages.gains import difference_in_words


@dataclass(frozen=True, slots=True)
class Internal:
    """The run's own result, to show beside the external one.

    Attributes:
        part: 'test' or 'oof'.
        predictions: that it rests on.
        measured: its figures.
    """

    part: str
    predictions: Predictions
    measured: Measured


def differences_of(evaluation: Evaluation, internal: Internal | None) -> dict[str, Estimate]:
    """Return external less internal of every figure that both have."""
    if internal is None:
        return {}
    made = {}
    for metric in _metrics(evaluation):
        name = metric.name
        if name in evaluation.measured.overall and name in internal.measured.overall:
            options = evaluation.recipe.evaluate
            sides = evaluation.predictions, internal.predictions
            made[name] = unpaired_difference(*sides, metric, options)
    return made


def external_report(
    measured: tuple[Evaluation, Internal | None, dict[str, Estimate]],
    chosen: ExternalRows,
    findings: tuple[Finding, ...],
    closer: Piece,
) -> Report:
    """Return the report of an external set; anchors begin with its name.

    Args:
        measured: the evaluation, the run's own result, and the differences between them.
        chosen: which images were measured.
        findings: what the reader must know, in any order.
        closer: the pieces of the closer looks.
    """
    evaluation, internal, differences = measured
    name, found = evaluation.part, evaluation.predictions
    what = text(
        "external.what",
        source=Path(evaluation.recipe.data.source).name,
        n=evaluation.n_items,
        found=chosen.n_found,
    )
    noted = tuple(sorted(findings, key=lambda one: one.rank))
    headline: list[Block] = [Paragraph(what), _beside(evaluation, internal, differences)]
    headline += _sentence(evaluation, differences)
    first = metric_for(evaluation.recipe.evaluate.metric, is_multilabel=found.is_multilabel)
    headline += design_effect_words(evaluation.measured, first.name)
    headline += [Findings(noted)] if noted else []
    title = text("external.section", name=name, n=len(found), n_groups=found.n_groups)
    left = [_left_out(chosen)] if chosen.left_out else []
    sections = [
        Section("result", title, (*headline, *left)),
        *_details(evaluation),
        *closer.sections,
    ]
    if not found.is_multilabel:
        sections.append(Section("mistakes", text("evaluate.mistakes"), mistakes_of(evaluation)))
    sections = [
        Section(f"external-{name}-{one.anchor}", one.title, one.blocks)
        for one in sections
        if one.blocks
    ]
    summary = (*headline, *closer.summary)
    return Report("evaluate", text("external.title", name=name), tuple(sections), summary)


def _details(evaluation: Evaluation) -> list[Section]:
    found, name = evaluation.predictions, evaluation.part
    if found.is_multilabel:
        return []
    blocks = (class_table(evaluation.measured, name),)
    return [
        Section("classes", text("evaluate.classes"), blocks),
        Section("confusion", text("evaluate.confusion"), confusion_tables(found, name)),
        Section("calibration", text("evaluate.calibration"), (reliability_chart(found, name),)),
    ]


def _metrics(evaluation: Evaluation) -> list[Metric | LabelMetric]:
    if evaluation.predictions.is_multilabel:
        return [*LABEL_METRICS.values()]
    return [*headline_metrics(metric_key(evaluation.recipe.evaluate.metric))]


def _beside(
    evaluation: Evaluation, internal: Internal | None, differences: dict[str, Estimate]
) -> Table:
    """Return metrics by columns: external, internal, the difference, the constant answer."""
    columns: list[Words] = [text("external.column_external", name=evaluation.part)]
    sides = [evaluation.measured]
    if internal is not None:
        part = COLUMN_NAMES.get(internal.part, internal.part)
        columns.append(text("external.column_internal", part=part))
        columns.append(text("external.column_difference"))
        sides.append(internal.measured)
    columns += [COLUMN_NAMES.get(name, name) for name in evaluation.beside]
    rows: list[tuple[Cell, ...]] = []
    for metric in _metrics(evaluation):
        cells: list[Cell] = [side.overall.get(metric.name) for side in sides]
        if all(cell is None for cell in cells):
            continue
        if internal is not None:
            gap = differences.get(metric.name)
            cells.append(None if gap is None else difference_in_words(gap))
        cells += [one.overall.get(metric.name) for one in evaluation.beside.values()]
        rows.append((metric_name(metric), *cells))
    caption = text("external.beside_caption", confidence=evaluation.recipe.evaluate.confidence)
    return Table((text("metrics.metric"), *columns), tuple(rows), caption)


def _sentence(evaluation: Evaluation, differences: dict[str, Estimate]) -> list[Block]:
    """Return what the difference in the main figure shows."""
    wanted = evaluation.recipe.evaluate.metric
    metric = metric_for(wanted, is_multilabel=evaluation.predictions.is_multilabel)
    gap = differences.get(metric.name)
    if gap is None:
        return []
    key = verdict(gap, metric.better).replace(" ", "_")
    words = {"metric": metric_name(metric), "difference": difference_in_words(gap)}
    return [Paragraph(text(f"external.{key}", **words))]


def _left_out(chosen: ExternalRows) -> Table:
    columns = (text("external.left_column"), text("external.left_images"))
    return Table(columns, chosen.left_out, text("external.left_caption"), unit="count")
