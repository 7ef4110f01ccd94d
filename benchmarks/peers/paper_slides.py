"""Workflow A's preprocessing as its notebook does it: the whole slide in memory.

usage: paper_slides.py SLIDE      prints seconds and MiB at its peak, above what imports took
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import cv2
import numpy as np
import tifffile


def memory_mib(name: str) -> float:
    """Return a figure of this process: 'VmRSS' is what it holds, 'VmHWM' the most it ever held."""
    with Path("/proc/self/status").open() as opened:
        line = next(one for one in opened if one.startswith(name))
    return int(line.split()[1]) / 1024


def main() -> None:
    before = memory_mib("VmRSS")
    worked = time.process_time()
    started = time.perf_counter()
    slide = tifffile.imread(sys.argv[1], key=0)
    small = cv2.resize(slide, None, fx=0.05, fy=0.05)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    made = cv2.GaussianBlur(grey, (5, 5), 0)[..., None]
    seconds = time.perf_counter() - started
    busy = time.process_time() - worked
    print(seconds, memory_mib("VmHWM") - before, busy, made.shape)


if __name__ == "__main__":
    main()
