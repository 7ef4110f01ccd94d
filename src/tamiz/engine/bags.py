"""Tile embeddings of many slides in one table: each slide is a bag of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.language import say

Tiles = NDArray[np.float32]
Positions = Sequence[int] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """The tiles of each slide, slide after slide.

    Attributes:
        values: (n_tiles, n_features) float32; may be mapped from a file.
        starts: (n_slides + 1,) int64: slide i has the rows starts[i]:starts[i + 1]; none where no
            tissue was found.
        names: (n_slides,) what to call the slides in messages; empty: by their numbers.
    """

    values: Tiles
    starts: NDArray[np.int64]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype != np.float32:
            raise ValueError(f"tiles are float32 rows, not {self.values.dtype} {self.values.shape}")
        starts = self.starts
        if starts.ndim != 1 or len(starts) == 0 or starts[0] != 0 or (np.diff(starts) < 0).any():
            raise ValueError("starts must be one row of numbers that begin with 0 and never fall")
        if starts[-1] != len(self.values):
            raise ValueError(f"starts end at {starts[-1]}, there are {len(self.values)} tiles")
        if self.names and len(self.names) != len(self):
            raise ValueError(f"{len(self.names)} names for {len(self)} slides")

    @classmethod
    def stacked(
        cls, slides: Sequence[Tiles], names: Sequence[str] = (), *, n_features: int = 0
    ) -> Self:
        """Return the bags of slides given one by one, (tiles, features) each.

        Args:
            slides: one table for each slide; zero rows where no tissue was found.
            names: what to call them.
            n_features: width of the table when there is no slide to tell it.
        """
        starts = np.zeros(len(slides) + 1, dtype=np.int64)
        np.cumsum([len(one) for one in slides], out=starts[1:])
        width = slides[0].shape[1] if slides else n_features
        values = np.concatenate(slides) if slides else np.empty((0, width))
        return cls(values.astype(np.float32, copy=False), starts, tuple(names))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def n_features(self) -> int:
        """Return how many numbers describe a tile."""
        return int(self.values.shape[1])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return (n_slides,): how many tiles each slide has."""
        return np.diff(self.starts)

    def of(self, slide: int) -> Tiles:
        """Return (tiles, features) of one slide; a view."""
        return self.values[self.starts[slide] : self.starts[slide + 1]]

    def name_of(self, slide: int) -> str:
        """Return what to call a slide in messages; numbers count from 1."""
        return self.names[slide] if self.names else say("mil.slide", n=slide + 1)

    def take(self, slides: Positions) -> Self:
        """Return the bags of these slides, in this order; a copy."""
        at = np.asarray(slides, dtype=np.int64).tolist()
        names = [self.names[slide] for slide in at] if self.names else []
        if not at:
            return type(self)(self.values[:0], np.zeros(1, dtype=np.int64))
        return self.stacked([self.of(slide) for slide in at], names)

    def check_finite(self, slides: Positions | None = None) -> None:
        """Raise if a tile of these slides (None: of any) holds a NaN or an infinity.

        Raises:
            WrongData: it names the first such slide.
        """
        for slide in range(len(self)) if slides is None else slides:
            n_bad = int(np.count_nonzero(~np.isfinite(self.of(slide))))
            if n_bad:
                raise WrongData.of("mil.not_finite", where=self.name_of(slide), n=n_bad)

    def iterate(self, slides: Positions) -> Iterator[Tiles]:
        """Yield (tiles, features) of these slides, one after another."""
        for slide in slides:
            yield self.of(int(slide))


@dataclass(frozen=True, slots=True)
class Scale:
    """What makes features comparable: minus `mean`, divided by `std`, both (n_features,)."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32]


def scale_of(bags: Bags, slides: Positions) -> Scale:
    """Return mean and standard deviation of the features; every slide that has tiles weighs alike.

    A feature that never changes has standard deviation 1.
    """
    total = np.zeros((2, bags.n_features))
    pivot = np.zeros(bags.n_features)
    n = 0
    for tiles in bags.iterate(slides):
        if len(tiles) == 0:
            continue
        exact = tiles.astype(np.float64)
        if n == 0:
            pivot = exact.mean(axis=0)  # squares of what is left do not cancel
        exact -= pivot
        total += exact.mean(axis=0), np.square(exact).mean(axis=0)
        n += 1
    shift, square = total / max(1, n)
    std = np.sqrt(np.maximum(square - np.square(shift), 0.0))
    smallest = 1e-6 * np.maximum(1e-6, np.abs(pivot + shift))  # below it: rounding, not spread
    return Scale(
        (pivot + shift).astype(np.float32), np.where(std > smallest, std, 1.0).astype(np.float32)
    )


def slide_weights(
    targets: NDArray[np.int64], groups: Sequence[str] | NDArray[Any], *, balance: bool
) -> NDArray[np.float64]:
    """Return (n,), mean 1: what slides weigh when patients weigh alike, and classes if `balance`.

    A patient's weight is shared among their slides. Where a patient has slides of several classes,
    each class counts the share of the patient that it has.
    """
    codes, n_groups = number_groups(groups)
    made: NDArray[np.float64] = 1.0 / np.bincount(codes, minlength=n_groups)[codes]
    if balance and len(targets):
        made = made / np.bincount(targets, made)[targets]
    return made * (len(made) / made.sum()) if len(made) else made


def number_groups(groups: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Return (n,) numbers of the groups in order of first appearance, and how many there are."""
    known: dict[Any, int] = {}
    codes = [known.setdefault(one, len(known)) for one in np.asarray(groups).tolist()]
    return np.array(codes, dtype=np.int64), len(known)


@dataclass(frozen=True, slots=True)
class Part:
    """Slides that have tiles, with what they weigh; weights have mean 1."""

    slides: NDArray[np.int64]
    targets: NDArray[np.int64]
    weights: NDArray[np.float64]
    units: NDArray[np.int64]  # slides of one patient and one class have one number


def part_of(
    bags: Bags,
    targets: NDArray[np.int64],
    groups: Sequence[str] | NDArray[Any],
    positions: Positions,
    *,
    balance: bool,
) -> Part:
    """Return the slides at these positions that have tiles, weighed by `slide_weights`."""
    at = np.asarray(positions, dtype=np.int64)
    at = at[bags.lengths[at] > 0]
    of_these = np.asarray(targets, dtype=np.int64)[at]
    patients = np.asarray(groups)[at]
    weights = slide_weights(of_these, patients, balance=balance)
    pairs = list(zip(patients.tolist(), of_these.tolist(), strict=True))
    known = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    units = np.array([known[pair] for pair in pairs], dtype=np.int64)
    return Part(at, of_these, weights, units)


def log_loss(probabilities: NDArray[np.float64], part: Part) -> float:
    """Return the weighted mean over patients of -log of the mean probability of what is true."""
    of_true = probabilities[np.arange(len(part.targets)), part.targets]
    mean = np.bincount(part.units, of_true) / np.bincount(part.units)
    weight = np.bincount(part.units, part.weights)
    return float(-(weight * np.log(np.maximum(mean, 1e-15))).sum() / weight.sum())
