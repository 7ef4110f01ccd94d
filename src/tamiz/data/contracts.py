"""What a plug-in must offer: formats, sources, steps, split rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from tamiz.data.image import Image, Region


@dataclass(frozen=True, slots=True)
class Policy:
    """How files become pixels; the same in training, prediction and every face.

    Attributes:
        background: what shows through transparent pixels: 'white', 'black' or 'grey' (128).
        max_megapixels: larger images are refused from their header, before decoding; larger TIFFs
            are slides, of which an overview is read.
        max_aspect: images longer than this times their short side are refused.
        overview_px: long side of the overview of a slide.
        value_range: (low, high) mapped to 0..255 for float images; None refuses them.
        window: which values of DICOM images become black to white (`data.windows`).
    """

    background: str = "white"
    max_megapixels: float = 50.0
    max_aspect: float = 20.0
    overview_px: int = 2048
    value_range: tuple[float, float] | None = None
    window: str = "auto"


class Source(Protocol):
    """An opened file; safe to open in a worker; a context manager."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Return (width, height) of a frame, upright, from the header."""
        ...

    @property
    def n_frames(self) -> int:
        """Return how many images the file holds."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """Return header facts: 'format', 'mode', 'bits'; no personal data."""
        ...

    def read(self, region: Region | None = None, *, frame: int = 0) -> Image:
        """Return the decoded image, upright; raise UnreadableItem when it does not decode."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Format(Protocol):
    """A family of files."""

    name: str
    suffixes: tuple[str, ...]

    def recognises(self, head: bytes) -> bool:
        """Return whether a file that starts with `head` (up to 4096 bytes) is of this family."""
        ...

    def open(self, path: Path | str, content: bytes | None, policy: Policy) -> Source:
        """Open a file, or `content` when it was read from an archive (`path` then names it)."""
        ...


class Step(Protocol):
    """Preprocessing of one image; a frozen dataclass of plain values, so that JSON can hold it."""

    def fit(self, images: Iterable[Image]) -> Self:
        """Return the step fitted to training images; most return themselves."""
        ...

    def __call__(self, image: Image) -> Image:
        """Return the processed image."""
        ...


class SplitRule(Protocol):
    """Decides on which side each group lies."""

    def __call__(
        self,
        groups: Sequence[str],
        labels: Sequence[str],
        *,
        test_fraction: float,
        val_fraction: float,
        seed: int,
    ) -> list[str]:
        """Return 'train', 'val' or 'test' for each item; one group, one side."""
        ...


ReadImage = Callable[[str, int], Image]  # (path relative to the root, frame)
