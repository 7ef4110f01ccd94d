"""A model card on a page: the Markdown that tamiz writes, as HTML in which all words are text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tamiz.web.frame import escaped

_ESCAPE: Final = re.compile(r"\\([\\`*_<>\[\]#|~])")
_CELLS: Final = re.compile(r"(?<!\\)\|")
_TABLE_RULE: Final = re.compile(r"^[|: -]+$")


def card_html(markdown: str) -> str:
    """Return a card as HTML.

    Only what `rendering.markdown` and `models.card` write is understood: headings, paragraphs,
    lists, tables, bold lines and fenced code. Everything else is shown as it stands.
    """
    return f'<article class="tz-card tz-doc">{"".join(_blocks(markdown.splitlines()))}</article>'


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        block = lines[at:end]
        at = max(end, at + 1)
        if block:
            yield _block(block)


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """Return where the block that begins at a line ends: a fence, a table, a list, one line."""
    first = lines[at]
    if first.startswith("```"):
        closing = (n for n in range(at + 1, len(lines)) if lines[n].startswith("```"))
        return next(closing, len(lines) - 1) + 1
    for sign in ("|", "- "):
        if first.startswith(sign):
            end = at
            while end < len(lines) and lines[end].startswith(sign):
                end += 1
            return end
    return at + 1


def _block(lines: Sequence[str]) -> str:
    first = lines[0].strip()
    if first.startswith("```"):
        return f"<pre>{escaped(chr(10).join(lines[1:-1]))}</pre>"
    if first.startswith("|"):
        return _table(lines)
    if first.startswith("- "):
        return f"<ul>{''.join(f'<li>{_words(one[2:])}</li>' for one in lines)}</ul>"
    if first.startswith(("# ", "## ")):
        sign, _, title = first.partition(" ")
        return f"<h{len(sign)}>{_words(title)}</h{len(sign)}>"
    if first.startswith("**") and first.endswith("**") and len(first) > 4:
        return f'<p class="tz-cap">{_words(first[2:-2])}</p>'
    return f"<p>{_words(first)}</p>" if first else ""


def _table(lines: Sequence[str]) -> str:
    rows = [
        [_words(cell.strip()) for cell in _CELLS.split(line.strip().strip("|"))]
        for line in lines
        if not _TABLE_RULE.match(line)
    ]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows[1:])
    return (
        f'<div class="tz-scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _words(markdown: str) -> str:
    return escaped(_ESCAPE.sub(r"\1", markdown))
