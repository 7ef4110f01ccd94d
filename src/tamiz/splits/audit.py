"""Does a split keep together what belongs together? The facts, and their words."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.data.coded import Coded
from tamiz.data.ledger import safe_cell
from tamiz.data.manifest import SPLITS as PARTS
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity, Words
from tamiz.splits.grouped import shown

CONTENT_COLUMN = "content_sha256"
MOST_ALIKE: Final = 0.01
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something that lies on more than one side.

    Attributes:
        name: the group's name, or the path of the first of several identical pictures.
        counts: part -> number of items there.
        paths: the items, in order of the manifest.
    """

    name: str
    counts: Mapping[str, int]
    paths: tuple[str, ...]

    def __str__(self) -> str:
        places = ", ".join(f"{part} {self.counts[part]}" for part in PARTS if part in self.counts)
        return f"{self.name}: {places}"


@dataclass(frozen=True, slots=True)
class SplitAudit:
    """What lies on more than one side of a split.

    Groups and identical pictures are certain; near-identical ones are suspicions. So the first
    two make a split invalid, the last only where they concern more than `MOST_ALIKE` of the test
    part.

    Attributes:
        groups: patients, slides, bursts; by name.
        contents: sets of byte-identical pictures; by the path of the first.
        alike: sets of near-identical pictures that are not in `contents`, likewise.
        alike_test_share: the share of the test part (0..1) that they concern.
    """

    groups: tuple[Crossing, ...]
    contents: tuple[Crossing, ...]
    alike: tuple[Crossing, ...] = ()
    alike_test_share: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Return whether nothing crosses that makes the evaluation invalid."""
        return not (self.groups or self.contents or self.alike_test_share > MOST_ALIKE)

    def facts(self) -> dict[str, object]:
        """Return the counts and the first names, JSON-ready."""
        return {
            "groups": len(self.groups),
            "pictures": len(self.contents),
            "alike": len(self.alike),
            "alike_test_share": self.alike_test_share,
            "first_groups": [crossing.name for crossing in self.groups[:5]],
            "first_pictures": [crossing.name for crossing in self.contents[:5]],
        }


def audit(
    manifest: Manifest,
    kin: Sequence[Sequence[int]] = (),
    names: Callable[[], Manifest] | None = None,
) -> SplitAudit:
    """Return what lies on more than one side of the manifest's `split` column.

    Rows without a split are left aside. Identical content is known by the free column
    `content_sha256`; without it, only groups are compared.

    Args:
        manifest: the rows, with their split.
        kin: sets of rows that show nearly the same picture.
        names: gives `path` and `frame` of the same rows, where `manifest` is without them; asked
            only where something crosses.
    """
    manifest = manifest.untied()  # copies are told as copies, below
    groups = manifest.group_codes()
    rows = _Rows(manifest.coded("split"), names or (lambda: manifest))
    named = [
        Crossing(shown(groups.names[code]), counts, rows.named(at))
        for code, counts, at in _crossings(np.arange(len(manifest)), groups, rows)
    ]
    identical = []
    if CONTENT_COLUMN in manifest.column_names:
        for _, counts, at in _crossings(*manifest.repeated(CONTENT_COLUMN), rows):
            paths = rows.named(at)
            identical.append(Crossing(paths[0], counts, paths))
    alike, share = _alike(kin, manifest, rows) if kin else ((), 0.0)
    return SplitAudit(
        groups=tuple(sorted(named, key=lambda crossing: crossing.name)),
        contents=tuple(sorted(identical, key=lambda crossing: crossing.name)),
        alike=alike,
        alike_test_share=share,
    )


@dataclass(frozen=True)
class _Rows:
    """Where each row lies, and what it is called.

    Attributes:
        split: the part of each row.
        names: gives `path` and `frame` of each row.
    """

    split: Coded
    names: Callable[[], Manifest]

    @property
    def parts(self) -> Sequence[str]:
        """Return the words of the column `split`."""
        return list(self.split.names)

    @property
    def sides(self) -> NDArray[np.int64]:
        """Return (n,) the place of each row's part in `parts`, -1 where it has none."""
        return self.split.codes

    @cached_property
    def _named(self) -> tuple[pl.Series, pl.Series, frozenset[str]]:
        manifest = self.names()
        path, frame = manifest.series("path"), manifest.series("frame")
        return path, frame, frozenset(path.filter(frame > 0).unique().to_list())

    def named(self, rows: Sequence[int] | NDArray[np.int64]) -> tuple[str, ...]:
        """Return what these rows are called: path, and frame where a file holds many."""
        at = np.asarray(rows, dtype=np.int64)
        path, frame, many = self._named
        pairs = zip(path.gather(at).to_list(), frame.gather(at).to_list(), strict=True)
        return tuple(f"{one}#{number}" if one in many else one for one, number in pairs)


def _alike(
    kin: Sequence[Sequence[int]], manifest: Manifest, rows_of: _Rows
) -> tuple[tuple[Crossing, ...], float]:
    """Return the sets of near-identical pictures over sides, and the share of test they concern."""
    contents: Sequence[str | None] = [None] * len(manifest)
    if CONTENT_COLUMN in manifest.column_names:
        contents = manifest.column(CONTENT_COLUMN)
    paths = rows_of.named(range(len(manifest)))
    sides, parts = rows_of.sides.tolist(), rows_of.parts
    made = []
    n_concerned = 0
    for rows in kin:
        counts = Counter(parts[side] for row in rows if (side := sides[row]) >= 0)
        different = {contents[row] or paths[row] for row in rows}
        if len(counts) > 1 and len(different) > 1:
            made.append(Crossing(paths[rows[0]], dict(counts), tuple(paths[row] for row in rows)))
            n_concerned += counts["test"]
    n_test = sum(side >= 0 and parts[side] == "test" for side in sides)
    made.sort(key=lambda crossing: crossing.name)
    return tuple(made), n_concerned / n_test if n_test else 0.0


def leak_summary(found: SplitAudit) -> Text:
    """Return 'N groups lie on more than one side (first: ...); M identical pictures ...'."""
    if found.groups and found.contents:
        groups = _summary("splits.leak_group", found.groups)
        return text("splits.leak_both", groups=groups, pictures=len(found.contents))
    if found.groups:
        return _summary("splits.leak_group", found.groups)
    if found.contents:
        return _summary("splits.leak_content", found.contents)
    return text(
        "splits.leak_alike",
        n=len(found.alike),
        share=found.alike_test_share,
        first=_first_names(found.alike),
    )


def leak_details(found: SplitAudit) -> tuple[Words, ...]:
    """Return one line per crossing group and per set of (near-)identical pictures."""
    identical = (
        text("splits.leak_identical", names=" = ".join(crossing.paths))
        for crossing in found.contents
    )
    alike = (
        text("splits.leak_near", names=" ~ ".join(crossing.paths[:_SHOWN]))
        for crossing in found.alike
    )
    return (*map(str, found.groups), *identical, *alike)


def leak_findings(found: SplitAudit) -> tuple[Finding, ...]:
    """Return the stamp of a split that leaks, a warning where near-identical pictures cross.

    `{run}` in their commands is filled in by the stage.
    """
    if found.is_clean:
        return _alike_warning(found)
    stamp = Finding(
        severity=Severity.STOP,
        what=text("splits.leak_stamp", summary=leak_summary(found)),
        advice=text("splits.leak_stamp_advice"),
        command="tamiz run {run} --given-split mend",
        items=leak_details(found),
        effect=1.0,
    )
    return (stamp,)


def _alike_warning(found: SplitAudit) -> tuple[Finding, ...]:
    if not found.alike:
        return ()
    warning = Finding(
        severity=Severity.WARNING,
        what=leak_summary(found),
        advice=text("splits.leak_alike_advice", limit=MOST_ALIKE),
        command="tamiz run {run} --given-split mend",
        items=leak_details(found),
        effect=found.alike_test_share,
    )
    return (warning,)


def leak_csv(found: SplitAudit) -> str:
    """Return the crossings as CSV: kind, name, items per part, paths."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("kind", "name", *PARTS, "paths"))
    kinds = (("group", found.groups), ("identical", found.contents), ("alike", found.alike))
    for kind, crossings in kinds:
        for crossing in crossings:
            counts = [crossing.counts.get(part, 0) for part in PARTS]
            paths = " | ".join(crossing.paths)
            writer.writerow((kind, safe_cell(crossing.name), *counts, safe_cell(paths)))
    return lines.getvalue()


def _crossings(
    at: NDArray[np.int64], keys: Coded, rows: _Rows
) -> list[tuple[int, dict[str, int], NDArray[np.int64]]]:
    """Return each key on more than one side: its code, items per part, and rows, in row order.

    Args:
        at: (m,) rows.
        keys: the key of each of them.
        rows: where every row of the manifest lies.
    """
    parts = rows.parts
    side, n_parts = rows.sides[at], max(1, len(parts))
    has_side = side >= 0
    at, code, side = at[has_side], keys.codes[has_side], side[has_side]
    n = np.bincount(code * n_parts + side, minlength=len(keys.names) * n_parts)
    counts = n.reshape(-1, n_parts)
    is_crossing = ((counts > 0).sum(axis=1) > 1)[code]
    at, code = at[is_crossing], code[is_crossing]
    order = np.argsort(code, kind="stable")
    found, starts = np.unique(code[order], return_index=True)
    sets = np.split(at[order], starts[1:]) if len(found) else []
    made = [
        (
            key,
            {part: k for part, k in zip(parts, counts[key].tolist(), strict=True) if k},
            many,
        )
        for key, many in zip(found.tolist(), sets, strict=True)
    ]
    return sorted(made, key=lambda one: int(one[2][0]))


def _summary(key: str, crossings: Sequence[Crossing]) -> Text:
    plural = "" if len(crossings) == 1 else "s"
    return text(f"{key}{plural}", n=len(crossings), first=_first_names(crossings))


def _first_names(crossings: Sequence[Crossing]) -> str:
    names = ", ".join(crossing.name for crossing in crossings[:3])
    return f"{names}, ..." if len(crossings) > 3 else names
