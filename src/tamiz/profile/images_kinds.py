"""How images are stored: formats, colours, depths, sizes; and what of it stands out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any, Final

import numpy as np

from tamiz.core.language import text
from tamiz.data.report import Block, Cell, Finding, Section, Severity, Table
from tamiz.profile.images_facts import ImageFacts, counted, mode_name, named, plain_mode, rows_by

_MOST_KINDS: Final = 15
_MOST_CLASSES: Final = 40
_UNEVEN_FROM: Final = 1.5  # largest class over smallest: below, nothing is said
_GRAVE_RATIO: Final = 4.0
_ODD_SHARE: Final = 0.02
_ODD_RATIO: Final = 4.0


def kinds_section(facts: ImageFacts) -> Section:
    """Return the counts of ways of storing, and of them by class where there are several."""
    n = len(facts)
    bits = [None if np.isnan(one) else int(one) for one in facts.figure("bits")]
    kinds = counted(list(zip(facts.words("format"), _modes(facts), bits, strict=True)))
    rows: list[tuple[Cell, ...]] = [
        (name or text("images.unknown"), mode_name(mode), depth, count, count / max(n, 1))
        for (name, mode, depth), count in kinds[:_MOST_KINDS]
    ]
    columns = ("format", "mode", "bits", "images", "share")
    caption = text("images.caption_kinds", n=n)
    blocks: list[Block] = [Table(tuple(map(named, columns)), tuple(rows), caption, unit="percent")]
    by_class = _kinds_by_class(facts)
    if by_class is not None:
        blocks.append(by_class)
    return Section("images-kinds", text("images.section_kinds"), tuple(blocks))


def _modes(facts: ImageFacts) -> list[str | None]:
    return [plain_mode(mode) for mode in facts.words("mode")]


def _kinds_by_class(facts: ImageFacts) -> Table | None:
    modes = _modes(facts)
    names = [mode for mode, _ in counted(modes)][:_MOST_KINDS]
    classes = list(rows_by(facts.words("label")).items())[:_MOST_CLASSES]
    if len(names) < 2 or len(classes) < 2:
        return None
    rows: list[tuple[Cell, ...]] = []
    for label, at in classes:
        held = [modes[row] for row in at]
        rows.append((label, *(held.count(mode) for mode in names)))
    columns = (named("class"), *(mode_name(mode) for mode in names))
    caption = text("images.caption_kinds_by_class")
    return Table(columns, tuple(rows), caption, "heat", "count")


def kind_findings(facts: ImageFacts) -> list[Finding]:
    """Return what is to be known of classes, colours and depths."""
    made = [_imbalance(facts), _mixed(facts, "mode"), _mixed(facts, "bits")]
    return [one for one in made if one is not None]


def kind_values(facts: ImageFacts) -> dict[str, Any]:
    """Return counts of formats, colours, depths and classes."""
    bits = [None if np.isnan(one) else str(int(one)) for one in facts.figure("bits")]
    found = {
        "formats": facts.words("format"),
        "modes": _modes(facts),
        "bits": bits,
        "classes": facts.words("label"),
    }
    return {
        name: {one: n for one, n in counted(column) if one is not None}
        for name, column in found.items()
    }


def _imbalance(facts: ImageFacts) -> Finding | None:
    """Return how uneven the classes are: the share that guessing the largest would get right.

    The effective number of classes is exp(entropy) of their shares (Hill's number of order 1).
    """
    sizes = {label: len(at) for label, at in rows_by(facts.words("label")).items()}
    if len(sizes) < 2:
        return None
    largest, smallest = next(iter(sizes)), list(sizes)[-1]
    n, ratio = sum(sizes.values()), sizes[largest] / sizes[smallest]
    if ratio < _UNEVEN_FROM:
        return None
    shares = [size / n for size in sizes.values()]
    effective = math.exp(-sum(share * math.log(share) for share in shares))
    return Finding(
        Severity.WARNING if ratio >= _GRAVE_RATIO else Severity.NOTE,
        text(
            "images.imbalance",
            largest=largest,
            smallest=smallest,
            share=shares[0],
            n=n,
            n_largest=sizes[largest],
            n_smallest=sizes[smallest],
        ),
        text(
            "images.imbalance_advice",
            largest=largest,
            share=shares[0],
            n_classes=len(sizes),
            effective=effective,
        ),
        certainty=text("images.certain_count"),
        effect=shares[0] - 1 / len(sizes),
    )


def _mixed(facts: ImageFacts, name: str) -> Finding | None:
    """Return that images are stored in several ways, with the names of the rare ones."""
    stored: list[Any] = list(_modes(facts))
    if name == "bits":
        stored = [None if np.isnan(one) else int(one) for one in facts.figure("bits")]
    kinds = [(kind, n) for kind, n in counted(stored) if kind is not None]
    if len(kinds) < 2:
        return None
    rare = {kind for kind, n in kinds if n <= _ODD_SHARE * len(facts)}
    paths = facts.manifest.column("path")
    words = [
        text("images.count_of", name=mode_name(kind) if name == "mode" else kind, n=n)
        for kind, n in kinds
    ]
    counts = reduce(
        lambda rest, first: text("images.and_then", first=first, rest=rest), reversed(words)
    )
    return Finding(
        Severity.NOTE,
        text(f"images.mixed_{name}", n=len(kinds), counts=counts),
        text("images.mixed_mode_advice") if name == "mode" else "",
        items=tuple(path for path, kind in zip(paths, stored, strict=True) if kind in rare),
        certainty=text("images.certain_count"),
        effect=0.0,
    )


def odd_rows(pixels: Sequence[float] | np.ndarray) -> list[int]:
    """Return the few rows whose area is 4 times the median's or more, or a quarter or less.

    Empty where they are more than 2 %: then they are no exception.
    """
    area = np.asarray(pixels, dtype=np.float64)
    if not np.isfinite(area).any():
        return []
    ratio = area / np.nanmedian(area)
    odd = np.flatnonzero((ratio >= _ODD_RATIO) | (ratio <= 1 / _ODD_RATIO))
    return odd.tolist() if len(odd) <= _ODD_SHARE * len(area) else []
