"""Worker processes that end when the process that started them does, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Final, NoReturn

_leaving: Final[set[str]] = set()


def begin_worker() -> None:
    """Leave Ctrl-C, which a terminal sends to all, to the parent, and end when the parent does.

    To be called in a worker at its start.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """Let this process end when its parent does; to be called in a worker at its start."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, name="tamiz-parent", daemon=True).start()


def leave_at_once() -> None:
    """Let `leave` end this process without the farewells of its libraries.

    For one that would wait for ever, or crash, because what it says goodbye to is gone.
    """
    _leaving.add("at once")


def leave(code: int) -> NoReturn:
    """End this process with an exit code."""
    if not _leaving:
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
