"""`--processes` and torchrun: one result, one line, no process left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

TORCHRUN = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--rdzv-backend", "c10d"]
HERE = ["--rdzv-endpoint", "127.0.0.1:0", "--local-addr", "127.0.0.1", "-m", "tamiz"]
SETTINGS = ["--model", "small", "--size", "12", "--epochs", "1", "--set", "train.batch_size=16"]


@pytest.fixture
def pictures(tmp_path):
    drawn = np.random.default_rng(0).integers(0, 90, (60, 12, 12)).astype(np.uint8)
    for number, picture in enumerate(drawn):
        half = "upper" if number % 2 else "lower"
        picture[: 6 if half == "upper" else 12][-6:] += 120
        path = tmp_path / "pictures" / half / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path)
    return tmp_path / "pictures"


def said_by(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.mark.long
def test_torchrun_trains_and_prints_one_report(pictures, tmp_path):
    done = said_by(
        *TORCHRUN,
        *HERE,
        "train",
        str(pictures),
        "--out",
        str(tmp_path / "run"),
        *SETTINGS,
        "--json",
    )
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)
    card = json.loads((tmp_path / "run/model/bundle.json").read_text())
    assert card["training"]["processes"] == 2
    assert "trained by 2 processes" in done.stderr


@pytest.mark.long
def test_an_error_of_several_processes_is_one_line_and_its_own_code(tmp_path):
    done = said_by("-m", "tamiz", "train", str(tmp_path / "none"), "--out", str(tmp_path / "run"),
                   "--processes", "2")  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("error: ")


def test_more_processes_than_cores_are_refused_before_anything_starts():
    from tamiz.core.errors import WrongUse
    from tamiz.stages.together import is_to_be_started

    with pytest.raises(WrongUse, match="--processes: 9999 processes on a machine that bears"):
        is_to_be_started(9999)
    assert is_to_be_started(2)
    assert not is_to_be_started(1)
