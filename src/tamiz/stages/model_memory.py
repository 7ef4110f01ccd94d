"""How much memory a model takes, asked in a process of its own.

`python -m tamiz.stages.model_memory MODEL SIDE BATCH THREADS` prints one number, in MiB.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

from tamiz.core.errors import MachineTrouble
from tamiz.stages.asked_models import asked_model

_MOST_S: Final = 600


def peak_mib(model: str, side_px: int, batch: int, threads: int) -> float:
    """Return the most memory that a fresh process held while it loaded and asked a model.

    Raises:
        MachineTrouble: the process ended without an answer.
    """
    words = [sys.executable, "-m", __name__, model, str(side_px), str(batch), str(threads)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    made = subprocess.run(  # noqa: S603
        words, capture_output=True, text=True, timeout=_MOST_S, env=environment, check=False
    )
    if made.returncode != 0:
        told = made.stderr.strip().splitlines()
        raise MachineTrouble.of("bench_model.died", where=model, reason=told[-1] if told else "-")
    return float(made.stdout)


def _measured(words: list[str]) -> float:
    model, side_px, batch, threads = words
    asked = asked_model(Path(model), int(threads))
    is_real = asked.bundle.policy.window == "values"
    shape = (int(batch), int(side_px), int(side_px), 1 if is_real else 3)
    images = np.full(shape, 128, dtype=np.float32 if is_real else np.uint8)
    for _ in range(3):
        asked.ask(images)
    return _peak_mib()


def _peak_mib() -> float:
    """Return this process's own peak; `ru_maxrss` would begin with that of its parent on Linux."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.stdout.write(f"{_measured(sys.argv[1:])}\n")
