"""The border of the service: who may ask, what every answer carries, one line of log for each.

Plain ASGI (no framework): what is refused here never reached a parser of ours.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tamiz.core.errors import TamizError
from tamiz.core.language import LANGUAGES, language_of_header, speaking
from tamiz.service.figures import Figures
from tamiz.service.refusals import Left, Refusal, refusal_of, told
from tamiz.service.settings import Settings

LOG: Final = logging.getLogger("tamiz.service")
OPEN_PATHS: Final = frozenset({"/", "/openapi.json", "/healthz", "/readyz"})  # need no token
_PROBES: Final = frozenset({"/healthz", "/readyz"})  # asked by address, whatever the name
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:@/?#\\\[\]<>\"']+)(?::[0-9]{1,5})?")
_CLIENT_LEFT: Final = 499  # as nginx logs it; nobody receives it
_DRAIN_IDLE_S: Final = 2.0
_DRAIN_S: Final = 10.0
_DRAIN_BYTES: Final = 2**26
_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


@dataclass(slots=True)
class Call:
    """One request on its way.

    Attributes:
        method: of HTTP.
        path: as asked.
        headers: names in small letters.
        language: of who asks.
        id: of the request, in its answer and in the log.
        began: on the monotonic clock.
        n_received: bytes of the body so far.
        has_rest: whether more of the body may come.
        status: answered; 0: not yet.
        is_over: whether the answer was sent, or nobody waits for it.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    language: str
    id: str
    began: float = field(default_factory=time.monotonic)
    n_received: int = 0
    has_rest: bool = False
    status: int = 0
    is_over: bool = False

    @classmethod
    def of(cls, scope: Message) -> Call:
        """Return the request that ASGI tells of."""
        pairs = ((name.decode("latin-1"), v.decode("latin-1")) for name, v in scope["headers"])
        headers = {name.lower(): value for name, value in pairs}
        given = headers.get("x-request-id", "")
        return cls(
            method=scope["method"],
            path=scope["path"],
            headers=headers,
            language=_language(scope.get("query_string", b""), headers.get("accept-language", "")),
            id=given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex,
            has_rest=headers.get("content-length", "0") != "0" or "transfer-encoding" in headers,
        )


def _language(query: bytes, accepted: str) -> str:
    try:
        asked = parse_qs(query[:4096].decode("latin-1")).get("language", [""])[0]
    except ValueError:  # more fields than Python reads
        asked = ""
    return asked if asked in LANGUAGES else language_of_header(accepted)


class Border:
    """An ASGI application around another."""

    def __init__(
        self,
        inside: Application,
        settings: Settings,
        figures: Figures,
        routes: frozenset[str],
    ) -> None:
        self._inside, self._settings, self._figures = inside, settings, figures
        self._routes = routes
        self._token = _digest(settings.token)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._inside(scope, receive, send)
            return
        call = Call.of(scope)
        scope["call"] = call
        way = _Way(call, receive, send)
        with speaking(call.language):
            try:
                self._check(call)
                await self._inside(scope, way.receive, way.send)
            except Refusal as refusal:
                await way.refuse(refusal)
            except TamizError as error:
                await way.refuse(refusal_of(error))
            except Left:
                call.status = call.status or _CLIENT_LEFT
            except Exception as error:  # noqa: BLE001  (nothing of it may reach who asks)
                self._log_fault(call, error)
                await way.refuse(Refusal.of("service.fault", 500))
            finally:
                self._log(call)

    def _check(self, call: Call) -> None:
        host = call.headers.get("host", "")
        if call.path not in _PROBES and _name_in(host) not in self._settings.hosts:
            raise Refusal.of("service.other_host", 421, where=_shown(host))
        if call.method not in _SAFE_METHODS:
            self._check_origin(call, host)
        if self._settings.token and call.path not in OPEN_PATHS:
            scheme, _, token = call.headers.get("authorization", "").partition(" ")
            is_right = hmac.compare_digest(_digest(token.strip()), self._token)
            if scheme.lower() != "bearer" or not is_right:
                refused = Refusal.of("service.wrong_token", 401, where="Authorization")
                refused.headers["WWW-Authenticate"] = "Bearer"
                raise refused

    def _check_origin(self, call: Call, host: str) -> None:
        """Refuse what a page of another origin sends through its visitor's browser."""
        origin = call.headers.get("origin")
        is_foreign = call.headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}
        if origin is not None:
            is_foreign = is_foreign or _place_in(origin) != host.lower()
        if is_foreign:
            raise Refusal.of("service.other_origin", 403, where=_shown(origin or "Sec-Fetch-Site"))

    def _log(self, call: Call) -> None:
        route = call.path if call.path in self._routes else "other"
        seconds = time.monotonic() - call.began
        self._figures.request(route, call.status, seconds, call.n_received)
        LOG.info(
            "%s %s %s %d in=%d ms=%.0f",
            *(call.id, _shown(call.method), route, call.status, call.n_received, 1000 * seconds),
        )

    def _log_fault(self, call: Call, error: Exception) -> None:
        """Log where it happened; its words, which may hold names, only while debugging."""
        if self._settings.is_debugging:
            words = "".join(traceback.format_exception(error))
        else:
            lines = "".join(traceback.format_tb(error.__traceback__))
            words = f"{lines}{type(error).__name__}"
        LOG.error("%s %s\n%s", call.id, "internal error", words)


class _Way:
    """Receives for a request and sends its answer, with what every answer carries."""

    def __init__(self, call: Call, receive: Receive, send: Send) -> None:
        self._call, self._receive, self._send = call, receive, send

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._call.n_received += len(message.get("body", b""))
            self._call.has_rest = bool(message.get("more_body", False))
        else:
            self._call.is_over = True
        return message

    async def send(self, message: Message) -> None:
        if self._call.is_over:
            self._call.status = self._call.status or _CLIENT_LEFT
            return
        if message["type"] == "http.response.start":
            await self._start(message)
            return
        is_last = not message.get("more_body", False)
        if not is_last or not self._call.has_rest:
            await self._send(message)
        else:
            # The whole answer is out; the connection ends when the sender has seen it. Closed
            # while bytes are on their way, TCP would take the answer back.
            await self._send({**message, "more_body": True})
            await self._drain()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        if is_last:
            self._call.is_over = True

    async def refuse(self, refusal: Refusal) -> None:
        """Answer with words in place of what was asked; too late where an answer has begun."""
        if self._call.status:
            return
        body = json.dumps(told(refusal.error, self._call.id), ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **refusal.headers}
        headers["content-length"] = str(len(body))
        pairs = [(name.lower().encode(), v.encode("latin-1")) for name, v in headers.items()]
        await self.send({"type": "http.response.start", "status": refusal.status, "headers": pairs})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    async def _start(self, message: Message) -> None:
        self._call.status = message["status"]
        pairs = list(message.get("headers", []))
        known = {name.lower() for name, _ in pairs}
        more = {**_HEADERS, "x-request-id": self._call.id, "content-language": self._call.language}
        if self._call.has_rest:
            more["connection"] = "close"
        pairs += [(k.encode(), v.encode()) for k, v in more.items() if k.encode() not in known]
        await self._send({**message, "headers": pairs})

    async def _drain(self) -> None:
        """Take what is still on its way, for a moment, and forget it."""
        if not self._call.n_received and "expect" in self._call.headers:
            return  # the sender waits for a word before it sends
        until = time.monotonic() + _DRAIN_S
        n_bytes = 0
        try:
            while self._call.has_rest and n_bytes < _DRAIN_BYTES:
                async with asyncio.timeout(min(max(0.0, until - time.monotonic()), _DRAIN_IDLE_S)):
                    message = await self._receive()
                n_bytes += len(message.get("body", b""))
                self._call.has_rest = bool(message.get("more_body", False))
        except TimeoutError:
            return


def _digest(token: str) -> bytes:
    """Return a digest: of one length, so that comparing tells nothing about the token's."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _name_in(host: str) -> str:
    """Return the name in 'name:port', in small letters; '' where it is not of this form."""
    found = _HOST.fullmatch(host)
    return found[1].strip("[]").lower() if found else ""


def _place_in(origin: str) -> str:
    """Return 'name:port' of an origin; '' where it has none ('null', say)."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _shown(words: str) -> str:
    """Return a header's value as text of one line that is not long."""
    return "".join(one for one in words if one.isprintable())[:100]
