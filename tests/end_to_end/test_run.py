from __future__ import annotations

import csv
import json
import shutil

import numpy as np
import polars as pl
import pytest
from tests.end_to_end.conftest import FAST, draw_classes, tamiz

import tamiz as package
from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run
from tamiz.stages.pipeline import ORDER

pytestmark = pytest.mark.slow


def test_every_file_has_one_fate_and_the_counts_close(finished):
    source, run = finished
    ledger = json.loads((run / "ledger.json").read_text())
    n_files = sum(path.is_file() for path in source.rglob("*"))
    assert ledger["found"] == n_files == sum(ledger["fates"].values())
    assert ledger["fates"]["unreadable"] == 1
    assert ledger["fates"]["duplicate"] == 1
    assert ledger["fates"]["not an image"] == 1
    with (run / "ledger.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == n_files
    assert all(row["fate"] and row["reason"] for row in rows)


def test_metrics_have_values_intervals_n_and_groups_beside_the_baselines(finished):
    _, run = finished
    metrics = json.loads((run / "metrics.json").read_text())
    n_test = json.loads((run / "ledger.json").read_text())["fates"]["test"]
    accuracy = metrics["test"]["accuracy"]
    assert accuracy["n"] == accuracy["n_groups"] == n_test
    assert 0 <= accuracy["low"] <= accuracy["value"] <= accuracy["high"] <= 1
    assert accuracy["value"] > 0.9
    assert metrics["baselines"]["prior"]["accuracy"]["value"] < 0.6
    assert {"val", "test", "baselines"} <= metrics.keys()
    assert {"descriptors", "nearest-thumbnail", "prior"} == metrics["baselines"].keys()


def test_a_file_for_every_promise_lies_in_the_run(finished):
    _, run = finished
    wanted = [
        "run.json", "recipe.toml", "manifest.parquet", "events.jsonl", "history.jsonl",
        "timing.json", "model/bundle.json", "model/weights.safetensors", "model/card.md",
        "predictions/val.parquet", "predictions/test.parquet", "report/report.html",
        "report/report.json",
    ]  # fmt: skip
    assert [name for name in wanted if not (run / name).is_file()] == []
    assert json.loads((run / "run.json").read_text())["status"] == "done"
    stages = set(ORDER)
    assert json.loads((run / "timing.json").read_text()).keys() == stages
    assert not (run / "checkpoint").exists()


def test_the_report_needs_no_network_and_names_no_other_place(finished):
    _, run = finished
    page = (run / "report" / "report.html").read_text(encoding="utf-8")
    assert "<script src" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "striped" in page


def test_predict_gives_the_bits_that_evaluate_gave_in_any_company(finished):
    source, run = finished
    answers = package.predict(run / "model", source)
    alone = package.predict(run / "model", source / "dark" / "007.png")
    stored = Predictions.load(run / "predictions" / "test.parquet")
    manifest = Run(run).manifest()
    path_of = dict(zip(manifest.column("item"), manifest.column("path"), strict=True))
    row_of = dict(zip(answers.paths, answers.predictions.probabilities, strict=True))
    for item, row in zip(stored.item, stored.probabilities, strict=True):
        assert (row_of[path_of[item]] == row).all()
    assert (row_of["dark/007.png"] == alone.predictions.probabilities[0]).all()


def test_predict_lists_what_it_could_not_read_and_says_so_by_its_exit_code(finished, tmp_path):
    source, run = finished
    out = tmp_path / "answers.csv"
    done = tamiz("predict", run, source, "--csv", out, check=False)
    assert done.returncode == 1
    table = pl.read_csv(out, infer_schema=False)
    columns = ["p_bright", "p_dark", "p_striped"]
    assert table.columns == ["path", "predicted", *columns, "odd", "problem"]
    bad = table.filter(pl.col("predicted").is_null() | (pl.col("predicted") == ""))
    assert bad["path"].to_list() == ["bright/empty.png"]
    assert table.height == sum(path.suffix == ".png" for path in source.rglob("*"))
    shares = table.filter(pl.col("problem").is_null() | (pl.col("problem") == ""))
    names = [f"p_{name}" for name in ("bright", "dark", "striped")]
    total = shares.select(names).cast(pl.Float64).to_numpy().sum(axis=1)
    assert np.allclose(total, 1)


def test_a_repeated_command_repeats_nothing_and_looks_at_the_test_part_once(finished):
    source, run = finished
    before = (run / "run.json").read_text()
    tamiz("run", source, "--out", run, "--set", "data.max_problems=0.05", *FAST)
    after = json.loads((run / "run.json").read_text())
    assert after["stages"] == json.loads(before)["stages"]
    assert len(after["test_looks"]) == 1


def test_another_recipe_in_the_same_folder_is_refused_not_mixed(finished):
    source, run = finished
    done = tamiz("run", source, "--out", run, "--epochs", "5", check=False)
    assert done.returncode == 2
    assert "trained with another recipe" in done.stderr
    assert "--overwrite" in done.stderr
    other = draw_classes(run.parent / "other", 5)
    done = tamiz("run", other, "--out", run, check=False)
    assert done.returncode == 2
    assert "works on another input (photos)" in done.stderr


def test_same_seed_and_machine_give_the_same_weights_in_another_folder(finished, tmp_path):
    source, run = finished
    copy = tmp_path / "elsewhere"
    shutil.copytree(source, copy)
    tamiz("train", copy, "--out", tmp_path / "run", "--set", "data.max_problems=0.05", *FAST)
    ours = (run / "model" / "weights.safetensors").read_bytes()
    assert (tmp_path / "run" / "model" / "weights.safetensors").read_bytes() == ours


def test_hand_edits_of_the_recipe_are_honoured(tmp_path):
    source = draw_classes(tmp_path / "photos", 12)
    run = tmp_path / "run"
    tamiz("plan", source, "--out", run, "--epochs", "9")
    recipe = run / "recipe.toml"
    edited = recipe.read_text(encoding="utf-8").replace("epochs = 9", "epochs = 2")
    recipe.write_text(edited, encoding="utf-8")
    tamiz("train", run)
    assert len((run / "history.jsonl").read_text().splitlines()) == 2
    assert Run(run).recipe().train.epochs == 2


def test_the_report_as_json_and_in_spanish(finished):
    _, run = finished
    done = tamiz("report", run, "--json", "--quiet")
    made = json.loads(done.stdout)
    assert made["values"]["test"]["accuracy"]["n"] > 0
    done = tamiz("report", run, "--lang", "es")
    assert "Exactitud" in done.stdout
    page = (run / "report" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="es"' in page
    assert len(Run(run).state()["test_looks"]) == 1


def test_python_and_command_line_give_the_same_figures(finished, tmp_path):
    source, run = finished
    settings = {
        "train.epochs": 4, "train.batch_size": 16, "evaluate.resamples": 200,
        "data.max_problems": 0.05,
    }  # fmt: skip
    report = package.run(source, tmp_path / "run", settings)
    assert report.values["test"] == json.loads((run / "metrics.json").read_text())["test"]


def test_a_leak_that_was_allowed_stamps_the_report(tmp_path):
    source = draw_classes(tmp_path / "photos" / "train", 20)
    draw_classes(tmp_path / "photos" / "test", 8, seed=1)
    shutil.copy(source / "dark" / "003.png", tmp_path / "photos" / "test" / "dark" / "x.png")
    arguments = ("run", tmp_path / "photos", "--out", tmp_path / "run", *FAST)
    done = tamiz(*arguments, check=False)
    assert done.returncode == 3
    assert "not valid for evaluation" in done.stderr
    tamiz(*arguments, "--allow-leak")
    page = (tmp_path / "run" / "report" / "report.html").read_text(encoding="utf-8")
    assert "Not valid for evaluation" in page
