"""The node's ear: a DICOM server for C-ECHO and C-STORE, by pynetdicom."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import WrongUse
from tamiz.node.intake import MISMATCH, NO_ROOM, NOT_UNDERSTOOD, Arrived, Intake
from tamiz.node.settings import MIB, Settings

if TYPE_CHECKING:
    from pydicom import Dataset

_MOST_PEERS: Final = 10
_PDU_BYTES: Final = 131072  # what we ask for at most
_MOST_PDU_BYTES: Final = MIB  # what we read at most: a length of 4 GiB is no packet
_DIMSE_S: Final = 60.0
_DEFLATED: Final = "1.2.840.10008.1.2.1.99"  # unpacks to any size
# What a sender's log shows; DICOM allows 64 signs of ASCII.
_COMMENTS: Final = {
    "bad_uid": "A UID is missing or is none",
    "mismatch": "Command and data set name different instances",
    "unreadable": "The data set cannot be read",
    "too_large": "The study is larger than this node takes",
    "full": "The disk is full",
    "trouble": "The node cannot store now",
    "conflict": "This SOP instance is here with other content",
}


def check_port(settings: Settings) -> None:
    """Raise before any work where the node cannot listen.

    Raises:
        WrongUse: the port is taken, or the address is not one of this machine.
    """
    try:
        kind, *_, place = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(kind, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        raise _why_not(error, settings) from error


@contextlib.contextmanager
def listening(settings: Settings, intake: Intake) -> Iterator[int]:
    """Listen inside; yield the port.

    Raises:
        WrongUse: the port is taken, or the address is not one of this machine.
    """
    from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, evt
    from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

    entity = AE(ae_title=settings.aet)
    entity.require_called_aet = True
    entity.require_calling_aet = list(settings.only_from)
    entity.maximum_associations = _MOST_PEERS
    entity.maximum_pdu_size = _PDU_BYTES
    entity.dimse_timeout = entity.network_timeout = _DIMSE_S
    entity.add_supported_context(Verification)
    syntaxes = [one for one in ALL_TRANSFER_SYNTAXES if one != _DEFLATED]
    for context in AllStoragePresentationContexts:
        if context.abstract_syntax is not None:
            entity.add_supported_context(context.abstract_syntax, syntaxes)
    handlers: list[Any] = [
        (evt.EVT_CONN_OPEN, _bound, [settings.max_study_mib * MIB]),
        (evt.EVT_C_STORE, _store, [intake]),
        (evt.EVT_RELEASED, _end, [intake, True]),
        (evt.EVT_ABORTED, _end, [intake, False]),
        (evt.EVT_CONN_CLOSE, _end, [intake, False]),
    ]
    try:
        server: Any = entity.start_server(
            (settings.host, settings.port), block=False, evt_handlers=handlers
        )
    except OSError as error:
        raise _why_not(error, settings) from error
    try:
        yield settings.port
    finally:
        server.shutdown()


def _store(event: Any, intake: Intake) -> Dataset | int:
    """Answer a C-STORE."""
    event.assoc.dul.socket.n_received = 0
    try:
        arrived = _arrived(event)
    except (AttributeError, LookupError, TypeError, ValueError):
        return _status(NOT_UNDERSTOOD, "unreadable")
    took = intake.take(arrived, id(event.assoc))
    return _status(took.status, took.why) if took.status else 0


def _end(event: Any, intake: Intake, is_done: bool) -> None:  # noqa: FBT001 - pynetdicom's call
    """Note how an association ended."""
    intake.hung_up(id(event.assoc), is_done=is_done)


def _arrived(event: Any) -> Arrived:
    whole = event.encoded_dataset()
    return Arrived(
        content=whole,
        start=len(whole) - event.request.DataSet.getbuffer().nbytes,
        sop_class=str(event.request.AffectedSOPClassUID),
        sop_instance=str(event.request.AffectedSOPInstanceUID),
        syntax=str(event.context.transfer_syntax),
    )


def _status(code: int, why: str) -> Dataset:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.Status = code
    if code in {NO_ROOM, MISMATCH, NOT_UNDERSTOOD} or why == "conflict":
        made.ErrorComment = _COMMENTS[why]
    return made


def _bound(event: Any, most_bytes: int) -> None:
    """Read no packet, and no message, that is larger than allowed: the connection ends."""
    opened = event.assoc.dul.socket
    read = opened.recv
    opened.n_received = 0

    def recv(n_bytes: int) -> bytes:
        opened.n_received += n_bytes
        if n_bytes > _MOST_PDU_BYTES or opened.n_received > most_bytes + 2 * MIB:
            raise OSError(errno.EMSGSIZE, "too large")
        _acknowledge_at_once(opened.socket)
        content: bytes = read(n_bytes)
        return content

    def close() -> None:
        """Close what is open: pynetdicom leaves a socket open whose peer was gone before."""
        with contextlib.suppress(OSError, AttributeError):
            opened.socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError, AttributeError):
            opened.socket.close()

    opened.recv = recv
    opened._shutdown_socket = close  # noqa: SLF001


def _acknowledge_at_once(connection: socket.socket) -> None:
    """Tell the system not to wait 40 ms before it acknowledges a packet.

    Most senders wait for that between command and data set (Nagle's algorithm). The wish lasts for
    a few packets only, so it is repeated.
    """
    if hasattr(socket, "TCP_QUICKACK"):  # Linux
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _why_not(error: OSError, settings: Settings) -> WrongUse:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return WrongUse.of("node.busy_port", where=where)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return WrongUse.of("node.no_right", where=where)
    return WrongUse.of("node.not_ours", where=where)
