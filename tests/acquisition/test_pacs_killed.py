"""Nothing is lost and nothing is doubled, whoever is killed and when."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time

import pytest
from tests.acquisition.orthanc import MARCH, NAME, PATIENT, ROOT, SERVER, WEB_URL, images_in

N_IMAGES = 19


@pytest.fixture(scope="module")
def whole(brought):
    """Return the files of an undisturbed retrieval."""
    return images_in(brought[0] / "get")


def journal_of(out):
    try:
        content = (out / "journal.jsonl").read_bytes()
    except FileNotFoundError:
        return []
    whole = content[: content.rfind(b"\n") + 1]
    return [json.loads(line)["instance"] for line in whole.splitlines()]


def wait_for_lines(out, n, process):
    while len(journal_of(out)) < n:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.long
@pytest.mark.parametrize("way", ["get", "move", "web"])
def test_a_client_killed_at_any_moment_loses_and_doubles_nothing(
    orthanc, key, tmp_path, whole, way
):
    words = ("fetch", *SERVER, *MARCH, "--out", tmp_path, "--way", way, "--dicomweb", WEB_URL)
    drawn = random.Random(way)  # noqa: S311 - moments, no secrets
    n_before = 0
    for _ in range(2):
        process = orthanc.popen(*words, "--max-per-second", 30, key=key)
        time.sleep(drawn.uniform(0.4, 1.2))
        process.kill()
        process.communicate()
        assert set(images_in(tmp_path).items()) <= set(whole.items())
        assert len(journal_of(tmp_path)) >= n_before
        n_before = len(journal_of(tmp_path))
    done = orthanc.tamiz(*words, "--json", key=key)
    assert (done.code, done.counts["received"]) == (0, N_IMAGES), done.err
    assert images_in(tmp_path) == whole
    assert sorted(set(journal_of(tmp_path))) == sorted(journal_of(tmp_path))
    assert list(tmp_path.rglob("*.tamiz-part")) == []


@pytest.mark.long
@pytest.mark.parametrize("way", ["get", "web"])
def test_a_server_killed_and_started_again_is_waited_for(orthanc, key, tmp_path, whole, way):
    words = ("--out", tmp_path, "--way", way, "--dicomweb", WEB_URL, "--json")
    process = orthanc.popen("fetch", *SERVER, *MARCH, *words, "--max-per-second", 16, key=key)
    wait_for_lines(tmp_path, 4, process)
    orthanc.kill()
    time.sleep(0.3)
    orthanc.start()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["values"]["pacs"]["received"] == N_IMAGES
    assert images_in(tmp_path) == whole
    if way == "get":  # what is left of a small WADO answer may still lie in our own buffers
        assert "trying again" in err


@pytest.mark.long
def test_a_server_that_stays_away_ends_with_received_n_of_m(orthanc, key, tmp_path, whole):
    words = ("fetch", *SERVER, *MARCH, "--out", tmp_path, "--timeout-s", 1.5)
    process = orthanc.popen(*words, "--max-per-second", 16, key=key)
    try:
        wait_for_lines(tmp_path, 4, process)
        orthanc.kill()
        out, _ = process.communicate(timeout=60)
    finally:
        orthanc.start()
    n_here = len(images_in(tmp_path))
    assert process.returncode == 3
    assert f"Received {n_here} of {N_IMAGES}: run the same command again" in out
    assert orthanc.tamiz(*words, key=key).code == 0
    assert images_in(tmp_path) == whole


def test_control_c_ends_with_130_and_the_next_run_goes_on(orthanc, key, tmp_path, whole):
    words = ("fetch", *SERVER, *MARCH, "--out", tmp_path)
    process = orthanc.popen(*words, "--max-per-second", 4, key=key)
    wait_for_lines(tmp_path, 3, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"of {N_IMAGES}, all of them whole. Run the same command again" in err
    assert "Traceback" not in out + err
    assert orthanc.tamiz(*words, key=key).code == 0
    assert images_in(tmp_path) == whole


def test_identities_asked_for_are_shown_on_a_terminal_and_not_written(orthanc, key, tmp_path):
    ours, theirs = pty.openpty()
    words = ["find", *SERVER, *MARCH, "--show-identities", "--csv", tmp_path / "found.csv"]
    command = orthanc.inside(sys.executable, "-m", "tamiz", "pacs", *words)
    environment = {**os.environ, "TAMIZ_KEY_FILE": str(key), "COLUMNS": "200"}
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        shown += part
        if not part:
            break
    os.close(ours)
    assert process.wait() == 0
    assert f"{PATIENT}1".encode() in shown
    written = (tmp_path / "found.csv").read_text()
    assert PATIENT not in written
    assert NAME not in written
    assert "2021-03-14" not in written
