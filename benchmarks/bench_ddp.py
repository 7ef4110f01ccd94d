"""One training by two processes against the same by one: equal figures, and images a second.

    .venv/bin/python benchmarks/bench_ddp.py [--images 6000] [--epochs 2] [--repeats 3]

The recipe and its batches of 128 images are the same; two processes (gloo) take half of each batch.
Compared: the losses of the first ten steps (two optimisers) and of every epoch, relative, and
beside them, as a yardstick, those of one process with another number of threads; and what both say
of the validation images on equal weights (of a network without batch norm, whose rate is so small
that its weights stay: that they are equal is checked).
Speed: median of images a second over all epochs, without start and imports; the ways take turns.
`one` computes with one thread, `one_all_cores` with as many as there are cores, `two` with one in
each. Writes benchmarks/results/ddp.json.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared/data")
)
WAYS = {"one": (1, 1), "two": (2, 1), "one_all_cores": (1, len(os.sched_getaffinity(0)))}
FIGURES = ("val_loss", "val_accuracy", "val_f1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=6000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--work", type=Path, help="for the processes that this one starts")
    asked = parser.parse_args()
    if asked.work:
        work(json.loads(asked.work.read_text()))
        return
    speeds: dict[str, list[float]] = {way: [] for way in WAYS}
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as room:
        source = save_images(Path(room) / "images.npz", asked.images)
        for _ in range(asked.repeats):
            for way in WAYS:
                results[way] = run(Path(room), way, asked.epochs, 3e-3)
                speeds[way].append(results[way]["images_per_s"])
                print(way, results[way]["images_per_s"], flush=True)
        still = {way: run(Path(room), way, 1, 1e-30, "cnn") for way in ("one", "two")}
        steps = {
            optimiser: {
                way: run(Path(room), way, 1, rate, each_step_of=optimiser)["steps"] for way in WAYS
            }
            for optimiser, rate in (("adamw", 3e-3), ("sgd", 0.02))
        }
    made = {
        **differences(results, still, steps),
        **ratios_of(speeds),
        "images": {"n": asked.images, "source": source},
        "epochs": asked.epochs,
        "repeats": asked.repeats,
        "load_average": os.getloadavg(),
        "cores": len(os.sched_getaffinity(0)),
        "python": sys.version.split()[0],
        "versions": {"torch": version("torch")},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "ddp.json").write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2))


def differences(
    results: dict[str, dict[str, Any]],
    still: dict[str, dict[str, Any]],
    steps: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Return how far two processes are from one, beside one with other threads."""
    one, two = results["one"], results["two"]
    return {
        "targets": {"first_losses_relative": 1e-5, "metrics_on_equal_weights": "identical"},
        "first_loss_relative_difference": apart(one["first_loss"], two["first_loss"]),
        "first_ten_steps_relative_difference": {
            optimiser: {
                "two_processes": list(map(apart, some["one"], some["two"])),
                "other_threads": list(map(apart, some["one"], some["one_all_cores"])),
            }
            for optimiser, some in steps.items()
        },
        "losses_by_epoch_relative_difference": {
            "two_processes": by_epoch(one, two),
            "other_threads": by_epoch(one, results["one_all_cores"]),
        },
        "weights_equal": still["one"]["weights"] == still["two"]["weights"],
        "metrics_identical_on_equal_weights": all(
            still["one"]["history"][0][name] == still["two"]["history"][0][name] for name in FIGURES
        ),
    }


def ratios_of(speeds: dict[str, list[float]]) -> dict[str, Any]:
    """Return images per second, and the ratios of two processes to one, run by run."""
    ratios = [b / a for a, b in zip(speeds["one"], speeds["two"], strict=True)]
    all_cores = [b / a for a, b in zip(speeds["one_all_cores"], speeds["two"], strict=True)]
    return {
        "images_per_s": {way: round(statistics.median(some), 1) for way, some in speeds.items()},
        "two_over_one": round(statistics.median(ratios), 2),
        "two_over_one_range": [round(min(ratios), 2), round(max(ratios), 2)],
        "two_over_one_all_cores": round(statistics.median(all_cores), 2),
    }


def apart(one: float, two: float) -> float:
    return float(f"{abs(one - two) / abs(one):.1e}")


def by_epoch(one: dict[str, Any], two: dict[str, Any]) -> list[list[float]]:
    """Return for each epoch how far training and validation losses are apart, relative."""
    return [
        [apart(a[name], b[name]) for name in ("train_loss", "val_loss")]
        for a, b in zip(one["history"], two["history"], strict=True)
    ]


def save_images(path: Path, n: int) -> str:
    """Write n images of 28 px with their classes; return where they come from."""
    images, names = (
        SHARED / "fashion-mnist" / f"train-{one}-ubyte.gz" for one in ("images-idx3", "labels-idx1")
    )
    if images.is_file():
        content = gzip.decompress(images.read_bytes())
        pixels = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 28, 28)
        labels = np.frombuffer(gzip.decompress(names.read_bytes()), np.uint8, offset=8)
        np.savez(path, pixels=pixels[:n, :, :, None], labels=labels[:n].astype(np.int64))
        return "fashion-mnist"
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    pixels = rng.integers(0, 120, (n, 28, 28, 1))
    for number, label in enumerate(labels):
        pixels[number, 2 * label : 2 * label + 6] += 100
    np.savez(path, pixels=pixels.astype(np.uint8), labels=labels.astype(np.int64))
    return "drawn"


def run(
    room: Path, way: str, epochs: int, rate: float, model: str = "small", *, each_step_of: str = ""
) -> dict[str, Any]:
    """Return what one training gave; as many processes as the way says, each with its threads."""
    n, threads = WAYS[way]
    order = {
        "room": str(room),
        "epochs": epochs,
        "rate": rate,
        "model": model,
        "each": each_step_of,
    }
    (room / "order.json").write_text(json.dumps(order))
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port = opened.getsockname()[1]
    common = os.environ | {
        "WORLD_SIZE": f"{n}",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": f"{port}",
        "OMP_NUM_THREADS": f"{threads}",
        "TORCH_CPP_LOG_LEVEL": "FATAL",
    }
    command = [sys.executable, __file__, "--work", str(room / "order.json")]
    processes = [
        subprocess.Popen(command, env=common | {"RANK": f"{rank}", "LOCAL_RANK": f"{rank}"})
        for rank in range(n)
    ]
    if any(one.wait() for one in processes):
        raise SystemExit("a process failed")
    made: dict[str, Any] = json.loads((room / "result.json").read_text())
    return made


def work(order: dict[str, Any]) -> None:
    """Train as ordered, or help to."""
    from tamiz.core.events import Event
    from tamiz.core.places import take_place
    from tamiz.core.recipe import ModelOptions, TrainOptions
    from tamiz.engine import watch
    from tamiz.engine.feed import Rows
    from tamiz.engine.keyed import item_keys_of
    from tamiz.engine.prepared import InMemory
    from tamiz.engine.together.leading import meeting
    from tamiz.engine.train import Task, train_network

    spot, room = take_place(), Path(order["room"])
    together = meeting()
    if not spot.is_first and together is not None:
        together.follow()
        return
    with np.load(room / "images.npz") as opened:
        pixels, labels = opened["pixels"], opened["labels"]
    n_train = len(pixels) * 5 // 6
    np.save(room / "pixels.npy", pixels)
    rows = Rows(
        images=InMemory(pixels, room / "pixels.npy"),
        targets=labels,
        item_keys=item_keys_of([f"{number}" for number in range(len(pixels))]),
        train=np.arange(n_train),
        val=np.arange(n_train, len(pixels)),
        classes=tuple("0123456789"),
    )
    train = TrainOptions(
        epochs=order["epochs"],
        batch_size=128,
        learning_rate=order["rate"],
        precision="float32",
        ema_decay=0.0,
        optimiser=order["each"] or "adamw",
        augment=[{"name": "shift"}, {"name": "flip"}],
    )
    steps: list[float] = []

    def listen(event: Event) -> None:
        if event.kind == "progress" and "loss" in event.values:  # the mean so far
            steps.append(float(event.values["loss"]) * (len(steps) + 1) - sum(steps))  # type: ignore[arg-type]

    if order["each"]:
        vars(watch)["_STEPS_BETWEEN_LOOKS"] = 1
    made = train_network(Task(ModelOptions(order["model"], {}), train, rows), None, listen)
    digest = hashlib.sha256(b"".join(one.tobytes() for one in made.weights.values()))
    if together is not None:
        together.end()
    told = {
        "history": made.history,
        "first_loss": made.first_loss,
        "steps": steps[:10],
        "weights": digest.hexdigest(),
        "images_per_s": round(n_train * order["epochs"] / made.seconds, 1),
    }
    (room / "result.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main()
