"""What a server has: studies, series and instances, asked by C-FIND in the study root."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tamiz.acquisition.associations import (
    Server,
    association,
    lost,
    patiently,
    refused,
)
from tamiz.acquisition.queries import (
    Criteria,
    Span,
    code_of,
    day_of,
    image_identifier,
    is_uid,
    number_of,
    plain,
    series_identifier,
    study_identifier,
)
from tamiz.acquisition.statuses import PENDING, SUCCESS, is_too_much
from tamiz.core.errors import TamizError, WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import text

if TYPE_CHECKING:
    from pynetdicom.association import Association

F = TypeVar("F", "FoundStudy", "FoundSeries", "FoundImage")


@dataclass(frozen=True, slots=True, repr=False)
class FoundStudy:
    """A study as the server describes it; it names a person and stays in memory."""

    uid: str
    patient: str
    name: str
    birth: str
    day: date | None
    modalities: tuple[str, ...]
    description: str
    n_series: int | None
    n_images: int | None


@dataclass(frozen=True, slots=True, repr=False)
class FoundSeries:
    """A series as the server describes it."""

    uid: str
    study: str
    modality: str
    description: str
    n_images: int | None


@dataclass(frozen=True, slots=True, repr=False)
class FoundImage:
    """An instance as the server describes it; `sop_class` is '' where it does not say."""

    uid: str
    series: str
    sop_class: str


class Finder(Protocol):
    """Answers what a server has; by C-FIND here, by QIDO-RS in `dicomweb`."""

    n_bad_uids: int

    def studies(self, criteria: Criteria) -> list[FoundStudy]:
        """Return the studies that meet the criteria, each once."""
        ...

    def series(self, study: FoundStudy, modality: str) -> list[FoundSeries]:
        """Return the series of a study, of one modality where that is not ''."""
        ...

    def images(self, series: FoundSeries) -> list[FoundImage]:
        """Return the instances of a series."""
        ...


class DimseFinder:
    """Asks by C-FIND over one association, opened anew when it breaks."""

    def __init__(self, server: Server, on_event: OnEvent = ignore) -> None:
        self._server = server
        self._on_event = on_event
        self._open: contextlib.ExitStack | None = None
        self._association: Association | None = None
        self._has_answered = False
        self.n_bad_uids = 0

    def __enter__(self) -> DimseFinder:
        self._open = contextlib.ExitStack().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        if self._open:
            self._open.__exit__(*error)
        self._association = None

    def studies(self, criteria: Criteria) -> list[FoundStudy]:
        """Return the studies that meet the criteria, asked month by month."""
        spans = criteria.span.months() if criteria.span else [None]
        found: list[Any] = []
        for done, span in enumerate(spans):
            total = len(spans) if criteria.span else None
            self._on_event(Event("pacs", "progress", text("pacs.asking"), done, total))
            found += self._studies_in(criteria, span)
        return tidy_studies(self, found, criteria)

    def series(self, study: FoundStudy, modality: str) -> list[FoundSeries]:
        """Return the series of a study."""
        answers, code = self._ask(series_identifier(study.uid, modality))
        self._check(code)
        return tidy_series(self, answers, study.uid, modality)

    def images(self, series: FoundSeries) -> list[FoundImage]:
        """Return the instances of a series."""
        answers, code = self._ask(image_identifier(series.study, series.uid))
        self._check(code)
        return tidy_images(self, answers, series.uid)

    def _studies_in(self, criteria: Criteria, span: Span | None) -> list[Any]:
        """Return the answers for one span of dates, halved as long as the server cuts them off."""
        answers, code = self._ask(study_identifier(criteria, span))
        if not is_too_much(code):
            self._check(code)
            return answers
        halves = (span or Span()).halves()
        if halves is None or criteria.study:
            self._check(code)
        if span is None:
            self._on_event(Event("pacs", "warning", text("pacs.undated_missed")))
        return [one for half in halves or () for one in self._studies_in(criteria, half)]

    def _check(self, code: int) -> None:
        if is_too_much(code):
            raise WrongData.of("pacs.cut_short", where=self._server)
        if code != SUCCESS:
            raise refused(self._server, code)

    def _ask(self, identifier: Any) -> tuple[list[Any], int]:
        """Return the answers to one C-FIND and its final status.

        A server that never answered is not waited for: a wrong port is told at once.
        """
        made = patiently(
            lambda: self._ask_once(identifier),
            timeout_s=self._server.timeout_s if self._has_answered else 0.0,
            on_pause=self._tell_pause,
        )
        self._has_answered = True
        return made

    def _ask_once(self, identifier: Any) -> tuple[list[Any], int]:
        from pynetdicom.sop_class import (  # type: ignore[attr-defined]
            StudyRootQueryRetrieveInformationModelFind,
        )

        answers: list[Any] = []
        opened = self._connected()
        for status, answer in opened.send_c_find(
            identifier, StudyRootQueryRetrieveInformationModelFind
        ):
            if "Status" not in status:
                break
            if status.Status not in PENDING:
                return answers, int(status.Status)
            if answer is None:
                self._on_event(Event("pacs", "warning", text("pacs.unreadable_answer")))
            else:
                answers.append(answer)
        self._association = None
        raise lost(self._server)

    def _connected(self) -> Association:
        from pynetdicom import build_context
        from pynetdicom.sop_class import (  # type: ignore[attr-defined]
            StudyRootQueryRetrieveInformationModelFind,
        )

        if self._open is None:
            raise RuntimeError("a DimseFinder is used in a with block")
        if self._association is None or not self._association.is_established:
            self._open.close()
            context = build_context(StudyRootQueryRetrieveInformationModelFind)
            self._association = self._open.enter_context(association(self._server, [context]))
        return self._association

    def _tell_pause(self, error: TamizError) -> None:
        self._on_event(Event("pacs", "warning", text("pacs.trying_again", reason=error.what)))


def tidy_studies(finder: Finder, answers: Iterable[Any], criteria: Criteria) -> list[FoundStudy]:
    """Return each study once; what contradicts the criteria is left out.

    A server may ignore a key that it does not know, and then answers with everything.
    """
    made = (
        FoundStudy(
            uid=plain(answer.get("StudyInstanceUID")),
            patient=plain(answer.get("PatientID")),
            name=plain(answer.get("PatientName")),
            birth=plain(answer.get("PatientBirthDate")),
            day=day_of(answer.get("StudyDate")),
            modalities=_modalities(answer),
            description=plain(answer.get("StudyDescription")),
            n_series=number_of(answer.get("NumberOfStudyRelatedSeries")),
            n_images=number_of(answer.get("NumberOfStudyRelatedInstances")),
        )
        for answer in answers
    )
    return _once(finder, (one for one in made if _meets(one, criteria)))


def tidy_series(
    finder: Finder, answers: Iterable[Any], study: str, modality: str
) -> list[FoundSeries]:
    """Return each series of a study once, of one modality where that is not ''."""
    made = (
        FoundSeries(
            uid=plain(answer.get("SeriesInstanceUID")),
            study=study,
            modality=code_of(answer.get("Modality")),
            description=plain(answer.get("SeriesDescription")),
            n_images=number_of(answer.get("NumberOfSeriesRelatedInstances")),
        )
        for answer in answers
    )
    return _once(finder, (one for one in made if not modality or one.modality == modality))


def tidy_images(finder: Finder, answers: Iterable[Any], series: str) -> list[FoundImage]:
    """Return each instance of a series once."""
    made = (
        FoundImage(
            uid=plain(answer.get("SOPInstanceUID")),
            series=series,
            sop_class=plain(answer.get("SOPClassUID")),
        )
        for answer in answers
    )
    kept = _once(finder, made)
    return [one if is_uid(one.sop_class) else replace(one, sop_class="") for one in kept]


def everything(
    finder: Finder, studies: Iterable[FoundStudy], modality: str
) -> Iterator[tuple[FoundStudy, FoundSeries, list[FoundImage]]]:
    """Yield every series of the studies with its instances.

    Where the server counts more than it lists, it is asked a second time.
    """
    for study in studies:
        found = finder.series(study, modality)
        if not modality and len(found) < (study.n_series or 0):
            found = merged(found, finder.series(study, modality))
        for series in found:
            images = finder.images(series)
            if len(images) < (series.n_images or 0):
                images = merged(images, finder.images(series))
            yield study, series, images


def merged(first: list[F], second: list[F]) -> list[F]:
    """Return what either of two answers to the same question lists, each once."""
    known = {one.uid for one in first}
    return first + [one for one in second if one.uid not in known]


def _modalities(answer: Any) -> tuple[str, ...]:
    values = answer.get("ModalitiesInStudy") or ()
    words = [values] if isinstance(values, str) else list(values)
    return tuple(sorted({code_of(word) for word in words}))


def _meets(study: FoundStudy, criteria: Criteria) -> bool:
    checks: list[Callable[[], bool]] = [
        lambda: not criteria.study or study.uid == criteria.study,
        lambda: criteria.span is None or study.day is None or criteria.span.holds(study.day),
        lambda: (
            not criteria.patient
            or not study.patient
            or any(sign in criteria.patient for sign in "*?")
            or study.patient.casefold() == criteria.patient.strip().casefold()
        ),
    ]
    return all(check() for check in checks)


def _once(finder: Finder, found: Iterable[F]) -> list[F]:
    kept: dict[str, F] = {}
    for one in found:
        if is_uid(one.uid):
            kept.setdefault(one.uid, one)
        else:
            finder.n_bad_uids += 1
    return list(kept.values())
