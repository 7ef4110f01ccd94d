"""Rare labels weigh more in the loss, and training holds out all the same: on drawn images."""

from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine import losses
from tamiz.engine.feed import Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network

N, N_TRAIN, N_LABELS = 300, 200, 20


def drawn() -> Rows:
    """Return noisy images with a bright square in a place of its own for each of 20 labels.

    The most frequent label is on half of the images, the rarest on 1 of 100.
    """
    rng = np.random.default_rng(5)
    sets = rng.random((N, N_LABELS)) < np.geomspace(0.5, 0.01, N_LABELS)
    pixels = rng.integers(0, 90, (N, 20, 16, 1))
    for label in range(N_LABELS):
        y, x = divmod(label, 4)
        pixels[sets[:, label], 4 * y : 4 * y + 3, 4 * x : 4 * x + 3] += 130
    return Rows(
        images=InMemory(pixels.astype(np.uint8)),
        targets=sets.astype(np.float32),
        item_keys=item_keys_of([str(number) for number in range(N)]),
        train=np.arange(N_TRAIN),
        val=np.arange(N_TRAIN, N),
        classes=tuple(f"label {number:02d}" for number in range(N_LABELS)),
    )


def last_f1(balance: str) -> float:
    """Return the mean F1 per validation image after a short training."""
    train = TrainOptions(
        epochs=12, batch_size=32, learning_rate=0.013, precision="float32", balance=balance
    )
    trained = train_network(Task(ModelOptions("small", {"widths": [8, 16]}), train, drawn()))
    return float(trained.history[-1]["val_f1"])


@pytest.mark.long
def test_training_with_weights_of_many_rare_labels_does_not_collapse(monkeypatch):
    bounded, plain = last_f1("weights"), last_f1("none")
    monkeypatch.setattr(losses, "MOST_WEIGHT", 1e6)
    assert bounded > last_f1("weights") + 0.1  # unbounded it does
    assert bounded > plain - 0.05
