"""Echo, find and fetch against a real Orthanc."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess

import pytest
from tests.acquisition.orthanc import (
    MARCH,
    PATIENT,
    RECEIVE_PORT,
    SERVER,
    WEB_URL,
    Orthanc,
    draw,
    images_in,
    save,
    uid,
    why_not,
)


def test_echo_says_that_the_server_answers(orthanc, key):
    done = orthanc.tamiz("echo", *SERVER, key=key)
    assert done.code == 0
    assert "ORTHANC@127.0.0.1:14242 answers" in done.out


def test_a_wrong_called_title_is_told_in_words(orthanc, key):
    done = orthanc.tamiz("echo", *SERVER, "--called", "ORTHANK", key=key)
    assert done.code == 2
    assert "the server is not called ORTHANK (called AE title not recognised)" in done.err


@pytest.mark.parametrize(
    ("port", "words"),
    [(14999, "nothing listens on this port"), (18042, "does not answer in DICOM")],
)
def test_a_wrong_port_is_told_in_words(orthanc, key, port, words):
    done = orthanc.tamiz("echo", *SERVER, "--port", port, "--timeout-s", 2, key=key)
    assert done.code == 3
    assert words in done.err


@pytest.mark.parametrize(("level", "n"), [("study", 2), ("series", 4), ("image", 19)])
def test_find_counts_at_each_level(orthanc, key, level, n):
    done = orthanc.tamiz("find", *SERVER, *MARCH, "--level", level, "--json", key=key)
    assert done.code == 0
    assert done.counts["n"] == n == len(done.counts["rows"])


def test_find_over_dicomweb_finds_the_same(orthanc, key):
    words = (*MARCH, "--level", "image", "--json")
    over_dimse = orthanc.tamiz("find", *SERVER, *words, key=key).counts["rows"]
    over_web = orthanc.tamiz("find", "--dicomweb", WEB_URL, *words, key=key).counts["rows"]

    def by_instance(rows):
        return sorted(rows, key=lambda row: row["instance"])

    assert by_instance(over_dimse) == by_instance(over_web)


def test_find_narrows_by_modality_description_patient_and_study(orthanc, key):
    def n_found(*words):
        return orthanc.tamiz("find", *SERVER, *words, "--json", key=key).counts["n"]

    assert n_found("--modality", "US") == 1
    assert n_found("--description", "TORAX*", "--patient", f"{PATIENT}1") == 2
    assert n_found("--study", uid(1, 2), "--modality", "CT", "--level", "series") == 1


@pytest.mark.parametrize("level", ["series", "image"])
def test_find_refuses_to_list_everything_below_studies(orthanc, key, level):
    done = orthanc.tamiz("find", *SERVER, "--level", level, "--description", "*", key=key)
    assert done.code == 2
    assert "would ask for everything" in done.err


def test_nothing_found_is_said_with_what_was_asked_and_without_its_values(orthanc, key, tmp_path):
    asked = ("--patient", "NOBODY-99", "--modality", "CT")
    for words in (("find",), ("fetch", "--out", tmp_path / "out")):
        done = orthanc.tamiz(*words, *SERVER, *asked, key=key)
        assert done.code == 3
        assert "nothing matches (asked with --modality CT --patient)" in done.err
        assert "NOBODY" not in done.out + done.err
    assert images_in(tmp_path / "out") == {}


def test_identities_are_shown_on_a_terminal_only(orthanc, key):
    done = orthanc.tamiz("find", *SERVER, *MARCH, "--show-identities", key=key)
    assert done.code == 2
    assert "on a terminal only" in done.err


def test_every_way_brings_the_same_files_equal_to_the_originals_without_identities(
    brought, pseudonyms, originals
):
    from pydicom import dcmread

    from tamiz.acquisition.deidentify import Deidentification, deidentify

    folder, _ = brought
    files = images_in(folder / "get")
    assert files == images_in(folder / "move") == images_in(folder / "web")
    made = set()
    for path in originals.iterdir():
        target = io.BytesIO()
        whole = deidentify(dcmread(path), pseudonyms, Deidentification()).dataset
        whole.save_as(target, enforce_file_format=True)
        made.add(hashlib.sha256(target.getvalue()).hexdigest())
    hashes = {hashlib.sha256(content).hexdigest() for content in files.values()}
    assert hashes <= made
    assert len(hashes) == 19


def test_changes_of_several_runs_are_added_up(orthanc, key, tmp_path, brought):
    for modality in ("CT", "US"):
        words = ("fetch", *SERVER, *MARCH, "--modality", modality, "--out", tmp_path)
        orthanc.tamiz(*words, key=key)
    at_once = (brought[0] / "get" / "deidentified.csv").read_text()
    assert (tmp_path / "deidentified.csv").read_text() == at_once
    assert "0010,0010 PatientName,replaced,19" in at_once.replace('"', "")


def test_nothing_written_or_printed_names_anybody(orthanc, key, tmp_path, planted, brought):
    folder, by_way = brought
    said = "".join(by_way.values())
    for words in (
        ("find", "--csv", folder / "found.csv", "--level", "image", "--json"),
        ("fetch", "--out", folder / "no", "--way", "move", "--calling", "STRANGER", "--json"),
    ):
        done = orthanc.tamiz(*words, *SERVER, *MARCH, key=key)
        said += done.out + done.err
    paths = list(folder.rglob("*"))
    assert len([path for path in paths if path.suffix == ".dcm"]) == 3 * 19
    for secret in planted:
        assert secret not in said
        for path in paths:
            assert secret not in str(path.relative_to(folder))
            if path.is_file():
                assert secret.encode() not in path.read_bytes(), path.name


def test_the_journal_holds_the_hash_of_every_file(brought):
    out = brought[0] / "get"
    lines = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
    assert {line["file"]: line["sha256"] for line in lines} == {
        name: hashlib.sha256(content).hexdigest() for name, content in images_in(out).items()
    }


def test_compressed_files_come_as_they_are_kept(orthanc, key, tmp_path):
    from pydicom import dcmread

    words = ("--date", "2004-08", "--json")
    brought = {}
    for way in ("get", "web"):
        out = ("--way", way, "--dicomweb", WEB_URL, "--out", tmp_path / way)
        done = orthanc.tamiz("fetch", *SERVER, *words, *out, key=key)
        assert done.code == 0, done.err
        brought[way] = images_in(tmp_path / way)
    assert brought["get"] == brought["web"]
    syntaxes = {
        str(dcmread(io.BytesIO(content)).file_meta.TransferSyntaxUID)
        for content in brought["get"].values()
    }
    assert {"1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.5"} == syntaxes


def test_a_second_run_fetches_nothing_and_a_deleted_file_is_fetched_alone(
    orthanc, key, tmp_path, brought
):
    out = shutil.copytree(brought[0] / "get", tmp_path / "out")
    before = images_in(out)
    words = ("fetch", *SERVER, *MARCH, "--out", out, "--json")
    again = orthanc.tamiz(*words, key=key)
    assert (again.counts["new"], again.counts["received"]) == (0, 19)

    (out / sorted(before)[3]).unlink()
    third = orthanc.tamiz(*words, key=key)
    assert (third.counts["new"], third.counts["repeated"]) == (1, 0)
    assert images_in(out) == before


def test_ultrasound_is_reported_as_maybe_holding_text(orthanc, key, tmp_path):
    words = ("fetch", *SERVER, *MARCH, "--modality", "US", "--out", tmp_path)
    done = orthanc.tamiz(*words, key=key)
    assert done.code == 0
    assert "1 image may carry burned-in text" in " ".join(done.out.split())


def test_an_unknown_destination_is_told_in_words(orthanc, key, tmp_path):
    """Orthanc answers 0xC000 for it; the fake server of the other tests says 0xA801."""
    words = ("--calling", "STRANGER", "--way", "move", "--out", tmp_path, "--timeout-s", 10)
    done = orthanc.tamiz("fetch", *SERVER, *MARCH, *words, key=key)
    assert done.code == 3
    said = " ".join(done.out.split()) + done.err
    assert "0xC000" in said or "0xA801" in said
    assert images_in(tmp_path) == {}


def test_the_receiving_port_being_taken_is_told(orthanc, key, tmp_path):
    listen = orthanc.inside("storescp", RECEIVE_PORT)
    holder = subprocess.Popen(listen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        words = ("fetch", *SERVER, *MARCH, "--way", "move", "--out", tmp_path)
        done = orthanc.tamiz(*words, key=key)
    finally:
        holder.kill()
        holder.wait()
    assert done.code == 2
    assert "we cannot listen on this port" in done.err


def test_new_images_of_a_known_study_are_fetched_alone(orthanc, key, tmp_path):
    words = ("fetch", *SERVER, "--patient", f"{PATIENT}3", "--out", tmp_path / "out", "--json")
    orthanc.store(save(tmp_path / "first", *[draw(3, 2, 1, n) for n in range(3)]))
    assert orthanc.tamiz(*words, key=key).counts["new"] == 3
    orthanc.store(save(tmp_path / "later", draw(3, 2, 1, 3), draw(3, 2, 2, 0)))
    assert orthanc.tamiz(*words, key=key).counts["new"] == 2


@pytest.mark.slow
@pytest.mark.shared_data
def test_real_ultrasound_comes_the_same_by_every_way(shared_data, key, tmp_path):
    """Among them: a retired storage class, big endian, RLE, JPEG, several frames."""
    if reason := why_not():
        pytest.skip(reason)
    brought = {}
    with Orthanc(tmp_path / "orthanc") as server:
        server.post(*sorted((shared_data / "dicom").rglob("*.dcm")))
        for way in ("get", "move", "web"):
            words = ("--way", way, "--dicomweb", WEB_URL, "--out", tmp_path / way, "--json")
            done = server.tamiz("fetch", *SERVER, "--modality", "US", *words, key=key)
            assert done.code == 0, done.err
            assert done.counts["received"] == done.counts["expected"] > 5
            brought[way] = images_in(tmp_path / way)
    assert brought["get"] == brought["move"] == brought["web"]
