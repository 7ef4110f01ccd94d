"""Histograms: bars that touch, of numbers, with a density line over them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tamiz.data.report import Chart, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_histogram(axes: Axes, chart: Chart, colours: Sequence[str]) -> list[tuple[Any, Series]]:
    """Draw the bars and lines of a histogram; return each mark with the series it stands for.

    Bars of several series share their bins, side by side; lines take the colours after them.
    """
    marks: list[tuple[Any, Series]] = []
    n = len(chart.series)
    width = bin_width_of(chart)
    for i, one in enumerate(chart.series):
        shift = (i - (n - 1) / 2) * width / n
        xs = [float(x) + shift for x in one.x]
        colour = colours[i % len(colours)]
        bars: Any = axes.bar(
            xs, one.y, width / n, color=colour, alpha=0.55, edgecolor=colour, linewidth=0.6
        )
        marks.append((bars, one))
    for i, one in enumerate(chart.lines, n):
        colour = colours[i % len(colours)]
        xs = [float(x) for x in one.x]
        marks.append((axes.plot(xs, one.y, color=colour, linewidth=2.1)[0], one))
    axes.margins(x=0.02)
    return marks


def bin_width_of(chart: Chart) -> float:
    """Return the width of the bins: as given, or the least distance of two middles, or 1."""
    if chart.bin_width > 0:
        return chart.bin_width
    middles = sorted({float(x) for one in chart.series for x in one.x})
    steps = [b - a for a, b in itertools.pairwise(middles) if math.isfinite(b - a)]
    return min(steps, default=1.0)
