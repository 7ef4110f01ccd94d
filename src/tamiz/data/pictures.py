"""Pillow's own copy of an image's pixels, kept where the same pixels are asked for again.

Pillow stores colours as four bytes each: to bring 12 megapixels there takes 7 to 30 ms, and a
picture that was decoded by Pillow was there before.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import PIL.Image

_Kept = tuple["weakref.ref[Any]", "PIL.Image.Image"]
_KEPT: Final[ContextVar[list[_Kept] | None]] = ContextVar("kept_pictures", default=None)


@contextmanager
def keeping_pictures() -> Iterator[None]:
    """Keep the last picture inside; nothing there may change pixels where they stand."""
    token = _KEPT.set([])
    try:
        yield
    finally:
        _KEPT.reset(token)


def keep_picture(pixels: np.ndarray[Any, Any], picture: PIL.Image.Image) -> None:
    """Keep the picture that holds exactly these pixels, where pictures are kept."""
    kept = _KEPT.get()
    if kept is not None:
        kept[:] = [(weakref.ref(pixels), picture)]


def picture_of(pixels: np.ndarray[Any, Any]) -> PIL.Image.Image:
    """Return Pillow's picture of pixels, mode L or RGB; not to be changed.

    Args:
        pixels: (height, width, 1 or 3) uint8.
    """
    import PIL.Image

    for known, picture in _KEPT.get() or ():
        if known() is pixels:
            return picture
    plane = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    made = PIL.Image.fromarray(np.ascontiguousarray(plane))
    keep_picture(pixels, made)
    return made
