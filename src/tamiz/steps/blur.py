"""Gaussian blur."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.core.fields import option
from tamiz.data.image import Image
from tamiz.steps.registry import STEPS

# What OpenCV uses up to nine pixels where no sigma is given.
_SMALL: Final[dict[int, tuple[float, ...]]] = {
    1: (1,),
    3: (1, 2, 1),
    5: (1, 4, 6, 4, 1),
    7: (2, 7, 14, 18, 14, 7, 2),
    9: (4, 13, 30, 51, 60, 51, 30, 13, 4),
}


@STEPS.add("blur")
@dataclass(frozen=True, slots=True)
class Blur:
    """A Gaussian of `kernel_px` x `kernel_px` pixels, as cv2.GaussianBlur(image, (k, k), 0).

    Up to 9 pixels the weights are OpenCV's tables; beyond, sigma = 0.3 ((k - 1) / 2 - 1) + 0.8.
    Edges are mirrored without repeating the outermost pixel. 8-bit values are rounded to nearest.

    Raises:
        WrongUse: `kernel_px` is even, or below 1.
    """

    name: ClassVar[str] = "blur"
    kernel_px: int = option(5, low=1, high=99)

    def __post_init__(self) -> None:
        if self.kernel_px < 1 or self.kernel_px % 2 == 0:
            raise WrongUse.of("steps.even_kernel", n=self.kernel_px)

    def fit(self, images: Iterable[Image]) -> Self:  # noqa: ARG002
        """Return the step itself: nothing is learnt."""
        return self

    def __call__(self, image: Image) -> Image:
        """Return the blurred image, of the same type."""
        weights = _weights(self.kernel_px)
        values = image.pixels.astype(np.float32)
        for axis in (0, 1):
            values = _along(values, weights, axis)
        dtype = image.pixels.dtype
        made: Any = values if dtype.kind == "f" else np.rint(values)
        return replace(image, pixels=made.astype(dtype))


def _weights(n: int) -> NDArray[np.float32]:
    if n in _SMALL:
        raw = np.array(_SMALL[n], dtype=np.float64)
    else:
        sigma = 0.3 * ((n - 1) * 0.5 - 1) + 0.8
        raw = np.exp(-0.5 * ((np.arange(n) - n // 2) / sigma) ** 2)
    return np.asarray(raw / raw.sum(), dtype=np.float32)


def _along(
    values: NDArray[np.float32], weights: NDArray[np.float32], axis: int
) -> NDArray[np.float32]:
    """Return the values averaged with their neighbours along an axis."""
    n, half = values.shape[axis], len(weights) // 2
    if n == 1:
        return values
    at = np.abs(np.arange(-half, n + half))
    at = at % (2 * n - 2)
    at = np.minimum(at, 2 * n - 2 - at)
    padded = np.take(values, at, axis=axis)
    made = np.zeros_like(values)
    for offset, weight in enumerate(weights):
        part = [slice(None)] * values.ndim
        part[axis] = slice(offset, offset + n)
        made += weight * padded[tuple(part)]
    return made
