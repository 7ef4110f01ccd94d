"""Labels dealt out at random per patient on chest_xray: what a safe and a naive split report.

Nothing can be learnt from such labels, so a figure above chance is a leak. Frozen features of
squeezenet1_0 (its real ImageNet weights) of every radiograph of patients with several images are
computed once. For each seed every patient gets a label, half of the patients each; a probe
(linear, mlp, nearest neighbour) learns on the training part and is measured on the held-out part
of

    safe   the split rule of tamiz ('grouped', patients with copies of one file tied together)
    naive  the same rule with every image as a group of its own

Counted is in how many seeds the 95 % interval of the accuracy (as `evaluate` makes it, over
patients) covers chance: what answers that know nothing score, the sum over classes of the share
of answers times the share of images (0.5 but for chance; see `metrics.clustered`). Target: at
least 95 of 100 under the safe split. 'half' counts coverage of 0.5 exactly, too. The naive
intervals are over images, as whoever splits so would make them.

    python benchmarks/bench_random_labels.py [--seeds 100] [--patients 500] [--data FOLDER]

Writes benchmarks/results/bench_random_labels.json; features are kept in the user's cache folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamiz.core.cache import cache_folder
from tamiz.core.recipe import DataOptions, EvaluateOptions, ModelOptions, PrepareOptions
from tamiz.data.predictions import Predictions
from tamiz.engine.feature_rows import frozen_base
from tamiz.formats.reader import Reader, policy_from
from tamiz.metrics.clustered import chance_accuracy
from tamiz.metrics.intervals import measure, wilson
from tamiz.models.build import build_network
from tamiz.models.registry import InputShape
from tamiz.models.weights import load_start
from tamiz.splits.registry import SPLITS
from tamiz.splits.tying import tie
from tamiz.steps.apply import input_steps, prepare_image

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "bench_random_labels.json"
PATIENT = re.compile(r"(person\d+|(?:NORMAL2-)?IM-\d+)")
NETWORK, SIDE = "torchvision:squeezenet1_0", 227
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
COMPONENTS = 64
Floats = NDArray[np.float32]


def main() -> None:
    """Compute the features once, then a table of covered seeds."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("TAMIZ_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    asked.add_argument("--data", type=Path, default=Path(default))
    asked.add_argument("--seeds", type=int, default=100)
    asked.add_argument("--patients", type=int, default=500)
    asked.add_argument("--resamples", type=int, default=1000)
    options = asked.parse_args()
    if not options.data.is_dir():
        sys.exit("the shared data are not there: nothing to measure on")
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    files, patients, unions = images_of(options.data / "chest_xray", options.patients)
    features = features_of(files, options.data / "weights" / "squeezenet1_0_imagenet.safetensors")
    print(f"{len(files):,} images of {len(set(patients)):,} patients")
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for seed in range(options.seeds):
        labels = labels_for(unions, seed)
        for way, groups in (("safe", unions), ("naive", [path.name for path in files])):
            parts = divided(groups, labels, seed)
            for probe, answers in answers_of(features, labels, parts, seed).items():
                known = table(answers, labels, parts, patients if way == "safe" else groups)
                rows[f"{way} {probe}"].append(judged(known, options.resamples, seed))
    results = {name: summed(found) for name, found in rows.items()}
    for name, one in results.items():
        low, high = one["covers_interval"]
        print(
            f"{name:22} covers chance in {one['covers_chance']} of {options.seeds} "
            f"({low:.3f} to {high:.3f}), 0.5 in {one['covers_half']}; mean accuracy "
            f"{one['accuracy']:.3f} (sd {one['accuracy_sd']:.3f}), chance {one['chance']:.3f}"
        )
    facts = {
        "images": len(files),
        "patients": len(set(patients)),
        "tied_patients": len(set(unions)),
        "seeds": options.seeds,
        "resamples": options.resamples,
        "probes": {
            "linear": "ridge",
            "mlp": "64 hidden units, 60 epochs",
            "nearest": "1-NN by cosine",
        },
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"conditions": facts, "results": results}, indent=2) + "\n")


def images_of(folder: Path, n_patients: int) -> tuple[list[Path], list[str], list[str]]:
    """Return files, their patients, and their unions (patients that share a file are one).

    Patients with two images or more, a random sample of them.
    """
    members: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("*/*/*.jpeg")):
        found = PATIENT.match(path.name)
        if found:
            members[found.group(1)].append(path)
    several = sorted(name for name, some in members.items() if len(some) > 1)
    chosen = np.random.default_rng(0).permutation(len(several))[:n_patients]
    files, patients = [], []
    for at in sorted(chosen.tolist()):
        files += members[several[at]]
        patients += [several[at]] * len(members[several[at]])
    contents = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return files, patients, list(tie(patients, contents, ()))


def features_of(files: list[Path], weights: Path) -> tuple[Floats, Floats]:
    """Return (n, 64) principal components of unit variance, and (n, features) of length 1."""
    key = hashlib.sha256("\n".join(path.name for path in files).encode()).hexdigest()[:16]
    kept = cache_folder() / "bench" / f"random-labels-{key}.npy"
    if not kept.is_file():
        net = build_network(NETWORK, {"head": "linear"}, InputShape(3, SIDE, 2), mean=MEAN, std=STD)
        load_start(net, ModelOptions(name=NETWORK, weights=str(weights)))
        base = nn.Sequential(frozen_base(net.eval())).eval()
        made = computed(base, files)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, made)
    raw = np.load(kept, allow_pickle=False)
    centred = raw - raw.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(raw))
    scaled = vectors[:, -COMPONENTS:] / np.sqrt(np.maximum(values[-COMPONENTS:], 1e-8))
    directions = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return (centred @ scaled).astype(np.float32), directions


def computed(base: nn.Module, files: list[Path]) -> Floats:
    """Return (n, features) of the files, read as tamiz reads them."""
    steps = input_steps(PrepareOptions(size_px=SIDE, channels=3, aspect="stretch"))
    root = files[0].parents[2]
    made = []
    with Reader(root, policy_from(DataOptions())) as reader, torch.inference_mode():
        for start in range(0, len(files), 64):
            batch = [
                prepare_image(reader.read(str(path.relative_to(root)), 0), steps)
                for path in files[start : start + 64]
            ]
            pixels = torch.from_numpy(np.stack(batch)).permute(0, 3, 1, 2)
            made.append(base(pixels).flatten(1).numpy())
            print(f"features: {start + len(batch):,} of {len(files):,}", flush=True)
    joined: Floats = np.concatenate(made)
    return joined


def labels_for(unions: list[str], seed: int) -> NDArray[np.int64]:
    """Return a label for each image: of half of the patients 0, of the others 1."""
    names = sorted(set(unions))
    dealt = np.random.default_rng([1, seed]).permutation(np.arange(len(names)) % 2)
    by_name = dict(zip(names, dealt.tolist(), strict=True))
    return np.array([by_name[name] for name in unions], dtype=np.int64)


def divided(groups: list[str], labels: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """Return which images are held out: one group in four."""
    parts = SPLITS.get("grouped")(
        groups, [str(one) for one in labels], test_fraction=0.25, val_fraction=0.0, seed=seed
    )
    return np.array([part == "test" for part in parts])


def answers_of(
    features: tuple[Floats, Floats], labels: NDArray[np.int64], is_out: NDArray[np.bool_], seed: int
) -> dict[str, Floats]:
    """Return (held-out images, 2) probabilities of each probe."""
    components, directions = features
    y, x, asked = labels[~is_out], components[~is_out], components[is_out]
    return {
        "linear": ridge(x, y, asked),
        "mlp": mlp(x, y, asked, seed),
        "nearest": nearest(directions[~is_out], y, directions[is_out]),
    }


def ridge(x: Floats, y: NDArray[np.int64], asked: Floats) -> Floats:
    wanted = 2.0 * y - 1.0
    weights = np.linalg.solve(x.T @ x + 1.0 * np.eye(x.shape[1]), x.T @ (wanted - wanted.mean()))
    share = 1 / (1 + np.exp(-2 * (asked @ weights + wanted.mean())))
    return np.stack([1 - share, share], axis=1)


def mlp(x: Floats, y: NDArray[np.int64], asked: Floats, seed: int) -> Floats:
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(x.shape[1], 64), nn.ReLU(), nn.Linear(64, 2))
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    for _ in range(60):
        for group in torch.randperm(len(x)).split(256):
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(inputs[group]), targets[group]).backward()
            optimiser.step()
    with torch.inference_mode():
        shares: Floats = net(torch.from_numpy(asked)).softmax(1).numpy()
    return shares


def nearest(x: Floats, y: NDArray[np.int64], asked: Floats) -> Floats:
    found = y[(asked @ x.T).argmax(axis=1)]
    made: Floats = np.where(found[:, None] == np.arange(2), 0.9, 0.1).astype(np.float32)
    return made


def table(
    answers: Floats, labels: NDArray[np.int64], is_out: NDArray[np.bool_], groups: list[str]
) -> Predictions:
    """Return the answers as predictions; the interval's groups are those given."""
    at = np.flatnonzero(is_out)
    return Predictions(
        classes=("0", "1"),
        item=np.array([f"{one:05d}" for one in at], dtype=np.str_),
        group=np.array([groups[one] for one in at], dtype=np.str_),
        target=labels[at],
        probabilities=answers.astype(np.float64),
        split="test",
    )


def judged(known: Predictions, resamples: int, seed: int) -> dict[str, float]:
    """Return accuracy, its interval, chance, and whether the interval covers it."""
    options = EvaluateOptions(resamples=resamples, seed=seed)
    found = measure(known, options).overall["accuracy"]
    chance = chance_accuracy([known])
    if found.low is None or found.high is None:
        raise ValueError("too few patients for an interval")
    return {
        "accuracy": found.value,
        "chance": chance,
        "covers": float(found.low <= chance <= found.high),
        "covers_half": float(found.low <= 0.5 <= found.high),
        "above": float(found.low > chance),
        "n": found.n,
        "n_groups": found.n_groups,
    }


def summed(found: list[dict[str, float]]) -> dict[str, Any]:
    """Return the seeds' figures in one."""
    column = {name: np.array([one[name] for one in found]) for name in found[0]}
    covers = int(column["covers"].sum())
    return {
        "covers_chance": covers,
        "covers_interval": wilson(covers, len(found)),
        "covers_half": int(column["covers_half"].sum()),
        "above_chance": int(column["above"].sum()),
        "accuracy": float(column["accuracy"].mean()),
        "accuracy_sd": float(column["accuracy"].std()),
        "chance": float(column["chance"].mean()),
        "held_out_images": float(column["n"].mean()),
        "held_out_groups": float(column["n_groups"].mean()),
    }


if __name__ == "__main__":
    main()
