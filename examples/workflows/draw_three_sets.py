"""The three data sets of workflow C, drawn: clothes in IDX files, satellite scenes, own objects.

    python examples/workflows/draw_three_sets.py FOLDER [--small]

writes `FOLDER/clothes`, `FOLDER/satellite` and `FOLDER/objects`, `FOLDER/objects.toml`, which says
which frames belong together, and `FOLDER/by_lot.csv`, which deals them out by lot.
"""

from __future__ import annotations

import argparse
import csv
import random
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from draw_clothes import CLOTHES, garment
from draw_scenes import SCENES, scene
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Points = list[tuple[float, float]]
OBJECTS = ("bottle", "key", "mug", "scissors", "spoon")
FRAME = (96, 72)  # width and height of a video's frame, in pixels
SIDE = 64  # of a frame as the network sees it
FINER = 3  # objects are drawn this many times larger, then made small
WRONG_LABELS = 0.06  # share of the scenes that lie in another class's folder
MIXED = 0.4  # share of the scenes with a second kind of land in them


def draw_clothes(folder: Path, n_train: int, n_test: int, *, seed: int = 0) -> None:
    """Write Fashion-MNIST's four files with drawn clothes, ten classes of equal size."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name, n in (("train", n_train), ("t10k", n_test)):
        labels = rng.permutation(np.arange(n) % len(CLOTHES)).astype(np.uint8)
        images = np.stack([garment(CLOTHES[label], rng) for label in labels])
        _write_idx(folder / f"{name}-images-idx3-ubyte", images)
        _write_idx(folder / f"{name}-labels-idx1-ubyte", labels)


def draw_satellite(folder: Path, n_each: int, *, seed: int = 1) -> None:
    """Write `<class>/scene0123.jpg`, 240 x 135 px, and beside the folder what is wrong with it.

    Beside it lies `<folder>-wrong.csv` with the scenes whose label is wrong: only the drawing knows
    them.
    """
    rng = np.random.default_rng(seed)
    wrong = []
    for name in SCENES:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(n_each * len(SCENES)):
        shown = SCENES[number % len(SCENES)]
        other = SCENES[rng.integers(len(SCENES))] if rng.random() < MIXED else shown
        label = shown
        if rng.random() < WRONG_LABELS:
            label = SCENES[(SCENES.index(shown) + rng.integers(1, len(SCENES))) % len(SCENES)]
            wrong.append((f"{label}/scene{number:04d}.jpg", shown))
        picture = Image.fromarray(scene(shown, other, rng))
        picture.save(folder / label / f"scene{number:04d}.jpg", quality=88)
    with folder.with_name(f"{folder.name}-wrong.csv").open("w", newline="") as opened:
        csv.writer(opened).writerows([("path", "shows"), *wrong])


@dataclass(frozen=True, slots=True)
class Video:
    """What stays from frame to frame: a table, a light, and where the object lies."""

    table: Floats  # (height, width, 3), 0 to 1, larger than a frame, so that the camera can move
    light: Floats
    at: Floats
    angle: float
    size: float
    litter: tuple[tuple[Points, tuple[int, int, int]], ...]


def draw_objects(folder: Path, n_videos: int, n_frames: int, *, seed: int = 2) -> None:
    """Write `<object>/video07_0012.jpg`: each object's videos, whose frames look alike.

    The object is always the same one; table, light, distance and litter are each video's own.
    """
    rng = np.random.default_rng(seed)
    for at, name in enumerate(OBJECTS):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(n_videos):
            video = _video(rng)
            drift = np.zeros(3)
            for frame in range(n_frames):
                drift = 0.9 * drift + rng.normal(0, (0.006, 0.006, 0.02))
                picture = Image.fromarray(_frame(name, video, drift, rng))
                path = folder / name / f"video{at * n_videos + number:02d}_{frame:04d}.jpg"
                picture.save(path, quality=90)


def _video(rng: np.random.Generator) -> Video:
    width, height = (FINER * one for one in FRAME)
    across, down = np.meshgrid(np.arange(1.2 * width), np.arange(1.2 * height))
    colour = rng.uniform(0.25, 0.85, 3)
    waves = np.zeros_like(across)
    for _ in range(6):
        turn, length = rng.uniform(0, np.pi), rng.uniform(8, 90)
        waves += np.sin((across * np.cos(turn) + down * np.sin(turn)) / length + rng.uniform(0, 6))
    table = colour + rng.uniform(0.01, 0.05) * waves[..., None] * rng.uniform(0.6, 1.2, 3)
    litter = []
    for _ in range(rng.integers(1, 5)):
        place, wide = rng.uniform((0, 0), (1, 1)), rng.uniform(0.04, 0.2, 2)
        turned = _turned(_box(-1, -1, 1, 1), rng.uniform(0, 3))
        spot = [(place[0] + x * wide[0], place[1] + y * wide[1]) for x, y in turned]
        litter.append((spot, _colour(255 * rng.uniform(0.1, 0.95, 3))))
    return Video(
        table,
        rng.uniform(0.6, 1.15) * rng.uniform(0.85, 1.15, 3),
        np.array((0.5, 0.5)) + rng.uniform(-0.17, 0.17, 2),
        rng.uniform(0, 2 * np.pi),
        rng.uniform(0.2, 0.36),
        tuple(litter),
    )


def _frame(name: str, video: Video, drift: Floats, rng: np.random.Generator) -> Bytes:
    """Return (72, 96, 3): the object on its table, the camera moved by `drift`."""
    width, height = (FINER * one for one in FRAME)
    left, top = (round((0.1 + float(one)) * width) for one in drift[:2])
    part = video.table[max(0, top) : max(0, top) + height, max(0, left) : max(0, left) + width]
    picture = Image.fromarray(np.clip(255 * part, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for spot, colour in video.litter:
        pen.polygon([((x - drift[0]) * width, (y - drift[1]) * height) for x, y in spot], colour)
    for shape, grey in _object(name):
        turned = _turned(shape, video.angle + drift[2])
        at = video.at - drift[:2]
        scale = video.size * height
        places = [(at[0] * width + x * scale, at[1] * height + y * scale) for x, y in turned]
        pen.polygon(places, _colour(np.array(grey, np.float64)))
    small = np.asarray(picture.resize(FRAME, Image.Resampling.BOX), np.float64) * video.light
    noisy = small * rng.normal(1, 0.008) + rng.normal(0, 4, (*small.shape[:2], 1))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _object(name: str) -> list[tuple[Points, tuple[int, int, int]]]:
    """Return the polygons of an object and their colours, in units of half its length."""
    steel, dark = (176, 180, 186), (58, 60, 66)
    if name == "bottle":
        return [
            (_box(-0.32, -0.35, 0.32, 1), (52, 110, 84)),
            (_box(-0.13, -1, 0.13, -0.3), (52, 110, 84)),
            (_box(-0.32, 0.1, 0.32, 0.6), (214, 206, 180)),
        ]
    if name == "key":
        teeth = [_box(0.1, y, 0.35, y + 0.12) for y in (0.5, 0.7, 0.88)]
        return [
            (_circle(0, -0.65, 0.38), steel),
            (_circle(0, -0.65, 0.18), dark),
            (_box(-0.09, -0.35, 0.1, 1), steel),
            *((one, steel) for one in teeth),
        ]
    if name == "mug":
        return [
            (_circle(0.55, 0.05, 0.42), (178, 62, 50)),
            (_circle(0.55, 0.05, 0.22), dark),
            (_box(-0.62, -0.7, 0.5, 0.75), (178, 62, 50)),
            (_box(-0.62, -0.7, 0.5, -0.55), (120, 40, 32)),
        ]
    if name == "scissors":
        return [
            (_turned(_box(-0.08, -1, 0.08, 0.6), 0.28), steel),
            (_turned(_box(-0.08, -1, 0.08, 0.6), -0.28), steel),
            *((_circle(x, 0.7, 0.3), (178, 62, 50)) for x in (-0.28, 0.28)),
            *((_circle(x, 0.7, 0.15), dark) for x in (-0.28, 0.28)),
        ]
    return [(_box(-0.07, -0.4, 0.07, 1), steel), (_circle(0, -0.65, 0.3, tall=1.35), steel)]


def _box(left: float, top: float, right: float, bottom: float) -> Points:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _circle(x: float, y: float, radius: float, *, tall: float = 1.0) -> Points:
    around = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    return [(x + radius * np.cos(a), y + tall * radius * np.sin(a)) for a in around]


def _turned(points: Points, angle: float) -> Points:
    cos, sin = np.cos(angle), np.sin(angle)
    return [(x * cos - y * sin, x * sin + y * cos) for x, y in points]


def _colour(values: Floats) -> tuple[int, int, int]:
    red, green, blue = (round(float(one)) for one in np.clip(values, 0, 255))
    return red, green, blue


def _write_idx(path: Path, values: Bytes) -> None:
    head = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(head + values.tobytes())


def write_notes(out: Path) -> None:
    """Write `objects.toml`, a recipe, and `by_lot.csv`, the original's split of the frames.

    What is there stays: a model knows its files by their time, too.
    """
    if (out / "by_lot.csv").exists():
        return
    recipe = f"[data]\ngroup_from_name = '(video\\d+)'\n\n[prepare]\nsize_px = {SIDE}\n"
    (out / "objects.toml").write_text(recipe, encoding="utf-8")
    lot = random.Random(0)  # noqa: S311  (no secret)
    with (out / "by_lot.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("path", "label", "split"))
        for path in sorted((out / "objects").glob("*/*")):
            part = lot.choices(("train", "val", "test"), (0.6, 0.2, 0.2))[0]
            writer.writerow((f"{path.parent.name}/{path.name}", path.parent.name, part))


def draw(out: Path, *, is_small: bool = False) -> None:
    """Write the three sets below `out`, those that are not there yet."""
    sizes = ((400, 200), 24, (6, 6)) if is_small else ((3000, 1000), 170, (12, 12))
    if not (out / "clothes").exists():
        draw_clothes(out / "clothes", *sizes[0])
    if not (out / "satellite").exists():
        draw_satellite(out / "satellite", sizes[1])
    if not (out / "objects").exists():
        draw_objects(out / "objects", *sizes[2])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the three data sets of workflow C")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="few images")
    asked = parser.parse_args()
    draw(asked.folder, is_small=asked.small)
    write_notes(asked.folder)
