"""Kill trainings at random moments until they end by themselves: the weights must be the same.

usage: bench_resume.py [--kills N] [--seed N]
Three trainings of scikit-learn's digits (stages, super batches, folds) run once undisturbed, and
once killed with SIGKILL again and again, N kills in all. Writes
benchmarks/results/bench_resume.json; fails when a byte of a model differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

RESULTS = Path(__file__).resolve().parent / "results" / "bench_resume.json"
COMMON = ("--quiet", "--set", "train.checkpoint_s=0.2", "--set", "train.threads=1")
# With momentum and augmentation: what a restart could get wrong must matter.
WAYS = {
    "stages": (
        "--model", "test_resnet", "--from-scratch", "--size", "32",
        "--stages", "head:3,last-block:3,all:4",
    ),
    "super batches": ("--shards", "5", "--epochs", "6"),
    "folds": ("--folds", "4", "--epochs", "6"),
}  # fmt: skip


def write_digits(folder: Path) -> None:
    digits = load_digits()
    for number, (pixels, label) in enumerate(zip(digits.images, digits.target, strict=True)):
        place = folder / str(label)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels * 15.9).astype("uint8")).save(place / f"{number}.png")


def digest(run: Path) -> str:
    made = hashlib.sha256()
    for path in sorted((run / "model").rglob("*.safetensors")):
        made.update(path.read_bytes())
    return made.hexdigest()


def plan(source: Path, out: Path, options: tuple[str, ...]) -> None:
    """Do all that comes before training, once."""
    command = [sys.executable, "-m", "tamiz", "plan", str(source), "--out", str(out)]
    subprocess.run([*command, *COMMON, *options], check=True, stdout=subprocess.DEVNULL)


def start(planned: Path, out: Path) -> subprocess.Popen[bytes]:
    if not out.exists():
        shutil.copytree(planned, out)
    environment = {**os.environ, "TAMIZ_CACHE": str(out.parent / f"cache-{out.name}")}
    return subprocess.Popen(
        [sys.executable, "-m", "tamiz", "train", "--resume", str(out), "--quiet"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(errors.decode())


def killed_until_done(
    planned: Path,
    out: Path,
    n_kills: int,
    seconds: float,
    rng: np.random.Generator,
) -> int:
    """Kill the training `n_kills` times (or until it ends first), then let it end."""
    for number in range(n_kills):
        process = start(planned, out)
        try:
            process.wait(timeout=rng.uniform(0.3, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            continue
        finish(process)
        return number
    finish(start(planned, out))
    return n_kills


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    rng = np.random.default_rng(asked.seed)
    results: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "digits"
        write_digits(source)
        left = asked.kills
        for place, (name, options) in enumerate(WAYS.items()):
            planned = Path(folder) / f"planned-{place}"
            plan(source, planned, options)
            whole, broken = Path(folder) / f"whole-{place}", Path(folder) / f"killed-{place}"
            started = time.monotonic()
            finish(start(planned, whole))
            seconds = time.monotonic() - started
            n_wanted, n_killed = left // (len(WAYS) - place), 0
            rounds = 0
            same = True
            while n_killed < n_wanted and rounds < 20:
                out = broken.with_name(f"{broken.name}-{rounds}")
                n_killed += killed_until_done(planned, out, n_wanted - n_killed, seconds, rng)
                same = same and digest(out) == digest(whole)
                rounds += 1
            left -= n_killed
            results[name] = {"kills": n_killed, "trainings": rounds, "same_bytes": same}
            print(name, results[name], f"({seconds:.0f} s undisturbed)", flush=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    return 0 if all(one["same_bytes"] for one in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
