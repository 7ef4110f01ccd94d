"""Where a node's images arrive: checked, written whole, noted, and only then told received."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from tamiz.core.errors import MachineTrouble, TamizError, WrongData
from tamiz.core.files import check_room, remove_stale_parts, write_bytes
from tamiz.formats.dicom_dataset import PIXELS, parse, uid_of, without_values, words_of
from tamiz.formats.dicom_facts import why_aside
from tamiz.formats.refusal import Refusal
from tamiz.node.journal import Instance, Journal, hash_of
from tamiz.node.settings import MIB, Settings

if TYPE_CHECKING:
    from pydicom import Dataset

STORED: Final = 0x0000
DUPLICATE: Final = 0x0111
NO_ROOM: Final = 0xA700
MISMATCH: Final = 0xA900
NOT_UNDERSTOOD: Final = 0xC000
STUDIES: Final = "studies"
PATIENCE: Final = 6  # times as long is waited for a sender that was cut off: it tries again
MAKER: Final = "tamiz"  # Manufacturer of what nodes make
_READ: Final = (
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality",
    "ImageType", "Rows", "Manufacturer", "ManufacturerModelName", *PIXELS,
)  # fmt: skip


class Arrived(NamedTuple):
    """An instance as a C-STORE brought it.

    Attributes:
        content: of the file: preamble, meta information, data set.
        start: where the data set begins in it.
        sop_class: as the command says.
        sop_instance: as the command says.
        syntax: UID of the transfer syntax.
    """

    content: bytes
    start: int
    sop_class: str
    sop_instance: str
    syntax: str


class Took(NamedTuple):
    """What is answered to a C-STORE.

    Attributes:
        status: of DICOM.
        why: a word for it, '' where the instance is new and stored.
    """

    status: int
    why: str = ""


class Intake:
    """Takes instances, from several threads.

    Attributes:
        trouble: of this machine, the last one; None after an instance was stored.
    """

    def __init__(
        self, settings: Settings, journal: Journal, clock: Callable[[], float] = time.monotonic
    ) -> None:
        remove_stale_parts(settings.folder)
        self._settings, self._journal, self._clock = settings, journal, clock
        self._lock = threading.Lock()
        self._last: dict[str, float] = dict.fromkeys(journal.waiting(), clock())
        self._senders: dict[int, set[str]] = {}
        self.trouble: TamizError | None = None

    def take(self, arrived: Arrived, sender: int = 0) -> Took:
        """Write an instance and note it; never raises for what a peer sends.

        Args:
            arrived: the instance.
            sender: a number for the association.
        """
        try:
            took = self._take(arrived, sender)
        except Refusal:
            took = Took(NOT_UNDERSTOOD, "unreadable")
        except TamizError as error:
            self.trouble = error
            is_full = isinstance(error, MachineTrouble)
            return Took(NO_ROOM, "full" if is_full else "trouble")
        if took.why:
            self._note(took.why)
        return took

    def hung_up(self, sender: int, *, is_done: bool) -> None:
        """Note the end of an association.

        Args:
            sender: its number.
            is_done: it was released; otherwise it was cut off, and its sender will try again.
        """
        with self._lock:
            studies = self._senders.pop(sender, set())
            studies = studies.difference(*self._senders.values())
            if studies and is_done:
                self._journal.hung_up(studies)

    def due(self) -> list[str]:
        """Return the studies that are complete: quiet for long enough, or as large as expected."""
        now, expect = self._clock(), self._settings.expect
        being_sent = self._journal.being_sent()
        made = []
        for study, (n_images, n_waiting) in self._journal.waiting().items():
            quiet = now - self._last.setdefault(study, now)
            is_whole = expect is not None and n_waiting > 0 and n_images >= expect
            times = PATIENCE if study in being_sent else 1
            if is_whole or quiet >= times * self._settings.quiet_seconds:
                made.append(study)
        return made

    def complete(self, study: str) -> None:
        """Make a part of what waits in a study; what comes later is another one."""
        with self._lock:
            self._journal.complete(study)
            self._last.pop(study, None)

    def _take(self, arrived: Arrived, sender: int) -> Took:
        with without_values():
            dataset = parse(arrived.content, _READ)
            uids = [uid_of(dataset, name) for name in _READ[:4]]
            pixels = _pixels_of(dataset)
            aside = why_aside(dataset)
            maker = words_of(dataset, "Manufacturer"), words_of(dataset, "ManufacturerModelName")
        sop_class, instance, study, series = uids
        if not all((sop_class, instance, study, series)):
            return Took(NOT_UNDERSTOOD, "bad_uid")
        if (sop_class, instance) != (arrived.sop_class, arrived.sop_instance):
            return Took(MISMATCH, "mismatch")
        id_, study_id = hash_of(instance), hash_of(study)
        if self._journal.is_ours(id_) or maker == (MAKER, MAKER):
            return Took(STORED, "ours")  # the archive sends everything on: no answer to answers
        made = Instance(
            id=id_,
            study=study_id,
            file=f"{STUDIES}/{study_id}/{id_}.dcm",
            sha256=hashlib.sha256(memoryview(arrived.content)[arrived.start :]).hexdigest(),
            pixels=pixels,
            syntax=arrived.syntax,
            bytes=len(arrived.content),
            aside=aside,
        )
        with self._lock:
            self._senders.setdefault(sender, set()).add(study_id)
            return self._store(made, arrived.content)

    def _store(self, made: Instance, content: bytes) -> Took:
        known = self._journal.instance(made.id)
        if known is not None:
            self._last[made.study] = self._clock()
            return _compared(known, made)
        limit = self._settings.max_study_mib * MIB
        if self._journal.bytes_of(made.study) + made.bytes > limit:
            return Took(NO_ROOM, "too_large")
        check_room(self._settings.folder, self._settings.free_mib * MIB + made.bytes)
        write_bytes(self._settings.folder / made.file, content)
        self._journal.add(made)
        self._last[made.study] = self._clock()
        self.trouble = None
        return Took(STORED)

    def _note(self, why: str) -> None:
        try:
            self._journal.tell(why)
        except (MachineTrouble, WrongData) as error:
            self.trouble = error


def _compared(known: Instance, new: Instance) -> Took:
    """Return what is said to an instance that was here before; the first one stays."""
    if known.study != new.study:
        return Took(DUPLICATE, "conflict")
    if known.sha256 == new.sha256 or known.pixels == new.pixels:
        return Took(STORED, "repeated")
    if known.syntax != new.syntax:  # the same pixels may be compressed in another way
        return Took(STORED, "recoded")
    return Took(DUPLICATE, "conflict")


def _pixels_of(dataset: Dataset) -> str:
    """Return the SHA-256 of an image's pixels as they are stored; '' without any."""
    keyword = next((one for one in PIXELS if one in dataset), "")
    content = dataset.get(keyword) if keyword else None
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""
