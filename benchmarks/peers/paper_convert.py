"""Workflow D's conversion as its paper describes it: one file after the other.

usage: paper_convert.py SOURCE OUT CENTRE WIDTH      prints the seconds of the loop
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pydicom


def main() -> None:
    source, out = sys.argv[1:3]
    centre, width = map(float, sys.argv[3:5])
    names = sorted(path.name for path in Path(source).iterdir())
    convert(source, out, names[0], centre, width)  # imports what decoding needs
    started = time.perf_counter()
    for name in names:
        convert(source, out, name, centre, width)
    print(time.perf_counter() - started)


def convert(source: str, out: str, name: str, centre: float, width: float) -> None:
    ds = pydicom.dcmread(f"{source}/{name}")
    hu = ds.pixel_array.astype(np.float64) * ds.RescaleSlope + ds.RescaleIntercept
    low, high = centre - width / 2, centre + width / 2
    grey = (hu - low) / (high - low) * 255
    grey = np.clip(grey, 0, 255).astype(np.uint8)
    cv2.imwrite(f"{out}/{name}".replace(".dcm", ".png"), grey)


if __name__ == "__main__":
    main()
