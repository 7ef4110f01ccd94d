"""One process measured: seconds of the processor and of the clock, memory, what it said."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
    ),
    "1",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took and said; `cpu_s` counts its children, `peak_mib` the largest one."""

    status: int
    cpu_s: float
    wall_s: float
    peak_mib: float
    said: str

    @property
    def accuracy(self) -> float | None:
        """What the last line that begins with 'accuracy' says."""
        found = re.findall(r"^accuracy ([0-9.]+)", self.said, re.MULTILINE)
        return float(found[-1]) if found else None

    @property
    def last_line(self) -> str:
        """The last line that was said, empty where nothing was."""
        return (self.said.strip().splitlines() or [""])[-1]

    def figures(self) -> dict[str, float | int]:
        """Return what goes into the table of results."""
        return {
            "status": self.status,
            "cpu_s": round(self.cpu_s, 2),
            "wall_s": round(self.wall_s, 1),
            "peak_mib": round(self.peak_mib),
        }


def measure(
    command: Sequence[str], folder: Path, extra: Mapping[str, str] | None = None
) -> Measured:
    """Run a command on one core of this machine, in `folder`, with one thread for each library.

    A small process stands between: a child's largest memory counts what its parent held when it
    was started, and the parent here draws data.
    """
    settings = os.environ | ONE_THREAD | {"TF_CPP_MIN_LOG_LEVEL": "3"} | dict(extra or {})
    with tempfile.TemporaryDirectory() as room:
        facts = Path(room) / "facts.json"
        between = [sys.executable, "-S", __file__, str(facts), *command]
        done = subprocess.run(
            between,
            cwd=folder,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        return Measured(**json.loads(facts.read_text()), said=without_places(done.stdout))


def without_places(words: str) -> str:
    """Return what was said without this machine's folders."""
    kept = words.replace(str(Path(__file__).resolve().parents[2]), ".")
    return re.sub(rf"{re.escape(tempfile.gettempdir())}/[^/\s]+/", "", kept)


def _between(facts: Path, command: Sequence[str]) -> None:
    """Run a command on one core and write what it took."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})  # a child inherits it
    started = time.perf_counter()
    process = subprocess.Popen(list(command))
    _, status, used = os.wait4(process.pid, 0)
    made = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu_s": used.ru_utime + used.ru_stime,
        "wall_s": time.perf_counter() - started,
        "peak_mib": used.ru_maxrss / 1024,
    }
    process.returncode = made["status"]
    facts.write_text(json.dumps(made))


def user_lines(path: Path) -> int:
    """Return how many lines of a script hold code: no blank ones, comments or docstrings."""
    text = path.read_text(encoding="utf-8")
    documented = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in documented
        for number, line in enumerate(text.splitlines(), start=1)
    )


if __name__ == "__main__":
    _between(Path(sys.argv[1]), sys.argv[2:])
