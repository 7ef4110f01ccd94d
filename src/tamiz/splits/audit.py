"""Does a split keep together what belongs together? The facts, and their words."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamiz.core.language import Text, say, text
from tamiz.data.ledger import safe_cell
from tamiz.data.manifest import SPLITS as PARTS
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity
from tamiz.splits.grouped import shown

CONTENT_COLUMN = "content_sha256"


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

    Attributes:
        groups: patients, slides, bursts; by name.
        contents: sets of byte-identical pictures; by the path of the first.
    """

    groups: tuple[Crossing, ...]
    contents: tuple[Crossing, ...]

    @property
    def is_clean(self) -> bool:
        """Return whether nothing crosses."""
        return not (self.groups or self.contents)

    def facts(self) -> dict[str, object]:
        """Return the counts and the first names, JSON-ready."""
        return {
            "groups": len(self.groups),
            "pictures": len(self.contents),
            "first_groups": [crossing.name for crossing in self.groups[:5]],
            "first_pictures": [crossing.name for crossing in self.contents[:5]],
        }


def audit(manifest: Manifest) -> SplitAudit:
    """Return what lies on more than one side of the manifest's `split` column.

    Rows without a split are left aside. Identical content is known by the free column
    `content_sha256`; without it, only groups are compared.
    """
    parts = manifest.column("split")
    paths = manifest.column("path")
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
    return SplitAudit(
        groups=tuple(sorted(groups, key=lambda crossing: crossing.name)),
        contents=tuple(sorted(identical, key=lambda crossing: crossing.name)),
    )


def tie_identical(groups: Sequence[str], contents: Sequence[str | None]) -> list[str]:
    """Return names under which groups that share an identical picture are one.

    The name of such a union is its first group's by name, so that unions are as stable under
    growth as groups are.
    """
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
            parent[group] = parent[parent[group]]
            group = parent[group]
        return group

    first_with: dict[str, str] = {}
    for group, content in zip(groups, contents, strict=True):
        if content is None:
            continue
        one, other = root(group), root(first_with.setdefault(content, group))
        parent[max(one, other)] = min(one, other)
    return [root(group) for group in groups]


def leak_summary(found: SplitAudit) -> Text:
    """Return 'N groups lie on more than one side (first: ...); M identical pictures ...'."""
    if not found.groups:
        return _summary("splits.leak_content", found.contents)
    groups = _summary("splits.leak_group", found.groups)
    if not found.contents:
        return groups
    return text("splits.leak_both", groups=groups, pictures=len(found.contents))


def leak_details(found: SplitAudit) -> tuple[str, ...]:
    """Return one line per crossing group and per set of identical pictures, with its sides."""
    identical = (
        say("splits.leak_identical", names=" = ".join(crossing.paths))
        for crossing in found.contents
    )
    return (*map(str, found.groups), *identical)


def leak_findings(found: SplitAudit) -> tuple[Finding, ...]:
    """Return the stamp of a split that leaks; nothing for a clean one."""
    if found.is_clean:
        return ()
    stamp = Finding(
        severity=Severity.STOP,
        what=text("splits.leak_stamp", summary=leak_summary(found)),
        advice=text("splits.leak_stamp_advice"),
        command="--given-split ignore",
        items=leak_details(found),
    )
    return (stamp,)


def leak_csv(found: SplitAudit) -> str:
    """Return the crossings as CSV: kind, name, items per part, paths."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("kind", "name", *PARTS, "paths"))
    for kind, crossings in (("group", found.groups), ("identical", found.contents)):
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
