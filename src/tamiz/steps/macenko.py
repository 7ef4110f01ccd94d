"""Stain normalisation by optical densities (Macenko)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.fields import option
from tamiz.data.image import Image
from tamiz.steps.optical_density import (
    angle_between,
    check_numbers,
    check_stains,
    colour_pixels,
    densities_of,
    mean_density,
    pixels_of,
    plain,
)
from tamiz.steps.registry import STEPS

_SAMPLE_PX: Final = 16_384  # percentiles of more pixels cost time and move by less than a degree
_LEAST_ANGLE: Final = math.radians(5)  # nearer stains are one stain: their shares mean nothing
_LEAST_CONCENTRATION: Final = 0.02  # less would be stretched from noise


@dataclass(frozen=True, slots=True)
class Stains:
    """What a tile is stained with.

    Attributes:
        vectors: (2, 3), haematoxylin and eosin: densities in red, green and blue, length 1.
        most: (2,), the 99th percentile of each stain's concentration.
    """

    vectors: NDArray[np.float64]
    most: NDArray[np.float64]


@STEPS.add("macenko")
@dataclass(frozen=True, slots=True)
class Macenko:
    """The stains of an H&E tile replaced by those of a reference, pixel shares kept.

    `learn = "nothing"`: each tile's stains are measured and taken to the target, by default the
    reference that most programs use. `"target"`: the target becomes the median over the training
    tiles. `"source"`: one measurement, the median over the training tiles, serves for every tile,
    which suits sets of one laboratory and one scanner.

    Unchanged stays a tile with fewer than `min_tissue_px` pixels of mean density `beta` or more,
    and one in which two stains cannot be told apart (of one colour, grey, black). Colours that no
    mixture of the two stains gives (ink) become the nearest mixture. Pixels lighter than `beta`
    change in proportion, so that the background keeps its colour.

    A tile that holds one stain only, in several shades, is coloured too strongly, as with every
    measurement by the tile: `learn = "source"` avoids it.

    Raises:
        WrongUse: a matrix is no two directions, or concentrations are not two numbers above 0.

    Source: M. Macenko et al., A method for normalizing histology slides for quantitative
    analysis, ISBI 2009, 1107-1110; reference values: M. Veta's implementation of it
    (mitkovetta/staining-normalization), background 240. As in the paper, and unlike there, the
    plane of the stains passes through the origin (singular vectors of the densities, no mean
    taken off); concentrations are measured on tissue only, so that white area does not count.
    """

    name: ClassVar[str] = "macenko"

    target_stains: list[list[float]] = option([[0.5626, 0.7201, 0.4062], [0.2159, 0.8012, 0.5581]])
    target_concentrations: list[float] = option([1.9705, 1.0308])
    source_stains: list[list[float]] = option([])
    source_concentrations: list[float] = option([])
    learn: str = option("nothing", choices=("nothing", "target", "source"))
    beta: float = option(0.15, low=0.01, high=2.0)
    alpha: float = option(1.0, low=0.0, high=40.0)
    background: int = option(240, low=1, high=255)
    min_tissue_px: int = option(100, low=3)

    def __post_init__(self) -> None:
        check_stains("macenko.target_stains", self.target_stains)
        check_numbers("macenko.target_concentrations", self.target_concentrations, 2, 0.001)
        if bool(self.source_stains) != bool(self.source_concentrations):
            raise WrongUse.of("stain.half_a_source", where="macenko")
        if self.source_stains:
            check_stains("macenko.source_stains", self.source_stains)
            check_numbers("macenko.source_concentrations", self.source_concentrations, 2, 0.001)

    def fit(self, images: Iterable[Image]) -> Self:
        """Return the step with what `learn` asks for measured, as numbers that JSON holds.

        Raises:
            WrongData: none of the images shows enough tissue, or one has no 8-bit colours.
        """
        if self.learn == "nothing":
            return self
        measured = [self.measure(image) for image in images]
        stains = [one for one in measured if one is not None]
        if not stains:
            raise WrongData.of("stain.nothing_to_learn", step=self.name, n=len(measured))
        vectors = _unit_rows(np.median([one.vectors for one in stains], axis=0))
        rows = [plain(vector) for vector in vectors]
        most = plain(np.median([one.most for one in stains], axis=0))
        if self.learn == "target":
            return replace(self, target_stains=rows, target_concentrations=most, learn="nothing")
        return replace(self, source_stains=rows, source_concentrations=most, learn="nothing")

    def __call__(self, image: Image) -> Image:
        """Return the tile in the target's stains.

        Raises:
            WrongData: the image has no 8-bit colours.
            WrongUse: `learn` asks for training images, and the step has seen none.
        """
        if self.learn != "nothing":
            raise WrongUse.of("stain.not_fitted", step=self.name, learn=self.learn)
        densities = densities_of(colour_pixels(image, self.name), self.background)
        darkness = mean_density(densities)
        tissue = self._tissue(densities, darkness)
        source = None if tissue is None else self._source(tissue)
        if source is None:
            return image
        scale = np.array(self.target_concentrations) / source.most
        shares = np.linalg.pinv(source.vectors) * scale  # (3, 2)
        change = (shares @ np.array(self.target_stains)).astype(np.float32)
        share = np.clip(darkness / np.float32(self.beta), np.float32(0), np.float32(1))
        moved = densities @ (change - np.eye(3, dtype=np.float32))
        moved *= share[..., None]
        moved += densities
        return replace(image, pixels=pixels_of(moved, self.background))

    def measure(self, image: Image) -> Stains | None:
        """Return the tile's own stains, None where it shows too little tissue or one stain.

        Raises:
            WrongData: the image has no 8-bit colours.
        """
        densities = densities_of(colour_pixels(image, self.name), self.background)
        tissue = self._tissue(densities, mean_density(densities))
        return None if tissue is None else _measured(tissue, self.alpha)

    def _source(self, tissue: NDArray[np.float64]) -> Stains | None:
        if not self.source_stains:
            return _measured(tissue, self.alpha)
        return Stains(np.array(self.source_stains), np.array(self.source_concentrations))

    def _tissue(
        self, densities: NDArray[np.float32], darkness: NDArray[np.float32]
    ) -> NDArray[np.float64] | None:
        """Return (pixels, 3), an even sample of the tissue's densities; None when too little."""
        places = np.flatnonzero(darkness >= self.beta)
        if len(places) < self.min_tissue_px:
            return None
        sample = places[:: -(-len(places) // _SAMPLE_PX)]
        return densities.reshape(-1, 3)[sample].astype(np.float64)


def _measured(tissue: NDArray[np.float64], alpha: float) -> Stains | None:
    """Return the stains of (pixels, 3) densities; None when there are no two of them."""
    _, axes = np.linalg.eigh(tissue.T @ tissue)
    second, first = axes[:, 1], axes[:, 2]
    if first.sum() < 0:
        first = -first
    angles = np.arctan2(tissue @ second, tissue @ first)
    ends = np.percentile(angles, [alpha, 100 - alpha])
    directions = np.cos(ends)[:, None] * first + np.sin(ends)[:, None] * second
    vectors = _unit_rows(np.maximum(directions, 0.0))  # no stain sends more light than came in
    if angle_between(vectors) < _LEAST_ANGLE:
        return None
    if vectors[0, 0] < vectors[1, 0]:  # haematoxylin (blue) holds back more red than eosin (pink)
        vectors = vectors[::-1]
    most = np.percentile(tissue @ np.linalg.pinv(vectors), 99, axis=0)
    return None if most.min() < _LEAST_CONCENTRATION else Stains(vectors, most)


def _unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float64)
