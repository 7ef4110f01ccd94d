from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.files import (
    check_room,
    locked,
    read_json,
    remove_stale_parts,
    replacing,
    write_bytes,
    write_json,
)
from tamiz.core.language import set_language
from tamiz.data.run_folder import Run


def test_a_failed_write_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "a.bin"
    write_bytes(path, b"old")
    with pytest.raises(ZeroDivisionError), replacing(path) as part:  # noqa: PT012
        part.write_bytes(b"half")
        _ = 1 / 0
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_parts_that_a_killed_process_left_are_removed_and_nothing_else(tmp_path):
    (tmp_path / ".a.bin.123.tamiz-part").write_bytes(b"half")
    (tmp_path / "a.bin").write_bytes(b"whole")
    assert remove_stale_parts(tmp_path) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_a_full_disk_is_called_a_full_disk(tmp_path, monkeypatch):
    def refuse(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", refuse)
    with pytest.raises(MachineTrouble, match=r"a\.bin: the disk is full.*what was saved is intact"):
        write_bytes(tmp_path / "a.bin", b"x")


def test_too_little_room_is_said_before_anything_is_written(tmp_path):
    with pytest.raises(MachineTrouble, match="the disk is full"):
        check_room(tmp_path, 2**62)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse, match="cannot write here"):
        write_json(tmp_path / "file" / "a.json", {})


def test_the_second_process_in_one_folder_is_told_who_holds_it(tmp_path):
    code = (
        "import sys, time, pathlib; from tamiz.core.files import locked\n"
        "with locked(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WrongUse, match=f"process {holder.pid} on"), locked(tmp_path):
            pass
        holder.kill()
    with locked(tmp_path):  # a killed holder holds nothing
        pass


def test_a_damaged_json_file_is_named_and_not_guessed(tmp_path):
    (tmp_path / "a.json").write_text('{"a": ')
    with pytest.raises(WrongData, match=r"a\.json: the file is damaged"):
        read_json(tmp_path / "a.json")
    with pytest.raises(WrongData, match="no such file"):
        read_json(tmp_path / "b.json")


def test_json_is_written_with_sorted_keys_so_that_equal_content_is_equal_bytes(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": "ñ"})
    write_json(tmp_path / "b.json", {"a": "ñ", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_killed_writer_never_leaves_a_half_file(tmp_path):
    code = (
        "import sys, pathlib; from tamiz.core.files import write_bytes\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "for i in range(10**6): write_bytes(path, bytes([i % 256]) * 3_000_000)"
    )
    path = tmp_path / "a.bin"
    for wait_s in (0.15, 0.22, 0.31):
        with subprocess.Popen([sys.executable, "-c", code, str(path)]) as writer:
            deadline = time.monotonic() + 20
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(wait_s)
            os.kill(writer.pid, 9)
        content = path.read_bytes()
        assert len(content) == 3_000_000
        assert len(set(content)) == 1


@pytest.fixture
def forbidden(monkeypatch):
    """Forbid every look at a file, as an unreadable folder does (tests may run as root)."""

    def refuse(path, *arguments, **settings):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for name in ("stat", "open", "is_file", "is_dir"):
        monkeypatch.setattr(Path, name, refuse)


def test_a_file_that_may_not_be_read_is_the_users_to_mend(forbidden, tmp_path):
    with pytest.raises(WrongUse, match=r"cannot look in here \(Permission denied\)"):
        read_json(tmp_path / "run.json")


def test_a_folder_that_may_not_be_looked_into_is_called_that(forbidden, tmp_path):
    with pytest.raises(WrongUse, match=r"cannot look in here \(Permission denied\)"):
        Run(tmp_path).exists  # noqa: B018 - asking is the act
    with (
        pytest.raises(WrongUse, match="cannot look in here"),
        Run(tmp_path).opened("tamiz"),
    ):
        pass


def test_the_systems_reasons_come_in_spanish_too(tmp_path):
    set_language("es")
    with pytest.raises(WrongUse, match=r"no se puede leer aquí \(es una carpeta\)"):
        read_json(tmp_path)
