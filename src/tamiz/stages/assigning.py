"""Which part each usable row gets: the given split, completed or mended, or an own one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tamiz.core.errors import WrongData
from tamiz.core.language import Text, say, text
from tamiz.core.recipe import SplitOptions
from tamiz.data.coded import Coded
from tamiz.data.ledger import Fate
from tamiz.data.manifest import TIED, Manifest
from tamiz.data.report import Finding, Severity
from tamiz.splits.audit import CONTENT_COLUMN
from tamiz.splits.given import complete_given, part_named
from tamiz.splits.grouped import grouped, part_of_units
from tamiz.splits.registry import SPLITS
from tamiz.splits.tying import mend, tie_codes
from tamiz.splits.units import Units
from tamiz.stages.deciding import GIVEN_LABEL

Kin = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which part each usable row gets, why, and what the reader should know about it.

    Attributes:
        parts: of each row.
        reasons: likewise.
        how: the rows were divided, in words.
        is_given: whether the division came with the data.
        notes: what the reader should know.
        tied: the union of each row; None where nobody asked for it yet.
        mended_from: the part of each row before the given split was mended; None where it was not.
    """

    parts: Sequence[str]
    reasons: Sequence[str]
    how: Text
    is_given: bool
    notes: tuple[Finding, ...] = ()
    tied: Coded | None = field(default=None, compare=False)
    mended_from: Sequence[str] | None = None


def assign(usable: Manifest, options: SplitOptions, kin: Kin = ()) -> Assignment:
    """Return the given split, completed or mended, or an own one, as options and data say.

    Args:
        usable: the rows that may be used, all with a label.
        options: the recipe's section `split`.
        kin: sets of rows (positions in `usable`) that show nearly the same picture.

    Raises:
        WrongData: no split is possible, or the given one cannot be understood.
    """
    tied = _tied(usable, kin)
    words = usable.coded("given_split")
    part_of: dict[str | None, str | None] = {word: part_named(word) for word in words.names}
    unknown = [word for word, part in part_of.items() if word and part is None]
    named = sorted({part for part in part_of.values() if part is not None})
    notes: list[Finding] = []
    if options.given == "ignore":
        if named:
            notes.append(_note("split.given_ignored"))
        return _drawn(usable, tied, options, notes)
    if options.given in {"respect", "mend"} and not named and not unknown:
        raise WrongData.of("split.no_given")
    if unknown:
        names = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
        if named or options.given in {"respect", "mend"}:
            raise WrongData.of("split.unknown_given", names=names, details=tuple(unknown))
        notes.append(_note("split.given_unknown", names=names))
        return _drawn(usable, tied, options, notes)
    if not named:
        return _drawn(usable, tied, options, notes)
    given = [None if word is None else part_of[word] for word in words.words()]
    if len(named) == 1 and None not in given:
        notes.append(_note("split.given_one_part", part=named[0]))
        return _drawn(usable, tied, options, notes)
    return _given(usable, given, tied, options)


def without_split(manifest: Manifest) -> Manifest:
    """Return the manifest as it was before any split; rows without a label get their fate."""
    decided = (Fate.TRAIN.value, Fate.VAL.value, Fate.TEST.value)
    names = ("fate", "reason", "label")
    table = pl.DataFrame({name: manifest.series(name) for name in names})
    is_open = pl.col("fate").is_null() | pl.col("fate").is_in(decided)
    is_bare = is_open & pl.col("label").is_null()
    made = table.select(
        pl.when(is_bare).then(pl.lit(word)).when(~is_open).then(pl.col(name)).alias(name)
        for name, word in (
            ("fate", Fate.UNLABELLED.value),
            ("reason", say("split.reason_unlabelled")),
        )
    )
    nothing = pl.Series("split", [None], dtype=pl.String).new_from_index(0, len(manifest))
    return manifest.with_columns({"split": nothing, "fate": made["fate"], "reason": made["reason"]})


def _given(
    usable: Manifest, given: list[str | None], tied: Coded, options: SplitOptions
) -> Assignment:
    unions = _names_of(tied)
    completed = complete_given(
        given,
        unions,
        usable.column("label"),
        SPLITS.get(rule_for(usable, options)),
        fractions=(options.test_fraction, options.val_fraction),
        seed=options.seed,
        is_multilabel=usable.is_multilabel,
    )
    rule = rule_for(usable, options)
    carved = say("split.reason_carved", rule=rule, seed=options.seed)
    reasons = [carved if drawn else say("split.reason_given") for drawn in completed.is_drawn]
    n_open = given.count(None)
    how = text("split.how_given")
    parts = completed.parts
    if options.given == "mend":
        parts = mend(completed.parts, unions)
        moved = [old != new for old, new in zip(completed.parts, parts, strict=True)]
        reasons = [
            say("split.reason_mended", part=old) if is_moved else why
            for old, is_moved, why in zip(completed.parts, moved, reasons, strict=True)
        ]
        how = text("split.how_mended", n=sum(moved), total=len(parts))
    elif completed.carved:
        how = text(
            "split.how_completed",
            carved=" + ".join(completed.carved),
            rule=rule,
            seed=options.seed,
        )
    return Assignment(
        parts=parts,
        reasons=reasons,
        how=how,
        is_given=True,
        notes=(_note("split.given_partial", n=n_open),) if n_open else (),
        tied=tied,
        mended_from=completed.parts if options.given == "mend" else None,
    )


def _drawn(
    usable: Manifest, tied: Coded, options: SplitOptions, notes: list[Finding]
) -> Assignment:
    groups = usable.group_codes().codes
    n_tied = len(np.unique(groups[groups != tied.codes]))
    rule = rule_for(usable, options)
    parts = _parts(usable, tied, options)
    values = {"rule": rule, "seed": options.seed}
    is_iterative = rule == "iterative"
    how = "multilabel.rule" if is_iterative and usable.is_multilabel else "split.how_drawn"
    return Assignment(
        parts=parts,
        reasons=[say("split.reason_drawn", **values)] * len(usable),
        how=text(how, **values),
        is_given=False,
        notes=(*notes, *([_note("split.tied", n=n_tied)] if n_tied else [])),
        tied=tied,
    )


def _parts(usable: Manifest, tied: Coded, options: SplitOptions) -> list[str]:
    """Return the part of each row, as the rule says; the usual rule needs no list of names."""
    rule = SPLITS.get(rule_for(usable, options))
    if rule is grouped:
        units = Units.of(tied, usable.coded("label"))
        given = _given_labels(usable)
        drawn_by, mended = (units, None) if given is None else (Units.of(tied, given), units)
        fractions = options.test_fraction, options.val_fraction
        part_of = part_of_units(drawn_by, fractions, options.seed, mended)
        return [part_of[unit] for unit in units.of_row.tolist()]
    return rule(
        _names_of(tied),
        usable.column("label"),
        test_fraction=options.test_fraction,
        val_fraction=options.val_fraction,
        seed=options.seed,
    )


def _given_labels(usable: Manifest) -> Coded | None:
    """Return the labels as the source gave them, where a person changed some; else None.

    An image without one then has the label that the person gave.
    """
    if GIVEN_LABEL not in usable.column_names:
        return None
    given, label = usable.series(GIVEN_LABEL), usable.series("label")
    both = given.zip_with(given.is_not_null(), label)
    return None if (both == label).all() else Coded.of_series(both)


def rule_for(usable: Manifest, options: SplitOptions) -> str:
    """Return the rule's name; the usual one makes way where images have several labels."""
    return "iterative" if usable.is_multilabel and options.rule == "grouped" else options.rule


def tied_groups(usable: Manifest, kin: Kin = ()) -> list[str]:
    """Return the union that each row belongs to: its group, identical and near-identical ones."""
    return _names_of(_tied(usable, kin))


def nearest_valid(usable: Manifest, assignment: Assignment, kin: Kin) -> list[str]:
    """Return the part of each row in the valid split that moves the fewest of these rows."""
    return mend(assignment.parts, _names_of(assignment.tied or _tied(usable, kin)))


def tied_alone(usable: Manifest, kin: Kin, tied: Coded | None = None) -> pl.Series:
    """Return the set of copies of each row that has no group but has copies; null for others.

    Copies tell hardly more than one of them: an interval counts them as one group, as it counts
    the images of a patient.

    Args:
        usable: the rows.
        kin: as for `assign`.
        tied: the union of each row, as the assignment of these very rows holds it.
    """
    nothing = pl.Series(TIED, [None], dtype=pl.String).new_from_index(0, len(usable))
    is_bare = usable.series("group").is_null().to_numpy()
    if not is_bare.any():
        return nothing
    tied = tied or _tied(usable, kin)
    has_copies = np.bincount(tied.codes, minlength=len(tied.names))[tied.codes] > 1
    at = np.flatnonzero(is_bare & has_copies)
    return nothing.scatter(at, tied.series(TIED).gather(at)) if len(at) else nothing


def _tied(usable: Manifest, kin: Kin) -> Coded:
    groups = usable.group_codes()
    rows, contents = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if CONTENT_COLUMN in usable.column_names:
        rows, found = usable.repeated(CONTENT_COLUMN)
        contents = found.codes
    return Coded(tie_codes(groups, rows, contents, kin), groups.names)


def _names_of(tied: Coded) -> list[str]:
    """Return the name of each row's union; every row has one."""
    return [name for name in tied.words() if name is not None]


def _note(key: str, **values: object) -> Finding:
    return Finding(severity=Severity.NOTE, what=text(key, **values))
