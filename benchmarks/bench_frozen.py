"""Frozen networks: what it saves to compute features once, and what real weights are worth.

usage: bench_frozen.py [--only epochs,pass,transfer] [--data FOLDER] [--images N] [--no-keras]
epochs    62 epochs of a head on a frozen DenseNet201 (random weights, batch 8, 256 px) for a set of
          2,000 images: one pass over N images by our way is measured and taken times 2,000 / N; the
          62 epochs on the cached table are run in full. Against torch in float32 and Keras +
          TensorFlow that compute the base in every epoch: N images are measured, the rest is
          extrapolated linearly (62 x 2,000 / N).
pass      one pass: torch float32, our bfloat16 and OpenVINO, images per second, in turns.
transfer  squeezenet1_0 with its real weights, frozen: logistic, k-NN and loop-trained heads on
          sign_digits (whole, and 20 images per class) and on 600 radiographs of chest_xray (by
          patient), by float32, bfloat16 and OpenVINO features, judged by the float32 network;
          against the same network from scratch in equal time, and in five times as much.
FOLDER: default TAMIZ_SHARED_DATA or ../shared/data. Writes benchmarks/results/bench_frozen.json.
Quote ratios: the machines are shared.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peers.environment import HERE, python_of
from torch import Tensor, nn

from tamiz.core.events import Event
from tamiz.core.recipe import ModelOptions, PrepareOptions
from tamiz.engine.device import has_fast_bfloat16
from tamiz.engine.feature_engines import feature_batch, make_compute
from tamiz.engine.feature_rows import FeatureFacts, FeatureRows, frozen_base
from tamiz.engine.features import FeatureWork, frozen_features
from tamiz.engine.feed import Rows
from tamiz.engine.infer import predict_scores
from tamiz.engine.keyed import item_keys_of, keyed_order
from tamiz.engine.prepared import InMemory
from tamiz.engine.probe import Samples, fit_head
from tamiz.metrics.intervals import wilson
from tamiz.models.build import build_network
from tamiz.models.nets.heads import make_head
from tamiz.models.registry import InputShape
from tamiz.models.weights import load_start

ROOT = HERE.parents[1]
CPU = torch.device("cpu")
N_EPOCHS, N_SET, BATCH = 62, 2_000, 8
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
FLOAT32 = Path(tempfile.mkdtemp())  # test features, by which all heads are judged
ENGINES = (("torch", "float32"), ("torch", "bfloat16"), ("openvino", "bfloat16"))


def network(name: str, side: int, n_classes: int = 10, head: str = "linear") -> nn.Module:
    shape = InputShape(3, side, n_classes)
    return build_network(name, {"head": head}, shape, mean=MEAN, std=STD)


def random_rows(n: int, side: int) -> Rows:
    pixels = np.random.default_rng(0).integers(0, 256, (n, side, side, 3), dtype=np.uint8)
    at = np.arange(n)
    keys = item_keys_of([str(number) for number in at])
    return Rows(InMemory(pixels), at % 10, keys, at, at[:0], tuple("abcdefghij"))


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def train_on(features: FeatureRows, rows: Rows, head: nn.Module, epochs: int, rate: float) -> None:
    """Train a head by AdamW, one-cycle; what the usual loop does, less its watching."""
    optimiser = torch.optim.AdamW(head.parameters(), lr=rate, fused=True)
    targets = torch.from_numpy(rows.targets)
    groups_in = -(-len(rows.train) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=epochs * groups_in)
    for epoch in range(epochs):
        order = rows.train[keyed_order(0, epoch, rows.item_keys[rows.train])]
        groups = np.array_split(order, groups_in)
        seen = features.for_epoch(0, epoch)
        for group, batch in zip(groups, seen.batches(groups), strict=True):
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(head(batch), targets[torch.from_numpy(group)])
            loss.backward()
            optimiser.step()
            schedule.step()


def recomputing_epoch(net: nn.Module, pixels: Tensor) -> None:
    """One epoch of torch in float32 that computes the frozen base anew, batch by batch."""
    head = net.net.head
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-3)
    for start in range(0, len(pixels), BATCH):
        batch = pixels[start : start + BATCH]
        with torch.no_grad():
            features = net.net.base((batch.float() / 255 - 0.45) / 0.22)
        loss = nn.functional.cross_entropy(
            head(features), torch.zeros(len(batch), dtype=torch.long)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def bench_epochs(n: int, *, with_keras: bool) -> dict[str, Any]:
    side = 256
    net = network("densenet201", side).eval()
    rows = random_rows(n, side)
    pixels = rows.images.batch(rows.train)
    recomputing_epoch(net, pixels[: 2 * BATCH])
    torch_s = seconds_of(lambda: recomputing_epoch(net, pixels)) / n
    made: dict[str, Any] = {"n_set": N_SET, "n_measured": n, "epochs": N_EPOCHS}
    made["torch_float32_recomputing_s"] = torch_s * N_SET * N_EPOCHS
    if with_keras:
        script = [python_of("keras"), str(HERE / "keras_frozen.py"), str(n), str(side), str(BATCH)]
        done = subprocess.run(script, check=True, capture_output=True, text=True)
        keras = json.loads(done.stdout.strip().splitlines()[-1])
        made["keras_recomputing_s"] = keras["seconds"] / n * N_SET * N_EPOCHS
    big = random_rows(N_SET, 8)
    for engine, precision in ENGINES[1:]:
        begin, each, facts = one_pass(net, rows, engine, precision)
        table = torch.randn(N_SET, facts.n_features)
        features = FeatureRows(table, np.arange(N_SET)[None, :], big.item_keys, facts)
        head = nn.Linear(facts.n_features, 10)
        head_s = seconds_of(partial(train_on, features, big, head, N_EPOCHS, 1e-3))
        for views in (0, 4):
            pass_s = each * N_SET * (1 + views)
            total = begin + pass_s + head_s
            costs = {"start_s": begin, "pass_s": pass_s, "epochs_s": head_s, "total_s": total}
            costs["against_torch"] = made["torch_float32_recomputing_s"] / total
            if with_keras:
                costs["against_keras"] = made["keras_recomputing_s"] / total
            made[f"{engine} {precision}, views={views}"] = costs
            shown = ", ".join(f"{name} {value:.1f}" for name, value in costs.items())
            print(f"epochs {engine} {precision} views={views}: {shown}", flush=True)
    return made


def one_pass(
    net: nn.Module, rows: Rows, engine: str, precision: str
) -> tuple[float, float, FeatureFacts]:
    """Return seconds to begin (hashes, comparing, compiling), seconds per image, and facts."""
    told: list[float] = []

    def listen(event: Event) -> None:
        if event.kind == "progress":
            told.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        how = FeatureWork({"name": "densenet201"}, engine=engine, precision=precision)
        how = replace(how, folder=Path(folder))
        started = time.perf_counter()
        made = frozen_features(frozen_base(net), rows, how, listen)
        ended = time.perf_counter()
    return told[0] - started, (ended - told[0]) / len(rows.train), made.facts


def bench_pass() -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, side in (("densenet201", 256), ("resnet50", 224), ("efficientnet_b0", 224)):
        base = frozen_base(network(name, side).eval())
        size = feature_batch((side, side, 3))
        pixels = random_rows(size, side).images.batch(np.arange(size))
        plain = nn.Sequential(base).eval()
        ways: dict[str, Callable[[Tensor], object]] = {"plain torch float32": plain}
        for engine, precision in ENGINES:
            ways[f"{engine} {precision}"] = make_compute(base, engine, precision, CPU, size)
        rates: dict[str, list[float]] = {way: [] for way in ways}
        with torch.inference_mode():
            for way in ways.values():
                way(pixels)
            for _ in range(3):
                for way, compute in ways.items():
                    rates[way].append(size / seconds_of(partial(compute, pixels)))
        middle = {way: float(np.median(values)) for way, values in rates.items()}
        ratios = {way: value / middle["plain torch float32"] for way, value in middle.items()}
        made[f"{name} @ {side}"] = {"images_per_s": middle, "ratio": ratios, "batch": size}
        shown = ", ".join(f"{way} {middle[way]:.1f}/s ({ratios[way]:.2f}x)" for way in middle)
        print(f"pass {name} @ {side}: {shown}", flush=True)
    return made


@dataclass(frozen=True, slots=True)
class Photos:
    """A prepared set with its test positions."""

    name: str
    rows: Rows
    test: np.ndarray


def sign_digits(folder: Path, side: int, n_per_class: int | None) -> Photos:
    """Return the set: 70 % to train (or so many per class), 10 % to choose, 20 % to test."""
    files = sorted((folder / "sign_digits").glob("*/*.JPG"))
    labels = np.array([int(path.parent.name) for path in files])
    order = np.random.default_rng(0).permutation(len(files))
    n_test, n_val = len(files) // 5, len(files) // 10
    test, val, train = order[:n_test], order[n_test : n_test + n_val], order[n_test + n_val :]
    name = "sign_digits"
    if n_per_class:
        name = f"sign_digits, {n_per_class} per class"
        few = [train[labels[train] == digit][:n_per_class] for digit in range(10)]
        n_val = n_per_class // 4
        val = np.concatenate([part[:n_val] for part in few])
        train = np.concatenate([part[n_val:] for part in few])
    return prepared(name, files, labels, (train, val, test), side)


def chest(folder: Path, side: int) -> Photos:
    """Return 600 radiographs, half of each class, divided by patient."""
    import re

    rng = np.random.default_rng(0)
    files, labels = [], []
    for number, name in enumerate(("NORMAL", "PNEUMONIA")):
        found = sorted((folder / "chest_xray").glob(f"*/{name}/*.jpeg"))
        chosen = [found[i] for i in rng.permutation(len(found))[:300]]
        files += chosen
        labels += [number] * len(chosen)
    pattern = re.compile(r"(person\d+|(?:NORMAL2-)?IM-\d+)")
    patients = np.array([pattern.match(path.name).group(1) for path in files])
    names = rng.permutation(np.unique(patients))
    cuts = np.split(names, [len(names) // 4, len(names) // 4 + len(names) // 8])
    test, val, train = (np.flatnonzero(np.isin(patients, part)) for part in cuts)
    return prepared("chest_xray, 600 images", files, np.array(labels), (train, val, test), side)


def prepared(
    name: str, files: list[Path], labels: np.ndarray, parts: tuple[np.ndarray, ...], side: int
) -> Photos:
    from tamiz.core.recipe import DataOptions
    from tamiz.engine.prepared import Preparation, prepare_images
    from tamiz.formats.reader import Reader, policy_from
    from tamiz.steps.apply import input_steps

    steps = input_steps(PrepareOptions(size_px=side, channels=3, aspect="stretch"))
    policy = policy_from(DataOptions())
    root = files[0].parents[2]
    wanted = np.concatenate(parts)
    places = [(str(files[at].relative_to(root)), 0) for at in wanted]
    how = Preparation((side, side, 3))
    images = prepare_images(places, lambda: Reader(root, policy).read, steps, how)
    ends = np.cumsum([len(part) for part in parts])
    train, val, test = np.split(np.arange(len(wanted)), ends[:-1])
    classes = tuple(map(str, np.unique(labels)))
    keys = item_keys_of([path for path, _ in places])
    return Photos(name, Rows(images, labels[wanted], keys, train, val, classes), test)


def judged(scores: np.ndarray, photos: Photos) -> dict[str, Any]:
    """Return the test accuracy with Wilson's interval."""
    right = int((scores.argmax(1) == photos.rows.targets[photos.test]).sum())
    low, high = wilson(right, len(photos.test))
    return {"accuracy": right / len(photos.test), "low": low, "high": high, "n": len(photos.test)}


def probes(photos: Photos, weights: Path, engine: str, precision: str) -> dict[str, Any]:
    side, n_classes = photos.rows.images.shape[0], len(photos.rows.classes)
    name = "torchvision:squeezenet1_0"
    net = network(name, side, n_classes)
    load_start(net, ModelOptions(name=name, weights=str(weights)))
    made: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        how = FeatureWork({"name": name}, engine=engine, precision=precision, folder=Path(folder))
        features = frozen_features(frozen_base(net), photos.rows, how)
        how = FeatureWork({"name": name}, precision="float32", folder=FLOAT32)
        tested = replace(photos.rows, train=photos.test, val=photos.test[:0])
        exact = frozen_features(frozen_base(net), tested, how).batch(photos.test)
    made["pass_s"], made["difference"] = features.facts.seconds, features.facts.difference
    parts = [
        Samples(features.batch(at), photos.rows.targets[at])
        for at in (photos.rows.train, photos.rows.val)
    ]
    for kind in ("logistic", "knn", "linear", "mlp"):
        torch.manual_seed(0)
        head = make_head(kind, features.shape[2], n_classes, 256, 0.0)
        if kind in {"linear", "mlp"}:
            fit_s = seconds_of(partial(train_on, features, photos.rows, head, 20, 3e-3))
            facts: dict[str, Any] = {}
        else:
            started = time.perf_counter()
            facts = fit_head(head, *parts)
            fit_s = time.perf_counter() - started
        with torch.inference_mode():
            scores = head.eval()(exact).numpy()
        made[kind] = {"fit_s": fit_s, **judged(scores, photos), **facts}
        shown = f"{made[kind]['accuracy']:.3f} ({made[kind]['low']:.3f}-{made[kind]['high']:.3f})"
        print(f"transfer {photos.name}, {engine} {precision}, {kind}: {shown}, n = "
              f"{len(photos.test)}, pass {made['pass_s']:.1f} s, head {fit_s:.1f} s, "
              f"difference {made['difference']:.4f}", flush=True)  # fmt: skip
    return made


def from_scratch(photos: Photos, seconds: float) -> dict[str, Any]:
    """Train all of the same network from random weights for so many seconds (AdamW, one-cycle)."""
    side, n_classes = photos.rows.images.shape[0], len(photos.rows.classes)
    torch.manual_seed(0)
    net = network("torchvision:squeezenet1_0", side, n_classes)
    net = net.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, fused=True)
    targets = torch.from_numpy(photos.rows.targets)
    started, epoch, n_seen = time.perf_counter(), 0, 0
    while (spent := time.perf_counter() - started) < seconds:
        keys = photos.rows.item_keys[photos.rows.train]
        order = photos.rows.train[keyed_order(0, epoch, keys)]
        for group in np.array_split(order, -(-len(order) // 32)):
            spent = time.perf_counter() - started
            if spent >= seconds:
                break
            share = spent / seconds
            optimiser.param_groups[0]["lr"] = 1e-3 * min(share / 0.2, (1 - share) / 0.8)
            with torch.autocast("cpu", torch.bfloat16, enabled=has_fast_bfloat16(CPU)):
                scores = net(photos.rows.images.batch(group))
            wanted = targets[torch.from_numpy(group)]
            loss = nn.functional.cross_entropy(scores.float(), wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            n_seen += len(group)
        epoch += 1
    made = {"seconds": spent, "epochs": n_seen / len(photos.rows.train)}
    made |= judged(predict_scores(net, photos.rows.images, photos.test), photos)
    print(f"transfer {photos.name}, from scratch in {spent:.0f} s ({made['epochs']:.1f} epochs): "
          f"{made['accuracy']:.3f} ({made['low']:.3f}-{made['high']:.3f})", flush=True)  # fmt: skip
    return made


def bench_transfer(data: Path) -> dict[str, Any]:
    weights = data / "weights" / "squeezenet1_0_imagenet.safetensors"
    made: dict[str, Any] = {}
    sets = (
        lambda: sign_digits(data, 227, None),
        lambda: sign_digits(data, 227, 20),
        lambda: chest(data, 227),
    )
    for number, load in enumerate(sets):
        photos = load()
        facts: dict[str, Any] = {"n_train": len(photos.rows.train), "n_val": len(photos.rows.val)}
        engines = ENGINES if number == 0 else ENGINES[1:2]
        for engine, precision in engines:
            facts[f"{engine} {precision}"] = probes(photos, weights, engine, precision)
        ours = facts["torch bfloat16"]
        equal = ours["pass_s"] + ours["logistic"]["fit_s"]
        facts["from scratch, equal time"] = from_scratch(photos, equal)
        facts["from scratch, five times as long"] = from_scratch(photos, 5 * equal)
        made[photos.name] = facts
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("TAMIZ_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    parser.add_argument("--only", default="epochs,pass,transfer")
    parser.add_argument("--images", type=int, default=96)
    parser.add_argument("--no-keras", action="store_true")
    asked = parser.parse_args()
    path = ROOT / "benchmarks" / "results" / "bench_frozen.json"
    results: dict[str, Any] = json.loads(path.read_text())["results"] if path.is_file() else {}
    for part in asked.only.split(","):
        if part == "epochs":
            results[part] = bench_epochs(asked.images, with_keras=not asked.no_keras)
        elif part == "pass":
            results[part] = bench_pass()
        elif part == "transfer":
            results[part] = bench_transfer(asked.data)
        else:
            sys.exit(f"no part is called {part}")
    conditions = {"cores": os.cpu_count(), "machine": platform.machine(), "python": sys.version}
    path.write_text(json.dumps({"conditions": conditions, "results": results}, indent=2) + "\n")


if __name__ == "__main__":
    main()
