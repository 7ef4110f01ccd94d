"""Associations with one DICOM server: opened with time limits, explained when they fail."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tamiz.acquisition.statuses import is_transient, rejection_key, status_text
from tamiz.core.errors import TamizError, WrongData, WrongUse
from tamiz.core.language import say
from tamiz.core.optional import require

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.presentation import PresentationContext

T = TypeVar("T")
_AE_TITLE: Final = re.compile(r"(?=.*[^ ])[\x20-\x5b\x5d-\x7e]{1,16}")
_MAX_HANDSHAKE_S: Final = 30.0
_MAX_PAUSE_S: Final = 10.0
_PDU_BYTES: Final = 131072  # eight times the usual: fewer, larger packets
_NETWORK_LOGGERS: Final = ("pynetdicom", "pydicom", "dicomweb_client", "urllib3", "requests")


class Unreachable(WrongData):
    """The server cannot be reached now; a later attempt may succeed."""


class NotOffered(WrongData):
    """The server is there and refuses this service; another way may work."""


@dataclass(frozen=True, slots=True)
class Tls:
    """Files for encrypted connections, all PEM; None: the system's authorities, no certificate."""

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self, *, is_receiver: bool = False) -> ssl.SSLContext:
        """Return the settings of a connection that we open, or of one that we accept.

        Raises:
            WrongUse: a file is missing, damaged or does not belong to the others.
        """
        purpose = ssl.Purpose.CLIENT_AUTH if is_receiver else ssl.Purpose.SERVER_AUTH
        try:
            made = ssl.create_default_context(purpose, cafile=self.ca)
            if self.certificate:
                made.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            reason = error.strerror or type(error).__name__
            raise WrongUse.of("pacs.bad_tls", where="--tls", reason=reason) from error
        if is_receiver and self.ca:
            made.verify_mode = ssl.CERT_REQUIRED
        return made


@dataclass(frozen=True, slots=True)
class Server:
    """A DICOM server and how we speak to it.

    Attributes:
        host: its name or address.
        port: its DICOM port.
        called: its application entity title.
        calling: ours.
        timeout_s: how long to wait for an answer, and to try again after a lost connection.
        tls: None for an open connection.
    """

    host: str
    port: int
    called: str
    calling: str = "TAMIZ"
    timeout_s: float = 60.0
    tls: Tls | None = None

    def __post_init__(self) -> None:
        for flag, title in (("--called", self.called), ("--calling", self.calling)):
            if not _AE_TITLE.fullmatch(title):
                raise WrongUse.of("pacs.bad_title", where=flag)

    def __str__(self) -> str:
        return f"{self.called}@{self.host}:{self.port}"


@contextlib.contextmanager
def discreet() -> Iterator[None]:
    """Let no library print or log what travels: names, ids and UIDs stay in memory."""
    require("pynetdicom", extra="dicom", why=say("pacs.why"))
    from pynetdicom import _config

    before = (_config.LOG_REQUEST_IDENTIFIERS, _config.LOG_RESPONSE_IDENTIFIERS)
    levels = {name: logging.getLogger(name).level for name in _NETWORK_LOGGERS}
    handler = _config.LOG_HANDLER_LEVEL
    try:
        _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False
        _config.LOG_HANDLER_LEVEL = "none"
        for name in _NETWORK_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom's warnings quote the values they are about
            yield
    finally:
        _config.LOG_REQUEST_IDENTIFIERS, _config.LOG_RESPONSE_IDENTIFIERS = before
        _config.LOG_HANDLER_LEVEL = handler
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextlib.contextmanager
def association(
    server: Server,
    contexts: Sequence[PresentationContext],
    *,
    roles: Sequence[Any] = (),
    handlers: Sequence[tuple[Any, ...]] = (),
) -> Iterator[Association]:
    """Yield an open association; released at the end, aborted when anything goes wrong.

    Raises:
        Unreachable: nobody answers, or the server has no room now.
        WrongUse: it does not know one of the AE titles.
        NotOffered: it accepts none of `contexts`.
    """
    from pynetdicom import AE, evt

    entity = AE(ae_title=server.calling)
    entity.acse_timeout = min(server.timeout_s, _MAX_HANDSHAKE_S)
    entity.connection_timeout = entity.acse_timeout
    entity.dimse_timeout = entity.network_timeout = server.timeout_s
    opened = entity.associate(
        server.host,
        server.port,
        contexts=list(contexts),
        ae_title=server.called,
        max_pdu=_PDU_BYTES,
        ext_neg=list(roles),
        evt_handlers=[(evt.EVT_CONN_OPEN, _send_at_once), *handlers],
        tls_args=(server.tls.context(), server.host) if server.tls else None,
    )
    if not opened.is_established:
        raise _explain(opened, server)
    _keep_answers(opened)
    is_done = False
    try:
        yield opened
        is_done = True
    finally:
        if opened.is_established:
            if is_done:
                opened.release()
            else:
                opened.abort()


def lost(server: Server) -> Unreachable:
    """Return the error for a connection that broke, or went silent, in the middle of an answer."""
    return Unreachable.of("pacs.lost", where=server)


def refused(server: Server, code: int) -> NotOffered:
    """Return the error for a final status that is a failure."""
    return NotOffered.of("pacs.refused", where=server, status=status_text(code))


def echo(server: Server) -> float:
    """Ask the server whether it is there (C-ECHO); return the seconds that took."""
    with discreet():
        from pynetdicom import build_context
        from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

        start = time.monotonic()
        with association(server, [build_context(Verification)]) as opened:
            status = opened.send_c_echo()
            if "Status" not in status:
                raise lost(server)
            if status.Status != 0:
                raise refused(server, status.Status)
    return time.monotonic() - start


def patiently(
    act: Callable[[], T], *, timeout_s: float, on_pause: Callable[[TamizError], None]
) -> T:
    """Return what `act` returns, trying again while the server cannot be reached.

    Pauses double from half a second to ten; after `timeout_s` the last error is raised.
    """
    pause, deadline = 0.5, time.monotonic() + timeout_s
    while True:
        try:
            return act()
        except Unreachable as error:
            if time.monotonic() + pause > deadline:
                raise
            on_pause(error)
        time.sleep(pause)
        pause = min(2 * pause, _MAX_PAUSE_S)


def _keep_answers(opened: Association) -> None:
    """Let nobody but the one who asks take answers off the queue.

    pynetdicom's own thread looks there too. It is paused while we ask, but may be past its check
    at that very moment; it then takes one of our answers, finds it 'unexpected' and drops it
    (pynetdicom issue 875; 17 of 18,000 questions by four clients at once to Orthanc lost an
    answer). That thread is there for servers and asks without waiting; we always wait.
    """
    get_msg = opened.dimse.get_msg

    def get_ours(block: bool = False) -> Any:  # noqa: FBT001, FBT002 - pynetdicom's signature
        return get_msg(block=True) if block else (None, None)

    opened.dimse.get_msg = get_ours  # type: ignore[method-assign]


def _send_at_once(event: Any) -> None:
    """Switch off Nagle's algorithm: a C-FIND is two packets, and the second waited 40 ms."""
    with contextlib.suppress(AttributeError, OSError):
        event.assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _explain(failed: Association, server: Server) -> TamizError:
    answer = failed.acceptor.primitive
    if failed.is_rejected and answer is not None:
        result, source = int(answer.result or 0), int(answer.result_source or 0)
        kind = Unreachable if is_transient(result, source) else WrongUse
        key = rejection_key(source, int(answer.diagnostic or 0))
        return kind.of(key, where=server, called=server.called, calling=server.calling)
    if answer is not None and answer.result == 0:
        return NotOffered.of("pacs.no_context", where=server)
    return _explain_silence(server)


def _explain_silence(server: Server) -> Unreachable:
    """Find out why there was no answer at all, by connecting once more without DICOM."""
    patience = min(server.timeout_s, 5.0)
    key = "pacs.no_dicom_tls" if server.tls else "pacs.no_dicom"
    try:
        with socket.create_connection((server.host, server.port), timeout=patience):
            pass
    except socket.gaierror:
        key = "pacs.unknown_host"
    except ConnectionRefusedError:
        key = "pacs.nobody_listens"
    except TimeoutError:
        key = "pacs.no_answer"
    except OSError:
        key = "pacs.no_route"
    return Unreachable.of(key, where=server)
