"""The stage convert: equal pixels, every file accounted, resumed after any end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stages.converted import (
    chunks_of,
    colours,
    counts,
    files_in,
    film,
    go,
    one,
    pixels_of,
    rows_of,
)

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.contracts import Policy
from tamiz.data.report import Findings
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find
from tamiz.stages import converting
from tamiz.stages.check import check
from tamiz.stages.converting import blanked
from tamiz.stages.index import index
from tamiz.testing.dicoms import dicom
from tamiz.testing.pictures import png
from tamiz.testing.sources import write_files, zip_bytes

# Names and pixels


def test_pictures_mirror_the_folders_of_the_source(mixed, tmp_path):
    report = go(mixed, tmp_path / "out")
    assert sorted(files_in(tmp_path / "out")) == [
        "s1/ct.png", "s1/mr.png", "s2/film_0000.png", "s2/film_0001.png", "s2/film_0002.png",
        "s2/photo.png", "s2/x.y.png",
    ]  # fmt: skip
    assert counts(report)["files"] == 5
    assert counts(report)["pictures"] == 7


@pytest.mark.parametrize("window", ["auto", "file", "full", "exact:40,400", "900,200"])
def test_every_picture_equals_what_the_reader_reads_with_that_window(mixed, tmp_path, window):
    go(mixed, tmp_path / "out", window=window)
    as_dicom, as_png = Reader(mixed, Policy(window=window)), Reader(tmp_path / "out", Policy())
    found = find(DataOptions(source=str(mixed), window=window)).manifest
    by_instance = {(i, str(f)): p for i, f, p in found.rows("instance", "frame", "path")}
    rows = rows_of(tmp_path / "out" / "conversion.csv")
    assert len(rows) == 7
    for row in rows:
        path = by_instance[row["instance"], row["frame"]]
        expected = as_dicom.read(path, int(row["frame"])).pixels
        assert (as_png.read(row["path"]).pixels == expected).all(), row["path"]


def test_sixteen_bits_hold_all_steps_of_the_window_and_colours_stay_at_eight(tmp_path):
    stored = np.arange(4000, dtype=np.uint16).reshape(50, 80)
    files = {"a.dcm": dicom(stored, {"Modality": "MR"}, number=1), "b.dcm": colours(2)}
    go(write_files(tmp_path / "in", files), tmp_path / "out", window="full", bits=16)
    made = files_in(tmp_path / "out")
    grey = pixels_of(made["a.png"]).astype(np.int64)
    assert (grey == np.rint(stored * (65535 / 3999))).all()
    assert [row["bits"] for row in rows_of(tmp_path / "out" / "conversion.csv")] == ["16", "8"]


def test_colours_are_written_as_they_are(tmp_path):
    stored = np.random.default_rng(0).integers(0, 255, (5, 4, 3)).astype(np.uint8)
    source = write_files(tmp_path / "in", {"a.dcm": dicom(stored, {"Modality": "XC"})})
    go(source, tmp_path / "out")
    assert (pixels_of(files_in(tmp_path / "out")["a.png"]) == stored).all()


def test_pictures_hold_pixels_and_nothing_else(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    for content in files_in(tmp_path / "out").values():
        assert chunks_of(content) == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize(("frames", "names"), [("first", ["a.png", "b.png"]),
                                               ("middle", ["a_0002.png", "b.png"])])  # fmt: skip
def test_frames_may_be_chosen(tmp_path, frames, names):
    source = write_files(tmp_path / "in", {"a.dcm": film(5), "b.dcm": one(2)})
    go(source, tmp_path / "out", frames=frames)
    assert sorted(files_in(tmp_path / "out")) == names


@pytest.mark.parametrize(
    "names",
    [
        ("a.dcm", "a", "A.DCM", "a.ima"),
        ("film.dcm", "film_0001.dcm"),
        ("p.dcm", "p.png/x.dcm"),
    ],
    ids=" ".join,
)
def test_no_two_files_get_one_name(tmp_path, names):
    files = {name: film(2, n) if name == "film.dcm" else one(n) for n, name in enumerate(names)}
    report = go(write_files(tmp_path / "in", files), tmp_path / "out")
    made = files_in(tmp_path / "out")
    assert len(made) == counts(report)["pictures"] == len(names) + ("film.dcm" in names)
    assert len({name.casefold() for name in made}) == len(made)


def test_an_archive_is_converted_like_the_folder_in_it(tmp_path):
    (tmp_path / "a.zip").write_bytes(zip_bytes({"s/1.dcm": one(1), "s/2.dcm": one(2)}))
    go(tmp_path / "a.zip", tmp_path / "out")
    assert sorted(files_in(tmp_path / "out")) == ["s/1.png", "s/2.png"]


# Blanking


def test_regions_are_black_and_all_else_is_as_without(mixed, tmp_path):
    go(mixed, tmp_path / "plain")
    go(mixed, tmp_path / "out", blank=("1,2,3,2", "4,0,99,1"))
    plain = files_in(tmp_path / "plain")
    for name, content in files_in(tmp_path / "out").items():
        expected = np.array(pixels_of(plain[name]))
        expected[2:4, 1:4] = 0
        expected[0, 4:] = 0
        assert (pixels_of(content) == expected).all(), name


boxes = st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 12)] * 2)


@given(st.lists(boxes, max_size=3))
def test_a_pixel_is_black_if_and_only_if_a_region_holds_it(asked):
    made = blanked(np.full((9, 7, 1), 5, np.uint8), asked)[..., 0]
    for y, x in np.ndindex(9, 7):
        is_in = any(a <= x < a + w and b <= y < b + h for a, b, w, h in asked)
        assert made[y, x] == (0 if is_in else 5)


@pytest.mark.parametrize(
    "box", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,0,2,2", "0,0,0,5", "1.5,0,2,2"]
)
def test_a_region_that_is_none_is_refused(tmp_path, box):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match=r"this is no region. Give X,Y,WIDTH,HEIGHT"):
        go(source, tmp_path / "out", blank=(box,))
    assert not (tmp_path / "out").exists()


def test_values_cannot_become_a_png(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match="a PNG holds grey, not Hounsfield units"):
        go(source, tmp_path / "out", window="values")


# Classes, the table, what has no place


def labels(tmp_path, *rows) -> str:
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(["patient,label", *rows]) + "\n", encoding="utf-8")
    return str(path)


def patients(root, n_patients=3, n_each=2):
    files = {
        f"{p}/{n}.dcm": one(10 * p + n, PatientID=f"PAT{p}")
        for p in range(n_patients)
        for n in range(n_each)
    }
    return write_files(root, files)


def test_class_folders_hold_the_pictures_of_each_label(tmp_path):
    table = labels(tmp_path, "PAT0,well", "PAT1,very sick", "PAT2,a/b: c?")
    go(patients(tmp_path / "in"), tmp_path / "out", folders="class", label_table=table)
    found = find(DataOptions(source=str(tmp_path / "out"), kind="folder"))
    names = {label.partition("_")[0] for label in found.manifest.column("label")}
    assert names == {"well", "very sick", "a"}
    rows = rows_of(tmp_path / "out" / "conversion.csv")
    assert sorted({row["label"] for row in rows}) == ["a/b: c?", "very sick", "well"]
    assert all(row["path"].split("/")[1].startswith(row["patient"]) for row in rows)


@pytest.mark.parametrize("label", ["..", ".", "../../up", "/etc", ".hidden", " ", "a\\b", "=1+1"])
def test_no_label_leads_out_of_the_folder_or_hides(tmp_path, label):
    table = labels(tmp_path, f'PAT0,"{label}"', "PAT1,well")
    go(patients(tmp_path / "in"), tmp_path / "out", folders="class", label_table=table)
    made = files_in(tmp_path / "out")
    assert len(made) == (2 if label == " " else 4)
    assert not any(part.startswith(".") for name in made for part in name.split("/"))
    assert {p.name for p in tmp_path.iterdir()} == {"in", "out", "safe", "labels.csv"}


def test_what_has_no_place_is_counted_by_reason(tmp_path):
    source = patients(tmp_path / "in")
    files = {"0/cut.dcm": one(99, PatientID="PAT0")[:-40], "0/notes.txt": b"x",
             "0/scout.dcm": one(98, ImageType=["A", "B", "LOCALIZER"])}  # fmt: skip
    table = labels(tmp_path, "PAT0,well", "PAT1,sick")
    write_files(source, files)
    report = go(source, tmp_path / "out", folders="class", label_table=table)
    expected = {"files": 7, "pictures": 4, "unreadable": 1, "unlabelled": 2, "set_aside": 2}
    assert {name: counts(report)[name] for name in expected} == expected
    rows = rows_of(tmp_path / "out" / "unplaced.csv")
    assert {(row["source"], row["kind"]) for row in rows} == {
        ("0/cut.dcm", "unreadable"), ("0/notes.txt", "set-aside"), ("0/scout.dcm", "set-aside"),
        ("2/0.dcm", "unlabelled"), ("2/1.dcm", "unlabelled"),
    }  # fmt: skip
    assert all(row["reason"] for row in rows)
    assert next(r["reason"] for r in rows if r["kind"] == "unreadable").startswith("truncated")


def test_the_table_is_a_source_that_keeps_patients_together(tmp_path):
    source = write_files(patients(tmp_path / "in"), {"1/film.dcm": film(3, 77)})
    table = labels(tmp_path, "PAT0,well", "PAT1,sick", "PAT2,well", "P1,sick")
    go(source, tmp_path / "out", label_table=table)
    found = find(DataOptions(source=str(tmp_path / "out" / "conversion.csv")))
    assert len(found.manifest) == 9
    assert found.manifest.classes() == ["sick", "well"]
    groups: dict[str, set[str]] = {}
    for path, group in found.manifest.rows("path", "group"):
        groups.setdefault(path.split("/")[0] + str("film" in path), set()).add(group)
    assert sorted(map(len, groups.values())) == [1, 1, 1, 1]
    assert len(set.union(*groups.values())) == 4


def test_every_picture_of_the_table_passes_the_check(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    recipe = Recipe(data=DataOptions(source=str(tmp_path / "out" / "conversion.csv")))
    index(recipe, Run(tmp_path / "run"))
    values = check(recipe, Run(tmp_path / "run")).values["check"]
    assert values["unreadable"] == 0
    assert values["rows"] == 7


def test_labels_that_look_like_formulas_come_back_from_the_table(tmp_path):
    source = write_files(tmp_path / "in", {"+/1.dcm": one(1), "-/2.dcm": one(2)})
    go(source, tmp_path / "out", folders="class")
    found = find(DataOptions(source=str(tmp_path / "out" / "conversion.csv")))
    assert found.manifest.classes() == ["+", "-"]


def test_a_source_without_dicom_is_refused(tmp_path):
    with pytest.raises(WrongData, match="no images among 1 file"):
        go(write_files(tmp_path / "in", {"a.png": png(1)}), tmp_path / "out")


# Going on


def test_a_second_call_converts_nothing_and_changes_nothing(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    first = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "out").rglob("*.png")}
    table = (tmp_path / "out" / "conversion.csv").read_bytes()
    report = go(mixed, tmp_path / "out")
    assert counts(report)["converted_now"] == 0
    assert counts(report)["pictures"] == 7
    again = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in (tmp_path / "out").rglob("*.png")}
    assert again == first
    assert (tmp_path / "out" / "conversion.csv").read_bytes() == table


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"cut")])
def test_a_picture_that_is_gone_or_cut_is_converted_again(mixed, tmp_path, harm):
    go(mixed, tmp_path / "out")
    first = files_in(tmp_path / "out")
    harm(tmp_path / "out" / "s2" / "film_0001.png")
    assert counts(go(mixed, tmp_path / "out"))["converted_now"] == 1
    assert files_in(tmp_path / "out") == first


def test_a_source_that_changed_is_converted_again(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    before = files_in(tmp_path / "out")["s1/ct.png"]
    write_files(mixed, {"s1/ct.dcm": one(50)})
    assert counts(go(mixed, tmp_path / "out"))["converted_now"] == 1
    assert files_in(tmp_path / "out")["s1/ct.png"] != before
    assert len(rows_of(tmp_path / "out" / "conversion.csv")) == 7


def test_a_broken_file_that_was_repaired_is_converted_then(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2)[:-20]})
    assert counts(go(source, tmp_path / "out"))["unreadable"] == 1
    write_files(source, {"b.dcm": one(2)})
    report = go(source, tmp_path / "out")
    assert (counts(report)["converted_now"], counts(report)["unreadable"]) == (1, 0)
    assert sorted(files_in(tmp_path / "out")) == ["a.png", "b.png"]


OTHER = {"window": "lung", "bits": 16, "blank": ("0,0,1,1",), "to": "dicom"}


@pytest.mark.parametrize("name", OTHER)
def test_a_folder_made_with_other_settings_is_refused_and_left_as_it_is(tmp_path, name):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    go(source, tmp_path / "out")
    first = files_in(tmp_path / "out")
    with pytest.raises(WrongUse, match=r"made with other settings. Give another --out"):
        go(source, tmp_path / "out", **{name: OTHER[name]})
    assert files_in(tmp_path / "out") == first


def test_dicom_named_with_another_key_is_refused(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    go(source, tmp_path / "out", to="dicom")
    with pytest.raises(WrongUse, match="other settings"):
        go(source, tmp_path / "out", to="dicom", key=str(tmp_path / "other"))


def test_copies_as_dicom_keep_their_values_and_no_way_to_grey_is_named(mixed, tmp_path):
    as_dicom, as_png = (
        [
            str(one.what)
            for block in go(mixed, tmp_path / to, to=to).summary
            if isinstance(block, Findings)
            for one in block.findings
        ]
        for to in ("dicom", "png")
    )
    assert any(words.startswith("values to grey") for words in as_png)
    assert not any(words.startswith("values to grey") for words in as_dicom)


def test_a_corrected_label_moves_the_picture(tmp_path):
    source = patients(tmp_path / "in", 2, 1)
    for rows in (("PAT0,well", "PAT1,sick"), ("PAT0,sick", "PAT1,sick")):
        table = labels(tmp_path, *rows)
        go(source, tmp_path / "out", folders="class", label_table=table)
    assert {name.split("/")[0] for name in files_in(tmp_path / "out")} == {"sick"}


def test_a_torn_line_of_the_journal_is_done_again(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    first = files_in(tmp_path / "out")
    journal = tmp_path / "out" / "conversion.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-25])
    assert counts(go(mixed, tmp_path / "out"))["converted_now"] == 1
    assert journal.read_bytes() == whole
    assert files_in(tmp_path / "out") == first


def test_a_journal_torn_in_its_first_line_begins_anew(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    (tmp_path / "out" / "conversion.jsonl").write_bytes(b'{"settin')
    assert counts(go(mixed, tmp_path / "out"))["converted_now"] == 5


def test_a_damaged_line_of_the_journal_is_done_again_or_told(mixed, tmp_path):
    go(mixed, tmp_path / "out")
    journal = tmp_path / "out" / "conversion.jsonl"
    journal.write_bytes(journal.read_bytes() + bytes(10) + b"\n")
    assert counts(go(mixed, tmp_path / "out"))["pictures"] == 7


def test_parts_of_a_killed_call_are_removed(mixed, tmp_path):
    write_files(tmp_path / "out", {"s1/.ct.png.4242.tamiz-part": b"half"})
    go(mixed, tmp_path / "out")
    assert len(files_in(tmp_path / "out")) == 7


def test_a_file_that_no_conversion_made_is_not_overwritten(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "a.png": png(3)})
    with pytest.raises(WrongUse):
        go(source, source)
    assert (source / "a.png").read_bytes() == png(3)


def test_a_full_disk_ends_the_conversion_and_is_not_blamed_on_the_files(
    mixed, tmp_path, monkeypatch
):
    def full(*_):
        raise MachineTrouble("the disk is full")

    monkeypatch.setattr(converting, "_write", full)
    with pytest.raises(MachineTrouble):
        go(mixed, tmp_path / "out")


def test_results_inside_the_source_are_refused(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one()})
    with pytest.raises(WrongUse, match="would lie in the folder that is converted"):
        go(source, source / "out", to="dicom")


def test_a_scan_that_ends_before_its_pixels_is_unreadable_and_no_report(tmp_path):
    whole = one(3)
    files = {"a.dcm": one(1), "cut.dcm": whole[: whole.index(b"\xe0\x7f\x10\x00")]}
    report = go(write_files(tmp_path / "in", files), tmp_path / "out")
    assert counts(report)["unreadable"] == 1
