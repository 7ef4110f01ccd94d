"""Which rows a model learns from, and what it learns of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData, WrongUse
from tamiz.data.label_sets import count_labels, membership
from tamiz.data.manifest import Manifest


def training_rows(manifest: Manifest) -> tuple[Manifest, int]:
    """Return the train rows followed by the val rows, and how many are train rows."""
    splits = manifest.column("split")
    train_at = [position for position, split in enumerate(splits) if split == "train"]
    val_at = [position for position, split in enumerate(splits) if split == "val"]
    return manifest.take([*train_at, *val_at]), len(train_at)


def targets_of(rows: Manifest, classes: list[str]) -> NDArray[Any]:
    """Return what a network is to say of each row: what the engine's `Rows.targets` holds.

    (n,) int64, the index of the row's class; where an image can have several labels (n, K)
    float32, 1 for each label that it has.

    Raises:
        WrongData: a row has a label that no training image has.
    """
    if not rows.is_multilabel:
        return target_indices(rows, classes)
    sets = [labels or () for labels in rows.label_sets()]
    _refuse_unseen(rows, set(count_labels(sets)) - set(classes))
    return membership(sets, classes).astype(np.float32)


def target_indices(rows: Manifest, classes: list[str]) -> NDArray[np.int64]:
    """Return (n,) the index of each row's class.

    Raises:
        WrongData: a row's class has no training images.
        WrongUse: rows can have several labels, which is not for what asks here.
    """
    if rows.is_multilabel:
        raise WrongUse.of("multilabel.one_only", where=rows.root)
    index = {name: position for position, name in enumerate(classes)}
    _refuse_unseen(rows, {label for label in rows.column("label") if label not in index})
    return np.array([index[label] for label in rows.column("label")], dtype=np.int64)


def _refuse_unseen(rows: Manifest, unseen: set[str]) -> None:
    if unseen:
        names = ", ".join(sorted(unseen)[:5])
        raise WrongData.of("training.unseen_class", where=rows.root, n=len(unseen), names=names)
