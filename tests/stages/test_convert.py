"""The stage convert: equal pixels, every file accounted, resumed after any end, nobody named."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.cli.main import main
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.pseudonyms import is_pseudonym
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.contracts import Policy
from tamiz.data.run_folder import Run
from tamiz.formats.dicom_dataset import parse
from tamiz.formats.reader import Reader
from tamiz.inputs import dicom_headers
from tamiz.inputs.find import find
from tamiz.stages import converting
from tamiz.stages.check import check
from tamiz.stages.convert import ConvertOptions, convert
from tamiz.stages.converting import blanked
from tamiz.stages.index import index
from tamiz.testing.dicoms import ROOT, dicom
from tamiz.testing.pictures import png
from tamiz.testing.sources import write_files, zip_bytes

OWN = {".lock", "conversion.csv", "conversion.jsonl", "unplaced.csv", "deidentified.csv"}
PERSON = {
    "PatientName": "Mendoza^Luisa",
    "PatientID": "HC-778213",
    "PatientBirthDate": "19620417",
    "StudyDate": "20210503",
    "AccessionNumber": "ACC99182",
    "InstitutionName": "Sanatorio Oculto",
    "PatientComments": "llamar a su hija Rosaura",
}
PLANTED = ("Mendoza", "Luisa", "778213", "19620417", "1962-04-17", "20210503", "ACC99182",
           "Sanatorio", "Rosaura")  # fmt: skip


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    """Keep away from the key of whoever runs these tests, and from that of the last test."""
    place = tmp_path / "safe" / "key"
    monkeypatch.setenv("TAMIZ_KEY_FILE", str(place))
    for module in (dicom_headers, converting):
        module._pseudonyms.cache_clear()
    yield place
    for module in (dicom_headers, converting):
        module._pseudonyms.cache_clear()


def one(number: int = 1, **tags) -> bytes:
    """Return a small CT of its own, with these tags."""
    pixels = np.random.default_rng(number).integers(0, 2500, (8, 10)).astype(np.uint16)
    return dicom(pixels, {"RescaleIntercept": -1024, **tags}, number=number)


def film(n_frames: int, number: int = 1) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (n_frames, 6, 5)).astype(np.uint8)
    return dicom(pixels, {"NumberOfFrames": n_frames, "Modality": "US"}, number=number)


def colours(number: int = 1) -> bytes:
    pixels = np.random.default_rng(number).integers(0, 255, (7, 6, 3)).astype(np.uint8)
    return dicom(pixels, {"Modality": "XC"}, number=number)


def go(source, out, *, to="png", bits=8, folders="mirror", blank=(), workers=0, **data):
    options = ConvertOptions(to=to, bits=bits, folders=folders, blank=blank, workers=workers)
    return convert(DataOptions(source=str(source), **data), out, options)


def counts(report) -> dict[str, int]:
    return report.values["convert"]


def files_in(out: Path) -> dict[str, bytes]:
    """Return name -> bytes of what was converted, without the conversion's own files."""
    names = {p: str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for path, name in names.items() if name not in OWN}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def pixels_of(content: bytes):
    return np.asarray(PIL.Image.open(io.BytesIO(content)))


def chunks_of(content: bytes) -> list[bytes]:
    at, made = 8, []
    while at < len(content):
        made.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return made


@pytest.fixture
def mixed(tmp_path):
    """Return a source with greys, colours, frames, an MR and a MONOCHROME1."""
    files = {
        "s1/ct.dcm": one(1),
        "s1/mr": one(2, Modality="MR", RescaleIntercept=0, WindowCenter=900, WindowWidth=700),
        "s2/film.dcm": film(3, 3),
        "s2/photo.DCM": colours(4),
        "s2/x.y.dcm": one(5, PhotometricInterpretation="MONOCHROME1", Modality="CR"),
    }
    return write_files(tmp_path / "in", files)


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
    groups = {}
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
    with pytest.raises(WrongData, match="no images among 1 files"):
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


# Many files, several processes, sudden ends


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Return (source of 160 files, what they become)."""
    folder = tmp_path_factory.mktemp("many")
    files = {f"{n % 8}/{n}.dcm": one(n, PatientID=f"PAT{n % 8}") for n in range(160)}
    source = write_files(folder / "in", files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAMIZ_KEY_FILE", str(folder / "key"))
        dicom_headers._pseudonyms.cache_clear()
        go(source, folder / "out", workers=1)
    return source, files_in(folder / "out")


def test_two_processes_make_what_one_makes(many, tmp_path):
    source, expected = many
    report = go(source, tmp_path / "out", workers=2)
    assert counts(report)["converted_now"] == 160
    assert files_in(tmp_path / "out") == expected
    assert [row["path"] for row in rows_of(tmp_path / "out" / "conversion.csv")] == [
        f"{name.removesuffix('.dcm')}.png" for name in sorted(find_names(source))
    ]


def find_names(source: Path) -> list[str]:
    return [str(path.relative_to(source)) for path in source.rglob("*.dcm")]


@pytest.mark.parametrize("n_lines", [1, 17, 81])
def test_killed_at_any_time_and_called_again_all_files_are_whole_and_equal(many, tmp_path, n_lines):
    source, expected = many
    out = tmp_path / "out"
    command = (sys.executable, "-m", "tamiz", "convert", source, "--out", out, "--quiet",
               "--workers", "1")  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    journal = out / "conversion.jsonl"
    while process.poll() is None and not (
        journal.exists() and journal.read_bytes().count(b"\n") >= n_lines
    ):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    n_noted = max(0, journal.read_bytes().count(b"\n") - 1)
    report = go(source, out, workers=1)
    assert counts(report)["converted_now"] == 160 - n_noted
    assert counts(report)["pictures"] == 160
    assert files_in(out) == expected


def test_two_calls_at_once_do_not_mix(many, tmp_path):
    from tamiz.core.files import locked

    source, _ = many
    with locked(tmp_path / "out"), pytest.raises(WrongUse, match=f"{os.getpid()}"):
        go(source, tmp_path / "out")


# DICOM without identities


def studies(root):
    """Write raw data in folders that are named after their patients."""
    files = {}
    for n in range(4):
        tags = PERSON | {"SOPInstanceUID": f"{ROOT}4.{n}", "SeriesInstanceUID": f"{ROOT}3.{n // 2}"}
        files[f"Mendoza Luisa/20210503/HC-778213_{n}.dcm"] = one(n, **tags)
    return write_files(root, files)


def test_dicom_without_identities_holds_equal_pixels_and_nobody(tmp_path):
    source = studies(tmp_path / "in")
    report = go(source, tmp_path / "out", to="dicom")
    made = files_in(tmp_path / "out")
    assert counts(report)["pictures"] == len(made) == 4
    raw = {parse(p.read_bytes()).PixelData for p in source.rglob("*.dcm")}
    assert {parse(content).PixelData for content in made.values()} == raw
    for content in made.values():
        dataset = parse(content, None)
        assert is_pseudonym(dataset.PatientID)
        assert dataset.PatientIdentityRemoved == "YES"
    assert not find(DataOptions(source=str(tmp_path / "out"))).has_names


def test_regions_are_black_in_dicom_too(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2, Modality="MR")})
    go(source, tmp_path / "out", to="dicom", blank=("0,0,4,3",))
    for content in files_in(tmp_path / "out").values():
        pixels = parse(content).pixel_array
        assert (pixels[:3, :4] == 0).all()
        assert pixels[3:].any()


def test_what_was_removed_is_counted_without_values(tmp_path):
    go(studies(tmp_path / "in"), tmp_path / "out", to="dicom")
    rows = rows_of(tmp_path / "out" / "deidentified.csv")
    found = {(row["tag"], row["action"]): row["files"] for row in rows}
    assert found["0008,0080 InstitutionName", "removed"] == "4"
    assert found["0010,0010 PatientName", "replaced"] == "4"


def test_going_on_counts_what_was_removed_before(tmp_path):
    source = write_files(tmp_path / "in", {"a.dcm": one(1, **PERSON)})
    go(source, tmp_path / "out", to="dicom")
    write_files(source, {"b.dcm": one(2, **PERSON)})
    go(source, tmp_path / "out", to="dicom")
    rows = rows_of(tmp_path / "out" / "deidentified.csv")
    assert {row["files"] for row in rows if "PatientName" in row["tag"]} == {"2"}


# Nobody named anywhere


@pytest.mark.parametrize("to", ["png", "dicom"])
def test_names_numbers_and_dates_are_in_nothing_written_or_said(tmp_path, capfd, to):
    source = studies(tmp_path / "in")
    hidden = {
        "cut.dcm": one(50, **PERSON)[:-30],
        "sr": dicom(None, PERSON | {"Modality": "SR"}),
        "again.dcm": one(0, **PERSON, SOPInstanceUID=f"{ROOT}4.0"),
        "Luisa.txt": b"x",
        "scout.dcm": one(51, **PERSON, ImageType=["A", "LOCALIZER"]),
    }
    write_files(source, {f"Mendoza Luisa/{name}": one for name, one in hidden.items()})
    with pytest.raises(SystemExit) as end:
        main(["convert", str(source), "--out", str(tmp_path / "out"), "--to", to])
    assert end.value.code == 1
    said = "".join(capfd.readouterr())
    assert "1 of 5 files cannot be read" in said
    made = files_in(tmp_path / "out")
    assert len(made) == 4
    assert all(is_pseudonym(name.split("/")[0]) for name in made)
    scanned = {f"{p.relative_to(tmp_path / 'out')}": p.read_bytes() if p.is_file() else b""
               for p in (tmp_path / "out").rglob("*")}  # fmt: skip
    for name, content in (scanned | {"terminal": said.encode()}).items():
        folded = name.lower().encode() + content.lower()
        for word in PLANTED:
            for encoding in ("utf-8", "utf-16-le"):
                assert word.lower().encode(encoding) not in folded, (name, word)


# The command line


def call(capsys, *arguments) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["convert", *map(str, arguments)])
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_the_command_ends_with_0_and_tells_json(mixed, tmp_path, capsys):
    code, out, _ = call(capsys, mixed, "--out", tmp_path / "out", "--json", "--quiet")
    assert code == 0
    assert json.loads(out)["values"]["convert"]["pictures"] == 7


def test_the_command_ends_with_1_when_a_file_cannot_be_read(tmp_path, capsys):
    source = write_files(tmp_path / "in", {"a.dcm": one(1), "b.dcm": one(2)[:-20]})
    code, out, _ = call(capsys, source, "--out", tmp_path / "out")
    assert code == 1
    assert "1 of 2 files cannot be read" in out


WRONG = {
    "no region": ("--blank", "1,2"),
    "values": ("--window", "values"),
    "no window": ("--window", "none"),
    "no kind": ("--keep", "scout"),
    "no bits": ("--bits", "12"),
    "no target": ("--to", "jpeg"),
    "no column": ("--label", "PatientName"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_the_command_ends_with_2_and_says_what_is_wrong(tmp_path, capsys, arguments):
    source = write_files(tmp_path / "in", {"a.dcm": one(1)})
    code, out, err = call(capsys, source, "--out", tmp_path / "out", *arguments)
    assert (code, out) == (2, "")
    assert arguments[1] in err
    assert not (tmp_path / "out").exists()


def test_the_command_ends_with_3_without_dicom_and_with_2_without_out(tmp_path, capsys):
    source = write_files(tmp_path / "in", {"a.txt": b"x"})
    assert call(capsys, source, "--out", tmp_path / "out")[0] == 3
    assert call(capsys, source)[0] == 2


def test_with_a_label_the_command_makes_class_folders(mixed, tmp_path, capsys):
    code, _, _ = call(capsys, mixed, "--out", tmp_path / "out", "--label", "modality")
    assert code == 0
    folders = {name.split("/")[0] for name in files_in(tmp_path / "out")}
    assert folders == {"CT", "MR", "US", "XC", "CR"}
