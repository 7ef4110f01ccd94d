"""The report in a terminal: readable at 80 columns, without colour, and in a pipe."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text as Line

from tamiz.core.language import say
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Code,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Pictures,
    Report,
    Series,
    Severity,
    Table,
)
from tamiz.rendering.progress import ProgressDisplay
from tamiz.rendering.sparks import BLOCKS, PLAIN_BLOCKS, spark
from tamiz.rendering.views import table_notes, table_view
from tamiz.rendering.words import cell_text, interval_text, is_figure, number_text, one_line, shown

__all__ = ["ProgressDisplay", "print_report", "spark"]

_INTERVAL_WIDTH: Final = 13  # (0.123–0.456), below the figure where the screen is narrow
_FIGURE_WIDTH: Final = 21  # 0.123 (0.123–0.456) and the gap
_NAME_WIDTH: Final = 14
_MOST_ROWS: Final = 30
_FEW_ITEMS: Final = 5
_MOST_ITEMS: Final = 20
_MOST_COLUMNS: Final = 100  # lines longer than this are tiring to read
_STYLES: Final = {Severity.STOP: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_SIGNS: Final = {Severity.STOP: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}
_PLAIN_SIGNS: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "…": "...", "·": "-", "✗": "x", "✓": "v", "→": "->", "×": "x",
     "\u202f": " ", "\u00a0": " ", "∞": "inf", "’": "'"}
    | dict(zip(BLOCKS, PLAIN_BLOCKS, strict=True))
)  # fmt: skip


def print_report(report: Report, *, console: Console | None = None, is_full: bool = False) -> None:
    """Print the report's summary, or all of it, to `console` (None: standard output).

    Texts of the report are printed as they are: nothing in them is taken for markup, and control
    characters never reach the terminal.
    """
    console = console or Console(highlight=False)
    writer = _Writer(console, most_items=_MOST_ITEMS if is_full else _FEW_ITEMS)
    writer.line(one_line(report.title), "bold")
    writer.gap()
    blocks = report.summary or (() if is_full else _first_blocks(report))
    for block in blocks:
        writer.block(block)
    if not is_full:
        return
    for section in report.sections:
        writer.heading(one_line(section.title))
        for block in section.blocks:
            writer.block(block)


def _first_blocks(report: Report) -> tuple[Block, ...]:
    """Return what to show of a report without summary: its first section."""
    return report.sections[0].blocks if report.sections else ()


class _Writer:
    """Writes blocks to one console."""

    def __init__(self, console: Console, *, most_items: int) -> None:
        self._console = console
        self._width = min(console.width, _MOST_COLUMNS)
        self._most_items = most_items

    def safe(self, words: str, style: str = "") -> Line:
        """Return `words` for this console: markup is text, signs it lacks are spelled out."""
        encoding = self._console.encoding or "utf-8"
        try:
            words.encode(encoding)
        except UnicodeEncodeError:
            words = words.translate(_PLAIN_SIGNS)
            words = words.encode(encoding, "replace").decode(encoding)
        return Line(words, style=style)

    def line(self, words: str, style: str = "", indent: int = 0) -> None:
        """Write one paragraph, wrapped."""
        for part in self.safe(words).plain.split("\n"):
            # a word longer than a line is a path: it stays whole
            lines = textwrap.wrap(
                part, self._width - indent, break_long_words=False, break_on_hyphens=False
            )
            for one in lines or [""]:
                text = Line(f"{' ' * indent}{one}".rstrip(), style=style)
                self._console.print(text, soft_wrap=True)

    def exact(self, words: str, style: str = "") -> None:
        """Write a line that must stay whole to be copied: a command, a path."""
        self._console.print(self.safe(words, style), soft_wrap=True, crop=False)

    def gap(self) -> None:
        """Write an empty line."""
        self._console.print()

    def heading(self, words: str) -> None:
        """Write a section's heading."""
        title = self.safe(words, "bold")
        rule = "─" if (self._console.encoding or "utf-8").lower().startswith("utf") else "-"
        self._console.print(
            Rule(title, align="left", characters=rule, style="dim"), width=self._width
        )
        self.gap()

    def block(self, block: Block) -> None:
        """Write one block and an empty line."""
        match block:
            case Paragraph():
                self.line(shown(block.text))
            case Table():
                self._table(block)
            case Findings():
                for one in sorted(block.findings, key=lambda f: f.rank):
                    self._finding(one)
            case Chart():
                self._chart(block)
            case Pictures():
                n = say("rendering.pictures_elsewhere", n=len(block.pictures))
                name = one_line(block.caption)
                self.line(f"{name}: {n}" if name else n, "dim")
            case Code():
                if block.caption:
                    self.line(one_line(block.caption), "bold")
                for one_of in shown(block.content).rstrip("\n").split("\n"):
                    self.exact(f"  {one_of}")
        self.gap()

    def _table(self, table: Table) -> None:
        if table.caption:
            self.line(one_line(table.caption), "bold")
        if not table.rows:
            self.line(say("rendering.table_empty"), "dim")
            return
        view = table_view(table)
        n_intervals = sum(_has_interval(table.rows, i) for i in range(len(view.headers)))
        is_narrow = self._width < _NAME_WIDTH + n_intervals * _FIGURE_WIDTH
        grid = Grid(
            box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 1)
        )
        for i, header in enumerate(view.headers):
            grid.add_column(
                self.safe(one_line(header.text)),
                justify="right" if header.is_number else "left",
                overflow="fold",
                ratio=None,
                no_wrap=header.is_number and not _has_interval(table.rows, i),
                width=_INTERVAL_WIDTH if is_narrow and _has_interval(table.rows, i) else None,
                vertical="top",
            )
        for row in table.rows[:_MOST_ROWS]:
            grid.add_row(*(self._cell(cell, table) for cell in row))
        self._grid(grid)
        if len(table.rows) > _MOST_ROWS:
            self.line(say("rendering.more_rows", n=len(table.rows) - _MOST_ROWS), "dim", 2)
        for mark, note in table_notes(table):
            self.line(f"{mark} {note}".strip(), "dim", 2)

    def _grid(self, grid: Grid) -> None:
        indented = Padding(grid, (0, 0, 0, 2), expand=False)
        if self._console.is_terminal:
            self._console.print(indented, width=self._width)
            return
        with self._console.capture() as written:
            self._console.print(indented, width=self._width)
        for line in written.get().rstrip("\n").split("\n"):
            self.exact(line.rstrip())  # no blanks at the ends of lines in a pipe

    def _cell(self, cell: Cell, table: Table) -> Line:
        if not is_figure(cell):
            return self.safe(one_line(cell_text(cell)), "dim" if cell is None else "")
        made = self.safe(cell_text(cell, table.unit))
        if isinstance(cell, Estimate):
            made.stylize("bold")
            interval = interval_text(cell, table.unit)
            if interval:
                made.append_text(self.safe(f" {interval}", "dim"))
        return made

    def _finding(self, finding: Finding) -> None:
        label = f"{_SIGNS[finding.severity]} {say(f'rendering.{finding.severity.value}')}: "
        text = self.safe(label, _STYLES[finding.severity])
        text.append_text(self.safe(shown(finding.what), "default not bold"))
        self._console.print(text, width=self._width)
        if certainty := shown(finding.certainty):
            self.line(say("rendering.how_sure", certainty=certainty), "dim", 2)
        if finding.advice:
            self.line(shown(finding.advice), indent=2)
        if finding.command:
            self.exact(f"  $ {shown(finding.command)}", "bold")
        for item in finding.items[: self._most_items]:
            self.line(one_line(item), "dim", 4)
        n_more = len(finding.items) - self._most_items
        if n_more > 0:
            self.line(say("rendering.more_items", n=n_more), "dim", 4)

    def _chart(self, chart: Chart) -> None:
        self.line(one_line(chart.title), "bold")
        axes = f"{one_line(chart.y_label)} / {one_line(chart.x_label)}"
        self.line(axes, "dim", 2)
        for one in chart.series:
            if chart.kind == "bar":
                self._bars(one)
            elif chart.kind == "histogram":
                self._histogram(one)
            else:
                self._spark(one)

    def _spark(self, one: Series) -> None:
        finite = [y for y in one.y if math.isfinite(y)]
        if not finite:
            return
        ends = f"{number_text(float(finite[0]))} → {number_text(float(finite[-1]))}"
        self.line(f"{one_line(one.name, 20):<20} {spark(finite, 30)}  {ends}", indent=2)

    def _histogram(self, one: Series) -> None:
        if one.x:
            ends = " … ".join(number_text(float(x)) for x in (one.x[0], one.x[-1]))
            self.line(f"{one_line(one.name, 20):<20} {spark(one.y, 30)}  {ends}", indent=2)

    def _bars(self, one: Series) -> None:
        self.line(one_line(one.name), indent=2)
        finite = [y for y in one.y if math.isfinite(y)]
        most = max(finite, default=0.0)
        are_counts = most > 1 and all(float(y).is_integer() for y in finite)
        for x, y in list(zip(one.x, one.y, strict=True))[:_MOST_ROWS]:
            filled = round(24 * y / most) if most > 0 and math.isfinite(y) else 0
            bar = "█" * max(filled, 0)
            figure = number_text(float(y), "count" if are_counts else "fraction")
            self.line(f"{one_line(str(x), 20):<20} {bar:<24} {figure}", indent=4)
        if len(one.x) > _MOST_ROWS:
            self.line(say("rendering.more_rows", n=len(one.x) - _MOST_ROWS), "dim", 4)


def _has_interval(rows: Sequence[Sequence[Cell]], i: int) -> bool:
    return any(isinstance(row[i], Estimate) for row in rows)
