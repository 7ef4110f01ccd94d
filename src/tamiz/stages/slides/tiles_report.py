"""What `tiles` tells: a row per tile, a row per slide, and the report."""

from __future__ import annotations

import io
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import polars as pl

from tamiz.core.files import write_bytes, write_text
from tamiz.core.language import Text, text
from tamiz.core.urls import name_of
from tamiz.data.ledger import safe_cell
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Severity,
)
from tamiz.data.tiling import Tiling
from tamiz.stages.backgrounds import backgrounds_section
from tamiz.stages.slides.tiling import Tiles

_SHOWN: Final = 20
_PICTURES: Final = 24
_FACTS: Final = ("slide", "patient", "label", "centre", "split")


@dataclass(frozen=True, slots=True)
class SlideTold:
    """What became of one slide.

    Attributes:
        path: of the slide.
        facts: 'slide', 'patient', 'label', 'centre', 'split'.
        columns: of its tiles, equally long: x, y, width, height, side_px, um_per_px, tissue and,
            where tiles are chosen by it, score.
        row: facts of the slide itself, JSON-ready.
        why_none: the catalogue's key of the reason why there is no tile.
        problem: why it cannot be read; empty when it can.
    """

    path: str
    facts: Mapping[str, str | None]
    columns: Mapping[str, Sequence[Any]] | None = None
    row: Mapping[str, Any] | None = None
    why_none: str = ""
    problem: str = ""

    @classmethod
    def of(cls, path: str, facts: Mapping[str, str | None], made: Tiles, how: Tiling) -> Self:
        """Return what is told of a slide that was cut."""
        n = len(made.regions)
        columns: dict[str, Sequence[Any]] = {
            name: made.regions[:, at].tolist()
            for at, name in enumerate(("x", "y", "width", "height"))
        }
        columns["side_px"] = [how.tile_px] * n
        columns["um_per_px"] = [made.um_per_px and round(made.um_per_px, 6)] * n
        columns["tissue"] = np.round(made.shares, 4).tolist()
        if len(made.scores):
            columns["darkness" if how.choose == "dark" else "entropy"] = np.round(
                made.scores, 4
            ).tolist()
        row = {
            "width_px": made.size_px[0],
            "height_px": made.size_px[1],
            "background": made.background.kind.value,
            "background_colour": "#{:02x}{:02x}{:02x}".format(
                *(round(value) for value in made.background.colour)
            ),
            "tissue": round(made.tissue.share, 4),
            "pen": round(made.tissue.pen_share, 4),
            "tiles_found": made.n_found,
            "tiles": n,
            "um_per_px": made.um_per_px,
        }
        why = made.why_none
        return cls(path, facts, columns, row, why.key if why else "")

    def kept(self) -> dict[str, Any]:
        """Return JSON-ready facts from which `from_facts` makes the same again."""
        return {
            "path": self.path, "columns": dict(self.columns or {}), "row": dict(self.row or {}),
            "why_none": self.why_none,
        }  # fmt: skip

    @classmethod
    def from_facts(cls, kept: Mapping[str, Any], facts: Mapping[str, str | None]) -> Self:
        """Return what `kept` came from; labels are those of the table as it is now."""
        return cls(kept["path"], facts, kept["columns"], kept["row"], kept["why_none"])

    @property
    def n_tiles(self) -> int:
        """Return how many tiles it gave."""
        return int(self.row["tiles"]) if self.row else 0


def save_tiles(told: Sequence[SlideTold], path: Path, *, copies: bool) -> None:
    """Write a row per tile; with copies the paths are theirs, and no row is a part any more."""
    parts = []
    for one in told:
        if not one.n_tiles or one.columns is None:
            continue
        columns = dict(one.columns)
        facts = {name: _cell(one.facts.get(name)) for name in _FACTS}
        paths: Any = one.path
        if copies:
            places = zip(columns["x"], columns["y"], strict=True)
            paths = [f"copies/{one.facts['slide']}/{x}_{y}.png" for x, y in places]
            for name in ("x", "y", "width", "height"):
                columns[f"slide_{name}"] = columns.pop(name)
        frame = pl.DataFrame(columns, strict=False).with_columns(
            pl.lit(facts[name], dtype=pl.String).alias(name) for name in _FACTS
        )
        where = pl.Series("path", [_cell(p) for p in paths]) if copies else pl.lit(_cell(one.path))
        parts.append(frame.with_columns(where.alias("path")))
    made = pl.concat(parts, how="diagonal_relaxed") if parts else pl.DataFrame({"path": []})
    empty = [name for name in made.columns if len(made) and made[name].null_count() == len(made)]
    first = ["path", *(name for name in made.columns if name != "path" and name not in empty)]
    opened = io.BytesIO()
    made.select(first).write_csv(opened)
    write_bytes(path, opened.getvalue())


def save_slides(told: Sequence[SlideTold], path: Path) -> None:
    """Write a row per slide: what it is, how many tiles it gave, or why none."""
    rows = [
        {
            "path": _cell(one.path),
            **{name: _cell(one.facts.get(name)) for name in _FACTS},
            **(one.row or {}),
            "reason": _cell(one.problem or (str(text(one.why_none)) if one.why_none else "")),
        }
        for one in told
    ]
    write_bytes(path, pl.DataFrame(rows, infer_schema_length=None).write_csv().encode())


def report_of(
    told: Sequence[SlideTold], missing: Sequence[Text], out: Path, root: Path, how: Tiling
) -> Report:
    """Return the report, and write it as a page, `tiles.html`."""
    from tamiz.rendering.html import render_html

    values = _values(told, len(missing))
    sentence = Paragraph(text("tiles.sentence", **values))
    found = _findings(told, missing)
    findings = Findings(found) if found else None
    command = f"tamiz run {shlex.quote(str(out / 'tiles.csv'))} --root {shlex.quote(name_of(root))}"
    where = Paragraph(text("tiles.where", command=f"{command} --out runs/tiles"))
    shown: list[Block] = [sentence, *([findings] if findings else []), where]
    page = Paragraph(text("report.where", path=str(out / "tiles.html")))
    sections = (
        Section("tiles", text("tiles.title"), tuple(shown)),
        backgrounds_section(
            (one.facts["centre"], one.row["background"]) for one in told if one.row
        ),
        Section("pictures", text("tiles.pictures"), (_pictures(told, out, how),)),
    )
    report = Report("tiles", text("tiles.title"), sections, (*shown, page), {"tiles": values})
    write_text(out / "tiles.html", render_html(replace(report, summary=())))
    return report


def _values(told: Sequence[SlideTold], n_missing: int) -> dict[str, Any]:
    counts = [one.n_tiles for one in told if one.n_tiles]
    return {
        "slides": len(told),
        "tiles": sum(counts),
        "patients": len({one.facts["patient"] for one in told if one.n_tiles}),
        "median": int(np.median(counts)) if counts else 0,
        "empty": sum(not one.problem and not one.n_tiles for one in told),
        "unreadable": sum(bool(one.problem) for one in told),
        "missing": n_missing,
    }


def _findings(told: Sequence[SlideTold], missing: Sequence[Text]) -> tuple[Finding, ...]:
    made = []
    bad = [f"{one.path}: {one.problem}" for one in told if one.problem]
    if bad:
        what = text("tiles.n_unreadable", n=len(bad), total=len(told))
        made.append(Finding(Severity.WARNING, what, items=tuple(bad[:_SHOWN])))
    empty = [one for one in told if one.why_none]
    if empty:
        what = text("tiles.n_empty", n=len(empty), total=len(told))
        items = tuple(f"{one.path}: {text(one.why_none)}" for one in empty[:_SHOWN])
        advice = text("tiles.empty_advice")
        made.append(Finding(Severity.WARNING, what, advice, items=items))
    pens = [one for one in told if one.row and one.row["pen"] > 0.001]
    if pens:
        items = tuple(one.path for one in pens[:_SHOWN])
        made.append(Finding(Severity.NOTE, text("tiles.n_pen", n=len(pens)), items=items))
    if missing:
        what = text("tiles.n_missing", n=len(missing), total=len(missing) + len(told))
        made.append(Finding(Severity.WARNING, what, items=tuple(missing[:_SHOWN])))
    return tuple(made)


def _pictures(told: Sequence[SlideTold], out: Path, how: Tiling) -> Pictures:
    made = []
    # Those without tiles first: they are what a reader must look at.
    order = sorted((one for one in told if one.row), key=lambda one: (one.n_tiles > 0, one.path))
    for one in order[:_PICTURES]:
        place = out / "pictures" / f"{one.facts['slide']}.png"
        if place.is_file():
            words = text("tiles.picture", name=one.path, n=one.n_tiles)
            made.append(Picture(_small(place.read_bytes()), words))
    caption = text("tiles.pictures_caption", n=len(made), all=len(order), side=how.tile_px)
    return Pictures(tuple(made), caption)


def _small(content: bytes) -> bytes:
    import PIL.Image

    picture = PIL.Image.open(io.BytesIO(content))
    picture.thumbnail((360, 360))
    opened = io.BytesIO()
    picture.save(opened, "PNG")
    return opened.getvalue()


def _cell(value: str | None) -> str | None:
    return None if value is None else safe_cell(value)
