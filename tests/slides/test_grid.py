from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tamiz.slides.grid import shares_of, tiles_of

sizes = st.tuples(st.integers(1, 90), st.integers(1, 90))
masks = arrays(bool, st.tuples(st.integers(1, 15), st.integers(1, 15)))
lengths = st.integers(1, 30)
FULL = np.ones((3, 5), dtype=bool)


def stretched(mask, size_px):
    """Return the share of tissue in each pixel of level 0, by cutting pixels as finely as need."""
    width, height = size_px
    fine = mask.repeat(height, axis=0).repeat(width, axis=1)
    cells = fine.reshape(height, mask.shape[0], width, mask.shape[1])
    return cells.mean(axis=(1, 3))


@given(sizes, lengths, lengths)
def test_a_full_mask_gives_every_whole_tile_of_the_count_formula(size_px, tile_px, stride_px):
    regions = tiles_of(size_px, tile_px, stride_px, FULL, 1.0)
    across, down = (max(0, (side - tile_px) // stride_px + 1) for side in size_px)
    if min(across, down) == 0:
        assert regions.shape == (0, 4)
    assert len(regions) == across * down


@given(sizes, lengths, lengths, masks, st.floats(0, 1))
def test_tiles_stay_on_the_slide_in_scan_order(size_px, tile_px, stride_px, mask, share):
    regions = tiles_of(size_px, tile_px, stride_px, mask, share)
    assert (regions[:, :2] >= 0).all()
    assert (regions[:, :2] + tile_px <= size_px).all()
    assert (regions[:, 2:] == tile_px).all()
    order = np.lexsort((regions[:, 0], regions[:, 1]))
    assert np.array_equal(order, np.arange(len(regions)))


@given(sizes, lengths, masks, st.floats(0.001, 1))
def test_touching_tiles_never_overlap_and_cover_all_tissue_they_can(size_px, tile_px, mask, share):
    regions = tiles_of(size_px, tile_px, tile_px, mask, 1e-9 if share < 0.3 else share)
    width, height = size_px
    times = np.zeros((height, width), dtype=int)
    for x, y, across, down in regions:
        times[y : y + down, x : x + across] += 1
    assert times.max(initial=0) <= 1
    if share < 0.3:
        reached = stretched(mask, size_px)[: height // tile_px * tile_px]
        reached = reached[:, : width // tile_px * tile_px]
        assert (times[: reached.shape[0], : reached.shape[1]][reached > 0] == 1).all()


@given(sizes, lengths, lengths, masks, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_share_takes_a_part_of_the_tiles(size_px, tile_px, stride_px, mask, one, other):
    low, high = (
        {tuple(row) for row in tiles_of(size_px, tile_px, stride_px, mask, share)}
        for share in sorted((one, other))
    )
    assert high <= low


@given(sizes, masks, st.data())
def test_shares_are_exact_by_area_at_any_ratio(size_px, mask, data):
    width, height = size_px
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    across, down = data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y))
    share = shares_of(np.array([[x, y, across, down]]), size_px, mask)[0]
    truth = stretched(mask, size_px)[y : y + down, x : x + across].mean()
    assert share == pytest.approx(truth, abs=1e-9)


def test_a_tile_with_exactly_the_least_share_is_taken():
    mask = np.array([[True, False], [False, False]])
    assert tiles_of((70, 70), 70, 70, mask, 0.25).tolist() == [[0, 0, 70, 70]]
    assert tiles_of((70, 70), 70, 70, mask, 0.2501).tolist() == []


@pytest.mark.parametrize(
    ("size_px", "tile_px", "stride_px", "mask", "share"),
    [
        ((0, 5), 1, 1, FULL, 0.5),
        ((5, 5), 0, 1, FULL, 0.5),
        ((5, 5), 1, 0, FULL, 0.5),
        ((5, 5), 1, 1, FULL, 1.5),
        ((5, 5), 1, 1, FULL[:0], 0.5),
    ],
)
def test_lengths_and_shares_out_of_range_are_refused(size_px, tile_px, stride_px, mask, share):
    with pytest.raises(ValueError, match=r"must be|needs"):
        tiles_of(size_px, tile_px, stride_px, mask, share)
