"""`report`: what all stages found, on one page that stands on its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
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
from tamiz.formats.reader import policy_from
from tamiz.stages.card import write_card
from tamiz.stages.checklist import (
    asked_checklists,
    checklist_values,
    checklists_section,
    write_checklists,
)
from tamiz.stages.external import external_sections, externals_of
from tamiz.stages.pictures import example_rows, pictures_of
from tamiz.stages.pipeline import LOOKING, load_stage_report
from tamiz.stages.results_in_words import results_section
from tamiz.stages.run_facts import gather_facts
from tamiz.stages.showing import write_page

# Readers want the answer first, then what it rests on.
_ORDER: Final = (
    "evaluate", "split", "audit", "clean", "index", "check", "explore", "train", "plan"
)  # fmt: skip
# The examples show the classes; what explore says of kinds of image says more.
_TOLD_ELSEWHERE: Final = frozenset({"contact", "kinds"})
_SHORTCUTS: Final = "probes."
_FEW: Final = 2


def report(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:  # noqa: ARG001
    """Gather the reports of all stages and write report.html, report.json and the model card.

    With them the checklists that were asked for, now or earlier.
    """
    from tamiz.rendering.html import render_html

    parts = {stage: load_stage_report(run, stage) for stage in _ORDER}
    externals = externals_of(run)
    found = _findings({**parts, **externals})
    facts = gather_facts(recipe, run)
    filled = write_checklists(asked_checklists(run), facts, run.report_folder)
    write_card(facts, run)
    fates = _fates(run)
    html_path = run.report_folder / "report.html"
    shown = (*parts["split"].summary, *parts["evaluate"].summary)
    summary: list[Block] = [fates, *(b for b in shown if not isinstance(b, Findings))]
    summary += _in_short(found)
    sections = [
        results_section(facts),
        *parts["evaluate"].sections,
        *external_sections(externals),
        Section("ledger", text("report.ledger"), (Paragraph(text("report.ledger_why")), fates)),
        *(
            section
            for stage in _ORDER[1:-2]
            for section in parts[stage].sections
            if section.anchor not in _TOLD_ELSEWHERE
        ),
        _examples(recipe, run),
        *(section for stage in _ORDER[-2:] for section in parts[stage].sections),
        *([checklists_section(filled)] if filled else []),
        _provenance(run),
    ]
    values = {**parts["evaluate"].values, "ledger": run.ledger().counts()}
    if filled:
        values["checklists"] = {name: checklist_values(items) for name, items in filled.items()}
    made = Report(
        stage="report",
        title=text("report.title", name=Path(recipe.data.source).name),
        sections=tuple(sections),
        summary=tuple(summary),
        values=values,
    )
    write_text(html_path, render_html(made))
    for stage in LOOKING:  # their commands would train another model now, beside this one
        write_page(parts[stage], run)
    run.ledger().save(run.folder)
    return _with_path(made, html_path)


def _with_path(made: Report, html_path: Path) -> Report:
    line = Paragraph(text("report.where", path=str(html_path)))
    return Report(made.stage, made.title, made.sections, (*made.summary, line), made.values)


def _findings(parts: dict[str, Report]) -> tuple[Finding, ...]:
    """Return all findings of the summaries, each once, the gravest first."""
    best: dict[str, Finding] = {}
    for part in parts.values():
        for block in part.all_blocks():
            for one in block.findings if isinstance(block, Findings) else ():
                known = best.setdefault(str(one.what), one)
                if len(one.items) > len(known.items):  # summaries name the first few only
                    best[str(one.what)] = one
    return tuple(sorted(best.values(), key=lambda one: one.rank))


def _in_short(found: tuple[Finding, ...]) -> list[Block]:
    """Return the grave findings, and how many notes the report holds besides."""
    grave = tuple(
        replace(one, items=one.items[:5], pictures=())
        for one in found
        if one.severity is not Severity.NOTE
    )
    n_notes = len(found) - len(grave)
    grave = _shortcuts_as_one(grave)
    made: list[Block] = [Findings(grave)] if grave else []
    if n_notes:
        made.append(Paragraph(text("report.notes", n=n_notes)))
    return made


def _shortcuts_as_one(grave: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings with the shortcuts, where there are many, named under the first."""
    ways = [one for one in grave if getattr(one.what, "key", "").startswith(_SHORTCUTS)]
    if len(ways) <= _FEW:
        return grave
    first, *others = ways
    named = replace(first, items=tuple(one.what for one in others))
    return tuple(named if one is first else one for one in grave if one not in others)


def _fates(run: Run) -> Table:
    counts = {fate: n for fate, n in run.ledger().counts().items() if n}
    return Table(
        columns=(
            text("report.found"),
            *(text(f"report.fate_{f.replace(' ', '_')}") for f in counts),
        ),
        rows=((sum(counts.values()), *counts.values()),),
        caption=text("report.fates"),
        unit="count",
    )


def _examples(recipe: Recipe, run: Run) -> Section:
    policy = policy_from(recipe.data)
    train = run.manifest().where(split="train")
    blocks = tuple(
        pictures_of(rows, [""] * len(rows), policy, name)
        for name, rows in example_rows(train).items()
    )
    return Section("examples", text("report.examples"), blocks)


def _provenance(run: Run) -> Section:
    state = run.state()
    times = {name: facts["seconds"] for name, facts in state.get("stages", {}).items()}
    versions = Table(
        (text("report.package"), text("report.version")), tuple(state["versions"].items())
    )
    seconds = Table(
        (text("report.stage"), text("report.seconds")),
        tuple((name, round(s, 1)) for name, s in times.items()),
    )
    command = Paragraph(text("report.command", command=state.get("command", "")))
    return Section("provenance", text("report.provenance"), (command, versions, seconds))
