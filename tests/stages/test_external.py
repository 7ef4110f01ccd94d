from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import polars as pl
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.cli.evaluate import command
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run
from tamiz.stages.evaluate import evaluate
from tamiz.stages.external import ExternalSet, evaluate_external, external_sections, externals_of
from tamiz.stages.pipeline import advance, begin, keep_recipe, recipe_of
from tamiz.stages.split import split
from tamiz.stages.train import train

FAST = {
    "model.name": "mlp", "train.epochs": 4, "prepare.size_px": 16, "evaluate.resamples": 100,
    "train.guard": False, "train.calibration": "none", "prepare.workers": 0,
}  # fmt: skip


def table_of(folder, **columns):
    """Write a table of the images in a folder of classes, with further columns by number."""
    paths = sorted(folder.rglob("*.png"))
    path = folder / "table.csv"
    with path.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["file", "label", "patient", *columns])
        for number, one in enumerate(paths):
            place = one.relative_to(folder).as_posix()
            row = [place, one.parent.name, f"{folder.name}-{number // 2}"]
            writer.writerow([*row, *(values(number) for values in columns.values())])
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("external")


@pytest.fixture(scope="module")
def inner(folder):
    source = draw_classes(folder / "inner", 20)
    return table_of(source, hospital=lambda n: f"h{n // 2 % 2}", age=lambda n: 20 + n)


@pytest.fixture(scope="module")
def run(inner, folder):
    settings = {**FAST, "evaluate.by": ["age:20"], "data.group": "patient",
                "split.test_fraction": 0.4}  # fmt: skip
    made, asked = begin(inner, folder / "run", settings=tables_from_settings(settings))
    advance(made, asked, "check")
    recipe = recipe_of(made, asked)
    keep_recipe(made, recipe, {})
    for stage in (split, train, evaluate):  # what comes between changes no figure
        with made.working_on(stage.__name__, "done", lambda _event: None):
            stage(recipe, made)
    return made


@pytest.fixture(scope="module")
def outer(folder):
    source = draw_classes(folder / "outer", 12, seed=9)
    return table_of(source, hospital=lambda n: f"h{n // 2 % 3}", sex=lambda n: "FM-"[n % 3])


@pytest.fixture
def copy(run, tmp_path):
    """Return a copy of the run that a test may change."""
    shutil.copytree(run.folder, tmp_path / "run")
    return Run(tmp_path / "run")


def measured(run, source, name="external", how="refuse", **settings):
    tables = tables_from_settings({key.replace("__", "."): v for key, v in settings.items()})
    asked = ExternalSet(source, name, tables, other_classes=how)
    return evaluate_external(run, asked).values["external"][name]


def test_the_set_gets_a_folder_of_its_own_and_the_run_keeps_its_figures(copy, outer):
    before = (copy.folder / "metrics.json").read_bytes(), copy.state()["test_looks"]
    values = measured(copy, outer, "b")
    place = copy.folder / "external" / "b"
    there = {path.name for path in place.iterdir()}
    assert {"metrics.json", "predictions.parquet", "files.json", "report"} <= there
    assert (place / "report" / "report.html").is_file()
    assert json.loads((place / "metrics.json").read_text()) == json.loads(json.dumps(values))
    assert ((copy.folder / "metrics.json").read_bytes(), copy.state()["test_looks"]) == before
    found = Predictions.load(place / "predictions.parquet")
    assert len(found) == 36
    assert found.split == "b"
    assert values["b"]["accuracy"]["value"] == np.mean(found.predicted == found.target)
    assert values["valid"]


def test_external_stands_beside_internal_with_an_unpaired_difference(copy, outer):
    values = measured(copy, outer)
    own = json.loads((copy.folder / "metrics.json").read_text())["test"]["accuracy"]
    gap = values["difference"]["accuracy"]
    assert gap["value"] == pytest.approx(values["external"]["accuracy"]["value"] - own["value"])
    assert gap["n"] == 36 + own["n"]


def test_subgroups_come_with_it_and_columns_that_are_not_here_fall_away(copy, outer):
    values = measured(copy, outer)
    assert "subgroups" not in values or "age:20" not in values["subgroups"]
    asked = measured(copy, outer, "by-sex", evaluate__by=["sex", "centre"])
    assert set(asked["subgroups"]) == {"sex", "centre"}
    sexes = asked["subgroups"]["sex"]["levels"]
    assert {name: one["n"] for name, one in sexes.items()} == {"-": 12, "F": 12, "M": 12}
    with pytest.raises(WrongUse, match="no column 'age'"):
        measured(copy, outer, "by-age", evaluate__by=["age:20"])


def test_classes_that_were_not_trained_are_named_or_left_out_and_counted(copy, outer, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(outer.read_text().replace(",bright,", ",glaring,"))
    root = {"data__root": str(outer.parent)}
    with pytest.raises(WrongData, match=r"12 of 36 .* glaring \(12\).*--relabel 'glaring=bright'"):
        measured(copy, other, **root)
    assert not (copy.folder / "external" / "external").exists()
    renamed = measured(copy, other, "renamed", data__relabel={"glaring": "bright"}, **root)
    assert renamed["renamed"]["accuracy"]["n"] == 36
    left = measured(copy, other, "left", "leave-out", **root)
    assert left["left"]["accuracy"]["n"] == 24
    assert left["left_out"] == {"excluded": 12}


def test_images_of_the_training_part_stop_it(copy, inner):
    manifest = pl.read_parquet(copy.manifest_path)
    n_train = (manifest["split"] != "test").sum()
    twin = inner.with_name("again.csv")
    twin.write_text(inner.read_text())
    values = measured(copy, twin)
    assert not values["valid"]
    (report,) = externals_of(copy).values()
    said = " ".join(
        str(one.what) for block in report.all_blocks() if hasattr(block, "findings")
        for one in block.findings
    )  # fmt: skip
    assert f"{n_train} of the 60 images are also in the run's training data" in said


def test_groups_of_the_same_name_stop_it_too(copy, outer, tmp_path):
    same = tmp_path / "same.csv"
    same.write_text(outer.read_text().replace("outer-", "inner-"))
    values = measured(copy, same, data__root=str(outer.parent))
    assert not values["valid"]


def test_one_class_only_is_measured_and_said(copy, outer, tmp_path):
    one = tmp_path / "one.csv"
    lines = outer.read_text().splitlines()
    kept = [lines[0], *(line for line in lines if ",dark," in line)]
    one.write_text("\n".join(kept))
    values = measured(copy, one, data__root=str(outer.parent))
    assert "accuracy" in values["external"]
    assert "auroc" not in values["external"]
    assert "auroc" not in values["difference"]


def test_a_name_that_is_taken_needs_overwrite(copy, outer):
    first = measured(copy, outer)
    with pytest.raises(WrongUse, match="already"):
        measured(copy, outer)
    again = ExternalSet(outer, is_overwrite=True)
    second = evaluate_external(copy, again).values["external"]["external"]
    assert second.pop("looks")["looks"] == first.pop("looks")["looks"] + 1
    assert second == first


@pytest.mark.parametrize("name", ["", "../x", "a b", "test", "OOF", "-x", "ñ", "x" * 41, "a/b"])
def test_odd_names_are_refused(run, outer, name):
    with pytest.raises(WrongUse, match="cannot name an external set"):
        measured(run, outer, name)


def test_what_would_change_the_model_is_refused(run, outer, inner, tmp_path):
    with pytest.raises(WrongUse, match=r"train\.epochs cannot be set"):
        measured(run, outer, train__epochs=3)
    with pytest.raises(WrongUse, match="the run itself was made of"):
        measured(run, inner)
    with pytest.raises(WrongUse, match="no such file"):
        measured(run, tmp_path / "nothing")
    with pytest.raises(WrongUse, match="this is no run"):
        measured(Run(tmp_path), outer)


def test_a_report_of_another_model_is_not_shown(copy, outer):
    measured(copy, outer)
    shown = external_sections(externals_of(copy))
    assert [one.anchor for one in shown] == ["external-external-result"]
    path = copy.folder / "external" / "external" / "metrics.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "bundle": "another"}))
    assert externals_of(copy) == {}


def test_what_a_killed_evaluation_left_is_no_obstacle(copy, outer):
    place = copy.folder / "external" / "external"
    place.mkdir(parents=True)
    (place / "predictions.parquet").write_bytes(b"half")
    assert measured(copy, outer)["valid"]


@pytest.mark.parametrize(("lang", "words"), [("en", "external set"), ("es", "conjunto externo")])
def test_the_command_shows_it_in_both_languages(copy, outer, capsys, lang, words):
    set_language(lang)
    values = [str(copy.folder), "--data", str(outer), "--name", "c", "--quiet", "--lang", lang]
    assert command.main(values, standalone_mode=False) == 0
    assert words in capsys.readouterr().out


def test_a_name_without_a_set_is_refused(run):
    with pytest.raises(WrongUse, match="--data FOLDER"):
        command.main([str(run.folder), "--name", "x"], standalone_mode=False)
    with pytest.raises(WrongUse, match="--out cannot be set"):
        command.main([str(run.folder), "--data", "x", "--out", "y"], standalone_mode=False)
