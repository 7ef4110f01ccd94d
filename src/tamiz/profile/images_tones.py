"""Brightness, contrast and colour by class and by centre, and which of them stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

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
from tamiz.profile.images_facts import ImageFacts, named, rows_by
from tamiz.profile.images_numbers import (
    Difference,
    Floats,
    density_of,
    difference_of,
    finite,
    group_means,
    summary_of,
)
from tamiz.profile.images_sizes import summary_columns, summary_row

Key = Literal["class", "centre"]
TONES: Final = ("brightness", "contrast", "colourfulness", "sharpness")
SIZES: Final = ("megapixels", "aspect", "file_kib")
SUPERIORITY: Final = 0.75  # from here a difference is told
_P_LIMIT: Final = 0.01
_MOST_ROWS: Final = 40
_MOST_LINES: Final = 7
_FEWEST_FOR_A_LINE: Final = 10
_COLOURED_FROM: Final = 1.0  # grey levels between the channels; below, the set is grey
_LEVELS: Final = (0.0, 255.0)


@dataclass(frozen=True, slots=True)
class Apart:
    """A class or a centre whose images differ from all others in one figure.

    Attributes:
        figure: which.
        name: of the class or centre.
        difference: of its groups' means against those of the others.
        p: corrected for all comparisons.
        n_comparisons: how many.
        mean: of its groups.
        others: mean of the other groups.
        share: of all images that bear the name.
    """

    figure: str
    name: str
    difference: Difference
    p: float
    n_comparisons: int
    mean: float
    others: float
    share: float

    @property
    def strength(self) -> float:
        """Return the superiority in the direction that it has, 0.5 to 1."""
        return max(self.difference.superiority, 1 - self.difference.superiority)


def tones_section(facts: ImageFacts) -> Section | None:
    """Return tables and charts by class and by centre; None where nothing was measured."""
    if facts.sketches is None:
        return None
    blocks: list[Block] = []
    if is_coloured(facts):
        blocks.append(_channel_chart(facts))
    for key, column in (("class", "label"), ("centre", facts.centre)):
        rows = rows_by(facts.words(column)) if column else {}
        if key == "class" and not rows:
            rows = {str(named("all")): np.arange(len(facts))}
        if rows:
            blocks += _blocks(facts, rows, named(f"key_{key}"))
    return Section("images-tones", text("images.section_tones"), tuple(blocks))


def tone_values(facts: ImageFacts) -> dict[str, Any]:
    """Return mean brightness, contrast and channels of each class as plain figures."""
    if facts.sketches is None:
        return {}
    made: dict[str, Any] = {}
    for name in ("brightness", "contrast", "red", "green", "blue"):
        values = facts.figure(name)
        rows = rows_by(facts.words("label"))
        made[name] = {label: _mean(values[at]) for label, at in rows.items()}
    return made


def is_coloured(facts: ImageFacts) -> bool:
    """Return whether at least a tenth of the images hold colour."""
    colour = finite(facts.figure("colourfulness"))
    return bool(len(colour)) and float(np.quantile(colour, 0.9)) > _COLOURED_FROM


def standing_apart(
    facts: ImageFacts, figures: Mapping[str, Floats], names: list[str | None]
) -> list[Apart]:
    """Return the names whose groups differ from all others in a figure, strongest first.

    Each name against the rest, by a rank test over the means of groups; p is multiplied by the
    number of comparisons (Bonferroni).
    """
    rows, groups = rows_by(names), facts.group_numbers()
    if len(rows) < 2:
        return []
    known = np.array([name is not None for name in names])
    found = []
    used = {name: values for name, values in figures.items() if _varies(values)}
    chosen = list(rows.items())[: 1 if len(rows) == 2 else _MOST_ROWS]  # two say it once
    m = len(used) * len(chosen)
    for figure, values in used.items():
        for name, at in chosen:
            is_here = np.zeros(len(values), dtype=np.bool_)
            is_here[at] = True
            here = group_means(values[is_here], groups[is_here])
            others = group_means(values[known & ~is_here], groups[known & ~is_here])
            if not len(here) or not len(others):
                continue
            difference = difference_of(here, others)
            p = min(1.0, difference.p * m)
            found.append(
                Apart(
                    figure, name, difference, p, m,
                    float(here.mean()), float(others.mean()), len(at) / len(facts),
                )
            )  # fmt: skip
    told = [one for one in found if one.strength >= SUPERIORITY and one.p < _P_LIMIT]
    return sorted(told, key=lambda one: (-one.strength, one.figure, one.name))


def apart_findings(facts: ImageFacts, sizes: Mapping[str, Floats]) -> list[Finding]:
    """Return one finding per figure in which a class, or a centre, stands apart."""
    figures = {name: sizes[name] for name in SIZES}
    tones = [name for name in TONES if name != "colourfulness" or is_coloured(facts)]
    figures |= {name: facts.figure(name) for name in tones}
    made = []
    keys: tuple[tuple[Key, str | None], ...] = (("class", "label"), ("centre", facts.centre))
    for key, column in keys:
        if column is None:
            continue
        by_figure: dict[str, list[Apart]] = {}
        for one in standing_apart(facts, figures, facts.words(column)):
            by_figure.setdefault(one.figure, []).append(one)
        made += [_finding(key, many) for many in by_figure.values()]
    return made


def _finding(key: Key, many: list[Apart]) -> Finding:
    """Return the finding of the strongest, the others as its items.

    Its effect: what always answering by this figure would add to guessing between the name and
    the rest, times the share of images that bear the name or, where that is less, do not.
    """
    one = many[0]
    is_higher = one.difference.superiority > 0.5
    sure = "images.sure_below" if one.p < 0.001 else "images.sure"
    values: dict[str, Any] = {"n": one.difference.n, "m": one.n_comparisons}
    if one.p >= 0.001:
        values["p"] = one.p
    return Finding(
        Severity.NOTE,
        text(
            "images.differs",
            figure=named(one.figure),
            direction=named("higher" if is_higher else "lower"),
            kind=named(f"key_{key}"),
            name=one.name,
            mean=one.mean,
            others=one.others,
            share=one.strength,
        ),
        text(f"images.differs_{key}_advice"),
        items=tuple(text("images.also", name=o.name, share=o.strength) for o in many[1:]),
        certainty=_certainty(sure, values),
        effect=(2 * one.strength - 1) * min(one.share, 1 - one.share),
    )


def _certainty(key: str, values: dict[str, Any]) -> Words:
    return text("images.sure", **values) if key == "images.sure" else text(key, **values)


def _blocks(facts: ImageFacts, rows: Mapping[str, NDArray[np.int64]], key: Words) -> list[Block]:
    """Return charts and tables of brightness and contrast, and of colour where there is any."""
    made: list[Block] = []
    shown = _lines_to_show(facts.figure("brightness"), rows)
    if shown:
        made += [_density_chart(facts, name, shown, key) for name in ("brightness", "contrast")]
    if 0 < len(shown) < len(rows):
        made.append(Paragraph(text("images.lines_note", shown=len(shown), n=len(rows))))
    made += [_summary_table(facts, name, rows, key) for name in ("brightness", "contrast")]
    if is_coloured(facts):
        made.append(_colour_table(facts, rows, key))
    if len(rows) > _MOST_ROWS:
        made.append(Paragraph(text("images.rows_left_out", shown=_MOST_ROWS, n=len(rows))))
    return made


def _lines_to_show(
    brightness: Floats, rows: Mapping[str, NDArray[np.int64]]
) -> dict[str, NDArray[np.int64]]:
    """Return the names for one chart: all, or the darkest and the brightest where they are many.

    A name with a handful of images has no distribution to draw.
    """
    rows = {name: at for name, at in rows.items() if len(at) >= _FEWEST_FOR_A_LINE}
    if len(rows) <= _MOST_LINES:
        return rows
    order = sorted(rows, key=lambda name: (_mean(brightness[rows[name]]) or 0.0, name))
    return {name: rows[name] for name in (*order[:3], *order[-3:])}


def _density_chart(
    facts: ImageFacts, figure: str, rows: Mapping[str, NDArray[np.int64]], key: Words
) -> Chart:
    values = facts.figure(figure)
    known = finite(values)
    low, high = (float(known.min()), float(known.max())) if len(known) else _LEVELS
    margin = 0.05 * (high - low)
    low, high = max(0.0, low - margin), min(_LEVELS[1], high + margin)
    series = []
    for name, at in rows.items():
        places, density = density_of(finite(values[at]), low, high)
        series.append(Series(name, _short(places), _short(density)))
    return Chart(
        "line", text(f"images.chart_{figure}", kind=key), named(figure), named("density"),
        tuple(series),
    )  # fmt: skip


def _channel_chart(facts: ImageFacts) -> Chart:
    series = []
    for name in ("red", "green", "blue"):
        places, density = density_of(finite(facts.figure(name)), *_LEVELS)
        series.append(Series(named(f"{name}_name"), _short(places), _short(density)))
    x_label = named("brightness")
    return Chart("line", named("chart_colour"), x_label, named("density"), tuple(series))


def _summary_table(
    facts: ImageFacts, figure: str, rows: Mapping[str, NDArray[np.int64]], key: Words
) -> Table:
    values = facts.figure(figure)
    made: list[tuple[Cell, ...]] = []
    for name, at in list(rows.items())[:_MOST_ROWS]:
        one = summary_of(finite(values[at]))
        if one is not None:
            made.append(summary_row(name, one))
    caption = text("images.caption_tones", figure=named(figure), kind=key)
    return Table(summary_columns(key), tuple(made), caption)


def _colour_table(facts: ImageFacts, rows: Mapping[str, NDArray[np.int64]], key: Words) -> Table:
    names = ("red", "green", "blue", "colourfulness")
    made: list[tuple[Cell, ...]] = [
        (label, len(at), *(_mean(facts.figure(name)[at]) for name in names))
        for label, at in list(rows.items())[:_MOST_ROWS]
    ]
    columns = (key, named("images"), *(named(name) for name in names))
    return Table(columns, tuple(made), text("images.caption_colours", kind=key))


def _mean(values: Floats) -> float | None:
    known = finite(values)
    return float(known.mean()) if len(known) else None


def _varies(values: Floats) -> bool:
    known = finite(values)
    return bool(len(known)) and bool(known.max() > known.min())


def _short(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)
