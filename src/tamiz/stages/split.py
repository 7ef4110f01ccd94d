"""Stage `split`: every usable image is put into train, val or test, and the split is audited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tamiz.core.errors import WrongData
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import write_text
from tamiz.core.language import Text, say, text
from tamiz.core.recipe import Recipe, SplitOptions
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
from tamiz.metrics.intervals import MIN_GROUPS
from tamiz.splits.audit import (
    CONTENT_COLUMN,
    SplitAudit,
    audit,
    leak_csv,
    leak_details,
    leak_findings,
    leak_summary,
    tie_identical,
)
from tamiz.splits.given import complete_given, part_named
from tamiz.splits.registry import SPLITS

MOST_CLASSES_IN_SUMMARY = 20


@dataclass(frozen=True, slots=True)
class _Assignment:
    """Which part each usable row gets, why, and what the reader should know about it."""

    parts: Sequence[str]
    reasons: Sequence[str]
    how: Text
    is_given: bool
    notes: tuple[Finding, ...] = ()


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
    manifest = _reset(run.manifest())
    at = [index for index, fate in enumerate(manifest.column("fate")) if fate is None]
    usable = manifest.take(at)
    assignment = _assign(usable, options)
    found = audit(usable.with_columns({"split": assignment.parts}))
    _keep_leaks(found, run)
    if not found.is_clean and not options.allow_leak:
        raise _leak_error(found, assignment, options, run)
    marked = _marked(manifest, at, assignment)
    marked.save(run.manifest_path)
    run.remember(leak=None if found.is_clean else found.facts())
    run.ledger().save(run.folder)
    findings = (*leak_findings(found), *_shortages(marked), *assignment.notes)
    for finding in findings:
        if isinstance(finding.what, Text) and finding.severity is not Severity.NOTE:
            on_event(Event("split", "warning", finding.what))
    return _report(marked, assignment, findings)


def _reset(manifest: Manifest) -> Manifest:
    """Return the manifest as it was before any split; rows without a label get their fate."""
    decided = {Fate.TRAIN.value, Fate.VAL.value, Fate.TEST.value}
    fates: list[str | None] = []
    reasons: list[str | None] = []
    for fate, reason, label in manifest.rows("fate", "reason", "label"):
        is_open = fate is None or fate in decided
        if is_open and label is None:
            fates.append(Fate.UNLABELLED.value)
            reasons.append(say("split.reason_unlabelled"))
        else:
            fates.append(None if is_open else fate)
            reasons.append(None if is_open else reason)
    return manifest.with_columns(
        {"split": [None] * len(manifest), "fate": fates, "reason": reasons}
    )


def _assign(usable: Manifest, options: SplitOptions) -> _Assignment:
    """Return the given split, completed, or an own one, as the options and the data say."""
    words = usable.column("given_split")
    given = [part_named(word) for word in words]
    unknown = sorted({w for w, part in zip(words, given, strict=True) if w and part is None})
    named = sorted({part for part in given if part is not None})
    notes: list[Finding] = []
    if options.given == "ignore":
        if named:
            notes.append(_note("split.given_ignored"))
        return _drawn(usable, options, notes)
    if options.given == "respect" and not named and not unknown:
        raise WrongData.of("split.no_given")
    if unknown:
        names = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        if named or options.given == "respect":
            raise WrongData.of("split.unknown_given", names=names, details=tuple(unknown))
        notes.append(_note("split.given_unknown", names=names))
        return _drawn(usable, options, notes)
    if not named:
        return _drawn(usable, options, notes)
    if len(named) == 1 and None not in given:
        notes.append(_note("split.given_one_part", part=named[0]))
        return _drawn(usable, options, notes)
    return _given(usable, given, options)


def _given(usable: Manifest, given: list[str | None], options: SplitOptions) -> _Assignment:
    tied = _tied_groups(usable)
    completed = complete_given(
        given,
        tied,
        usable.column("label"),
        SPLITS.get(options.rule),
        fractions=(options.test_fraction, options.val_fraction),
        seed=options.seed,
    )
    carved = say("split.reason_carved", rule=options.rule, seed=options.seed)
    reasons = [carved if drawn else say("split.reason_given") for drawn in completed.is_drawn]
    n_open = given.count(None)
    how = text("split.how_given")
    if completed.carved:
        how = text(
            "split.how_completed",
            carved=" + ".join(completed.carved),
            rule=options.rule,
            seed=options.seed,
        )
    return _Assignment(
        parts=completed.parts,
        reasons=reasons,
        how=how,
        is_given=True,
        notes=(_note("split.given_partial", n=n_open),) if n_open else (),
    )


def _drawn(usable: Manifest, options: SplitOptions, notes: list[Finding]) -> _Assignment:
    groups = usable.group_keys()
    tied = _tied_groups(usable)
    n_tied = len({old for old, new in zip(groups, tied, strict=True) if old != new})
    parts = SPLITS.get(options.rule)(
        tied,
        usable.column("label"),
        test_fraction=options.test_fraction,
        val_fraction=options.val_fraction,
        seed=options.seed,
    )
    values = {"rule": options.rule, "seed": options.seed}
    return _Assignment(
        parts=parts,
        reasons=[say("split.reason_drawn", **values)] * len(usable),
        how=text("split.how_drawn", **values),
        is_given=False,
        notes=(*notes, *([_note("split.tied", n=n_tied)] if n_tied else [])),
    )


def _tied_groups(usable: Manifest) -> list[str]:
    groups = usable.group_keys()
    if CONTENT_COLUMN not in usable.column_names:
        return groups
    return tie_identical(groups, usable.column(CONTENT_COLUMN))


def _marked(manifest: Manifest, at: Sequence[int], assignment: _Assignment) -> Manifest:
    parts = manifest.column("split")
    fates = manifest.column("fate")
    reasons = manifest.column("reason")
    for index, part, reason in zip(at, assignment.parts, assignment.reasons, strict=True):
        parts[index], fates[index], reasons[index] = part, part, reason
    return manifest.with_columns({"split": parts, "fate": fates, "reason": reasons})


def _keep_leaks(found: SplitAudit, run: Run) -> None:
    """Write the list of what crosses; take away the list of an earlier attempt."""
    path = run.folder / "leaks.csv"
    if found.is_clean:
        path.unlink(missing_ok=True)
    else:
        write_text(path, leak_csv(found))


def _leak_error(
    found: SplitAudit, assignment: _Assignment, options: SplitOptions, run: Run
) -> WrongData:
    return WrongData.of(
        "split.leak" if assignment.is_given else "split.rule_leaks",
        details=leak_details(found),
        summary=leak_summary(found),
        path=run.folder / "leaks.csv",
        rule=options.rule,
    )


def _note(key: str, **values: object) -> Finding:
    return Finding(severity=Severity.NOTE, what=text(key, **values))


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
        used = set(manifest.where(split="train").column("label")) & set(labels)
        made += [
            Finding(
                severity=Severity.WARNING,
                what=text("split.class_absent", part=part, label=label),
            )
            for label in sorted(used - set(rows.column("label")))
        ]
    return made


def _report(manifest: Manifest, assignment: _Assignment, findings: tuple[Finding, ...]) -> Report:
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
    for (part, label), key in zip(manifest.rows("split", "label"), keys, strict=True):
        if part is None:
            continue
        items.update([(part, label), (part, "")])  # '' stands for all classes together
        groups.setdefault((part, label), set()).add(key)
        groups.setdefault((part, ""), set()).add(key)
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
