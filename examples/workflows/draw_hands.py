"""Drawn hands of workflow B, 0 to 5 fingers, left and right; and scikit-learn's digits in IDX.

    python examples/workflows/draw_hands.py FOLDER [--small]

writes `FOLDER/fingers`, `FOLDER/digits`, and two photos of hands that are in neither: `photo.png`
and `new.png`.
"""

from __future__ import annotations

import argparse
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 64
FINER = 4  # drawn this many times larger, then made small, so that edges are smooth
Bytes = NDArray[np.uint8]
# Which fingers are up, of little, ring, middle, index (0 to 3) and thumb (4): people differ.
WAYS = {
    0: ((),),
    1: ((3,), (3,), (4,)),
    2: ((2, 3), (2, 3), (3, 4)),
    3: ((1, 2, 3), (2, 3, 4), (0, 1, 2)),
    4: ((0, 1, 2, 3),),
    5: ((0, 1, 2, 3, 4),),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand before one wall, as it stays from frame to frame."""

    up: tuple[int, ...]
    is_right: bool
    skin: NDArray[np.float64]
    wall: NDArray[np.float64]
    angle: float
    size: float
    width: float
    spread: float
    lengths: NDArray[np.float64]
    at: NDArray[np.float64]


def draw(out: Path, *, is_small: bool = False) -> None:
    """Write all that the course needs below `out`."""
    draw_photos(out)
    draw_hands(out, *((9, 3) if is_small else (36, 4)))
    write_digits(out / "digits", 400 if is_small else None)


def draw_photos(out: Path) -> None:
    """Write `photo.png`, large enough to look at, and `new.png`, as large as the other hands."""
    out.mkdir(parents=True, exist_ok=True)
    draw_photo(out / "photo.png", 240)
    draw_photo(out / "new.png", SIDE)


def draw_hands(out: Path, n_each: int, n_frames: int, *, seed: int = 0) -> None:
    """Write `fingers/train` and `fingers/test` with `hand017-2_3R.png`: hand, frame, what it shows.

    Of each of the twelve classes `n_each` hands, of each hand `n_frames` frames, nearly the same
    ones. As in the original every sixth image is for testing, and nobody looks whose hand it is.
    """
    rng = np.random.default_rng(seed)
    number = 0
    for name in ("train", "test"):
        (out / "fingers" / name).mkdir(parents=True, exist_ok=True)
    for _ in range(n_each):
        for count in WAYS:
            for side in "LR":
                hand = _hand(rng, count, is_right=side == "R")
                for frame in range(n_frames):
                    part = "test" if rng.random() < 1 / 6 else "train"
                    path = out / "fingers" / part / f"hand{number:03d}-{frame}_{count}{side}.png"
                    Image.fromarray(_frame(hand, rng, SIDE)).save(path)
                number += 1


def draw_photo(path: Path, side: int, *, seed: int = 7) -> None:
    """Write an open right hand, `side` px a side, that is in neither folder."""
    rng = np.random.default_rng(seed)
    Image.fromarray(_frame(_hand(rng, 5, is_right=True), rng, side)).save(path)


def write_digits(folder: Path, n: int | None = None) -> None:
    """Write scikit-learn's digits as MNIST's four files, 28 x 28 px; the last fifth is for testing.

    They have 8 x 8 px and values from 0 to 16 and are enlarged, so that a network for MNIST fits.
    """
    from sklearn.datasets import load_digits

    folder.mkdir(parents=True, exist_ok=True)
    found = load_digits()
    grey = np.round(found.images[:n] * (255 / 16)).astype(np.uint8)
    images = np.stack([_enlarged(one) for one in grey])
    labels = found.target[:n].astype(np.uint8)
    cut = len(images) - len(images) // 5
    for name, part in (("train", slice(None, cut)), ("t10k", slice(cut, None))):
        _write_idx(folder / f"{name}-images-idx3-ubyte", images[part])
        _write_idx(folder / f"{name}-labels-idx1-ubyte", labels[part])


def _enlarged(grey: Bytes) -> Bytes:
    return np.asarray(Image.fromarray(grey).resize((28, 28), Image.Resampling.BICUBIC))


def _write_idx(path: Path, values: Bytes) -> None:
    head = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(head + values.tobytes())


def _hand(rng: np.random.Generator, count: int, *, is_right: bool) -> Hand:
    ways = WAYS[count]
    skin = np.array((0.9, 0.68, 0.55)) * rng.uniform(0.45, 1.05) + rng.normal(0, 0.02, 3)
    return Hand(
        up=ways[rng.integers(len(ways))],
        is_right=is_right,
        skin=np.clip(255 * skin, 20, 250),
        wall=np.clip(rng.uniform(50, 220) + rng.normal(0, 25, 3), 10, 245),
        angle=rng.normal(0, 0.3),
        size=rng.uniform(0.17, 0.23),
        width=rng.uniform(0.42, 0.55),
        spread=rng.uniform(0.8, 1.25),
        lengths=np.array((1.0, 1.35, 1.5, 1.35, 1.0)) * rng.uniform(0.8, 1.15, 5),
        at=np.array((0.5, 0.64)) + rng.uniform(-0.07, 0.07, 2),
    )


def _frame(hand: Hand, rng: np.random.Generator, side: int) -> Bytes:
    """Return (side, side, 3): the hand, trembling a little, in light that flickers a little."""
    turn, at = hand.angle + rng.normal(0, 0.015), hand.at + rng.normal(0, 0.004, 2)
    large = FINER * side
    mirror = 1.0 if hand.is_right else -1.0
    turned = np.array(((np.cos(turn), -np.sin(turn)), (np.sin(turn), np.cos(turn))))

    def place(x: float, y: float) -> tuple[float, float]:
        """Return pixels of a point of a right hand; the palm's half width is 1, y goes up."""
        found = large * (at + hand.size * (turned @ np.array((mirror * x, -y))))
        return float(found[0]), float(found[1])

    picture = Image.new("RGB", (large, large), _colour(hand.wall))
    pen = ImageDraw.Draw(picture)
    thick = round(hand.width * hand.size * large)
    skin, shade = _colour(hand.skin), _colour(0.8 * hand.skin)
    _limb(pen, place(0, -0.6), place(0, -4.0), round(2.5 * thick), skin)
    pen.polygon([place(*p) for p in ((-1, -0.9), (1, -0.9), (1.05, 0.9), (-1.05, 0.9))], skin)
    for finger in range(4):
        x = 0.75 - 0.5 * finger  # the little finger is on the thumb's other side
        length = hand.lengths[finger] if finger in hand.up else 0.1
        lean = hand.spread * 0.55 * x * (finger in hand.up)
        _limb(pen, place(x, 0.85), place(x + lean * length, 0.9 + length), thick, skin)
        if finger not in hand.up:
            _limb(pen, place(x, 0.75), place(x, 0.35), round(0.8 * thick), shade)
    tip = (-2.0 * hand.spread, 0.55) if 4 in hand.up else (0.15, 0.0)
    _limb(pen, place(-0.85, -0.45), place(*tip), thick, skin if 4 in hand.up else shade)
    small = picture.resize((side, side), Image.Resampling.BOX)
    light = np.linspace(0.94, 1.06, side)[None, :, None] * rng.normal(1, 0.01)
    noisy = np.asarray(small) * light + rng.normal(0, 4, (side, side, 1))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _limb(
    pen: ImageDraw.ImageDraw,
    start: tuple[float, float],
    end: tuple[float, float],
    thick: int,
    colour: tuple[int, int, int],
) -> None:
    """Draw a thick line with round ends."""
    pen.line((start, end), colour, thick)
    for x, y in (start, end):
        r = thick / 2
        pen.ellipse((x - r, y - r, x + r, y + r), colour)


def _colour(values: NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = (round(float(one)) for one in np.clip(values, 0, 255))
    return red, green, blue


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the hands and digits of workflow B")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="few images")
    asked = parser.parse_args()
    draw(asked.folder, is_small=asked.small)
