"""Uploads arrive piece by piece: counted, bounded in time and number, gone when the sender is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.faces.service_parts import form, part

from tamiz.service.intake import Bounds, Received, received
from tamiz.service.refusals import Left, Refusal

HEADERS = {"content-type": "multipart/form-data; boundary=edge"}
Read = Callable[[list[Received]], Any]


def sender(*pieces: bytes, is_endless: bool = False) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Return ASGI's receive of a client that sends these pieces, then leaves or goes on."""
    rest = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    if rest and not is_endless:
        rest[-1]["more_body"] = False

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        if not rest:
            return {"type": "http.disconnect"}
        return rest.pop(0) if len(rest) > 1 or not is_endless else dict(rest[0])

    return receive


def take(
    receive: Callable[[], Awaitable[dict[str, Any]]],
    bounds: Bounds | None = None,
    headers: dict[str, str] | None = None,
) -> list[tuple[str, bytes | None, str]]:
    """Return name, content and error of each file received."""
    with ExitStack() as owned:
        given_headers = {**HEADERS, **(headers or {})}
        waiting = received(receive, given_headers, bounds or Bounds(2**20), owned)
        return [
            (
                one.name,
                None if one.given is None else one.given.path.read_bytes(),
                "" if one.error is None else str(one.error),
            )
            for one in asyncio.run(waiting)
        ]


def refused(receive: Any, bounds: Bounds | None = None, **headers: str) -> Refusal:
    with pytest.raises(Refusal) as found:
        take(receive, bounds, {name.replace("_", "-"): v for name, v in headers.items()})
    return found.value


@given(
    st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=4),
    st.integers(1, 64),
)
def test_files_arrive_whole_and_in_order_however_they_are_cut_into_pieces(contents, step):
    whole = form(*(part(one) for one in contents))
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
    if any(b"--edge" in one for one in contents):
        return
    assert [content for _, content, _ in take(sender(*pieces))] == contents


def test_names_are_told_as_text_and_an_empty_file_does_not_spoil_the_others():
    names = [b"../../etc/passwd", "año <b>.png".encode(), b"\xff\xfe.png", b""]
    found = take(sender(form(*(part(b"x", name) for name in names), part(b"", b"empty.png"))))
    assert [name for name, _, _ in found] == [
        "passwd", "año <b>.png", "\ufffd\ufffd.png", "upload", "empty.png",
    ]  # fmt: skip
    assert "the upload is empty" in found[-1][2]


def test_what_is_no_form_is_refused_with_how_to_mend_it():
    found = refused(sender(b"{}"), content_type="application/json")
    assert found.status == 415
    assert "curl -F file=@photo.jpg" in found.error.fix


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=" + "x" * 71],
    ids=["no boundary", "a long one"],
)
def test_a_form_without_a_usable_boundary_is_refused(content_type):
    assert refused(sender(b"x"), content_type=content_type).status == 400


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"garbage", "malformed"),
        (form(part(b"x"))[:-4], "malformed"),
        (b"--edge--\r\n", "no file"),
        (form(part(b"x", field=b"photo")), "not known"),
        (form(b"Content-Disposition: form-data\r\n\r\nx"), "not known"),
        (form(b"A: b\r\n" * 9 + part(b"x")), "malformed"),
        (form(part(b"x", b"n" * 5000)), "malformed"),
    ],
    ids=["garbage", "cut off", "empty", "other field", "no field", "many headers", "long header"],
)
def test_forms_that_are_wrong_are_refused(body, key):
    found = refused(sender(body))
    assert found.status == 400
    assert key in found.error.what


def test_bytes_are_counted_whatever_was_announced():
    endless = sender(form(part(b"x"))[:-8], b"0" * 65536, is_endless=True)
    assert refused(endless, Bounds(2**20), content_length="10").status == 413
    big = refused(sender(b""), Bounds(2**20), content_length=str(2**40))
    assert big.status == 413
    assert "1 MiB" in big.error.what
    after_the_end = sender(form(part(b"x")), b"0" * 65536, is_endless=True)
    assert refused(after_the_end, Bounds(2**20)).status == 413


def test_only_so_many_files_are_taken():
    many = form(*[part(b"x")] * 4)
    assert refused(sender(many), Bounds(2**20, most_files=3)).status == 422
    assert len(take(sender(many), Bounds(2**20, most_files=4))) == 4


def test_who_sends_nothing_for_long_is_sent_away():
    async def silent() -> dict[str, Any]:
        await asyncio.sleep(60)
        return {}

    found = refused(silent, Bounds(2**20, idle_s=0.05))
    assert found.status == 408


def test_who_sends_a_byte_now_and_then_is_sent_away():
    async def dripping() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"-", "more_body": True}

    bounds = Bounds(2**20, idle_s=5, first_s=0.2, slowest_bytes_s=2**16)
    pieces: Sequence[bytes] = (form(part(b"x"))[:-8],)
    opening = sender(*pieces, is_endless=True)
    began = False

    async def receive() -> dict[str, Any]:
        nonlocal began
        if began:
            return {**await dripping(), "body": b"x"}
        began = True
        return await opening()

    assert refused(receive, bounds).status == 408


def test_files_of_a_sender_who_leaves_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    half = sender(form(part(b"x"), part(b"y" * 999))[:-100], is_endless=True)
    rest = [half, sender()]

    async def receive() -> dict[str, Any]:
        return await rest.pop(0)()

    with ExitStack() as owned:
        with pytest.raises(Left):
            asyncio.run(received(receive, HEADERS, Bounds(2**20), owned))
        assert len(list(tmp_path.glob("*/upload"))) == 2
    assert list(tmp_path.glob("tamiz-upload-*")) == []
