"""Training batches: which items, in which order, changed how; a function of seed and epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.keyed import Keys, keyed_order, keyed_uniforms
from tamiz.engine.prepared import Positions, PreparedImages

_BLOCK = 256  # batches whose random numbers are drawn together


@dataclass(frozen=True, slots=True)
class Rows:
    """Images with what is known about them.

    Attributes:
        images: the pixels.
        targets: (n,) int64, index of the class of every row of `images`.
        item_keys: (n,) uint64, from `keyed.item_keys_of`.
        train: positions of the training rows.
        val: positions of the validation rows; may be empty.
        classes: names in the order of the targets.
    """

    images: PreparedImages
    targets: NDArray[np.int64]
    item_keys: Keys
    train: Positions
    val: Positions
    classes: tuple[str, ...]


class Feed:
    """The training rows in batches of nearly equal size; any epoch, from any batch on."""

    def __init__(
        self, rows: Rows, batch_size: int, pipeline: Pipeline, seed: int, device: torch.device
    ) -> None:
        self._rows, self._pipeline, self._device = rows, pipeline, device
        self._targets = torch.from_numpy(rows.targets)
        self._seed = seed
        self.n_batches = -(-len(rows.train) // batch_size)

    def groups(self, epoch: int) -> Sequence[Positions]:
        """Return the positions of each batch of `epoch`."""
        keys = self._rows.item_keys[self._rows.train]
        order = keyed_order(derive_seed(self._seed, "order"), epoch, keys)
        return np.array_split(self._rows.train[order], self.n_batches)

    def batches(self, epoch: int, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (images, targets) on the device, from batch number `first` on."""
        groups = self.groups(epoch)[first:]
        uniforms = self._uniforms(epoch, groups)
        for group, images in zip(groups, self._rows.images.batches(groups), strict=True):
            made = self._pipeline(images, next(uniforms)) if self._pipeline.parts else images
            targets = self._targets[torch.from_numpy(group)]
            if self._device.type != "cpu":
                made, targets = made.to(self._device), targets.to(self._device)
            yield made, targets

    def _uniforms(self, epoch: int, groups: Sequence[Positions]) -> Iterator[Tensor]:
        seed = derive_seed(self._seed, "augment")
        for start in range(0, len(groups), _BLOCK):
            block = groups[start : start + _BLOCK]
            keys = self._rows.item_keys[np.concatenate(block)]
            drawn = keyed_uniforms(seed, epoch, keys, self._pipeline.n_uniforms)
            ends = np.cumsum([len(group) for group in block])
            yield from map(torch.from_numpy, np.split(drawn, ends[:-1]))
