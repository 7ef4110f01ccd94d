"""Tiles are described once: by content of the slide and by all that the description depends on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.stages.slide_drawing import HAEMATOXYLIN, drawn, save_slide

from tamiz.core.cache import cache_folder
from tamiz.core.errors import UnreadableItem
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.data.tiling import Tiling
from tamiz.descriptors.tiles import names_of
from tamiz.stages import embedding
from tamiz.stages.embedding import Embedding, bag_of, bags_of, sample_of_tiles
from tamiz.steps.apply import build_steps, fit_steps, steps_to_tables

HOW = Embedding(Tiling(tile_px=32, um_per_px=1.0, most=6), ("stain", "edges"), (), Policy())


@pytest.fixture
def rows(tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    for number in range(3):
        save_slide(tmp_path / f"{number}.tif", drawn(384, 384, stain=HAEMATOXYLIN, seed=number))
    columns = {"path": [f"{n}.tif" for n in range(3)]}
    manifest = Manifest.from_columns(columns, tmp_path)
    return manifest.with_columns({"content_sha256": ["a", "b", "c"]})


def refuse(*_, **__):
    raise AssertionError("described again")


def test_what_was_described_is_read_from_the_cache_and_equal(rows, monkeypatch):
    first, found = bags_of(rows, HOW)
    assert [len(bag.regions) for bag in found] == [6, 6, 6]
    assert first.n_features == len(names_of(HOW.names))
    monkeypatch.setattr(embedding, "bag_of", refuse)
    again, _ = bags_of(rows, HOW)
    np.testing.assert_array_equal(first.values, again.values)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOW, names=("stain",)),
        replace(HOW, tiling=replace(HOW.tiling, most=5)),
        replace(HOW, steps=build_steps([{"name": "blur"}])),
        replace(HOW, policy=Policy(background="black")),
    ],
    ids=["descriptors", "tiling", "steps", "policy"],
)
def test_another_description_or_content_has_another_place(other):
    assert other.key("a") != HOW.key("a") != HOW.key("b")


def test_a_damaged_cache_is_made_again(rows):
    first, _ = bags_of(rows, HOW)
    for place in (cache_folder() / "bags").iterdir():
        place.write_bytes(place.read_bytes()[:50])
    again, _ = bags_of(rows, HOW)
    np.testing.assert_array_equal(first.values, again.values)


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(rows, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "file" / "cache"))
    bags, _ = bags_of(rows, HOW)
    assert len(bags) == 3


def test_a_bag_does_not_depend_on_where_the_slide_lies(rows, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "0.tif").write_bytes((tmp_path / "0.tif").read_bytes())
    here = bag_of(tmp_path, "0.tif", HOW)
    there = bag_of(tmp_path, "other/0.tif", HOW)
    np.testing.assert_array_equal(here.values, there.values)


def test_a_slide_without_spacing_is_named_with_the_way_out(tmp_path):
    save_slide(tmp_path / "a.tif", drawn(384, 384), um_per_px=None)
    with pytest.raises(UnreadableItem, match=r"a.tif: .* nothing is guessed; use .*downsample"):
        bag_of(tmp_path, "a.tif", HOW)


def test_a_step_that_learns_is_fitted_to_tiles_of_the_training_slides(rows):
    steps = build_steps([{"name": "reinhard", "learn": "target"}])
    made = fit_steps(steps, lambda: sample_of_tiles(rows, HOW, 200))
    assert steps_to_tables(made)[0]["learn"] == "nothing"
    assert made == fit_steps(steps, lambda: sample_of_tiles(rows, HOW, 200))
