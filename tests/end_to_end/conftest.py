"""A small world with a known truth: bright, dark and striped squares, learnt in seconds."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

FAST = ("--epochs", "4", "--set", "train.batch_size=16", "--set", "evaluate.resamples=200")


def draw_classes(folder: Path, n_per_class: int = 40, seed: int = 0) -> Path:
    """Write class folders 'bright', 'dark' and 'striped' of 16 x 16 grey PNG files."""
    rng = np.random.default_rng(seed)
    for number in range(n_per_class):
        for name, base in (("bright", 200), ("dark", 60), ("striped", 130)):
            pixels = rng.normal(base, 20, (16, 16))
            if name == "striped":
                pixels[::4] += 90
            path = folder / name / f"{number:03d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = io.BytesIO()
            PIL.Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(opened, format="PNG")
            path.write_bytes(opened.getvalue())
    return folder


def tamiz(
    *arguments: object, check: bool = True, code: int = 0, **options
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; it must end with exit code `code`."""
    command = [sys.executable, "-m", "tamiz", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if check:
        assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Return (source folder, run folder) of a finished run with some hostile files in it."""
    folder = tmp_path_factory.mktemp("una carpeta ñ")
    source = draw_classes(folder / "photos")
    (source / "bright" / "empty.png").write_bytes(b"")
    (source / "dark" / "copy.png").write_bytes((source / "dark" / "001.png").read_bytes())
    (source / "dark" / "notes.txt").write_text("not an image")
    tamiz("run", source, "--out", folder / "run", "--set", "data.max_problems=0.05", *FAST)
    return source, folder / "run"
