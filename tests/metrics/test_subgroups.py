from __future__ import annotations

import math

import numpy as np
import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.subgroup_levels import Bins, levels_of, parse_bins
from tamiz.metrics.subgroups import difference_p, measure_subgroups

ACCURACY = metric_for("accuracy", is_multilabel=False)
AUROC = metric_for("auroc", is_multilabel=False)
FEW = EvaluateOptions(resamples=200)


def judged(right, groups=None, target=None):
    """Return predictions that are right where `right` says so."""
    right = np.asarray(right, dtype=bool)
    n = len(right)
    target = np.arange(n) % 2 if target is None else np.asarray(target)
    answer = np.where(right, target, 1 - target)
    p = np.where(answer == 1, 0.9, 0.1)
    items = np.array([f"{at:05d}" for at in range(n)])
    groups = items if groups is None else np.array([f"g{one:05d}" for one in groups])
    return Predictions(("no", "yes"), items, groups, target.astype(np.int64),
                       np.stack([1 - p, p], 1))  # fmt: skip


def drawn(rng, n_groups=80, gap=0.0):
    """Return predictions in groups of 1 to 5 and two levels, the second worse by `gap`."""
    groups = np.arange(n_groups).repeat(rng.integers(1, 6, n_groups))
    level = (rng.random(n_groups) < 0.4).astype(np.int64)[groups]
    hard = rng.beta(4, 1, n_groups)[groups]  # images of a group share their hardness
    right = rng.random(len(groups)) < hard - gap * level
    return judged(right, groups), level


def names(levels):
    return [str(name) for name in levels.names]


def test_values_are_levels_in_natural_order_and_missing_is_one_of_them():
    levels = levels_of(["10", "9", None, "b", "a", "", "9"])
    assert names(levels) == ["9", "10", "a", "b", "not stated"]
    assert levels.codes.tolist() == [1, 0, 4, 3, 2, 4, 0]


def test_bins_hold_their_lower_end():
    levels = levels_of(["39", "40", "49.9", "50", "", "x"], Bins(width=10))
    assert names(levels) == ["30 to 40", "40 to 50", "50 to 60", "no number", "not stated"]
    assert levels.codes.tolist() == [0, 1, 1, 2, 4, 3]


def test_cuts_make_open_ends():
    levels = levels_of([39, 40, 64, 65, None], Bins(cuts=(40, 65)))
    assert names(levels) == ["below 40", "40 to 65", "65 and more", "not stated"]
    assert levels.codes.tolist() == [0, 1, 1, 2, 3]


def test_an_empty_bin_is_no_level():
    assert names(levels_of([5, 95], Bins(width=10))) == ["0 to 10", "90 to 100"]


def test_rare_values_stand_together():
    values = [f"v{at:02d}" for at in range(40) for _ in range(40 - at)]
    levels = levels_of(values)
    assert len(levels.names) == 30
    assert levels.n_merged == 11
    assert (levels.codes == 29).sum() == sum(40 - at for at in range(29, 40))


@pytest.mark.parametrize("words", ["", "x", "0", "-5", "65/40", "nan", "/"])
def test_bins_that_are_none_are_refused(words):
    with pytest.raises(WrongUse, match="no bins of numbers"):
        parse_bins(words, where="evaluate.by")


def test_bins_are_read():
    assert parse_bins("10", "") == Bins(width=10)
    assert parse_bins("40/65", "") == Bins(cuts=(40, 65))
    assert parse_bins("/65", "") == Bins(cuts=(65,))


def test_bins_of_words_are_refused():
    with pytest.raises(WrongUse, match="first: 'M'"):
        levels_of(["M", "F"], Bins(width=10), where="evaluate.by: sex:10")
    with pytest.raises(WrongUse, match="1,000,001 subgroups"):
        levels_of([0, 1_000_000], Bins(width=1))


def test_levels_have_their_own_figures_and_the_worst_is_named():
    right = [True] * 40 + [True] * 20 + [False] * 20
    levels = levels_of(["a"] * 40 + ["b"] * 40)
    found = measure_subgroups(judged(right), levels, ACCURACY, FEW)
    a, b = found.levels
    assert a.measured.overall["accuracy"].value == 1
    assert b.measured.overall["accuracy"].value == 0.5
    assert found.worst == 1
    assert found.p == pytest.approx(1 / (1 + found.n_shuffles))
    assert found.mean.value == 0.75


def test_a_subgroup_of_two_has_a_figure_and_is_not_called_the_worst():
    right = [True] * 30 + [False] * 10 + [True] * 40 + [False] * 2
    levels = levels_of(["a"] * 40 + ["b"] * 40 + ["c"] * 2)
    found = measure_subgroups(judged(right, range(82)), levels, AUROC, FEW)
    assert found.levels[2].measured.overall["auroc"].low is None or found.levels[2].measured.n == 2
    assert found.worst == 0


def test_figures_over_classes_are_left_out_where_a_class_is_absent():
    target = [0, 1] * 20 + [1] * 20
    levels = levels_of(["a"] * 40 + ["b"] * 20)
    found = measure_subgroups(judged([True] * 60, target=target), levels, AUROC, FEW)
    b = found.levels[1]
    assert b.absent == ("no",)
    assert "accuracy" in b.measured.overall
    assert {"auroc", "balanced_accuracy", "f1_macro"}.isdisjoint(b.measured.overall)
    assert math.isnan(found.p)
    assert found.worst is None
    assert found.mean.value == 1


@pytest.mark.parametrize("codes", [[0] * 20, [0] * 19 + [1]])
def test_one_level_or_a_level_of_one_group_is_not_tested(codes):
    p, n_shuffles = difference_p(judged([True] * 20), np.array(codes), ACCURACY, 0)
    assert math.isnan(p)
    assert n_shuffles == 0


def test_the_order_of_rows_changes_nothing():
    predictions, codes = drawn(np.random.default_rng(0))
    levels = levels_of(codes.tolist())
    order = np.random.default_rng(1).permutation(len(predictions))
    mixed = levels_of(codes[order].tolist())
    one = measure_subgroups(predictions, levels, ACCURACY, FEW)
    other = measure_subgroups(predictions.take(order), mixed, ACCURACY, FEW)
    assert one == other


def test_both_ways_to_sum_give_the_same_p():
    """Accuracy goes by scores of items; the weighted recall, the same figure, by sums."""
    predictions, codes = drawn(np.random.default_rng(2))
    by_scores, _ = difference_p(predictions, codes, ACCURACY, 0, 99)
    share = metric_for("f1_weighted", is_multilabel=False)
    assert difference_p(predictions, codes, share, 0, 99)[0] == pytest.approx(by_scores, abs=0.2)


@pytest.mark.parametrize("is_mixed", [False, True])
def test_the_test_has_the_size_that_it_claims(is_mixed):
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(300):
        predictions, codes = drawn(rng)
        if is_mixed:
            codes = np.where(rng.random(len(codes)) < 0.3, 1 - codes, codes)
        p_values.append(difference_p(predictions, codes, ACCURACY, 0, 99)[0])
    share = np.mean(np.array(p_values) <= 0.05)
    assert 0.02 <= share <= 0.085  # 5 % within three standard errors


def test_a_real_difference_is_found():
    rng = np.random.default_rng(4)
    made = [drawn(rng, 150, gap=0.25) for _ in range(20)]
    found = [difference_p(one, codes, ACCURACY, 0, 199)[0] for one, codes in made]
    assert np.mean(np.array(found) <= 0.05) >= 0.9


def test_groups_that_were_taken_for_images_would_show_what_is_not_there():
    """The levels of whole groups, tested image by image: far too many false alarms."""
    rng = np.random.default_rng(5)
    p_values = []
    for _ in range(100):
        groups = np.arange(20).repeat(10)
        right = (rng.random(20) < 0.7).repeat(10)
        codes = (rng.random(20) < 0.5).astype(np.int64).repeat(10)
        if 2 <= codes[::10].sum() <= 18:
            kept = [judged(right, groups), judged(right)]
            p_values.append([difference_p(one, codes, ACCURACY, 0, 99)[0] for one in kept])
    by_group, by_image = (np.array(p_values) <= 0.05).mean(axis=0)
    assert by_group <= 0.12
    assert by_image > 0.4


def test_a_level_of_few_large_groups_differs_no_more_often_than_it_should():
    rng, n_found = np.random.default_rng(5), 0
    sizes = np.repeat([30, 5], [6, 30])
    groups = np.arange(36).repeat(sizes)
    level = (groups >= 6).astype(np.int64)
    for number in range(100):
        hard = rng.beta(0.8, 0.2, 36)[groups]  # most groups are all right or all wrong
        known = judged(rng.random(len(groups)) < hard, groups)
        n_found += difference_p(known, level, ACCURACY, number, n_shuffles=99)[0] <= 0.05
    assert n_found <= 10  # with levels weighed by their images: 16


def test_shuffles_in_which_a_figure_is_not_defined_do_not_count():
    rng = np.random.default_rng(6)
    target = np.zeros(40, dtype=np.int64)
    target[:2] = 1  # both ill patients fall into one level in about half of the shuffles
    level = np.arange(40) % 2
    known = judged(rng.random(40) < 0.7, target=target)
    p, n_counted = difference_p(known, level, AUROC, 0, n_shuffles=400)
    assert 150 < n_counted < 250
    assert p >= 1 / (1 + n_counted)


def test_a_number_on_the_end_of_a_narrow_bin_belongs_to_the_upper_one():
    levels = levels_of([0.1, 0.2, 0.3, 0.6, 0.7], Bins(width=0.1))
    assert names(levels) == ["0.1 to 0.2", "0.2 to 0.3", "0.3 to 0.4", "0.6 to 0.7", "0.7 to 0.8"]
