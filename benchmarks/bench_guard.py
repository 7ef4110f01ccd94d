"""The guard: which pictures it takes for unlike the training images, and how many of its own.

usage: bench_guard.py [--only fashion,chest] [--data FOLDER] [--epochs N] [--images N]
fashion  `small` learns Fashion-MNIST (54,000 images, 3 epochs) and is shown MNIST, noise (uniform,
         normal) and photographs (hand signs, fingers, radiographs): as they are, and as grey
         28 x 28 pictures, so that neither size nor colour gives them away.
chest    a frozen squeezenet1_0 with its ImageNet weights learns radiographs of chest_xray (N
         images, patients kept together) and is shown hand signs, fingers, clothes, digits, noise;
         and radiographs of another source (covid_chestxray), near to its own.
Of each set: AUROC of the oddness against the model's own test part, and the share that the guard
takes for odd at its shipped limit; the same of the distance alone, and of the model's own
uncertainty (1 - greatest probability) at the limit with the same share of alarms on the test part.
Nothing is ever fitted to the sets that do not belong.
FOLDER: default TAMIZ_SHARED_DATA or ../shared/data. Writes benchmarks/results/bench_guard.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tamiz.core.recipe import DataOptions, ModelOptions, PrepareOptions, Recipe, TrainOptions
from tamiz.data.manifest import Manifest
from tamiz.formats.idx import read_idx
from tamiz.inputs.find import find
from tamiz.metrics.shares import share_of
from tamiz.models.bundle import Bundle
from tamiz.stages.guarding import judged, watch_of
from tamiz.stages.image_predicting import parts_to_ask, predict_image_source
from tamiz.stages.train import train_rows

RESULTS = Path(__file__).resolve().parent / "results" / "bench_guard.json"
PATIENT = r"(person\d+|(?:NORMAL2-)?IM-\d+)"
Scores = dict[str, np.ndarray]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    asked.add_argument("--data", type=Path, default=os.environ.get("TAMIZ_SHARED_DATA", beside))
    asked.add_argument("--only", default="fashion,chest")
    asked.add_argument("--epochs", type=int, default=3)
    asked.add_argument("--images", type=int, default=1500)
    options = asked.parse_args()
    made = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["TAMIZ_CACHE"] = str(place / "cache")
        if "fashion" in options.only:
            made["fashion"] = fashion(Path(options.data), place / "fashion", options.epochs)
        if "chest" in options.only:
            made["chest"] = chest(Path(options.data), place / "chest", options.images)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


def fashion(data: Path, place: Path, epochs: int) -> dict[str, Any]:
    """Return the figures of a small network on clothes."""
    rows = find(DataOptions(source=str(data / "fashion-mnist"))).manifest
    given = np.array(rows.column("given_split"), dtype=object)
    learnt = np.flatnonzero(given == "train")
    held = np.random.default_rng(0).permutation(learnt)[:6000]
    parts = np.where(given == "test", "test", "train")
    parts[held] = "val"
    rows = rows.with_columns({"split": parts.tolist(), "content_sha256": rows.column("item")})
    recipe = Recipe(
        prepare=PrepareOptions(size_px=28, channels=1, aspect="stretch"),
        model=ModelOptions(name="small"),
        train=TrainOptions(epochs=epochs),
    )
    bundle, _ = train_rows(recipe, rows.take(np.flatnonzero(parts != "test").tolist()), place)
    own = own_scores(bundle, rows.where(split="test"))
    sets = place / "sets"
    noise(sets, 28, ())
    first_of(data / "mnist", "t10k-images-idx3-ubyte.gz", sets / "mnist", 3000)
    photos = {
        "signs": sorted(data.glob("sign_digits/*/*"))[::4],
        "fingers": sorted(data.glob("fingers/test/*")),
        "radiographs": sorted(data.glob("covid_chestxray/images/*")),
    }
    for name, paths in photos.items():
        copy(paths, sets / name)
        shrink(paths, sets / f"{name} grey 28 x 28", 28)
    return told(bundle, own, sets)


def chest(data: Path, place: Path, n_images: int) -> dict[str, Any]:
    """Return the figures of a frozen network on radiographs."""
    source = DataOptions(source=str(data / "chest_xray"), group_from_name=PATIENT)
    rows = find(source).manifest
    names, numbers = np.unique(rows.group_keys(), return_inverse=True)
    order = np.random.default_rng(0).permutation(len(names))
    parts = np.array(["train", "val", "test"])[np.searchsorted([0.6, 0.8], order / len(names))]
    split = parts[numbers.reshape(-1)].tolist()
    rows = rows.with_columns({"split": split, "content_sha256": rows.column("item")})
    at = np.linspace(0, len(rows) - 1, n_images).round().astype(int)
    rows = rows.take(at.tolist())
    recipe = Recipe(
        data=source,
        prepare=PrepareOptions(size_px=224, channels=3, aspect="pad"),
        model=ModelOptions(
            name="torchvision:squeezenet1_0",
            options={"head": "logistic"},
            weights=str(data / "weights" / "squeezenet1_0_imagenet.safetensors"),
        ),
        train=TrainOptions(stages=["head"], batch_size=32),
    )
    kept = [at for at, part in enumerate(rows.column("split")) if part != "test"]
    bundle, _ = train_rows(recipe, rows.take(kept), place)
    own = own_scores(bundle, rows.where(split="test"))
    sets = place / "sets"
    noise(sets, 224, (3,))
    copy(sorted(data.glob("sign_digits/*/*"))[::10], sets / "signs")
    copy(sorted(data.glob("fingers/test/*"))[::3], sets / "fingers")
    first_of(data / "mnist", "t10k-images-idx3-ubyte.gz", sets / "mnist", 200)
    first_of(data / "fashion-mnist", "t10k-images-idx3-ubyte.gz", sets / "clothes", 200)
    copy(sorted(data.glob("covid_chestxray/images/*")), sets / "other radiographs (near)")
    grey = sorted(data.glob("sign_digits/*/*"))[::10]
    shrink(grey, sets / "signs grey 224 x 224", 224)
    return told(bundle, own, sets)


def own_scores(bundle: Bundle, rows: Manifest) -> tuple[Scores, np.ndarray]:
    """Return the scores of the model's own test part, and its groups."""
    watch = watch_of(bundle, bundle.module())
    if watch is None:
        raise SystemExit("no guard was fitted")
    scores, verdict = judged(bundle, watch, rows)
    sure = bundle.probabilities_of(scores).max(axis=1)
    right = scores.argmax(axis=1) == [bundle.classes.index(one) for one in rows.column("label")]
    print(f"accuracy on own test images: {right.mean():.3f}", flush=True)
    found = {"guard": verdict.oddness, "distance": verdict.distance, "uncertainty": 1 - sure}
    return found, np.array(rows.group_keys())


def told(bundle: Bundle, own: tuple[Scores, np.ndarray], sets: Path) -> dict[str, Any]:
    """Return, and print, the figures of all sets."""
    scores, groups = own
    alarms = share_of(scores["guard"] > 1, groups)
    limit = float(np.quantile(scores["uncertainty"], 1 - alarms.value))
    limits = {"guard": 1.0, "distance": 1.0, "uncertainty": limit}
    share = [alarms.value, alarms.low, alarms.high]
    made: dict[str, Any] = {
        "false_alarms_on_test": share,
        "n_test": alarms.n,
        "n_test_groups": alarms.n_groups,
        "stated_on_val": dict(bundle.guard.false_alarms) if bundle.guard else {},
        "sets": {},
    }
    print(f"false alarms on {alarms.n:,} own test images: {share}", flush=True)
    parts = parts_to_ask(bundle, is_guarded=True)
    for folder in sorted(sets.iterdir()):
        found = predict_image_source(parts, folder, lambda _event: None)
        if found.verdict is None:
            raise SystemExit("no verdict")
        others = {
            "guard": found.verdict.oddness,
            "distance": found.verdict.distance,
            "uncertainty": 1 - found.probabilities.max(axis=1),
        }
        row: dict[str, Any] = {"n": len(found.paths)}
        for name, values in others.items():
            caught = float((values > limits[name]).mean())
            row[name] = {"auroc": auroc(scores[name], values), "detected": caught}
        made["sets"][folder.name] = row
        shown = " ".join(
            f"{name} {row[name]['auroc']:.3f}/{row[name]['detected']:.2f}" for name in others
        )
        print(f"{folder.name:28s} n {row['n']:5,} AUROC/detected: {shown}", flush=True)
    return made


def auroc(usual: np.ndarray, odd: np.ndarray) -> float:
    """Return the chance that an odd image scores above a usual one; ties count half."""
    both = np.concatenate([usual, odd])
    _, places, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    n, m = len(usual), len(odd)
    return float((ranks[n:].sum() - m * (m + 1) / 2) / (n * m))


def noise(place: Path, side: int, channels: tuple[int, ...]) -> None:
    """Write two folders of noise: uniform, and normal about the middle grey."""
    rng = np.random.default_rng(1)
    shape = (side, side, *channels)
    for name in ("uniform noise", "normal noise"):
        (place / name).mkdir(parents=True)
        for number in range(1000 if side < 64 else 100):
            if name == "uniform noise":
                pixels = rng.integers(0, 256, shape)
            else:
                pixels = np.clip(rng.normal(127, 50, shape), 0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(place / name / f"{number:04d}.png")


def first_of(source: Path, name: str, place: Path, n: int) -> None:
    """Write the first images of an IDX file as PNG."""
    place.mkdir(parents=True)
    for number, pixels in enumerate(read_idx(source / name)[1][:n]):
        Image.fromarray(pixels).save(place / f"{number:05d}.png")


def copy(paths: list[Path], place: Path) -> None:
    """Copy photographs as they are."""
    place.mkdir(parents=True)
    for number, path in enumerate(paths):
        shutil.copyfile(path, place / f"{number:04d}{path.suffix}")


def shrink(paths: list[Path], place: Path, side: int) -> None:
    """Write photographs as small grey PNG."""
    place.mkdir(parents=True)
    for number, path in enumerate(paths):
        with Image.open(path) as opened:
            small = opened.convert("L").resize((side, side), Image.Resampling.BILINEAR)
        small.save(place / f"{number:04d}.png")


if __name__ == "__main__":
    main()
