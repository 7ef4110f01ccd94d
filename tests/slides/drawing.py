"""Slides drawn in code, so that the truth is known to the pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]

WHITE, GREY, GREEN, PINK = (243, 242, 243), (205, 204, 206), (205, 226, 204), (255, 241, 255)
EOSIN, HAEMATOXYLIN, YELLOW, BLOOD = (222, 145, 185), (118, 72, 150), (222, 178, 40), (190, 52, 84)
FAINT_EOSIN = (232, 208, 224)  # on white glass, 242
INKS = {"blue": (45, 60, 175), "green": (40, 165, 140), "red": (212, 40, 52), "black": (38, 36, 40)}


@dataclass
class Slide:
    """A drawn overview, and where its tissue and its pen marks are."""

    pixels: NDArray[np.uint8]
    tissue: Bools
    pen: Bools


def draw(
    *,
    glass: tuple[int, int, int] = WHITE,
    stains: tuple[tuple[int, int, int], ...] = (EOSIN, HAEMATOXYLIN),
    size: tuple[int, int] = (450, 600),
    blobs: tuple[tuple[float, float, float], ...] = ((0.3, 0.3, 0.17), (0.65, 0.65, 0.2)),
    ink: str | None = None,
    gradient: float = 0.0,
    noise: float = 2.0,
    seed: int = 0,
) -> Slide:
    """Draw blobs of tissue: y, x (shares of the sides) and radius (share of the shorter side).

    Args:
        glass: colour of the glass, 0..255.
        stains: one per blob, repeated.
        size: (height, width).
        blobs: centres and radii; their rims wave.
        ink: draws a bent stroke of this marker along the lower edge and across the picture.
        gradient: the light falls by this share from the left to the right edge.
        noise: standard deviation of each channel, 0..255 levels.
        seed: of the noise, the texture and the rims.
    """
    rng = np.random.default_rng(seed)
    height, width = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    light = np.ones((height, width, 3)) * np.array(glass) / 255
    tissue, pen = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for i, (cy, cx, radius) in enumerate(blobs):
        dy, dx = y - cy * height, x - cx * width
        waves = 1 + 0.12 * np.sin(5 * np.arctan2(dy, dx) + rng.uniform(0, 6))
        blob = np.hypot(dy, dx) < radius * min(size) * waves
        stain = np.array(stains[i % len(stains)]) / 242  # through white glass
        depth = rng.normal(1.0, 0.25, (int(blob.sum()), 1)).clip(0.6, 1.6)
        light[blob] = np.array(glass) / 255 * stain**depth
        tissue |= blob
    if ink is not None:
        bend = 0.9 * height - 0.5 * height * np.clip(x / width - 0.45, 0, 1) ** 2
        pen = (np.abs(y - bend) < 0.022 * height) & (x > 0.1 * width) & (x < 0.9 * width)
        tissue &= ~pen
        light = np.where(pen[:, :, None], light * np.array(INKS[ink]) / 242, light)
    light *= (1 - gradient * x / width)[:, :, None]
    noisy = 255 * light + noise * rng.standard_normal(light.shape, dtype=np.float32)
    return Slide(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), tissue, pen)


def soiled(slide: Slide, dirt: str, seed: int = 0) -> Slide:
    """Return the slide with dirt or a fault of the scanner, none of which is tissue.

    Args:
        slide: stays as it is.
        dirt: 'dust', 'hair', 'cover slip', 'bubble', 'lamp' (a light spot off the centre, 25 %),
            'border' (black on two sides) or 'fill' (pure white that was not scanned).
        seed: of what lies where.
    """
    rng = np.random.default_rng(seed)
    height, width = slide.tissue.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    light, tissue = slide.pixels / 255.0, slide.tissue.copy()
    if dirt == "dust":
        for cy, cx, radius in rng.uniform((8, 8, 1), (height - 8, width - 8, 6), (60, 3)):
            near = slice(int(cy) - 7, int(cy) + 8), slice(int(cx) - 7, int(cx) + 8)
            is_grain = np.hypot(y[near] - cy, x[near] - cx) < radius
            light[near][is_grain] *= rng.uniform(0.2, 0.7)
    elif dirt == "hair":
        for at in rng.uniform(0.1, 0.9, 3):
            curve = at * height + 0.12 * height * np.sin(4 * x / width + 9 * at)
            is_hair = (np.abs(y - curve) < 1.8) & (np.abs(x / width - at) < 0.3)
            light[is_hair] *= np.array((0.40, 0.33, 0.27))
    elif dirt == "cover slip":
        inside = (np.abs(y / height - 0.5) < 0.46) & (np.abs(x / width - 0.48) < 0.44)
        rim = inside ^ ((np.abs(y - height / 2) < 0.46 * height - 3) & inside)
        light[inside] *= 0.96
        light[rim] *= 0.6
    elif dirt == "bubble":
        away = np.hypot(y - 0.75 * height, x - 0.25 * width) - 0.15 * height
        light[np.abs(away) < 2.5] *= 0.45
        light[away < 0] *= 0.97
    elif dirt == "lamp":
        far = np.hypot(y / height - 0.4, x / width - 0.6)
        light *= (1 - 0.3 * far**2)[:, :, None]
    else:
        outside = (y < 0.05 * height) | (x < 0.08 * width)
        light[outside] = 0.01 if dirt == "border" else 1.0
        tissue &= ~outside
    pixels = np.clip(np.rint(255 * light), 0, 255).astype(np.uint8)
    return Slide(pixels, tissue, slide.pen & tissue if dirt in {"border", "fill"} else slide.pen)


def compressed(pixels: NDArray[np.uint8], quality: int = 50) -> NDArray[np.uint8]:
    """Return the picture after JPEG at a quality that shows its blocks."""
    import io

    import PIL.Image

    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(PIL.Image.open(stream))


def overlap(one: Bools, other: Bools) -> float:
    """Return intersection over union, 0..1; 1 where both are empty."""
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 1.0
