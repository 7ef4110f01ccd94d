"""Several labels per image: parted by a sign, one per column, or one per row of the table."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import text
from tamiz.core.recipe import DataOptions
from tamiz.data.label_sets import JOINT, NO_LABEL, join_labels, labels_in
from tamiz.data.report import Finding, Severity
from tamiz.inputs.cells import Cells
from tamiz.inputs.registry import Found

_SHOWN: Final = 20
_TAB: Final = frozenset({"tab", "\\t"})
_USUAL_SIGNS: Final = ("|", ";", ",", "/", "+", "&")
_YES: Final = frozenset({"1", "1.0", "true"})  # as tables and pandas write it
_NO: Final = frozenset({"0", "0.0", "false"})


@dataclass(frozen=True, slots=True)
class LabelSets:
    """The labels of each row, and what is to be told of them.

    Attributes:
        joined: of each row its labels as `label_sets.join_labels` writes them; None: unknown.
        findings: what was trimmed, left out, or looks wrong.
    """

    joined: list[str | None]
    findings: tuple[Finding, ...] = ()


def has_several_labels(options: DataOptions) -> bool:
    """Return whether the user says that an image can have several labels."""
    is_parted = options.label_separator is not None or bool(options.label_columns)
    return is_parted or options.repeated == "labels"


def check_ways(options: DataOptions) -> None:
    """Raise where two options say in two ways what the labels are.

    Raises:
        WrongUse: always then; one of the two would be ignored.
    """
    if options.label_separator == "":
        raise WrongUse.of("multilabel.empty_separator", where="data.label_separator")
    elsewhere = {
        "--label-from-name": options.label_from_name,
        "--label-table": options.label_table,
    }
    here = {"--label": options.label, "--label-separator": options.label_separator}
    ways = (
        (bool(options.label_columns), "--label-columns", {**here, **elsewhere}),
        (options.repeated == "labels", "--repeated", elsewhere),
    )
    for is_given, one, others in ways:
        given = [flag for flag, value in others.items() if value is not None]
        if is_given and given:
            raise WrongUse.of("multilabel.two_ways", where="data", one=one, other=given[0])


def with_separated_labels(found: Found, options: DataOptions) -> Found:
    """Return what was found with its labels, names or words of a table, parted by the separator.

    Raises:
        WrongData: see `sets_of_texts`.
    """
    where = str(found.manifest.root)
    sets = sets_of_texts(found.manifest.column("label"), options.label_separator, where)
    manifest = found.manifest.with_columns({"label": sets.joined}).as_multilabel()
    return replace(found, manifest=manifest, findings=(*found.findings, *sets.findings))


def sets_of_rows(
    cells: Cells, label: str | None, names: Sequence[str], options: DataOptions, where: str
) -> LabelSets:
    """Return the labels of each row of a table.

    Args:
        cells: the table.
        label: its column of labels, where there is one.
        names: the file of each row; with `data.repeated` rows of one file have all its labels.
        options: says how labels are written.
        where: the table, for messages.

    Raises:
        WrongData: a cell cannot be understood.
        WrongUse: a column of labels is not there.
    """
    if options.label_columns:
        sets = _sets_of_columns(cells, options.label_columns, where)
    else:
        texts = cells.columns[label] if label is not None else [""] * cells.n_rows
        sets = sets_of_texts(texts, options.label_separator, where)
    return _put_together(sets, names) if options.repeated == "labels" else sets


def sets_of_texts(texts: Sequence[str | None], separator: str | None, where: str = "") -> LabelSets:
    """Return the labels in each text; an empty one is unknown, '-' says that there is none.

    Spaces around labels are taken away; labels that differ in case or spaces only are one, called
    as most of them are. Both are told.

    Args:
        texts: one for each row.
        separator: what stands between labels ('tab' for a tab); None: each text is one label.
        where: for messages.

    Raises:
        WrongData: a label holds '|', which joins labels here, or '-' stands beside labels.
    """
    sign = "\t" if separator in _TAB else separator
    parts = [(words or "").split(sign) if sign else [words or ""] for words in texts]
    name_of, findings = _one_spelling(Counter(part for row in parts for part in row), where)
    n_gaps = 0
    joined: list[str | None] = []
    for row in parts:
        labels = {name_of[part] for part in row if part.strip()}
        n_gaps += len(row) > 1 and any(not part.strip() for part in row)
        if NO_LABEL in labels and len(labels) > 1:
            words = (sign or "").join(row)
            raise WrongData.of("multilabel.sign_among", where=where, words=words)
        joined.append(join_labels(labels - {NO_LABEL}) if labels else None)
    if n_gaps:
        findings.append(Finding(Severity.NOTE, text("multilabel.gaps", n=n_gaps)))
    if sign is not None and all(len(row) == 1 for row in parts):
        findings.append(_never_separated(sign, [row[0] for row in parts]))
    return LabelSets(joined, tuple(findings))


def _one_spelling(counts: Counter[str], where: str) -> tuple[dict[str, str], list[Finding]]:
    """Return the label that each way of writing it stands for, and what was trimmed."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for raw, n in counts.items():
        ways[_folded(raw)][_trimmed(raw)] += n
    best = {
        key: min(found, key=lambda name: (-found[name], name)) for key, found in ways.items() if key
    }
    for name in best.values():
        if JOINT in name:
            raise WrongData.of("multilabel.bar", where=where, label=name)
    name_of = {raw: best[_folded(raw)] for raw in counts if raw.strip()}
    changed = sorted(raw for raw, name in name_of.items() if raw != name)
    if not changed:
        return name_of, []
    differ = any(_trimmed(raw) != name_of[raw] for raw in changed)
    lines = [
        text("multilabel.spelling", raw=raw, n=counts[raw], name=name_of[raw])
        for raw in changed[:_SHOWN]
    ]
    what = text("multilabel.spellings", n=len(changed), first=lines[0])
    severity = Severity.WARNING if differ else Severity.NOTE
    return name_of, [Finding(severity, what, items=tuple(lines))]


def _trimmed(raw: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", raw)).strip()


def _folded(raw: str) -> str:
    return _trimmed(raw).casefold()


def _never_separated(sign: str, texts: Sequence[str]) -> Finding:
    """Return a warning that the separator is nowhere, with the sign that may have been meant.

    `{source}` in its command is filled in by the stage.
    """
    n_with = {one: sum(one in words for words in texts) for one in _USUAL_SIGNS if one != sign}
    other = max(n_with, key=lambda one: n_with[one])
    what = text("multilabel.never_separated", separator=sign)
    if not n_with[other]:
        return Finding(Severity.WARNING, what, text("multilabel.never_separated_advice"))
    advice = text("multilabel.other_separator", other=other, n=n_with[other])
    command = f"tamiz run {{source}} --label-separator '{other}'"
    return Finding(Severity.WARNING, what, advice, command)


def _sets_of_columns(cells: Cells, names: Sequence[str], where: str) -> LabelSets:
    """Return the labels whose column says 1; unknown where all of a row's cells are empty."""
    labels = [_trimmed(name) for name in names]
    _refuse_names(labels, where)
    rows = zip(*(cells.columns[name] for name in names), strict=True)
    joined: list[str | None] = []
    for row, line in zip(rows, cells.lines, strict=True):
        words = [cell.strip().casefold() for cell in row]
        if not any(words):
            joined.append(None)
            continue
        for name, word in zip(names, words, strict=True):
            if word not in _YES | _NO:
                raise WrongData.of(
                    "multilabel.not_a_bit", where=f"{where}:{line}", column=name, words=word[:40]
                )
        pairs = zip(labels, words, strict=True)
        joined.append(join_labels(label for label, word in pairs if word in _YES))
    return LabelSets(joined)


def _refuse_names(labels: Sequence[str], where: str) -> None:
    """Raise where columns' names cannot be labels, or two of them are one."""
    by_folded: dict[str, str] = {}
    for label in labels:
        if JOINT in label or label in {"", NO_LABEL}:
            raise WrongData.of("multilabel.bar", where=where, label=label)
        twin = by_folded.setdefault(_folded(label), label)
        if list(labels).count(label) > 1 or twin != label:
            raise WrongData.of("multilabel.twin_columns", where=where, first=twin, second=label)


def _put_together(sets: LabelSets, names: Sequence[str]) -> LabelSets:
    """Return the rows with all labels that rows of the same file have."""
    labels_of: dict[str, set[str]] = {}
    n_rows = Counter(names)
    for name, joined in zip(names, sets.joined, strict=True):
        if joined is not None:
            labels_of.setdefault(name, set()).update(labels_in(joined))
    made = [join_labels(labels_of[name]) if name in labels_of else None for name in names]
    several = sum(n > 1 for n in n_rows.values())
    if several:
        note = Finding(Severity.NOTE, text("multilabel.put_together", n=several))
    else:
        note = Finding(Severity.WARNING, text("multilabel.never_repeated"))
    return LabelSets(made, (*sets.findings, note))
