"""What bfloat16 does to accuracy: the same network, images and seeds, trained in both precisions.

usage: bench_precision.py [--data FOLDER] [--seeds 4] [--images 16000]
FOLDER holds Fashion-MNIST's four IDX files (default: TAMIZ_SHARED_DATA or ../shared/data). Answers
are computed in float32 either way, as `tamiz evaluate` does. Writes results/bench_precision.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import statistics
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.data.contracts import Policy
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_probabilities
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, Trained, train_network
from tamiz.formats.reader import Reader
from tamiz.metrics.intervals import student_t
from tamiz.models.bundle import Bundle
from tamiz.models.registry import MODELS

HERE = Path(__file__).resolve().parent
N_VAL = 1000


def images_and_labels(folder: Path, part: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    with Reader(folder, Policy()) as reader:
        name = f"{part}-images-idx3-ubyte.gz"
        pixels = np.stack([reader.read(name, frame).pixels for frame in range(n)])

    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as opened:
        labels = np.frombuffer(opened.read(), np.uint8, offset=8)[:n].astype(np.int64)
    return pixels, labels


def accuracy_of(trained: Trained, pixels: np.ndarray, labels: np.ndarray) -> float:
    bundle = Bundle(
        classes=tuple("0123456789"), size_px=28, channels=1, model="small", options={}, steps=(),
        policy=Policy(), mean=trained.mean, std=trained.std, weights=trained.weights,
        averages_mirrored=True,
    )  # fmt: skip
    shares = predict_probabilities(bundle.module(), InMemory(pixels))
    return float((shares.argmax(axis=1) == labels).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("TAMIZ_SHARED_DATA", str(HERE.parents[1] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default) / "fashion-mnist")
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--images", type=int, default=16_000)
    asked = parser.parse_args()
    n = asked.images
    pixels, labels = images_and_labels(asked.data, "train", n)
    test_pixels, test_labels = images_and_labels(asked.data, "t10k", 10_000)
    suggested = MODELS.get("small").suggest(54_000, 28, 10)
    options = replace(TrainOptions(), **{**suggested, "augment": [{"name": "flip"}]})
    at = np.arange(n)
    rows = Rows(
        InMemory(pixels), labels, item_keys_of([str(i) for i in at]), at[:-N_VAL], at[-N_VAL:],
        tuple("0123456789"),
    )  # fmt: skip
    found: dict[str, list[float]] = {"bfloat16": [], "float32": []}
    seconds: dict[str, list[float]] = {"bfloat16": [], "float32": []}
    for seed in range(asked.seeds):
        for precision, accuracies in found.items():
            train = replace(options, seed=seed, precision=precision)
            started = time.perf_counter()
            trained = train_network(Task(ModelOptions(name="small"), train, rows))
            seconds[precision].append(time.perf_counter() - started)
            accuracies.append(accuracy_of(trained, test_pixels, test_labels))
            print(f"seed {seed} {precision}: {accuracies[-1]:.4f}", flush=True)
    differences = [a - b for a, b in zip(found["bfloat16"], found["float32"], strict=True)]
    mean, error = statistics.mean(differences), statistics.stdev(differences)
    half = student_t(0.975, len(differences) - 1) * error / math.sqrt(len(differences))
    ratio = statistics.median(seconds["float32"]) / statistics.median(seconds["bfloat16"])
    row = {
        "accuracy": found, "difference": mean, "low": mean - half, "high": mean + half,
        "speed_ratio": ratio, "n_train": n - N_VAL, "n_test": 10_000, "seeds": asked.seeds,
    }  # fmt: skip
    (HERE / "results" / "bench_precision.json").write_text(json.dumps(row, indent=2) + "\n")
    print(
        f"bfloat16 - float32: {100 * mean:+.2f} points "
        f"({100 * (mean - half):+.2f} to {100 * (mean + half):+.2f}, {asked.seeds} paired seeds), "
        f"training {ratio:.2f}x as fast"
    )


if __name__ == "__main__":
    main()
