"""Sizes of images: histograms, scatter plot, summary, the largest and the smallest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tamiz.core.language import text
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Finding,
    Paragraph,
    Section,
    Series,
    Severity,
    Table,
    Words,
)
from tamiz.profile.images_facts import ImageFacts, counted, named
from tamiz.profile.images_kinds import odd_rows
from tamiz.profile.images_numbers import (
    Floats,
    Summary,
    bins_of,
    density_of,
    finite,
    summary_of,
)

N_EXTREMES: Final = 3
_LONGEST_FIELD: Final = 160  # a doctor's notes may fill a page
_MOST_SIZES: Final = 12
_MOST_POINTS: Final = 2000
_MOST_COLOURS: Final = 6  # classes with a colour of their own; the palette has seven
_LOG_FROM: Final = 30.0
_MOST_SPACINGS: Final = 12
_SUMMARY_COLUMNS: Final = ("n", "mean", "sd", "min", "q1", "median", "q3", "max")


def size_figures(facts: ImageFacts) -> dict[str, Floats]:
    """Return width_px, height_px, megapixels, aspect and file_kib of every row, nan if unknown."""
    width, height = facts.figure("width_px"), facts.figure("height_px")
    with np.errstate(divide="ignore", invalid="ignore"):
        aspect = np.where(height > 0, width / height, np.nan)
    return {
        "width_px": width,
        "height_px": height,
        "megapixels": width * height / 1e6,
        "aspect": aspect,
        "file_kib": facts.figure("file_bytes") / 1024,
    }


def sizes_section(facts: ImageFacts, figures: dict[str, Floats]) -> Section:
    """Return everything about sizes."""
    blocks: list[Block] = [*_overview(facts, figures), *_charts(facts, figures)]
    largest, smallest = extreme_rows(figures)
    if largest:
        blocks.append(extremes_table(facts, largest, smallest))
    return Section("images-sizes", text("images.section_sizes"), tuple(blocks))


def size_values(figures: dict[str, Floats]) -> dict[str, Any]:
    """Return the summaries as plain figures."""
    made = {name: summary_of(finite(values)) for name, values in figures.items()}
    return {
        name: dict(zip(_SUMMARY_COLUMNS, _figures_of(one), strict=True))
        for name, one in made.items()
        if one is not None
    }


def summary_row(name: Words, one: Summary) -> tuple[Cell, ...]:
    """Return the row of a summary table."""
    return (name, *_figures_of(one))


def summary_columns(first: Words) -> tuple[Words, ...]:
    """Return the headings that go with `summary_row`."""
    return (first, *(named(name) for name in _SUMMARY_COLUMNS))


def histogram(values: Floats, title: Words, x_label: Words, *, is_whole: bool) -> Chart | None:
    """Return a histogram with its density line; None where the values do not vary."""
    bins = bins_of(values, is_whole=is_whole)
    if bins is None:
        return None
    half = bins.width / 2
    places, density = density_of(values, bins.middles[0] - half, bins.middles[-1] + half)
    lines: tuple[Series, ...] = ()
    if len(places):
        scaled = density * len(values) * bins.width  # on the axis of the counts
        lines = (Series(text("images.density"), _numbers(places), _numbers(scaled)),)
    counts = Series(text("images.images"), _numbers(bins.middles), _numbers(bins.counts))
    return Chart(
        "histogram", title, x_label, text("images.images"), (counts,),
        bin_width=bins.width, lines=lines,
    )  # fmt: skip


def extreme_rows(figures: dict[str, Floats]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rows of the largest and of the smallest images, by area, then by file size.

    Nothing where all are alike.
    """
    area, weight = figures["megapixels"], np.nan_to_num(figures["file_kib"])
    known = np.flatnonzero(np.isfinite(area))
    if not len(known) or (np.ptp(area[known]) == 0 and np.ptp(weight[known]) == 0):
        return (), ()
    rising = known[np.lexsort((known, weight[known], area[known]))]
    falling = known[np.lexsort((known, -weight[known], -area[known]))]
    n = min(N_EXTREMES, len(known))
    return tuple(falling[:n].tolist()), tuple(rising[: min(n, len(known) - n)].tolist())


def extremes_table(facts: ImageFacts, largest: Sequence[int], smallest: Sequence[int]) -> Table:
    """Return the fields of the extreme images, one column each; fields that none has are left out.

    Fields stand in rows: a table of patients may have forty.
    """
    chosen = [*largest, *smallest]
    names = facts.manifest.column_names
    taken = list(facts.manifest.take(chosen).rows(*names))
    rows: list[tuple[Cell, ...]] = []
    for at, name in enumerate(names):
        cells = [one[at] for one in taken]
        if any(cell is not None and cell != "" for cell in cells):
            rows.append((name, *map(_plain, cells)))
    columns = (
        text("images.field"),
        *(text("images.largest", n=i) for i in range(1, len(largest) + 1)),
        *(text("images.smallest", n=i) for i in range(1, len(smallest) + 1)),
    )
    return Table(columns, tuple(rows), text("images.caption_extremes"))


def spacing_section(facts: ImageFacts) -> Section:
    """Return what the files say of the size of a pixel in the world, and on paper."""
    blocks: list[Block] = []
    for name in ("um_per_px", "dpi"):
        values = facts.figure(name)
        known = finite(values)
        if len(known):
            pairs = counted([float(f"{one:.4g}") for one in known])
            rows: list[tuple[Cell, ...]] = [(value, n) for value, n in pairs[:_MOST_SPACINGS]]
            caption = text("images.caption_spacing", n_said=len(known), n=len(values))
            blocks.append(Table((named(name), named("images")), tuple(rows), caption))
    if not np.isfinite(facts.figure("um_per_px")).any():
        blocks.insert(0, Paragraph(text("images.no_spacing")))
    return Section("images-spacing", text("images.section_spacing"), tuple(blocks))


def size_findings(facts: ImageFacts, figures: dict[str, Floats]) -> list[Finding]:
    """Return that sizes or spacings differ, and which images are quite unlike the others."""
    made = []
    area = figures["megapixels"]
    odd = odd_rows(area)
    if odd:
        paths = facts.manifest.column("path")
        made.append(
            Finding(
                Severity.NOTE,
                text(
                    "images.odd_sizes",
                    n=len(odd),
                    width=int(np.nanmedian(figures["width_px"])),
                    height=int(np.nanmedian(figures["height_px"])),
                ),
                text("images.odd_sizes_advice"),
                items=tuple(paths[row] for row in odd),
                certainty=text("images.certain_count"),
                effect=len(odd) / len(facts),
            )
        )
    sizes = _sizes(figures)
    if len(sizes) > max(1, 1 + len(odd)):
        made.append(_many_sizes(figures, len(sizes)))
    spacing = finite(facts.figure("um_per_px"))
    if len(spacing) and spacing.max() > 1.05 * spacing.min():
        made.append(
            Finding(
                Severity.WARNING,
                text("images.spacing_mixed", low=spacing.min(), high=spacing.max()),
                text("images.spacing_mixed_advice"),
                certainty=text("images.certain_count"),
                effect=1 - float(spacing.min() / spacing.max()),
            )
        )
    return made


def _many_sizes(figures: dict[str, Floats], n_sizes: int) -> Finding:
    rows = extreme_rows(figures)
    high, low = rows[0][0], (rows[1] or rows[0])[0]
    width, height, aspect = (figures[name] for name in ("width_px", "height_px", "aspect"))
    return Finding(
        Severity.NOTE,
        text(
            "images.many_sizes",
            n_sizes=n_sizes,
            low_width=int(width[low]),
            low_height=int(height[low]),
            high_width=int(width[high]),
            high_height=int(height[high]),
        ),
        text(
            "images.many_sizes_advice",
            wide=float(np.nanmax(aspect)),
            tall=float(np.nanmin(aspect)),
        ),
        certainty=text("images.certain_count"),
    )


def _overview(facts: ImageFacts, figures: dict[str, Floats]) -> list[Block]:
    sizes = _sizes(figures)
    if not sizes:
        return [Paragraph(text("images.no_sizes"))]
    blocks: list[Block] = []
    if len(sizes) == 1:
        (width, height), n = sizes[0]
        blocks.append(Paragraph(text("images.one_size", n=n, width=width, height=height)))
    else:
        shown = [(f"{w} x {h}", n, n / len(facts)) for (w, h), n in sizes[:_MOST_SIZES]]
        rest = sizes[_MOST_SIZES:]
        rows: list[tuple[Cell, ...]] = list(shown)
        if rest:
            n_rest = sum(n for _, n in rest)
            label = text("images.other_sizes", n=len(rest))
            rows.append((label, n_rest, n_rest / len(facts)))
        columns = tuple(named(name) for name in ("size", "images", "share"))
        caption = text("images.caption_sizes", n_sizes=len(sizes))
        blocks.append(Table(columns, tuple(rows), caption, unit="percent"))
    made = [(name, summary_of(finite(values))) for name, values in figures.items()]
    summaries = tuple(summary_row(named(name), one) for name, one in made if one is not None)
    caption = text("images.caption_summary")
    return [*blocks, Table(summary_columns(named("figure")), summaries, caption)]


def _charts(facts: ImageFacts, figures: dict[str, Floats]) -> list[Block]:
    """Return the charts, none where all images have one size."""
    n_sizes = len(_sizes(figures))
    if n_sizes < 2:
        return []
    kinds = (
        ("width", "width_px", True),
        ("height", "height_px", True),
        ("aspect", "aspect", False),
    )
    made: list[Block] = []
    n_outside = 0
    for name, figure, is_whole in kinds:
        values = finite(figures[figure])
        title = text(f"images.chart_{name}")
        chart = histogram(values, title, named(figure), is_whole=is_whole)
        if chart is not None:
            made.append(chart)
            n_outside = max(n_outside, len(values) - int(sum(chart.series[0].y)))
    scatter, n_points = _scatter(facts, figures)
    made.append(scatter)
    if n_outside:
        percent = 100 * n_outside / len(facts)
        made.append(Paragraph(text("images.bins_note", percent=percent)))
    if n_points > _MOST_POINTS:
        note = text("images.scatter_note", shown=_MOST_POINTS, n=n_points, seed=facts.seed)
        made.append(Paragraph(note))
    return made


def _scatter(facts: ImageFacts, figures: dict[str, Floats]) -> tuple[Chart, int]:
    """Return width against height by class, and how many different points there are.

    A point is drawn once for each size and class; beyond `_MOST_POINTS` a random part of them.
    """
    width, height = figures["width_px"], figures["height_px"]
    labels = facts.words("label")
    frequent = [label for label, _ in counted([x for x in labels if x is not None])]
    own = set(frequent if len(frequent) <= _MOST_COLOURS + 1 else frequent[:_MOST_COLOURS])
    points = sorted(
        {
            (-1 if label is None else frequent.index(label), w, h)
            for label, w, h in zip(labels, width.tolist(), height.tolist(), strict=True)
            if np.isfinite(w) and np.isfinite(h)
        }
    )
    n_points = len(points)
    if n_points > _MOST_POINTS:
        random = np.random.default_rng(facts.seed)
        kept = np.sort(random.choice(n_points, _MOST_POINTS, replace=False))
        points = [points[at] for at in kept]
    by_name: dict[str, list[tuple[float, float]]] = {}
    for at, w, h in points:
        name = "" if at < 0 else frequent[at]
        by_name.setdefault(name if name in own or at < 0 else "\0others", []).append((w, h))
    words = {
        "": named("no_label") if frequent else named("all"),
        "\0others": named("other_classes"),
    }
    series = tuple(
        Series(words.get(name, name), tuple(w for w, _ in many), tuple(h for _, h in many))
        for name, many in by_name.items()
    )
    return Chart(
        "scatter", text("images.chart_scatter"), named("width_px"), named("height_px"), series,
        log_y=_is_broad(height), log_x=_is_broad(width),
    ), n_points  # fmt: skip


def _is_broad(values: Floats) -> bool:
    known = finite(values)
    return bool(len(known)) and known.min() > 0 and bool(known.max() > _LOG_FROM * known.min())


def _sizes(figures: dict[str, Floats]) -> list[tuple[tuple[int, int], int]]:
    pairs = zip(figures["width_px"].tolist(), figures["height_px"].tolist(), strict=True)
    known = [(int(w), int(h)) for w, h in pairs if np.isfinite(w) and np.isfinite(h)]
    return counted(known)


def _figures_of(one: Summary) -> tuple[Any, ...]:
    return (one.n, one.mean, one.sd, one.low, one.q1, one.median, one.q3, one.high)


def _numbers(values: Any) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _plain(cell: Any) -> Cell:
    """Return a field as words: in a column of many kinds numbers would not line up anyway."""
    if cell is None or cell == "":
        return None
    words = f"{cell:g}" if isinstance(cell, float) else str(cell)
    return words if len(words) <= _LONGEST_FIELD else f"{words[: _LONGEST_FIELD - 1]}\u2026"
