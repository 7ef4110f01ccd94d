"""Which columns of a table of numbers tell the classes apart; the test part is never looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tamiz.data.report import Estimate
from tamiz.profile.association import holm

_FEWEST: Final = 5  # groups of a class; below, chi-squared says nothing of ranks
_AT_ONCE: Final = 64  # columns
_MOST_RANKED: Final = 20_000  # groups that columns are ranked by; figures are of all
_MOST_TRIED: Final = 64  # columns, to find the few that are shown
_Z: Final = 1.959963984540054

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Telling:
    """A column that goes with the label.

    Attributes:
        name: of the column.
        label: the class that it tells from the others best.
        is_higher: whether that class has the higher values.
        auroc: of that class against the rest, at least 0.5, with a 95 % interval over groups.
        share: of the spread of ranks (of the means of groups), what lies between classes; 0 to 1.
        p: of a Kruskal-Wallis test over the means of groups, after Holm over all columns.
    """

    name: str
    label: str
    is_higher: bool
    auroc: Estimate
    share: float
    p: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What the columns were asked about.

    Attributes:
        labels: the classes with at least five groups, or images that stand alone.
        n_items: images of these classes.
        n_groups: groups; one that has several labels counts once for each.
        n_sealed: images of the test part, whose labels were not looked at.
        n_rare: images of classes that have fewer groups.
        found: the columns that tell most, the strongest first; empty where there are no two
            classes.
    """

    labels: tuple[str, ...]
    n_items: int
    n_groups: int
    n_sealed: int
    n_rare: int
    found: tuple[Telling, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rows:
    at: Ints  # rows of the table
    label: Ints
    unit: Ints  # a group, or a group's images of one label


def telling_columns(place: Path, columns: Sequence[str], n_shown: int) -> Asked:
    """Return the columns that tell classes apart best.

    Columns that put the images in the same order as a better one are left out. Columns are put in
    order by a Kruskal-Wallis test over the means of groups (of 20,000 of them,
    evenly chosen, where there are more); what is said of the first ones rests on all images.

    Args:
        place: the table, with 'item', 'label', 'group' and 'split'.
        columns: names of the numbers.
        n_shown: how many to return.
    """
    facts = pl.read_parquet(place, columns=["item", "label", "group", "split"])
    is_sealed = (facts["split"] == "test").fill_null(value=False).to_numpy()
    rows, labels, n_rare = _rows_of(facts, is_sealed)
    n_groups = int(rows.unit.max()) + 1 if len(rows.unit) else 0
    asked = Asked(labels, len(rows.at), n_groups, int(is_sealed.sum()), n_rare)
    if len(labels) < 2:
        return asked
    p_values = [
        p
        for start in range(0, len(columns), _AT_ONCE)
        for p in _p_values(_read(place, columns[start : start + _AT_ONCE], rows.at), rows)
    ]
    corrected = holm([p for p, _ in p_values])
    order = sorted(range(len(columns)), key=lambda i: (-p_values[i][1], columns[i]))
    order = [i for i in order[:_MOST_TRIED] if p_values[i][1] > 0]
    if not order:
        return asked
    values = _read(place, [columns[i] for i in order], rows.at)
    chosen = _different(values, n_shown)
    found = tuple(
        Telling(
            columns[order[j]],
            *_best_class(values[:, j], rows, labels),
            share=p_values[order[j]][1],
            p=corrected[order[j]],
        )
        for j in chosen
    )
    return replace(asked, found=found)


def _different(values: Floats, n_most: int) -> list[int]:
    """Return the first columns that put the rows in an order of their own, up to `n_most`.

    Red, green and blue of grey images say the same thing three times; so do energy and its square.
    """
    from scipy import stats

    seen: list[Floats] = []
    made = []
    for j, column in enumerate(values.T):
        ranks = stats.rankdata(column)
        turned = len(ranks) + 1 - ranks
        if any(np.array_equal(one, ranks) or np.array_equal(one, turned) for one in seen):
            continue
        seen.append(ranks)
        made.append(j)
        if len(made) == n_most:
            break
    return made


def _rows_of(
    facts: pl.DataFrame, is_sealed: NDArray[np.bool_]
) -> tuple[_Rows, tuple[str, ...], int]:
    """Return the rows whose labels may be looked at, their classes, and how many are too rare."""
    table = (
        facts.with_row_index("at")
        .filter(pl.Series(~is_sealed) & facts["label"].is_not_null())
        .with_columns(unit=pl.coalesce("g:" + pl.col("group"), "i:" + pl.col("item")))
    )
    sizes = table.group_by("label").agg(pl.col("unit").n_unique().alias("n"))
    usual = sorted(sizes.filter(pl.col("n") >= _FEWEST)["label"].to_list())
    used = table.filter(pl.col("label").is_in(usual))
    number = {label: i for i, label in enumerate(usual)}
    label = np.array([number[one] for one in used["label"]], dtype=np.int64)
    names = used["label"] + "\x1f" + used["unit"]
    unit = np.unique(names.to_numpy(), return_inverse=True)[1].astype(np.int64)
    at = used["at"].to_numpy().astype(np.int64)
    return _Rows(at, label, unit), tuple(usual), len(table) - len(used)


def _read(place: Path, columns: Sequence[str], at: Ints) -> Floats:
    table = pl.scan_parquet(place).select(columns).collect(engine="streaming")
    made: Floats = table.to_numpy()[at]
    return made


def _p_values(values: Floats, rows: _Rows) -> list[tuple[float, float]]:
    """Return p and the strength of each column by Kruskal and Wallis' test (1952), ties corrected.

    The strength is H as a share of the highest that it could be.
    """
    from scipy import stats

    n_units = int(rows.unit.max()) + 1
    sizes = np.bincount(rows.unit)
    label = np.zeros(n_units, dtype=np.int64)
    label[rows.unit] = rows.label
    every = -(-n_units // _MOST_RANKED)
    label = label[::every]
    counts = np.bincount(label)
    made = []
    for column in values.T:
        means = (np.bincount(rows.unit, column) / sizes)[::every]
        n = len(means)
        ranks = stats.rankdata(means)
        spread = float(np.square(ranks - (n + 1) / 2).sum())  # less where there are ties
        if spread == 0:
            made.append((math.nan, 0.0))
            continue
        sums = np.bincount(label, ranks, len(counts))
        apart = np.square(sums - counts * (n + 1) / 2)
        between = float((apart / np.maximum(counts, 1)).sum()) / spread
        p = float(stats.chi2.sf((n - 1) * between, int((counts > 0).sum()) - 1))
        made.append((p, between))
    return made


def _best_class(values: Floats, rows: _Rows, labels: Sequence[str]) -> tuple[str, bool, Estimate]:
    """Return the class told best, whether it has the higher values, and its AUROC."""
    from scipy import stats

    ranks = stats.rankdata(values)
    n = len(values)
    aurocs = []
    for k in range(len(labels)):
        is_it = rows.label == k
        n_in = int(is_it.sum())
        aurocs.append((ranks[is_it].sum() - n_in * (n_in + 1) / 2) / (n_in * (n - n_in)))
    best = int(np.argmax(np.abs(np.array(aurocs) - 0.5)))
    is_higher = bool(aurocs[best] >= 0.5)
    auroc = auroc_of(values if is_higher else -values, rows.label == best, rows.unit)
    return labels[best], is_higher, auroc


def auroc_of(values: Floats, is_it: NDArray[np.bool_], unit: Ints) -> Estimate:
    """Return the AUROC of `values` with a 95 % interval that knows that groups hold together.

    Where the classes do not overlap at all the interval is Wilson's, of as many cases as the
    smaller side has groups.

    Args:
        values: (n,).
        is_it: (n,) both sides there.
        unit: (n,) group by number.

    Source: Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53 (1997)
    567-578; of groups of one this is DeLong's. The interval is symmetric in log odds.
    """
    from scipy import stats

    n_in, n_out = int(is_it.sum()), int((~is_it).sum())
    ranks = stats.rankdata(values)
    above = (ranks[is_it] - stats.rankdata(values[is_it])) / n_out  # share of the others below
    below = 1 - (ranks[~is_it] - stats.rankdata(values[~is_it])) / n_in
    auroc = float(above.mean())
    n_units = int(unit.max()) + 1
    inside = np.bincount(unit[is_it], above - auroc, n_units)
    outside = np.bincount(unit[~is_it], below - auroc, n_units)
    n_with = len(np.unique(unit[is_it])), len(np.unique(unit[~is_it]))
    made = Estimate(auroc, n=len(values), n_groups=len(np.unique(unit)), method="obuchowski")
    if min(n_with) < 2:
        return made
    terms = (
        n_with[0] / (n_with[0] - 1) * float(inside @ inside) / n_in**2,
        n_with[1] / (n_with[1] - 1) * float(outside @ outside) / n_out**2,
        2 * n_units / (n_units - 1) * float(inside @ outside) / (n_in * n_out),
    )
    variance = max(sum(terms), 0.0)
    if not 0 < auroc < 1 or variance == 0:
        fewer = min(n_with)
        edge = fewer / (fewer + _Z**2)
        low, high = (edge, 1.0) if auroc > 0.5 else (0.0, 1 - edge)
        return replace(made, low=min(low, auroc), high=max(high, auroc))
    odds = math.log(auroc / (1 - auroc))
    reach = _Z * math.sqrt(variance) / (auroc * (1 - auroc))
    low, high = (1 / (1 + math.exp(-(odds + sign * reach))) for sign in (-1, 1))
    return replace(made, low=low, high=high)
