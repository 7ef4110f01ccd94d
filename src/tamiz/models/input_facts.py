"""Facts of decoded images before any network sees them: size, tone, sharpness, edge, colour.

They need not be fine: they are compared with those of the training images, to find pictures of
another kind. So long images are first brought to at most 64 px by averaging whole blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tamiz.data.image import Image, Kind
from tamiz.data.pictures import picture_of

_WORKING_SIDE: Final = 64
_EDGE_SHARE: Final = 0.04
_FLAT: Final = 3.0  # grey levels about the edge's median
_LEAST_SHARP: Final = 1e-4
_KINDS: Final = tuple(Kind)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is measured of a picture.

    Attributes:
        name: stable, as the bundle and the catalogue ('guard.fact_<name>') call it.
        scale: 'plain', 'log2' or 'log10': in which limits are thought of.
        step: the least difference, on that scale, that tells pictures apart.
    """

    name: str
    scale: str
    step: float

    def inner(self, values: Floats) -> Floats:
        """Return values on the fact's scale."""
        if self.scale == "plain":
            return values
        floor = np.maximum(values, _LEAST_SHARP)
        made: Floats = np.log2(floor) if self.scale == "log2" else np.log10(floor)
        return made

    def outer(self, value: float) -> float:
        """Return the value that stands at this place of the scale."""
        if self.scale == "plain":
            return value
        return float((2.0 if self.scale == "log2" else 10.0) ** value)


FACTS: Final = (
    Fact("short_side_px", "log2", 1.0),
    Fact("aspect", "log2", 0.4),
    Fact("brightness", "plain", 10.0),
    Fact("contrast", "plain", 8.0),
    Fact("sharpness", "log10", 0.15),
    Fact("edge_brightness", "plain", 15.0),
    Fact("flat_edge", "plain", 0.15),
    Fact("colourfulness", "plain", 4.0),
    Fact("values", "plain", 0.1),
)


class View(NamedTuple):
    """A picture as small as its facts need it.

    Attributes:
        pixels: (height, width, 1 or 3) uint8, at most 64 px long.
        size_px: (width, height) of the decoded image.
        kind: what its values meant.
    """

    pixels: NDArray[np.uint8]
    size_px: tuple[int, int]
    kind: Kind


def view_of(image: Image, prepared: NDArray[np.uint8]) -> View:
    """Return the view of a decoded image.

    Args:
        image: as decoded.
        prepared: the same as the network reads it; its tones are measured where the decoded
            values are no 8-bit grey or colours (CT numbers, a device's own values).
    """
    found = image.pixels
    pixels = found if found.dtype == np.uint8 else prepared
    if pixels.shape[2] not in {1, 3}:
        pixels = pixels[:, :, :1]
    factor = -(-max(pixels.shape[:2]) // _WORKING_SIDE)
    if factor == 1:
        return View(np.ascontiguousarray(pixels), image.size_px, image.kind)
    small: NDArray[np.uint8] = np.asarray(picture_of(pixels).reduce(factor))
    small = small[:, :, None] if small.ndim == 2 else small
    return View(small, image.size_px, image.kind)


def facts_of(views: Sequence[View]) -> Floats:
    """Return (n, facts) of the views, in the order of `FACTS`; those of one shape go together."""
    made = np.zeros((len(views), len(FACTS)))
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for at, view in enumerate(views):
        by_shape.setdefault(view.pixels.shape, []).append(at)
    for places in by_shape.values():
        made[places, 2:8] = _tones(np.stack([views[at].pixels for at in places]))
    sides = np.array([view.size_px for view in views], dtype=np.float64).reshape(-1, 2)
    made[:, 0] = sides.min(axis=1)
    made[:, 1] = sides[:, 0] / sides[:, 1]
    made[:, 8] = [_KINDS.index(view.kind) for view in views]
    return made


def _tones(stack: NDArray[np.uint8]) -> Floats:
    """Return (n, 6): brightness, contrast, sharpness, edge's brightness, its flatness, colour."""
    n, height, width, channels = stack.shape
    values = stack.astype(np.float32)
    grey = values.mean(axis=3) if channels > 1 else values[..., 0]
    flat = grey.reshape(n, -1)
    mean, spread = flat.mean(axis=1), flat.std(axis=1)
    deep = max(1, round(_EDGE_SHARE * min(height, width)))
    is_edge = np.ones((height, width), dtype=bool)
    is_edge[deep : height - deep, deep : width - deep] = False
    edge = flat[:, is_edge.ravel()]
    middle = np.median(edge, axis=1)
    is_flat = np.abs(edge - middle[:, None]) <= _FLAT
    colour = np.zeros(n, np.float32)
    if channels > 1:
        colour = np.abs(values - grey[..., None]).reshape(n, -1).mean(axis=1)
    columns = (mean, spread, _sharpness(grey), edge.mean(axis=1), is_flat.mean(axis=1), colour)
    return np.stack(columns, axis=1).astype(np.float64)


def _sharpness(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n,) the variance of the 4-neighbour Laplacian over that of the grey levels."""
    n, height, width = grey.shape
    if min(height, width) < 3:
        return np.zeros(n, np.float32)
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    changes = (4 * grey[:, 1:-1, 1:-1] - around).reshape(n, -1).var(axis=1)
    spread = grey.reshape(n, -1).var(axis=1)
    made: NDArray[np.float32] = np.divide(
        changes, spread, out=np.zeros(n, np.float32), where=spread > 0
    )
    return made
