"""Mixup and cutmix: what becomes of pixels, becomes of targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tamiz.engine.augment.mixing import Cutmix, Mixup
from tamiz.engine.augment.pipeline import Pipeline

BOTH = [Mixup(1.0), Cutmix(1.0)]
seeds = st.integers(0, 2**32 - 1)


def flat(n):
    """Return images of one value each, 0, 20, 40, ..., and one class for each."""
    values = (torch.arange(n) * 20).to(torch.uint8)[:, None, None, None]
    return values.expand(n, 3, 16, 20).clone(), torch.eye(n)


def drawn(n, part, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).random((n, part.n_uniforms)))


@pytest.mark.parametrize("part", BOTH, ids=repr)
@given(seed=seeds, n=st.integers(1, 12))
def test_targets_say_how_much_of_each_image_is_in_the_pixels(part, seed, n):
    images, targets = flat(n)
    made, mixed = part.mix(images, targets, drawn(n, part, seed))
    assert made.dtype == torch.uint8
    assert mixed.sum(1).tolist() == pytest.approx([1.0] * n, abs=1e-6)
    told = mixed.double() @ (torch.arange(n) * 20).double()
    seen = made.double().mean(dim=(1, 2, 3))
    assert (told - seen).abs().max() < 0.51  # mixup rounds to whole levels
    assert torch.equal(images, flat(n)[0]), "the input was changed"


@pytest.mark.parametrize("part", BOTH, ids=repr)
@given(seed=seeds, order=st.permutations(range(9)))
def test_partners_do_not_depend_on_the_order_of_the_batch(part, seed, order):
    images, targets = flat(9)
    numbers = drawn(9, part, seed)
    made, mixed = part.mix(images, targets, numbers)
    again, mixed_again = part.mix(images[order], targets[order], numbers[order])
    assert torch.equal(again, made[order])
    assert torch.equal(mixed_again, mixed[order])


@pytest.mark.parametrize("part", BOTH, ids=repr)
def test_nobody_is_mixed_with_itself_and_everybody_is_mixed_once(part):
    n = 10
    _, mixed = part.mix(*flat(n), drawn(n, part, 3))
    others = mixed * (1 - torch.eye(n))
    assert ((others > 0).sum(0) <= 1).all()
    assert ((others > 0).sum(1) <= 1).all()


@pytest.mark.parametrize("part", [Mixup(1.0, 0.0), Cutmix(1.0, 0.0)], ids=repr)
def test_without_chance_nothing_is_mixed(part):
    images, targets = flat(7)
    made, mixed = part.mix(images, targets, drawn(7, part))
    assert torch.equal(made, images)
    assert torch.equal(mixed, targets)


def test_mixup_keeps_most_of_the_image_and_shares_follow_beta():
    part = Mixup(0.2)
    n = 4000
    targets = torch.zeros(n, 2)
    targets[:, 0] = 1
    images = torch.zeros(n, 1, 1, 1, dtype=torch.uint8)
    marked = torch.arange(n) % 2 == 0
    targets[marked] = torch.tensor([0.0, 1.0])
    _, mixed = part.mix(images, targets, drawn(n, part))
    own = torch.where(marked, mixed[:, 1], mixed[:, 0])
    assert float(own.min()) >= 0.5
    drawn_shares = np.random.default_rng(0).beta(0.2, 0.2, 10**6)
    mean = np.maximum(drawn_shares, 1 - drawn_shares).mean()
    # half of the partners are of the same class and leave no trace
    assert float((1 - own).mean()) == pytest.approx((1 - mean) / 2, abs=0.01)


def test_cutmix_pastes_one_rectangle_with_the_drawn_area_on_average():
    part, n = Cutmix(1.0), 2000
    images = torch.zeros(n, 1, 32, 32, dtype=torch.uint8)
    images[::2] = 255
    numbers = drawn(n, part)
    numbers[:, 0] = torch.arange(n) / n  # the partner is the next one: of the other value
    made, _ = part.mix(images, torch.eye(2)[torch.arange(n) % 2], numbers)
    pasted = (made != images)[:, 0]
    assert float(pasted.double().mean()) == pytest.approx(0.5, abs=0.02)
    rows, columns = pasted.any(2).sum(1), pasted.any(1).sum(1)
    assert torch.equal(pasted.sum((1, 2)), rows * columns)


def test_the_pipeline_leaves_mixers_out_until_it_is_asked_to_mix():
    tables: list[dict[str, Any]] = [
        {"name": "mixup"},
        {"name": "flip", "probability": 1.0},
        {"name": "cutmix"},
    ]
    pipeline = Pipeline(tables)
    assert pipeline.mixes
    assert not Pipeline(tables[1:2]).mixes
    assert pipeline.n_uniforms == 3 + 1 + 5
    images, targets = flat(6)
    images[..., 0] = 255
    numbers = drawn(6, pipeline)
    changed = pipeline(images, numbers)
    assert torch.equal(changed, images.flip(3))
    made, mixed = pipeline.mix(changed, targets, numbers)
    once = Mixup().mix(changed, targets, numbers[:, :3])
    expected = Cutmix().mix(*once, numbers[:, 4:])
    assert torch.equal(made, expected[0])
    assert torch.equal(mixed, expected[1])
