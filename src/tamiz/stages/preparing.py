"""What several stages need to get from rows to pixels: the reader, the steps, thumbnails."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.core.recipe import DataOptions, PrepareOptions
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import Reader

PLANNED_SIZES: Final = (28, 32, 48, 64)
THUMBNAIL_SIDE_PX: Final = 16


def policy_of(options: DataOptions) -> Policy:
    """Return how files become pixels, as the recipe says."""
    value_range = None
    if options.value_range is not None:
        low, _, high = options.value_range.partition(",")
        value_range = (float(low), float(high))
    return Policy(
        background=options.background,
        max_megapixels=options.max_megapixels,
        max_aspect=options.max_aspect,
        value_range=value_range,
    )


def open_reader(manifest: Manifest, options: DataOptions) -> Reader:
    """Return the one reader, opened where the manifest's images lie."""
    return Reader(manifest.root, policy_of(options))


def step_tables(options: PrepareOptions) -> list[dict[str, object]]:
    """Return all steps from a decoded image to the network's input, as the bundle stores them."""
    colour = "grey" if options.channels == 1 else "rgb"
    size = {"name": "resize", "size_px": options.size_px, "fit": options.fit}
    return [*options.steps, {"name": colour}, size]


def read_thumbnails(
    rows: Manifest, reader: Reader, on_event: OnEvent, *, stage: str
) -> NDArray[np.float32]:
    """Return (n, 16, 16) grey thumbnails, 0..255, of the rows' images."""
    from tamiz.steps.apply import build_steps, prepare_image

    steps = build_steps(
        [{"name": "grey"}, {"name": "resize", "size_px": THUMBNAIL_SIDE_PX, "fit": "stretch"}]
    )
    made = np.empty((len(rows), THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX), np.float32)
    told = track(
        rows.rows("path", "frame"),
        on_event,
        stage=stage,
        text=text("plan.looking"),
        total=len(rows),
    )
    for position, (path, frame) in enumerate(told):
        made[position] = prepare_image(reader.read(path, frame), steps)[:, :, 0]
    return made
