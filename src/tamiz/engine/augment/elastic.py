"""Bent as if drawn on rubber."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import torch
from torch import Tensor

from tamiz.core.fields import option
from tamiz.engine.augment.choosing import change_some
from tamiz.engine.augment.noise_bits import noise_uniforms
from tamiz.engine.augment.registry import AUGMENTATIONS
from tamiz.engine.augment.warping import FILLS, warped

_ORDER: Final = 3  # cubic: a place is moved by the four nodes around it, along each side


@AUGMENTATIONS.add("elastic")
@dataclass(frozen=True, slots=True)
class Elastic:
    """Move every place by up to `fraction` of the side, smoothly between `cells` random nodes.

    A cubic B-spline over a coarse grid of random moves: as smooth as the Gaussian field of
    Simard et al. (ICDAR 2003), and bounded. Moves of below a quarter of a cell tear and fold
    nothing.
    """

    name: ClassVar[str] = "elastic"
    n_uniforms: ClassVar[int] = 2

    fraction: float = option(0.05, low=0.0, high=0.3)
    cells: int = option(4, low=1, high=32)
    probability: float = option(0.5, low=0.0, high=1.0)
    fill: str = option("edge", choices=FILLS)

    def __call__(self, images: Tensor, uniforms: Tensor) -> Tensor:
        """Return the batch, some of its images bent, each in its own way."""
        chosen = uniforms[:, 1] < self.probability
        if self.fraction == 0:
            return images

        def bent(some: Tensor, at: Tensor) -> Tensor:
            height, width = some.shape[2:]
            side = self.cells + _ORDER
            drawn = noise_uniforms(uniforms[at, 0], 2 * side * side)
            nodes = (2 * drawn - 1).float().reshape(len(at), 2, side, side)
            moves = _spline(_spline(nodes, height, self.cells).mT, width, self.cells).mT
            down = torch.arange(height, dtype=torch.float32, device=some.device)[:, None]
            across = torch.arange(width, dtype=torch.float32, device=some.device)
            rows = moves[:, 0].mul_(self.fraction * height).add_(down)
            columns = moves[:, 1].mul_(self.fraction * width).add_(across)
            return warped(some, rows, columns, self.fill)

        return change_some(images, chosen, bent)


def _spline(nodes: Tensor, side: int, cells: int) -> Tensor:
    """Return (..., side, k) from (..., cells + 3, k): a cubic B-spline between nodes."""
    place = (torch.arange(side, dtype=torch.float64, device=nodes.device) + 0.5) * cells / side
    first = place.long().clamp(max=cells - 1)
    t = place - first
    weights = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    made = torch.zeros(1, dtype=nodes.dtype, device=nodes.device)
    for offset, weight in enumerate(weights):
        made = nodes.index_select(-2, first + offset) * weight.float()[:, None] + made
    return made
