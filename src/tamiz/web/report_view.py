"""A stage's report inside a page of the web app: drawn by the renderer that makes report.html."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any, Final, Literal

from tamiz.core.language import current_language, say
from tamiz.data.report import Block, Chart, Findings, Report, Section, Table
from tamiz.rendering.charts import chart_svg
from tamiz.rendering.html import render_html
from tamiz.rendering.palette import COLOURS, SERIES

Theme = Literal["", "light", "dark"]
# Streamlit appends a script of its own to a frame of this kind; ours tells the height, and the
# browser would complain that the other is not allowed. Behind this it is a comment.
_NOTHING_AFTER: Final = "<!-- "
_VARIABLE: Final = re.compile(r"var\(--([a-z0-9-]+), *(#[0-9a-f]{6})\)")


def show_report(st: Any, report: Report) -> None:
    """Show a report as a frame of its own height.

    The frame holds the page that `rendering.html` makes: names and texts are text whatever they
    hold, and its own content-security policy allows nothing but its own style and script.
    """
    page = render_html(report, language=current_language(), is_part=True, theme=theme_of(st))
    st.iframe(page + _NOTHING_AFTER, height="content", alt=str(report.title))


def show_sections(st: Any, report: Report, sections: Iterable[Section]) -> None:
    """Show some sections of a report, without its summary."""
    show_report(st, replace(report, sections=tuple(sections), summary=()))


def show_blocks(st: Any, blocks: Iterable[Block], title: str = "") -> None:
    """Show a few blocks, without a heading."""
    show_report(st, Report("blocks", title, summary=tuple(blocks)))


def show_chart(st: Any, chart: Chart) -> None:
    """Show a chart as a picture; it does not flicker where it is drawn again every second."""
    title = str(chart.title)
    drawing = _coloured(chart_svg(chart, name="chart"), theme_of(st))
    st.image(drawing, width="stretch", alt=title or say("rendering.kind_line"))


def theme_of(st: Any) -> Theme:
    """Return the theme that the reader's page has; '' where it is not known."""
    kind = getattr(getattr(st.context, "theme", None), "type", None)
    return kind if kind in {"light", "dark"} else ""


def without_empty(report: Report) -> tuple[Section, ...]:
    """Return the sections that hold something."""
    return tuple(one for one in report.sections if any(map(_says_something, one.blocks)))


def _says_something(block: Block) -> bool:
    if isinstance(block, Table):
        return bool(block.rows)
    return bool(block.findings) if isinstance(block, Findings) else True


def _coloured(svg: str, theme: Theme) -> str:
    """Return the drawing with real colours in place of the page's variables: it stands alone."""
    known = _colours("dark" if theme == "dark" else "light")
    return _VARIABLE.sub(lambda found: known.get(found[1], found[2]), svg)


@cache
def _colours(theme: Literal["light", "dark"]) -> dict[str, str]:
    which = 0 if theme == "light" else 1
    made = {name: pair[which] for name, pair in COLOURS.items()}
    return made | {f"series-{i}": pair[which] for i, pair in enumerate(SERIES, 1)}
