"""Drawn satellite scenes in six classes, 240 x 135 px; many hold a second kind of land."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SCENES = ("city", "crop", "desert", "forest", "mountain", "water")
WIDTH, HEIGHT = 240, 135
Floats = NDArray[np.float64]


def scene(shown: str, other: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return (135, 240, 3) of a kind of land; of another one at its edge where they differ."""
    made = LANDS[shown](rng)
    if other != shown:
        x, y = _axes()
        turn = rng.uniform(0, 2 * np.pi)
        way = x / WIDTH * np.cos(turn) + y / HEIGHT * np.sin(turn) + 0.15 * _cloudy(rng, 2.2)
        covered = way > np.quantile(way, rng.uniform(0.52, 0.8))
        made = np.where(covered[..., None], LANDS[other](rng), made)
    haze = rng.uniform(0, 0.35)
    cast = rng.uniform(0.82, 1.18, 3) * rng.uniform(0.7, 1.2)  # sensor, season and hour
    seen = 255 * (made * cast * (1 - haze) + 0.75 * haze)
    return np.clip(seen + rng.normal(0, 3, seen.shape), 0, 255).astype(np.uint8)


def _axes() -> tuple[Floats, Floats]:
    x, y = np.meshgrid(np.arange(WIDTH, dtype=np.float64), np.arange(HEIGHT, dtype=np.float64))
    return x, y


def _cloudy(rng: np.random.Generator, steep: float) -> Floats:
    """Return (135, 240), noise of mean 0 and deviation 1, the smoother the steeper its spectrum."""
    x, y = np.fft.rfftfreq(WIDTH), np.fft.fftfreq(HEIGHT)
    far = np.hypot(x[None, :], y[:, None])
    far[0, 0] = 1.0
    waves = np.fft.rfft2(rng.normal(size=(HEIGHT, WIDTH))) * far ** (-steep / 2)
    waves[0, 0] = 0
    made: Floats = np.fft.irfft2(waves, (HEIGHT, WIDTH))
    return made / made.std()


def _water(rng: np.random.Generator) -> Floats:
    """Return a lake or sea: blue, but green with algae and brown after rain."""
    colours = ((0.08, 0.24, 0.4), (0.12, 0.32, 0.3), (0.3, 0.3, 0.22))
    colour = np.array(colours[rng.choice(3, p=(0.5, 0.3, 0.2))])
    x, y = _axes()
    turn = rng.uniform(0, np.pi)
    waves = np.sin((x * np.cos(turn) + y * np.sin(turn)) / rng.uniform(0.8, 2.5))
    return colour + 0.02 * _cloudy(rng, 3)[..., None] + rng.uniform(0, 0.03) * waves[..., None]


def _forest(rng: np.random.Generator) -> Floats:
    colour = np.array((0.13, 0.3, 0.14)) + rng.uniform(0, 0.12) * np.array((1.0, 0.4, -0.2))
    return colour * (1 + 0.3 * _cloudy(rng, 1.0)[..., None]) + 0.02 * _cloudy(rng, 2.5)[..., None]


def _desert(rng: np.random.Generator) -> Floats:
    x, y = _axes()
    turn = rng.uniform(0, np.pi)
    along = x * np.cos(turn) + y * np.sin(turn) + 12 * _cloudy(rng, 3)
    dunes = np.sin(along / rng.uniform(4, 14)) * rng.uniform(0.01, 0.06)
    colour = np.array((0.72, 0.58, 0.4)) * rng.uniform(0.75, 1.1)
    return colour + dunes[..., None] + 0.03 * _cloudy(rng, 2.5)[..., None]


def _mountain(rng: np.random.Generator) -> Floats:
    """Return slopes lit from one side; the highest may bear snow."""
    height = _cloudy(rng, 3.4)
    turn = rng.uniform(0, 2 * np.pi)
    down, across = np.gradient(height)
    light = 1 + rng.uniform(4, 9) * (across * np.cos(turn) + down * np.sin(turn))
    bare = np.array((0.4, 0.36, 0.3)) + rng.uniform(-0.1, 0.1, 3)
    snow = (height > np.quantile(height, rng.uniform(0.6, 1.0)))[..., None]
    return np.where(snow, np.array((0.85, 0.87, 0.9)), bare) * np.clip(light, 0.3, 1.7)[..., None]


def _crop(rng: np.random.Generator) -> Floats:
    """Return fields, some green, some bare, with their rows."""
    x, y = _turned(rng)
    wide, tall = rng.uniform(25, 80, 2)
    field = (np.floor(x / wide) * 7 + np.floor(y / tall) * 13).astype(int) % 16
    palette = np.array((0.2, 0.34, 0.13)) + rng.uniform(0, 1, (16, 1)) * np.array((0.4, 0.2, 0.18))
    turns = rng.uniform(0, np.pi, 16)[field]
    rows = np.sin((x * np.cos(turns) + y * np.sin(turns)) / rng.uniform(0.7, 1.6))
    edge = (np.minimum(x % wide, y % tall) < 1.5)[..., None] * 0.08
    return palette[field] + 0.03 * rows[..., None] + edge + 0.02 * _cloudy(rng, 2)[..., None]


def _city(rng: np.random.Generator) -> Floats:
    """Return blocks of roofs between streets."""
    x, y = _turned(rng)
    block, street = rng.uniform(9, 26), rng.uniform(2, 5)
    roof = (np.floor(x / block) * 7 + np.floor(y / block) * 11).astype(int) % 64
    roofs = rng.uniform(0.3, 0.75, (64, 1)) * rng.uniform(0.85, 1.15, (64, 3))
    roofs[rng.random(64) < 0.15] = (0.2, 0.32, 0.16)  # parks and gardens
    is_street = (np.minimum(x % block, y % block) < street)[..., None]
    return np.where(is_street, 0.35, roofs[roof]) + 0.03 * _cloudy(rng, 1)[..., None]


def _turned(rng: np.random.Generator) -> tuple[Floats, Floats]:
    x, y = _axes()
    turn = rng.uniform(0, np.pi)
    return (
        x * np.cos(turn) - y * np.sin(turn) + 1000,
        x * np.sin(turn) + y * np.cos(turn) + 1000,
    )


LANDS = {
    "city": _city, "crop": _crop, "desert": _desert, "forest": _forest, "mountain": _mountain,
    "water": _water,
}  # fmt: skip
