"""The stage tiles: rows with tissue, resumed, each slide accounted for."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.stages.slide_drawing import HAEMATOXYLIN, drawn, rows_of, save_slide, save_table

from tamiz.cli.main import main
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.data.tiling import Tiling
from tamiz.formats.reader import Reader
from tamiz.formats.slide import Slide
from tamiz.inputs.find import find
from tamiz.stages import tiles as stage
from tamiz.stages.slides import sources as slide_sources
from tamiz.stages.slides import tiling
from tamiz.stages.slides.sources import names_of
from tamiz.stages.tiles import CutTiles, tiles

HOW = CutTiles(Tiling(tile_px=64))


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Look for tissue on a smaller picture, and do not wait for the disk."""
    monkeypatch.setattr(tiling, "OVERVIEW_PX", 256)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Return a folder of slides that no test changes: two with tissue, a blank one."""
    folder = tmp_path_factory.mktemp("drawings")
    save_slide(folder / "LAA" / "006388.tif", drawn(768, 640))
    save_slide(folder / "CE" / "006388.tif", drawn(640, 768, stain=HAEMATOXYLIN, seed=1))
    save_slide(folder / "CE" / "blank.tif", drawn(512, 512, is_blank=True))
    return folder


@pytest.fixture
def opened_slides(monkeypatch):
    """Return a list of the slides that are opened, in order."""
    made = []
    kept = Slide

    def opening(place, *rest, **more):
        made.append(Path(place).name)
        return kept(place, *rest, **more)

    monkeypatch.setattr(slide_sources, "Slide", opening)
    return made


def go(source, out, how=HOW, **options):
    return tiles(DataOptions(source=str(source), **options), out, how)


def values(report):
    return report.values["tiles"]


def items(report):
    return [
        item for block in report.summary for f in getattr(block, "findings", ()) for item in f.items
    ]


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def cli(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--quiet"])
    return ended.value.code


# What is written


def test_tiles_lie_on_the_tissue_and_say_where_they_are(drawings, tmp_path):
    report = go(drawings, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "tiles.csv")
    assert values(report)["tiles"] == len(rows) > 10
    assert {row["path"] for row in rows} == {"CE/006388.tif", "LAA/006388.tif"}
    for row in rows:
        assert (row["side_px"], row["um_per_px"], row["width"], row["height"]) == (
            "64", "1.0", "128", "128",
        )  # fmt: skip
        assert float(row["tissue"]) >= 0.5
        assert row["label"] == row["path"].split("/")[0]
    with Reader(drawings, Policy()) as reader:
        for row in rows[:5]:
            part = reader.read(
                f"{row['path']}#xywh={row['x']},{row['y']},{row['width']},{row['height']}&px=64"
            )
            assert part.pixels.shape == (64, 64, 3)
            assert part.pixels.mean() < 235


def test_copies_are_the_pixels_that_the_rows_name(drawings, tmp_path):
    go(drawings, tmp_path / "rows")
    go(drawings, tmp_path / "out", replace(HOW, copies=True))
    parts = find(DataOptions(source=str(tmp_path / "rows" / "tiles.csv"), root=str(drawings)))
    copies = find(DataOptions(source=str(tmp_path / "out" / "tiles.csv")))
    with Reader(drawings, Policy()) as slides, Reader(tmp_path / "out", Policy()) as pictures:
        pairs = zip(parts.manifest.column("path"), copies.manifest.column("path"), strict=True)
        for part, copy in pairs:
            assert (slides.read(part).pixels == pictures.read(copy).pixels).all()
    assert parts.manifest.column("group") == copies.manifest.column("group")


def test_a_blank_slide_is_a_finding_with_its_reason_and_its_picture(drawings, tmp_path, capsys):
    assert cli("tiles", drawings, "--out", tmp_path / "out", "--size", 64) == 1
    assert "CE/blank.tif: nothing on the glass" in capsys.readouterr().out
    row = next(r for r in rows_of(tmp_path / "out" / "slides.csv") if r["path"] == "CE/blank.tif")
    assert (row["tiles"], row["reason"]) == ("0", "nothing on the glass")
    assert (tmp_path / "out" / "pictures" / "CE" / "blank.png").is_file()


def test_tiles_of_slides_at_a_url_are_told_with_the_url(drawings, tmp_path, monkeypatch):
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    content = (drawings / "CE" / "006388.tif").read_bytes()
    fsspec.filesystem("memory").pipe_file("/slides/a b#1.tif", content)
    report = tiles(DataOptions(source="memory://slides"), tmp_path / "out", HOW)
    assert "--root memory://slides" in (tmp_path / "out" / "tiles.html").read_text()
    assert report.values["tiles"]["slides"] == 1
    [row, *_] = rows_of(tmp_path / "out" / "tiles.csv")
    assert row["path"] == "a b#1.tif"
    table = DataOptions(source=str(tmp_path / "out" / "tiles.csv"), root="memory://slides")
    assert find(table).manifest.column("path")[0].startswith("a b#1.tif#xywh=")


def test_only_blank_slides_give_an_empty_table_and_no_crash(tmp_path):
    save_slide(tmp_path / "in" / "a.tif", drawn(512, 512, is_blank=True))
    assert values(go(tmp_path / "in", tmp_path / "out"))["empty"] == 1
    assert rows_of(tmp_path / "out" / "tiles.csv") == []


def test_slides_of_one_name_in_two_folders_or_formats_keep_their_pictures_apart(tmp_path):
    source = tmp_path / "in"
    for number, name in enumerate(("a/1.tif", "b/1.tif", "b/1.tiff", "b/1.TIFF", "B/1.tif", "b/1")):
        save_slide(source / name, drawn(512, 512, seed=number))
    go(source, tmp_path / "out", replace(HOW, copies=True))
    rows = rows_of(tmp_path / "out" / "slides.csv")
    assert all(row["reason"] == "" for row in rows)
    assert len({row["slide"].casefold() for row in rows}) == 6
    assert len({row["patient"] for row in rows}) == 6
    pictures = files_in(tmp_path / "out" / "pictures")
    assert len(set(pictures.values())) == 6
    assert len({row["path"] for row in rows_of(tmp_path / "out" / "tiles.csv")}) == sum(
        int(row["tiles"]) for row in rows
    )


@pytest.mark.parametrize(
    "paths",
    [
        ["/abs/a.tif", "../a.tif", "a.tif"], ["../../x/a.tif", "x/a.tif"], ["a.svs", "a.tif"],
        ["A.tif", "a.tif"], ["a.tif", "a.tif.tif", "a.svs"], ["S1-1.2", "S1-1.3", ".tif"],
    ],
)  # fmt: skip
def test_names_of_what_is_made_stay_below_the_folder_and_apart(paths):
    names = names_of(paths)
    assert list(names) == paths
    assert len({name.casefold() for name in names.values()}) == len(paths)
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in names.values())


def test_a_slide_of_one_name_alone_keeps_that_name():
    assert names_of(["x y/ñ#&,1.tif", "b.1.svs"]) == {
        "x y/ñ#&,1.tif": "x y/ñ#&,1",
        "b.1.svs": "b.1",
    }


def test_odd_names_and_ids_stay_text_all_the_way(tmp_path):
    source = tmp_path / "las láminas"
    odd = [
        "x y/ñ é.tif",
        "a#1&2.tif",
        "b, c;d.tif",
        "=1+1.tif",
        "006388.tif",
        "00e100.tif",
        "'q'.tif",
    ]
    for number, name in enumerate(odd):
        save_slide(source / name, drawn(512, 512, seed=number))
    rows = [
        {"file": name, "label": label, "patient_id": patient, "center_id": "07"}
        for name, label, patient in zip(
            odd, ("=1+1", "@x", "-5", "00e100", "1e5", "TRUE", "1.0"),
            ("00e100", "006388", "1e5", "=cmd", "+3", "NA", "0010"), strict=True,
        )
    ]  # fmt: skip
    table = save_table(tmp_path / "train.csv", rows)
    report = go(table, tmp_path / "out", root=str(source))
    assert values(report)["unreadable"] == 0
    for row in rows_of(tmp_path / "out" / "tiles.csv"):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    made = find(DataOptions(source=str(tmp_path / "out" / "tiles.csv"), root=str(source)))
    assert not made.missing
    told = {
        (path.partition("#xywh=")[0], label, group, centre)
        for path, label, group, centre in made.manifest.rows("path", "label", "group", "centre")
    }
    assert told == {(r["file"], r["label"], r["patient_id"], r["center_id"]) for r in rows}


def test_a_split_that_the_table_gives_is_kept(drawings, tmp_path):
    rows = [
        {"file": f"{name}/006388.tif", "label": name, "patient": name, "split": split}
        for name, split in (("LAA", "train"), ("CE", "test"))
    ]
    table = save_table(tmp_path / "t.csv", rows)
    go(table, tmp_path / "out", root=str(drawings))
    made = find(DataOptions(source=str(tmp_path / "out" / "tiles.csv"), root=str(drawings)))
    assert set(made.manifest.rows("label", "given_split")) == {("LAA", "train"), ("CE", "test")}


def test_a_dicom_slide_of_many_frames_is_one_slide_and_its_tiles_are_read(tmp_path):
    pytest.importorskip("pydicom")
    from tests.formats.test_slide_dicom import write_dicom

    pixels = drawn(512, 448)
    (tmp_path / "in").mkdir()
    write_dicom(tmp_path / "in" / "a.dcm", pixels)
    report = go(tmp_path / "in", tmp_path / "out", CutTiles(Tiling(64, um_per_px=0.5)))
    assert values(report)["slides"] == 1
    rows = rows_of(tmp_path / "out" / "tiles.csv")
    assert len(rows) == values(report)["tiles"] > 0
    with Reader(tmp_path / "in", Policy()) as reader:
        for row in rows:
            x, y = int(row["x"]), int(row["y"])
            part = reader.read(f"a.dcm#xywh={x},{y},64,64&px=64").pixels
            assert (part == pixels[y : y + 64, x : x + 64]).all()


# Spacing


@pytest.mark.parametrize(
    ("language", "words"), [("en", "nothing is guessed"), ("es", "no se adivina")]
)
def test_a_slide_without_spacing_is_one_clear_line_with_the_way_out(tmp_path, language, words):
    save_slide(tmp_path / "in" / "a.tif", drawn(512, 512), um_per_px=None)
    set_language(language)
    report = go(tmp_path / "in", tmp_path / "out")
    assert values(report)["unreadable"] == 1
    (line,) = items(report)
    assert words in line
    assert "--downsample" in line
    again = go(tmp_path / "in", tmp_path / "out", CutTiles(Tiling(64, downsample=2)))
    assert values(again)["tiles"] > 0
    assert "um_per_px" not in rows_of(tmp_path / "out" / "tiles.csv")[0]


def test_a_finer_scale_than_the_slide_has_is_refused_with_what_it_has(drawings, tmp_path):
    report = go(drawings, tmp_path / "out", CutTiles(Tiling(64, um_per_px=0.25)))
    assert values(report)["unreadable"] == 3
    assert all("--um-per-px 0.5" in line for line in items(report))


def test_slides_of_other_spacings_give_tiles_of_one(tmp_path):
    for um in (0.25, 0.5, 1.0):
        save_slide(tmp_path / "in" / f"{um}.tif", drawn(768, 768), um_per_px=um)
    go(tmp_path / "in", tmp_path / "out")
    made = {(row["path"], row["width"]) for row in rows_of(tmp_path / "out" / "tiles.csv")}
    assert made == {("0.25.tif", "256"), ("0.5.tif", "128"), ("1.0.tif", "64")}


@pytest.mark.parametrize(
    ("option", "value"),
    [("--size", 5), ("--size", 100000), ("--um-per-px", 0), ("--um-per-px", "nan"),
     ("--downsample", -1), ("--downsample", 0.5), ("--min-tissue", 1.5), ("--most", -1),
     ("--overlap", 1)],
)  # fmt: skip
def test_values_out_of_their_limits_name_the_option_as_it_is_typed(
    drawings, tmp_path, capsys, option, value
):
    assert cli("tiles", drawings, "--out", tmp_path / "out", option, value) == 2
    assert f"{option}: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# Choice


@pytest.mark.parametrize("choice", ["spread", "dark", "dense"])
def test_at_most_so_many_tiles_are_chosen_and_always_the_same(drawings, tmp_path, choice):
    how = CutTiles(Tiling(64, most=5, choose=choice))
    for out in ("a", "b"):
        go(drawings, tmp_path / out, how)
    assert (tmp_path / "a" / "tiles.csv").read_bytes() == (
        tmp_path / "b" / "tiles.csv"
    ).read_bytes()
    assert values(go(drawings, tmp_path / "a", how))["tiles"] == 10


def test_the_choice_of_a_slide_does_not_depend_on_the_others(drawings, tmp_path):
    how = CutTiles(Tiling(64, most=5))
    go(drawings, tmp_path / "all", how)
    table = save_table(tmp_path / "t.csv", [{"file": "LAA/006388.tif", "label": "LAA"}])
    go(table, tmp_path / "one", how, root=str(drawings))
    places = [
        [(r["x"], r["y"]) for r in rows_of(tmp_path / out / "tiles.csv") if r["label"] == "LAA"]
        for out in ("all", "one")
    ]
    assert places[0] == places[1]


# Resuming


def test_nothing_is_done_twice_and_the_bytes_are_the_same(drawings, tmp_path, opened_slides):
    first = go(drawings, tmp_path / "out")
    before = files_in(tmp_path / "out")
    opened_slides.clear()
    assert values(go(drawings, tmp_path / "out")) == values(first)
    assert opened_slides == []
    assert files_in(tmp_path / "out") == before


def test_what_a_kill_left_is_gone_on_with(drawings, tmp_path, opened_slides, monkeypatch):
    go(drawings, tmp_path / "whole")
    kept, calls = tiling.tile_slide, []

    def killed(slide, *rest, **more):
        calls.append(slide)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return kept(slide, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(stage, "tile_slide", killed)
        patched.setattr(stage, "_AHEAD", 1)
        with pytest.raises(KeyboardInterrupt):
            go(drawings, tmp_path / "out")
    assert not (tmp_path / "out" / "tiles.csv").exists()
    (tmp_path / "out" / "pictures" / ".x.png.1.tamiz-part").write_bytes(b"torn")
    opened_slides.clear()
    go(drawings, tmp_path / "out")
    whole, resumed = files_in(tmp_path / "whole"), files_in(tmp_path / "out")
    del whole["tiles.html"], resumed["tiles.html"]  # it names its folder
    assert whole == resumed


def test_a_changed_slide_and_what_was_lost_are_done_again(tmp_path, opened_slides):
    for name in ("a.tif", "b.tif", "c.tif"):
        save_slide(tmp_path / "in" / name, drawn(512, 512))
    how = replace(HOW, copies=True)
    go(tmp_path / "in", tmp_path / "out", how)
    save_slide(tmp_path / "in" / "a.tif", drawn(640, 512, stain=HAEMATOXYLIN))
    (tmp_path / "out" / "pictures" / "b.png").unlink()
    next((tmp_path / "out" / "copies" / "c").iterdir()).unlink()
    opened_slides.clear()
    go(tmp_path / "in", tmp_path / "out", how)
    assert sorted(opened_slides) == ["a.tif", "b.tif", "c.tif"]
    on_disk = {f"copies/{name}" for name in files_in(tmp_path / "out" / "copies")}
    assert on_disk == {row["path"] for row in rows_of(tmp_path / "out" / "tiles.csv")}


def test_other_settings_are_done_anew_and_no_copy_of_the_old_ones_stays(drawings, tmp_path):
    go(drawings, tmp_path / "out", replace(HOW, copies=True))
    go(drawings, tmp_path / "out", CutTiles(Tiling(80), copies=True))
    fresh = files_in(tmp_path / "out" / "copies")
    go(drawings, tmp_path / "new", CutTiles(Tiling(80), copies=True))
    assert fresh == files_in(tmp_path / "new" / "copies")


def test_labels_are_those_of_the_table_as_it_is_now(drawings, tmp_path, opened_slides):
    for label in ("old", "new"):
        table = save_table(tmp_path / "t.csv", [{"file": "LAA/006388.tif", "label": label}])
        go(table, tmp_path / "out", root=str(drawings))
    assert opened_slides == ["006388.tif"]
    assert {row["label"] for row in rows_of(tmp_path / "out" / "tiles.csv")} == {"new"}


# Bad input


def test_a_broken_slide_is_named_and_the_others_are_cut(drawings, tmp_path, capsys):
    source = tmp_path / "in"
    content = (drawings / "LAA" / "006388.tif").read_bytes()
    for name, bytes_ in (("a.tif", content), ("b.tif", content[:9000]), ("c.tif", b"II*\0")):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(bytes_)
    assert cli("tiles", source, "--out", tmp_path / "out", "--size", 64, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["values"]["tiles"]["unreadable"] == 2
    reasons = {row["path"]: row["reason"] for row in rows_of(tmp_path / "out" / "slides.csv")}
    assert reasons["a.tif"] == ""
    assert "ends before" in reasons["b.tif"]
    assert reasons["c.tif"]
    (source / "b.tif").write_bytes(content)  # mended
    assert values(go(source, tmp_path / "out"))["unreadable"] == 1


def test_rows_without_a_slide_are_told_and_the_rest_is_cut(drawings, tmp_path, capsys):
    rows = [{"file": name, "label": "x"} for name in ("LAA/006388.tif", "gone.tif", "no.tif")]
    table = save_table(tmp_path / "t.csv", rows)
    for language, words in (("en", "line 3: gone.tif"), ("es", "línea 3: gone.tif")):
        code = cli("tiles", table, "--root", drawings, "--out", tmp_path / "o", "--lang", language)
        assert code == 1
        assert words in capsys.readouterr().out
    assert values(go(table, tmp_path / "o", root=str(drawings)))["missing"] == 2


def test_a_table_of_which_no_slide_is_there_is_refused_with_the_way_out(drawings, tmp_path):
    table = save_table(tmp_path / "t.csv", [{"file": f"{n}.tif", "label": "x"} for n in range(3)])
    with pytest.raises(WrongData) as error:
        go(table, tmp_path / "out", root=str(drawings))
    assert "--root" in error.value.fix
    assert not (tmp_path / "out").exists()


def test_tiles_of_tiles_are_refused(drawings, tmp_path):
    go(drawings, tmp_path / "out")
    with pytest.raises(WrongData) as error:
        go(tmp_path / "out" / "tiles.csv", tmp_path / "again", root=str(drawings))
    assert "part of a slide" in error.value.what


def test_slides_in_an_archive_say_that_it_must_be_unpacked(drawings, tmp_path):
    import shutil

    shutil.make_archive(str(tmp_path / "all"), "zip", drawings)
    report = go(tmp_path / "all.zip", tmp_path / "out")
    assert values(report)["unreadable"] == 3
    assert all("unpack" in line for line in items(report))


def test_results_among_the_slides_of_a_folder_are_refused_and_beside_a_table_fine(tmp_path):
    save_slide(tmp_path / "in" / "a.tif", drawn(512, 512))
    with pytest.raises(WrongUse) as error:
        go(tmp_path / "in", tmp_path / "in" / "out")
    assert "among the slides" in error.value.what
    table = save_table(tmp_path / "in" / "t.csv", [{"file": "a.tif", "label": "x"}])
    for _ in range(2):
        assert values(go(table, tmp_path / "in" / "out"))["slides"] == 1


def test_a_folder_with_something_else_in_it_is_refused(drawings, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_bytes(b"x")
    with pytest.raises(WrongUse) as error:
        go(drawings, tmp_path / "out")
    assert "thesis.docx" in error.value.what


def test_a_folder_that_cannot_be_written_to_is_no_fault_of_the_slides(drawings, tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(WrongUse) as error:
        go(drawings, tmp_path / "file" / "out")
    assert "--out" in error.value.fix


@pytest.mark.parametrize("copies", [False, True])
def test_a_full_disk_is_told_as_such_and_not_as_a_damaged_slide(
    drawings, tmp_path, monkeypatch, copies
):
    def full(path, content):
        raise MachineTrouble.of("errors.disk_full", where=path, needed_mib=1, free_mib=0)

    monkeypatch.setattr(stage, "write_bytes", full)
    with pytest.raises(MachineTrouble):
        go(drawings, tmp_path / "out", replace(HOW, copies=copies))


def test_tables_are_written_as_tables(drawings, tmp_path):
    go(drawings, tmp_path / "out")
    for name in ("tiles.csv", "slides.csv"):
        with (tmp_path / "out" / name).open(encoding="utf-8", newline="") as opened:
            assert len({len(row) for row in csv.reader(opened)}) == 1


def test_a_slide_smaller_than_a_tile_is_a_finding(tmp_path):
    save_slide(tmp_path / "in" / "a.tif", np.full((40, 30, 3), (200, 90, 150), np.uint8))
    for choice in ("spread", "dark", "dense"):
        report = go(tmp_path / "in", tmp_path / choice, CutTiles(Tiling(64, choose=choice)))
        assert values(report)["empty"] == 1
