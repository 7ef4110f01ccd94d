"""Tiles of a slide in scan order: tamiz against OpenSlide, tifffile and libvips loops.

    .venv/bin/python benchmarks/bench_tiles.py [--repeats 3] [--small]

Slides are drawn from real stained tiles, 512 px JPEG tiles (and the same cut in 256 px ones):
10,240 x 12,288 px, --small a quarter. Asked for: 512 px and 256 px tiles as they are; 256 px tiles
of 512 px regions (half the resolution). Each way runs alone in a process of its own on one thread;
what counts is tiles per second of processor time, without imports, so that other work on the
machine matters little; all take turns, and medians of paired ratios are reported. 'tifffile' is
tuned code: it decodes the file's own tiles one by one and keeps a row of them. Targets: >= 6 x
OpenSlide where tiles are aligned, ahead of tifffile and libvips. Writes
benchmarks/results/bench_tiles.json.
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

import imagecodecs
import tifffile
from drawn_slides import write_slide
from peers.environment import python_of

RESULTS = Path(__file__).parent / "results"
KINDS = {"512 of 512": (512, 512, 512), "256 of 256": (256, 256, 256)} | {
    "256 in 512": (512, 256, 256),
    "512 at half size": (512, 512, 256),
}
COMMON = """
import sys, time
import numpy as np
path, side, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def places(width, height):
    return [(x, y) for y in range(0, height - side + 1, side)
            for x in range(0, width - side + 1, side)]
total = n = 0
def done(pixels):
    global total, n
    assert pixels.shape == (size, size, 3) and pixels.dtype == np.uint8
    total += int(pixels[::64, ::64].sum())
    n += 1
"""
END = """
print(n / (time.process_time() - started), total)
"""
WAYS = {
    "tamiz": """
from tamiz.formats.slide import Slide
import imagecodecs, tifffile
with Slide(path, threads=1) as slide:
    slide.thumbnail(16)
    started = time.process_time()
    regions = np.array([(x, y, side, side) for x, y in places(*slide.size_px)])
    for pixels in slide.tiles(regions, size):
        done(pixels)
""",
    "openslide": """
import openslide
slide = openslide.OpenSlide(path)
started = time.process_time()
for place in places(*slide.dimensions):
    picture = slide.read_region(place, 0, (side, side)).convert("RGB")
    done(np.asarray(picture if side == size else picture.resize((size, size), 4)))
""",
    "tifffile": """
import imagecodecs, tifffile
page = tifffile.TiffFile(path).pages[0]
handle = page.parent.filehandle
page.decode
started = time.process_time()
edge, kept = page.tilewidth, {}
across = -(-page.imagewidth // edge)
def tile(row, column):
    if row not in kept:
        kept.clear()
        kept[row] = {}
    if column not in kept[row]:
        index = row * across + column
        handle.seek(page.dataoffsets[index])
        data = handle.read(page.databytecounts[index])
        kept[row][column] = page.decode(data, index, jpegtables=page.jpegtables)[0][0]
    return kept[row][column]
for x, y in places(page.imagewidth, page.imagelength):
    whole = tile(y // edge, x // edge)
    pixels = whole[y % edge : y % edge + side, x % edge : x % edge + side]
    if side != size:
        step = side // size
        means = pixels.reshape(size, step, size, step, 3).mean((1, 3))
        pixels = np.rint(means).astype(np.uint8)
    done(np.ascontiguousarray(pixels))
""",
    "libvips": """
import os
os.environ["VIPS_CONCURRENCY"] = "1"
import pyvips
picture = pyvips.Image.tiffload(path)
region = pyvips.Region.new(picture)
started = time.process_time()
for x, y in places(picture.width, picture.height):
    pixels = np.frombuffer(region.fetch(x, y, side, side), np.uint8).reshape(side, side, 3)
    if side != size:
        step = side // size
        means = pixels.reshape(size, step, size, step, 3).mean((1, 3))
        pixels = np.rint(means).astype(np.uint8)
    done(pixels)
""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    size = (5120, 6144) if asked.small else (10240, 12288)
    python = python_of("tiles")
    made: dict[str, object] = {"size_px": size}
    with tempfile.TemporaryDirectory() as room:
        paths = {512: Path(room) / "512.tif", 256: Path(room) / "256.tif"}
        write_slide(paths[512], *size)
        _recut(paths[512], paths[256], 256)
        for name, (edge, side, tile) in KINDS.items():
            row = measure(paths[edge], side, tile, python, asked.repeats)
            made[name] = row
            print(name, json.dumps(row), flush=True)
    made |= {
        "repeats": asked.repeats,
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("tifffile", "imagecodecs", "pillow")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_tiles.json").write_text(json.dumps(made, indent=2) + "\n")


def measure(path: Path, side: int, size: int, python: str, repeats: int) -> dict[str, object]:
    """Return tiles per second of processor time of each way, and ratios to tamiz's."""
    speeds: dict[str, list[float]] = {}
    for _ in range(repeats):
        for name, code in WAYS.items():
            runs = sys.executable if name == "tamiz" else python
            command = [runs, "-c", COMMON + code + END, str(path), str(side), str(size)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                speeds.setdefault(name, []).append(float(done.stdout.split()[0]))
            else:
                print(name, "failed:", done.stderr.strip().splitlines()[-1:], flush=True)
    ratios = {
        name: [ours / theirs for ours, theirs in zip(speeds["tamiz"], many, strict=True)]
        for name, many in speeds.items()
        if name != "tamiz"
    }
    return {
        "tiles_per_cpu_second": {
            name: round(statistics.median(many)) for name, many in speeds.items()
        },
        "times_as_fast_as": {
            name: round(statistics.median(many), 2) for name, many in ratios.items()
        },
        "range": {
            name: [round(min(many), 2), round(max(many), 2)] for name, many in ratios.items()
        },
    }


def _recut(path: Path, out: Path, edge: int) -> None:
    """Write the same picture with JPEG tiles of another size."""
    pixels = tifffile.imread(path)
    how = {"tile": (edge, edge), "compression": "jpeg", "compressionargs": {"level": 80}}
    tifffile.imwrite(out, pixels, photometric="rgb", **how)


if __name__ == "__main__":
    imagecodecs.jpeg8_version()
    main()
