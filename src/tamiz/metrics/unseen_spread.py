"""What the bootstrap cannot see: classes that are always found, or never, in the sample.

Where all items of a class are found, they are in every resample too, and the class adds nothing to
the spread of a mean over classes, however few items it has. Of 10 items that are all found, the
true share may well be 0.8. So what Wilson's bound on the class's groups leaves open is added to
the interval, as the root of the sum of squares.

Source: MOVER, Zou and Donner 2008, "Construction of confidence limits about effect measures",
Statistics in Medicine 27:1693; as in Newcombe 1998, Statistics in Medicine 17:873, for differences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tamiz.metrics.sums import Floats, Sums

Interval = tuple[float, float]


def with_unseen_spread(
    bounds: Interval,
    formula: Callable[[Sums], Floats],
    sums: Sums,
    facts: tuple[float, NDArray[np.int64], Callable[[float, float], Interval]],
) -> Interval:
    """Return the bounds of a share, moved apart by what classes of recall 0 or 1 leave open.

    Args:
        bounds: from the bootstrap.
        formula: of the figure; one that does not rest on recalls is left as it is.
        sums: of the sample.
        facts: the figure, in how many groups each class occurs, and Wilson's interval of so many
            of so many groups.
    """
    value, n_groups, wilson = facts
    down, up = (value - bounds[0]) ** 2, (bounds[1] - value) ** 2
    for at in np.flatnonzero(sums.true[0] > 0):
        found, true = float(sums.hit[0, at]), float(sums.true[0, at])
        if found not in {0.0, true}:
            continue
        low, high = wilson(n_groups[at] * found / true, n_groups[at])
        moved = true * (low if found else high) - found
        gap = float((formula(_with_found(sums, int(at), moved)) - formula(sums))[0])
        down, up = down + min(gap, 0.0) ** 2, up + max(gap, 0.0) ** 2
    return max(0.0, value - math.sqrt(down)), min(1.0, value + math.sqrt(up))


def _with_found(sums: Sums, at: int, more: float) -> Sums:
    """Return the sums with `more` items of a class found: of those named, and of those right."""
    hit, predicted = sums.hit.copy(), sums.predicted.copy()
    hit[0, at] += more
    predicted[0, at] += more
    return replace(sums, hit=hit, predicted=predicted)
