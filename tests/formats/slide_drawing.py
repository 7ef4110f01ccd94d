"""Slides drawn for tests, and what reading them must give."""

from __future__ import annotations

import numpy as np
import PIL.Image
import tifffile


def drawn(width, height, channels=3, seed=0):
    """Return smooth colours with noise, (height, width, channels) uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    waves = [128 + 90 * np.sin(x / (9 + 4 * c)) * np.cos(y / (13 + 3 * c)) for c in range(channels)]
    noisy = np.stack(waves, axis=2) + rng.normal(0, 8, (height, width, channels))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def tissue_like(width, height, seed=0):
    """Return pink and purple blobs on white, blurred, as JPEG slides hold them."""
    rng = np.random.default_rng(seed)
    small = rng.random((height // 6 + 2, width // 6 + 2))
    blobs = np.asarray(
        PIL.Image.fromarray((small * 255).astype(np.uint8)).resize((width, height), 2)
    )
    share = np.clip((blobs / 255.0 - 0.35) * 3, 0, 1)[..., None]
    colours = (1 - share) * np.array([240, 235, 242]) + share * np.array([120, 60, 150])
    grain = rng.normal(0, 4, (height, width, 1))
    return np.clip(colours + grain, 0, 255).astype(np.uint8)


def weights(n, m, start, length):
    """Return (m, n) in float64: what share of each of n pixels an output pixel is made of."""
    edges = start + np.linspace(0, length, m + 1)
    at = np.arange(n)
    overlap = np.minimum(edges[1:, None], at + 1) - np.maximum(edges[:-1, None], at)
    return np.maximum(overlap, 0) / (length / m)


def exact(pixels, region, size_px):
    """Return the exact area averages of a region, float64."""
    x, y, width, height = region
    down = weights(pixels.shape[0], size_px[1], y, height)
    across = weights(pixels.shape[1], size_px[0], x, width)
    return np.einsum("oh,hwc,pw->opc", down, pixels.astype(np.float64), across, optimize=True)


def grey_of(pixels):
    """Return luma (ITU-R 601), float64."""
    return pixels.astype(np.float64) @ np.array([0.299, 0.587, 0.114])


def write(path, pixels, **how):
    """Write a TIFF, tiled 64 x 64 and without a made-up resolution."""
    options = {"photometric": "rgb", "tile": (64, 64), "metadata": None} | how
    tifffile.imwrite(path, pixels, **{k: v for k, v in options.items() if v is not None})
    return path
