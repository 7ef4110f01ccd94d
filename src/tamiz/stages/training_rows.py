"""Which rows a model learns from, and what it learns of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.data.manifest import Manifest


def training_rows(manifest: Manifest) -> tuple[Manifest, int]:
    """Return the train rows followed by the val rows, and how many are train rows."""
    splits = manifest.column("split")
    train_at = [position for position, split in enumerate(splits) if split == "train"]
    val_at = [position for position, split in enumerate(splits) if split == "val"]
    return manifest.take([*train_at, *val_at]), len(train_at)


def target_indices(rows: Manifest, classes: list[str]) -> NDArray[np.int64]:
    """Return (n,) the index of each row's class.

    Raises:
        WrongData: a row's class has no training images.
    """
    index = {name: position for position, name in enumerate(classes)}
    unseen = sorted({label for label in rows.column("label") if label not in index})
    if unseen:
        names = ", ".join(unseen[:5])
        raise WrongData.of("training.unseen_class", where=rows.root, n=len(unseen), names=names)
    return np.array([index[label] for label in rows.column("label")], dtype=np.int64)
