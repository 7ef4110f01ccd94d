"""Super batches: data sorted by class, trained shard after shard, against the shuffled whole.

usage: bench_shards.py [--data FOLDER] [--shards N] [--epochs N] [--seeds N]
FOLDER holds `fashion-mnist` (default: TAMIZ_SHARED_DATA or ../shared/data). Writes
benchmarks/results/bench_shards.json. The naive order cuts the class-sorted training part into
shards; tamiz refuses shards of one class, the benchmark switches that refusal off to show why.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_scores
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.ordering import Ordering
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import Task, Trained, train_network
from tamiz.formats.idx import read_idx
from tamiz.models.build import build_network
from tamiz.splits.folds import make_folds

RESULTS = Path(__file__).resolve().parent / "results" / "bench_shards.json"
N_VAL = 5_000


def load(data: Path) -> tuple[Any, Any, Any, Any]:
    folder = data / "fashion-mnist"
    names = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")
    found = [read_idx(next(folder.glob(f"{name}*")))[1] for name in names]
    return tuple(found)  # type: ignore[return-value]


def rows_of(pixels: Any, labels: Any, shard: Any) -> Rows:
    at = np.arange(len(pixels))
    return Rows(
        images=InMemory(np.ascontiguousarray(pixels[..., None])),
        targets=labels.astype(np.int64),
        item_keys=item_keys_of([str(n) for n in at]),
        train=at[N_VAL:],
        val=at[:N_VAL],
        classes=tuple(str(n) for n in range(10)),
        shard=shard,
    )


def accuracy(trained: Trained, rows: Rows, model: ModelOptions, test: Any, wanted: Any) -> float:
    task = Task(model, TrainOptions(), rows)
    net = build_network(model.name, {}, task.shape, mean=trained.mean, std=trained.std)
    net.load_state_dict({k: torch.from_numpy(v) for k, v in trained.weights.items()})
    scores = predict_scores(net, InMemory(np.ascontiguousarray(test[..., None])))
    return float((scores.argmax(1) == wanted).mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    default = os.environ.get("TAMIZ_SHARED_DATA", "../shared/data")
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    pixels, labels, test, wanted = load(asked.data)
    by_class = np.argsort(labels[N_VAL:], kind="stable") + N_VAL
    naive = np.zeros(len(labels), np.int64)
    for number, part in enumerate(np.array_split(by_class, asked.shards)):
        naive[part] = number
    folds = make_folds(
        [str(n) for n in range(N_VAL, len(labels))],
        [(str(label),) for label in labels[N_VAL:]],
        asked.shards,
        0,
    )
    ours = np.zeros(len(labels), np.int64)
    ours[N_VAL:] = np.array(folds.fold) - 1
    ways = {"whole, shuffled": (None, 0.0), "super batches": (ours, 0.2), "naive": (naive, 0.0)}
    model, results = ModelOptions("small"), {}
    for name, (shard, replay) in ways.items():
        found, seconds = [], []
        for seed in range(asked.seeds):
            refusing = mock.patch.object(Ordering, "check", return_value=None)
            allowing = refusing if name == "naive" else contextlib.nullcontext()
            train = TrainOptions(
                epochs=asked.epochs, batch_size=128, learning_rate=5e-3, weight_decay=0.05,
                augment=[{"name": "flip"}],
                seed=seed, replay=replay, threads=1,
            )  # fmt: skip
            rows = rows_of(pixels, labels, shard)
            if name == "naive":  # what its author would keep: the last state
                rows = replace(rows, val=rows.val[:0])
            started = time.perf_counter()
            with allowing:
                trained = train_network(Task(model, train, rows))
            seconds.append(time.perf_counter() - started)
            found.append(accuracy(trained, rows, model, test, wanted))
            print(
                f"{name}, seed {seed}: {100 * found[-1]:.2f} % in {seconds[-1]:.0f} s", flush=True
            )
        results[name] = {"accuracy": found, "seconds": seconds}
    settings = {key: str(value) for key, value in vars(asked).items() if key != "data"}
    RESULTS.write_text(json.dumps({"settings": settings, "ways": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
