"""What is suspected, one case at a time, and what a person decides: kept in a decisions.csv.

The proposals are those of stage `clean`; its file is read and never written. What a person decides
stands in a file of its own, in the format of `data.decisions`, and can be undone step by step.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import TamizError
from tamiz.core.files import read_json, write_json, write_text
from tamiz.data.decisions import (
    COLUMNS,
    KEEP,
    LEAVE_OUT,
    Place,
    decided_lines,
    label_of_cell,
    proposals_in,
    read_decisions,
)
from tamiz.data.ledger import safe_cell
from tamiz.data.run_folder import Run

_MOST_UNDONE: Final = 500  # decisions that can be taken back
Line = tuple[str, ...]  # the cells of a line, in the order of COLUMNS
Key = tuple[str, str]  # path and frame as they stand in the file


@dataclass(frozen=True, slots=True)
class Member:
    """One image of a case.

    Attributes:
        path: relative to the source.
        frame: of a file with many.
        label: it has now; None: none.
        proposal: what tamiz proposes: 'keep', 'leave-out', or '' (look).
    """

    path: str
    frame: int
    label: str | None
    proposal: str

    @property
    def place(self) -> Place:
        """Return where the image is."""
        return self.path, self.frame


@dataclass(frozen=True, slots=True)
class Case:
    """Images that are judged together: copies of one picture, or one that looks wrong."""

    finding: str
    cluster: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of one image: out or in, and perhaps another label.

    `label` None leaves the label alone, '' takes it away.
    """

    is_out: bool = False
    label: str | None = None


def cases_of(look: Run) -> list[Case]:
    """Return what stage `clean` suspects, the gravest first.

    Raises:
        WrongData: the manifest or the proposals are missing or damaged.
    """
    labels: dict[Place, str | None] = {
        (path, frame): label
        for path, frame, label in look.manifest().rows("path", "frame", "label")
    }
    found: dict[tuple[str, int], list[Member]] = {}
    for one in proposals_in(look.folder / "decisions.csv"):
        if (one.path, one.frame) in labels:
            label = labels[(one.path, one.frame)]
            member = Member(one.path, one.frame, label, one.proposal)
            found.setdefault((one.finding, one.cluster), []).append(member)
    return [Case(finding, n, tuple(members)) for (finding, n), members in found.items()]


class Decided:
    """The decisions of a file, and how to take the last ones back.

    The file is the truth: lines that were edited elsewhere are kept. Steps that can be undone
    stand beside it, so that a reloaded page can undo them too.

    Raises:
        WrongData: the file is no table of decisions, or contradicts itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._steps_path = path.with_name("decisions-undo.json")
        self._lines: dict[tuple[str, str, str], Line] = {}
        self._by_image: dict[Key, Line] = {}
        if path.is_file():
            read_decisions(path)
            self._hold({(one[0], one[1], one[2]): one for one in decided_lines(path)})

    def __len__(self) -> int:
        return len(self._by_image)

    @property
    def can_undo(self) -> bool:
        """Return whether a decision can be taken back."""
        return bool(self._steps())

    def of(self, member: Member) -> Verdict | None:
        """Return what was decided about an image, whichever case it was in; None: nothing yet."""
        line = self._by_image.get(_key(member))
        if line is None:
            return None
        return Verdict(line[5] == LEAVE_OUT, label_of_cell(line[6]))

    def is_decided(self, case: Case) -> bool:
        """Return whether something was decided about every image of a case."""
        return all(_key(one) in self._by_image for one in case.members)

    def decide(self, case: Case, verdicts: Sequence[Verdict]) -> None:
        """Keep what a person says of each image of a case; it replaces what was said before.

        Raises:
            WrongUse: the file cannot be written.
        """
        before = dict(self._lines)
        new = [_line(case, one, said) for one, said in zip(case.members, verdicts, strict=True)]
        # one image may stand in several cases; two lines must never disagree
        places = {line[:2] for line in new}
        kept = {key: one for key, one in self._lines.items() if one[:2] not in places}
        self._hold({**kept, **{(one[0], one[1], one[2]): one for one in new}})
        step = {
            "took": [list(one) for one in before.values() if one[:2] in places],
            "put": [list(one) for one in new],
        }
        self._save([*self._steps(), step][-_MOST_UNDONE:])

    def undo(self) -> tuple[str, int] | None:
        """Take the last decision back; return the finding and cluster it was about.

        Raises:
            WrongUse: the file cannot be written.
        """
        steps = self._steps()
        if not steps:
            return None
        last = steps.pop()
        lines = dict(self._lines)
        for one in last["put"]:
            lines.pop((one[0], one[1], one[2]), None)
        for one in last["took"]:
            lines[(one[0], one[1], one[2])] = tuple(one)
        self._hold(lines)
        self._save(steps)
        first = last["put"][0]
        return first[2], int(first[3])

    def _hold(self, lines: dict[tuple[str, str, str], Line]) -> None:
        self._lines = lines
        self._by_image = {}
        for line in lines.values():
            self._by_image.setdefault((line[0], line[1]), line)

    def _save(self, steps: list[dict[str, Any]]) -> None:
        write_text(self._path, _table(self._lines.values()))
        write_json(self._steps_path, steps)

    def _steps(self) -> list[dict[str, Any]]:
        try:
            found = read_json(self._steps_path)
        except TamizError:
            return []
        return found if isinstance(found, list) else []


def counts_of(cases: Iterable[Case]) -> Mapping[str, int]:
    """Return how many cases each check raised."""
    made: dict[str, int] = {}
    for one in cases:
        made[one.finding] = made.get(one.finding, 0) + 1
    return made


def _key(member: Member) -> Key:
    return safe_cell(member.path), str(member.frame)


def _line(case: Case, member: Member, said: Verdict) -> Line:
    word = LEAVE_OUT if said.is_out else KEEP
    label = "" if said.label is None or said.is_out else safe_cell(said.label) or "-"
    start = (*_key(member), case.finding, str(case.cluster), member.proposal)
    return (*start, word, label, "")


def _table(lines: Iterable[Line]) -> str:
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
    return made.getvalue()
