"""Slide models on drawn slides: a rare texture in 2 % of the tissue decides the class.

    .venv/bin/python benchmarks/bench_slide_models.py [--n 754] [--scale 0.25] [--seeds 5]
        [--folder FOLDER]

Slides are a drawn copy of workflow A's data set (benchmarks/drawn_workflow_a.py): the real table's
patients, centres and labels, each slide with its own stain and tissue. In five grouped splits of
patients (60 / 20 / 20 %), attention, mean pooling and a logistic regression on slide means
(scikit-learn) learn from the same tiles; patient AUROC on the last part with 95 % interval (over
patients). Then the labels are drawn anew by patient, 20 times: how often does the interval hold
0.5? Targets: attention >= 0.95 where mean pooling stays below 0.8; random labels cover 0.5. Also
seconds for describing all tiles, and for another head on them. Writes
benchmarks/results/bench_slide_models.json. --folder keeps the slides for another time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from drawn_workflow_a import draw

from tamiz.core.recipe import DataOptions, EvaluateOptions
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.engine.bags import Bags
from tamiz.engine.mil import MilTask, predict_mil, train_mil
from tamiz.formats.reader import policy_from
from tamiz.inputs.find import find
from tamiz.metrics.intervals import measure
from tamiz.metrics.pooling import pooled
from tamiz.models.mil import SlideModelOptions
from tamiz.splits.grouped import grouped
from tamiz.stages.embedding import Embedding, bags_of

RESULTS = Path(__file__).parent / "results"
RANDOM = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=754)
    parser.add_argument("--scale", type=float, default=0.25)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        folder = asked.folder or Path(room)
        os.environ["TAMIZ_CACHE"] = str(folder / "cache")
        table = draw(folder, n=asked.n, scale=asked.scale, rare=0.02)
        rows = slides_of(table)
        options = SlideModelOptions(um_per_px=0.5)
        how = Embedding(options.tiling(), tuple(options.embed), (), policy_from(DataOptions()))
        was_kept = (folder / "cache" / "bags").is_dir()
        started = time.perf_counter()
        bags, _ = bags_of(rows, how)
        described_s = time.perf_counter() - started
        started = time.perf_counter()
        bags_of(rows, how)
        again_s = time.perf_counter() - started
    made: dict[str, object] = {
        "slides": len(rows),
        "patients": len(set(rows.group_keys())),
        "tiles": int(bags.lengths.sum()),
        "describing_s": "kept from another time" if was_kept else round(described_s, 1),
        "from_cache_s": round(again_s, 2),
        "planted": planted(rows, bags, options, asked.seeds),
        "random_labels": random_labels(rows, bags, options),
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
    }
    print(json.dumps(made, indent=2))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_slide_models.json").write_text(json.dumps(made, indent=2) + "\n")


def slides_of(table: Path) -> Manifest:
    """Return the slides, with their content's hash as `tamiz check` writes it."""
    data = DataOptions(
        source=str(table), root=str(table.parent / "slides"), path="{image_id}.tif",
        label="label", group="patient_id",
    )  # fmt: skip
    rows = find(data).manifest
    hashes = []
    for path in rows.column("path"):
        with (rows.root / path).open("rb") as opened:
            hashes.append(hashlib.file_digest(opened, "sha256").hexdigest())
    return rows.with_columns({"content_sha256": hashes})


def planted(
    rows: Manifest, bags: Bags, options: SlideModelOptions, seeds: int
) -> dict[str, object]:
    """Return the test AUROC of each way in each split, and their means."""
    targets = np.array([label == "LAA" for label in rows.column("label")]).astype(np.int64)
    found: dict[str, list[object]] = {}
    seconds = []
    for seed in range(seeds):
        parts = split(rows, targets, seed)
        for name in ("attention", "mean", "logistic"):
            started = time.perf_counter()
            answers = answer(bags, targets, rows, parts, options, name, seed)
            seconds += [time.perf_counter() - started] if name == "attention" else []
            found.setdefault(name, []).append(auroc(answers, rows, targets, parts["test"], seed))
            print(seed, name, found[name][-1], flush=True)
    means = {
        name: round(statistics.mean(one["auroc"] for one in many), 4)  # type: ignore[index]
        for name, many in found.items()
    }
    return {"mean_auroc": means, "by_split": found, "head_s": round(statistics.median(seconds), 1)}


def random_labels(rows: Manifest, bags: Bags, options: SlideModelOptions) -> dict[str, object]:
    """Return how often the interval of the AUROC of labels that mean nothing holds 0.5."""
    values, held = [], 0
    quick = replace(options, members=1)
    for seed in range(RANDOM):
        rng = np.random.default_rng([7, seed])
        drawn = {group: int(rng.random() < 0.3) for group in sorted(set(rows.group_keys()))}
        targets = np.array([drawn[group] for group in rows.group_keys()], dtype=np.int64)
        parts = split(rows, targets, seed)
        answers = answer(bags, targets, rows, parts, quick, "attention", seed)
        one = auroc(answers, rows, targets, parts["test"], seed)
        values.append(one["auroc"])
        held += int(one["low"] <= 0.5 <= one["high"])
        print("random", seed, one, flush=True)
    return {"repeats": RANDOM, "covered": held, "mean_auroc": round(statistics.mean(values), 4)}


def split(rows: Manifest, targets: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    labels = [str(one) for one in targets.tolist()]
    sides = grouped(rows.group_keys(), labels, test_fraction=0.2, val_fraction=0.2, seed=seed)
    names = np.array(sides)
    return {part: np.flatnonzero(names == part) for part in ("train", "val", "test")}


def answer(
    bags: Bags,
    targets: np.ndarray,
    rows: Manifest,
    parts: dict[str, np.ndarray],
    options: SlideModelOptions,
    name: str,
    seed: int,
) -> np.ndarray:
    """Return (test slides, 2) probabilities."""
    if name == "logistic":
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        empty = np.zeros(bags.n_features)
        means = np.stack(
            [bags.of(i).mean(axis=0) if bags.lengths[i] else empty for i in range(len(bags))]
        )
        model = make_pipeline(
            StandardScaler(), LogisticRegression(max_iter=3000, class_weight="balanced")
        )
        model.fit(means[parts["train"]], targets[parts["train"]])
        return np.asarray(model.predict_proba(means[parts["test"]]))
    chosen = replace(options, pooling=name)
    task = MilTask(bags, targets, rows.group_keys(), parts["train"], parts["val"], 2)
    trained = train_mil(task, chosen, seed=seed)
    made, _ = predict_mil(trained.weights, chosen, bags.take(parts["test"]), 2)
    return made


def auroc(
    answers: np.ndarray, rows: Manifest, targets: np.ndarray, at: np.ndarray, seed: int
) -> dict[str, float]:
    slides = Predictions(
        classes=("CE", "LAA"),
        item=np.array(rows.column("item"), dtype=np.str_)[at],
        group=np.array(rows.group_keys(), dtype=np.str_)[at],
        target=targets[at],
        probabilities=answers,
    )
    found = measure(pooled(slides), EvaluateOptions(resamples=1000, seed=seed)).overall["auroc"]
    bounds = {"low": found.low, "high": found.high}
    rounded = {name: round(value, 4) for name, value in bounds.items() if value is not None}
    return {"auroc": round(found.value, 4), "patients": found.n, **rounded}


if __name__ == "__main__":
    main()
