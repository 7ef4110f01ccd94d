"""What the page shows of a table: cells already in words, classes and positions, no style."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamiz.core.language import say
from tamiz.data.report import Cell, Chart, Estimate, Table
from tamiz.rendering.palette import N_HEAT
from tamiz.rendering.words import (
    NOTHING,
    Unit,
    cell_text,
    count_range,
    figure_of,
    interval_text,
    is_figure,
    number_text,
    one_line,
    say_or,
    shown,
)

LONG_TABLE = 40  # rows; longer ones are folded
FOLDED_ROWS = 25
MOST_ROWS = 5_000  # a page with more would not open on a phone; the JSON holds them all
MOST_CELLS = 100_000
BAR_WIDTH = 64.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Positions of an interval on its scale, in units of the small drawing (0..BAR_WIDTH)."""

    low: float
    high: float
    value: float


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: its words, how it sorts, how it is shaded."""

    text: str
    interval: str = ""
    is_number: bool = False
    is_missing: bool = False
    sort_key: str = ""
    heat: int = 0
    bar: Bar | None = None
    tooltip: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A column's heading."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """A table ready for the page."""

    caption: str
    headers: tuple[Header, ...]
    rows: tuple[tuple[CellView, ...], ...]
    notes: tuple[tuple[str, str], ...]
    is_heat: bool
    is_list: bool
    width: str  # '', 'wide', 'huge': how small it must be printed

    @property
    def is_long(self) -> bool:
        """Return whether the page folds it."""
        return len(self.rows) > LONG_TABLE


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure with its interval and what it must be compared with."""

    label: str
    cell: CellView
    rivals: tuple[tuple[str, CellView], ...]
    low_end: str
    high_end: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The range that the small bars of a table share."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Return where `value` lies, 0..BAR_WIDTH."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(min(max(share, 0.0), 1.0) * BAR_WIDTH, 1)

    def bar(self, estimate: Estimate) -> Bar | None:
        """Return the bar of `estimate`, None when it has no interval."""
        if estimate.low is None or estimate.high is None or not math.isfinite(estimate.value):
            return None
        if not (self.low <= estimate.low and estimate.high <= self.high):
            return None
        return Bar(*(self.place(x) for x in (estimate.low, estimate.high, estimate.value)))


def table_view(table: Table) -> TableView:
    """Return `table` ready for the page."""
    is_heat = table.style == "heat"
    estimates = list(_estimates(table.rows))
    scale = scale_of(estimates)
    marks = _marks(estimates)
    rows = []
    most = min(MOST_ROWS, MOST_CELLS // max(len(table.columns), 1))
    for row in table.rows[:most]:
        heats = _heats(row) if is_heat else [0] * len(row)
        rows.append(
            tuple(
                _cell_view(cell, table.unit, scale, marks, heat)
                for cell, heat in zip(row, heats, strict=True)
            )
        )
    n = len(table.columns)
    return TableView(
        caption=shown(table.caption),
        headers=tuple(
            Header(one_line(name, 32) if is_heat else shown(name), _is_number_column(table.rows, i))
            for i, name in enumerate(table.columns)
        ),
        rows=tuple(rows),
        notes=(*_cut_note(table, most), *_notes(estimates, marks, scale, table.unit)),
        is_heat=is_heat,
        is_list=table.style == "list",
        width="huge" if n > 14 else "wide" if n > 8 else "",
    )


def _cut_note(table: Table, most: int) -> tuple[tuple[str, str], ...]:
    if len(table.rows) <= most:
        return ()
    return (("", say("rendering.rows_cut", shown=most, n=len(table.rows))),)


def cards_of(table: Table, most: int = 8) -> tuple[Card, ...]:
    """Return one card per row when `table` is a list of headline estimates, else nothing.

    Such a table has a name in its first column, an `Estimate` in its second, and figures to
    compare with (baselines) in the others.
    """
    if not 0 < len(table.rows) <= most or len(table.columns) < 2 or table.style == "heat":
        return ()
    if not all(
        isinstance(row[1], Estimate) and not is_figure(row[0]) and all(map(_is_rival, row[2:]))
        for row in table.rows
    ):
        return ()
    marks = _marks(list(_estimates(table.rows)))
    return tuple(_card(table, row, marks) for row in table.rows)


def _is_rival(cell: Cell) -> bool:
    return cell is None or is_figure(cell)


def _card(table: Table, row: Sequence[Cell], marks: dict[str, str]) -> Card:
    estimates = [cell for cell in row[1:] if isinstance(cell, Estimate)]
    values = [x for x in map(figure_of, row[1:]) if x is not None]
    highs = [e.high for e in estimates if e.high is not None]
    inside = all(0 <= x <= 1 for x in values + highs)
    scale = Scale(0.0, 1.0 if inside else _round_up(max([*values, *highs, 1.0])))
    rivals = []
    for name, cell in zip(table.columns[2:], row[2:], strict=True):
        view = _cell_view(cell, table.unit, scale, marks, 0)
        rivals.append((shown(name), view))
    return Card(
        label=cell_text(row[0]),
        cell=_cell_view(row[1], table.unit, scale, marks, 0),
        rivals=tuple(rivals),
        low_end=_end_text(scale.low, table.unit),
        high_end=_end_text(scale.high, table.unit),
    )


def scale_of(estimates: Sequence[Estimate]) -> Scale:
    """Return the range of a table's bars: 0..1 or its upper part for shares, else what is there."""
    ends = [
        x
        for e in estimates
        if e.low is not None and e.high is not None
        for x in (e.value, e.low, e.high)
        if math.isfinite(x)
    ]
    if not ends:
        return Scale(0.0, 1.0)
    shares = [x for x in ends if 0 <= x <= 1]
    low, high = min(ends), max(ends)
    if len(shares) * 2 >= len(ends):  # a table of shares; a log loss among them gets no bar
        low = min(shares)
        return Scale(math.floor(min(low, 0.9) * 10) / 10 if low > 0.5 else 0.0, 1.0)
    return Scale(-_round_up(-low) if low < 0 else 0.0, _round_up(max(high, 0.0)))


def _round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    unit = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    return unit * next((step for step in steps if step * unit >= value), 10)


def _estimates(rows: Sequence[Sequence[Cell]]) -> Iterator[Estimate]:
    yield from (cell for row in rows for cell in row if isinstance(cell, Estimate))


def _is_number_column(rows: Sequence[Sequence[Cell]], i: int) -> bool:
    cells = [row[i] for row in rows if row[i] is not None]
    return bool(cells) and all(map(is_figure, cells))


def _cell_view(cell: Cell, unit: Unit, scale: Scale, marks: dict[str, str], heat: int) -> CellView:
    figure = figure_of(cell)
    if not isinstance(cell, Estimate):
        return CellView(
            text=cell_text(cell, unit),
            is_number=is_figure(cell),
            is_missing=cell is None or (is_figure(cell) and figure is None),
            sort_key="" if figure is None else repr(figure),
            heat=heat,
        )
    note = "" if cell.note is None else shown(cell.note)
    interval = interval_text(cell, unit)
    said = [say("rendering.interval_of", interval=interval.strip("()"))] if interval else []
    said += [_sample_text([cell])] if cell.n else []
    said += [say_or(f"rendering.method_{cell.method}", cell.method)] if cell.method else []
    return CellView(
        text=cell_text(cell, unit),
        interval=interval,
        is_number=True,
        is_missing=figure is None,
        sort_key="" if figure is None else repr(figure),
        heat=heat,
        bar=scale.bar(cell),
        tooltip="; ".join([*said, note] if note else said),
        mark=marks.get(note, ""),
    )


def _heats(row: Sequence[Cell]) -> list[int]:
    """Return each cell's step, 0 (none) to N_HEAT, by its share of the row's sum."""
    figures = [figure_of(cell) if is_figure(cell) else None for cell in row]
    whole = sum(x for x in figures if x is not None and x > 0)
    return [
        0 if x is None or x <= 0 else max(1, min(N_HEAT, round(x / whole * N_HEAT)))
        for x in figures
    ]


def _marks(estimates: Sequence[Estimate]) -> dict[str, str]:
    """Return a letter for each different note, in order of appearance."""
    notes = dict.fromkeys(shown(e.note) for e in estimates if e.note is not None)
    return {note: chr(ord("a") + i % 26) * (1 + i // 26) for i, note in enumerate(notes) if note}


def _sample_text(estimates: Sequence[Estimate]) -> str:
    n = [e.n for e in estimates if e.n]
    groups = [e.n_groups for e in estimates if e.n_groups]
    if all(e.n_groups in {None, 0, e.n} for e in estimates):
        return say("rendering.n_items", n=count_range(n)) if n else ""
    return say("rendering.n_items_groups", n=count_range(n), groups=count_range(groups))


def _notes(
    estimates: Sequence[Estimate], marks: dict[str, str], scale: Scale | None, unit: Unit
) -> tuple[tuple[str, str], ...]:
    """Return (mark, text) for below the table."""
    made = []
    with_interval = [e for e in estimates if e.low is not None and e.high is not None]
    if with_interval:
        methods = dict.fromkeys(e.method for e in with_interval if e.method)
        named = ", ".join(say_or(f"rendering.method_{m}", m) for m in methods)
        named = f" ({named})" if named else ""
        sample = _sample_text(with_interval)
        said = say("rendering.interval_note", methods=named, n=sample or NOTHING)
        if scale is not None:
            ends = [_end_text(end, unit) for end in (scale.low, scale.high)]
            said = f"{said} {say('rendering.bars_note', low=ends[0], high=ends[1])}"
        made.append(("", said))
    made += [(mark, note) for note, mark in marks.items()]
    return tuple(made)


def table_notes(table: Table) -> tuple[tuple[str, str], ...]:
    """Return (mark, text): where the intervals of `table` come from, and its cells' notes."""
    estimates = list(_estimates(table.rows))
    return _notes(estimates, _marks(estimates), None, table.unit)


def card_notes(table: Table) -> tuple[tuple[str, str], ...]:
    """Return the notes below cards: what the grey marks are, and those of the table."""
    names = ", ".join(shown(name) for name in table.columns[2:])
    marks = [("", say("rendering.card_marks", names=names))] if names else []
    return (*marks, *table_notes(table))


def _end_text(value: float, unit: Unit) -> str:
    if unit == "percent":
        return f"{value * 100:.0f}\u00a0%"
    return f"{value:g}" if abs(value) < 10 else number_text(value, unit)


def chart_table(chart: Chart, most_points: int = 400) -> TableView | None:
    """Return the chart's figures as a table; None when there are too many to read."""
    if not 0 < sum(len(one.x) for one in chart.series) <= most_points:
        return None
    has_band = any(one.low is not None and one.high is not None for one in chart.series)
    rows: list[tuple[Cell, ...]] = []
    ys = [y for one in chart.series for y in one.y]
    are_counts = all(math.isfinite(y) and float(y).is_integer() for y in ys) and max(ys) > 1
    for one in chart.series:
        for i, (x, y) in enumerate(zip(one.x, one.y, strict=False)):
            band = (
                one.low[i] if one.low is not None else None,
                one.high[i] if one.high is not None else None,
            )
            where = int(x) if isinstance(x, float) and x.is_integer() else x
            rows.append((one.name, where, int(y) if are_counts else y, *(band if has_band else ())))
    names = [say("rendering.series"), chart.x_label, chart.y_label]
    names += [say("rendering.low"), say("rendering.high")] if has_band else []
    return table_view(Table(columns=tuple(names), rows=tuple(rows)))
