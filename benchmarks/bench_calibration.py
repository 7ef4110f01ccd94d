"""Calibration on Fashion-MNIST: how far probabilities are from what happens, before and after.

A small network is trained; 6,000 training images are kept for validation. On those the
temperature and the vector are fitted, and 'auto' chooses. Measured on the 10,000 test images:
expected calibration error (ECE, 15 bins), log loss and Brier score, uncalibrated and with each.
The noise floor is the ECE that perfectly calibrated probabilities would show by chance on as many
images. Label smoothing makes a network too little sure, its absence too sure: both are tried.

usage: bench_calibration.py [--data FOLDER] [--images 60000] [--epochs 4] [--seeds 1] [--write]
FOLDER holds Fashion-MNIST's four IDX files (default: TAMIZ_SHARED_DATA or ../shared/data).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tamiz.core.recipe import EvaluateOptions, ModelOptions, TrainOptions
from tamiz.data.contracts import Policy
from tamiz.data.predictions import Predictions
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_scores
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network
from tamiz.metrics.calibration import Calibration, fit_calibration
from tamiz.metrics.reliability import compare_calibrations, noise_floor
from tamiz.models.bundle import Bundle
from tamiz.models.registry import MODELS

HERE = Path(__file__).resolve().parent
CLASSES = tuple("0123456789")
N_VAL = 6_000


def part(folder: Path, name: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (n, 28, 28, 1) pixels and (n,) labels of one part's first images."""
    with gzip.open(folder / f"{name}-images-idx3-ubyte.gz") as opened:
        pixels = np.frombuffer(opened.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)[:n]
    with gzip.open(folder / f"{name}-labels-idx1-ubyte.gz") as opened:
        labels = np.frombuffer(opened.read(), np.uint8, offset=8)[:n].astype(np.int64)
    return pixels.copy(), labels


def scores_of(
    asked: argparse.Namespace, smoothing: float, seed: int
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return (scores, labels) of the validation images and of the test images."""
    pixels, labels = part(asked.data, "train", asked.images)
    test_pixels, test_labels = part(asked.data, "t10k", 10_000)
    at = np.arange(len(labels))
    keys = item_keys_of([str(i) for i in at])
    rows = Rows(InMemory(pixels), labels, keys, at[:-N_VAL], at[-N_VAL:], CLASSES)
    settings = {
        **MODELS.get("small").suggest(len(at) - N_VAL, 28, 10),
        "epochs": asked.epochs,
        "label_smoothing": smoothing,
        "precision": "float32",
        "seed": seed,
    }
    train = replace(TrainOptions(), **settings)
    trained = train_network(Task(ModelOptions("small"), train, rows), None)
    bundle = Bundle(
        classes=CLASSES, size_px=28, channels=1, model="small", options={}, steps=(),
        policy=Policy(), mean=trained.mean, std=trained.std, weights=trained.weights,
    )  # fmt: skip
    module = bundle.module()
    of_val = predict_scores(module, InMemory(pixels), at[-N_VAL:])
    return (of_val, labels[-N_VAL:]), (predict_scores(module, InMemory(test_pixels)), test_labels)


def measured(asked: argparse.Namespace, smoothing: float, seed: int) -> dict[str, Any]:
    """Return the figures of one training."""
    (val, val_labels), (test, labels) = scores_of(asked, smoothing, seed)
    groups = np.array([str(i) for i in range(len(labels))])

    def answers(calibration: Calibration) -> Predictions:
        return Predictions(CLASSES, groups, groups, labels, calibration.probabilities(test))

    before = answers(Calibration.of_temperature(1.0, 10))
    made: dict[str, Any] = {"smoothing": smoothing, "seed": seed, "n_train": asked.images - N_VAL}
    made["accuracy"] = float((before.predicted == labels).mean())
    options = EvaluateOptions()
    for how in ("temperature", "vector", "auto"):
        fitted = fit_calibration(val, val_labels, np.arange(len(val)), how)
        after = answers(fitted.calibration)
        found = compare_calibrations(before, after, options)
        made[how] = {
            "how": fitted.how,
            "temperature": fitted.temperature,
            "noise_floor": noise_floor(after),
            "accuracy": float((after.predicted == labels).mean()),
            **{
                name: {
                    side: [getattr(getattr(one, side), end) for end in ("value", "low", "high")]
                    for side in ("before", "after", "difference")
                }
                for name, one in found.items()
            },
        }
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("TAMIZ_SHARED_DATA", str(HERE.parents[1] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default) / "fashion-mnist")
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write results/bench_calibration.json")
    asked = parser.parse_args()
    rows = []
    for smoothing in (0.1, 0.0):
        for seed in range(asked.seeds):
            one = measured(asked, smoothing, seed)
            rows.append(one)
            print(f"label smoothing {smoothing}, seed {seed}: accuracy {one['accuracy']:.4f}")
            for how in ("temperature", "vector", "auto"):
                ece, loss, found = one[how]["ece"], one[how]["log_loss"], one[how]
                print(
                    f"  {how:11} ({found['how']}): ECE {ece['before'][0]:.4f} -> "
                    f"{ece['after'][0]:.4f} ({ece['after'][1]:.4f} to {ece['after'][2]:.4f}; "
                    f"noise floor {found['noise_floor']:.4f}), log loss {loss['before'][0]:.4f} "
                    f"-> {loss['after'][0]:.4f}",
                    flush=True,
                )
    if asked.write:
        place = HERE / "results" / "bench_calibration.json"
        asked_for = {"images": asked.images, "epochs": asked.epochs, "rows": rows}
        place.write_text(json.dumps(asked_for, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
