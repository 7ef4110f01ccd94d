"""What images look like from afar: a few figures and two thumbnails of each, aligned with rows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.files import write_bytes

COLOUR_SIDE: Final = 16
FIGURES: Final = (
    "brightness",
    "contrast",
    "dark_share",
    "bright_share",
    "low",
    "high",
    "entropy_bits",
    "sharpness",
    "red",
    "green",
    "blue",
    "colourfulness",
    "file_bytes",
    "width_px",
    "height_px",
    "channels",
    "bits",
    "jpeg_table",
    "dpi",
    "um_per_px",
)


@dataclass(frozen=True, slots=True)
class Sketches:
    """Figures and thumbnails of n images, in the order of `items`.

    Attributes:
        items: (n,) the manifest's item ids.
        figures: name -> (n,) float32, see `FIGURES`; nan where it means nothing. `brightness`,
            `contrast` (standard deviation), `low` and `high` (1st and 99th percentile), `red`,
            `green`, `blue` are grey levels 0..255; `dark_share` (levels up to 5) and
            `bright_share` (from 250) are 0..1; `entropy_bits` of the grey histogram 0..8;
            `sharpness` is the variance of the Laplacian over the variance of the grey levels, at
            most 256 px wide; `colourfulness` the mean distance of the channels from their mean;
            `jpeg_table` the sum of the luminance quantisation table (nan: no JPEG); `dpi` and
            `um_per_px` what the header says (nan: nothing).
        grey: (n, side, side) uint8, the whole image stretched to a square of 32 or 64 px, by
            averaging areas.
        colour: (n, 16, 16, 3) uint8, the same in colour.
    """

    items: tuple[str, ...]
    figures: Mapping[str, NDArray[np.float32]]
    grey: NDArray[np.uint8]
    colour: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.items)

    @property
    def side_px(self) -> int:
        """Return the side of the grey thumbnails: 32 or 64."""
        return int(self.grey.shape[1])

    def take(self, positions: Sequence[int] | NDArray[np.int64]) -> Self:
        """Return the sketches of these rows, in this order."""
        at = np.asarray(positions, dtype=np.int64)
        figures = {name: values[at] for name, values in self.figures.items()}
        items = tuple(self.items[i] for i in at)
        return type(self)(items, figures, self.grey[at], self.colour[at])

    def save(self, path: Path) -> None:
        """Write one .npz, whole or not at all."""
        opened = io.BytesIO()
        arrays: dict[str, Any] = {f"figure_{name}": v for name, v in self.figures.items()}
        items = np.array(self.items, dtype=np.str_)
        np.savez(opened, items=items, grey=self.grey, colour=self.colour, **arrays)
        write_bytes(path, opened.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            WrongData: the file is missing or damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                figures = {name: stored[f"figure_{name}"] for name in FIGURES}
                items = tuple(map(str, stored["items"]))
                return cls(items, figures, stored["grey"], stored["colour"])
        except FileNotFoundError as error:
            raise WrongData.of("errors.not_found", where=path) from error
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
