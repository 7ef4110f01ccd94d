"""Consecutive frames: numbers and likeness together."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.checks.bursts import find_bursts


def frames(n, seed=0, noise=4):
    rng = np.random.default_rng(seed)
    scene = np.kron(rng.integers(0, 256, (16, 16)), np.ones((4, 4)))
    return np.clip(scene + rng.normal(0, noise, (n, 64, 64)), 0, 255).astype(np.uint8)


def strangers(n, seed=1):
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(0, 256, (n, 16, 16)), np.ones((1, 4, 4))).astype(np.uint8)


def test_frames_of_a_scene_with_consecutive_numbers_are_a_burst():
    grey = np.concatenate([strangers(50), frames(4)])
    names = [f"other/{i}.png" for i in range(50)] + [f"scene_{n:04d}.png" for n in (7, 8, 10, 11)]
    pairs = find_bursts(names, grey)
    assert list(zip(pairs.first, pairs.second, strict=True)) == [(50, 51), (51, 52), (52, 53)]
    assert set(pairs.kinship) == {"burst"}


@pytest.mark.parametrize(
    "names",
    [["a1.png", "b2.png"], ["a1.png", "a9.png"], ["x/a1.png", "y/a2.png"], ["", ""],
     ["a1b1.png", "a2b2.png"]],
)  # fmt: skip
def test_alike_pictures_without_consecutive_names_are_no_burst(names):
    grey = np.concatenate([strangers(50), frames(2)])
    assert len(find_bursts([f"o{i}x" for i in range(50)] + names, grey)) == 0


def test_consecutive_names_of_different_pictures_are_no_burst():
    assert len(find_bursts([f"{i}.png" for i in range(60)], strangers(60))) == 0


def test_where_all_pictures_are_alike_being_alike_says_nothing():
    assert len(find_bursts([f"{i}.png" for i in range(60)], frames(60, noise=30))) <= 1


@pytest.mark.parametrize("n", [0, 1])
def test_none_or_one_is_no_burst(n):
    assert len(find_bursts(["1.png"] * n, frames(n))) == 0
