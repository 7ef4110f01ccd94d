"""From slides and a table to patients' answers and heatmaps, as a user types it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import numpy as np
import PIL.Image
import pytest
import tifffile
from tests.stages.slide_drawing import EOSIN, HAEMATOXYLIN, drawn, rows_of, save_slide, save_table

from tamiz.cli.main import main
from tamiz.core.cache import cache_folder
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions

pytestmark = pytest.mark.long

OPTIONS = {
    "tile_px": 32,
    "um_per_px": 1.0,
    "most": 8,
    "epochs": 12,
    "members": 1,
    "embed": '["stain","edges"]',
}
# The drawn slides are alike but for their stain: they are no copies of each other.
SETTINGS = ["--set", "clean.near_duplicates=false", "--set", "evaluate.resamples=200"]
for name, value in OPTIONS.items():
    SETTINGS += ["--set", f"model.options.{name}={value}"]


@pytest.fixture(scope="module", autouse=True)
def threads():
    """Leave the way in which threads wait as the other tests expect it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GOMP_SPINCOUNT", "2000")
        yield


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the folder of 60 patients, every tenth with two slides; the stain tells the class."""
    folder = tmp_path_factory.mktemp("slides")
    rows = []
    for number in range(66):
        patient, label = number % 60, ("CE", "LAA")[number % 60 % 3 == 0]
        image_id = f"00e1{patient:02d}_{number // 60}"
        stain = EOSIN if label == "CE" else HAEMATOXYLIN
        path = folder / "slides" / f"{image_id}.tif"
        save_slide(path, drawn(400, 380, stain=stain, seed=number))
        rows.append({"image_id": image_id, "center_id": patient // 20 + 9,
                     "patient_id": f"00e1{patient:02d}", "label": label})  # fmt: skip
    save_table(folder / "train.csv", rows)
    asked = (
        "--root",
        folder / "slides",
        "--path",
        "{image_id}.tif",
        "--metric",
        "weighted-log-loss",
    )
    done = tamiz("run", folder / "train.csv", *asked, "--model", "mil", *SETTINGS,
                 "--set", "evaluate.resamples=200", "--out", folder / "run")  # fmt: skip
    return folder, done


@dataclass(frozen=True)
class Told:
    stdout: str
    stderr: str


def tamiz(*arguments, code=0):
    """Type a command, in this process: importing torch for each of them takes longer than they."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    assert ended.value.code == code, err.getvalue()
    return Told(out.getvalue(), err.getvalue())


def source_of(folder):
    """Return the table and what says how it is read."""
    how = ("--path", "{image_id}.tif", "--model", "mil", "--metric", "weighted-log-loss")
    return folder / "train.csv", "--root", folder / "slides", *how


def test_figures_are_those_of_patients_and_a_constant_stands_first(world):
    folder, done = world
    figures = json.loads((folder / "run" / "metrics.json").read_text())
    slides = Predictions.load(folder / "run" / "predictions" / "test.parquet")
    patients = Predictions.load(folder / "run" / "predictions" / "test_patients.parquet")
    assert figures["test"]["accuracy"]["n"] == len(patients) == slides.n_groups
    assert round(figures["baselines"]["even"]["weighted_log_loss"]["value"], 4) == 0.6931
    assert figures["test"]["auroc"]["value"] > 0.9
    assert "Figures of patients with 95% intervals" in " ".join(done.stdout.split())
    words = " ".join(done.stdout.split())
    constant = words.index("A constant answer scores 0.6931 (Log loss, classes equal ↓)")
    assert constant < words.index("Figures of patients")


def test_each_centre_is_predicted_by_networks_that_never_saw_it_and_no_test_slide(world):
    folder, _ = world
    centres = Predictions.load(folder / "run" / "predictions" / "centres.parquet")
    tested = Predictions.load(folder / "run" / "predictions" / "test.parquet")
    assert not set(centres.item) & set(tested.item)
    found = json.loads((folder / "run" / "report" / "stages" / "train" / "report.json").read_text())
    assert set(found["values"]["train"]["centres"]) == {"9", "10", "11", "all"}


def test_predict_says_what_evaluate_measured_wherever_the_slide_lies(world, tmp_path):
    folder, _ = world
    manifest_slides = Predictions.load(folder / "run" / "predictions" / "test.parquet")
    manifest = Manifest.load(folder / "run" / "manifest.parquet").where(split="test")
    path = manifest.column("path")[0]
    (tmp_path / path).write_bytes((folder / "slides" / path).read_bytes())
    done = tamiz("predict", folder / "run", tmp_path / path, "--json")
    answer = json.loads(done.stdout)["values"]["answers"][0]
    assert list(answer["probabilities"].values()) == manifest_slides.probabilities[0].tolist()


def test_a_blank_slide_has_no_answer_and_says_why(world, tmp_path):
    folder, _ = world
    save_slide(tmp_path / "blank.tif", drawn(400, 380, is_blank=True))
    done = tamiz("predict", folder / "run", tmp_path / "blank.tif", code=1)
    assert "no tissue was found" in done.stdout


@pytest.mark.parametrize("by", ["attention", "occlusion"])
def test_heatmaps_are_a_picture_a_pyramid_and_a_table(world, tmp_path, by):
    folder, _ = world
    slide = folder / "slides" / "00e100_0.tif"
    out = tmp_path / "heat"
    tamiz("explain", folder / "run" / "model", slide, "--with", by, "--downsample", 2, "--out", out)
    rows = rows_of(out / "00e100_0.csv")
    values = np.array([float(row[by]) for row in rows])
    assert len(values) > 8  # all tiles, not only those that the model takes
    if by == "attention":
        assert values.sum() == pytest.approx(1)
    with tifffile.TiffFile(out / "00e100_0.tif") as file:
        assert file.pages.first.shape[:2] == (190, 200)
    with PIL.Image.open(out / "00e100_0.png") as picture:
        assert picture.size[0] >= 400


def test_what_was_explained_is_not_drawn_again(world, tmp_path):
    folder, _ = world
    asked = (
        "explain",
        folder / "run" / "model",
        folder / "slides" / "00e100_0.tif",
        "--out",
        tmp_path,
    )
    tamiz(*asked)
    before = (tmp_path / "00e100_0.tif").stat().st_mtime_ns
    tamiz(*asked)
    assert (tmp_path / "00e100_0.tif").stat().st_mtime_ns == before


def test_another_model_of_the_same_tiles_describes_none_of_them_again(world, tmp_path):
    folder, _ = world
    kept = {one: one.stat().st_mtime_ns for one in (cache_folder() / "bags").iterdir()}
    other = ("--set", "model.options.pooling=mean")
    tamiz("run", *source_of(folder), *SETTINGS, *other, "--out", tmp_path / "run")
    assert {one: one.stat().st_mtime_ns for one in (cache_folder() / "bags").iterdir()} == kept


def test_slides_are_explained_by_one_method_and_have_no_classes_to_choose(world, tmp_path):
    folder, _ = world
    asked = ("explain", folder / "run", folder / "slides" / "00e100_0.tif", "--out", tmp_path / "h")
    done = tamiz(*asked, "--with", "gradcam", code=2)
    assert "'gradcam' is not one of: attention, occlusion" in done.stderr
    done = tamiz(*asked, "--class", "CE", code=2)
    assert "'--class' is for models of images" in done.stderr
