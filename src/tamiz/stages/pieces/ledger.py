"""Closer look: how often the part was looked at, and what that does to its figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tamiz.core.events import OnEvent
from tamiz.core.language import text
from tamiz.data.looks_ledger import LookRecord, LooksLedger
from tamiz.data.report import (
    Block,
    Cell,
    Estimate,
    Finding,
    Paragraph,
    Section,
    Severity,
    Table,
    Words,
)
from tamiz.metrics.optimism import expected_maximum, standard_error_of, widened
from tamiz.metrics.registry import METRICS
from tamiz.metrics.report_blocks import metric_words
from tamiz.stages.evaluation import Evaluation, Piece

_SHOWN = 20


def ledger_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:  # noqa: ARG001
    """Return the looks at the part, and a correction where several models were measured on it.

    Nothing where no sealed part was looked at (out-of-fold figures alone).
    """
    looked = evaluation.looked
    if looked is None:
        return Piece()
    every, is_whole = looked.ledger.read()
    here = [one for one in every if one.part == looked.record.part]
    models = {one.bundle for one in here}
    latest = [one for one in here if one.bundle == looked.record.bundle][-1]
    findings: list[Finding] = []
    if not is_whole:
        what = text("looks.not_whole", ledger=looked.ledger.place.name)
        findings.append(Finding(Severity.WARNING, what, text("looks.not_whole_advice")))
    if len(models) > 1:
        many = _many(latest, len(models), evaluation.recipe.evaluate.confidence)
        findings.append(Finding(Severity.WARNING, many, text("looks.many_advice")))
    elif len(here) > 1:
        findings.append(Finding(Severity.NOTE, text("looks.again", looks=len(here))))
    n_others = len({one.part for one in every}) - 1
    if n_others:
        what = text("looks.others", n=n_others)
        findings.append(Finding(Severity.NOTE, what, text("looks.others_advice")))
    values = {
        "looks": len(here),
        "models": len(models),
        "runs": len({one.run for one in here}),
        "other_parts": n_others,
        "is_whole": is_whole,
        "ledger": looked.ledger.place.name,
    }
    sentence = looks_sentence(looked.ledger, here)
    blocks: tuple[Block, ...] = (sentence, _table(here))
    section = Section("looks", text("looks.title"), blocks)
    return Piece((section,), (sentence,), tuple(findings), {"looks": values})


def looks_sentence(ledger: LooksLedger, here: Sequence[LookRecord]) -> Paragraph:
    """Return how often a part was looked at, by how many models and runs, and where that stands."""
    key = "looks.sentence" if ledger.is_beside else "looks.sentence_elsewhere"
    return Paragraph(
        text(
            key,
            looks=len(here),
            models=len({one.bundle for one in here}),
            runs=len({one.run for one in here}),
            ledger=ledger.place.name,
        )
    )


def _many(latest: LookRecord, k: int, confidence: float) -> Words:
    metric = metric_words(latest.metric)
    if latest.value is None or latest.low is None or latest.high is None:
        return text("looks.many_plain", models=k, metric=metric)
    error = standard_error_of(latest.low, latest.high, confidence)
    is_share = latest.metric not in METRICS.names() or METRICS.get(latest.metric).is_share
    bounds = (latest.low, latest.high)
    low, high = widened(latest.value, bounds, confidence, k, is_share=is_share)
    points = expected_maximum(k) * error
    return text("looks.many", models=k, metric=metric, points=points, low=low, high=high)


def _table(here: Sequence[LookRecord]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in here[-_SHOWN:]:
        figure: Cell = text("looks.no_figure")
        if one.value is not None and math.isfinite(one.value):
            figure = Estimate(one.value, one.low, one.high, one.n)
        when = one.when[:19].replace("T", " ")
        rows.append((when, one.who, one.run, one.bundle[:8], metric_words(one.metric), figure))
    columns = ("when", "who", "run", "model", "metric", "figure")
    caption = text("looks.caption", n=len(rows), all=len(here))
    return Table(tuple(text(f"looks.{name}") for name in columns), tuple(rows), caption)
