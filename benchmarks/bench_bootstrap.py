"""Time and memory of 2,000 resamples of 100,000 predictions, 10 classes, all metrics.

    .venv/bin/python benchmarks/bench_bootstrap.py [--repeats 3]

Target: under 20 s on 2 cores and under 1 GB. Writes benchmarks/results/bench_bootstrap.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from pathlib import Path

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics.intervals import measure

RESULTS = Path(__file__).parent / "results"
N_ITEMS, N_CLASSES, N_RESAMPLES = 100_000, 10, 2_000


def made_up(items_per_group: int) -> Predictions:
    """Return predictions that are right in about two of three cases."""
    rng = np.random.default_rng(0)
    target = rng.integers(0, N_CLASSES, N_ITEMS)
    scores = rng.normal(size=(N_ITEMS, N_CLASSES))
    scores[np.arange(N_ITEMS), target] += 2
    powers = np.exp(scores)
    return Predictions(
        classes=tuple(map(str, range(N_CLASSES))),
        item=np.array([f"{index:06d}" for index in range(N_ITEMS)]),
        group=np.array([f"{index // items_per_group:06d}" for index in range(N_ITEMS)]),
        target=target,
        probabilities=powers / powers.sum(axis=1, keepdims=True),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    rows = []
    for items_per_group in (1, 5):
        predictions = made_up(items_per_group)
        seconds, processor_seconds = [], []
        for _ in range(asked.repeats):
            started, processor = time.monotonic(), time.process_time()
            measured = measure(predictions, EvaluateOptions(resamples=N_RESAMPLES))
            seconds.append(round(time.monotonic() - started, 2))
            processor_seconds.append(round(time.process_time() - processor, 2))
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        row = {
            "items": N_ITEMS,
            "groups": measured.n_groups,
            "classes": N_CLASSES,
            "resamples": N_RESAMPLES,
            "metrics": len(measured.overall),
            "seconds": seconds,
            "processor_seconds": processor_seconds,
            "peak_mib": peak_mib,
        }
        print(row, flush=True)
        rows.append(row)
    conditions = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load_at_end": os.getloadavg()[0],
        "numpy": np.__version__,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"conditions": conditions, "rows": rows}, indent=1)
    (RESULTS / "bench_bootstrap.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
