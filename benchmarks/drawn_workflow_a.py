"""A drawn copy of workflow A's data set: its real table, slides of varied size for its ids.

    .venv/bin/python benchmarks/drawn_workflow_a.py OUT [--n 754] [--scale 0.25] [--rare 0.0]

Each centre has its own glass (white, grey or green), each slide its own stain and its own tissue,
laid from real H&E tiles. `--rare 0.02` puts a rare texture into 2 % of the tissue tiles of the
slides with label LAA and into none of the others: then that texture, and nothing else, decides.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from drawn_slides import SHARED, stained
from numpy.typing import NDArray

TILE = 256
GLASS = ((244, 244, 243), (214, 214, 216), (226, 239, 224))  # white, grey, green
N_KINDS = 24  # different tissue tiles of one slide
Bytes = NDArray[np.uint8]


def draw(out: Path, *, n: int | None = None, scale: float = 0.25, rare: float = 0.0) -> Path:
    """Write `train.csv` and `slides/<image_id>.tif`; return the table.

    Args:
        out: the folder.
        n: of slides, evenly out of the 754; None: all.
        scale: of the sizes of the real slides (mean 22,989 x 37,622 px).
        rare: share of the tissue tiles of LAA slides that hold the rare texture.
    """
    with (SHARED / "stroke" / "train.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    chosen = rows if n is None else [rows[i] for i in np.linspace(0, len(rows) - 1, n).astype(int)]
    (out / "slides").mkdir(parents=True, exist_ok=True)
    tissue = stained(TILE, is_full=True)
    for row in chosen:
        path = out / "slides" / f"{row['image_id']}.tif"
        if not path.exists():
            _draw_slide(path, row, tissue, scale, rare)
    table = out / "train.csv"
    with table.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
    return table


def _draw_slide(
    path: Path, row: dict[str, str], tissue: list[Bytes], scale: float, rare: float
) -> None:
    rng = np.random.default_rng([int(c, 36) for c in row["image_id"] if c.isalnum()])
    across = _side(rng, 18_700, 0.55, 4_417, 99_699, scale)
    down = _side(rng, 34_982, 0.5, 4_470, 118_076, scale)
    is_tissue = _blob(rng, down, across)
    kinds = [tissue[i] for i in rng.choice(len(tissue), N_KINDS)]
    stain = rng.normal(0, 0.16, (2, 3))
    palette = [_jpeg(_restained(tile, stain)) for tile in kinds]
    textured = [_jpeg(_restained(_textured(tile, rng), stain)) for tile in kinds]
    glass = np.array(GLASS[int(row["center_id"]) % 3])
    palette.append(_jpeg(np.clip(glass + rng.normal(0, 1.5, (TILE, TILE, 1)), 0, 255)))
    chosen = np.where(is_tissue, rng.integers(0, N_KINDS, is_tissue.shape), N_KINDS)
    special: set[int] = set()
    if rare and row["label"] == "LAA":
        places = np.flatnonzero(is_tissue)
        special = set(rng.choice(places, max(1, round(rare * len(places))), replace=False).tolist())
    with tifffile.TiffWriter(path.with_suffix(".part"), bigtiff=False) as writer:
        writer.write(
            _tiles(chosen, palette, textured, special),
            shape=(down * TILE, across * TILE, 3),
            dtype=np.uint8,
            tile=(TILE, TILE),
            photometric="ycbcr",
            compression="jpeg",
            subsampling=(2, 2),
            resolution=(2e4, 2e4),
            resolutionunit="CENTIMETER",
        )
    path.with_suffix(".part").rename(path)


def _tiles(
    chosen: NDArray[np.int64], palette: list[bytes], textured: list[bytes], special: set[int]
) -> Iterator[bytes]:
    for place, kind in enumerate(chosen.ravel()):
        yield textured[kind] if place in special else palette[kind]


def _side(
    rng: np.random.Generator, median: int, spread: float, low: int, high: int, scale: float
) -> int:
    px = float(np.clip(median * math.exp(rng.normal(0, spread)), low, high)) * scale
    return max(3, round(px / TILE))


def _blob(rng: np.random.Generator, down: int, across: int) -> NDArray[np.bool_]:
    """Return (down, across): an uneven piece of tissue somewhere on the glass, at least a tile."""
    y, x = np.mgrid[0:down, 0:across]
    centre_y, centre_x = rng.uniform(0.35, 0.65, 2)
    radius = rng.uniform(0.18, 0.4, 2)
    away = ((y / down - centre_y) / radius[0]) ** 2 + ((x / across - centre_x) / radius[1]) ** 2
    waves = sum(
        rng.normal(0, 0.25) * np.sin(a * x / across * 9 + b * y / down * 9 + c)
        for a, b, c in rng.uniform(-1, 1, (6, 3)) * (1.5, 1.5, 3)
    )
    made = away + waves < 1
    made[down // 2, across // 2] = True
    return made


def _restained(tile: Bytes, stain: NDArray[np.float64]) -> Bytes:
    """Return a tile whose optical densities are scaled and shifted, channel by channel."""
    density = -np.log((tile.astype(np.float64) + 1) / 256)
    density = density * np.exp(stain[0]) + 0.15 * stain[1]
    return np.clip(256 * np.exp(-np.maximum(density, 0)) - 1, 0, 255).astype(np.uint8)


def _textured(tile: Bytes, rng: np.random.Generator) -> Bytes:
    """Return a tile crossed by fine waves, as fibrin may look."""
    y, x = np.mgrid[0:TILE, 0:TILE]
    angle, period = rng.uniform(0, math.pi), rng.uniform(9, 13)
    bend = 6 * np.sin(x / 40 + rng.uniform(0, 6))
    waves = np.sin(2 * math.pi * (x * math.cos(angle) + (y + bend) * math.sin(angle)) / period)
    return np.clip(tile * (1 - 0.22 * (waves[..., None] + 1) / 2), 0, 255).astype(np.uint8)


def _jpeg(tile: Bytes | NDArray[np.float64]) -> bytes:
    pixels = np.ascontiguousarray(np.clip(tile, 0, 255).astype(np.uint8))
    return bytes(imagecodecs.jpeg8_encode(pixels, level=80, subsampling="420"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--n", type=int)
    parser.add_argument("--scale", type=float, default=0.25)
    parser.add_argument("--rare", type=float, default=0.0)
    asked = parser.parse_args()
    print(draw(asked.out, n=asked.n, scale=asked.scale, rare=asked.rare))
