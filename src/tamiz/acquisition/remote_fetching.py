"""Downloading single objects: whole or absent, verified, tried again, large ones taken up again."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.acquisition.remote_listing import Remote, stamp_of_content, understood
from tamiz.acquisition.remote_opening import (
    FileSystem,
    ServerTrouble,
    asking,
    in_words,
    is_absent,
    is_passing,
)
from tamiz.core.errors import WrongData
from tamiz.core.files import explain_os_error
from tamiz.core.urls import FOLDER

PIECE_BYTES: Final = 16 * 2**20  # asked for at once: what one download holds in memory
_TRIES: Final = 4
_FIRST_PAUSE_S: Final = 0.5
_CHUNK: Final = 2**20


class _OtherVersion(Exception):
    """What came is not what was listed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One object to be brought.

    Attributes:
        remote: what the listing said of it.
        path: in its file system.
        url: for messages.
        place: where it goes.
    """

    remote: Remote
    path: str
    url: str
    place: Path


def is_current(place: Path, remote: Remote) -> bool:
    """Return whether the file here is the version that the listing tells of."""
    try:
        facts = os.lstat(place)
    except OSError:
        return False
    same_size = remote.size is None or facts.st_size == remote.size
    is_version = (
        remote.stamp_ns is not None and facts.st_mtime_ns // 1000 == remote.stamp_ns // 1000
    )
    return same_size and is_version


def bring(system: FileSystem, job: Job) -> None:
    """Bring one object here, whole or not at all; its time is the stamp of its version.

    Raises:
        WrongData: it vanished, or its bytes are not those that the server tells of.
        MachineTrouble: the server does not answer after several tries, or the disk is full.
        WrongUse: it may not be read.
    """
    remote = job.remote
    for number in range(1, _TRIES + 1):
        try:
            _bring_once(system, job, remote, doubts_md5=number > 1)
        except _OtherVersion as error:
            remote = _looked_again(system, job)
            if number == _TRIES:
                raise WrongData.of("remote.damaged", where=job.url, reason=str(error)) from None
        except OSError as error:
            raise explain_os_error(error, job.place) from error
        except ServerTrouble as error:
            _give_up_or_wait(error, job, number)
        else:
            return


def parts_folder(place: Path) -> Path:
    """Return where pieces of downloads lie, on the disk of `place`: below the folder of URLs."""
    words = str(place)
    top, found, _ = words.partition(f"/{FOLDER}/")
    return Path(top) / f"{FOLDER}-parts" if found else place.parent / ".parts"


def _bring_once(system: FileSystem, job: Job, remote: Remote, *, doubts_md5: bool) -> None:
    with _part(job, remote) as part:
        md5 = _downloaded(system, job, remote, part)
        size = part.stat().st_size
        if remote.size is not None and size != remote.size:
            part.unlink()
            raise _OtherVersion(f"{size} != {remote.size} bytes")
        if remote.md5 is not None and md5 != remote.md5 and not _is_no_md5(job, md5, doubts_md5):
            part.unlink()
            raise _OtherVersion(f"MD5 {md5} != {remote.md5}")
        stamp = remote.stamp_ns if remote.stamp_ns is not None else stamp_of_content(md5)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        os.utime(part, ns=(stamp, stamp))
        _take_place(part, job.place)


# A server that encrypts may give a tag that looks like an MD5 and is none: then the same bytes
# come a second time. The MD5 of what came first, by object.
_came: dict[str, str] = {}


def _is_no_md5(job: Job, md5: str, doubts: bool) -> bool:  # noqa: FBT001
    before = _came.get(job.url)
    _came[job.url] = md5
    if doubts and before == md5:
        del _came[job.url]
        return True
    return False


@contextmanager
def _part(job: Job, remote: Remote) -> Iterator[Path]:
    """Yield the file that collects the pieces, held by this process alone.

    Its name tells object and version, so what a killed process left is gone on with.
    """
    folder = parts_folder(job.place)
    folder.mkdir(parents=True, exist_ok=True)
    key = f"{job.place}|{remote.stamp_ns}|{remote.size}".encode("utf-8", "surrogatepass")
    part = folder / hashlib.sha256(key).hexdigest()[:32]
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another process brings it too: each on its own
            os.close(handle)
            part = part.with_name(f"{part.name}-{os.getpid()}")
            handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        if remote.stamp_ns is None or remote.size is None:
            os.ftruncate(handle, 0)  # no version to go on with
        yield part
    finally:
        os.close(handle)


def _downloaded(system: FileSystem, job: Job, remote: Remote, part: Path) -> str:
    """Fill `part` and return the MD5 of its content."""
    if remote.size is None or (remote.size > PIECE_BYTES and not remote.has_ranges):
        with asking():
            system.get_file(job.path, str(part))
        return _md5_of(part)
    if remote.size <= PIECE_BYTES:
        content = b""
        if remote.size:
            with asking():  # with an end, s3fs asks once, not twice; one byte more: has it grown?
                content = system.cat_file(job.path, start=0, end=remote.size + 1)
        part.write_bytes(content)
        return hashlib.md5(content, usedforsecurity=False).hexdigest()
    start = min(part.stat().st_size, remote.size) // PIECE_BYTES * PIECE_BYTES
    with part.open("r+b") as opened:
        opened.seek(start)
        opened.truncate()
        while start < remote.size:
            end = min(start + PIECE_BYTES, remote.size)
            with asking():
                piece = system.cat_file(job.path, start=start, end=end)
            if len(piece) != end - start:
                raise _OtherVersion(f"{len(piece)} != {end - start} bytes")
            opened.write(piece)
            opened.flush()
            start = end
    now = _looked_again(system, job)
    if now.stamp_ns != remote.stamp_ns or now.size != remote.size:
        part.unlink()  # pieces of two versions
        raise _OtherVersion("version")
    return _md5_of(part)


def _md5_of(part: Path) -> str:
    with part.open("rb") as opened:
        return hashlib.file_digest(opened, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _looked_again(system: FileSystem, job: Job) -> Remote:
    try:
        with asking():
            facts = system.info(job.path)
    except ServerTrouble as error:
        if is_absent(error):
            raise WrongData.of("remote.vanished", where=job.url) from None
        raise in_words(error, job.url) from None
    return understood(job.remote.name, facts)


def _give_up_or_wait(error: ServerTrouble, job: Job, number: int) -> None:
    if isinstance(error.cause, OSError) and _is_of_the_disk(error.cause):
        raise explain_os_error(error.cause, job.place) from error
    if is_absent(error):
        raise WrongData.of("remote.vanished", where=job.url) from None
    if not is_passing(error) or number == _TRIES:
        raise in_words(error, job.url) from None
    time.sleep(_FIRST_PAUSE_S * 2 ** (number - 1))


def _is_of_the_disk(error: OSError) -> bool:
    """Return whether the local disk refused, not the server: it names a file here."""
    return error.errno is not None and str(error.filename or "").startswith("/")


def _take_place(part: Path, place: Path) -> None:
    """Rename `part` to `place`; what lies in its way (a file where a folder must be) is removed."""
    for _ in range(2):
        with suppress(FileExistsError, NotADirectoryError):
            place.parent.mkdir(parents=True, exist_ok=True)
            break
        _clear_the_way(place.parent)
    try:
        part.replace(place)
    except IsADirectoryError:
        shutil.rmtree(place)
        part.replace(place)


def _clear_the_way(folder: Path) -> None:
    for above in (folder, *folder.parents):
        if above.name == FOLDER:
            return
        if above.is_symlink() or above.is_file():
            above.unlink()
            return
