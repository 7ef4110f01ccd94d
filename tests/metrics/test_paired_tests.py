from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import metric_for, unpaired_difference
from tamiz.metrics.paired_tests import (
    delong,
    delong_of_groups,
    holm,
    holm_levels,
    mcnemar_exact,
    mcnemar_of_groups,
    same_accuracy,
    same_auroc,
)
from tamiz.metrics.panel import Panel

ACCURACY = metric_for("accuracy", is_multilabel=False)
AUROC = metric_for("auroc", is_multilabel=False)
FEW = EvaluateOptions(resamples=200)
shares = st.floats(0, 1, allow_nan=False)


def judged(scores, target, groups=None):
    """Return predictions of two classes; `scores` are of class 1."""
    p = np.asarray(scores, dtype=np.float64)
    n = len(p)
    items = np.array([f"{at:04d}" for at in range(n)])
    groups = items if groups is None else np.array([f"g{one:04d}" for one in groups])
    return Predictions(
        ("no", "yes"), items, groups, np.asarray(target, np.int64), np.stack([1 - p, p], 1)
    )


def drawn(seed, n, n_groups=None, shift=0.0):
    """Return two models on the same items, the second better by `shift`."""
    rng = np.random.default_rng(seed)
    groups = None if n_groups is None else rng.integers(0, n_groups, n)
    target = rng.integers(0, 2, n)
    hard = rng.normal(0, 1, n)
    of_true = [1 / (1 + np.exp(-(1 + more + hard + rng.normal(0, 0.7, n)))) for more in (0, shift)]
    return [judged(np.where(target == 1, p, 1 - p), target, groups) for p in of_true]


@pytest.mark.parametrize(
    ("b", "c", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (0, 6, 0.03125), (10, 10, 1.0), (2, 8, 0.109375)],
)
def test_mcnemar_gives_the_binomial_tail(b, c, p):
    assert mcnemar_exact(b, c) == pytest.approx(p)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_does_not_care_which_model_comes_first(b, c):
    assert mcnemar_exact(b, c) == mcnemar_exact(c, b)
    assert 0 <= mcnemar_exact(b, c) <= 1


def test_mcnemar_of_groups_follows_its_formula():
    # d = +2, -1, 0, +1: (3/4) * 2^2 / 6 = 0.5; upper tail of chi-square(1) at 0.5 is 0.4795
    right = np.array([1, 1, 0, 1, 1], dtype=bool)
    other = np.array([0, 0, 1, 1, 0], dtype=bool)
    groups = np.array([0, 0, 1, 2, 3])
    assert mcnemar_of_groups(right, other, groups) == pytest.approx(0.4795, abs=1e-4)
    assert mcnemar_of_groups(right, right, groups) == 1.0


def test_copies_of_the_same_images_are_no_new_evidence():
    one, other = drawn(1, 60, shift=0.4)
    right = [part.predicted == part.target for part in (one, other)]
    once = mcnemar_of_groups(right[0], right[1], np.arange(60))
    fivefold = mcnemar_of_groups(right[0].repeat(5), right[1].repeat(5), np.arange(60).repeat(5))
    assert fivefold == pytest.approx(once)


def brute_auroc(positive, negative):
    pairs = [float(p > n) + 0.5 * float(p == n) for p, n in product(positive, negative)]
    return np.array(pairs).reshape(len(positive), len(negative))


@given(
    st.lists(st.tuples(st.booleans(), shares, shares), min_size=8, max_size=30).filter(
        lambda rows: 2 <= sum(row[0] for row in rows) <= len(rows) - 2
    )
)
def test_delong_equals_the_sum_over_all_pairs(rows):
    is_positive = np.array([row[0] for row in rows])
    scores = np.array([[row[1] for row in rows], [row[2] for row in rows]])
    wins = [brute_auroc(one[is_positive], one[~is_positive]) for one in scores]
    areas = [one.mean() for one in wins]
    s10 = np.cov([one.mean(axis=1) for one in wins])
    s01 = np.cov([one.mean(axis=0) for one in wins])
    covariance = s10 / len(wins[0]) + s01 / wins[0].shape[1]
    found, variance = delong(is_positive, scores)
    assert found == pytest.approx(areas[0] - areas[1], abs=1e-12)
    wanted = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    assert variance == pytest.approx(wanted, abs=1e-12)


def test_delong_for_groups_of_one_is_nearly_the_plain_one():
    one, other = drawn(3, 400)
    scores = np.stack([one.probabilities[:, 1], other.probabilities[:, 1]])
    plain = delong(one.target == 1, scores)
    grouped = delong_of_groups(one.target == 1, scores, np.arange(400))
    assert grouped[0] == pytest.approx(plain[0])
    assert grouped[1] == pytest.approx(plain[1], rel=0.02)


def test_delong_for_groups_agrees_with_the_bootstrap_of_groups():
    one, other = drawn(4, 600, n_groups=150)
    scores = np.stack([one.probabilities[:, 1], other.probabilities[:, 1]])
    groups = np.unique(one.group, return_inverse=True)[1]
    _, variance = delong_of_groups(one.target == 1, scores, groups)
    both = Panel([[one], [other]], AUROC, EvaluateOptions(resamples=1000)).replicates
    drawn_spread = float(np.std(both[0].drawn - both[1].drawn, ddof=1))
    assert math.sqrt(variance) == pytest.approx(drawn_spread, rel=0.12)


def test_delong_says_when_a_class_is_too_small():
    scores = np.array([[0.1, 0.9, 0.3], [0.2, 0.8, 0.1]])
    assert math.isnan(delong(np.array([False, True, False]), scores)[1])
    groups = np.array([0, 1, 2])
    assert math.isnan(delong_of_groups(np.array([False, True, False]), scores, groups)[1])
    assert math.isnan(delong_of_groups(np.zeros(3, bool), scores, groups)[0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_never_lowers_a_p(p_values):
    made = holm(p_values)
    assert all(new >= old for new, old in zip(made, p_values, strict=True))
    assert max(made) <= 1
    order = np.argsort(p_values, kind="stable")
    assert np.all(np.diff(np.array(made)[order]) >= 0)


def test_holm_counts_only_tests_that_were_made():
    assert holm([0.01, math.nan, 0.04])[0] == pytest.approx(0.02)
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert math.isnan(holm([0.01, math.nan])[1])
    assert holm_levels([0.01, 0.04, 0.03], 0.06) == pytest.approx([0.02, 0.06, 0.03])


def test_the_test_follows_from_how_items_are_grouped():
    alone, together = drawn(5, 80), drawn(5, 80, n_groups=30)
    assert same_accuracy(*alone).name == "mcnemar"
    assert same_accuracy(*together).name == "mcnemar-groups"
    assert same_auroc(*alone).name == "delong"
    assert same_auroc(*together).name == "delong-groups"


@pytest.mark.parametrize("metric", [ACCURACY, AUROC, metric_for("log_loss", is_multilabel=False)])
def test_swapping_the_models_swaps_the_verdict(metric):
    sides = [[one] for one in drawn(6, 500, n_groups=200, shift=1.5)]
    there, back = Panel(sides, metric, FEW).compared([(1, 0), (0, 1)])
    assert there.verdict == "better"
    assert back.verdict == "worse"
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.p_corrected == back.p_corrected == there.test.p  # one comparison, told twice


def test_equal_models_show_no_difference():
    one, _ = drawn(7, 100)
    found = Panel([[one], [one]], ACCURACY, FEW).compared([(1, 0)])[0]
    assert found.verdict == "not shown"
    assert found.test.p == 1


def test_a_difference_needs_more_the_more_is_compared():
    one, other = drawn(8, 200, shift=0.55)
    alone = Panel([[one], [other]], ACCURACY, FEW).compared([(1, 0)])[0]
    among = Panel([[one], [other], [one], [one], [one]], ACCURACY, FEW)
    found = among.compared([(1, 0), (2, 1), (3, 2), (4, 3)])[0]
    assert found.p_corrected > alone.p_corrected
    width = (found.corrected.high or 0) - (found.corrected.low or 0)
    assert width > (alone.difference.high or 0) - (alone.difference.low or 0)


def test_verdicts_alone_are_those_of_the_whole_comparison():
    sides = [[one] for one in (*drawn(9, 300, shift=0.8), *drawn(10, 300)[:1])]
    sides[2] = [sides[0][0]]
    panel = Panel(sides, ACCURACY, FEW)
    pairs = [(1, 0), (2, 1), (2, 0)]
    assert panel.verdicts(pairs) == [one.verdict for one in panel.compared(pairs)]


def test_few_groups_allow_no_verdict():
    found = Panel([[one] for one in drawn(11, 40, n_groups=5)], ACCURACY, FEW).compared([(1, 0)])
    assert found[0].verdict == "not shown"
    assert math.isnan(found[0].test.p)
    assert found[0].difference.low is None


def test_picking_among_more_equal_models_is_more_optimistic():
    rng = np.random.default_rng(12)
    target = rng.integers(0, 2, 300)
    models = [
        [judged(np.where(rng.random(300) < 0.8, target, 1 - target) * 0.8 + 0.1, target)]
        for _ in range(12)
    ]
    two, twelve = (Panel(models[:k], ACCURACY, FEW).optimism() for k in (2, 12))
    assert 0 < two < twelve
    # twelve independent normal figures of spread sqrt(0.16 / 300): their maximum is 1.63 spreads
    assert twelve == pytest.approx(1.63 * math.sqrt(0.16 / 300), rel=0.2)


def test_figures_of_different_images_have_variances_that_add_up():
    one, other = drawn(13, 400)[0], drawn(14, 400)[0]
    found = unpaired_difference(one, other, ACCURACY, EvaluateOptions(resamples=1000))
    shares_right = [float((part.predicted == part.target).mean()) for part in (one, other)]
    assert found.value == pytest.approx(shares_right[0] - shares_right[1])
    error = math.sqrt(sum(share * (1 - share) / 400 for share in shares_right))
    assert (found.high or 0) - found.value == pytest.approx(1.96 * error, rel=0.1)
    assert found.n == 800
    perfect = judged([0.1, 0.9] * 10, [0, 1] * 10)
    both = unpaired_difference(perfect, perfect, ACCURACY, FEW)
    assert both.value == 0
    assert 0 < (both.high or 0) < 0.5


def test_ten_patients_of_a_class_do_not_make_delong_find_too_much():
    rng, n_found = np.random.default_rng(15), 0
    target = np.repeat([1, 0], [8, 90])
    for _ in range(300):
        shared = rng.normal(size=98)
        scores = (0.6 * shared + 0.8 * rng.normal(size=98) + target for _ in range(2))
        models = [judged(1 / (1 + np.exp(-one)), target) for one in scores]
        n_found += same_auroc(*models).p < 0.05
    assert n_found <= 18  # with the normal distribution in place of Student's t: 26


def test_a_figure_that_is_not_defined_is_not_tested():
    target = np.zeros(30, dtype=np.int64)
    rng = np.random.default_rng(16)
    models = [[judged(rng.random(30), target)] for _ in range(2)]
    panel = Panel(models, metric_for("auroc", is_multilabel=False), FEW)
    (found,) = panel.compared([(0, 1)])
    assert math.isnan(found.test.p)
    assert found.verdict == "not shown"
    assert found.difference.low is None
    assert math.isnan(panel.optimism())
