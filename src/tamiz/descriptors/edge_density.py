"""How many pixels lie on an edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.limits import check_whole_numbers
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS


@DESCRIPTORS.add("edge_density")
@dataclass(frozen=True, slots=True)
class EdgeDensity:
    """Shares of pixels whose Sobel slope is at least so steep.

    A slope is 255 times what scikit-image's `filters.sobel(grey / 255)` gives, the border mirrored:
    a step from black to white has the slope 180 on both its sides. Compared in whole numbers, so
    that no rounding decides. 'edges' says more of slopes: mean, spread and quantiles at three
    scales.

    Attributes:
        slopes: from which slope on a pixel counts, for each column; 1 to 255.

    Raises:
        WrongUse: there is no slope, one twice, or one outside its limits.
    """

    reads_colour: ClassVar[bool] = False
    slopes: list[int] = option([10, 25, 50])

    def __post_init__(self) -> None:
        check_whole_numbers("edge_density.slopes", self.slopes, 1, 255)

    def names(self) -> tuple[str, ...]:
        """Return 'edge_density_10' and so on."""
        return tuple(f"edge_density_{slope}" for slope in self.slopes)

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, slopes)."""
        wide = np.pad(as_grey(tiles), ((0, 0), (1, 1), (1, 1)), mode="symmetric").astype(np.int32)
        down = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
        across = wide[:, :, :-2] + 2 * wide[:, :, 1:-1] + wide[:, :, 2:]
        squares = np.square(down[:, :, 2:] - down[:, :, :-2])
        squares += np.square(across[:, 2:] - across[:, :-2])  # 32 times a slope's square
        n_pixels = tiles.shape[1] * tiles.shape[2]
        counts = [(squares >= 32 * slope**2).sum(axis=(1, 2)) for slope in self.slopes]
        made: NDArray[np.float64] = np.stack(counts, axis=1) / n_pixels
        return made
