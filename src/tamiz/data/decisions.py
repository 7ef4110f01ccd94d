"""What a person decided about single images: leave out, keep, another label; undone as easily."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongData
from tamiz.core.files import explain_os_error, write_text
from tamiz.core.language import say
from tamiz.data.ledger import safe_cell

COLUMNS: Final = (
    "path",
    "frame",
    "finding",
    "cluster",
    "proposal",
    "decision",
    "new_label",
    "note",
)
LEAVE_OUT: Final = "leave-out"
KEEP: Final = "keep"
_SHOWN = 20
Place = tuple[str, int]  # path, frame


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of one image.

    Attributes:
        is_out: whether it is left out.
        label: its new label; None leaves the label alone, '' takes it away.
        line: where it stands in the file, the header being line 1.
        finding: the check that raised it.
        note: the person's own words.
    """

    is_out: bool
    label: str | None
    line: int
    finding: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of decisions.csv as tamiz writes it, still undecided."""

    path: str
    frame: int
    finding: str
    cluster: int
    proposal: str


def write_proposals(proposals: Iterable[Proposal], path: Path) -> None:
    """Write the table for a person to fill in: the columns `decision`, `new_label` and `note`.

    `cluster` numbers what belongs together (copies of one picture). A decision is 'leave-out',
    'keep' or nothing; a new label may be given with or without 'keep'; '-' takes a label away.
    What the file holds already of a person's hand is kept, also on lines that are no longer
    proposed.
    """
    filled = _filled(path)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in proposals:
        start = (safe_cell(one.path), str(one.frame), one.finding)
        by_hand = filled.pop(start, ("", "", "", "", ""))[2:]
        writer.writerow((*start, one.cluster, one.proposal, *by_hand))
    for start, rest in filled.items():
        writer.writerow((*start, *rest))
    write_text(path, lines.getvalue())


def _filled(path: Path) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the lines on which a person wrote: (path, frame, finding) -> the other cells."""
    if not path.is_file():
        return {}
    return {
        (row.get("path", ""), row.get("frame", ""), row.get("finding", "")): tuple(
            row.get(name, "") for name in COLUMNS[3:]
        )
        for _, row in _rows(path)
        if any(row.get(name, "").strip() for name in COLUMNS[5:])
    }


def read_decisions(path: Path) -> dict[Place, Decision]:
    """Return the decisions of a file; lines on which nothing was decided count for nothing.

    Raises:
        WrongData: it cannot be read, lacks a column, holds a word that is no decision, or decides
            one image in two ways; every such line is named.
    """
    rows = _rows(path)
    faults: list[str] = []
    made: dict[Place, Decision] = {}
    for line, row in rows:
        word = row.get("decision", "").strip().lower().replace("_", "-").replace(" ", "-")
        label = row.get("new_label", "").strip()
        if not word and not label:
            continue
        if word not in {"", LEAVE_OUT, KEEP} or (word == LEAVE_OUT and label):
            shown = f"{row.get('decision', '')} {label}".strip()
            faults.append(say("decisions.bad_word", line=line, word=shown))
            continue
        place = _place(row, line, faults)
        if place is None:
            continue
        new = None if not label else "" if label == "-" else label
        decision = Decision(
            word == LEAVE_OUT, new, line, row.get("finding", ""), row.get("note", "").strip()
        )
        known = made.setdefault(place, decision)
        if (known.is_out, known.label) != (decision.is_out, decision.label):
            faults.append(
                say("decisions.twice", line=line, again=known.line, path=f"{place[0]}#{place[1]}")
            )
    if faults:
        raise WrongData.of(
            "decisions.faults",
            where=path,
            details=tuple(faults[:_SHOWN]),
            n=len(faults),
            first=faults[0],
        )
    return made


def _place(row: Mapping[str, str], line: int, faults: list[str]) -> Place | None:
    name = row.get("path", "")
    if name.startswith("'") and name[1:2] in {"=", "+", "-", "@", "\t", "\r"}:
        name = name[1:]  # put there by `safe_cell`
    frame = row.get("frame", "").strip() or "0"
    if not name or not frame.isdecimal():
        faults.append(say("decisions.no_image", line=line))
        return None
    return name, int(frame)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return (line, cells by column); comma, semicolon or tab, as spreadsheets save them."""
    try:
        words = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise explain_os_error(error, path) from error
    except UnicodeDecodeError as error:
        raise WrongData.of("decisions.not_utf8", where=path) from error
    head = words.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=head.count)
    reader = csv.DictReader(io.StringIO(words, newline=""), delimiter=separator, restval="")
    wanted = {"path", "decision"}
    lacking = sorted(wanted - set(reader.fieldnames or ()))
    if lacking:
        raise WrongData.of("decisions.columns", where=path, names=", ".join(lacking))
    made = []
    for row in reader:
        cells = {name: value or "" for name, value in row.items() if isinstance(name, str)}
        made.append((reader.line_num, cells))
    return made
