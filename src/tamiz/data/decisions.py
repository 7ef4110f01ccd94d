"""What a person decided about single images: leave out, keep, another label; undone as easily."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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


def write_proposals(
    proposals: Iterable[Proposal],
    path: Path,
    still_stands: Callable[[Proposal], bool] | None = None,
) -> None:
    """Write the table for a person to fill in: the columns `decision`, `new_label` and `note`.

    `cluster` numbers what belongs together (copies of one picture). A decision is 'leave-out',
    'keep' or nothing; a new label may be given with or without 'keep'; '-' takes a label away.
    What the file holds already of a person's hand is kept, also on lines that are no longer
    proposed.

    Args:
        proposals: what is suspected now.
        path: of the table.
        still_stands: whether an earlier proposal that is not among them is kept; None: none is.
    """
    filled = _filled(path)
    made = list(proposals)
    if still_stands is not None and path.is_file():
        made += _standing(made, path, still_stands)
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in made:
        start = (safe_cell(one.path), str(one.frame), one.finding)
        by_hand = filled.pop(start, ("", "", "", "", ""))[2:]
        writer.writerow((*start, one.cluster, one.proposal, *by_hand))
    for start, rest in filled.items():
        writer.writerow((*start, *rest))
    write_text(path, lines.getvalue())


def _standing(
    made: Sequence[Proposal], path: Path, still_stands: Callable[[Proposal], bool]
) -> list[Proposal]:
    """Return the earlier proposals that still stand, their clusters numbered after the new ones."""
    known = {(one.path, one.frame, one.finding) for one in made}
    numbers: dict[tuple[str, int], int] = {}
    n_before = max((one.cluster for one in made), default=0)
    kept = []
    for one in _proposals_of(path, []):
        if (one.path, one.frame, one.finding) in known or not still_stands(one):
            continue
        number = numbers.setdefault((one.finding, one.cluster), n_before + len(numbers) + 1)
        kept.append(replace(one, cluster=number))
    return kept


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


def proposals_in(path: Path) -> list[Proposal]:
    """Return what tamiz proposed in a file that `write_proposals` wrote, in the file's order.

    Raises:
        WrongData: it cannot be read, lacks a column, or a line names no image; every one is named.
    """
    faults: list[str] = []
    made = _proposals_of(path, faults)
    if faults:
        raise _faulty(path, faults)
    return made


def _proposals_of(path: Path, faults: list[str]) -> list[Proposal]:
    made = []
    for line, row in _rows(path):
        place = _place(row, line, faults)
        cluster = row.get("cluster", "")
        if place is not None:
            number = int(cluster) if cluster.isdecimal() else 0
            made.append(Proposal(*place, row.get("finding", ""), number, row.get("proposal", "")))
    return made


def decided_lines(path: Path) -> list[tuple[str, ...]]:
    """Return the cells, in the order of `COLUMNS`, of the lines on which a person wrote.

    Raises:
        WrongData: it cannot be read, or lacks a column.
    """
    filled = _filled(path)
    return [(*start, *rest) for start, rest in filled.items()]


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
        new = label_of_cell(label)
        decision = Decision(
            word == LEAVE_OUT, new, line, row.get("finding", ""), row.get("note", "").strip()
        )
        known = made.setdefault(place, decision)
        if (known.is_out, known.label) != (decision.is_out, decision.label):
            faults.append(
                say("decisions.twice", line=line, again=known.line, path=f"{place[0]}#{place[1]}")
            )
    if faults:
        raise _faulty(path, faults)
    return made


def _faulty(path: Path, faults: list[str]) -> WrongData:
    return WrongData.of(
        "decisions.faults",
        where=path,
        details=tuple(faults[:_SHOWN]),
        n=len(faults),
        first=faults[0],
    )


def _place(row: Mapping[str, str], line: int, faults: list[str]) -> Place | None:
    name = row.get("path", "")
    name = _unquoted(name)
    frame = row.get("frame", "").strip() or "0"
    if not name or not frame.isdecimal():
        faults.append(say("decisions.no_image", line=line))
        return None
    return name, int(frame)


def label_of_cell(cell: str) -> str | None:
    """Return what a cell of `new_label` says: a label, '' (take it away), None (nothing)."""
    if not cell:
        return None
    return "" if cell == "-" else _unquoted(cell)


def _unquoted(cell: str) -> str:
    """Return a cell without the sign that `safe_cell` put before it."""
    is_quoted = cell.startswith("'") and cell[1:2] in {"=", "+", "-", "@", "\t", "\r"}
    return cell[1:] if is_quoted else cell


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
