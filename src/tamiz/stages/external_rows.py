"""Which images of an external set are measured, and what of them the model has seen already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent
from tamiz.core.language import say, text
from tamiz.core.recipe import DataOptions, Recipe, SplitOptions
from tamiz.data.label_sets import count_labels
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.data.report import Finding, Severity
from tamiz.data.run_folder import Run
from tamiz.inputs.find import find, fitting
from tamiz.splits.audit import CONTENT_COLUMN
from tamiz.stages.check import check
from tamiz.stages.index import index, refuse_missing

OtherClasses = Literal["refuse", "leave-out"]
_SHOWN: Final = 5
# What the run's own files needed and another source does not have.
_OF_THE_RUN: Final = ("root", "split", "label_table", "id", "id_from_name", "decisions")


@dataclass(frozen=True, slots=True)
class ExternalRows:
    """What of the external set is measured.

    Attributes:
        rows: the images to measure; each has a label that the model knows.
        n_found: images in the source, whatever became of them.
        left_out: (reason, images) of those that are not measured.
        findings: what the reader must know of them.
    """

    rows: Manifest
    n_found: int
    left_out: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]


def external_recipe(
    recipe: Recipe, source: str, asked: DataOptions, names: Collection[str]
) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe to read `source` by, and the options of the run that do not suit it.

    Args:
        recipe: the run's own.
        source: the external set.
        asked: options of the section `data` with what the user gave for this set on top.
        names: which options those are.
    """
    usual = DataOptions()
    own = {name: getattr(usual, name) for name in _OF_THE_RUN if name not in names}
    data, fallen = fitting(replace(asked, source=source, **own), names)
    if data.relabel:
        plain = replace(data, relabel={}, missing_files="keep")
        there = set(count_labels(find(plain).manifest.label_sets()))
        wanted = data.relabel if "relabel" in names else {}
        kept = {old: new for old, new in data.relabel.items() if old in there or old in wanted}
        data = replace(data, relabel=kept)
    return replace(recipe, data=data, split=SplitOptions(given="ignore")), fallen


def read_external(recipe: Recipe, place: Run, on_event: OnEvent) -> Manifest:
    """Index and check the source as a run of its own does; return all its rows with their fates.

    Raises:
        WrongData, WrongUse: whatever `index` and `check` refuse.
    """
    index(recipe, place, on_event)
    refuse_missing(recipe, place)
    check(recipe, place, on_event)
    return place.manifest()


def chosen_rows(
    manifest: Manifest, classes: Sequence[str], how: OtherClasses, *, is_multilabel: bool
) -> tuple[Manifest, ExternalRows]:
    """Return all rows with their final fates, and those that are measured.

    Raises:
        WrongData: labels are of another kind than the model's, there are images of classes that
            it does not know (unless `how` says to leave them out), or no image is left.
    """
    if manifest.is_multilabel != is_multilabel:
        kinds = [
            say(f"external.{'several_labels' if one else 'one_label'}")
            for one in (is_multilabel, manifest.is_multilabel)
        ]
        raise WrongData.of("external.other_kind", where=manifest.root, model=kinds[0],
                           found=kinds[1])  # fmt: skip
    known = set(classes)
    strange = [
        sorted(set(labels or ()) - known) if fate is None else []
        for labels, fate in zip(manifest.label_sets(), manifest.column("fate"), strict=True)
    ]
    counts = Counter(label for labels in strange for label in labels)
    n_usable = sum(fate is None for fate in manifest.column("fate"))
    if counts and how == "refuse":
        raise _refused(manifest, counts, n_usable, classes)
    fates, reasons = list(manifest.column("fate")), list(manifest.column("reason"))
    splits: list[str | None] = [None] * len(manifest)
    for row, labels in enumerate(strange):
        if labels:
            fates[row] = Fate.EXCLUDED.value
            reasons[row] = say("external.reason_class", label=labels[0])
        elif fates[row] is None:
            fates[row], splits[row] = Fate.TEST.value, "test"
    whole = manifest.with_columns({"fate": fates, "reason": reasons, "split": splits})
    rows = whole.where(split="test")
    if not len(rows):
        shown = ", ".join(classes[:20])
        raise WrongData.of("external.none_left", where=manifest.root, classes=shown)
    left = Counter(
        str(text(f"index.fate_{Fate(fate).name.lower()}")) for fate in fates if fate != "test"
    )
    found = len(whole) - sum(fate == Fate.MISSING.value for fate in fates)
    findings = (*_of_classes(counts, sum(map(bool, strange))), *_of_absent(rows, classes))
    return whole, ExternalRows(rows, found, tuple(left.most_common()), findings)


def seen_before(rows: Manifest, run: Manifest) -> list[Finding]:
    """Return what of these rows the run's own images hold too: training data grave, test noted."""
    own: dict[bool, set[str]] = {True: set(), False: set()}
    groups: set[str] = set()
    for split, content, group in run.rows("split", CONTENT_COLUMN, "group"):
        if split is None:
            continue
        own[split == "test"].add(content)
        if split != "test" and group is not None:
            groups.add(group)
    contents = rows.column(CONTENT_COLUMN)
    total = len(rows)
    found = []
    same = [at for at, one in enumerate(contents) if one in own[False]]
    if same:
        what = text("external.leak_content", n=len(same), total=total)
        found.append(_stop(what, "external.leak_advice", rows, same))
    known, row_groups = set(same), rows.column("group")
    named = [at for at, one in enumerate(row_groups) if one in groups and at not in known]
    if named:
        n = len({row_groups[at] for at in named})
        what = text("external.leak_groups", n=n, images=len(named), total=total)
        found.append(_stop(what, "external.leak_groups_advice", rows, named))
    tested = [at for at, one in enumerate(contents) if one in own[True] - own[False]]
    if tested:
        what = text("external.also_test", n=len(tested), total=total)
        items = _names(rows, tested)
        found.append(Finding(Severity.WARNING, what, items=items))
    return found


def _stop(what: object, advice: str, rows: Manifest, at: list[int]) -> Finding:
    share = len(at) / len(rows)
    return Finding(Severity.STOP, what, text(advice), items=_names(rows, at), effect=share)  # type: ignore[arg-type]


def _names(rows: Manifest, at: list[int]) -> tuple[str, ...]:
    paths = rows.column("path")
    return tuple(paths[row] for row in at[:20])


def _refused(
    manifest: Manifest, counts: Counter[str], n_usable: int, classes: Sequence[str]
) -> WrongData:
    strange = [name for name, _ in counts.most_common()]
    names = ", ".join(f"{name} ({counts[name]})" for name in strange[:_SHOWN])
    if len(strange) > _SHOWN:
        names += ", …"
    return WrongData.of(
        "external.other_classes",
        where=manifest.root,
        details=tuple(f"{name}: {counts[name]}" for name in strange) if len(strange) > 1 else (),
        n=counts.total(),
        total=n_usable,
        names=names,
        classes=", ".join(classes[:20]),
        first=strange[0],
        known=classes[0],
    )


def _of_classes(counts: Counter[str], n: int) -> list[Finding]:
    if not counts:
        return []
    names = ", ".join(f"{name} ({k})" for name, k in counts.most_common())
    return [Finding(Severity.WARNING, text("external.left_classes", n=n, names=names))]


def _of_absent(rows: Manifest, classes: Sequence[str]) -> list[Finding]:
    there = set(count_labels(rows.label_sets()))
    if len(there) == 1 and not rows.is_multilabel:
        return [Finding(Severity.WARNING, text("external.one_class", label=next(iter(there))))]
    absent = [name for name in classes if name not in there]
    if not absent:
        return []
    shown = ", ".join(absent[:_SHOWN]) + (", …" if len(absent) > _SHOWN else "")
    what = text("external.absent", n=len(absent), k=len(classes), names=shown)
    return [Finding(Severity.WARNING, what)]
