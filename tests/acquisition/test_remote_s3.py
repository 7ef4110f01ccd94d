"""Sources in an object store: a real client, over HTTP, against moto's server on this machine."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tamiz.acquisition.remote import at_hand, names_aside
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.urls import on_disk
from tamiz.data.run_folder import Run
from tamiz.stages.predict import predict
from tamiz.stages.run import run as run_all

pytestmark = [
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SECRET = "hush-hush-hush"  # noqa: S105


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of an object store of this test's own."""
    server_module = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = server_module.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(address, monkeypatch, tmp_path) -> Any:
    """Return a client of an empty store with the bucket 'clinic'; the environment leads to it."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "TAMIZ_CACHE": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    client = pytest.importorskip("boto3").client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        for one in client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            client.delete_object(Bucket=bucket["Name"], Key=one["Key"])
    client.create_bucket(Bucket="clinic")
    yield client
    s3fs.S3FileSystem.clear_instance_cache()


def upload(store: Any, folder: Path, prefix: str, bucket: str = "clinic") -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            key = f"{prefix}/{path.relative_to(folder).as_posix()}"
            store.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())


def files_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_objects_are_mirrored_changed_and_removed(store):
    keys = ["a/1.png", "a/2.png", "b/1 ñ%#?.png", "c/d/e/f.png"]
    for key in keys:
        store.put_object(Bucket="clinic", Key=f"photos/{key}", Body=key.encode())
    store.put_object(Bucket="clinic", Key="photos/empty-mark/", Body=b"")
    place = at_hand("s3://clinic/photos")
    assert files_below(place) == {key: key.encode() for key in keys}
    times = {key: (place / key).stat().st_ctime_ns for key in keys}
    at_hand("s3://clinic/photos")
    assert times == {key: (place / key).stat().st_ctime_ns for key in keys}
    store.put_object(Bucket="clinic", Key="photos/a/1.png", Body=b"A/1.PNG")  # the same size
    store.delete_object(Bucket="clinic", Key="photos/a/2.png")
    at_hand("s3://clinic/photos")
    assert files_below(place) == {
        "a/1.png": b"A/1.PNG",
        "b/1 ñ%#?.png": b"b/1 \xc3\xb1%#?.png",
        "c/d/e/f.png": b"c/d/e/f.png",
    }


def test_keys_that_are_no_paths_are_set_aside(store):
    for key in ("p//x.png", "p/../y.png", "p/c", "p/c/1.png", "p/" + "l" * 300):
        store.put_object(Bucket="clinic", Key=key, Body=b"x")
    place = at_hand("s3://clinic/p")
    assert files_below(place) == {"c/1.png": b"x"}
    assert len(names_aside(place)) == 4


def test_a_large_object_and_one_in_parts_come_whole(store, monkeypatch):
    from tamiz.acquisition import remote_fetching

    monkeypatch.setattr(remote_fetching, "PIECE_BYTES", 2**20)
    content = os.urandom(5 * 2**20 + 17)
    upload_id = store.create_multipart_upload(Bucket="clinic", Key="big.tar")["UploadId"]
    parts = []
    for number, piece in enumerate((content[: 5 * 2**20], content[5 * 2**20 :]), start=1):
        made = store.upload_part(
            Bucket="clinic", Key="big.tar", UploadId=upload_id, PartNumber=number, Body=piece
        )
        parts.append({"PartNumber": number, "ETag": made["ETag"]})
    store.complete_multipart_upload(
        Bucket="clinic", Key="big.tar", UploadId=upload_id, MultipartUpload={"Parts": parts}
    )
    assert at_hand("s3://clinic/big.tar").read_bytes() == content


def test_a_process_that_is_killed_loses_nothing(store, tmp_path):
    n = 300
    for number in range(n):
        store.put_object(Bucket="clinic", Key=f"many/{number}.bin", Body=b"%d" % number * 100)
    code = "from tamiz.acquisition.remote import at_hand; at_hand('s3://clinic/many')"
    child = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    place = on_disk("s3://clinic/many")
    while child.poll() is None and len(files_below(place)) < 20:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    left = files_below(place)
    assert left
    assert all(content == b"%d" % int(Path(name).stem) * 100 for name, content in left.items())
    times = {name: (place / name).stat().st_ctime_ns for name in left}
    at_hand("s3://clinic/many")
    assert len(files_below(place)) == n
    assert times == {name: (place / name).stat().st_ctime_ns for name in left}


def test_what_is_wrong_is_one_line_without_the_secret(store, monkeypatch):
    import s3fs

    store.put_object(Bucket="clinic", Key="a.png", Body=b"x")
    for url, words in (("s3://absent/a", "nothing is at"), ("s3://clinic/absent", "nothing is at")):
        with pytest.raises(WrongUse, match=words):
            at_hand(url)
    with pytest.raises(WrongUse, match="nothing is at this URL") as told:
        at_hand(f"s3://somebody:{SECRET}@clinic/absent")
    assert SECRET not in str(told.value)
    assert str(told.value).startswith("s3://clinic/absent: ")
    assert at_hand(f"s3://somebody:{SECRET}@clinic/a.png").read_bytes() == b"x"

    async def refuse(self, path, *_values, **_named):
        raise PermissionError("AccessDenied")

    with monkeypatch.context() as patched:
        patched.setattr(s3fs.S3FileSystem, "_info", refuse)
        s3fs.S3FileSystem.clear_instance_cache()
        with pytest.raises(WrongUse, match=r"refuses access.*AWS_ACCESS_KEY_ID"):
            at_hand("s3://clinic/a.png")
    with monkeypatch.context() as patched:
        patched.delenv("AWS_ACCESS_KEY_ID")
        patched.delenv("AWS_SECRET_ACCESS_KEY")
        patched.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patched.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        s3fs.S3FileSystem.clear_instance_cache()
        with pytest.raises(WrongUse, match=r"no credentials are set.*FSSPEC_S3_ANON"):
            at_hand("s3://clinic/b.png")


def test_a_store_that_does_not_answer_is_told(store, monkeypatch):
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(MachineTrouble, match=r"http://127\.0\.0\.1:1 does not answer"):
        at_hand("s3://clinic/a.png")


def test_an_object_that_vanishes_after_the_listing_is_told(store, monkeypatch):
    from tamiz.acquisition import remote

    for name in "ab":
        store.put_object(Bucket="clinic", Key=f"some/{name}.png", Body=b"x")
    real = remote._bring_all

    def late(jobs, on_event):
        store.delete_object(Bucket="clinic", Key="some/b.png")
        real(jobs, on_event)

    monkeypatch.setattr(remote, "_bring_all", late)
    with pytest.raises(WrongData, match=r"s3://clinic/some/b\.png: .* is gone"):
        at_hand("s3://clinic/some")


@pytest.mark.shared_data
def test_a_run_on_a_url_is_the_run_on_the_folder(store, shared_data, tmp_path):
    """The same rows, hashes, split, recipe and figures; only the source's name differs."""
    photos = tmp_path / "photos"
    for label in "012":
        (photos / label).mkdir(parents=True)
        for path in sorted((shared_data / "sign_digits" / label).iterdir())[:20]:
            (photos / label / path.name).write_bytes(path.read_bytes())
    upload(store, photos, "photos")
    settings: dict[str, object] = {
        "train.epochs": 1,
        "train.threads": 1,
        "prepare.size_px": 16,
        "model.name": "small",
        "audit.depth": "quick",
    }
    here, there = Run(tmp_path / "here"), Run(tmp_path / "there")
    run_all(photos, here.folder, settings)
    run_all(f"s3://somebody:{SECRET}@clinic/photos", there.folder, settings)
    columns = ("item", "path", "label", "content_sha256", "split", "width_px", "fate")
    assert list(there.manifest().rows(*columns)) == list(here.manifest().rows(*columns))
    words = (there.folder / "recipe.toml").read_text()
    assert 'source = "s3://clinic/photos"' in words
    expected = words.replace('source = "s3://clinic/photos"', f'source = "{photos}"')
    assert (here.folder / "recipe.toml").read_text() == expected
    weights = [one.folder / "model" / "weights.safetensors" for one in (here, there)]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    for name, content in files_below(there.folder).items():
        assert SECRET.encode() not in content, name
        assert str(tmp_path / "cache").encode() not in content, name
    upload(store, there.model_folder, "models/x")
    by_url = predict("s3://clinic/models/x", "s3://clinic/photos/1")
    by_path = predict(here.model_folder, photos / "1")
    assert (by_url.predictions.probabilities == by_path.predictions.probabilities).all()
    assert by_url.paths == by_path.paths
