"""Colour statistics of tissue taken to those of a reference (Reinhard)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.fields import option
from tamiz.data.image import Image
from tamiz.steps.optical_density import (
    check_numbers,
    colour_pixels,
    densities_of,
    mean_density,
    plain,
)
from tamiz.steps.registry import STEPS

# Reinhard et al. 2001: RGB to the cones' responses (their eq. 4), and the logarithms of these to
# l (light), alpha (yellow against blue), beta (red against green) (their eq. 6).
_RGB_TO_LMS: Final = np.array(
    [[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]]
)
_LOG_LMS_TO_LAB: Final = np.diag([3**-0.5, 6**-0.5, 2**-0.5]) @ np.array(
    [[1.0, 1.0, 1.0], [1.0, 1.0, -2.0], [1.0, -1.0, 0.0]]
)
_LEAST_DEVIATION: Final = 0.002  # below it a channel is one colour and rounding


@dataclass(frozen=True, slots=True)
class _Statistics:
    mean: NDArray[np.float64]  # (3,)
    deviation: NDArray[np.float64]  # (3,)


@STEPS.add("reinhard")
@dataclass(frozen=True, slots=True)
class Reinhard:
    """Mean and standard deviation of tissue, in l-alpha-beta, made those of a reference.

    The space is the paper's own (Ruderman's l-alpha-beta, natural logarithms, RGB from 1 to 256),
    not CIE L*a*b*: its logarithms suit transmitted light. `learn = "target"` takes the median
    over the training tiles as target; the default target is the median over 14 H&E tiles without
    ink (shared/data/slides/tiles, measured by tests/steps/test_stain.py). HistomicsTK's usual
    numbers do not fit here: they hold the white between the tissue too.

    Tissue is every pixel of mean density `beta` or more; lighter ones change in proportion, so
    that white stays white without an edge. Unchanged stays a tile with fewer than `min_tissue_px`
    pixels of tissue, and one in which a channel does not vary (of one colour, grey).

    Raises:
        WrongUse: the target's means or deviations are not three numbers, deviations above 0.

    Source: E. Reinhard et al., Color transfer between images, IEEE Computer Graphics and
    Applications 21 (5), 2001, 34-41; tissue only: the practice of HistomicsTK.
    """

    name: ClassVar[str] = "reinhard"

    target_mean: list[float] = option([8.646391, -0.11149, 0.042141])
    target_deviation: list[float] = option([0.428601, 0.065044, 0.023306])
    learn: str = option("nothing", choices=("nothing", "target"))
    beta: float = option(0.15, low=0.01, high=2.0)
    background: int = option(240, low=1, high=255)
    min_tissue_px: int = option(100, low=3)

    def __post_init__(self) -> None:
        check_numbers("reinhard.target_mean", self.target_mean, 3, -20.0)
        check_numbers("reinhard.target_deviation", self.target_deviation, 3, 0.001)

    def fit(self, images: Iterable[Image]) -> Self:
        """Return the step with its target measured, if `learn` asks for it.

        Raises:
            WrongData: none of the images shows enough tissue, or one has no 8-bit colours.
        """
        if self.learn == "nothing":
            return self
        measured = [self._measured(image) for image in images]
        found = [one for one in measured if one is not None]
        if not found:
            raise WrongData.of("stain.nothing_to_learn", step=self.name, n=len(measured))
        return replace(
            self,
            target_mean=plain(np.median([one.mean for one in found], axis=0)),
            target_deviation=plain(np.median([one.deviation for one in found], axis=0)),
            learn="nothing",
        )

    def __call__(self, image: Image) -> Image:
        """Return the tile with the target's statistics.

        Raises:
            WrongData: the image has no 8-bit colours.
            WrongUse: `learn` asks for training images, and the step has seen none.
        """
        if self.learn != "nothing":
            raise WrongUse.of("stain.not_fitted", step=self.name, learn=self.learn)
        pixels = colour_pixels(image, self.name)
        tissue = self._tissue_shares(pixels)
        logs = _log_lms(pixels)
        own = self._statistics(logs, tissue)
        if own is None:
            return image
        # (logs -> lab -> scaled and moved -> logs) is one linear map in the cones' logarithms
        scale = np.array(self.target_deviation) / own.deviation
        back = np.linalg.inv(_LOG_LMS_TO_LAB)
        change = (back * scale @ _LOG_LMS_TO_LAB).T.astype(np.float32)
        move = (back @ (np.array(self.target_mean) - scale * own.mean)).astype(np.float32)
        moved = np.clip(logs @ change + move, -10.0, 10.0)  # ln 256 is 5.5
        wanted = np.exp(moved) @ np.linalg.inv(_RGB_TO_LMS).T.astype(np.float32) - np.float32(1)
        wanted = np.clip(wanted, 0.0, 255.0)
        mixed = pixels + tissue[..., None] * (wanted - pixels)
        return replace(image, pixels=np.clip(mixed + 0.5, 0.0, 255.5).astype(np.uint8))

    def _measured(self, image: Image) -> _Statistics | None:
        pixels = colour_pixels(image, self.name)
        return self._statistics(_log_lms(pixels), self._tissue_shares(pixels))

    def _tissue_shares(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (height, width), 1.0 on tissue, down to 0.0 on the background and brighter."""
        share = mean_density(densities_of(pixels, self.background)) / np.float32(self.beta)
        return np.clip(share, np.float32(0), np.float32(1), out=share)

    def _statistics(
        self, logs: NDArray[np.float32], tissue: NDArray[np.float32]
    ) -> _Statistics | None:
        """Return the tissue's statistics; None when there is too little or one colour only."""
        chosen = logs[tissue >= 1.0].astype(np.float64)
        if len(chosen) < self.min_tissue_px:
            return None
        covariance = np.cov(chosen, rowvar=False)
        variance = np.einsum("ij,jk,ik->i", _LOG_LMS_TO_LAB, covariance, _LOG_LMS_TO_LAB)
        deviation = np.sqrt(np.maximum(variance, 0.0))
        if deviation.min() < _LEAST_DEVIATION:
            return None
        return _Statistics(_LOG_LMS_TO_LAB @ chosen.mean(axis=0), deviation)


def _log_lms(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (height, width, 3), natural logarithms of the cones' responses to values 1..256."""
    responses = (pixels.astype(np.float32) + np.float32(1)) @ _RGB_TO_LMS.T.astype(np.float32)
    logs: NDArray[np.float32] = np.log(responses)
    return logs
