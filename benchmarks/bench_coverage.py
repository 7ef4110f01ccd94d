"""Do the 95 % intervals hold the truth in 95 % of the cases? A simulation.

Patients have 1 to 6 images each (or exactly one), two classes (60 : 40), a score whose noise is
shared within the patient to the extent of the intra-group correlation, and probabilities from
that score. The truth is the metric on a million images drawn the same way.

    .venv/bin/python benchmarks/bench_coverage.py            # 1,000 data sets a row: under an hour
    .venv/bin/python benchmarks/bench_coverage.py --fast     # 200 data sets a row: minutes
    .venv/bin/python benchmarks/bench_coverage.py --compare  # percentile and BCa beside ours

Writes benchmarks/results/bench_coverage.json (with --compare: bench_coverage_compare.json) after
each row. --resume goes on with a file that was begun under the same conditions.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.metrics import intervals as metric_intervals
from tamiz.metrics.bootstrap import resampled_sums
from tamiz.metrics.intervals import measure
from tamiz.metrics.registry import METRICS
from tamiz.metrics.sums import Summer, sums_of

METRIC_NAMES = ("accuracy", "f1_macro", "auroc", "log_loss")
CASE_FIELDS = ("items", "icc", "labels", "separation")
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of data.

    Attributes:
        items: 'one per group', or '1-6 per group'.
        icc: share of the score's noise variance that a group's items have in common.
        labels: 'by group' (a patient is ill or not) or 'by item'.
        separation: distance of the classes' mean scores, in standard deviations.
    """

    items: str
    icc: float
    labels: str
    separation: float


CASES = [
    Case("one per group", 0.0, "by group", 2.0),
    Case("1-6 per group", 0.0, "by group", 2.0),
    Case("1-6 per group", 0.3, "by group", 2.0),
    Case("1-6 per group", 0.9, "by group", 2.0),
    Case("1-6 per group", 0.9, "by item", 2.0),
    Case("one per group", 0.0, "by group", 3.0),
    Case("1-6 per group", 0.3, "by group", 3.0),
    Case("1-6 per group", 0.9, "by group", 3.0),
]


def draw(rng: np.random.Generator, n_groups: int, case: Case) -> Predictions:
    """Return simulated predictions of `n_groups` groups."""
    one = case.items == "one per group"
    sizes = np.ones(n_groups, dtype=np.int64) if one else rng.integers(1, 7, n_groups)
    group = np.repeat(np.arange(n_groups), sizes)
    n = len(group)
    ill = rng.random(n_groups)[group] if case.labels == "by group" else rng.random(n)
    target = (ill < 0.4).astype(np.int64)
    shared = np.sqrt(case.icc) * rng.normal(size=n_groups)[group]
    own = np.sqrt(1 - case.icc) * rng.normal(size=n)
    score = case.separation * (target - 0.5) + shared + own
    second = 1 / (1 + np.exp(-(case.separation * score + np.log(0.4 / 0.6))))
    return Predictions(
        classes=("well", "ill"),
        item=np.array([f"{index:07d}" for index in range(n)]),
        group=group.astype(str),
        target=target,
        probabilities=np.stack([1 - second, second], axis=1),
    )


def truth_of(case: Case) -> dict[str, float]:
    """Return the metrics of about a million images."""
    n_groups = 1_000_000 if case.items == "one per group" else 290_000
    sums = sums_of(draw(np.random.default_rng(987), n_groups, case))
    return {name: float(METRICS.get(name).formula(sums)[0]) for name in METRIC_NAMES}


def intervals(
    predictions: Predictions, options: EvaluateOptions, *, compare: bool
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return (low, high) by method and metric."""
    estimates = measure(predictions, options).overall
    made = {}
    for name in METRIC_NAMES:
        one = estimates.get(name)
        if one is not None and one.low is not None and one.high is not None:
            made["tamiz", name] = (one.low, one.high)
    if compare:
        made.update(peer_intervals(predictions, options))
    return made


def peer_intervals(
    predictions: Predictions, options: EvaluateOptions
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the percentile and the BCa interval of the same resamples."""
    resamples = resampled_sums(predictions, options.resamples, options.seed)
    point, summer = sums_of(predictions), Summer(predictions)
    without = summer(1 - np.eye(summer.n_groups, dtype=np.int32))
    made = {}
    for name in METRIC_NAMES:
        formula = METRICS.get(name).formula
        replicates, value = formula(resamples), float(formula(point)[0])
        replicates = replicates[np.isfinite(replicates)]
        made["percentile", name] = tuple(np.quantile(replicates, [0.025, 0.975]))
        jackknife = formula(without)
        jackknife = jackknife[np.isfinite(jackknife)]
        made["bca", name] = bca(value, replicates, jackknife)
    return made


def bca(value: float, replicates: np.ndarray, jackknife: np.ndarray) -> tuple[float, float]:
    """Return the bias-corrected and accelerated interval (Efron 1987)."""
    normal = NormalDist()
    below = (np.mean(replicates < value) + np.mean(replicates <= value)) / 2
    bias = normal.inv_cdf(float(np.clip(below, 1e-4, 1 - 1e-4)))
    apart = jackknife.mean() - jackknife
    scale = np.sum(apart**2) ** 1.5
    bend = np.sum(apart**3) / (6 * scale) if scale > 0 else 0.0
    shares = []
    for tail in (0.025, 0.975):
        z = bias + normal.inv_cdf(tail)
        shares.append(normal.cdf(bias + z / (1 - bend * z)))
    low, high = np.quantile(replicates, shares)
    return float(low), float(high)


def run(case: Case, n_groups: int, n_sets: int, resamples: int, *, compare: bool) -> list[dict]:
    """Return one row per method and metric: coverage and median width."""
    truth = truth_of(case)
    covered, widths = defaultdict(list), defaultdict(list)
    for index in range(n_sets):
        rng = np.random.default_rng([index, n_groups, round(100 * case.icc)])
        predictions = draw(rng, n_groups, case)
        options = EvaluateOptions(resamples=resamples, seed=index)
        for key, (low, high) in intervals(predictions, options, compare=compare).items():
            covered[key].append(low <= truth[key[1]] <= high)
            widths[key].append(high - low)
    return [
        {
            **asdict(case),
            "n_groups": n_groups,
            "method": method,
            "metric": metric,
            "truth": round(truth[metric], 4),
            "coverage_percent": round(100 * float(np.mean(hits)), 1),
            "median_width": round(float(np.median(widths[method, metric])), 4),
            "n_sets": len(hits),
        }
        for (method, metric), hits in covered.items()
    ]


def show(rows: list[dict], n_groups: int, case: Case) -> None:
    print(
        f"{case.items}, ICC {case.icc}, label {case.labels}, separation {case.separation}, "
        f"{n_groups} groups"
    )
    for method in dict.fromkeys(row["method"] for row in rows):
        cells = (
            f"{row['metric']} ({row['truth']:.3f}) {row['coverage_percent']:5.1f} %"
            for row in rows
            if row["method"] == method
        )
        print(f"   {method:10s}", "   ".join(cells), flush=True)


def begun(path: Path, conditions: dict) -> dict:
    """Return what `path` holds so far; an empty result where it was begun otherwise."""
    if path.is_file():
        found = json.loads(path.read_text(encoding="utf-8"))
        if all(found["conditions"].get(name) == value for name, value in conditions.items()):
            return found
    return {"conditions": {**conditions, "seconds": 0}, "rows": []}


def summary_of(rows: list[dict]) -> dict:
    """Return, by method and number of groups, the range of coverages and how many lie in 93-97."""
    made = {}
    for row in rows:
        name = f"{row['method']}, {row['n_groups']} groups"
        cells = made.setdefault(name, {"cells": 0, "within_93_97": 0, "lowest": 100, "highest": 0})
        percent = row["coverage_percent"]
        cells["cells"] += 1
        cells["within_93_97"] += 93 <= percent <= 97
        cells["lowest"] = min(cells["lowest"], percent)
        cells["highest"] = max(cells["highest"], percent)
    return made


def save(found: dict, path: Path, seconds: float) -> None:
    """Write what was found so far."""
    found["conditions"]["seconds"] = round(seconds)
    found["summary"] = summary_of(found["rows"])
    RESULTS.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--sets", type=int, default=None)
    parser.add_argument("--groups", default="10,20,30,50,100,200,500")
    asked = parser.parse_args()
    n_sets = asked.sets or (200 if asked.fast or asked.compare else 1000)
    conditions = {
        "n_sets": n_sets,
        "resamples": 1000,
        "sd_of_a_coverage_percent": round(100 * float(np.sqrt(0.95 * 0.05 / n_sets)), 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "numpy": np.__version__,
    }
    path = RESULTS / ("bench_coverage_compare.json" if asked.compare else "bench_coverage.json")
    empty = {"conditions": conditions, "rows": []}
    found = begun(path, conditions) if asked.resume else empty
    started = time.monotonic() - found["conditions"].get("seconds", 0)
    done = {tuple(row[name] for name in (*CASE_FIELDS, "n_groups")) for row in found["rows"]}
    # the design effect is no part of an interval, and its resamples cost a quarter of the time
    metric_intervals.ALONE_RESAMPLES = 1
    for n_groups in map(int, asked.groups.split(",")):
        for case in CASES:
            if (*asdict(case).values(), n_groups) in done:
                continue
            made = run(case, n_groups, n_sets, conditions["resamples"], compare=asked.compare)
            show(made, n_groups, case)
            found["rows"] += made
            save(found, path, time.monotonic() - started)


if __name__ == "__main__":
    main()
