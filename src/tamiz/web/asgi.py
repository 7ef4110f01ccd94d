"""What every request passes before Streamlit sees it: hosts, origins, a token; strict headers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from tamiz.core.language import LANGUAGES, language_of_header, say, speaking

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE: Final = "tamiz-token"
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_CLOSED: Final = ("/_stcore/agent", "/_stcore/metrics", "/oauth2callback", "/auth/")
_UPLOADS: Final = "/_stcore/upload_file/"
_BULKY: Final = ("/static/", "/media/", "/_stcore/", "/component/")
_SILENCE_S: Final = 30.0  # between two parts of a body
_PACKED: Final = b"accept-encoding"
_ENGLISH: Final = b'<html lang="en">'
_INLINE: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FIXED: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in.

    Attributes:
        hosts: names that a request may address, without ports.
        token: that every request must bring; '': none is asked for.
        policy: the Content-Security-Policy.
        most_bytes: of one upload.
        most_held: bytes of uploads that may be held at once.
        held: says how many are.
        language: of the pages; 'auto': the browser's.
        first: path of the page that opens first, which Streamlit knows as '/' only; '': none.
    """

    hosts: frozenset[str]
    token: str
    policy: str
    most_bytes: int
    most_held: int
    held: Callable[[], int]
    language: str = "auto"
    first: str = ""


def allowed_hosts(host: str, more: Iterable[str] = ()) -> frozenset[str]:
    """Return the names under which a server at `host` may be addressed."""
    return frozenset(one.lower().strip("[]") for one in (*_LOOPBACK, host, *more) if one)


def policy_for(index: str, scripts: Iterable[str] = ()) -> str:
    """Return the Content-Security-Policy under which Streamlit's page works.

    Scripts come from this host alone; the page's own inline ones are named by their hash. Nothing
    is evaluated, nothing fetched from elsewhere. Styles may stand inline (Streamlit needs that).

    Args:
        index: Streamlit's page.
        scripts: our own that stand inline in a frame of it.
    """
    found = [hashlib.sha256(one.encode()).digest() for one in (*_INLINE.findall(index), *scripts)]
    named = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in found)
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {named}".strip(),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


class Guarded:
    """An ASGI application behind a `Door`."""

    def __init__(self, app: App, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        if scope["type"] == "http" and not scope["path"].startswith(_BULKY):
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0] != _PACKED]}
        sending = self._with_headers(send, scope["path"], self._language(scope, headers))
        if refused := self._refusal(scope, headers):
            await _refuse(scope, sending, refused, headers)
        elif self._brings_token(scope):
            await _welcome(scope, sending, self._door.token)
        elif self._door.first and scope["path"].rstrip("/") == self._door.first:
            await _to_start(scope, sending)
        else:
            await self._app(scope, _patience(scope, receive), sending)

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> str:
        """Return the word of the catalogue that says why a request is refused; ''."""
        if _name_of(headers.get("host", "")) not in self._door.hosts:
            return "wrong_host"
        origin = headers.get("origin", "")
        if origin and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            return "wrong_origin"
        if self._door.token and not self._knows_token(scope, headers):
            return "no_token"
        if str(scope["path"]).startswith(_CLOSED):
            return "closed"
        return "full" if self._is_too_much(scope, headers) else ""

    def _is_too_much(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        """Return whether an upload has no room beside those that are held."""
        if scope.get("method") != "PUT" or not str(scope["path"]).startswith(_UPLOADS):
            return False
        told = headers.get("content-length", "")
        size = int(told) if told.isdecimal() else self._door.most_bytes
        return self._door.held() + size > self._door.most_held

    def _knows_token(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            found = None
        given = found.value if found is not None else _token_in(scope)
        return hmac.compare_digest(given.encode(), self._door.token.encode())

    def _brings_token(self, scope: Scope) -> bool:
        """Return whether the address holds the token; it goes into a cookie and out of sight."""
        return bool(self._door.token) and scope["type"] == "http" and bool(_token_in(scope))

    def _language(self, scope: Scope, headers: Mapping[str, str]) -> str:
        asked = _query(scope).get("lang", [""])[-1]
        if asked in LANGUAGES:
            return asked
        if self._door.language in LANGUAGES:
            return self._door.language
        return language_of_header(headers.get("accept-language", ""))

    def _with_headers(self, send: Send, path: str, language: str) -> Send:
        fixed = {**_FIXED, "content-security-policy": self._door.policy}
        if not path.startswith("/static/"):  # answers about people stay in no cache
            fixed["cache-control"] = "no-store"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message.get("headers", [])
                    if name.decode("latin-1").lower() not in {*fixed, "server"}
                ]
                added = [(name.encode(), value.encode()) for name, value in fixed.items()]
                message["headers"] = [*kept, *added]
            elif message["type"] == "http.response.body" and not path.startswith(_BULKY):
                # Streamlit says that every page is English; both words are as long.
                told = f'<html lang="{language}">'.encode()
                message["body"] = message.get("body", b"").replace(_ENGLISH, told, 1)
            await send(message)

        return sending


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def _name_of(host: str) -> str:
    """Return the name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _token_in(scope: Scope) -> str:
    return _query(scope).get("token", [""])[-1]


def _query(scope: Scope) -> dict[str, list[str]]:
    told: bytes = scope.get("query_string", b"")
    return parse_qs(told.decode("latin-1"))


def _patience(scope: Scope, receive: Receive) -> Receive:
    """Return what receives a request; a sender who falls silent in its midst has gone."""
    is_whole = scope["type"] != "http"

    async def receiving() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), _SILENCE_S)
        except TimeoutError:
            return {"type": "http.disconnect"}
        is_whole = not message.get("more_body", False)
        return message

    return receiving


async def _refuse(scope: Scope, send: Send, why: str, headers: Mapping[str, str]) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    status = {"wrong_host": 421, "wrong_origin": 403, "no_token": 401, "closed": 404, "full": 413}[
        why
    ]
    with speaking(language_of_header(headers.get("accept-language", ""))):
        words = say(f"web.refused_{why}")
    await _answer(send, status, words, [(b"content-type", b"text/plain; charset=utf-8")])


async def _welcome(scope: Scope, send: Send, token: str) -> None:
    """Answer a request with the right token in its address: the same page, the token put away."""
    query = _query(scope)
    query.pop("token")
    path = "/" + str(scope["path"]).lstrip("/\\")  # '//elsewhere' would be another host
    rest = f"?{urlencode(query, doseq=True)}" if query else ""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/{secure}"
    place = f"{path}{rest}".encode("ascii", "ignore")
    await _answer(send, 303, "", [(b"location", place), (b"set-cookie", cookie.encode())])


async def _to_start(scope: Scope, send: Send) -> None:
    """Answer with the address under which the first page is known."""
    query = bytes(scope.get("query_string", b""))
    await _answer(send, 307, "", [(b"location", b"/" + (b"?" + query if query else b""))])


async def _answer(send: Send, status: int, words: str, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
