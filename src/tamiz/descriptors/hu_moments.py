"""Hu's moments: seven numbers of how grey is spread, whatever the place, size and turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.fields import option
from tamiz.descriptors.limits import check_choice
from tamiz.descriptors.planes import as_grey
from tamiz.descriptors.registry import DESCRIPTORS

SCALES: Final = ("raw", "log")
_LEAST: Final = 1e-30  # in size; what is smaller is rounding


@DESCRIPTORS.add("hu_moments")
@dataclass(frozen=True, slots=True)
class HuMoments:
    """Hu's seven invariant moments of grey, white counting as mass.

    Equal to scikit-image's `moments_hu(moments_normalized(moments_central(grey)))`. An image that
    is black throughout has no centre: all seven are 0 (there: nan).

    Source: Hu, "Visual pattern recognition by moment invariants", IRE Transactions on Information
    Theory 8 (1962) 179-187.

    Attributes:
        scale: 'raw' as they are (from 1e-3 down to 1e-20 and less, for 8-bit grey); 'log'
            -sign(h) log10 |h|, which brings them to one order of size; below 1e-30 it is 0.

    Raises:
        WrongUse: the scale is none of these.
    """

    reads_colour: ClassVar[bool] = False
    scale: str = option("raw", choices=SCALES)

    def __post_init__(self) -> None:
        check_choice("hu_moments.scale", self.scale, SCALES)

    def names(self) -> tuple[str, ...]:
        """Return 'hu_1' to 'hu_7'."""
        return tuple(f"hu_{i}" for i in range(1, 8))

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (n, 7)."""
        made = np.stack([_invariants(_normalised(one)) for one in as_grey(tiles)])
        if self.scale == "log":
            sizes = np.abs(made)
            logs = -np.sign(made) * np.log10(np.where(sizes > _LEAST, sizes, 1.0))
            return logs + 0.0
        return made


def _normalised(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return (4, 4): normalised central moments by powers of y and x; those of order below 2 are 0.

    All are 0 for a black image.
    """
    height, width = grey.shape
    mass = grey.astype(np.float64)
    total = int(grey.sum(dtype=np.int64))
    if total == 0:
        return np.zeros((4, 4))
    y, x = np.arange(height), np.arange(width)
    down, across = grey.sum(axis=1, dtype=np.int64), grey.sum(axis=0, dtype=np.int64)
    powers = np.arange(4)[:, None]
    from_y = (y - int(down @ y) / total) ** powers
    from_x = (x - int(across @ x) / total) ** powers
    order = powers + powers.T
    moments = from_y @ mass @ from_x.T
    made: NDArray[np.float64] = np.where(order >= 2, moments / float(total) ** (order / 2 + 1), 0.0)
    return made


def _invariants(nu: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (7,) of (4, 4); the seventh changes its sign in a mirror."""
    p, q = nu[3, 0] + nu[1, 2], nu[2, 1] + nu[0, 3]
    u, v = nu[3, 0] - 3 * nu[1, 2], 3 * nu[2, 1] - nu[0, 3]
    apart, mixed = nu[2, 0] - nu[0, 2], nu[1, 1]
    pp, qq = p * p, q * q
    return np.array(
        [
            nu[2, 0] + nu[0, 2],
            apart * apart + 4 * mixed * mixed,
            u * u + v * v,
            pp + qq,
            u * p * (pp - 3 * qq) + v * q * (3 * pp - qq),
            apart * (pp - qq) + 4 * mixed * p * q,
            v * p * (pp - 3 * qq) - u * q * (3 * pp - qq),
        ]
    )
