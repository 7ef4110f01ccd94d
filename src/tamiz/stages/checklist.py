"""Reporting checklists of a run: items prefilled from its files, the rest left open and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.files import locked, write_text
from tamiz.core.language import has_text, text
from tamiz.data.checklist import Answered, Checklist, Filled, counts_of, fill
from tamiz.data.checklists import CHECKLISTS
from tamiz.data.report import Cell, Paragraph, Report, Section, Table, Words
from tamiz.data.run_folder import Run
from tamiz.stages.checklist_answers import answers_of
from tamiz.stages.run_facts import RunFacts
from tamiz.stages.wording import joined

_WAITING: Final = (Answered.PARTLY, Answered.OPEN, Answered.NOT_DONE)


def checklist_names(asked: str) -> tuple[str, ...]:
    """Return the names in 'claim,tripod-ai', each once.

    Raises:
        WrongUse: there is no such checklist.
    """
    names = tuple(dict.fromkeys(part.strip().lower() for part in asked.split(",") if part.strip()))
    for name in names or (asked,):
        if name not in CHECKLISTS:
            choices = ", ".join(CHECKLISTS)
            raise WrongUse.of("checklist.unknown", where="--checklist", name=name, choices=choices)
    return names


def keep_checklists(run: Run, names: Sequence[str]) -> None:
    """Note that the run's report has these checklists from now on; it must be written anew."""
    with locked(run.folder):
        known = asked_checklists(run)
        run.remember(checklists=[*known, *(name for name in names if name not in known)])
        run.forget("report")


def asked_checklists(run: Run) -> tuple[str, ...]:
    """Return the names of the checklists that the run's report has."""
    found = run.state().get("checklists", [])
    return tuple(name for name in found if name in CHECKLISTS)


def filled_of(name: str, facts: RunFacts) -> tuple[Filled, ...]:
    """Return the items of a checklist, each with what the run says to it."""
    return fill(CHECKLISTS[name], answers_of(facts))


def checklist_report(name: str, facts: RunFacts) -> Report:
    """Return a checklist as a report: what it is, its counts, and its items by section."""
    checklist, filled = CHECKLISTS[name], filled_of(name, facts)
    summary = [
        Paragraph(counts_in_words(filled)),
        Paragraph(text("checklist.how")),
        Paragraph(text(f"checklist.source_{name}")),
    ]
    if name == "metrics":
        summary.insert(1, Paragraph(_no_score(filled)))
    title = text("checklist.title", list=text(f"checklist.name_{name}"), source=facts.source)
    sections = tuple(_section(checklist, key, filled) for key in checklist.sections)
    values = {"checklist": {name: checklist_values(filled)}}
    return Report("checklist", title, sections, tuple(summary), values)


def write_checklists(
    names: Sequence[str], facts: RunFacts, folder: Path
) -> dict[str, tuple[Filled, ...]]:
    """Write checklist-<name>.html and .md into `folder`; return the items of each."""
    from tamiz.rendering.html import render_html
    from tamiz.rendering.markdown import render_markdown

    made = {}
    for name in names:
        report = checklist_report(name, facts)
        write_text(folder / f"checklist-{name}.html", render_html(report))
        write_text(folder / f"checklist-{name}.md", render_markdown(report))
        made[name] = filled_of(name, facts)
    return made


def checklists_section(filled: Mapping[str, Sequence[Filled]]) -> Section:
    """Return the report's section on checklists: how many items of each are answered how far."""
    rows: list[tuple[Cell, ...]] = []
    for name, items in filled.items():
        counts = counts_of(items)
        file = f"checklist-{name}.html"
        rows.append((text(f"checklist.name_{name}"), len(items), *counts.values(), file))
    columns = (
        text("checklist.list"),
        text("checklist.items"),
        *(text(f"checklist.{how.value}") for how in Answered),
        text("checklist.file"),
    )
    blocks = (
        Paragraph(text("checklist.section_why")),
        Table(columns=columns, rows=tuple(rows), unit="count"),
    )
    return Section("checklists", text("checklist.section"), blocks)


def checklist_values(filled: Sequence[Filled]) -> dict[str, Any]:
    """Return the counts and the state of each item, for scripts."""
    counts = {how.value: n for how, n in counts_of(filled).items()}
    return {"counts": counts, "items": {one.item.number: one.how.value for one in filled}}


def counts_in_words(filled: Sequence[Filled]) -> Words:
    """Return one sentence: how many items are answered how far."""
    counts = {how.value: n for how, n in counts_of(filled).items()}
    return text("checklist.counts", n=len(filled), **counts)


def _no_score(filled: Sequence[Filled]) -> Words:
    waiting = [one for one in filled if one.how in _WAITING]
    apply = [one for one in filled if one.how is not Answered.NOT_APPLICABLE]
    shown = sum(one.item.weight for one in filled if one.how is Answered.YES)
    possible = sum(one.item.weight for one in apply)
    return text("checklist.no_score", n=len(waiting), shown=shown, possible=possible)


def _section(checklist: Checklist, key: str, filled: Sequence[Filled]) -> Section:
    items = [one for one in filled if one.item.section == key]
    has_weights = any(one.item.weight for one in items)
    rows: list[tuple[Cell, ...]] = []
    for one in items:
        subject = text(f"{checklist.area}.n_{one.item.number}")
        state = text(f"checklist.{one.how.value}")
        row: tuple[Cell, ...] = (one.item.number, subject, state, answer_of(checklist, one))
        rows.append((*row, f"{one.item.weight:.4f}") if has_weights else row)
    columns: list[Words] = [
        text(f"checklist.{name}") for name in ("number", "subject", "state", "answer")
    ]
    if has_weights:
        columns.append(text("checklist.weight"))
    title = text(f"{checklist.area}.s_{key}")
    return Section(key, title, (Table(tuple(columns), tuple(rows), style="list"),))


def answer_of(checklist: Checklist, one: Filled) -> Words:
    """Return what stands beside an item: facts, what a person must add, or how to do it."""
    if one.how is Answered.NOT_DONE:
        return text(f"checklist.do_{one.item.todo}")
    parts = list(one.facts)
    if one.how in {Answered.PARTLY, Answered.OPEN}:
        asked = f"{checklist.area}.a_{one.item.number}"
        what = text(asked if has_text(asked) else "checklist.not_shown")
        key = "to_add" if parts else "to_say"
        asked_for = text(f"checklist.{key}", what=what)
        return text("checklist.then", first=joined(parts), last=asked_for) if parts else asked_for
    return joined(parts)
