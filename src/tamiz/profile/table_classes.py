"""Which class a column belongs to: a list of rules, the first that fits decides and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.core.parts import fold
from tamiz.profile import table_names as names
from tamiz.profile.table_cells import ColumnCells

Kind = Literal["nominal", "ordinal", "discrete", "continuous"]
KINDS: Final[tuple[Kind, ...]] = ("nominal", "ordinal", "discrete", "continuous")

FEW_VALUES = 30  # a category rather than an id
_MOSTLY = 0.9  # share of cells that decides, where the others are the odd ones
_LEAST_ROWS_FOR_AN_ID = 10
_MOST_RANKS = 12
_YES: Final = frozenset({
    "yes", "y", "true", "t", "si", "s", "verdadero", "v", "positive", "positivo",
})  # fmt: skip
_NO: Final = frozenset({
    "no", "n", "false", "f", "falso", "negative", "negativo",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Class:
    """What a column is taken for; `storage` and the rest as in `variables.Variable`."""

    kind: Kind
    reason: Text
    storage: str
    is_identifier: bool = False
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """What the rules look at."""

    name: str
    cells: ColumnCells
    role: str

    def n(self, *looks: str) -> int:
        """Return the number of cells of these looks."""
        return sum(self.cells.cells_by_look.get(look, 0) for look in looks)

    def is_mostly(self, *looks: str) -> bool:
        """Return whether nearly all cells with a value are of these looks."""
        return self.n(*looks) >= _MOSTLY * max(self.cells.n_present, 1)

    @property
    def is_category(self) -> bool:
        """Return whether few values come again and again."""
        n_unique, n = self.cells.n_unique, self.cells.n_present
        return n_unique <= FEW_VALUES and n >= 3 * n_unique

    @property
    def storage(self) -> str:
        """Return the type that its cells share, 'mixed' where they share none."""
        looks = set(self.cells.cells_by_look)
        for name, of_type in (
            ("empty", set()),
            ("integer", {"integer"}),
            ("decimal", {"integer", "decimal"}),
            ("text", {"word", "hex", "padded"}),
            ("date", {"date"}),
            ("list", {"list"}),
        ):
            if looks <= of_type:
                return name
        return "mixed"


_Rule = Callable[[_Column], Class | None]


def classify(name: str, cells: ColumnCells, role: str = "") -> Class:
    """Return the class of a column, with the reason in words.

    `role`: 'path', 'group', 'label', 'centre', 'split' or '' for none.
    """
    column = _Column(name, cells, role)
    for rule in _RULES:
        found = rule(column)
        if found is not None:
            return found
    return _words(column)


def _nothing(column: _Column) -> Class | None:
    if column.cells.n_present:
        return None
    return Class("nominal", text("profile.reason_empty"), "empty")


def _by_role(column: _Column) -> Class | None:
    if column.role in {"path", "group"}:
        reason = text(f"profile.reason_{column.role}")
        return Class("nominal", reason, "text", is_identifier=True)
    if column.role in {"centre", "split"}:
        return Class("nominal", text(f"profile.reason_{column.role}"), column.storage)
    return None


def _ordered_words(column: _Column) -> Class | None:
    if column.cells.n_unique > 40:
        return None
    values = column.cells.present_values()
    levels = names.order_of(values, column.name)
    if not levels:
        return None
    reason = text("profile.reason_order", order=" < ".join(value.strip() for value in levels))
    storage = "integer" if column.storage == "integer" else "text"
    return Class("ordinal", reason, storage, levels=levels)


def _label(column: _Column) -> Class | None:
    if column.role != "label":
        return None
    return Class("nominal", text("profile.reason_label"), column.storage)


def _codes(column: _Column) -> Class | None:
    """Leading zeros and hex digits: text whatever a spreadsheet would make of it."""
    n_padded, n_hex = column.n("padded"), column.n("hex")
    is_coded = n_padded > 0 and column.is_mostly("padded", "integer", "hex")
    is_coded |= n_hex > 0 and column.is_mostly("padded", "integer", "hex")
    if not is_coded:
        return None
    look = "padded" if n_padded else "hex"
    example = column.cells.values_with(look, most=1)[0].strip()
    reason = text(f"profile.reason_{look}", example=example)
    return Class("nominal", reason, "text", is_identifier=not column.is_category)


def _by_name(column: _Column) -> Class | None:
    """Ids and centres by their names; an id with few values is a category."""
    if names.is_id_name(column.name):
        is_category = column.is_category and column.cells.n_present >= 10 * column.cells.n_unique
        if is_category:
            return Class("nominal", text("profile.reason_code"), column.storage)
        return Class("nominal", text("profile.reason_id_name"), "text", is_identifier=True)
    if names.is_centre_name(column.name) and not column.n("decimal"):
        return Class("nominal", text("profile.reason_centre_name"), column.storage)
    return None


def _yes_or_no(column: _Column) -> Class | None:
    if not 1 <= column.cells.n_unique <= 6:
        return None
    values = {fold(value) for value in column.cells.present_values()}
    if values == {"0", "1"} and not names.is_count_name(column.name):
        return Class("nominal", text("profile.reason_zero_one"), "yes-no")
    is_clear = (values & _YES and values & _NO) or values <= {"yes", "no", "true", "false", "si"}
    if values <= _YES | _NO and is_clear:
        return Class("nominal", text("profile.reason_yes_no"), "yes-no")
    return None


def _dates(column: _Column) -> Class | None:
    is_dated = column.n("date") > 0 or names.is_date_name(column.name)
    if column.is_mostly("date"):
        return Class("discrete", text("profile.reason_date"), "date")
    if not is_dated or not column.is_mostly("date", "integer"):
        return None
    years, _ = column.cells.numbers()
    is_year = (years >= 1900) & (years <= 2100)
    is_day = (years >= 19000101) & (years <= 21001231)
    if len(years) and bool((is_year | is_day).all()):
        return Class("discrete", text("profile.reason_date"), "date")
    return None


def _numbers(column: _Column) -> Class | None:
    if not column.is_mostly("integer", "decimal"):
        return None
    values, _ = column.cells.numbers()
    if column.n("decimal") and bool((values != np.round(values)).any()):
        return _fractions(column)
    return _whole_numbers(column, values)


def _row_numbers(column: _Column) -> Class | None:
    """0, 1, 2 ... or 1, 2, 3 ...: the cells count the rows."""
    cells = column.cells
    is_each_once = cells.n_unique == cells.n == column.n("integer") >= _LEAST_ROWS_FOR_AN_ID
    if not is_each_once:
        return None
    values, _ = cells.numbers()
    if values[0] not in (0, 1) or not (np.diff(values) == 1).all():
        return None
    return Class("nominal", text("profile.reason_row_number"), "text", is_identifier=True)


def _whole_numbers(column: _Column, values: NDArray[np.float64]) -> Class:
    cells, storage = column.cells, column.storage
    if names.is_year_name(column.name) and ((values >= 1900) & (values <= 2100)).all():
        return Class("discrete", text("profile.reason_year"), storage)
    if names.is_scale_name(column.name) and cells.n_unique <= _MOST_RANKS:
        levels = tuple(str(value) for value in sorted(values.astype(np.int64).tolist()))
        return Class("ordinal", text("profile.reason_scale_name"), storage, levels=levels)
    if names.is_count_name(column.name):
        return Class("discrete", text("profile.reason_count"), storage)
    if names.is_code_name(column.name) and column.is_category:
        return Class("nominal", text("profile.reason_code_name"), storage)
    if _are_sparse_codes(column, values):
        return Class("nominal", text("profile.reason_sparse", n=cells.n_unique), storage)
    return Class("discrete", text("profile.reason_whole", n=cells.n_unique), storage)


def _are_sparse_codes(column: _Column, values: NDArray[np.float64]) -> bool:
    """Return whether few whole numbers lie far apart with no common step, as codes do.

    Kilovolts 80, 100, 120, 140 have a step of 20 and are a quantity; centres 3, 17, 204 have none.
    """
    if not 3 <= len(values) <= 12 or column.cells.n_present < 20 * len(values):
        return False
    whole = np.sort(values).astype(np.int64)
    gaps = np.diff(whole)
    return bool(whole[-1] - whole[0] > 10 * len(whole) and np.gcd.reduce(gaps) == 1)


def _fractions(column: _Column) -> Class:
    n_unique = column.cells.n_unique
    if n_unique <= 10 and column.cells.n_present >= 20 * n_unique:
        return Class("discrete", text("profile.reason_few_decimals", n=n_unique), column.storage)
    return Class("continuous", text("profile.reason_decimals", n=n_unique), column.storage)


def _lists(column: _Column) -> Class | None:
    if column.n("list") < 0.5 * column.cells.n_present:
        return None
    return Class("nominal", text("profile.reason_lists"), column.storage)


def _words(column: _Column) -> Class:
    cells = column.cells
    n, n_unique = cells.n_present, cells.n_unique
    if n >= _LEAST_ROWS_FOR_AN_ID and n_unique >= _MOSTLY * n:
        sample = cells.present_values(most=2000)
        n_spaced = sum(" " in value.strip() for value in sample)
        if n_spaced <= 0.05 * len(sample):
            reason = text("profile.reason_unique")
            return Class("nominal", reason, "text", is_identifier=True)
        if n_spaced >= 0.5 * len(sample) and sum(map(len, sample)) > 40 * len(sample):
            return Class("nominal", text("profile.reason_prose"), column.storage)
    key = "profile.reason_mixed" if column.storage == "mixed" else "profile.reason_words"
    return Class("nominal", text(key, n=n_unique), column.storage)


_RULES: Final[tuple[_Rule, ...]] = (
    _nothing,
    _by_role,
    _ordered_words,
    _label,
    _codes,
    _by_name,
    _yes_or_no,
    _row_numbers,
    _dates,
    _numbers,
    _lists,
)
