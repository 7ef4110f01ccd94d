"""A small model that was really trained, and images to ask it about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import tamiz
from tamiz.serving.answering import Answerer


def drawn(rng: np.random.Generator, kind: str, side: int = 20) -> np.ndarray:
    """Return a grey picture with a bright half: the left one or the upper one."""
    picture = rng.integers(0, 90, (side, side))
    if kind == "left":
        picture[:, : side // 2] += 140
    else:
        picture[: side // 2] += 140
    return picture.astype(np.uint8)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    """Return a finished run on 160 drawn images of two classes."""
    folder: Path = tmp_path_factory.mktemp("served")
    rng = np.random.default_rng(5)
    for kind in ("left", "upper"):
        (folder / "data" / kind).mkdir(parents=True)
        for number in range(80):
            Pillow.fromarray(drawn(rng, kind)).save(folder / "data" / kind / f"{number:03}.png")
    settings = {
        "prepare.size_px": 16,
        "prepare.channels": 1,
        "train.epochs": 2,
        "train.augment": [],
        "evaluate.resamples": 100,
        "audit.depth": "quick",
    }
    tamiz.run(folder / "data", folder / "run", settings)
    return folder / "run"


@pytest.fixture(scope="session")
def model(run_folder) -> Path:
    """Return the run's model."""
    folder: Path = run_folder / "model"
    return folder


@pytest.fixture(scope="session")
def answerer(model):
    """Return the model, ready to answer."""
    with Answerer.load(model) as made:
        yield made


@pytest.fixture
def photos(tmp_path) -> Path:
    """Return a folder of twelve images of both kinds."""
    rng = np.random.default_rng(6)
    folder: Path = tmp_path / "photos"
    folder.mkdir()
    for number in range(12):
        kind = ("left", "upper")[number % 2]
        Pillow.fromarray(drawn(rng, kind, 20 + number)).save(folder / f"{number:02}.png")
    return folder
