"""Stage `index`: find every file of the source and make rows of the images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.language import Text, text
from tamiz.core.recipe import DataOptions, Recipe
from tamiz.data.label_sets import NO_LABEL, count_labels, join_labels
from tamiz.data.ledger import Fate
from tamiz.data.manifest import SPLITS, Manifest
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
from tamiz.inputs.find import find
from tamiz.inputs.registry import Found

_MOST_CLASSES = 100


def index(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Find the images; write manifest.parquet, files.json, ledger.json and ledger.csv.

    Rows of a table whose file is not there become rows with the fate 'missing': who only looks
    at the data wants to see them. `refuse_missing` stops who wants more.

    Raises:
        WrongData: nothing is there, nothing is recognised, or the source contradicts itself.
        WrongUse: an option of the section `data` cannot be understood.
    """
    found = _relabelled(find(replace(recipe.data, missing_files="keep")), recipe.data)
    found.manifest.save(run.manifest_path)
    run.save_others(list(found.others))
    run.ledger().save(run.folder)
    for finding in found.findings:
        tell(on_event, "index", finding)
    return _report(found)


def refuse_missing(recipe: Recipe, run: Run) -> None:
    """Raise when rows have no file and `data.missing_files` does not say to go on without them.

    Raises:
        WrongData: the first 20 rows are named with their lines.
    """
    if Fate.MISSING.value in run.manifest().column("fate"):
        find(recipe.data)


def refuse_without_classes(recipe: Recipe, run: Run) -> None:
    """Raise when nothing has a label, or all the same one: nothing can be learnt from it.

    Decisions that the recipe names are heard first, for they may say what is missing.

    Raises:
        WrongData: the ways to say what shows what are named.
    """
    rows = run.manifest(("label", "fate")).where(fate=None)
    labels = rows.series("label").drop_nulls()
    if recipe.data.decisions or rows.is_multilabel or not len(rows):
        return
    kinds = labels.unique()
    if not len(kinds):
        raise WrongData.of("splits.unlabelled", n=len(rows))
    if len(kinds) == 1:
        raise WrongData.of("splits.one_class", label=kinds[0], n=len(labels))


def _relabelled(found: Found, options: DataOptions) -> Found:
    """Return what was found with the labels that `data.relabel` renames or takes away.

    Raises:
        WrongUse: it names a label that is not there.
    """
    if not options.relabel:
        return found
    sets = found.manifest.label_sets()
    strange = sorted(set(options.relabel) - set(count_labels(sets)))
    if strange:
        classes = ", ".join(found.manifest.classes()[:20])
        raise WrongUse.of("index.relabel_unknown", name=strange[0], classes=classes)
    new = {old: str(word).strip() or None for old, word in options.relabel.items()}
    made = [_renamed(one, new, is_set=found.manifest.is_multilabel) for one in sets]
    n = sum(one is not None and not new.keys().isdisjoint(one) for one in sets)
    words = ", ".join(f"{old} → {word or '-'}" for old, word in new.items())
    note = Finding(Severity.NOTE, text("index.relabelled", n=n, words=words))
    manifest = found.manifest.with_columns({"label": made})
    return replace(found, manifest=manifest, findings=(*found.findings, note))


def _renamed(
    labels: tuple[str, ...] | None, new: Mapping[str, str | None], *, is_set: bool
) -> str | None:
    """Return a row's labels with those renamed, or taken away, that `new` names."""
    if labels is None:
        return None
    left = [word for label in labels if (word := new.get(label, label)) is not None]
    return join_labels(left) if is_set else (left[0] if left else None)


def tell(on_event: OnEvent, stage: str, finding: Finding) -> None:
    """Pass a finding on to whoever listens."""
    if isinstance(finding.what, Text):
        kind = "note" if finding.severity is Severity.NOTE else "warning"
        on_event(Event(stage, kind, finding.what))  # type: ignore[arg-type]


def _report(found: Found) -> Report:
    values = _values(found)
    summary: tuple[Block, ...] = (Paragraph(_sentence(found, values)),)
    blocks: list[Block] = [*summary, _label_table(_present(found))]
    if found.others:
        blocks.append(_others_table(found))
    if found.findings:
        blocks.append(Findings(found.findings))
    section = Section("found", text("index.section"), tuple(blocks))
    return Report(
        stage="index",
        title=text("index.title"),
        sections=(section,),
        summary=(*summary, *([Findings(found.findings)] if found.findings else [])),
        values={"index": values},
    )


def _present(found: Found) -> Manifest:
    """Return the rows whose file is there; all of them where none is."""
    present = found.manifest.where(fate=None)
    return present if len(present) else found.manifest


def _values(found: Found) -> dict[str, object]:
    manifest = _present(found)
    labels = count_labels(manifest.label_sets())
    groups = {group for group in manifest.column("group") if group is not None}
    splits = Counter(manifest.column("given_split"))
    return {
        "kind": found.kind,
        "rows": len(manifest),
        "others": len(found.others),
        "missing": len(found.missing),
        "groups": len(groups),
        "without_group": manifest.column("group").count(None),
        "unlabelled": manifest.column("label").count(None),
        "is_multilabel": manifest.is_multilabel,
        "labels": {label: labels[label] for label in manifest.classes()},
        "given_splits": {part: n for part, n in sorted(splits.items(), key=str) if part},
        "other_fates": dict(Counter(e.fate.value for e in found.others if e.fate)),
        "columns": [name for name in manifest.free_column_names if name != "centre"],
    }


def _sentence(found: Found, values: dict[str, object]) -> Text:
    return text(
        "index.sentence",
        kind=Text(f"index.kind_{found.kind}"),
        n=values["rows"],
        n_classes=len(_present(found).classes()),
        n_groups=values["groups"],
        n_others=values["others"],
    )


def _label_table(manifest: Manifest) -> Table:
    """Return images per class, by given split where there is one."""
    counts: Counter[tuple[str | None, str | None]] = Counter()
    parts = manifest.column("given_split")
    for labels_of_row, part in zip(manifest.label_sets(), parts, strict=True):
        counts.update((label, part) for label in names_or_none(labels_of_row))
    splits = sorted({part for part in parts if part}, key=_split_order)
    if splits and None in parts:
        splits.append("")
    rows: list[tuple[Cell, ...]] = []
    labels: list[str | None] = [*manifest.classes()[:_MOST_CLASSES]]
    labels += sorted({label for label, _ in counts} & {NO_LABEL, None} - set(labels), key=str)
    for label in labels:
        by_split = [counts[(label, part or None)] for part in splits]
        total = sum(n for (one, _), n in counts.items() if one == label)
        rows.append((_label_words(label, manifest), *by_split, total))
    columns = (
        text("index.column_class"),
        *(part or text("index.no_split") for part in splits),
        text("index.column_images"),
    )
    caption = text("multilabel.per_image" if manifest.is_multilabel else "index.caption_labels")
    return Table(columns, tuple(rows), caption, unit="count")


def names_or_none(labels: tuple[str, ...] | None) -> tuple[str | None, ...]:
    """Return a row's labels; '-' where it is known to have none, None where nothing is known."""
    return (None,) if labels is None else labels or (NO_LABEL,)


def _label_words(label: str | None, manifest: Manifest) -> str | Text:
    if label is None:
        return text("index.no_label")
    is_none = manifest.is_multilabel and label == NO_LABEL
    return text("multilabel.no_label") if is_none else label


def _others_table(found: Found) -> Table:
    """Return the files that are no rows, counted by fate and reason."""
    counts = Counter((e.fate.value if e.fate else "", e.reason) for e in found.others)
    rows = tuple((text(fate_key(fate)), why, n) for (fate, why), n in counts.most_common(20))
    columns = (text("index.column_fate"), text("index.column_reason"), text("index.column_files"))
    return Table(columns, rows, text("index.caption_others"), unit="count")


def fate_key(fate: str) -> str:
    """Return the catalogue's key of a fate's name."""
    return "index.fate_" + Fate(fate).name.lower()


def _split_order(part: str) -> tuple[int, str]:
    return (SPLITS.index(part) if part in SPLITS else len(SPLITS), part)
