"""Out of focus."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import change_some
from tamiz.engine.augment.registry import AUGMENTATIONS

_PARTS: Final = 4096  # of a weight of 1
_KEPT: Final = 16  # parts of a level that are kept between the two directions
_STEPS: Final = 64  # different widths


@AUGMENTATIONS.add("blur")
@dataclass(frozen=True, slots=True)
class Blur:
    """Blur with a Gaussian of up to `sigma_px` (its standard deviation, in pixels).

    Weights are whole parts of 4096 and sums stay below 2**24, where float32 is exact: every
    machine gives the same bytes.
    """

    name: ClassVar[str] = "blur"
    n_uniforms: ClassVar[int] = 2

    sigma_px: float = option(1.0, low=0.0, high=10.0)
    probability: float = option(0.5, low=0.0, high=1.0)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, some of its images blurred, each by its own width."""
        steps = (uniforms[:, 0] * (_STEPS + 1)).long()
        chosen = (uniforms[:, 1] < self.probability) & (steps > 0)
        if self.sigma_px == 0:
            return images

        def blurred(some: Tensor, at: Tensor) -> Tensor:
            weights = _kernels(self.sigma_px).to(some.device)[steps[at]]
            across = _along(some.float(), weights, down=False)
            across = across.mul_(_KEPT / _PARTS).round_()
            both = _along(across, weights, down=True)
            return both.mul_(1 / (_KEPT * _PARTS)).round_()

        return change_some(images, chosen, blurred)


def _along(values: Tensor, weights: Tensor, *, down: bool) -> Tensor:
    """Return the values weighted along columns or rows; borders are repeated."""
    n, n_channels, height, width = values.shape
    reach = weights.shape[1] // 2
    padding = (0, 0, reach, reach) if down else (reach, reach, 0, 0)
    padded = torch.nn.functional.pad(values, padding, mode="replicate")
    kernel = weights.repeat_interleave(n_channels, dim=0)[:, None]
    kernel = kernel[..., None] if down else kernel[..., None, :]
    planes = padded.reshape(1, n * n_channels, *padded.shape[2:])
    made = torch.nn.functional.conv2d(planes, kernel, groups=n * n_channels)
    return made.reshape(n, n_channels, height, width)


@cache
def _kernels(largest: float) -> Tensor:
    """Return (widths, 2 * reach + 1) float32 whole numbers; each row sums to `_PARTS`."""
    reach = max(1, math.ceil(2.5 * largest))
    rows = []
    for step in range(_STEPS + 1):
        sigma = max(largest * step / _STEPS, 1e-3)
        curve = [math.exp(-(at**2) / (2 * sigma**2)) for at in range(1, reach + 1)]
        total = 1 + 2 * sum(curve)
        side = [round(_PARTS * value / total) for value in curve]
        rows.append([*reversed(side), _PARTS - 2 * sum(side), *side])
    return torch.tensor(rows, dtype=torch.float32)
