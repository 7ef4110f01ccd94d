"""Small curves made of letters: a line of blocks, lowest to highest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

BLOCKS: Final = "▁▂▃▄▅▆▇█"
PLAIN_BLOCKS: Final = "_.-~=+*#"  # for terminals without the others


def spark(
    values: Sequence[float], width: int, *, low: float | None = None, high: float | None = None
) -> str:
    """Return `values` as a line of blocks, at most `width` signs, lowest to highest.

    Args:
        values: finite numbers, at least one.
        width: in signs; where there are more values, the largest by size of each few is shown.
        low: the value of the lowest block, when several lines share a scale; None: the lowest.
        high: likewise the highest.
    """
    step = max(1, math.ceil(len(values) / width))
    picked = [max(values[i : i + step], key=abs) for i in range(0, len(values), step)]
    low = min(picked) if low is None else low
    high = max(picked) if high is None else high
    room = (high - low) or 1.0
    shares = [min(1.0, max(0.0, (value - low) / room)) for value in picked]
    return "".join(BLOCKS[int(share * (len(BLOCKS) - 1))] for share in shares)
