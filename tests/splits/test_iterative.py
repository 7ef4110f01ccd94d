"""The rule for several labels: groups stay whole, labels keep their shares, rare ones first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.data.label_sets import join_labels, labels_in
from tamiz.splits.iterative import iterative

HOW: dict[str, Any] = {"test_fraction": 0.2, "val_fraction": 0.1, "seed": 0}


def drawn(n_groups, seed, n_labels=4, most_images=3, rarest=0.15):
    """Return (groups, labels): groups of 1 to `most_images` images, labels of unequal frequency."""
    rng = np.random.default_rng(seed)
    shares = np.linspace(rarest, 0.6, n_labels)
    groups, labels = [], []
    for number in range(n_groups):
        for _ in range(rng.integers(1, most_images + 1)):
            groups.append(f"p{number}")
            labels.append(
                join_labels("abcdefgh"[k] for k in np.flatnonzero(rng.random(n_labels) < shares))
            )
    return groups, labels


def groups_by(groups, labels, parts):
    """Return {label: Counter of groups by part}, of images without labels under '-'."""
    seen = {
        (label, group, part)
        for group, joined, part in zip(groups, labels, parts, strict=True)
        for label in labels_in(joined) or ("-",)
    }
    made: dict[str, Counter[str]] = {}
    for label, _, part in seen:
        made.setdefault(label, Counter())[part] += 1
    return made


@given(st.integers(40, 200), st.integers(0, 10**6), st.integers(1, 4))
def test_groups_stay_whole_and_every_label_is_in_every_part(n_groups, seed, most_images):
    groups, labels = drawn(n_groups, seed, most_images=most_images)
    parts = iterative(groups, labels, **HOW)
    sides: dict[str, str] = {}
    for group, part in zip(groups, parts, strict=True):
        assert sides.setdefault(group, part) == part
    for label, counts in groups_by(groups, labels, parts).items():
        if label != "-":
            assert set(counts) == {"train", "val", "test"}, label


@given(st.integers(100, 300), st.integers(0, 10**6))
def test_each_label_has_its_share_of_groups_in_each_part(n_groups, seed):
    groups, labels = drawn(n_groups, seed)
    parts = iterative(groups, labels, **HOW)
    for counts in groups_by(groups, labels, parts).values():
        n = counts.total()
        for part, share in (("test", 0.2), ("val", 0.1), ("train", 0.7)):
            assert abs(counts[part] - n * share) <= max(3.0, 0.08 * n), (n, counts)


def test_shares_are_nearer_than_those_of_a_plain_draw():
    def distance(parts, groups, labels):
        found = groups_by(groups, labels, parts).values()
        return np.mean([abs(counts["test"] / counts.total() - 0.2) for counts in found])

    ours, plain = [], []
    for seed in range(10):
        groups, labels = drawn(120, seed, n_labels=6, rarest=0.04)
        ours.append(distance(iterative(groups, labels, **HOW), groups, labels))
        rng = np.random.default_rng(seed)
        part = dict.fromkeys(groups, "train")
        for name in rng.permutation(sorted(part))[: round(0.2 * len(part))]:
            part[name] = "test"
        plain.append(distance([part[group] for group in groups], groups, labels))
    assert np.mean(ours) < 0.5 * np.mean(plain)


@given(st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing_and_the_seed_does(seed):
    groups, labels = drawn(80, seed)
    order = np.random.default_rng(seed).permutation(len(groups))
    parts = iterative(groups, labels, **HOW)
    turned = iterative([groups[i] for i in order], [labels[i] for i in order], **HOW)
    assert [parts[i] for i in order] == turned
    assert iterative(groups, labels, **{**HOW, "seed": 1}) != parts


def test_a_label_of_three_groups_has_one_in_each_part():
    groups, labels = drawn(60, 1)
    for number in (3, 30, 50):
        labels[groups.index(f"p{number}")] = "rare"
    parts = iterative(groups, labels, **HOW)
    assert groups_by(groups, labels, parts)["rare"] == {"train": 1, "val": 1, "test": 1}


def test_images_without_labels_are_spread_too():
    groups = [f"p{number}" for number in range(100)]
    labels = ["-" if number % 2 else "a|b" if number % 4 else "b" for number in range(100)]
    counts = groups_by(groups, labels, iterative(groups, labels, **HOW))["-"]
    assert counts == {"train": 35, "test": 10, "val": 5}


def test_what_cannot_be_split_is_refused_with_the_arithmetic():
    with pytest.raises(WrongData, match="'rare' has 2 groups"):
        iterative(["a", "b", "c", "d"], ["x|rare", "x|rare", "x", "x"], **HOW)
    with pytest.raises(WrongData, match="'x' is the only label"):
        iterative(list("abcdef"), ["x", "-", "x", "-", "x", "-"], **HOW)
    with pytest.raises(WrongData, match="none of 3 images has any label"):
        iterative(list("abc"), ["-"] * 3, **HOW)
    with pytest.raises(WrongUse):
        iterative(list("abc"), ["x", "y", "x|y"], test_fraction=0.5, val_fraction=0.5, seed=0)
