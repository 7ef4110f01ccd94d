"""Who may ask: by token, by name, from which page; and what every answer carries."""

from __future__ import annotations

import pytest
from tests.faces.service_parts import asked, files_of

from tamiz.core.errors import WrongUse
from tamiz.service.settings import Settings
from tamiz.serving.listening import is_loopback

TOKEN = "a-token-of-some-length"  # noqa: S105


@pytest.fixture(scope="module")
def client(answerer):
    with asked(answerer, token=TOKEN, allow_hosts=("lab.example",)) as (made, _):
        yield made


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ñ"],
)
def test_without_the_right_token_nothing_is_answered(client, header):
    headers = {} if header is None else {"Authorization": header.encode("utf-8")}
    for answer in (
        client.get("/v1/model", headers=headers),
        client.get("/metrics", headers=headers),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in answer.text


def test_with_the_token_it_is_answered_and_probes_need_none(client, photos):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    files = files_of(sorted(photos.iterdir())[0])
    assert client.post("/v1/predict", files=files, headers=headers).status_code == 200
    assert client.get("/v1/model", headers=headers).status_code == 200
    for path in ("/", "/openapi.json", "/healthz", "/readyz"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "", "[::1", "10.0.0.1", "evil@localhost"),
        *("localhost/evil", "localhost#x", 'localhost:"<b>', "localhost:80:80", "localhost?x"),
    ],
)
def test_by_another_name_it_is_not_answered(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["error"]["how_to_mend"]
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:80", "LAB.example:9"])
def test_by_its_own_names_it_is_answered(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://[", "Host": "localhost"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_what_a_page_of_another_origin_sends_is_refused(client, headers):
    allowed = {"Authorization": f"Bearer {TOKEN}", **headers}
    answer = client.post("/v1/predict", files=[("file", ("a", b"x"))], headers=allowed)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_what_its_own_page_sends_is_taken(client):
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "http://localhost"}
    answer = client.post("/v1/predict", files=[("file", ("a", b"x"))], headers=headers)
    assert answer.status_code == 422


def test_every_answer_carries_its_number_and_forbids_keeping_and_guessing(client):
    for path in ("/", "/healthz", "/nowhere", "/v1/predict"):
        answer = client.get(path, headers={"X-Request-ID": "abc-1"})
        assert answer.headers["x-request-id"] == "abc-1"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    odd = client.get("/healthz", headers={"X-Request-ID": "a b\t<c>"})
    assert len(odd.headers["x-request-id"]) == 32


def test_unknown_paths_and_methods_are_told_in_the_same_shape(client):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    nowhere = client.get("/nowhere", headers=headers)
    assert (nowhere.status_code, nowhere.json()["error"]["what"]) == (404, "there is nothing here")
    other = client.get("/v1/predict", headers=headers)
    assert other.status_code == 405
    assert other.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"host": "0.0.0.0"}, "nobody would have to show a token"),  # noqa: S104
        ({"host": "lab.example"}, "nobody would have to show a token"),
        ({"token": "short"}, "shorter than 16"),
        ({"token": "a token with blanks"}, "blanks"),
        ({"port": 70000}, "70000 is not between 0 and 65535"),
        ({"workers": 0}, "--workers"),
        ({"timeout_s": float("nan")}, "--timeout"),
        ({"decode_memory_mib": 5}, "--decode-memory"),
        ({"allow_hosts": ("http://x",)}, "no name of a host"),
    ],
)
def test_a_service_is_not_started_wrongly(values, words):
    with pytest.raises(WrongUse) as error:
        Settings("model", **values)
    assert words in str(error.value)


def test_loopback_is_known_by_all_its_names():
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")))
    assert not any(map(is_loopback, ("", "0.0.0.0", "::", "example.org", "192.168.0.1")))  # noqa: S104
    assert TOKEN not in repr(Settings("model", token=TOKEN))
