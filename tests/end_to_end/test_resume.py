from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from tests.end_to_end.conftest import draw_classes, tamiz

pytestmark = pytest.mark.slow
SETTINGS = (
    "--epochs", "12", "--set", "train.batch_size=16", "--set", "train.checkpoint_s=0",
    "--set", "evaluate.resamples=100",
)  # fmt: skip


@pytest.mark.long
def test_a_run_killed_at_random_moments_ends_with_the_bytes_of_an_uninterrupted_one(tmp_path):
    source = draw_classes(tmp_path / "photos", 40)
    tamiz("run", source, "--out", tmp_path / "whole", *SETTINGS)
    command = [sys.executable, "-m", "tamiz", "run", str(source), "--out", str(tmp_path / "killed")]
    random_s = random.Random(0)  # noqa: S311 - moments to kill at, no secrets
    n_kills = 0
    for _ in range(6):
        with subprocess.Popen(
            [*command, *SETTINGS], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while process.poll() is None and not (tmp_path / "killed" / "run.json").is_file():
                time.sleep(0.05)  # on a busy machine it takes a while until there is a run
            time.sleep(random_s.uniform(0.0, 4.0))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                n_kills += 1
    assert n_kills
    done = tamiz("train", "--resume", tmp_path / "killed")
    assert "Traceback" not in done.stderr
    tamiz("run", tmp_path / "killed")
    for name in ("model/weights.safetensors", "predictions/test.parquet", "metrics.json"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.long
def test_the_run_says_how_to_go_on_when_it_is_stopped(tmp_path):
    source = draw_classes(tmp_path / "photos", 40)
    command = [sys.executable, "-m", "tamiz", "run", str(source), "--out", str(tmp_path / "run")]
    with subprocess.Popen(
        [*command, "--epochs", "500"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "run" / "checkpoint").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        assert process.returncode == 130
    assert f"Go on with: tamiz run {source}" in told
    assert "Traceback" not in told
