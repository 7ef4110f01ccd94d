"""Workflow C as its author wrote it: Keras + TensorFlow, Adam's defaults, 10 epochs.

usage: keras_workflow_c.py FOLDER_WITH_FOUR_IDX_FILES [BATCH] [EPOCHS]
Prints one JSON line: seconds of fit(), test accuracy.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np


def read_idx(path: Path, offset: int) -> np.ndarray:
    with gzip.open(path) as opened:
        return np.frombuffer(opened.read(), np.uint8, offset=offset)


def main() -> None:
    folder = Path(sys.argv[1])
    batch = int(sys.argv[2]) if len(sys.argv) > 2 else 32
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    keras.utils.set_random_seed(0)
    images = {}
    labels = {}
    for part, name in (("train", "train"), ("test", "t10k")):
        pixels = read_idx(folder / f"{name}-images-idx3-ubyte.gz", 16)
        images[part] = (pixels.reshape(-1, 28, 28, 1) / 255).astype("float32")
        labels[part] = read_idx(folder / f"{name}-labels-idx1-ubyte.gz", 8).astype("int32")
    layers = [keras.Input((28, 28, 1))]
    for width in (32, 64, 128):
        layers += [keras.layers.Conv2D(width, 3, activation="relu"), keras.layers.MaxPooling2D(2)]
    layers += [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu")]
    layers += [keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential(layers)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    started = time.perf_counter()
    model.fit(images["train"], labels["train"], batch_size=batch, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - started
    _, accuracy = model.evaluate(images["test"], labels["test"], verbose=0)
    facts = {"seconds": seconds, "accuracy": float(accuracy), "parameters": model.count_params()}
    print(json.dumps({**facts, "batch": batch, "epochs": epochs, "keras": keras.__version__}))


if __name__ == "__main__":
    main()
