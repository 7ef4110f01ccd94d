"""What an answer shares with the image it is about: the patient, the study, names of its own."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamiz.formats.dicom_dataset import parse, uid_of, without_values
from tamiz.formats.files import read_regular
from tamiz.formats.refusal import Refusal
from tamiz.node.intake import MAKER

if TYPE_CHECKING:
    from pydicom import Dataset

RESEARCH: Final = "FOR RESEARCH USE ONLY / SOLO PARA INVESTIGACIÓN"
_PATIENT: Final = (  # PS3.3 C.7.1.1, C.7.2.1, C.7.2.2: what of a patient and a study is copied
    "PatientName", "PatientID", "IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence",
    "TypeOfPatientID", "PatientBirthDate", "PatientBirthTime", "PatientSex", "OtherPatientIDs",
    "OtherPatientNames", "OtherPatientIDsSequence", "EthnicGroup", "PatientComments",
    "PatientSpeciesDescription", "PatientSpeciesCodeSequence", "PatientBreedDescription",
    "ResponsiblePerson", "ResponsiblePersonRole", "ResponsibleOrganization",
    "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence",
    "QualityControlSubject", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID",
    "AccessionNumber", "IssuerOfAccessionNumberSequence", "StudyDescription",
    "ProcedureCodeSequence", "PatientAge", "PatientSize", "PatientWeight",
    "TimezoneOffsetFromUTC",
)  # fmt: skip
_NEVER_MISSING: Final = (  # type 2: there, if empty
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "ReferringPhysicianName", "StudyID", "AccessionNumber",
)  # fmt: skip
_UIDS: Final = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_READ: Final = ("SpecificCharacterSet", "BurnedInAnnotation", "Laterality", *_UIDS, *_PATIENT)


@dataclass(frozen=True, slots=True)
class Source:
    """The image that an answer is about; it names a person and stays in memory.

    Attributes:
        sop_class: UID.
        instance: UID.
        study: UID.
        series: UID.
        header: the patient, the study, decoded.
    """

    sop_class: str
    instance: str
    study: str
    series: str
    header: Dataset

    @classmethod
    def read(cls, path: Path) -> Source:
        """Return what a received file says.

        Raises:
            Refusal: it is damaged; no value is in the words.
        """
        content = read_regular(path, limit_bytes=2**40)
        with without_values():
            header = parse(content or b"", _READ)
            header.decode()  # text of any character set
            uids = [uid_of(header, name) for name in _UIDS]
        return cls(uids[0], uids[1], uids[2], uids[3], header)


def uid_from(*words: str) -> str:
    """Return a UID that is always the same for the same words (PS3.5 B.2: 2.25 and an integer)."""
    digest = hashlib.sha256("\n".join(words).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def local_time(seconds: float) -> datetime:
    """Return a moment in this machine's time zone, to the second, as DICOM writes dates."""
    return datetime.fromtimestamp(int(seconds), UTC).astimezone().replace(tzinfo=None)


def put_patient(target: Dataset, source: Source) -> None:
    """Copy the patient and the study, unchanged, into an answer.

    Raises:
        Refusal: an element cannot be copied; no value is in the words.
    """
    with without_values():
        for keyword in _PATIENT:
            if keyword in source.header:
                target[keyword] = copy.deepcopy(source.header[keyword])
            elif keyword in _NEVER_MISSING:
                setattr(target, keyword, None)
    target.StudyInstanceUID = source.study


def put_maker(target: Dataset, version: str, identity: str) -> None:
    """Say what made an answer, and that it is for research."""
    target.Manufacturer = target.ManufacturerModelName = MAKER
    target.SoftwareVersions = version
    target.DeviceSerialNumber = identity
    target.ContentQualification = "RESEARCH"


def as_bytes(dataset: Dataset) -> bytes:
    """Return the file of an answer; the same bytes for the same answer.

    Raises:
        Refusal: it cannot be written; no value is in the words.
    """
    import io

    from pydicom import config

    target = io.BytesIO()
    before = config.settings.writing_validation_mode
    config.settings.writing_validation_mode = config.IGNORE  # what is copied is copied as it is
    try:
        with without_values():
            dataset.save_as(target, enforce_file_format=True)
    finally:
        config.settings.writing_validation_mode = before
    return target.getvalue()


__all__ = [
    "RESEARCH",
    "Refusal",
    "Source",
    "as_bytes",
    "local_time",
    "put_maker",
    "put_patient",
    "uid_from",
]
