"""Planted label errors: how many stand in the first 6 % of the review queue.

    .venv/bin/python benchmarks/bench_label_errors.py [--seeds 3]

5 % of the labels of each real data set are changed to another class at random; the check `labels`
ranks them. Target: >= 80 % of them in the first 6 % of the queue on the 60,000 training images of
Fashion-MNIST. The peer's way, in the same run and on 10,000 of the images for both: what the
documentation of cleanlab shows, written with scikit-learn (cross_val_predict of a logistic
regression on pixels, ranked by the probability of the given label). Also told: how many labels
are called doubtful when none was changed. Writes benchmarks/results/bench_label_errors.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from tamiz.checks.labels import labels
from tamiz.checks.measures import measure_all
from tamiz.core.recipe import DataOptions
from tamiz.data.evidence import Evidence, Pairs
from tamiz.data.manifest import Manifest
from tamiz.data.sketches import FIGURES, Sketches
from tamiz.formats.reader import Reader, policy_from
from tamiz.inputs.find import find
from tamiz.metrics.intervals import wilson

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
SETS = {
    "fashion-mnist": (32, {}),
    "mnist": (32, {}),
    "sign_digits": (64, {}),
    "chest_xray": (64, {"group_from_name": r"(person\d+|(?:NORMAL2-)?IM-\d+)"}),
}
SHARE, QUEUE = 0.05, 0.06


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit("the shared data are not there: nothing to measure on")
    made: dict[str, object] = {"planted": SHARE, "queue": QUEUE, "target": 0.8}
    for name, (side, options) in SETS.items():
        evidence = training_part(name, side, options)
        runs = [one_run(evidence, seed) for seed in range(asked.seeds)]
        clean = labels(evidence).suspicions
        made[name] = {
            "images": len(evidence.manifest),
            "runs": runs,
            "doubtful_without_planting": sum(len(one.clusters) for one in clean),
        }
        if name == "fashion-mnist":
            made["peer_on_10000"] = against_peer(evidence)
    made["load_average"] = os.getloadavg()
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_label_errors.json").write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2))


def training_part(name: str, side: int, options: dict[str, str]) -> Evidence:
    data = DataOptions(source=str(SHARED / name), **options)
    found = find(data).manifest
    rows = found.take([i for i, part in enumerate(found.column("given_split")) if part != "test"])
    places = list(rows.rows("path", "frame"))
    measured = []
    with Reader(rows.root, policy_from(data)) as reader:
        for start in range(0, len(places), 512):
            images = [reader.read(path, frame) for path, frame in places[start : start + 512]]
            measured += measure_all(images, side)
    nothing = {one: np.full(len(rows), np.nan, dtype=np.float32) for one in FIGURES}
    sketches = Sketches(
        tuple(rows.column("item")),
        nothing,
        np.stack([one.grey for one in measured]),
        np.stack([one.colour for one in measured]),
    )
    return Evidence(rows, sketches, Pairs.none(), np.zeros(len(rows), dtype=np.bool_))


def planted(manifest: Manifest, seed: int) -> tuple[Manifest, np.ndarray]:
    rng = np.random.default_rng(seed)
    names = manifest.classes()
    given = [names.index(label) for label in manifest.column("label")]
    is_wrong = rng.random(len(given)) < SHARE
    shift = rng.integers(1, len(names), len(given))
    made = [
        names[(one + move) % len(names)] if wrong else names[one]
        for one, move, wrong in zip(given, shift, is_wrong, strict=True)
    ]
    return manifest.with_columns({"label": made}), is_wrong


def found_early(score: np.ndarray, is_wrong: np.ndarray) -> dict[str, object]:
    order = np.argsort(np.where(np.isfinite(score), score, np.inf), kind="stable")
    n_found = int(is_wrong[order[: int(QUEUE * len(score))]].sum())
    low, high = wilson(n_found, int(is_wrong.sum()))
    return {"found": n_found / is_wrong.sum(), "interval": [low, high], "n": int(is_wrong.sum())}


def one_run(evidence: Evidence, seed: int) -> dict[str, object]:
    manifest, is_wrong = planted(evidence.manifest, seed)
    started = time.perf_counter()
    result = labels(Evidence(manifest, evidence.sketches, evidence.pairs, evidence.sealed, seed))
    seconds = round(time.perf_counter() - started, 1)
    doubtful = sum(len(one.clusters) for one in result.suspicions)
    found = found_early(result.scores["label"], is_wrong)
    return {**found, "seconds": seconds, "doubtful": doubtful}


def against_peer(evidence: Evidence) -> dict[str, object]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    at = np.sort(np.random.default_rng(0).permutation(len(evidence.manifest))[:10_000])
    some = Evidence(
        evidence.manifest.take(at.tolist()),
        evidence.sketches.take(at),
        evidence.pairs,
        evidence.sealed[at],
    )
    manifest, is_wrong = planted(some.manifest, 0)
    pixels = some.sketches.grey.reshape(len(at), -1) / 255
    names = np.array(manifest.column("label"))
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it does not converge in 100 steps; nobody waits longer
        model = LogisticRegression(max_iter=100)
        beliefs = cross_val_predict(model, pixels, names, cv=5, method="predict_proba")
    seconds = round(time.perf_counter() - started, 1)
    own = beliefs[np.arange(len(at)), np.searchsorted(np.unique(names), names)]
    peer = {**found_early(own, is_wrong), "seconds": seconds}
    return {"peer": peer, "tamiz": one_run(some, 0)}


if __name__ == "__main__":
    main()
