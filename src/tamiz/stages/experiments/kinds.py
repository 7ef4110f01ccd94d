"""Shuffled labels, a split that ignores groups, the background alone, a centre left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Cell, Estimate, Finding, Paragraph, Section, Severity, Table
from tamiz.metrics.clustered import chance_accuracy, share_difference
from tamiz.metrics.intervals import measure
from tamiz.stages.experiments.outcome import Outcome, Row, row_of, row_values, values_of
from tamiz.stages.experiments.training import together

CONTROL: Final = "group-safe"
Answers = Sequence[Predictions]  # of the repeats


def control_row(control: Answers, options: EvaluateOptions) -> Outcome:
    """Return the row that the others are held against."""
    name, verdict = text("sanity.name_group_safe"), text("sanity.verdict_control")
    row = row_of(name, verdict, together(control), options)
    return Outcome((row,), values=row_values(row))


def shuffled_outcome(answers: Answers, options: EvaluateOptions) -> Outcome:
    """Return whether labels that say nothing cannot be told: accuracy's interval covers chance."""
    chance = chance_accuracy(answers)
    row = row_of(text("sanity.name_shuffled_labels"), "", together(answers), options)
    found = row.accuracy
    findings: tuple[Finding, ...] = ()
    kind = _against(found, chance)
    row = replace(row, verdict=text(f"sanity.shuffled_{kind}", chance=chance))
    if kind == "above" and found is not None:
        what = text(
            "sanity.leak",
            value=found.value,
            low=found.low,
            high=found.high,
            chance=chance,
            n=found.n,
            n_groups=found.n_groups,
        )
        advice = text("sanity.leak_advice")
        findings = (Finding(Severity.STOP, what, advice, effect=found.value - chance),)
    values = {**row_values(row), "chance": chance, "is_at_chance": kind == "at"}
    return Outcome((row,), findings=findings, values=values)


def naive_outcome(answers: Answers, control: Answers, options: EvaluateOptions) -> Outcome:
    """Return by how much ignoring groups makes the network look better than it is."""
    naive = together(answers)
    gap = share_difference(naive, together(control), options.confidence)
    row = row_of(text("sanity.name_naive_split"), _gap_in_words("naive", gap), naive, options)
    findings: tuple[Finding, ...] = ()
    if gap.low is not None and gap.high is not None and gap.low > 0:
        what = text("sanity.naive_found", **_points(gap))
        findings = (Finding(Severity.NOTE, what, text("sanity.naive_advice"), effect=gap.value),)
    section = Section(
        "naive-split", row.name, (Paragraph(text("sanity.naive_how")), Paragraph(row.verdict))
    )
    values = {**row_values(row), "difference": values_of(gap)}
    return Outcome((row,), (section,), findings, values)


def background_outcome(
    answers: Answers, control: Answers, small: Outcome | Text, options: EvaluateOptions
) -> Outcome:
    """Return whether the network tells the classes with the middle of each image blacked out.

    Args:
        answers: of networks that were trained on such images.
        control: of networks that saw the whole ones.
        small: what small probes of the edges say, or why they were not asked.
        options: how figures are measured.
    """
    masked, whole = together(answers), together(control)
    gap = share_difference(masked, whole, options.confidence)
    points = _points(gap)
    row = row_of(text("sanity.name_background_only"), "", masked, options)
    found, best = row.auroc, measure(whole, options).overall.get("auroc")
    kind = _against(found, 0.5)
    figures = {name: getattr(found, name, None) or 0.0 for name in ("value", "low", "high")}
    row = replace(row, verdict=text(f"sanity.background_{kind}", **figures))
    findings: tuple[Finding, ...] = ()
    if kind == "above" and found is not None:
        reached = best.value if best else 1.0
        share = (found.value - 0.5) / max(reached - 0.5, 1e-9)
        severity = Severity.WARNING if share > 0.5 else Severity.NOTE
        counted = {"n": found.n, "n_groups": found.n_groups}
        what = text("sanity.background_found", whole=reached, **figures, **counted)
        advice = text("sanity.background_advice")
        findings = (Finding(severity, what, advice, effect=min(1.0, max(0.0, share))),)
    section = Section(
        "background-only",
        row.name,
        (
            Paragraph(text("sanity.background_how")),
            Paragraph(text("sanity.background_gap", **points)),
            *_probed_blocks(small),
        ),
    )
    values = {**row_values(row), "difference": values_of(gap)}
    if isinstance(small, Outcome):
        values["probes"] = dict(small.values)
    return Outcome((row,), (section,), findings, values)


def _probed_blocks(small: Outcome | Text) -> tuple[Block, ...]:
    if isinstance(small, Text):
        return (Paragraph(text("probes.not_asked", reason=small)),)
    rows = tuple((row.name, row.auroc, row.verdict) for row in small.rows)
    columns = tuple(text(f"sanity.column_{name}") for name in ("experiment", "auroc", "verdict"))
    return (Table(columns, rows, text("sanity.probes_caption")),)


def centres_outcome(
    by_centre: Mapping[str, Answers],
    control: Answers,
    centre_of: Mapping[str, str],
    options: EvaluateOptions,
) -> Outcome:
    """Return what the network is worth at a centre that it never saw.

    Args:
        by_centre: centre -> answers about it of networks that learnt from all others.
        control: answers of networks that learnt from all centres, about groups not seen.
        centre_of: group -> its centre.
        options: how figures are measured.
    """
    pooled = {
        centre: _where(control, {name for name, one in centre_of.items() if one == centre})
        for centre in by_centre
    }
    left_out = together([one for answers in by_centre.values() for one in answers])
    known = together([one for answers in pooled.values() for one in answers])
    gap = share_difference(left_out, known, options.confidence)
    name = text("sanity.name_leave_one_centre_out")
    row = row_of(name, _gap_in_words("centres", gap), left_out, options)
    rows: list[tuple[Cell, ...]] = []
    values: dict[str, object] = {}
    for centre, answers in by_centre.items():
        away, home = together(answers), together(pooled[centre])
        one = share_difference(away, home, options.confidence)
        figures = [measure(part, options).overall.get("accuracy") for part in (away, home)]
        rows.append((centre, len(away), away.n_groups, *figures, _interval_in_words(one)))
        values[centre] = {
            "left_out": values_of(figures[0]),
            "pooled": values_of(figures[1]),
            "difference": values_of(one),
        }
    names = ("centre", "n", "groups", "left_out", "pooled", "difference")
    columns = tuple(text(f"sanity.column_{one}") for one in names)
    table = Table(columns, tuple(rows), text("sanity.centres_caption"))
    findings: tuple[Finding, ...] = ()
    if gap.high is not None and gap.high < 0:
        what, advice = text("sanity.centres_found", **_points(gap)), text("sanity.centres_advice")
        findings = (Finding(Severity.WARNING, what, advice, effect=-gap.value),)
    blocks = (Paragraph(text("sanity.centres_how")), table)
    section = Section("leave-one-centre-out", row.name, blocks)
    made = {**row_values(row), "difference": values_of(gap), "centres": values}
    return Outcome((row,), (section,), findings, made)


def real_row(metrics: Mapping[str, object] | None) -> Row:
    """Return the figure that the run reports, of its test part or out of fold, as it is stored."""
    part = next((one for one in ("oof", "test") if metrics and one in metrics), None)
    if metrics is None or part is None:
        return Row(text("sanity.name_real"), text("sanity.verdict_not_evaluated"))
    figures = metrics[part]
    cells = [_stored(figures, name) for name in ("accuracy", "auroc")]
    name = text("sanity.name_real_oof" if part == "oof" else "sanity.name_real_test")
    return Row(name, text("sanity.verdict_real"), cells[0], cells[1])


def _stored(figures: object, name: str) -> Estimate | None:
    found = figures.get(name) if isinstance(figures, dict) else None
    if not found or found.get("value") is None:
        return None
    return Estimate(
        found["value"],
        found["low"],
        found["high"],
        found["n"],
        found["n_groups"],
        found["method"],
    )


def _against(found: Estimate | None, chance: float) -> str:
    """Return 'at', 'above', 'below' chance, or 'unknown' where there is no interval."""
    if found is None or found.low is None or found.high is None:
        return "unknown"
    return "above" if found.low > chance else "below" if found.high < chance else "at"


def _gap_in_words(area: str, gap: Estimate) -> Text:
    if gap.low is None or gap.high is None:
        return text("sanity.gap_unknown", points=100 * gap.value)
    kind = "better" if gap.low > 0 else "worse" if gap.high < 0 else "same"
    return text(f"sanity.{area}_{kind}", **_points(gap))


def _interval_in_words(gap: Estimate) -> Text:
    key = "sanity.gap_unknown" if gap.low is None else "sanity.gap"
    return text(key, **_points(gap))


def _points(gap: Estimate) -> dict[str, float]:
    low, high = (100 * gap.value if end is None else 100 * end for end in (gap.low, gap.high))
    return {"points": 100 * gap.value, "low": low, "high": high}


def _where(answers: Answers, names: set[str]) -> list[Predictions]:
    return [
        one.take(np.flatnonzero([group in names for group in one.group.tolist()]))
        for one in answers
    ]
