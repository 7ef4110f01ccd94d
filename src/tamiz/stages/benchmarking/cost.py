"""Of a benchmark: what the ways learnt from, what they took, and both as pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from tamiz.core.language import text
from tamiz.data.report import Block, Cell, Chart, Estimate, Series, Table
from tamiz.data.run_folder import Run
from tamiz.metrics.report_blocks import metric_name
from tamiz.stages.benchmarking.figures import SideBySide
from tamiz.stages.benchmarking.ways import Way

_PRIOR: Final = "prior"


def figure_charts(sets: Sequence[SideBySide], ways: Sequence[Way]) -> list[Chart]:
    """Return one chart for each metric: ways beside each other, data sets in colours."""
    by_metric: dict[str, list[SideBySide]] = {}
    for one in sets:
        if one.metric is not None:
            by_metric.setdefault(one.metric.name, []).append(one)
    made = []
    for members in by_metric.values():
        series = []
        for one in members:
            known = [(way.word, one.figure(way.word)) for way in ways]
            found = [(word, figure) for word, figure in known if figure is not None]
            has_all = all(figure.low is not None for _, figure in found)
            series.append(
                Series(
                    one.data_set.name,
                    tuple(word for word, _ in found),
                    tuple(figure.value for _, figure in found),
                    tuple(figure.low or 0.0 for _, figure in found) if has_all else None,
                    tuple(figure.high or 0.0 for _, figure in found) if has_all else None,
                )
            )
        words = metric_name(members[0].metric) if members[0].metric else ""
        axis = text("benchmark.column_way")
        made.append(Chart("scatter", text("benchmark.chart"), axis, words, tuple(series)))
    return made


def cost_blocks(sets: Sequence[SideBySide], ways: Sequence[Way]) -> list[Block]:
    """Return what each way took on each data set."""
    rows: list[tuple[Cell, ...]] = []
    for one in sets:
        for cell in one.cells:
            if cell.cost is None:
                continue
            cost = cell.cost
            shape = f"{cost.size_px}x{cost.size_px}x{cost.channels}"
            rows.append(
                (
                    one.data_set.name,
                    cell.way.word,
                    shape,
                    cost.n_parameters,
                    f"{cost.model_bytes / 1000:,.0f}",
                    seconds_text(cost.train_seconds),
                    seconds_text(cost.run_seconds),
                )
            )
    if not rows:
        return []
    names = ("data", "way", "input", "parameters", "model_kb", "train_seconds", "run_seconds")
    heads = tuple(text(f"benchmark.column_{name}") for name in names)
    charts = [one for one in (_cost_chart(sets, ways),) if one is not None]
    return [Table(heads, tuple(rows), text("benchmark.caption_cost")), *charts]


def _cost_chart(sets: Sequence[SideBySide], ways: Sequence[Way]) -> Chart | None:
    """Return figures over seconds of learning, ways in colours; None for several metrics."""
    metrics = {one.metric.name for one in sets if one.metric is not None}
    if len(metrics) != 1:
        return None
    series = []
    for way in ways:
        points = []
        for one in sets:
            cell = next(cell for cell in one.cells if cell.way.word == way.word)
            figure = one.figure(way.word)
            if figure is not None and cell.cost is not None and cell.cost.train_seconds:
                points.append((cell.cost.train_seconds, figure.value))
        if points:
            x, y = zip(*sorted(points), strict=True)
            series.append(Series(way.word, tuple(x), tuple(y)))
    if not series:
        return None
    metric = next(one.metric for one in sets if one.metric is not None)
    words = (text("benchmark.cost_chart"), text("benchmark.column_train_seconds"))
    return Chart("scatter", *words, metric_name(metric), tuple(series), log_x=True)


def seconds_text(seconds: float | None) -> Cell:
    """Return '3.4' or '1,234', as exact as a shared machine allows."""
    if seconds is None:
        return None
    return f"{seconds:,.1f}" if seconds < 10 else f"{seconds:,.0f}"


def data_table(sets: Sequence[SideBySide]) -> Table:
    """Return how many images, classes and groups each data set has, and the name of its split."""
    rows: list[tuple[Cell, ...]] = []
    for one in sets:
        facts = facts_of(one)
        parts = facts["parts"]
        rows.append(
            (
                one.data_set.name,
                facts["n_classes"],
                *(parts.get(part) for part in ("train", "val", "test")),
                facts["n_groups"],
                one.keys[1][:12] or None,
            )
        )
    names = ("data", "classes", "train", "val", "test", "groups", "split_key")
    heads = tuple(text(f"benchmark.column_{name}") for name in names)
    return Table(heads, tuple(rows), text("benchmark.caption_data"))


def facts_of(one: SideBySide) -> dict[str, Any]:
    """Return how many images, classes and groups take part; of no finished way nothing."""
    run = next(iter(one.runs.values()), None)
    if run is None:
        return {"parts": {}, "n_classes": None, "n_groups": None}
    manifest = Run(run.folder).manifest()
    used = [at for at, split in enumerate(manifest.column("split")) if split is not None]
    rows = manifest.take(used)
    return {
        "parts": dict(Counter(rows.column("split"))),
        "n_classes": len(rows.classes()),
        "n_groups": len(set(rows.group_keys())),
    }


def prior_figure(one: SideBySide) -> Estimate | None:
    """Return the figure of the best constant answer, which looks at no image."""
    if one.metric is None:
        return None
    run = next(iter(one.runs.values()))
    found = run.metrics.get("baselines", {}).get(_PRIOR, {}).get(one.metric.name)
    if not found or found["value"] is None:
        return None
    names = ("value", "low", "high", "n", "n_groups", "method")
    return Estimate(*(found[name] for name in names))
