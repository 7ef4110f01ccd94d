"""Stage `split`: every usable image is put into train, val or test, and the split is audited."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe, SplitOptions
from tamiz.data.label_sets import JOINT, NO_LABEL
from tamiz.data.manifest import SPLITS as PARTS
from tamiz.data.manifest import TIED, Manifest
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
    CONTENT_COLUMN,
    SplitAudit,
    audit,
    leak_csv,
    leak_details,
    leak_findings,
    leak_summary,
)
from tamiz.stages.assigning import Assignment, Kin, assign, tied_alone, without_split
from tamiz.stages.deciding import GIVEN_LABEL
from tamiz.stages.folding import (
    Folding,
    assign_folds,
    draw_folds,
    has_folds,
    save_folds,
    with_folds,
)
from tamiz.stages.kinship import kin_of
from tamiz.stages.mending import PROPOSED, WayOut, proposed_csv, way_out

MOST_CLASSES_IN_SUMMARY = 20
# What a split is made from; the other columns stay where they are.
_NEEDED = (
    "item", "label", GIVEN_LABEL, "group", "given_split", "fate", "reason", CONTENT_COLUMN,
)  # fmt: skip
_Counted = tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A split that may stand.

    Attributes:
        marked: the rows with their part, fate and reason.
        assignment: how they got it.
        found: what crosses.
        out: what would help; None where nothing crosses.
        counted: see `_counts`.
        folding: the folds, where the recipe asks for them.
        told: what is to be told of the folds.
    """

    marked: Manifest
    assignment: Assignment
    found: SplitAudit
    out: WayOut | None
    counted: _Counted
    folding: Folding | None
    told: list[Finding]


def split(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Put every usable image into train, val or test; whole groups stay on one side.

    Usable are the rows that the stages before left without a fate (and those that an earlier
    split decided). Writes the manifest, the ledger and, when something lies on more than one
    side, `leaks.csv`.

    Raises:
        WrongData: no honest split is possible, or the given one leaks and `split.allow_leak` is
            off; `details` name everything that crosses.
    """
    outcome = _assigned(recipe, run)
    marked, assignment, found = outcome.marked, outcome.assignment, outcome.found
    marked.save_columns(run.manifest_path, *_columns_to_save(marked, run))
    save_folds(outcome.folding, run)
    run.remember(leak=None if found.is_clean else found.facts())
    run.ledger().save(run.folder)
    is_folded = outcome.folding is not None
    shortages = outcome.told if is_folded else _shortages(marked, outcome.counted)
    findings = (*_leak_findings(outcome), *shortages, *assignment.notes)
    for finding in findings:
        if isinstance(finding.what, Text) and finding.severity is not Severity.NOTE:
            on_event(Event("split", "warning", finding.what))
    made = _report(_tables(marked, outcome.counted), assignment, findings)
    if outcome.folding is None:
        return made
    return with_folds(made, marked.where(split="train"), outcome.folding)


def _assigned(recipe: Recipe, run: Run) -> _Outcome:
    """Return the parts of all rows; only what a split is made from is read, and let go again.

    Raises:
        WrongData: see `split`.
    """
    options = recipe.split
    is_folded = has_folds(options)
    more = ("path", "frame", "centre") if is_folded else ()
    manifest = without_split(run.manifest((*_NEEDED, *more)))
    is_usable = manifest.series("fate").is_null()
    usable = manifest if is_usable.all() else manifest.where(fate=None)
    kin = kin_of(run, usable, recipe.clean)
    assignment = (assign_folds if is_folded else assign)(usable, options, kin)
    tied = tied_alone(usable, kin, assignment.tied)
    parted = usable.with_columns({"split": assignment.parts})
    found = audit(parted, kin, lambda: _names(run, is_usable))
    if assignment.mended_from is None:
        _keep_leaks(found, run)
    else:
        _keep_evidence(usable, assignment, kin, _names(run, is_usable), run)
    is_crossed = not found.is_clean or bool(found.alike)
    out = way_out(usable, assignment, options, kin) if is_crossed else None
    if out is not None and not found.is_clean and not options.allow_leak:
        raise _leak_error(found, out, options, run)
    folding, told = _folded(usable, assignment, kin, options) if is_folded else (None, [])
    counted = _counts(parted.with_columns({TIED: tied}) if tied.count() else parted)
    assignment = replace(assignment, tied=None, mended_from=None)
    del usable, parted  # half of the memory, where rows are many
    marked = _marked(manifest, is_usable, assignment, tied)
    return _Outcome(marked, assignment, found, out, counted, folding, told)


def _names(run: Run, is_usable: pl.Series) -> Manifest:
    """Return the names of the usable rows: they need as much memory as all else together."""
    names = run.manifest(("path", "frame"))
    return names if is_usable.all() else names.take(is_usable.arg_true().to_numpy())


def _folded(
    usable: Manifest, assignment: Assignment, kin: Kin, options: SplitOptions
) -> tuple[Folding, list[Finding]]:
    """Return the folds of all that is not in a sealed test part."""
    at = [place for place, part in enumerate(assignment.parts) if part != "test"]
    new_place = {old: new for new, old in enumerate(at)}
    within = [[new_place[row] for row in rows if row in new_place] for rows in kin]
    pool_kin = [rows for rows in within if len(rows) > 1]
    return draw_folds(usable.take(at), options, pool_kin)


def _marked(
    manifest: Manifest, is_usable: pl.Series, assignment: Assignment, tied: pl.Series
) -> Manifest:
    """Return the manifest with part, fate, reason and copies of the rows that were assigned."""
    at = is_usable.arg_true()
    part = pl.Series(assignment.parts, dtype=pl.String)
    reason = pl.Series(assignment.reasons, dtype=pl.String)
    fate = manifest.series("fate").scatter(at, part)
    why = manifest.series("reason").scatter(at, reason)
    nothing = pl.Series("split", [None], dtype=pl.String).new_from_index(0, len(manifest))
    # `scatter` may write into the series it is asked of.
    copies = nothing.clone().scatter(at, tied) if tied.count() else nothing.clone()
    parts = nothing.clone().scatter(at, part)
    return manifest.with_columns({"split": parts, "fate": fate, "reason": why, TIED: copies})


def _columns_to_save(marked: Manifest, run: Run) -> list[str]:
    """Return the columns that a split writes: copies only where there are any, or were before."""
    has_copies = marked.series(TIED).count() or TIED in pl.read_parquet_schema(run.manifest_path)
    return ["split", "fate", "reason", *([TIED] if has_copies else [])]


def _keep_leaks(found: SplitAudit, run: Run) -> None:
    """Write the list of what crosses; take away the list of an earlier attempt."""
    path = run.folder / "leaks.csv"
    if found.is_clean and not found.alike:
        path.unlink(missing_ok=True)
    else:
        write_text(path, leak_csv(found))


def _keep_evidence(
    usable: Manifest, assignment: Assignment, kin: Kin, names: Manifest, run: Run
) -> None:
    """Write what crossed before a given split was mended, and what was moved."""
    given = assignment.mended_from or ()
    crossed = audit(usable.with_columns({"split": given}), kin, lambda: names)
    _keep_leaks(crossed, run)
    if list(given) != list(assignment.parts):
        write_text(run.folder / PROPOSED, proposed_csv(usable, names, given, assignment.parts))


def _leak_findings(outcome: _Outcome) -> tuple[Finding, ...]:
    """Return what the split's leaks are told as, with the advice that would work."""
    found, out = leak_findings(outcome.found), outcome.out
    if out is None:
        return found
    if outcome.found.is_clean:  # near-identical pictures: looking at them comes first
        return tuple(replace(one, command=out.command) for one in found)
    return tuple(replace(one, advice=out.advice, command=out.command) for one in found)


def _leak_error(found: SplitAudit, out: WayOut, options: SplitOptions, run: Run) -> WrongData:
    return WrongData.of(
        out.key,
        details=tuple(map(str, leak_details(found))),
        summary=leak_summary(found),
        path=run.folder / "leaks.csv",
        rule=options.rule,
    )


def _shortages(manifest: Manifest, counted: _Counted) -> list[Finding]:
    """Return a warning for each part in which a class, or nearly every group, is missing."""
    made = []
    labels = manifest.classes()
    items, groups = counted
    for part in ("val", "test"):
        n_groups = groups[part, ""]
        if n_groups < MIN_GROUPS:
            made.append(
                Finding(
                    severity=Severity.WARNING,
                    what=text("split.few_groups", part=part, n=n_groups),
                    advice=text("split.few_groups_advice"),
                )
            )
        made += [
            Finding(
                severity=Severity.WARNING,
                what=text("split.class_absent", part=part, label=label),
            )
            for label in sorted(labels)
            if items["train", label] and not items[part, label]
        ]
    return made


def _report(
    tables: tuple[Table, Table, dict[str, object]],
    assignment: Assignment,
    findings: tuple[Finding, ...],
) -> Report:
    by_class, summary_table, values = tables
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


def _counts(manifest: Manifest) -> _Counted:
    """Return images and groups of each (part, label); '' stands for all classes together."""
    keys = manifest.group_codes()
    table = pl.DataFrame(
        {"part": manifest.series("split"), "label": manifest.series("label"), "key": keys.codes}
    ).filter(pl.col("part").is_not_null())
    if manifest.is_multilabel:
        is_none = pl.col("label") == NO_LABEL
        words = pl.when(~is_none).then(pl.col("label")).str.split(JOINT)
        each = table.with_columns(words.alias("label")).explode("label")
    else:
        each = table
    items: Counter[tuple[str, str]] = Counter()
    groups: Counter[tuple[str, str]] = Counter()
    for rows in (table.with_columns(pl.lit("").alias("label")), each.drop_nulls("label")):
        counted = rows.group_by("part", "label").agg(pl.len(), pl.col("key").n_unique().alias("n"))
        for part, label, n_items, n_groups in counted.iter_rows():
            items[part, label], groups[part, label] = n_items, n_groups
    return items, groups


def _tables(manifest: Manifest, counted: _Counted) -> tuple[Table, Table, dict[str, object]]:
    """Return classes by parts in images and groups, the same in short, and as plain values."""
    items, groups = counted
    labels = [label for label in manifest.classes() if any(items[part, label] for part in PARTS)]

    def counts(part: str, label: str) -> tuple[int, int]:
        return items[part, label], groups[part, label]

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
