"""Workflow D walks from a PACS to a model in use, and tells the original's mistakes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "workflows" / "d_ct.py"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return (the folder, what was printed) of a brief walk."""
    folder = tmp_path_factory.mktemp("d")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--out", str(folder / "walk"), "--small"],
        capture_output=True, text=True, check=False,
        env={**os.environ, "TAMIZ_LANG": "en", "TAMIZ_LOOKS": str(folder / "looks")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return folder / "walk", " ".join(done.stdout.split())


def test_folders_named_after_patients_are_refused(walked):
    assert "180 of 180 files or of their folders hold names" in walked[1]


def test_no_name_of_a_patient_is_in_what_came_from_the_pacs(walked):
    folder, _ = walked
    words = {part for one in (folder / "disk-2021").iterdir() for part in one.name.split("_")}
    words |= {word.title() for word in words}
    assert len(words) > 20
    for path in (folder / "studies").rglob("*.dcm"):
        content = path.read_bytes()
        assert not [word for word in words if word.encode() in content]
        assert not words & set(path.relative_to(folder).parts)


def test_slices_dealt_out_by_lot_are_no_valid_evaluation(walked):
    assert "NOT VALID for evaluation" in walked[1]
    assert re.search(
        r"the split leaks: \d\d groups \(patients, slides\) lie on more than", walked[1]
    )
    assert "--allow-leak was given" in walked[1]


def test_the_scanner_that_has_all_the_pneumonia_is_told(walked):
    told = r"'Pneumonia' makes up \d\d % of its groups and 0 % of the others'"
    assert re.search("Centre Open-64 has .*" + told, walked[1])
    assert "class 'Pneumonia' is in one fold only (Open-64" in walked[1]


def test_models_measured_on_one_test_part_are_counted(walked):
    assert "2 models were measured on this part" in walked[1]


def test_rows_that_match_no_patient_are_told(walked):
    assert "6 of 64 rows of the label table fit no image" in walked[1]


def test_the_last_table_has_figures_with_intervals(walked):
    table = walked[1].partition("| what | original | here |")[2]
    here = r"\d+\.\d % \(\d+\.\d-\d+\.\d\), n = \d+, groups: \d+ \|"
    assert re.search(r"\| accuracy, slices dealt out by lot \| 88.3 % of 300 \| " + here, table)
    assert re.search(r"\| accuracy, patients apart \| not known \| " + here, table)
    assert "| 88.3 % (84.2-91.5), n = 300" in table


def test_report_model_and_answers_are_there(walked):
    folder, _ = walked
    assert (folder / "runs" / "d" / "report" / "report.html").stat().st_size > 50_000
    assert (folder / "runs" / "d" / "model").is_dir()
    assert len((folder / "answers.csv").read_text(encoding="utf-8").splitlines()) == 4
    metrics = json.loads((folder / "runs" / "d" / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["test"]["accuracy"]["low"] is not None
