"""A given split: its names, its missing parts; and the audit of any split."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.core.errors import WrongData
from tamiz.data.manifest import Manifest
from tamiz.data.report import Severity
from tamiz.splits.audit import (
    audit,
    leak_csv,
    leak_details,
    leak_findings,
    leak_summary,
)
from tamiz.splits.given import complete_given, part_named
from tamiz.splits.grouped import grouped
from tamiz.splits.tying import tie

FRACTIONS = (0.2, 0.25)


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("train", "train"),
        (" Training ", "train"),
        ("Validación", "val"),
        ("valid", "val"),
        ("dev", "val"),
        ("TEST", "test"),
        ("prueba", "test"),
        ("fold1", None),
        (None, None),
    ],
)
def test_names_of_parts_are_understood(word, part):
    assert part_named(word) == part


def completed(given_parts, groups=None, labels=None):
    n = len(given_parts)
    groups = groups or [f"g{i}" for i in range(n)]
    labels = labels or ["ab"[i % 2] for i in range(n)]
    return complete_given(given_parts, groups, labels, grouped, fractions=FRACTIONS, seed=0)


def test_a_complete_given_split_is_taken_as_it_is():
    parts = ["train"] * 6 + ["val"] * 2 + ["test"] * 2
    done = completed(parts)
    assert done.parts == parts
    assert done.carved == ()
    assert not any(done.is_drawn)


def test_a_missing_val_part_is_drawn_out_of_train_and_test_stays():
    parts = ["train"] * 400 + ["test"] * 100
    done = completed(parts)
    assert done.carved == ("val",)
    assert done.parts[400:] == ["test"] * 100
    assert 80 <= done.parts.count("val") <= 120  # a quarter of the train part


def test_a_missing_test_part_is_drawn_out_of_train():
    done = completed(["train"] * 400 + ["val"] * 100)
    assert done.carved == ("test",)
    assert 64 <= done.parts.count("test") <= 96


def test_drawing_a_missing_part_keeps_groups_together():
    groups = [f"g{i // 4}" for i in range(80)]
    labels = ["ab"[(i // 4) % 2] for i in range(80)]
    done = completed(["train"] * 80 + ["test"] * 2, [*groups, "x", "y"], [*labels, "a", "b"])
    sides: dict[str, str] = {}
    for group, part in zip(groups, done.parts, strict=False):
        assert sides.setdefault(group, part) == part


def test_items_without_a_given_part_may_be_trained_on():
    done = completed([None, None] * 100 + ["val", "val", "test", "test"])
    assert done.parts.count("train") == 200


def test_a_given_split_without_train_is_refused():
    with pytest.raises(WrongData, match=r"has no train part \(only test, val\)"):
        completed(["val", "val", "test", "test"])


def test_a_class_that_is_only_in_test_is_refused():
    parts = ["train"] * 4 + ["val"] * 2 + ["test"] * 2
    with pytest.raises(WrongData, match="class 'c' is in test but not in the train part"):
        completed(parts, labels=["a", "b"] * 3 + ["c", "a"])


def manifest(rows, with_content=False):
    """Build from (path, group, split, content)."""
    columns = {
        "path": [row[0] for row in rows],
        "group": [row[1] for row in rows],
        "split": [row[2] for row in rows],
    }
    if with_content:
        columns["content_sha256"] = [row[3] for row in rows]
    return Manifest.from_columns(columns, Path())


def leaking():
    rows = [
        ("a.png", "p1", "train", "h1"),
        ("b.png", "p1", "test", "h2"),
        ("c.png", "p1", "train", "h3"),
        ("d.png", "p2", "val", "h4"),
        ("e.png", None, "test", "h4"),
        ("f.png", None, None, "h1"),
        ("=g.png", "p3", "val", None),
    ]
    return audit(manifest(rows, with_content=True))


def test_a_group_on_two_sides_is_found_with_its_sides_and_counts():
    (crossing,) = leaking().groups
    assert str(crossing) == "p1: train 2, test 1"
    assert crossing.paths == ("a.png", "b.png", "c.png")


def test_identical_content_on_two_sides_is_found():
    (crossing,) = leaking().contents
    assert crossing.paths == ("d.png", "e.png")
    assert crossing.counts == {"val": 1, "test": 1}


def test_rows_without_a_part_and_items_on_their_own_do_not_cross():
    rows = [("a.png", None, "train", ""), ("b.png", None, "test", ""), ("c.png", "p", None, "")]
    found = audit(manifest(rows))
    assert found.is_clean
    assert leak_findings(found) == ()


def test_a_leak_becomes_words_a_stamp_and_a_file():
    found = leaking()
    assert str(leak_summary(found)) == (
        "1 group (patient, slide) lies on more than one side (p1); identical pictures too: 1"
    )
    assert tuple(map(str, leak_details(found))) == (
        "p1: train 2, test 1",
        "identical: d.png = e.png",
    )
    (stamp,) = leak_findings(found)
    assert stamp.severity is Severity.STOP
    assert [str(one) for one in stamp.items] == ["p1: train 2, test 1", "identical: d.png = e.png"]
    assert str(stamp.what).startswith("Not a valid evaluation, the split leaks: 1 group")
    lines = list(csv.reader(io.StringIO(leak_csv(found))))
    assert lines[0] == ["kind", "name", "train", "val", "test", "paths"]
    assert lines[1] == ["group", "p1", "2", "0", "1", "a.png | b.png | c.png"]


def test_groups_that_share_a_picture_are_tied_through_chains():
    tied = tie(["c", "b", "b", "a", "d", "e"], ["1", "1", "2", "2", None, "3"])
    assert tied == ["a", "a", "a", "a", "d", "e"]


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.none() | st.sampled_from("123456")), min_size=1
    )
)
def test_after_tying_no_content_is_in_two_groups_and_no_group_in_two_ties(rows):
    groups, contents = [g for g, _ in rows], [c for _, c in rows]
    tied = tie(groups, contents)
    for keys in (groups, [c if c is not None else f"alone{i}" for i, c in enumerate(contents)]):
        home: dict[str, str] = {}
        for key, union in zip(keys, tied, strict=True):
            assert home.setdefault(key, union) == union
