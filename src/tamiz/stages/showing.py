"""Findings made ready for the reader: pictures of what they speak of, commands filled in."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Final

from tamiz.core.errors import UnreadableItem
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.data.evidence import Suspicion
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Paragraph, Picture, Report
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader
from tamiz.stages.elsewhere import typeable
from tamiz.stages.pictures import picture_of

_MOST_PICTURES: Final = 24
_MOST_IN_CLUSTER: Final = 6
_MOST_ITEMS: Final = 100


def with_pictures(suspicion: Suspicion, rows: Manifest, reader: Reader) -> Finding:
    """Return the suspicion's finding with names and pictures of the rows that it concerns."""
    names = _names(rows)
    clusters = suspicion.clusters
    items = suspicion.finding.items or tuple(
        " = ".join(names[row] for row in cluster[:_MOST_IN_CLUSTER])
        for cluster in clusters[:_MOST_ITEMS]
    )
    pictures: list[Picture] = []
    places, labels = list(rows.rows("path", "frame")), rows.column("label")
    for number, cluster in enumerate(clusters, start=1):
        if len(pictures) + min(len(cluster), _MOST_IN_CLUSTER) > _MOST_PICTURES:
            break
        for row in cluster[:_MOST_IN_CLUSTER]:
            start = f"{number}: " if len(cluster) > 1 else ""
            label = f" · {labels[row]}" if labels[row] is not None else ""
            shown = picture_at(reader, *places[row], caption=f"{start}{names[row]}{label}")
            pictures += [shown] if shown else []
    return replace(suspicion.finding, items=items, pictures=tuple(pictures))


def picture_at(reader: Reader, path: str, frame: int, *, caption: str) -> Picture | None:
    """Return a small picture, None where the file cannot be read any more."""
    try:
        return picture_of(reader.look(path, frame), caption)
    except UnreadableItem:
        return None


def with_page(report: Report, run: Run) -> Report:
    """Write the report as a page of its own, `report/<stage>.html`; return it with its path."""
    line = Paragraph(text("report.where", path=str(write_page(report, run))))
    return replace(report, summary=(*report.summary, line))


def write_page(report: Report, run: Run) -> Path:
    """Write the report's sections as `report/<stage>.html`; return where it lies."""
    from tamiz.rendering.html import render_html

    path = run.report_folder / f"{report.stage}.html"
    write_text(path, render_html(replace(report, summary=())))  # its sections say it all
    return path


def ready(report: Report, run: Run) -> Report:
    """Return the report with the commands of all its findings ready to be typed."""
    return report.with_findings(lambda finding: filled_in(finding, run))


def filled_in(finding: Finding, run: Run) -> Finding:
    """Return the finding with its command ready to be typed.

    A command names the run, which knows the source and all options that it was begun with. Where
    the run is trained, a command that would train another model names a new folder for it.
    """
    if not finding.command:
        return finding
    folder = shlex.quote(str(run.folder))
    command = finding.command.replace("{source} --out {run}", "{run}")
    command = command.replace("{source}", "{run}").replace("{run}", folder)
    return replace(finding, command=typeable(command, run))


def _names(rows: Manifest) -> list[str]:
    places = list(rows.rows("path", "frame"))
    many = {path for path, frame in places if frame > 0}
    return [f"{path}#{frame}" if path in many else path for path, frame in places]
