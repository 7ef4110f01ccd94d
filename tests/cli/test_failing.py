"""What a failure is called, and where its trace is kept."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path

import pytest

from tamiz.cli.failing import crash, told_as
from tamiz.core.errors import WrongUse


@pytest.fixture
def run_folder(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "photos", "--out", "RUN"],
        ["run", "photos", "--out=RUN"],
        ["train", "--resume", "RUN"],
        ["train", "--resume=RUN"],
        ["report", "RUN", "--quiet"],
    ],
    ids=" ".join,
)
def test_the_trace_of_a_crash_lies_in_the_run(run_folder, arguments):
    arguments = [word.replace("RUN", str(run_folder)) for word in arguments]
    told = crash(RuntimeError("boom"), arguments)
    assert str(run_folder / "crash.txt") in str(told)
    assert "RuntimeError: boom" in (run_folder / "crash.txt").read_text()


def test_a_link_in_the_place_of_the_trace_is_replaced_not_followed(run_folder, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    (run_folder / "crash.txt").symlink_to(precious)
    crash(RuntimeError("boom"), ["train", "--resume", str(run_folder)])
    assert precious.read_text() == "mine"


def test_without_a_run_every_trace_gets_a_new_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    told = [str(crash(RuntimeError("boom"), ["run", "photos", "--out", "x"])) for _ in range(2)]
    kept = sorted(tmp_path.glob("tamiz-crash-*.txt"))
    assert len(kept) == 2
    assert all(any(str(path) in words for words in told) for path in kept)
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_what_the_machine_forbids_is_no_crash(number):
    told = told_as(OSError(number, "no", "photos/a.png"), [])
    assert isinstance(told, WrongUse)
    assert told.where == str(Path("photos/a.png"))
    assert told.what.startswith("cannot ")


def test_a_fault_of_the_program_is_not_taken_for_the_users():
    assert told_as(OSError(errno.EBADF, "Bad file descriptor"), []) is None
    assert told_as(ValueError("boom"), []) is None
