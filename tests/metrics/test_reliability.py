"""Agreement of probabilities and events: laws that hold exactly, and bands that make sense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Table
from tamiz.metrics.calibration_blocks import class_blocks, confidence_chart
from tamiz.metrics.intervals import measure
from tamiz.metrics.registry import METRICS
from tamiz.metrics.reliability import (
    brier_parts,
    calibration_error,
    class_curves,
    compare_calibrations,
    confidence_counts,
    noise_floor,
)

OPTIONS = EvaluateOptions(resamples=200)


def drawn(seed: int, n: int = 300, k: int = 3, *, per_group: int = 1, labels: bool = False):
    """Return predictions whose probabilities are true."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(k), n)
    if labels:
        shares = rng.random((n, k))
        target = (rng.random((n, k)) < shares).astype(np.int64)
    else:
        target = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(0, k - 1)
    return Predictions(
        classes=tuple("abcdefghijklmnop"[:k]),
        item=np.array([f"{i:05d}" for i in range(n)]),
        group=np.array([f"{i // per_group:05d}" for i in range(n)]),
        target=target,
        probabilities=shares,
        thresholds=(0.5,) * k if labels else (),
    )


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 40), st.booleans())
def test_the_parts_of_the_brier_score_add_up_to_it(seed, k, n_bins, labels):
    known = drawn(seed, 40, k, labels=labels)
    parts = brier_parts(known, n_bins)
    happened = known.target if labels else np.eye(k)[known.target]
    whole = float(((known.probabilities - happened) ** 2).sum(axis=1).mean())
    assert parts.brier == pytest.approx(whole, abs=1e-12)
    assert parts.reliability >= 0
    assert parts.resolution >= 0


def test_bins_of_equal_probabilities_leave_nothing_within():
    known = drawn(0, 400, 2)
    rounded = np.floor(known.probabilities[:, 0] * 10) / 10 + 0.05  # the middles of ten bins
    known = replace(known, probabilities=np.stack([rounded, 1 - rounded], axis=1))
    assert brier_parts(known, 10).within == pytest.approx(0, abs=1e-12)


@given(st.integers(0, 100))
def test_before_and_after_agree_with_the_registered_metrics(seed):
    before, after = drawn(seed), drawn(seed + 1)
    after = replace(after, target=before.target)
    found = compare_calibrations(before, after, replace(OPTIONS, resamples=100))
    for name in ("log_loss", "ece", "brier"):
        one = found[name]
        assert one.before.value == pytest.approx(METRICS.get(name)(before), abs=1e-12)
        assert one.after.value == pytest.approx(METRICS.get(name)(after), abs=1e-12)
        gap = one.after.value - one.before.value
        assert one.difference.value == pytest.approx(gap, abs=1e-12)
        low, high = one.difference.low, one.difference.high
        assert low is not None
        assert high is not None
        assert low <= gap <= high


def test_of_several_labels_losses_are_means_over_labels():
    known = drawn(1, 200, 3, labels=True)
    found = compare_calibrations(known, known, OPTIONS)
    is_true = known.target > 0
    loss = -np.log(np.where(is_true, known.probabilities, 1 - known.probabilities)).mean()
    assert found["log_loss"].after.value == pytest.approx(loss, abs=1e-12)
    brier = ((known.probabilities - known.target) ** 2).mean()
    assert found["brier"].after.value == pytest.approx(brier, abs=1e-12)
    assert found["brier"].difference.value == 0


def test_the_noise_floor_is_what_true_probabilities_show():
    errors = [calibration_error(drawn(seed, 1000)) for seed in range(40)]
    floor = noise_floor(drawn(99, 1000))
    assert np.mean(errors) == pytest.approx(floor, rel=0.15)
    assert noise_floor(drawn(99, 4000)) == pytest.approx(floor / 2, rel=0.15)


def test_bands_are_wider_where_images_of_a_patient_are_alike():
    single = drawn(2, 600, 2)
    at = np.repeat(np.arange(60), 10)
    alike = replace(
        single,
        group=np.array([f"g{i:03d}" for i in at]),
        target=single.target[at],
        probabilities=single.probabilities[at],
    )
    (alone,), (together,) = (class_curves(one, OPTIONS, (1,)) for one in (single, alike))
    assert alone.n.sum() == together.n.sum() == 600
    width = [float(np.average(one.high - one.low, weights=one.n)) for one in (alone, together)]
    assert width[1] > 2 * width[0]
    assert (together.low <= together.share).all()
    assert (together.share <= together.high).all()


def test_two_classes_have_one_curve_and_many_only_a_table():
    for k, n_rows, n_blocks in ((2, 1, 4), (5, 5, 4), (12, 12, 1)):
        blocks = class_blocks(drawn(3, 400, k), "test", OPTIONS)
        assert len(blocks) == n_blocks
        assert isinstance(blocks[0], Table)
        assert len(blocks[0].rows) == n_rows


def test_the_histogram_counts_every_answer():
    known = drawn(4)
    assert confidence_counts(known)[1].sum() == len(known)
    assert sum(confidence_chart(known, "test").series[0].y) == len(known)


def test_the_report_and_the_metrics_agree_on_the_calibration_error():
    known = drawn(5)
    assert calibration_error(known) == pytest.approx(
        measure(known, OPTIONS).overall["ece"].value, abs=1e-12
    )
