"""Keyed randomness and augmentations: what an item gets depends on nothing but the item."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongUse
from tamiz.engine.augment.flip import Flip
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.shift import Shift
from tamiz.engine.keyed import item_keys_of, keyed_order, keyed_uniforms

seeds = st.integers(0, 2**63 - 1)


def batch(n, channels=1, height=9, width=7, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 256, (n, height, width, channels))
    return torch.from_numpy(drawn.astype(np.uint8)).permute(0, 3, 1, 2)


def test_keyed_numbers_never_change():
    drawn = keyed_uniforms(7, 3, item_keys_of(["a", "b"]), 2)
    expected = [
        [0.5887961559199083, 0.3566355247591977],
        [0.591225039108915, 0.1489409918639707],
    ]
    assert drawn == pytest.approx(np.array(expected), abs=1e-12)


@given(seeds, st.integers(0, 10**6), st.permutations(range(12)), st.integers(1, 11))
def test_keyed_numbers_depend_on_the_item_and_not_on_its_company(seed, epoch, order, cut):
    keys = item_keys_of([f"i{number}" for number in range(12)])
    together = keyed_uniforms(seed, epoch, keys, 3)
    apart = [keyed_uniforms(seed, epoch, part, 3) for part in np.split(keys[order], [cut])]
    assert np.array_equal(np.concatenate(apart), together[list(order)])
    assert together.min() >= 0
    assert together.max() < 1


def test_keyed_numbers_are_uniform_and_independent_over_items_epochs_and_columns():
    keys = np.arange(20_000, dtype=np.uint64)  # the worst keys there are
    one, next_epoch = keyed_uniforms(0, 0, keys, 2), keyed_uniforms(0, 1, keys, 2)
    counts = np.histogram(one[:, 0], bins=20, range=(0, 1))[0]
    assert abs(counts - 1000).max() < 150  # 5 standard deviations
    columns = np.stack([one[:, 0], one[:, 1], next_epoch[:, 0], np.roll(one[:, 0], 1)])
    correlation = np.corrcoef(columns) - np.eye(4)
    assert abs(correlation).max() < 0.04


@given(seeds, st.permutations(range(15)))
def test_the_order_of_training_does_not_depend_on_the_order_of_rows(seed, order):
    keys = item_keys_of([str(number) for number in range(15)])
    assert np.array_equal(
        keys[keyed_order(seed, 1, keys)], keys[order][keyed_order(seed, 1, keys[order])]
    )


def test_flipping_twice_gives_the_image_back():
    images, always = batch(5), torch.zeros(5, 1, dtype=torch.float64)
    once = Flip(1.0)(images, always)
    assert not torch.equal(once, images)
    assert torch.equal(Flip(1.0)(once, always), images)


@pytest.mark.parametrize("fill", ["zero", "reflect"])
def test_no_shift_is_the_identity_and_a_full_one_moves_by_the_fraction(fill):
    images = batch(3, height=10, width=10)
    middle = torch.full((3, 2), 0.5, dtype=torch.float64)
    assert torch.equal(Shift(0.2, fill)(images, middle), images)
    most = torch.tensor([[0.999, 0.5]] * 3, dtype=torch.float64)
    moved = Shift(0.2, fill)(images, most)
    assert torch.equal(moved[:, :, 2:], images[:, :, :-2])
    expected = torch.zeros_like(images[:, :, :2]) if fill == "zero" else images[:, :, 1:3].flip(2)
    assert torch.equal(moved[:, :, :2], expected)


@pytest.mark.parametrize("fill", [0, 90, 255])
def test_crop_leaves_a_flat_image_flat(fill):
    flat = torch.full((4, 3, 11, 13), fill, dtype=torch.uint8)
    part = Pipeline([{"name": "crop"}])
    assert torch.equal(part(flat, torch.rand(4, 3, dtype=torch.float64)), flat)


def test_wrong_augmentations_are_all_named():
    with pytest.raises(WrongUse) as error:
        Pipeline([{"name": "flipp"}, {"name": "shift", "fraction": 2}])
    assert len(error.value.details) == 2
    assert "did you mean 'flip'" in error.value.details[0]
