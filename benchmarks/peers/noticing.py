"""Which words say what a run did with a fault, and what a reader made of a known picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from peers import drawn_sets
from peers.measuring import Measured

NOTICES = ("leak", "duplicate", "overlap", "corrupt", "truncat", "unreadable", "skip", "exif")
VERIFY = """
import sys
from pathlib import Path
from fastai.vision.all import get_image_files, verify_images
print([path.name for path in verify_images(get_image_files(Path(sys.argv[1])))])
"""


def noticed(done: Measured, files: Sequence[Path]) -> str:
    """Say what a run did with a fault: 'refused' (was the file named?), 'said' or 'silent'."""
    is_named = any(path.name in done.said for path in files)
    if done.status != 0:
        return "refused, file named" if is_named else "refused, file not named"
    return "said" if is_named or any(word in done.said.lower() for word in NOTICES) else "silent"


def warnings_in(done: Measured) -> list[str]:
    """Return the lines of tamiz's output that warn or refuse."""
    heads = ("error:", "! Warning")
    return [line[:400] for line in done.said.splitlines() if line.lstrip().startswith(heads)]


def likeness(found: Mapping[str, Any]) -> str:
    """Say what a reader made of the picture that is known: kept, washed out, on its side, ..."""
    if "error" in found:
        return f"refused: {found['error']}"
    pixels, wanted = np.array(found["pixels"]), drawn_sets.upright().astype(float)
    stretched = (wanted - wanted.min()) / np.ptp(wanted) * 255
    for name, truth in (("kept", wanted), ("kept, stretched to its own range", stretched)):
        if pixels.shape == truth.shape and np.abs(pixels - truth).mean() < 6:
            return name
        if pixels.shape == truth.shape and np.abs(pixels - np.rot90(truth)).mean() < 6:
            return f"on its side{name[4:]}"
    if (pixels > 254).mean() > 0.95:
        return f"washed out: {100 * (pixels > 254).mean():.0f} % of pixels are white"
    return f"changed: mean difference {np.abs(pixels - wanted).mean():.0f} of 255"
