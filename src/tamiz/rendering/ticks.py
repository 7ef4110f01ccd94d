"""The figures beside an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tamiz.rendering.words import number_text


def tick_formatter(axis: Any, *, is_log: bool) -> Callable[[float, float], str]:
    """Return the function from a tick of `axis` to its words; all get as many decimals."""
    if is_log:
        return lambda x, _: _power_text(x)

    def write(x: float, _: float) -> str:
        ticks = axis.get_majorticklocs()
        places = next((d for d in range(6) if all(_is_whole(t * 10**d) for t in ticks)), 6)
        if abs(x) >= 1000 and not places:
            return number_text(x, "count").replace("-", "−")
        return f"{x + 0.0:.{places}f}".replace("-", "−") if x else f"{0:.{places}f}"

    return write


def name_powers(axis: Any) -> None:
    """Put the ticks of a logarithmic axis at 1, 2 and 5 of each power where it spans few."""
    from matplotlib.ticker import LogLocator, NullFormatter

    low, high = axis.get_view_interval()
    n_powers = math.log10(high / low) if low > 0 else 9.0
    if n_powers < 3:
        axis.set_major_locator(LogLocator(10, subs=(1.0, 2.0, 5.0)))
    axis.set_minor_formatter(NullFormatter())


def _is_whole(x: float) -> bool:
    return abs(x - round(x)) < 1e-6 * max(1.0, abs(x))


def _power_text(x: float) -> str:
    """Return 0.01, 1, 100, and 10⁻⁴ or 3·10⁻⁴ for smaller and larger figures."""
    if x <= 0 or 0.01 <= x < 10_000:
        return f"{x:g}"
    exponent = math.floor(math.log10(x) + 1e-9)
    factor = f"{x / 10**exponent:.2g}"
    power = "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return power if factor == "1" else f"{factor}·{power}"
