"""Near-duplicates: every usual copy is found, strangers are not, and nothing explodes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.likeness.drawing import COPIES, draw, thumbnails

from tamiz.data.evidence import KINSHIPS
from tamiz.likeness.candidates import _FEW
from tamiz.likeness.search import find_pairs

N = 30


@pytest.fixture(scope="module")
def originals():
    return [draw(seed) for seed in range(N)]


def found(pairs):
    return set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_found_and_paired_with_its_original_only(originals, kind):
    copies = [COPIES[kind](one) for one in originals[:10]]
    pairs = find_pairs(*thumbnails(originals + copies))
    assert found(pairs) == {(i, N + i) for i in range(10)}
    assert (pairs.score > 0.96).all()


@pytest.mark.parametrize(
    ("kind", "kinship"),
    [("jpeg 30", "re-encoded"), ("half", "re-encoded"), ("mirrored", "flipped"),
     ("upside down", "flipped"), ("cropped", "cropped"), ("mirrored and cropped", "cropped")],
)  # fmt: skip
def test_what_was_done_to_a_copy_is_named(originals, kind, kinship):
    pairs = find_pairs(*thumbnails([*originals, COPIES[kind](originals[3])]))
    assert pairs.kinship == (kinship,)


def test_strangers_are_no_pairs(originals):
    assert len(find_pairs(*thumbnails(originals))) == 0


def test_many_pictures_are_searched_cell_by_cell_and_copies_are_found_all_the_same():
    rng = np.random.default_rng(0)
    strangers = rng.integers(0, 256, (_FEW + 200, 8, 8)).astype(np.uint8)
    strangers = np.kron(strangers, np.ones((1, 4, 4), dtype=np.uint8))
    copies = np.clip(strangers[:40].astype(int) + rng.integers(-3, 4, (40, 32, 32)), 0, 255)
    grey = np.concatenate([strangers, copies.astype(np.uint8)])
    pairs = find_pairs(grey, np.full(len(grey), 32, dtype=np.float32))
    assert found(pairs) == {(i, len(strangers) + i) for i in range(40)}


def test_equal_pictures_are_chained_so_that_their_number_of_pairs_stays_small(originals):
    grey, native = thumbnails([originals[0]] * 200 + [originals[1]])
    pairs = find_pairs(grey, native)
    assert found(pairs) == {(0, i) for i in range(1, 200)}
    assert (pairs.score == 1).all()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_pictures_are_like_nothing(level):
    grey = np.full((20, 64, 64), level, dtype=np.uint8)
    grey[np.arange(20), 5 + np.arange(20), 30] = abs(level - 3)
    assert len(find_pairs(grey, np.full(20, 64, dtype=np.float32))) == 0


@pytest.mark.parametrize("n", [0, 1])
def test_none_or_one_picture_has_no_pairs(n, originals):
    grey, native = thumbnails(originals[:n])
    assert len(find_pairs(grey, native)) == 0


def test_of_tiny_pictures_only_equality_counts(originals):
    grey, _ = thumbnails([originals[0], COPIES["jpeg 95"](originals[0]), originals[0]])
    pairs = find_pairs(grey, np.full(3, 8, dtype=np.float32))
    assert found(pairs) == {(0, 2)}


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(14)))
def test_the_order_of_the_rows_does_not_matter(order):
    pictures = [draw(seed) for seed in range(8)]
    pictures += [COPIES["half"](pictures[0]), COPIES["cropped"](pictures[1])]
    pictures += [COPIES["mirrored"](pictures[2]), *(draw(seed) for seed in (20, 21, 22))]
    grey, native = thumbnails(pictures)
    plain = found(find_pairs(grey, native))
    moved = find_pairs(grey[list(order)], native[list(order)])
    back = {tuple(sorted((order[a], order[b]))) for a, b in found(moved)}
    assert back == plain == {(0, 8), (1, 9), (2, 10)}


def test_pairs_are_well_formed_and_the_same_every_time(originals):
    pictures = [*originals, *(make(originals[5]) for make in COPIES.values())]
    one, two = (find_pairs(*thumbnails(pictures)) for _ in range(2))
    assert found(one) == found(two)
    assert (one.score == two.score).all()
    assert (one.first < one.second).all()
    assert set(one.kinship) <= set(KINSHIPS)
    assert len(found(one)) == len(one)
    assert ((one.score >= 0) & (one.score <= 1)).all()


def test_both_the_search_and_the_comparison_tell_how_far_they_are(originals):
    told: list[tuple[int, int]] = []
    find_pairs(*thumbnails(originals), on_progress=lambda *one: told.append(one))
    assert told == sorted(told)
    assert {total for _, total in told} == {100}
    assert any(0 < done < 50 for done, _ in told)
    assert told[-1] == (100, 100)
