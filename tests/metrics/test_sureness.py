"""How often answers of a certain confidence were right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data.predictions import Predictions
from tamiz.metrics.decision import Decision
from tamiz.metrics.sureness import Sureness, sureness_of


def answers(sure, is_right, group=None) -> Predictions:
    """Return predictions of two classes whose first one is given with these probabilities."""
    sure, is_right = np.asarray(sure, dtype=float), np.asarray(is_right, dtype=bool)
    items = np.array([f"{at:05}" for at in range(len(sure))])
    return Predictions(
        classes=("a", "b"),
        item=items,
        group=items if group is None else np.asarray(group, dtype=np.str_),
        target=np.where(is_right, 0, 1),
        probabilities=np.stack([sure, 1 - sure], axis=1),
        bundle="x",
    )


def test_bands_hold_the_share_that_was_right_where_it_is_known():
    sure = np.concatenate([np.full(100, 0.6), np.full(100, 0.9)])
    is_right = np.concatenate([np.arange(100) < 55, np.arange(100) < 88])
    found = sureness_of(answers(sure, is_right), Decision(), "test")
    assert [(one.right, one.n) for one in found.bands] == [(0.55, 100), (0.88, 100)]
    band = found.of(0.9)
    assert band is not None
    assert band.right_low < 0.88 < band.right_high
    assert found.of(0.99) == band
    assert found.of(0.55) is None


def test_too_few_answers_or_groups_tell_nothing():
    assert sureness_of(answers(np.full(29, 0.9), np.ones(29)), Decision(), "test") == Sureness()
    nine = [f"g{at % 9}" for at in range(200)]
    found = sureness_of(answers(np.full(200, 0.9), np.ones(200), nine), Decision(), "test")
    assert found.bands == ()


def test_groups_widen_the_interval():
    is_right = np.repeat(np.arange(20) % 4 > 0, 10)
    alone = sureness_of(answers(np.full(200, 0.8), is_right), Decision(), "test").bands[0]
    groups = np.repeat([f"g{at}" for at in range(20)], 10)
    grouped = sureness_of(answers(np.full(200, 0.8), is_right, groups), Decision(), "test").bands[0]
    assert grouped.n_groups == 20
    assert grouped.right_high - grouped.right_low > 2 * (alone.right_high - alone.right_low)


def test_withheld_answers_are_not_counted():
    sure = np.concatenate([np.full(50, 0.55), np.full(50, 0.9)])
    found = sureness_of(answers(sure, np.ones(100)), Decision(abstain_below=0.7), "test")
    assert sum(one.n for one in found.bands) == 50


@given(st.lists(st.tuples(st.floats(0.5, 1.0), st.booleans()), min_size=1, max_size=300))
def test_every_answer_that_was_measured_lies_in_one_band_and_facts_give_it_back(rows):
    sure, is_right = zip(*rows, strict=True)
    known = answers(sure, is_right)
    found = sureness_of(known, Decision(), "oof")
    assert Sureness.from_facts(found.facts()) == found
    if not found.bands:
        return
    assert sum(one.n for one in found.bands) == len(rows)
    right = sum(one.right * one.n for one in found.bands)
    assert right == pytest.approx(float((known.probabilities.argmax(1) == known.target).sum()))
    assert all(found.of(float(one)) is not None for one in known.probabilities.max(axis=1))


@pytest.mark.parametrize("row", [[0, 1, 2.0, 0, 1, 5, 5], [0, 1, "x", 0, 1, 5, 5], [0, 1]])
def test_facts_that_are_none_are_refused(row):
    with pytest.raises((ValueError, TypeError)):
        Sureness.from_facts({"bands": [row], "part": "test", "confidence": 0.95})
