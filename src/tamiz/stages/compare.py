"""`compare`: runs on the same images side by side: what changed, and what each step was worth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
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
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.metrics.paired_tests import PairedTest
from tamiz.metrics.panel import Compared, Panel
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
        runs: their folders; what holds no finished run is left out and named.
        order: 'time' (when they were begun) or 'score' (on validation, the best first).
        metric: which figure; None: the first run's own.
        html_path: where to write the page; None: nowhere.
        on_event: told about progress.

    Raises:
        WrongUse: one is not there, none holds an evaluated run, or there is no such metric.
    """
    found: list[Finished] = []
    left_out: list[tuple[str, Words]] = []
    folders = dict.fromkeys(Path(run) for run in runs)
    absent = next((folder for folder in folders if not folder.exists()), None)
    if absent is not None:
        raise WrongUse.of("errors.not_found", where=absent)
    for folder in folders:
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
    """Runs that judged the same images, in order, with what each comparison shows.

    Compared are neighbours, and every run with the one that is best on validation; all of these
    comparisons are corrected together.
    """

    def __init__(self, number: int, runs: Sequence[Finished], metric: str, order: Order) -> None:
        self.number = number
        self.metric = metric_for(metric, is_multilabel=runs[0].is_multilabel)
        self.runs = sorted(runs, key=self._rank) if order == "score" else list(runs)
        options = self.runs[0].recipe.evaluate
        part = Counter(run.part for run in self.runs).most_common(1)[0][0]
        self._at = [at for at, run in enumerate(self.runs) if run.part == part]
        judged = [self.runs[at].judged() for at in self._at] if len(self._at) > 1 else []
        self.panel = Panel(judged, self.metric, options) if judged else None
        self.above, self.against_best = self._compared()
        self.n_compared = len({tuple(sorted(pair)) for pair in self._pairs() if pair})

    @property
    def panel_size(self) -> int:
        """Return how many runs were compared with each other."""
        return len(self._at)

    @property
    def best(self) -> Finished | None:
        """Return the run with the best validation figure; None where no run has one."""
        known = [run for run in self.runs if run.figure("val", self.metric.name)]
        return min(known, key=self._rank) if known else None

    def _compared(self) -> tuple[list[Compared | None], list[Compared | None]]:
        """Return each run against the one above, and against the best on validation."""
        pairs = self._pairs()
        asked = [pair for pair in pairs if pair is not None]
        found = dict(zip(asked, self.panel.compared(asked), strict=True)) if self.panel else {}
        made = [None if pair is None else found[pair] for pair in pairs]
        return made[: len(self.runs)], made[len(self.runs) :]

    def _pairs(self) -> list[tuple[int, int] | None]:
        """Return (place in the panel, place of the other) per run: above, then best."""
        place = {at: number for number, at in enumerate(self._at)} if self.panel else {}
        best = None if self.best is None else self.runs.index(self.best)
        n = len(self.runs)
        wanted = [*((at, at - 1) for at in range(n)), *((at, best) for at in range(n))]
        return [
            (place[at], place[other])
            if at in place and other is not None and other in place and at != other
            else None
            for at, other in wanted
        ]

    def _rank(self, run: Finished) -> tuple[bool, float]:
        figure = run.figure("val", self.metric.name)
        if figure is None:
            return (True, 0.0)
        return (False, -figure.value if self.metric.better == "higher" else figure.value)


def _report(ladders: Sequence[_Ladder], left_out: Sequence[tuple[str, Words]]) -> Report:
    sections: list[Section] = []
    summary: list[Block] = []
    if len(ladders) > 1:
        summary.append(Paragraph(text("compare.apart", n=len(ladders))))
    for ladder in ladders:
        chosen = [*_chosen(ladder), *_optimism(ladder)]
        blocks: list[Block] = [_table(ladder), *_differences(ladder), *chosen]
        chart = _chart(ladder)
        sections.append(
            Section(
                f"ladder-{ladder.number}",
                _title(ladder, len(ladders)),
                (*blocks, chart) if chart else tuple(blocks),
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
    for run in ladder.runs:
        figures = (run.figure(part, ladder.metric.name) for part in ("val", run.part))
        rows.append((run.name, _changed(before, run), *figures, round(run.seconds)))
        before = run
    result = {"test": "column_test", "oof": "column_oof"}
    names = {result[run.part] for run in ladder.runs}
    last = text(f"compare.{names.pop()}") if len(names) == 1 else text("compare.column_result")
    heads = [text(f"compare.column_{one}") for one in ("run", "changed", "val")]
    columns = (*heads, last, text("compare.column_seconds"))
    return Table(columns, tuple(rows), text("compare.caption", metric=_metric_words(ladder)))


def _differences(ladder: _Ladder) -> list[Table]:
    """Return the table of neighbours, and that of all runs against the best on validation."""
    sides = [("above", ladder.above)]
    if len(ladder.runs) > 2 and ladder.best is not None:
        sides.append(("best", ladder.against_best))
    tables = []
    for key, compared in sides:
        rows: list[tuple[Cell, ...]] = [
            (
                run.name,
                difference_in_words(one.difference),
                _p_in_words(one.test),
                None if math.isnan(one.p_corrected) else f"{one.p_corrected:.2g}",
                _shown(one),
            )
            for run, one in zip(ladder.runs, compared, strict=True)
            if one is not None
        ]
        if rows:
            names = ("run", f"difference_{key}", "p", "p_corrected", "shows")
            heads = tuple(text(f"compare.column_{name}") for name in names)
            name = ladder.best.name if ladder.best else ""
            values = {"metric": _metric_words(ladder), "n": ladder.n_compared, "name": name}
            tables.append(Table(heads, tuple(rows), text(f"compare.caption_{key}", **values)))
    return tables


def _p_in_words(test: PairedTest) -> Words | None:
    if math.isnan(test.p):
        return None
    name = text(f"compare.test_{test.name.replace('-', '_')}")
    return text("compare.p", p=f"{test.p:.2g}", name=name)


def _metric_words(ladder: _Ladder) -> Words:
    metric = ladder.metric
    return metric_name(metric)


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


def _shown(found: Compared) -> Words:
    if found.difference.low is None:
        n_groups = found.difference.n_groups
        return text("compare.too_few", n=n_groups, needed=MIN_GROUPS)
    return text(f"compare.{found.verdict.replace(' ', '_')}")


def _optimism(ladder: _Ladder) -> list[Block]:
    """Return by how much the best of the result column looks too good by being picked there."""
    found = math.nan if ladder.panel is None else ladder.panel.optimism()
    if math.isnan(found):
        return []
    is_share = ladder.metric.better == "higher"
    amount = f"{100 * found:.1f}" if is_share else f"{found:.3f}"
    key = "compare.optimism_points" if is_share else "compare.optimism"
    words = _metric_words(ladder)
    return [Paragraph(text(key, k=ladder.panel_size, amount=amount, metric=words))]


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
    pairs = zip(ladder.runs, ladder.above, ladder.against_best, strict=True)
    for run, above, best_of_val in pairs:
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
                **_compared_values(above),
                "against_best": None if best_of_val is None else _compared_values(best_of_val),
            }
        )
        before = run
    best = ladder.best
    optimism = math.nan if ladder.panel is None else ladder.panel.optimism()
    return {
        "metric": ladder.metric.name,
        "runs": rows,
        "comparisons": ladder.n_compared,
        "optimism_of_picking_the_best": None if math.isnan(optimism) else optimism,
        "chosen_on_validation": None if best is None else str(best.folder),
    }


def _compared_values(found: Compared | None) -> dict[str, Any]:
    """Return a comparison's figures; all None where there is none."""
    if found is None:
        return {"difference": None, "verdict": None}
    is_tested = not math.isnan(found.test.p)
    return {
        "difference": to_values({"": found.difference})[""],
        "difference_corrected": to_values({"": found.corrected})[""],
        "test": found.test.name,
        "p": found.test.p if is_tested else None,
        "p_corrected": found.p_corrected if is_tested else None,
        "verdict": found.verdict,
    }
