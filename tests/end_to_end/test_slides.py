"""From slides to tiles to a classifier, and slides looked at as what they are."""

from __future__ import annotations

import json

import pytest
from tests.end_to_end.conftest import FAST, tamiz
from tests.stages.slide_drawing import EOSIN, HAEMATOXYLIN, drawn, rows_of, save_slide, save_table

from tamiz.data.run_folder import Run

pytestmark = pytest.mark.slow

SMALL = ("--set", "data.max_megapixels=0.2", "--set", "data.overview_px=128")


@pytest.fixture(scope="module")
def workflow(tmp_path_factory):
    """Return (table, slides): 16 patients, one or two slides each; the stain tells the class."""
    folder = tmp_path_factory.mktemp("láminas y más")
    rows = []
    for number in range(20):
        stain, label = ((EOSIN, "CE"), (HAEMATOXYLIN, "LAA"))[number % 2]
        image_id = f"00e1{number:02d}_0"
        save_slide(
            folder / "slides" / f"{image_id}.tif",
            drawn(512, 480, stain=stain, seed=number),
            compression=("jpeg", "deflate")[number % 3 == 0],
        )
        rows.append(
            {"image_id": image_id, "label": label, "patient_id": f"{number % 16:06d}",
             "center_id": number % 3}
        )  # fmt: skip
    return save_table(folder / "train.csv", rows), folder / "slides"


def _columns():
    return ("--path", "{image_id}.tif", "--label", "label", "--group", "patient_id")


@pytest.mark.long
def test_tiles_of_slides_train_a_classifier_grouped_by_patient(workflow, tmp_path):
    table, slides = workflow
    asked = ("--um-per-px", 1, "--size", 32, "--most", 4)
    tamiz("tiles", table, "--root", slides, *_columns(), *asked, "--out", tmp_path / "tiles")
    tiles = tmp_path / "tiles" / "tiles.csv"
    assert len(rows_of(tiles)) == 20 * 4
    tamiz("run", tiles, "--root", slides, "--out", tmp_path / "run", *FAST, "--epochs", 3)
    manifest = Run(tmp_path / "run").manifest()
    patients = {row["patient_id"] for row in rows_of(table)}
    sides: dict[str, set[str]] = {}
    for group, split in manifest.rows("group", "split"):
        sides.setdefault(group, set()).add(split)
    assert set(sides) == patients
    assert all(len(found) == 1 for found in sides.values())
    accuracy = json.loads((tmp_path / "run" / "metrics.json").read_text())["test"]["accuracy"]
    n_tested = sum("test" in found for found in sides.values())
    assert accuracy["n"] == accuracy["n_groups"] == n_tested  # patients are judged, not tiles
    assert accuracy["value"] > 0.8


def test_a_folder_of_slides_is_checked_by_their_overviews(workflow, tmp_path):
    _, slides = workflow
    tamiz("check", slides, "--out", tmp_path / "run", *SMALL)
    facts = set(Run(tmp_path / "run").manifest().rows("width_px", "height_px", "channels"))
    assert facts == {(512, 480, 3)}


def test_a_table_of_slides_is_explored_by_their_overviews(workflow, tmp_path):
    table, slides = workflow
    asked = (table, "--root", slides, *_columns(), "--out", tmp_path / "looked", *SMALL)
    assert "20 images" in tamiz("explore", *asked).stdout
    assert (tmp_path / "looked" / "report" / "explore.html").is_file()


def test_one_broken_slide_among_good_ones_is_named_and_the_rest_goes_on(workflow, tmp_path):
    table, slides = workflow
    broken = tmp_path / "slides"
    broken.mkdir()
    for path in slides.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    (broken / "00e100_0.tif").write_bytes((slides / "00e100_0.tif").read_bytes()[:5000])
    asked = (table, "--root", broken, *_columns(), "--out")
    prepared = tamiz("prepare", *asked, tmp_path / "p", "--scale", 0.1, "--grey", code=1)
    assert "00e100_0.tif" in prepared.stdout
    cut = tamiz("tiles", *asked, tmp_path / "t", "--size", 32, "--most", 2, "--lang", "es", code=1)
    assert "00e100_0.tif" in cut.stdout
    assert len(rows_of(tmp_path / "p" / "prepared.csv")) == 19
    assert len(rows_of(tmp_path / "t" / "tiles.csv")) == 2 * 19
