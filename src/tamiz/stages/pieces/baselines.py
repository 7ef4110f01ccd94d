"""Closer look: is the model shown to be better than what knows next to nothing?"""

from __future__ import annotations

from typing import Any

from tamiz.core.events import OnEvent
from tamiz.core.language import has_text, text
from tamiz.data.report import Block, Cell, Finding, Paragraph, Section, Severity, Table, Words
from tamiz.metrics.comparing import difference, metric_for, verdict
from tamiz.metrics.report_blocks import COLUMN_NAMES, metric_name, to_values
from tamiz.stages.baseline_vectors import BASELINE
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.gains import difference_in_words


def _worth(values: dict[str, dict[str, Any]], words: Words) -> tuple[Block, ...]:
    """Return whether the network earned its cost: what it adds to a model on descriptors."""
    found = values.get(BASELINE)
    if found is None or found["low"] is None:
        return ()
    key = "earned" if found["verdict"] == "better" else "not_earned"
    told = {name: f"{found[name]:+.4f}" for name in ("value", "low", "high")}
    return (Paragraph(text(f"evaluate.{key}", metric=words, **told)),)


def baselines_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:  # noqa: ARG001
    """Return the paired difference to each baseline, and a warning where none is shown.

    The same images were judged by both, so the same resamples of groups serve both: that shows
    smaller differences than two intervals side by side.
    """
    if not evaluation.baselines:
        return Piece()
    ours = evaluation.predictions
    wanted = evaluation.recipe.evaluate
    metric = metric_for(wanted.metric, is_multilabel=ours.is_multilabel)
    words = metric_name(metric)
    rows: list[tuple[Cell, ...]] = []
    findings: list[Finding] = []
    values: dict[str, dict[str, Any]] = {}
    for name, theirs in evaluation.baselines.items():
        figure = evaluation.beside[name].overall.get(metric.name)
        found = difference([ours], [theirs], metric, wanted)
        shown = verdict(found, metric.better)
        label = COLUMN_NAMES.get(name, name)
        said = text(f"evaluate.than_baseline_{shown.replace(' ', '_')}")
        if found.low is None:
            said = text("evaluate.than_baseline_unknown", n=found.n_groups)
        elif shown != "better":
            what = text(
                f"evaluate.no_better_{shown.replace(' ', '_')}",
                baseline=label,
                metric=words,
                difference=difference_in_words(found),
            )
            own = f"evaluate.no_better_advice_{name}"
            advice = text(own if has_text(own) else "evaluate.no_better_advice")
            findings.append(Finding(Severity.WARNING, what, advice))
        rows.append((label, figure, difference_in_words(found), said))
        values[name] = {**to_values({metric.name: found})[metric.name], "verdict": shown}
    columns = (
        text("evaluate.baseline"),
        words,
        text("evaluate.than_baseline"),
        text("evaluate.than_baseline_shows"),
    )
    caption = text("evaluate.baselines_caption", confidence=wanted.confidence)
    table: Block = Table(columns, tuple(rows), caption)
    section = Section("baselines", text("evaluate.baselines"), (*_worth(values, words), table))
    return Piece((section,), (), tuple(findings), {"against_baselines": values})
