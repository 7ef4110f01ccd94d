"""Descriptors and classical classifiers on Fashion-MNIST: accuracy and seconds, test part.

Learns from 55,000 of the 60,000 training images and is measured once on the 10,000 test images. The
other 5,000 calibrate, as in `tamiz train`, and choose what the SVM reads: each of `CANDIDATES`
learns from 12,000 training images, and the one with most right answers on the 5,000 learns from
all. C and gamma are chosen as in `tamiz train`, in three folds of training images. The test part
decides nothing. Processor seconds are those of this process: on a machine with other work the wall
clock says less.

    python benchmarks/bench_descriptor_models.py [--data FOLDER] [--classifiers svm,logistic]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_scores
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, train_network
from tamiz.metrics.calibration import fit_calibration
from tamiz.metrics.intervals import wilson
from tamiz.models.build import build_network

if TYPE_CHECKING:
    from tamiz.engine.train import Trained

HERE = Path(__file__).parent
N_VAL = 5_000
ROWS_TRIED = 12_000
CANDIDATES: Final[Mapping[str, tuple[dict[str, Any], ...]]] = {
    "svm": tuple(
        {"describe": describe, "project": project}
        for describe in (
            "auto",
            "hog:cell_px=4:orientations=12,lbp,colour-histogram",
            "hog:cell_px=3,lbp,colour-histogram",
        )
        for project in (64, 128)
    ),
}


@dataclass(frozen=True)
class Data:
    """Images (n, 28, 28, 1) and targets: 60,000 to learn from and choose by, then the test part."""

    images: NDArray[np.uint8]
    targets: NDArray[np.int64]
    n: int

    @property
    def val(self) -> NDArray[np.int64]:
        """Return where the validation images stand, evenly among the 60,000."""
        return np.linspace(0, self.n - 1, N_VAL).round().astype(np.int64)

    def task(self, options: Mapping[str, Any]) -> Task:
        """Return the training of a model with these options."""
        names = [str(at) for at in range(len(self.targets))]
        rows = Rows(
            InMemory(self.images),
            self.targets,
            item_keys_of(names),
            np.setdiff1d(np.arange(self.n), self.val),
            self.val,
            tuple(str(label) for label in range(10)),
        )
        return Task(ModelOptions("descriptors", dict(options)), TrainOptions(epochs=1), rows)


def read_idx(path: Path) -> np.ndarray:
    raw = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(raw[4 + 4 * at : 8 + 4 * at], "big") for at in range(raw[3])]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def chosen(classifier: str, data: Data) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the options that did best on the validation images, and what all did there."""
    tried = []
    for candidate in CANDIDATES.get(classifier, ()):
        trained = train_network(
            data.task({"classifier": classifier, "rows": ROWS_TRIED, **candidate})
        )
        right = trained.history[0]["val_accuracy"]
        tried.append({**candidate, "val_accuracy": right, **trained.more["fitted"]["params"]})
        print(json.dumps(tried[-1]), flush=True)
    if not tried:
        return {"classifier": classifier}, tried
    best = max(range(len(tried)), key=lambda at: (tried[at]["val_accuracy"], -at))
    return {"classifier": classifier, **CANDIDATES[classifier][best]}, tried


def measure(classifier: str, data: Data) -> dict[str, object]:
    wall, busy = time.monotonic(), time.process_time()
    options, tried = chosen(classifier, data)
    choosing = {"wall": time.monotonic() - wall, "processor": time.process_time() - busy}
    task = data.task(options)
    wall, busy = time.monotonic(), time.process_time()
    trained = train_network(task)
    training = {"wall": time.monotonic() - wall, "processor": time.process_time() - busy}
    told = trained.more["fitted"]
    return {
        "options": options,
        "tried_on_validation": tried,
        **tested(task, trained, data),
        "val_accuracy": trained.history[0]["val_accuracy"],
        "n_rows": told["n_rows"],
        "n_columns": told["n_columns"],
        "n_components": told["n_components"],
        "params": told["params"],
        "largest_difference_from_sklearn": told["largest_difference"],
        "choosing_seconds": choosing,
        "train_seconds": training,
    }


def tested(task: Task, trained: Trained, data: Data) -> dict[str, object]:
    """Return the figures of the test part, probabilities calibrated on the validation images."""
    import torch

    options = {**task.model.options, **trained.options}
    net = build_network("descriptors", options, task.shape, mean=trained.mean, std=trained.std)
    weights = {name: torch.from_numpy(one) for name, one in trained.weights.items()}
    net.load_state_dict(weights, assign=True)
    n_test = len(data.targets) - data.n
    wall, busy = time.monotonic(), time.process_time()
    scores = predict_scores(net, task.rows.images, np.arange(data.n, len(data.targets)))
    seconds = {"wall": time.monotonic() - wall, "processor": time.process_time() - busy}
    on_val = predict_scores(net, task.rows.images, data.val)
    calibration = fit_calibration(on_val, data.targets[data.val], np.arange(N_VAL)).calibration
    shares = calibration.probabilities(scores, is_multilabel=False)
    true = data.targets[data.n :]
    right = int((shares.argmax(1) == true).sum())
    return {
        "accuracy": right / n_test,
        "interval_95": list(wilson(right, n_test)),
        "log_loss": float(-np.log(shares[np.arange(n_test), true]).mean()),
        "test_10000_seconds": seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = HERE.parent.parent / "shared" / "data" / "fashion-mnist"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--classifiers", default="svm,logistic")
    given = parser.parse_args()
    parts = [read_idx(given.data / f"{name}-images-idx3-ubyte.gz") for name in ("train", "t10k")]
    marks = [read_idx(given.data / f"{name}-labels-idx1-ubyte.gz") for name in ("train", "t10k")]
    images = np.concatenate(parts)[..., None]
    data = Data(images, np.concatenate(marks).astype(np.int64), len(parts[0]))
    made = [measure(name, data) for name in given.classifiers.split(",")]
    for one in made:
        print(json.dumps(one))
    result = {"cores": len(os.sched_getaffinity(0)), "load": os.getloadavg(), "results": made}
    path = HERE / "results" / "descriptor_models.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
