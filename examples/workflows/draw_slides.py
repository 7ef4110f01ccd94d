"""Drawn slides of workflow A: a table with 11 centres, tissue on glass, labels tied to centres.

    python examples/workflows/draw_slides.py FOLDER [--small]

writes `train.csv` and `slides/<image_id>.tif` into FOLDER.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TILE = 256
GLASS = ((244, 244, 243), (214, 214, 216), (226, 239, 224))  # white, grey, green
# Of each centre: its patients among the original's 632, and the share of LAA among them. The shares
# are drawn further apart than the original's, where centre 11 has 28 %, as all centres together.
CENTRES = {
    "1": (48, 0.5), "2": (21, 0.15), "3": (38, 0.6), "4": (89, 0.4), "5": (30, 0.4),
    "6": (37, 0.5), "7": (68, 0.45), "8": (16, 0.15), "9": (15, 0.15), "10": (32, 0.3),
    "11": (243, 0.07),
}  # fmt: skip
SOLID = ("00e100", "006388", "91b9d3")  # ids that a careless reader turns into 0 and 6388
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawn world is.

    Attributes:
        n_patients: about one in seven has two slides, some three.
        across: fewest and most tiles of 256 px that a slide is wide.
        down: the same of its height.
        largest: of the one slide that is much larger than the others.
    """

    n_patients: int = 160
    across: tuple[int, int] = (6, 11)
    down: tuple[int, int] = (8, 15)
    largest: tuple[int, int] = (40, 64)


FULL = Size()
SMALL = Size(40, (4, 6), (5, 8), (8, 12))


def draw(out: Path, size: Size = FULL, *, seed: int = 0) -> Path:
    """Write `train.csv` and `slides/<image_id>.tif`, BigTIFF with JPEG tiles; return the table.

    Ids look like numbers of base sixteen, some like powers of ten. Slides of label LAA hold fine
    waves in some of their tissue, those of CE hardly any; whatever else differs (glass, stain) is
    the centre's. There is no pyramid, as in the original's.
    """
    rng = np.random.default_rng(seed)
    (out / "slides").mkdir(parents=True, exist_ok=True)
    rows = []
    for number, (centre, label) in enumerate(_patients(size.n_patients, rng)):
        patient = SOLID[number] if number < len(SOLID) else f"{rng.integers(16**6):06x}"
        n_slides = 1 + (number % 7 == 0) + (number % 28 == 0)
        rows += [(f"{patient}_{i}", centre, patient, i, label) for i in range(n_slides)]
    cells = [_cells(np.random.default_rng([seed, 1000 + i])) for i in range(24)]
    for at, row in enumerate(rows):
        path = out / "slides" / f"{row[0]}.tif"
        if not path.exists():
            rng = np.random.default_rng([seed, at])
            across, down = (int(rng.integers(*ends)) for ends in (size.across, size.down))
            tiles = size.largest if at == 4 else (across, down)
            _draw_slide(path, row[1], rng, cells, tiles, has_waves=row[4] == "LAA")
    table = out / "train.csv"
    with table.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("image_id", "center_id", "patient_id", "image_num", "label"))
        writer.writerows(rows)
    return table


def _patients(n: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Return (centre, label) of about `n` patients, in the shares of `CENTRES`."""
    of_all = sum(count for count, _ in CENTRES.values())
    made = []
    for centre, (count, share) in CENTRES.items():
        here = max(1, round(n * count / of_all))
        n_laa = round(here * share)
        made += [(centre, "LAA")] * n_laa + [(centre, "CE")] * (here - n_laa)
    return [made[at] for at in rng.permutation(len(made))]


def _draw_slide(
    path: Path,
    centre: str,
    rng: np.random.Generator,
    cells: list[Floats],
    tiles: tuple[int, int],
    *,
    has_waves: bool,
) -> None:
    """Write a slide of so many tiles across and down; each kind of tile is packed once."""
    import tifffile

    across, down = tiles
    own = np.random.default_rng(int(centre))  # the centre's stain, and the slide's own
    stain = own.normal(0, 0.12, 3) + rng.normal(0, 0.08, 3)
    glass = np.array(GLASS[int(centre) % 3])
    plain = [_stained(cells[i], stain, rng) for i in rng.integers(len(cells), size=5)]
    waved = [_packed(_waved(tile, rng)) for tile in plain]
    solid = [_packed(tile) for tile in plain]
    empty = np.clip(glass + rng.normal(0, 1.5, (TILE, TILE, 1)), 0, 255).astype(np.uint8)
    nothing = _packed(empty)
    share = rng.uniform(0.05, 0.25) if has_waves else rng.uniform(0, 0.04)

    def packed() -> Iterator[bytes]:
        for place in _blob(rng, down, across).ravel():
            kinds = waved if place and rng.random() < share else solid
            yield kinds[rng.integers(len(kinds))] if place else nothing

    with tifffile.TiffWriter(path.with_suffix(".part"), bigtiff=True) as writer:
        writer.write(
            packed(), shape=(down * TILE, across * TILE, 3), dtype=np.uint8, tile=(TILE, TILE),
            photometric="ycbcr", subsampling=(1, 1), compression="jpeg",
            resolution=(2e4, 2e4), resolutionunit="CENTIMETER",
        )  # fmt: skip
    path.with_suffix(".part").rename(path)


def _cells(rng: np.random.Generator) -> Floats:
    """Return (side, side, 3), how much a tile of cells on a ground takes of each colour."""
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
    return density


def _stained(density: Floats, stain: Floats, rng: np.random.Generator) -> Bytes:
    """Return a tile as it looks in a stain, in the colours of haematoxylin and eosin."""
    noisy = density * np.exp(stain) + rng.normal(0, 0.02, density.shape)
    return np.clip(255 * np.exp(-np.maximum(noisy, 0)), 0, 255).astype(np.uint8)


def _waved(tile: Bytes, rng: np.random.Generator) -> Bytes:
    """Return a tile crossed by fine waves, as fibrin may look; no darker than it was."""
    y, x = np.mgrid[0:TILE, 0:TILE]
    angle, period = rng.uniform(0, math.pi), rng.uniform(9, 13)
    waves = np.sin(2 * math.pi * (x * math.cos(angle) + y * math.sin(angle)) / period)
    return np.clip(tile * (1 + 0.1 * waves[..., None]), 0, 255).astype(np.uint8)


def _packed(tile: Bytes) -> bytes:
    import imagecodecs

    made: bytes = imagecodecs.jpeg_encode(
        tile, level=80, colorspace="RGB", outcolorspace="YCBCR", subsampling="444"
    )
    return made


def _blob(rng: np.random.Generator, down: int, across: int) -> NDArray[np.bool_]:
    """Return which tiles hold tissue: an ellipse with dents, no two alike."""
    y, x = np.mgrid[0:down, 0:across]
    centre_y, centre_x = rng.uniform(0.4, 0.6, 2)
    radius_y, radius_x = rng.uniform(0.25, 0.4, 2)
    up, right = (y / down - centre_y) / radius_y, (x / across - centre_x) / radius_x
    turn = np.arctan2(up, right)
    edge = 1 + sum(rng.uniform(0.1, 0.3) * np.sin(k * turn + rng.uniform(0, 6)) for k in (2, 3, 5))
    made: NDArray[np.bool_] = up**2 + right**2 < edge**2
    made &= rng.random(made.shape) > 0.06
    made[down // 2, across // 2] = True
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the slides of workflow A")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="fewer and smaller ones")
    asked = parser.parse_args()
    print(draw(asked.folder, SMALL if asked.small else FULL))
