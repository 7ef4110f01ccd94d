"""What baselines see of an image: a thumbnail, and descriptors of a small copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.predictions import Predictions
from tamiz.descriptors.described import Described
from tamiz.models.descriptors import DescriptorsOptions

if TYPE_CHECKING:
    from tamiz.engine.prepared import PreparedImages

BASELINE: Final = "descriptors"
_THUMBNAIL_SIDE: Final = 14
_DESCRIBED_SIDE: Final = 28  # larger images are averaged down: the baseline must cost little
_SMALLEST_SIDE: Final = 8
_CELLS: Final = 5  # on a side
_BATCH: Final = 1024
_MOST_ROWS: Final = 12_000
_COMPONENTS: Final = 128
_STRENGTH: Final[Mapping[str, float]] = {"C": 0.01}

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class BaselineVectors:
    """What baselines see of some rows.

    Attributes:
        thumbnails: (n, features), each image averaged down to at most 14 x 14 pixels per channel.
        described: (n, k) descriptors, three digits being enough; None where the baseline on them
            is not wanted.
    """

    thumbnails: Floats
    described: Halves | None = None

    def take(self, at: NDArray[np.int64]) -> BaselineVectors:
        """Return the rows at these positions."""
        found = None if self.described is None else self.described[at]
        return BaselineVectors(self.thumbnails[at], found)


def described_for(shape: tuple[int, int, int]) -> Described | None:
    """Return the descriptors of the baseline; None where images are too small or odd for it."""
    side, _, n_channels = shape
    if n_channels not in {1, 3} or side < _SMALLEST_SIDE:
        return None
    small = min(side, _DESCRIBED_SIDE)
    words = f"hog:cell_px={max(1, small // _CELLS)},colour-histogram"
    return Described.from_words(words, (small, small))


def baseline_vectors(
    images: PreparedImages, positions: NDArray[np.int64], described: Described | None = None
) -> BaselineVectors:
    """Return what baselines see of the rows at `positions`, in one pass over the images."""
    side = images.shape[0]
    shrink = _shrinking(side, min(side, _THUMBNAIL_SIDE))
    small = _shrinking(side, min(side, _DESCRIBED_SIDE))
    groups = [positions[start : start + _BATCH] for start in range(0, len(positions), _BATCH)]
    thumbnails, found = [], []
    for batch in images.batches(groups):
        pixels = batch.numpy().astype(np.float32)
        thumbnails.append((shrink @ pixels @ shrink.T).reshape(len(pixels), -1))
        if described is not None:
            copies = np.rint(small @ pixels @ small.T).clip(0, 255).astype(np.uint8)
            rows = described(np.ascontiguousarray(copies.transpose(0, 2, 3, 1)))
            found.append(rows.astype(np.float16))
    return BaselineVectors(np.concatenate(thumbnails), np.concatenate(found) if found else None)


def descriptor_predictions(
    train: Halves, targets: NDArray[np.int64], rows: Halves, like: Predictions
) -> Predictions | None:
    """Return what a logistic regression on descriptors says of the rows of `like`.

    Nothing is chosen: 128 principal components of the scaled columns, at most 12,000 training
    rows, one strength. None where training rows lack a class or are described alike.

    Args:
        train: (n, k) descriptors of training rows.
        targets: (n,) their classes.
        rows: (m, k) of the rows of `like`.
        like: whose items, groups, targets and classes to take over.
    """
    import torch

    from tamiz.engine.classical.fitting import Sample, even_rows, fit_one
    from tamiz.engine.infer import softmax

    at = even_rows(targets, _MOST_ROWS)
    sample = Sample(train[at].astype(np.float32), targets[at].astype(np.int64), at)
    n_classes = len(like.classes)
    has_all = np.array_equal(np.unique(sample.targets), np.arange(n_classes))
    if not has_all or (sample.values.max(axis=0) == sample.values.min(axis=0)).all():
        return None
    options = DescriptorsOptions(classifier="logistic", project=_COMPONENTS)
    fitted = fit_one(sample, options, _STRENGTH, ((), 0))
    module = fitted.arrays.module("logistic", fitted.columns.n_inputs, n_classes)
    starts = range(0, len(rows), _BATCH)
    parts = [fitted.columns(rows[one : one + _BATCH].astype(np.float32)) for one in starts]
    with torch.inference_mode():
        scores = module(torch.from_numpy(np.concatenate(parts))).numpy()
    return replace(like, probabilities=softmax(scores), bundle=f"baseline:{BASELINE}")


def _shrinking(side: int, size: int) -> Floats:
    """Return (size, side): each row averages a run of pixels."""
    made = np.zeros((size, side), np.float32)
    for row, (start, stop) in enumerate(pairwise(np.linspace(0, side, size + 1))):
        pixels = np.arange(side)
        covered = np.clip(np.minimum(pixels + 1, stop) - np.maximum(pixels, start), 0, 1)
        made[row] = covered / covered.sum()
    return made
