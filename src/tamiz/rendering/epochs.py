"""The epochs of a training as a table with small curves beneath; alive while it grows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text as Line

from tamiz.core.language import say
from tamiz.rendering.sparks import BLOCKS, PLAIN_BLOCKS, spark
from tamiz.rendering.words import duration_text, number_text, one_line

_FIGURES: Final = ("train_loss", "val_loss", "val_accuracy")
_CURVES: Final = (("train_loss", "val_loss"), ("val_accuracy",))  # those together share a scale
_MOST_LIVE_ROWS: Final = 12
_MOST_KEPT_ROWS: Final = 25
_OTHER_LINES: Final = 10  # head of the table, curves, the line of the stage, room to breathe
_CURVE_WIDTH: Final = 40
_PLAIN: Final = str.maketrans(
    {**dict(zip(BLOCKS, PLAIN_BLOCKS, strict=True)), "★": "*", "→": ">", "─": "-", "…": "."}
)


class EpochTable:
    """The epochs told so far: one row each, the best one marked, the losses as curves.

    In the live display it shows the best epoch and as many of the last ones as fit the screen.
    """

    def __init__(self, *, speaks_utf8: bool = True) -> None:
        self._rows: list[Mapping[str, Any]] = []
        self._speaks_utf8 = speaks_utf8

    def __len__(self) -> int:
        return len(self._rows)

    def belongs(self, values: Mapping[str, Any]) -> bool:
        """Return whether these figures are of the same training as the rows there are."""
        if not self._rows:
            return True
        last = self._rows[-1]
        is_later = (values.get("epoch") or 0) > (last.get("epoch") or 0)
        return is_later and values.get("stage") == last.get("stage")

    def add(self, values: Mapping[str, Any]) -> None:
        """Add the figures of an epoch."""
        self._rows.append(dict(values))

    def clear(self) -> None:
        """Forget all epochs."""
        self._rows.clear()

    def kept(self) -> RenderableType:
        """Return what stays on the screen afterwards: the table, thinned out, and the curves."""
        step = max(1, math.ceil(len(self._rows) / _MOST_KEPT_ROWS))
        last = len(self._rows) - 1
        at = [i for i in range(last + 1) if i % step == 0 or i in {last, self._best()}]
        return _Drawing([self._grid(at), *self._curves()])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.max_height if options.height is None else options.height
        room = max(2, min(_MOST_LIVE_ROWS, height - _OTHER_LINES))
        at = list(range(len(self._rows)))[-room:]
        best = self._best()
        if best is not None and best not in at:
            at = [best, *at[1:]]
        yield from _Drawing([self._grid(at), *self._curves()]).lines()

    def _best(self) -> int | None:
        """Return the position of the best epoch."""
        wanted = self._rows[-1].get("best_epoch") if self._rows else None
        found = [i for i, row in enumerate(self._rows) if row.get("epoch") == wanted]
        return found[-1] if found and wanted is not None else None

    def _grid(self, at: Sequence[int]) -> Grid:
        grid = Grid(box=SIMPLE_HEAD if self._speaks_utf8 else None, show_edge=False, pad_edge=False)
        grid.header_style = "dim"
        grid.padding = (0, 0, 0, 1 if self._speaks_utf8 else 2)  # the box adds a blank
        shown = [name for name in _FIGURES if any(_has(row, name) for row in self._rows)]
        names = ["epoch", *shown, "rate", "time"]
        grid.add_column("", no_wrap=True, width=1)
        for name in names:
            grid.add_column(say(f"watching.column_{name}"), justify="right", no_wrap=True)
        best = self._best()
        for i in at:
            row = self._rows[i]
            cells = [_epoch_words(row), *(_figure(row, name) for name in shown)]
            cells += [_rate(row), _seconds(row)]
            mark = self._plain("★") if i == best else ""
            grid.add_row(mark, *cells, style="bold" if i == best else "")
        return grid

    def _curves(self) -> Iterator[Line]:
        for together in _CURVES:
            found = {name: self._finite(name) for name in together}
            every = [value for values in found.values() for value in values]
            for name, values in found.items():
                if len(values) < 2:
                    continue
                drawn = spark(values, _CURVE_WIDTH, low=min(every), high=max(every))
                ends = f"{number_text(values[0])} → {number_text(values[-1])}"
                label = say(f"watching.column_{name}")
                yield Line(self._plain(f"{label:<14} {drawn}  {ends}"), style="cyan")

    def _finite(self, name: str) -> list[float]:
        return [float(row[name]) for row in self._rows if _has(row, name)]

    def _plain(self, words: str) -> str:
        return words if self._speaks_utf8 else words.translate(_PLAIN)


class _Drawing:
    """Renderables below one another, set in a little."""

    def __init__(self, parts: Sequence[RenderableType]) -> None:
        self._parts = parts

    def lines(self) -> Iterator[RenderableType]:
        """Yield the parts."""
        for part in self._parts:
            yield Padding(part, (0, 0, 0, 2), expand=False)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines()


def _has(row: Mapping[str, Any], name: str) -> bool:
    value = row.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)  # type: ignore[arg-type]


def _figure(row: Mapping[str, Any], name: str) -> str:
    return number_text(float(row[name])) if _has(row, name) else "-"


def _epoch_words(row: Mapping[str, Any]) -> str:
    epoch, epochs, part = row.get("epoch"), row.get("epochs"), row.get("part")
    words = f"{epoch}/{epochs}" if epochs else str(epoch)
    return f"{one_line(str(part), 13)} {words}" if part else words


def _rate(row: Mapping[str, Any]) -> str:
    return f"{float(row['learning_rate']):.1e}" if _has(row, "learning_rate") else "-"


def _seconds(row: Mapping[str, Any]) -> str:
    return duration_text(float(row["seconds"])) if _has(row, "seconds") else "-"
