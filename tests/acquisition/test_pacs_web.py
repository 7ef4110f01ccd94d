"""DICOMweb and TLS: what is refused and how it is told."""

from __future__ import annotations

import gc
import ssl
import subprocess
import threading
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.acquisition.fake_pacs import FakePacs, free_port
from tests.acquisition.orthanc import draw, uid

from tamiz.acquisition.associations import NotOffered, Server, Tls, Unreachable
from tamiz.acquisition.dicomweb import WebServer, WebWay
from tamiz.acquisition.fetching import Part
from tamiz.acquisition.finding import FoundSeries
from tamiz.acquisition.queries import Criteria
from tamiz.acquisition.receiving import _bytes_of
from tamiz.core.errors import WrongData, WrongUse
from tamiz.stages.pacs import Retrieval, Servers, echo, fetch, find

# pynetdicom's server (the fake one's) does not close a socket whose handshake failed
leaving_sockets = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
END = b"\r\n--edge--\r\n"
CT_ONLY = Criteria(modality="CT")


@contextmanager
def answering(code: int, body: bytes = b"", **headers: str):
    """Yield the address of a service that answers everything alike, and what it was sent."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(dict(self.headers))
            self.send_response(code)
            length = {} if "Connection" in headers else {"Content-Length": str(len(body))}
            for name, value in {**length, **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/dicom-web", seen
    finally:
        server.shutdown()
        server.server_close()


def ask(url, pseudonyms, **values):
    web = WebServer(url, timeout_s=0.4, **values)
    return find(Servers(web=web), CT_ONLY, "study", pseudonyms)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (401, WrongUse, "does not let us in (HTTP 401)"),
        (403, WrongUse, "Check --user and the password"),
        (404, NotOffered, "refuses (HTTP 404)"),
        (501, NotOffered, "refuses (HTTP 501)"),
        (503, Unreachable, "too busy now (HTTP 503)"),
    ],
)
def test_a_refusal_is_told_in_words_without_the_address_asked(pseudonyms, code, kind, words):
    with answering(code) as (url, _), pytest.raises(kind) as error:
        ask(url, pseudonyms)
    assert words in str(error.value)
    assert "studies" not in str(error.value)


def test_an_answer_that_is_no_dicom_json_is_told(pseudonyms):
    for body in (b"<html>", b'[{"0020000D": 7}]'):
        with (
            answering(200, body, Content_Type="application/dicom+json") as (url, _),
            pytest.raises(WrongData, match="no DICOM JSON"),
        ):
            ask(url, pseudonyms)


def test_a_redirection_takes_no_password_elsewhere(pseudonyms):
    with (
        answering(302, Location="http://127.0.0.1:9/elsewhere") as (url, _),
        pytest.raises(WrongUse, match="sends us to another address"),
    ):
        ask(url, pseudonyms, user="me", password="secret")  # noqa: S106


def test_the_password_goes_to_the_service_and_into_no_text(pseudonyms):
    web = WebServer("http://127.0.0.1:1/x", user="me", password="secret")  # noqa: S106
    assert "secret" not in repr(web) + str(web)
    with answering(401) as (url, seen), pytest.raises(WrongUse) as error:
        ask(url, pseudonyms, user="me", password="secret")  # noqa: S106
    assert seen[0]["Authorization"].startswith("Basic ")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("url", ["ftp://x/y", "pacs/dicom-web", "https://me:pw@pacs/web", ""])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(WrongUse, match="no address of a DICOMweb service"):
        WebServer(url)


def test_a_service_that_is_not_there_is_told(pseudonyms):
    with pytest.raises(Unreachable, match="does not answer"):
        ask(f"http://127.0.0.1:{free_port()}/dicom-web", pseudonyms)


def test_a_way_without_its_server_is_refused(tmp_path, pseudonyms):
    dicom = Servers(Server("127.0.0.1", 104, "FAKE"))
    with pytest.raises(WrongUse, match="this way needs --dicomweb"):
        fetch(dicom, CT_ONLY, tmp_path, pseudonyms, Retrieval(way="web"))
    web = Servers(web=WebServer("https://pacs/dicom-web"))
    with pytest.raises(WrongUse, match="this way needs --host"):
        fetch(web, CT_ONLY, tmp_path, pseudonyms, Retrieval(way="get"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return (certificate, key) for 127.0.0.1, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    made = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1",
    ]  # fmt: skip
    try:
        subprocess.run(made, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder / "cert.pem", folder / "key.pem"


def encrypted(certificate) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(*certificate)
    return made


@pytest.mark.parametrize("way", ["get", "move"])
def test_studies_come_over_tls(tmp_path, pseudonyms, certificate, way):
    tls = Tls(certificate[0], certificate[0] if way == "get" else None, certificate[1])
    port = free_port()
    with FakePacs([draw(1, 1, 1, n) for n in range(3)], tls=encrypted(certificate)) as pacs:
        pacs.destinations["TAMIZ"] = ("127.0.0.1", port)
        server = Server("127.0.0.1", pacs.port, "FAKE", timeout_s=5.0, tls=tls)
        retrieval = Retrieval(way=way, receive_port=port)
        report = fetch(Servers(server), CT_ONLY, tmp_path, pseudonyms, retrieval)
    assert report.values["pacs"]["received"] == 3


@leaving_sockets
def test_a_certificate_that_nobody_vouches_for_is_not_accepted(certificate):
    with FakePacs([], tls=encrypted(certificate)) as pacs:
        server = Server("127.0.0.1", pacs.port, "FAKE", timeout_s=2.0, tls=Tls())
        with pytest.raises(Unreachable, match="no encrypted DICOM connection came about"):
            echo(server)
    gc.collect()


@leaving_sockets
def test_an_open_connection_to_an_encrypted_server_is_told(certificate):
    with FakePacs([], tls=encrypted(certificate)) as pacs:
        server = Server("127.0.0.1", pacs.port, "FAKE", timeout_s=2.0)
        with pytest.raises(Unreachable, match="needs --tls"):
            echo(server)
    gc.collect()


def test_tls_files_that_cannot_be_used_are_told(tmp_path):
    (tmp_path / "no.pem").write_text("nothing")
    server = Server("127.0.0.1", 104, "FAKE", tls=Tls(ca=tmp_path / "no.pem"))
    with pytest.raises(WrongUse, match="the TLS files cannot be used"):
        echo(server)


def multipart(*parts: bytes) -> bytes:
    head = b"\r\n--edge\r\nContent-Type: application/dicom\r\n\r\n"
    return b"".join(head + part for part in parts)


@pytest.mark.parametrize("length", ["", "known"], ids=["until it closes", "length given"])
@pytest.mark.parametrize("instances", [None, ["1"]], ids=["series", "instance"])
def test_half_an_image_at_the_end_of_a_broken_answer_is_not_taken(instances, length):
    whole, half = _bytes_of(draw(1, 1, 1, 0)), _bytes_of(draw(1, 1, 1, 1))[:-700]
    kind = {"Content_Type": 'multipart/related; type="application/dicom"; boundary=edge'}
    taken = []

    class Taking:
        is_closed = False

        def take(self, read):
            taken.append(read().SOPInstanceUID)

    series = FoundSeries(uid(1, 1, 1), uid(1, 1), "CT", "", 2)
    part = Part(series, ())
    for body, is_broken in ((multipart(whole, half), True), (multipart(whole) + END, False)):
        headers = kind if length else {**kind, "Connection": "close"}
        with answering(200, body, **headers) as (url, _):
            way = WebWay(WebServer(url, timeout_s=2.0), Taking())  # type: ignore[arg-type]
            with way, pytest.raises(Unreachable) if is_broken else nullcontext():
                way.retrieve(part, instances)
    assert set(taken) == {uid(1, 1, 1, 0)}
