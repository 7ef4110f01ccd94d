"""The stage prepare: slides scaled down, resumed, each accounted for."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from tests.stages.slide_drawing import HAEMATOXYLIN, drawn, rows_of, save_slide, save_table

from tamiz.cli.main import main
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.data.image import Image
from tamiz.formats.png_writing import encode_png
from tamiz.formats.slide import Slide
from tamiz.inputs.find import find
from tamiz.stages import prepare as stage
from tamiz.stages.prepare import PrepareSlides, prepare
from tamiz.stages.slides import sources as slide_sources
from tamiz.steps.blur import Blur

A = PrepareSlides(scale=0.05, is_grey=True, blur=5)  # workflow A


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Do not wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(scope="module")
def drawings(tmp_path_factory):
    """Return a folder of slides that no test changes: 'LAA' and 'CE' have one of the same name."""
    folder = tmp_path_factory.mktemp("drawings")
    save_slide(folder / "LAA" / "006388.tif", drawn(640, 480))
    save_slide(folder / "CE" / "006388.tif", drawn(480, 640, stain=HAEMATOXYLIN), um_per_px=None)
    return folder


@pytest.fixture
def opened_slides(monkeypatch):
    """Return a list of the slides that are opened, in order."""
    made = []

    def opening(place, *rest, **more):
        made.append(Path(place).name)
        return Slide(place, *rest, **more)

    monkeypatch.setattr(slide_sources, "Slide", opening)
    return made


def go(source, out, how=A, **options):
    return prepare(DataOptions(source=str(source), **options), out, how)


def values(report):
    return report.values["prepare"]


def items(report):
    found = [one for block in report.summary for one in getattr(block, "findings", ())]
    return [item for one in found for item in one.items]


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def pixels_of(path):
    return np.asarray(PIL.Image.open(io.BytesIO(path.read_bytes())))


def cli(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), "--quiet"])
    return ended.value.code


def test_workflow_a_is_area_averaging_luma_and_blur(drawings, tmp_path):
    go(drawings, tmp_path / "out")
    full = drawn(640, 480).astype(float)
    grey = full @ (0.299, 0.587, 0.114)
    exact = grey.reshape(24, 20, 32, 20).mean(axis=(1, 3))
    expected = Blur(5)(Image(exact.astype(np.float32)[..., None])).pixels[..., 0]
    made = pixels_of(tmp_path / "out" / "LAA" / "006388.png")
    assert made.shape == (24, 32)
    assert np.abs(made - expected).max() <= 1.5


def test_colours_without_blur_are_area_averaging(drawings, tmp_path):
    go(drawings, tmp_path / "out", PrepareSlides(scale=0.25))
    exact = drawn(640, 480).astype(float).reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(pixels_of(tmp_path / "out" / "LAA" / "006388.png") - exact).max() <= 1


def test_the_table_tells_what_was_done(drawings, tmp_path):
    go(drawings, tmp_path / "out")
    ce, laa = rows_of(tmp_path / "out" / "prepared.csv")
    assert (laa["path"], laa["label"]) == ("LAA/006388.png", "LAA")
    assert (laa["width_px"], laa["height_px"], laa["slide_width_px"]) == ("32", "24", "640")
    assert (laa["um_per_px"], ce["um_per_px"]) == ("10.0", "")


def test_a_slide_of_a_few_pixels_stays_one_pixel(tmp_path):
    save_slide(tmp_path / "in" / "a.tif", drawn(9, 300))
    go(tmp_path / "in", tmp_path / "out", PrepareSlides(scale=0.01))
    assert pixels_of(tmp_path / "out" / "a.png").shape == (3, 1, 3)


def test_the_folder_is_a_source_with_the_table_s_own_words(tmp_path):
    names = ["x y/ñ é.tif", "a#1&2.tif", "b, c;d.tif", "=1+1.tif", "00e100.tif", "'q'.tif"]
    rows = []
    for number, name in enumerate(names):
        save_slide(tmp_path / "in" / name, drawn(200, 160, seed=number))
        rows.append(
            {"file": name, "etiology": ("=1+1", "006388")[number % 2], "patient_id": f"00e{number}",
             "center_id": "07", "split": ("train", "test")[number % 2], "levels": "deep",
             "bytes": "-5", "notes": "@a, 'b'"}
        )  # fmt: skip
    table = save_table(tmp_path / "train.csv", rows)
    go(table, tmp_path / "out", root=str(tmp_path / "in"), label="etiology")
    for row in rows_of(tmp_path / "out" / "prepared.csv"):
        assert not any(cell.startswith(("=", "@")) for cell in row.values())
    found = find(DataOptions(source=str(tmp_path / "out")))
    assert not found.missing
    told = found.manifest.rows("label", "group", "centre", "given_split", "table_levels", "notes")
    assert list(told) == [
        (r["etiology"], r["patient_id"], "07", r["split"], "deep", "@a, 'b'") for r in rows
    ]


def test_few_patients_with_many_slides_each_stay_together(tmp_path):
    rows = []
    for number in range(20):
        save_slide(tmp_path / "in" / f"{number}.tif", drawn(64, 64, seed=number))
        rows.append({"file": f"{number}.tif", "label": "ab"[number % 2], "patient": number % 3})
    go(save_table(tmp_path / "t.csv", rows), tmp_path / "out", root=str(tmp_path / "in"))
    groups = find(DataOptions(source=str(tmp_path / "out"))).manifest.column("group")
    assert groups == [str(number % 3) for number in range(20)]


def test_slides_of_one_name_in_folders_and_formats_keep_apart(tmp_path):
    names = ("a/1.tif", "b/1.tif", "b/1.tiff", "B/1.tif", "1.5.tif", "1.6.tif")
    for number, name in enumerate(names):
        save_slide(tmp_path / "in" / name, drawn(200, 160, seed=number))
    assert values(go(tmp_path / "in", tmp_path / "out"))["prepared"] == 6
    rows = rows_of(tmp_path / "out" / "prepared.csv")
    assert len({row["path"].casefold() for row in rows}) == 6
    assert len({(tmp_path / "out" / row["path"]).read_bytes() for row in rows}) == 6


# Resuming


def test_nothing_is_done_twice_and_the_bytes_are_the_same(drawings, tmp_path, opened_slides):
    go(drawings, tmp_path / "out")
    before = files_in(tmp_path / "out")
    opened_slides.clear()
    again = values(go(drawings, tmp_path / "out"))
    assert (again["prepared"], again["prepared_now"]) == (2, 0)
    assert opened_slides == []
    assert files_in(tmp_path / "out") == before
    go(drawings, tmp_path / "other")
    assert files_in(tmp_path / "other") == before


def test_what_a_kill_left_is_gone_on_with(drawings, tmp_path, opened_slides, monkeypatch):
    go(drawings, tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(stage, "encode_png", _killed_at_the_second(encode_png))
        with pytest.raises(KeyboardInterrupt):
            go(drawings, tmp_path / "out")
    assert not (tmp_path / "out" / "prepared.csv").exists()
    (tmp_path / "out" / ".x.png.1.tamiz-part").write_bytes(b"torn")
    with (tmp_path / "out" / "prepared.jsonl").open("a") as journal:
        journal.write('{"stamp": "torn')
    opened_slides.clear()
    go(drawings, tmp_path / "out")
    assert len(opened_slides) == 1
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")


def _killed_at_the_second(kept):
    calls = []

    def killed(pixels):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return kept(pixels)

    return killed


def test_a_changed_slide_and_a_lost_picture_are_done_again(tmp_path, opened_slides):
    for name in ("a.tif", "b.tif", "c.tif"):
        save_slide(tmp_path / "in" / name, drawn(200, 160))
    go(tmp_path / "in", tmp_path / "out")
    save_slide(tmp_path / "in" / "a.tif", drawn(200, 160, stain=HAEMATOXYLIN))
    (tmp_path / "out" / "b.png").write_bytes(b"short")
    opened_slides.clear()
    go(tmp_path / "in", tmp_path / "out")
    assert opened_slides == ["a.tif", "b.tif"]
    go(tmp_path / "in", tmp_path / "new")
    for name in ("a.png", "b.png", "c.png", "prepared.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "new" / name).read_bytes()


def test_a_slide_that_comes_later_with_a_known_name_takes_no_picture_away(tmp_path):
    save_slide(tmp_path / "in" / "a.tif", drawn(200, 160))
    go(tmp_path / "in", tmp_path / "out")
    save_slide(tmp_path / "in" / "a.tiff", drawn(300, 160))
    go(tmp_path / "in", tmp_path / "out")
    sizes = {row["path"]: row["slide_width_px"] for row in rows_of(tmp_path / "out/prepared.csv")}
    assert sizes == {"a.tif.png": "200", "a.tiff.png": "300"}
    assert {path.name for path in (tmp_path / "out").glob("*.png")} == set(sizes)


def test_other_settings_are_refused_and_more_threads_are_no_other_settings(drawings, tmp_path):
    go(drawings, tmp_path / "out")
    with pytest.raises(WrongUse) as error:
        go(drawings, tmp_path / "out", PrepareSlides(scale=0.1))
    assert "--out" in error.value.fix
    go(drawings, tmp_path / "out", PrepareSlides(0.05, is_grey=True, blur=5, threads=1))


# Bad input


@pytest.mark.parametrize(
    ("option", "value"),
    [("--scale", 0), ("--scale", 1.5), ("--scale", -1), ("--scale", "nan"), ("--blur", 4),
     ("--blur", -3), ("--blur", 101), ("--threads", -1)],
)  # fmt: skip
def test_values_out_of_their_limits_are_refused_by_name(drawings, tmp_path, capsys, option, value):
    assert cli("prepare", drawings, "--out", tmp_path / "out", option, value) == 2
    assert f"{option}: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_broken_slide_is_named_and_the_others_are_prepared(drawings, tmp_path, capsys):
    content = (drawings / "LAA" / "006388.tif").read_bytes()
    (tmp_path / "in").mkdir()
    for name, some in (
        ("a.tif", content),
        ("b.tif", content[:9000]),
        ("c.png", b"\x89PNG\r\n\x1a\n"),
    ):
        (tmp_path / "in" / name).write_bytes(some)
    for language, words in (("en", "ends before"), ("es", "acaba antes")):
        arguments = ("prepare", tmp_path / "in", "--out", tmp_path / "o", "--lang", language)
        assert cli(*arguments, "--json") == 1
        told = json.loads(capsys.readouterr().out)
        assert told["values"]["prepare"] == {
            "missing": 0, "prepared": 1, "prepared_now": int(language == "en"), "slides": 3,
            "unreadable": 2,
        }  # fmt: skip
        reasons = {row["source"]: row["reason"] for row in rows_of(tmp_path / "o" / "unplaced.csv")}
        assert words in reasons["b.tif"]
    (tmp_path / "in" / "b.tif").write_bytes(content)  # mended
    assert cli("prepare", tmp_path / "in", "--out", tmp_path / "o") == 1
    assert len(rows_of(tmp_path / "o" / "prepared.csv")) == 2


def test_rows_without_a_slide_are_refused_or_left_out_and_told(drawings, tmp_path):
    rows = [{"file": name, "label": "x"} for name in ("LAA/006388.tif", "gone.tif")]
    table = save_table(tmp_path / "t.csv", rows)
    with pytest.raises(WrongData) as error:
        go(table, tmp_path / "out", root=str(drawings))
    assert "gone.tif" in str(error.value)
    report = go(table, tmp_path / "out", root=str(drawings), missing_files="leave-out")
    assert (values(report)["prepared"], values(report)["missing"]) == (1, 1)
    assert [str(one) for one in items(report)] == ["line 3: gone.tif"]


def test_parts_of_slides_are_refused(drawings, tmp_path):
    row = {"file": "LAA/006388.tif", "label": "x", "x": 0, "y": 0, "width": 9, "height": 9}
    with pytest.raises(WrongData) as error:
        go(save_table(tmp_path / "t.csv", [row]), tmp_path / "out", root=str(drawings))
    assert "part of a slide" in error.value.what


def test_results_among_the_slides_are_refused_and_so_is_a_folder_of_others(drawings, tmp_path):
    with pytest.raises(WrongUse):
        go(drawings, drawings / "out")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_bytes(b"x")
    with pytest.raises(WrongUse):
        go(drawings, tmp_path / "out")


def test_a_place_that_cannot_be_written_to_and_a_full_disk_are_told_as_such(
    drawings, tmp_path, monkeypatch
):
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(WrongUse):
        go(drawings, tmp_path / "file" / "out")

    def full(path, content):
        raise MachineTrouble.of("errors.disk_full", where=path, needed_mib=1, free_mib=0)

    monkeypatch.setattr(stage, "write_bytes", full)
    with pytest.raises(MachineTrouble):
        go(drawings, tmp_path / "out")


def test_memory_does_not_follow_the_height_of_a_slide(tmp_path):
    import tracemalloc

    peaks = []
    for height in (1024, 8192):
        source = tmp_path / str(height)
        save_slide(source / "a.tif", np.full((height, 512, 3), 200, np.uint8), compression="lzw")
        tracemalloc.start()
        go(source, tmp_path / f"out{height}", PrepareSlides(threads=1))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2**20  # 12 MiB are decoded of the taller
