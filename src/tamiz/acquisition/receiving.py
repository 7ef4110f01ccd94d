"""Where instances arrive: checked, stripped of identities, written whole, noted in the journal."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tamiz.acquisition.changes import ChangeLog
from tamiz.acquisition.deidentify import (
    Deidentification,
    Deidentified,
    deidentify,
)
from tamiz.acquisition.journal import Entry, Journal, file_of
from tamiz.acquisition.queries import is_uid, plain
from tamiz.core.errors import TamizError, WrongData
from tamiz.core.files import check_room, explain_os_error, remove_stale_parts, write_bytes
from tamiz.core.pseudonyms import Pseudonyms, is_pseudonym
from tamiz.formats.dicom_facts import burned_in_reason

FREE_BYTES: Final = 2**30
STORED: Final = 0x0000
NO_ROOM: Final = 0xA700
NOT_WANTED: Final = 0xA900
NOT_UNDERSTOOD: Final = 0xC000
_UIDS: Final = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "SOPClassUID")

# what pydicom and its decoders raise on a damaged or unusual data set
BAD_DATASET: Final = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, RuntimeError,
    TypeError, ValueError, struct.error,
)  # fmt: skip


@dataclass(slots=True)
class Counts:
    """What became of the instances that arrived.

    Attributes:
        stored: written in this run.
        adopted: found on the disk without a line in the journal, written by a killed run.
        repeated: arrived again with the same content.
        conflicts: file names of instances that arrived again with other content.
        refused: number by reason: 'bad_uid', 'not_asked', 'unreadable'.
    """

    stored: int = 0
    adopted: int = 0
    repeated: int = 0
    conflicts: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Store:
    """The folder of a retrieval; takes instances from one thread at a time.

    `failure` holds what made it stop taking (a full disk, a fault of the program): whoever feeds
    it looks there after each answer of the server.
    """

    def __init__(
        self,
        folder: Path,
        pseudonyms: Pseudonyms,
        options: Deidentification,
        *,
        free_bytes: int = FREE_BYTES,
        max_per_second: float | None = None,
        deadline: float | None = None,
    ) -> None:
        remove_stale_parts(folder)
        self._folder, self._pseudonyms, self._options = folder, pseudonyms, options
        self._free_bytes, self._deadline = free_bytes, deadline
        self._pause_s = 1.0 / max_per_second if max_per_second else 0.0
        self._next_s = 0.0
        self._one_at_a_time = threading.Lock()
        self._wanted: Collection[str] = ()
        self.journal = Journal(folder)
        self.changes = ChangeLog(folder)
        self.counts = Counts()
        self.failure: BaseException | None = None
        self.is_out_of_time = False
        self.on_stored: Callable[[], None] = lambda: None
        self._adopt()

    def want(self, series: Iterable[str]) -> None:
        """Take instances of these series (their UIDs at the server) and of no others."""
        self._wanted = frozenset(series)

    def has(self, instance: str) -> bool:
        """Return whether the instance with this UID at the server lies on the disk."""
        return self._pseudonyms.uid(instance) in self.journal.by_instance

    @property
    def is_closed(self) -> bool:
        """Return whether nothing more is taken."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.is_out_of_time = True
        return self.failure is not None or self.is_out_of_time

    def take(self, read: Callable[[], Any]) -> int:
        """Take what `read` returns, a data set with `file_meta`; return a C-STORE status.

        Never raises for what a server sends; trouble of this machine goes to `failure`.
        """
        with self._one_at_a_time, _Noticing(self):
            if self.is_closed:
                return NO_ROOM
            self._wait_turn()
            try:
                return self._take(read())
            except (WrongData, *BAD_DATASET):
                return self._refuse("unreadable", NOT_UNDERSTOOD)
            except TamizError as error:
                self.failure = error
                return NO_ROOM
            except OSError as error:
                self.failure = explain_os_error(error, self._folder)
                return NO_ROOM

    def _take(self, dataset: Any) -> int:
        uids = [plain(dataset.get(keyword)) for keyword in _UIDS]
        if not all(map(is_uid, uids)):
            return self._refuse("bad_uid", NOT_UNDERSTOOD)
        if uids[1] not in self._wanted:
            return self._refuse("not_asked", NOT_WANTED)
        patient = plain(dataset.get("PatientID"))
        made = deidentify(dataset, self._pseudonyms, self._options)
        content = _bytes_of(made.dataset)
        instance, series, study = (self._pseudonyms.uid(uid) for uid in uids[:3])
        known = self.journal.by_instance.get(instance)
        if known:
            self._compare(known, content)
            return STORED
        file = file_of(self._patient(made.dataset, patient), series, instance)
        self._write(file, content, (study, series, instance), made)
        return STORED

    def _write(
        self, file: str, content: bytes, uids: tuple[str, str, str], made: Deidentified
    ) -> None:
        check_room(self._folder, self._free_bytes + len(content))
        write_bytes(self._folder / file, content)
        self.journal.append(
            _entry(file, content, uids, may_show=bool(made.may_have_burned_in_text))
        )
        self.changes.add(made)
        self.counts.stored += 1
        self.on_stored()

    def _patient(self, dataset: Any, original: str) -> str:
        """Return the folder's name: the pseudonym in the data set, or one made here."""
        written = plain(dataset.get("PatientID"))
        return written if is_pseudonym(written) else self._pseudonyms.name("patient", original)

    def _refuse(self, reason: str, status: int) -> int:
        self.counts.refused[reason] += 1
        return status

    def _compare(self, known: Entry, content: bytes) -> None:
        """Count an instance that arrived again; the first one stays as it is."""
        is_same = hashlib.sha256(content).hexdigest() == known.sha256
        if is_same or _same_pixels((self._folder / known.file).read_bytes(), content):
            self.counts.repeated += 1
        elif known.file not in self.counts.conflicts:
            self.counts.conflicts.append(known.file)

    def _wait_turn(self) -> None:
        now = time.monotonic()
        if self._pause_s and now < self._next_s:
            time.sleep(self._next_s - now)
        self._next_s = max(now, self._next_s) + self._pause_s

    def _adopt(self) -> None:
        """Note down the files that a killed process wrote without their line."""
        from pydicom import dcmread
        from pydicom.errors import InvalidDicomError

        for path in self.journal.files_without_line():
            content = path.read_bytes()
            file = path.relative_to(self._folder).as_posix()
            try:
                dataset = dcmread(io.BytesIO(content), stop_before_pixels=True)
                instance, series, study = (plain(dataset.get(keyword)) for keyword in _UIDS[:3])
                may_show = bool(burned_in_reason(dataset))
            except (InvalidDicomError, *BAD_DATASET):
                continue
            if file == file_of(path.relative_to(self._folder).parts[0], series, instance):
                uids = (study, series, instance)
                self.journal.append(_entry(file, content, uids, may_show=may_show))
                self.counts.adopted += 1


class _Noticing:
    """Keeps a fault of the program, which pynetdicom would turn into a status and forget."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> None:
        """Begin to look."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Keep what went wrong, and let it pass."""
        if isinstance(error, Exception):
            self._store.failure = error


def _entry(file: str, content: bytes, uids: tuple[str, str, str], *, may_show: bool) -> Entry:
    study, series, instance = uids
    return Entry(
        study=study,
        series=series,
        instance=instance,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        utc=datetime.now(UTC).isoformat(timespec="seconds"),
        may_show_text=may_show,
    )


def _bytes_of(dataset: Any) -> bytes:
    """Return the data set as a DICOM file (PS3.10), the same whichever way it came."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if "PixelData" in dataset and not syntax.is_private and syntax.is_encapsulated:
        # the only VR allowed (PS3.5 A.4); files that say OW are corrected by some servers
        dataset["PixelData"].VR = "OB"
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def _same_pixels(first: bytes, second: bytes) -> bool:
    """Return whether two files show the same, compressed in whatever way; no when in doubt."""
    from pydicom import dcmread

    try:
        one, other = (dcmread(io.BytesIO(content)) for content in (first, second))
        if "PixelData" not in one or "PixelData" not in other:
            return False
        if one.PixelData == other.PixelData:
            return True
        return bool((one.pixel_array == other.pixel_array).all())
    except BAD_DATASET:
        return False
