"""A file that changes between the check and the training is an error, here and at a URL."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from tamiz.core.errors import WrongData
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.contracts import Policy
from tamiz.data.run_folder import Run
from tamiz.stages.check import check
from tamiz.stages.examining import refuse_changed
from tamiz.stages.index import index


@pytest.fixture
def checked(tmp_path):
    for number in range(4):
        folder = tmp_path / "photos" / "ab"[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        save(folder / f"{number}.png", number)
    recipe = Recipe(data=DataOptions(source=str(tmp_path / "photos")))
    run = Run(tmp_path / "run")
    run.folder.mkdir()
    index(recipe, run)
    check(recipe, run)
    return run


def save(path, number):
    Image.fromarray(np.full((8, 8), 10 + number, np.uint8)).save(path)


def test_files_as_they_were_checked_pass(checked):
    refuse_changed(checked.manifest(), Policy(), checked.folder / "cache")


def test_a_new_time_alone_is_no_change(checked):
    os.utime(checked.manifest().root / "a" / "0.png", (5, 5))
    refuse_changed(checked.manifest(), Policy(), checked.folder / "cache")


@pytest.mark.parametrize("keeps_notes", [True, False])
def test_other_content_is_named(checked, keeps_notes):
    save(checked.manifest().root / "b" / "1.png", 77)
    if not keeps_notes:
        (checked.folder / "cache" / "check.parquet").unlink()
    with pytest.raises(WrongData, match=r"1 of 4 files is no longer .* b/1\.png.*Put them back"):
        refuse_changed(checked.manifest(), Policy(), checked.folder / "cache")


def test_a_file_that_is_gone_is_named(checked):
    (checked.manifest().root / "a" / "2.png").unlink()
    with pytest.raises(WrongData, match=r"the first: a/2\.png"):
        refuse_changed(checked.manifest(), Policy(), checked.folder / "cache")


def test_training_stops_and_keeps_nothing_of_the_changed_file(checked, monkeypatch):
    from tamiz.core.events import ignore
    from tamiz.stages.preparing import PREPARED_PREFIX, prepare_rows
    from tamiz.steps.apply import build_steps

    save(checked.manifest().root / "b" / "1.png", 77)
    steps = build_steps([{"name": "grey"}, {"name": "resize", "size_px": 8, "aspect": "stretch"}])
    recipe = Recipe()
    with pytest.raises(WrongData, match=r"b/1\.png"):
        prepare_rows(
            checked.manifest(), steps, Policy(), _small(recipe), checked.folder / "cache", ignore
        )
    assert not list((checked.folder / "cache").glob(f"{PREPARED_PREFIX}*.npy"))


def _small(recipe: Recipe) -> Recipe:
    from dataclasses import replace

    return replace(recipe, prepare=replace(recipe.prepare, size_px=8, channels=1, workers=0))
