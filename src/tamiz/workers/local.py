"""Engines on this machine: threads of this process, or processes of their own."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final

from tamiz.workers.apart import in_processes
from tamiz.workers.registry import ENGINES, Part, Place, Result, Wishes

_AHEAD: Final = 2  # parts handed out for each that is worked on


def n_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


@ENGINES.add("local")
class Local:
    """Threads of this process, which share what they work on; processes where threads are no help.

    Decoders and numpy let other threads work meanwhile, so threads are as fast as processes and
    copy nothing.
    """

    def __init__(self, place: Place | None = None) -> None:
        self._n = place.n_workers if place else 0

    def n_hands(self, wishes: Wishes) -> int:
        """Return how many parts are worked on at once."""
        return self._n or wishes.n_threads or n_cores()

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        """Yield `work(part)` for each part, in order (see `registry.Engine`)."""
        n = self.n_hands(wishes)
        if n < 2:
            yield from map(work, parts)
        elif wishes.holds_lock:
            yield from in_processes(work, parts, n, wishes)
        else:
            pool = ThreadPoolExecutor(n, thread_name_prefix=f"tamiz-{wishes.what}")
            try:
                yield from _handed_out(pool, work, parts, n)
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        """Do nothing: workers see what this process sees."""

    def close(self) -> None:
        """Do nothing: pools end with the work they were made for."""


@ENGINES.add("processes")
class Processes:
    """Processes of this machine, started anew for each piece of work.

    One that dies (killed, out of memory, a decoder that crashes) is replaced.
    """

    def __init__(self, place: Place) -> None:
        self._n = place.n_workers

    def n_hands(self, wishes: Wishes) -> int:
        """Return how many parts are worked on at once."""
        n = self._n or max(1, n_cores() // max(1, wishes.n_cores))
        return min(n, len(wishes.gpus)) if wishes.gpus else n

    def in_order(
        self, work: Callable[[Part], Result], parts: Iterable[Part], wishes: Wishes
    ) -> Iterator[Result]:
        """Yield `work(part)` for each part, in order (see `registry.Engine`)."""
        return in_processes(work, parts, self.n_hands(wishes), wishes)

    def check_paths(self, places: Sequence[Path], out: Path | None) -> None:
        """Do nothing: workers see what this process sees."""

    def close(self) -> None:
        """Do nothing: pools end with the work they were made for."""


def _handed_out(
    pool: Executor, work: Callable[[Part], Result], parts: Iterable[Part], n: int
) -> Iterator[Result]:
    rest = iter(parts)
    waiting = deque(pool.submit(work, part) for part in islice(rest, _AHEAD * n))
    while waiting:
        made = waiting.popleft().result()
        waiting.extend(pool.submit(work, part) for part in islice(rest, 1))
        yield made
