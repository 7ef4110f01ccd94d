"""Pooling: the law of sizes, the place that won, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool2d, max_pool2d

from tamiz.core.errors import WrongUse
from tamiz.lab.pooling import pool

GRID = np.array([[1, 3, 2, 4], [5, 6, 7, 8], [9, 9, 0, 1], [2, 9, 1, 1]], dtype=np.float64)
grids = st.builds(
    lambda seed, height, width: np.random.default_rng(seed).integers(-4, 5, (height, width)) * 1.0,
    st.integers(0, 2**32),
    st.integers(1, 12),
    st.integers(1, 12),
)


def test_two_by_two_takes_the_largest_of_four():
    made = pool(GRID, 2, 2)
    assert made.values.tolist() == [[6, 8], [9, 1]]
    assert made.winner_rows.tolist() == [[1, 1], [2, 2]]
    assert made.winner_columns.tolist() == [[1, 3], [0, 3]]  # of equal values the first
    assert made.winners(GRID.shape).sum() == 4


def test_the_mean_has_no_winner():
    made = pool(GRID, 2, 2, "mean")
    assert made.values.tolist() == [[3.75, 5.25], [7.25, 0.75]]
    assert made.winner_rows.size == 0


def test_what_no_window_reaches_is_told():
    made = pool(np.zeros((5, 7)), 2, 3)
    assert made.values.shape == (2, 2)
    assert made.left_over == (0, 2)


@given(grids, st.integers(1, 5), st.integers(1, 5))
def test_it_is_what_pytorch_computes_and_winners_hold_their_value(grid, size, stride):
    if size > min(grid.shape):
        with pytest.raises(WrongUse):
            pool(grid, size, stride)
        return
    tensor = torch.from_numpy(grid)[None, None]
    largest, mean = pool(grid, size, stride), pool(grid, size, stride, "mean")
    assert np.array_equal(largest.values, max_pool2d(tensor, size, stride)[0, 0].numpy())
    assert np.allclose(mean.values, avg_pool2d(tensor, size, stride)[0, 0].numpy(), atol=1e-12)
    assert np.array_equal(grid[largest.winner_rows, largest.winner_columns], largest.values)
    assert (mean.values <= largest.values + 1e-12).all()
    sizes = tuple((n - size) // stride + 1 for n in grid.shape)
    assert largest.values.shape == sizes


@pytest.mark.parametrize(
    ("size", "stride", "kind", "words"),
    [
        (5, 1, "max", "--size: the window of 5x5 is larger than the grid of 4x4"),
        (0, 1, "max", "--size: 0 is below 1"),
        (2, 0, "max", "--stride: 0 is below 1"),
        (2, 2, "median", "--kind: 'median' is no kind of pooling"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(size, stride, kind, words):
    with pytest.raises(WrongUse) as error:
        pool(GRID, size, stride, kind)
    assert words in str(error.value)
