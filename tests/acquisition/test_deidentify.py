"""Identities are removed: nothing that was planted remains, and all that is needed does."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.acquisition.deidentify import (
    METHOD,
    Changes,
    Deidentification,
    deidentify,
    is_deidentified,
)
from tamiz.acquisition.deidentify_tags import (
    CHARACTERISTICS,
    DATE_TIMES,
    DATES,
    EMPTY,
    KEPT,
    KEPT_CLASS_UIDS,
    SEQUENCES,
    TIMES,
    UIDS,
)
from tamiz.core.errors import WrongUse
from tamiz.core.pseudonyms import Pseudonyms, is_pseudonym
from tamiz.formats.dicom_blanking import blank_dataset, to_bytes
from tamiz.formats.dicom_dataset import describe_pixels, is_dicom, parse
from tamiz.formats.dicom_decoding import stored_frame
from tamiz.formats.dicom_facts import burned_in_reason
from tamiz.formats.dicom_library import library
from tamiz.testing.dicoms import ROOT, dicom

KEY = Pseudonyms(bytes(32))
PLANTED = (
    "JANEWAY", "KATHRYN", "MRN-4711", "19700101", "19991231", "ACC-2001", "0123-456789",
    "PHI-BLOB", "ELM STREET", "DR. BECKETT", "STARFLEET",
)  # fmt: skip
RAMP = np.arange(-32, 32, dtype=np.int16).reshape(8, 8)
SAID = {
    "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence",
    "LongitudinalTemporalInformationModified", "PatientName", "PatientID", "CodeMeaning",
}  # fmt: skip
ALLOWED = {*KEPT, *CHARACTERISTICS, *DATES, *DATE_TIMES, *TIMES, *EMPTY, *UIDS, *KEPT_CLASS_UIDS,
           *SEQUENCES, *SAID}  # fmt: skip


def planted(**more):
    """Return a data set with names, ids, dates and blobs in right and wrong places."""
    tags = {
        "PatientName": "JANEWAY^KATHRYN",
        "PatientID": "MRN-4711",
        "PatientBirthDate": "19700101",
        "StudyDate": "19991231",
        "ContentDate": "19991231",
        "StudyTime": "101112",
        "AcquisitionDateTime": "19991231101112.5",
        "AccessionNumber": "ACC-2001",
        "PatientTelephoneNumbers": "0123-456789",
        "PatientAddress": "ELM STREET 5",
        "ReferringPhysicianName": "DR. BECKETT",
        "InstitutionName": "STARFLEET MEDICAL",
        "StudyDescription": "CT of KATHRYN JANEWAY",
        "SeriesDescription": "JANEWAY thorax",
        "ImageComments": "born 19700101",
        "PatientAge": "093Y",
        "PatientSex": "F",
        "BodyPartExamined": "CHEST",
        "Manufacturer": "Janeway Scanners",
        "ManufacturerModelName": "Model 5",
        "KVP": 120,
        **more,
    }
    dataset = parse(dicom(RAMP, tags), None)
    item = library().Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "T-1", "SRT", "KATHRYN"
    item.ReferencedSOPInstanceUID = f"{ROOT}9.19991231"
    inner = library().Dataset()
    inner.PatientName = "JANEWAY"
    inner.add_new(0x00091001, "UN", b"PHI-BLOB deep inside")
    item.AnatomicRegionModifierSequence = [inner]
    dataset.AnatomicRegionSequence = [item]
    dataset.add_new(0x00090010, "LO", "STARFLEET")
    dataset.add_new(0x00091001, "OB", b"PHI-BLOB")
    dataset.add_new(0x60000010, "US", 8)
    dataset.add_new(0x60004000, "LT", "JANEWAY")
    dataset.add_new(0x00185100, "CS", "JANEWAY")  # patient's position
    dataset.add_new(0x00080070 + 0x10, "LO", "STARFLEET")
    return dataset


def written(dataset, key=KEY, **options):
    return to_bytes(deidentify(dataset, key, Deidentification(**options)).dataset)


def holds(content, word):
    return any(
        form.encode(encoding) in content
        for form in (word, word.lower(), word.title())
        for encoding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be")
    )


def every_element(dataset):
    for element in dataset:
        yield element
        if element.VR == "SQ":
            for item in element.value:
                yield from every_element(item)


@pytest.mark.parametrize("dates", ["shift", "remove"])
def test_nothing_that_was_planted_is_in_the_bytes(dates):
    before = to_bytes_of(planted())
    after = written(planted(), dates=dates)
    for word in PLANTED:
        assert holds(before, word), word
        assert not holds(after, word), word


def to_bytes_of(dataset):
    opened = io.BytesIO()
    library().dcmwrite(opened, dataset)
    return opened.getvalue()


def test_pixels_and_what_they_mean_stay():
    before = planted()
    after = parse(written(before), None)
    assert after.PixelData == before.PixelData
    assert (stored_frame(after, describe_pixels(after)) == RAMP).all()
    for word in (
        "Modality",
        "BodyPartExamined",
        "ManufacturerModelName",
        "KVP",
        "PatientSex",
        "RescaleSlope",
        "InstanceNumber",
    ):
        assert after.get(word) == before.get(word), word


def test_only_what_is_on_the_list_is_left_at_any_depth():
    for element in every_element(deidentify(planted(), KEY).dataset):
        assert not element.tag.is_private
        assert element.keyword in ALLOWED, element.keyword


def test_patients_become_the_same_pseudonym_and_the_file_says_what_was_done():
    made = deidentify(planted(), KEY).dataset
    again = deidentify(planted(SOPInstanceUID=f"{ROOT}8.8"), KEY).dataset
    assert is_pseudonym(made.PatientID)
    assert (
        str(made.PatientName)
        == made.PatientID
        == again.PatientID
        == KEY.name("patient", "MRN-4711")
    )
    assert made.PatientIdentityRemoved == "YES"
    assert made.DeidentificationMethod == METHOD
    codes = [item.CodeValue for item in made.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113107", "113108"]
    assert made.file_meta.MediaStorageSOPInstanceUID == made.SOPInstanceUID
    assert is_deidentified(made)
    assert not is_deidentified(planted())


def test_uids_are_replaced_alike_wherever_they_stand():
    first = deidentify(planted(SOPInstanceUID=f"{ROOT}9.19991231"), KEY).dataset
    second = deidentify(planted(), KEY).dataset
    assert first.StudyInstanceUID == second.StudyInstanceUID == KEY.uid(f"{ROOT}2.1")
    assert second.AnatomicRegionSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert second.SOPClassUID == "1.2.840.10008.5.1.4.1.1.2"


@given(
    st.dates(date(1950, 1, 1), date(2030, 1, 1)),
    st.dates(date(1950, 1, 1), date(2030, 1, 1)),
)
@settings(max_examples=30)
def test_the_days_between_a_patients_dates_stay(one, other):
    made = [
        deidentify(planted(StudyDate=f"{day:%Y%m%d}"), KEY).dataset.StudyDate
        for day in (one, other)
    ]
    moved = [date(int(d[:4]), int(d[4:6]), int(d[6:])) for d in map(str, made)]
    assert moved[1] - moved[0] == other - one
    assert 1 <= (one - moved[0]).days <= 365


def test_patients_are_shifted_by_days_of_their_own_and_birth_dates_go():
    dates = {str(deidentify(planted(PatientID=f"X-{n}"), KEY).dataset.StudyDate) for n in range(20)}
    assert len(dates) > 10
    assert deidentify(planted(), KEY).dataset.PatientBirthDate == ""


def test_removed_dates_leave_their_elements_empty():
    made = deidentify(planted(), KEY, Deidentification(dates="remove")).dataset
    assert made.StudyDate == ""
    assert "AcquisitionDateTime" not in made
    assert made.LongitudinalTemporalInformationModified == "REMOVED"


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        ("045Y", "045Y"),
        ("089Y", "089Y"),
        ("090Y", "090Y"),
        ("101Y", "090Y"),
        ("999W", "999W"),
        ("011M", "011M"),
        ("nine", None),
    ],
)
def test_ages_above_89_are_cut(age, kept):
    assert deidentify(planted(PatientAge=age), KEY).dataset.get("PatientAge") == kept


def test_another_key_gives_another_name_other_uids_and_other_dates():
    one = deidentify(planted(), KEY).dataset
    other = deidentify(planted(), Pseudonyms(b"x" * 32)).dataset
    assert one.PatientID != other.PatientID
    assert one.SOPInstanceUID != other.SOPInstanceUID
    assert one.StudyDate != other.StudyDate


@pytest.mark.parametrize("dates", ["shift", "remove"])
def test_doing_it_twice_changes_nothing(dates):
    once = written(planted(), dates=dates)
    assert written(parse(once, None), dates=dates) == once
    assert written(parse(once, None), Pseudonyms(b"y" * 32), dates=dates) == once


def test_what_was_changed_is_told_by_tags_and_never_by_values():
    made = deidentify(planted(), KEY)
    words = " ".join((*made.removed, *made.replaced))
    assert "0010,0020 PatientID" in made.replaced
    assert "0008,0020 StudyDate" in made.replaced
    assert "0010,1040 PatientAddress" in made.removed
    assert "private" in made.removed
    assert not any(holds(words.encode(), word) for word in PLANTED)


def test_changes_add_up_and_are_saved_as_a_table(tmp_path):
    changes = Changes()
    for number in range(3):
        changes.add(deidentify(planted(BurnedInAnnotation="YES", InstanceNumber=number), KEY))
    assert ("0010,0020 PatientID", "replaced", 3) in changes.rows()
    assert changes.burned_in == {"tag": 3}
    changes.save_csv(tmp_path / "a.csv")
    assert '"0010,0020 PatientID",replaced,3' in (tmp_path / "a.csv").read_text()


def test_more_tags_can_be_kept_but_none_that_names_a_patient():
    options = Deidentification(keep_tags=("StudyDescription", "StationName"))
    made = deidentify(planted(StudyDescription="THORAX", StationName="CT-1"), KEY, options).dataset
    assert (made.StudyDescription, made.StationName) == ("THORAX", "CT-1")
    assert "StudyDescription" not in deidentify(planted(), KEY, options).dataset  # it names her
    with pytest.raises(WrongUse, match="names a patient and cannot be kept"):
        deidentify(planted(), KEY, Deidentification(keep_tags=("PatientID",)))
    with pytest.raises(WrongUse, match="no element of this keyword"):
        deidentify(planted(), KEY, Deidentification(keep_tags=("StudyDescriptoin",)))
    with pytest.raises(WrongUse, match="shifted or removed"):
        deidentify(planted(), KEY, Deidentification(dates="keep"))


def test_a_patient_called_like_a_body_part_keeps_it():
    made = deidentify(planted(PatientName="CHEST^CT", BodyPartExamined="CHEST"), KEY).dataset
    assert made.BodyPartExamined == "CHEST"


def test_a_patient_without_a_number_is_told_by_name_and_birth_date_or_by_the_study():
    by_name = [
        deidentify(planted(PatientID="", PatientName=name), KEY).dataset.PatientID
        for name in ("A^B", "A^B", "C^D", "")
    ]
    assert by_name[0] == by_name[1]
    assert len(set(by_name)) == 3
    assert all(map(is_pseudonym, by_name))


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"BurnedInAnnotation": "YES"}, "tag"),
        ({"BurnedInAnnotation": "NO", "Modality": "US"}, ""),
        ({"RecognizableVisualFeatures": "YES"}, "face"),
        ({"Modality": "US"}, "ultrasound"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "secondary_capture"),
        ({"ImageType": ["DERIVED", "SECONDARY", "SCREEN SAVE"]}, "screen"),
        ({}, ""),
    ],
)
def test_pixels_that_may_name_somebody_are_told(tags, reason):
    assert burned_in_reason(planted(**tags)) == reason


def test_blanked_regions_are_black_and_the_rest_is_as_it_was():
    dataset = deidentify(planted(), KEY).dataset
    blank_dataset(dataset, [(1, 2, 3, 2), (6, 6, 99, 99)])
    after = parse(to_bytes(dataset), None)
    made = stored_frame(after, describe_pixels(after))
    expected = RAMP.copy()
    expected[2:4, 1:4] = expected[6:, 6:] = -32768
    assert (made == expected).all()


def files_of_pydicom():
    from pydicom.data import get_testdata_files

    folder = Path(get_testdata_files("CT_small.dcm")[0]).parent
    found = [path for path in sorted(folder.glob("*.dcm")) if path.is_file()]
    return [path for path in found if is_dicom(path.read_bytes()[:4096])]


def check_file(path):
    """Check that a file's identities go, its pixels stay, and twice is once."""
    before = parse(path.read_bytes(), None)
    made = deidentify(before, KEY).dataset
    for element in every_element(made):
        assert element.keyword in ALLOWED
    if "1.2.840.10008.1.2.8" in str(made.file_meta.TransferSyntaxUID):
        return  # a transfer syntax that pydicom cannot write yet
    content = to_bytes(made)
    after = parse(content, None)
    assert after.get("PixelData") == before.get("PixelData")
    assert to_bytes(deidentify(after, KEY).dataset) == content
    for word in ("PatientID", "AccessionNumber", "StudyInstanceUID", "SOPInstanceUID"):
        value = str(before.get(word) or "")
        assert len(value) < 5 or value.encode("utf-8", "replace") not in content


@pytest.mark.parametrize("path", files_of_pydicom(), ids=lambda path: path.name)
def test_every_file_of_pydicom_goes_through(path):
    check_file(path)


@pytest.mark.shared_data
def test_every_shared_file_goes_through(shared_data):
    for path in sorted((shared_data / "dicom").glob("*/*")):
        check_file(path)
