"""What the profile of images is made from, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, has_text, text
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Section, Words
from tamiz.data.sketches import Sketches
from tamiz.profile.images_numbers import Floats


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Aligned facts of n images.

    Attributes:
        manifest: the rows; `label` and `group` may be null. Used where they are there:
            width_px, height_px, format, mode, bits (from `check` or a header scan), file_bytes,
            um_per_px, dpi.
        sketches: figures of the same rows, None when they were not measured.
        centre: name of the manifest's column that says where an image comes from, None without.
        seed: of all that is drawn at random.
    """

    manifest: Manifest
    sketches: Sketches | None = None
    centre: str | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.sketches is not None and len(self.sketches) != len(self.manifest):
            raise ValueError(f"{len(self.sketches)} sketches for {len(self.manifest)} rows")

    def __len__(self) -> int:
        return len(self.manifest)

    def figure(self, name: str) -> Floats:
        """Return (n,) float64 of a column of the manifest or a figure of the sketches, else nan."""
        if name in self.manifest.column_names:
            column = self.manifest.column(name)
            made = np.array([np.nan if one is None else float(one) for one in column])
            if np.isfinite(made).any():
                return made
        if self.sketches is not None and name in self.sketches.figures:
            return self.sketches.figures[name].astype(np.float64)
        return np.full(len(self), np.nan)

    def words(self, name: str) -> list[str | None]:
        """Return a column as text, None where it is null or not there."""
        if name not in self.manifest.column_names:
            return [None] * len(self)
        return [None if one is None else str(one) for one in self.manifest.column(name)]

    def group_numbers(self) -> NDArray[np.int64]:
        """Return (n,) the same number for images of one group."""
        keys = np.array(self.manifest.group_keys(), dtype=np.str_)
        return np.unique(keys, return_inverse=True)[1].astype(np.int64).reshape(-1)


@dataclass(frozen=True, slots=True)
class ImageReport:
    """The profile of images.

    Attributes:
        sections: in reading order; their anchors begin with 'images-'.
        findings: what stands out, gravest first.
        values: JSON-ready figures for scripts.
        largest: rows of the largest images, the largest first.
        smallest: rows of the smallest, the smallest first.
        contact: class -> rows to show of it, drawn at random, each of another group where that
            is possible; images without label stand under ''.
    """

    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    largest: tuple[int, ...] = ()
    smallest: tuple[int, ...] = ()
    contact: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def rows_by(names: Sequence[str | None]) -> dict[str, NDArray[np.int64]]:
    """Return name -> rows, the most frequent name first; rows without one are left out."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None:
            rows.setdefault(name, []).append(row)
    ordered = sorted(rows, key=lambda name: (-len(rows[name]), name))
    return {name: np.array(rows[name], dtype=np.int64) for name in ordered}


def counted(values: Sequence[Any]) -> list[tuple[Any, int]]:
    """Return (value, count), the most frequent first, ties in the order of their text."""
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], str(pair[0])))


# What readers of slides and TIFF call what every other reader calls by Pillow's word.
_PLAIN_MODES: Final = {"uint8 x 1": "L", "uint8 x 3": "RGB", "uint8 x 4": "RGBA"}


def plain_mode(mode: str | None) -> str | None:
    """Return the word for how colours are stored that is the same for every reader."""
    return _PLAIN_MODES.get(mode, mode) if mode is not None else None


def mode_name(mode: str | None) -> Words:
    """Return in words how colours are stored."""
    if mode is None:
        return text("images.unknown")
    key = f"images.mode_{mode.lower()}"
    return text(key) if has_text(key) else mode


def named(name: str) -> Text:
    """Return the catalogue's words for a figure."""
    return text(f"images.{name}")
