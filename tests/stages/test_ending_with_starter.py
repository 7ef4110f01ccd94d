"""Processes of one training end when who started them was killed: nobody else would tell them."""

from __future__ import annotations

import subprocess
import sys

import pytest

CHILD = """
import pathlib, signal, sys, time
from tamiz.stages import together
together._STARTER_S = 0.05
together._end_with_starter(signal.SIGKILL)
pathlib.Path(sys.argv[1]).touch()
time.sleep(2)
print("outlived", flush=True)
"""
STARTER = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", *sys.argv[1:]])
while not os.path.exists(sys.argv[2]):
    time.sleep(0.02)
os._exit(9)
"""


@pytest.mark.long
@pytest.mark.parametrize(("variable", "said"), [("TORCHELASTIC_RUN_ID", ""), ("", "outlived\n")])
def test_what_torchrun_started_ends_with_it_and_others_do_not(
    variable, said, monkeypatch, tmp_path
):
    monkeypatch.delenv("TAMIZ_PROCESSES_SAID", raising=False)
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    if variable:
        monkeypatch.setenv(variable, "x")
    done = subprocess.run(
        [sys.executable, "-c", STARTER, CHILD, str(tmp_path / "ready")],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == (said, "")
