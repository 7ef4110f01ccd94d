"""Stage `check`: decode every image once, and mark what cannot or should not be used."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import say, text
from tamiz.core.recipe import Recipe
from tamiz.data.decisions import LEAVE_OUT, Decision, Place
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Section, Severity, Table
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Examined, Reader, policy_from
from tamiz.formats.regions import place_of
from tamiz.formats.sniff import SUFFIXES, suffix_of
from tamiz.stages.deciding import decisions_for, relabelled, with_own_labels
from tamiz.stages.examining import CHECK_NOTES, Result, examine_all
from tamiz.stages.index import fate_key, tell

SHOWN = 20
MEASURED = tuple(one.name for one in fields(Examined) if one.name != "n_frames")


@dataclass(slots=True)
class _Marks:
    """The fate and reason of each row, and what the reader should know."""

    names: list[str]
    fates: list[str | None]
    reasons: list[str | None]
    findings: list[Finding] = field(default_factory=list)
    n_crossing: int = 0

    def mark(self, row: int, fate: Fate, reason: str) -> None:
        self.fates[row], self.reasons[row] = fate.value, reason

    def rows_of(self, fate: Fate) -> list[int]:
        return [row for row, one in enumerate(self.fates) if one == fate.value]


def check(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Decode every image; add what was measured to the manifest and mark the unusable rows.

    Decisions about single images (`data.decisions`) and labels with another meaning
    (`data.relabel`) are applied here; the column `label_given` keeps what the source said.

    Columns added: width_px, height_px, channels (1 or 3, as decoded), format, mode, bits,
    content_sha256. Fates given: unreadable, duplicate (same bytes, same label), excluded (same
    bytes, different labels) and unlabelled. Copies that lie on different given splits stay, for
    the audit of the split. What was decoded once is not decoded again while its file keeps its
    size and time.

    Raises:
        WrongData: more than `data.max_problems` of the images are unreadable; everything is
            saved before, and the first 20 are named.
    """
    manifest = with_own_labels(run.manifest())
    decisions = decisions_for(manifest, recipe.data)
    manifest = relabelled(manifest, decisions)
    cache = run.folder / "cache" / CHECK_NOTES
    with Reader(manifest.root, policy_from(recipe.data)) as reader:
        results = _examined(manifest, reader, cache, on_event)
    marks = _Marks(_names(manifest), *_lost(manifest))
    _mark_unreadable(results, marks)
    _mark_decided(manifest, decisions, marks)
    _mark_unlabelled(manifest, marks)
    _mark_copies(manifest, results, marks, ignores_given=recipe.split.given == "ignore")
    _note_names(manifest, results, marks)
    _note_frames(manifest, results, marks)
    measured = {
        name: [getattr(one, name) if isinstance(one, Examined) else None for one in results]
        for name in MEASURED
    }
    checked = manifest.with_columns({"fate": marks.fates, "reason": marks.reasons, **measured})
    checked.save(run.manifest_path)
    run.ledger().save(run.folder)
    for finding in marks.findings:
        tell(on_event, "check", finding)
    _stop_if_many(marks, recipe.data.max_problems, run)
    return _report(checked, marks)


def _lost(manifest: Manifest) -> tuple[list[str | None], list[str | None]]:
    """Return fates and reasons in which only the rows without a file have one."""
    lost = Fate.MISSING.value
    pairs = list(manifest.rows("fate", "reason"))
    return [f if f == lost else None for f, _ in pairs], [
        r if f == lost else None for f, r in pairs
    ]


def _examined(
    manifest: Manifest, reader: Reader, cache: Path, on_event: OnEvent
) -> list[Result | None]:
    """Return what decoding found out about each row; None for rows without a file."""
    fates = manifest.column("fate")
    present = [at for at, fate in enumerate(fates) if fate != Fate.MISSING.value]
    made: list[Result | None] = [None] * len(fates)
    found = examine_all(manifest.take(present), reader, cache, on_event)
    for at, result in zip(present, found, strict=True):
        made[at] = result
    return made


def _mark_decided(manifest: Manifest, decisions: Mapping[Place, Decision], marks: _Marks) -> None:
    """Mark what a person left out, and say what was decided."""
    if not decisions:
        return
    for row, place in enumerate(manifest.rows("path", "frame")):
        decision = decisions.get(place)
        if decision is not None and decision.is_out and marks.fates[row] is None:
            why = decision.note or decision.finding or LEAVE_OUT
            marks.mark(row, Fate.EXCLUDED, say("decisions.reason_out", line=decision.line, why=why))
    n_out = sum(one.is_out for one in decisions.values())
    n_label = sum(one.label is not None for one in decisions.values())
    n_keep = len(decisions) - n_out - n_label
    what = text("decisions.applied", n_out=n_out, n_label=n_label, n_keep=n_keep)
    marks.findings.append(Finding(Severity.NOTE, what))


def _names(manifest: Manifest) -> list[str]:
    """Return what each row is called in reasons: its path, and its frame where there are many."""
    rows = list(manifest.rows("path", "frame"))
    many = {path for path, frame in rows if frame > 0}
    return [f"{path}#{frame}" if path in many else path for path, frame in rows]


def _mark_unreadable(results: Sequence[Result | None], marks: _Marks) -> None:
    for row, result in enumerate(results):
        if isinstance(result, str):
            marks.mark(row, Fate.UNREADABLE, result)
    rows = marks.rows_of(Fate.UNREADABLE)
    if rows:
        items = tuple(f"{marks.names[row]}: {marks.reasons[row]}" for row in rows[:SHOWN])
        total = len(results) - len(marks.rows_of(Fate.MISSING))
        what = text("check.unreadable", n=len(rows), total=total)
        marks.findings.append(Finding(Severity.WARNING, what, items=items))


def _mark_unlabelled(manifest: Manifest, marks: _Marks) -> None:
    for row, label in enumerate(manifest.column("label")):
        if label is None and marks.fates[row] is None:
            marks.mark(row, Fate.UNLABELLED, say("check.reason_unlabelled"))


def _mark_copies(
    manifest: Manifest, results: Sequence[Result | None], marks: _Marks, *, ignores_given: bool
) -> None:
    """Mark images with identical content: contradicting ones all, agreeing ones but the first."""
    rows_by_content: dict[str, list[int]] = defaultdict(list)
    order = sorted(range(len(results)), key=list(manifest.rows("path", "frame")).__getitem__)
    for row in order:
        result = results[row]
        if isinstance(result, Examined) and marks.fates[row] is None:
            rows_by_content[result.content_sha256].append(row)
    labels, splits = manifest.column("label"), manifest.column("given_split")
    n_sets = n_contradicting = 0
    contradicting: list[str] = []
    for rows in rows_by_content.values():
        if len(rows) == 1:
            continue
        n_sets += 1
        if len({labels[row] for row in rows}) > 1:
            contradicting.append(_exclude(rows, labels, marks))
            n_contradicting += len(rows)
            continue
        kept: dict[str | None, int] = {}
        for row in rows:
            part = None if ignores_given else splits[row]
            first = kept.setdefault(part, row)
            if first != row:
                reason = say("check.reason_duplicate", other=marks.names[first])
                marks.mark(row, Fate.DUPLICATE, reason)
        marks.n_crossing += len(kept) > 1
    _note_copies(n_sets, contradicting, n_contradicting, marks)


def _exclude(rows: list[int], labels: list[str | None], marks: _Marks) -> str:
    """Mark rows with the same bytes and different labels; return a line that names them."""
    shown = ", ".join(f"{marks.names[row]} = {labels[row]}" for row in rows[:SHOWN])
    reason = say("check.reason_contradiction", files=shown)
    for row in rows:
        marks.mark(row, Fate.EXCLUDED, reason)
    return shown


def _note_copies(
    n_sets: int, contradicting: list[str], n_contradicting: int, marks: _Marks
) -> None:
    n_copies = len(marks.rows_of(Fate.DUPLICATE))
    if contradicting:
        n_rows = n_contradicting
        what = text("check.contradictions", n=len(contradicting), n_rows=n_rows)
        advice = text("check.contradictions_advice")
        items = tuple(contradicting[:SHOWN])
        marks.findings.append(Finding(Severity.WARNING, what, advice, items=items))
    if n_copies:
        what = text("check.copies", n=n_copies, n_sets=n_sets)
        marks.findings.append(Finding(Severity.NOTE, what))
    if marks.n_crossing:
        what = text("check.crossing", n=marks.n_crossing)
        marks.findings.append(Finding(Severity.WARNING, what))


def _note_names(manifest: Manifest, results: Sequence[Result | None], marks: _Marks) -> None:
    """Note the files whose suffix names another format than their content."""
    wrong = []
    for path, result in zip(manifest.column("path"), results, strict=True):
        if not isinstance(result, Examined) or result.format not in SUFFIXES:
            continue
        suffix = suffix_of(place_of(path).file)
        if suffix and suffix not in SUFFIXES[result.format]:
            wrong.append(f"{path}: {result.format}")
    if wrong:
        what = text("check.wrong_suffix", n=len(wrong))
        marks.findings.append(Finding(Severity.NOTE, what, items=tuple(wrong[:SHOWN])))


def _note_frames(manifest: Manifest, results: Sequence[Result | None], marks: _Marks) -> None:
    """Note files of which not every frame is a row."""
    paths = manifest.column("path")
    n_rows = Counter(paths)
    many = [
        f"{name}: {result.n_frames}"
        for name, path, result in zip(marks.names, paths, results, strict=True)
        if isinstance(result, Examined) and result.n_frames > n_rows[path]
    ]
    if many:
        what = text("check.frames", n=len(many))
        marks.findings.append(Finding(Severity.NOTE, what, items=tuple(many[:SHOWN])))


def _stop_if_many(marks: _Marks, max_problems: float, run: Run) -> None:
    rows = marks.rows_of(Fate.UNREADABLE)
    total = len(marks.fates) - len(marks.rows_of(Fate.MISSING))
    if not rows or len(rows) <= max_problems * total:
        return
    details = [f"{marks.names[row]}: {marks.reasons[row]}" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        details.append(say("check.and_more", n=len(rows) - SHOWN))
    raise WrongData.of(
        "check.none_readable" if len(rows) == total else "check.too_many",
        where=marks.names[rows[0]],
        details=tuple(details),
        n=len(rows),
        total=total,
        reason=marks.reasons[rows[0]],
        percent=100 * max_problems,
        enough=math.ceil(100 * len(rows) / total) / 100,
        ledger=run.folder / "ledger.csv",
    )


def _report(manifest: Manifest, marks: _Marks) -> Report:
    counts = Counter(marks.fates)
    values: dict[str, object] = {
        "rows": len(manifest) - counts[Fate.MISSING.value],
        "usable": counts[None],
        **{fate.name.lower(): counts[fate.value] for fate in _GIVEN},
        "crossing": marks.n_crossing,
        "formats": dict(sorted(Counter(f for f in manifest.column("format") if f).items())),
        "sizes": len(set(manifest.rows("width_px", "height_px"))),
    }
    summary: list[Block] = [
        Paragraph(text("check.sentence", n=values["rows"], n_usable=counts[None]))
    ]
    rows = tuple((text(fate_key(fate.value)), counts[fate.value]) for fate in _GIVEN)
    columns = (text("index.column_fate"), text("index.column_images"))
    table = Table(columns, (*rows, (text("check.usable"), counts[None])), unit="count")
    if marks.findings:
        summary.append(Findings(tuple(marks.findings)))
    sections = [Section("check", text("check.section"), (summary[0], table, *summary[1:]))]
    sizes = Counter(
        row for row in manifest.rows("format", "mode", "bits", "width_px", "height_px") if row[0]
    )
    if sizes:
        kinds = tuple((*row, n) for row, n in sizes.most_common(SHOWN))
        names = ("format", "mode", "bits", "width", "height", "images")
        heads = tuple(text(f"check.column_{name}") for name in names)
        caption = text("check.caption_kinds", n=len(sizes))
        kinds_table = Table(heads, kinds, caption, unit="count")
        sections.append(Section("kinds", text("check.kinds"), (kinds_table,)))
    return Report("check", text("check.title"), tuple(sections), tuple(summary), {"check": values})


_GIVEN = (Fate.UNREADABLE, Fate.DUPLICATE, Fate.EXCLUDED, Fate.UNLABELLED)
