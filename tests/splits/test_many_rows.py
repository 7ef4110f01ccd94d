"""What counts millions of rows by numbers gives what counting words one by one gave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.splits.reference import plain_crossings, plain_grouped, plain_tie

from tamiz.core.errors import WrongData
from tamiz.core.recipe import SplitOptions
from tamiz.data.coded import Coded, repeats
from tamiz.data.manifest import Manifest
from tamiz.splits import units as units_module
from tamiz.splits.audit import audit
from tamiz.splits.grouped import grouped
from tamiz.splits.tying import tie
from tamiz.splits.units import Units
from tamiz.stages.assigning import assign, without_split

WORDS = st.sampled_from(["a", "b", "é", "z", "Ω", "10", "9", "item:x", ""])
NAMES = st.sampled_from(["a", "b", "é", "10", "9"])
PARTS = st.sampled_from(["train", "val", "test", None])


@st.composite
def tables(draw):
    """Draw (group, label) of rows: every class in enough groups for most splits."""
    n_groups = draw(st.integers(9, 60))
    n_labels = draw(st.integers(2, 4))
    seed = draw(st.integers(0, 2**16))
    rng = np.random.default_rng(seed)
    n = draw(st.integers(n_groups, 200))
    group = np.concatenate([np.arange(n_groups), rng.integers(0, n_groups, n - n_groups)])
    own = rng.integers(0, n_labels, n_groups)
    label = np.where(rng.random(n) < 0.3, rng.integers(0, n_labels, n), own[group])
    return [f"g{one}" for one in group], [f"class {one}" for one in label]


def outcome(work):
    """Return the result, or the text of the error."""
    try:
        return work()
    except WrongData as error:
        return str(error)


def is_rare(groups, labels, n_parts):
    """Return whether a class has fewer groups than there are parts: it is refused at once."""
    groups_with: dict[str, set[str]] = {label: set() for label in labels}
    for group, label in zip(groups, labels, strict=True):
        groups_with[label].add(group)
    return len(groups_with) == 1 or min(map(len, groups_with.values())) < n_parts


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from([(0.15, 0.1), (0.3, 0.3), (0.0, 0.2), (0.5, 0.01)]), st.integers())
def test_the_rule_by_groups_draws_as_it_did_row_by_row(table, fractions, seed):
    groups, labels = table
    assume(not is_rare(groups, labels, 3))
    test, val = fractions
    made = outcome(lambda: grouped(groups, labels, test_fraction=test, val_fraction=val, seed=seed))
    assert made == outcome(lambda: plain_grouped(groups, labels, fractions, seed))


@settings(max_examples=25, deadline=None)
@given(tables())
def test_of_groups_at_the_same_position_the_first_by_name_comes_first(table):
    groups, labels = table
    assume(not is_rare(groups, labels, 3))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(units_module, "position_of", lambda _name, _seed: 0.25)
        patched.setattr("tests.splits.reference.position_of", lambda _name, _seed: 0.25)
        made = outcome(lambda: grouped(groups, labels, test_fraction=0.2, val_fraction=0.2, seed=0))
        wanted = outcome(lambda: plain_grouped(groups, labels, (0.2, 0.2), 0))
    assert made == wanted


def test_units_need_no_order_of_their_names():
    names = ["c", "a", "b"]
    codes, labels = np.array([0, 1, 2, 0]), Coded.of_words(["x", "y", "x", "x"])
    units = Units.of(Coded(codes, names), labels)
    in_order = units.in_order(np.zeros(3))
    assert [[names[one] for one in many] for many in in_order] == [["b", "c"], ["a"]]


@given(
    st.lists(st.tuples(WORDS, st.none() | st.sampled_from("uvw")), min_size=1, max_size=30),
    st.data(),
)
def test_unions_are_those_that_uniting_one_by_one_gives(rows, data):
    groups = [group for group, _ in rows]
    contents = [content for _, content in rows]
    places = st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=4)
    kin = data.draw(st.lists(places, max_size=3))
    assert tie(groups, contents, kin) == plain_tie(groups, contents, kin)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.none() | NAMES, PARTS, st.sampled_from("uvwxyz")), max_size=30))
def test_what_crosses_is_found_with_its_counts_and_paths(rows):
    groups, parts = [one[0] for one in rows], [one[1] for one in rows]
    paths = [f"{at}.png" for at in range(len(rows))]
    contents = [one[2] for one in rows]
    columns = {"path": paths, "group": groups, "split": parts, "content_sha256": contents}
    found = audit(Manifest.from_columns(columns, Path()))
    wanted = plain_crossings([None if g is None else f"group:{g}" for g in groups], parts, paths)
    assert {f"group:{one.name}": (dict(one.counts), one.paths) for one in found.groups} == wanted
    same = plain_crossings(contents, parts, paths)
    assert {one.paths: dict(one.counts) for one in found.contents} == {
        names: counts for counts, names in same.values()
    }


@given(st.lists(st.none() | WORDS, max_size=30))
def test_codes_stand_for_the_words(words):
    series = pl.Series("words", words, dtype=pl.String)
    for coded in (Coded.of_series(series), Coded.of_many(series), Coded.of_words(words)):
        assert coded.words() == words
        assert coded.series("words").to_list() == words
        assert len(set(coded.names)) == len(coded.names)
    assert list(Coded.of_series(series).names) == sorted({one for one in words if one is not None})
    assert repeats(series).to_list() == [
        word is not None and words.count(word) > 1 for word in words
    ]


def test_words_of_one_hash_are_told_apart(monkeypatch):
    words = pl.Series("words", ["a", "b", None, "a"])
    plain = pl.Series.hash
    monkeypatch.setattr(pl.Series, "hash", lambda self: plain(self) * 0)
    assert Coded.of_many(words).words() == ["a", "b", None, "a"]
    assert repeats(words).to_list() == [True, False, False, True]


@settings(max_examples=25, deadline=None)
@given(tables(), st.integers(0, 99))
def test_a_manifest_is_assigned_as_its_lists_of_words_are(table, seed):
    groups, labels = table
    some = [group if at % 7 else None for at, group in enumerate(groups)]
    columns = {"path": [f"{at}.png" for at in range(len(groups))], "group": some, "label": labels}
    rows = Manifest.from_columns(columns, Path())
    options = SplitOptions(test_fraction=0.2, val_fraction=0.2, seed=seed)
    assume(not is_rare(rows.group_keys(), labels, 3))
    made = outcome(lambda: list(assign(rows, options).parts))
    assert made == outcome(lambda: plain_grouped(rows.group_keys(), labels, (0.2, 0.2), seed))


def test_rows_decided_by_an_earlier_split_are_open_again():
    columns: dict[str, Sequence[object]] = {
        "path": ["a", "b", "c", "d"],
        "label": ["x", None, "x", None],
        "fate": ["train", "test", "duplicate", "excluded"],
        "reason": ["drawn", "drawn", "of a", "by hand"],
        "split": ["train", "test", None, None],
    }
    rows = without_split(Manifest.from_columns(columns, Path()))
    assert rows.column("split") == [None] * 4
    assert rows.column("fate") == [None, "unlabelled", "duplicate", "excluded"]
    assert rows.column("reason")[0] is None
    assert rows.column("reason")[2:] == ["of a", "by hand"]
