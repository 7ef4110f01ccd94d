"""How fast models answer: blocks of calls in turn, so that a busy machine slows all alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.report import Estimate
from tamiz.metrics.intervals import student_t

CONFIDENCE: Final = 0.95
_BLOCK_S: Final = 0.05  # shorter blocks measure the clock
_MOST_CALLS: Final = 200
Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timed:
    """What blocks of calls took.

    Attributes:
        seconds: of each name (blocks,), the mean of a call in each block.
        n_calls: of each name, calls in a block.
    """

    seconds: Mapping[str, NDArray[np.float64]]
    n_calls: Mapping[str, int]

    def of(self, name: str, scale: float = 1.0) -> Estimate:
        """Return the seconds of a call, times `scale`."""
        return estimate_of(np.log(self.seconds[name] * scale), self.n_calls[name])

    def rate(self, name: str, n_each: int) -> Estimate:
        """Return how many images a second, where a call is about `n_each`."""
        return estimate_of(np.log(n_each / self.seconds[name]), self.n_calls[name])

    def ratio(self, name: str, other: str) -> Estimate:
        """Return how many times as fast `name` is as `other`, block by block."""
        logs = np.log(self.seconds[other]) - np.log(self.seconds[name])
        return estimate_of(logs, self.n_calls[name])


def estimate_of(logs: NDArray[np.float64], n_each: int) -> Estimate:
    """Return the geometric mean of blocks with Student's interval over them.

    Args:
        logs: (blocks,) natural logarithms, at least 2.
        n_each: calls in a block.
    """
    n, middle = len(logs), float(logs.mean())
    half = student_t((1 + CONFIDENCE) / 2, n - 1) * float(logs.std(ddof=1)) / math.sqrt(n)
    low, high = math.exp(middle - half), math.exp(middle + half)
    return Estimate(math.exp(middle), low, high, n * n_each, n, "student-t")


def timed(calls: Mapping[str, Call], n_blocks: int) -> Timed:
    """Return what calls take: `n_blocks` blocks of each, in turn, the order turning too.

    Each is called before without being timed, which also tells how many calls make a block of
    about a twentieth of a second.

    Args:
        calls: by name.
        n_blocks: at least 3.
    """
    n_calls = {}
    for name, call in calls.items():
        call()
        start = time.perf_counter()
        call()
        one = max(time.perf_counter() - start, 1e-7)
        n_calls[name] = max(1, min(_MOST_CALLS, math.ceil(_BLOCK_S / one)))
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for block in range(n_blocks):
        shift = block % len(names)
        for name in names[shift:] + names[:shift]:
            start = time.perf_counter()
            for _ in range(n_calls[name]):
                calls[name]()
            seconds[name].append((time.perf_counter() - start) / n_calls[name])
    return Timed({name: np.array(found) for name, found in seconds.items()}, n_calls)
