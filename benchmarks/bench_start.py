"""Seconds until help is on the screen, beside bare Python; best of several runs, in turn.

usage: bench_start.py        Writes benchmarks/results/bench_start.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

N_RUNS = 15
COMMANDS = {
    "bare python": ["-c", "pass"],
    "tamiz --help": ["-m", "tamiz", "--help"],
    "tamiz run --help": ["-m", "tamiz", "run", "--help"],
    "tamiz --version": ["-m", "tamiz", "--version"],
}


def seconds_of(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    found = {name: [] for name in COMMANDS}
    for _ in range(N_RUNS):
        for name, arguments in COMMANDS.items():
            found[name].append(seconds_of(arguments))
    best = {name: round(min(times), 4) for name, times in found.items()}
    for name, seconds in best.items():
        print(f"{name:20} {seconds:.3f} s, {seconds - best['bare python']:+.3f} s to bare Python")
    path = Path(__file__).parent / "results" / "bench_start.json"
    path.write_text(json.dumps({"best_seconds": best, "runs": N_RUNS}, indent=2) + "\n")


if __name__ == "__main__":
    main()
