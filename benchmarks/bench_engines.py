"""Preparing, describing and converting on one process, threads, processes and two Ray nodes.

    .venv/bin/python benchmarks/bench_engines.py [--images 1200] [--files 600] [--repeats 3]

Images are drawn as JPEG of 512 x 384 px. `prepare` decodes and resizes them to the 224 px that a
network reads; `describe` measures histograms, co-occurrences and LBP at 128 px; `convert` turns
drawn CT slices of 512 x 512 px into PNG. Each is done by one process on one thread, by the default
engine (threads; for DICOM processes), by processes, and by Ray on a cluster of two local node
processes, with as many hands as this machine has cores (Ray: two nodes of half of them each, at
least one). Ways take turns; what they write is compared byte by byte in the same run.

Reported: seconds (median), the speed-up against one process, and the efficiency, which is the
speed-up per hand. Processes are started anew for every piece of work, and that is in their time. A
Ray cluster stands before the work begins, and its workers have done the same work once: what that
first time took, with their start, is told apart. Writes benchmarks/results/bench_engines.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

# tamiz is imported where it is used: worker processes read this file, too, and need little of it


RESULTS = Path(__file__).parent / "results"
WAYS = ("one", "local", "processes", "ray")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=1200)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    n_hands = max(2, len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        draw_photos(room / "photos", asked.images)
        draw_slices(room / "dicom", asked.files)
        os.environ["TAMIZ_KEY_FILE"] = str(room / "key")
        with cluster(n_hands) as (address, ray_start_s), connected(address):
            made = measure(room, address, n_hands, asked.repeats)
    made |= {
        "images": asked.images,
        "dicom_files": asked.files,
        "repeats": asked.repeats,
        "hands": n_hands,
        "ray_start_s": round(ray_start_s, 1),
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {one: version(one) for one in ("numpy", "ray", "torch")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_engines.json").write_text(json.dumps(made, indent=2) + "\n")


def measure(room: Path, address: str, n_hands: int, repeats: int) -> dict[str, object]:
    """Return seconds, speed-up and efficiency by work and way; raise where bytes differ."""
    from tamiz.workers.current import working_on

    work: dict[str, Callable[[Path], None]] = {
        "prepare": lambda out: prepare(room / "photos", out),
        "describe": lambda out: describe(room / "photos", out),
        "convert": lambda out: to_png(room / "dicom", out),
    }
    places = {
        "one": ("local", "", 1),
        "local": ("local", "", n_hands),
        "processes": ("processes", "", n_hands),
        "ray": ("ray", address, 0),
    }
    made: dict[str, object] = {}
    for name, do in work.items():
        spent: dict[str, list[float]] = {way: [] for way in WAYS}
        bytes_of = set()
        first_s = time.perf_counter()
        with working_on(*places["ray"]):
            do(room / "out")
        first_s = time.perf_counter() - first_s
        shutil.rmtree(room / "out")
        for turn in range(repeats):
            for way in WAYS[turn % len(WAYS) :] + WAYS[: turn % len(WAYS)]:
                out = room / "out"
                with working_on(*places[way]):
                    started = time.perf_counter()
                    do(out)
                    spent[way].append(time.perf_counter() - started)
                bytes_of.add(digest(out))
                shutil.rmtree(out)
        if len(bytes_of) != 1:
            raise SystemExit(f"{name}: ways give different bytes")
        made[name] = figures(spent, n_hands) | {
            "ray_first_s": round(first_s, 2),
            "equal_bytes": True,
        }
        print(name, json.dumps(made[name]), flush=True)
    return made


def figures(spent: dict[str, list[float]], n_hands: int) -> dict[str, object]:
    """Return by way the median of seconds, and of the paired ratios to one process."""
    made: dict[str, object] = {}
    for way, seconds in spent.items():
        ratio = statistics.median(a / b for a, b in zip(spent["one"], seconds, strict=True))
        made[way] = {
            "seconds": round(statistics.median(seconds), 2),
            "speed_up": round(ratio, 2),
            "efficiency": round(ratio / (1 if way == "one" else n_hands), 2),
        }
    return made


def prepare(photos: Path, out: Path) -> None:
    """Decode and resize into one array, kept in a file."""
    from tamiz.data.contracts import Policy
    from tamiz.engine.prepared import Preparation, prepare_images
    from tamiz.formats.reader import Reader
    from tamiz.steps.apply import build_steps

    steps = build_steps([{"name": "rgb"}, {"name": "resize", "size_px": 224, "aspect": "stretch"}])
    rows = [(path.name, 0) for path in sorted(photos.iterdir())]
    how = Preparation((224, 224, 3), cache_path=out / "prepared.npy")
    prepare_images(rows, lambda: Reader(photos, Policy()).read, steps, how)


def describe(photos: Path, out: Path) -> None:
    """Write one table of numbers."""
    from tamiz.core.events import ignore
    from tamiz.data.contracts import Policy
    from tamiz.data.manifest import Manifest
    from tamiz.descriptors.described import Described
    from tamiz.stages.describing import Task, write_features

    how = Described.from_words("colour-histogram,glcm,lbp", (128, 128))
    names = [path.name for path in sorted(photos.iterdir())]
    rows = Manifest.from_columns({"path": names}, photos)
    write_features(Task(rows, how, Policy(), out / "numbers.parquet"), ignore)


def to_png(source: Path, out: Path) -> None:
    """Convert DICOM files."""
    from tamiz.core.recipe import DataOptions
    from tamiz.stages.convert import ConvertOptions, convert

    convert(DataOptions(source=str(source)), out, ConvertOptions())


def digest(out: Path) -> str:
    """Return the hash of all files, without the lock that says when and by whom."""
    made = hashlib.sha256()
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name != ".lock":
            made.update(f"{path.relative_to(out)}\0".encode() + path.read_bytes())
    return made.hexdigest()


def draw_photos(folder: Path, n: int) -> None:
    folder.mkdir()
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:384, 0:512]
    for number in range(n):
        waves = 120 + 80 * np.sin(rows / rng.uniform(9, 40) + columns / rng.uniform(9, 40))
        pixels = np.clip(waves[:, :, None] + rng.normal(0, 14, (384, 512, 3)), 0, 255)
        PIL.Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number:05}.jpg", quality=90)


def draw_slices(folder: Path, n: int) -> None:
    from tamiz.testing.dicoms import dicom

    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(n):
        pixels = rng.normal(1000, 200, (512, 512)).clip(0, 2500).astype(np.uint16)
        place = folder / f"{number:05}.dcm"
        place.write_bytes(dicom(pixels, {"RescaleIntercept": -1024}, number=number))


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Stay connected: workers live as long as the connection they were started for."""
    from tamiz.workers.current import working_on

    with working_on("ray", address):
        yield


@contextmanager
def cluster(n_hands: int) -> Iterator[tuple[str, float]]:
    """Yield the address of a cluster of two local node processes, and how long it took."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")  # nothing beyond this machine reaches it
    from ray.cluster_utils import Cluster

    started = time.perf_counter()
    args: dict[str, Any] = {"num_cpus": n_hands // 2, "object_store_memory": 200_000_000}
    args |= {"node_ip_address": "127.0.0.1"}
    made: Any = Cluster(initialize_head=True, head_node_args={**args, "include_dashboard": False})
    try:
        made.add_node(**args)
        yield made.address, time.perf_counter() - started
    finally:
        made.shutdown()


if __name__ == "__main__":
    main()
