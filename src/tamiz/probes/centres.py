"""Centres and classes: which centre has what, and which could be left out to test on."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from tamiz.core.language import text
from tamiz.data.evidence import Evidence
from tamiz.data.report import Block, Cell, Finding, Paragraph, Severity, Table, Words

MIN_GROUPS: Final = 5  # of every class, for a centre to be tested on
_SHOWN: Final = 60
_SHOWN_CLASSES: Final = 12
_LOPSIDED: Final = 0.15  # difference of a class's share from that elsewhere
_MAX_P: Final = 0.01


@dataclass(frozen=True, slots=True)
class Lopsided:
    """A class that one centre has more of than the others.

    Attributes:
        centre: its name.
        label: the class.
        share: of the centre's groups, 0..1.
        elsewhere: share of the other centres' groups, 0..1.
        p: one-sided, hypergeometric (Fisher's exact test), corrected for all that was compared.
    """

    centre: str
    label: str
    share: float
    elsewhere: float
    p: float


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

    def most_lopsided(self) -> Lopsided | None:
        """Return the surest class that one centre has more of than the others; None without one.

        Only centres with at least 10 groups, differences of 15 points of a hundred, and
        p < 0.01 after Bonferroni's correction for all centres and classes.
        """
        total = sum(self.groups.values())
        of_class = {k: sum(self.groups[c, k] for c in self.names) for k in self.classes}
        of_centre = {c: sum(self.groups[c, k] for k in self.classes) for c in self.names}
        large = [c for c in self.names if 2 * MIN_GROUPS <= of_centre[c] < total]
        best: Lopsided | None = None
        for centre in large:
            for k in self.classes:
                there, n = self.groups[centre, k], of_centre[centre]
                share, elsewhere = there / n, (of_class[k] - there) / (total - n)
                if share - elsewhere < _LOPSIDED:
                    continue
                p = _at_least(there, n, of_class[k], total) * len(large) * len(self.classes)
                if p < _MAX_P and (best is None or p < best.p):
                    best = Lopsided(centre, k, share, elsewhere, p)
        return best


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
    sizes = {k: sum(found.images[c, k] for c in found.names) for k in found.classes}
    most = set(sorted(found.classes, key=lambda k: -sizes[k])[:_SHOWN_CLASSES])
    classes = [k for k in found.classes if k in most]
    rows: list[tuple[Cell, ...]] = []
    for name in found.names[:_SHOWN]:
        counts = [_counted(found.images[name, k], found.groups[name, k]) for k in classes]
        rows.append((name, *counts, text("probes.yes") if name in ready else text("probes.no")))
    columns: tuple[Words, ...] = (
        text("probes.column_centre"),
        *classes,
        text("probes.column_ready"),
    )
    blocks: list[Block] = [
        Table(columns, tuple(rows), text("probes.caption_centres", least=MIN_GROUPS)),
        Paragraph(text("probes.centres_ready", n=len(ready), total=len(found.names))),
    ]
    if len(rows) < len(found.names) or len(classes) < len(found.classes):
        shown = {"n_centres": len(rows), "n_classes": len(classes)}
        total = {"all_centres": len(found.names), "all_classes": len(found.classes)}
        blocks.append(Paragraph(text("probes.centres_cut", **shown, **total)))
    return tuple(blocks)


def centre_findings(found: Centres) -> tuple[Finding, ...]:
    """Return a warning where a centre has a class far more often than the others."""
    most = found.most_lopsided()
    if most is None:
        return ()
    counts = sorted(found.classes, key=lambda k: -found.images[most.centre, k])
    shown = ", ".join(f"{found.images[most.centre, k]} {k}" for k in counts[:4])
    if len(counts) > 4:
        shown += ", ..."
    what = text(
        "probes.lopsided",
        centre=most.centre,
        counts=shown,
        label=most.label,
        share=100 * most.share,
        elsewhere=100 * most.elsewhere,
    )
    return (
        Finding(
            Severity.WARNING,
            what,
            text("probes.lopsided_advice"),
            certainty=text("probes.lopsided_certainty", p=most.p),
            effect=most.share - most.elsewhere,
        ),
    )


def _counted(n_images: int, n_groups: int) -> Words:
    return text("probes.counted", n=n_images, n_groups=n_groups)


def _at_least(there: int, n: int, of_class: int, total: int) -> float:
    """Return how likely `there` or more of a class are among n drawn from all, by chance."""
    most = min(n, of_class)
    logs = [
        _log_choices(of_class, k) + _log_choices(total - of_class, n - k)
        for k in range(max(there, n + of_class - total), most + 1)
    ]
    return min(1.0, math.fsum(math.exp(one - _log_choices(total, n)) for one in logs))


def _log_choices(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
