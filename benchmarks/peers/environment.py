"""An environment of its own for each peer, so that none disturbs tamiz or another peer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "keras": ["tensorflow", "keras"],
    "paper_convert": [
        "numpy",
        "opencv-python-headless",
        "pydicom",
        "pylibjpeg-openjpeg",
        "python-gdcm",
    ],
    "scikit_image": ["numpy", "scikit-image"],
    "tiles": [
        "imagecodecs",
        "numpy",
        "openslide-bin",
        "openslide-python",
        "pyvips[binary]",
        "tifffile",
    ],
    "paper_slides": ["imagecodecs", "numpy", "opencv-python-headless", "tifffile"],
}


def python_of(peer: str) -> str:
    """Return the Python that has `peer`, building its environment when it is not there.

    An existing one is used when TAMIZ_PEER_<NAME> names its Python.
    """
    named = os.environ.get(f"TAMIZ_PEER_{peer.upper()}")
    if named:
        return named
    folder = HERE.parent / ".peers" / peer
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES[peer]]
        subprocess.run(install, check=True)
    return str(python)
