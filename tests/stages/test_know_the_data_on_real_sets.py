"""The facts of real data sets, as their description states them."""

from __future__ import annotations

import csv
import json
from collections import Counter

import polars as pl
import pytest
from tests.end_to_end.conftest import tamiz

pytestmark = pytest.mark.shared_data
PATIENT = r"(person\d+|(?:NORMAL2-)?IM-\d+)"


def values(*arguments, code=0):
    done = tamiz(*arguments, "--json", "--quiet", code=code)
    return json.loads(done.stdout)


def test_the_stroke_table_is_described_without_its_slides(shared_data, tmp_path):
    table = shared_data / "stroke" / "train.csv"
    report = values("explore", table, "--path", "{image_id}.tif", "--out", tmp_path / "run")
    facts = report["values"]["explore"]["table"]
    assert facts["rows"] == 754
    assert facts["groups"]["n"] == 632
    assert facts["groups"]["by_size"] == {"1": 543, "2": 68, "3": 13, "4": 4, "5": 4}
    assert {name: one["n"] for name, one in facts["labels"].items()} == {"CE": 547, "LAA": 207}
    variables = facts["variables"]
    assert variables["center_id"]["class"] == "nominal"
    assert variables["center_id"]["n_unique"] == 11
    assert variables["image_id"]["is_identifier"]
    assert variables["patient_id"]["storage"] == "text"
    centre = next(one for one in facts["associations"] if one["column"] == "center_id")
    assert centre["n_groups"] == 632
    said = json.dumps(report, ensure_ascii=False)
    assert "A model can learn the centre" in said


def test_the_stroke_table_is_audited_without_its_slides(shared_data, tmp_path):
    table = shared_data / "stroke" / "train.csv"
    arguments = ("--path", "{image_id}.tif", "--out", tmp_path / "run")
    facts = values("audit", table, *arguments)["values"]["audit"]
    assert facts["valid"] is True
    assert "auroc" in facts["shortcuts"]["probes"]["centre"]
    assert "auroc" not in facts["shortcuts"]["probes"]["whole"]


@pytest.mark.long
def test_725_patients_and_15_pictures_cross_the_chest_split_and_none_the_proposed(
    shared_data, tmp_path
):
    out = tmp_path / "run"
    arguments = ("audit", shared_data / "chest_xray", "--group-from-name", PATIENT, "--out", out)
    facts = values(*arguments, code=1)["values"]["audit"]
    assert facts["valid"] is False
    assert facts["split"]["groups"] == 725
    assert facts["split"]["pictures"] == 15
    assert facts["proposed"]["groups"] == facts["proposed"]["pictures"] == 0
    with (out / "split_proposed.csv").open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    sides: dict[str, set[str]] = {}
    for row in rows:
        sides.setdefault(row["group"], set()).add(row["split"])
    assert len(sides) == 3117  # of 3,118; the only image of one is a copy of another's
    assert all(len(parts) == 1 for parts in sides.values())
    with (out / "leaks.csv").open(encoding="utf-8", newline="") as opened:
        kinds = Counter(row["kind"] for row in csv.DictReader(opened))
    assert (kinds["group"], kinds["identical"]) == (725, 15)
    probes = facts["shortcuts"]["probes"]
    assert probes["file_size"]["flagged"]
    assert probes["middle_blacked_out"]["flagged"]
    contents = pl.read_parquet(out / "manifest.parquet")["content_sha256"]
    sets = [n for n in Counter(contents).values() if n > 1]
    assert (len(sets), sum(sets) - len(sets)) == (30, 32)


def test_the_covid_table_is_told_with_all_its_oddities(shared_data, tmp_path):
    out = tmp_path / "run"
    report = values("clean", shared_data / "covid_chestxray", "--out", out)
    explored = json.loads((out / "report/stages/explore/report.json").read_text(encoding="utf-8"))
    indexed = json.loads((out / "report/stages/index/report.json").read_text(encoding="utf-8"))
    checked = json.dumps(
        json.loads((out / "report/stages/check/report.json").read_text(encoding="utf-8"))
    )
    said = json.dumps(explored, ensure_ascii=False)
    assert indexed["values"]["index"]["missing"] == 490
    assert "490 of 751 rows name a file that is not there" in json.dumps(indexed)
    assert explored["values"]["explore"]["table"]["unnamed"] == ["column_29"]
    assert '--relabel \\"todo=\\"' in said
    assert '--relabel \\"COVID-19, ARDS=COVID-19\\"' in said
    assert "9 files" in checked or '"n": 9' in checked
    assert report["values"]["clean"]["checks"]["duplicates"]["clusters"] >= 4


def test_the_three_large_hand_signs_are_odd(shared_data, tmp_path):
    out = tmp_path / "run"
    only = ("--only", "odd_size,duplicates")
    report = values("clean", shared_data / "sign_digits", "--out", out, *only)
    assert report["values"]["clean"]["checks"]["odd_size"]["suspected"] == 3
    assert report["values"]["clean"]["checks"]["duplicates"]["suspected"] == 0


@pytest.mark.long
def test_a_test_part_of_nearly_the_same_poses_is_refused(shared_data, tmp_path):
    arguments = ("audit", shared_data / "fingers", "--label-from-name", r"_(\d)[LR]\.png")
    facts = values(*arguments, "--out", tmp_path / "run", code=1)["values"]["audit"]
    assert facts["split"]["alike"] > 50
    assert facts["split"]["alike_test_share"] > 0.5
