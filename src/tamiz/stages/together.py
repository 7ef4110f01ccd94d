"""Several processes of one command: the first does it, the others help where it trains.

A face needs only these: help, lead, say how it ended, start them.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from tamiz.core.errors import MachineTrouble, TamizError, WrongUse
from tamiz.core.places import SAID_IN, place
from tamiz.workers.local import n_cores

_STARTER_S: Final = 1.0  # between looks whether who started the processes is there


class ToldToEnd(BaseException):  # no fault of an input: nothing that tries again may catch it
    """Somebody ends all processes: the user, or torchrun when one of them died."""

    def told(self) -> MachineTrouble:
        """Return it in the user's words."""
        where = "--processes" if os.environ.get(SAID_IN) else "torchrun"
        return MachineTrouble.of("together.ended", where=where, n=place().n)


def help_train() -> None:
    """Help in every training until process 0 is done; nothing is printed or written.

    Ctrl-C reaches process 0, too, which ends the training for all.
    """
    _keep_quiet()
    _end_with_starter(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    from tamiz.engine.together.leading import meeting

    with suppress(TamizError):  # process 0 says it
        found = meeting()
        if found is not None:
            found.follow()


@contextmanager
def leading() -> Iterator[None]:
    """Let the others go when the command is done, however it ends."""
    if place().n == 1:
        yield
        return
    _keep_quiet()
    _be_told_to_end()
    _end_with_starter(signal.SIGTERM)
    try:
        yield
    finally:
        from tamiz.engine.together.leading import meeting

        with suppress(MachineTrouble):
            found = meeting()
            if found is not None:
                found.end()


def say_code(code: int) -> None:
    """Tell whoever started the processes that process 0 has said all there is to say."""
    path = os.environ.get(SAID_IN)
    if path and place().n > 1 and place().is_first:
        with suppress(OSError):
            Path(path).write_text(f"{code}", encoding="ascii")


def launch(arguments: Sequence[str], n: int) -> int:
    """Do the command line by `n` processes on this machine; return the exit code.

    Raises:
        MachineTrouble: a process ended before process 0 could say why.
    """
    from tamiz.engine.together.launching import launch as start

    return start(arguments, n)


def is_to_be_started(n: int) -> bool:
    """Return whether `n` processes are asked for and not there yet.

    Raises:
        WrongUse: torchrun started another number, or there are too few cores: processes that wait
            for each other at every step and share a core only fill the memory.
    """
    n_most = max(2, n_cores())
    if place().n == 1 and n > n_most:
        raise WrongUse.of("together.too_many", where="--processes", asked=n, n=n_most)
    if place().n > 1 and n not in {1, place().n}:
        raise WrongUse.of("together.other_processes", where="--processes", asked=n, n=place().n)
    return n > 1 and place().n == 1


def _keep_quiet() -> None:
    """Leave out what torch writes about connections that end: our own line says more."""
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")


def _be_told_to_end() -> None:
    """Turn the signal that torchrun sends, when another process died, into one line."""

    def end(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough to clean up
        raise ToldToEnd

    signal.signal(signal.SIGTERM, end)


def _end_with_starter(number: signal.Signals) -> None:
    """Send this process a signal when torchrun is gone: killed, it could tell nobody.

    Processes started in other ways (a batch system, a shell) may outlive who started them.
    """
    if not (os.environ.get(SAID_IN) or os.environ.get("TORCHELASTIC_RUN_ID")):
        return
    starter = os.getppid()

    def watch() -> None:
        while os.getppid() == starter:
            time.sleep(_STARTER_S)
        os.kill(os.getpid(), number)

    threading.Thread(target=watch, name="tamiz-starter", daemon=True).start()
