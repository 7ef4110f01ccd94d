"""What several stages need to get from rows to pixels: the reader, the steps, thumbnails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.contracts import Policy, ReadImage, Step
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import Reader
from tamiz.stages.examining import refuse_changed
from tamiz.stages.sharing import check_shared
from tamiz.steps.apply import build_steps, fit_steps, prepare_image, steps_to_tables

if TYPE_CHECKING:
    from tamiz.engine.prepared import PreparedImages

THUMBNAIL_SIDE_PX: Final = 16
PREPARED_PREFIX: Final = "prepared-"
_FITTED_TO: Final = 200


def prepare_rows(
    rows: Manifest,
    steps: tuple[Step, ...],
    policy: Policy,
    recipe: Recipe,
    cache_folder: Path | None,
    on_event: OnEvent,
) -> PreparedImages:
    """Return the rows' images as the network reads them, in the rows' order.

    They are kept in `cache_folder` under a name that tells files, steps and policy, so that
    `evaluate` finds what `train` decoded.

    Raises:
        WrongData: a file is no longer the one that `check` saw.
    """
    from tamiz.engine.prepared import Preparation, prepare_images

    shape = (recipe.prepare.size_px, recipe.prepare.size_px, recipe.prepare.channels)
    cache = None
    in_shards = recipe.train.shards > 1
    if cache_folder is not None and not in_shards:
        cache = cache_folder / prepared_name(rows, steps, policy)
    how = Preparation(
        shape=shape,
        memory_mib=recipe.prepare.memory_mib,
        workers=recipe.prepare.workers,
        cache_path=cache,
        in_shards=in_shards,
    )
    make_reader = partial(_open_and_read, rows.root, policy)
    places = list(rows.rows("path", "frame"))
    check_shared(rows.root, [path for path, _ in places])
    is_known = cache is not None and cache.is_file()
    made = prepare_images(places, make_reader, steps, how, on_event)
    if cache_folder is not None and not is_known:
        try:
            refuse_changed(rows, policy, cache_folder)
        except WrongData:  # what was decoded is kept under the name of other content
            if cache is not None:
                cache.unlink(missing_ok=True)
            raise
    return made


def fitted_steps(steps: Sequence[Step], rows: Manifest, policy: Policy) -> tuple[Step, ...]:
    """Return the steps, those that learn fitted to at most 200 of these rows, evenly taken.

    Raises:
        WrongData: the images show nothing to learn from.
        UnreadableItem: an image does not decode.
    """
    places = list(rows.rows("path", "frame"))
    chosen = places[:: max(1, len(places) // _FITTED_TO)][:_FITTED_TO]
    with Reader(rows.root, policy) as reader:
        return fit_steps(steps, lambda: (reader.read(*place) for place in chosen))


def _open_and_read(root: Path, policy: Policy) -> ReadImage:
    return Reader(root, policy).read


def prepared_name(rows: Manifest, steps: tuple[Step, ...], policy: Policy) -> str:
    """Return the name of the file that keeps these rows' images, prepared like this."""
    made = hashlib.sha256(json.dumps([steps_to_tables(steps), asdict(policy)]).encode())
    for row in rows.rows("item", "content_sha256"):
        made.update(json.dumps(row).encode())
    return f"{PREPARED_PREFIX}{made.hexdigest()[:24]}.npy"


def read_thumbnails(
    rows: Manifest, policy: Policy, on_event: OnEvent, *, stage: str
) -> NDArray[np.float32]:
    """Return (n, 16, 16) grey thumbnails, 0..255, of the rows' images."""
    side = THUMBNAIL_SIDE_PX
    steps = build_steps(
        [{"name": "grey"}, {"name": "resize", "size_px": side, "aspect": "stretch"}]
    )
    made = np.empty((len(rows), side, side), np.float32)
    pairs = rows.rows("path", "frame")
    told = track(pairs, on_event, stage=stage, text=text("plan.looking"), total=len(rows))
    with Reader(rows.root, policy) as reader:
        for position, (path, frame) in enumerate(told):
            made[position] = prepare_image(reader.look(path, frame), steps)[:, :, 0]
    return made
