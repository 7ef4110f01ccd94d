"""Fetching public weights: a host that does not answer is given up soon, and nothing is printed."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from typing import Final

TIMEOUT_S: Final = 10.0  # without a single byte


@contextlib.contextmanager
def fetching() -> Iterator[None]:
    """Let libraries fetch inside: no more than 10 s of silence, standard output left alone."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT_S)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # torch says there what it fetches
            yield
    finally:
        socket.setdefaulttimeout(before)
