"""What belongs together is one; a given split is mended by moving as little as possible."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tamiz.splits.tying import mend, tie


def test_groups_that_share_a_near_identical_picture_are_one():
    assert tie(["c", "b", "a", "d"], [None] * 4, kin=[(0, 2), (1, 2)]) == ["a", "a", "a", "d"]


def test_a_group_goes_where_most_of_it_lies():
    given_split = ["train", "train", "test", "test", "val"]
    assert mend(given_split, ["p", "p", "p", "q", "q"]) == ["train"] * 3 + ["test"] * 2


PARTS = st.sampled_from(["train", "val", "test"])
ROWS = st.lists(st.tuples(PARTS, st.sampled_from("abcdefgh")), min_size=1, max_size=60)


@given(ROWS)
def test_a_mended_split_has_every_union_on_one_side_and_moves_no_valid_one(rows):
    parts, tied = [part for part, _ in rows], [name for _, name in rows]
    mended = mend(parts, tied)
    sides: dict[str, set[str]] = {name: set() for name in tied}
    for name, part in zip(tied, mended, strict=True):
        sides[name].add(part)
    assert all(len(one) == 1 for one in sides.values())
    was = {name: {p for p, n in rows if n == name} for name in tied}
    for name, old, new in zip(tied, parts, mended, strict=True):
        if len(was[name]) == 1:
            assert old == new


@given(ROWS)
def test_no_valid_split_moves_fewer_images(rows):
    parts, tied = [part for part, _ in rows], [name for _, name in rows]
    n_moved = sum(old != new for old, new in zip(parts, mend(parts, tied), strict=True))
    counts = {name: Counter(p for p, n in rows if n == name) for name in tied}
    assert n_moved == sum(c.total() - max(c.values()) for c in counts.values())
