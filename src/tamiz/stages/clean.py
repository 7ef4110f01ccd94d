"""Stage `clean`: what may be wrong with the data, to be decided on; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import compress
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.checks.registry import CHECKS
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.language import text
from tamiz.core.recipe import AuditOptions, Recipe
from tamiz.data.decisions import Proposal, write_proposals
from tamiz.data.evidence import CheckResult, Evidence, Pairs, Suspicion
from tamiz.data.parquet import write_table
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader, policy_from
from tamiz.stages.gathering import Gathered, gather, rows_in_play
from tamiz.stages.index import tell
from tamiz.stages.kinship import find_kin, kin_path, save_kin
from tamiz.stages.measuring import sketches_of
from tamiz.stages.showing import filled_in, with_page, with_pictures

FULL_UP_TO: Final = 10_000  # images; beyond, `auto` leaves out what trains models
_SLOW: Final = frozenset({"labels", "out_of_place"})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one check said."""

    name: str
    result: CheckResult


def clean(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Look for near-duplicates, bad images, doubtful labels and what is out of place.

    Writes `pairs.parquet` (rows that show the same thing), `scores.parquet` (each check's score
    of every image, 0 worst to 1 best: another threshold needs no new run) and `decisions.csv`
    (what is suspected, to be filled in and applied with `tamiz clean --apply`; what a check that
    is not made this time suspected before stays in it). The manifest is left alone. Labels of the
    test part are not looked at.

    Raises:
        WrongUse: `clean.only` names a check that does not exist.
    """
    seen = rows_in_play(sketches_of(recipe, run, on_event))
    with Reader(seen.rows.root, policy_from(recipe.data)) as reader:
        pairs = find_kin(seen.rows, seen.sketches, reader, recipe.clean, on_event)
        save_kin(pairs, seen.rows, kin_path(run))
        gathered = gather(recipe, seen, _alike_enough(pairs, recipe.clean.min_likeness))
        answers, skipped = _ask(gathered.evidence, recipe, on_event)
        suspicions = [one for answer in answers for one in answer.result.suspicions]
        suspicions.sort(key=lambda one: one.finding.rank)
        shown = [with_pictures(one, gathered.evidence.manifest, reader) for one in suspicions]
    _save_scores(gathered.evidence, answers, run.folder / "scores.parquet")
    path = run.folder / "decisions.csv"
    stands = _unasked(answers, gathered.evidence)
    write_proposals(_proposals(answers, gathered.evidence), path, stands)
    findings = tuple(filled_in(one, run) for one in shown)
    for finding in findings:
        tell(on_event, "clean", finding)
    return with_page(_report(findings, answers, gathered, skipped, path), run)


def is_full(options: AuditOptions, n_rows: int) -> bool:
    """Return whether suspicions are looked into at full depth."""
    return options.depth == "full" or (options.depth == "auto" and n_rows <= FULL_UP_TO)


def _alike_enough(pairs: Pairs, min_likeness: float) -> Pairs:
    return pairs.take(np.nonzero(pairs.score >= min_likeness)[0].tolist())


def _ask(
    evidence: Evidence, recipe: Recipe, on_event: OnEvent
) -> tuple[list[_Answer], tuple[str, ...]]:
    """Return what each check says, and the names of those that the depth leaves out."""
    wanted = recipe.clean.only or CHECKS.names()
    checks = {name: CHECKS.get(name) for name in wanted}
    is_quick = not is_full(recipe.audit, len(evidence.manifest)) and not recipe.clean.only
    skipped = tuple(name for name in checks if is_quick and name in _SLOW)
    names = [name for name in checks if name not in skipped]
    told = track(names, on_event, stage="clean", text=text("clean.checking"))
    return [_Answer(name, checks[name](evidence)) for name in told], skipped


def _save_scores(evidence: Evidence, answers: Sequence[_Answer], path: Path) -> None:
    columns: dict[str, object] = {
        name: evidence.manifest.column(name) for name in ("item", "path", "frame")
    }
    for answer in answers:
        columns.update(answer.result.scores)
    write_table(pl.DataFrame(columns), path)


def _proposals(answers: Sequence[_Answer], evidence: Evidence) -> list[Proposal]:
    places = list(evidence.manifest.rows("path", "frame"))
    made = []
    n_clusters = 0
    ordered = [(one, a.name) for a in answers for one in a.result.suspicions]
    ordered.sort(key=lambda pair: pair[0].finding.rank)
    for suspicion, name in ordered:
        for rows in suspicion.clusters:
            n_clusters += 1
            for place, row in enumerate(rows):
                word = _word(suspicion, place)
                path, frame = places[row]
                made.append(Proposal(path, frame, name, n_clusters, word))
    return made


def _unasked(answers: Sequence[_Answer], evidence: Evidence) -> Callable[[Proposal], bool]:
    """Return whether an earlier proposal still stands: its check was not made this time.

    None about the test part does: what was not sealed then may be sealed now.
    """
    asked = {one.name for one in answers}

    @cache
    def places() -> frozenset[tuple[str, int]]:
        return frozenset(compress(evidence.manifest.rows("path", "frame"), ~evidence.sealed))

    return lambda one: one.finding not in asked and (one.path, one.frame) in places()


def _word(suspicion: Suspicion, place: int) -> str:
    if suspicion.proposal == "keep-first":
        return "keep" if place == 0 else "leave-out"
    return "" if suspicion.proposal == "look" else suspicion.proposal


def _report(
    findings: tuple[Finding, ...],
    answers: Sequence[_Answer],
    gathered: Gathered,
    skipped: tuple[str, ...],
    path: Path,
) -> Report:
    evidence = gathered.evidence
    suspicions = [one for answer in answers for one in answer.result.suspicions]
    n_rows = len({row for one in suspicions for rows in one.clusters for row in rows})
    sentence = text("clean.sentence", n=n_rows, total=len(evidence.manifest))
    blocks: list[Block] = [Paragraph(sentence), Paragraph(gathered.note)]
    if findings:
        blocks.append(Findings(findings))
    if skipped:
        names = ", ".join(skipped)
        what = text("clean.skipped", names=names)
        note = Finding(Severity.NOTE, what, command="tamiz clean {run} --depth full")
        blocks.append(Findings((note,)))
    blocks += [_table(answers), Paragraph(text("clean.how_to_decide", path=str(path)))]
    summary: list[Block] = [Paragraph(sentence)]
    if findings:
        brief = tuple(replace(one, items=one.items[:3], pictures=()) for one in findings)
        summary.append(Findings(brief))
    summary.append(Paragraph(text("clean.how_to_decide", path=str(path))))
    values = {
        "rows": len(evidence.manifest),
        "suspected": n_rows,
        "pairs": _counts(evidence.pairs),
        "checks": {a.name: _facts(a) for a in answers},
        "skipped": list(skipped),
    }
    section = Section("clean", text("clean.section"), tuple(blocks))
    title = text("clean.title")
    return Report("clean", title, (section,), tuple(summary), {"clean": values})


def _counts(pairs: Pairs) -> Mapping[str, int]:
    return {name: pairs.kinship.count(name) for name in sorted(set(pairs.kinship))}


def _facts(answer: _Answer) -> dict[str, int]:
    rows = {row for one in answer.result.suspicions for rows in one.clusters for row in rows}
    n_clusters = sum(len(one.clusters) for one in answer.result.suspicions)
    return {"suspected": len(rows), "clusters": n_clusters}


def _table(answers: Sequence[_Answer]) -> Table:
    """Return what each check looked at and found."""
    rows = []
    for answer in answers:
        scores: list[NDArray[np.float32]] = list(answer.result.scores.values())
        n_asked = max((int(np.isfinite(one).sum()) for one in scores), default=0)
        facts = _facts(answer)
        rows.append((answer.name, n_asked, facts["clusters"], facts["suspected"]))
    names = ("check", "asked", "clusters", "suspected")
    columns = tuple(text(f"clean.column_{name}") for name in names)
    return Table(columns, tuple(rows), text("clean.caption_checks"), unit="count")
