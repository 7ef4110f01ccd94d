"""Images of which those of one super batch at a time are held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tamiz.core.events import OnEvent, ignore
from tamiz.data.contracts import Step
from tamiz.engine.decoding import Prepare, Row, decode_into
from tamiz.engine.loader import Loader
from tamiz.engine.prepared import MakeReader, Positions, Preparation


class Shelf:
    """Prepared images that are decoded when their super batch begins, and forgotten after it.

    What is asked for and not held is decoded there and then (by the loader's processes where it
    is much). Nothing is written to disk.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        make_reader: MakeReader,
        steps: Sequence[Step],
        how: Preparation,
        on_event: OnEvent,
    ) -> None:
        self.shape = how.shape
        self._rows, self._make_reader, self._steps = rows, make_reader, steps
        self._how, self._on_event = how, on_event
        self._loader = Loader(rows, make_reader, steps, how)
        self._held = np.zeros(0, dtype=np.int64)  # positions, ascending
        self._pixels = np.zeros((0, *how.shape), dtype=np.uint8)

    def __len__(self) -> int:
        return len(self._rows)

    def shared_by(self, n: int) -> Shelf:
        """Return the same images for one of `n` processes: nothing held, its share of threads."""
        how = replace(self._how, workers=max(1, self._how.n_workers // n))
        return Shelf(self._rows, self._make_reader, self._steps, how, ignore)

    @property
    def n_held(self) -> int:
        """Return how many images are in memory now."""
        return len(self._held)

    def hold(self, positions: Positions, besides: Positions | None = None) -> None:
        """Hold exactly the images at these positions (ascending); those held already stay.

        `besides` are those of the validation part, held as long as both fit. A super batch that
        is larger than `memory_mib` is not held: its images are decoded again each time.

        Raises:
            UnreadableItem: an image does not decode; it names the path.
        """
        both = positions if besides is None else np.union1d(positions, besides)
        if self._how.fits(len(both)):
            positions = both
        elif not self._how.fits(len(positions)):
            positions = positions[:0]
        if np.array_equal(positions, self._held):
            return
        stays = np.isin(positions, self._held)
        pixels = np.empty((len(positions), *self.shape), dtype=np.uint8)
        pixels[stays] = self._pixels[np.searchsorted(self._held, positions[stays])]
        self._held, self._pixels = positions[:0], self._pixels[:0]  # the old ones may go now
        self._decode(positions, np.flatnonzero(~stays), pixels)
        self._held, self._pixels = positions, pixels

    def batch(self, positions: Positions) -> Tensor:
        """Return (batch, channels, height, width) uint8, channels-last in memory."""
        if not self._are_held(positions):
            return self._loader.batch(positions)
        rows = self._pixels[np.searchsorted(self._held, positions)]
        return torch.from_numpy(rows).permute(0, 3, 1, 2)

    def batches(self, groups: Sequence[Positions]) -> Iterator[Tensor]:
        """Yield `batch(group)` for each group."""
        if all(self._are_held(group) for group in groups):
            yield from map(self.batch, groups)
        else:
            yield from self._loader.batches(groups)

    def _are_held(self, positions: Positions) -> bool:
        return bool(np.isin(positions, self._held).all())

    def _decode(self, positions: Positions, places: Positions, into: NDArray[np.uint8]) -> None:
        if len(places):
            rows = [self._rows[position] for position in positions[places]]
            prepare = Prepare(self._make_reader(), tuple(self._steps), self.shape)
            decode_into(into, places, rows, prepare, self._how.n_workers, self._on_event)
