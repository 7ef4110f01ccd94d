"""What a batch holds: copies of rows in views of their own, a teacher's answers mixed as images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tamiz.core.recipe import TrainOptions
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.feature_rows import FeatureFacts, FeatureRows
from tamiz.engine.feed import Feed, Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory

N = 24
CPU = torch.device("cpu")


def rows_of(images, targets=None):
    return Rows(
        images=images,
        targets=np.arange(N) % 2 if targets is None else targets,
        item_keys=item_keys_of([f"item{number}" for number in range(N)]),
        train=np.arange(N),
        val=np.zeros(0, np.int64),
        classes=("a", "b"),
    )


def test_a_teachers_answers_are_mixed_as_the_images_are():
    pixels = np.random.default_rng(0).integers(0, 256, (N, 8, 8, 1)).astype(np.uint8)
    hot = np.eye(2, dtype=np.float32)[np.arange(N) % 2]
    rows = replace(rows_of(InMemory(pixels)), teacher=hot, teacher_features=3 * hot[:, ::-1].copy())
    train = TrainOptions(epochs=1, batch_size=8, augment=[{"name": "mixup", "alpha": 1.0}])
    for batch in Feed(rows, train, Pipeline(train.augment), CPU).batches(0):
        assert ((batch.targets > 0.01) & (batch.targets < 0.99)).any()
        assert batch.teacher is not None
        assert batch.teacher_features is not None
        assert torch.allclose(batch.teacher, batch.targets)
        assert torch.allclose(batch.teacher_features, 3 * batch.targets.flip(1), atol=1e-5)


@pytest.mark.parametrize("balance", ["none", "level"])
def test_copies_of_a_row_are_seen_in_different_views(balance):
    n_views = 3
    table = torch.arange(float((1 + n_views) * N)).view(-1, 1)  # row of the table = view * N + row
    places = np.arange((1 + n_views) * N).reshape(1 + n_views, N)
    keys = item_keys_of([f"item{number}" for number in range(N)])
    features = FeatureRows(table, places, keys, FeatureFacts("torch", "float32", 1, 0, 0, 0.0, 0.0))
    train = TrainOptions(epochs=1, batch_size=8, balance=balance, level_to=5 * N, augment=[])
    feed = Feed(rows_of(features), train, Pipeline(()), CPU)
    seen = torch.cat([batch.images[:, 0] for batch in feed.batches(0)]).long().numpy()
    assert (seen % N).tolist() == np.concatenate(feed.groups(0)).tolist()
    in_views = [len(set(seen[seen % N == row] // N)) for row in range(N)]
    assert max(in_views) == 1 if balance == "none" else np.mean(in_views) > 2.5
    later = torch.cat([batch.images[:, 0] for batch in feed.batches(0, first=1)]).long().numpy()
    assert later.tolist() == seen[-len(later) :].tolist()
