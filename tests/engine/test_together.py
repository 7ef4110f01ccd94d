"""Trainings by several processes: the same network as by one, and no way to hang."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

PROGRAM = Path(__file__).parent / "team.py"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TORCH_CPP_LOG_LEVEL": "FATAL"}
TOLERANCE = 1e-5  # relative, of losses after three epochs; docs/howto/several-processes.md
MIXED = {"augment": [{"name": "mixup"}, {"name": "cutmix"}], "accumulate": 2, "epochs": 2}
SCENARIOS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("whole", {}),
    ("mixed", {**MIXED, "cached": True}),
    ("stopped", {"into": "parts", "stop_at": 1}),
    ("resumed", {"into": "parts"}),
    ("left", {"into": "fewer", "stop_at": 1}),
    ("broken", {"broken": True}),
    ("small", {"batch_size": 1}),
    ("given up", {"into": "again", "give_up": True}),
    ("again", {"into": "again"}),
    ("diverged", {"learning_rate": 1e12, "epochs": 8, "optimiser": "sgd", "clip_norm": 0.0}),
    ("minutes", {"max_minutes": 1e-4, "epochs": 5000, "patience": 0}),
    ("last", {"epochs": 1}),
)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def started(folder: Path, n: int, *scenarios: tuple[str, dict[str, Any]]) -> list[int]:
    """Return the exit codes by rank."""
    place = {"WORLD_SIZE": f"{n}", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": f"{free_port()}"}
    processes = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), str(folder), json.dumps(scenarios)],
            env=os.environ | ONE_THREAD | place | {"RANK": f"{rank}", "LOCAL_RANK": f"{rank}"},
        )
        for rank in range(n)
    ]
    try:
        return [one.wait(timeout=240) for one in processes]
    finally:
        for one in processes:
            one.kill()
            one.wait()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """What two processes did, scenario after scenario."""
    folder = tmp_path_factory.mktemp("two")
    assert started(folder, 2, *SCENARIOS) == [0, 0]
    return folder


@pytest.fixture(scope="module")
def one(two, tmp_path_factory):
    """The same by one process, and the rest of what two left."""
    folder = tmp_path_factory.mktemp("one")
    rest = ("left", {"into": str(two / "fewer")})
    assert started(folder, 1, ("whole", {}), ("mixed", MIXED), rest) == [0]
    return folder


def result_of(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    with safe_open(path.with_suffix(".safetensors"), "np") as opened:
        told = json.loads(opened.metadata()["told"])
        return told, {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118


def figures_of(path: Path) -> list[list[float]]:
    names = ("train_loss", "val_loss", "val_accuracy", "val_f1", "learning_rate")
    return [[epoch[name] for name in names] for epoch in result_of(path)[0]["history"]]


def same_bytes(one: Path, two: Path) -> bool:
    first, second = result_of(one)[1], result_of(two)[1]
    return all(first[name].tobytes() == second[name].tobytes() for name in first)


@pytest.mark.long
def test_two_processes_train_the_network_of_one(one, two):
    alone, together = result_of(one / "whole")[0], result_of(two / "whole")[0]
    assert together["first_loss"] == pytest.approx(alone["first_loss"], rel=1e-6)
    np.testing.assert_allclose(figures_of(two / "whole"), figures_of(one / "whole"), TOLERANCE)
    assert together["more"]["processes"] == 2
    assert "processes" not in alone["more"]


@pytest.mark.long
def test_mixed_images_and_added_up_batches_are_the_same_too(one, two):
    np.testing.assert_allclose(figures_of(two / "mixed"), figures_of(one / "mixed"), TOLERANCE)


@pytest.mark.long
def test_stopped_and_resumed_by_as_many_it_is_the_same_to_the_byte(two):
    assert (two / "stopped.txt").read_text().startswith("KeyboardInterrupt")
    assert same_bytes(two / "whole", two / "resumed")


@pytest.mark.long
def test_resumed_by_fewer_it_is_the_same_within_the_tolerance(one, two):
    assert (two / "left.txt").read_text().startswith("KeyboardInterrupt")
    np.testing.assert_allclose(figures_of(one / "left"), figures_of(two / "whole"), TOLERANCE)


@pytest.mark.long
def test_what_goes_wrong_in_another_process_the_first_one_says(two):
    said = (two / "broken.txt").read_text()
    assert said.startswith("MachineTrouble: train: process 1 ")
    assert "the disk of process 1 is gone" in said


@pytest.mark.long
def test_what_all_find_wrong_is_said_once_and_none_is_left_behind(two):
    said = (two / "small.txt").read_text()
    assert "batches of 1 image leave some of the 2 processes without work" in said
    assert (two / "diverged.txt").read_text().startswith("WrongData: train: ")
    assert len(result_of(two / "last")[0]["history"]) == 1


@pytest.mark.long
def test_a_training_that_the_first_process_gave_up_goes_on_where_it_was(two):
    assert (two / "given up.txt").read_text().startswith("GivenUpError")
    assert same_bytes(two / "whole", two / "again")


@pytest.mark.long
def test_all_stop_when_the_minutes_of_the_first_are_up(two):
    assert 1 <= len(result_of(two / "minutes")[0]["history"]) < 5000


@pytest.mark.long
def test_a_killed_process_ends_all_with_one_line_and_the_rest_is_resumed(two, tmp_path):
    lost, more = ("lost", {"into": "killed", "die_at": 2}), ("more", {"epochs": 1})
    assert started(tmp_path, 2, lost, more) == [0, -9]
    for name in ("lost", "more"):  # what comes after does not wait for the dead
        said = (tmp_path / f"{name}.txt").read_text()
        assert said.startswith("MachineTrouble: train: one of the 2 processes")
    assert started(tmp_path, 1, ("rest", {"into": "killed"})) == [0]
    np.testing.assert_allclose(figures_of(tmp_path / "rest"), figures_of(two / "whole"), TOLERANCE)
