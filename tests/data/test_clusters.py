"""Sets of copies; chains must not glue a data set together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data.clusters import clusters
from tamiz.data.evidence import Pairs


def pairs_of(*links):
    first, second, score = (list(part) for part in zip(*links, strict=True)) if links else ([],) * 3
    return Pairs(
        np.array(first, dtype=np.int64),
        np.array(second, dtype=np.int64),
        ("re-encoded",) * len(links),
        np.array(score, dtype=np.float32),
    )


def test_connected_rows_are_one_set_the_largest_first():
    pairs = pairs_of((0, 3, 0.97), (3, 5, 0.98), (1, 2, 0.99))
    assert clusters(pairs, 8) == [(0, 3, 5), (1, 2)]


def test_no_pairs_no_sets():
    assert clusters(Pairs.none(), 10) == []


def test_a_long_chain_of_little_likeness_is_taken_apart_where_it_is_weakest():
    links = [(i, i + 1, 0.962 if i == 59 else 0.99) for i in range(119)]
    found = clusters(pairs_of(*links), 600)
    assert sorted(map(len, found)) == [60, 60]


def test_equal_pictures_stay_together_however_many():
    found = clusters(pairs_of(*((0, i, 1.0) for i in range(1, 100))), 100)
    assert [len(rows) for rows in found] == [100]


LINKS = st.lists(
    st.tuples(st.integers(0, 80), st.integers(81, 160), st.floats(0.9625, 1.0)),
    max_size=200,
)


@given(LINKS)
def test_every_row_is_in_one_set_at_most_and_every_set_is_linked(links):
    found = clusters(pairs_of(*links), 161)
    rows = [row for one in found for row in one]
    assert len(rows) == len(set(rows))
    assert all(len(one) > 1 for one in found)
    linked = {row for first, second, _ in links for row in (first, second)}
    assert set(rows) <= linked
