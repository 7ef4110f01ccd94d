"""What each column of a table is: stored how, of which class and why, with which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tamiz.core.errors import WrongUse
from tamiz.core.language import Text, text
from tamiz.profile.table_cells import ColumnCells, look_at
from tamiz.profile.table_classes import KINDS, Kind, classify

N_TOP = 10
_TYPE_BY_LOOK: Final = {
    "integer": "number",
    "decimal": "number",
    "padded": "text",
    "hex": "text",
    "word": "text",
    "date": "date",
    "list": "list",
}


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """A column of numbers in figures; quartiles by linear interpolation, sd with n - 1."""

    n: int
    mean: float
    sd: float
    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float
    n_negative: int


@dataclass(frozen=True, slots=True)
class CellType:
    """One type of cell in a column: 'number', 'text', 'date' or 'list', how many, the first."""

    name: str
    n: int
    example: str


@dataclass(frozen=True, slots=True)
class Variable:
    """One column.

    Attributes:
        name: as the table has it.
        storage: 'text', 'integer', 'decimal', 'date', 'yes-no', 'list', 'mixed' or 'empty'.
        kind: 'nominal', 'ordinal', 'discrete' or 'continuous'.
        reason: why it is taken for that.
        is_identifier: whether each value names one thing (a file, a patient); always nominal.
        is_corrected: whether the user said what it is.
        levels: of an ordinal column of words, its values from low to high.
        n: rows.
        n_missing: cells that are empty or blank.
        missing_words: words for nothing ('NA', '?') with their counts, the most frequent first;
            they are not among the empty cells.
        n_unique: different values, empty cells and words for nothing not counted.
        memory_bytes: of the column as Arrow keeps text: its UTF-8 bytes and 8 for each cell.
        top: the ten most frequent values with their counts; equals in order of appearance.
        numbers: of a discrete or continuous column, its figures; None where it has no numbers.
        types: the types of its cells, the most frequent first.
        n_lists: cells that look like a list: '[1, 2]', 'a|b|c'.
        examples: up to three of these lists.
    """

    name: str
    storage: str
    kind: Kind
    reason: Text
    is_identifier: bool
    is_corrected: bool
    levels: tuple[str, ...]
    n: int
    n_missing: int
    missing_words: tuple[tuple[str, int], ...]
    n_unique: int
    memory_bytes: int
    top: tuple[tuple[str, int], ...]
    numbers: NumberSummary | None = None
    types: tuple[CellType, ...] = ()
    n_lists: int = 0
    examples: tuple[str, ...] = field(default=())

    @property
    def n_absent(self) -> int:
        """Return the cells without a value: empty ones and words for nothing."""
        return self.n_missing + sum(n for _, n in self.missing_words)

    @property
    def n_present(self) -> int:
        """Return the cells with a value."""
        return self.n - self.n_absent

    @property
    def is_constant(self) -> bool:
        """Return whether there is one value only, empty cells aside."""
        return self.n_unique == 1 and self.n_present > 1

    @property
    def is_unique(self) -> bool:
        """Return whether no value stands there twice."""
        return self.n_unique == self.n_present > 1

    @property
    def is_mixed(self) -> bool:
        """Return whether its cells are of more than one type."""
        return self.storage == "mixed"

    def share(self, count: int) -> float:
        """Return a count as a share of all rows, 0..1."""
        return count / self.n if self.n else 0.0


def describe(
    columns: Mapping[str, Sequence[str]],
    *,
    corrections: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
) -> tuple[Variable, ...]:
    """Return what each column is, in their order.

    Args:
        columns: name -> its cells as text, all equally long.
        corrections: name -> 'nominal', 'ordinal', 'discrete', 'continuous' or 'identifier', where
            the user knows better.
        roles: name -> 'path', 'group', 'label', 'centre' or 'split'.

    Raises:
        WrongUse: a correction names no column or no class.
    """
    wanted = dict(corrections or {})
    for name, kind in wanted.items():
        if name not in columns:
            raise WrongUse.of(
                "profile.no_such_column", where=name, name=name, columns=", ".join(columns)
            )
        if kind not in (*KINDS, "identifier"):
            raise WrongUse.of(
                "profile.no_such_kind", where=name, name=name, kind=kind, kinds=", ".join(KINDS)
            )
    used = roles or {}
    return tuple(
        _describe_one(name, look_at(cells), wanted.get(name), used.get(name, ""))
        for name, cells in columns.items()
    )


def _describe_one(name: str, cells: ColumnCells, correction: str | None, role: str) -> Variable:
    found = classify(name, cells, role)
    kind, reason, is_identifier = found.kind, found.reason, found.is_identifier
    if correction is not None:
        is_identifier = correction == "identifier"
        kind = next((one for one in KINDS if one == correction), "nominal")
        reason = text("profile.reason_user", otherwise=found.reason)
    storage = found.storage
    if is_identifier and storage in {"integer", "mixed"}:
        storage = "text"  # kept as it is written: no leading zero is lost
    is_quantity = kind in {"discrete", "continuous"} and storage != "date"
    lists = cells.values_with("list", most=3)
    return Variable(
        name=name,
        storage=storage,
        kind=kind,
        reason=reason,
        is_identifier=is_identifier,
        is_corrected=correction is not None,
        levels=found.levels if kind == "ordinal" else (),
        n=cells.n,
        n_missing=cells.n_empty,
        missing_words=_missing_words(cells),
        n_unique=cells.n_unique,
        memory_bytes=cells.text_bytes + 8 * cells.n,
        top=_top(cells),
        numbers=_summary(cells) if is_quantity else None,
        types=_types(cells),
        n_lists=cells.cells_by_look.get("list", 0),
        examples=tuple(lists),
    )


def _missing_words(cells: ColumnCells) -> tuple[tuple[str, int], ...]:
    found = cells.values_with("missing")
    counts = cells.counts[cells.looks == "missing"].tolist()
    pairs = zip((word.strip() for word in found), counts, strict=True)
    made: dict[str, int] = {}
    for word, n in pairs:
        made[word] = made.get(word, 0) + n
    return tuple(sorted(made.items(), key=lambda pair: -pair[1]))


def _top(cells: ColumnCells) -> tuple[tuple[str, int], ...]:
    counts = np.where(cells.is_present, cells.counts, 0)
    order = np.argsort(-counts, kind="stable")[:N_TOP]
    places = [int(place) for place in order if counts[place] > 0]
    values = cells.values.gather(places).to_list()
    return tuple((str(value), int(counts[at])) for value, at in zip(values, places, strict=True))


def _types(cells: ColumnCells) -> tuple[CellType, ...]:
    counts: dict[str, int] = {}
    for look, n in cells.cells_by_look.items():
        kind = _TYPE_BY_LOOK[look]
        counts[kind] = counts.get(kind, 0) + n
    made = []
    for kind, n in sorted(counts.items(), key=lambda pair: -pair[1]):
        looks = [look for look, one in _TYPE_BY_LOOK.items() if one == kind]
        made.append(CellType(kind, n, cells.values_with(*looks, most=1)[0]))
    return tuple(made)


def _summary(cells: ColumnCells) -> NumberSummary | None:
    values, counts = cells.numbers()
    if len(values) == 0:
        return None
    every = np.repeat(values, counts)
    low, lower, median, upper, high = np.percentile(every, [0, 25, 50, 75, 100])
    return NumberSummary(
        n=len(every),
        mean=float(every.mean()),
        sd=float(every.std(ddof=1)) if len(every) > 1 else 0.0,
        minimum=float(low),
        lower_quartile=float(lower),
        median=float(median),
        upper_quartile=float(upper),
        maximum=float(high),
        n_negative=int((every < 0).sum()),
    )
