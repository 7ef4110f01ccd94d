"""The workbench's pages, drawn without a browser on drawn data."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PIL import Image as Pillow
from starlette.routing import Route
from tests.faces.bench_world import HOSTILE, button, data_with_faults, looked_at, page, words_of

from tamiz.core.errors import WrongUse
from tamiz.core.recipe_io import load_tables
from tamiz.data.decisions import read_decisions
from tamiz.stages.slides.viewing import SlideShelf, key_of
from tamiz.web.workbench import pages, routes, scripts
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child

ALL = ("explore", "review", "recipe", "train", "compare", "lab", "slides")


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Bench:
    """Return a bench whose data were looked at and planned for; tests do not change it."""
    folder = tmp_path_factory.mktemp("seen")
    bench = Bench(data_with_faults(folder / "data"), folder / "runs")
    return looked_at(bench, "plan")


@pytest.fixture
def bench(seen, tmp_path) -> Bench:
    """Return a bench of the same look, whose decisions and recipe are a test's own."""
    made = Bench(seen.source, tmp_path / "runs")
    made.folder.mkdir(parents=True)
    (made.folder / "look").symlink_to(seen.look.folder)
    return made


@pytest.fixture
def trained(seen, run_folder, tmp_path) -> Bench:
    """Return a bench with one finished run."""
    made = Bench(run_folder.parent / "data", tmp_path / "finished")
    made.runs.mkdir()
    (made.runs / "first").symlink_to(run_folder)
    return made


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", ALL)
def test_every_page_of_a_fresh_bench_says_what_to_do_first(name, language, tmp_path):
    (tmp_path / "data").mkdir()
    test = page(Bench(tmp_path / "data", tmp_path / "runs"), name, language)
    assert not test.exception
    assert "tz-stop" not in words_of(test)
    has_empty_state = "tz-empty" in words_of(test)
    assert has_empty_state or name == "lab"  # whose worked example needs no data


def test_images_are_filtered_by_class_fate_and_suspicion_and_names_stay_text(bench):
    test = page(bench, "explore")
    assert not test.exception
    shown = words_of(test)
    assert "left &lt;b&gt;*x*$/000.png" in shown
    assert "<b>*x*" not in shown.replace("&lt;b&gt;", "")
    test.selectbox(key="f-class").select(HOSTILE).run()
    assert any(one.value == "20 of 44 images" for one in test.caption)
    test.selectbox(key="f-class").select("").run()
    test.selectbox(key="f-fate").select("unreadable").run()
    assert "upper/broken.png" in words_of(test)
    assert any(one.value == "1 of 44 images" for one in test.caption)


@pytest.mark.parametrize("view", ["explore", "clean", "audit", "check", "index"])
def test_every_report_on_the_data_is_shown_whole(bench, view):
    test = page(bench, "explore", **{"explore-view": view})
    assert not test.exception
    frame = test.get("iframe")[0].proto
    assert "Content-Security-Policy" in frame.srcdoc
    assert 'class="part"' in frame.srcdoc
    assert scripts()[0] in frame.srcdoc


def lines_of(bench: Bench) -> list[dict[str, str]]:
    with bench.decisions.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_decisions_are_kept_in_the_format_that_runs_read_and_undone_after_a_reload(bench):
    before = (bench.look.folder / "decisions.csv").read_bytes()
    test = page(bench, "review")
    assert not bench.decisions.exists()
    button(test, "out_all").click().run()
    assert not test.exception
    decided = read_decisions(bench.decisions)
    assert decided
    assert all(one.is_out for one in decided.values())
    again = page(bench, "review")
    button(again, "undo").click().run()
    assert read_decisions(bench.decisions) == {}
    assert (bench.look.folder / "decisions.csv").read_bytes() == before


def test_an_image_decided_twice_keeps_the_last_word_so_that_the_file_never_contradicts_itself(
    bench,
):
    from tamiz.stages.reviewing import Case, Decided, Member, Verdict

    one = Member("upper/000.png", 0, "upper", "")
    decided = Decided(bench.decisions)
    decided.decide(Case("blur", 1, (one,)), [Verdict(is_out=True)])
    decided.decide(Case("labels", 2, (one,)), [Verdict(label=HOSTILE)])
    found = read_decisions(bench.decisions)
    assert found[("upper/000.png", 0)].label == HOSTILE
    assert not found[("upper/000.png", 0)].is_out
    Decided(bench.decisions).undo()
    assert read_decisions(bench.decisions)[("upper/000.png", 0)].is_out


def test_lines_that_were_edited_elsewhere_are_kept(bench):
    from tamiz.stages.reviewing import Case, Decided, Member, Verdict

    head = "path,frame,finding,cluster,proposal,decision,new_label,note\n"
    bench.decisions.write_text(head + "upper/003.png,0,blur,9,,leave-out,,by hand\n")
    member = Member("upper/004.png", 0, "upper", "")
    Decided(bench.decisions).decide(Case("blur", 1, (member,)), [Verdict()])
    assert [line["note"] for line in lines_of(bench)] == ["by hand", ""]


def test_the_recipe_keeps_only_what_was_chosen_and_names_faults_in_its_own_words(bench):
    test = page(bench, "recipe", **{"recipe-section": "train"})
    assert not test.exception
    epochs = next(
        one for one in test.text_input if (one.key or "").startswith("field-train.epochs")
    )
    epochs.input("7")
    button(test, "save").click().run()
    assert tomllib.loads(bench.recipe.read_text())["train"] == {"epochs": 7}
    test = page(bench, "recipe", **{"recipe-section": "train"})
    epochs = next(
        one for one in test.text_input if (one.key or "").startswith("field-train.epochs")
    )
    epochs.input("0")
    button(test, "save").click().run()
    assert "train.epochs = 0" in words_of(test)
    assert load_tables(bench.recipe)["train"] == {"epochs": 7}


def test_the_plans_reasons_stand_beside_its_choices(bench):
    test = page(bench, "recipe", **{"recipe-section": "prepare"})
    assert any(one.value.startswith("Plan\\:") for one in test.caption)


def test_a_finished_run_shows_its_curves_and_its_result(trained):
    test = page(trained, "train")
    assert not test.exception
    assert any("Best so far" in one.value for one in test.caption)
    assert test.get("imgs") or test.get("image_list") or test.get("iframe")
    assert "tz-done" in words_of(test)


def test_runs_are_compared(trained):
    test = page(trained, "compare")
    assert not test.exception
    assert "first" in test.get("iframe")[0].proto.srcdoc


def test_the_worked_example_slides_to_every_place(bench):
    test = page(bench, "lab")
    assert "= <strong>266</strong>" in words_of(test)
    test.slider(key="lab-place").set_value(9).run()
    assert "= <strong>-128</strong>" in words_of(test)
    test.selectbox(key="lab-padding").select("same").run()
    assert "(5 + 2 - 3)/1 + 1 = 5" in " ".join(one.value.replace("\\", "") for one in test.caption)


def test_numbers_that_are_none_are_told_in_one_line(bench):
    test = page(bench, "lab")
    test.text_area(key="lab-numbers").input("1 2; three").run()
    assert "tz-stop" in words_of(test)
    assert not test.exception


def test_filters_and_feature_maps_are_drawn_of_the_data(bench, trained):
    test = page(bench, "lab", **{"lab-view": "filters"})
    assert not test.exception
    assert test.get("iframe")
    test = page(trained, "lab", **{"lab-view": "features"})
    assert not test.exception
    assert test.get("iframe")


def test_slides_are_read_tile_by_tile(tmp_path):
    import tifffile

    pixels = np.zeros((600, 700, 3), dtype=np.uint8)
    pixels[:, 350:] = (200, 30, 90)
    source = tmp_path / "slides"
    source.mkdir()
    tifffile.imwrite(source / "a <b>.tif", pixels, tile=(256, 256))
    shelf = SlideShelf(source)
    assert shelf.pyramid("a <b>.tif").n_zooms == 2
    with Pillow.open(io.BytesIO(shelf.tile("a <b>.tif", 2, 2, 2))) as tile:
        assert tile.size == (700 - 512, 600 - 512)
        assert np.abs(np.array(tile)[40, 40].astype(int) - (200, 30, 90)).max() < 6
    with pytest.raises(WrongUse):
        shelf.tile("a <b>.tif", 2, 3, 0)
    with pytest.raises(WrongUse):
        shelf.tile("../secret.tif", 0, 0, 0)
    table = tmp_path / "runs" / "heat" / "a <b>.csv"
    table.parent.mkdir(parents=True)
    table.write_text("x,y,width,height,attention\n0,0,256,256,0.2\n256,0,256,256,0.8\n")
    with Pillow.open(io.BytesIO(shelf.heat("a <b>.tif", table))) as heat:
        assert heat.mode == "RGBA"
        assert np.array(heat)[10, 10, 3] > 0
        assert np.array(heat)[590, 690, 3] == 0
    bench = Bench(source, tmp_path / "runs")
    test = page(bench, "slides")
    frame = test.get("iframe")[0].proto.srcdoc
    assert "a <b>" not in frame
    assert scripts()[1] in frame
    tiles, heats = (cast(Route, one) for one in routes(bench.source, bench.runs))
    place: dict[str, object] = {"slide": key_of("a <b>.tif"), "zoom": 0, "column": 0, "row": 0}
    assert tiles.endpoint(SimpleNamespace(path_params=place)).media_type == "image/jpeg"
    beyond = {**place, "slide": key_of("b.tif")}
    assert tiles.endpoint(SimpleNamespace(path_params=beyond)).status_code == 404
    place = {"slide": key_of("a <b>.tif"), "layer": key_of("heat")}
    assert heats.endpoint(SimpleNamespace(path_params=place)).media_type == "image/png"
    shelf.close()


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x.bench", "a" * 99])
def test_a_run_is_never_named_out_of_its_folder(name, tmp_path):
    with pytest.raises(WrongUse, match="cannot have this name"):
        Bench(tmp_path, tmp_path / "runs").run_named(name)


def test_a_source_that_is_not_there_is_told_before_any_page(tmp_path):
    with pytest.raises(WrongUse):
        pages(tmp_path / "nowhere", tmp_path / "runs")


def test_a_run_whose_process_died_is_one_that_can_go_on(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "run.json").write_text('{"status": "running"}')
    (run / ".lock").write_text('{"pid": 999999999, "host": "elsewhere"}')
    assert Child(run, tmp_path / "log.log").state() == "stopped"


def test_a_child_that_fails_at_once_says_why(tmp_path):
    from tamiz.web.workbench.train_page import begin

    child = Child(tmp_path / "run", tmp_path / "children" / "run.log")
    with pytest.raises(WrongUse, match="no-such"):
        begin(child, ["run", str(Path(tmp_path / "no-such")), "--out", str(child.run)])
    assert child.state() == "failed"
