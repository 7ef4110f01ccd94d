"""What is asked of a server: criteria checked, dates cut into months, answers made safe."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from tamiz.core.errors import WrongUse

LEVELS: Final = ("study", "series", "image")
_UID: Final = re.compile(r"[0-9.]{1,64}")
_MODALITY: Final = re.compile(r"[A-Z0-9_]{1,16}")
_DATE: Final = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_EARLIEST: Final = date(1975, 1, 1)  # before the first CT images that could be in an archive
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_MAX_LENGTH: Final = 64


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included; None: no end on that side."""

    first: date | None = None
    last: date | None = None

    @classmethod
    def parse(cls, words: str) -> Span:
        """Return the span that '2021-01-01..2021-12-31', '2021-03', '2021..' or '..2020' says.

        Raises:
            WrongUse: it is none of these, or ends before it starts.
        """
        start, dots, end = words.strip().partition("..")
        first = _day(start, is_last=False) if start else None
        last = _day(end if dots else start, is_last=True) if end or not dots else None
        if (first is None and last is None) or (first and last and first > last):
            raise WrongUse.of("pacs.bad_date", where="--date")
        return cls(first, last)

    def closed(self) -> Span:
        """Return the span with its open ends put where archives begin and end."""
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        first = self.first or min(_EARLIEST, self.last or _EARLIEST)
        return Span(first, self.last or max(tomorrow, first))

    def months(self) -> list[Span]:
        """Return the months of the span, the first and last cut; itself when an end is open."""
        if self.first is None or self.last is None:
            return [self]
        made, start = [], self.first
        while start <= self.last:
            days = calendar.monthrange(start.year, start.month)[1]
            end = min(start.replace(day=days), self.last)
            made.append(Span(start, end))
            start = end + timedelta(days=1)
        return made

    def halves(self) -> tuple[Span, Span] | None:
        """Return both halves by days; None when there is only one day."""
        whole = self.closed()
        if whole.first is None or whole.last is None or whole.first == whole.last:
            return None
        middle = whole.first + (whole.last - whole.first) // 2
        return Span(whole.first, middle), Span(middle + timedelta(days=1), whole.last)

    def holds(self, day: date) -> bool:
        """Return whether a day lies in the span."""
        return (self.first or day) <= day <= (self.last or day)

    def dicom(self) -> str:
        """Return 'YYYYMMDD-YYYYMMDD' as DICOM range matching wants it (PS3.4 C.2.2.2.5)."""
        ends = [f"{one:%Y%m%d}" if one else "" for one in (self.first, self.last)]
        return ends[0] if ends[0] == ends[1] else "-".join(ends)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What studies must have; an empty text asks for nothing.

    Attributes:
        modality: 'CT', 'MR', ... of series.
        description: of studies, with * and ? as wild cards.
        patient: the patient's ID.
        study: the study's UID.
        span: the study's date.
    """

    modality: str = ""
    description: str = ""
    patient: str = ""
    study: str = ""
    span: Span | None = None

    def __post_init__(self) -> None:
        if self.modality and not _MODALITY.fullmatch(self.modality):
            raise WrongUse.of("pacs.bad_modality", where="--modality")
        if self.study and not is_uid(self.study):
            raise WrongUse.of("pacs.bad_uid", where="--study")
        for flag, value in (("--description", self.description), ("--patient", self.patient)):
            if _FORBIDDEN.search(value) or len(value) > _MAX_LENGTH:
                raise WrongUse.of("pacs.bad_criterion", where=flag)

    @property
    def is_empty(self) -> bool:
        """Return whether it asks for everything; wild cards alone ask for nothing."""
        words = (self.modality, self.description, self.patient, self.study)
        return self.span is None and not any(word.strip("*? ") for word in words)

    def asked(self) -> str:
        """Return the options used, without the values that may name somebody."""
        names = [one.name for one in fields(self) if one.name != "span" and getattr(self, one.name)]
        flags = [f"--{name}" for name in names] + ["--date"] * (self.span is not None)
        return " ".join(
            f"{flag} {self.modality}" if flag == "--modality" else flag for flag in flags
        )


def is_uid(value: str) -> bool:
    """Return whether `value` may be a UID: 1 to 64 digits and dots, nothing else."""
    return _UID.fullmatch(value) is not None


def plain(value: object) -> str:
    """Return an answer's value as one line of text without control characters."""
    return " ".join(
        re.sub(r"[\x00-\x1f\x7f]", " ", str(value if value is not None else "")).split()
    )


def code_of(value: object) -> str:
    """Return a modality from the wire; '?' when it looks like anything but a code."""
    word = plain(value)
    return word if _MODALITY.fullmatch(word) else "?"


def number_of(value: object) -> int | None:
    """Return a count from the wire; None where it is missing or no count."""
    word = plain(value)
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


def day_of(value: object) -> date | None:
    """Return a date from the wire; None where it is missing or no date."""
    word = plain(value)
    try:
        return date(int(word[:4]), int(word[4:6]), int(word[6:8])) if len(word) == 8 else None
    except ValueError:
        return None


def study_identifier(criteria: Criteria, span: Span | None) -> Any:
    """Return the identifier of a C-FIND at study level, its return keys included."""
    identifier = _identifier("STUDY")
    identifier.StudyInstanceUID = criteria.study
    identifier.PatientID = criteria.patient
    identifier.PatientName = ""
    identifier.PatientBirthDate = ""
    identifier.StudyDate = span.dicom() if span else ""
    identifier.ModalitiesInStudy = criteria.modality
    identifier.StudyDescription = criteria.description
    identifier.NumberOfStudyRelatedSeries = None
    identifier.NumberOfStudyRelatedInstances = None
    if not (criteria.patient + criteria.description).isascii():
        identifier.SpecificCharacterSet = "ISO_IR 192"
    return identifier


def series_identifier(study: str, modality: str) -> Any:
    """Return the identifier that asks for the series of a study."""
    identifier = _identifier("SERIES")
    identifier.StudyInstanceUID = study
    identifier.SeriesInstanceUID = ""
    identifier.Modality = modality
    identifier.SeriesDescription = ""
    identifier.NumberOfSeriesRelatedInstances = None
    return identifier


def image_identifier(study: str, series: str) -> Any:
    """Return the identifier that asks for the instances of a series."""
    identifier = _identifier("IMAGE")
    identifier.StudyInstanceUID = study
    identifier.SeriesInstanceUID = series
    identifier.SOPInstanceUID = ""
    identifier.SOPClassUID = ""
    return identifier


def retrieval(study: str, series: str, instances: list[str] | None = None) -> Any:
    """Return the identifier of a C-GET or C-MOVE: a whole series, or some of its instances."""
    identifier = _identifier("IMAGE" if instances else "SERIES")
    identifier.StudyInstanceUID = study
    identifier.SeriesInstanceUID = series
    if instances:
        identifier.SOPInstanceUID = instances if len(instances) > 1 else instances[0]
    return identifier


def chunks(items: list[str], size: int) -> Iterator[list[str]]:
    """Yield `items` in lists of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _identifier(level: str) -> Any:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.QueryRetrieveLevel = level
    return made


def _day(words: str, *, is_last: bool) -> date:
    found = _DATE.fullmatch(words.strip())
    try:
        if found is None:
            raise ValueError
        year, month, day = (int(part) if part else None for part in found.groups())
        month = month or (12 if is_last else 1)
        days = calendar.monthrange(year or 0, month)[1]
        return date(year or 0, month, day or (days if is_last else 1))
    except ValueError as error:  # also calendar.IllegalMonthError
        raise WrongUse.of("pacs.bad_date", where="--date") from error
