"""What a node has done so far, as a report."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tamiz.core.language import text
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Severity, Table
from tamiz.node.journal import Journal

_STATES: Final = ("receiving", "complete", "answered", "sent", "done", "skipped", "failed")
_REFUSED: Final = ("bad_uid", "mismatch", "unreadable", "too_large")


def status_of(folder: Path) -> Report:
    """Return the counts of a state's folder, also while its node works.

    Raises:
        WrongUse: no node ever worked there.
        WrongData: the journal is damaged.
    """
    with Journal(folder, is_read_only=True) as journal:
        counts, events = journal.counts(), journal.events()
        reason = journal.last("waits") or journal.last("refused")
    states = {name: counts.get(name, 0) for name in _STATES}
    states["done"] += states.pop("sent")
    states["complete"] += counts.get("nothing", 0)
    refused = sum(events.get(name, 0) for name in _REFUSED)
    values = {
        "studies": counts["studies"],
        "images": counts["images"],
        "not_images": counts["instances"] - counts["images"],
        "unread": counts["unread"],
        **states,
        "repeated": events.get("repeated", 0) + events.get("recoded", 0),
        "ours": events.get("ours", 0),
        "conflicts": events.get("conflict", 0),
        "refused": refused,
    }
    rows = tuple((text(f"node.status_{name}"), n) for name, n in values.items())
    columns = (text("node.column_what"), text("node.column_n"))
    blocks: list[Block] = [Table(columns, rows, unit="count")]
    findings = []
    if values["conflicts"]:
        n = values["conflicts"]
        what, advice = text("node.conflicts", n=n), text("node.conflicts_advice")
        findings.append(Finding(Severity.WARNING, what, advice))
    if values["failed"]:
        what, advice = text("node.failures", n=values["failed"]), text("node.failures_advice")
        findings.append(Finding(Severity.WARNING, what, advice))
    if states["answered"]:
        what = text("node.unsent", n=states["answered"])
        findings.append(Finding(Severity.NOTE, what))
        if reason:
            blocks.append(Paragraph(text("node.last_trouble", reason=reason)))
    if findings:
        blocks.append(Findings(tuple(sorted(findings, key=lambda one: one.rank))))
    return Report("node", text("node.title_status"), summary=tuple(blocks), values={"node": values})
