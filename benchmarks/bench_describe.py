"""Workflow C's descriptors of one picture against scikit-image, and 70,000 images as one table.

    .venv/bin/python benchmarks/bench_describe.py [--repeats 7] [--pictures 12] [--images 70000]

First: histograms of 16 bins as densities and co-occurrences (256 levels, distance 5, four angles,
four properties) of pictures of 240 x 135 px, one by one: the presets `workflow-c` (first angle) and
`workflow-c-all-angles`, against numpy and scikit-image in an environment of its own, written as
workflow C did: all four angles counted, then each property of them. Each way runs in a process of
its own, on one thread, without imports; both take turns, and medians of paired ratios of the
processor's seconds are reported, with the largest difference of any value. Target: 10 times.

Second: `tamiz describe` of fashion-mnist (drawn images where it is not) with colour histogram,
GLCM, LBP and HOG at 28 px, from start to end: seconds and the largest memory. Target: 1 GB. Writes
benchmarks/results/bench_describe.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import PIL.Image
from peers.environment import python_of

from tamiz.testing.sources import idx_bytes

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared/data")
)
PRESETS = ("workflow-c", "workflow-c-all-angles")
DESCRIPTORS = "colour-histogram,glcm,lbp,hog"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TIMED = """
pictures = np.load(sys.argv[2])
describe(pictures[0], sys.argv[1])
started, spent = time.perf_counter(), time.process_time()
made = [describe(picture, sys.argv[1]) for picture in pictures]
print(time.process_time() - spent, time.perf_counter() - started)
np.save(sys.argv[3], np.stack(made))
"""
OURS = """
import sys, time
import numpy as np
from tamiz.descriptors.described import preset

chosen = preset(sys.argv[1])

def describe(picture, name):
    return chosen(picture[None])[0]
"""
PEER = """
import sys, time
import numpy as np
from skimage.feature import graycomatrix, graycoprops

ANGLES = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]

def luma(picture):
    weights = np.array([19595, 38470, 7471], dtype=np.uint32)
    return ((picture.astype(np.uint32) @ weights + 0x8000) >> 16).astype(np.uint8)

def describe(picture, name):
    made = [
        np.histogram(picture[:, :, one], bins=16, range=(0, 256), density=True)[0]
        for one in range(3)
    ]
    counts = graycomatrix(luma(picture), [5], ANGLES, levels=256)
    found = [
        graycoprops(counts, one)[0]
        for one in ("dissimilarity", "homogeneity", "energy", "correlation")
    ]
    n = 1 if name == "workflow-c" else 4
    return np.concatenate([*made, np.stack(found)[:, :n].T.ravel()])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=12)
    parser.add_argument("--images", type=int, default=70_000)
    asked = parser.parse_args()
    python = python_of("scikit_image")
    made: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as room:
        pictures, source = real_or_drawn_pictures(asked.pictures)
        np.save(Path(room) / "pictures.npy", pictures)
        for name in PRESETS:
            made[name] = measure(name, Path(room), python, asked.repeats)
            print(name, json.dumps(made[name]), flush=True)
        made["stream"] = stream(Path(room), asked.images)
        print("stream", json.dumps(made["stream"]), flush=True)
    peer = "import skimage, numpy; print(skimage.__version__, numpy.__version__)"
    peer_versions = subprocess.run([python, "-c", peer], capture_output=True, text=True, check=True)
    made |= {
        "targets": {"ratio": 10, "stream_memory_mb": 1000},
        "pictures": {"n": len(pictures), "size_px": [240, 135], "source": source},
        "repeats": asked.repeats,
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {
            "numpy": version("numpy"),
            **dict(zip(("scikit-image", "its_numpy"), peer_versions.stdout.split(), strict=True)),
        },
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_describe.json").write_text(json.dumps(made, indent=2) + "\n")


def real_or_drawn_pictures(n: int) -> tuple[np.ndarray, str]:
    """Return (n, 135, 240, 3) and where they come from."""
    found = sorted((SHARED / "sign_digits").rglob("*.[jJ][pP][gG]"))
    if found:
        opened = [PIL.Image.open(path).convert("RGB") for path in found[:: len(found) // n][:n]]
        small = [one.resize((240, 135), PIL.Image.Resampling.BILINEAR) for one in opened]
        return np.stack([np.asarray(one) for one in small]), "sign_digits"
    noise = np.random.default_rng(0).normal(0, 12, (n, 135, 240, 3))
    rows, columns = np.mgrid[0:135, 0:240]
    waves = 128 + 80 * np.sin(rows / 17 + columns / 29)[None, :, :, None]
    return np.clip(waves + noise, 0, 255).astype(np.uint8), "drawn"


def measure(name: str, room: Path, python: str, repeats: int) -> dict[str, object]:
    """Return milliseconds a picture of both ways, the median of paired ratios, and differences."""
    ways = {"scikit_image": (python, PEER), "tamiz": (sys.executable, OURS)}
    path = room / "pictures.npy"
    n = len(np.load(path, mmap_mode="r"))
    spent: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(repeats):
        for way, (executable, code) in ways.items():
            command = [executable, "-c", code + TIMED, name, str(path), str(room / f"{way}.npy")]
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD
            )
            spent[way].append(1000 * float(done.stdout.split()[0]) / n)
    ratios = [a / b for a, b in zip(spent["scikit_image"], spent["tamiz"], strict=True)]
    wanted, found = (np.load(room / f"{way}.npy") for way in ways)
    return {
        "ratio": round(statistics.median(ratios), 1),
        "ratio_range": [round(min(ratios), 1), round(max(ratios), 1)],
        "median_ms": {way: round(statistics.median(one), 3) for way, one in spent.items()},
        "values": wanted.shape[1],
        "largest_difference": float(f"{np.abs(found - wanted).max():.1e}"),
    }


def stream(room: Path, n: int) -> dict[str, object]:
    """Return what one call of the command takes: seconds, and the largest memory it held."""
    source = SHARED / "fashion-mnist"
    if not source.is_dir() or n != 70_000:
        source = room / "drawn"
        source.mkdir()
        drawn = np.random.default_rng(0).integers(0, 256, (n, 28, 28), dtype=np.uint8)
        (source / "train-images-idx3-ubyte").write_bytes(idx_bytes(drawn))
    out = room / "features.parquet"
    command = [
        sys.executable, "-m", "tamiz", "describe", str(source), "--with", DESCRIPTORS,
        "--size", "28x28", "--out", str(out), "--quiet", "--json",
    ]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(said)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(said)["values"]["describe"]
    return {
        "source": source.name,
        "images": told["images"],
        "columns": told["columns"],
        "seconds": round(time.perf_counter() - started, 1),
        "seconds_of_processor": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "memory_mb": round(used.ru_maxrss * 1024 / 1e6),
        "table_mb": round(out.stat().st_size / 1e6),
    }


if __name__ == "__main__":
    main()
