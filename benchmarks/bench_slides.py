"""Slides at 5 %, grey, blurred: tamiz's streamed way against the notebook's, time and memory.

    .venv/bin/python benchmarks/bench_slides.py [--repeats 3] [--small] [--huge] [--only jpeg,lzw]

Slides are drawn from real stained tiles (20,480 x 24,064 px = 1.4 GB decoded; --small a quarter;
--huge also 48,128 x 100,352): JPEG tiles of one level, the same with a pyramid, LZW and deflate
strips. Each way runs in a process of its own; time without imports, memory above what imports
took; both take turns and medians of paired ratios are reported. Agreement: mean and largest
difference from exact area averaging of the fully decoded slide, in grey levels. Targets: >= 8 x and
< 200 MiB (JPEG), >= 80 x (pyramid), >= 2.3 x / 2.5 x (LZW / deflate), mean difference < 1. Writes
benchmarks/results/bench_slides.json.
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
import tifffile
from drawn_slides import write_slide
from peers.environment import python_of

RESULTS = Path(__file__).parent / "results"
PAPER = Path(__file__).parent / "peers" / "paper_slides.py"
SIZE, SMALL, HUGE = (20480, 24064), (10240, 12288), (48128, 100352)
TARGETS = {"jpeg": 8.0, "pyramid": 80.0, "lzw": 2.3, "deflate": 2.5, "huge": 12.0}
OURS = """
import sys, time
from tamiz.formats.slide import Slide
from tamiz.steps.blur import Blur
import tifffile, imagecodecs, PIL.Image
with Slide(sys.argv[2]) as tiny:  # imports that are made at first use
    Blur(5)(tiny.read(size_px=(32, 32), is_grey=True))
def mib(name):
    with open("/proc/self/status") as opened:
        return int(next(one for one in opened if one.startswith(name)).split()[1]) / 1024
before = mib("VmRSS")
worked = time.process_time()
started = time.perf_counter()
with Slide(sys.argv[1]) as slide:
    width, height = slide.size_px
    image = slide.read(size_px=(round(width * 0.05), round(height * 0.05)), is_grey=True)
    made = Blur(5)(image)
seconds = time.perf_counter() - started
print(seconds, mib("VmHWM") - before, time.process_time() - worked)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--huge", action="store_true")
    parser.add_argument("--only", default="jpeg,pyramid,lzw,deflate")
    asked = parser.parse_args()
    python = python_of("paper_slides")
    size = SMALL if asked.small else SIZE
    made: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as room:
        tiny = Path(room) / "tiny.tif"
        write_slide(tiny, 512, 512)
        kinds = [(kind, size) for kind in asked.only.split(",") if kind]
        for kind, (width, height) in [*kinds, *([("huge", HUGE)] if asked.huge else [])]:
            path = Path(room) / f"{kind}.tif"
            write_slide(path, width, height, layout="jpeg" if kind == "huge" else kind)
            row = measure(path, tiny, python, 1 if kind == "huge" else asked.repeats)
            row |= {"size_px": [width, height], "target": TARGETS[kind]}
            if kind != "huge":
                row["grey_levels_from_exact"] = agreement(path)
            made[kind] = row
            print(kind, json.dumps(row), flush=True)
            path.unlink()
    made |= {
        "repeats": asked.repeats,
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("tifffile", "imagecodecs", "pillow")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_slides.json").write_text(json.dumps(made, indent=2) + "\n")


def measure(path: Path, tiny: Path, python: str, repeats: int) -> dict[str, object]:
    """Return seconds and MiB of both ways, and the median of their paired ratios."""
    ways = {
        "notebook": [python, str(PAPER), str(path)],
        "tamiz": [sys.executable, "-c", OURS, str(path), str(tiny)],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    mib: dict[str, list[float]] = {name: [] for name in ways}
    worked: dict[str, list[float]] = {name: [] for name in ways}
    path.read_bytes()  # a warm disk cache for both
    for _ in range(repeats):
        for name, command in ways.items():
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            spent, peak, busy = map(float, done.stdout.split()[:3])
            seconds[name].append(spent)
            mib[name].append(peak)
            worked[name].append(busy)
    ratios = [a / b for a, b in zip(seconds["notebook"], seconds["tamiz"], strict=True)]
    busy_ratios = [a / b for a, b in zip(worked["notebook"], worked["tamiz"], strict=True)]
    return {
        "processor_seconds": {
            name: round(statistics.median(many), 3) for name, many in worked.items()
        },
        "processor_ratio": round(statistics.median(busy_ratios), 2),
        "seconds": {name: round(statistics.median(many), 3) for name, many in seconds.items()},
        "ratio": round(statistics.median(ratios), 2),
        "ratio_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "peak_mib": {name: round(max(many)) for name, many in mib.items()},
    }


def agreement(path: Path) -> dict[str, float]:
    """Return the mean and the largest difference from exact area averaging, strip by strip."""
    from tamiz.formats.slide import Slide

    full = tifffile.imread(path, key=0)
    with Slide(path) as slide:
        width, height = slide.size_px
        size = round(width * 0.05), round(height * 0.05)
        made = slide.read(size_px=size, is_grey=True).pixels[..., 0]
    exact = np.zeros((size[1], size[0]))
    across = weights(full.shape[1], size[0])
    down = weights(full.shape[0], size[1])
    for top in range(0, full.shape[0], 1024):
        part = full[top : top + 1024].astype(np.float32) @ np.array([0.299, 0.587, 0.114], "f4")
        exact += down[:, top : top + 1024] @ (part @ across.T)
    apart = np.abs(exact - made)
    return {"mean": round(float(apart.mean()), 3), "largest": round(float(apart.max()), 1)}


def weights(n: int, m: int) -> np.ndarray:
    """Return (m, n): what share of each of n pixels an output pixel of m is made of."""
    edges, at = np.linspace(0, n, m + 1), np.arange(n)
    overlap = np.minimum(edges[1:, None], at + 1) - np.maximum(edges[:-1, None], at)
    return (np.maximum(overlap, 0) / (n / m)).astype(np.float32)


if __name__ == "__main__":
    main()
