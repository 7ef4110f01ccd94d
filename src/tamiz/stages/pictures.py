"""Small pictures for reports."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np

from tamiz.core.seeds import position_of
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.data.manifest import Manifest
from tamiz.data.report import Picture, Pictures, Words
from tamiz.formats.reader import Reader

_LARGEST_SIDE_PX: Final = 160
_PER_CLASS: Final = 8
_MOST_CLASSES: Final = 40


def picture_of(image: Image, caption: Words) -> Picture:
    """Return a decoded 8-bit image as a PNG of at most 160 px, without metadata."""
    import PIL.Image

    pixels = image.pixels[:, :, 0] if image.n_channels == 1 else image.pixels
    picture = PIL.Image.fromarray(np.ascontiguousarray(pixels))
    picture.thumbnail((_LARGEST_SIDE_PX, _LARGEST_SIDE_PX))
    opened = io.BytesIO()
    picture.save(opened, format="PNG", optimize=True)
    return Picture(opened.getvalue(), caption)


def pictures_of(
    rows: Manifest, captions: Sequence[Words], policy: Policy, caption: Words
) -> Pictures:
    """Return one picture per row."""
    with Reader(rows.root, policy) as reader:
        places = zip(rows.rows("path", "frame"), captions, strict=True)
        made = [picture_of(reader.look(path, frame), words) for (path, frame), words in places]
    return Pictures(tuple(made), caption)


def example_rows(train: Manifest) -> dict[str, Manifest]:
    """Return up to eight training rows of each class, the same ones each time."""
    items, sets = train.column("item"), train.label_sets()
    made = {}
    for name in train.classes()[:_MOST_CLASSES]:
        at = [place for place, labels in enumerate(sets) if name in (labels or ())]
        at.sort(key=lambda place: position_of(items[place], 0))
        made[name] = train.take(at[:_PER_CLASS])
    return made
