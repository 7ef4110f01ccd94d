"""DICOM to windowed PNG: tamiz against workflow D's loop, files per second.

    .venv/bin/python benchmarks/bench_convert.py [--files 400] [--repeats 5]

The same real CT (512 x 512, 16 bits) in four compressions, each file with its own UID. The paper's
way, in an environment of its own: pydicom.dcmread, float64 window, cv2.imwrite
(benchmarks/peers/paper_convert.py); compressed files through pydicom's usual plug-ins. tamiz: the
work of `tamiz convert --window exact:-600,1500` on one process and on two, records included. All
ways take turns; medians of paired ratios are reported. Pixels of both must agree within one level
(the paper truncates, tamiz rounds). Targets (PERFORMANCE): uncompressed 2.5 x on one core, 3.2 x
on two; RLE and JPEG lossless 2 x and 3 x; JPEG 2000 not slower on one core. Writes
benchmarks/results/bench_convert.json.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import PIL.Image
import pydicom
from peers.environment import python_of

from tamiz.data.contracts import Policy
from tamiz.stages.converting import Conversion, Job, convert_many

RESULTS = Path(__file__).parent / "results"
PAPER = Path(__file__).parent / "peers" / "paper_convert.py"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
FOLDER = SHARED / "dicom" / "cornerstone"
KINDS = {
    "uncompressed": "LittleEndianExplicit",
    "rle": "RLELossless",
    "jpeg_lossless": "JPEGProcess14SV1",
    "jpeg_2000": "JPEG2000LosslessOnly",
}
TARGETS = {
    "uncompressed": (2.5, 3.2),
    "rle": (2.0, 3.0),
    "jpeg_lossless": (2.0, 3.0),
    "jpeg_2000": (1.0, 1.0),
}
CENTRE, WIDTH = -600, 1500
_CHUNK = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    python = python_of("paper_convert")
    made: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as room:
        pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
        for kind in KINDS:
            source = Path(room) / kind
            copies(kind, source, asked.files)
            made[kind] = measure(kind, source, Path(room) / "out", python, asked.repeats, pool)
            print(kind, json.dumps(made[kind]), flush=True)
            shutil.rmtree(source)
        pool.shutdown()
    made |= {
        "files": asked.files,
        "repeats": asked.repeats,
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in ("pydicom", "imagecodecs", "numpy")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_convert.json").write_text(json.dumps(made, indent=2) + "\n")


def copies(kind: str, folder: Path, n: int) -> None:
    """Write n files of the CT in one compression, each with its own UID."""
    path = next(FOLDER.glob(f"CTImage.dcm_{KINDS[kind]}*"))
    dataset = pydicom.dcmread(path)
    folder.mkdir()
    for number in range(n):
        dataset.SOPInstanceUID = f"1.2.826.0.1.3680043.8.498.{number + 1}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        opened = io.BytesIO()
        dataset.save_as(opened, enforce_file_format=True)
        (folder / f"{number:05d}.dcm").write_bytes(opened.getvalue())


def measure(
    kind: str, source: Path, out: Path, python: str, repeats: int, pool: ProcessPoolExecutor
) -> dict[str, object]:
    """Return files per second of the three ways and the medians of their paired ratios."""
    jobs = jobs_of(source)
    seconds: dict[str, list[float]] = {"paper": [], "tamiz_1": [], "tamiz_2": []}
    for number in range(repeats + 1):
        for way, times in seconds.items():
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            if way == "paper":
                spent = paper(python, source, out)
                if number == 0:
                    shutil.copy(out / "00000.png", source.parent / "paper.png")
            else:
                spent = ours(jobs, source, out, pool if way == "tamiz_2" else None)
                if number == 0:
                    agree(source.parent / "paper.png", out / "00000.png")
            if number:  # the first round warms caches and imports
                times.append(spent)
    n = len(jobs)
    ratios = {
        way: [p / t for p, t in zip(seconds["paper"], seconds[way], strict=True)]
        for way in ("tamiz_1", "tamiz_2")
    }
    return {
        "files_per_second": {w: round(n / statistics.median(t), 1) for w, t in seconds.items()},
        "ratio": {w: round(statistics.median(r), 2) for w, r in ratios.items()},
        "ratio_range": {w: [round(min(r), 2), round(max(r), 2)] for w, r in ratios.items()},
        "target": dict(zip(("tamiz_1", "tamiz_2"), TARGETS[kind], strict=True)),
    }


def jobs_of(source: Path) -> list[Job]:
    return [
        Job(path.name, path.name, ((0, f"{path.stem}.png"),))
        for path in sorted(source.glob("*.dcm"))
    ]


def ours(jobs: list[Job], source: Path, out: Path, pool: ProcessPoolExecutor | None) -> float:
    how = Conversion(source, out, "png", Policy(window=f"exact:{CENTRE},{WIDTH}"))
    chunks = [jobs[start : start + _CHUNK] for start in range(0, len(jobs), _CHUNK)]
    started = time.perf_counter()
    if pool is None:
        done = [convert_many(chunk, how) for chunk in chunks]
    else:
        done = list(pool.map(convert_many, chunks, [how] * len(chunks)))
    spent = time.perf_counter() - started
    if any(one.reason for chunk in done for one in chunk):
        raise SystemExit("a file was not converted")
    return spent


def paper(python: str, source: Path, out: Path) -> float:
    """Return the seconds that the loop itself took: imports and start are not counted."""
    command = [python, str(PAPER), str(source), str(out), str(CENTRE), str(WIDTH)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.strip().splitlines()[-1])


def agree(one: Path, other: Path) -> None:
    a, b = (np.asarray(PIL.Image.open(path)).astype(int) for path in (one, other))
    if a.shape != b.shape or np.abs(a - b).max() > 1:
        raise SystemExit("the two ways give different pixels")


if __name__ == "__main__":
    main()
