"""Files that are whole or absent: atomic writes, locks, hashes, room on the disk."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.language import has_text, say

_TEMPORARY = ".tamiz-part"


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that the file is the old one or the new one, never a part.

    Raises:
        MachineTrouble: the disk is full.
        WrongUse: the folder cannot be written to.
    """
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write `content` as UTF-8, whole or not at all (see `write_bytes`)."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: object) -> None:
    """Write `content` as JSON with sorted keys, whole or not at all."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        WrongData: it is missing or damaged.
        WrongUse: it may not be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WrongData.of("errors.not_found", where=path) from error
    except OSError as error:
        raise explain_read_error(error, path) from error
    except ValueError as error:
        raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is synced and takes `path`'s name."""
    part = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise explain_os_error(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def explain_os_error(error: OSError, path: Path) -> MachineTrouble | WrongUse:
    """Return the error in the user's words: a full disk, or a place that cannot be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        folder = path.parent if path.parent.exists() else Path()
        free = shutil.disk_usage(folder).free // 2**20
        return MachineTrouble.of("errors.disk_full", where=path, needed_mib=free + 1, free_mib=free)
    return WrongUse.of("errors.not_writable", where=path, reason=_reason(error))


def explain_read_error(error: OSError, path: Path) -> WrongUse:
    """Return the error in the user's words: a place that cannot be looked at or read."""
    return WrongUse.of("errors.not_readable", where=path, reason=_reason(error))


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise `WrongUse` where the machine forbids to look at `path`, even to ask if it is there."""
    try:
        yield
    except OSError as error:
        raise explain_read_error(error, path) from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are not there.

    Raises:
        MachineTrouble: the disk is full.
        WrongUse: it cannot be made here.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain_os_error(error, path) from error


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raise `MachineTrouble` when `folder`'s disk has less than `needed_bytes` free."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise MachineTrouble.of(
            "errors.disk_full",
            where=folder,
            needed_mib=-(-needed_bytes // 2**20),
            free_mib=free // 2**20,
        )


def remove_stale_parts(folder: Path) -> int:
    """Delete the temporary files that a killed process left in `folder`; return how many."""
    with reading(folder):
        stale = [part for part in folder.rglob(f".*{_TEMPORARY}") if part.is_file()]
    for part in stale:
        try:
            part.unlink(missing_ok=True)
        except OSError as error:
            raise explain_os_error(error, part) from error
    return len(stale)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process alone; the lock ends with the process, however it ends.

    Raises:
        WrongUse: another process holds it, or the folder cannot be written to.
    """
    path = folder / ".lock"
    make_folder(folder)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise explain_os_error(error, path) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _held_by_other(path, folder) from error
        owner = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(owner).encode(), 0)
        except OSError as error:
            raise explain_os_error(error, path) from error
        yield
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    """Return the system's reason in the reader's language, where the catalogue has it."""
    key = f"errors.os_{errno.errorcode.get(error.errno or 0, '').lower()}"
    return say(key) if has_text(key) else error.strerror or str(error)


def _held_by_other(path: Path, folder: Path) -> WrongUse:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        owner = {}
    return WrongUse.of(
        "errors.locked",
        where=folder,
        pid=owner.get("pid", "?"),
        host=owner.get("host", "?"),
        since=owner.get("since", "?"),
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
