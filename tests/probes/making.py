"""Evidence with a known truth: thumbnails of noise, labels, groups, and what is planted."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tamiz.data.evidence import Evidence, Pairs
from tamiz.data.manifest import Manifest
from tamiz.data.sketches import FIGURES, Sketches


def evidence_of(labels, *, groups=None, grey=None, figures=None, columns=None, seed=0, sealed=None):
    """Return evidence on len(labels) images of noise; what is given replaces the noise."""
    n = len(labels)
    rng = np.random.default_rng(seed)
    if grey is None:
        grey = rng.integers(0, 256, (n, 64, 64)).astype(np.uint8)
    colour = np.repeat(
        grey.reshape(n, 16, 4, 16, 4).mean(axis=(2, 4)).astype(np.uint8)[..., None], 3, axis=3
    )
    nothing = {name: np.full(n, np.nan, dtype=np.float32) for name in FIGURES}
    given = {name: np.asarray(values, dtype=np.float32) for name, values in (figures or {}).items()}
    manifest = Manifest.from_columns(
        {
            "path": [f"{i}.png" for i in range(n)],
            "label": list(labels),
            "group": [None] * n if groups is None else [str(one) for one in groups],
            **(columns or {}),
        },
        Path(),
    )
    sketches = Sketches(tuple(manifest.column("item")), {**nothing, **given}, grey, colour)
    is_sealed = np.zeros(n, dtype=np.bool_) if sealed is None else np.asarray(sealed)
    return Evidence(manifest, sketches, Pairs.none(), is_sealed)


def coin(n, seed=0):
    """Return n labels 'a' or 'b', as many of each."""
    return np.random.default_rng(seed).permutation(["a", "b"] * (n // 2)).tolist()
