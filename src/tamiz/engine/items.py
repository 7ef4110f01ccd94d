"""The images of a manifest for other people's programs: decoded by the one reader, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import DataOptions
from tamiz.core.seeds import derive_seed
from tamiz.data.contracts import Policy, Step
from tamiz.data.image import Pixels
from tamiz.data.label_sets import membership
from tamiz.data.manifest import SPLITS, Manifest
from tamiz.data.run_folder import Run
from tamiz.engine.openings import count_opening
from tamiz.formats.reader import Reader, policy_from
from tamiz.steps.apply import input_steps, prepare_image

_USED: Final = frozenset({None, *SPLITS})  # fates of rows that were not set aside


@dataclass(frozen=True, slots=True)
class Batch:
    """Some images, in order.

    Attributes:
        images: (n, height, width, channels) uint8; where they differ in size, a list of arrays.
        targets: (n,) int64, the index of each class, -1 where the label is unknown; of several
            labels (n, classes) float32, 1 for each that the image has, NaN where unknown.
        items: the ids of the rows in the manifest.
    """

    images: NDArray[np.uint8] | list[Pixels]
    targets: NDArray[Any]
    items: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)


@dataclass(slots=True)
class Items:
    """Rows of a manifest with what is needed to read them; survives being sent to a worker.

    Attributes:
        manifest: the rows that are used.
        classes: the labels in the order of their indices.
        policy: how files become pixels.
        steps: from the decoded image to what is given; none: images as they are.
        targets: as in `Batch`, of all rows.
    """

    manifest: Manifest
    classes: tuple[str, ...]
    policy: Policy
    steps: tuple[Step, ...]
    targets: NDArray[Any]
    _reader: Reader | None = None
    _places: list[tuple[str, int]] = field(default_factory=list)
    items: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._places = list(self.manifest.rows("path", "frame"))
        self.items = tuple(self.manifest.column("item"))

    def __len__(self) -> int:
        return len(self.items)

    def pixels(self, position: int) -> Pixels:
        """Return one image, (height, width, 1 or 3) uint8; prepared if there are steps.

        Raises:
            UnreadableItem: it does not decode.
        """
        self._reader = self._reader or Reader(self.manifest.root, self.policy)
        image = self._reader.read(*self._places[position])
        return prepare_image(image, self.steps) if self.steps else image.pixels

    def __getstate__(self) -> dict[str, Any]:
        """Return what a worker process needs; it opens its own files."""
        names = ("manifest", "classes", "policy", "steps", "targets")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)
        self._reader = None
        self.__post_init__()


def items_of(
    source: Manifest | Run | Path | str,
    part: str | None = None,
    *,
    prepared: bool = False,
    opens_test: bool = False,
) -> Items:
    """Return the usable rows of a manifest or a run.

    Args:
        source: a manifest; a run, or its folder; or a file that `Manifest.save` wrote.
        part: 'train', 'val' or 'test'; None: all that may be seen.
        prepared: whether images go through the steps of the run's model: (size, size, channels).
        opens_test: whether rows of the test part may be given; without it they are left out, and
            asking for them is refused. What is seen there can no longer judge: each call is
            counted as a look, where `tamiz evaluate` counts its own.

    Raises:
        WrongUse: there is no such part, it is sealed, or there is nothing to prepare by.
        WrongData: nothing is left, or the manifest is damaged.
    """
    run = _run_of(source)
    manifest = _manifest_of(source, run)
    if part is not None and part not in SPLITS:
        raise WrongUse.of("dataset.no_such_part", where="part", part=part)
    if part == "test" and not opens_test:
        raise WrongUse.of("dataset.sealed", where="part")
    if prepared and run is None:
        raise WrongUse.of("dataset.no_run", where="prepared")
    learnt = manifest.where(split="train")
    classes = tuple((learnt if len(learnt) else manifest).classes())
    at = [
        position
        for position, (fate, split) in enumerate(manifest.rows("fate", "split"))
        if fate in _USED and (part is None or split == part) and (split != "test" or opens_test)
    ]
    if not at:
        raise WrongData.of("dataset.nothing", where=manifest.root, part=part or "-")
    if opens_test and part in {None, "test"}:
        count_opening(manifest, run)
    chosen = manifest.take(at)
    data = run.recipe().data if run is not None and run.recipe_path.is_file() else DataOptions()
    plain: tuple[tuple[Step, ...], Policy] = ((), policy_from(data))
    steps, policy = _steps_of(run) if prepared and run is not None else plain
    return Items(chosen, classes, policy, steps, _targets(chosen, classes))


def batches(
    source: Manifest | Run | Path | str,
    batch_size: int = 32,
    part: str | None = None,
    *,
    prepared: bool = False,
    shuffle_seed: int | None = None,
    opens_test: bool = False,
) -> Iterator[Batch]:
    """Yield the images of a manifest or a run as NumPy arrays; one batch in memory at a time.

    Args:
        source: see `items_of`.
        batch_size: of all but the last.
        part: 'train', 'val' or 'test'; None: all but the sealed test part.
        prepared: whether images go through the steps of the run's model.
        shuffle_seed: the order, another for each number; None: as in the manifest.
        opens_test: see `items_of`.

    Raises:
        UnreadableItem: an image does not decode.
        WrongUse, WrongData: see `items_of`.
    """
    if batch_size < 1:
        raise WrongUse.of("dataset.batch_size", where="batch_size", n=batch_size)
    items = items_of(source, part, prepared=prepared, opens_test=opens_test)
    order = np.arange(len(items))
    if shuffle_seed is not None:
        order = np.random.default_rng(derive_seed(shuffle_seed, "batches")).permutation(order)
    return _batches(items, order, batch_size)


def _batches(items: Items, order: NDArray[np.int64], batch_size: int) -> Iterator[Batch]:
    for start in range(0, len(order), batch_size):
        at = order[start : start + batch_size]
        pixels = [items.pixels(int(position)) for position in at]
        is_one_size = len({one.shape for one in pixels}) == 1
        images = np.stack(pixels).astype(np.uint8, copy=False) if is_one_size else pixels
        yield Batch(images, items.targets[at], tuple(items.items[int(p)] for p in at))


def _run_of(source: Manifest | Run | Path | str) -> Run | None:
    if isinstance(source, Run):
        return source
    if isinstance(source, Manifest) or Path(source).is_file():
        return None
    return Run(source)


def _manifest_of(source: Manifest | Run | Path | str, run: Run | None) -> Manifest:
    if isinstance(source, Manifest):
        return source
    return run.manifest() if run is not None else Manifest.load(Path(str(source)))


def _steps_of(run: Run) -> tuple[tuple[Step, ...], Policy]:
    """Return the steps of the run's model; before it is trained, those of its recipe.

    Raises:
        WrongUse: a step has to be fitted, and no model was trained yet.
    """
    if (run.model_folder / "bundle.json").is_file():
        from tamiz.models.bundle import Bundle

        bundle = Bundle.load(run.model_folder)
        return bundle.steps, bundle.policy
    recipe = run.recipe()
    if recipe.prepare.steps:
        raise WrongUse.of("dataset.not_trained", where=run.folder)
    return input_steps(recipe.prepare), policy_from(recipe.data)


def _targets(rows: Manifest, classes: tuple[str, ...]) -> NDArray[Any]:
    if not rows.is_multilabel:
        index = {name: position for position, name in enumerate(classes)}
        return np.array([index.get(label, -1) for label in rows.column("label")], np.int64)
    known = set(classes)
    sets = rows.label_sets()
    within = [tuple(one for one in labels or () if one in known) for labels in sets]
    made = membership(within, classes).astype(np.float32)
    made[[labels is None for labels in sets]] = np.nan
    return made
