"""Probes that know how a picture was taken and stored, and nothing of what it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.data.evidence import Evidence
from tamiz.probes.registry import PROBES

Floats = NDArray[np.float32]
_MOST_VALUES: Final = 30
_MEASURED: Final = frozenset(
    {"centre", "label_given", "width_px", "height_px", "channels", "format", "mode", "bits",
     "content_sha256"}
)  # fmt: skip


@PROBES.add("centre")
def centre(evidence: Evidence) -> Floats | None:
    """Return the hospital or site, one column for each."""
    if "centre" not in evidence.manifest.column_names:
        return None
    return _one_hot(evidence.manifest.column("centre"), most=200)


@PROBES.add("file_size")
def file_size(evidence: Evidence) -> Floats | None:
    """Return the logarithm of the file's bytes."""
    return _logs(evidence, "file_bytes")


@PROBES.add("image_size")
def image_size(evidence: Evidence) -> Floats | None:
    """Return the logarithms of width, height and their ratio."""
    figures = evidence.sketches.figures
    width, height = figures["width_px"], figures["height_px"]
    if not (np.isfinite(width).any() and np.isfinite(height).any()):
        return None
    logs = np.log(np.maximum(np.stack([width, height], axis=1), 1))
    return np.concatenate([logs, logs[:, :1] - logs[:, 1:]], axis=1).astype(np.float32)


@PROBES.add("storage")
def storage(evidence: Evidence) -> Floats | None:
    """Return the quantisation of a JPEG, the format, colour mode and bits of the file."""
    parts = [_logs(evidence, "jpeg_table"), _logs(evidence, "dpi")]
    names = [one for one in ("format", "mode", "bits") if one in evidence.manifest.column_names]
    parts += [_one_hot(evidence.manifest.column(name)) for name in names]
    known = [part for part in parts if part is not None]
    return np.concatenate(known, axis=1) if known else None


@PROBES.add("metadata")
def metadata(evidence: Evidence) -> Floats | None:
    """Return the other columns of the table: numbers as they are, words with few values."""
    parts = []
    for name in evidence.manifest.free_column_names:
        if name not in _MEASURED:
            part = _column(evidence.manifest.column(name))
            parts += [] if part is None else [part]
    return np.concatenate(parts, axis=1) if parts else None


def _column(cells: Sequence[Any]) -> Floats | None:
    """Return a column as numbers; None for ids, paths and texts that hardly repeat."""
    words = [None if one is None or str(one).strip() == "" else str(one).strip() for one in cells]
    n_values = len(set(words) - {None})
    if n_values < 2 and None not in words:
        return None
    if n_values <= _MOST_VALUES:
        return _one_hot(words)
    numbers = np.array([_number(word) for word in words], dtype=np.float32)
    if np.isfinite(numbers).mean() < 0.5 or n_values > 0.9 * len(words):
        return None
    return np.stack([numbers, np.isnan(numbers).astype(np.float32)], axis=1)


def _number(word: str | None) -> float:
    try:
        value = float(word) if word is not None else float("nan")
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) and not _is_code(word or "") else float("nan")


def _is_code(word: str) -> bool:
    """Return whether a number is written as an id: '006388', '1e5000'."""
    is_padded = len(word) > 1 and word[0] == "0" and word[1].isdigit()
    return is_padded or "e" in word.lower()


def _one_hot(cells: Sequence[Any], most: int = _MOST_VALUES) -> Floats | None:
    counts = Counter("" if one is None else str(one) for one in cells)
    if len(counts) < 2:
        return None
    names = [name for name, _ in counts.most_common(most)]
    place = {name: at for at, name in enumerate(names)}
    made = np.zeros((len(cells), len(names)), dtype=np.float32)
    for row, one in enumerate(cells):
        at = place.get("" if one is None else str(one))
        if at is not None:
            made[row, at] = 1
    return made


def _logs(evidence: Evidence, name: str) -> Floats | None:
    values = evidence.sketches.figures[name]
    if not np.isfinite(values).any():
        return None
    made: Floats = np.log(np.maximum(values, 1e-3))[:, None].astype(np.float32)
    return made
