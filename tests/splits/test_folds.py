from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.splits.folds import absent_classes, carve_validation, fold_seed, make_folds

CLASSES = "abc"


@st.composite
def grouped_items(draw):
    """Return (groups, labels, n_folds): every class in at least as many groups as folds."""
    n_folds = draw(st.integers(2, 5))
    groups, labels = [], []
    for label in CLASSES[: draw(st.integers(2, 3))]:
        sizes = draw(st.lists(st.integers(1, 6), min_size=n_folds, max_size=12))
        for number, size in enumerate(sizes):
            groups += [f"{label}{number}"] * size
            labels += [(label,)] * size
    order = draw(st.permutations(range(len(groups))))
    return [groups[at] for at in order], [labels[at] for at in order], n_folds


@given(grouped_items(), st.integers(0, 99))
def test_every_item_is_held_out_once_and_no_group_is_cut(made, seed):
    groups, labels, n_folds = made
    folds = make_folds(groups, labels, n_folds, seed)
    assert set(folds.fold) == set(range(1, n_folds + 1))
    assert len(folds.fold) == len(groups)
    fold_of = dict(zip(groups, folds.fold, strict=True))
    assert [fold_of[group] for group in groups] == list(folds.fold)


@given(grouped_items(), st.integers(0, 99))
def test_the_same_seed_gives_the_same_folds_whatever_the_order_of_the_items(made, seed):
    groups, labels, n_folds = made
    fold_of = dict(zip(groups, make_folds(groups, labels, n_folds, seed).fold, strict=True))
    turned = make_folds(groups[::-1], labels[::-1], n_folds, seed)
    assert dict(zip(groups[::-1], turned.fold, strict=True)) == fold_of


@given(grouped_items(), st.integers(0, 99))
def test_a_class_with_a_group_per_fold_is_in_every_fold(made, seed):
    groups, labels, n_folds = made
    assert absent_classes(labels, make_folds(groups, labels, n_folds, seed)) == {}


@given(st.lists(st.sampled_from(CLASSES), min_size=10, max_size=80), st.integers(2, 5))
def test_items_that_stand_alone_are_dealt_out_evenly_in_all_and_by_class(classes, n_folds):
    classes = [*classes, *"abc" * 5]
    folds = make_folds([str(n) for n in range(len(classes))], [(c,) for c in classes], n_folds, 0)
    sizes = Counter(folds.fold)
    assert max(sizes.values()) - min(sizes.values()) <= 1
    for label in set(classes):
        counts = Counter(f for f, c in zip(folds.fold, classes, strict=True) if c == label)
        per_fold = [counts[number] for number in range(1, n_folds + 1)]
        assert max(per_fold) - min(per_fold) <= 1


def test_another_seed_gives_other_folds():
    groups = [f"p{number}" for number in range(60)]
    labels = [("ab"[number % 2],) for number in range(60)]
    seeds = [fold_seed(0, repeat) for repeat in (1, 2, 3)]
    assert len({make_folds(groups, labels, 5, seed).fold for seed in seeds}) == 3


def test_rare_labels_of_several_are_spread_and_an_empty_set_is_a_kind_of_its_own():
    labels = [("common",)] * 40 + [("common", "rare")] * 4 + [()] * 4
    folds = make_folds([str(n) for n in range(48)], labels, 4, 0)
    assert sorted(folds.fold[40:44]) == [1, 2, 3, 4]
    assert sorted(folds.fold[44:]) == [1, 2, 3, 4]


def test_more_folds_than_groups_is_refused_with_both_numbers():
    with pytest.raises(WrongData) as error:
        make_folds(["p1", "p1", "p2", "p3"], [("a",), ("a",), ("b",), ("a",)], 5, 0)
    assert "5 folds need at least 5 groups; there are 3" in str(error.value)


def test_one_fold_is_no_cross_validation():
    with pytest.raises(WrongUse, match="no cross-validation"):
        make_folds(["a", "b"], [("a",), ("b",)], 1, 0)


def test_a_class_in_one_group_is_refused_because_its_fold_would_never_have_seen_it():
    labels = [("a",)] * 10 + [("b",)] * 10 + [("rare",)] * 3
    groups = [f"g{number}" for number in range(20)] + ["only"] * 3
    with pytest.raises(WrongData) as error:
        make_folds(groups, labels, 4, 0)
    assert "class 'rare' is in one fold only" in str(error.value)
    assert "would never have seen it" in str(error.value)


def test_a_class_with_fewer_groups_than_folds_is_named_where_it_is_not_tested():
    labels = [("a",)] * 10 + [("b",)] * 10 + [("rare",)] * 2
    folds = make_folds([str(n) for n in range(22)], labels, 4, 0)
    absent = absent_classes(labels, folds)
    assert list(absent) == ["rare"]
    assert len(absent["rare"]) == 2


def test_one_class_alone_is_refused():
    with pytest.raises(WrongData, match="at least 2 classes"):
        make_folds(["a", "b"], [("x",), ("x",)], 2, 0)


def test_each_centre_is_a_fold_named_after_it():
    centres = ["north", "south", "west"] * 8
    labels = [("ab"[number % 2],) for number in range(24)]
    folds = make_folds([str(n) for n in range(24)], labels, 0, 0, centres)
    assert folds.names == ("north", "south", "west")
    assert [folds.names[number - 1] for number in folds.fold] == centres
    assert folds.united == ()


def test_centres_that_share_a_patient_are_held_out_together():
    centres = ["north", "south", "west", "east"] * 6
    groups = [str(n) for n in range(24)]
    groups[1] = groups[0]
    labels = [("ab"[(number // 4) % 2],) for number in range(24)]
    folds = make_folds(groups, labels, 0, 0, centres)
    assert folds.united == ("north + south",)
    assert len(folds.names) == 3


def test_whole_centres_are_spread_over_fewer_folds():
    centres = [f"c{number % 6}" for number in range(60)]
    labels = [("ab"[(number // 6) % 2],) for number in range(60)]
    folds = make_folds([str(n) for n in range(60)], labels, 3, 0, centres)
    assert len({*zip(centres, folds.fold, strict=True)}) == 6
    with pytest.raises(WrongData, match="at least 7 centres"):
        make_folds([str(n) for n in range(60)], labels, 7, 0, centres)


def test_images_without_a_centre_are_counted():
    with pytest.raises(WrongData, match="1 of 3 images does not say which centre"):
        make_folds(["a", "b", "c"], [("x",), ("y",), ("x",)], 0, 0, ["n", None, "s"])


def test_one_centre_cannot_be_left_out():
    with pytest.raises(WrongData, match="come from one centre"):
        make_folds(["a", "b"], [("x",), ("y",)], 0, 0, ["n", "n"])


@given(grouped_items(), st.floats(0.05, 0.4), st.integers(0, 50))
def test_validation_cuts_no_group_and_leaves_every_class_something_to_learn_from(
    made, fraction, seed
):
    groups, labels, _ = made
    is_val = carve_validation(groups, labels, fraction, seed)
    assert any(is_val)
    assert len(set(zip(groups, is_val, strict=True))) == len(set(groups))
    learnt = {label for (label,), one in zip(labels, is_val, strict=True) if not one}
    assert learnt == {label for (label,) in labels}


def test_a_class_of_one_group_is_only_learnt():
    labels = [("a",)] * 10 + [("rare",)]
    is_val = carve_validation([str(n) for n in range(11)], labels, 0.2, 0)
    assert is_val[10] is False
    assert sum(is_val) == 2


def test_nothing_to_set_aside_is_said():
    with pytest.raises(WrongData, match="none of 2 groups can be set aside"):
        carve_validation(["1", "2"], [("a",), ("b",)], 0.2, 0)
