"""From predictions of tiles or slides to predictions of patients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions


def pooled(predictions: Predictions) -> Predictions:
    """Return one row per group: the mean of its rows' probabilities.

    A group with rows of several true classes gives a row for each of them, so that no truth is
    lost; both rows belong to one group still. Groups stand in order of first appearance; `item` is
    the group's name, with the class where it has several.
    """
    rows_by_unit = _units(predictions)
    several = {
        group
        for group, n in zip(
            *np.unique([group for group, _ in rows_by_unit], return_counts=True), strict=True
        )
        if n > 1
    }
    names = [
        f"{group} ({predictions.classes[target]})" if group in several else group
        for group, target in rows_by_unit
    ]
    means = [predictions.probabilities[rows].mean(axis=0) for rows in rows_by_unit.values()]
    return replace(
        predictions,
        item=np.array(names, dtype=np.str_),
        group=np.array([group for group, _ in rows_by_unit], dtype=np.str_),
        target=np.array([target for _, target in rows_by_unit], dtype=np.int64),
        probabilities=np.stack(means) if means else predictions.probabilities[:0],
    )


def typical_rows(predictions: Predictions, groups: Predictions) -> NDArray[np.int64]:
    """Return for each row of `groups` (from `pooled`) the row that says most clearly what it says.

    It is the one with the highest probability of the class that the group was taken for.
    """
    rows = list(_units(predictions).values())
    made = [
        members[int(predictions.probabilities[members, winner].argmax())]
        for members, winner in zip(rows, groups.predicted, strict=True)
    ]
    return np.array(made, dtype=np.int64)


def _units(predictions: Predictions) -> dict[tuple[str, int], list[int]]:
    made: dict[tuple[str, int], list[int]] = {}
    pairs = zip(predictions.group.tolist(), predictions.target.tolist(), strict=True)
    for row, (group, target) in enumerate(pairs):
        made.setdefault((group, target), []).append(row)
    return made
