"""Parts worked on in processes of this machine, and what those do when they are told to stop."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from types import FrameType
from typing import Any, Final, NoReturn

from tamiz.core.errors import MachineTrouble
from tamiz.core.processes import begin_worker
from tamiz.workers.registry import Part, Result, Wishes

_MOST_LOSSES: Final = 3  # of workers in a row, before a part is given up
_AHEAD: Final = 2  # parts handed out for each that is worked on
_LOOK_S: Final = 0.3
_VISIBLE: Final = "CUDA_VISIBLE_DEVICES"


def in_processes(
    work: Callable[[Part], Result], parts: Iterable[Part], n: int, wishes: Wishes
) -> Iterator[Result]:
    """Yield `work(part)` for each part, in order, from `n` processes (see `registry.Engine`).

    When the caller stops early, the processes are told to stop as by Ctrl-C and waited for: a
    training then saves its state.
    """
    rest = iter(parts)
    # (part, its future; None: to be handed out again)
    waiting: deque[tuple[Part, Future[Result] | None]] = deque(
        (part, None) for part in islice(rest, _AHEAD * n)
    )
    n_done = n_lost = 0
    pool = _pool(min(n, max(1, len(waiting))), wishes)
    try:
        while waiting:
            # After a second loss the first part is tried alone: it may be the one that kills.
            n_out = 1 if n_lost > 1 else len(waiting)
            try:
                _hand_out(pool, work, waiting, n_out)
                future = waiting[0][1]
                made = _awaited(future) if future else None
            except BrokenProcessPool as error:
                n_lost += 1
                if n_lost >= _MOST_LOSSES:
                    raise MachineTrouble.of(
                        "workers.lost", where=wishes.what or "workers", n=n_lost, part=n_done + 1
                    ) from error
                pool.shutdown(wait=True, cancel_futures=True)  # what still runs saves its state
                pool = _pool(n, wishes)
                waiting = deque((part, _kept(one)) for part, one in waiting)
                continue
            waiting.popleft()
            n_done, n_lost = n_done + 1, 0
            waiting.extend((part, None) for part in islice(rest, 1))
            yield made  # type: ignore[misc]
    finally:
        if waiting:
            _tell_to_stop(pool)
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(n: int, wishes: Wishes) -> ProcessPoolExecutor:
    context = get_context("spawn")
    gpus = None
    if wishes.gpus:
        gpus = context.SimpleQueue()
        for name in wishes.gpus:
            gpus.put(name)
    return ProcessPoolExecutor(n, mp_context=context, initializer=_begin, initargs=(gpus,))


def _hand_out(
    pool: Executor, work: Callable[[Any], Any], waiting: deque[tuple[Any, Any]], n: int
) -> None:
    with _deaf_to_ctrl_c():  # processes begun here inherit it
        for at, (part, future) in enumerate(islice(waiting, n)):
            if future is None:
                waiting[at] = (part, pool.submit(_done, work, part))


def _awaited(future: Future[Result]) -> Result:
    """Return the result; Ctrl-C is heard meanwhile.

    Some libraries (polars) take over its signal so that it interrupts no wait without an end.
    """
    while True:
        try:
            return future.result(timeout=_LOOK_S)
        except TimeoutError:
            if future.done():  # the work's own
                raise


def _kept(future: Future[Result] | None) -> Future[Result] | None:
    """Return the future where its result is there, in spite of the pool's end."""
    if future is None or not future.done() or future.cancelled():
        return None
    return None if isinstance(future.exception(), BrokenProcessPool) else future


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Block SIGINT in this thread, and for ever in processes that it starts meanwhile.

    A terminal sends Ctrl-C to all of them; who started them decides what it means. One that
    comes meanwhile is heard afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _tell_to_stop(pool: ProcessPoolExecutor) -> None:
    # There is no public way before Python 3.14 (`terminate_workers`).
    for process in list((pool._processes or {}).values()):  # noqa: SLF001
        process.terminate()


class _Own:
    """What a worker process knows of itself."""

    is_at_work = False
    is_stopping = False


def _begin(gpus: Any) -> None:
    """Begin as a worker process, with a GPU of its own where there are any."""
    begin_worker()
    signal.signal(signal.SIGTERM, _stop)
    if gpus is not None and not gpus.empty():
        os.environ[_VISIBLE] = gpus.get()


def _stop(number: int, frame: FrameType | None) -> None:
    """Stop as by Ctrl-C where something is at work: a training ends its step and saves."""
    del number
    if not _Own.is_at_work:
        os._exit(1)
    if _Own.is_stopping:
        return
    _Own.is_stopping = True
    heard = signal.getsignal(signal.SIGINT)
    if not callable(heard):
        raise KeyboardInterrupt
    heard(signal.SIGINT, frame)


def _done(work: Callable[[Part], Result], part: Part) -> Result:
    _Own.is_at_work = True
    try:
        return work(part)
    except KeyboardInterrupt:
        _leave()  # nobody waits for the answer; an idle worker would wait for ever
    finally:
        _Own.is_at_work = False


def _leave() -> NoReturn:
    os._exit(1)
