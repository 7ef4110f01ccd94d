"""A report as Markdown: text and tables that any editor shows; charts and pictures are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tamiz.core.language import say
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Code,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Pictures,
    Report,
    Table,
)
from tamiz.rendering.words import cell_text, interval_text, one_line, shown, speaking

_SPECIAL: Final = re.compile(r"([\\`*_<>\[\]#|~])")


def render_markdown(report: Report, *, language: str | None = None) -> str:
    """Return `report` as Markdown in `language` (None: the one in use).

    Whatever names and texts hold, they are text in the result: signs that Markdown or HTML would
    take for their own are escaped.
    """
    with speaking(language):
        lines = [f"# {plain(report.title)}", ""]
        for block in report.summary:
            lines += [*_block(block), ""]
        for section in report.sections:
            lines += [f"## {plain(section.title)}", ""]
            for block in section.blocks:
                lines += [*_block(block), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def plain(words: object) -> str:
    """Return words on one line that Markdown shows as they are."""
    return _SPECIAL.sub(r"\\\1", one_line(str(words)))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _paragraphs(shown(block.text))
        case Table():
            yield from _table(block)
        case Findings():
            for one in sorted(block.findings, key=lambda finding: finding.rank):
                yield from _finding(one)
        case Code():
            yield from _code(block)
        case Chart():
            yield f"_{plain(block.title)}_"
        case Pictures():
            n = say("rendering.pictures_elsewhere", n=len(block.pictures))
            yield f"_{plain(block.caption)}: {plain(n)}_"


def _paragraphs(words: str) -> Iterator[str]:
    parts = [part for part in words.split("\n\n") if part.strip()]
    for i, part in enumerate(parts):
        yield plain(part)
        if i < len(parts) - 1:
            yield ""


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"**{plain(table.caption)}**"
        yield ""
    yield "| " + " | ".join(plain(name) for name in table.columns) + " |"
    yield "|" + " --- |" * len(table.columns)
    for row in table.rows:
        yield "| " + " | ".join(_cell(cell, table) for cell in row) + " |"


def _cell(cell: Cell, table: Table) -> str:
    made = cell_text(cell, table.unit)
    if isinstance(cell, Estimate):
        made = f"{made} {interval_text(cell, table.unit)}".strip()
    return plain(made)


def _finding(finding: Finding) -> Iterator[str]:
    label = say(f"rendering.{finding.severity.value}")
    advice = f" {plain(finding.advice)}" if finding.advice else ""
    yield f"- **{plain(label)}**: {plain(finding.what)}{advice}"


def _code(block: Code) -> Iterator[str]:
    content = shown(block.content).rstrip("\n")
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    fence = "`" * max(3, longest + 1)
    if block.caption:
        yield f"**{plain(block.caption)}**"
        yield ""
    yield fence
    yield from content.split("\n")
    yield fence
