"""Drawn slides of workflow A: a table with 11 centres, tissue on glass, labels tied to centres."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TILE = 256
GLASS = ((244, 244, 243), (214, 214, 216), (226, 239, 224))  # white, grey, green
# Of each centre: share of the slides, share of LAA among them; as uneven as the original's.
CENTRES = {
    "11": (0.34, 0.1),
    "4": (0.2, 0.3),
    "7": (0.16, 0.25),
    "3": (0.16, 0.5),
    "1": (0.14, 0.4),
}
Bytes = NDArray[np.uint8]


def draw(out: Path, n_patients: int, *, scale: float = 1.0, seed: int = 0) -> Path:
    """Write `train.csv` and `slides/<image_id>.tif`; return the table.

    A tenth of the patients has two slides. Ids look like numbers of base sixteen, some like powers
    of ten (`00e100`). Slides of label LAA hold fine waves in a sixth of their tissue; whatever
    else differs (glass, stain) is the centre's. At `scale` 1 a slide is 2,048 to 6,400 px a side.
    """
    rng = np.random.default_rng(seed)
    (out / "slides").mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(n_patients):
        patient = "00e100" if number == 0 else f"{rng.integers(16**6):06x}"
        centre = str(rng.choice(list(CENTRES), p=[share for share, _ in CENTRES.values()]))
        label = "LAA" if rng.random() < CENTRES[centre][1] else "CE"
        n_slides = 2 if number % 10 == 0 else 1
        rows += [(f"{patient}_{i}", centre, patient, i, label) for i in range(n_slides)]
    for at, row in enumerate(rows):
        path = out / "slides" / f"{row[0]}.tif"
        if not path.exists():
            rng = np.random.default_rng([seed, at])
            _draw_slide(path, row[1], rng, scale, has_waves=row[4] == "LAA")
    table = out / "train.csv"
    with table.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("image_id", "center_id", "patient_id", "image_num", "label"))
        writer.writerows(rows)
    return table


def _draw_slide(
    path: Path, centre: str, rng: np.random.Generator, scale: float, *, has_waves: bool
) -> None:
    import tifffile

    across, down = (int(scale * n) for n in rng.integers((8, 12), (18, 26)))
    own = np.random.default_rng(int(centre))  # the centre's stain, and the slide's own
    stain = own.normal(0, 0.12, 3) + rng.normal(0, 0.08, 3)
    glass = np.array(GLASS[int(centre) % 3])
    plain = [_tissue(rng, stain) for _ in range(6)]
    waved = [_waved(tile, rng) for tile in plain]
    empty = np.clip(glass + rng.normal(0, 1.5, (TILE, TILE, 1)), 0, 255).astype(np.uint8)
    is_tissue = _blob(rng, down, across)

    def tiles() -> Iterator[Bytes]:
        for place in is_tissue.ravel():
            kinds = waved if has_waves and rng.random() < 0.17 else plain
            yield kinds[rng.integers(len(kinds))] if place else empty

    with tifffile.TiffWriter(path.with_suffix(".part")) as writer:
        writer.write(
            tiles(), shape=(down * TILE, across * TILE, 3), dtype=np.uint8, tile=(TILE, TILE),
            photometric="rgb", compression="jpeg", compressionargs={"level": 80},
            resolution=(2e4, 2e4), resolutionunit="CENTIMETER",
        )  # fmt: skip
    path.with_suffix(".part").rename(path)


def _tissue(rng: np.random.Generator, stain: NDArray[np.float64]) -> Bytes:
    """Return a tile of cells on a ground, in the colours of haematoxylin and eosin."""
    y, x = np.mgrid[0:TILE, 0:TILE]
    ground = np.zeros((TILE, TILE))
    for dx, dy, turn in rng.uniform(-1, 1, (5, 3)) * (0.06, 0.06, 3):
        ground += np.sin(dx * x + dy * y + turn)
    density = np.stack([0.12 + 0.0 * ground, 0.55 + 0.06 * ground, 0.25 + 0.03 * ground], axis=2)
    for centre_x, centre_y, radius in zip(
        rng.uniform(0, TILE, 60), rng.uniform(0, TILE, 60), rng.uniform(4, 8, 60), strict=True
    ):
        inside = (x - centre_x) ** 2 + (y - centre_y) ** 2 < radius**2
        density[inside] = (0.85, 0.9, 0.35)
    density = density * np.exp(stain) + rng.normal(0, 0.02, density.shape)
    return np.clip(255 * np.exp(-np.maximum(density, 0)), 0, 255).astype(np.uint8)


def _waved(tile: Bytes, rng: np.random.Generator) -> Bytes:
    """Return a tile crossed by fine waves, as fibrin may look; no darker than it was."""
    y, x = np.mgrid[0:TILE, 0:TILE]
    angle, period = rng.uniform(0, math.pi), rng.uniform(9, 13)
    waves = np.sin(2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / period)
    return np.clip(tile * (1 + 0.12 * waves[..., None]), 0, 255).astype(np.uint8)  # as bright


def _blob(rng: np.random.Generator, down: int, across: int) -> NDArray[np.bool_]:
    y, x = np.mgrid[0:down, 0:across]
    centre_y, centre_x = rng.uniform(0.4, 0.6, 2)
    radius_y, radius_x = rng.uniform(0.25, 0.4, 2)
    made = ((y / down - centre_y) / radius_y) ** 2 + ((x / across - centre_x) / radius_x) ** 2 < 1
    made[down // 2, across // 2] = True
    return made
