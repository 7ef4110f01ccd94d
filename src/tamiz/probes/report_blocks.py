"""The shortcut probes in words, tables and a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tamiz.core.language import Text, text
from tamiz.data.evidence import Evidence
from tamiz.data.report import (
    Block,
    Cell,
    Chart,
    Estimate,
    Finding,
    Paragraph,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.probes.asking import PERMUTATIONS, ProbeResult, ask_all, rows_to_ask
from tamiz.probes.centres import centre_blocks, centre_findings, centres_of
from tamiz.probes.registry import EXPLICABLE, PIXELS, REFERENCE
from tamiz.probes.score import Scored

MAX_P: Final = 0.01
MIN_LOW: Final = 0.55  # lower end of the interval: what is hardly better than chance is no shortcut
_STRONG: Final = 0.65
_FRAMED_FROM_PX: Final = 64


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What the probes say.

    Attributes:
        sections: tables and chart.
        findings: the shortcuts, in words.
        values: JSON-ready figures by probe.
    """

    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    values: Mapping[str, Any]


def audit_sections(evidence: Evidence, *, on_progress: Callable[[int, int], None]) -> ProbeReport:
    """Ask every probe and return what they say.

    Args:
        evidence: rows, sketches and which labels may not be looked at.
        on_progress: told (done, total).
    """
    asked = rows_to_ask(evidence)
    centres = centres_of(evidence)
    blocks: list[Block] = []
    findings: tuple[Finding, ...] = ()
    values: dict[str, Any] = {}
    if isinstance(asked, Text):
        blocks.append(Paragraph(text("probes.not_asked", reason=asked)))
        values["note"] = str(asked)
    else:
        results = ask_all(evidence, asked, on_progress=on_progress)
        blocks += _blocks(results, PERMUTATIONS, asked.names)
        doubtful = EXPLICABLE | (PIXELS if _fills_its_frame(evidence) else frozenset())
        findings = tuple(
            _finding(one, one.scored, doubtful)
            for one in results
            if is_shortcut(one) and one.scored
        )
        values["probes"] = {one.name: _values(one) for one in results}
    sections = [Section("shortcuts", text("probes.section"), tuple(blocks))]
    if centres is not None:
        findings = (*findings, *centre_findings(centres))
        sections.append(Section("centres", text("probes.section_centres"), centre_blocks(centres)))
        values["centres_ready"] = list(centres.ready)
    return ProbeReport(tuple(sections), findings, values)


def is_shortcut(result: ProbeResult) -> bool:
    """Return whether a probe tells the label: corrected p < 0.01, AUROC surely above 0.55."""
    if result.scored is None or result.name == REFERENCE:
        return False
    return result.p_corrected < MAX_P and result.scored.low > MIN_LOW


def _fills_its_frame(evidence: Evidence) -> bool:
    """Return whether pictures are so small that the object is likely to reach the border."""
    figures = evidence.sketches.figures
    short = np.minimum(figures["width_px"], figures["height_px"])
    known = short[np.isfinite(short)]
    return bool(len(known)) and float(np.median(known)) < _FRAMED_FROM_PX


def _finding(result: ProbeResult, scored: Scored, doubtful: frozenset[str]) -> Finding:
    is_strong = scored.low > _STRONG and result.name not in doubtful
    figures = {"auroc": scored.auroc, "low": scored.low, "high": scored.high}
    return Finding(
        severity=Severity.WARNING if is_strong else Severity.NOTE,
        what=text(f"probes.found_{result.name}", n=scored.n, n_groups=scored.n_groups, **figures),
        advice=text(f"probes.advice_{result.name}"),
        certainty=text("probes.certainty", p=result.p_corrected),
        effect=max(0.0, 2 * scored.auroc - 1),
    )


def _blocks(
    results: tuple[ProbeResult, ...], permutations: int, names: tuple[str, ...]
) -> list[Block]:
    ordered = sorted(results, key=lambda one: -(one.scored.auroc if one.scored else -1))
    rows: list[tuple[Cell, ...]] = []
    for one in ordered:
        name = text(f"probes.name_{one.name}")
        if one.scored is None:
            rows.append((name, None, None, None, one.note))
            continue
        s = one.scored
        cell = Estimate(s.auroc, s.low, s.high, s.n, s.n_groups, "bootstrap")
        verdict = "reference" if one.name == REFERENCE else "yes" if is_shortcut(one) else "no"
        rows.append((name, cell, s.p, one.p_corrected, text(f"probes.{verdict}")))
    names_of = ("probe", "auroc", "p", "p_corrected", "flagged")
    columns = tuple(text(f"probes.column_{name}") for name in names_of)
    table = Table(columns, tuple(rows), text("probes.caption"))
    known = [(one.name, one.scored) for one in ordered if one.scored is not None]
    series = Series(
        "AUROC",
        tuple(str(text(f"probes.name_{name}")) for name, _ in known),
        tuple(s.auroc for _, s in known),
        tuple(s.low for _, s in known),
        tuple(s.high for _, s in known),
    )
    chart = Chart("bar", text("probes.chart"), text("probes.column_probe"), "AUROC", (series,))
    how = text("probes.how", permutations=permutations, classes=", ".join(names[:12]))
    return [Paragraph(how), table, *([chart] if known else [])]


def _values(one: ProbeResult) -> dict[str, Any]:
    if one.scored is None:
        return {"note": str(one.note)}
    s = one.scored
    return {
        "auroc": s.auroc, "low": s.low, "high": s.high, "p": s.p, "p_corrected": one.p_corrected,
        "n": s.n, "n_groups": s.n_groups, "flagged": is_shortcut(one),
    }  # fmt: skip
