"""Run every benchmark; each writes its results into benchmarks/results.

usage: run_all.py [NAME ...]      NAME: start, check, headers, near_duplicates, label_errors, ...

Without a name, all but `peers`, which downloads other tools (30 GB).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ORDER = (
    "start", "check", "headers", "near_duplicates", "label_errors", "shortcuts", "convert",
    "fetch", "slides", "tiles", "tissue", "descriptors", "mil", "bootstrap", "precision",
    "training", "frozen", "coverage", "choice", "random_labels",
    "comparison", "calibration", "guard", "plan", "describe", "descriptor_models", "service",
)  # fmt: skip


def main() -> int:
    here = Path(__file__).resolve().parent
    failed = []
    for name in sys.argv[1:] or ORDER:
        print(f"== {name}", flush=True)
        done = subprocess.run(
            [sys.executable, str(here / f"bench_{name}.py")], cwd=here.parent, check=False
        )
        if done.returncode != 0:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
