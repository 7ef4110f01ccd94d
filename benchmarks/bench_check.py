"""`index` + `check` of a folder of JPEG files against a bare Pillow decode loop on the same cores.

    .venv/bin/python benchmarks/bench_check.py [--repeats 5] [--folder PATH]

Target: within 1.3 times the faster of two bare loops (as many threads, or processes, as cores).
The real chest radiographs are used where they are (TAMIZ_SHARED_DATA), drawn ones elsewhere. All
three ways take turns in one run; medians are compared. Writes benchmarks/results/bench_check.json.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import PIL.Image

from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.run_folder import Run
from tamiz.stages.check import check
from tamiz.stages.index import index
from tamiz.testing.pictures import jpeg

RESULTS = Path(__file__).parent / "results"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
N_DRAWN = 6000
CHUNK = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        folder = asked.folder or real_or_drawn(Path(room))
        paths = sorted(map(str, folder.rglob("*.jp*g")))
        row = measure(folder, paths, asked.repeats)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_check.json").write_text(json.dumps(row, indent=2) + "\n")
    print(json.dumps(row, indent=2))
    print(f"index + check / bare decode = {row['ratio']} (target 1.3)")


def real_or_drawn(room: Path) -> Path:
    real = Path(os.environ.get("TAMIZ_SHARED_DATA", SHARED)) / "chest_xray"
    if real.is_dir():
        return real
    for number in range(N_DRAWN):
        path = room / "ab"[number % 2] / f"{number}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(jpeg(number, (224, 224), channels=1))
    return room


def measure(folder: Path, paths: list[str], repeats: int) -> dict[str, object]:
    n_cores = len(os.sched_getaffinity(0))
    ways: dict[str, Callable[[], None]] = {
        "bare_threads": lambda: bare(paths, ThreadPoolExecutor(n_cores)),
        "bare_processes": lambda: bare(paths, processes(n_cores)),
        "index_and_check": lambda: ours(folder),
    }
    for work in ways.values():  # the first round fills the disk cache and loads the modules
        work()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    cpu_s: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, work in ways.items():
            started, cpu_started = time.monotonic(), cpu_seconds()
            work()
            seconds[name].append(round(time.monotonic() - started, 3))
            cpu_s[name].append(round(cpu_seconds() - cpu_started, 3))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    fastest = min(medians["bare_threads"], medians["bare_processes"])
    return {
        "images": len(paths),
        "source": folder.name,
        "repeats": repeats,
        "ratio": round(medians["index_and_check"] / fastest, 3),
        "ratio_of_best_times": round(
            min(seconds["index_and_check"])
            / min(*seconds["bare_threads"], *seconds["bare_processes"]),
            3,
        ),
        "ratio_of_processor_time": round(
            min(cpu_s["index_and_check"]) / min(cpu_s["bare_threads"]), 3
        ),
        "median_s": medians,
        "least_processor_s": {name: min(times) for name, times in cpu_s.items()},
        "seconds": seconds,
        "load_average": os.getloadavg(),
        "cores": n_cores,
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("pillow", "numpy", "polars")},
    }


def cpu_seconds() -> float:
    """Return processor time of this process and its ended children: blind to other work here."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(one.ru_utime + one.ru_stime for one in used)


def processes(n: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("fork"))


def bare(paths: list[str], pool: ThreadPoolExecutor | ProcessPoolExecutor) -> None:
    with pool:
        chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
        for _ in pool.map(decode, chunks):
            pass


def decode(paths: list[str]) -> None:
    for path in paths:
        with PIL.Image.open(path) as picture:
            picture.load()


def ours(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as room:
        recipe, run = Recipe(data=DataOptions(source=str(folder))), Run(room)
        index(recipe, run)
        report = check(recipe, run)
        if report.values["check"]["unreadable"]:
            sys.exit("some images are unreadable: nothing to compare")


if __name__ == "__main__":
    main()
