"""DICOM in folders: who is a row, in which group, with what told of it, and nobody's name."""

from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.pseudonyms import is_pseudonym
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.run_folder import Run
from tamiz.formats.dicom_facts import COLUMNS, KINDS
from tamiz.inputs import dicom_headers
from tamiz.inputs.find import find, find_images
from tamiz.inputs.registry import Found
from tamiz.stages.check import check
from tamiz.stages.index import index
from tamiz.testing.dicoms import ROOT, dicom
from tamiz.testing.pictures import png
from tamiz.testing.sources import class_folders, write_files, zip_bytes

SECONDARY = "1.2.840.10008.5.1.4.1.1.7"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
PARAMETRIC = "1.2.840.10008.5.1.4.1.1.30"
PRESENTATION = "1.2.840.10008.5.1.4.1.1.11.1"
REPORT = "1.2.840.10008.5.1.4.1.1.88.11"
DOSE = "1.2.840.10008.5.1.4.1.1.88.67"
PERSON = {
    "PatientName": "Mendoza^Luisa",
    "PatientID": "HC-778213",
    "PatientBirthDate": "19620417",
    "StudyDate": "20210503",
    "AccessionNumber": "ACC99182",
}
SECRETS = ("mendoza", "luisa", "778213", "1962", "20210503", "acc99182")


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """Keep away from the key of whoever runs these tests, and from that of the last test."""
    place = tmp_path / "safe" / "key"
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(place))
    dicom_headers._pseudonyms.cache_clear()
    yield place
    dicom_headers._pseudonyms.cache_clear()


def one(number: int = 1, **tags) -> bytes:
    """Return a small CT of its own, with these tags."""
    pixels = np.random.default_rng(number).integers(0, 2000, (8, 10)).astype(np.uint16)
    return dicom(pixels, tags, number=number)


def film(n_frames: int, number: int = 1, **tags) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (n_frames, 6, 5)).astype(np.uint8)
    return dicom(pixels, {"NumberOfFrames": n_frames, **tags}, number=number)


def without_pixels(number: int, sop: str, modality: str) -> bytes:
    return dicom(None, {"SOPClassUID": sop, "Modality": modality}, number=number)


def deidentified(number: int = 1, **tags) -> bytes:
    known = {"PatientIdentityRemoved": "YES", "PatientID": "TZ0123456789abcdef"}
    return one(number, **known, **tags)


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def said(found: Found) -> str:
    return "\n".join(str(finding.what) for finding in found.findings)


def fates_of(found: Found) -> dict[str, tuple[str, str]]:
    return {entry.path: (str(entry.fate), entry.reason) for entry in found.others}


def everything_told(found: Found) -> str:
    """Return all that a found source may pass on, folded."""
    rows = [found.manifest.column(name) for name in found.manifest.column_names]
    items = [item for finding in found.findings for item in finding.items]
    return f"{rows} {said(found)} {items} {found.others}".casefold()


# Rows and groups


def test_patients_are_groups_and_have_a_pseudonym(tmp_path):
    files = {f"{n}.dcm": one(n, PatientID=f"PAT{n // 2}") for n in range(4)}
    found = look(write_files(tmp_path / "in", files))
    assert found.kind == "dicom"
    groups = found.manifest.column("group")
    assert groups[0] == groups[1] != groups[2] == groups[3]
    assert all(map(is_pseudonym, groups))
    assert groups == found.manifest.column("patient")
    assert "4 frames of 2 patients" in said(found)


@pytest.mark.parametrize(
    ("group", "tag"),
    [("study", "StudyInstanceUID"), ("series", "SeriesInstanceUID"), ("Patient ID", "PatientID")],
)
def test_the_group_may_be_the_study_or_the_series(tmp_path, group, tag):
    files = {f"{n}.dcm": one(n, **{tag: f"{ROOT}7.{n // 2}"}) for n in range(4)}
    groups = look(write_files(tmp_path / "in", files), group=group).manifest.column("group")
    assert groups[0] == groups[1] != groups[2] == groups[3]


def test_studies_series_and_instances_have_short_names_without_their_uids(tmp_path):
    found = look(write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2)}))
    rows = list(found.manifest.rows("study", "series", "instance"))
    assert rows[0][:2] == rows[1][:2]
    assert rows[0][2] != rows[1][2]
    assert all(len(name) == 12 for name in rows[0])
    assert ROOT not in everything_told(found)


def test_without_a_patient_id_the_person_is_the_group_and_then_the_study(tmp_path):
    files = {
        "a.dcm": one(1, PatientID=None, PatientName="Roe^Ada", PatientBirthDate="19700101"),
        "b.dcm": one(2, PatientID=None, PatientName="Roe^Ada", PatientBirthDate="19700101"),
        "c.dcm": one(3, PatientID=None, PatientName="Roe^Ada", PatientBirthDate="19710101"),
        "d.dcm": one(4, PatientID=None, PatientName=None),
        "e.dcm": one(5, PatientID=None, PatientName=None, StudyInstanceUID=f"{ROOT}2.9"),
    }
    groups = look(write_files(tmp_path / "in", files)).manifest.column("group")
    assert groups[0] == groups[1]
    assert len(set(groups)) == 4
    assert all(map(is_pseudonym, groups))


def test_the_group_may_come_from_the_name(tmp_path):
    source = write_files(tmp_path / "in", {"p1_a.dcm": one(1), "p2_a.dcm": one(2)})
    assert look(source, group_from_name=r"p\d").manifest.column("group") == ["p1", "p2"]


def test_another_key_gives_other_pseudonyms_and_the_same_key_the_same(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    names = [
        look(source, key=str(tmp_path / key)).manifest.column("patient")[0] for key in ("k", "l")
    ]
    assert names[0] != names[1]
    assert look(source, key=str(tmp_path / "k")).manifest.column("patient") == names[:1]


def test_only_what_is_on_the_list_is_told_of_a_header(tmp_path):
    planted = {
        "InstitutionName": "Hospital Planted",
        "ReferringPhysicianName": "Planted^Doctor",
        "StudyDescription": "planted text",
        "PatientComments": "planted text",
        "OperatorsName": "Planted^One",
    }
    found = look(write_files(tmp_path / "in", {"a.dcm": one(1, **PERSON, **planted)}))
    told = everything_told(found)
    assert "planted" not in told
    assert not any(secret in told for secret in SECRETS)
    assert set(COLUMNS) <= set(found.manifest.column_names)


@pytest.mark.parametrize(
    "words",
    ["by Mendoza", "LUISA 5", "id HC-778213", "seen 2021-05-03", "ACC99182", "x" * 81, "ñ;"],
)
def test_a_listed_element_that_holds_a_name_or_no_term_is_not_told(tmp_path, words):
    tags = PERSON | {"BodyPartExamined": "CHEST", "Manufacturer": words}
    source = write_files(
        tmp_path / "in", {"a.dcm": one(1, SpecificCharacterSet="ISO_IR 192", **tags)}
    )
    row = next(iter(look(source).manifest.rows("manufacturer", "body_part")))
    assert row == (None, "CHEST")


@pytest.mark.parametrize(
    ("age", "told"), [("045Y", "45"), ("095Y", "90"), ("018M", "1"), ("003D", "0"), ("old", None)]
)
def test_ages_are_whole_years_and_end_at_ninety(tmp_path, age, told):
    pydicom = pytest.importorskip("pydicom")
    with pydicom.config.disable_value_validation():
        content = one(1, PatientAge=age)
    source = write_files(tmp_path / "in", {"a.dcm": content})
    assert look(source).manifest.column("age") == [told]


def test_what_the_reader_will_do_is_told_of_each_file(tmp_path):
    files = {"a.dcm": one(1, RescaleIntercept=-1024), "b.dcm": one(2, Modality="MR")}
    found = look(write_files(tmp_path / "in", files), window="-600,1500")
    rows = list(found.manifest.rows("values", "grey"))
    assert [row[1] for row in rows] == ["LINEAR -600, 1500"] * 2
    assert "-1024" in rows[0][0]
    assert "values to grey: 2 × LINEAR -600, 1500" in said(found)


def test_the_note_on_groups_does_not_call_series_patients(tmp_path):
    files = {"a.dcm": one(1), "b.dcm": one(2, SeriesInstanceUID=f"{ROOT}3.9")}
    found = look(write_files(tmp_path / "in", files), group="series")
    assert "2 patients" not in said(found)


# Frames


@pytest.mark.parametrize(
    ("frames", "expected"),
    [("all", [0, 1, 2, 3, 4, 0]), ("first", [0, 0]), ("middle", [2, 0])],
)
def test_frames_are_rows_of_one_patient(tmp_path, frames, expected):
    source = write_files(tmp_path / "in", {"a.dcm": film(5), "b.dcm": one(2)})
    found = look(source, frames=frames)
    assert found.manifest.column("frame") == expected
    assert len(set(found.manifest.column("group"))) == 1


def test_of_an_even_number_of_frames_the_middle_is_the_later_one(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": film(4)})
    assert look(source, frames="middle").manifest.column("frame") == [2]


# What is set aside


ASIDE = {
    "localiser": (one(2, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), "a localiser"),
    "secondary-capture": (one(3, SOPClassUID=SECONDARY), "a secondary capture"),
    "segmentation": (one(4, SOPClassUID=SEGMENTATION, Modality="SEG"), "a segmentation"),
    "parametric-map": (one(5, SOPClassUID=PARAMETRIC), "a parametric map"),
}
NEVER = {
    "presentation state": (without_pixels(6, PRESENTATION, "PR"), "a presentation state"),
    "report": (without_pixels(7, REPORT, "SR"), "no pixels"),
    "dose report": (without_pixels(8, DOSE, "SR"), "a dose report"),
}


def test_the_kinds_set_aside_here_are_all_there_are():
    assert set(ASIDE) == set(KINDS)


@pytest.mark.parametrize("kind", ASIDE)
def test_what_is_no_picture_of_a_patient_is_set_aside_with_its_reason(tmp_path, kind):
    content, words = ASIDE[kind]
    found = look(write_files(tmp_path / "in", {"a.dcm": one(), "b.dcm": content}))
    assert found.manifest.column("path") == ["a.dcm"]
    fate, reason = fates_of(found)["b.dcm"]
    assert fate == "excluded"
    assert words in reason
    note = next(one for one in found.findings if "set aside" in str(one.what))
    assert str(note.advice) == f"Keep them with --keep {kind}"


@pytest.mark.parametrize("kind", ASIDE)
def test_what_is_set_aside_is_kept_when_asked(tmp_path, kind):
    source = write_files(tmp_path / "in", {"a.dcm": one(), "b.dcm": ASIDE[kind][0]})
    found = look(source, keep=[kind])
    assert found.manifest.column("path") == ["a.dcm", "b.dcm"]
    assert "set aside" not in said(found)


@pytest.mark.parametrize("kind", NEVER)
def test_what_has_no_pixels_is_no_image_and_cannot_be_kept(tmp_path, kind):
    content, words = NEVER[kind]
    source = write_files(tmp_path / "in", {"a.dcm": one(), "b.dcm": content})
    found = look(source, keep=list(KINDS))
    assert found.manifest.column("path") == ["a.dcm"]
    fate, reason = fates_of(found)["b.dcm"]
    assert fate == "not an image"
    assert words in reason
    assert "--keep" not in "".join(str(one.advice) for one in found.findings)


def test_predicting_takes_localisers_too_but_nothing_without_pixels(tmp_path):
    files = {"a.dcm": ASIDE["localiser"][0], "b.dcm": NEVER["report"][0], "c.dcm": film(2)}
    found = find_images(write_files(tmp_path / "in", files))
    rows = list(found.manifest.rows("path", "frame", "label", "group"))
    assert rows == [("a.dcm", 0, None, None), ("c.dcm", 0, None, None), ("c.dcm", 1, None, None)]
    assert fates_of(found)["b.dcm"][0] == "not an image"


def test_of_two_files_with_one_uid_the_first_is_used_and_both_are_named(tmp_path):
    other = dicom(np.ones((8, 10), np.uint16), number=1)
    found = look(write_files(tmp_path / "in", {"b.dcm": other, "a.dcm": one(1), "c.dcm": one(2)}))
    assert found.manifest.column("path") == ["a.dcm", "c.dcm"]
    assert fates_of(found)["b.dcm"] == (
        "excluded",
        "the same SOP instance as another file, which is used",
    )
    warning = next(one for one in found.findings if str(one.severity) == "warning")
    assert "1 file has the SOP Instance UID of another file" in str(warning.what)
    assert warning.items == ("a.dcm = b.dcm",)


def test_files_that_say_they_hold_text_are_a_warning(tmp_path):
    files = {"a.dcm": one(1, BurnedInAnnotation="YES"), "b.dcm": one(2, Modality="US")}
    found = look(write_files(tmp_path / "in", files | {"c.dcm": one(3)}))
    warning = next(one for one in found.findings if str(one.severity) == "warning")
    assert "2 files may have text in their pixels" in str(warning.what)
    assert "--blank" in str(warning.advice)


# Labels and options


SPELLINGS = {
    "Modality": "CT",
    "modality": "CT",
    " MODALITY ": "CT",
    "body part": "CHEST",
    "body_part": "CHEST",
    "Body-Part": "CHEST",
    "BodyPartExamined": "CHEST",
    "bodypartexamined": "CHEST",
    "scanner": "Model 7",
    "manufacturer model name": "Model 7",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_label_may_be_a_column_of_the_header_however_it_is_spelt(tmp_path, spelling):
    tags = {"BodyPartExamined": "CHEST", "ManufacturerModelName": "Model 7"}
    source = write_files(tmp_path / "in", {"a.dcm": one(1, **tags)})
    assert look(source, label=spelling).manifest.column("label") == [SPELLINGS[spelling]]


def test_a_centre_may_be_a_column_of_the_header(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1, Manufacturer="Acme"), "b.dcm": one(2)})
    assert look(source, centre="Manufacturer").manifest.column("centre") == ["Acme", None]


@pytest.mark.parametrize("role", ["label", "group", "centre"])
@pytest.mark.parametrize("asked", ["PatientName", "InstitutionName", "moda", "StudyDate"])
def test_a_column_that_headers_do_not_give_is_refused_with_the_choices(tmp_path, role, asked):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match=f"data.{role}: .* no column '{asked}'") as error:
        look(source, **{role: asked})
    assert "body_part, burned_in" in str(error.value)


def test_a_kind_that_cannot_be_kept_is_refused_with_the_choices(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match=r"data\.keep: there is no kind 'scout' to keep") as error:
        look(source, keep=["localiser", "scout"])
    assert ", ".join(KINDS) in str(error.value)


@pytest.mark.parametrize("window", ["none", "longs", "5", "40,0"])
def test_a_window_that_is_none_is_refused(tmp_path, window):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match="window"):
        look(source, window=window)


@pytest.mark.parametrize("option", ["path", "root", "split", "encoding", "separator"])
def test_an_option_of_tables_is_refused(tmp_path, option):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match="read as 'dicom'"):
        look(source, **{option: "x"})


@pytest.mark.parametrize(
    ("option", "value"),
    [("frames", "first"), ("keep", ["localiser"]), ("window", "lung"), ("allow_names", True)],
)
def test_an_option_of_dicom_is_refused_for_photos(tmp_path, option, value):
    with pytest.raises(WrongUse, match=f"--{option.replace('_', '-')} cannot be used here"):
        look(class_folders(tmp_path), **{option: value})


def test_two_class_folders_are_classes_and_one_is_not(tmp_path):
    source = write_files(tmp_path / "in", {"sick/a.dcm": one(1), "well/b.dcm": one(2)})
    assert look(source).manifest.column("label") == ["sick", "well"]
    single = write_files(tmp_path / "one", {"study/a.dcm": one(1), "study/b.dcm": one(2)})
    assert look(single).manifest.column("label") == [None, None]


def test_splits_above_the_classes_are_given_splits(tmp_path):
    pairs = itertools.product(("train", "test"), ("sick", "well"))
    files = {f"{split}/{label}/a.dcm": one(n) for n, (split, label) in enumerate(pairs)}
    found = look(write_files(tmp_path / "in", files))
    rows = set(found.manifest.rows("given_split", "label"))
    assert rows == {(s, label) for s in ("train", "test") for label in ("sick", "well")}


def test_the_label_may_come_from_the_name_and_goes_before_the_folder(tmp_path):
    source = write_files(tmp_path / "in", {"x/a_3.dcm": one(1), "y/b.dcm": one(2)})
    assert look(source, label_from_name=r"_(\d)").manifest.column("label") == ["3", None]


# Names of patients


REVEALING = {
    "name in a folder": "Mendoza L/1.dcm",
    "name in capitals": "MENDOZA/1.dcm",
    "given name in a file": "s1/luisa_1.dcm",
    "number": "HC-778213/1.dcm",
    "date of birth": "s1/1962-04-17.dcm",
    "date of birth, day first": "s1/17.04.1962.dcm",
    "date of the study": "20210503/1.dcm",
    "accession number": "acc99182.dcm",
}


@pytest.mark.parametrize("name", REVEALING.values(), ids=REVEALING)
def test_names_that_reveal_somebody_are_refused_without_repeating_them(tmp_path, name):
    source = write_files(tmp_path / "in", {name: one(1, **PERSON), "z/9.dcm": one(2)})
    with pytest.raises(WrongData, match="the names of 1 of 2 files or of their folders") as error:
        look(source)
    shown = f"{error.value} {error.value.details}".casefold().replace(str(tmp_path).casefold(), "")
    assert not any(secret in shown for secret in (*SECRETS, "04-17", "17.04"))
    assert "--to dicom" in str(error.value)
    assert "--allow-names" in str(error.value)


def test_names_that_reveal_somebody_are_accepted_when_the_user_allows_it(tmp_path):
    source = write_files(tmp_path / "in", {"Mendoza/1.dcm": one(1, **PERSON)})
    found = look(source, allow_names=True)
    assert found.has_names
    assert found.manifest.column("path") == ["Mendoza/1.dcm"]
    assert not look(write_files(tmp_path / "b", {"1.dcm": one(1, **PERSON)})).has_names


def test_names_of_files_without_identities_reveal_nobody(tmp_path):
    content = deidentified(PatientName="TZ0123456789abcdef")
    source = write_files(tmp_path / "in", {"TZ0123456789abcdef/1.dcm": content})
    assert not look(source).has_names


@pytest.mark.parametrize("name", ["García/1.dcm", "GARCIA/1.dcm", "garcia_1.dcm"])
def test_a_name_written_without_its_accents_or_apart_from_them_is_refused_too(tmp_path, name):
    content = one(1, PatientName="García^Ana", SpecificCharacterSet="ISO_IR 192")
    source = write_files(tmp_path / "in", {unicodedata.normalize("NFD", name): content})
    with pytest.raises(WrongData, match="names, numbers or dates of patients"):
        look(source)


def test_an_archive_named_after_its_patient_is_refused(tmp_path):
    (tmp_path / "Mendoza.zip").write_bytes(zip_bytes({"1.dcm": one(1, **PERSON)}))
    with pytest.raises(WrongData, match="names, numbers or dates of patients"):
        look(tmp_path / "Mendoza.zip")


@pytest.mark.parametrize("content", [b"%PDF-1.7", one(2)[:150]], ids=["a PDF", "a broken file"])
def test_a_file_beside_that_is_named_after_a_patient_is_refused(tmp_path, content):
    files = {"1.dcm": one(1, **PERSON), "Mendoza report": content}
    with pytest.raises(WrongData, match="names, numbers or dates of patients"):
        look(write_files(tmp_path / "in", files))


# The key


def test_the_key_is_made_for_its_owner_alone_when_raw_data_need_it(tmp_path, key):
    look(write_files(tmp_path / "in", {"a.dcm": one()}))
    assert key.stat().st_mode & 0o777 == 0o600


def test_files_without_identities_need_no_key_and_keep_their_pseudonyms(tmp_path, key):
    found = look(write_files(tmp_path / "in", {"a.dcm": deidentified()}))
    assert found.manifest.column("patient") == ["TZ0123456789abcdef"]
    assert not key.exists()


def test_a_number_of_another_software_becomes_a_pseudonym(tmp_path):
    content = one(1, PatientIdentityRemoved="YES", PatientID="NCP_17")
    found = look(write_files(tmp_path / "in", {"a.dcm": content}))
    assert is_pseudonym(found.manifest.column("patient")[0])


def test_photos_need_no_key(tmp_path, key):
    look(class_folders(tmp_path / "in"))
    assert not key.exists()


def test_a_key_that_others_may_read_is_refused(tmp_path, key):
    key.parent.mkdir()
    key.write_text("00" * 32)
    key.chmod(0o644)
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match=r"may be read by others \(mode 644\)"):
        look(source)


# Files of every kind


def test_dicom_is_known_by_its_content_with_or_without_preamble(tmp_path):
    files = {"a": one(1), "b.jpg": one(2), "c.dcm": one(3)[132:], "IM0001": one(4)[132:]}
    found = look(write_files(tmp_path / "in", files))
    assert found.kind == "dicom"
    assert found.manifest.column("path") == ["IM0001", "a", "b.jpg", "c.dcm"]
    assert len(set(found.manifest.column("instance"))) == 4


def test_dicom_in_a_zip_gives_the_rows_of_the_folder_in_it(tmp_path):
    files = {"set/sick/a.dcm": one(1), "set/well/b.dcm": film(2, 2)}
    (tmp_path / "scans.zip").write_bytes(zip_bytes(files | {"set/readme.txt": b"hello"}))
    found = look(tmp_path / "scans.zip")
    assert list(found.manifest.rows("path", "frame")) == [
        ("scans.zip!/set/sick/a.dcm", 0),
        ("scans.zip!/set/well/b.dcm", 0),
        ("scans.zip!/set/well/b.dcm", 1),
    ]
    assert list(fates_of(found)) == ["scans.zip!/set/readme.txt"]


@pytest.mark.parametrize(
    "above",
    [
        "",
        "set/",
    ],
)
def test_class_folders_in_a_zip_are_classes(tmp_path, above):
    files = {f"{above}sick/a.dcm": one(1), f"{above}well/b.dcm": one(2)}
    (tmp_path / "scans.zip").write_bytes(zip_bytes(files))
    assert look(tmp_path / "scans.zip").manifest.column("label") == ["sick", "well"]


def test_a_single_file_is_a_source(tmp_path):
    write_files(tmp_path, {"a.dcm": one(1), "b.dcm": one(2)})
    assert look(tmp_path / "a.dcm").manifest.column("path") == ["a.dcm"]


def test_other_files_beside_have_a_fate_and_a_reason(tmp_path):
    files = {"a.dcm": one(1), "b.dcm": one(2), "c.png": png(1), "DICOMDIR.txt": b"x", "e.dcm": b""}
    found = look(write_files(tmp_path / "in", files))
    beside = ("not an image", "not DICOM, beside DICOM files")
    assert fates_of(found)["c.png"] == beside
    assert fates_of(found)["DICOMDIR.txt"] == beside
    assert fates_of(found)["e.dcm"] == ("unreadable", "the file is empty: 0 bytes")


def test_a_folder_of_mostly_photos_is_no_dicom(tmp_path):
    source = class_folders(tmp_path / "in", n_each=3)
    assert look(write_files(source, {"cat/a.dcm": one(1)})).kind != "dicom"


def test_a_damaged_member_of_an_archive_is_a_row_with_a_problem_not_the_end(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 60_000, (100, 100)).astype(np.uint16)
    packed = bytearray(zip_bytes({"a.dcm": dicom(pixels, number=1), "b.dcm": one(2)}))
    packed[15_000] ^= 0xFF  # far behind the head of the first member, which ends near 20,000
    (tmp_path / "a.zip").write_bytes(packed)
    found = look(tmp_path / "a.zip")
    assert "a.zip!/b.dcm" in found.manifest.column("path")


def test_one_percent_of_broken_files_leaves_a_closed_ledger(tmp_path):
    files = {f"{'ab'[n % 2]}/{n:03}.dcm": one(n, PatientID=f"PAT{n}") for n in range(300)}
    bad_rows = one(1001).replace(b"\x28\0\x10\0US\x02\0\x08\0", b"\x28\0\x10\0LO\x02\0zz")
    files |= {"a/cut.dcm": one(1002)[:-40], "b/rows.dcm": bad_rows, "b/empty.dcm": b""}
    run = Run(tmp_path / "run")
    recipe = Recipe(data=DataOptions(source=str(write_files(tmp_path / "in", files))))
    index(recipe, run)
    report = check(recipe, run)
    assert report.values["check"]["usable"] == 300
    fates = {e.path: (e.fate and str(e.fate), e.reason) for e in run.ledger().entries}
    assert set(fates) == set(files)
    assert fates["a/cut.dcm"][0] == "unreadable"
    assert fates["a/cut.dcm"][1].startswith("truncated")
    assert fates["b/rows.dcm"][0] == "unreadable"
    assert "Rows" in fates["b/rows.dcm"][1]
    assert "zz" not in fates["b/rows.dcm"][1]
    assert fates["b/empty.dcm"] == ("unreadable", "the file is empty: 0 bytes")
    assert sum(fate is None for fate, _ in fates.values()) == 300


@pytest.mark.shared_data
def test_every_real_file_is_a_row_or_has_a_reason(shared_data):
    found = look(shared_data / "dicom", allow_names=True)
    rows = set(found.manifest.column("path"))
    files = {p for p in (shared_data / "dicom").rglob("*") if p.is_file()}
    assert len(rows) >= 29
    assert len(rows) + len(found.others) == len(files)
    assert all(entry.reason for entry in found.others)
    groups = [group for group in found.manifest.column("group") if group is not None]
    assert all(map(is_pseudonym, groups))


@pytest.mark.parametrize("name", ["HC7782131.dcm", "hc_778213_1.dcm", "MENDOZA-LUISA.dcm"])
def test_signs_between_the_parts_of_a_number_do_not_hide_it(tmp_path, name):
    content = one(1, **(PERSON | {"PatientID": "HC-778213-1"}))
    with pytest.raises(WrongData, match="names, numbers or dates of patients"):
        look(write_files(tmp_path / "in", {name: content}))


def test_a_source_that_is_itself_named_after_a_patient_is_refused_without_its_name(tmp_path):
    source = write_files(tmp_path / "Mendoza", {"1.dcm": one(1, **PERSON)})
    with pytest.raises(WrongData) as error:
        look(source)
    assert "Mendoza" not in str(error.value)
