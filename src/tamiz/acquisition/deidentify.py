"""Identities removed from a data set before anything of it is written.

DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile, as an allow-list: what is
not known to be needed and harmless goes, private elements and free text first. Patients become
keyed pseudonyms, UIDs keyed UIDs, dates move by a number of days that is the patient's own. What
is in the pixels is not touched here (see `Deidentified.may_have_burned_in_text`).
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tamiz.acquisition import deidentify_tags as tags
from tamiz.acquisition import deidentify_values as fit
from tamiz.core.errors import WrongUse
from tamiz.core.files import write_text
from tamiz.core.pseudonyms import Pseudonyms, is_pseudonym
from tamiz.formats.dicom_dataset import uid_of, words_of
from tamiz.formats.dicom_facts import burned_in_reason, patient_of
from tamiz.formats.dicom_library import library

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset
    from pydicom.tag import BaseTag

METHOD: Final = "tamiz: PS3.15 basic profile, allow-list"
_PRIVATE: Final = "(private)"
_BINARY: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_CALENDAR: Final = frozenset({"DA", "DT", "TM"})
_KEPT: Final = frozenset(
    (*tags.KEPT, *tags.CHARACTERISTICS, *tags.DATES, *tags.DATE_TIMES, *tags.TIMES, *tags.EMPTY,
     *tags.UIDS, *tags.KEPT_CLASS_UIDS, *tags.SEQUENCES)
)  # fmt: skip
_OLDEST: Final = 90
_PER_YEAR: Final = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}
_MADE_HERE: Final = "2.25."


@dataclass(frozen=True, slots=True)
class Deidentification:
    """How identities are removed.

    Attributes:
        dates: 'shift' them by the patient's own number of days, or 'remove' them.
        keep_tags: keywords of further elements to keep; held to the same rules as all that stay:
            their dates move, their UIDs are replaced, text that names the patient goes.
    """

    dates: str = "shift"
    keep_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A data set without identities.

    Attributes:
        dataset: a new one, ready to be written; the given one is not changed.
        removed: elements that went, 'gggg,eeee Keyword' or '(private)', sorted; never a value.
        replaced: elements with another value.
        may_have_burned_in_text: why the pixels may name somebody: 'tag', 'secondary_capture',
            'ultrasound', 'screen', 'label', 'overlay', 'face'; '' where nothing says so.
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
    with _silence():
        work = _Work(dataset, pseudonyms, options)
        made = work.cleaned(dataset)
        _say(made, patient_of(dataset, pseudonyms), is_shifted=work.is_shifted)
        _fill(made, dataset)
        made.file_meta = _meta(dataset, made)
        made.preamble = b"\0" * 128
        for word in (one for one in tags.SAID if one in dataset):
            shown = _shown(dataset[word].tag)
            work.removed.discard(shown)
            if not work.is_done:
                work.replaced.add(shown)
        replaced = tuple(sorted(work.replaced))
        return Deidentified(made, tuple(sorted(work.removed)), replaced, _burned_in(dataset))


def patient_pseudonym(dataset: Dataset, pseudonyms: Pseudonyms) -> str:
    """Return the name that `deidentify` gives to the data set's patient."""
    library()
    with _silence():
        return patient_of(dataset, pseudonyms)


def is_deidentified(dataset: Dataset) -> bool:
    """Return whether the data set says that identities were removed by this very module."""
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
        if word in tags.NEVER_KEPT:
            raise WrongUse.of("deidentify.names_somebody", where=word)
        if tag_for_keyword(word) is None:
            raise WrongUse.of("deidentify.no_keyword", where=word)
    if options.dates not in {"shift", "remove"}:
        raise WrongUse.of("deidentify.bad_dates", where=options.dates)


@contextmanager
def _silence() -> Iterator[None]:
    """Let pydicom say nothing and refuse nothing: its words hold values of patients."""
    from pydicom.config import disable_value_validation

    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")
        yield


class _Work:
    """One pass over a data set and its sequences, and what it changed."""

    def __init__(self, dataset: Dataset, pseudonyms: Pseudonyms, options: Deidentification) -> None:
        patient = words_of(dataset, "PatientID")
        # A file that only claims it was done, or got a name since, is done anew.
        self.is_done = (
            is_deidentified(dataset)
            and is_pseudonym(patient)
            and words_of(dataset, "PatientName") == patient
        )
        was_removed = words_of(dataset, "LongitudinalTemporalInformationModified") == "REMOVED"
        self.is_shifted = options.dates == "shift" and not (self.is_done and was_removed)
        self.removed: set[str] = set()
        self.replaced: set[str] = set()
        self._pseudonyms = pseudonyms
        self._shift = pseudonyms.shift_days(_person(dataset))
        self._people = fit.People(() if self.is_done else fit.parts_of(dataset))
        self._kept = _KEPT.union(options.keep_tags)
        self._emptied = frozenset(tags.EMPTIED).difference(options.keep_tags)

    def cleaned(self, dataset: Dataset, depth: int = 0) -> Dataset:
        """Return a new data set of what may stay."""
        from pydicom.dataset import Dataset

        made = Dataset()
        for tag in sorted(dataset.keys()):
            element = None if tag.is_private else fit.element_of(dataset, tag)
            kept = None if element is None else self._cleaned(element, depth)
            if kept is None:
                self.removed.add(_shown(tag))
            else:
                made.add(kept)
        implicit, little = getattr(dataset, "original_encoding", (False, True))
        made.set_original_encoding(implicit, little, dataset.original_character_set or "iso8859")
        return made

    def _cleaned(self, element: DataElement, depth: int) -> DataElement | None:
        """Return a new element, with another value if need be; None when it has to go."""
        from pydicom.datadict import dictionary_VR

        word, is_empty = element.keyword, not fit.many(element.value)
        if word not in self._kept or (word in self._emptied and not is_empty):
            return None
        vr = dictionary_VR(element.tag)  # what it ought to be; what it is may be a lie
        if "SQ" in {vr, element.VR}:
            return self._sequence(element, depth) if vr == element.VR else None
        return _replacement(element, vr, []) if is_empty else self._valued(element, vr)

    def _valued(self, element: DataElement, vr: str) -> DataElement | None:
        if vr == "UI":
            return self._uids(element)
        if vr in _CALENDAR:
            return self._moved(element, vr)
        if element.keyword == "PatientAge":
            return self._aged(element)
        return _copied(element) if self._is_harmless(element, vr.split(" or ")) else None

    def _sequence(self, element: DataElement, depth: int) -> DataElement | None:
        from pydicom.dataelem import DataElement
        from pydicom.sequence import Sequence as Items

        if depth == tags.DEEPEST:
            return None
        items = [self.cleaned(one, depth + 1) for one in element.value]
        return DataElement(element.tag, "SQ", Items(items))

    def _uids(self, element: DataElement) -> DataElement | None:
        made = []
        for one in fit.many(element.value):
            uid = str(one).strip("\0 ")
            if not uid or isinstance(one, bytes):
                return None
            is_ours = self.is_done and re.fullmatch(r"[0-9.]{1,64}", uid)
            stays = fit.is_of_standard(uid) or (is_ours and uid.startswith(_MADE_HERE))
            made.append(uid if stays else self._pseudonyms.uid(uid))
        return self._replaced(element, "UI", made)

    def _moved(self, element: DataElement, vr: str) -> DataElement | None:
        """Return a date or time of the patient's own calendar; None when it goes or is none."""
        if not self.is_shifted:
            return None
        made = []
        for one in fit.many(element.value):
            words = str(one).strip()
            found = tags.SHAPES[vr].fullmatch(words)
            if found is None or (vr == "TM" and self._people.have_number(words)):
                return None
            days = 0 if self.is_done or vr == "TM" else self._shift
            made.append(fit.shifted(words, days) if days else words)
        return None if None in made else self._replaced(element, vr, made)

    def _aged(self, element: DataElement) -> DataElement | None:
        found = tags.SHAPES["AS"].fullmatch(str(element.value).strip().upper())
        if found is None:
            return None
        is_young = int(found["n"]) / _PER_YEAR[found["unit"]] < _OLDEST
        return self._replaced(element, "AS", [found[0] if is_young else f"{_OLDEST:03d}Y"])

    def _replaced(self, element: DataElement, vr: str, values: Sequence[Any]) -> DataElement:
        if [str(one).strip("\0 ") for one in fit.many(element.value)] != list(values):
            self.replaced.add(_shown(element.tag))
        return _replacement(element, vr, values)

    def _is_harmless(self, element: DataElement, vrs: Sequence[str]) -> bool:
        """Return whether a kept element holds what its kind may hold, and nobody's name."""
        word, values = element.keyword, fit.many(element.value)
        if not _BINARY.isdisjoint(vrs) and element.VR in {*_BINARY, *vrs, " or ".join(vrs)}:
            if any(isinstance(one, str) for one in values):
                return False
            return word != "ICCProfile" or not self._people.are_in(element.value)
        if element.VR not in {*vrs, " or ".join(vrs)}:
            return word in tags.FOR_PIXELS and all(map(fit.is_number, values))
        if vrs[0] in tags.TEXTS:
            return all(fit.is_fit(word, vrs[0], str(one)) for one in values) and not any(
                self._people.are_named(str(one), vrs[0]) for one in values
            )
        is_raw = isinstance(element.value, bytes) and len(element.value) <= 6  # 'US or SS', unread
        return is_raw or all(
            fit.is_number(one) and (word in tags.FOR_PIXELS or not self._people.have_number(one))
            for one in values
        )


def _person(dataset: Dataset) -> str:
    """Return what a patient's dates are shifted by: the same for all studies of a patient."""
    number = words_of(dataset, "PatientID")
    return number or words_of(dataset, "PatientName") or uid_of(dataset, "StudyInstanceUID")


def _copied(element: DataElement) -> DataElement:
    """Return an element that can be changed without changing the given one."""
    return deepcopy(element) if isinstance(element.value, MutableSequence) else copy(element)


def _replacement(element: DataElement, vr: str, values: Sequence[Any]) -> DataElement:
    from pydicom.dataelem import DataElement

    if not values:
        empty = "" if vr in {"UI", *_CALENDAR, *tags.TEXTS} else None
        return DataElement(element.tag, vr.rpartition(" ")[2], empty)
    return DataElement(element.tag, vr, values[0] if len(values) == 1 else list(values))


def _shown(tag: BaseTag) -> str:
    """Return how an element is told of: its number and keyword, of private ones nothing."""
    from pydicom.datadict import keyword_for_tag

    if tag.is_private:
        return _PRIVATE
    return f"{tag.group:04x},{tag.element:04x} {keyword_for_tag(tag)}".strip()


def _burned_in(dataset: Dataset) -> str:
    """Return why pixels may name somebody, overlays in their spare bits and slide labels too."""
    reason = burned_in_reason(dataset)
    if reason:
        return reason
    is_label = "LABEL" in words_of(dataset, "ImageType").upper().split("\\")
    if is_label or words_of(dataset, "SpecimenLabelInImage").upper() == "YES":
        return "label"
    for tag in dataset.keys():  # noqa: SIM118 - iterating a data set gives elements
        if tag.group & 0xFF01 == 0x6000 and tag.element == 0x0102:
            position = fit.element_of(dataset, tag)
            if position is None or position.value not in (None, 0):
                return "overlay"
    return ""


def _fill(made: Dataset, dataset: Dataset) -> None:
    """Add what the standard wants to be there: empty, or the word for 'other'."""
    for word in tags.EMPTY:
        if word not in made:
            setattr(made, word, None if word in {"SeriesNumber", "InstanceNumber"} else "")
    if "Modality" in dataset and not made.get("Modality"):
        made.Modality = "OT"
    if not all(words.isascii() for words in fit.texts_of(made)):
        made.SpecificCharacterSet = "ISO_IR 192"


def _say(made: Dataset, patient: str, *, is_shifted: bool) -> None:
    """Name the patient by the pseudonym, and say in the data set what was done to it."""
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence as Items

    codes = [("113100", "Basic Application Confidentiality Profile")]
    if is_shifted:
        codes.append(("113107", "Retain Longitudinal Temporal Information Modified Dates Option"))
    codes.append(("113108", "Retain Patient Characteristics Option"))
    items = []
    for value, meaning in codes:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        items.append(item)
    made.PatientID = made.PatientName = patient
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD
    made.DeidentificationMethodCodeSequence = Items(items)
    made.LongitudinalTemporalInformationModified = "MODIFIED" if is_shifted else "REMOVED"


def _meta(dataset: Dataset, made: Dataset) -> Any:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import (
        PYDICOM_IMPLEMENTATION_UID,
        UID,
        ExplicitVRBigEndian,
        ExplicitVRLittleEndian,
        ImplicitVRLittleEndian,
    )

    meta = FileMetaDataset()
    for word in ("SOPClassUID", "SOPInstanceUID"):  # some old objects have none
        if uid_of(made, word):
            setattr(meta, f"MediaStorage{word}", made.get(word))
    is_implicit, is_little = getattr(dataset, "original_encoding", (None, None))
    explicit = ExplicitVRBigEndian if is_little is False else ExplicitVRLittleEndian
    found = explicit if is_implicit is False else ImplicitVRLittleEndian
    old = getattr(dataset, "file_meta", None)
    said = "" if old is None else uid_of(old, "TransferSyntaxUID")
    meta.TransferSyntaxUID = UID(said) if said else found
    meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
    meta.ImplementationVersionName = "TAMIZ"
    return meta
