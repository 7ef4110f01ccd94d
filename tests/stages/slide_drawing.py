"""Small slides drawn in code: glass, a blob of stained tissue, and a spacing if asked for."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

WHITE = (243, 242, 243)
EOSIN, HAEMATOXYLIN = (222, 145, 185), (118, 72, 150)


def drawn(
    width: int = 1024,
    height: int = 1024,
    *,
    stain: tuple[int, int, int] = EOSIN,
    is_blank: bool = False,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """Return (height, width, 3): a round piece of tissue on white glass, or the glass alone."""
    rng = np.random.default_rng(seed)
    light = np.ones((height, width, 3)) * np.array(WHITE)
    if not is_blank:
        y, x = np.mgrid[0:height, 0:width]
        is_tissue = np.hypot(y / height - 0.5, x / width - 0.5) < 0.36
        # Texture of 8 px, so that it is still there on an overview.
        depth = rng.normal(1, 0.25, (-(-height // 8), -(-width // 8))).clip(0.6, 1.6)
        depth = depth.repeat(8, axis=0).repeat(8, axis=1)[:height, :width, None]
        light = np.where(is_tissue[..., None], 243 * (np.array(stain) / 243) ** depth, light)
    noisy = light + rng.normal(0, 2, (height, width, 1))
    made: NDArray[np.uint8] = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
    return made


def save_slide(
    path: Path,
    pixels: NDArray[np.uint8],
    *,
    um_per_px: float | None = 0.5,
    compression: str = "deflate",
) -> Path:
    """Write a tiled TIFF and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    how: Any = {}
    if um_per_px is not None:
        how = {"resolution": (1e4 / um_per_px, 1e4 / um_per_px), "resolutionunit": "CENTIMETER"}
    photometric = "rgb" if pixels.ndim == 3 else "minisblack"
    tifffile.imwrite(
        path, pixels, tile=(256, 256), photometric=photometric, compression=compression,
        metadata=None, **how,
    )  # fmt: skip
    return path


def save_table(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a table of these rows and return its path."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, every cell as text."""
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
