"""Descriptors of tiles: tiles per second, and agreement, against scikit-image tile by tile.

    .venv/bin/python benchmarks/bench_descriptors.py [--repeats 7] [--tiles 24]

Real stained tiles of 256 px (drawn ones where they are not), DEFAULT as a whole and each descriptor
alone, against scikit-image 0.2x in an environment of its own, written as its documentation does it
for one tile. Each way runs in a process of its own, on one thread, without imports; both take turns
and medians of paired ratios are reported. Seconds are of the processor, so that what else runs on
the machine counts less; tiles per second of the clock stand beside. The peer's `stain` is `rgb2hed`
with numpy's quantiles on all pixels, its `edges` is `sobel` on `rescale`d grey: near in meaning,
not equal in values; `lbp`, `glcm` and `colour_histogram` are equal, and the largest difference is
reported. `workflow_c` is one picture of 240 x 135 px: histograms of 16 bins, and co-occurrence of
256 levels, distance 5, four angles; its target is 10 times, DEFAULT's is 300 tiles/s a core. Writes
benchmarks/results/bench_descriptors.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import PIL.Image
from peers.environment import python_of

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared/data")
)
SIDE = 256
KINDS = ("default", "colour_histogram", "edges", "glcm", "lbp", "stain", "workflow_c")
EQUAL = ("colour_histogram", "glcm", "lbp", "workflow_c")  # the others: near in meaning
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
TIMED = """
tiles = np.load(sys.argv[2])
np.empty(16 << 20, dtype=np.uint8)  # for both, what tiles._keep_freed_memory does
describe(tiles[:2], sys.argv[1])
started, spent = time.perf_counter(), time.process_time()
made = describe(tiles, sys.argv[1])
print(time.process_time() - spent, time.perf_counter() - started)
np.save(sys.argv[3], made)
"""
OURS = """
import sys, time
import numpy as np
from tamiz.descriptors.colour_histogram import ColourHistogram
from tamiz.descriptors.glcm import Glcm
from tamiz.descriptors.registry import DESCRIPTORS
from tamiz.descriptors.tiles import DEFAULT, describe_with

def describe(tiles, kind):
    if kind == "workflow_c":
        return describe_with(
            tiles, [ColourHistogram(), Glcm(distances=[5], levels=256, is_averaged=False)]
        )
    names = DEFAULT if kind == "default" else [kind]
    return describe_with(tiles, [DESCRIPTORS.get(name)() for name in names])
"""
PEER = """
import sys, time
import numpy as np
from skimage.color import rgb2hed
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern
from skimage.filters import sobel
from skimage.transform import rescale

PROPERTIES = "dissimilarity", "homogeneity", "energy", "correlation", "contrast", "ASM", "entropy"
ANGLES = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]

def luma(tile):
    weights = np.array([19595, 38470, 7471], dtype=np.uint32)
    return ((tile.astype(np.uint32) @ weights + 0x8000) >> 16).astype(np.uint8)

def colour_histogram(tile):
    return [
        np.histogram(tile[..., one], bins=16, range=(0, 256), density=True)[0] * 16
        for one in range(3)
    ]

def glcm(grey, distances=(1, 3), levels=16):
    counts = graycomatrix(grey // (256 // levels), list(distances), ANGLES, levels=levels)
    found = np.stack([graycoprops(counts, name) for name in PROPERTIES], axis=-1)
    return found if levels == 256 else found.mean(axis=1)

def lbp(grey):
    patterns = [local_binary_pattern(grey, 8, radius, "uniform") for radius in (1, 2)]
    return [np.histogram(one, bins=np.arange(11), density=True)[0] for one in patterns]

def summary(values, quantiles):
    return [values.mean(), values.std(), *np.quantile(values, quantiles)]

def stain(tile):
    hed = rgb2hed(tile)
    return [summary(hed[..., one], [0.05, 0.25, 0.5, 0.75, 0.95]) for one in range(3)]

def edges(grey):
    made = []
    for scale in (1, 2, 4):
        slopes = sobel(rescale(grey / 255, 1 / scale, anti_aliasing=True))
        made.append([*summary(slopes, [0.25, 0.5, 0.75, 0.95]), (slopes > 0.05).mean()])
    return made

def one_tile(tile, kind):
    if kind == "colour_histogram":
        return [colour_histogram(tile)]
    if kind == "stain":
        return [stain(tile)]
    grey = luma(tile)
    if kind == "workflow_c":
        return [colour_histogram(tile), glcm(grey, [5], 256)]
    if kind == "default":
        return [stain(tile), lbp(grey), glcm(grey), edges(grey)]
    return [{"lbp": lbp, "glcm": glcm, "edges": edges}[kind](grey)]

def describe(tiles, kind):
    return np.stack(
        [np.concatenate([np.ravel(part) for part in one_tile(tile, kind)]) for tile in tiles]
    )
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--tiles", type=int, default=24)
    asked = parser.parse_args()
    python = python_of("scikit_image")
    made: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as room:
        tiles, source = real_or_drawn_tiles(asked.tiles)
        np.save(Path(room) / "tiles.npy", tiles)
        pictures = [PIL.Image.fromarray(one).resize((240, 135)) for one in tiles]
        np.save(Path(room) / "pictures.npy", np.stack([np.asarray(one) for one in pictures]))
        for kind in KINDS:
            made[kind] = measure(kind, Path(room), python, asked.repeats)
            print(kind, json.dumps(made[kind]), flush=True)
    peer = "import skimage, numpy; print(skimage.__version__, numpy.__version__)"
    peer_versions = subprocess.run([python, "-c", peer], capture_output=True, text=True, check=True)
    made |= {
        "targets": {"default_tiles_per_s": 300, "workflow_c_ratio": 10},
        "tiles": {"n": len(tiles), "side_px": SIDE, "source": source},
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
    (RESULTS / "bench_descriptors.json").write_text(json.dumps(made, indent=2) + "\n")


def measure(kind: str, room: Path, python: str, repeats: int) -> dict[str, object]:
    """Return tiles per second of both ways, and the median of their paired ratios."""
    path = room / ("pictures.npy" if kind == "workflow_c" else "tiles.npy")
    n = len(np.load(path, mmap_mode="r"))
    ways = {"scikit_image": (python, PEER), "tamiz": (sys.executable, OURS)}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    by_clock: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, (executable, code) in ways.items():
            command = [executable, "-c", code + TIMED, kind, str(path), str(room / f"{name}.npy")]
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD
            )
            spent, passed = map(float, done.stdout.split())
            rates[name].append(n / spent)
            by_clock[name].append(n / passed)
    ratios = [a / b for a, b in zip(rates["tamiz"], rates["scikit_image"], strict=True)]
    row: dict[str, object] = {
        "ratio": round(statistics.median(ratios), 1),
        "ratio_range": [round(min(ratios), 1), round(max(ratios), 1)],
        "median_tiles_per_s": {name: round(statistics.median(one)) for name, one in rates.items()},
        "best_tiles_per_s": {name: round(max(one)) for name, one in rates.items()},
        "clock_tiles_per_s": {
            name: round(statistics.median(one)) for name, one in by_clock.items()
        },
    }
    if kind in EQUAL:
        found = [np.load(room / f"{name}.npy") for name in ways]
        # ours is rounded to float32, which holds seven digits
        row["largest_relative_difference"] = float(f"{relative(*found):.1e}")
    return row


def relative(wanted: np.ndarray, found: np.ndarray) -> float:
    return float((np.abs(found - wanted) / np.maximum(np.abs(wanted), 1)).max())


def real_or_drawn_tiles(n: int) -> tuple[np.ndarray, str]:
    """Return (n, 256, 256, 3): cut from real stained tissue, or smooth noise without it."""
    folder = SHARED / "slides" / "tiles"
    paths = [*sorted(folder.glob("tissue-*")), *sorted(folder.glob("*-score-level*.png"))]
    crops = []
    for path in paths:
        with PIL.Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        tops, lefts = (range(0, size - SIDE + 1, SIDE) for size in pixels.shape[:2])
        crops += [pixels[y : y + SIDE, x : x + SIDE] for y in tops for x in lefts]
    if len(crops) >= n:
        return np.stack(crops[:: len(crops) // n][:n]), "real"
    noise = np.random.default_rng(0).integers(0, 256, (n, SIDE, SIDE, 3)).astype(np.float32)
    for _ in range(4):
        noise = (noise + np.roll(noise, 1, axis=1) + np.roll(noise, 1, axis=2)) / 3
    return noise.astype(np.uint8), "drawn"


if __name__ == "__main__":
    main()
