"""Which columns tell classes apart: AUROC by counting pairs, intervals that hold, one test part."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.stages.describe_columns import auroc_of, telling_columns

few = st.integers(4, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 5), min_size=n, max_size=n),
        st.lists(st.booleans(), min_size=n, max_size=n).filter(lambda one: 0 < sum(one) < n),
        st.lists(st.integers(0, 8), min_size=n, max_size=n),
    )
)


def table_of(tmp_path, columns, labels, groups=None, split=None):
    n = len(labels)
    facts = {
        "item": [f"i{i}" for i in range(n)],
        "label": pl.Series(labels, dtype=pl.String),
        "group": pl.Series(groups or [None] * n, dtype=pl.String),
        "split": pl.Series(split or [None] * n, dtype=pl.String),
    }
    place = tmp_path / "t.parquet"
    pl.DataFrame({**facts, **columns}).write_parquet(place)
    return place


def told(place, n_shown):
    return telling_columns(place, pl.read_parquet(place).columns[4:], n_shown)


@given(few)
def test_auroc_is_the_share_of_pairs_in_the_right_order(drawn):
    values, is_it, unit = (np.array(one) for one in drawn)
    pairs = [(a > b) + (a == b) / 2 for a in values[is_it] for b in values[~is_it]]
    found = auroc_of(values.astype(float), is_it, np.unique(unit, return_inverse=True)[1])
    assert found.value == pytest.approx(np.mean(pairs))
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1


def test_the_interval_is_delongs_where_every_image_stands_alone():
    # 6 against 5 without ties; DeLong's variance worked out by hand from the pairs
    is_it = np.array([True] * 6 + [False] * 5)
    values = np.array([3.0, 5, 6, 8, 9, 11, 1, 2, 4, 7, 10])
    wins = values[is_it][:, None] > values[~is_it][None]
    variance = wins.mean(axis=1).var(ddof=1) / 6 + wins.mean(axis=0).var(ddof=1) / 5
    found = auroc_of(values, is_it, np.arange(11))
    odds = np.log(found.value / (1 - found.value))
    reach = 1.959964 * np.sqrt(variance) / (found.value * (1 - found.value))
    assert found.low == pytest.approx(1 / (1 + np.exp(-(odds - reach))), abs=1e-6)
    assert found.high == pytest.approx(1 / (1 + np.exp(-(odds + reach))), abs=1e-6)


def test_the_interval_covers_the_truth_of_grouped_images():
    rng = np.random.default_rng(4)
    truth, n_covered, widths = 0.7602, 0, []  # of normals one deviation apart: Phi(1 / sqrt 2)
    for _ in range(200):
        unit = np.repeat(np.arange(40), 5)
        is_it = unit < 20
        values = is_it + np.repeat(rng.normal(0, 0.8, 40), 5) + rng.normal(0, 0.6, 200)
        found = auroc_of(values, is_it, unit)
        assert found.low is not None
        assert found.high is not None
        n_covered += found.low <= truth <= found.high
        widths.append(found.high - found.low)
    assert 180 <= n_covered <= 198
    assert np.mean(widths) > 0.2  # as 200 images that stand alone it would be 0.13


def test_one_group_on_a_side_gives_no_interval():
    found = auroc_of(
        np.arange(6.0), np.array([0, 0, 0, 1, 1, 1], bool), np.array([0, 1, 2, 3, 3, 3])
    )
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_the_column_that_tells_comes_first_and_noise_is_not_shown_to_tell(tmp_path):
    rng = np.random.default_rng(1)
    labels = ["a", "b", "c"] * 40
    columns = {f"noise{i}": rng.normal(size=120) for i in range(20)}
    columns["b_low"] = rng.normal(size=120) - 3.0 * (np.array(labels) == "b")
    asked = told(table_of(tmp_path, columns, labels), 3)
    first, second = asked.found[:2]
    assert (first.name, first.label, first.is_higher) == ("b_low", "b", False)
    assert first.auroc.value > 0.95
    assert first.p < 1e-6
    assert second.p > 0.05
    assert asked.n_items == 120


def test_the_test_is_kruskals_and_wallis_with_holms_correction(tmp_path):
    from scipy import stats

    rng = np.random.default_rng(3)
    labels = np.array(["a", "b", "c", "c"] * 10)
    columns = {f"x{i}": rng.integers(0, 5, 40) + i * (labels == "c") for i in range(3)}
    p_values = {
        name: stats.kruskal(*(values[labels == one] for one in "abc")).pvalue
        for name, values in columns.items()
    }
    found = {one.name: one.p for one in told(table_of(tmp_path, columns, list(labels)), 3).found}
    order = sorted(p_values, key=lambda name: p_values[name])
    wanted = np.maximum.accumulate([p_values[name] * (3 - i) for i, name in enumerate(order)])
    assert [found[name] for name in order] == pytest.approx(np.minimum(wanted, 1.0))


def test_images_of_a_patient_are_tested_as_one(tmp_path):
    rng = np.random.default_rng(2)
    n_found = {True: 0, False: 0}
    for turn in range(40):
        of_patient = rng.normal(size=12)
        values = np.repeat(of_patient, 20) + rng.normal(0, 0.1, 240)
        labels = [("a", "b")[i % 2] for i in range(12) for _ in range(20)]
        groups = [f"p{i}" for i in range(12) for _ in range(20)]
        for is_grouped in n_found:
            place = table_of(tmp_path, {"x": values}, labels, groups if is_grouped else None)
            asked = told(place, 1)
            n_found[is_grouped] += any(one.p < 0.05 for one in asked.found)
            assert asked.n_groups == (12 if is_grouped else 240), turn
    assert n_found[True] <= 5
    assert n_found[False] > 20  # what looking at images as independent would have claimed


def test_columns_that_say_the_same_stand_once(tmp_path):
    rng = np.random.default_rng(1)
    labels = ["a", "b"] * 10
    one = rng.uniform(1, 2, 20) + (np.array(labels) == "b")
    columns = {
        "red": one,
        "green": one,
        "square": one**2,
        "turned": -one,
        "other": rng.normal(size=20),
    }
    asked = told(table_of(tmp_path, columns, labels), 8)
    assert [found.name for found in asked.found] == ["green", "other"]


def test_labels_of_test_rows_change_nothing(tmp_path):
    rng = np.random.default_rng(5)
    values = {"x": rng.normal(size=60)}
    split = ["test"] * 20 + ["train"] * 30 + ["val"] * 10
    labels = ["a", "b"] * 30
    hidden = ["z"] * 20 + labels[20:]
    made = [told(table_of(tmp_path, values, one, split=split), 1) for one in (labels, hidden)]
    assert made[0] == made[1]
    assert (made[0].n_items, made[0].n_sealed) == (40, 20)


def test_rare_classes_and_rows_without_a_label_are_left_out(tmp_path):
    labels = ["a"] * 6 + ["b"] * 6 + ["rare"] * 4 + [None] * 3
    asked = told(table_of(tmp_path, {"x": np.arange(19.0)}, labels), 1)
    assert (asked.labels, asked.n_items, asked.n_rare) == (("a", "b"), 12, 4)


@pytest.mark.parametrize("labels", [["a"] * 9, [None] * 9, ["a"] * 5 + ["b"] * 4])
def test_without_two_classes_nothing_is_said(tmp_path, labels):
    assert told(table_of(tmp_path, {"x": np.arange(9.0)}, labels), 1).found == ()


def test_columns_that_never_change_tell_nothing(tmp_path):
    labels = ["a", "b"] * 6
    asked = told(table_of(tmp_path, {"x": np.zeros(12)}, labels), 4)
    assert (asked.found, len(asked.labels)) == ((), 2)
