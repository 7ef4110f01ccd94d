"""A tiny training for a process of its own, to be killed: tiny_training.py FOLDER EPOCHS.

Prints 'ready' when it starts, one line for each epoch, and writes FOLDER/weights.safetensors.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine import watch
from tamiz.engine.feed import Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network


def main(folder: Path, epochs: int) -> None:
    torch.set_num_threads(1)
    watch._STEPS_BETWEEN_LOOKS = 3  # saves often, so that kills fall into saving
    pixels = np.random.default_rng(0).integers(0, 256, (90, 12, 12, 1)).astype(np.uint8)
    train = TrainOptions(
        epochs=epochs,
        batch_size=8,
        ema_decay=0.9,
        precision="float32",
        augment=[{"name": "shift"}, {"name": "erase"}],
        checkpoint_s=0.02,
    )
    rows = Rows(
        images=InMemory(pixels),
        targets=np.arange(90) % 3,
        item_keys=item_keys_of([str(number) for number in range(90)]),
        train=np.arange(70),
        val=np.arange(70, 90),
        classes=("a", "b", "c"),
    )
    model = ModelOptions("small", {"widths": [8, 16], "dropout": 0.3})
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    trained = train_network(Task(model, train, rows), folder / "checkpoint")
    save_file(dict(trained.weights), folder / "weights.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
