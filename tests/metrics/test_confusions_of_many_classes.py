"""Above 40 classes the report lists the confusions, most frequent first."""

from __future__ import annotations

import numpy as np

from tamiz.data.predictions import Predictions
from tamiz.metrics.report_blocks import confusion_tables


def predictions_of(target: list[int], predicted: list[int], k: int) -> Predictions:
    n = len(target)
    return Predictions(
        classes=tuple(f"c{number}" for number in range(k)),
        item=np.array([str(row) for row in range(n)]),
        group=np.array([str(row) for row in range(n)]),
        target=np.array(target),
        probabilities=np.eye(k)[predicted],
    )


def test_a_matrix_too_large_to_read_becomes_a_list_of_the_most_frequent_confusions():
    target = [7] * 10 + [3] * 4 + list(range(50))
    predicted = [9] * 8 + [7] * 2 + [5] + [3] * 3 + list(range(50))
    (table,) = confusion_tables(predictions_of(target, predicted, 50), "test")
    assert table.rows == (("c7", "c9", 8, 8 / 11), ("c3", "c5", 1, 1 / 5))
    assert "2 of 2 pairs" in str(table.caption)
    assert "50 classes" in str(table.caption)


def test_at_most_forty_confusions_are_listed_and_the_caption_counts_all():
    target = list(range(60))
    predicted = [*range(1, 60), 0]
    (table,) = confusion_tables(predictions_of(target, predicted, 60), "test")
    assert len(table.rows) == 40
    assert "40 of 60 pairs" in str(table.caption)
