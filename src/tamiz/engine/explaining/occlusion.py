"""Occlusion: by how much the probability falls when a part of the image is hidden."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.engine.explaining.registry import EXPLAINERS, Map
from tamiz.engine.explaining.subject import Subject


@EXPLAINERS.add("occlusion")
class Occlusion:
    """A square of the baseline's colour is moved over the image; a pixel has the mean fall.

    Works with any network. Values are falls of the class's probability, in shares of 1, as
    `predict` gives them; below 0 where hiding made the class more probable.

    Source: Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", ECCV,
    section 4.2; the mean over all squares that cover a pixel is ours.
    """

    is_signed: ClassVar[bool] = True
    is_of_class: ClassVar[bool] = True

    def check(self, subject: Subject) -> None:
        """Raise `WrongUse` where the squares are no shares, or would leave gaps."""
        how = subject.how
        if not 0 < how.stride <= how.patch <= 1:
            raise WrongUse.of(
                "explaining.bad_patch", where="--patch", patch=how.patch, stride=how.stride
            )

    def explain(self, subject: Subject, pixels: NDArray[np.uint8], target: int) -> Map:
        """Return the map."""
        height, width, _ = subject.shape
        rows, columns = (_places(side, subject) for side in (height, width))
        boxes = [(top, left) for top in rows for left in columns]
        side = (_patch(height, subject), _patch(width, subject))
        before = float(subject.probabilities(pixels[np.newaxis])[0, target])
        hidden = np.repeat(pixels[np.newaxis], len(boxes), axis=0)
        for image, (top, left) in zip(hidden, boxes, strict=True):
            image[top : top + side[0], left : left + side[1]] = subject.fill
        falls = before - subject.probabilities(hidden)[:, target]
        sums, counts = np.zeros((height, width)), np.zeros((height, width))
        for fall, (top, left) in zip(falls, boxes, strict=True):
            sums[top : top + side[0], left : left + side[1]] += fall
            counts[top : top + side[0], left : left + side[1]] += 1
        facts = {"probability": before, "largest_fall": float(falls.max())}
        return Map(sums / counts, facts, grid=(len(rows), len(columns)))


def _patch(side: int, subject: Subject) -> int:
    return max(1, round(side * subject.how.patch))


def _places(side: int, subject: Subject) -> list[int]:
    """Return where squares begin, evenly from edge to edge, at most a stride apart."""
    last = side - _patch(side, subject)
    step = max(1, round(side * subject.how.stride))
    return [round(at * last / n) for at in range(n + 1)] if (n := -(-last // step)) else [0]
