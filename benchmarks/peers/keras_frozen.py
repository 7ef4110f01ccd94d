"""DenseNet201, frozen, with a new head, in Keras + TensorFlow: seconds per image of an epoch.

usage: keras_frozen.py N_IMAGES SIDE_PX BATCH
The base has random weights and is computed in each epoch, as workflow B's author does it: the
usual `base.trainable = False`, pooled, one dense layer, Adam. One epoch to warm up, one is timed.
Prints one JSON line: seconds of the epoch, images per second.
"""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np


def main() -> None:
    n_images, side, batch = map(int, sys.argv[1:4])
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    images = rng.random((n_images, side, side, 3), dtype=np.float32)
    labels = rng.integers(0, 10, n_images)
    base = keras.applications.DenseNet201(
        include_top=False, weights=None, pooling="avg", input_shape=(side, side, 3)
    )
    base.trainable = False
    outputs = keras.layers.Dense(10, activation="softmax")(base.output)
    model = keras.Model(base.input, outputs)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(images[: 2 * batch], labels[: 2 * batch], batch_size=batch, verbose=0)
    started = time.perf_counter()
    model.fit(images, labels, batch_size=batch, verbose=0)
    seconds = time.perf_counter() - started
    facts = {"seconds": seconds, "images_per_s": n_images / seconds, "keras": keras.__version__}
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
