"""Tiny trainings: 60 images of 12 px whose class is the brighter half."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Compute with one thread: shared machines, and one thread has no order of its own."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def pixels():
    drawn = np.random.default_rng(5).integers(0, 90, (60, 12, 12, 1)).astype(np.uint8)
    drawn[::2, :6] += 120
    drawn[1::2, 6:] += 120
    return drawn


@pytest.fixture
def make_task(pixels):
    from tamiz.core.recipe import ModelOptions, TrainOptions
    from tamiz.engine.feed import Rows
    from tamiz.engine.keyed import item_keys_of
    from tamiz.engine.prepared import InMemory
    from tamiz.engine.train import Task

    def make(name="small", images=None, options=None, n_train=44, **train):
        small = {"widths": [4, 8], "dropout": 0.2} if name == "small" else {}
        settings = {
            "epochs": 3,
            "batch_size": 8,
            "ema_decay": 0.9,
            "precision": "float32",
            "device": "cpu",
            "augment": [{"name": "shift"}, {"name": "flip"}, {"name": "erase"}],
            **train,
        }
        rows = Rows(
            images=images or InMemory(pixels),
            targets=(np.arange(60) % 2).astype(np.int64),
            item_keys=item_keys_of([f"item{number}" for number in range(60)]),
            train=np.arange(n_train),
            val=np.arange(44, 60),
            classes=("upper", "lower"),
        )
        model = ModelOptions(name, small if options is None else options)
        names = [f"pictures/{number}.png" for number in range(60)]
        return Task(model, TrainOptions(**settings), rows, names)

    return make


@pytest.fixture
def same_bytes():
    def same(one, two):
        assert one.weights.keys() == two.weights.keys()
        different = [n for n in one.weights if one.weights[n].tobytes() != two.weights[n].tobytes()]
        return not different

    return same
