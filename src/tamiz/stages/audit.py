"""Stage `audit`: is the split valid, and can the label be told without looking at the object?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tamiz.core.events import OnEvent, ignore, progress_of
from tamiz.core.files import write_text
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.clusters import clusters
from tamiz.data.evidence import Evidence
from tamiz.data.ledger import Fate
from tamiz.data.manifest import SPLITS as PARTS
from tamiz.data.manifest import Manifest
from tamiz.data.report import (
    Block,
    Cell,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.data.run_folder import Run
from tamiz.metrics.expected import (
    TestPart,
    expected_blocks,
    expected_findings,
    expected_values,
)
from tamiz.probes.report_blocks import audit_sections
from tamiz.probes.sample_size import curve_blocks, curve_values, learning_curve
from tamiz.splits.audit import SplitAudit, leak_csv, leak_findings
from tamiz.splits.audit import audit as audit_split
from tamiz.splits.tying import mend
from tamiz.stages.assigning import tied_groups
from tamiz.stages.clean import is_full
from tamiz.stages.folding import has_folds
from tamiz.stages.gathering import Gathered, among, gather, rows_in_play, rows_of_table
from tamiz.stages.index import tell
from tamiz.stages.kinship import load_kin
from tamiz.stages.measuring import Seen, sketches_of
from tamiz.stages.mending import PROPOSED, lost_class, proposed_csv
from tamiz.stages.showing import filled_in, with_page


@dataclass(frozen=True, slots=True)
class _Part:
    """Sections, findings and values of one part of the audit."""

    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is to be said of the split in force.

    Attributes:
        rows: the rows that it divides, with their `split`.
        found: what lies on more than one side.
        tied: the union of each row.
        proposed: the valid split that is nearest to it.
    """

    rows: Manifest
    found: SplitAudit
    tied: Sequence[str]
    proposed: Sequence[str]

    @property
    def n_moved(self) -> int:
        """Return how many images the proposed split moves."""
        return sum(a != b for a, b in zip(self.rows.column("split"), self.proposed, strict=True))

    def lost(self) -> tuple[str, str] | None:
        """Return (part, class) of a class that the proposed split takes out of a part, or None."""
        given = [part or "" for part in self.rows.column("split")]
        return lost_class(self.rows, given, self.proposed)


def audit(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Judge the split, look for shortcuts, and say how much more data would help.

    Writes `leaks.csv` (what lies on more than one side) and `split_proposed.csv` (the nearest
    valid split) where the split in force is not valid or holds near-identical pictures. Shortcut
    probes and the learning curve use no label of the test part. Of a table without any of its
    files, what its columns tell is audited.
    """
    seen = _rows_to_audit(recipe, run, on_event)
    gathered = gather(recipe, seen, load_kin(run, seen.rows, recipe.clean))
    verdict = _judge(gathered)
    if gathered.assignment is None or gathered.assignment.mended_from is None:
        _keep_lists(verdict, run)  # of a mended split they say what crossed and what was moved
    findings = tuple(filled_in(one, run) for one in _split_findings(verdict, gathered))
    for finding in findings:
        tell(on_event, "audit", finding)
    probed = _probe(gathered.evidence, on_event)
    sized = _size_up(gathered, recipe, on_event)
    return with_page(_report(verdict, gathered, findings, (probed, sized), run), run)


def _rows_to_audit(recipe: Recipe, run: Run, on_event: OnEvent) -> Seen:
    manifest = run.manifest()
    if manifest.column("fate").count(Fate.MISSING.value) == len(manifest):
        return rows_of_table(manifest)
    return rows_in_play(sketches_of(recipe, run, on_event))


def _judge(gathered: Gathered) -> _Verdict | None:
    """Return what is to be said of the split; None when none is possible."""
    assignment, evidence = gathered.assignment, gathered.evidence
    if assignment is None:
        return None
    usable = evidence.manifest.take(gathered.usable)
    rows = usable.with_columns({"split": list(assignment.parts)})
    pairs = evidence.pairs
    everyone = clusters(pairs, len(evidence.manifest)) if len(pairs) else []
    kin = among(everyone, gathered.usable)
    tied = tied_groups(usable, kin)
    return _Verdict(rows, audit_split(rows, kin), tied, mend(list(assignment.parts), tied))


def _keep_lists(verdict: _Verdict | None, run: Run) -> None:
    """Write the list of what crosses and the nearest valid split; take away older ones."""
    leaks, proposed = run.folder / "leaks.csv", run.folder / PROPOSED
    if verdict is None or (verdict.found.is_clean and not verdict.found.alike):
        leaks.unlink(missing_ok=True)
        proposed.unlink(missing_ok=True)
        return
    write_text(leaks, leak_csv(verdict.found))
    given = verdict.rows.column("split")
    write_text(proposed, proposed_csv(verdict.rows, verdict.rows, given, verdict.proposed))


def _split_findings(verdict: _Verdict | None, gathered: Gathered) -> list[Finding]:
    if verdict is None:
        what = text("audit.no_split", reason=gathered.why_not or "")
        return [Finding(Severity.STOP, what, text("audit.no_split_advice"), effect=1.0)]
    made = []
    for one in leak_findings(verdict.found):
        moved = {
            "n": verdict.n_moved,
            "total": len(verdict.rows),
            "share": verdict.n_moved / len(verdict.rows),
        }
        advice, command = text("audit.mend", **moved), "tamiz run {run} --given-split mend"
        if lost := verdict.lost():
            advice = text("audit.mend_loses", part=lost[0], label=lost[1], **moved)
            command = "tamiz run {run} --given-split ignore"
        is_certain = verdict.found.groups or verdict.found.contents
        certainty = text("audit.certain" if is_certain else "audit.likely")
        made.append(replace(one, advice=advice, command=command, certainty=certainty))
    return made


def _probe(evidence: Evidence, on_event: OnEvent) -> _Part:
    """Return what the shortcut probes say."""
    told = progress_of(on_event, stage="audit", text=text("audit.probing"))
    made = audit_sections(evidence, on_progress=told)
    for finding in made.findings:
        tell(on_event, "audit", finding)
    return _Part(made.sections, made.findings, {"shortcuts": made.values})


def _size_up(gathered: Gathered, recipe: Recipe, on_event: OnEvent) -> _Part:
    """Return the learning curve, where the depth allows it, and the intervals to expect."""
    evidence = gathered.evidence
    blocks: list[Block] = []
    values: dict[str, object] = {}
    findings: tuple[Finding, ...] = ()
    part = _tested(gathered, is_folded=has_folds(recipe.split))
    if part is not None:
        blocks += expected_blocks(part)
        findings = expected_findings(part)
        values["expected"] = expected_values(part)
    if is_full(recipe.audit, len(evidence.manifest)):
        told = progress_of(on_event, stage="audit", text=text("audit.sizing"))
        curve = learning_curve(evidence, told)
        blocks += curve_blocks(curve)
        values["learning_curve"] = curve_values(curve)
    section = Section("sample-size", text("sample.section"), tuple(blocks))
    return _Part((section,) if blocks else (), findings, {"sample_size": values})


def _tested(gathered: Gathered, *, is_folded: bool) -> TestPart | None:
    """Return what the main figures will rest on; None when there is no valid split.

    That is the test part; with folds, all that takes part in them, since each is held out once.
    """
    if gathered.assignment is None:
        return None
    rows = gathered.evidence.manifest.take(gathered.usable)
    keys, sets = rows.group_keys(), rows.label_sets()
    wanted = "train" if is_folded else "test"
    tested = [at for at, part in enumerate(gathered.assignment.parts) if part == wanted]
    by_class = {}
    for name in rows.classes():
        at = [place for place in tested if name in (sets[place] or ())]
        by_class[name] = (len(at), len({keys[place] for place in at}))
    total = (len(tested), len({keys[place] for place in tested}))
    return TestPart(total, by_class, is_folded=is_folded)


def _report(
    verdict: _Verdict | None,
    gathered: Gathered,
    findings: tuple[Finding, ...],
    parts: Sequence[_Part],
    run: Run,
) -> Report:
    more = tuple(filled_in(one, run) for part in parts for one in part.findings)
    every = tuple(sorted((*findings, *more), key=lambda one: one.rank))
    blocks = _split_section(verdict, gathered)
    section = Section("audit", text("audit.section_split"), (*blocks, Findings(every)))
    summary: list[Block] = [*blocks[:2]]
    if every:
        summary.append(Findings(tuple(replace(one, items=one.items[:5]) for one in every)))
    if verdict is not None and verdict.n_moved:
        summary.append(_where_proposed(verdict, run))
    values: dict[str, object] = {"valid": verdict is not None and verdict.found.is_clean}
    if verdict is not None:
        values["split"] = verdict.found.facts()
        values["proposed"] = {"moved": verdict.n_moved, **_crossing_after(verdict)}
    for part in parts:
        values.update(part.values)
    sections = (section, *(one for part in parts for one in part.sections))
    return Report("audit", text("audit.title"), sections, tuple(summary), {"audit": values})


def _where_proposed(verdict: _Verdict, run: Run) -> Paragraph:
    """Return where the nearest valid split lies, and that it is no split to use where it is not."""
    path = str(run.folder / PROPOSED)
    lost = verdict.lost()
    if lost is None:
        return Paragraph(text("audit.written", path=path))
    return Paragraph(text("audit.written_loses", path=path, part=lost[0], label=lost[1]))


def _crossing_after(verdict: _Verdict) -> dict[str, int]:
    """Return how many groups and identical pictures cross in the proposed split: none."""
    found = audit_split(verdict.rows.with_columns({"split": list(verdict.proposed)}))
    return {"groups": len(found.groups), "pictures": len(found.contents)}


def _split_section(verdict: _Verdict | None, gathered: Gathered) -> list[Block]:
    if verdict is None or gathered.assignment is None:
        return []
    found = verdict.found
    blocks: list[Block] = [Paragraph(gathered.assignment.how), Paragraph(_verdict_in_words(found))]
    unions = Counter(verdict.tied)
    largest = max(unions.values(), default=0)
    n_groups = len(set(verdict.rows.untied().group_keys()))
    connected = text("audit.connected", n=len(unions), n_groups=n_groups, largest=largest)
    blocks.append(Paragraph(connected))
    if verdict.n_moved:
        blocks.append(_comparison(verdict))
    return blocks


def _verdict_in_words(found: SplitAudit) -> Text:
    key = "audit.valid" if found.is_clean else "audit.not_valid"
    return text(key, groups=len(found.groups), pictures=len(found.contents), alike=len(found.alike))


def _comparison(verdict: _Verdict) -> Table:
    """Return the split as it is beside the proposed one, class by class and part by part."""
    sets = verdict.rows.label_sets()
    given, proposed = (
        Counter((label, part) for one, part in zip(sets, parts, strict=True) for label in one or ())
        for parts in (verdict.rows.column("split"), verdict.proposed)
    )
    rows: list[tuple[Cell, ...]] = [
        (name, *(n for part in PARTS for n in (given[name, part], proposed[name, part])))
        for name in verdict.rows.classes()
    ]
    columns = [text("split.column_class")]
    for part in PARTS:
        columns.append(text("audit.column_given", part=part))
        columns.append(text("audit.column_proposed", part=part))
    caption = text("audit.caption_proposed", n=verdict.n_moved, path=PROPOSED)
    if lost := verdict.lost():
        words = {"n": verdict.n_moved, "path": PROPOSED, "part": lost[0], "label": lost[1]}
        caption = text("audit.caption_loses", **words)
    return Table(tuple(columns), tuple(rows), caption, unit="count")
