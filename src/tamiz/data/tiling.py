"""How slides are cut into tiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tamiz.core.errors import WrongUse

CHOICES: Final = ("spread", "dark", "dense")


@dataclass(frozen=True, slots=True)
class Tiling:
    """Which tiles of a slide are read, and at what scale.

    Attributes:
        tile_px: side of a tile as it is read.
        um_per_px: micrometres per pixel of a tile; slides that do not say theirs are refused.
        downsample: pixels of the full resolution per pixel of a tile; above 0 it is used instead
            of `um_per_px`, and no slide needs to say its spacing.
        min_tissue: share of a tile that must be tissue, 0..1.
        most: tiles of a slide at most; 0: all.
        choose: which, where there are more: 'spread' evenly over the tissue, the 'dark'est on
            average, or the 'dense'st (entropy of grey levels).
        overlap: share of a tile that it has in common with the next one, 0..0.9.
    """

    tile_px: int = 256
    um_per_px: float = 1.0
    downsample: float = 0.0
    min_tissue: float = 0.5
    most: int = 0
    choose: str = "spread"
    overlap: float = 0.0

    def check(self) -> None:
        """Raise `WrongUse` when a value is out of its limits."""
        limits: tuple[tuple[str, float, float], ...] = (
            ("tile_px", 16, 4096),
            ("um_per_px", 1e-3, 1e3),
            ("downsample", 0, 1e4),
            ("min_tissue", 0, 1),
            ("most", 0, 10**7),
            ("overlap", 0, 0.9),
        )
        for name, low, high in limits:
            value = getattr(self, name)
            if not low <= value <= high:
                where = "--size" if name == "tile_px" else f"--{name.replace('_', '-')}"
                raise WrongUse.of("tiles.bad_value", where=where, value=value, low=low, high=high)
        if 0 < self.downsample < 1:
            raise WrongUse.of("tiles.bad_downsample", where="--downsample", value=self.downsample)
        if self.choose not in CHOICES:
            known = ", ".join(CHOICES)
            raise WrongUse.of("tiles.bad_choice", where="--choose", name=self.choose, known=known)
