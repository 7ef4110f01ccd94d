"""Which rows take part in a cross-validation, and in which fold each is held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.language import say, text
from tamiz.core.recipe import ModelOptions, SplitOptions
from tamiz.data.manifest import Manifest
from tamiz.data.parquet import read_table, write_table
from tamiz.data.report import Block, Cell, Finding, Report, Section, Severity, Table
from tamiz.data.run_folder import Run
from tamiz.models.registry import MODELS
from tamiz.splits.folds import Folds, absent_classes, carve_validation, fold_seed, make_folds
from tamiz.splits.given import part_named
from tamiz.stages.assigning import Assignment, Kin, assign, tied_groups

HELD_OUT: Final = "held out"
FOLDS_FILE: Final = "folds.parquet"
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Folding:
    """The folds of a run, as `split` made them.

    Attributes:
        items: ids of the rows that take part.
        unions: what each must stay together with (its group, identical and near-identical ones).
        folds: repeat -> in which fold each row is held out, from 1.
        names: repeat -> names of its folds.
    """

    items: tuple[str, ...]
    unions: tuple[str, ...]
    folds: tuple[tuple[int, ...], ...]
    names: tuple[tuple[str, ...], ...]

    @property
    def n_repeats(self) -> int:
        """Return how often every row is held out."""
        return len(self.folds)

    def parts(self, manifest: Manifest, repeat: int, fold: int, options: SplitOptions) -> Manifest:
        """Return the rows that take part, their split 'train', 'val' or 'held out' in this fold.

        Args:
            manifest: of the run.
            repeat: from 1.
            fold: from 1.
            options: say how large the part is that the epoch is chosen on, and the seed.
        """
        place = {item: at for at, item in enumerate(manifest.column("item"))}
        rows = manifest.take([place[item] for item in self.items])
        numbers = self.folds[repeat - 1]
        at = [position for position, number in enumerate(numbers) if number != fold]
        labels = _label_sets(rows)
        is_val = carve_validation(
            [self.unions[position] for position in at],
            [labels[position] for position in at],
            options.val_fraction,
            fold_seed(options.seed, repeat, "val", fold),
        )
        parts = [HELD_OUT] * len(rows)
        for position, chosen in zip(at, is_val, strict=True):
            parts[position] = "val" if chosen else "train"
        return rows.with_columns({"split": parts})


def has_folds(options: SplitOptions) -> bool:
    """Return whether the recipe asks for a cross-validation."""
    return options.folds > 0 or options.fold_rule == "centre"


def refuse_folds(options: SplitOptions) -> None:
    """Raise `WrongUse` where a single validation part is needed and the recipe asks for folds."""
    if has_folds(options):
        raise WrongUse.of("folds.no_single_val", where="split.folds")


def refuse_folds_of_slides(model: ModelOptions, options: SplitOptions) -> None:
    """Raise where a model that reads slides is to be trained in folds.

    Raises:
        WrongUse: always then, and where there is no such model.
    """
    if has_folds(options) and MODELS.get(model.name).reads == "slides":
        raise WrongUse.of("folds.slides", where="split.folds", model=model.name)


def assign_folds(usable: Manifest, options: SplitOptions, kin: Kin = ()) -> Assignment:
    """Return 'test' for the rows of a given test part, 'train' for all that is in the folds.

    A test part that came with the data stays sealed; none is drawn where there is none, because
    every row is held out once.

    Raises:
        WrongData: the given split cannot be understood.
    """
    named = {part_named(word) for word in usable.column("given_split")}
    if options.given != "ignore" and "test" in named:
        given = assign(usable, options, kin)
        is_test = [part == "test" for part in given.parts]
        return Assignment(
            parts=_sealed(given.parts),
            reasons=[
                why if sealed else say("folds.reason")
                for sealed, why in zip(is_test, given.reasons, strict=True)
            ],
            how=text("folds.how_given", n_test=sum(is_test), n=len(is_test) - sum(is_test)),
            is_given=True,
            notes=given.notes,
            tied=given.tied,
            mended_from=None if given.mended_from is None else _sealed(given.mended_from),
        )
    if options.given in {"respect", "mend"} and not named & {"train", "val"}:
        raise WrongData.of("split.no_given")
    notes = [] if named <= {None} else [_note("folds.given_unused")]
    return Assignment(
        parts=["train"] * len(usable),
        reasons=[say("folds.reason")] * len(usable),
        how=text("folds.how_drawn", n=len(usable)),
        is_given=False,
        notes=tuple(notes),
    )


def _sealed(parts: Sequence[str]) -> list[str]:
    """Return 'test' for what is sealed, 'train' for all that is in the folds."""
    return ["test" if part == "test" else "train" for part in parts]


def draw_folds(
    pool: Manifest, options: SplitOptions, kin: Kin = ()
) -> tuple[Folding, list[Finding]]:
    """Return the folds of the rows that take part, and what the reader should know about them.

    Args:
        pool: the rows, all with a label.
        options: the recipe's section `split`.
        kin: sets of rows (positions in `pool`) that show nearly the same picture.

    Raises:
        WrongUse: fewer than two folds are asked for.
        WrongData: more folds than groups, a class in one fold only, or a row without centre.
    """
    unions = tied_groups(pool, kin)
    labels = _label_sets(pool)
    made: list[Folds] = []
    findings: list[Finding] = []
    for repeat in range(1, options.repeats + 1):
        seed = fold_seed(options.seed, repeat)
        folds = make_folds(unions, labels, options.folds, seed, _centres(pool, options))
        made.append(folds)
        findings += _absences(labels, folds, repeat, options.repeats)
    findings += [_warn("folds.united", names=names) for names in made[0].united]
    folding = Folding(
        items=tuple(pool.column("item")),
        unions=tuple(unions),
        folds=tuple(one.fold for one in made),
        names=tuple(one.names for one in made),
    )
    return folding, findings


def folds_table(pool: Manifest, folding: Folding) -> Table:
    """Return images and groups of every fold of the first repeat, by class where they are few."""
    groups = pool.group_keys()
    classes = pool.classes()
    shown = classes if len(classes) <= _MOST_NAMED else []
    labels = _label_sets(pool)
    rows: list[tuple[Cell, ...]] = []
    for number, name in enumerate(folding.names[0], start=1):
        at = [place for place, fold in enumerate(folding.folds[0]) if fold == number]
        counts = [sum(label in labels[place] for place in at) for label in shown]
        rows.append((name, len(at), len({groups[place] for place in at}), *counts))
    columns = (text("folds.column_fold"), text("folds.column_images"), text("folds.column_groups"))
    return Table((*columns, *shown), tuple(rows), text("folds.caption"), unit="count")


def with_folds(made: Report, pool: Manifest, folding: Folding) -> Report:
    """Return the report of `split` with the folds in place of train, val and test.

    The table of parts stays where a test part is sealed: there it says what lies in it.
    """
    table = folds_table(pool, folding)
    title = text("folds.title", n=len(folding.names[0]), repeats=folding.n_repeats)
    has_test = made.values["split"]["test"]["items"] > 0
    own = () if has_test else _without_tables(made.sections)
    section = Section("folds", title, (table, *own))
    sections = (*made.sections, section) if has_test else (section,)
    summary = (table, *(block for block in made.summary if not isinstance(block, Table)))
    facts = [
        {"name": str(name), "items": n, "groups": n_groups} for name, n, n_groups, *_ in table.rows
    ]
    values = {**made.values, "folds": {"repeats": folding.n_repeats, "folds": facts}}
    return replace(made, sections=sections, summary=summary, values=values)


def _without_tables(sections: Sequence[Section]) -> tuple[Block, ...]:
    blocks = (block for section in sections for block in section.blocks)
    return tuple(block for block in blocks if not isinstance(block, Table))


def save_folds(folding: Folding | None, run: Run) -> None:
    """Write folds.parquet into the run, or take away the one of an earlier split."""
    path = run.folder / FOLDS_FILE
    if folding is None:
        path.unlink(missing_ok=True)
        return
    columns: dict[str, list[object]] = {"item": [*folding.items], "union": [*folding.unions]}
    for number, (fold, names) in enumerate(zip(folding.folds, folding.names, strict=True), start=1):
        columns[f"fold_{number}"] = [*fold]
        columns[f"name_{number}"] = [names[one - 1] for one in fold]
    write_table(pl.DataFrame(columns), path)


def load_folds(run: Run) -> Folding:
    """Return the folds that `split` wrote.

    Raises:
        WrongData: the file is missing or damaged.
    """
    table, _ = read_table(run.folder / FOLDS_FILE)
    n_repeats = (table.width - 2) // 2
    folds, names = [], []
    for number in range(1, n_repeats + 1):
        pairs = table.select(f"fold_{number}", f"name_{number}").unique().sort(f"fold_{number}")
        names.append(tuple(pairs[f"name_{number}"].to_list()))
        folds.append(tuple(table[f"fold_{number}"].to_list()))
    return Folding(
        tuple(table["item"].to_list()), tuple(table["union"].to_list()), tuple(folds), tuple(names)
    )


def _centres(pool: Manifest, options: SplitOptions) -> list[str | None] | None:
    if options.fold_rule != "centre":
        return None
    if "centre" not in pool.column_names:
        return [None] * len(pool)
    return pool.column("centre")


def _label_sets(rows: Manifest) -> list[tuple[str, ...]]:
    """Return the labels of each row; all rows here have been labelled."""
    return [found or () for found in rows.label_sets()]


def _absences(
    labels: Sequence[Sequence[str]], folds: Folds, repeat: int, n_repeats: int
) -> list[Finding]:
    """Return a warning for each class that some folds do not test."""
    return [
        _warn(
            "folds.absent" if n_repeats == 1 else "folds.absent_in_repeat",
            label=label,
            n=len(names),
            total=len(folds.names),
            names=", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else ""),
            **({} if n_repeats == 1 else {"repeat": repeat}),
        )
        for label, names in absent_classes(labels, folds).items()
    ]


def _note(key: str, **values: object) -> Finding:
    return Finding(severity=Severity.NOTE, what=text(key, **values))


def _warn(key: str, **values: object) -> Finding:
    return Finding(severity=Severity.WARNING, what=text(key, **values))
