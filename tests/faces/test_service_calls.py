"""The calls of the service: the answers of `predict`, maps, facts, refusals in words."""

from __future__ import annotations

import base64
import io
import json
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from tests.faces.conftest import drawn
from tests.faces.service_parts import asked, files_of

from tamiz.core.errors import MachineTrouble
from tamiz.service.intake import Bounds
from tamiz.serving.answering import Answerer, Given
from tamiz.serving.decoders import Limits
from tamiz.stages.answers import Answers
from tamiz.stages.predict import predict


@pytest.fixture(scope="module")
def client(answerer):
    with asked(answerer, card="# Card") as (made, _):
        yield made


def answers_in(response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return [
        {name: value for name, value in one.items() if name != "file"}
        for one in response.json()["answers"]
    ]


def test_two_hundred_asked_in_parallel_get_to_the_bit_what_predict_says(client, model, tmp_path):
    rng = np.random.default_rng(8)
    for number in range(200):
        picture = drawn(rng, ("left", "upper")[number % 2], 18 + number % 9)
        Pillow.fromarray(picture).save(tmp_path / f"{number:03}.png")
    paths = sorted(tmp_path.iterdir())
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda one: client.post("/v1/predict", files=files_of(one)), paths)
        got = [answers_in(one) for one in found]
    wanted = predict(model, tmp_path).told()["answers"]
    assert [one[0] for one in got] == wanted
    assert len(wanted) == 200


def test_several_files_are_answered_in_order_and_a_bad_one_spoils_no_other(client, model, photos):
    paths = sorted(photos.iterdir())[:3]
    files = [*files_of(paths[0]), ("file", ("notes.txt", b"hello")), *files_of(*paths[1:])]
    files.insert(2, ("file", ("torn.png", paths[0].read_bytes()[:60])))
    files.append(("file", ("empty.png", b"")))
    body = client.post("/v1/predict?top=2", files=files).json()
    assert [(one["file"], one["path"]) for one in body["answers"]] == [
        (0, "00.png"), (3, "01.png"), (4, "02.png"),
    ]  # fmt: skip
    assert [len(one["top"]) for one in body["answers"]] == [2, 2, 2]
    assert [(one["file"], one["path"]) for one in body["problems"]] == [
        (1, "notes.txt"), (2, "torn.png"), (5, "empty.png"),
    ]  # fmt: skip
    assert body["model"]["identity"] == predict(model, paths[0]).predictions.bundle
    assert "Not a medical device" in body["notice"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.4\n"), ("a.png", b"\0" * 500), ("a.csv", b"path\n/etc/passwd\n")],
)
def test_a_lone_file_that_is_no_image_is_refused(client, name, content):
    answer = client.post("/v1/predict", files=[("file", (name, content))])
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert "no images" in error["what"] or "image" in error["what"]
    assert error["how_to_mend"]
    assert error["request_id"] == answer.headers["x-request-id"]


def test_a_dicom_without_pixels_is_told_as_such(client):
    pydicom = pytest.importorskip("pydicom")
    data = pydicom.Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.11", "1.2.3"
    data.PatientName = "Jane^Doe"
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    file = io.BytesIO()
    pydicom.dcmwrite(file, data, enforce_file_format=True)
    answer = client.post("/v1/predict", files=[("file", ("Jane.dcm", file.getvalue()))])
    assert answer.status_code in {200, 422}
    assert not answer.json().get("answers")
    assert "Doe" not in answer.text


def zip_of(n: int, size: int = 10) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(n):
            made.writestr(f"{number:05}.png", b"\x89PNG\r\n\x1a\n" + b"\0" * size)
    return file.getvalue()


def test_ten_thousand_files_in_a_zip_and_a_zip_bomb_are_refused_in_words(answerer, photos, client):
    many = client.post("/v1/predict", files=[("file", ("many.zip", zip_of(10_000)))])
    assert many.status_code == 422
    assert "10,000 images in one upload, at most 1,000" in many.json()["error"]["what"]
    bomb = client.post("/v1/predict", files=[("file", ("bomb.zip", zip_of(6, 2**26)))])
    assert not bomb.json().get("answers")
    good = sorted(photos.iterdir())[0]
    assert len(answers_in(client.post("/v1/predict", files=files_of(good)))) == 1


def test_names_of_senders_come_back_as_text_and_stay_out_of_the_log(client, photos, caplog):
    caplog.set_level("INFO")
    content = sorted(photos.iterdir())[0].read_bytes()
    files = [("file", ("../<script>Jane Doe</script>.png", content))]
    answer = client.post("/v1/predict", files=files)
    assert answers_in(answer)[0]["path"] == "script>.png"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Jane" not in caplog.text
    assert "/v1/predict 200" in caplog.text


def test_both_languages_are_spoken_by_header_and_by_query(client):
    files = [("file", ("a.txt", b"hello"))]
    english = client.post("/v1/predict", files=files).json()["error"]
    header = client.post("/v1/predict", files=files, headers={"Accept-Language": "es-CL,en;q=0.5"})
    asked_for = client.post("/v1/predict?language=es", files=files)
    spanish = header.json()["error"]
    assert "imagen" in spanish["what"]
    assert "imagen" not in english["what"]
    assert asked_for.json()["error"]["what"] == spanish["what"]
    assert header.headers["content-language"] == "es"


@pytest.mark.parametrize(
    ("query", "where"),
    [("top=0", "top"), ("top=x", "top"), ("top=1&top=2", "top"), ("tpo=1", "tpo"),
     ("language=fr", "language")],
)  # fmt: skip
def test_a_wrong_query_is_refused_by_name(client, query, where):
    answer = client.post(f"/v1/predict?{query}", files=[("file", ("a", b"x"))])
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == where


def test_a_map_comes_as_picture_and_layer_or_as_one_picture(client, photos):
    path = sorted(photos.iterdir())[0]
    body = client.post("/v1/explain?size=64", files=files_of(path)).json()
    picture = Pillow.open(io.BytesIO(base64.b64decode(body["picture_png"])))
    layer = Pillow.open(io.BytesIO(base64.b64decode(body["layer_png"])))
    assert layer.mode == "RGBA"
    assert picture.size == layer.size == tuple(body["size_px"])
    assert body["class"] in {"left", "upper"}
    answer = client.post("/v1/explain?as=png", files=files_of(path))
    shown = Pillow.open(io.BytesIO(answer.content))
    assert (shown.mode, shown.info) == ("RGB", {})
    assert answer.headers["content-type"] == "image/png"
    other = client.post("/v1/explain?class=left&method=gradcam", files=files_of(path)).json()
    assert (other["class"], other["method"]) == ("left", "gradcam")


def test_one_image_of_an_archive_is_explained_by_its_name(client, photos):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for one in sorted(photos.iterdir()):
            made.write(one, one.name)
    files = [("file", ("in.zip", file.getvalue()))]
    assert client.post("/v1/explain", files=files).json()["path"] == "in.zip!/00.png"
    by_name = client.post("/v1/explain?image=in.zip!/07.png", files=files).json()
    assert by_name["path"] == "in.zip!/07.png"
    assert client.post("/v1/explain?image=in.zip!/99.png", files=files).status_code == 422


@pytest.mark.parametrize(
    ("query", "status"), [("class=dog", 422), ("method=guess", 422), ("size=9999", 422)]
)
def test_a_map_that_cannot_be_is_refused(client, photos, query, status):
    path = sorted(photos.iterdir())[0]
    assert client.post(f"/v1/explain?{query}", files=files_of(path)).status_code == status
    torn = [("file", ("a.png", path.read_bytes()[:60]))]
    assert client.post("/v1/explain", files=torn).status_code == 422
    assert client.post("/v1/explain", files=files_of(path, path)).status_code == 400


def test_the_model_tells_what_it_is_and_its_card_only_where_that_is_wanted(client, answerer):
    told = client.get("/v1/model").json()
    assert told["classes"] == ["left", "upper"]
    assert told["input"] == {"size_px": 16, "channels": 1, "kind": "display"}
    accuracy = told["metrics"]["accuracy"]
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    assert told["guard"]["action"] == answerer.guard
    assert told["card"] == "# Card"
    with asked(answerer) as (other, _):
        assert other.get("/v1/model").json()["card"] is None


def holding(answerer: Answerer) -> threading.Event:
    """Make it wait with every answer until the event is set."""
    held, usual = threading.Event(), answerer.answer

    def wait(given: Given, *, keep: Any = None, picture_px: int = 0, check: Any = None) -> Answers:
        held.wait(20)
        return usual(given, keep=keep, picture_px=picture_px, check=check)

    answerer.answer = wait  # type: ignore[method-assign]
    return held


def test_who_is_too_many_is_told_at_once_when_to_come_back(model, photos):
    path = sorted(photos.iterdir())[0]
    with Answerer.load(model, limits=Limits(processes=1)) as own:
        held = holding(own)
        with asked(own, workers=1, queue=1) as (client, calls):
            with ThreadPoolExecutor(2) as pool:
                inside = [
                    pool.submit(client.post, "/v1/predict", files=files_of(path)) for _ in range(2)
                ]
                until = time.monotonic() + 10
                while calls.line.n_working + calls.line.n_waiting < 2 and time.monotonic() < until:
                    time.sleep(0.01)
                refused = [client.post("/v1/predict", files=files_of(path)) for _ in range(40)]
                figures = client.get("/metrics").text
                held.set()
                assert [one.result().status_code for one in inside] == [200, 200]
            assert {one.status_code for one in refused} == {503}
            waits = [int(one.headers["retry-after"]) for one in refused]
            assert waits == sorted(waits)
            assert waits[0] >= 1
            assert waits[-1] > waits[0]
            assert "tamiz_uploads_working 1\n" in figures
            assert "tamiz_uploads_waiting 1\n" in figures
            assert client.post("/v1/predict", files=files_of(path)).status_code == 200


def test_an_answer_that_takes_too_long_is_504_and_its_place_is_free_again(model, photos):
    path = sorted(photos.iterdir())[0]
    with Answerer.load(model, limits=Limits(processes=1)) as own:
        held = holding(own)
        with asked(own, workers=1, queue=1, timeout_s=0.3) as (client, calls):
            first = client.post("/v1/predict", files=files_of(path))
            second = client.post("/v1/predict", files=files_of(path))
            assert (first.status_code, second.status_code) == (504, 504)
            held.set()
            until = time.monotonic() + 10
            while calls.line.n_working + calls.line.n_waiting and time.monotonic() < until:
                time.sleep(0.01)
            assert calls.line.n_working + calls.line.n_waiting == 0


def test_an_internal_error_tells_its_number_and_nothing_else(model, photos, caplog):
    path = sorted(photos.iterdir())[0]
    with Answerer.load(model, limits=Limits(processes=1)) as own:
        name = "Jane" + " Doe"

        def broken(*_: object, **__: object) -> None:
            raise KeyError(name)

        own.answer = broken  # type: ignore[method-assign, assignment]
        with asked(own) as (client, _):
            answer = client.post("/v1/predict", files=files_of(path))
    assert answer.status_code == 500
    assert answer.json()["error"]["what"] == "internal error"
    assert answer.headers["x-request-id"] in caplog.text
    assert "KeyError" in caplog.text
    assert name not in answer.text + caplog.text


def test_a_full_disk_is_told_as_507(answerer, photos, monkeypatch):
    def full(*_: object) -> None:
        raise MachineTrouble.of("serving.disk_full")

    monkeypatch.setattr("tamiz.serving.uploads.Upload.write", full)
    with asked(answerer) as (client, _):
        answer = client.post("/v1/predict", files=files_of(sorted(photos.iterdir())[0]))
    assert answer.status_code == 507


def test_too_large_is_told_with_the_limit(answerer):
    with asked(answerer, bounds=Bounds(2**20)) as (client, _):
        answer = client.post("/v1/predict", files=[("file", ("a.png", b"0" * (2**21 + 9)))])
    assert answer.status_code == 413
    assert "1 MiB" in json.loads(answer.content)["error"]["what"]


def test_counters_are_told_as_prometheus_reads_them(client):
    lines = client.get("/metrics").text.splitlines()
    assert any(
        one.startswith('tamiz_requests_total{route="/v1/predict",status="200"}') for one in lines
    )
    buckets = [
        one for one in lines if one.startswith('tamiz_request_seconds_bucket{route="/v1/predict"')
    ]
    counts = [int(one.rpartition(" ")[2]) for one in buckets]
    assert counts == sorted(counts)
    assert all(one.startswith("#") or len(one.rsplit(" ", 1)) == 2 for one in lines)


def test_the_page_lists_every_call_and_needs_nothing_from_elsewhere(client):
    english, spanish = client.get("/"), client.get("/?language=es")
    for path in ("/v1/predict", "/v1/explain", "/v1/model", "/healthz", "/readyz", "/metrics"):
        assert path in english.text
    assert 'lang="es"' in spanish.text
    assert "Clasificar imágenes" in spanish.text
    assert "<script" not in english.text
    assert "http" not in english.text.replace("http://localhost/", "")
    policy = english.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
