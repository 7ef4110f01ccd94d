"""Uploads received piece by piece: bytes are counted, slow senders sent away, memory stays small.

Nothing that a sender announces is believed: sizes are what arrived, names are only ever text.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tamiz.core.errors import TamizError, WrongData
from tamiz.service.refusals import Left, Refusal
from tamiz.serving.answering import Given
from tamiz.serving.uploads import Upload, plain_name, receiving

FIELD: Final = "file"
_LONGEST_BOUNDARY: Final = 70  # RFC 2046, 5.1.1
_MOST_HEADERS: Final = 8  # of a part
_MOST_HEADER_BYTES: Final = 4096
_OVERHEAD_BYTES: Final = 2**20  # of boundaries and headers of parts
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may send.

    Attributes:
        most_bytes: of files.
        most_files: in one request.
        idle_s: longest time without a byte.
        first_s: time for a whole request, to which each byte adds a little.
        slowest_bytes_s: pace at which bytes add time.
    """

    most_bytes: int
    most_files: int = 100
    idle_s: float = 10.0
    first_s: float = 30.0
    slowest_bytes_s: int = 2**16


class Received(NamedTuple):
    """One file of a request.

    Attributes:
        given: where it lies; None where nothing can be asked about it.
        name: what its sender calls it.
        error: then, why.
    """

    given: Given | None
    name: str
    error: TamizError | None = None


async def received(
    receive: Receive, headers: Mapping[str, str], bounds: Bounds, owned: ExitStack
) -> list[Received]:
    """Return the files of a request, in order.

    Args:
        receive: of ASGI.
        headers: of the request.
        bounds: what it may send.
        owned: removes the files when it is closed.

    Raises:
        Refusal: 400, 408, 413, 415.
        MachineTrouble: the disk is full.
        Left: the sender is gone.
    """
    parts = _Parts(_boundary_of(headers.get("content-type", "")), bounds, owned)
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > bounds.most_bytes + _OVERHEAD_BYTES:
        raise _too_large(bounds)
    began = time.monotonic()
    n_bytes = 0
    while True:
        until = began + bounds.first_s + n_bytes / bounds.slowest_bytes_s
        message = await _next(receive, min(bounds.idle_s, until - time.monotonic()))
        if message["type"] == "http.disconnect":
            raise Left
        body: bytes = message.get("body", b"")
        n_bytes += len(body)
        if n_bytes > bounds.most_bytes + _OVERHEAD_BYTES:
            raise _too_large(bounds)
        parts.take(body)
        if not message.get("more_body", False):
            return parts.finished()


async def _next(receive: Receive, seconds: float) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            return await receive()
    except TimeoutError as error:
        raise Refusal.of("service.too_slow", 408) from error


def _too_large(bounds: Bounds) -> Refusal:
    limit = bounds.most_bytes >> 20
    return Refusal(413, WrongData.of("serving.too_large", where=FIELD, limit_mib=limit))


def _boundary_of(content_type: str) -> bytes:
    from python_multipart.multipart import parse_options_header

    kind, options = parse_options_header(content_type[:1000])
    if kind != b"multipart/form-data":
        raise Refusal.of("service.no_form", 415, where="Content-Type")
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise Refusal.of("service.broken_form", 400, where="Content-Type")
    return boundary


class _Parts:
    """Writes the parts of a form to disk while they arrive."""

    def __init__(self, boundary: bytes, bounds: Bounds, owned: ExitStack) -> None:
        from python_multipart.multipart import MultipartParser

        self._bounds, self._owned = bounds, owned
        self._files: list[Received] = []
        self._upload: Upload | None = None
        self._field, self._value = bytearray(), bytearray()
        self._disposition = b""
        self._is_ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._open,
                "on_part_data": self._write,
                "on_part_end": self._close,
                "on_end": self._end,
            },
            max_header_count=_MOST_HEADERS,
            max_header_size=_MOST_HEADER_BYTES,
        )

    def take(self, body: bytes) -> None:
        """Read the next bytes of the form."""
        from python_multipart.exceptions import FormParserError

        try:
            if body:
                self._parser.write(body)
        except FormParserError as error:
            raise Refusal.of("service.broken_form", 400) from error

    def finished(self) -> list[Received]:
        """Return the files once all bytes are there."""
        if not self._is_ended:
            raise Refusal.of("service.broken_form", 400)
        if not self._files:
            raise Refusal.of("service.no_file", 400, field=FIELD)
        return self._files

    def _begin(self) -> None:
        self._disposition = b""
        self._field.clear()
        self._value.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._field.clear()
        self._value.clear()

    def _open(self) -> None:
        from python_multipart.multipart import parse_options_header

        _, options = parse_options_header(self._disposition.decode("latin-1"))
        field = options.get(b"name", b"").decode("utf-8", "replace")
        if field != FIELD:
            where = plain_name(field)[:50]
            raise Refusal.of("service.other_field", 400, where=where, field=FIELD)
        if len(self._files) == self._bounds.most_files:
            raise Refusal.of("service.many_files", 422, n=self._bounds.most_files)
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._upload = self._owned.enter_context(receiving(name, self._bounds.most_bytes))

    def _write(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            try:
                self._upload.write(data[start:end])
            except WrongData as error:
                raise Refusal(413, error) from error

    def _close(self) -> None:
        if self._upload is None:
            return
        name = self._upload.given.name
        try:
            self._files.append(Received(self._upload.finish(), name))
        except WrongData as error:
            self._files.append(Received(None, name, error))
        self._upload = None

    def _end(self) -> None:
        self._is_ended = True
