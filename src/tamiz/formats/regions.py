"""Names of parts of images: 'slide.tif#xywh=1024,2048,512,512&px=256'.

The part is written as W3C's Media Fragments (2012) write it, x, y, width and height in pixels of
the full-resolution image; `px` is the side of the square that it is read as.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tamiz.data.image import Region

MARK: Final = "#xywh="
_PART: Final = re.compile(
    r"(.+)#xywh=(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9})(?:&px=(\d{1,5}))?", re.S | re.ASCII
)


class Place(NamedTuple):
    """An image or a part of one: its file, where it lies there, and the side it is read as."""

    file: str
    region: Region | None
    side_px: int | None


def with_region(path: str, region: Region, side_px: int | None = None) -> str:
    """Return the name of a part of an image."""
    where = f"{region.x},{region.y},{region.width},{region.height}"
    return f"{path}{MARK}{where}" + (f"&px={side_px}" if side_px else "")


def place_of(path: str) -> Place:
    """Return the file and the part that a name stands for; the inverse of `with_region`."""
    found = _PART.fullmatch(path) if MARK in path else None
    if found is None:
        return Place(path, None, None)
    x, y, width, height = (int(found[at]) for at in range(2, 6))
    return Place(found[1], Region(x, y, width, height), int(found[6]) if found[6] else None)
