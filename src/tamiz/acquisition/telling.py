"""What a retrieval brought, as a report that names nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tamiz.acquisition.fetching import Outcome, Part
from tamiz.acquisition.receiving import Store
from tamiz.core.language import text
from tamiz.core.pseudonyms import Pseudonyms
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Severity,
    Table,
)

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """All that a report on a retrieval is made of."""

    parts: Sequence[Part]
    store: Store
    outcome: Outcome
    pseudonyms: Pseudonyms
    n_bad_uids: int
    folder: Path

    @property
    def expected(self) -> int:
        """Return how many instances the server has for what was asked, bad UIDs included."""
        return sum(len(part.images) for part in self.parts) + self.n_bad_uids

    @property
    def received(self) -> int:
        """Return how many of them lie on the disk."""
        return sum(len(part.images) - len(part.missing(self.store)) for part in self.parts)

    @property
    def refused(self) -> dict[str, int]:
        """Return how many were refused, by reason."""
        counts = Counter(self.store.counts.refused)
        # one that is listed with a bad UID may have been sent as well
        counts["bad_uid"] = max(counts["bad_uid"], self.n_bad_uids)
        return {reason: n for reason, n in sorted(counts.items()) if n}


def report_of(told: Told, *, seconds: float) -> Report:
    """Return the report: received of expected, per study, and what deserves a look."""
    is_complete = told.received == told.expected
    key = "pacs.received_all" if is_complete else "pacs.received_some"
    counts = told.store.counts
    blocks: list[Block] = [_per_study(told)]
    findings = _findings(told)
    if findings:
        blocks.append(Findings(tuple(sorted(findings, key=lambda one: one.rank))))
    new = text("pacs.new", n=counts.stored, seconds=round(seconds, 1), path=str(told.folder))
    blocks += [
        Paragraph(new),
        Paragraph(text(key, n=told.received, all=told.expected)),
    ]
    values: dict[str, Any] = {
        "pacs": {
            "expected": told.expected,
            "received": told.received,
            "new": counts.stored,
            "adopted": counts.adopted,
            "repeated": counts.repeated,
            "conflicts": list(counts.conflicts),
            "refused": told.refused,
            "way": told.outcome.ways[-1] if told.outcome.ways else "",
            "ways": list(told.outcome.ways),
            "may_show_text": _n_with_text(told),
            "seconds": round(seconds, 2),
        }
    }
    return Report("pacs", text("pacs.title_fetch"), summary=tuple(blocks), values=values)


def _per_study(told: Told) -> Table:
    expected: Counter[str] = Counter()
    received: Counter[str] = Counter()
    n_series: Counter[str] = Counter()
    for part in told.parts:
        study = part.series.study
        n_series[study] += 1
        expected[study] += len(part.images)
        received[study] += len(part.images) - len(part.missing(told.store))
    # those with something missing first
    order = sorted(expected, key=lambda study: (received[study] - expected[study], study))
    rows: list[tuple[Cell, ...]] = [
        (f"…{told.pseudonyms.uid(study)[-8:]}", n_series[study], received[study], expected[study])
        for study in order[:_SHOWN]
    ]
    names = ("study", "n_series", "received", "expected")
    columns = tuple(text(f"pacs.column_{name}") for name in names)
    is_cut = len(order) > _SHOWN
    caption = text("pacs.first_rows", n=_SHOWN, all=len(order)) if is_cut else ""
    return Table(columns, tuple(rows), caption, unit="count")


def _n_with_text(told: Told) -> int:
    return sum(entry.may_show_text for entry in told.store.journal.by_instance.values())


def _findings(told: Told) -> list[Finding]:
    made = []
    if n_text := _n_with_text(told):
        advice = text("pacs.burned_in_advice")
        made.append(Finding(Severity.WARNING, text("pacs.burned_in", n=n_text), advice))
    if conflicts := told.store.counts.conflicts:
        what, advice = text("pacs.conflicts", n=len(conflicts)), text("pacs.conflicts_advice")
        made.append(Finding(Severity.WARNING, what, advice, items=tuple(conflicts)))
    for reason, n in told.refused.items():
        made.append(Finding(Severity.WARNING, text(f"pacs.refused_{reason}", n=n)))
    if n_unlisted := _n_unlisted(told):
        made.append(Finding(Severity.WARNING, text("pacs.unlisted", n=n_unlisted)))
    if told.received < told.expected:
        made += [
            Finding(Severity.WARNING, text("pacs.server_said", reason=reason))
            for reason in told.outcome.reasons
        ]
    if told.outcome.stopped is not None:
        what = text("pacs.ended_early", reason=told.outcome.stopped)
        made.append(Finding(Severity.WARNING, what, text("pacs.run_again")))
    if told.store.counts.adopted:
        what = text("pacs.adopted", n=told.store.counts.adopted)
        made.append(Finding(Severity.NOTE, what))
    return made


def _n_unlisted(told: Told) -> int:
    """Return how many instances the server counts in its series beyond those that it lists."""
    return sum(max(0, (part.series.n_images or 0) - len(part.images)) for part in told.parts)
