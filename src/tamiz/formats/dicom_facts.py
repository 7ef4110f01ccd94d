"""What is told of a DICOM file: an allow-list of facts, and why some objects are no pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from tamiz.core.parts import fold
from tamiz.core.pseudonyms import is_pseudonym
from tamiz.data.windows import WindowChoice
from tamiz.formats.dicom_dataset import (
    PIXELS,
    Description,
    class_name,
    describe_pixels,
    uid_of,
    words_of,
)
from tamiz.formats.dicom_grey import grey_recipe, spacing_mm
from tamiz.formats.refusal import Refusal

if TYPE_CHECKING:
    from pydicom import Dataset


class Names(Protocol):
    """What gives pseudonyms (`core.pseudonyms.Pseudonyms`)."""

    def name(self, kind: str, original: str) -> str:
        """Return the pseudonym of an original of a kind."""
        ...


# Column of the manifest -> keyword. Nothing else of a data set is ever told.
COLUMNS: Final = {
    "modality": "Modality",
    "body_part": "BodyPartExamined",
    "view": "ViewPosition",
    "laterality": "Laterality",
    "manufacturer": "Manufacturer",
    "scanner": "ManufacturerModelName",
    "kernel": "ConvolutionKernel",
    "slice_thickness_mm": "SliceThickness",
    "kvp": "KVP",
    "field_strength_t": "MagneticFieldStrength",
    "patient_position": "PatientPosition",
    "sex": "PatientSex",
    "age": "PatientAge",
    "image_type": "ImageType",
    "series_number": "SeriesNumber",
    "instance_number": "InstanceNumber",
    "photometric": "PhotometricInterpretation",
    "burned_in": "BurnedInAnnotation",
    "lossy": "LossyImageCompression",
}
# What can be left out as no picture of a patient, and asked for all the same (`data.keep`).
KINDS: Final = ("localiser", "secondary-capture", "segmentation", "parametric-map")
_SECONDARY: Final = "1.2.840.10008.5.1.4.1.1.7"
_SEGMENTATIONS: Final = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
_PARAMETRIC: Final = "1.2.840.10008.5.1.4.1.1.30"
_PRESENTATION: Final = "1.2.840.10008.5.1.4.1.1.11."
_DOSE_REPORTS: Final = frozenset(
    {"1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.88.68",
     "1.2.840.10008.5.1.4.1.1.88.73", "1.2.840.10008.5.1.4.1.1.88.76"}
)  # fmt: skip
_SHORTEST_NAME, _SHORTEST_NUMBER, _SHORT_WORD, _LONG = 3, 4, 4, 6
_LEGAL: Final = re.compile(r"[A-Za-z0-9 _.\\/()+:,\-]{1,80}")


@dataclass(frozen=True, slots=True)
class DicomFacts:
    """What a header says that may be told.

    Attributes:
        values: by column name; '' where nothing is said.
        n_frames: at least 1; 0 for what has no pixels.
        um_per_px: across, where it is known.
        aside: why this is no picture to learn from: one of `KINDS`, 'presentation-state',
            'dose-report', 'no-pixels'; '' for pictures.
        what: the object's kind in the standard's words, for what is set aside.
        applied: (to modality values, to grey), what the reader will do; '' for colours.
        reason: why the file cannot be read, in words; '' when it can, as far as a header tells.
        is_deidentified: the file says that identities were removed.
        burned_in: why the pixels may hold text or a face; see `burned_in_reason`.
    """

    values: dict[str, str]
    n_frames: int
    um_per_px: float | None
    aside: str
    what: str
    applied: tuple[str, str]
    reason: str
    is_deidentified: bool
    burned_in: str = ""


def facts_of(dataset: Dataset, choice: WindowChoice) -> DicomFacts:
    """Return what a parsed header says; never raises: what is wrong is the fact `reason`.

    Free text is told only where it looks like a technical term and holds no part of the
    patient's name or number.
    """
    identities = tuple(identities_of(dataset))
    values = {column: _told(dataset, keyword, identities) for column, keyword in COLUMNS.items()}
    if not values["laterality"]:
        values["laterality"] = _told(dataset, "ImageLaterality", identities)
    values["age"] = _years(values["age"])
    n_frames, um, reason, applied = 0, None, "", ("", "")
    aside = why_aside(dataset)
    if aside not in {"no-pixels", "presentation-state", "dose-report"}:
        try:
            described = describe_pixels(dataset)
            n_frames = described.n_frames
            mm = spacing_mm(dataset)
            um = mm[0] * 1000 if mm else None
            applied = _applied(dataset, described, choice)
        except Refusal as error:
            n_frames, reason = max(n_frames, 1), str(error)
    return DicomFacts(
        values,
        n_frames,
        um,
        aside,
        class_name(dataset),
        applied,
        reason,
        words_of(dataset, "PatientIdentityRemoved").upper() == "YES",
        burned_in_reason(dataset),
    )


def why_aside(dataset: Dataset) -> str:
    """Return why an object is no picture to learn from, '' for pictures (see `DicomFacts`)."""
    sop = uid_of(dataset, "SOPClassUID")
    modality = words_of(dataset, "Modality").upper()
    kinds = words_of(dataset, "ImageType").upper().split("\\")
    is_so = {
        "presentation-state": sop.startswith(_PRESENTATION) or modality == "PR",
        "dose-report": sop in _DOSE_REPORTS,
        "no-pixels": not any(one in dataset for one in PIXELS) and not _is_cut_image(dataset),
        "segmentation": sop in _SEGMENTATIONS or modality == "SEG",
        "parametric-map": sop == _PARAMETRIC,
        "localiser": not {"LOCALIZER", "SCOUT"}.isdisjoint(kinds),
        "secondary-capture": sop == _SECONDARY or sop.startswith(f"{_SECONDARY}."),
    }
    return next((reason for reason, is_it in is_so.items() if is_it), "")


def _is_cut_image(dataset: Dataset) -> bool:
    """Return whether an object without pixels is an image that was cut off."""
    return "Rows" in dataset or class_name(dataset).endswith("Image Storage")


def burned_in_reason(dataset: Dataset) -> str:
    """Return why pixels may name somebody, '' where nothing says so.

    'tag' (it says so itself), 'face', 'screen', 'secondary_capture' or 'ultrasound'.
    """
    said = words_of(dataset, "BurnedInAnnotation").upper()
    if said == "YES":
        return "tag"
    if words_of(dataset, "RecognizableVisualFeatures").upper() == "YES":
        return "face"
    if said == "NO":
        return ""
    kinds = words_of(dataset, "ImageType").upper()
    if "SCREEN" in kinds or words_of(dataset, "ConversionType").upper() in {"WSD", "SI", "DF"}:
        return "screen"
    if why_aside(dataset) == "secondary-capture":
        return "secondary_capture"
    return "ultrasound" if words_of(dataset, "Modality").upper() in {"US", "IVUS"} else ""


def identities_of(dataset: Dataset) -> Iterator[str]:
    """Yield what names the patient: parts of names, numbers and dates, as written and folded.

    Case never counts. Of a data set whose identities were removed, nothing.
    """
    if words_of(dataset, "PatientIdentityRemoved").upper() == "YES":
        return
    found = [
        part
        for part in re.split(r"[\^=\s,;_\-.\\]+", words_of(dataset, "PatientName"))
        if len(part) >= _SHORTEST_NAME
    ]
    for keyword in ("PatientID", "OtherPatientIDs", "AccessionNumber"):
        value = words_of(dataset, keyword)
        found += [value] if len(value) >= _SHORTEST_NUMBER else []
    for keyword in ("PatientBirthDate", "StudyDate"):
        date = words_of(dataset, keyword)
        if len(date) == 8 and date.isdecimal():
            year, month, day = date[:4], date[4:6], date[6:]
            found += [date, f"{year}-{month}-{day}", f"{day}-{month}-{year}"]
    for one in found:
        yield unicodedata.normalize("NFC", one).casefold()
        if len(fold(one)) >= _SHORTEST_NAME:
            yield fold(one)


def patient_of(dataset: Dataset, pseudonyms: Names) -> str:
    """Return the patient's pseudonym.

    It is that of the Patient ID; where that is empty, of name and birth date; where these are
    empty too, of the study. A pseudonym that a file without identities holds stays as it is.
    """
    number = words_of(dataset, "PatientID")
    is_removed = words_of(dataset, "PatientIdentityRemoved").upper() == "YES"
    if is_removed and number and is_pseudonym(number):
        return number
    if number:
        return pseudonyms.name("patient", number)
    person = words_of(dataset, "PatientName")
    if person:
        return pseudonyms.name("person", f"{person}\0{words_of(dataset, 'PatientBirthDate')}")
    return pseudonyms.name("study", uid_of(dataset, "StudyInstanceUID"))


def reveals(path: str, identities: Collection[str]) -> bool:
    """Return whether a file's name or its folders' hold one of these identities.

    Accents, case and the signs between words do not count; short ones must be words of their own.
    """
    written = unicodedata.normalize("NFC", path).casefold()
    plain = fold(path)
    words, run_on = set(plain.split("_")), plain.replace("_", "")
    for one in identities:
        compact = one.replace("_", "")
        if len(one) <= _SHORT_WORD:
            is_there = one in words
        else:
            is_there = (
                one in written or one in plain or (len(compact) >= _LONG and compact in run_on)
            )
        if is_there:
            return True
    return False


def _told(dataset: Dataset, keyword: str, identities: tuple[str, ...]) -> str:
    value = words_of(dataset, keyword)
    if not _LEGAL.fullmatch(value):
        return ""
    folded = value.casefold()
    return "" if any(one in folded for one in identities) else value


def _years(age: str) -> str:
    """Return an age in whole years ('045Y', '18M'); above 89 '90'; '' where it is none."""
    found = re.fullmatch(r"(\d{1,3})([DWMY])", age.upper())
    if found is None:
        return ""
    per_year = {"D": 365.25, "W": 52.18, "M": 12.0, "Y": 1.0}[found[2]]
    return str(min(90, int(int(found[1]) / per_year)))


def _applied(dataset: Dataset, described: Description, choice: WindowChoice) -> tuple[str, str]:
    if not described.is_grey:
        return "", described.photometric
    recipe = grey_recipe(dataset, described, choice)
    modality, grey = recipe.words()
    if choice.kind == "values":
        return modality, "values"
    return modality, f"{grey}, {described.photometric}" if recipe.is_inverted else grey
