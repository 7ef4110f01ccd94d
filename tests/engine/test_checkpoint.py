"""Checkpoints: killed, interrupted or damaged, the result is the same or the fault is said."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.events import Event
from tamiz.engine import watch
from tamiz.engine.train import train_network


class Killed(BaseException):
    """Stands for the death of the process: nothing of ours catches it."""


@pytest.fixture
def save_at_every_step(monkeypatch):
    monkeypatch.setattr(watch, "_STEPS_BETWEEN_LOOKS", 1)


def dying_at(event_number):
    seen = []

    def listen(event):
        seen.append(event)
        if len(seen) == event_number:
            raise Killed

    return listen


@pytest.mark.parametrize("optimiser", ["adam", "sgd", "muon"])
def test_dying_after_any_step_and_going_on_gives_the_same_bytes(
    make_task, same_bytes, tmp_path, save_at_every_step, optimiser
):
    task = make_task(optimiser=optimiser, learning_rate=0.01, checkpoint_s=1e-9, epochs=2)
    wanted = train_network(task)
    for step in range(2, 14, 1 if optimiser == "adam" else 5):
        folder = tmp_path / str(step)
        with pytest.raises(Killed):
            train_network(task, folder, dying_at(step))
        resumed = train_network(task, folder)
        assert resumed.was_resumed or step <= 2
        assert same_bytes(resumed, wanted), step
        figures = [[h["train_loss"], h["val_loss"], h["val_accuracy"]] for h in resumed.history]
        assert figures == [
            [h["train_loss"], h["val_loss"], h["val_accuracy"]] for h in wanted.history
        ]


@pytest.mark.long
def test_sigkill_at_random_moments_gives_the_same_bytes_as_no_kill(tmp_path):
    script = Path(__file__).with_name("tiny_training.py")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}

    def start(folder):
        folder.mkdir(exist_ok=True)
        command = [sys.executable, str(script), str(folder), "16"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    whole, killed = tmp_path / "whole", tmp_path / "killed"
    calm = start(whole)
    assert calm.stdout.readline() == "ready\n"
    started = time.monotonic()
    calm.communicate(timeout=120)
    seconds = time.monotonic() - started
    draw, kills = np.random.default_rng(11), 0
    for _ in range(4):
        process = start(killed)
        process.stdout.readline()
        time.sleep(draw.uniform(0.05, 0.4) * seconds)
        kills += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert kills >= 2
    last = start(killed)
    last.communicate(timeout=120)
    assert last.returncode == 0
    name = "weights.safetensors"
    assert (killed / name).read_bytes() == (whole / name).read_bytes()
    assert not list(killed.rglob(".*tamiz-part")), "a killed process's parts are cleared away"
    assert len(list((killed / "checkpoint").glob("*.safetensors"))) == 2


def test_dying_between_the_first_file_and_its_record_starts_anew(
    make_task, same_bytes, tmp_path, save_at_every_step, monkeypatch
):
    task = make_task(checkpoint_s=1e-9)
    wanted = train_network(task)

    def die(path, content):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("tamiz.engine.checkpoint.write_json", die)
        with pytest.raises(Killed):
            train_network(task, tmp_path)
    orphans = list(tmp_path.glob("checkpoint-*.safetensors"))
    assert orphans
    assert not (tmp_path / "state.json").exists()
    resumed = train_network(task, tmp_path)
    assert not resumed.was_resumed
    assert same_bytes(resumed, wanted)
    assert len(list(tmp_path.glob("checkpoint-*.safetensors"))) == 2


def test_a_damaged_record_is_said_and_deletes_nothing(make_task, tmp_path):
    train_network(make_task(), tmp_path)
    (tmp_path / "state.json").write_text("{")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WrongData, match="no checkpoint in this folder is whole"):
        train_network(make_task(), tmp_path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_finished_training_is_not_repeated(make_task, same_bytes, tmp_path):
    first = train_network(make_task(), tmp_path)
    told: list[Event] = []
    again = train_network(make_task(), tmp_path, told.append)
    assert same_bytes(first, again)
    assert again.history == first.history
    assert not [event for event in told if event.kind == "epoch"]


def test_starting_anew_forgets_the_checkpoints(make_task, tmp_path):
    train_network(make_task(), tmp_path)
    assert not train_network(make_task(seed=9), tmp_path, resume=False).was_resumed


def newest(folder):
    return max(folder.glob("checkpoint-*.safetensors"))


@pytest.mark.parametrize("damage", ["cut", "flip", "delete"])
def test_a_damaged_checkpoint_is_passed_over_and_said(make_task, same_bytes, tmp_path, damage):
    wanted = train_network(make_task(), tmp_path)
    path = newest(tmp_path)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    else:
        path.unlink()
    told: list[Event] = []
    resumed = train_network(make_task(), tmp_path, told.append)
    assert same_bytes(resumed, wanted)
    said = " ".join(str(event.text) for event in told if event.kind == "warning")
    assert f"{path.name} is damaged" in said
    assert "older checkpoint" in said


def test_when_all_are_damaged_it_says_so_and_deletes_nothing(make_task, tmp_path):
    train_network(make_task(), tmp_path)
    for path in tmp_path.glob("*.safetensors"):
        path.write_bytes(b"")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(WrongData, match="no checkpoint in this folder is whole"):
        train_network(make_task(), tmp_path)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"learning_rate": 0.5}, "train.learning_rate: 0.002 -> 0.5"),
        ({"epochs": 4}, "train.epochs: 3 -> 4"),
        ({"n_train": 40}, "data:"),
        ({"name": "softmax"}, 'model.name: "small" -> "softmax"'),
    ],
)
def test_other_settings_or_data_are_refused_by_name(make_task, tmp_path, change, named):
    train_network(make_task(), tmp_path)
    with pytest.raises(WrongUse) as error:
        train_network(make_task(**change), tmp_path)
    assert named in str(error.value)


def test_how_often_it_saves_may_change(make_task, same_bytes, tmp_path):
    wanted = train_network(make_task(), tmp_path)
    assert same_bytes(train_network(make_task(checkpoint_s=1, max_minutes=5), tmp_path), wanted)


def test_another_number_of_threads_is_said(make_task, tmp_path, monkeypatch):
    train_network(make_task(), tmp_path)
    monkeypatch.setattr("tamiz.engine.checkpoint.thread_count", lambda: 7)
    told: list[Event] = []
    train_network(make_task(), tmp_path, told.append)
    assert "resumed with 7 threads" in " ".join(str(event.text) for event in told)


def test_ctrl_c_saves_at_the_end_of_the_step_and_goes_on_exactly(make_task, same_bytes, tmp_path):
    wanted = train_network(make_task(epochs=4))

    def interrupt(event):
        if event.kind == "epoch" and event.done == 2:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train_network(make_task(epochs=4), tmp_path, interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    assert newest(tmp_path).name > "checkpoint-0002"
    assert same_bytes(train_network(make_task(epochs=4), tmp_path), wanted)


def test_an_interruption_from_a_listener_saves_too(make_task, same_bytes, tmp_path):
    wanted = train_network(make_task())

    def stop(event):
        if event.kind == "progress":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_network(make_task(), tmp_path, stop)
    assert same_bytes(train_network(make_task(), tmp_path), wanted)


def test_a_full_disk_is_said_and_the_checkpoints_stay(make_task, same_bytes, tmp_path):
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        with pytest.raises(KeyboardInterrupt):
            train_network(make_task(), disk / "run", _stop_after_first_epoch)
        (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - 4096))
        with pytest.raises(MachineTrouble, match="disk is full"):
            train_network(make_task(), disk / "run")
        (disk / "filler").unlink()
        assert same_bytes(train_network(make_task(), disk / "run"), train_network(make_task()))
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def _stop_after_first_epoch(event):
    if event.kind == "epoch":
        raise KeyboardInterrupt


def test_a_checkpoint_holds_no_pickle(make_task, tmp_path):
    train_network(make_task(epochs=1), tmp_path)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        if path.name != "state.json":
            load(content)  # safetensors reads it, and it can hold nothing but arrays and text
        assert not content.startswith((b"PK", b"\x80"))
