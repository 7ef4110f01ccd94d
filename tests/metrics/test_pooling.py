"""Patients' answers are the mean of their slides' or tiles'."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.baselines import even_predictions
from tamiz.metrics.intervals import measure
from tamiz.metrics.pooling import pooled, typical_rows


def predictions(groups, targets, shares):
    first = np.array(shares, dtype=np.float64)
    return Predictions(
        classes=("CE", "LAA"),
        item=np.array([f"i{at}" for at in range(len(groups))], dtype=np.str_),
        group=np.array(groups, dtype=np.str_),
        target=np.array(targets, dtype=np.int64),
        probabilities=np.stack([first, 1 - first], axis=1),
    )


def test_a_patient_is_the_mean_of_the_rows_in_order_of_first_appearance():
    made = pooled(predictions(["b", "a", "b"], [0, 1, 0], [0.9, 0.2, 0.5]))
    assert made.group.tolist() == made.item.tolist() == ["b", "a"]
    assert made.target.tolist() == [0, 1]
    np.testing.assert_allclose(made.probabilities[:, 0], [0.7, 0.2])


def test_a_patient_of_two_classes_gives_a_row_for_each_and_stays_one_group():
    made = pooled(predictions(["a", "a", "b"], [0, 1, 1], [0.9, 0.3, 0.5]))
    assert made.item.tolist() == ["a (CE)", "a (LAA)", "b"]
    assert made.group.tolist() == ["a", "a", "b"]
    assert made.n_groups == 2


def test_the_typical_row_says_most_clearly_what_the_patient_was_taken_for():
    rows = predictions(["a", "a", "a", "b"], [0, 0, 0, 1], [0.2, 0.9, 0.8, 0.1])
    assert typical_rows(rows, pooled(rows)).tolist() == [1, 3]


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=30
    )
)
def test_pooling_twice_changes_nothing_and_every_group_stays(rows):
    groups, targets, shares = zip(*rows, strict=True)
    once = pooled(predictions([f"g{g}" for g in groups], targets, shares))
    again = pooled(once)
    assert again.group.tolist() == once.group.tolist()
    np.testing.assert_array_equal(again.probabilities, once.probabilities)
    assert set(once.group.tolist()) == {f"g{g}" for g in groups}
    np.testing.assert_allclose(once.probabilities.sum(axis=1), 1)


def test_every_class_alike_scores_the_logarithm_of_two_where_classes_weigh_alike():
    rows = predictions([f"g{at}" for at in range(40)], [0] * 30 + [1] * 10, [0.3] * 40)
    found = measure(even_predictions(rows), EvaluateOptions(resamples=100)).overall
    assert round(found["weighted_log_loss"].value, 4) == 0.6931
