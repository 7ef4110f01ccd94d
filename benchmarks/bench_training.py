"""Training from raw files to a test figure: tamiz against Keras + TensorFlow, in one run.

usage: bench_training.py [--data FOLDER] [--only NAME,NAME]
FOLDER holds `fashion-mnist` and `mnist` (four IDX files each; default: TAMIZ_SHARED_DATA or
../shared/data). Keras gets an environment of its own (or TAMIZ_PEER_KERAS names its Python).
Writes benchmarks/results/bench_training.json. Times are whole-process seconds of `tamiz run`
(from files to report) beside Keras' fit() alone; quote ratios, these machines are shared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers.environment import HERE, python_of

ROOT = HERE.parents[1]
REFERENCE = "keras: workflow C, batch 32"


@dataclass(frozen=True, slots=True)
class Job:
    """One training: its name, its data set, its settings, and what is to be reached."""

    name: str
    dataset: str
    arguments: tuple[str, ...]
    target_accuracy: float | None = None
    target_ratio: str = ""


JOBS = (
    Job("cnn", "fashion-mnist", ("--recipe", "recipes/workflow-c.toml"), 0.91, ">= 1.4x Keras"),
    Job("small (default)", "fashion-mnist", (), 0.925, "<= 1x Keras"),
    Job("small (long)", "fashion-mnist", ("--recipe", "recipes/small-long.toml"), 0.94, "<= 4x"),
    Job("softmax", "mnist", ("--model", "softmax"), 0.92),
    Job("mlp", "mnist", ("--model", "mlp"), 0.98),
    Job("small", "mnist", (), 0.995),
)  # fmt: skip


def run_tamiz(job: Job, data: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [sys.executable, "-m", "tamiz", "run", str(data / job.dataset)]
        command += ["--out", str(out), "--quiet", *job.arguments]
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if status != 0:
            raise RuntimeError(f"{job.name} failed with status {status}")
        metrics = json.loads((out / "metrics.json").read_text())
        timing = json.loads((out / "timing.json").read_text())
        baselines = {n: v["accuracy"]["value"] for n, v in metrics["baselines"].items()}
    return {
        "seconds": seconds,
        "peak_mib": usage.ru_maxrss / 1024,
        "train_seconds": timing["train"],
        "accuracy": metrics["test"]["accuracy"],
        "baselines": baselines,
    }


def run_keras(data: Path) -> dict[str, Any]:
    script = str(HERE / "keras_workflow_c.py")
    command = [python_of("keras"), script, str(data / "fashion-mnist"), "32", "10"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    facts: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("TAMIZ_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    wanted = [name for name in asked.only.split(",") if name]
    results: dict[str, Any] = {}
    keras = run_keras(asked.data)
    results[REFERENCE] = keras
    print(f"{REFERENCE}: {keras['accuracy']:.4f} in {keras['seconds']:.0f} s", flush=True)
    for job in JOBS:
        if wanted and job.name not in wanted:
            continue
        made = run_tamiz(job, asked.data)
        made["ratio_whole"] = keras["seconds"] / made["seconds"]
        made["ratio_train"] = keras["seconds"] / made["train_seconds"]
        results[f"{job.dataset}: {job.name}"] = made
        value = made["accuracy"]
        print(
            f"{job.dataset} {job.name}: {value['value']:.4f} "
            f"({value['low']:.4f}-{value['high']:.4f}) n={value['n']}, "
            f"whole run {made['seconds']:.0f} s = {made['ratio_whole']:.2f}x Keras' speed, "
            f"training {made['ratio_train']:.2f}x, peak {made['peak_mib']:.0f} MiB "
            f"| target {job.target_accuracy} {job.target_ratio}",
            flush=True,
        )
    conditions = {"cores": os.cpu_count(), "machine": platform.machine(), "python": sys.version}
    path = ROOT / "benchmarks" / "results" / "bench_training.json"
    if wanted and path.is_file():  # a partial run renews its own rows
        results = {**json.loads(path.read_text())["results"], **results}
    path.write_text(json.dumps({"conditions": conditions, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
