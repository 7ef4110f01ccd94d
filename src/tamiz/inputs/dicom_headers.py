"""Headers of many DICOM files, read by all cores: facts, pseudonyms, and no name in any result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import UnreadableItem
from tamiz.core.pseudonyms import Pseudonyms, default_key_path
from tamiz.data.windows import WindowChoice, parse_window
from tamiz.formats.dicom_dataset import NEEDED, PIXELS, parse, uid_of
from tamiz.formats.dicom_facts import DicomFacts, facts_of, identities_of, patient_of
from tamiz.formats.files import locate, read_regular
from tamiz.formats.refusal import Refusal, reading, refuse
from tamiz.workers.current import check_paths, in_order, is_elsewhere
from tamiz.workers.registry import Wishes

if TYPE_CHECKING:
    from pydicom import Dataset

Key = Path | Pseudonyms | None  # where it lies, or itself; None: in its usual place
_MANY: Final = 2000  # files from which other processes are worth their start
_SHORT: Final = 12
_CHUNK: Final = 64


@dataclass(frozen=True, slots=True)
class Header:
    """What one file's header says.

    Attributes:
        name: of the file, as the tree calls it.
        facts: None when it cannot be read at all.
        reason: then why.
        patient: its pseudonym; with `study`, `series` and `instance` the groups of the file.
        study: a short name for the study.
        series: for the series.
        instance: for the SOP instance; '' where it has no UID.
        identities: what names the patient; to be compared with names of files, never to be told.
        has_preamble: as the standard wants since 1995; without, it was told by its first elements.
    """

    name: str
    facts: DicomFacts | None
    reason: str = ""
    patient: str = ""
    study: str = ""
    series: str = ""
    instance: str = ""
    identities: frozenset[str] = field(default=frozenset(), repr=False)
    has_preamble: bool = True


def read_headers(
    root: Path, names: Sequence[str], *, window: str, key: Path | None
) -> list[Header]:
    """Return the headers of files below `root`, in order; the key is made when it is needed.

    Raises:
        WrongUse: the window cannot be understood, or the key cannot be used.
        WrongData: the key's file holds none.
    """
    parse_window(window)
    if not is_elsewhere() and len(names) < _MANY:
        return _shared(_headers_at(names, root=root, window=window, key=key))
    known: Key = key
    if is_elsewhere() and names:
        root = root.absolute()
        check_paths([root, Path(locate(root, names[0])), Path(locate(root, names[-1]))])
        # Another machine may have no key of that name, or another one: this one travels.
        known = Pseudonyms.load(key or default_key_path())
    work = partial(_headers_at, root=root, window=window, key=known)
    chunks = (names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK))
    made = in_order(work, chunks, Wishes(holds_lock=True, what="index"))
    return _shared(header for headers in made for header in headers)


def _shared(headers: Iterable[Header]) -> list[Header]:
    """Return the headers; those of a patient share one set of identities."""
    known: dict[frozenset[str], frozenset[str]] = {}
    return [
        replace(one, identities=known.setdefault(one.identities, one.identities)) for one in headers
    ]


def header_of(content: bytes, name: str, *, window: str, key: Key) -> Header:
    """Return what the header of a file held in memory says."""
    try:
        dataset = parse(content, NEEDED)
    except Refusal as error:
        return Header(name, None, str(error))
    made = _told(dataset, name, parse_window(window), key)
    return replace(made, has_preamble=content[128:132] == b"DICM")


def _headers_at(names: Sequence[str], *, root: Path, window: str, key: Key) -> list[Header]:
    return [_header_at(name, root, window, key) for name in names]


def _header_at(name: str, root: Path, window: str, key: Key) -> Header:
    try:
        with reading(name):
            content = read_regular(locate(root, name))
            if content is None:
                raise refuse("file_too_large", limit_mib=512)
    except UnreadableItem as error:
        return Header(name, None, error.reason)
    return header_of(content, name, window=window, key=key)


def _told(dataset: Dataset, name: str, choice: WindowChoice, key: Key) -> Header:
    facts = facts_of(dataset, choice)
    identities = frozenset(identities_of(dataset))
    for keyword in PIXELS:
        if keyword in dataset:
            del dataset[keyword]
    pseudonyms = _Lazily(key)
    uids = [uid_of(dataset, f"{part}InstanceUID") for part in ("Study", "Series", "SOP")]
    if not facts.is_deidentified:
        uids = [pseudonyms.uid(uid) if uid else "" for uid in uids]
    study, series, instance = (_short(uid) for uid in uids)
    patient = patient_of(dataset, pseudonyms)
    return Header(name, facts, "", patient, study, series, instance, identities)


class _Lazily:
    """Pseudonyms whose key is made only when there is somebody to name."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def name(self, kind: str, original: str) -> str:
        return self._known().name(kind, original)

    def uid(self, original: str) -> str:
        return self._known().uid(original)

    def _known(self) -> Pseudonyms:
        if isinstance(self._key, Pseudonyms):
            return self._key
        return _pseudonyms(self._key or default_key_path())


@lru_cache(maxsize=4)
def _pseudonyms(key: Path) -> Pseudonyms:
    return Pseudonyms.load(key)


def _short(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()[:_SHORT] if uid else ""
