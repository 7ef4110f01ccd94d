"""A service in a process of its own, over a real network: who leaves, who is slow, how it ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from tests.faces.service_parts import form, part

from tamiz.core.errors import WrongUse
from tamiz.service import api
from tamiz.service.settings import Settings
from tamiz.stages.predict import predict

HEAD = (
    b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=edge\r\n"
)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


class Running(NamedTuple):
    """A service that runs."""

    process: subprocess.Popen[str]
    port: int
    uploads: Path
    identity: str


@pytest.fixture(scope="module")
def service(model, tmp_path_factory) -> Iterator[Running]:
    uploads = tmp_path_factory.mktemp("uploads")
    words = [sys.executable, "-m", "tamiz", "api", str(model), "--port", "0", "--json"]
    words += ["--workers", "1", "--queue", "2", "--max-upload", "8"]
    environment = {**os.environ, "TMPDIR": str(uploads), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield Running(process, int(told["url"].rpartition(":")[2]), uploads, told["identity"])
        process.kill()


def post(port: int, body: bytes) -> tuple[int, dict[str, str], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    head = {"Content-Type": "multipart/form-data; boundary=edge"}
    connection.request("POST", "/v1/predict", body, head)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), json.loads(answer.read())
    connection.close()
    return found


def opened(port: int, content: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(content)
    return connection


def comes_true(condition: Any) -> bool:
    until = time.monotonic() + 30
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return bool(condition())


def received_by(connection: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


def test_it_answers_as_predict_does(service, model, photos):
    path = sorted(photos.iterdir())[0]
    status, headers, body = post(service.port, form(part(path.read_bytes(), b"00.png")))
    assert (status, headers.get("server")) == (200, None)
    wanted = predict(model, path)
    assert [{k: v for k, v in one.items() if k != "file"} for one in body["answers"]] == (
        wanted.told()["answers"]
    )
    assert body["model"]["identity"] == service.identity == wanted.predictions.bundle


def test_who_leaves_in_mid_upload_leaves_nothing_behind(service):
    whole = form(part(b"0" * 10_000))
    head = HEAD + f"Content-Length: {len(whole)}\r\n\r\n".encode()
    connection = opened(service.port, head + whole[:5000])
    assert comes_true(lambda: list(service.uploads.glob("tamiz-upload-*/upload")))
    connection.close()
    assert comes_true(lambda: not list(service.uploads.glob("tamiz-upload-*")))


def test_an_endless_upload_is_cut_off_with_an_answer(service):
    connection = opened(service.port, CHUNKED)
    piece = b"%x\r\n" % 2**20 + b"0" * 2**20 + b"\r\n"
    start = form(part(b""))[:-10]
    connection.sendall(b"%x\r\n" % len(start) + start + b"\r\n")
    sent = 0
    try:
        while sent < 200:
            connection.sendall(piece)
            sent += 1
    except OSError:  # it was closed
        pass
    assert sent < 200
    assert comes_true(lambda: not list(service.uploads.glob("tamiz-upload-*")))
    connection.close()


def test_who_is_too_many_gets_the_whole_answer_while_still_sending(service):
    head = HEAD + b"Content-Length: 100000\r\n\r\n"
    held = [opened(service.port, head + form(part(b"0" * 999))[:-20]) for _ in range(3)]
    assert comes_true(lambda: len(list(service.uploads.glob("*/upload"))) == 3)
    status, headers, body = post(service.port, form(part(b"0" * (6 * 2**20))))
    assert status == 503
    assert int(headers["retry-after"]) >= 1
    assert headers["connection"] == "close"
    assert headers["retry-after"] in body["error"]["how_to_mend"]
    for one in held:
        one.close()
    assert comes_true(lambda: not list(service.uploads.glob("tamiz-upload-*")))


def test_what_is_no_http_is_refused_and_the_next_one_answered(service):
    for content in (b"\x16\x03\x01\x02\x00" * 9, b"GET / HTTP/1.1\r\nA: " + b"x" * 200_000):
        with opened(service.port, content) as connection:
            assert received_by(connection)[:12] in {b"HTTP/1.1 400", b""}
    connection = opened(
        service.port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    assert received_by(connection).startswith(b"HTTP/1.1 200")
    connection.close()


def test_a_signal_ends_it_once_what_is_in_work_is_answered(service, photos):
    content = sorted(photos.iterdir())[0].read_bytes()
    whole = form(*(part(content, b"%d.png" % number) for number in range(60)))
    found: list[Any] = []
    asking = threading.Thread(target=lambda: found.append(post(service.port, whole)))
    asking.start()
    assert comes_true(lambda: len(list(service.uploads.glob("*/upload"))) == 60)
    service.process.send_signal(signal.SIGHUP)  # a closed terminal; taken as SIGTERM
    asking.join(60)
    assert service.process.wait(60) == 0
    assert found[0][0] == 200
    assert len(found[0][2]["answers"]) == 60
    assert list(service.uploads.glob("tamiz-upload-*")) == []
    assert service.process.stderr is not None
    log = service.process.stderr.read()
    assert "POST /v1/predict 200" in log
    assert "POST /v1/predict 499" in log
    assert "Traceback" not in log


def test_a_busy_or_foreign_place_is_refused_before_the_model_is_loaded():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = Settings("no such model", port=port)
        words = r"another program listens.* --port 8001"
        with pytest.raises(WrongUse, match=words) as error, api.opened(settings):
            pass
        assert error.value.exit_code == 2
    foreign = Settings("model", host="192.0.2.1", token="0123456789abcdef")  # noqa: S106
    with pytest.raises(WrongUse, match="no such address"), api.opened(foreign):
        pass


def test_who_never_ends_its_headers_is_sent_away(monkeypatch):
    monkeypatch.setattr(api, "_HEADERS_S", 0.2)

    async def nothing(_scope: object, _receive: object, _send: object) -> None:
        raise AssertionError("never called")

    config = uvicorn.Config(
        nothing, http=api._protocol(), ws="none", lifespan="off", port=0, log_config=None
    )
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        running = threading.Thread(target=server.run, args=([listener],))
        running.start()
        for begun in (b"", b"GET / HTTP/1.1\r\nHo"):
            connection = opened(port, begun)
            assert received_by(connection) == b""
            connection.close()
        server.should_exit = True
        running.join()
