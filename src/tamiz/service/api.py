"""`api`: a model as an HTTP service: bound, loaded, warmed, served, and closed in order."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.service.answers import Speaker
from tamiz.service.application import Calls, application
from tamiz.service.border import LOG
from tamiz.service.intake import Bounds
from tamiz.service.settings import Settings
from tamiz.serving.answering import Answerer
from tamiz.serving.decoders import Limits
from tamiz.serving.patience import HEADERS_S, patient_protocol
from tamiz.serving.telling import card_words
from tamiz.serving.upload_folders import sweep

_HEADERS_S: Final = HEADERS_S
_KEEP_ALIVE_S: Final = 20
_MOST_CONNECTIONS: Final = 1000
_AFTER_ANSWERS_S: Final = 15.0  # beyond the time of an answer, when the service is stopped
_LONGEST_DECODING_S: Final = 30.0
_LIBRARIES: Final = ("uvicorn", "uvicorn.error", "python_multipart")


@dataclass(frozen=True, slots=True)
class Api:
    """A service that is ready to serve.

    Attributes:
        url: where it listens.
        calls: what it can be asked.
    """

    url: str
    calls: Calls
    _listener: socket.socket

    def serve(self) -> None:
        """Answer until SIGTERM or SIGINT comes; what is in work then is answered first."""
        import uvicorn

        settings = self.calls.settings
        config = uvicorn.Config(
            application(self.calls),
            http=_protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(settings.timeout_s + _AFTER_ANSWERS_S),
        )

        class Server(uvicorn.Server):
            def handle_exit(server, sig: int, frame: Any) -> None:  # noqa: N805
                self.calls.is_closing = True
                super().handle_exit(sig, frame)

        server = Server(config)
        with _quiet_end(self.calls):
            server.run(sockets=[self._listener])


@contextmanager
def opened(settings: Settings) -> Iterator[Api]:
    """Yield the service, listening, its model loaded; close everything at the end.

    Raises:
        WrongUse: the port is busy or not allowed, there is no model, a package is missing.
        WrongData: the model is damaged, or the decoding processes do not start.
    """
    for package in ("fastapi", "uvicorn", "python_multipart"):
        require(package, extra="service", why=say("service.why_package"))
    sweep()
    with ExitStack() as stack:
        listener = stack.enter_context(_listening(settings))
        limits = Limits(
            processes=settings.workers,
            memory_mib=settings.decode_memory_mib,
            seconds=min(_LONGEST_DECODING_S, settings.timeout_s),
        )
        loaded = Answerer.load(settings.model, guard=settings.guard, limits=limits)
        answerer = stack.enter_context(loaded)
        answerer.warm()
        shown = card_words(settings.model, answerer.bundle, answerer.identity)
        card = shown if settings.shows_card else ""
        calls = Calls(Speaker(answerer, card), settings, Bounds(settings.most_bytes))
        stack.callback(calls.close)
        yield Api(_url(listener), calls, listener)


def log_to_stderr(*, is_quiet: bool) -> None:
    """Write a line for each request to the standard error; only faults where quiet."""
    shown = logging.StreamHandler(sys.stderr)
    shown.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    LOG.addHandler(shown)
    LOG.propagate = False
    LOG.setLevel(logging.ERROR if is_quiet else logging.INFO)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Yield a socket bound to the place; nothing is answered there yet."""
    place = f"{settings.host}:{settings.port}"
    try:
        found = socket.getaddrinfo(
            settings.host.strip("[]"), settings.port, type=socket.SOCK_STREAM
        )
        family, kind, number, _, address = found[0]
        listener = socket.socket(family, kind, number)
    except OSError as error:
        raise WrongUse.of("service.no_such_host", where=place) from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(128)  # a second service must fail here, not once its model is loaded
        except OSError as error:
            raise _refused(error, place) from error
        yield listener


def _refused(error: OSError, place: str) -> WrongUse:
    if error.errno == errno.EADDRINUSE:
        return WrongUse.of("service.busy_port", where=place)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return WrongUse.of("service.forbidden_port", where=place)
    return WrongUse.of("service.no_such_host", where=place)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _quiet_end(calls: Calls) -> Iterator[None]:
    """Let a signal be an end like any other, also that of a closed terminal.

    Libraries' own lines are kept out of the log.
    """

    def ending(_number: int, _frame: Any) -> None:
        """Do nothing: the server has seen the signal and tells it again when it has ended."""

    for name in _LIBRARIES:  # their lines quote what was sent
        library = logging.getLogger(name)
        library.addHandler(logging.NullHandler())
        library.propagate = False
        library.setLevel(logging.CRITICAL)
    before = {one: signal.signal(one, ending) for one in (signal.SIGINT, signal.SIGTERM)}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # `nohup` has it ignored
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _as_if_told_to_end)
    try:
        yield
    finally:
        calls.is_closing = True
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_if_told_to_end(_number: int, _frame: Any) -> None:
    """Let the server see SIGTERM, which it listens for."""
    signal.raise_signal(signal.SIGTERM)


def _protocol() -> Any:
    """Return HTTP with a limit of time for headers."""
    return patient_protocol(_HEADERS_S)
