"""Samples of a data set in another program's form become rows: what is said of each, as cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tamiz.core.language import text
from tamiz.core.recipe import DataOptions
from tamiz.data.label_sets import JOINT
from tamiz.data.report import Finding, Severity
from tamiz.inputs.cells import Cells
from tamiz.inputs.joining import Joined
from tamiz.inputs.names import compiled, part_of_name
from tamiz.inputs.registry import Columns, MissingRow
from tamiz.inputs.roles import choose_roles
from tamiz.inputs.several_labels import has_several_labels
from tamiz.inputs.table_rows import TableRows, columns_of_rows
from tamiz.inputs.tree import Tree

# What the kinds of input honour whose rows are made here.
HONOURED: Final = frozenset(
    {
        "path", "label", "group", "centre", "split", "label_columns", "label_separator",
        "label_from_name", "group_from_name",
    }
)  # fmt: skip
_PLACE, _SPLIT = "(image)", "(split)"  # no format allows such a name by chance
_SHOWN: Final = 20


@dataclass(slots=True)
class Gathered:
    """What shards say of their samples, row by row; see `Samples` for the lists."""

    places: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    splits: list[str | None] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)

    def add_cells(self, said: Mapping[str, list[str]], n: int) -> None:
        """Add the cells of n more rows; a column that not all shards have is empty in the rest."""
        before = len(self.places)
        for name in said.keys() - self.cells.keys():
            self.cells[name] = [""] * before
        for name, values in self.cells.items():
            values.extend(said.get(name, [""] * n))


@dataclass(frozen=True, slots=True)
class Samples:
    """What a data set says of each of its images, all lists equally long.

    Attributes:
        places: where each image lies, relative to the top of the tree; None: it is not there.
        names: what each was called before it came into its archive; patterns are looked for here.
        cells: column -> what it says of each, as text; '' says nothing.
        label: the column that the data set itself calls the label; None: to be guessed.
        has_sets: whether the cells of that column are sets of labels, joined by '|'.
        splits: the part that the data set puts each into, in its own word; None: in none.
        where: the data set, for messages.
        missing: the samples that are not there, by their number from 1.
    """

    places: Sequence[str | None]
    names: Sequence[str]
    cells: Mapping[str, list[str]]
    label: str | None
    has_sets: bool
    splits: Sequence[str | None]
    where: str
    missing: tuple[MissingRow, ...] = ()


def columns_of_samples(
    samples: Samples, tree: Tree, options: DataOptions
) -> tuple[Columns, list[Finding]]:
    """Return the columns of the manifest, and what was guessed.

    Raises:
        WrongUse: an option names a column that is not there.
        WrongData: labels cannot be understood.
    """
    asked, split_words = _asked(samples, options), [part or "" for part in samples.splits]
    columns = {_PLACE: [place or "" for place in samples.places], **samples.cells}
    if any(split_words) and asked.split is None:
        columns[_SPLIT], asked = split_words, replace(asked, split=_SPLIT)
    cells = Cells(columns, range(1, len(samples.places) + 1))
    roles, findings = choose_roles(cells, asked, samples.where)
    if options.label_columns or options.label_from_name is not None:
        roles = replace(roles, label=None)
    joined = Joined(tree, list(samples.places), samples.missing)
    rows = TableRows(joined, cells, roles, samples.where, keeps_lost=bool(samples.missing))
    made, told = columns_of_rows(rows, asked)
    made.free.pop(_PLACE, None)
    name_by_path = {
        tree.path_of(place): name
        for place, name in zip(samples.places, samples.names, strict=True)
        if place is not None
    }
    names = [name_by_path.get(path, path) for path in made.path]
    return made, [*findings, *told, *_by_names(made, names, options)]


def _asked(samples: Samples, options: DataOptions) -> DataOptions:
    """Return the options with what the data set itself says filled in."""
    is_said = options.label_columns or options.label_from_name is not None
    made = replace(options, path=_PLACE)
    if samples.label is None or is_said or options.label not in {None, samples.label}:
        return made
    made = replace(made, label=samples.label)
    if samples.has_sets and not has_several_labels(options):
        made = replace(made, label_separator=JOINT)
    return made


def _by_names(columns: Columns, names: Sequence[str], options: DataOptions) -> list[Finding]:
    """Fill labels and groups from the images' names, where expressions say how; tell the misses."""
    made: list[Finding] = []
    for role in ("label", "group"):
        option = f"{role}_from_name"
        pattern = compiled(getattr(options, option), option)
        if pattern is None:
            continue
        values = [part_of_name(pattern, name) for name in names]
        setattr(columns, role, values)
        lost = [name for name, value in zip(names, values, strict=True) if value is None]
        if lost:
            what = text(
                f"inputs.no_match_{role}", n=len(lost), total=len(names), pattern=pattern.pattern
            )
            made.append(Finding(Severity.WARNING, what, items=tuple(lost[:_SHOWN])))
    return made
