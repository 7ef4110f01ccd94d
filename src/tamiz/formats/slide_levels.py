"""What an opened slide consists of, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tamiz.formats.slide_scaling import Blocks

_MOST_APART: Final = 0.02  # of one side's ratio from the other's: more is another picture


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the pyramid: its page and how many pixels of level 0 one of its is wide."""

    page: Blocks
    downsample: float


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file's pyramid.

    Attributes:
        levels: largest first.
        facts: of its header; no personal data.
        um_per_px: of level 0; None where unknown.
        close: lets go of the file.
    """

    levels: list[Level]
    facts: Mapping[str, str]
    um_per_px: float | None
    close: Callable[[], None]


def as_levels(pages: Sequence[Blocks]) -> list[Level]:
    """Return pages as levels, largest first; what has other proportions is left out."""
    by_size = sorted(pages, key=lambda page: -page.grid.width_px * page.grid.height_px)
    first = by_size[0].grid
    made: list[Level] = []
    for page in by_size:
        grid = page.grid
        across, down = first.width_px / grid.width_px, first.height_px / grid.height_px
        slack = _MOST_APART + 1 / grid.width_px + 1 / grid.height_px  # sides are rounded
        if abs(across / down - 1) > slack:
            continue
        factor = _snapped((first.width_px, first.height_px), (grid.width_px, grid.height_px))
        if not made or factor > made[-1].downsample:
            made.append(Level(page, factor))
    return made


def _snapped(whole: tuple[int, int], small: tuple[int, int]) -> float:
    """Return how many pixels make one: a whole number where sides were only rounded."""
    ratio = (whole[0] / small[0] + whole[1] / small[1]) / 2
    for factor in {round(ratio), round(whole[0] / small[0])}:
        if factor and all(
            abs(big / factor - side) < 1 for big, side in zip(whole, small, strict=True)
        ):
            return float(factor)
    return ratio
