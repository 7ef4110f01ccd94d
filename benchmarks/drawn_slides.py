"""Large slides made of real stained tiles, for benchmarks: any size, layout and compression."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import PIL.Image
import tifffile
from numpy.typing import NDArray

SHARED = Path(
    os.environ.get("TAMIZ_SHARED_DATA", Path(__file__).resolve().parents[1] / "../shared/data")
)
TILE = 512
TISSUE = 0.4  # of a slide's tiles; of the drawn ones of workflow A it is less


def stained(side: int = TILE, *, is_full: bool = False) -> list[NDArray[np.uint8]]:
    """Return real H&E tiles of side x side pixels, cut from the shared ones.

    Args:
        side: of a tile.
        is_full: only those full of tissue, without pen marks.
    """
    made = []
    for path in sorted((SHARED / "slides" / "tiles").glob("*nuclei-score*level*.png")):
        pixels = np.asarray(PIL.Image.open(path).convert("RGB"))
        made += [
            np.ascontiguousarray(pixels[y : y + side, x : x + side])
            for y in range(0, pixels.shape[0] - side + 1, side)
            for x in range(0, pixels.shape[1] - side + 1, side)
            if not is_full or ("pen" not in path.name and _is_full(pixels, x, y, side))
        ]
    return made


def _glass() -> list[NDArray[np.uint8]]:
    """Return real tiles without tissue."""
    folder = SHARED / "slides" / "tiles"
    paths = [folder / "no-tissue.png", folder / "no-tissue2.png", folder / "almost-white-1.png"]
    return [np.asarray(PIL.Image.open(path).convert("RGB"))[:TILE, :TILE] for path in paths]


def _is_full(pixels: NDArray[np.uint8], x: int, y: int, side: int) -> bool:
    tile = pixels[y : y + side, x : x + side]
    return bool((tile.min(axis=2) < 215).mean() > 0.8 and (tile.min(axis=2) > 25).mean() > 0.99)


def write_slide(
    path: Path, width: int, height: int, *, layout: str = "jpeg", seed: int = 0
) -> None:
    """Write a slide laid from real tiles: two fifths tissue, the rest glass, as slides are.

    Args:
        path: the file.
        width: in pixels, a multiple of 512.
        height: likewise.
        layout: 'jpeg' (tiles), 'pyramid' (JPEG tiles, levels halved down to 1/16), 'lzw' or
            'deflate' (strips of 64 rows).
        seed: of the choice of tiles.
    """
    tiles = stained()
    rng = np.random.default_rng(seed)
    chosen = rng.integers(0, len(tiles), (height // TILE, width // TILE))
    glass = _glass()
    is_glass = rng.random(chosen.shape) >= TISSUE
    chosen[is_glass] = len(tiles) + rng.integers(0, len(glass), int(is_glass.sum()))
    tiles += glass
    n_levels = 4 if layout == "pyramid" else 0
    with tifffile.TiffWriter(path, bigtiff=width * height > 10**9) as writer:
        for level in range(n_levels + 1):
            side = TILE >> level
            small = [_halved(tile, level) for tile in tiles]
            size = (height >> level, width >> level)
            _write_level(writer, small, chosen, size, side, layout, level)


def _write_level(
    writer: tifffile.TiffWriter,
    tiles: list[NDArray[np.uint8]],
    chosen: NDArray[np.int64],
    size: tuple[int, int],
    side: int,
    layout: str,
    level: int,
) -> None:
    how: dict[str, object] = {"photometric": "rgb", "shape": (*size, 3), "dtype": np.uint8}
    if layout in {"jpeg", "pyramid"}:
        how |= {
            "tile": (TILE, TILE) if level == 0 else (256, 256),
            "compression": "jpeg",
            "compressionargs": {"level": 80},
            "subfiletype": int(level > 0),
        }
        edge = TILE if level == 0 else 256
        writer.write(_tiles_of(tiles, chosen, size, side, edge), **how)
        return
    how |= {"rowsperstrip": 64, "compression": layout}
    encode = imagecodecs.lzw_encode if layout == "lzw" else imagecodecs.zlib_encode
    strips = _strips_of(tiles, chosen, side)
    writer.write((bytes(encode(np.ascontiguousarray(one).tobytes())) for one in strips), **how)


def _tiles_of(
    tiles: list[NDArray[np.uint8]],
    chosen: NDArray[np.int64],
    size: tuple[int, int],
    side: int,
    edge: int,
) -> Iterator[NDArray[np.uint8]]:
    for top in range(0, size[0], edge):
        rows = _rows(tiles, chosen, side, top, min(edge, size[0] - top))
        for left in range(0, size[1], edge):
            made = np.full((edge, edge, 3), 255, dtype=np.uint8)
            part = rows[:, left : left + edge]
            made[: part.shape[0], : part.shape[1]] = part
            yield made


def _strips_of(
    tiles: list[NDArray[np.uint8]], chosen: NDArray[np.int64], side: int
) -> Iterator[NDArray[np.uint8]]:
    for top in range(0, chosen.shape[0] * side, 64):
        yield _rows(tiles, chosen, side, top, 64)


def _rows(
    tiles: list[NDArray[np.uint8]],
    chosen: NDArray[np.int64],
    side: int,
    top: int,
    n: int,
) -> NDArray[np.uint8]:
    parts = []
    while n > 0:
        row, inside = divmod(top, side)
        take = min(n, side - inside)
        parts.append(
            np.concatenate([tiles[i][inside : inside + take] for i in chosen[row]], axis=1)
        )
        top, n = top + take, n - take
    return np.concatenate(parts)


def _halved(tile: NDArray[np.uint8], level: int) -> NDArray[np.uint8]:
    step = 1 << level
    if step == 1:
        return tile
    side = tile.shape[0] // step
    means = tile.reshape(side, step, side, step, 3).mean(axis=(1, 3))
    return np.rint(means).astype(np.uint8)
