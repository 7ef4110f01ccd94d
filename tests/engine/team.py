"""Tiny trainings by several processes: team.py FOLDER SCENARIOS, started once for each rank.

SCENARIOS are JSON: [name, asked] pairs, done one after the other by the same processes. What is
asked are fields of the section `train`, and besides them

    into        the folder to work in, when it is not the scenario's own
    options     of the network
    stop_at     the epoch after which process 0 is interrupted, as by Ctrl-C
    die_at      the epoch after which process 1 is killed
    broken      process 1 cannot read its images
    cached      the images lie in a file that all can map
    give_up     the listener of process 0 raises after the first epoch

Process 0 writes FOLDER/<name>.safetensors with the history in its header, or FOLDER/<name>.txt
with what it raised.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

from tamiz.core.errors import TamizError
from tamiz.core.events import Event
from tamiz.core.places import take_place
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine import loop
from tamiz.engine.feed import Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.engine.together.leading import meeting
from tamiz.engine.train import Task, train_network

N_TRAIN, N = 43, 60
OWN = ("into", "options", "stop_at", "die_at", "broken", "cached", "give_up")
USUAL: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 8,
    "ema_decay": 0.9,
    "precision": "float32",
    "device": "cpu",
    "augment": [{"name": "shift"}, {"name": "flip"}, {"name": "erase"}],
}


class GivenUpError(Exception):
    """Process 0 had enough."""


def pixels() -> np.ndarray[Any, np.dtype[np.uint8]]:
    drawn = np.random.default_rng(5).integers(0, 90, (N, 12, 12, 1)).astype(np.uint8)
    drawn[::2, :6] += 120
    drawn[1::2, 6:] += 120
    return drawn


def task_of(folder: Path, asked: dict[str, Any]) -> Task:
    images = InMemory(pixels())
    if asked.get("cached"):
        np.save(folder / "images.npy", pixels())
        images = InMemory(pixels(), folder / "images.npy")
    rows = Rows(
        images=images,
        targets=(np.arange(N) % 2).astype(np.int64),
        item_keys=item_keys_of([f"item{number}" for number in range(N)]),
        train=np.arange(N_TRAIN),
        val=np.arange(N_TRAIN, N),
        classes=("upper", "lower"),
    )
    train = {name: value for name, value in asked.items() if name not in OWN}
    options = asked.get("options", {"widths": [4, 8], "dropout": 0.2})
    return Task(ModelOptions("small", options), TrainOptions(**{**USUAL, **train}), rows)


def lead(folder: Path, name: str, asked: dict[str, Any]) -> None:
    room = folder / asked.get("into", name)
    room.mkdir(parents=True, exist_ok=True)
    (folder / "spoilt.json").write_text(json.dumps(asked))

    def listen(event: Event) -> None:
        if event.kind == "epoch" and event.done == asked.get("stop_at"):
            os.kill(os.getpid(), signal.SIGINT)
        if event.kind == "epoch" and asked.get("give_up"):
            raise GivenUpError

    try:
        made = train_network(task_of(room, asked), room / "checkpoint", listen)
    except (TamizError, GivenUpError, KeyboardInterrupt) as error:
        (folder / f"{name}.txt").write_text(f"{type(error).__name__}: {error}")
        return
    told = {"history": made.history, "first_loss": made.first_loss, "more": made.more}
    weights = dict(made.weights)
    save_file(weights, folder / f"{name}.safetensors", {"told": json.dumps(told)})


def spoil(folder: Path) -> None:
    """Let this helper die, or fail to read its images, where the scenario says so."""
    read, judge, epochs = InMemory.batches, loop.validate, []

    def asked() -> dict[str, Any]:
        found: dict[str, Any] = json.loads((folder / "spoilt.json").read_text())
        return found

    def batches(images: InMemory, groups: Any) -> Any:
        if asked().get("broken"):
            raise OSError("the disk of process 1 is gone")
        return read(images, groups)

    def validate(*given: Any) -> Any:
        epochs.append(judge(*given))
        if len(epochs) == asked().get("die_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        return epochs[-1]

    vars(loop)["validate"] = validate
    InMemory.batches = batches  # type: ignore[method-assign,assignment]


def main(folder: Path, scenarios: list[tuple[str, dict[str, Any]]]) -> None:
    torch.set_num_threads(1)
    spot = take_place()
    together = meeting()
    if not spot.is_first and together is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        spoil(folder)
        together.follow()
        return
    for name, asked in scenarios:
        lead(folder, name, asked)
    if together is not None:
        together.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
