"""How words and figures are written, the same in every face."""

from __future__ import annotations

import contextlib
import math
import numbers
import re
from collections.abc import Iterator
from typing import Final, Literal

from tamiz.core.language import Text, current_language, has_text, say
from tamiz.core.language import speaking as of_reader
from tamiz.data.report import Cell, Estimate, Words

Unit = Literal["fraction", "percent", "count"]

NOTHING: Final = "–"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@contextlib.contextmanager
def speaking(language: str | None) -> Iterator[str]:
    """Speak `language` inside the block (None: the one in use) and yield its name."""
    with of_reader(language or current_language()):  # others may read at the same time
        yield current_language()


def shown(words: Words) -> str:
    """Return `words` with nothing that could act on a terminal or a page.

    Control characters, marks that turn the direction of writing, and halves of characters (as
    undecodable file names have) become the replacement sign; line ends and tabs stay.
    """
    plain = _CONTROL.sub("\ufffd", str(words).replace("\r\n", "\n"))
    return plain.encode("utf-8", "replace").decode("utf-8")


def one_line(words: Words, longest: int = 0) -> str:
    """Return `words` on one line, at most `longest` characters (0: any), cut in the middle."""
    line = " ".join(shown(words).split())
    if not longest or len(line) <= longest:
        return line
    head = (longest - 1) * 2 // 3
    return f"{line[:head]}…{line[len(line) - (longest - 1 - head) :]}"


def say_or(key: str, otherwise: str) -> str:
    """Return the catalogue's text of `key`, or `otherwise` when there is none."""
    return say(key) if has_text(key) else otherwise


def is_figure(cell: Cell) -> bool:
    """Return whether `cell` is a number, with or without an interval."""
    return isinstance(cell, numbers.Real | Estimate) and not isinstance(cell, bool)


def figure_of(cell: Cell) -> float | None:
    """Return the number in `cell`, None when there is none or it is not finite."""
    if isinstance(cell, Estimate):
        cell = cell.value
    if isinstance(cell, bool) or not isinstance(cell, numbers.Real):
        return None
    return float(cell) if math.isfinite(cell) else None


def cell_text(cell: Cell, unit: Unit = "fraction") -> str:
    """Return what a reader sees of `cell`; an interval is left to `interval_text`."""
    if cell is None:
        return NOTHING
    if isinstance(cell, bool):
        return say("rendering.yes" if cell else "rendering.no")
    if isinstance(cell, Estimate):
        return number_text(cell.value, unit, _decimals(cell, unit))
    if isinstance(cell, Text | str):
        return shown(cell)
    whole = isinstance(cell, numbers.Integral)
    return number_text(float(cell), "count" if whole else unit)


def interval_text(estimate: Estimate, unit: Unit = "fraction") -> str:
    """Return '(0.929–0.939)', '(-0.043 to -0.035)'; '' when there is no interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    places = _decimals(estimate, unit)
    low, high = (number_text(end, unit, places) for end in (estimate.low, estimate.high))
    if unit == "percent":
        low = low.removesuffix("\u00a0%")
    if estimate.low < 0 or estimate.high < 0:  # a dash between two signs cannot be read
        return f"({say('rendering.from_to', low=low, high=high)})"
    return f"({low}–{high})"


def number_text(value: float, unit: Unit = "fraction", decimals: int | None = None) -> str:
    """Return `value` as text: three decimals below 10, fewer above, thousands grouped."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if unit == "percent":
        return f"{value * 100:.1f}\u00a0%"
    if unit == "count":
        return _grouped(f"{value:,.0f}")
    if decimals is None:
        if 0 < abs(value) < 0.001:
            return f"{value:.1e}"
        decimals = _places(abs(value))
    return _grouped(f"{value:,.{decimals}f}")


def _places(size: float) -> int:
    return 3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0


def _decimals(estimate: Estimate, unit: Unit) -> int:
    """Return how many decimals an estimate and its interval share."""
    if unit != "fraction":
        return 0
    ends = [x for x in (estimate.value, estimate.low, estimate.high) if x is not None]
    return _places(max((abs(x) for x in ends if math.isfinite(x)), default=0.0))


def _grouped(number: str) -> str:
    return number.replace(",", "\u202f") if current_language() == "es" else number


def count_range(counts: list[int]) -> str:
    """Return '120' or '12–300' for the counts that stand in a table."""
    low, high = (_grouped(f"{n:,}") for n in (min(counts), max(counts)))
    return low if low == high else f"{low}–{high}"


def duration_text(seconds: float) -> str:
    """Return '3.2 s', '4 min 05 s' or '2 h 07 min'."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
