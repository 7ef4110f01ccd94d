"""What the report shows of the labels: how many of each, and what goes with them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import Text, text
from tamiz.data.report import Block, Cell, Chart, Paragraph, Section, Series, Table, Words
from tamiz.profile.association import Association, CrossTable
from tamiz.profile.table_facts import Examined, shortened
from tamiz.profile.table_sections import shares_chart

MOST_CROSS_TABLES: Final = 12
_MOST_LABELS_IN_CHART: Final = 60
_MOST_LABELS_BESIDE: Final = 4  # counts and percentages of more labels do not fit side by side
_MOST_LABELS_ACROSS: Final = 8
_MOST_SERIES: Final = 6
_MOST_BARS: Final = 120
_LONGEST_LABEL: Final = 30


def labels_section(found: Examined) -> Section | None:
    """Return the labels with counts and percentages, as table and bars; None without labels.

    Where a cell holds several labels, their combinations are counted and called so.
    """
    if not found.labels:
        return None
    n = sum(one.n for one in found.labels)
    n_groups = sum(one.n_groups for one in found.labels)
    is_set = found.facts.joint is not None
    names = ["set" if is_set else "label", "items", "items_share"]
    rows: list[tuple[Cell, ...]] = [(one.label, one.n, one.n / n) for one in found.labels]
    if n_groups:
        names += ["groups", "groups_share"]
        rows = [
            (*row, one.n_groups, one.n_groups / n_groups)
            for row, one in zip(rows, found.labels, strict=True)
        ]
    words = "profile.sets" if is_set else "profile.labels"
    caption = text(f"{words}_caption", n=n, n_missing=found.n_unlabelled)
    columns = tuple(text(f"profile.head_{name}") for name in names)
    blocks: list[Block] = [Table(columns, tuple(rows), caption, unit="percent")]
    used = found.labels[:_MOST_LABELS_IN_CHART]
    values = tuple(100 * one.n / n for one in used)
    bars = [Series(text("profile.items"), tuple(one.label for one in used), values)]
    if n_groups:
        shares = tuple(100 * one.n_groups / n_groups for one in used)
        bars.append(Series(text("profile.groups"), bars[0].x, shares))
    blocks.append(shares_chart(text(f"{words}_chart"), str(found.facts.label), bars))
    return Section("labels", text(f"{words}_title"), tuple(blocks))


def associations_section(found: Examined) -> Section | None:
    """Return the tests of the label with each column, and the cross-tables of the strongest."""
    if not found.associations:
        return None
    blocks: list[Block] = [Paragraph(text("profile.associations_words")), _tests(found)]
    for one in _shown(found):
        blocks += _cross_blocks(one, str(found.facts.label))
    return Section("associations", text("profile.associations_title"), tuple(blocks))


def _shown(found: Examined) -> list[Association]:
    """Return the associations whose cross-table is shown: the centre's, then the strongest."""
    first = [one for one in found.associations if one.column == found.facts.centre]
    others = [one for one in found.associations if one.column != found.facts.centre]
    return [*first, *others][:MOST_CROSS_TABLES]


def _tests(found: Examined) -> Table:
    names = ["column", "v_corrected", "v", "p", "p_corrected", "test", "items"]
    has_groups = any(one.n_groups for one in found.associations)
    rows: list[tuple[Cell, ...]] = []
    for one in found.associations:
        row: list[Cell] = [
            shortened(one.column),
            one.v_corrected,
            one.v,
            p_text(one.p),
            p_text(one.p_corrected),
            text(f"profile.test_{one.test.replace('-', '_').replace(' ', '_')}"),
            one.n_items,
        ]
        rows.append((*row, one.n_groups) if has_groups else tuple(row))
    names += ["groups"] if has_groups else []
    caption = text("profile.tests_caption", n=len(rows), n_shown=min(len(rows), MOST_CROSS_TABLES))
    return Table(tuple(text(f"profile.head_{name}") for name in names), tuple(rows), caption)


def p_text(p: float) -> Text | str:
    """Return a p-value in words: three decimals, 'below' for smaller ones."""
    if math.isnan(p):
        return "–"
    return text("profile.p_small") if p < 0.001 else text("profile.p", p=p)


def _cross_blocks(one: Association, label: str) -> list[Block]:
    """Return counts and row percentages of a cross-table, and its bars."""
    caption = text(
        "profile.cross_caption",
        label=shortened(label),
        column=shortened(one.column),
        v=one.v_corrected,
        p=p_text(one.p_corrected),
        n=one.n_items,
    )
    if one.n_groups:
        caption = text("profile.cross_caption_groups", words=caption, n_groups=one.n_groups)
    table = one.table
    blocks: list[Block] = []
    if len(table.labels) > _MOST_LABELS_BESIDE >= len(table.values):
        blocks.append(_labels_downwards(table, label, caption))
    elif len(table.labels) > _MOST_LABELS_BESIDE:
        blocks += _counts_then_shares(_with_few_labels(table), one.column, caption)
    else:
        blocks.append(_values_downwards(table, one.column, caption))
    chart = _cross_chart(_with_few_labels(table), one.column, label)
    return [*blocks, chart] if chart else blocks


def _values_downwards(table: CrossTable, column: str, caption: Text) -> Table:
    """Return a row for each value: counts of the labels, their sum, their shares."""
    names = _short(table.labels)
    values: list[Words] = [*_short(table.values), text("profile.all")]
    rows: list[tuple[Cell, ...]] = [
        (value, *counts, sum(counts), *shares)
        for value, counts, shares in zip(
            values,
            _with_sum(table.counts).tolist(),
            _shares(_with_sum(table.counts)).tolist(),
            strict=True,
        )
    ]
    parts = [text("profile.share_of", label=name) for name in names]
    columns: tuple[Words, ...] = (shortened(column), *names, text("profile.all"), *parts)
    return Table(columns, tuple(rows), caption, unit="percent")


def _labels_downwards(table: CrossTable, label: str, caption: Text) -> Table:
    """Return a row for each label: counts within the values, its share within each of them."""
    counts = _with_sum(table.counts)
    names: list[Words] = [*_short(table.values), text("profile.all")]
    rows: list[tuple[Cell, ...]] = [
        (name, *in_values, *shares)
        for name, in_values, shares in zip(
            _short(table.labels), counts.T.tolist(), _shares(counts).T.tolist(), strict=True
        )
    ]
    parts = [text("profile.share_in", value=name) for name in names]
    columns: tuple[Words, ...] = (shortened(label), *names, *parts)
    return Table(columns, tuple(rows), caption, unit="percent")


def _counts_then_shares(table: CrossTable, column: str, caption: Text) -> list[Table]:
    """Return one table of counts and one of shares, for many values and many labels."""
    counts = _with_sum(table.counts)
    values: list[Words] = [*_short(table.values), text("profile.all")]
    columns: tuple[Words, ...] = (shortened(column), *_short(table.labels))

    def rows_of(figures: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
        return tuple((value, *line) for value, line in zip(values, figures, strict=True))

    of_counts = text("profile.cross_counts", words=caption)
    of_shares = text("profile.cross_shares", words=caption)
    return [
        Table(columns, rows_of(counts.tolist()), of_counts, unit="count"),
        Table(columns, rows_of(_shares(counts).tolist()), of_shares, unit="percent"),
    ]


def _short(names: Sequence[str]) -> list[str]:
    return [shortened(name, _LONGEST_LABEL) for name in names]


def _with_sum(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the counts with a last row that holds the sums."""
    return np.vstack([counts, counts.sum(axis=0)])


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each row as shares of its sum."""
    made: NDArray[np.float64] = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return made


def _with_few_labels(table: CrossTable) -> CrossTable:
    """Return the table with its most frequent labels, the others put together."""
    if len(table.labels) <= _MOST_LABELS_ACROSS:
        return table
    order = np.argsort(-table.counts.sum(axis=0), kind="stable")
    kept = np.sort(order[: _MOST_LABELS_ACROSS - 1])
    rest = np.sort(order[_MOST_LABELS_ACROSS - 1 :])
    counts = np.column_stack([table.counts[:, kept], table.counts[:, rest].sum(axis=1)])
    labels = (*(table.labels[i] for i in kept), str(text("profile.others", n=len(rest))))
    return CrossTable(table.values, labels, counts)


def _cross_chart(table: CrossTable, column: str, label: str) -> Chart | None:
    """Return bars of each label's share within each value; None where there would be too many."""
    order = np.sort(np.argsort(-table.counts.sum(axis=0), kind="stable")[:_MOST_SERIES])
    if len(order) * len(table.values) > _MOST_BARS:
        return None
    counts = _with_sum(table.counts)
    shares = 100 * _shares(counts)
    names = tuple(
        str(text("profile.value_n", value=shortened(value, 20), n=int(n)))
        for value, n in zip(
            (*table.values, str(text("profile.all"))), counts.sum(axis=1), strict=True
        )
    )
    series = [
        Series(
            shortened(table.labels[i], _LONGEST_LABEL),
            names,
            tuple(shares[:, i].tolist()),
        )
        for i in order
    ]
    title = text("profile.cross_chart", label=shortened(label), column=shortened(column))
    return shares_chart(title, shortened(column), series)
