"""Rates of every stage on one core, and whether a rate of few items foretells many.

    .venv/bin/python benchmarks/bench_growth.py [--only rates|growth] [--seconds 60]

Rates: `tamiz cost` measures shared pictures (chest X-rays as published, JPEG and PNG), CT slices in
seven encodings, and slides drawn from real stained tiles with 17 to 268 megapixels; what it finds
becomes src/tamiz/stages/costing/rates.json together with the rates of manifest rows, which
benchmarks/bench_manifest.py measured.

Growth: small PNG files, all different; `index`, `check`, `explore`, `split` and `describe` of
250, 500 and 1,000 of them (twice), and of 10,000 and 100,000, each in a process of its own that has
done the same for 60 files before. A line through the first is held against the others: predicted
and measured seconds of the processor, and their ratio. Writes benchmarks/results/growth.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import PIL.Image
from drawn_slides import write_slide

RESULTS = Path(__file__).parent / "results"
RATES = Path(__file__).resolve().parents[1] / "src/tamiz/stages/costing/rates.json"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared/data")
)
FITTED = (250, 500, 1_000)
REPEATS = 2  # of these
FORETOLD = (10_000, 100_000)
STAGES = ("index", "check", "explore", "split", "describe")
SLIDES_PX = (4_096, 8_192, 12_288, 16_384)
START = "import time, resource, tamiz.stages.index; u = resource.getrusage(0); print(u[0] + u[1])"
STAGE = """
import json, resource, sys, tempfile
from pathlib import Path
from tamiz.core.recipe import DataOptions
from tamiz.stages import pipeline
from tamiz.stages.describe import Describe, describe

word, tiny, source, out = sys.argv[1:]
STAGES = ("index", "check", "explore", "split")

def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

def do(stage, source, out):
    if stage == "describe":
        describe(DataOptions(source=source), Path(out), Describe("colour-histogram", "", "", True))
        return
    run, asked = pipeline.begin(source, out)
    recipe = pipeline.recipe_of(run, asked)
    with run.opened("bench"):
        report = pipeline.stage_function(stage)(recipe, run)
        report.save(pipeline.stage_report_folder(run, stage))

with tempfile.TemporaryDirectory() as room:  # what is loaded at its first use is no growth
    for stage in ("describe",) if word == "describe" else STAGES[: STAGES.index(word) + 1]:
        do(stage, tiny, f"{room}/numbers.parquet" if stage == "describe" else f"{room}/run")
before = spent()
do(word, source, out)
lines = Path("/proc/self/status").read_text().splitlines()
peak = int(next(one for one in lines if one.startswith("VmHWM")).split()[1]) / 1024
print(json.dumps({"cpu_s": spent() - before, "peak_mb": peak}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("rates", "growth"))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--most", type=int, default=FORETOLD[-1])
    asked = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if asked.only != "growth":
        measure_rates(asked.seconds)
    if asked.only != "rates":
        measure_growth(asked.most)


def measure_rates(seconds: float) -> None:
    """Measure the shared files and write the rates of the package."""
    with tempfile.TemporaryDirectory() as room:
        slides, slices = Path(room) / "slides", Path(room) / "slices"
        for folder in (slides, slices):
            folder.mkdir()
        for side in SLIDES_PX:
            write_slide(slides / f"{side}.tif", side, side, layout="pyramid", seed=side)
        for path in sorted((SHARED / "dicom" / "cornerstone").glob("CTImage*.dcm")):
            shutil.copy(path, slices)
        sources = {
            "images": SHARED / "covid_chestxray" / "images",
            "slices": slices,
            "slides": slides,
        }
        kinds = {kind: rates_of(path, kind, seconds) for kind, path in sources.items()}
    manifest = json.loads((RESULTS / "manifest.json").read_text(encoding="utf-8"))
    starts = [float(subprocess.check_output([sys.executable, "-c", START])) for _ in range(5)]
    made = {
        "kinds": kinds,
        "rows": manifest["rates"],
        "start_s": float(np.median(starts)),
        "model": "resnet18",
        "size_px": 224,
        "machine": {
            "processor": processor(),
            "python": platform.python_version(),
            "date": dt.datetime.now(dt.UTC).date().isoformat(),
        },
    }
    RATES.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(kinds, indent=1), flush=True)


def rates_of(source: Path, kind: str, seconds: float) -> object:
    """Return what `tamiz cost` finds out about these files."""
    command = [sys.executable, "-m", "tamiz", "cost", str(source), f"--{kind}", "1000", "--json"]
    command += ["--quiet", "--seconds", str(seconds)]
    told = json.loads(subprocess.check_output(command))
    return told["values"]["cost"]["rates"]["kinds"][kind]


def measure_growth(most: int) -> None:
    """Hold lines through few items against many; write growth.json."""
    counts = [n for n in (*FITTED * REPEATS, *FORETOLD) if n <= most]
    made: dict[str, list[dict[str, float]]] = {word: [] for word in STAGES}
    with tempfile.TemporaryDirectory() as room:
        tiny = Path(room) / "tiny"
        draw(tiny, 60)
        for turn, n in enumerate(counts):
            source, run = Path(room) / f"photos-{turn}", Path(room) / f"run-{turn}"
            draw(source, n)
            for word in STAGES:
                out = Path(room) / f"numbers-{turn}.parquet" if word == "describe" else run
                command = [sys.executable, "-c", STAGE, word, str(tiny), str(source), str(out)]
                started = time.perf_counter()
                told = json.loads(subprocess.check_output(command).splitlines()[-1])
                made[word].append({"n": n, "wall_s": time.perf_counter() - started, **told})
                print(word, made[word][-1], flush=True)
            shutil.rmtree(source)
    result = {
        "stages": {word: judged(found) for word, found in made.items()},
        "fitted_to": FITTED,
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg(),
        "processor": processor(),
        "python": platform.python_version(),
    }
    RESULTS.mkdir(exist_ok=True)
    written = json.dumps(result, indent=1) + "\n"
    (RESULTS / "growth.json").write_text(written, encoding="utf-8")


def judged(found: list[dict[str, float]]) -> dict[str, object]:
    """Return the line through the first counts, and what it says of the others."""
    few = [one for one in found if one["n"] in FITTED]
    slope, fixed = np.polyfit([one["n"] for one in few], [one["cpu_s"] for one in few], 1)
    foretold = [
        {
            "n": one["n"],
            "predicted_s": float(fixed + slope * one["n"]),
            "measured_s": one["cpu_s"],
            "ratio": float(fixed + slope * one["n"]) / one["cpu_s"],
        }
        for one in found
        if one["n"] not in FITTED
    ]
    many = [one for one in found if one["n"] >= FITTED[-1]]
    sizes, seconds = [one["n"] for one in many], [one["cpu_s"] for one in many]
    exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    line = {"fixed_s": float(fixed), "each_s": float(slope)}
    return {"line": line, "measured": found, "foretold": foretold, "exponent": exponent}


def draw(folder: Path, n: int) -> None:
    """Write `n` different PNG files of 24 x 24 pixels in ten class folders."""
    rng = np.random.default_rng(0)
    for label in range(10):
        (folder / f"class-{label}").mkdir(parents=True, exist_ok=True)
    for number in range(n):
        pixels = rng.integers(0, 256, (24, 24), dtype=np.uint8)
        path = folder / f"class-{number % 10}" / f"{number:06d}.png"
        PIL.Image.fromarray(pixels).save(path, compress_level=1)


def processor() -> str:
    """Return the processor's name, where the system tells it."""
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
