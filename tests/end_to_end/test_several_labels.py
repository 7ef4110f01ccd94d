"""Images with squares, circles, both or none: from files to the report, whatever way it is said."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest
from tests.end_to_end.conftest import tamiz

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import set_language
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import with_tables
from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run
from tamiz.models.bundle import Bundle
from tamiz.stages.check import check
from tamiz.stages.index import index
from tamiz.stages.pipeline import advance, begin
from tamiz.stages.predict import predict
from tamiz.stages.search import SearchHow, search
from tamiz.stages.split import split
from tamiz.testing.pictures import encode

FAST: dict[str, Any] = {
    "train": {"epochs": 16, "batch_size": 16, "threads": 1, "learning_rate": 0.004},
    "evaluate": {"resamples": 200},
    "model": {"name": "small"},
    "audit": {"depth": "quick"},
}
SIDE = 16


def picture(rng, *, has_square, has_circle):
    """Return a noisy dark picture with a bright square, a grey circle, both or none."""
    y, x = np.mgrid[:SIDE, :SIDE]
    pixels = rng.normal(40, 10, (SIDE, SIDE))
    if has_square:
        left, top = rng.integers(1, 4, 2)
        pixels[top : top + 5, left : left + 5] = 230
    if has_circle:
        centre = rng.integers(10, 13, 2)
        pixels[(x - centre[0]) ** 2 + (y - centre[1]) ** 2 <= 6] = 130
    return pixels.clip(0, 255).astype(np.uint8)


def drawn(folder, n=120):
    """Write pictures of n / 2 patients and three tables that say the same of them."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    facts = []
    for number in range(n):
        square, circle = rng.random() < 0.5, rng.random() < 0.4
        name = f"{number:03d}.png"
        pixels = picture(rng, has_square=square, has_circle=circle)
        (folder / name).write_bytes(encode(pixels))
        facts.append((name, f"p{number // 2}", bool(square), bool(circle)))
    return facts


def table(path, header, rows):
    with path.open("w", newline="") as opened:
        csv.writer(opened).writerows([header, *rows])


def write_joined(folder):
    rows = [
        (name, patient, ";".join(w for w, has in (("square", s), ("circle", c)) if has) or "-")
        for name, patient, s, c in drawn(folder)
    ]
    table(folder / "t.csv", ("file", "patient", "shapes"), rows)
    return {"label": "shapes", "label_separator": ";"}


def write_columns(folder):
    rows = [(name, patient, int(s), int(c)) for name, patient, s, c in drawn(folder)]
    table(folder / "t.csv", ("file", "patient", "square", "circle"), rows)
    return {"label_columns": ["square", "circle"]}


def write_rows(folder):
    words = {(True, True): ("square", "circle"), (True, False): ("square",)}
    words |= {(False, True): ("circle",), (False, False): ("-",)}
    rows = [
        (name, patient, word) for name, patient, s, c in drawn(folder) for word in words[(s, c)]
    ]
    table(folder / "t.csv", ("file", "patient", "label"), rows)
    return {"repeated": "labels"}


def finished_run(source, out, data):
    run, asked = begin(source, out, settings={**FAST, "data": data})
    advance(run, asked, "report")
    return run


def divided(folder, data, source="in"):
    """Return a run that was indexed, checked and split, without the looking between."""
    run, asked = begin(folder / source, folder / "run", settings={"data": data})
    recipe = with_tables(Recipe(), asked)
    with run.opened("split"):
        for stage in (index, check, split):
            stage(recipe, run)
    return run


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    """Return (source, run) of a finished run on labels parted by a sign."""
    folder = tmp_path_factory.mktemp("several")
    set_language("en")
    data = write_joined(folder / "in")
    return folder / "in", finished_run(folder / "in", folder / "run", data)


def test_the_network_learns_each_label_on_its_own(english):
    _, run = english
    found = json.loads((run.folder / "metrics.json").read_text())["test"]
    assert found["f1_samples"]["value"] > 0.85
    assert found["mean_average_precision"]["value"] > 0.9
    assert found["f1_samples"]["low"] < found["f1_samples"]["value"]


def test_baselines_stand_beside_and_are_beaten(english):
    _, run = english
    values = json.loads((run.folder / "metrics.json").read_text())
    assert set(values["baselines"]) == {"prior", "usual-set", "nearest-thumbnail"}
    for name in ("prior", "usual-set"):
        ours, theirs = values["test"]["f1_samples"], values["baselines"][name]["f1_samples"]
        assert ours["value"] > theirs["value"]


def test_predictions_hold_sets_and_thresholds(english):
    _, run = english
    made = Predictions.load(run.folder / "predictions" / "test.parquet")
    bundle = Bundle.load(run.model_folder)
    assert bundle.is_multilabel
    assert made.thresholds == bundle.thresholds
    assert len(made.thresholds) == 2
    assert made.target.shape == made.predicted.shape == made.probabilities.shape
    assert {tuple(row) for row in made.target.tolist()} >= {(0, 0), (1, 1)}
    assert not np.allclose(made.probabilities.sum(axis=1), 1)


def test_no_patient_is_on_two_sides_and_each_label_is_everywhere(english):
    _, run = english
    manifest = run.manifest()
    trained = set(manifest.where(split="train").column("group"))
    for part in ("val", "test"):
        rows = manifest.where(split=part)
        assert not set(rows.column("group")) & trained
        assert rows.classes() == ["circle", "square"]


def test_the_report_says_the_rules_and_shows_labels_together(english):
    _, run = english
    page = (run.folder / "report" / "report.html").read_text()
    for words in ("Mean F1 per image", "most frequent set", "Threshold", "scores 1 when none"):
        assert words in page
    explored = (run.folder / "report" / "explore.html").read_text()
    assert "Labels together" in explored
    assert "circle + square" in explored
    assert "looks like several" not in explored


def test_predicting_gives_sets_and_a_probability_for_each_label(english, tmp_path):
    source, run = english
    answers = predict(run.folder, source)
    answers.save_csv(tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert list(rows[0]) == ["path", "predicted", "p_circle", "p_square", "odd", "problem"]
    assert {row["predicted"] for row in rows} == {"circle", "square", "circle|square", "-"}
    kept = Predictions.load(run.folder / "predictions" / "test.parquet")
    places = dict(run.manifest().rows("item", "path"))
    row = rows[answers.paths.index(places[str(kept.item[0])])]
    assert float(row["p_circle"]) == kept.probabilities[0, 0]  # to the last bit
    shown = answers.report().values["answers"][0]
    assert isinstance(shown["predicted"], list)


def test_going_on_with_a_run_another_figure_of_several_labels_may_come_first(english):
    folder = english[1].folder
    asked = begin(folder, None, settings={"evaluate": {"metric": "f1_micro"}})[1]
    assert asked["evaluate"]["metric"] == "f1_micro"
    with pytest.raises(WrongUse, match="auroc"):
        begin(folder, None, settings={"evaluate": {"metric": "auroc"}})


@pytest.mark.parametrize("write", [write_columns, write_rows])
def test_columns_and_rows_say_the_same(tmp_path, english, write):
    data = write(tmp_path / "in")
    run = divided(tmp_path, data)
    ours, theirs = Run(english[1].folder).manifest(), run.manifest()
    for name in ("path", "label", "group", "split", "fate"):
        assert theirs.column(name) == ours.column(name), name


def test_a_whole_run_in_spanish(tmp_path):
    data = write_columns(tmp_path / "in")
    set_language("es")
    fast = {**FAST, "train": {**FAST["train"], "epochs": 2}}
    run, asked = begin(tmp_path / "in", tmp_path / "run", settings={**fast, "data": data})
    report = advance(run, asked, "report")
    assert report.stage == "report"
    page = (run.folder / "report" / "report.html").read_text()
    for words in ("F1 medio por imagen", "conjunto más frecuente", "Umbral", "Etiquetas mal"):
        assert words in page


def test_the_command_line_reads_columns_of_labels(tmp_path):
    write_columns(tmp_path / "in")
    arguments = ("--label-columns", "square,circle", "--out", tmp_path / "run")
    done = tamiz("index", tmp_path / "in", *arguments)
    assert "2" in done.stdout
    assert Run(tmp_path / "run").manifest().classes() == ["circle", "square"]


def test_a_given_split_without_a_label_in_training_is_refused(tmp_path):
    rows = [
        (name, patient, int(s), int(c), "test" if c else "val" if name < "020" else "train")
        for name, patient, s, c in drawn(tmp_path / "in")
    ]
    table(tmp_path / "in" / "t.csv", ("file", "patient", "square", "circle", "split"), rows)
    data = {"label_columns": ["square", "circle"], "group_from_name": r"(\d+)"}
    with pytest.raises(WrongData, match="circle"):
        divided(tmp_path, data)


def test_a_person_may_rename_labels_and_take_them_away(tmp_path):
    data = write_joined(tmp_path / "in")
    relabel = {"square": "box", "circle": ""}
    run, asked = begin(
        tmp_path / "in", tmp_path / "run", settings={"data": {**data, "relabel": relabel}}
    )
    advance(run, asked, "index")
    assert set(run.manifest().column("label")) == {"box", "-"}


@pytest.mark.shared_data
def test_fingers_have_a_count_and_a_hand(tmp_path, shared_data):
    images = sorted((shared_data / "fingers").rglob("*.png"))[::40]
    rows = []
    for path in images:
        count, hand = path.stem[-2], path.stem[-1]
        rows.append(
            (str(path), path.stem, f"{count} fingers | {'left' if hand == 'L' else 'right'}")
        )
    (tmp_path / "in").mkdir()
    table(tmp_path / "in" / "t.csv", ("file", "id", "facts"), rows)
    data = {"label": "facts", "label_separator": "|", "root": str(shared_data / "fingers")}
    run = divided(tmp_path, data, "in/t.csv")
    manifest = run.manifest()
    assert manifest.classes() == [*(f"{n} fingers" for n in range(6)), "left", "right"]
    for part in ("train", "val", "test"):
        sets = manifest.where(split=part).label_sets()
        n_left = sum("left" in labels for labels in sets)
        assert abs(n_left - len(sets) / 2) <= 2, part


@pytest.mark.long
def test_recipes_are_searched_by_the_mean_f1_per_image(tmp_path):
    table_of = write_joined(tmp_path / "src")
    settings = {**FAST, "data": {**table_of, "group": "patient"}, "split": {"val_fraction": 0.3}}
    settings["train"] = {**FAST["train"], "epochs": 6}
    run, asked = begin(tmp_path / "src" / "t.csv", tmp_path / "run", settings=settings)
    how = SearchHow(n_trials=2, ranges=("train.learning_rate=1e-5..1e-2",), is_only_search=True)
    found = search(run, asked, how).values["search"]
    assert found["metric"] == "f1_samples"
    assert [one["state"] for one in found["trials"]] == ["done"] * 3
    best = max(found["trials"], key=lambda one: (one["value"], -one["number"]))
    assert found["best"] == best["number"]
    assert found["compared"]["value"] == pytest.approx(best["value"])
    assert 0 < found["fresh"]["n"] < len(run.manifest().where(split="val"))
    said = Predictions.load(run.folder / "search" / "trials" / f"{best['number']:04d}.parquet")
    assert said.is_multilabel
    rows = run.manifest().where(split="val")
    patients = dict(zip(rows.column("item"), rows.column("group"), strict=True))
    compared = {patients[item] for item in said.item.tolist()}
    assert len(compared) + found["fresh"]["n_groups"] == len(set(patients.values()))
