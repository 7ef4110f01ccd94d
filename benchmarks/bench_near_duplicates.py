"""Near-duplicates: recall on planted copies of real images, false pairs, growth with their number.

    .venv/bin/python benchmarks/bench_near_duplicates.py [--originals 1500] [--planted 300]

Copies of real chest radiographs and hand signs (drawn pictures where the shared data are not
there) are re-encoded, resized, brightened, mirrored and cropped from their files and hidden among
the originals; each kind by itself, as one copy among strangers, and all kinds at once. A false
pair is a reported pair whose two images come from different files that are not byte-identical
and, where patients are known, belong to different patients. Targets: recall >= 99 % (re-encoded,
resized, brightness) and >= 95 % (mirrored, cropped) at < 0.1 % false pairs; 70,000 images in under
2 minutes and 2 GB. The peer's way, in the same run: a 64-bit DCT hash (as imagehash's phash), all
pairs within 6 bits. Writes benchmarks/results/bench_near_duplicates.json.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image

from tamiz.checks.measures import measure, measure_all
from tamiz.core.recipe import DataOptions
from tamiz.data.image import Image, Kind
from tamiz.formats.reader import Reader, policy_from
from tamiz.inputs.find import find
from tamiz.likeness.search import find_pairs
from tamiz.metrics.intervals import wilson
from tamiz.testing.pictures import jpeg as drawn_jpeg

RESULTS = Path(__file__).parent / "results"
SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
PATIENT = re.compile(r"(person\d+|(?:NORMAL2-)?IM-\d+)")
Picture = PIL.Image.Image
FLIP = PIL.Image.Transpose
SIZES = (10_000, 20_000, 40_000, 70_000)


def encoded(picture: Picture, quality: int) -> Picture:
    opened = io.BytesIO()
    picture.save(opened, "JPEG", quality=quality)
    return PIL.Image.open(io.BytesIO(opened.getvalue()))


def scaled(picture: Picture, factor: float) -> Picture:
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return encoded(picture.resize(size, PIL.Image.Resampling.BICUBIC), 85)


def cropped(picture: Picture, rng: np.random.Generator) -> Picture:
    x, y = rng.uniform(0, 0.1, 2)
    width, height = picture.size
    box = (x * width, y * height, (x + 0.9) * width, (y + 0.9) * height)
    return picture.crop(tuple(int(edge) for edge in box))


def cut(picture: Picture, rng: np.random.Generator) -> Picture:
    width, height = picture.size
    tenth_x, tenth_y = int(0.1 * width), int(0.1 * height)
    boxes = (
        (tenth_x, 0, width, height), (0, tenth_y, width, height),
        (0, 0, width - tenth_x, height), (0, 0, width, height - tenth_y),
    )  # fmt: skip
    return picture.crop(boxes[rng.integers(4)])


KINDS: dict[str, tuple[float, Callable[[Picture, np.random.Generator], Picture]]] = {
    "jpeg 30": (0.99, lambda one, _: encoded(one, 30)),
    "jpeg 30-95": (0.99, lambda one, rng: encoded(one, int(rng.integers(30, 96)))),
    "resized 0.5-2": (0.99, lambda one, rng: scaled(one, float(2 ** rng.uniform(-1, 1)))),
    "resized 0.5": (0.99, lambda one, _: scaled(one, 0.5)),
    "brightness +20 %": (0.99, lambda one, _: encoded(one.point(lambda v: min(255, v * 1.2)), 85)),
    "brightness -20 %": (0.99, lambda one, _: encoded(one.point(lambda v: v * 0.8), 85)),
    "left-right": (0.95, lambda one, _: encoded(one.transpose(FLIP.FLIP_LEFT_RIGHT), 85)),
    "top-bottom": (0.95, lambda one, _: encoded(one.transpose(FLIP.FLIP_TOP_BOTTOM), 85)),
    "cropped 10 %": (0.95, lambda one, rng: encoded(cropped(one, rng), 85)),
    "cut on one side": (0.95, lambda one, rng: encoded(cut(one, rng), 85)),
    "flipped and cropped": (
        0.95,
        lambda one, rng: encoded(cropped(one, rng).transpose(FLIP.FLIP_LEFT_RIGHT), 85),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--originals", type=int, default=1500)
    parser.add_argument("--planted", type=int, default=300)
    parser.add_argument("--grow", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.grow:
        print(json.dumps(grown(asked.grow)))
        return
    made: dict[str, object] = {
        "recall": {
            name: recall(paths, asked.originals, asked.planted) for name, paths in sources().items()
        },
        "growth": growth(),
        "cores": len(os.sched_getaffinity(0)),
        "load_average": os.getloadavg(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench_near_duplicates.json").write_text(json.dumps(made, indent=2) + "\n")
    print(json.dumps(made, indent=2))


def sources() -> dict[str, list[bytes | Path]]:
    if not SHARED.is_dir():
        print("no shared data: drawn pictures instead", file=sys.stderr)
        return {"drawn": [drawn_jpeg(number, (180, 160), channels=1) for number in range(1000)]}
    return {
        "chest_xray": sorted((SHARED / "chest_xray").rglob("*.jpeg")),
        "sign_digits": sorted((SHARED / "sign_digits").rglob("*.JPG")),
    }


def recall(paths: list[bytes | Path], n_originals: int, n_planted: int) -> dict[str, object]:
    rng = np.random.default_rng(0)
    chosen = sorted(rng.permutation(len(paths))[:n_originals].tolist())
    pictures = [opened(paths[at]) for at in chosen]
    names = [one.name if isinstance(one := paths[at], Path) else str(at) for at in chosen]
    patients = [found[0] if (found := PATIENT.search(name)) else name for name in names]
    contents = [hashlib.sha256(one.tobytes()).hexdigest() for one in pictures]
    n_planted = min(n_planted, len(pictures))
    base = [thumbnail(one) for one in pictures]
    made: dict[str, object] = {"originals": len(pictures), "planted_of_each_kind": n_planted}
    everything, origin = list(base), list(range(len(base)))
    kinds = {}
    for kind, (target, change) in KINDS.items():
        at = rng.permutation(len(pictures))[:n_planted].tolist()
        copies = [thumbnail(change(pictures[place], rng)) for place in at]
        everything += copies
        origin += at
        kinds[kind] = scored(base + copies, [*range(len(base)), *at], patients, contents) | {
            "target": target
        }
    made["each_kind_alone"] = kinds
    made["all_kinds_at_once"] = scored(everything, origin, patients, contents)
    made["originals_alone"] = scored(base, list(range(len(base))), patients, contents)
    return made


def scored(
    seen: list[tuple[np.ndarray, float]],
    origin: list[int],
    patients: list[str],
    contents: list[str],
) -> dict[str, object]:
    """Return how many copies were connected with their original, and the false pairs."""
    grey = np.stack([pixels for pixels, _ in seen])
    native = np.array([short for _, short in seen], dtype=np.float32)
    n = len(patients)
    ours = find_pairs(grey, native)
    links = list(zip(ours.first.tolist(), ours.second.tolist(), strict=True))
    made: dict[str, object] = {}
    for name, pairs in (("tamiz", links), ("phash", hash_pairs(grey))):
        home = connected(pairs, len(grey))
        hits = sum(home[at] == home[origin[at]] for at in range(n, len(grey)))
        false = [
            (a, b)
            for a, b in pairs
            if patients[origin[a]] != patients[origin[b]]
            and contents[origin[a]] != contents[origin[b]]
        ]
        n_copies = len(grey) - n
        low, high = wilson(hits, n_copies)
        made[name] = {
            "pairs": len(pairs),
            "false_pairs": len(false),
            "false_per_pair": len(false) / max(1, len(pairs)),
            "false_per_image": len(false) / len(grey),
        }
        if n_copies:
            made[name] |= {"recall": hits / n_copies, "interval": [low, high], "n": n_copies}
    return made


def connected(pairs: list[tuple[int, int]], n: int) -> list[int]:
    parent = list(range(n))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for first, second in pairs:
        parent[root(second)] = root(first)
    return [root(row) for row in range(n)]


def hash_pairs(grey: np.ndarray) -> list[tuple[int, int]]:
    """Return the peer's pairs: 64-bit DCT hashes, all pairs within 6 bits."""
    side = 32
    small = grey.reshape(len(grey), side, grey.shape[1] // side, side, -1).mean(axis=(2, 4))
    at = (np.arange(side) + 0.5) / side
    cosines = np.cos(np.pi * np.arange(8)[:, None] * at)
    low = (cosines @ small @ cosines.T).reshape(len(grey), -1)
    bits = np.packbits(low > np.median(low, axis=1, keepdims=True), axis=1).view(np.uint64)[:, 0]
    found = []
    for row, one in enumerate(bits):
        near = np.nonzero(np.bitwise_count(bits[row + 1 :] ^ one) <= 6)[0]
        found += [(row, row + 1 + int(place)) for place in near]
    return found


def opened(source: bytes | Path) -> Picture:
    picture = PIL.Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
    return picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")


def thumbnail(picture: Picture) -> tuple[np.ndarray, float]:
    pixels = np.asarray(picture)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    return measure(Image(pixels, Kind.DISPLAY, None), 64).grey, float(min(picture.size))


def growth() -> dict[str, object]:
    """Return seconds and peak memory by number of images, each size in a process of its own.

    'small': 28 px clothes as they are (no crops are looked for). 'large': the same thumbnails,
    said to come from large pictures, so that every crop is looked for and fitted.
    """
    if not (SHARED / "fashion-mnist").is_dir():
        return {"note": "no shared data"}
    made: dict[str, object] = {}
    for kind in ("small", "large"):
        rows = [asked_alone(kind, n) for n in SIZES]
        first, last = rows[0], rows[-1]
        exponent = np.log(last["seconds"] / first["seconds"]) / np.log(SIZES[-1] / SIZES[0])
        made[kind] = {"rows": rows, "exponent_10000_to_70000": round(float(exponent), 2)}
    made["phash all pairs"] = asked_alone("phash", SIZES[0]) | {"exponent": "2 by construction"}
    return made


def asked_alone(kind: str, n: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--grow", f"{kind}:{n}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def grown(words: str) -> dict[str, float]:
    kind, n = words.split(":")
    options = DataOptions(source=str(SHARED / "fashion-mnist"))
    rows = find(options).manifest
    places = list(rows.rows("path", "frame"))[: int(n)]
    grey = np.empty((len(places), 32, 32), dtype=np.uint8)
    with Reader(rows.root, policy_from(options)) as reader:
        for start in range(0, len(places), 512):
            images = [reader.read(path, frame) for path, frame in places[start : start + 512]]
            for at, one in enumerate(measure_all(images, 32), start=start):
                grey[at] = one.grey
    native = np.full(len(grey), 28 if kind == "small" else 224, dtype=np.float32)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    n_pairs = len(hash_pairs(grey)) if kind == "phash" else len(find_pairs(grey, native))
    return {
        "images": len(grey),
        "seconds": round(time.perf_counter() - started, 2),
        "pairs": n_pairs,
        "mib_before": round(before),
        "mib_peak": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    main()
