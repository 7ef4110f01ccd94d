"""The journal of a retrieval: one line per instance that lies whole on the disk."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongData
from tamiz.core.files import explain_os_error

JOURNAL: Final = "journal.jsonl"
_FILE: Final = re.compile(r"[^/\\]+/[0-9a-f]{32}/[0-9a-f]{32}\.dcm")


@dataclass(frozen=True, slots=True)
class Entry:
    """One instance received; it names nobody.

    Attributes:
        study: the UID that replaces the study's.
        series: the UID that replaces the series'.
        instance: the UID that replaces the instance's.
        file: where it lies, relative to the folder.
        sha256: of the file as written.
        bytes: the file's size.
        utc: when it was written, to the second.
        may_show_text: whether its pixels may hold words (see `deidentify`).
    """

    study: str
    series: str
    instance: str
    file: str
    sha256: str
    bytes: int
    utc: str
    may_show_text: bool = False


def file_of(patient: str, series: str, instance: str) -> str:
    """Return where an instance lies, made of hashes of the replaced UIDs alone."""
    folder, name = (hashlib.sha256(uid.encode()).hexdigest()[:32] for uid in (series, instance))
    return f"{patient}/{folder}/{name}.dcm"


class Journal:
    """The lines of a folder's journal, the last one of each instance; appended to and synced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / JOURNAL
        self.by_instance: dict[str, Entry] = {}
        self._named: set[str] = set()
        for entry in self._read():
            self._named.add(entry.file)
            path = folder / entry.file
            if path.is_file() and path.stat().st_size == entry.bytes:
                self.by_instance[entry.instance] = entry
            else:
                self.by_instance.pop(entry.instance, None)

    def append(self, entry: Entry) -> None:
        """Write a line and wait until the disk has it."""
        line = json.dumps(asdict(entry), sort_keys=True) + "\n"
        try:
            with self._path.open("ab") as journal:
                journal.write(line.encode("ascii"))
                journal.flush()
                os.fsync(journal.fileno())
        except OSError as error:
            raise explain_os_error(error, self._path) from error
        self.by_instance[entry.instance] = entry
        self._named.add(entry.file)

    def files_without_line(self) -> Iterator[Path]:
        """Yield the files that a killed process wrote and had no time to note down."""
        for path in sorted(self._folder.glob("*/*/*.dcm")):
            name = path.relative_to(self._folder).as_posix()
            if _FILE.fullmatch(name) and name not in self._named:
                yield path

    def _read(self) -> Iterator[Entry]:
        """Yield the lines; a last one without its end was torn by a kill and is cut off."""
        try:
            content = self._path.read_bytes() if self._path.exists() else b""
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                os.truncate(self._path, whole)
        except OSError as error:
            raise explain_os_error(error, self._path) from error
        for number, line in enumerate(content[:whole].splitlines(), start=1):
            try:
                entry = Entry(**json.loads(line))
                if not _FILE.fullmatch(entry.file):
                    raise ValueError("file")
            except (TypeError, ValueError) as error:
                raise WrongData.of("pacs.bad_journal", where=self._path, line=number) from error
            yield entry
