"""Labels from a table of patients: by number, pseudonym or part of a name, none of them told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.pseudonyms import Pseudonyms, is_pseudonym
from tamiz.core.recipe import DataOptions
from tamiz.inputs import dicom_headers
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found
from tamiz.stages.convert import ConvertOptions, convert
from tamiz.testing.dicoms import dicom
from tamiz.testing.pictures import draw, png
from tamiz.testing.sources import class_folders, table_bytes, write_files

NCP = r"NCP_(\d+)"


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """Keep away from the key of whoever runs these tests, and from that of the last test."""
    place = tmp_path / "safe" / "key"
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(place))
    dicom_headers._pseudonyms.cache_clear()
    yield place
    dicom_headers._pseudonyms.cache_clear()


def scan(number: int, patient: str) -> bytes:
    pixels = draw(number, (8, 8), 1)[..., 0]
    return dicom(pixels, {"PatientID": patient, "PatientName": "Mendoza^Luisa"}, number=number)


def scans(root, patients=("HC-11", "HC-22", "HC-33"), n_each: int = 2):
    files = {
        f"{n}_{m}.dcm": scan(10 * n + m, patient)
        for n, patient in enumerate(patients)
        for m in range(n_each)
    }
    return write_files(root, files)


def folders(root, numbers=("001", "002", "003")):
    files = {f"NCP_{n}/{m}.png": png(int(n) * 10 + m) for n in numbers for m in range(2)}
    return write_files(root, files)


def table(root, *rows, header=("patient", "label"), **how) -> str:
    root.mkdir(exist_ok=True)
    (root / "labels.csv").write_bytes(table_bytes([header, *rows], **how))
    return str(root / "labels.csv")


def look(source, labels: str, **options) -> Found:
    return find(DataOptions(source=str(source), label_table=labels, **options))


def said(found: Found) -> str:
    return "\n".join(str(finding.what) for finding in found.findings)


def finding(found: Found, words: str):
    return next(one for one in found.findings if words in str(one.what))


def error_of(kind, source, labels, **options) -> str:
    """Return all that is said when the table is refused."""
    with pytest.raises(kind) as error:
        look(source, labels, **options)
    return f"{error.value} {error.value.details}"


# What a patient is found by


def test_labels_are_found_by_patient_id_and_patients_stay_groups(tmp_path):
    labels = table(tmp_path, ("HC-22", "sick"), ("HC-11", "well"), ("HC-33", "sick"))
    found = look(scans(tmp_path / "in"), labels)
    assert found.kind == "dicom"
    assert found.manifest.column("label") == ["well", "well", "sick", "sick", "sick", "sick"]
    groups = found.manifest.column("group")
    assert len(set(groups)) == 3
    assert all(map(is_pseudonym, groups))
    assert "labels from column 'label' of the label table, by 'patient'" in said(found)


def test_labels_are_found_by_pseudonym_after_identities_were_removed(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), ("HC-22", "sick"), ("HC-33", "well"))
    source = DataOptions(source=str(scans(tmp_path / "in")))
    convert(source, tmp_path / "clean", ConvertOptions(to="dicom"))
    found = look(tmp_path / "clean", labels)
    assert sorted(found.manifest.column("label")) == ["sick"] * 2 + ["well"] * 4


def test_a_table_that_holds_pseudonyms_itself_fits_too(tmp_path):
    name = Pseudonyms.load().name("patient", "HC-11")
    labels = table(tmp_path, (name, "well"))
    assert look(scans(tmp_path / "in", ["HC-11"]), labels).manifest.column("label") == ["well"] * 2


def test_with_another_key_nothing_fits_and_the_error_says_so(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), ("HC-22", "sick"))
    source = DataOptions(source=str(scans(tmp_path / "in")))
    convert(source, tmp_path / "clean", ConvertOptions(to="dicom"))
    told = error_of(WrongData, tmp_path / "clean", labels, key=str(tmp_path / "other.key"))
    assert "not one of 2 rows of the label table names a patient of the 6 images" in told
    assert "--key" in told
    assert "HC-" not in told


def test_part_of_the_name_finds_the_label_and_becomes_the_group(tmp_path):
    labels = table(tmp_path, ("001", "well"), ("002", "sick"), ("003", "well"))
    found = look(folders(tmp_path / "in"), labels, id_from_name=NCP)
    assert found.kind == "folder"
    rows = list(found.manifest.rows("path", "label", "group"))
    assert rows[:3] == [
        ("NCP_001/0.png", "well", "001"),
        ("NCP_001/1.png", "well", "001"),
        ("NCP_002/0.png", "sick", "002"),
    ]


def test_a_group_of_its_own_goes_before_the_id(tmp_path):
    labels = table(tmp_path, ("001", "well"), ("002", "sick"))
    found = look(folders(tmp_path / "in"), labels, id_from_name=NCP, group_from_name=r"/\d")
    assert set(found.manifest.column("group")) == {"/0", "/1"}


def test_the_table_goes_before_class_folders(tmp_path):
    source = class_folders(tmp_path / "in")
    labels = table(tmp_path, ("0", "x"), ("1", "y"), ("2", "x"))
    found = look(source, labels, id_from_name=r"(\d)\.png")
    assert found.manifest.column("label") == ["x", "y", "x"] * 2


@given(
    st.lists(st.sampled_from(["7", "07", "007", "7.0", "1e5", "100000"]), unique=True, min_size=2)
)
def test_ids_are_text_and_only_the_same_text_is_the_same_patient(ids):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_files(root / "in", {f"p_{one}_/a.png": png(n) for n, one in enumerate(ids)})
        labels = table(root, *((one, f"label {one}") for one in ids))
        found = look(root / "in", labels, id_from_name=r"p_([^_]+)_")
        for path, label in found.manifest.rows("path", "label"):
            assert f"label {path.split('_')[1]}" == label


# Columns


@pytest.mark.parametrize(
    "header", [("PatientID", "Diagnosis"), ("id_paciente", "diagnóstico"), ("ID", "class")]
)
def test_usual_columns_are_found(tmp_path, header):
    labels = table(tmp_path, ("HC-11", "well"), header=header)
    assert look(scans(tmp_path / "in", ["HC-11"]), labels).manifest.column("label") == ["well"] * 2


def test_named_columns_go_before_usual_ones(tmp_path):
    header = ("patient", "label", "number", "outcome")
    labels = table(tmp_path, ("x", "y", "HC-11", "good"), header=header)
    found = look(scans(tmp_path / "in", ["HC-11"]), labels, id="number", label="outcome")
    assert found.manifest.column("label") == ["good"] * 2
    assert "labels from column 'outcome' of the label table, by 'number'" in said(found)


@pytest.mark.parametrize(
    ("options", "role"), [({"id": "nhc"}, "id"), ({"label": "Label"}, "label")], ids=str
)
def test_a_column_that_is_not_there_is_said_with_those_that_are(tmp_path, options, role):
    labels = table(tmp_path, ("HC-11", "well"))
    told = error_of(WrongUse, scans(tmp_path / "in"), labels, **options)
    name = next(iter(options.values()))
    assert f"labels.csv: the label table has no column '{name}' for the {role}" in told
    assert "it has: patient, label" in told
    assert "--id" in told


def test_without_any_usual_column_the_error_asks_for_one(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), header=("a", "b"))
    assert "it has: a, b" in error_of(WrongUse, scans(tmp_path / "in"), labels)


@pytest.mark.parametrize(
    "how", [{"separator": ";"}, {"encoding": "utf-16"}, {"encoding": "cp1252"}]
)
def test_separator_and_encoding_are_found(tmp_path, how):
    labels = table(tmp_path, ("HC-11", "neumonía"), ("HC-22", "sano"), **how)
    found = look(scans(tmp_path / "in", ["HC-11"]), labels)
    assert set(found.manifest.column("label")) == {"neumonía"}


def test_a_table_that_is_not_there_is_said(tmp_path):
    told = error_of(WrongData, scans(tmp_path / "in"), str(tmp_path / "none.csv"))
    assert "none.csv: cannot be read" in told


# What does not fit


def test_blank_labels_and_images_without_a_row_are_counted_and_left_without(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), ("HC-22", "  "))
    found = look(scans(tmp_path / "in"), labels)
    assert found.manifest.column("label") == ["well"] * 2 + [None] * 4
    warning = finding(found, "4 of 6 images have no label in the table")
    assert str(warning.severity) == "warning"
    assert warning.items == ("1_0.dcm", "1_1.dcm", "2_0.dcm", "2_1.dcm")


def test_rows_without_an_image_are_counted_and_named_by_line(tmp_path):
    labels = table(tmp_path, ("HC-99", "sick"), ("HC-11", "well"), ("HC-98", "well"))
    found = look(scans(tmp_path / "in", ["HC-11"]), labels)
    note = finding(found, "2 of 3 rows of the label table fit no image")
    assert tuple(map(str, note.items)) == ("line 2", "line 4")
    assert "HC-" not in said(found)


def test_a_row_without_an_id_is_no_patient(tmp_path):
    labels = table(tmp_path, ("", "sick"), ("HC-11", "well"), (" ", "well"))
    found = look(scans(tmp_path / "in", ["HC-11"]), labels)
    assert found.manifest.column("label") == ["well"] * 2


def test_rows_that_agree_are_no_conflict(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), ("HC-11", " well "))
    found = look(scans(tmp_path / "in", ["HC-11"]), labels)
    assert found.manifest.column("label") == ["well"] * 2
    assert "fit no image" not in said(found)


def test_two_labels_of_a_patient_are_named_by_lines_and_never_by_id(tmp_path):
    rows = [("HC-11", "well"), ("HC-22", "sick"), ("HC-11", "sick"), ("HC-22", "well")]
    told = error_of(WrongData, scans(tmp_path / "in"), table(tmp_path, *rows))
    assert "2 lines of the label table contradict another line of the same patient" in told
    assert "(lines 2 and 4)" in told
    assert "lines 3 and 5" in told
    assert "HC-" not in told


def test_a_blank_cell_beside_a_label_is_a_conflict_too(tmp_path):
    labels = table(tmp_path, ("HC-11", "well"), ("HC-11", ""))
    assert "lines 2 and 3" in error_of(WrongData, scans(tmp_path / "in"), labels)


def test_of_many_conflicts_twenty_are_named_and_all_are_counted(tmp_path):
    rows = [(f"P{n}", label) for n in range(30) for label in ("x", "y")]
    with pytest.raises(WrongData, match="30 lines") as error:
        look(scans(tmp_path / "in"), table(tmp_path, *rows))
    assert len(error.value.details) == 20


@pytest.mark.parametrize("options", [{}, {"id_from_name": NCP}], ids=["by id", "by name"])
def test_a_table_that_fits_nothing_is_refused_without_an_id(tmp_path, options):
    labels = table(tmp_path, ("HC-88", "well"), ("HC-99", "sick"))
    source = folders(tmp_path / "in") if options else scans(tmp_path / "in")
    told = error_of(WrongData, source, labels, **options)
    assert "not one of 2 rows of the label table names a patient of the 6 images" in told
    assert "HC-" not in told


def test_photos_that_nothing_ties_to_patients_are_refused(tmp_path):
    labels = table(tmp_path, ("001", "well"))
    told = error_of(WrongUse, folders(tmp_path / "in"), labels)
    assert "nothing says which patient an image is of" in told
    assert "--id-from-name" in told


def test_a_pattern_that_is_none_is_refused(tmp_path):
    labels = table(tmp_path, ("001", "well"))
    told = error_of(WrongUse, folders(tmp_path / "in"), labels, id_from_name="(")
    assert "data.id_from_name: not a regular expression" in told


@pytest.mark.parametrize(
    "option",
    [
        "id",
        "id_from_name",
    ],
)
def test_options_of_the_table_mean_nothing_without_it(tmp_path, option):
    asked: Any = {option: "x"}
    with pytest.raises(WrongUse, match=f"--{option.replace('_', '-')} cannot be used here"):
        find(DataOptions(source=str(folders(tmp_path / "in")), **asked))


# Where the table lies


@pytest.mark.parametrize("make", [scans, folders])
def test_a_table_beside_the_images_is_no_image_and_does_not_become_the_source(tmp_path, make):
    source = make(tmp_path / "in")
    labels = table(source, ("HC-11", "well"), ("001", "well"))
    options = {"id_from_name": NCP} if make is folders else {}
    found = look(source, labels, **options)
    assert found.kind == ("folder" if make is folders else "dicom")
    assert [(entry.path, str(entry.fate)) for entry in found.others] == [
        ("labels.csv", "not an image")
    ]
    assert found.manifest.column("label") == ["well"] * 2 + [None] * 4


def test_a_table_that_names_the_images_too_is_read_as_a_label_table_only(tmp_path):
    source = folders(tmp_path / "in", ("001", "002"))
    labels = table(
        source,
        ("NCP_001/0.png", "001", "well"),
        ("NCP_002/0.png", "002", "sick"),
        header=("file", "patient", "label"),
    )
    found = look(source, labels, id_from_name=NCP)
    assert found.manifest.column("label") == ["well"] * 2 + ["sick"] * 2
