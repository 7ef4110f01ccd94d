"""What a request must pass before the web app sees it, and what every answer carries."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tamiz.web.asgi import Door, Guarded, allowed_hosts, policy_for

PAGE = '<!DOCTYPE html>\n<html lang="en"><script>a = 1</script></html>'


async def inner(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"content-type", b"text/html"), (b"Server", b"x"), (b"cache-control", b"public")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE.encode()})


def door(token: str = "", held: int = 0, **facts: Any) -> Guarded:
    hosts = allowed_hosts("127.0.0.1", ["app.example"])
    return Guarded(inner, Door(hosts, token, policy_for(PAGE), 100, 250, lambda: held, **facts))


def ask(app: Guarded, path: str = "/", kind: str = "http", **headers: str) -> list[dict[str, Any]]:
    path, _, query = path.partition("?")
    given = {"host": "127.0.0.1:8501", **headers}
    scope = {
        "type": kind,
        "path": path,
        "method": headers.get("method", "GET"),
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
    }
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> Any:
        return {}

    asyncio.run(app(scope, receive, send))
    return said


def status(said: list[dict[str, Any]]) -> int:
    return int(said[0]["status"])


def headers_of(said: list[dict[str, Any]]) -> dict[str, str]:
    return {k.decode().lower(): v.decode() for k, v in said[0]["headers"]}


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("127.0.0.1:8501", 200),
        ("localhost", 200),
        ("[::1]:8501", 200),
        ("APP.example", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_only_known_names_are_answered(host, wanted):
    assert status(ask(door(), host=host)) == wanted


def test_requests_from_other_sites_pages_are_refused_and_own_ones_pass():
    assert status(ask(door(), origin="http://127.0.0.1:8501")) == 200
    assert status(ask(door(), origin="http://127.0.0.1:9999")) == 403
    assert status(ask(door(), origin="null")) == 403
    closed = ask(door(), kind="websocket", origin="http://evil.example")
    assert closed == [{"type": "websocket.close", "code": 1008}]
    assert ask(door(), kind="websocket") == [{"type": "websocket.accept"}]


def test_without_the_token_nobody_comes_in_and_with_it_it_leaves_the_address():
    guarded = door("secret")
    assert status(ask(guarded)) == 401
    assert status(ask(guarded, "/?token=wrong")) == 401
    assert status(ask(guarded, cookie="tamiz-token=wrong")) == 401
    assert status(ask(guarded, cookie="tamiz-token=secret")) == 200
    assert ask(guarded, kind="websocket")[0]["type"] == "websocket.close"
    said = ask(guarded, "//elsewhere/x?token=secret&lang=es")
    assert status(said) == 303
    assert headers_of(said)["location"] == "/elsewhere/x?lang=es"
    cookie = headers_of(said)["set-cookie"]
    assert cookie.startswith("tamiz-token=secret; HttpOnly; SameSite=Strict")


def test_every_answer_carries_the_strict_headers_and_hides_the_server():
    found = headers_of(ask(door()))
    policy = found["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "no-referrer"
    assert found["cache-control"] == "no-store"
    assert "server" not in found
    refused = headers_of(ask(door(), host="evil.example"))
    assert refused["content-security-policy"] == policy
    assert headers_of(ask(door(), "/static/x.js"))["cache-control"] == "public"


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/oauth2callback"])
def test_doors_of_streamlit_that_nobody_needs_are_shut(path):
    assert status(ask(door(), path)) == 404


def test_an_upload_that_has_no_room_beside_the_others_is_refused():
    path = "/_stcore/upload_file/s/f"
    assert status(ask(door(held=200), path, method="PUT", content_length="50")) == 200
    assert status(ask(door(held=200), path, method="PUT", content_length="51")) == 413
    assert status(ask(door(held=200), path, method="PUT")) == 413  # may be as long as allowed
    assert status(ask(door(held=999), path, content_length="51")) == 200


def test_the_page_says_which_language_it_is_in():
    assert b'<html lang="es">' in ask(door(), accept_language="es-MX,es;q=0.9")[1]["body"]
    assert b'<html lang="en">' in ask(door(), accept_language="fr")[1]["body"]
    assert b'<html lang="es">' in ask(door(language="es"), accept_language="en")[1]["body"]


def test_refusals_are_told_in_the_readers_language():
    english = ask(door(), host="x")[1]["body"]
    spanish = ask(door(), host="x", accept_language="es")[1]["body"]
    assert english != spanish
