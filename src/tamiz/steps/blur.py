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
# Their first halves; all of them add up to powers of two.
_WHOLE: Final = {n: tuple(map(int, many[: n // 2 + 1])) for n, many in _SMALL.items() if n > 1}


@STEPS.add("blur")
@dataclass(frozen=True, slots=True)
class Blur:
    """A Gaussian of `kernel_px` x `kernel_px` pixels, as cv2.GaussianBlur(image, (k, k), 0).

    Up to 9 pixels the weights are OpenCV's tables; beyond, sigma = 0.3 ((k - 1) / 2 - 1) + 0.8.
    Edges are mirrored without repeating the outermost pixel. Whole numbers are rounded to
    nearest, halves up.

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
        if image.pixels.dtype == np.uint8 and self.kernel_px in _WHOLE:
            return replace(image, pixels=_in_whole_numbers(image.pixels, _WHOLE[self.kernel_px]))
        weights = _weights(self.kernel_px)
        values = image.pixels.astype(np.float32)
        for axis in (0, 1):
            values = _along(values, weights, axis)
        dtype = image.pixels.dtype
        made: Any = values if dtype.kind == "f" else np.floor(values + np.float32(0.5))
        return replace(image, pixels=made.astype(dtype))


def kernel_of(n: int) -> tuple[NDArray[np.float32], int]:
    """Return the (n,) weights, and of what whole number they are shares; 0 where of none."""
    return _weights(n), sum(map(int, _SMALL[n])) if n in _SMALL else 0


def _in_whole_numbers(pixels: NDArray[Any], weights: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return blurred bytes; sums are exact, and halves are rounded up as OpenCV does.

    Args:
        pixels: (height, width, channels) uint8.
        weights: the first half of the kernel and its middle.
    """
    height, width, channels = pixels.shape
    total = 2 * sum(weights) - weights[-1]
    kind: Any = np.uint16 if 255 * total**2 + total**2 // 2 < 2**16 else np.uint32
    half = len(weights) - 1
    flat = pixels.reshape(height, width * channels)
    down = _folded(flat.take(_mirrored(height, half), axis=0).astype(kind), weights, 0, 1)
    down = down.reshape(pixels.shape)
    wide = np.empty((height, width + 2 * half, channels), dtype=kind)
    wide[:, half : half + width] = down
    edges = _mirrored(width, half)
    for here in (slice(0, half), slice(half + width, None)):
        wide[:, here] = down[:, edges[here]]
    made = _folded(wide.reshape(height, -1), weights, 1, channels)
    made += kind(total**2 // 2)
    made >>= kind(2 * (total.bit_length() - 1))
    done: NDArray[np.uint8] = made.astype(np.uint8).reshape(pixels.shape)
    return done


def _folded(padded: NDArray[Any], weights: tuple[int, ...], axis: int, step: int) -> NDArray[Any]:
    """Return sums of weight times neighbour along an axis of (rows, values), `step` apart."""
    half = len(weights) - 1
    n = padded.shape[axis] - 2 * half * step

    def shifted(offset: int) -> NDArray[Any]:
        here = slice(offset * step, offset * step + n)
        return padded[here] if axis == 0 else padded[:, here]

    made: NDArray[Any] = shifted(half) * padded.dtype.type(weights[-1])
    pair = np.empty_like(made)
    for offset, weight in enumerate(weights[:-1]):
        np.add(shifted(offset), shifted(2 * half - offset), out=pair)
        if weight > 1:
            pair *= padded.dtype.type(weight)
        made += pair
    return made


def _mirrored(n: int, half: int) -> NDArray[np.int64]:
    """Return (n + 2 half,) positions, those beyond an edge mirrored without the edge itself."""
    if n == 1:
        return np.zeros(1 + 2 * half, dtype=np.int64)
    at = np.abs(np.arange(-half, n + half)) % (2 * n - 2)
    made: NDArray[np.int64] = np.minimum(at, 2 * n - 2 - at)
    return made


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
    padded = np.take(values, _mirrored(n, half), axis=axis)
    made = np.zeros_like(values)
    for offset, weight in enumerate(weights):
        part = [slice(None)] * values.ndim
        part[axis] = slice(offset, offset + n)
        made += weight * padded[tuple(part)]
    return made
