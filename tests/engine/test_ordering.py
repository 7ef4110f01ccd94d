"""Which rows an epoch sees: all once, classes evenly, or one super batch after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import TrainOptions
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.ordering import Ordering


def _ordering(targets, train=None, shard=None, **options):
    targets = np.array(targets)
    keys = item_keys_of([f"item {number}" for number in range(len(targets))])
    rows = np.arange(len(targets)) if train is None else np.array(train)
    given_shard = None if shard is None else np.array(shard)
    return Ordering(keys, targets, rows, given_shard, replace(TrainOptions(epochs=3), **options))


def test_an_epoch_sees_every_training_row_once_in_an_order_of_its_own():
    ordering = _ordering([0, 1] * 20, train=range(0, 40, 2))
    first, second = ordering.drawn(0), ordering.drawn(1)
    assert sorted(first.positions) == list(range(0, 40, 2))
    assert sorted(second.positions) == list(range(0, 40, 2))
    assert list(first.positions) != list(second.positions)


@settings(max_examples=40, deadline=None)
@given(
    targets=st.lists(st.integers(0, 3), min_size=8, max_size=60).filter(lambda t: len(set(t)) > 1),
    balance=st.sampled_from(["sampling", "level"]),
    epoch=st.integers(0, 2),
)
def test_balanced_epochs_show_every_class_equally_often(targets, balance, epoch):
    ordering = _ordering(targets, balance=balance)
    drawn = ordering.drawn(epoch)
    counts = np.bincount(np.array(targets)[drawn.positions], minlength=4)
    present = counts[counts > 0]
    assert len(present) == len(set(targets))
    assert len(set(present.tolist())) == 1
    assert len(drawn.positions) == ordering.n_drawn()[0]
    assert len(np.unique(drawn.keys)) == len(drawn.keys)  # copies are changed in their own way


def test_levelling_gives_as_many_as_asked_and_uses_all_rows_of_small_classes():
    ordering = _ordering([0] * 50 + [1] * 3, balance="level", level_to=10)
    positions = ordering.drawn(0).positions
    counts = np.bincount(positions, minlength=53)
    assert counts[:50].sum() == 10
    assert counts[:50].max() == 1
    assert sorted(counts[50:].tolist()) == [3, 3, 4]
    other = ordering.drawn(1).positions
    assert set(positions[positions < 50]) != set(other[other < 50])


def test_levelling_never_draws_a_row_outside_the_training_part():
    ordering = _ordering([0, 1, 1, 1] * 10, train=range(20), balance="level")
    assert max(ordering.drawn(0).positions) < 20


def test_super_batches_come_one_after_the_other_and_replay_some_of_what_came_before():
    shard = np.repeat(np.arange(4), 10)
    ordering = _ordering([0, 1] * 20, shard=shard, epochs=2, replay=0.5)
    assert ordering.n_epochs == 8
    for epoch in range(8):
        positions = ordering.drawn(epoch).positions
        number = epoch // 2
        own = positions[shard[positions] == number]
        earlier = positions[shard[positions] != number]
        assert sorted(own) == list(range(10 * number, 10 * number + 10))
        assert len(earlier) == (5 if number else 0)
        assert all(shard[earlier] < number)


def test_the_reservoir_never_needs_a_row_that_it_dropped_before():
    shard = np.repeat(np.arange(6), 10)
    ordering = _ordering([0, 1] * 30, shard=shard, epochs=1, replay=0.6)
    kept_before: set[int] = set()
    for number in range(1, 6):
        positions = ordering.drawn(number).positions
        kept = {p for p in positions.tolist() if shard[p] < number}
        newly = {p for p in kept if shard[p] == number - 1}
        assert kept - newly <= kept_before | newly
        kept_before = kept


def test_without_replay_a_super_batch_sees_its_own_rows_only():
    ordering = _ordering([0, 1] * 10, shard=[0] * 10 + [1] * 10, epochs=1, replay=0.0)
    assert sorted(ordering.drawn(1).positions) == list(range(10, 20))


def test_a_super_batch_of_one_class_is_refused():
    with pytest.raises(WrongData, match="super batch 2 of 2 has 2 images of one class"):
        _ordering([0, 1, 1, 1], shard=[0, 0, 1, 1])


def test_several_labels_cannot_be_drawn_evenly():
    targets = np.zeros((4, 2), np.float32)
    keys = item_keys_of(list("abcd"))
    with pytest.raises(WrongUse, match="several labels") as caught:
        Ordering(keys, targets, np.arange(4), None, TrainOptions(balance="sampling"))
    assert "train.balance=weights" in caught.value.fix
