"""A node takes what it is sent whole or not at all, once, and tells its sender the truth."""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import threading
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("highdicom")
pytest.importorskip("pynetdicom")

from tests.faces.conftest import drawn
from tests.faces.node_world import (
    BORN,
    NAME,
    PATIENT,
    ROOT,
    Archive,
    image,
    running,
    settings_of,
    store,
    study,
)

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import explain_os_error, locked
from tamiz.node.intake import Arrived, Intake
from tamiz.node.journal import JOURNAL, Journal
from tamiz.node.node import Settings, destination_of, run_node, status_of
from tamiz.node.settings import MIB
from tamiz.testing.dicoms import dicom


@pytest.fixture
def archive():
    with Archive() as made:
        yield made


@pytest.fixture
def node(answerer, archive, tmp_path):
    """Return a node that waits long before it answers."""
    settings = settings_of(tmp_path / "state", archive, quiet_seconds=60.0)
    with running(settings, answerer) as made:
        yield made


def test_it_answers_an_echo_and_keeps_what_it_said_it_had(node):
    assert store(node.settings.port) == [0]
    assert store(node.settings.port, *study(1, 3)) == [0, 0, 0]
    files = list((node.settings.folder / "studies").glob("*/*.dcm"))
    assert len(files) == 3
    assert not [one for one in files if ROOT in str(one)]
    assert (
        node.settings.folder.stat().st_mode & 0o777 == 0o777 & node.settings.folder.stat().st_mode
    )
    assert node.journal.counts()["images"] == 3


def test_a_wrong_title_or_an_unwanted_sender_is_rejected(answerer, archive, tmp_path):
    settings = settings_of(tmp_path / "state", archive, only_from=("CT1", "CT2"))
    with running(settings, answerer):
        assert store(settings.port, called="OTHER") == []
        assert store(settings.port, calling="STRANGER") == []
        assert store(settings.port, calling="CT2") == [0]


def test_what_came_before_is_one_and_other_pixels_are_a_conflict(node):
    first = image(1, 1)
    renamed = image(1, 1, PatientComments="again")
    other = image(1, 1, pixels=drawn(np.random.default_rng(99), "left"))
    elsewhere = image(1, 1, StudyInstanceUID=f"{ROOT}.2")
    assert store(node.settings.port, first, first, renamed) == [0, 0, 0]
    assert store(node.settings.port, other) == [0x0111]
    assert store(node.settings.port, elsewhere, image(1, 2)) != [0, 0]
    events = node.journal.events()
    assert (events["received"], events["repeated"], events["conflict"]) == (2, 2, 2)
    told = status_of(node.settings.folder).values["node"]
    assert (told["images"], told["repeated"], told["conflicts"]) == (2, 2, 2)


def test_objects_without_pictures_and_answers_of_nodes_get_no_answer(node):
    report = image(1, 5, pixels=None, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR")
    localiser = image(1, 6, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    ours = image(1, 7, Manufacturer="tamiz", ManufacturerModelName="tamiz")
    assert store(node.settings.port, image(1, 1), report, localiser, ours) == [0, 0, 0, 0]
    told = status_of(node.settings.folder).values["node"]
    assert (told["images"], told["not_images"], told["ours"]) == (1, 2, 1)


def arrived(content: bytes, **values: str) -> Arrived:
    told = {
        "sop_class": "1.2.840.10008.5.1.4.1.1.2",
        "sop_instance": "1.2.826.0.1.3680043.8.498.1.1",
        "syntax": "1.2.840.10008.1.2.1",
    }
    return Arrived(content, 0, **{**told, **values})


@pytest.fixture
def intake(tmp_path):
    settings = Settings(tmp_path, destination_of("A@h:1", "T"), free_mib=1, max_study_mib=1)
    with Journal(tmp_path) as journal:
        yield Intake(settings, journal)


PIXELS = np.zeros((8, 8), np.uint8)


@pytest.mark.parametrize(
    ("content", "values", "status", "why"),
    [
        (dicom(PIXELS, {"StudyInstanceUID": None}), {}, 0xC000, "bad_uid"),
        (dicom(PIXELS, {"SeriesInstanceUID": "../../etc"}), {}, 0xC000, "bad_uid"),
        (dicom(PIXELS), {"sop_instance": "1.2.3"}, 0xA900, "mismatch"),
        (dicom(PIXELS), {"sop_class": "1.2.3"}, 0xA900, "mismatch"),
        (dicom(PIXELS)[:200], {}, 0xC000, "bad_uid"),
        (b"", {}, 0xC000, "unreadable"),
        (dicom(np.zeros((1100, 1100), np.uint8)), {}, 0xA700, "too_large"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_right_status(
    intake, tmp_path, content, values, status, why
):
    assert intake.take(arrived(content, **values)) == (status, why)
    assert list(tmp_path.rglob("*.dcm")) == []
    assert intake.take(arrived(dicom(PIXELS))) == (0, "")


def test_a_full_disk_is_out_of_resources_and_later_it_goes_on(intake, tmp_path, monkeypatch):
    def full(path: Path, content: bytes) -> None:
        raise explain_os_error(OSError(errno.ENOSPC, "full"), path)

    with monkeypatch.context() as patched:
        patched.setattr("tamiz.node.intake.write_bytes", full)
        assert intake.take(arrived(dicom(PIXELS))) == (0xA700, "full")
        assert "disk" in str(intake.trouble)
    assert intake.take(arrived(dicom(PIXELS))) == (0, "")
    assert intake.trouble is None


def test_a_packet_or_an_image_beyond_the_limit_ends_the_connection(answerer, archive, tmp_path):
    settings = settings_of(tmp_path / "state", archive, quiet_seconds=60.0, max_study_mib=1)
    large = image(1, 1, pixels=np.zeros((2100, 2100), np.uint8))
    with running(settings, answerer):
        with socket.create_connection(("127.0.0.1", settings.port), timeout=5) as opened:
            opened.sendall(struct.pack(">BBL", 1, 0, 2**32 - 1) + b"\0" * 64)
            opened.settimeout(5)
            with contextlib.suppress(ConnectionResetError):
                assert opened.recv(64)[:1] in {b"", b"\x07"}  # closed, or an abort
        assert store(settings.port, large) != [0]
        assert store(settings.port, image(1, 2)) == [0]
    assert len(list((tmp_path / "state").rglob("*.dcm"))) == 1
    assert len(large.PixelData) > 3 * MIB


def test_a_busy_port_a_foreign_address_and_a_second_node_are_one_clear_line(
    node, model, archive, tmp_path
):
    stop = threading.Event()
    busy = settings_of(tmp_path / "second", archive, port=node.settings.port)
    with pytest.raises(WrongUse, match=r"another program listens there. End it, or choose"):
        run_node(busy, str(model), stop=stop)
    foreign = settings_of(tmp_path / "second", archive, host="192.0.2.1")
    with pytest.raises(WrongUse, match="this machine has no such address"):
        run_node(foreign, str(model), stop=stop)
    third = settings_of(tmp_path / "third", archive)
    with locked(third.folder), pytest.raises(WrongUse, match="process"):
        run_node(third, str(model), stop=stop)


def test_the_state_names_nobody(node, archive):
    assert store(node.settings.port, *study(1, 2)) == [0, 0]
    store(node.settings.port, image(1, 1, pixels=drawn(np.random.default_rng(9), "left")))
    content = (
        b"".join(one.read_bytes() for one in node.settings.folder.iterdir() if one.is_file())
        + " ".join(node.told).encode()
    )
    for planted in (NAME, "PLANTAD", PATIENT, BORN, ROOT, "ACCPLANTED9"):
        assert planted.encode() not in content


def test_a_damaged_journal_is_told_and_not_overwritten(tmp_path):
    (tmp_path / JOURNAL).write_bytes(b"no database at all, but long enough to be looked at" * 9)
    with pytest.raises(WrongData, match=r"journal is damaged.*Start with another folder"):
        Journal(tmp_path)
    with pytest.raises(WrongUse, match="no node ever worked here"):
        status_of(tmp_path / "nowhere")


@pytest.mark.parametrize("words", ["PACS", "PACS@host", "@h:1", "A@h:port", "ftp://x", "A@h:1/x"])
def test_who_gets_the_answers_must_be_named(words):
    with pytest.raises(WrongUse, match="AET@HOST:PORT"):
        destination_of(words, "TAMIZ")


@pytest.mark.parametrize(
    ("words", "shown"),
    [("PACS@10.0.0.5:104", "PACS@10.0.0.5:104"), ("https://p/dicom-web", "https://p/dicom-web")],
)
def test_archives_are_named_by_title_or_by_address(words, shown):
    assert str(destination_of(words, "TAMIZ")) == shown
