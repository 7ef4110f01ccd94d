"""Tiles as grey, as colour planes, and at another size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData


def check_tiles(tiles: NDArray[np.uint8]) -> None:
    """Raise unless these are tiles.

    Raises:
        WrongData: not (n, height, width, 1 or 3), no pixels, or not 8-bit.
    """
    is_shaped = tiles.ndim == 4 and tiles.shape[3] in {1, 3} and 0 not in tiles.shape[1:]
    if not is_shaped or tiles.dtype != np.uint8:
        raise WrongData.of("descriptors.no_tiles", shape=tiles.shape, dtype=tiles.dtype)


def as_planes(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (3, n, height, width): red, green, blue; a grey tile's three are alike."""
    if tiles.shape[3] == 1:
        return np.broadcast_to(tiles[..., 0], (3, *tiles.shape[:3]))
    return np.ascontiguousarray(np.moveaxis(tiles, 3, 0))


def as_grey(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return (n, height, width), contiguous: ITU-R 601 luma, bit for bit as the step 'grey'.

    (19595 R + 38470 G + 7471 B + 32768) >> 16, which is 0.299 R + 0.587 G + 0.114 B.
    """
    if tiles.shape[3] == 1:
        return np.ascontiguousarray(tiles[..., 0])
    wide = np.full(tiles.shape[:3], 0x8000, dtype=np.uint32)
    for channel, weight in enumerate((19595, 38470, 7471)):
        one = tiles[..., channel].astype(np.uint32, order="C")  # then in place: twice as fast
        one *= np.uint32(weight)
        wide += one
    wide >>= 16
    return wide.astype(np.uint8)


def resized(images: NDArray[np.uint8], size_px: tuple[int, int]) -> NDArray[np.uint8]:
    """Return (n, height, width, channels) at `size_px` = (width, height), proportions or not.

    Bilinear with antialiasing, as Pillow does it; images of this size are left untouched.
    """
    from PIL import Image as Pillow

    width, height = size_px
    if images.shape[1:3] == (height, width):
        return images
    made = np.empty((len(images), height, width, images.shape[3]), dtype=np.uint8)
    for row, image in zip(made, images, strict=True):
        plane = np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image)
        found = np.asarray(Pillow.fromarray(plane).resize(size_px, Pillow.Resampling.BILINEAR))
        row[:] = found.reshape(row.shape)
    return made
