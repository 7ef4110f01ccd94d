"""Workflow A walks from a table of slides to answers for patients, and tells the mistakes."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tifffile

from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("workflow_a")]
SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "workflows" / "a_slides.py"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return (the folder, what was printed) of a brief walk."""
    folder = tmp_path_factory.mktemp("a")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(folder / "walk"), "--small"],
        capture_output=True, text=True, check=False,
        env={**os.environ, "TAMIZ_LANG": "en", "TAMIZ_LOOKS": str(folder / "looks"),
             "TAMIZ_CACHE": str(folder / "cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return folder / "walk", " ".join(done.stdout.split())


def test_the_slides_are_big_tiffs_without_a_pyramid(walked):
    paths = sorted((walked[0] / "slides").glob("*.tif"))
    assert len(paths) == len(_rows(walked[0] / "train.csv"))
    with tifffile.TiffFile(paths[0]) as opened:
        assert opened.is_bigtiff
        assert len(opened.pages) == 1


def test_ids_that_look_like_numbers_stay_what_they_are(walked):
    folder, told = walked
    assert "006388 and 00e100 would be 6388 and 0" in told
    assert {"00e100", "006388"} <= set(Run(folder / "runs" / "a").manifest().column("group"))
    prepared = _rows(folder / "prepared" / "prepared.csv")
    assert {"00e100", "006388"} <= {row["patient"] for row in prepared}


def test_centres_are_held_against_labels_and_against_the_look_of_slides(walked):
    folder, _ = walked
    text = (folder / "runs" / "a" / "report" / "explore.html").read_text(encoding="utf-8")
    page = html.unescape(text)
    assert re.search(r"'label' by 'center_id': corrected V 0\.\d\d, corrected p [01]\.\d", page)
    assert "Figures by centre: brightness (0-255)" in page
    assert "Backgrounds by centre" in page
    assert "always answering 'CE' is right" in page


def test_a_split_by_lot_is_refused_and_trains_nothing(walked):
    folder, told = walked
    assert "NOT VALID for evaluation" in told
    assert re.search(r"error: the given split is not valid for evaluation: \d+ groups", told)
    assert not (folder / "runs" / "naive" / "model").exists()
    sides: dict[str, set[str]] = {}
    for row in _rows(folder / "runs" / "naive" / "split_proposed.csv"):
        sides.setdefault(row["group"], set()).add(row["split"])
    assert all(len(found) == 1 for found in sides.values())


def test_no_patient_is_on_two_sides_and_every_patient_has_one_answer(walked):
    folder, _ = walked
    sides: dict[str, set[str]] = {}
    for group, split in Run(folder / "runs" / "a").manifest().rows("group", "split"):
        sides.setdefault(group, set()).add(split)
    assert all(len(found) == 1 for found in sides.values())
    made = Predictions.load(folder / "runs" / "a" / "predictions" / "test_patients.parquet")
    answered = [str(group).removeprefix("group:") for group in made.group]
    assert set(answered) == {patient for patient, found in sides.items() if "test" in found}
    assert len(set(answered)) == len(answered)


def test_the_last_table_has_the_loss_of_patients_beside_a_constant(walked):
    folder, told = walked
    table = told.partition("| what | original | here |")[2]
    figure = r"\d\.\d{3} \(\d\.\d{3}-\d\.\d{3}\), n = \d+, groups: \d+ \|"
    assert re.search(r"\| log loss, classes alike \| not trained \| " + figure, table)
    assert re.search(
        r"\| \.\.\. a constant, classes alike \| not told \| 0\.693 \(0\.693-0\.693\)", table
    )
    found = json.loads((folder / "runs" / "a" / "metrics.json").read_text(encoding="utf-8"))
    assert found["test"]["weighted_log_loss"]["n"] == found["test"]["weighted_log_loss"]["n_groups"]


def test_a_heat_map_and_an_answer_are_made_of_a_slide(walked):
    folder, told = walked
    assert "1 slide explained in heat" in told
    assert list((folder / "heat").rglob("*.png"))
    assert len(_rows(folder / "answers.csv")) == 1


def test_the_memory_held_for_the_largest_slide_is_told(walked):
    assert re.search(r"\d+ MB of memory held by tamiz prepare", walked[1])
    assert re.search(r"\| memory, the largest slide \| .* \| \d+ MB \|", walked[1])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
