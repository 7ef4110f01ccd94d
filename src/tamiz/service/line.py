"""The line of those who wait: a few are worked on, a few may wait, the rest is told when to come.

Whoever is refused is told a later moment than the one refused before him, at the pace at which
uploads are answered; so those who come back do not all come at once.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, Final, TypeVar

from tamiz.service.refusals import Left, Refusal

T = TypeVar("T")
_FIRST_GUESS_S: Final = 0.1  # from one answer to the next, before there were any
_EARLY: Final = 0.5
_STEPS_AHEAD: Final = 40
_LEAST_AHEAD_S: Final = 4.0
_REMEMBERED: Final = 20  # answers whose pace is taken for that of the next
_THREADS_PER_WORKER: Final = 8  # while some are decoded, others wait for the network together
_LONGEST_WAIT_S: Final = 60.0


class Line:
    """Places for uploads; thread-safe.

    Args:
        n_workers: that are decoded at the same time.
        n_waiting: that may wait, or be received, besides.
    """

    def __init__(self, n_workers: int, n_waiting: int) -> None:
        self._n_workers, self._n_places = n_workers, n_workers + n_waiting
        n_threads = min(self._n_places, _THREADS_PER_WORKER * n_workers)
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="work")
        self._lock = threading.Lock()
        self._n_inside = 0
        self._n_working = 0
        self._steps_s = deque([_FIRST_GUESS_S], _REMEMBERED)
        self._last_end = 0.0
        self._was_full = False
        self._next_free = 0.0

    @property
    def n_working(self) -> int:
        """Return how many uploads are worked on now; further ones in threads wait for a worker."""
        return min(self._n_working, self._n_workers)

    @property
    def n_waiting(self) -> int:
        """Return how many uploads are received or wait."""
        return max(0, self._n_inside - self.n_working)

    def close(self) -> None:
        """Wait for what is worked on; nothing new is taken."""
        self._pool.shutdown(cancel_futures=True)

    def enter(self, owned: ExitStack) -> None:
        """Take a place, which is given back when `owned` is closed.

        Raises:
            Refusal: 503, all are taken.
        """
        with self._lock:
            if self._n_inside < self._n_places:
                self._n_inside += 1
                owned.callback(self._leave)
                return
            seconds = self._come_back_in()
        refused = Refusal.of("service.full", 503, seconds=seconds)
        refused.headers["Retry-After"] = str(seconds)
        raise refused

    async def answered(
        self,
        task: Callable[[threading.Event], T],
        owned: ExitStack,
        *,
        gone: Awaitable[object],
        seconds: float,
    ) -> T:
        """Return what a task makes in a thread, when its turn has come.

        Args:
            task: is handed an event: once it is set, nobody waits any more.
            owned: closed when the task has ended, however and whenever that is.
            gone: returns when who asked is gone.
            seconds: for waiting and working together.

        Raises:
            Refusal: 504, it took longer.
            Left: who asked is gone.
        """
        is_abandoned = threading.Event()
        future = self._pool.submit(self._work, task, owned, is_abandoned)
        future.add_done_callback(lambda _: owned.close())  # where it was cancelled before it began
        wrapped = asyncio.wrap_future(future)
        leaving = asyncio.ensure_future(gone)
        either: set[asyncio.Future[Any]] = {wrapped, leaving}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if wrapped.done():
                return wrapped.result()
            if leaving.done():
                raise Left
            raise Refusal.of("service.too_long", 504, seconds=f"{seconds:g}")
        finally:
            leaving.cancel()
            if not wrapped.done():
                is_abandoned.set()
                wrapped.cancel()

    def _work(
        self, task: Callable[[threading.Event], T], owned: ExitStack, is_abandoned: threading.Event
    ) -> T:
        with owned, self._counted():
            return task(is_abandoned)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._n_working += 1
        try:
            yield
        finally:
            now = time.monotonic()
            with self._lock:
                self._n_working -= 1
                if self._was_full:  # all the time since the answer before
                    self._steps_s.append(now - self._last_end)
                self._was_full = self._n_inside > self._n_workers
                self._last_end = now

    def _leave(self) -> None:
        with self._lock:
            self._n_inside -= 1

    def _come_back_in(self) -> int:
        """Return after how many seconds there should be a place, for one more who asks."""
        now = time.monotonic()
        # One place is free as soon as one upload is answered, the next with the next answer. A
        # little early: a line that runs empty costs more than one more refusal. And not far ahead:
        # the pace of a rush is no forecast, so whoever is behind many comes among those before.
        step = sum(self._steps_s) / len(self._steps_s)
        longest = min(max(_STEPS_AHEAD * step, _LEAST_AHEAD_S), _LONGEST_WAIT_S)
        self._next_free = max(self._next_free, now) + _EARLY * step
        if self._next_free > now + longest:
            self._next_free = now + longest / 2
        return max(1, math.ceil(self._next_free - now))
