"""Identities removed from a data set before anything of it is written.

DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile, as an allow-list: what is
not known to be needed and harmless goes, private elements and free text first. Patients become
keyed pseudonyms, UIDs keyed UIDs, dates move by a number of days that is the patient's own. What
is in the pixels is not touched here (see `Deidentified.may_have_burned_in_text`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, MutableSequence, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tamiz.acquisition.deidentify_tags import (
    CHARACTERISTICS,
    DATE_TIMES,
    DATES,
    EMPTY,
    KEPT,
    KEPT_CLASS_UIDS,
    SEQUENCES,
    TERMS,
    TIMES,
    UIDS,
)
from tamiz.core.errors import WrongUse
from tamiz.core.files import write_text
from tamiz.core.pseudonyms import Pseudonyms
from tamiz.formats.dicom_dataset import uid_of, words_of
from tamiz.formats.dicom_facts import burned_in_reason, identities_of, patient_of
from tamiz.formats.dicom_library import FAULTS, library

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset

METHOD: Final = "tamiz: PS3.15 basic profile, allow-list"
_NAMES: Final = frozenset(
    {"PatientID", "PatientName", "OtherPatientIDs", "OtherPatientNames", "PatientBirthDate",
     "AccessionNumber", "StudyID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"}
)  # fmt: skip
_MOVED: Final = frozenset((*DATES, *DATE_TIMES, *TIMES))
_TEXTS: Final = frozenset({"AE", "AS", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_LEGAL_CS: Final = re.compile(r"[A-Z0-9 _]{0,16}")
_LEGAL_UID: Final = re.compile(r"[0-9.]{1,64}")
_OF_STANDARD: Final = "1.2.840.10008."
_OLDEST: Final = 90
_PER_YEAR: Final = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}


@dataclass(frozen=True, slots=True)
class Deidentification:
    """How identities are removed.

    Attributes:
        dates: 'shift' them by the patient's own number of days, or 'remove' them.
        keep_tags: keywords of further elements to keep as they are.
    """

    dates: str = "shift"
    keep_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A data set without identities.

    Attributes:
        dataset: a new one, ready to be written; the given one is not changed.
        removed: elements that went, 'gggg,eeee Keyword' or 'private', sorted; never a value.
        replaced: elements with another value.
        may_have_burned_in_text: why the pixels may name somebody: 'tag', 'secondary_capture',
            'ultrasound', 'screen', 'face'; '' where nothing says so.
    """

    dataset: Dataset
    removed: tuple[str, ...]
    replaced: tuple[str, ...]
    may_have_burned_in_text: str


def deidentify(
    dataset: Dataset, pseudonyms: Pseudonyms, options: Deidentification = Deidentification()
) -> Deidentified:
    """Return the data set without identities; doing it again changes nothing.

    Raises:
        WrongUse: `options` keeps what names a patient, or is none.
    """
    _check(options)
    library()
    work = _Work(
        pseudonyms,
        options,
        tuple(one for one in identities_of(dataset) if len(one) >= 3),
        pseudonyms.shift_days(_person(dataset)),
        is_done=is_deidentified(dataset),
    )
    made = work.cleaned(dataset)
    _name(made, patient_of(dataset, pseudonyms), work)
    _fill(made)
    _say(made, options)
    made.file_meta = _meta(dataset, made)
    made.preamble = b"\0" * 128
    removed = tuple(sorted(work.removed))
    return Deidentified(made, removed, tuple(sorted(work.replaced)), burned_in_reason(dataset))


def is_deidentified(dataset: Dataset) -> bool:
    """Return whether identities were removed by this very module."""
    is_removed = words_of(dataset, "PatientIdentityRemoved").upper() == "YES"
    return is_removed and words_of(dataset, "DeidentificationMethod") == METHOD


@dataclass(slots=True)
class Changes:
    """What was changed in many data sets, counted.

    Attributes:
        counts: (tag, 'removed' or 'replaced') -> data sets.
        burned_in: reason -> data sets whose pixels may name somebody.
        n: data sets in all.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    burned_in: Counter[str] = field(default_factory=Counter)
    n: int = 0

    def add(self, one: Deidentified) -> None:
        """Count one data set."""
        self.n += 1
        self.counts.update((tag, "removed") for tag in one.removed)
        self.counts.update((tag, "replaced") for tag in one.replaced)
        if one.may_have_burned_in_text:
            self.burned_in[one.may_have_burned_in_text] += 1

    def rows(self) -> list[tuple[str, str, int]]:
        """Return (tag, what was done, in how many), sorted by tag."""
        return [(tag, action, n) for (tag, action), n in sorted(self.counts.items())]

    def save_csv(self, path: Path) -> None:
        """Write the rows as a table, whole or not at all."""
        lines = [f'"{tag}",{action},{n}' for tag, action, n in self.rows()]
        write_text(path, "\n".join(["tag,action,files", *lines]) + "\n")


def _check(options: Deidentification) -> None:
    library()
    from pydicom.datadict import tag_for_keyword

    for word in options.keep_tags:
        if word in _NAMES:
            raise WrongUse.of("deidentify.names_somebody", where=word)
        if tag_for_keyword(word) is None:
            raise WrongUse.of("deidentify.no_keyword", where=word)
    if options.dates not in {"shift", "remove"}:
        raise WrongUse.of("deidentify.bad_dates", where=options.dates)


def _person(dataset: Dataset) -> str:
    """Return what a patient's dates are shifted by: the same for all studies of a patient."""
    number = words_of(dataset, "PatientID")
    return number or words_of(dataset, "PatientName") or uid_of(dataset, "StudyInstanceUID")


class _Work:
    """One pass over a data set and its sequences, and what it changed."""

    def __init__(
        self,
        pseudonyms: Pseudonyms,
        options: Deidentification,
        identities: Sequence[str],
        shift_days: int,
        *,
        is_done: bool,
    ) -> None:
        self._pseudonyms, self._options = pseudonyms, options
        self._identities, self._shift = identities, shift_days
        self.is_done = is_done
        self.removed: set[str] = set()
        self.replaced: set[str] = set()
        self._kept = frozenset((*KEPT, *CHARACTERISTICS, *KEPT_CLASS_UIDS, *options.keep_tags))

    def cleaned(self, dataset: Dataset) -> Dataset:
        """Return a new data set of what may stay."""
        from pydicom.dataset import Dataset

        made = Dataset()
        for tag in sorted(dataset.keys()):
            element = _element(dataset, tag)
            kept = None if element is None else self._cleaned(element)
            if kept is None:
                self.removed.add(_shown(tag, element))
            else:
                made.add(kept)
        implicit, little = getattr(dataset, "original_encoding", (False, True))
        made.set_original_encoding(implicit, little, dataset.original_character_set or "iso8859")
        return made

    def _cleaned(self, element: DataElement) -> DataElement | None:
        """Return the element, changed if need be; None when it has to go."""
        word = element.keyword
        if element.tag.is_private:
            return None
        if element.VR == "SQ":
            return self._sequence(element)
        if word in UIDS:
            return self._uids(element)
        if word in _MOVED:
            return self._moved(element)
        if word == "PatientAge":
            return self._aged(element)
        return element if word in self._kept and self._is_harmless(element) else None

    def _sequence(self, element: DataElement) -> DataElement | None:
        if element.keyword not in SEQUENCES:
            return None
        from pydicom.dataelem import DataElement
        from pydicom.sequence import Sequence as Items

        return DataElement(element.tag, "SQ", Items([self.cleaned(one) for one in element.value]))

    def _uids(self, element: DataElement) -> DataElement | None:
        if self.is_done:
            return element
        made = []
        for one in _many(element.value):
            uid = str(one)
            if not _LEGAL_UID.fullmatch(uid):
                return None
            is_known = uid.startswith(_OF_STANDARD)
            made.append(uid if is_known else self._pseudonyms.uid(uid))
        return self._replaced(element, made)

    def _moved(self, element: DataElement) -> DataElement | None:
        """Return a date or time of the patient's own calendar; None when it goes or is none."""
        if self.is_done:
            return element
        if self._options.dates == "remove":
            return None
        if element.keyword in TIMES:
            words = [str(one) for one in _many(element.value)]
            return element if all(re.fullmatch(r"[0-9.]{2,16}", one) for one in words) else None
        made = [_shifted(str(one), self._shift) for one in _many(element.value)]
        if not made or any(one is None for one in made):
            return None
        return self._replaced(element, made)

    def _aged(self, element: DataElement) -> DataElement | None:
        found = re.fullmatch(r"(\d{1,3})([DWMY])", str(element.value or "").strip().upper())
        if found is None:
            return None
        if int(found[1]) / _PER_YEAR[found[2]] < _OLDEST:
            return element
        return self._replaced(element, [f"{_OLDEST:03d}Y"])

    def _replaced(self, element: DataElement, values: Sequence[Any]) -> DataElement:
        from pydicom.dataelem import DataElement

        before = [str(one) for one in _many(element.value)]
        if before != [str(one) for one in values]:
            self.replaced.add(_shown(element.tag, element))
        value = values[0] if len(values) == 1 else list(values)
        return DataElement(element.tag, element.VR, value)

    def _is_harmless(self, element: DataElement) -> bool:
        """Return whether a kept element holds what its kind may hold, and nobody's name."""
        if element.VR == "UI":
            return all(str(one).startswith(_OF_STANDARD) for one in _many(element.value))
        if element.VR not in _TEXTS:
            return not isinstance(element.value, str) or _is_number_like(element.VR, element.value)
        for one in map(str, _many(element.value)):
            if element.VR == "CS" and not _LEGAL_CS.fullmatch(one.strip()):
                return False
            folded = one.casefold()
            if one.strip().upper() not in TERMS and any(
                part in folded for part in self._identities
            ):
                return False
        return True


def _is_number_like(vr: str, value: str) -> bool:
    """Return whether text in a numeric element is one or several numbers."""
    return vr not in {"IS", "DS"} or bool(re.fullmatch(r"[0-9+\-.eE\\ ]*", value))


def _element(dataset: Dataset, tag: Any) -> DataElement | None:
    """Return an element as pydicom converts it; None for what cannot be converted."""
    try:
        made: DataElement = dataset[tag]
    except FAULTS:
        return None
    return made


def _many(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, MutableSequence) else [value]  # a name is iterable too


def _shown(tag: Any, element: DataElement | None) -> str:
    """Return how an element is told of: its number and keyword, of private ones nothing."""
    if tag.is_private:
        return "private"
    number = f"{int(tag) >> 16:04x},{int(tag) & 0xFFFF:04x}"
    return f"{number} {element.keyword}".strip() if element is not None else number


def _shifted(words: str, days: int) -> str | None:
    """Return a date or date-time moved by days; None where it is none."""
    found = re.match(r"(\d{4})(\d{2})(\d{2})([0-9.+\-]*)$", words.strip())
    if found is None:
        return None
    try:
        moved = date(int(found[1]), int(found[2]), int(found[3])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{moved:%Y%m%d}{found[4]}" if moved.year >= 1000 else None


def _name(made: Dataset, patient: str, work: _Work) -> None:
    """Give the data set its patient's pseudonym."""
    if not work.is_done:
        work.replaced |= {"0010,0010 PatientName", "0010,0020 PatientID"}
    work.removed -= {"0010,0010 PatientName", "0010,0020 PatientID"}
    made.PatientID = patient
    made.PatientName = patient


def _fill(made: Dataset) -> None:
    """Add, empty, what the standard wants to be there."""
    for word in EMPTY:
        if word not in made:
            setattr(made, word, None if word.endswith("Number") else "")
    if _needs_utf8(made):
        made.SpecificCharacterSet = "ISO_IR 192"


def _needs_utf8(made: Dataset) -> bool:
    return any(not words.isascii() for words in _texts(made))


def _texts(dataset: Dataset) -> Iterator[str]:
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from _texts(item)
        elif element.VR in _TEXTS:
            yield from map(str, _many(element.value))


def _say(made: Dataset, options: Deidentification) -> None:
    """Say in the data set what was done to it."""
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence as Items

    is_shifted = options.dates == "shift"
    codes = [("113100", "Basic Application Confidentiality Profile")]
    if is_shifted:
        codes.append(("113107", "Retain Longitudinal Temporal Information Modified Dates Option"))
    codes.append(("113108", "Retain Patient Characteristics Option"))
    items = []
    for value, meaning in codes:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        items.append(item)
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD
    made.DeidentificationMethodCodeSequence = Items(items)
    made.LongitudinalTemporalInformationModified = "MODIFIED" if is_shifted else "REMOVED"


def _meta(dataset: Dataset, made: Dataset) -> Any:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import PYDICOM_IMPLEMENTATION_UID, ImplicitVRLittleEndian

    meta = FileMetaDataset()
    old = getattr(dataset, "file_meta", None)
    for word in ("SOPClassUID", "SOPInstanceUID"):  # some old objects have none
        if uid_of(made, word):
            setattr(meta, f"MediaStorage{word}", made.get(word))
    meta.TransferSyntaxUID = deepcopy(getattr(old, "TransferSyntaxUID", ImplicitVRLittleEndian))
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    meta.ImplementationVersionName = "TAMIZ"
    return meta
