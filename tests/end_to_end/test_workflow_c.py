"""Workflow C: one network on three data sets, and what its original's figures were worth."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "workflows"
HERE = r"\d+\.\d % \((\d+\.\d)-(\d+\.\d)\), n = (\d+), groups: (\d+)"


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """Return (the folder, what was printed) of a brief walk."""
    folder = tmp_path_factory.mktemp("c")
    done = subprocess.run(
        [sys.executable, str(FOLDER / "c_three_sets.py"), "--out", str(folder / "walk"), "--small"],
        capture_output=True, text=True, check=False,
        env={**os.environ, "TAMIZ_LANG": "en", "TAMIZ_LOOKS": str(folder / "looks")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    return folder / "walk", " ".join(done.stdout.split())


@pytest.mark.long
@pytest.mark.xdist_group("workflow_c")
class TestTheWalk:
    def test_one_command_makes_all_models_on_all_three_sets(self, walked):
        for name in ("clothes", "satellite", "objects"):
            for way in ("cnn", "descriptors-workflow-c-all-angles"):
                run = walked[0] / "runs" / "c" / name / way
                assert (run / "model" / "bundle.json").is_file()
                assert (run / "report" / "report.html").stat().st_size > 50_000

    def test_the_descriptors_are_the_blogs(self, walked):
        names = pl.read_parquet(walked[0] / "features.parquet").columns
        assert len([one for one in names if one.startswith("rgb_")]) == 48
        assert len([one for one in names if one.startswith("glcm_d5_")]) == 16

    def test_frames_dealt_out_by_lot_are_no_valid_evaluation(self, walked):
        assert "NOT VALID for evaluation" in walked[1]
        assert re.search(r"the split leaks: \d+ sets of near-identical pictures", walked[1])
        assert "The report is stamped" in walked[1]

    def test_the_last_table_has_intervals_over_videos_not_frames(self, walked):
        table = walked[1].partition("| what | original | here |")[2]
        by_lot = re.search(r"by lot \| 100 % of 500 \| " + HERE + ": NOT VALID", table)
        folds = re.search(r"cross-validated \| not known \| " + HERE, table)
        assert by_lot
        assert folds
        assert int(folds[3]) == 180
        assert int(folds[4]) == 30
        assert float(by_lot[1]) > float(folds[2])  # the two intervals do not meet
        assert "| 91 % of 14,000 | " in table

    def test_intervals_of_the_original_figures_are_told(self, walked):
        assert "206 of 404: 51.0 % (46.1-55.8)" in walked[1]
        assert "500 of 500: 100.0 % (99.2-100.0)" in walked[1]

    def test_the_low_figure_is_taken_apart(self, walked):
        assert "true \\ answered" in walked[1]
        assert re.search(r"\d+ of \d+ labels \(\d+\.\d%\) look doubtful", walked[1])
        assert re.search(r"finds \d+ wrong ones", walked[1])

    def test_a_model_of_clothes_has_no_answer_to_a_scene(self, walked):
        assert "colour where training images are grey" in walked[1]


def test_frames_of_a_drawn_video_are_alike_and_videos_are_not(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    import_module("draw_three_sets").draw_objects(tmp_path, 2, 3)
    videos: dict[str, list[np.ndarray]] = {}
    for path in sorted(tmp_path.rglob("*.jpg")):
        video = path.stem.split("_")[0]
        videos.setdefault(video, []).append(np.asarray(Image.open(path), np.float64))
    assert len(videos) == 10
    within = [np.abs(one[0] - one[1]).mean() for one in videos.values()]
    between = [np.abs(a[0] - b[0]).mean() for a, b in pairwise(videos.values())]
    assert max(within) < min(between)


def test_wrong_labels_of_drawn_scenes_are_known_to_the_drawing_alone(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    import_module("draw_three_sets").draw_satellite(tmp_path / "satellite", 12)
    files = {p.relative_to(tmp_path / "satellite").as_posix() for p in tmp_path.rglob("*.jpg")}
    lines = (tmp_path / "satellite-wrong.csv").read_text(encoding="utf-8").splitlines()
    assert len(files) == 72
    assert lines[0] == "path,shows"
    assert len(lines) > 1
    for line in lines[1:]:
        path, shows = line.split(",")
        assert path in files
        assert not path.startswith(shows)


@pytest.mark.shared_data
def test_the_real_files_have_the_drawn_ones_shape(shared_data, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    import_module("draw_three_sets").draw_clothes(tmp_path, 20, 10)
    for drawn in sorted(tmp_path.iterdir()):
        with gzip.open(shared_data / "fashion-mnist" / f"{drawn.name}.gz") as opened:
            head = opened.read(16 if "images" in drawn.name else 8)
        own = drawn.read_bytes()[: len(head)]
        assert own[:4] == head[:4]
        assert own[8:16] == head[8:16]
