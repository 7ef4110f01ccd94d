"""`compare`: runs on the same images side by side: what changed, and what each step was worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
    Words,
)
from tamiz.metrics.comparing import difference, metric_for, verdict
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.registry import Metric
from tamiz.metrics.report_blocks import metric_name, to_values
from tamiz.stages.finished_runs import Finished, NotComparable, changes_between, read_finished
from tamiz.stages.gains import difference_in_words

Order = Literal["time", "score"]
_MOST_CHANGES: Final = 6


def compare(
    runs: Sequence[Path | str],
    order: Order = "time",
    metric: str | None = None,
    html_path: Path | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Return the ladder of these runs: what changed from one to the next, and what it was worth.

    Runs on other images or labels, or with another split, stand in ladders of their own and are
    not compared with each other. Differences are paired: the same images, the same resamples of
    groups. Nothing in the runs is changed, and no look at the test part is added.

    Args:
        runs: their folders; what is no finished run is left out and named.
        order: 'time' (when they were begun) or 'score' (on validation, the best first).
        metric: which figure; None: the first run's own.
        html_path: where to write the page; None: nowhere.
        on_event: told about progress.

    Raises:
        WrongUse: no folder holds an evaluated run, or there is no such metric.
    """
    found: list[Finished] = []
    left_out: list[tuple[str, Words]] = []
    for folder in dict.fromkeys(Path(run) for run in runs):
        try:
            found.append(read_finished(folder))
        except NotComparable as error:
            left_out.append((str(folder), error.reason))
    if not found:
        reason = str(left_out[0][1]) if left_out else ""
        raise WrongUse.of("compare.no_runs", where=str(next(iter(runs), ".")), reason=reason)
    found.sort(key=lambda one: one.started)  # started in the same second: as they were named
    name = metric or found[0].recipe.evaluate.metric
    for one in found:
        metric_for(name, is_multilabel=one.is_multilabel)  # raises for a metric that is not there
    ladders: dict[tuple[str, str], list[Finished]] = {}
    for one in found:
        ladders.setdefault((one.data_key, one.split_key), []).append(one)
    made = []
    for number, members in enumerate(ladders.values(), start=1):
        on_event(Event("compare", "progress", text("compare.measuring"), number, len(ladders)))
        made.append(_Ladder(number, members, name, order))
    report = _report(made, left_out)
    if html_path is not None:
        from tamiz.rendering.html import render_html

        # On the page the tables stand in their sections; the terminal shows the summary alone.
        words = tuple(one for one in report.summary if not isinstance(one, Table))
        write_text(html_path, render_html(replace(report, summary=words)))
    return report


class _Ladder:
    """Runs that judged the same images, in order, with the differences between neighbours."""

    def __init__(self, number: int, runs: Sequence[Finished], metric: str, order: Order) -> None:
        self.number = number
        self.metric = metric_for(metric, is_multilabel=runs[0].is_multilabel)
        self.runs = sorted(runs, key=self._rank) if order == "score" else list(runs)
        options = self.runs[0].recipe.evaluate
        self.differences = [None, *(self._difference(*pair, options) for pair in self._pairs())]

    @property
    def best(self) -> Finished | None:
        """Return the run with the best validation figure; None where no run has one."""
        known = [run for run in self.runs if run.figure("val", self.metric.name)]
        return min(known, key=self._rank) if known else None

    def _pairs(self) -> Iterator[tuple[Finished, Finished]]:
        yield from pairwise(self.runs)

    def _rank(self, run: Finished) -> tuple[bool, float]:
        figure = run.figure("val", self.metric.name)
        if figure is None:
            return (True, 0.0)
        return (False, -figure.value if self.metric.better == "higher" else figure.value)

    def _difference(
        self, before: Finished, after: Finished, options: EvaluateOptions
    ) -> Estimate | None:
        if before.part != after.part:
            return None
        return difference(after.judged(), before.judged(), self.metric, options)


def _report(ladders: Sequence[_Ladder], left_out: Sequence[tuple[str, Words]]) -> Report:
    sections: list[Section] = []
    summary: list[Block] = []
    if len(ladders) > 1:
        summary.append(Paragraph(text("compare.apart", n=len(ladders))))
    for ladder in ladders:
        table, chosen = _table(ladder), _chosen(ladder)
        blocks: list[Block] = [table, *chosen]
        chart = _chart(ladder)
        sections.append(
            Section(
                f"ladder-{ladder.number}",
                _title(ladder, len(ladders)),
                (table, *chosen, chart) if chart else (table, *chosen),
            )
        )
        summary += blocks
    if left_out:
        items = tuple(f"{name}: {reason}" for name, reason in left_out)
        what = text("compare.left_out", n=len(items))
        findings = Findings((Finding(Severity.WARNING, what, items=items),))
        sections.append(Section("left-out", text("compare.left_out_title"), (findings,)))
        summary.append(findings)
    values = {
        "ladders": [_values(ladder) for ladder in ladders],
        "left_out": [{"run": name, "reason": str(reason)} for name, reason in left_out],
    }
    return Report("compare", text("compare.title"), tuple(sections), tuple(summary), values)


def _title(ladder: _Ladder, n_ladders: int) -> Words:
    first = ladder.runs[0]
    values = {"source": first.source, "n": first.n_items, "runs": len(ladder.runs)}
    if n_ladders == 1:
        return text("compare.ladder", **values)
    return text("compare.ladder_numbered", number=ladder.number, **values)


def _table(ladder: _Ladder) -> Table:
    rows: list[tuple[Cell, ...]] = []
    before: Finished | None = None
    for run, found in zip(ladder.runs, ladder.differences, strict=True):
        rows.append(
            (
                run.name,
                _changed(before, run),
                run.figure("val", ladder.metric.name),
                run.figure(run.part, ladder.metric.name),
                None if found is None else difference_in_words(found),
                _shown(ladder, found),
                round(run.seconds),
            )
        )
        before = run
    result = {"test": "column_test", "oof": "column_oof"}
    names = {result[run.part] for run in ladder.runs}
    last = text(f"compare.{names.pop()}") if len(names) == 1 else text("compare.column_result")
    columns = ("run", "changed", "val")
    ends = ("difference", "shows", "seconds")
    return Table(
        (
            *(text(f"compare.column_{one}") for one in columns),
            last,
            *(text(f"compare.column_{one}") for one in ends),
        ),
        tuple(rows),
        text("compare.caption", metric=_metric_words(ladder)),
    )


def _metric_words(ladder: _Ladder) -> Words:
    metric = ladder.metric
    return metric_name(metric) if isinstance(metric, Metric) else text(f"metrics.{metric.name}")


def _changed(before: Finished | None, run: Finished) -> Words:
    if before is None:
        return text("compare.first")
    changes = changes_between(before, run)
    if not changes:
        return text("compare.nothing_changed")
    shown = "; ".join(
        f"{name.partition('.')[2]}: {old} → {new}" for name, old, new in changes[:_MOST_CHANGES]
    )
    if len(changes) > _MOST_CHANGES:
        return text("compare.more_changes", shown=shown, n=len(changes) - _MOST_CHANGES)
    return shown


def _shown(ladder: _Ladder, found: Estimate | None) -> Words:
    if found is None:
        return ""
    if found.low is None:
        return text("compare.too_few", n=found.n_groups, needed=MIN_GROUPS)
    return text(f"compare.{verdict(found, ladder.metric.better).replace(' ', '_')}")


def _chosen(ladder: _Ladder) -> list[Block]:
    """Return which run validation would choose, and why no other column may choose."""
    best = ladder.best
    if best is None or len(ladder.runs) < 2:
        return []
    figure = best.figure(best.part, ladder.metric.name)
    val = best.figure("val", ladder.metric.name)
    if figure is None or val is None:
        return []
    return [
        Paragraph(
            text(
                f"compare.chosen_{best.part}",
                name=best.name,
                val=val.value,
                value=figure.value,
                metric=_metric_words(ladder),
            )
        )
    ]


def _chart(ladder: _Ladder) -> Chart | None:
    """Return the figures from run to run; None for one run alone."""
    if len(ladder.runs) < 2:
        return None
    series = []
    for part, key in (("val", "compare.column_val"), ("", "compare.column_result")):
        points = [
            (run.name, run.figure(part or run.part, ladder.metric.name)) for run in ladder.runs
        ]
        known = [(name, one) for name, one in points if one is not None]
        if not known:
            continue
        has_all = all(one.low is not None for _, one in known)
        series.append(
            Series(
                text(key),
                tuple(name for name, _ in known),
                tuple(one.value for _, one in known),
                tuple(one.low or 0.0 for _, one in known) if has_all else None,
                tuple(one.high or 0.0 for _, one in known) if has_all else None,
            )
        )
    words = _metric_words(ladder)
    return Chart("scatter", text("compare.chart"), text("compare.column_run"), words, tuple(series))


def _values(ladder: _Ladder) -> dict[str, Any]:
    rows = []
    before: Finished | None = None
    for run, found in zip(ladder.runs, ladder.differences, strict=True):
        figures = {
            name: to_values({"": one})[""]
            for name in ("val", run.part)
            if (one := run.figure(name, ladder.metric.name)) is not None
        }
        rows.append(
            {
                "run": str(run.folder),
                "started": run.started,
                "seconds": run.seconds,
                "changed": {
                    name: [old, new]
                    for name, old, new in (changes_between(before, run) if before else [])
                },
                **figures,
                "difference": None if found is None else to_values({"": found})[""],
                "verdict": None if found is None else verdict(found, ladder.metric.better),
            }
        )
        before = run
    best = ladder.best
    return {
        "metric": ladder.metric.name,
        "runs": rows,
        "chosen_on_validation": None if best is None else str(best.folder),
    }
