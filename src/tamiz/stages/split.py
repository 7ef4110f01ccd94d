"""Stage `split`: every usable image is put into train, val or test, and the split is audited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe, SplitOptions
from tamiz.data.label_sets import count_labels
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
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.splits.audit import (
    SplitAudit,
    audit,
    leak_csv,
    leak_details,
    leak_findings,
    leak_summary,
)
from tamiz.stages.assigning import Assignment, Kin, assign, without_split
from tamiz.stages.folding import (
    Folding,
    assign_folds,
    draw_folds,
    has_folds,
    save_folds,
    with_folds,
)
from tamiz.stages.kinship import kin_of

MOST_CLASSES_IN_SUMMARY = 20


def split(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Put every usable image into train, val or test; whole groups stay on one side.

    Usable are the rows that the stages before left without a fate (and those that an earlier
    split decided). Writes the manifest, the ledger and, when something lies on more than one
    side, `leaks.csv`.

    Raises:
        WrongData: no honest split is possible, or the given one leaks and `split.allow_leak` is
            off; `details` name everything that crosses.
    """
    options = recipe.split
    manifest = without_split(run.manifest())
    at = [index for index, fate in enumerate(manifest.column("fate")) if fate is None]
    usable = manifest.take(at)
    kin = kin_of(run, usable, recipe.clean)
    is_folded = has_folds(options)
    assignment = (assign_folds if is_folded else assign)(usable, options, kin)
    found = audit(usable.with_columns({"split": assignment.parts}), kin)
    _keep_leaks(found, run)
    if not found.is_clean and not options.allow_leak:
        raise _leak_error(found, assignment, options, run)
    marked = _marked(manifest, at, assignment)
    folding, folds_told = _folded(usable, assignment, kin, options) if is_folded else (None, [])
    marked.save(run.manifest_path)
    save_folds(folding, run)
    run.remember(leak=None if found.is_clean else found.facts())
    run.ledger().save(run.folder)
    shortages = folds_told if is_folded else _shortages(marked)
    findings = (*leak_findings(found), *shortages, *assignment.notes)
    for finding in findings:
        if isinstance(finding.what, Text) and finding.severity is not Severity.NOTE:
            on_event(Event("split", "warning", finding.what))
    made = _report(marked, assignment, findings)
    return made if folding is None else with_folds(made, marked.where(split="train"), folding)


def _folded(
    usable: Manifest, assignment: Assignment, kin: Kin, options: SplitOptions
) -> tuple[Folding, list[Finding]]:
    """Return the folds of all that is not in a sealed test part."""
    at = [place for place, part in enumerate(assignment.parts) if part != "test"]
    new_place = {old: new for new, old in enumerate(at)}
    within = [[new_place[row] for row in rows if row in new_place] for rows in kin]
    pool_kin = [rows for rows in within if len(rows) > 1]
    return draw_folds(usable.take(at), options, pool_kin)


def _marked(manifest: Manifest, at: Sequence[int], assignment: Assignment) -> Manifest:
    parts = manifest.column("split")
    fates = manifest.column("fate")
    reasons = manifest.column("reason")
    for index, part, reason in zip(at, assignment.parts, assignment.reasons, strict=True):
        parts[index], fates[index], reasons[index] = part, part, reason
    return manifest.with_columns({"split": parts, "fate": fates, "reason": reasons})


def _keep_leaks(found: SplitAudit, run: Run) -> None:
    """Write the list of what crosses; take away the list of an earlier attempt."""
    path = run.folder / "leaks.csv"
    if found.is_clean and not found.alike:
        path.unlink(missing_ok=True)
    else:
        write_text(path, leak_csv(found))


def _leak_error(
    found: SplitAudit, assignment: Assignment, options: SplitOptions, run: Run
) -> WrongData:
    return WrongData.of(
        "split.leak" if assignment.is_given else "split.rule_leaks",
        details=leak_details(found),
        summary=leak_summary(found),
        path=run.folder / "leaks.csv",
        rule=options.rule,
    )


def _shortages(manifest: Manifest) -> list[Finding]:
    """Return a warning for each part in which a class, or nearly every group, is missing."""
    made = []
    labels = manifest.classes()
    for part in ("val", "test"):
        rows = manifest.where(split=part)
        n_groups = len(set(rows.group_keys()))
        if n_groups < MIN_GROUPS:
            made.append(
                Finding(
                    severity=Severity.WARNING,
                    what=text("split.few_groups", part=part, n=n_groups),
                    advice=text("split.few_groups_advice"),
                )
            )
        used = set(count_labels(manifest.where(split="train").label_sets())) & set(labels)
        made += [
            Finding(
                severity=Severity.WARNING,
                what=text("split.class_absent", part=part, label=label),
            )
            for label in sorted(used - set(count_labels(rows.label_sets())))
        ]
    return made


def _report(manifest: Manifest, assignment: Assignment, findings: tuple[Finding, ...]) -> Report:
    by_class, summary_table, values = _tables(manifest)
    blocks: list[Block] = [Paragraph(assignment.how), by_class]
    if findings:
        blocks.append(Findings(findings))
    summary: list[Block] = [summary_table]
    grave = tuple(
        replace(one, items=one.items[:5]) for one in findings if one.severity is not Severity.NOTE
    )
    if grave:
        summary.append(Findings(grave))
    return Report(
        stage="split",
        title=text("split.title"),
        sections=(Section("split", text("split.section"), tuple(blocks)),),
        summary=tuple(summary),
        values={"split": values},
    )


def _tables(manifest: Manifest) -> tuple[Table, Table, dict[str, object]]:
    """Return classes by parts in images and groups, the same in short, and as plain values."""
    items: Counter[tuple[str, str]] = Counter()
    groups: dict[tuple[str, str], set[str]] = {}
    keys = manifest.group_keys()
    sets = manifest.label_sets()
    for part, of_row, key in zip(manifest.column("split"), sets, keys, strict=True):
        if part is None:
            continue
        for label in ("", *(of_row or ())):  # '' stands for all classes together
            items[part, label] += 1
            groups.setdefault((part, label), set()).add(key)
    labels = [label for label in manifest.classes() if any(items[part, label] for part in PARTS)]

    def counts(part: str, label: str) -> tuple[int, int]:
        return items[part, label], len(groups.get((part, label), ()))

    columns: list[Text] = [text("split.column_class")]
    for part in PARTS:
        columns.append(text("split.column_part_images", part=part))
        columns.append(text("split.column_part_groups", part=part))
    lines: list[tuple[Cell, ...]] = [
        (label, *(n for part in PARTS for n in counts(part, label))) for label in labels
    ]
    total: tuple[Cell, ...] = (
        text("split.row_all"),
        *(n for part in PARTS for n in counts(part, "")),
    )
    by_class = Table(
        columns=tuple(columns),
        rows=(*lines, total),
        caption=text("split.caption"),
        unit="count",
    )
    shown = labels if len(labels) <= MOST_CLASSES_IN_SUMMARY else []
    brief: list[tuple[Cell, ...]] = [
        (label, *(counts(part, label)[0] for part in PARTS)) for label in shown
    ]
    for name, place in (("split.row_all", 0), ("split.row_groups", 1)):
        brief.append((text(name), *(counts(part, "")[place] for part in PARTS)))
    short = Table(
        columns=(text("split.column_class"), *(text(f"split.part_{part}") for part in PARTS)),
        rows=tuple(brief),
        caption=text("split.caption_parts"),
        unit="count",
    )
    values: dict[str, object] = {}
    for part in PARTS:
        n_items, n_groups = counts(part, "")
        classes = {
            label: {"items": counts(part, label)[0], "groups": counts(part, label)[1]}
            for label in labels
        }
        values[part] = {"items": n_items, "groups": n_groups, "classes": classes}
    return by_class, short, values
