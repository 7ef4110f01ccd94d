"""Archives read in place: zip and tar, never unpacked to disk, with every member checked."""

from __future__ import annotations

import os
import stat
import tarfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from tamiz.core.language import say
from tamiz.formats.files import MAX_FILE_BYTES, open_regular, read_head, to_text
from tamiz.formats.refusal import Refusal, refuse
from tamiz.formats.sniff import HEAD_BYTES, archive_kind
from tamiz.formats.stream import CompressedStream

MAX_MEMBERS: Final = 5_000_000
MAX_RATIO: Final = 200  # of a member: photos hardly compress, bombs do by 1000
MAX_RATIO_FROM_BYTES: Final = 16 * 2**20
MAX_STREAM_BYTES: Final = 256 * 2**30


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: usable members with their sizes, and the others with the reason.

    Attributes:
        size_by_name: in bytes.
        refused: name -> why it is not read.
        has_end: False of a tar that was cut between two members; what came after is unknown.
    """

    size_by_name: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    has_end: bool = True


class Archive(Protocol):
    """An opened archive; thread-safe."""

    contents: Contents

    def read(self, name: str) -> bytes:
        """Return a member's bytes."""
        ...

    def head(self, name: str, n_bytes: int) -> bytes:
        """Return a member's first bytes, unpacking no more than these."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def is_bomb(n_bytes: int, packed_bytes: int) -> bool:
    """Return whether this many bytes cannot honestly come from this few packed ones."""
    return n_bytes > MAX_RATIO_FROM_BYTES and n_bytes > MAX_RATIO * max(packed_bytes, 1)


def open_archive(path: Path) -> Archive | None:
    """Return the archive that `path` is, by content, or None when it is none.

    Raises:
        Refusal: it is damaged, or a bomb.
    """
    kind = archive_kind(read_head(path, HEAD_BYTES))
    if kind is None:
        return None
    try:
        return ZipArchive(path) if kind == "zip" else TarArchive(path, kind)
    except zipfile.BadZipFile as error:
        if not zipfile.is_zipfile(path):  # it begins like one; the list at its end is not there
            raise refuse("zip_cut") from error
        raise refuse("damaged", detail=str(error)) from error
    except tarfile.ReadError as error:
        if kind == "tar":
            raise refuse("damaged", detail=str(error)) from error
        return None  # something else that is compressed: a table, an IDX file


class ZipArchive:
    """A .zip; members are decompressed one at a time, in memory."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        _check_count(len(members))
        found = [(_member_name(m.filename), m.file_size, self._fault(m)) for m in members]
        self.contents = _contents(found)
        self._members = {_member_name(m.filename): m for m in members}

    def read(self, name: str) -> bytes:
        """Return a member's bytes, never more than the archive announced for it."""
        _check_member(self.contents, name)
        member = self._members[name]
        with self._zip.open(member) as opened:
            content = opened.read(member.file_size + 1)
        if len(content) != member.file_size:
            raise refuse("truncated")
        return content

    def head(self, name: str, n_bytes: int) -> bytes:
        """Return a member's first bytes."""
        _check_member(self.contents, name)
        with self._zip.open(self._members[name]) as opened:
            return opened.read(n_bytes)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    @staticmethod
    def _fault(member: zipfile.ZipInfo) -> str:
        mode = member.external_attr >> 16
        if member.flag_bits & 1:
            return say("formats.encrypted")
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            return say("formats.member_link")
        if is_bomb(member.file_size, member.compress_size):
            return say("formats.member_bomb", ratio=MAX_RATIO)
        return ""


class TarArchive:
    """A .tar, or a compressed one; indexed once, then each member is read at its offset."""

    def __init__(self, path: Path, kind: str) -> None:
        self._stream: CompressedStream | None = None
        self._handle = -1
        if kind == "tar":
            self._handle = open_regular(path)
            with path.open("rb") as opened, tarfile.open(fileobj=opened, mode="r:") as tar:
                self._index(tar)
            return
        limit = min(MAX_STREAM_BYTES, max(2**30, MAX_RATIO * path.stat().st_size))
        self._stream = CompressedStream(path, kind, limit)
        try:
            with tarfile.open(fileobj=self._stream, mode="r:") as tar:
                self._index(tar)
        except BaseException:
            self._stream.close()
            raise

    def read(self, name: str) -> bytes:
        """Return a member's bytes."""
        _check_member(self.contents, name)
        return self._read(name, self.contents.size_by_name[name])

    def head(self, name: str, n_bytes: int) -> bytes:
        """Return a member's first bytes."""
        _check_member(self.contents, name)
        return self._read(name, min(n_bytes, self.contents.size_by_name[name]))

    def _read(self, name: str, size: int) -> bytes:
        offset = self._place_by_name[name]
        if self._stream is not None:
            content = self._stream.read_at(offset, size)
        else:
            content = os.pread(self._handle, size, offset)
        if len(content) != size:
            raise refuse("truncated")
        return content

    def close(self) -> None:
        """Let go of the file."""
        if self._stream is not None:
            self._stream.close()
        elif self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _index(self, tar: tarfile.TarFile) -> None:
        found: list[tuple[str, int, str]] = []
        self._place_by_name: dict[str, int] = {}
        for member in tar:
            if member.isdir():
                continue
            name = _member_name(member.name)
            is_plain = member.isreg() and not member.issparse()
            found.append((name, member.size, "" if is_plain else say("formats.member_link")))
            self._place_by_name[name] = member.offset_data
            _check_count(len(found))
            tar.members = []  # type: ignore[attr-defined]  # the index above is enough; a million TarInfo would fill the memory
        self.contents = replace(_contents(found), has_end=_has_end(tar))


def _has_end(tar: tarfile.TarFile) -> bool:
    """Return whether the mark that ends a tar follows its last member; without it, it was cut.

    Raises:
        Refusal: a header is damaged. tarfile itself takes that for the end, and what lies behind
            would be lost in silence.
    """
    opened, offset = tar.fileobj, tar.offset
    if opened is None:
        return True
    opened.seek(offset)
    block = opened.read(tarfile.BLOCKSIZE)
    if block.strip(b"\0"):
        raise refuse("damaged", detail=say("formats.no_tar_header", offset=offset))
    return bool(block)


class ArchiveCache:
    """Archives opened once each, for all threads; by `opener`, which knows what else is one."""

    def __init__(self, opener: Callable[[Path], Archive | None] = open_archive) -> None:
        self._opener = opener
        self._archives: dict[Path, Archive | None] = {}
        self._lock = threading.Lock()

    def get(self, path: Path) -> Archive:
        """Return the archive at `path`.

        Raises:
            Refusal: it is none, or damaged.
        """
        with self._lock:
            if path not in self._archives:
                self._archives[path] = self._opener(path)
            archive = self._archives[path]
        if archive is None:
            raise refuse("no_archive")
        return archive

    def close(self) -> None:
        """Close all."""
        with self._lock:
            for archive in self._archives.values():
                if archive is not None:
                    archive.close()
            self._archives.clear()


def _member_name(name: str) -> str:
    name = to_text(name.replace("\\", "/"))
    while name.startswith("./"):
        name = name[2:]
    return name


def _contents(found: list[tuple[str, int, str]]) -> Contents:
    """Return usable and refused members; a name that stands twice is refused."""
    n_by_name = Counter(name for name, _, _ in found)
    sizes: dict[str, int] = {}
    refused: dict[str, str] = {}
    for name, size, fault in found:
        if n_by_name[name] > 1:
            refused[name] = say("formats.member_twice", n=n_by_name[name])
        elif fault or (fault := _name_fault(name)):
            refused[name] = fault
        elif size > MAX_FILE_BYTES:
            refused[name] = say("formats.member_large", limit_mib=MAX_FILE_BYTES >> 20)
        else:
            sizes[name] = size
    return Contents(sizes, refused)


def _name_fault(name: str) -> str:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or "\0" in name or (name[1:2] == ":"):
        return say("formats.member_outside")
    return "" if name else say("formats.member_nameless")


def _check_count(n: int) -> None:
    if n > MAX_MEMBERS:
        raise refuse("too_many_members", limit=MAX_MEMBERS)


def _check_member(contents: Contents, name: str) -> None:
    if name in contents.refused:
        raise Refusal(contents.refused[name])
    if name not in contents.size_by_name:
        raise refuse("missing")
