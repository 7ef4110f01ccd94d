"""The report as one HTML file that needs nothing else: no network, no folder beside it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tamiz.core.language import say
from tamiz.data.report import (
    Block,
    Chart,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Severity,
    Table,
    Words,
)
from tamiz.rendering.charts import chart_svg, is_wide
from tamiz.rendering.palette import theme_css
from tamiz.rendering.views import (
    FOLDED_ROWS,
    Card,
    TableView,
    card_notes,
    cards_of,
    chart_table,
    table_view,
)
from tamiz.rendering.words import one_line, say_or, shown, speaking

MOST_ITEMS: Final = 500  # listed below one finding; the JSON holds them all
_PICTURES_AT_ONCE: Final = 12  # shown in a finding; the others are folded
_FEWEST_PLACES: Final = 4  # captions that make a list of their own in the contents
_MOST_PLACES: Final = 40  # of one section in the contents
_TINY_PX: Final = 100  # pictures smaller than this are drawn as pixels
_WIDE_PX: Final = 360  # from here on a picture alone in its place is a figure, and no thumbnail
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture as the page shows it; `source` is '' when the bytes are no PNG."""

    source: str
    width: int
    height: int
    caption: str

    @property
    def is_tiny(self) -> bool:
        """Return whether it must be enlarged without smoothing."""
        return max(self.width, self.height) < _TINY_PX

    @property
    def is_wide(self) -> bool:
        """Return whether, alone in its place, it is shown at its own size: a figure."""
        return self.width >= _WIDE_PX


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding in words."""

    severity: str
    label: str
    what: str
    advice: str
    command: str
    items: tuple[str, ...]
    n_items: int
    certainty: str
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block, or a row of charts or small tables; `kind` says which field holds it."""

    kind: str
    caption: str = ""
    paragraphs: tuple[str, ...] = ()
    tables: tuple[TableView, ...] = ()
    cards: tuple[Card, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    charts: tuple[ChartView, ...] = ()
    pictures: tuple[PictureView, ...] = ()
    findings: tuple[FindingView, ...] = ()
    lines: tuple[tuple[tuple[str, str], ...], ...] = ()
    names: tuple[str, ...] = ()  # ids of the captions, aligned with `captions`

    @property
    def captions(self) -> tuple[str, ...]:
        """Return what its tables, charts or pictures are called, '' for what has no name."""
        if self.kind == "tables":
            return tuple(one.caption for one in self.tables)
        if self.kind == "charts":
            return tuple(one.title for one in self.charts)
        return (self.caption,) if self.kind == "pictures" else ()


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, already drawn."""

    title: str
    svg: Markup
    table: TableView | None
    is_wide: bool


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section: `name` is unique on the page and safe in an address.

    `places` are (id, caption) of its tables, charts and pictures, for the contents.
    """

    name: str
    title: str
    blocks: tuple[BlockView, ...]
    places: tuple[tuple[str, str], ...] = ()


def render_html(
    report: Report,
    *,
    language: str | None = None,
    is_part: bool = False,
    theme: Literal["", "light", "dark"] = "",
) -> str:
    """Return `report` as one self-contained HTML page in `language` (None: the one in use).

    With `is_part` it has neither head nor contents: it stands in a frame of another page, whose
    `theme` it takes ('': the system's).

    The same report gives the same bytes. Names and texts of the report are text on the page
    whatever they hold; the page's own content-security policy allows its style, its script and
    its pictures, and nothing else.
    """
    with speaking(language) as spoken:
        numbers = itertools.count(1)
        style, script = _style(), page_script()
        page = _environment().get_template("report.html")
        return page.render(
            language=spoken,
            theme=theme,
            is_part=is_part,
            title=shown(report.title),
            stage=say_or(f"rendering.stage_{report.stage}", shown(report.stage)),
            summary=_block_views(_answer_first(report.summary), numbers, is_summary=True),
            sections=_section_views(report, numbers),
            folded_rows=FOLDED_ROWS,
            at_once=_PICTURES_AT_ONCE,
            # both are this package's own files, never data
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=_policy(style, script),
            say=say,
        )


def page_script() -> str:
    """Return the one script of every page: a page that frames it must allow it by its hash."""
    return _resource("report.js")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tamiz.rendering"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


@cache
def _resource(name: str) -> str:
    return (resources.files("tamiz.rendering") / "templates" / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return theme_css() + _resource("report.css").replace("FOLDED_ROWS", str(FOLDED_ROWS + 1))


def _policy(style: str, script: str) -> str:
    """Return the content-security policy that allows this style and this script only."""
    return (
        f"default-src 'none'; img-src data:; style-src '{_digest(style)}'; "
        f"script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _section_views(report: Report, numbers: Iterator[int]) -> tuple[SectionView, ...]:
    taken: set[str] = {"summary", "top"}
    made = []
    for section in report.sections:
        name = base = re.sub(r"[^a-z0-9]+", "-", section.anchor.lower()).strip("-") or "section"
        for i in itertools.count(2):
            if name not in taken:
                break
            name = f"{base}-{i}"
        taken.add(name)
        blocks = _block_views(section.blocks, numbers)
        blocks, places = _with_places(name, blocks)
        made.append(SectionView(name, shown(section.title), blocks, places))
    return tuple(made)


def _with_places(
    section: str, blocks: Sequence[BlockView]
) -> tuple[tuple[BlockView, ...], tuple[tuple[str, str], ...]]:
    """Return the blocks with an id for each caption, and (id, caption) of the first of them.

    Few captions are seen at a glance: then there are no places.
    """
    captions = [caption for block in blocks for caption in block.captions if caption]
    if len(captions) < _FEWEST_PLACES:
        return tuple(blocks), ()
    places: list[tuple[str, str]] = []
    made = []
    for block in blocks:
        names = []
        for caption in block.captions:
            names.append(f"{section}--{len(places) + 1}" if caption else "")
            if caption:
                places.append((names[-1], one_line(caption, 60)))
        made.append(replace(block, names=tuple(names)))
    return tuple(made), tuple(places[:_MOST_PLACES])


def _answer_first(summary: Sequence[Block]) -> list[Block]:
    """Return the summary with its warnings and headline figures on top, the rest as it was.

    A page is read from the top, a terminal from the bottom, where the summary has its figures.
    """

    def rank(block: Block) -> int:
        if isinstance(block, Findings):
            return 0 if any(one.severity is Severity.STOP for one in block.findings) else 2
        return 1 if isinstance(block, Table) and cards_of(block) else 3

    return sorted(summary, key=rank)


def _block_views(
    blocks: Sequence[Block], numbers: Iterator[int], *, is_summary: bool = False
) -> tuple[BlockView, ...]:
    """Return the blocks in words; narrow charts in a row share it, tables of a summary too."""
    made: list[BlockView] = []
    for block in blocks:
        view = _block_view(block, numbers, is_summary=is_summary)
        last = made[-1] if made else None
        if last and _is_narrow(last) and _is_narrow(view):
            made[-1] = BlockView("charts", charts=last.charts + view.charts)
        elif is_summary and last and view.kind == "tables" == last.kind:
            made[-1] = BlockView("tables", tables=last.tables + view.tables)
        else:
            made.append(view)
    return tuple(made)


def _is_narrow(view: BlockView) -> bool:
    return view.kind == "charts" and not any(one.is_wide for one in view.charts)


def _block_view(block: Block, numbers: Iterator[int], *, is_summary: bool) -> BlockView:
    match block:
        case Paragraph():
            view = BlockView("text", paragraphs=_paragraphs(block.text))
        case Table():
            view = _table_block(block, is_summary=is_summary)
        case Chart():
            view = BlockView("charts", charts=(_chart_view(block, f"chart-{next(numbers)}"),))
        case Pictures():
            pictures = tuple(map(_picture_view, block.pictures))
            view = BlockView("pictures", shown(block.caption), pictures=pictures)
        case Findings():
            gravest_first = sorted(block.findings, key=lambda f: f.rank)
            view = BlockView("findings", findings=tuple(map(_finding_view, gravest_first)))
        case _:
            view = BlockView("code", shown(block.caption), lines=_code_lines(block.content))
    return view


def _table_block(table: Table, *, is_summary: bool) -> BlockView:
    cards = cards_of(table) if is_summary else ()
    if not cards:
        return BlockView("tables", tables=(table_view(table),))
    return BlockView("cards", shown(table.caption), cards=cards, notes=card_notes(table))


def _chart_view(chart: Chart, name: str) -> ChartView:
    svg = chart_svg(chart, name=name).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    # drawn by charts.py, which escapes every text
    inline = Markup(svg)  # noqa: S704
    return ChartView(shown(chart.title), inline, chart_table(chart), is_wide(chart))


def _paragraphs(words: Words) -> tuple[str, ...]:
    return tuple(part.strip() for part in shown(words).split("\n\n") if part.strip())


def _finding_view(finding: Finding) -> FindingView:
    return FindingView(
        severity=finding.severity.value,
        label=say(f"rendering.{finding.severity.value}"),
        what=shown(finding.what),
        advice=shown(finding.advice),
        command=shown(finding.command),
        items=tuple(map(shown, finding.items[:MOST_ITEMS])),
        n_items=len(finding.items),
        certainty=_certainty(finding),
        pictures=tuple(map(_picture_view, finding.pictures)),
    )


def _certainty(finding: Finding) -> str:
    said = shown(finding.certainty)
    return say("rendering.how_sure", certainty=said) if said else ""


def _picture_view(picture: Picture) -> PictureView:
    caption = shown(picture.caption)
    png = picture.png
    if not png.startswith(_PNG_HEAD) or png[12:16] != b"IHDR" or len(png) < 24:
        return PictureView("", 0, 0, caption)
    width, height = struct.unpack(">II", png[16:24])
    encoded = base64.b64encode(png).decode("ascii")
    return PictureView(f"data:image/png;base64,{encoded}", width, height, caption)


def _code_lines(content: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return each line as (class, text) pieces: TOML headings and comments are set apart."""
    lines = shown(content).rstrip("\n").split("\n")
    if not any(re.fullmatch(r"\s*\[+[\w.\-]+\]+\s*", line) for line in lines):
        return tuple((("", line),) for line in lines)
    return tuple(map(_toml_pieces, lines))


def _toml_pieces(line: str) -> tuple[tuple[str, str], ...]:
    if line.lstrip().startswith("["):
        return (("heading", line),)
    code = re.match(r"""(?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*')*""", line)
    end = code.end() if code else 0
    rest = line[end:]
    if rest and not rest.startswith("#"):  # a text that goes on over several lines
        return (("", line),)
    return tuple(piece for piece in (("", line[:end]), ("comment", rest)) if piece[1])
