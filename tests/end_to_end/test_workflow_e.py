"""Workflow E: from a table of radiographs to a model in use, and the original's mistakes."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("workflow-e")]
SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "workflows" / "e_radiographs.py"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return (the folder, what was printed) of a brief walk."""
    folder = tmp_path_factory.mktemp("e")
    places = {"TAMIZ_LOOKS": str(folder / "looks"), "TAMIZ_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(folder / "walk"), "--small"],
        capture_output=True, text=True, check=False,
        env={**os.environ, "TAMIZ_LANG": "en", **places},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return folder / "walk", " ".join(done.stdout.split())


def test_sets_of_parts_taken_for_classes_are_told(walked):
    assert "The label 'hand;finger' (" in walked[1]
    assert "looks like several: 'hand', 'finger'" in walked[1]


def test_what_is_no_radiograph_is_out_of_the_training_and_kept_in_a_list(walked):
    folder, told = walked
    assert "of the other 5 the list has 5" in told
    with (folder / "unwanted.csv").open(encoding="utf-8", newline="") as opened:
        unwanted = {row["file"]: row["problem"] for row in csv.DictReader(opened)}
    with (folder / "runs" / "e" / "ledger.csv").open(encoding="utf-8", newline="") as opened:
        fates = {row["path"]: (row["fate"], row["reason"]) for row in csv.DictReader(opened)}
    assert len(unwanted) == 6
    for name in unwanted:
        fate, reason = fates[name]
        assert fate not in {"train", "val", "test"}
        assert reason
    assert sum(fate in {"train", "val", "test"} for fate, _ in fates.values()) > 150


def test_a_label_of_two_patients_is_refused(walked):
    refused = walked[1].partition("split fewer.csv")[2].partition("$ tamiz")[0]
    assert "class 'upper arm' has 2 groups; train, val and test need one each" in refused


def test_every_label_is_in_every_part_and_no_patient_in_two(walked):
    from tamiz.data.run_folder import Run

    manifest = Run(walked[0] / "runs" / "e").manifest()
    parts = {name: manifest.where(split=name) for name in ("train", "val", "test")}
    for rows in parts.values():
        assert len(rows.classes()) == 22
    assert not set(parts["train"].column("group")) & set(parts["test"].column("group"))


def test_augmentations_are_compared_by_f1_with_intervals(walked):
    told = walked[1].partition("ablate-augmentation runs/e")[2]
    rows = told.partition("against training without augmentation")[2]
    assert "mean F1 per image:" in rows.partition(" all ")[0]  # its words may lie on two lines
    for name in ("all", "flip", "blur"):
        assert re.search(rf" {name} -?[\d.]+ \(-?[\d.]+ to ", rows), name


def test_the_choice_is_made_on_validation_and_looks_are_counted(walked):
    told = walked[1].partition("chosen by the leaderboard")[2]
    assert "Choose on validation only: there '" in told
    assert re.search(
        r"the best of them in the result column would look \d+\.\d points better", told
    )
    assert [f"Models measured on it: {n}. " in walked[1] for n in (1, 2, 3, 4, 5)] == [
        *(True,) * 4,
        False,
    ]


def test_the_ten_scores_are_of_328_images(walked):
    assert "multiples of 1/328" in walked[1]
    assert "312 of 328, 95 % interval 92.2 to 97.0 (Wilson)" in walked[1]
    assert "| 94.51 to 95.12 | 2 | 0.5 |" in walked[1]


def test_the_student_keeps_the_teachers_split(walked):
    from tamiz.data.run_folder import Run

    student, teacher = (Run(walked[0] / "runs" / name).manifest() for name in ("student", "e"))
    split = dict(teacher.rows("path", "split"))
    assert len(student) > 150
    assert all(split[path] == part for path, part in student.rows("path", "split"))


def test_the_last_table_has_figures_with_intervals(walked):
    table = walked[1].partition("| what | original | here |")[2]
    here = r"\d+\.\d % \(\d+\.\d-\d+\.\d\), n = \d+, groups: \d+ \|"
    assert re.search(r"\| mean F1, student \| future work \| " + here, table)
    assert re.search(r"\| mean F1, chosen on validation \| by the leaderboard \| [\w-]+: ", table)
    assert "| F1 upper arm | not said |" in table


def test_report_model_and_answers_are_there(walked):
    folder, told = walked
    best = re.search(r"\$ tamiz report runs/([\w-]+)", told)
    assert best
    run = folder / "runs" / best[1]
    assert (run / "report" / "report.html").stat().st_size > 50_000
    assert (run / "model" / "bundle.json").is_file()
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["test"]["f1_samples"]["low"] is not None
    with (folder / "answers.csv").open(encoding="utf-8", newline="") as opened:
        (answer,) = csv.DictReader(opened)
    assert "p_hand" in answer
