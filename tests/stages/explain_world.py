"""Corner images as files, and models of them: trained in a second, or with weights at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.engine.corner_world import bundle_of, corner_image

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.feed import Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network
from tamiz.formats.png_writing import encode_png
from tamiz.models.bundle import Bundle


def write_images(folder: Path, n: int, first_seed: int = 1000) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(n):
        image = corner_image(first_seed + number, is_upright=number % 2 == 0)
        (folder / f"{number:02d}.png").write_bytes(encode_png(image))
    return folder


def trained_bundle(folder: Path) -> Bundle:
    """Return a small network that learnt the corner's stripes."""
    pixels = np.stack([corner_image(seed, is_upright=seed % 2 == 0) for seed in range(48)])
    rows = Rows(
        images=InMemory(pixels),
        targets=(np.arange(48) % 2).astype(np.int64),
        item_keys=item_keys_of([str(number) for number in range(48)]),
        train=np.arange(40),
        val=np.arange(40, 48),
        classes=("upright", "lying"),
    )
    options = {"widths": [8, 16], "dropout": 0.0}
    train = TrainOptions(
        epochs=12, batch_size=8, precision="float32", device="cpu", augment=[], learning_rate=0.01
    )
    made = train_network(Task(ModelOptions("small", options), train, rows), folder)
    weights = {name: np.array(value) for name, value in made.weights.items()}
    return bundle_of(weights, options=options)


def saved(bundle: Bundle, folder: Path) -> Path:
    bundle.save(folder)
    return folder
