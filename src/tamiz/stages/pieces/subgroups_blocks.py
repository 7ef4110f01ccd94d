"""Tables, charts and sentences of figures by subgroup."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.language import say, text
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Estimate,
    Finding,
    Paragraph,
    Section,
    Series,
    Severity,
    Table,
    Words,
)
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.multilabel import LABEL_METRICS, LabelMetric
from tamiz.metrics.registry import Metric
from tamiz.metrics.report_blocks import COLUMN_NAMES, headline_metrics, metric_name
from tamiz.metrics.subgroup_levels import MOST_LEVELS, Bins
from tamiz.metrics.subgroups import Level, Subgroups
from tamiz.stages.evaluation import Evaluation

CENTRE: Final = "centre"
_BESIDE: Final = ("accuracy", "balanced_accuracy", "auroc")
_MOST_IN_TABLE: Final = 3


@dataclass(frozen=True, slots=True)
class By:
    """One entry of `evaluate.by`, understood.

    Attributes:
        asked: as it was written.
        column: of the manifest.
        bins: how its numbers are put together; None: each value is a subgroup.
    """

    asked: str
    column: str
    bins: Bins | None = None

    @property
    def words(self) -> Words:
        """Return what the column is called in the report."""
        name = self.asked if self.bins is None else self.asked.rpartition(":")[0]
        return text("subgroups.centre") if name == CENTRE else name


@dataclass(frozen=True, slots=True)
class Seen:
    """What one column gave."""

    by: By
    found: Subgroups
    metric: Metric | LabelMetric
    p: float  # corrected for all columns

    @property
    def worst(self) -> tuple[Level, Estimate] | None:
        """Return the worst level and its figure."""
        if self.found.worst is None:
            return None
        level = self.found.levels[self.found.worst]
        return level, level.measured.overall[self.metric.name]


def overview_section(seen: Sequence[Seen], alone: Sequence[Paragraph], alpha: float) -> Section:
    """Return the columns side by side: which of them matter."""
    blocks: list[Block] = list(alone)
    if seen:
        rows: list[tuple[Cell, ...]] = []
        for one in seen:
            worst = one.worst
            rows.append(
                (
                    one.by.words,
                    len(one.found.levels),
                    worst[0].name if worst else None,
                    worst[1] if worst else None,
                    _shown_p(one.found.p),
                    _shown_p(one.p),
                    _shows(one, alpha),
                )
            )
        names = ("column", "levels", "worst", "", "p", "p_corrected", "shows")
        words = metric_name(seen[0].metric)
        heads = tuple(text(f"subgroups.column_{name}") if name else words for name in names)
        caption = text("subgroups.caption_all", metric=words, n=len(seen))
        blocks.insert(0, Table(heads, tuple(rows), caption))
    return Section("subgroups", text("subgroups.title_all"), tuple(blocks))


def column_section(one: Seen, evaluation: Evaluation, alpha: float) -> Section:
    """Return one column's sentence, tables and chart; for centres pooled against their mean."""
    main, more = _metrics(one.metric, evaluation)
    blocks: list[Block] = [
        Paragraph(column_sentence(one, alpha)),
        _table(one, main, _caption(one, evaluation)),
        *_remarks(one),
    ]
    chart = _chart(one)
    blocks += [chart] if chart else []
    if one.by.column == CENTRE:
        blocks += _pooled(one, evaluation)
    if one.found.n_merged:
        n, words = one.found.n_merged, one.by.words
        blocks.append(Paragraph(text("subgroups.merged", n=n, column=words, most=MOST_LEVELS)))
    for start in range(0, len(more), _MOST_IN_TABLE):
        caption = text("subgroups.caption_more", column=one.by.words)
        some = more[start : start + _MOST_IN_TABLE]
        blocks.append(_table(one, some, caption))
    anchor = "subgroups-" + "".join(c if c.isalnum() else "-" for c in one.by.asked.casefold())
    return Section(anchor, text("subgroups.title", column=one.by.words), tuple(blocks))


def _metrics(
    first: Metric | LabelMetric, evaluation: Evaluation
) -> tuple[list[Metric | LabelMetric], list[Metric | LabelMetric]]:
    """Return the figures of the main table and those of the second one."""
    known: list[Metric | LabelMetric] = [*headline_metrics()]
    if evaluation.predictions.is_multilabel:
        known = [*LABEL_METRICS.values()]
    there = [one for one in known if one.name in evaluation.measured.overall]
    beside = [one for one in there if one.name in _BESIDE and one.name != first.name]
    main = [first, *beside][:_MOST_IN_TABLE]
    names = {one.name for one in main}
    return main, [one for one in there if one.name not in names]


def _table(one: Seen, metrics: Sequence[Metric | LabelMetric], caption: Words) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for level in one.found.levels:
        figures = [level.measured.overall.get(metric.name) for metric in metrics]
        rows.append((level.name, level.measured.n, level.measured.n_groups, *figures))
    heads = [text(f"subgroups.column_{name}") for name in ("level", "images", "groups")]
    return Table((*heads, *map(metric_name, metrics)), tuple(rows), caption)


def _remarks(one: Seen) -> list[Table]:
    """Return what limits the figures of single levels; nothing where nothing does."""
    rows: list[tuple[Cell, ...]] = [
        (level.name, notes) for level in one.found.levels if (notes := _notes(level))
    ]
    heads = (text("subgroups.column_level"), text("subgroups.column_notes"))
    caption = text("subgroups.caption_notes", column=one.by.words)
    return [Table(heads, tuple(rows), caption)] if rows else []


def _notes(level: Level) -> str:
    """Return what limits the figures of a level, in words."""
    notes = []
    n_groups = level.measured.n_groups
    if n_groups < MIN_GROUPS:
        notes.append(say("subgroups.note_few", n=n_groups, needed=MIN_GROUPS))
    if len(level.absent) > 2:
        notes.append(say("subgroups.note_absent_many", n=len(level.absent)))
    elif level.absent:
        notes.append(say("subgroups.note_absent", names="', '".join(level.absent)))
    return "; ".join(notes)


def _smallest(found: Subgroups) -> Level:
    return min(found.levels, key=lambda one: (one.measured.n_groups, one.measured.n))


def _caption(one: Seen, evaluation: Evaluation) -> Words:
    smallest = _smallest(one.found).measured
    return text(
        "subgroups.caption",
        part=COLUMN_NAMES.get(evaluation.part, evaluation.part),
        column=one.by.words,
        confidence=evaluation.recipe.evaluate.confidence,
        n=smallest.n,
        n_groups=smallest.n_groups,
    )


def _chart(one: Seen) -> Chart | None:
    """Return the figure of each level, in the order of the column; without an interval no bar."""
    pairs = [(level, level.measured.overall.get(one.metric.name)) for level in one.found.levels]
    known = [(level, figure) for level, figure in pairs if figure is not None]
    if len(known) < 2:
        return None
    bounds = [
        (f.value, f.value) if f.low is None or f.high is None else (f.low, f.high) for _, f in known
    ]
    has_all = all(f.low is not None for _, f in known)
    series = Series(
        text("subgroups.series" if has_all else "subgroups.series_some"),
        tuple(str(level.name) for level, _ in known),
        tuple(f.value for _, f in known),
        tuple(low for low, _ in bounds),
        tuple(high for _, high in bounds),
    )
    words = metric_name(one.metric)
    title = text("subgroups.chart", metric=words, column=one.by.words)
    return Chart("scatter", title, one.by.words, words, (series,))


def _pooled(one: Seen, evaluation: Evaluation) -> list[Block]:
    """Return the figure over all images beside the mean over centres."""
    pooled = evaluation.measured.overall.get(one.metric.name)
    if pooled is None or math.isnan(one.found.mean.value):
        return []
    n_levels = sum(one.metric.name in level.measured.overall for level in one.found.levels)
    words = text(
        "subgroups.pooled",
        metric=metric_name(one.metric),
        pooled=_in_words(pooled),
        mean=_in_words(one.found.mean),
        k=n_levels,
        column=one.by.words,
    )
    return [Paragraph(words)]


def column_sentence(one: Seen, alpha: float) -> Words:
    """Return in one sentence whether the levels differ, and which is the worst."""
    worst = one.worst
    values: dict[str, Any] = {
        "column": one.by.words,
        "metric": metric_name(one.metric),
        "k": len(one.found.levels),
    }
    if worst is None or math.isnan(one.p):
        return text("subgroups.worst_not_tested", **values)
    level, figure = worst
    shown = {"level": level.name, "value": _in_words(figure), "p": one.p}
    counted = {"n": figure.n, "n_groups": figure.n_groups}
    key = "subgroups.worst_differs" if one.p < alpha else "subgroups.worst_not_shown"
    return text(key, **values, **shown, **counted)


def column_finding(one: Seen) -> Finding:
    """Return the warning that the levels of a column differ."""
    level, figure = one.worst or (one.found.levels[0], one.found.mean)
    what = text(
        "subgroups.finding",
        metric=metric_name(one.metric),
        column=one.by.words,
        level=level.name,
        value=_in_words(figure),
        p=one.p,
    )
    return Finding(Severity.WARNING, what, text("subgroups.finding_advice"))


def _shows(one: Seen, alpha: float) -> Words:
    if math.isnan(one.p):
        return text("subgroups.not_tested")
    return text("subgroups.differs" if one.p < alpha else "subgroups.not_shown")


def _shown_p(p: float) -> Cell:
    return None if math.isnan(p) else f"{p:.3g}"


def _in_words(found: Estimate) -> Words:
    if found.low is None or found.high is None:
        return text("subgroups.value_alone", value=found.value)
    return text("subgroups.value", value=found.value, low=found.low, high=found.high)
