"""The torch dataset and the NumPy batches: every row once, the test part sealed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import tamiz
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions, PrepareOptions, Recipe
from tamiz.core.recipe_io import save_recipe
from tamiz.data.looks_ledger import LooksLedger, part_key
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.engine.dataset import TorchDataset
from tamiz.engine.items import batches
from tamiz.engine.openings import contents_of_rows
from tamiz.testing.pictures import draw, encode

PARTS = ["train", "train", "train", "val", "test", None]


@pytest.fixture
def manifest(tmp_path) -> Manifest:
    for seed in range(6):
        (tmp_path / f"{seed}.png").write_bytes(encode(draw(seed, (12, 8))))
    columns: dict[str, list[str | None]] = {
        "path": [f"{seed}.png" for seed in range(6)],
        "label": ["cat", "dog", "cat", "dog", "cat", None],
        "split": PARTS,
        "fate": [*PARTS[:5], "unlabelled"],
    }
    return Manifest.from_columns(columns, tmp_path)


def test_items_are_the_pixels_the_index_of_the_class_and_the_row(manifest):
    made = TorchDataset(manifest, "train")
    assert (len(made), made.classes) == (3, ("cat", "dog"))
    image, target, item = made[1]
    assert (image.permute(1, 2, 0).numpy() == draw(1, (12, 8))).all()
    assert (image.dtype, target.dtype, int(target)) == (torch.uint8, torch.int64, 1)
    assert item == manifest.column("item")[1]
    assert torch.equal(made[-1][0], made[2][0])
    with pytest.raises(IndexError):
        made[3]


def test_the_test_part_is_given_only_to_those_who_say_so(manifest):
    with pytest.raises(WrongUse, match="the test part is sealed"):
        TorchDataset(manifest, "test")
    assert len(TorchDataset(manifest)) == 4  # train and val; the rest is sealed or set aside
    assert len(TorchDataset(manifest, "test", opens_test=True)) == 1
    assert len(TorchDataset(manifest, opens_test=True)) == 5


def test_opening_the_test_part_is_counted_where_evaluate_counts(manifest, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZ_LOOKS", str(tmp_path / "looks"))
    list(batches(manifest, 2))
    TorchDataset(manifest, "train", opens_test=True)
    ledger = LooksLedger.of(manifest.root)
    assert ledger.read() == ([], True)
    TorchDataset(manifest, "test", opens_test=True)
    batches(manifest, opens_test=True)
    looks, is_whole = ledger.read()
    assert is_whole
    key = part_key(contents_of_rows(manifest.where(split="test")))
    assert [(one.part, one.n, one.value) for one in looks] == [(key, 1, None)] * 2


def test_a_runs_look_stands_beside_its_source_and_in_the_run(manifest, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZ_LOOKS", str(tmp_path / "looks"))
    run = Run(tmp_path / "run")
    run.remember(stages={})
    manifest.save(run.manifest_path)
    save_recipe(Recipe(data=DataOptions(source=str(tmp_path))), run.recipe_path)
    TorchDataset(run, "test", opens_test=True)
    [look], _ = LooksLedger.of(tmp_path).read()
    assert look.run == "run"
    assert len(run.state()["test_looks"]) == 1


def test_what_cannot_be_given_is_said(manifest, tmp_path):
    with pytest.raises(WrongUse, match="there is no part 'holdout'"):
        TorchDataset(manifest, "holdout")
    with pytest.raises(WrongUse, match="does not say how images are prepared"):
        TorchDataset(manifest, prepared=True)
    with pytest.raises(WrongData, match="no usable image"):
        TorchDataset(Manifest.from_columns({"path": []}, tmp_path))
    with pytest.raises(WrongUse, match="a batch of 0 images"):
        batches(manifest, 0)


def test_batches_give_every_row_once_in_order_or_shuffled_by_their_seed(manifest):
    plain = list(batches(manifest, 3))
    assert [len(one) for one in plain] == [3, 1]
    assert np.shape(plain[0].images) == (3, 8, 12, 3)
    assert np.concatenate([one.targets for one in plain]).tolist() == [0, 1, 0, 1]
    orders = [
        [item for one in batches(manifest, 2, shuffle_seed=seed) for item in one.items]
        for seed in (1, 1, 2)
    ]
    assert orders[0] == orders[1]
    assert {frozenset(order) for order in orders} == {frozenset(manifest.column("item")[:4])}


def test_pictures_of_several_sizes_come_as_a_list(manifest, tmp_path):
    (tmp_path / "0.png").write_bytes(encode(draw(0, (5, 5), 1)))
    [batch] = batches(manifest, 4)
    assert [one.shape for one in batch.images][:2] == [(5, 5, 1), (8, 12, 3)]


def test_several_labels_are_a_row_of_ones(tmp_path):
    (tmp_path / "0.png").write_bytes(encode(draw(0)))
    columns: dict[str, list[str | None]] = {"path": ["0.png"] * 3, "label": ["a|b", "-", None]}
    made = Manifest.from_columns(columns, tmp_path, is_multilabel=True)
    [batch] = batches(made)
    assert batch.targets[:2].tolist() == [[1, 1], [0, 0]]
    assert np.isnan(batch.targets[2]).all()


def test_a_run_prepares_as_its_recipe_says(manifest, tmp_path):
    run = Run(tmp_path / "run")
    (tmp_path / "run").mkdir()
    manifest.save(run.manifest_path)
    recipe = Recipe(data=DataOptions(source=str(tmp_path)), prepare=PrepareOptions(size_px=6))
    save_recipe(recipe, run.recipe_path)
    assert TorchDataset(run, prepared=True)[0][0].shape == (3, 6, 6)
    [batch] = tamiz.batches(tmp_path / "run", prepared=True)
    assert np.shape(batch.images) == (4, 6, 6, 3)
    assert len(tamiz.TorchDataset(run.manifest_path)) == 4


@pytest.mark.long
def test_spawned_workers_give_the_same_as_one_process(manifest):
    made = TorchDataset(manifest)
    loader = DataLoader(made, batch_size=2, num_workers=2, multiprocessing_context="spawn")
    found = [(images, item) for images, _, items in loader for item in items]
    assert [item for _, item in found] == manifest.column("item")[:4]
    assert torch.equal(found[2][0][0], made[2][0])
