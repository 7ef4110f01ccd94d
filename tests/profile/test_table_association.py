"""Tests of association agree with SciPy, keep their level, and count groups rather than rows."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tamiz.profile.association import (
    allows_chi_squared,
    associate,
    cramers_v,
    holm,
    with_holm,
)

small_tables = st.lists(
    st.lists(st.integers(0, 30), min_size=2, max_size=5), min_size=2, max_size=5
).filter(lambda rows: len({len(row) for row in rows}) == 1)


def rows_of(counts):
    """Return label and column with these counts of value x label."""
    pairs = [
        (f"label{j}", f"value{i}")
        for i, row in enumerate(counts)
        for j, n in enumerate(row)
        for _ in range(n)
    ]
    return [label for label, _ in pairs], [value for _, value in pairs]


def bergsma(counts):
    """Return the corrected V, written out from the paper."""
    n = counts.sum()
    r, c = counts.shape
    phi = stats.chi2_contingency(counts, correction=False).statistic / n
    phi_plus = max(0, phi - (r - 1) * (c - 1) / (n - 1))
    r_tilde, c_tilde = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return math.sqrt(phi_plus / (min(r_tilde, c_tilde) - 1))


def test_a_cross_table_counts_and_leaves_out_what_is_missing():
    label = ["a", "a", "b", "", "b", "a"]
    column = ["x", "y", "x", "x", "NA", ""]
    found = associate(label, column).table
    assert (found.values, found.labels) == (("x", "y"), ("a", "b"))
    assert found.counts.tolist() == [[1, 1], [1, 0]]


@given(small_tables)
def test_chi_squared_and_both_v_are_those_of_the_formulas(rows):
    counts = np.array(rows)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape, default=0) < 2 or counts.sum() < 10:
        return
    found = associate(*rows_of(counts))
    expected = stats.chi2_contingency(counts, correction=False)
    assert found.chi_squared == pytest.approx(expected.statistic)
    assert found.dof == expected.dof
    assert found.v == pytest.approx(stats.contingency.association(counts, method="cramer"))
    assert found.v_corrected == pytest.approx(bergsma(counts))
    assert 0 <= found.v_corrected <= found.v + 1e-9 or found.v > 0.9


def test_large_tables_are_tested_by_chi_squared():
    counts = np.array([[20, 30], [40, 25], [30, 31]])
    found = associate(*rows_of(counts))
    assert found.test == "chi-squared"
    assert found.p == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue)
    assert (found.unit, found.n_items, found.n_groups) == ("items", 176, 0)


def test_two_by_two_with_few_is_tested_by_fisher():
    counts = np.array([[8, 2], [1, 5]])
    found = associate(*rows_of(counts))
    assert found.test == "fisher"
    assert found.p == pytest.approx(stats.fisher_exact(counts).pvalue)


def test_larger_tables_with_few_are_tested_by_random_tables_of_the_same_margins():
    counts = np.array([[5, 1, 0], [1, 4, 1], [0, 2, 3]])
    label, column = rows_of(counts)
    found = associate(label, column, seed=3)
    assert found.test == "permutation"
    rng = np.random.default_rng(0)
    codes = np.array([int(one[-1]) for one in label]), np.array([int(one[-1]) for one in column])
    expected = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    reached = 0
    for _ in range(4000):
        drawn = np.zeros((3, 3))
        np.add.at(drawn, (codes[1], rng.permutation(codes[0])), 1)
        reached += ((drawn - expected) ** 2 / expected).sum() >= found.chi_squared - 1e-9
    assert found.p == pytest.approx(reached / 4000, abs=0.015)
    assert associate(label, column, seed=3).p == found.p


def test_the_rule_of_expected_counts():
    assert allows_chi_squared(np.array([[5, 5], [5, 5]]))
    assert not allows_chi_squared(np.array([[4, 4], [4, 4]]))
    # one of six expected counts is 4, none is below 1: 83 % are at least 5
    assert allows_chi_squared(np.array([[4, 40, 40], [6, 40, 50]]))
    assert not allows_chi_squared(np.array([[0, 1], [100, 100]]))


def test_one_value_or_one_label_cannot_be_tested():
    found = associate(["a", "a", "b"], ["x", "x", "x"])
    assert (found.test, found.v, found.v_corrected, found.dof) == ("none", 0, 0, 0)
    assert math.isnan(found.p)
    assert associate([], []).test == "none"
    assert associate(["", ""], ["x", "y"], ["1", "2"]).test == "none"


def test_a_column_that_tells_the_label_has_v_one():
    assert cramers_v(np.array([[50, 0], [0, 50]])) == pytest.approx((1, 1))
    assert cramers_v(np.array([[50, 50], [50, 50]])) == (0, 0)


def test_groups_that_hold_one_label_and_one_value_are_tested_once_each():
    label, column = rows_of([[30, 20], [20, 30]])
    groups = [f"patient{i}" for i in range(100)]
    alone = associate(label, column, groups)
    many = associate(label * 5, column * 5, groups * 5)
    assert (many.test, many.unit, many.n_items, many.n_groups) == (
        "chi-squared",
        "groups",
        500,
        100,
    )
    assert many.p == alone.p == associate(label, column).p
    assert many.table.n == 500
    assert many.tested.n == 100
    assert associate(label * 5, column * 5).p < many.p


def test_rows_without_a_group_stand_alone():
    label, column = rows_of([[30, 20], [20, 30]])
    found = associate(label, column, [""] * 100)
    assert (found.n_groups, found.p) == (100, associate(label, column).p)


def test_a_column_that_varies_within_groups_is_tested_by_dealing_labels_among_groups():
    rng = np.random.default_rng(0)
    groups = [str(i // 8) for i in range(320)]
    label = ["a" if int(group) < 20 else "b" for group in groups]
    told = ["x" if one == "a" and i % 8 else "y" for i, one in enumerate(label)]
    noise = rng.choice(["x", "y"], 320).tolist()
    assert associate(label, told, groups).test == "group permutation"
    assert associate(label, told, groups).p == 1 / 2000
    assert associate(label, noise, groups).p > 0.05


def test_dealing_labels_among_groups_keeps_its_level_where_rows_do_not():
    """A habit of each patient, unlike from patient to patient, is no association with the label."""
    rejected_by = {"rows": 0, "groups": 0}
    for seed in range(40):
        rng = np.random.default_rng(seed)
        habit = rng.beta(0.3, 0.3, 30)
        group = np.repeat(np.arange(30), 20)
        column = np.where(rng.random(600) < habit[group], "x", "y").tolist()
        label = np.where(group < 15, "a", "b").tolist()
        names = group.astype(str).tolist()
        rejected_by["rows"] += associate(label, column).p < 0.05
        rejected_by["groups"] += associate(label, column, names).p < 0.05
    assert rejected_by["groups"] <= 6
    assert rejected_by["rows"] >= 20


def test_groups_with_several_labels_count_once_for_each_and_it_is_said():
    found = associate(["a", "b", "a", "b"], ["x", "x", "y", "y"], ["1", "1", "2", "3"])
    assert found.labels_differ_in_groups
    assert (found.unit, found.n_groups) == ("groups", 4)


def test_holm_is_the_step_down_correction():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    corrected = holm([0.01, math.nan, 0.02])
    assert corrected[::2] == pytest.approx([0.02, 0.02])
    assert math.isnan(corrected[1])


@given(st.lists(st.floats(0, 1), max_size=10))
def test_holm_never_makes_smaller_and_never_reverses(p_values):
    corrected = holm(p_values)
    assert all(after >= before for before, after in zip(p_values, corrected, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(corrected)[order]) >= 0).all()


def test_the_strongest_comes_first():
    label, strong = rows_of([[40, 10], [10, 40]])
    weak = ["x", "y"] * 50
    found = with_holm(
        [associate(label, weak, name="weak"), associate(label, strong, name="strong")]
    )
    assert [one.column for one in found] == ["strong", "weak"]
    assert found[0].p_corrected == pytest.approx(2 * found[0].p)


@given(small_tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_effect(rows, random):
    label, column = rows_of(rows)
    pairs = list(zip(label, column, strict=True))
    random.shuffle(pairs)
    there = associate(label, column)
    back = associate([a for a, _ in pairs], [b for _, b in pairs])
    assert (there.v, there.v_corrected, there.test) == pytest.approx(
        (back.v, back.v_corrected, back.test)
    )


@pytest.mark.shared_data
def test_centre_and_label_of_the_stroke_slides_over_patients(shared_data):
    with (shared_data / "stroke" / "train.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    found = associate(columns["label"], columns["center_id"], columns["patient_id"])
    assert (found.unit, found.n_items, found.n_groups) == ("groups", 754, 632)
    counts = dict(zip(found.table.values, found.table.counts.tolist(), strict=True))
    assert found.table.labels == ("CE", "LAA")
    assert counts["11"] == [179, 78]
    assert counts["10"] == [37, 7]
    assert counts["3"] == [22, 27]
    by_patient = {row["patient_id"]: (row["center_id"], row["label"]) for row in rows}
    table = associate(
        [one[1] for one in by_patient.values()], [one[0] for one in by_patient.values()]
    ).table
    expected = stats.chi2_contingency(table.counts, correction=False)
    assert found.p == pytest.approx(expected.pvalue)
    assert found.v_corrected == pytest.approx(bergsma(table.counts))
