"""Each image is answered exactly once, whoever dies and when; answers wait for their archive."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("highdicom")
pytest.importorskip("pynetdicom")

from tests.faces.node_world import (
    ROOT,
    Archive,
    image,
    running,
    settings_of,
    store,
    study,
)

from tamiz.cli.main import main
from tamiz.cli.node import until_told
from tamiz.core.errors import MachineTrouble
from tamiz.node import node as node_module
from tamiz.node.headers import as_bytes
from tamiz.node.journal import Journal
from tamiz.node.node import status_of
from tamiz.node.reporting import report_of


@pytest.fixture
def archive():
    with Archive() as made:
        yield made


def answered_images(archive) -> Counter[str]:
    """Return how many distinct reports the archive has about each image."""
    by_uid = {one.SOPInstanceUID: one for one in archive.reports()}
    return Counter(
        item.ReferencedSOPInstanceUID
        for one in by_uid.values()
        for series in one.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    )


def once(*datasets) -> Counter[str]:
    return Counter(one.SOPInstanceUID for one in datasets)


def test_later_images_are_answered_by_themselves_and_repeated_ones_not_again(
    answerer, archive, tmp_path
):
    settings = settings_of(tmp_path / "state", archive)
    with running(settings, answerer) as node:
        store(settings.port, *study(1, 2))
        node.wait_for_state("done", 1)
        store(settings.port, *study(1, 2))
        store(settings.port, image(1, 3))
        node.wait_for_state("done", 2)
        store(settings.port, *study(1, 3))
        time.sleep(0.8)
        assert node.journal.counts()["done"] == 2
    assert len(archive.received) == 2
    assert answered_images(archive) == once(*study(1, 3))
    assert [one.InstanceNumber for one in archive.reports()] == [1, 2]
    assert {one.SeriesNumber for one in archive.reports()} == {9901}
    assert list(tmp_path.rglob("*.dcm")) == []  # nothing of a patient stays


def test_a_study_of_the_expected_size_is_answered_at_once(answerer, archive, tmp_path):
    settings = settings_of(tmp_path / "state", archive, quiet_seconds=60.0, expect=3)
    with running(settings, answerer) as node:
        store(settings.port, *study(1, 3), *study(2, 2))
        node.wait_for_state("done", 1)
        assert node.journal.counts()["receiving"] == 1
    assert answered_images(archive) == once(*study(1, 3))


def test_a_sender_that_was_cut_off_is_waited_for_and_its_study_answered_once(
    answerer, archive, tmp_path
):
    settings = settings_of(tmp_path / "state", archive)
    with running(settings, answerer) as node:
        store(settings.port, image(1, 1), is_cut_off=True)
        store(settings.port, *study(2, 1))
        node.wait_for_state("done", 1)
    with running(settings, answerer) as node:
        time.sleep(0.7)  # longer than a study is quiet that was sent to its end
        assert node.journal.counts()["receiving"] == 1
        store(settings.port, *study(1, 2))
        node.wait_for_state("done", 2)
        store(settings.port, *study(3, 1), is_cut_off=True)
        node.wait_for_state("done", 3)  # nobody came back: at last it is answered as it is
    assert len(archive.reports()) == 3
    assert answered_images(archive) == once(*study(1, 2), *study(2, 1), *study(3, 1))


def test_a_study_without_images_has_no_answer(answerer, archive, tmp_path):
    settings = settings_of(tmp_path / "state", archive)
    report = image(1, 5, pixels=None, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR")
    with running(settings, answerer) as node:
        assert store(settings.port, report) == [0]
        node.wait_for_state("skipped")
    assert archive.received == []
    assert list(tmp_path.rglob("*.dcm")) == []


def test_an_archive_that_sends_everything_on_gets_no_answers_to_answers(
    answerer, archive, tmp_path
):
    settings = settings_of(tmp_path / "state", archive, has_maps=True)
    with running(settings, answerer) as node:
        store(settings.port, image(1, 1))
        node.wait_for_state("done")
        assert store(settings.port, *archive.received) == [0, 0]
        time.sleep(0.8)
        assert node.journal.events()["ours"] == 2
        assert node.journal.counts()["done"] == 1
    assert len(archive.received) == 2


def test_answers_wait_for_an_archive_that_is_away_and_for_one_that_refuses(
    answerer, tmp_path, monkeypatch
):
    monkeypatch.setattr(node_module, "_FIRST_PAUSE_S", 0.2)
    archive = Archive(statuses=[0xA700, 0xC000])
    settings = settings_of(tmp_path / "state", archive)
    with running(settings, answerer) as node:
        store(settings.port, *study(1, 1))
        node.wait(lambda: any("nothing listens" in one for one in node.told))
        told = status_of(settings.folder)
        assert told.values["node"]["answered"] == 1
        with archive:
            node.wait_for_state("done")
        assert sum("the answer waits" in one for one in node.told) >= 3
    assert len(archive.received) == 1
    assert answered_images(archive) == once(*study(1, 1))


def test_a_study_whose_answer_cannot_be_made_waits_and_holds_up_no_other(
    answerer, archive, tmp_path, monkeypatch
):
    made = report_of

    def sometimes(about, looks):
        if about.study == f"{ROOT}.1":
            raise ValueError("planted")
        return made(about, looks)

    settings = settings_of(tmp_path / "state", archive)
    with monkeypatch.context() as patched:
        patched.setattr(node_module, "report_of", sometimes)
        with running(settings, answerer) as node:
            store(settings.port, *study(1, 1), *study(2, 1))
            node.wait_for_state("done")
            node.wait_for_state("failed")
    assert answered_images(archive) == once(*study(2, 1))
    told = status_of(settings.folder)
    assert told.values["node"]["failed"] == 1
    with running(settings, answerer) as node:
        node.wait_for_state("done", 2)
    assert answered_images(archive) == once(*study(1, 1), *study(2, 1))


class KilledHere(BaseException):
    """Ends a node at a chosen place, as a kill would."""


def run_until_it_fails(settings, answerer):
    with running(settings, answerer) as node:
        assert store(settings.port, *study(1, 2)) == [0, 0]
        node.wait(lambda: node.node._failure is not None)


@pytest.mark.parametrize(
    ("owner", "name", "is_before"),
    [
        (Journal, "complete", True),
        (Journal, "complete", False),
        (node_module, "report_of", True),
        (Journal, "answered", True),
        (Journal, "answered", False),
        (node_module, "send", True),
        (Journal, "sent", True),
        (Journal, "all_sent", True),
        (Journal, "all_sent", False),
        (Journal, "tidied", True),
    ],
)
def test_a_node_killed_between_two_steps_sends_the_same_object_or_none(
    answerer, archive, tmp_path, monkeypatch, owner, name, is_before
):
    step = getattr(owner, name)

    def killed(*arguments, **named):
        if not is_before:
            step(*arguments, **named)
        raise KilledHere

    settings = settings_of(tmp_path / "state", archive, quiet_seconds=0.05)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, killed)
        with pytest.raises(KilledHere):
            run_until_it_fails(settings, answerer)
    with running(settings, answerer) as node:
        node.wait_for_state("done")
    assert answered_images(archive) == once(*study(1, 2))
    assert len({hashlib.sha256(as_bytes(one)).hexdigest() for one in archive.received}) == 1
    assert list(tmp_path.rglob("*.dcm")) == []


def test_an_image_written_but_never_acknowledged_is_taken_when_it_comes_again(
    answerer, archive, tmp_path, monkeypatch
):
    def full(self, one):
        raise MachineTrouble.of("node.journal_full", where="journal")

    settings = settings_of(tmp_path / "state", archive)
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "add", full)
        with running(settings, answerer) as node:
            assert store(settings.port, image(1, 1)) == [0xA700]
            node.wait(lambda: any("journal cannot be written" in one for one in node.told))
    assert len(list(tmp_path.rglob("*.dcm"))) == 1
    with running(settings, answerer) as node:
        assert list(tmp_path.rglob("*.dcm")) == []
        assert store(settings.port, image(1, 1)) == [0]
        node.wait_for_state("done")
    assert answered_images(archive) == once(image(1, 1))


def started(settings, model: Path, *words: object) -> subprocess.Popen[str]:
    """Return a node in a process of its own, once it listens."""
    told = ["--port", settings.port, "--folder", settings.folder, "--quiet-seconds", 0.3]
    process = subprocess.Popen(
        [sys.executable, "-m", "tamiz", "node", str(model), *map(str, told), *map(str, words),
         "--answer-to", str(settings.answer_to)],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "TAMIZ_LANG": "en"},
    )  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    assert "TAMIZ listens on 127.0.0.1" in line, line + process.stderr.read()
    return process


@pytest.mark.slow
def test_what_a_killed_process_said_it_had_is_answered_by_the_next_one(
    answerer, model, archive, tmp_path
):
    settings = settings_of(tmp_path / "state", archive)
    process = started(settings, model)
    assert store(settings.port, *study(1, 2), *study(2, 1)) == [0, 0, 0]
    process.kill()
    _, told = process.communicate()
    assert "PLANTAD" not in told
    assert ROOT not in told
    with running(settings, answerer) as node:
        assert store(settings.port, *study(3, 1)) == [0]
        node.wait_for_state("done", 3)
    assert answered_images(archive) == once(*study(1, 2), *study(2, 1), *study(3, 1))
    counts = status_of(settings.folder).values["node"]
    assert (counts["studies"], counts["done"], counts["images"]) == (3, 3, 4)


def test_an_answer_that_is_gone_or_damaged_is_made_again_and_lost_images_are_told(
    answerer, tmp_path, monkeypatch
):
    monkeypatch.setattr(node_module, "_FIRST_PAUSE_S", 0.2)
    archive = Archive()
    settings = settings_of(tmp_path / "state", archive)
    with running(settings, answerer) as node:
        store(settings.port, *study(1, 1), *study(2, 1))
        node.wait_for_state("answered", 2)
    taken, torn = (settings.folder / "answers").rglob("*.dcm")
    taken.unlink()
    torn.write_bytes(torn.read_bytes()[:200])
    lost = next((settings.folder / "studies").rglob("*.dcm"))
    lost.unlink()
    with archive, running(settings, answerer) as node:
        node.wait_for_state("done")
        node.wait_for_state("failed")
        assert any("FileNotFoundError" in one for one in node.told)
    assert len(archive.received) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_for_the_end_and_interrupts_nothing(number):
    before = signal.getsignal(number)
    with until_told() as stop:
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(5)
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--folder is missing. For example: tamiz node"),
        (["model", "--folder", "x"], "--answer-to is missing"),
        (["--folder", "x", "--answer-to", "A@h:1"], "MODEL"),
        (["model", "--folder", "x", "--answer-to", "A@h"], "this names nobody"),
        (["model", "--folder", "x", "--answer-to", "A@h:1", "--expect", "0"], "above 0"),
        (["model", "--folder", "x", "--answer-to", "A@h:1", "--only-from", "é"], "AE title"),
        (["model", "--folder", "x", "--answer-to", "https://p", "--user", "me"], "password"),
        (["--status", "--folder", "nowhere"], "no node ever worked here"),
    ],
)
def test_a_command_that_cannot_work_is_one_clear_line(words, said, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TAMIZ_PACS_PASSWORD", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["node", *words, "--lang", "en"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in told
    assert told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
