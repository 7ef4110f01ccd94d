"""Centres and classes: which centre has what, and which could be left out to test on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import text
from tamiz.data.evidence import Evidence
from tamiz.data.report import Block, Cell, Finding, Paragraph, Severity, Table, Words

MIN_GROUPS: Final = 5  # of every class, for a centre to be tested on
_SHOWN: Final = 60
_LOPSIDED: Final = 0.15  # difference of a class's share from that in all


@dataclass(frozen=True, slots=True)
class Centres:
    """Images and groups of each centre and class, of the rows outside the test part.

    Attributes:
        images: (centre, class) -> images.
        groups: (centre, class) -> groups.
        names: centres, the largest first.
        classes: the classes.
    """

    images: Counter[tuple[str, str]]
    groups: Counter[tuple[str, str]]
    names: tuple[str, ...]
    classes: tuple[str, ...]

    @property
    def ready(self) -> tuple[str, ...]:
        """Return the centres that could be left out: 5 groups of each class there and outside."""
        total = {k: sum(self.groups[c, k] for c in self.names) for k in self.classes}
        return tuple(
            name
            for name in self.names
            if all(
                self.groups[name, k] >= MIN_GROUPS and total[k] - self.groups[name, k] >= MIN_GROUPS
                for k in self.classes
            )
        )

    def most_lopsided(self) -> tuple[str, str, float] | None:
        """Return (centre, class, difference of its share from the rest's), None where it is small.

        Only centres with at least 10 groups; the share is of groups.
        """
        best: tuple[float, str, str, float] | None = None
        for name in self.names:
            n = sum(self.groups[name, k] for k in self.classes)
            rest = sum(self.groups.values()) - n
            if n < 2 * MIN_GROUPS or not rest:
                continue
            for k in self.classes:
                elsewhere = sum(self.groups[c, k] for c in self.names if c != name) / rest
                apart = self.groups[name, k] / n - elsewhere
                weight = apart * (n**0.5)  # the surest, not the smallest
                if apart >= _LOPSIDED and (best is None or weight > best[0]):
                    best = (weight, name, k, apart)
        return best[1:] if best else None


def centres_of(evidence: Evidence) -> Centres | None:
    """Return the counts; None where nothing says which centre an image comes from."""
    if "centre" not in evidence.manifest.column_names:
        return None
    images: Counter[tuple[str, str]] = Counter()
    members: dict[tuple[str, str], set[str]] = {}
    rows = zip(
        evidence.manifest.column("centre"),
        evidence.manifest.column("label"),
        evidence.manifest.group_keys(),
        evidence.sealed,
        strict=True,
    )
    for centre, label, group, is_sealed in rows:
        if label is None or centre is None or is_sealed:
            continue
        place = (str(centre), str(label))
        images[place] += 1
        members.setdefault(place, set()).add(group)
    groups = Counter({place: len(some) for place, some in members.items()})
    sizes: Counter[str] = Counter()
    for (centre, _), n in images.items():
        sizes[centre] += n
    names = tuple(sorted(sizes, key=lambda name: (-sizes[name], name)))
    classes = tuple(sorted({label for _, label in images}))
    return Centres(images, groups, names, classes) if names and len(classes) > 1 else None


def centre_blocks(found: Centres) -> tuple[Block, ...]:
    """Return the table of centres and classes and what may be left out."""
    ready = set(found.ready)
    rows: list[tuple[Cell, ...]] = []
    for name in found.names[:_SHOWN]:
        counts = [f"{found.images[name, k]:,} ({found.groups[name, k]:,})" for k in found.classes]
        rows.append((name, *counts, text("probes.yes") if name in ready else text("probes.no")))
    columns: tuple[Words, ...] = (
        text("probes.column_centre"),
        *found.classes,
        text("probes.column_ready"),
    )
    table = Table(columns, tuple(rows), text("probes.caption_centres", least=MIN_GROUPS))
    words = text("probes.centres_ready", n=len(ready), total=len(found.names))
    return (table, Paragraph(words))


def centre_findings(found: Centres) -> tuple[Finding, ...]:
    """Return a warning where a centre has classes of its own."""
    most = found.most_lopsided()
    if most is None:
        return ()
    name, label, apart = most
    counts = sorted(found.classes, key=lambda k: -found.images[name, k])
    shown = ", ".join(f"{found.images[name, k]:,} {k}" for k in counts[:4])
    what = text("probes.lopsided", centre=name, counts=shown, label=label, apart=apart)
    advice = text("probes.lopsided_advice")
    return (Finding(Severity.WARNING, what, advice, effect=min(1.0, apart)),)
