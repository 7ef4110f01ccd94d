"""Does the label go with a column? Cross-tables, tests that hold when cells are few, effect sizes.

Rows of one group (a patient's slides) are not independent; where groups are given, they are what
is tested.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tamiz.profile.table_cells import missing_mask, text_series

TestName = Literal["chi-squared", "fisher", "permutation", "group permutation", "none"]
Unit = Literal["items", "groups"]

N_PERMUTATIONS: Final = 9_999
N_GROUP_PERMUTATIONS: Final = 1_999
_FEWEST_PERMUTATIONS: Final = 199
_MOST_GROUPS_DEALT: Final = 20_000_000  # permutations x groups; more would take minutes
_CELLS_AT_ONCE: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Counts of value x label; rows by size, the largest first, labels sorted.

    Attributes:
        values: the column's values.
        labels: the labels.
        counts: (values, labels).
    """

    values: tuple[str, ...]
    labels: tuple[str, ...]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Return the sum of all cells."""
        return int(self.counts.sum())


@dataclass(frozen=True, slots=True)
class Association:
    """How strongly a column goes with the label, and whether chance could do it.

    Attributes:
        column: its name.
        test: 'chi-squared', 'fisher' (2 x 2 with few), 'permutation' (larger with few, margins
            kept), 'group permutation' (labels dealt out anew among groups) or 'none'.
        unit: what was counted and tested: 'items' or 'groups'.
        p: of the test; nan where there is none.
        p_corrected: after Holm over all columns tested; nan before.
        v: Cramér's V of the table tested, 0..1.
        v_corrected: Cramér's V without its bias (Bergsma 2013), 0..1.
        chi_squared: Pearson's statistic of the table tested.
        dof: its degrees of freedom.
        n_items: rows with both a label and a value.
        n_groups: groups among them; rows without a group count one each, groups with several
            labels once for each; 0 without groups.
        labels_differ_in_groups: whether there were groups with several labels.
        table: items by value and label.
        tested: the table that was tested: of items or of groups.
    """

    column: str
    test: TestName
    unit: Unit
    p: float
    v: float
    v_corrected: float
    chi_squared: float
    dof: int
    n_items: int
    n_groups: int
    labels_differ_in_groups: bool
    table: CrossTable
    tested: CrossTable
    p_corrected: float = math.nan


def associate(
    label: Sequence[str],
    column: Sequence[str],
    groups: Sequence[str] | None = None,
    *,
    name: str = "",
    seed: int = 0,
) -> Association:
    """Return the test of `label` against `column`; all sequences are equally long text.

    Rows without a label or a value are left out. With `groups`: where the value is the same
    throughout each group, each group counts once. Where it is not, labels are dealt out anew among
    the groups (1,999 times; fewer over 10,000 groups) and the table of items is compared with
    those. A group that has several labels is taken for as many groups, and the result says so.
    """
    rows = _rows(label, column, groups)
    table = _cross(rows)
    label_holds, value_holds = rows.is_constant_within_groups()
    if not label_holds:
        rows = rows.with_groups_parted_by_label()
        value_holds = rows.is_constant_within_groups()[1]
    if groups is not None and not value_holds:
        made = _measure(table)
        p = _group_permutation_p(rows, seed) if made.dof else math.nan
        test: TestName = "group permutation" if made.dof else "none"
    else:
        made = _measure(_cross(rows.one_per_group()) if groups is not None else table)
        test, p = _test(made.tested, seed)
    return replace(
        made,
        column=name,
        test=test,
        unit="items" if groups is None else "groups",
        p=p,
        n_items=table.n,
        n_groups=0 if groups is None else rows.n_groups,
        labels_differ_in_groups=groups is not None and not label_holds,
        table=table,
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values after Holm's correction, in the same order; nan stays nan.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    made = [math.nan] * len(p_values)
    order = sorted((p, i) for i, p in enumerate(p_values) if not math.isnan(p))
    largest = 0.0
    for rank, (p, i) in enumerate(order):
        largest = max(largest, min(1.0, p * (len(order) - rank)))
        made[i] = largest
    return made


def with_holm(found: Sequence[Association]) -> tuple[Association, ...]:
    """Return the associations with `p_corrected`, the strongest (corrected V) first."""
    corrected = holm([one.p for one in found])
    made = [replace(one, p_corrected=p) for one, p in zip(found, corrected, strict=True)]
    return tuple(sorted(made, key=lambda one: (-one.v_corrected, one.column)))


def cramers_v(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Return Cramér's V and the V without its bias; 0 where a side has fewer than two values.

    Source: Bergsma (2013), A bias-correction for Cramér's V and Tschuprow's T.
    """
    used = _without_empty_lines(counts)
    n_rows, n_columns = used.shape
    n = int(used.sum())
    if min(n_rows, n_columns) < 2 or n < 2:
        return 0.0, 0.0
    phi = _chi_squared(used) / n
    v = math.sqrt(min(1.0, phi / (min(n_rows, n_columns) - 1)))
    unbiased = max(0.0, phi - (n_rows - 1) * (n_columns - 1) / (n - 1))
    sides = [k - (k - 1) ** 2 / (n - 1) for k in (n_rows, n_columns)]
    corrected = math.sqrt(min(1.0, unbiased / (min(sides) - 1))) if min(sides) > 1 else 0.0
    return v, corrected


def allows_chi_squared(counts: NDArray[np.int64]) -> bool:
    """Return whether expected counts are large enough: all at least 1, 80 % at least 5 (Cochran).

    Source: Cochran (1954), Some methods for strengthening the common chi-squared tests.
    """
    expected = _expected(counts)
    return bool(expected.min() >= 1 and (expected >= 5).mean() >= 0.8)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows that have a label and a value, as numbers."""

    labels: tuple[str, ...]
    values: tuple[str, ...]
    label: NDArray[np.int64]
    value: NDArray[np.int64]
    group: NDArray[np.int64]  # 0..n_groups - 1; each row its own where there are none
    n_groups: int  # 0 without groups

    def is_constant_within_groups(self) -> tuple[bool, bool]:
        """Return whether the label, and whether the value, is one throughout each group."""
        first = self._first_of_group()
        return (
            bool((self.label == self.label[first][self.group]).all()),
            bool((self.value == self.value[first][self.group]).all()),
        )

    def with_groups_parted_by_label(self) -> _Rows:
        """Return the rows with each group parted into one for each of its labels."""
        parted = np.unique(self.group * len(self.labels) + self.label, return_inverse=True)[1]
        return replace(self, group=parted.astype(np.int64), n_groups=int(parted.max()) + 1)

    def one_per_group(self) -> _Rows:
        """Return the first row of each group."""
        first = self._first_of_group()
        return replace(
            self, label=self.label[first], value=self.value[first], group=np.arange(len(first))
        )

    def _first_of_group(self) -> NDArray[np.int64]:
        return np.unique(self.group, return_index=True)[1].astype(np.int64)


def _rows(label: Sequence[str], column: Sequence[str], groups: Sequence[str] | None) -> _Rows:
    is_used = ~(_is_empty(label) | missing_mask(column))
    labels, label_numbers = _numbered(label, is_used)
    values, value_numbers = _numbered(column, is_used)
    n = len(label_numbers)
    if groups is None:
        numbers, n_groups = np.arange(n), 0
    else:
        names, numbers = _numbered(groups, is_used)
        alone = numbers == names.index("") if "" in names else np.zeros(n, dtype=bool)
        numbers = np.where(alone, len(names) + np.arange(n), numbers)
        numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
        n_groups = int(numbers.max()) + 1 if n else 0
    return _Rows(labels, values, label_numbers, value_numbers, numbers, n_groups)


def _is_empty(cells: Sequence[str]) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = (text_series(cells).fill_null("").str.strip_chars() == "").to_numpy()
    return made


def _numbered(
    cells: Sequence[str], is_used: NDArray[np.bool_]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Return the different values, sorted, and the number of each used cell's value."""
    import polars as pl

    used = text_series(cells).fill_null("").str.strip_chars().filter(pl.Series(is_used))
    names = used.unique().sort()
    if len(names) == 0:
        return (), np.zeros(0, dtype=np.int64)
    numbers = used.rank("dense").to_numpy().astype(np.int64) - 1
    return tuple(names.to_list()), numbers


def _cross(rows: _Rows) -> CrossTable:
    shape = (len(rows.values), len(rows.labels))
    flat = np.bincount(rows.value * max(shape[1], 1) + rows.label, minlength=shape[0] * shape[1])
    counts = flat.astype(np.int64).reshape(shape)
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    return CrossTable(tuple(rows.values[i] for i in order), rows.labels, counts[order])


def _measure(tested: CrossTable) -> Association:
    """Return the effect sizes of a table; test and groups are filled in by the caller."""
    used = _without_empty_lines(tested.counts)
    v, corrected = cramers_v(used)
    has_two_sides = min(used.shape) >= 2
    return Association(
        column="",
        test="none",
        unit="items",
        p=math.nan,
        v=v,
        v_corrected=corrected,
        chi_squared=_chi_squared(used) if has_two_sides else 0.0,
        dof=(used.shape[0] - 1) * (used.shape[1] - 1) if has_two_sides else 0,
        n_items=tested.n,
        n_groups=0,
        labels_differ_in_groups=False,
        table=tested,
        tested=tested,
    )


def _test(tested: CrossTable, seed: int) -> tuple[TestName, float]:
    """Return the test that these counts allow, and its p."""
    from scipy import stats

    counts = _without_empty_lines(tested.counts)
    if min(counts.shape) < 2:
        return "none", math.nan
    if allows_chi_squared(counts):
        dof = (counts.shape[0] - 1) * (counts.shape[1] - 1)
        return "chi-squared", float(stats.chi2.sf(_chi_squared(counts), dof))
    if counts.shape == (2, 2):
        return "fisher", float(stats.fisher_exact(counts).pvalue)
    return "permutation", _permutation_p(counts, seed)


def _permutation_p(counts: NDArray[np.int64], seed: int) -> float:
    """Return the share of 9,999 random tables with these margins that are as uneven or more.

    Both the table itself and the random ones are counted, so p is never 0.
    """
    from scipy import stats

    drawing = stats.random_table(counts.sum(axis=1), counts.sum(axis=0))
    rng = np.random.default_rng(seed)
    expected = _expected(counts)
    observed = _chi_squared(counts)
    n_at_once = max(1, min(N_PERMUTATIONS, _CELLS_AT_ONCE // counts.size))
    n_reached, n_left = 0, N_PERMUTATIONS
    while n_left > 0:
        n_now = min(n_at_once, n_left)
        drawn = drawing.rvs(size=n_now, random_state=rng)
        statistics = ((drawn - expected) ** 2 / expected).sum(axis=(1, 2))
        n_reached += int((statistics >= observed - 1e-9 * observed).sum())
        n_left -= n_now
    return (n_reached + 1) / (N_PERMUTATIONS + 1)


def _group_permutation_p(rows: _Rows, seed: int) -> float:
    """Return the share of 1,999 ways to deal the groups' labels out anew that are as uneven.

    Over 10,000 groups fewer ways are tried, down to 199.

    A group keeps all its rows and values; only its one label changes hands. Valid whatever the
    sizes of the groups, since under the null hypothesis labels do not depend on them.
    """
    n_values, n_labels = len(rows.values), len(rows.labels)
    first = np.unique(rows.group, return_index=True)[1]
    label = rows.label[first]
    flat = np.bincount(rows.group * n_values + rows.value, minlength=len(first) * n_values)
    by_group = flat.reshape(len(first), n_values).astype(np.float64)
    rng = np.random.default_rng(seed)
    n_turns = _MOST_GROUPS_DEALT // len(first)
    n_turns = min(max(n_turns, _FEWEST_PERMUTATIONS), N_GROUP_PERMUTATIONS)
    observed = -1.0
    n_reached = 0
    for turn in range(n_turns + 1):
        is_label = np.eye(n_labels)[label if turn == 0 else rng.permutation(label)]
        # the labels' margin moves with the sizes of the groups, so expected counts do too
        statistic = _chi_squared(by_group.T @ is_label)
        if turn == 0:
            observed = statistic
        elif statistic >= observed - 1e-9 * observed:
            n_reached += 1
    return (n_reached + 1) / (n_turns + 1)


def _without_empty_lines(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    made: NDArray[np.int64] = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    return made


def _expected(counts: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the counts that the margins alone would give."""
    made: NDArray[np.float64] = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return made


def _chi_squared(counts: NDArray[np.int64] | NDArray[np.float64]) -> float:
    expected = _expected(counts)
    distance = (counts - expected) ** 2
    return float((distance / np.where(expected > 0, expected, 1.0)).sum())
