"""What is known of the real data sets (shared/data/README.md), found again by index and check."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tamiz.core.errors import UnreadableItem, WrongData
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.contracts import Policy
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.inputs.cells import read_cells
from tamiz.inputs.find import find
from tamiz.stages.check import check
from tamiz.stages.index import index

pytestmark = pytest.mark.shared_data


def do(tmp_path, source, **options):
    run = Run(tmp_path / "run")
    recipe = Recipe(data=DataOptions(source=str(source), **options))
    found = index(recipe, run)
    return run, {**found.values, **check(recipe, run).values}


@pytest.mark.slow
def test_chest_xray(tmp_path, shared_data):
    pattern = r"(person\d+|(?:NORMAL2-)?IM-\d+)"
    run, values = do(tmp_path, shared_data / "chest_xray", group_from_name=pattern)
    assert values["index"]["rows"] == 5856
    assert values["index"]["groups"] == 3118
    assert values["check"]["unreadable"] == 0
    assert values["check"]["crossing"] == 15
    sets = Counter(run.manifest().column("content_sha256"))
    assert sum(n > 1 for n in sets.values()) == 30
    assert sum(n - 1 for n in sets.values()) == 32
    assert set(run.manifest().rows("width_px", "height_px")) == {(224, 224)}


def test_sign_digits(tmp_path, shared_data):
    run, values = do(tmp_path, shared_data / "sign_digits")
    assert values["index"]["rows"] == values["check"]["usable"] == 2062
    assert min(values["index"]["labels"].values()) == 204
    sizes = Counter(run.manifest().rows("width_px", "height_px"))
    assert sizes == {(100, 100): 2059, (3024, 3024): 3}


def test_fingers(shared_data):
    found = find(
        DataOptions(
            source=str(shared_data / "fingers"),
            label_from_name=r"_(\d)[LR]\.png",
            group_from_name=r"_\d([LR])\.png",
        )
    )
    parts = Counter(found.manifest.rows("label", "given_split", "group"))
    assert len(parts) == 24
    assert {n for (_, part, _), n in parts.items() if part == "train"} == {200}
    assert {n for (_, part, _), n in parts.items() if part == "test"} == {50}


def test_mnist_and_fashion_mnist(shared_data):
    found = find(DataOptions(source=str(shared_data / "mnist")))
    counts = Counter(found.manifest.rows("given_split", "label"))
    train = [counts[("train", str(digit))] for digit in range(10)]
    test = [counts[("test", str(digit))] for digit in range(10)]
    assert train == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert test == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    fashion = find(DataOptions(source=str(shared_data / "fashion-mnist"))).manifest
    assert set(Counter(fashion.rows("given_split", "label")).values()) == {6000, 1000}
    with Reader(fashion.root, Policy()) as reader:
        assert reader.read(fashion.column("path")[0], 59_999).pixels.shape == (28, 28, 1)


def test_the_stroke_table_stays_text(shared_data):
    path = shared_data / "stroke" / "train.csv"
    cells = read_cells(path.read_bytes(), "train.csv", None, None)
    assert cells.n_rows == 754
    assert len(set(cells.columns["patient_id"])) == 632
    assert "006388" in cells.columns["patient_id"]
    assert Counter(cells.columns["label"]) == {"CE": 547, "LAA": 207}
    assert len(set(cells.columns["center_id"])) == 11
    with pytest.raises(WrongData, match="not one of the 754 files that the table names lies in"):
        find(DataOptions(source=str(path), path="{image_id}.tif"))


def test_covid_chestxray(tmp_path, shared_data):
    source = shared_data / "covid_chestxray"
    with pytest.raises(WrongData, match="490 of 751 rows name a file that is not there"):
        find(DataOptions(source=str(source)))
    run, values = do(tmp_path, source, missing_files="leave-out")
    assert values["index"]["missing"] == 490
    assert values["index"]["rows"] == 258
    assert values["index"]["labels"]["COVID-19, ARDS"] == 12
    assert values["index"]["labels"]["todo"] == 24
    assert "column_29" in values["index"]["columns"]
    assert values["check"]["unreadable"] == 0
    modes = Counter("grey" if m in {"L", "1"} else m for m in run.manifest().column("mode"))
    assert modes["RGBA"] == 38


@pytest.mark.parametrize("name", ["broken.svs", "unopenable.tiff", "unreadable.svs"])
def test_broken_slides_give_a_reason(shared_data, name):
    with (
        Reader(shared_data / "slides" / "broken", Policy()) as reader,
        pytest.raises(UnreadableItem) as error,
    ):
        reader.examine(name)
    assert error.value.reason


def test_tiles_and_small_slides_are_read(shared_data):
    found = find(DataOptions(source=str(shared_data / "slides" / "stroke_tiles")))
    assert len(found.manifest) == 10
    with Reader(found.manifest.root, Policy()) as reader:
        shapes = {reader.read(path).pixels.shape for path in found.manifest.column("path")}
    assert shapes == {(224, 224, 3)}
    with Reader(shared_data / "slides" / "whole", Policy()) as reader:
        assert reader.read("boxes.tiff").pixels.shape == (250, 300, 3)
        tile = reader.read("cmu_small_region.svs").pixels
    assert tile.shape == (2967, 2220, 3)
    assert int(np.ptp(tile)) > 100
