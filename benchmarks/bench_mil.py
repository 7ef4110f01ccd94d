"""Slide models on drawn tile embeddings: what attention finds, and what random labels give.

    .venv/bin/python benchmarks/bench_mil.py [--seeds 5] [--repeats 20] [--no-speed]

Planted: in slides of class 1, 2 % of the tiles are shifted along one direction, and every slide
has a random shift of its own (stain, scanner) beside which the mean hardly moves. Random: nothing
tells the classes, patients have 1 to 4 slides. Half of the patients train, 15 % choose the epoch,
35 % are tested; AUROC over patients with the bootstrap interval over patients. The peer is
scikit-learn's logistic regression on slides' mean embeddings (standardised, balanced, C = 1).
Targets: attention >= 0.9 where both means stay below 0.8; intervals cover 0.5 in 18 or more of 20
random repeats; 600 slides x 500 tiles x 200 features with 3 members well under 60 s on 2 cores.
Writes benchmarks/results/bench_mil.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.engine.bags_drawing import (
    Drawing,
    Drawn,
    auroc_of_patients,
    auroc_range,
    draw,
    parts,
)

from tamiz.engine.mil import MilTask, predict_mil, train_mil
from tamiz.metrics.intervals import wilson
from tamiz.models.mil import POOLINGS, MilOptions

RESULTS = Path(__file__).parent / "results"
PLANTED = Drawing(n_patients=240)
RANDOM = Drawing(n_patients=120, most_slides=4, n_tiles=60, n_features=16, strength=0.0)
LARGE = Drawing(n_patients=600, most_slides=1, n_tiles=500, n_features=200)
PEER = "logistic regression on slide means"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--no-speed", action="store_true")
    asked = parser.parse_args()
    made: dict[str, object] = {
        "planted": planted(asked.seeds),
        "random": random_labels(asked.repeats),
        "speed": None if asked.no_speed else speed(),
        "options": asdict(MilOptions()),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_mil.json").write_text(json.dumps(made, indent=2) + "\n")


def planted(n_seeds: int) -> dict[str, object]:
    rows: list[dict[str, object]] = []
    for seed in range(n_seeds):
        drawn = draw(PLANTED, seed)
        rows += [tested(pooling, drawn, seed, *ours(drawn, pooling, seed)) for pooling in POOLINGS]
        rows.append(tested(PEER, drawn, seed, *peer(drawn)))
    mean = {
        name: round(float(np.mean([row["auroc"] for row in rows if row["model"] == name])), 4)
        for name in (*POOLINGS, PEER)
    }
    print(mean, flush=True)
    return {"drawing": asdict(PLANTED), "mean_auroc": mean, "rows": rows}


def random_labels(n_repeats: int) -> dict[str, object]:
    rows: list[dict[str, object]] = []
    for seed in range(1000, 1000 + n_repeats):
        drawn = draw(RANDOM, seed)
        rows.append(tested("attention", drawn, seed, *ours(drawn, "attention", seed)))
    n_covered = sum(row["low"] <= 0.5 <= row["high"] for row in rows)
    mean = float(np.mean([row["auroc"] for row in rows]))
    print(f"random labels: {n_covered} of {n_repeats} cover 0.5, mean {mean:.3f}", flush=True)
    return {
        "drawing": asdict(RANDOM),
        "covered": n_covered,
        "n": n_repeats,
        "covered_interval": wilson(n_covered, n_repeats),
        "mean_auroc": round(mean, 4),
        "rows": rows,
    }


def speed() -> dict[str, object]:
    """Return seconds to train and to predict; 80 % of the slides train, the others choose."""
    drawn = draw(LARGE, 0)
    train, val, _ = parts(drawn.groups, (0.8, 0.2))
    task = MilTask(drawn.bags, drawn.targets, drawn.groups, train, val, 2)
    trained = train_mil(task, MilOptions(), seed=0)
    started = time.perf_counter()
    predict_mil(trained.weights, MilOptions(), drawn.bags, 2)
    made = {
        "slides": len(drawn.bags),
        "tiles": len(drawn.bags.values),
        "features": drawn.bags.n_features,
        "train_s": round(trained.seconds, 1),
        "epochs": len(trained.history),
        "predict_s": round(time.perf_counter() - started, 2),
        "load_average": os.getloadavg(),
    }
    print(made, flush=True)
    return made


def ours(drawn: Drawn, pooling: str, seed: int) -> tuple[np.ndarray, float]:
    """Return the test slides' probabilities and the seconds of training."""
    train, val, test = parts(drawn.groups)
    task = MilTask(drawn.bags, drawn.targets, drawn.groups, train, val, 2)
    options = MilOptions(pooling=pooling)
    trained = train_mil(task, options, seed=seed)
    return predict_mil(trained.weights, options, drawn.bags.take(test), 2)[0], trained.seconds


def peer(drawn: Drawn) -> tuple[np.ndarray, float]:
    train, _, test = parts(drawn.groups)
    started = time.perf_counter()
    means = np.stack([drawn.bags.of(slide).mean(axis=0) for slide in range(len(drawn.bags))])
    scaler = StandardScaler().fit(means[train])
    model = LogisticRegression(class_weight="balanced", max_iter=2000)
    model.fit(scaler.transform(means[train]), drawn.targets[train])
    found = model.predict_proba(scaler.transform(means[test]))
    return found, time.perf_counter() - started


def tested(
    name: str, drawn: Drawn, seed: int, probabilities: np.ndarray, seconds: float
) -> dict[str, object]:
    _, _, test = parts(drawn.groups)
    targets, groups = drawn.targets[test], drawn.groups[test]
    low, high = auroc_range(probabilities, targets, groups)
    auroc = auroc_of_patients(probabilities, targets, groups)
    row = {
        "model": name,
        "seed": seed,
        "auroc": round(auroc, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "patients": len(np.unique(groups)),
        "slides": len(test),
        "seconds": round(seconds, 2),
    }
    print(row, flush=True)
    return row


if __name__ == "__main__":
    main()
