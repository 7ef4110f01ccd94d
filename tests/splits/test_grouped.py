"""The default split rule: whole groups, every class in every part, nobody moves without need."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.seeds import position_of
from tamiz.splits.grouped import grouped
from tamiz.splits.registry import SPLITS

PARTS = ("train", "val", "test")
fractions = st.tuples(st.floats(0.05, 0.4), st.floats(0.05, 0.4))
labelled_groups = st.lists(  # one entry per group: its items' labels
    st.lists(st.sampled_from("abc"), min_size=1, max_size=4), min_size=3, max_size=60
)


def rows_of(items_by_group):
    pairs = [(f"g{i}", label) for i, labels in enumerate(items_by_group) for label in labels]
    return [group for group, _ in pairs], [label for _, label in pairs]


def groups_of_one_class_each(n_by_class, prefix="g"):
    rows = [(f"{prefix}{label}{i}", label) for label, n in n_by_class.items() for i in range(n)]
    return [group for group, _ in rows], [label for _, label in rows]


def split(groups, labels, test=0.15, val=0.15, seed=0):
    return grouped(groups, labels, test_fraction=test, val_fraction=val, seed=seed)


def by_hash(group, test, val, seed):
    position = position_of(group, seed)
    return "test" if position < test else "val" if position < test + val else "train"


@given(labelled_groups, fractions, st.integers(0, 5))
def test_a_group_is_never_on_two_sides_and_every_class_is_in_every_part(sizes, shares, seed):
    groups, labels = rows_of(sizes)
    try:
        parts = split(groups, labels, shares[0], shares[1], seed)
    except WrongData:
        assume(False)
    sides: dict[str, str] = {}
    for group, part in zip(groups, parts, strict=True):
        assert sides.setdefault(group, part) == part
    assert {(label, part) for label, part in zip(labels, parts, strict=True)} == {
        (label, part) for label in set(labels) for part in PARTS
    }


@given(labelled_groups)
def test_a_class_with_three_groups_of_its_own_is_never_refused(sizes):
    sizes = [labels[:1] for labels in sizes]
    counts = Counter(labels[0] for labels in sizes)
    assume(len(counts) > 1 and min(counts.values()) >= 3)
    assert set(split(*rows_of(sizes))) == set(PARTS)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(3, 200), min_size=2, max_size=4),
    fractions,
    st.integers(0, 3),
)
def test_each_class_gets_its_share_of_groups_within_the_tolerance(n_by_class, shares, seed):
    groups, labels = groups_of_one_class_each(n_by_class)
    parts = split(groups, labels, shares[0], shares[1], seed)
    got = Counter(zip(labels, parts, strict=True))
    for label, n in n_by_class.items():
        for part, share in zip(("test", "val"), shares, strict=True):
            wanted = n * share
            assert got[label, part] >= 1
            assert abs(got[label, part] - wanted) <= max(1, 0.2 * wanted) + 1e-6


@given(labelled_groups, st.integers(0, 3), st.randoms())
def test_the_order_of_the_rows_changes_nothing(sizes, seed, random):
    groups, labels = rows_of(sizes)
    rows = list(zip(groups, labels, strict=True))
    random.shuffle(rows)
    try:
        parts = dict(zip(groups, split(groups, labels, seed=seed), strict=True))
    except WrongData:
        assume(False)
    shuffled = split([g for g, _ in rows], [label for _, label in rows], seed=seed)
    assert dict(zip([g for g, _ in rows], shuffled, strict=True)) == parts


@given(st.integers(300, 500), st.integers(1, 300), st.integers(0, 3))
def test_growth_moves_nobody_when_no_correction_is_needed(n_old, n_new, seed):
    groups, labels = groups_of_one_class_each({"a": n_old, "b": n_old})
    expected = [by_hash(group, 0.3, 0.3, seed) for group in groups]
    counts = Counter(zip(labels, expected, strict=True))
    assume(all(abs(counts[c, p] - 0.3 * n_old) < 0.06 * n_old for c in "ab" for p in PARTS[1:]))
    more, more_labels = groups_of_one_class_each({"a": n_new, "b": 0}, prefix="new")
    later = [by_hash(group, 0.3, 0.3, seed) for group in groups + more]
    grown = Counter(zip(labels + more_labels, later, strict=True))
    n = n_old + n_new
    assume(all(abs(grown["a", p] - 0.3 * n) < 0.06 * n for p in PARTS[1:]))
    assert split(groups, labels, 0.3, 0.3, seed) == expected
    assert split(groups + more, labels + more_labels, 0.3, 0.3, seed)[: len(groups)] == expected


@given(st.text(min_size=1), st.floats(0.01, 0.4), st.floats(1, 2), st.integers(0, 9))
def test_enlarging_the_test_share_never_moves_a_group_from_test(group, share, factor, seed):
    if by_hash(group, share, 0.1, seed) == "test":
        assert by_hash(group, share * factor, 0.1, seed) == "test"


def test_only_groups_nearest_to_the_boundary_are_moved():
    groups, labels = groups_of_one_class_each({"a": 12, "b": 400})
    parts = dict(zip(groups, split(groups, labels, 0.25, 0.25), strict=True))
    of_a = sorted((g for g in parts if g.startswith("ga")), key=lambda g: position_of(g, 0))
    order = [parts[group] for group in of_a]
    assert order == sorted(order, key=("test", "val", "train").index)  # still cut, not shuffled


def test_without_a_test_share_no_test_part_is_made():
    groups, labels = groups_of_one_class_each({"a": 40, "b": 40})
    assert set(split(groups, labels, test=0.0)) == {"train", "val"}


def test_a_class_that_is_nowhere_the_majority_is_in_every_part_too():
    groups, labels = rows_of([["a", "a", "rare"]] * 3 + [["a", "a"]] * 30 + [["b"]] * 30)
    parts = split(groups, labels)
    assert {part for label, part in zip(labels, parts, strict=True) if label == "rare"} == set(
        PARTS
    )


def test_a_class_with_one_group_is_refused_with_the_arithmetic():
    groups, labels = groups_of_one_class_each({"common": 9, "rare": 1, "scarce": 2})
    with pytest.raises(WrongData) as error:
        split(groups, labels)
    assert "class 'rare' has 1 group; train, val and test need one each, so at least 3" in str(
        error.value
    )
    assert error.value.details == ("class 'rare': 1 group", "class 'scarce': 2 groups")
    assert error.value.exit_code == 3
    assert "leave the class out" in str(error.value)


def test_one_class_only_is_refused():
    with pytest.raises(WrongData, match="all 9 images carry the label 'cat'"):
        split(*groups_of_one_class_each({"cat": 9}))


def test_one_patient_only_is_refused():
    with pytest.raises(WrongData, match=r"all 4 images belong to one group \('p1'\)"):
        split(["group:p1"] * 4, ["a", "a", "b", "b"])


def test_fewer_groups_than_parts_are_refused():
    with pytest.raises(WrongData, match="class 'a' has 2 groups; train, val and test need"):
        split(["g1", "g1", "g2", "g2"], ["a", "b", "a", "b"])


def test_an_empty_table_is_refused():
    with pytest.raises(WrongData, match="no usable image with a label is left"):
        split([], [])


def test_a_label_for_each_image_is_told_as_no_class():
    names = [f"p{number}" for number in range(20)]
    lengths = [f"{number / 7:.3f}" for number in range(20)]
    with pytest.raises(WrongData, match="each of the 20 images has a label of its own"):
        split(names, lengths)


def test_fractions_that_leave_nothing_to_train_on_are_refused():
    groups, labels = groups_of_one_class_each({"a": 9, "b": 9})
    with pytest.raises(WrongUse, match="leave nothing to train on"):
        split(groups, labels, 0.6, 0.4)


def test_the_rule_is_in_the_registry():
    assert "grouped" in SPLITS.names()
