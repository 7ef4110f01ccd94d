"""Rows to the pixels that a network reads, many at a time, on the engine in force; no torch here.

Workers elsewhere load what their work needs, and torch takes longer to load than many parts take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.data.contracts import ReadImage, Step
from tamiz.steps.apply import prepare_image
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

Row = tuple[str, int]  # path relative to the root, frame
_CHUNK = 64
_PART_BYTES = 8 << 20  # of pixels that a worker elsewhere sends at once


@dataclass(frozen=True, slots=True)
class Prepare:
    """From a row to what the network reads.

    Attributes:
        read: decodes.
        steps: from the decoded image to the input.
        shape: (height, width, channels) of the input.
    """

    read: ReadImage
    steps: tuple[Step, ...]
    shape: tuple[int, int, int]

    def __call__(self, row: Row) -> NDArray[np.uint8]:
        """Return one image as the network reads it.

        Raises:
            UnreadableItem: it does not decode.
            WrongData: it has another shape than `shape`.
        """
        pixels = prepare_image(self.read(*row), self.steps)
        if pixels.shape != self.shape:
            raise WrongData.of(
                "engine.wrong_shape", where=row[0], found=pixels.shape, wanted=self.shape
            )
        return pixels

    def many(self, rows: Sequence[Row]) -> NDArray[np.uint8]:
        """Return (n, height, width, channels), at least one row."""
        return np.stack([self(row) for row in rows])


def decode_into(
    pixels: NDArray[np.uint8],
    places: NDArray[np.int64],
    rows: Sequence[Row],
    prepare: Prepare,
    n_workers: int,
    on_event: OnEvent = ignore,
) -> None:
    """Write row i's image to `pixels[places[i]]`; many at a time, on the engine in force.

    Raises:
        UnreadableItem: an image does not decode; it names the path.
        WrongData: it has another shape than it should.
    """
    wishes = Wishes(n_threads=max(1, n_workers), what="train")
    size = _CHUNK
    if is_elsewhere():  # pixels are copied between processes: parts of a bounded size
        size = max(1, min(_CHUNK, _PART_BYTES // int(np.prod(prepare.shape))))
    starts = range(0, len(rows), size)
    words = text("engine.decoding", n=len(rows))
    told = partial(track, on_event=on_event, stage="train", text=words, total=len(starts))
    if is_elsewhere():
        parts = (rows[start : start + size] for start in starts)
        for start, made in zip(starts, told(in_order(prepare.many, parts, wishes)), strict=True):
            pixels[places[start : start + size]] = made
        return

    def fill(start: int) -> None:
        for place, row in zip(
            places[start : start + size], rows[start : start + size], strict=True
        ):
            pixels[place] = prepare(row)

    for _ in told(in_order(fill, starts, wishes)):
        pass
