"""How far each group pulls an AUROC: DeLong's components, summed over groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamiz.data.predictions import Predictions
from tamiz.metrics.sums import Summer


def scored(seed: int, n_groups: int, *, coarse: bool, k: int = 2) -> Predictions:
    """Return predictions of groups of one to three items; `coarse` makes ties."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(n_groups), rng.integers(1, 4, n_groups))
    scores = rng.normal(size=(len(group), k))
    powers = np.exp(np.round(scores) if coarse else scores)
    return Predictions(
        classes=tuple("abcd"[:k]),
        item=np.array([f"i{index:03d}" for index in range(len(group))]),
        group=np.array([f"g{index:03d}" for index in group]),
        target=rng.integers(0, k, len(group)),
        probabilities=powers / powers.sum(axis=1, keepdims=True),
    )


@given(st.integers(0, 500), st.integers(4, 20), st.booleans())
def test_influence_is_the_share_of_pairs_won_counted_one_by_one(seed, n_groups, coarse):
    p = scored(seed, n_groups, coarse=coarse)
    found = Summer(p).auroc_influence()
    positive = np.flatnonzero(p.target == 1)
    negative = np.flatnonzero(p.target == 0)
    if not len(positive) or not len(negative):
        assert np.isnan(found).all()
        return
    s = p.probabilities[:, 1]
    won = (np.sign(s[positive][:, None] - s[negative][None]) + 1) / 2
    each = np.zeros(len(p))
    each[positive] = (won.mean(axis=1) - won.mean()) / len(positive)
    each[negative] = (won.mean(axis=0) - won.mean()) / len(negative)
    _, code = np.unique(p.group, return_inverse=True)
    expected = np.bincount(code, each)
    np.testing.assert_allclose(found, [expected, expected], atol=1e-12)


@given(st.integers(0, 500), st.integers(2, 4))
def test_influences_of_all_groups_add_up_to_nothing(seed, k):
    found = Summer(scored(seed, 30, coarse=False, k=k)).auroc_influence()
    np.testing.assert_allclose(found.sum(axis=1), 0.0, atol=1e-12)


def test_its_size_is_the_spread_over_resamples():
    p = scored(3, 400, coarse=False)
    summer = Summer(p)
    rng = np.random.default_rng(0)
    counts = rng.multinomial(400, np.full(400, 1 / 400), size=2000).astype(np.int32)
    spread = summer(counts).auroc[:, 1].std()
    error = np.sqrt(np.square(summer.auroc_influence()[1]).sum())
    assert error == pytest.approx(spread, rel=0.06)
