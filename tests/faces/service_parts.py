"""What the tests of the service share: a client without a network, forms built by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tamiz.service.answers import Speaker
from tamiz.service.application import Calls, application
from tamiz.service.intake import Bounds
from tamiz.service.settings import Settings
from tamiz.serving.answering import Answerer


@contextmanager
def asked(
    answerer: Answerer, *, bounds: Bounds | None = None, card: str = "", **values: Any
) -> Iterator[tuple[TestClient, Calls]]:
    """Yield a client of a service so set, and its calls."""
    settings = Settings("model", **{"queue": 400, "max_upload_mib": 8, **values})
    speaker = Speaker(answerer, card)
    calls = Calls(speaker, settings, bounds or Bounds(settings.most_bytes))
    with TestClient(
        application(calls), base_url="http://localhost", raise_server_exceptions=False
    ) as client:
        yield client, calls
    calls.close()


def files_of(*paths: Path) -> list[tuple[str, tuple[str, bytes]]]:
    """Return files as httpx sends them."""
    return [("file", (path.name, path.read_bytes())) for path in paths]


def form(*parts: bytes, boundary: bytes = b"edge") -> bytes:
    """Return a multipart form of parts, each with its headers."""
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + (
        b"--" + boundary + b"--\r\n"
    )


def part(content: bytes, name: bytes = b"a.png", field: bytes = b"file") -> bytes:
    """Return one part of a form."""
    head = b'Content-Disposition: form-data; name="' + field + b'"; filename="' + name + b'"'
    return head + b"\r\n\r\n" + content


def uploads_left() -> list[Path]:
    """Return the folders of uploads that are still there."""
    import tempfile

    return sorted(Path(tempfile.gettempdir()).glob("tamiz-upload-*"))
