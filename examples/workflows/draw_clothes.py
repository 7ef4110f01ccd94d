"""Drawn clothes, 28 x 28 grey, Fashion-MNIST's ten classes; a shirt looks much like a T-shirt."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

CLOTHES = (
    "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot",
)  # fmt: skip
SIDE, FINER = 28, 6
Bytes = NDArray[np.uint8]
Points = list[tuple[float, float]]
Fill = Callable[[Points, float], None]
# Of each garment for the upper body: length, its spread; of the sleeves; how wide it is below;
# how often it has an open front. A shirt lies between the T-shirt and the coat.
UPPER = {
    "T-shirt": (0.72, 0.06, 0.34, 0.10, 0.34, 0.05),
    "Shirt": (0.78, 0.08, 0.58, 0.26, 0.34, 0.45),
    "Pullover": (0.74, 0.06, 0.86, 0.08, 0.35, 0.05),
    "Coat": (0.90, 0.07, 0.88, 0.08, 0.37, 0.85),
    "Dress": (0.98, 0.04, 0.25, 0.20, 0.42, 0.05),
}


def garment(name: str, rng: np.random.Generator) -> Bytes:
    """Return (28, 28), light on black as in Fashion-MNIST."""
    large = SIDE * FINER
    picture = Image.new("L", (large, large), 0)
    pen = ImageDraw.Draw(picture)
    tone = int(rng.uniform(90, 235))
    wide, tall = rng.uniform(0.88, 1.06, 2)

    def fill(points: Points, grey: float) -> None:
        """Draw a polygon; places from -0.5 to 0.5, y points down."""
        places = [((0.5 + x * wide) * large, (0.5 + y * tall) * large) for x, y in points]
        pen.polygon(places, fill=int(np.clip(grey, 0, 255)))

    if name in UPPER:
        _upper(name, rng, fill, tone)
    elif name == "Trouser":
        gap, hip = rng.uniform(0.01, 0.06), rng.uniform(0.14, 0.19)
        for turn in (-1, 1):
            foot = turn * (gap + rng.uniform(0.08, 0.12))
            fill([(0, -0.46), (turn * hip, -0.46), (foot, 0.46), (turn * gap, 0.46)], tone)
    elif name == "Bag":
        half, top = rng.uniform(0.3, 0.44), rng.uniform(-0.15, 0.02)
        fill([(-0.2, -0.3), (0.2, -0.3), (0.3, top), (-0.3, top)], tone)
        fill([(-0.13, -0.22), (0.13, -0.22), (0.2, top), (-0.2, top)], 0)
        fill([(-half, top), (half, top), (half, 0.36), (-half, 0.36)], tone)
        fill([(-half, top), (half, top), (half, top + 0.08), (-half, top + 0.08)], 0.7 * tone)
    else:
        _shoe(name, rng, fill, tone)
    values = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64)
    cloth = 1 + rng.uniform(0, 0.22) * _weave(rng)
    return np.clip(values * cloth + rng.normal(0, 5, values.shape), 0, 255).astype(np.uint8)


def _upper(name: str, rng: np.random.Generator, fill: Fill, tone: float) -> None:
    length, length_by, sleeve, sleeve_by, below, open_share = UPPER[name]
    down = -0.44 + np.clip(rng.normal(length, length_by), 0.5, 0.93)
    reach = float(np.clip(rng.normal(sleeve, sleeve_by), 0.05, 1.0))
    half = rng.normal(0.24, 0.02)
    hem = below * rng.uniform(0.62, 0.85)
    fill([(-half, -0.4), (half, -0.4), (0.78 * half, 0), (hem, down), (-hem, down),
          (-0.78 * half, 0)], tone)  # fmt: skip
    for turn in (-1, 1):
        end_x, end_y = turn * (half + 0.2 * reach), -0.36 + 0.78 * reach
        inner = turn * (half + 0.2 * reach - 0.1)
        fill([(turn * half * 0.8, -0.42), (turn * (half + 0.05), -0.36), (end_x, end_y),
              (inner, end_y + 0.03), (turn * half * 0.75, -0.2)], 0.93 * tone)  # fmt: skip
    neck = rng.uniform(0.06, 0.12)
    fill([(-neck, -0.42), (neck, -0.42), (0, -0.42 + rng.uniform(0.05, 0.2))], 0)
    if rng.random() < open_share:
        line = rng.uniform(0.008, 0.02)
        fill([(-line, -0.4), (line, -0.4), (line, down), (-line, down)], 0.45 * tone)


def _shoe(name: str, rng: np.random.Generator, fill: Fill, tone: float) -> None:
    sole = 0.2 + rng.uniform(-0.04, 0.04)
    if name == "Boot":
        shaft = rng.uniform(-0.42, -0.2)
        fill([(0.02, shaft), (0.4, shaft), (0.42, sole), (-0.42, sole), (-0.4, sole - 0.14),
              (-0.05, sole - 0.24)], tone)  # fmt: skip
    elif name == "Sneaker":
        top = sole - rng.uniform(0.2, 0.34)
        fill([(0.1, top), (0.42, top + 0.02), (0.44, sole), (-0.44, sole), (-0.42, sole - 0.1),
              (-0.1, top + 0.1)], tone)  # fmt: skip
    else:
        fill([(0.42, sole - 0.2), (0.44, sole), (-0.44, sole), (-0.44, sole - 0.06)], tone)
        for at in np.linspace(-0.3, 0.3, rng.integers(2, 5)):
            high = sole - rng.uniform(0.14, 0.32)
            fill([(at, sole), (at + 0.04, sole), (at + 0.12, high), (at + 0.08, high)], tone)
    fill([(-0.44, sole), (0.44, sole), (0.44, sole + 0.05), (-0.44, sole + 0.05)], 0.6 * tone)


def _weave(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (28, 28), a pattern of the cloth from -1 to 1."""
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    turn, length = rng.choice((0.0, np.pi / 2, np.pi / 4)), rng.uniform(0.4, 2.0)
    wave: NDArray[np.float64] = np.sin((x * np.cos(turn) + y * np.sin(turn)) / length)
    return wave
