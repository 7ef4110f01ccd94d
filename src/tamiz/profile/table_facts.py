"""A table as it came, and what is counted in it once, for all sections and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tamiz.data.label_sets import NO_LABEL
from tamiz.profile.association import Association, associate, with_holm
from tamiz.profile.table_cells import text_series
from tamiz.profile.table_classes import FEW_VALUES
from tamiz.profile.variables import Variable, describe

if TYPE_CHECKING:
    import polars as pl

_NEARLY_ALL: Final = 0.9
_MOST_REPEATED: Final = 1_000
_MOST_LABELS_TESTED: Final = 200


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table and what its columns are used for.

    Attributes:
        columns: name -> cells as text, all equally long.
        where: the file's name.
        label: the column of labels, None where there is none; likewise the others.
        group: the column of patients or the like.
        centre: the column of centres.
        path: the column that names each row's file.
        split: the column of the given split.
        lines: the line on which each row stands; empty: row i on line i + 2.
        corrections: column -> class, as the user says; see `variables.describe`.
        unnamed: columns that have no name in the file (they were given one).
        paths: each row's file where it is made from several columns; empty: those of `path`.
        joint: what stands between the labels of one cell; None where a cell holds one label.
        seed: of the permutations.
    """

    columns: Mapping[str, Sequence[str]]
    where: str
    label: str | None = None
    group: str | None = None
    centre: str | None = None
    path: str | None = None
    split: str | None = None
    lines: Sequence[int] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    paths: Sequence[str] = ()
    joint: str | None = None
    seed: int = 0

    @property
    def roles(self) -> dict[str, str]:
        """Return column -> role of the columns in use."""
        of_role = {
            "path": self.path,
            "group": self.group,
            "label": self.label,
            "centre": self.centre,
            "split": self.split,
        }
        return {name: role for role, name in of_role.items() if name is not None}

    def line_of(self, row: int) -> int:
        """Return the line on which a row stands."""
        return int(self.lines[row]) if len(self.lines) else row + 2


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something that stands on more than one row.

    Attributes:
        value: what is repeated; '' for whole rows.
        rows: all rows with it, in order.
        labels: the different labels of these rows.
    """

    value: str
    rows: tuple[int, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How often a label stands there: in how many rows, in how many groups (0 without groups)."""

    label: str
    n: int
    n_groups: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What is counted in a table.

    Attributes:
        facts: the table.
        n_rows: its rows.
        variables: its columns.
        labels: the most frequent first, combinations where a cell holds several; rows without a
            label are not among them.
        n_unlabelled: rows without a label; 0 where there is no label column.
        equal_rows: sets of rows equal in every column (at most 1,000 sets).
        n_repeated_rows: rows that repeat an earlier one.
        twice_named: files that stand on several rows (at most 1,000).
        n_twice_named: how many files stand on several rows.
        repeated_ids: column -> values that repeat in a column that else has each once.
        n_groups: groups; 0 where there is no group column.
        groups_by_size: rows in a group -> number of such groups, by size.
        mixed_groups: groups with more than one label.
        associations: of the label with each column of few values, the strongest first.
    """

    facts: TableFacts
    n_rows: int
    variables: tuple[Variable, ...]
    labels: tuple[LabelCounts, ...]
    n_unlabelled: int
    equal_rows: tuple[Repeated, ...]
    n_repeated_rows: int
    twice_named: tuple[Repeated, ...]
    n_twice_named: int
    repeated_ids: Mapping[str, tuple[Repeated, ...]]
    n_groups: int
    groups_by_size: Mapping[int, int]
    mixed_groups: tuple[Repeated, ...]
    associations: tuple[Association, ...]

    def variable(self, name: str) -> Variable:
        """Return the column called `name`."""
        return next(one for one in self.variables if one.name == name)

    def rows_by_label(self) -> dict[str, int]:
        """Return label -> rows with it, the most frequent first; each label of a combination."""
        joint = self.facts.joint
        if joint is None:
            return {one.label: one.n for one in self.labels}
        counts: Counter[str] = Counter()
        for one in self.labels:
            for label in () if one.label == NO_LABEL else one.label.split(joint):
                counts[label] += one.n
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def shortened(words: str, longest: int = 40) -> str:
    """Return the words on one line, cut in the middle where they are longer."""
    line = " ".join(words.split())
    if len(line) <= longest:
        return line
    head = (longest - 1) * 2 // 3
    return f"{line[:head]}…{line[len(line) - (longest - 1 - head) :]}"


def examine(facts: TableFacts) -> Examined:
    """Return what is counted in the table.

    Raises:
        WrongUse: a correction names no column or no class.
    """
    variables = describe(facts.columns, corrections=facts.corrections, roles=facts.roles)
    n_rows = max((len(cells) for cells in facts.columns.values()), default=0)
    labels = _column(facts, facts.label)
    groups = _column(facts, facts.group)
    equal, n_repeated = _equal_rows(facts, n_rows)
    twice, n_twice = _repeated(facts.paths or _column(facts, facts.path), labels)
    by_size, mixed = _groups(groups, labels)
    return Examined(
        facts=facts,
        n_rows=n_rows,
        variables=variables,
        labels=_label_counts(labels, groups),
        n_unlabelled=sum(1 for label in labels if not label.strip()),
        equal_rows=equal,
        n_repeated_rows=n_repeated,
        twice_named=twice,
        n_twice_named=n_twice,
        repeated_ids=_repeated_ids(facts, variables, labels),
        n_groups=sum(by_size.values()),
        groups_by_size=by_size,
        mixed_groups=mixed,
        associations=_associations(facts, variables),
    )


def _column(facts: TableFacts, name: str | None) -> Sequence[str]:
    return () if name is None else facts.columns[name]


def _label_counts(labels: Sequence[str], groups: Sequence[str]) -> tuple[LabelCounts, ...]:
    """Return the labels with their rows and groups; a row without a group counts as one."""
    import polars as pl

    if not len(labels):
        return ()
    label = text_series(labels, "label").fill_null("").str.strip_chars()
    table = label.to_frame().with_columns(_group_keys(groups, len(labels)))
    counted = (
        table.filter(pl.col("label") != "")
        .group_by("label")
        .agg(pl.len().alias("n"), pl.col("group").n_unique().alias("n_groups"))
        .sort(["n", "label"], descending=[True, False])
    )
    return tuple(
        LabelCounts(name, n, n_groups if len(groups) else 0)
        for name, n, n_groups in counted.iter_rows()
    )


def _group_keys(groups: Sequence[str], n: int) -> pl.Series:
    """Return a series 'group' in which a row without a group stands alone."""
    import polars as pl

    given = text_series(groups if len(groups) else [""] * n, "given").fill_null("")
    table = given.str.strip_chars().to_frame().with_row_index("row")
    alone = "row " + pl.col("row").cast(pl.String)
    key = pl.when(pl.col("given") == "").then(alone).otherwise("group " + pl.col("given"))
    return table.select(key.alias("group"))["group"]


def _equal_rows(facts: TableFacts, n_rows: int) -> tuple[tuple[Repeated, ...], int]:
    """Return the sets of rows that are equal in every column, and how many rows repeat."""
    import polars as pl

    if n_rows < 2:
        return (), 0
    every = [text_series(cells, f"c{i}") for i, cells in enumerate(facts.columns.values())]
    table = pl.DataFrame(every)
    is_repeated = table.is_duplicated()
    if not is_repeated.any():
        return (), 0
    names = table.columns
    sets = (
        table.with_row_index("row")
        .filter(is_repeated)
        .group_by(names, maintain_order=True)
        .agg(pl.col("row"))["row"]
        .to_list()
    )
    n_repeated = sum(len(rows) - 1 for rows in sets)
    return tuple(Repeated("", tuple(rows)) for rows in sets[:_MOST_REPEATED]), n_repeated


def _repeated(cells: Sequence[str], labels: Sequence[str]) -> tuple[tuple[Repeated, ...], int]:
    """Return the values that stand on several rows, with these rows and their labels."""
    import polars as pl

    if not len(cells):
        return (), 0
    table = text_series(cells, "value").fill_null("").str.strip_chars().to_frame()
    table = table.with_columns(_labels_or_blanks(labels, len(cells))).with_row_index("row")
    sets = (
        table.filter((pl.col("value") != "") & pl.col("value").is_duplicated())
        .group_by("value", maintain_order=True)
        .agg(pl.col("row"), pl.col("label").unique(maintain_order=True))
    )
    made = tuple(
        Repeated(value, tuple(rows), tuple(label for label in found if label))
        for value, rows, found in sets.head(_MOST_REPEATED).iter_rows()
    )
    return made, sets.height


def _labels_or_blanks(labels: Sequence[str], n: int) -> pl.Series:
    given = text_series(labels if len(labels) else [""] * n, "label")
    return given.fill_null("").str.strip_chars()


def _groups(
    groups: Sequence[str], labels: Sequence[str]
) -> tuple[dict[int, int], tuple[Repeated, ...]]:
    """Return rows in a group -> number of groups, and the groups with more than one label."""
    import polars as pl

    if not len(groups):
        return {}, ()
    keys = _group_keys(groups, len(groups))
    table = pl.DataFrame([keys, _labels_or_blanks(labels, len(groups))]).with_row_index("row")
    sizes = table.group_by("group").len("n").group_by("n").len("groups").sort("n")
    is_labelled = table.filter(pl.col("label") != "")
    mixed = (
        is_labelled.filter(pl.col("label").n_unique().over("group") > 1)
        .group_by("group", maintain_order=True)
        .agg(pl.col("row"), pl.col("label").unique(maintain_order=True))
    )
    made = tuple(
        Repeated(name.removeprefix("group "), tuple(rows), tuple(found))
        for name, rows, found in mixed.iter_rows()
    )
    return dict(sizes.iter_rows()), made


def _repeated_ids(
    facts: TableFacts, variables: Sequence[Variable], labels: Sequence[str]
) -> dict[str, tuple[Repeated, ...]]:
    """Return the values that repeat in columns of ids that else hold each value once.

    The column of groups repeats by its nature, and the column of files is told apart.
    """
    made = {}
    for one in variables:
        is_near = one.n_present > one.n_unique >= _NEARLY_ALL * one.n_present
        if one.is_identifier and is_near and facts.roles.get(one.name) not in {"path", "group"}:
            made[one.name] = _repeated(facts.columns[one.name], labels)[0]
    return made


def _associations(facts: TableFacts, variables: Sequence[Variable]) -> tuple[Association, ...]:
    """Return the test of the label with every column of few values, the strongest first."""
    if facts.label is None:
        return ()
    labels = facts.columns[facts.label]
    n_labels = next(one.n_unique for one in variables if one.name == facts.label)
    if not 2 <= n_labels <= _MOST_LABELS_TESTED:
        return ()
    groups = None if facts.group is None else facts.columns[facts.group]
    found = [
        associate(labels, facts.columns[one.name], groups, name=one.name, seed=facts.seed)
        for one in variables
        if one.name != facts.label and _is_category(one)
    ]
    return with_holm(found)


def _is_category(one: Variable) -> bool:
    """Return whether a column has 2 to 30 values that come again, and is no id and no measure."""
    is_kind = not one.is_identifier and one.kind != "continuous"
    return is_kind and 2 <= one.n_unique <= FEW_VALUES and one.n_present >= 3 * one.n_unique
