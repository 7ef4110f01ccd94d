"""MedMNIST's files: several labels per image, volumes, and real ones with their given splits."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.errors import WrongData
from tamiz.core.recipe import DataOptions
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found

RANDOM = np.random.default_rng(1)
IMAGES = RANDOM.integers(0, 255, (6, 8, 8), dtype=np.uint8)


def look(source, **options) -> Found:
    return find(DataOptions(source=str(source), **options))


def test_columns_of_yes_and_no_are_labels_called_by_their_number(tmp_path):
    labels = np.zeros((6, 14), np.int64)
    labels[0, [0, 13]] = labels[1, 2] = 1
    arrays: dict[str, np.ndarray] = {f"{part}_images": IMAGES for part in ("train", "val", "test")}
    arrays |= {f"{part}_labels": labels for part in ("train", "val", "test")}
    np.savez(tmp_path / "chestmnist.npz", allow_pickle=False, **arrays)
    found = look(tmp_path / "chestmnist.npz")
    assert found.manifest.is_multilabel
    assert found.manifest.column("label")[:3] == ["0|13", "2", "-"]
    assert found.manifest.column("given_split") == ["train"] * 6 + ["val"] * 6 + ["test"] * 6
    assert found.manifest.classes() == ["0", "2", "13"]


def test_a_table_of_other_numbers_is_no_set_of_labels(tmp_path):
    np.savez(tmp_path / "x.npz", images=IMAGES, labels=np.full((6, 2), 3))
    with pytest.raises(WrongData, match="neither one per image nor a column of 0 and 1"):
        look(tmp_path / "x.npz")


def test_parts_that_disagree_on_the_kind_of_labels_are_refused(tmp_path):
    one, many = np.zeros((6, 1), np.int64), np.eye(6, 3, dtype=np.int64)
    named = {"train_images": IMAGES, "test_images": IMAGES}
    np.savez(tmp_path / "x.npz", allow_pickle=False, train_labels=one, test_labels=many, **named)
    with pytest.raises(WrongData, match="in every part"):
        look(tmp_path / "x.npz")


def test_volumes_are_refused_in_one_line(tmp_path):
    volumes = np.zeros((2, 9, 9, 9), np.uint8)
    np.savez(tmp_path / "organmnist3d.npz", train_images=volumes, train_labels=[[0], [1]])
    with pytest.raises(WrongData) as error:
        look(tmp_path / "organmnist3d.npz")
    assert "'train_images' holds volumes of 9 x 9 x 9" in str(error.value)
    assert "save slices of them as images" in str(error.value)
