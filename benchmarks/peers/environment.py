"""An environment of its own for each peer, so that none disturbs tamiz or another peer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "autogluon": ["autogluon.multimodal==1.6.3", "torch==2.12.1", "torchvision==0.27.1"],
    "classic": ["numpy==2.4.6", "scikit-image==0.26.0", "scikit-learn==1.9.1"],
    "fastai": [
        "fastai==2.8.12",
        "safetensors==0.8.0",
        "torch==2.15.0",
        "torchvision==0.29.2",
    ],
    "keras": ["tensorflow==2.21.0", "keras==3.15.1"],
    "monai": [
        "monai[pillow]==1.6.1",
        "safetensors==0.8.0",
        "torch==2.15.0",
        "torchvision==0.29.2",
    ],
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
    "tiatoolbox": ["tiatoolbox==2.1.3"],
    "timm": ["timm==1.0.31", "torch==2.15.0", "torchvision==0.29.2"],
}


def python_of(peer: str) -> str:
    """Return the Python that has `peer`, building its environment where it is not there in full.

    An existing one is used when TAMIZ_PEER_<NAME> names its Python. One whose building was
    interrupted, or whose pins have changed since, is completed.

    Raises:
        SystemExit: pip could not build it; its own words stand above.
    """
    named = os.environ.get(f"TAMIZ_PEER_{peer.upper()}")
    if named:
        return named
    folder = HERE.parent / ".peers" / peer
    python = folder / "bin" / "python"
    done = folder / "installed.txt"  # written last
    pins = "\n".join(PACKAGES[peer])
    if done.is_file() and done.read_text() == pins:
        return str(python)
    print(f"building the environment of {peer}, which takes minutes ...", flush=True)
    install = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES[peer]]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run(install, check=True)
    except subprocess.CalledProcessError:
        raise SystemExit(
            f"error: the environment of {peer} could not be built ({', '.join(PACKAGES[peer])}).\n"
            "  why:  what pip said stands above\n"
            f"  fix:  call again once that is mended; or name a Python that has these packages in "
            f"TAMIZ_PEER_{peer.upper()}; or leave {peer} out, where the benchmark has --peers"
        ) from None
    done.write_text(pins)
    return str(python)
