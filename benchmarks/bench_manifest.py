"""The manifest at 10 thousand to 10 million rows: seconds and memory of each stage on metadata.

    .venv/bin/python benchmarks/bench_manifest.py [--most 10000000] [--most-table 1000000]

A synthetic table: paths, 15 classes of uneven size (1 % of the rows have no label), groups of
skewed sizes (20 rows on average, the first ones many times as large), 5 % of the rows without one.

`make` builds the manifest from columns and saves it. `split` is the stage of that name on it: by
groups, stratified, with its audit for leaks, the manifest and the ledger written. `index`, `check`
and `explore` are the stages on the table itself, none of whose files is there: metadata only. Each
stage runs in a process of its own; its seconds (on the clock, and of the processor), its largest
memory and the exponent of its growth are reported. Target: 10 million rows split in 60 s and 4 GB.
Writes benchmarks/results/manifest.json, with the rates that `tamiz cost` uses.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from tamiz.stages.costing.model import Rate

RESULTS = Path(__file__).parent / "results"
COUNTS = (10_000, 100_000, 1_000_000, 10_000_000)
ON_TABLE = ("index", "check", "explore")
REPEATED = 1_000_000  # rows that the rates are measured at, three times
N_CLASSES = 15
CHILD = """
import json, resource, sys, time
from pathlib import Path
import polars as pl
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.stages import pipeline

word, table, folder = sys.argv[1:]

def memory_mb():  # not ru_maxrss: that of the process that started this one counts there
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(one for one in lines if one.startswith("VmHWM")).split()[1]) / 1024

def spent():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

settings = {"data": {"missing_files": "keep"}}
run, asked = pipeline.begin(table, folder, settings=settings)
recipe = pipeline.recipe_of(run, asked)
stage = None if word == "make" else pipeline.stage_function(word)
start_mb = memory_mb()
started, before = time.perf_counter(), spent()
with run.opened("bench"):
    if stage is None:
        columns = pl.read_parquet(table).get_columns()
        Manifest.from_columns({one.name: one for one in columns}, Path("/")).save(run.manifest_path)
        run.save_others([])
    else:
        report = stage(recipe, run)
        report.save(pipeline.stage_report_folder(run, word))
made = {"wall_s": time.perf_counter() - started, "cpu_s": spent() - before}
print(json.dumps({**made, "peak_mb": memory_mb(), "start_mb": start_mb}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=COUNTS[-1])
    parser.add_argument("--most-table", type=int, default=REPEATED)
    asked = parser.parse_args()
    made: dict[str, dict[int, dict[str, float]]] = {}
    repeated: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as room:
        for n in (n for n in COUNTS if n <= asked.most):
            table, run = Path(room) / f"table-{n}.parquet", Path(room) / f"run-{n}"
            draw(n, seed=n).write_parquet(table)
            for word in ("make", "split"):
                made.setdefault(word, {})[n] = timed(word, table, run)
            if n == min(REPEATED, asked.most):
                repeated = [timed("split", table, run) for _ in range(3)]
                for one in repeated:
                    one |= {"rows": n, "disk_bytes": (run / "manifest.parquet").stat().st_size}
            if n <= asked.most_table:
                for word in ON_TABLE:
                    other = Path(room) / f"table-run-{n}"
                    made.setdefault(word, {})[n] = timed(word, table, other)
            table.unlink()
    result = {
        "stages": {word: {"measured": one, **growth(one)} for word, one in made.items()},
        "rates": rates_of(repeated, made),
        "targets": {"split_of_10_million_s": 60, "split_of_10_million_mb": 4096},
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "polars": pl.__version__,
    }
    RESULTS.mkdir(exist_ok=True)
    written = json.dumps(result, indent=1) + "\n"
    (RESULTS / "manifest.json").write_text(written, encoding="utf-8")


def timed(word: str, table: Path, run: Path) -> dict[str, float]:
    """Return seconds and memory of one stage in a process of its own."""
    command = [sys.executable, "-c", CHILD, word, str(table), str(run)]
    made: dict[str, float] = json.loads(subprocess.check_output(command).splitlines()[-1])
    print(word, run.name, {name: round(value, 2) for name, value in made.items()}, flush=True)
    return made


def growth(found: dict[int, dict[str, float]]) -> dict[str, float]:
    """Return the exponent of seconds over rows from 100 thousand on, and the last bytes a row."""
    many = [n for n in found if n >= COUNTS[1]]
    last = max(found)
    made = {"bytes_per_row": found[last]["peak_mb"] * 2**20 / last}
    if len(many) >= 2:
        seconds = [found[n]["cpu_s"] for n in many]
        made["exponent"] = float(np.polyfit(np.log(many), np.log(seconds), 1)[0])
    return made


def rates_of(
    repeated: list[dict[str, float]], stages: dict[str, dict[int, dict[str, float]]]
) -> dict[str, object]:
    """Return what a row costs: seconds of `split`, bytes on the disk and in memory.

    Memory is that of the stage that needs most at its largest table; like the bytes on the disk
    it comes out the same each time, so neither has an interval.
    """
    last = repeated[-1]
    most = max(one[max(one)]["peak_mb"] * 2**20 / max(one) for one in stages.values())
    made = {
        "split_s": Rate.of([one["cpu_s"] / one["rows"] for one in repeated]),
        "disk_bytes": Rate(last["disk_bytes"] / last["rows"], None, None, 1),
        "memory_bytes": Rate(most, None, None, 1),
    }
    return {name: asdict(rate) for name, rate in made.items()}


def draw(n: int, seed: int) -> pl.DataFrame:
    """Return a table of `n` rows: path, label and group."""
    rng = np.random.default_rng(seed)
    n_groups = max(60, n // 20)
    group = np.minimum((n_groups * rng.random(n) ** 2).astype(np.int64), n_groups - 1)
    shares = np.arange(1, N_CLASSES + 1) / sum(range(1, N_CLASSES + 1))
    label = rng.choice(N_CLASSES, size=n_groups, p=shares)[group]
    is_noise = rng.random(n) < 0.1
    label[is_noise] = rng.integers(0, N_CLASSES, int(is_noise.sum()))
    numbers = pl.DataFrame(
        {
            "row": np.arange(n),
            "group": group,
            "label": label,
            "has_group": rng.random(n) >= 0.05,
            "has_label": rng.random(n) >= 0.01,
        }
    )
    folder = (pl.col("row") // 1000).cast(pl.String).str.zfill(5)
    return numbers.select(
        path=pl.format("images/{}/{}.jpg", folder, pl.col("row").cast(pl.String).str.zfill(9)),
        label=pl.when("has_label").then(pl.format("class {}", "label")),
        group=pl.when("has_group").then(pl.format("patient-{}", "group")),
    )


if __name__ == "__main__":
    main()
