"""Drawn tile embeddings with a known truth: a few shifted tiles decide, every slide is stained.

Tiles of a slide are standard normal, plus a shift that all tiles of the slide share (its stain,
thickness, scanner), plus, in slides of class 1, a small share of tiles that lie farther along one
hidden direction. What the shifted tiles add to the slide's mean is small beside the stain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.engine.bags import Bags
from tamiz.metrics.intervals import measure
from tamiz.metrics.pooling import pooled
from tamiz.metrics.registry import METRICS
from tamiz.metrics.sums import sums_of


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn.

    Attributes:
        n_patients: half of each class (rounded).
        most_slides: slides of a patient, from 1 to so many.
        n_tiles: of a slide, from half of it to one and a half times.
        n_features: numbers for a tile.
        share: of the tiles of a slide of class 1 that are shifted, one at least.
        strength: how far, in standard deviations of a tile.
        stain: standard deviation, between slides, of the shift that a slide's tiles share.
    """

    n_patients: int = 200
    most_slides: int = 2
    n_tiles: int = 200
    n_features: int = 32
    share: float = 0.02
    strength: float = 8.0
    stain: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Drawn slides; `is_shifted` holds for each tile whether it tells the class."""

    bags: Bags
    targets: np.ndarray
    groups: np.ndarray
    is_shifted: np.ndarray


def draw(drawing: Drawing, seed: int) -> Drawn:
    """Return the slides of `drawing.n_patients` patients; same seed, same slides."""
    rng = np.random.default_rng([seed, 77])
    direction = rng.normal(size=drawing.n_features)
    direction *= drawing.strength / np.linalg.norm(direction)
    slides, targets, groups, shifted = [], [], [], []
    for patient, target in enumerate(rng.permutation(np.arange(drawing.n_patients) % 2)):
        for _ in range(int(rng.integers(1, drawing.most_slides + 1))):
            n = int(rng.integers(drawing.n_tiles // 2, drawing.n_tiles * 3 // 2 + 1))
            tiles = rng.normal(size=(n, drawing.n_features))
            tiles += drawing.stain * rng.normal(size=drawing.n_features)
            is_shifted = np.zeros(n, dtype=bool)
            if target:
                n_shifted = max(1, round(drawing.share * n))
                is_shifted[rng.choice(n, n_shifted, replace=False)] = True
            tiles[is_shifted] += direction
            slides.append(tiles.astype(np.float32))
            targets.append(int(target))
            groups.append(f"patient{patient:04d}")
            shifted.append(is_shifted)
    return Drawn(Bags.stacked(slides), np.array(targets), np.array(groups), np.concatenate(shifted))


def parts(groups: np.ndarray, shares: tuple[float, float] = (0.5, 0.15)) -> list[np.ndarray]:
    """Return the positions of training, validation and test slides; patients stay together."""
    patients = np.unique(groups)  # classes were shuffled over patients when they were drawn
    edges = np.round(np.cumsum(shares) * len(patients)).astype(int)
    return [np.flatnonzero(np.isin(groups, part)) for part in np.split(patients, edges)]


def auroc_of_patients(probabilities: np.ndarray, targets: np.ndarray, groups: np.ndarray) -> float:
    """Return the AUROC of class 1 over patients, whose slides share one class."""
    return float(
        METRICS.get("auroc").formula(sums_of(_patients(probabilities, targets, groups)))[0]
    )


def auroc_range(
    probabilities: np.ndarray, targets: np.ndarray, groups: np.ndarray
) -> tuple[float, float]:
    """Return its 95 % interval (bootstrap over patients)."""
    found = measure(_patients(probabilities, targets, groups), EvaluateOptions(resamples=1000))
    estimate = found.overall["auroc"]
    if estimate.low is None or estimate.high is None:
        raise ValueError("too few patients for an interval")
    return estimate.low, estimate.high


def _patients(probabilities: np.ndarray, targets: np.ndarray, groups: np.ndarray) -> Predictions:
    names = groups.astype(np.str_)
    return pooled(Predictions(("0", "1"), names, names, targets.astype(np.int64), probabilities))
