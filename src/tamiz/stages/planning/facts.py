"""What the plan knows of the data and of this machine; nothing of the test part but its size."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from tamiz.core.events import OnEvent, ignore
from tamiz.core.recipe import Recipe
from tamiz.core.seeds import derive_seed
from tamiz.data.label_sets import count_labels
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import policy_from
from tamiz.models.registry import MODELS
from tamiz.stages.folding import has_folds
from tamiz.stages.policies import KindFacts, kind_facts
from tamiz.stages.preparing import read_thumbnails
from tamiz.stages.symmetry import MirrorFacts, measure_mirroring

_N_LOOKED_AT: Final = 2000  # training images whose thumbnails the plan looks at


@dataclass(frozen=True, slots=True)
class PartSizes:
    """How many images and groups there are, and what became of the others.

    Attributes:
        n_test: images of the test part; with folds, all that take part, each held out once.
        n_test_groups: likewise.
        n_all: images that are used, in whatever part.
        n_all_groups: groups among them.
        n_copies: images set aside because another has the same content.
        n_aside: images set aside for other reasons: unreadable, excluded, without a label.
    """

    n_test: int = 0
    n_test_groups: int = 0
    n_all: int = 0
    n_all_groups: int = 0
    n_copies: int = 0
    n_aside: int = 0


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What the plan knows about the training part.

    Attributes:
        counts: training images of each class.
        side_px: median of the longer sides.
        smallest_px: the shortest side of any image; `largest_px` the longest.
        bits: per channel, as files state it; 0: they do not.
        n_centres: hospitals or sites; 0: not known.
        sizes: of all parts.
        is_folded: whether figures will be those of a cross-validation.
    """

    n_train: int
    n_val: int
    n_groups: int
    counts: dict[str, int]
    side_px: int
    is_one_size: bool
    is_square: bool
    is_grey: bool
    mirror: MirrorFacts | None
    kind: KindFacts = KindFacts()
    smallest_px: int = 0
    largest_px: int = 0
    bits: int = 0
    n_centres: int = 0
    sizes: PartSizes = PartSizes()
    is_folded: bool = False
    is_multilabel: bool = False

    @property
    def imbalance(self) -> float:
        """Return how many times larger the largest class is than the smallest."""
        return max(self.counts.values()) / max(1, min(self.counts.values()))

    @property
    def smallest_class(self) -> tuple[str, int]:
        """Return the class with the fewest training images, and how many those are."""
        return min(self.counts.items(), key=lambda one: one[1])


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What computes here: cores, free memory in bytes, and the GPU's name, if there is one."""

    n_cores: int
    memory_bytes: int
    gpu: str


def reads_slides(recipe: Recipe) -> bool:
    """Return whether the network reads slides, each a bag of tiles."""
    return MODELS.get(recipe.model.name).reads == "slides"


def is_fitted_at_once(recipe: Recipe) -> bool:
    """Return whether the model is fitted without epochs: descriptors and a classifier."""
    return MODELS.get(recipe.model.name).learns == "at once"


def look_at(manifest: Manifest, recipe: Recipe, on_event: OnEvent = ignore) -> DataFacts:
    """Return the facts that the choices rest on; reads some training images, never test ones.

    Of the test part only its number of images and groups is known: no label and no size.
    """
    train = manifest.where(split="train")
    sizes = list(zip(train.column("width_px"), train.column("height_px"), strict=True))
    is_grey = all(n_channels == 1 for n_channels in train.column("channels"))
    mirror = None if reads_slides(recipe) else _mirror_facts(train, recipe, on_event)
    return DataFacts(
        n_train=len(train),
        n_val=len(manifest.where(split="val")),
        n_groups=len(set(train.group_keys())),
        counts=dict(sorted(count_labels(train.label_sets()).items())),
        side_px=int(np.median([max(size) for size in sizes])),
        is_one_size=len(set(sizes)) == 1,
        is_square=all(0.9 <= width / height <= 1.1 for width, height in sizes),
        is_grey=is_grey,
        mirror=mirror,
        kind=kind_facts(train, recipe.data.source, mirror, is_grey=is_grey),
        smallest_px=min(min(size) for size in sizes),
        largest_px=max(max(size) for size in sizes),
        bits=_usual_bits(train),
        n_centres=_n_centres(train),
        sizes=_part_sizes(manifest, recipe),
        is_folded=has_folds(recipe.split),
        is_multilabel=manifest.is_multilabel,
    )


def look_at_machine(device: str = "auto") -> MachineFacts | None:
    """Return what computes here; None where torch is not installed."""
    try:
        from tamiz.engine.device import describe_device, pick_device
        from tamiz.engine.memory import free_memory
    except ModuleNotFoundError:
        return None
    has_affinity = hasattr(os, "sched_getaffinity")
    n_cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    picked = pick_device(device)
    gpu = describe_device(picked) if picked.type == "cuda" else ""
    return MachineFacts(n_cores, free_memory(picked), gpu)


def _part_sizes(manifest: Manifest, recipe: Recipe) -> PartSizes:
    parts = manifest.column("split")
    keys = manifest.group_keys()
    used = [key for key, part in zip(keys, parts, strict=True) if part is not None]
    tested = [key for key, part in zip(keys, parts, strict=True) if part == "test"]
    held_out = used if has_folds(recipe.split) else tested
    fates = Counter(manifest.column("fate"))
    n_copies = fates.get(Fate.DUPLICATE, 0)
    n_aside = sum(fates.get(one, 0) for one in (Fate.UNREADABLE, Fate.EXCLUDED, Fate.UNLABELLED))
    return PartSizes(
        len(held_out), len(set(held_out)), len(used), len(set(used)), n_copies, n_aside
    )


def _usual_bits(train: Manifest) -> int:
    if "bits" not in train.column_names:
        return 0
    found = Counter(int(one) for one in train.column("bits") if one)
    return found.most_common(1)[0][0] if found else 0


def _n_centres(train: Manifest) -> int:
    if "centre" not in train.column_names:
        return 0
    return len({one for one in train.column("centre") if one not in {None, ""}})


def _mirror_facts(train: Manifest, recipe: Recipe, on_event: OnEvent) -> MirrorFacts | None:
    rng = np.random.default_rng(derive_seed("plan", recipe.train.seed))
    looked_at = np.sort(rng.permutation(len(train))[:_N_LOOKED_AT])
    rows = train.take(looked_at.tolist())
    classes, labels = np.unique(rows.column("label"), return_inverse=True)  # sets of labels, too
    if len(rows) < 20 or len(classes) < 2:
        return None
    thumbnails = read_thumbnails(rows, policy_from(recipe.data), on_event, stage="plan")
    return measure_mirroring(thumbnails, labels.astype(np.int64))
