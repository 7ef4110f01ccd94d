"""The answer as a DICOM structured report: Comprehensive SR, template 1500, for research."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.language import current_language, say
from tamiz.core.optional import require
from tamiz.node.headers import (
    RESEARCH,
    local_time,
    put_maker,
    put_patient,
    uid_from,
)
from tamiz.node.intake import MAKER
from tamiz.node.looking import Look

if TYPE_CHECKING:
    from pydicom import Dataset

SCHEME: Final = "99TAMIZ"
_LONGEST: Final = 64  # signs of a DICOM long string
_SERIES_NUMBER: Final = 9901
_EXPLICIT: Final = "1.2.840.10008.1.2.1"
# Codes of our own: word -> meaning, as long as a DICOM long string may be.
_OWN: Final = {
    "predicted-class": "Predicted class",
    "no-answer": "No answer",
    "no-label": "None of the labels",
    "not-read": "Image could not be read",
    "unlike-training": "Unlike the training images",
    "research-report": RESEARCH,
}


@dataclass(frozen=True, slots=True)
class About:
    """What every answer to a part of a study says of itself.

    Attributes:
        study: its UID.
        number: of the part.
        content: hash of what is in it.
        identity: of the model.
        aet: of this node.
        version: of tamiz.
        completed: seconds since 1970; the answer's date, so that it is always the same.
        guard: 'warn', 'abstain' (images unlike the training images get no answer) or 'off'.
    """

    study: str
    number: int
    content: str
    identity: str
    aet: str
    version: str
    completed: float
    guard: str = "warn"

    def uid(self, *words: str) -> str:
        """Return the UID of something in this answer; the same for the same study and model."""
        return uid_from(self.study, self.content, self.identity, self.guard, *words)

    @property
    def series_words(self) -> str:
        """Return what the series is called."""
        return f"tamiz: {RESEARCH}"


def report_of(about: About, looks: Sequence[Look]) -> Dataset:
    """Return the structured report on a part of a study.

    Args:
        about: the answer.
        looks: at least one.

    Raises:
        MissingDependency: highdicom is not installed.
        Refusal: the patient's data cannot be copied.
    """
    require("highdicom", extra="node", why=say("node.why"))
    from highdicom.sr import ComprehensiveSR

    class Report(ComprehensiveSR):
        """The same without its own way of copying, which refuses what is not to the letter."""

        def copy_patient_and_study_information(self, dataset: Dataset) -> None:
            """Leave it to `put_patient`."""

        def _add_contributing_equipment(self, *_: object, **__: object) -> None:
            """Leave it out: no equipment of the image's made this."""

    moment = local_time(about.completed)
    made: Dataset = Report(
        evidence=_evidence(about, looks),
        content=_content(about, looks)[0],
        series_instance_uid=about.uid("series", "SR"),
        series_number=_SERIES_NUMBER,
        sop_instance_uid=about.uid("SR"),
        instance_number=about.number,
        manufacturer=MAKER,
        is_complete=True,
        transfer_syntax_uid=_EXPLICIT,
        series_description=about.series_words,
        content_date=moment.date(),
        content_time=moment.time(),
        specific_character_set="ISO_IR 192",
        coding_schemes=[_scheme()],
    )
    made.InstanceCreationDate, made.InstanceCreationTime = made.ContentDate, made.ContentTime
    made.SeriesDate, made.SeriesTime = made.ContentDate, made.ContentTime
    put_maker(made, about.version, about.identity)
    put_patient(made, looks[0].source)
    return made


def _evidence(about: About, looks: Sequence[Look]) -> list[Dataset]:
    """Return what highdicom needs to know of each instance: its UIDs, and nothing of a person."""
    from pydicom.dataset import Dataset

    made = {}
    for one in looks:
        item = Dataset()
        item.SOPClassUID, item.SOPInstanceUID = one.source.sop_class, one.source.instance
        item.StudyInstanceUID, item.SeriesInstanceUID = about.study, one.source.series
        for keyword in ("PatientID", "PatientName", "PatientSex", "AccessionNumber", "StudyID"):
            setattr(item, keyword, "")
        item.PatientBirthDate = item.StudyDate = item.StudyTime = None
        made[one.source.instance] = item
    return list(made.values())


def _content(about: About, looks: Sequence[Look]) -> Any:
    from highdicom import sr
    from pydicom.sr.codedict import codes

    observer = sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=sr.DeviceObserverIdentifyingAttributes(
            uid=uid_from("model", about.identity),
            name=about.aet,
            manufacturer_name=MAKER,
            model_name=MAKER,
            serial_number=about.identity,
        ),
    )
    language = {"en": ("en-US", "English (United States)"), "es": ("es-ES", "Spanish (Spain)")}
    word, meaning = language[current_language()]
    return sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=observer),
        procedure_reported=codes.cid100.ImagingProcedure,
        imaging_measurements=[_group(about, one) for one in looks],
        title=_own("research-report"),
        language_of_content_item_and_descendants=sr.LanguageOfContentItemAndDescendants(
            sr.CodedConcept(word, "RFC5646", meaning)
        ),
    )


def _group(about: About, look: Look) -> Any:
    """Return the measurement group of one image (template 1501)."""
    from highdicom import sr
    from pydicom.sr.codedict import codes

    place = look.source.instance, f"{look.frame or ''}"
    group = sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            uid=about.uid("group", *place),
            identifier=say("node.sr_image") if look.frame is None
            else say("node.sr_frame", frame=look.frame),
        ),
        algorithm_id=sr.AlgorithmIdentification(
            name=MAKER,
            version=about.version,
            parameters=[say("node.sr_model", identity=about.identity), RESEARCH],
        ),
        measurements=[
            sr.Measurement(name=_probability_of(name), value=float(share), unit=codes.UCUM.NoUnits)
            for name, share in look.probabilities.items()
        ],
        qualitative_evaluations=[
            sr.QualitativeEvaluation(name=name, value=value) for name, value in _evaluations(look)
        ],
        source_images=[
            sr.SourceImageForMeasurementGroup(
                referenced_sop_class_uid=look.source.sop_class,
                referenced_sop_instance_uid=look.source.instance,
                referenced_frame_numbers=None if look.frame is None else [look.frame],
            )
        ],
    )  # fmt: skip
    for words in _comments(about, look):
        group[0].ContentSequence.append(
            sr.TextContentItem(
                name=codes.DCM.Comment,
                value=words,
                relationship_type=sr.RelationshipTypeValues.CONTAINS,
            )
        )
    return group


def _evaluations(look: Look) -> list[tuple[Any, Any]]:
    """Return (what is evaluated, the evaluation) of one image, coded."""
    from pydicom.sr.codedict import codes

    made = []
    if look.reason:
        return [(_own("predicted-class"), _own("not-read"))]
    if look.predicted is None:
        made.append((_own("predicted-class"), _own("no-answer")))
    elif not look.predicted:
        made.append((_own("predicted-class"), _own("no-label")))
    else:
        made += [(_own("predicted-class"), class_code(name)) for name in look.predicted]
    if look.odd:
        made.append((_own("unlike-training"), codes.SCT.Yes))
    return made


def _comments(about: About, look: Look) -> list[str]:
    if look.reason:
        return [RESEARCH, say("node.sr_unread", reason=look.reason)]
    made = [RESEARCH]
    if look.predicted is None:
        key = (
            "node.sr_withheld_odd" if look.odd and about.guard == "abstain" else "node.sr_withheld"
        )
        made.append(say(key))
    else:
        names = ", ".join(look.predicted) or say("node.sr_no_label")
        made.append(say("node.sr_answer", names=names))
    if look.odd:
        made.append(say("node.sr_odd", reason=look.odd))
    return made


def class_code(name: str) -> Any:
    """Return the code of a class: the same for the same name, in whatever model."""
    return _code(f"c{_short(name)}", name)


def _probability_of(name: str) -> Any:
    return _code(f"p{_short(name)}", f"Probability: {name}")


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _own(word: str) -> Any:
    return _code(word, _OWN[word])


def _code(value: str, meaning: str) -> Any:
    from highdicom.sr import CodedConcept

    plain = "".join(one if one.isprintable() and one != "\\" else "/" for one in meaning)
    cut = plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
    return CodedConcept(value, SCHEME, cut)


def _scheme() -> Any:
    from highdicom.coding_schemes import CodingSchemeIdentificationItem

    return CodingSchemeIdentificationItem(designator=SCHEME, name="tamiz")
