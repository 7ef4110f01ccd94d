"""A benchmark in words, tables and charts: ways by data sets, with intervals and seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from tamiz.core.language import text
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
    Words,
)
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.report_blocks import metric_name
from tamiz.stages.benchmarking.cost import (
    cost_blocks,
    data_table,
    figure_charts,
    prior_figure,
    seconds_text,
)
from tamiz.stages.benchmarking.figures import BEST, Against, SideBySide, mean_ranks
from tamiz.stages.benchmarking.runs import Gap
from tamiz.stages.benchmarking.values import Told, values_of
from tamiz.stages.gains import difference_in_words

_WIDEST: Final = 4  # data sets beside each other: more do not fit a page
_WIDEST_IN_TERMINAL: Final = 2


def report_of(sets: Sequence[SideBySide], told: Told) -> Report:
    """Return the report of a benchmark."""
    ranks = mean_ranks(sets)
    choice = [*_choice(sets)]
    gaps = _findings(sets, told)
    words = [*_words(sets, ranks)]
    wide, narrow = _tables(sets, told, _WIDEST), _tables(sets, told, _WIDEST_IN_TERMINAL)
    differences, brief = (_differences(sets, told, is_brief=one) for one in (False, True))
    sections = [
        Section(
            "result",
            text("benchmark.result"),
            (*gaps, *wide, *words, *figure_charts(sets, told.ways)),
        ),
        Section("differences", text("benchmark.differences"), tuple(differences)),
        Section("choice", text("benchmark.choice"), tuple(choice)),
        Section("cost", text("benchmark.cost"), tuple(cost_blocks(sets, told.ways))),
        Section("data", text("benchmark.data"), (data_table(sets),)),
    ]
    page = Paragraph(text("benchmark.page", path=told.page))
    summary = (*narrow, *brief, *choice, *words, *gaps, page)
    values = {"benchmark": values_of(sets, told, ranks)}
    title = text("benchmark.title")
    return Report("benchmark", title, tuple(one for one in sections if one.blocks), summary, values)


def _tables(sets: Sequence[SideBySide], told: Told, widest: int) -> list[Table]:
    """Return the table of figures and seconds, in pieces of at most `widest` data sets."""
    made = []
    for piece in (sets[at : at + widest] for at in range(0, len(sets), widest)):
        heads: list[Words] = [text("benchmark.column_way")]
        for one in piece:
            heads += [_head(one), text("benchmark.column_s")]
        rows: list[tuple[Cell, ...]] = [
            (way.word, *(cell for one in piece for cell in _figure_and_seconds(one, way.word)))
            for way in told.ways
        ]
        constant = [prior_figure(one) for one in piece]
        if any(cell is not None for cell in constant):
            cells = (cell for figure in constant for cell in (figure, None))
            rows.append((text("benchmark.row_prior"), *cells))
        made.append(Table(tuple(heads), tuple(rows), _caption(piece)))
    return made


def _head(one: SideBySide) -> Words:
    """Return the name of a data set with how many images and groups its figures rest on."""
    figure = next((one.figure(word) for word in one.runs if one.figure(word)), None)
    if figure is None:
        return one.data_set.name
    values = {"name": one.data_set.name, "n": figure.n, "n_groups": figure.n_groups}
    return text("benchmark.head", **values)


def _figure_and_seconds(one: SideBySide, word: str) -> list[Cell]:
    cell = next(cell for cell in one.cells if cell.way.word == word)
    if cell.gap is not None:
        return [text("benchmark.gap", stage=cell.gap.stage), None]
    return [one.figure(word), seconds_text(cell.cost.train_seconds if cell.cost else None)]


def _caption(piece: Sequence[SideBySide]) -> Words:
    names = dict.fromkeys(str(metric_name(one.metric)) for one in piece if one.metric)
    runs = [run for one in piece for run in one.runs.values()]
    parts = dict.fromkeys(run.part for run in runs)
    key = f"caption_{next(iter(parts))}" if len(parts) == 1 else "caption_test"
    confidence = runs[0].recipe.evaluate.confidence if runs else 0.95
    metric = ", ".join(names) or text("benchmark.no_figure")
    return text(f"benchmark.{key}", metric=metric, confidence=confidence)


def _differences(sets: Sequence[SideBySide], told: Told, *, is_brief: bool) -> list[Block]:
    """Return the ways against the reference, and what cannot be compared; brief: less one p."""
    made: list[Block] = []
    rows = [_difference(one, found, told) for one in sets for found in one.against]
    if rows:
        names = ["data", "way", "difference", "p", "p_corrected", "shows"]
        at = [n for n, name in enumerate(names) if not (is_brief and name == "p")]
        heads = tuple(text(f"benchmark.column_{names[n]}") for n in at)
        key = "caption_best" if told.reference == BEST else "caption_reference"
        caption = text(f"benchmark.{key}", reference=told.reference, n=told.n_compared)
        made.append(Table(heads, tuple(tuple(row[n] for n in at) for row in rows), caption))
    for one in sets:
        if one.runs and not one.reference(told.reference):
            missing = {"name": one.data_set.name, "reference": told.reference}
            made.append(Paragraph(text("benchmark.no_reference", **missing)))
    return [*made, Paragraph(text("benchmark.not_compared"))] if rows else made


def _difference(one: SideBySide, found: Against, told: Told) -> tuple[Cell, ...]:
    is_tested = not math.isnan(found.test.p)
    shown: Words = text(f"compare.{found.verdict.replace(' ', '_')}")
    if found.difference.low is None:
        n_groups = found.difference.n_groups
        shown = text("compare.too_few", n=n_groups, needed=MIN_GROUPS)
    way: Words = found.way
    if told.reference == BEST:
        way = text("benchmark.less", way=found.way, other=one.chosen)
    test = f"compare.test_{found.test.name.replace('-', '_')}"
    return (
        one.data_set.name,
        way,
        difference_in_words(found.difference),
        text("compare.p", p=f"{found.test.p:.2g}", name=text(test)) if is_tested else None,
        f"{found.p_corrected:.2g}" if is_tested else None,
        shown,
    )


def _choice(sets: Sequence[SideBySide]) -> list[Block]:
    """Return who is first on validation, and what picking on the result would feign."""
    rows: list[tuple[Cell, ...]] = []
    for one in sets:
        if not one.chosen or len(one.runs) < 2:
            continue
        feigned = None if math.isnan(one.optimism) else f"{one.optimism:+.4f}"
        val, figure = one.figure(one.chosen, "val"), one.figure(one.chosen)
        rows.append((one.data_set.name, one.chosen, val, figure, feigned))
    if not rows:
        return []
    names = ("data", "chosen", "val", "result", "optimism")
    heads = tuple(text(f"benchmark.column_{name}") for name in names)
    caption = text("benchmark.caption_choice")
    return [Table(heads, tuple(rows), caption), Paragraph(text("benchmark.choose"))]


def _words(sets: Sequence[SideBySide], ranks: Mapping[str, float]) -> list[Block]:
    """Return what a reader must know to read the table right."""
    made: list[Block] = []
    n_looks = sum(cell.n_looks for one in sets for cell in one.cells)
    if n_looks:
        made.append(Paragraph(text("benchmark.looks", n=n_looks)))
    if ranks:
        ordered = sorted(ranks.items(), key=lambda one: one[1])
        shown = ", ".join(f"{word} {rank:.2f}" for word, rank in ordered)
        made.append(Paragraph(text("benchmark.ranks", n=len(sets), ranks=shown)))
    if any(cell.cost and cell.cost.is_on_features for one in sets for cell in one.cells):
        made.append(Paragraph(text("benchmark.frozen_seconds")))
    return made


def _findings(sets: Sequence[SideBySide], told: Told) -> tuple[Block, ...]:
    """Return the gaps, and the sections of recipe files that were not taken."""
    gaps: dict[Gap, list[str]] = {}
    for one in sets:
        for cell in one.cells:
            if cell.gap is not None:
                pair = text("benchmark.way_on_data", way=cell.way.word, data=one.data_set.name)
                gaps.setdefault(cell.gap, []).append(str(pair))
    found = [
        Finding(
            Severity.WARNING,
            text("benchmark.gap_finding", cells=", ".join(cells), stage=gap.stage),
            gap.reason,
        )
        for gap, cells in gaps.items()
    ]
    files = [(way.word, way.left_out) for way in told.ways]
    files += [(one.data_set.name, one.data_set.left_out) for one in sets]
    for name, left_out in files:
        if left_out:
            sections = ", ".join(f"[{section}]" for section in left_out)
            what = text("benchmark.left_out", name=name, sections=sections)
            found.append(Finding(Severity.NOTE, what))
    return (Findings(tuple(found)),) if found else ()
