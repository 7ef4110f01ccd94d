"""The valid split nearest to a given one: its lists, and whether it is worth advising."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, text
from tamiz.core.recipe import SplitOptions
from tamiz.data.ledger import safe_cell
from tamiz.data.manifest import Manifest
from tamiz.stages.assigning import Assignment, Kin, assign, nearest_valid
from tamiz.stages.folding import assign_folds, has_folds

PROPOSED: Final = "split_proposed.csv"
_MEND: Final = "tamiz run {run} --given-split mend"
_IGNORE: Final = "tamiz run {run} --given-split ignore"
_GROUP: Final = "tamiz run {run} --set split.rule=grouped"


@dataclass(frozen=True, slots=True)
class WayOut:
    """What helps where a split leaks.

    Attributes:
        advice: in words.
        command: does it; `{run}` is left for the stage to fill in; '' where none does.
        key: of the error that says so.
    """

    advice: Text
    command: str
    key: str


def way_out(usable: Manifest, assignment: Assignment, options: SplitOptions, kin: Kin) -> WayOut:
    """Return what would give a valid split of these rows, and only what would.

    Args:
        usable: the rows that were divided.
        assignment: how.
        options: by which options.
        kin: as `assign` was given it.
    """
    if not assignment.is_given:
        return WayOut(text("split.rule_leaks_fix"), _GROUP, "split.rule_leaks")
    parts = nearest_valid(usable, assignment, kin)
    n = sum(old != new for old, new in zip(assignment.parts, parts, strict=True))
    moved = {"n": n, "total": len(parts), "share": n / len(parts)}
    lost = lost_class(usable, assignment.parts, parts)
    try:
        draw = assign_folds if has_folds(options) else assign
        draw(usable, replace(options, given="ignore"), kin)
    except WrongData:
        if lost is not None:
            return WayOut(text("audit.no_split_advice"), "", "split.leak_for_good")
        return WayOut(text("split.mend_only", **moved), _MEND, "split.leak_mend")
    if lost is None:
        return WayOut(text("audit.mend", **moved), _MEND, "split.leak")
    part, label = lost
    advice = text("audit.mend_loses", part=part, label=label, **moved)
    return WayOut(advice, _IGNORE, "split.leak_ignore")


def lost_class(
    rows: Manifest, given: Sequence[str], parts: Sequence[str]
) -> tuple[str, str] | None:
    """Return (part, class) of a class that `parts` take out of a part where it was, or None."""
    sets = rows.label_sets()
    before = {(part, one) for part, labels in zip(given, sets, strict=True) for one in labels or ()}
    after = {(part, one) for part, labels in zip(parts, sets, strict=True) for one in labels or ()}
    return min(before - after, default=None)


def proposed_csv(
    rows: Manifest, names: Manifest, given: Sequence[str], parts: Sequence[str]
) -> str:
    """Return each image with its part as given and in the nearest valid split, as CSV.

    Args:
        rows: with `label` and `group`.
        names: `path` and `frame` of the same rows.
        given: the part of each row.
        parts: likewise, in the valid split.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("path", "frame", "label", "group", "given", "split"))
    facts = zip(names.rows("path", "frame"), rows.rows("label", "group"), given, parts, strict=True)
    for (path, frame), (label, group), before, after in facts:
        name = safe_cell(path)
        writer.writerow((name, frame, safe_cell(label), safe_cell(group or ""), before, after))
    return lines.getvalue()
