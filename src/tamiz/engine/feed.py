"""Training batches: which items, in which order, changed how; a function of seed and epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tamiz.core.recipe import TrainOptions
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.keyed import Keys, keyed_uniforms
from tamiz.engine.ordering import Drawn, Ordering
from tamiz.engine.prepared import Positions, PreparedImages
from tamiz.engine.together.slices import WHOLE, Part, refuse_too_few
from tamiz.engine.together.team import ALONE, Team

_BLOCK = 256  # batches whose random numbers are drawn together


@dataclass(frozen=True, slots=True)
class Rows:
    """Images with what is known about them.

    Attributes:
        images: the pixels.
        targets: (n,) int64, index of the class of every row of `images`; or (n, K) float32, 1 for
            each label that an image has.
        item_keys: (n,) uint64, from `keyed.item_keys_of`.
        train: positions of the training rows.
        val: positions of the validation rows; may be empty.
        classes: names in the order of the targets.
        shard: (n,) int64, the super batch of each training row, from 0; None: there is one.
        teacher: (n, K) float32 scores that a teacher gives to each training row; None: no teacher.
        teacher_features: (n, d) float32 its features of each training row; None: not compared.
    """

    images: PreparedImages
    targets: NDArray[Any]
    item_keys: Keys
    train: Positions
    val: Positions
    classes: tuple[str, ...]
    shard: NDArray[np.int64] | None = None
    teacher: NDArray[np.float32] | None = None
    teacher_features: NDArray[np.float32] | None = None

    @property
    def is_multilabel(self) -> bool:
        """Return whether an image can have several labels."""
        return self.targets.ndim == 2


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step learns from.

    Attributes:
        images: (n, channels, height, width) uint8, or (n, features) float32.
        targets: (n,) int64 or (n, K) float32.
        teacher: (n, K) float32 scores of a teacher, None without one.
        teacher_features: (n, d) float32 its features, None where they are not compared.
        part: which rows of the whole batch these are.
    """

    images: Tensor
    targets: Tensor
    teacher: Tensor | None = None
    teacher_features: Tensor | None = None
    part: Part = WHOLE


class Feed:
    """The training rows in batches of nearly equal size; any epoch, from any batch on."""

    def __init__(
        self,
        rows: Rows,
        train: TrainOptions,
        pipeline: Pipeline,
        device: torch.device,
        team: Team = ALONE,
    ) -> None:
        self._rows, self._pipeline, self._device, self._team = rows, pipeline, device, team
        self._targets = torch.from_numpy(rows.targets)
        self._taught = [
            None if rows_of is None else torch.from_numpy(rows_of)
            for rows_of in (rows.teacher, rows.teacher_features)
        ]
        self._seed, self._accumulate = train.seed, train.accumulate
        self.ordering = Ordering(rows.item_keys, rows.targets, rows.train, rows.shard, train)
        by_shard = [-(-n // train.batch_size) for n in self.ordering.n_drawn()]
        self._n_batches = [n for n in by_shard for _ in range(train.epochs)]
        self._before = np.concatenate([[0], np.cumsum(self._n_batches)])
        for n_rows, n_batches in zip(self.ordering.n_drawn(), by_shard, strict=True):
            if team.n > 1:
                refuse_too_few(n_rows, n_batches, team.n)

    @property
    def n_epochs(self) -> int:
        """Return how many epochs there are, over all super batches."""
        return self.ordering.n_epochs

    @property
    def n_steps(self) -> int:
        """Return how many batches there are, over all epochs."""
        return int(self._before[-1])

    def n_batches(self, epoch: int) -> int:
        """Return how many batches epoch `epoch` has."""
        return self._n_batches[epoch]

    def is_last_shard(self, epoch: int) -> bool:
        """Return whether `epoch` trains on the last super batch."""
        return self.ordering.shard_of(epoch) >= self.ordering.n_shards - 1

    def step_of(self, epoch: int, batch: int) -> int:
        """Return the number of batches before batch `batch` of `epoch`."""
        return int(self._before[epoch]) + batch

    def ends_step(self, epoch: int, batch: int) -> bool:
        """Return whether the optimiser steps after batch `batch`: every so many, and at the end."""
        return (batch + 1) % self._accumulate == 0 or batch + 1 == self._n_batches[epoch]

    def n_in_step(self, epoch: int, batch: int) -> int:
        """Return how many batches the step that `batch` belongs to adds up."""
        first = batch - batch % self._accumulate
        return min(self._accumulate, self._n_batches[epoch] - first)

    def groups(self, epoch: int) -> Sequence[Positions]:
        """Return the positions of each batch of `epoch`."""
        return np.array_split(self.ordering.drawn(epoch).positions, self.n_batches(epoch))

    def batches(self, epoch: int, first: int = 0) -> Iterator[Batch]:
        """Yield the batches of `epoch` on the device, from batch number `first` on.

        Of several processes each gets its part. Where images of a batch are mixed with each
        other it makes the whole batch before it takes its part.
        """
        drawn = self.ordering.drawn(epoch)
        groups = np.array_split(drawn.positions, self.n_batches(epoch))[first:]
        parts = [self._team.part(len(group)) for group in groups]
        made = [WHOLE] * len(parts) if self._pipeline.mixes else parts
        uniforms = self._uniforms(epoch, drawn, first, made)
        images, places = self._images_of(epoch, drawn)
        asked = np.array_split(places, self.n_batches(epoch))[first:]
        asked = [part.of(group) for part, group in zip(made, asked, strict=True)]
        pixels_of = images.batches(asked)
        for group, part, now, pixels in zip(groups, parts, made, pixels_of, strict=True):
            at = torch.from_numpy(now.of(group))
            taught = [None if rows_of is None else rows_of[at] for rows_of in self._taught]
            batch = Batch(pixels, self._targets[at], taught[0], taught[1], part)
            if self._pipeline.parts:
                batch = self._changed(batch, next(uniforms))
            yield self._moved(batch if now is part else _cut(batch, part))

    def _images_of(self, epoch: int, drawn: Drawn) -> tuple[PreparedImages, Positions]:
        """Return the images as this epoch sees them, and where in them those drawn lie.

        Images on a shelf are brought to memory.
        """
        images: Any = self._rows.images
        if hasattr(images, "drawn"):
            seen = images.drawn(self._seed, epoch, drawn.positions, drawn.keys)
            return seen, np.arange(len(drawn.positions))
        if hasattr(images, "hold"):
            images.hold(np.unique(drawn.positions), self._rows.val)
        return self._rows.images, drawn.positions

    def _changed(self, batch: Batch, uniforms: Tensor) -> Batch:
        images, targets = self._pipeline(batch.images, uniforms), batch.targets
        if not self._pipeline.mixes:
            return replace(batch, images=images)
        if targets.ndim == 1:
            n_classes = len(self._rows.classes)
            targets = torch.nn.functional.one_hot(targets, n_classes).float()
        # What a teacher says of two images is mixed as they are, or it would speak of one alone.
        said = [targets, batch.teacher, batch.teacher_features]
        parts = [one for one in said if one is not None]
        images, mixed = self._pipeline.mix(images, torch.cat(parts, dim=1), uniforms)
        split = iter(torch.split(mixed, [part.shape[1] for part in parts], dim=1))
        targets = next(split)
        taught = [one if one is None else next(split) for one in said[1:]]
        return Batch(images, targets, taught[0], taught[1], batch.part)

    def _moved(self, batch: Batch) -> Batch:
        if self._device.type == "cpu":
            return batch
        taught = [
            None if one is None else one.to(self._device)
            for one in (batch.teacher, batch.teacher_features)
        ]
        images, targets = batch.images.to(self._device), batch.targets.to(self._device)
        return Batch(images, targets, taught[0], taught[1], batch.part)

    def _uniforms(
        self, epoch: int, drawn: Drawn, first: int, parts: Sequence[Part]
    ) -> Iterator[Tensor]:
        seed = derive_seed(self._seed, "augment")
        n_batches = self.n_batches(epoch)
        groups = np.array_split(drawn.keys, n_batches)[first:]
        keys = [part.of(group) for part, group in zip(parts, groups, strict=True)]
        for start in range(0, len(keys), _BLOCK):
            block = keys[start : start + _BLOCK]
            together = np.concatenate(block)
            made = keyed_uniforms(seed, epoch, together, self._pipeline.n_uniforms)
            ends = np.cumsum([len(group) for group in block])
            yield from map(torch.from_numpy, np.split(made, ends[:-1]))


def _cut(batch: Batch, part: Part) -> Batch:
    """Return the part's rows of a whole batch."""
    if not part.n:
        return batch
    rows = slice(part.first, part.last)
    taught = [one if one is None else one[rows] for one in (batch.teacher, batch.teacher_features)]
    return Batch(batch.images[rows], batch.targets[rows], taught[0], taught[1], part)
