"""Does a split keep together what belongs together? The facts, and their words."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import Text, say, text
from tamiz.data.ledger import safe_cell
from tamiz.data.manifest import SPLITS as PARTS
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity
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


def audit(manifest: Manifest, kin: Sequence[Sequence[int]] = ()) -> SplitAudit:
    """Return what lies on more than one side of the manifest's `split` column.

    Rows without a split are left aside. Identical content is known by the free column
    `content_sha256`; without it, only groups are compared.

    Args:
        manifest: the rows, with their split.
        kin: sets of rows that show nearly the same picture.
    """
    parts = manifest.column("split")
    paths = _names(manifest)
    by_group = manifest.group_keys()
    contents: Sequence[str | None] = [None] * len(manifest)
    if CONTENT_COLUMN in manifest.column_names:
        contents = manifest.column(CONTENT_COLUMN)
    groups = [
        Crossing(shown(key), counts, names)
        for key, counts, names in _crossings(by_group, parts, paths)
    ]
    identical = [
        Crossing(names[0], counts, names) for _, counts, names in _crossings(contents, parts, paths)
    ]
    alike, share = _alike(kin, parts, paths, contents)
    return SplitAudit(
        groups=tuple(sorted(groups, key=lambda crossing: crossing.name)),
        contents=tuple(sorted(identical, key=lambda crossing: crossing.name)),
        alike=alike,
        alike_test_share=share,
    )


def _names(manifest: Manifest) -> list[str]:
    """Return what each row is called: its path, and its frame where a file holds many."""
    rows = list(manifest.rows("path", "frame"))
    many = {path for path, frame in rows if frame > 0}
    return [f"{path}#{frame}" if path in many else path for path, frame in rows]


def _alike(
    kin: Sequence[Sequence[int]],
    parts: Sequence[str | None],
    paths: Sequence[str],
    contents: Sequence[str | None],
) -> tuple[tuple[Crossing, ...], float]:
    """Return the sets of near-identical pictures over sides, and the share of test they concern."""
    made = []
    n_concerned = 0
    for rows in kin:
        counts = Counter(part for row in rows if (part := parts[row]) is not None)
        different = {contents[row] or paths[row] for row in rows}
        if len(counts) > 1 and len(different) > 1:
            made.append(Crossing(paths[rows[0]], dict(counts), tuple(paths[row] for row in rows)))
            n_concerned += counts["test"]
    n_test = sum(part == "test" for part in parts)
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


def leak_details(found: SplitAudit) -> tuple[str, ...]:
    """Return one line per crossing group and per set of (near-)identical pictures."""
    identical = (
        say("splits.leak_identical", names=" = ".join(crossing.paths))
        for crossing in found.contents
    )
    alike = (
        say("splits.leak_near", names=" ~ ".join(crossing.paths[:_SHOWN]))
        for crossing in found.alike
    )
    return (*map(str, found.groups), *identical, *alike)


def leak_findings(found: SplitAudit) -> tuple[Finding, ...]:
    """Return the stamp of a split that leaks, a warning where near-identical pictures cross."""
    if found.is_clean:
        return _alike_warning(found)
    stamp = Finding(
        severity=Severity.STOP,
        what=text("splits.leak_stamp", summary=leak_summary(found)),
        advice=text("splits.leak_stamp_advice"),
        command="--given-split mend",
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
        command="--given-split mend",
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
    keys: Sequence[str | None], parts: Sequence[str | None], paths: Sequence[str]
) -> list[tuple[str, dict[str, int], tuple[str, ...]]]:
    sides: dict[str, Counter[str]] = defaultdict(Counter)
    for key, part in zip(keys, parts, strict=True):
        if key is not None and part is not None:
            sides[key][part] += 1
    crossing: dict[str, list[str]] = {key: [] for key, counts in sides.items() if len(counts) > 1}
    for key, part, path in zip(keys, parts, paths, strict=True):
        if key is not None and part is not None and key in crossing:
            crossing[key].append(path)
    return [(key, dict(sides[key]), tuple(names)) for key, names in crossing.items()]


def _summary(key: str, crossings: Sequence[Crossing]) -> Text:
    plural = "" if len(crossings) == 1 else "s"
    return text(f"{key}{plural}", n=len(crossings), first=_first_names(crossings))


def _first_names(crossings: Sequence[Crossing]) -> str:
    names = ", ".join(crossing.name for crossing in crossings[:3])
    return f"{names}, ..." if len(crossings) > 3 else names
