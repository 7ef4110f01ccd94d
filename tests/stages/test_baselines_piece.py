"""A model is compared with baselines image by image, and what is not shown is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from tamiz.core.events import ignore
from tamiz.core.recipe import EvaluateOptions, Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.report import Table
from tamiz.data.run_folder import Run
from tamiz.metrics.intervals import measure
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.pieces.baselines import baselines_piece

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

N = 400
OPTIONS = EvaluateOptions(resamples=200)


def judged(wrong: np.ndarray, n_groups: int = N) -> Predictions:
    """Return predictions of N images that are right but for those where `wrong`."""
    target = np.arange(N) % 2
    named = np.where(wrong, 1 - target, target)
    return Predictions(
        classes=("no", "yes"),
        item=np.array([f"{at:03d}" for at in range(N)]),
        group=np.array([f"g{at % n_groups:03d}" for at in range(N)]),
        target=target,
        probabilities=np.where(np.arange(2)[None, :] == named[:, None], 0.9, 0.1),
        split="test",
    )


def piece_of(ours: Predictions, theirs: Predictions, tmp_path: Path) -> Piece:
    evaluation = Evaluation(
        recipe=replace(Recipe(), evaluate=OPTIONS),
        run=Run(tmp_path),
        bundle=cast("Bundle", None),  # this look needs none
        part="test",
        predictions=ours,
        val=None,
        rows=Manifest.from_columns({"path": list(ours.item)}, tmp_path),
        measured=measure(ours, OPTIONS),
        beside={"prior": measure(theirs, OPTIONS)},
        baselines={"prior": theirs},
    )
    return baselines_piece(evaluation, ignore)


def test_a_small_but_consistent_gain_is_shown_though_both_intervals_overlap(tmp_path):
    hard = np.arange(N) < 100
    theirs, ours = judged(hard), judged(np.arange(N) < 85)
    lowest = measure(ours, OPTIONS).overall["accuracy"].low
    assert lowest is not None
    assert lowest < measure(theirs, OPTIONS).overall["accuracy"].value + 0.01
    piece = piece_of(ours, theirs, tmp_path)
    assert piece.findings == ()
    found = piece.values["against_baselines"]["prior"]
    assert found["verdict"] == "better"
    assert found["value"] == pytest.approx(15 / 400)
    assert found["low"] > 0


def test_what_is_not_better_is_said_with_the_difference(tmp_path):
    [finding] = piece_of(
        judged(np.arange(N) < 60), judged(np.arange(N) % 6 == 5), tmp_path
    ).findings
    assert "not shown to be better than the baseline 'prior'" in str(finding.what)
    assert "to +" in str(finding.what)
    [finding] = piece_of(judged(np.arange(N) < 200), judged(np.arange(N) < 0), tmp_path).findings
    assert "is worse than the baseline" in str(finding.what)


def test_with_too_few_groups_nothing_is_claimed(tmp_path):
    right, half = np.zeros(N, bool), np.arange(N) % 2 == 0
    piece = piece_of(judged(right, n_groups=4), judged(half, n_groups=4), tmp_path)
    assert piece.findings == ()
    [table] = piece.sections[0].blocks
    assert isinstance(table, Table)
    [row] = table.rows
    assert "too few groups" in str(row[-1])
