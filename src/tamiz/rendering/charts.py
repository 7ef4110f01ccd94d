"""Charts as SVG that follows the page's theme, and as PNG; drawn by matplotlib, lazily."""

from __future__ import annotations

import io
import math
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.language import say
from tamiz.data.report import Chart, Series
from tamiz.rendering.histograms import draw_histogram
from tamiz.rendering.palette import COLOURS, SERIES
from tamiz.rendering.svg import themed_svg
from tamiz.rendering.ticks import name_powers, tick_formatter
from tamiz.rendering.words import number_text, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ONE_AT_A_TIME: Final = threading.Lock()  # matplotlib's settings belong to the process
_DPI: Final = 72  # one unit of the drawing is one point
_NARROW_PX: Final = 470
_WIDE_PX: Final = 940
_HEIGHT_PX: Final = 300
_TITLE_PX: Final = 30
_LONGEST_NAME: Final = 26
_LETTER_PX: Final = 7.2  # a generous width of one letter at the size used
_MOST_NAMED_BARS: Final = 60
_DASHES: Final = ("-", (0, (5, 2)), (0, (1.2, 1.6)), (0, (7, 2, 1.5, 2)))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")
_SETTINGS: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "tamiz",
    "text.parse_math": False,  # a class called 'a$b$' is a name, not a formula
    "font.family": ["DejaVu Sans"],
    "font.size": 12,
    "axes.unicode_minus": True,
    "path.simplify": True,
}


@dataclass(frozen=True, slots=True)
class _Ink:
    """The colours of one drawing: real ones for PNG, stand-ins that the SVG step replaces."""

    ink: str
    muted: str
    line: str
    series: tuple[str, ...]


@dataclass(slots=True)
class _Handles:
    """What the legend shows."""

    marks: list[Any] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


# Stand-ins: colours that nothing else uses, replaced by variables of the page afterwards.
_STANDINS: Final = _Ink(
    "#fe0101", "#fe0102", "#fe0103", tuple(f"#fe02{i:02x}" for i in range(len(SERIES)))
)
_LIGHT: Final = _Ink(
    COLOURS["ink"][0], COLOURS["muted"][0], COLOURS["line"][0], tuple(pair[0] for pair in SERIES)
)


def chart_svg(chart: Chart, *, name: str = "chart") -> str:
    """Return `chart` as an SVG element with the same bytes each time.

    Colours are CSS variables of the page with light ones to fall back on; texts are texts. Every
    id in it starts with `name`, which must differ between the charts of a page. The title is in
    <title>, not drawn: the page shows it as a caption.
    """
    with _drawn(chart, _STANDINS) as figure:
        drawing = io.StringIO()
        figure.savefig(drawing, format="svg", transparent=True, metadata={"Date": None})
    colours = {
        _STANDINS.ink: f"var(--ink, {_LIGHT.ink})",
        _STANDINS.muted: f"var(--muted, {_LIGHT.muted})",
        _STANDINS.line: f"var(--line, {_LIGHT.line})",
    }
    for i, standin in enumerate(_STANDINS.series):
        colours[standin] = f"var(--series-{i + 1}, {_LIGHT.series[i]})"
    return themed_svg(
        drawing.getvalue(),
        colours,
        name=name,
        title=one_line(chart.title) or say(f"rendering.kind_{chart.kind}"),
        description=describe(chart),
    )


def chart_png(chart: Chart, *, pixels_per_point: float = 2.0) -> bytes:
    """Return `chart` as PNG on white, its title drawn; for papers, README files, notebooks."""
    with _drawn(chart, _LIGHT, has_title=True) as figure:
        drawing = io.BytesIO()
        figure.savefig(
            drawing,
            format="png",
            dpi=_DPI * pixels_per_point,
            facecolor="white",
            metadata={"Software": None},
        )
    return drawing.getvalue()


def describe(chart: Chart) -> str:
    """Return the chart in words: kind, axes, each series' size and range."""
    said = [
        say(
            "rendering.chart_axes",
            kind=say(f"rendering.kind_{chart.kind}"),
            x=one_line(chart.x_label),
            y=one_line(chart.y_label),
        )
    ]
    for one in chart.series:
        finite = [y for y in one.y if math.isfinite(y)]
        if finite:
            ends = [number_text(float(end)) for end in (min(finite), max(finite))]
            name = one_line(one.name)
            said.append(
                say("rendering.chart_series", name=name, n=len(finite), low=ends[0], high=ends[1])
            )
    return said[0] + " " + "; ".join(said[1:]) + "." if said[1:] else said[0]


def is_wide(chart: Chart) -> bool:
    """Return whether the chart needs the page's whole width: many groups of bars."""
    return chart.kind == "bar" and len(_names(chart.series)) * max(len(chart.series), 1) > 14


class _drawn:  # noqa: N801 - used as a function
    """Draw `chart` inside matplotlib settings of its own; a context manager of the figure."""

    def __init__(self, chart: Chart, ink: _Ink, *, has_title: bool = False) -> None:
        self._chart, self._ink, self._has_title = chart, ink, has_title
        self._quiet = warnings.catch_warnings()

    def __enter__(self) -> Figure:
        import matplotlib as mpl

        _ONE_AT_A_TIME.acquire()
        self._settings = mpl.rc_context(_SETTINGS)
        self._quiet.__enter__()
        warnings.simplefilter("ignore")  # a sign that the measuring font lacks; browsers have it
        self._settings.__enter__()
        return _figure(self._chart, self._ink, has_title=self._has_title)

    def __exit__(self, *error: object) -> None:
        self._settings.__exit__(None, None, None)
        self._quiet.__exit__(None, None, None)
        _ONE_AT_A_TIME.release()


def _figure(chart: Chart, ink: _Ink, *, has_title: bool) -> Figure:
    from matplotlib.figure import Figure

    names = _names(chart.series)
    width = _WIDE_PX if is_wide(chart) else _NARROW_PX
    is_lying = chart.kind == "bar" and _must_lie(names, width)
    height = max(_HEIGHT_PX, 80 + 14 * len(names) * len(chart.series)) if is_lying else _HEIGHT_PX
    n_entries = len(chart.series) + len(chart.lines) + chart.diagonal
    height += 17 * max(0, math.ceil(n_entries / _legend_columns(chart.series, width)) - 2)
    height += _TITLE_PX if has_title else 0
    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    handles = _Handles()
    if not any(math.isfinite(y) for one in chart.series for y in one.y):
        axes.text(
            0.5, 0.5, say("rendering.no_data"), transform=axes.transAxes, ha="center",
            color=ink.muted,
        )  # fmt: skip
    elif chart.kind == "bar":
        _draw_bars(axes, chart, ink, handles, is_lying=is_lying)
    elif chart.kind == "histogram":
        for mark, one in draw_histogram(axes, chart, ink.series):
            handles.marks.append(mark)
            handles.names.append(one_line(one.name, _LONGEST_NAME))
    else:
        _draw_points(axes, chart, ink, handles)
    _dress_axes(axes, chart, ink, is_lying=is_lying)
    if chart.diagonal:
        _draw_diagonal(axes, ink, handles)
    title = one_line(chart.title, int(width / 8.5)) if has_title else ""
    if len(handles.names) > 1:
        _add_legend(figure, handles, ink, _legend_columns(chart.series, width), title)
    elif title:
        axes.set_title(title, color=ink.ink, fontsize=13, loc="left", pad=10)
    return figure


def _names(series: Sequence[Series]) -> list[str]:
    """Return the categories of the x axis in order of appearance; empty for numbers."""
    seen = dict.fromkeys(x for one in series for x in one.x)
    return [_tick_name(x) for x in seen]


def _tick_name(x: float | str) -> str:
    if isinstance(x, str):
        return one_line(x, _LONGEST_NAME)
    return f"{x:g}"


def _must_lie(names: list[str], width: int) -> bool:
    """Return whether the names below upright bars would run into each other."""
    if len(names) > _MOST_NAMED_BARS:
        return False
    longest = max((len(name) for name in names), default=0)
    return len(names) * (longest + 1.5) * _LETTER_PX > width - 70


def _series_ink(ink: _Ink, i: int) -> tuple[str, Any, str]:
    """Return colour, dash and marker of the series `i`; dashes tell the rounds apart."""
    return (
        ink.series[i % len(ink.series)],
        _DASHES[i % len(_DASHES)],
        _MARKERS[i % len(_MARKERS)],
    )


def _draw_points(axes: Axes, chart: Chart, ink: _Ink, handles: _Handles) -> None:
    place = _place_of(chart.series)
    for i, one in enumerate(chart.series):
        colour, dash, marker = _series_ink(ink, i)
        xs = [place(x) for x in one.x]
        if chart.kind == "scatter":
            size = 6 if len(xs) <= 50 else 4.5 if len(xs) <= 300 else 3
            drawn: Any = axes.plot(
                xs, one.y, marker, color=colour, markersize=size, linestyle="none",
                alpha=0.8 if size > 3 else 0.6, markeredgewidth=0,
            )[0]  # fmt: skip
            _draw_whiskers(axes, one, xs, colour)
        else:
            has_dots = len(xs) <= 12
            drawn = axes.plot(
                xs, one.y, color=colour, linestyle=dash, linewidth=1.9,
                marker=marker if has_dots else None, markersize=4.5,
            )[0]  # fmt: skip
            if one.low is not None and one.high is not None:
                axes.fill_between(xs, one.low, one.high, color=colour, alpha=0.16, linewidth=0)
        handles.marks.append(drawn)
        handles.names.append(one_line(one.name, _LONGEST_NAME))
    _name_ticks(axes, chart.series, is_lying=False)


def _draw_whiskers(axes: Axes, one: Series, xs: list[float], colour: str) -> None:
    if one.low is not None and one.high is not None:
        axes.vlines(xs, one.low, one.high, color=colour, linewidth=1.2, alpha=0.7)


def _draw_bars(axes: Axes, chart: Chart, ink: _Ink, handles: _Handles, *, is_lying: bool) -> None:
    categories = list(dict.fromkeys(x for one in chart.series for x in one.x))
    n = len(chart.series)
    thick = 0.76 / n
    for i, one in enumerate(chart.series):
        colour, _, _ = _series_ink(ink, i)
        xs = [categories.index(x) + (i - (n - 1) / 2) * thick for x in one.x]
        draw = axes.barh if is_lying else axes.bar
        handles.marks.append(draw(xs, one.y, thick * 0.9, color=colour, linewidth=0))
        handles.names.append(one_line(one.name, _LONGEST_NAME))
        if one.low is not None and one.high is not None:
            whiskers = axes.hlines if is_lying else axes.vlines
            whiskers(xs, one.low, one.high, color=ink.ink, linewidth=1.2)
    _name_ticks(axes, chart.series, is_lying=is_lying, is_bar=True)
    if is_lying:
        axes.invert_yaxis()


def _place_of(series: Sequence[Series]) -> Callable[[float | str], float]:
    """Return the function from an x to its place: itself, or its number among the names."""
    seen = dict.fromkeys(x for one in series for x in one.x)
    if not any(isinstance(x, str) for x in seen):
        return float
    order = {x: float(i) for i, x in enumerate(seen)}
    return lambda x: order[x]


def _name_ticks(
    axes: Axes, series: Sequence[Series], *, is_lying: bool, is_bar: bool = False
) -> None:
    from matplotlib.ticker import MaxNLocator

    seen = list(dict.fromkeys(x for one in series for x in one.x))
    if is_bar or any(isinstance(x, str) for x in seen):
        names = [_tick_name(x) for x in seen]
        step = max(1, math.ceil(len(names) / _MOST_NAMED_BARS))
        places = list(range(0, len(names), step))
        named = [names[i] for i in places]
        if is_lying:
            axes.set_yticks(places, named)
        else:
            slant = 90 if step > 1 else 0
            axes.set_xticks(places, named, rotation=slant)
    elif all(float(x).is_integer() for x in seen):
        axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True, min_n_ticks=1))


def _dress_axes(axes: Axes, chart: Chart, ink: _Ink, *, is_lying: bool) -> None:
    """Name the axes, thin out the ticks, leave only a light grid."""
    labels = (one_line(chart.x_label, 70), one_line(chart.y_label, 48))
    axes.set_xlabel(labels[is_lying], color=ink.muted, fontsize=12)
    axes.set_ylabel(labels[not is_lying], color=ink.muted, fontsize=12, labelpad=9)
    figures = axes.xaxis if is_lying else axes.yaxis
    is_log_y = chart.log_y and any(0 < y < math.inf for one in chart.series for y in one.y)
    is_log_x = chart.log_x and not _has_names(chart)
    if is_log_y:
        (axes.set_xscale if is_lying else axes.set_yscale)("log")
    elif chart.kind == "bar":
        axes.margins(x=0.02) if not is_lying else axes.margins(y=0.02)
    if is_log_x:
        axes.set_xscale("log")
    if chart.kind in {"bar", "histogram"} or chart.diagonal or chart.log_y:
        _set_share_limits(axes, chart, is_lying=is_lying)
    for axis in (axes.xaxis, axes.yaxis):
        is_log = is_log_y if axis is figures else is_log_x
        if is_log:
            name_powers(axis)
        if axis is figures or not _has_names(chart):
            axis.set_major_formatter(tick_formatter(axis, is_log=is_log))
        if axis is figures or chart.kind == "scatter":
            axis.grid(visible=True, color=ink.line, linewidth=1)
    _dress_frame(axes, ink, "left" if is_lying else "bottom")


def _dress_frame(axes: Axes, ink: _Ink, base: str) -> None:
    """Leave of the frame the side that the figures stand on."""
    axes.set_axisbelow(True)
    axes.tick_params(colors=ink.muted, labelsize=11, length=0, pad=5, which="both")
    for side, spine in axes.spines.items():
        spine.set_visible(side == base)
        spine.set_color(ink.muted)
        spine.set_linewidth(1)


def _set_share_limits(axes: Axes, chart: Chart, *, is_lying: bool) -> None:
    """Show the whole 0..1 of a reliability diagram; start bars at zero."""
    if chart.diagonal:
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        return
    drawn = (*chart.series, *chart.lines)
    ends = [y for one in drawn for part in (one.y, one.high or ()) for y in part]
    finite = [y for y in ends if math.isfinite(y)]
    is_filled = chart.kind in {"bar", "histogram"}
    if is_filled and not chart.log_y and finite and min(finite) >= 0:
        top = max(finite) * 1.04 or 1.0
        (axes.set_xlim if is_lying else axes.set_ylim)(0, top)


def _has_names(chart: Chart) -> bool:
    """Return whether the x axis stands for names rather than numbers."""
    return chart.kind == "bar" or any(isinstance(x, str) for one in chart.series for x in one.x)


def _draw_diagonal(axes: Axes, ink: _Ink, handles: _Handles) -> None:
    drawn = axes.plot([0, 1], [0, 1], color=ink.muted, linestyle=(0, (4, 3)), linewidth=1.3)
    handles.marks.append(drawn[0])
    handles.names.append(say("rendering.diagonal"))


def _legend_columns(series: Sequence[Series], width: int) -> int:
    """Return how many names of series fit side by side."""
    names = [one_line(one.name, _LONGEST_NAME) for one in series]
    widest = max(map(len, names), default=0) * _LETTER_PX + 46
    return max(1, int((width - 20) / widest))


def _add_legend(figure: Figure, handles: _Handles, ink: _Ink, n_columns: int, title: str) -> None:
    """Put the legend, below the title, above the axes: it never covers data."""
    figure.legend(
        handles.marks,
        handles.names,
        loc="outside upper left",
        title=title or None,
        title_fontsize=13,
        alignment="left",
        ncols=min(len(handles.names), n_columns),
        frameon=False,
        labelcolor=ink.ink,
        fontsize=11.5,
        handlelength=1.9,
        columnspacing=1.6,
        borderaxespad=0.2,
    )
