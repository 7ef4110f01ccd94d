"""What a reader of a table must know: centres that go with labels, holes, doubles, odd cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from tamiz.core.language import Text, text
from tamiz.data.report import Finding, Severity
from tamiz.profile.association import Association, CrossTable
from tamiz.profile.label_words import label_findings
from tamiz.profile.table_facts import Examined, Repeated, shortened
from tamiz.profile.table_labels import p_text
from tamiz.profile.table_names import can_never_be_negative, is_centre_name
from tamiz.profile.variables import Variable

SURE: Final = 0.05  # p below which an association is told
STRONG: Final = 0.3  # corrected V from which a column other than a centre is told
_MOSTLY_MISSING: Final = 0.5
_UNEVEN: Final = 1.5  # times as many of the largest class as an even share
_VERY_UNEVEN: Final = 0.7
_MOST_ITEMS: Final = 20


def table_findings(found: Examined) -> tuple[Finding, ...]:
    """Return all findings, the gravest first; among equals, what is most at stake."""
    made = [
        *_centres(found),
        *_other_associations(found),
        *_imbalance(found),
        *_mixed_groups(found),
        *_repeated_rows(found),
        *_files_named_twice(found),
        *_repeated_ids(found),
        *_columns(found),
        *_odd_cells(found),
    ]
    if found.facts.label is not None and found.labels:
        made += label_findings({one.label: one.n for one in found.labels})
        made += _unlabelled(found)
    return tuple(sorted(made, key=lambda finding: finding.rank))


def is_centre(found: Examined, column: str) -> bool:
    """Return whether a column is the centre, or means a place or a machine by its name."""
    return column == found.facts.centre or is_centre_name(column)


def _centres(found: Examined) -> list[Finding]:
    """Return the centres that go with the label.

    The test's own p decides, not the corrected one: the suspicion stood before the data were seen.
    """
    return [
        _centre(one, len(found.associations))
        for one in found.associations
        if is_centre(found, one.column) and one.p < SURE
    ]


def _other_associations(found: Examined) -> Iterable[Finding]:
    strong = [
        one
        for one in found.associations
        if not is_centre(found, one.column)
        and one.column != found.facts.split
        and one.v_corrected >= STRONG
        and one.p_corrected < SURE
    ]
    if strong:
        shown = ", ".join(f"{shortened(one.column)} ({one.v_corrected:.2f})" for one in strong)
        yield Finding(
            Severity.NOTE,
            text("profile.goes_with_label", n=len(strong), columns=shown),
            text("profile.goes_with_label_advice"),
            "tamiz audit {source}",
            tuple(one.column for one in strong),
            text("profile.by_tests", n=len(found.associations)),
            strong[0].v_corrected,
        )


def _most_lopsided(one: Association) -> tuple[CrossTable, int, int]:
    """Return the table of items, and the value and label of the largest surplus in it.

    The surplus is judged in the table tested, by its share of chi-squared; cells with more than
    expected only: 'centre 3 has 27 LAA' says more than what it lacks.
    """
    counts = one.tested.counts.astype(np.float64)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(counts.sum(), 1)
    surplus = np.where(counts > expected, (counts - expected) ** 2 / np.maximum(expected, 1e-9), 0)
    at, label = np.unravel_index(int(np.argmax(surplus)), surplus.shape)
    return one.table, one.table.values.index(one.tested.values[int(at)]), int(label)


def _centre(one: Association, n_tests: int) -> Finding:
    table, at, label = _most_lopsided(one)
    counts = table.counts[at]
    named = sorted(zip(counts.tolist(), table.labels, strict=True), key=lambda pair: -pair[0])
    return Finding(
        Severity.WARNING,
        text(
            "profile.centre",
            column=shortened(one.column),
            value=shortened(table.values[at]),
            counts=_examples((f"{n} {name}" for n, name in named if n), 4),
            share=100 * float(counts[label] / counts.sum()),
            overall=100 * float(table.counts[:, label].sum() / table.n),
            label=shortened(table.labels[label]),
            v=one.v_corrected,
        ),
        text("profile.centre_advice", column=shortened(one.column)),
        "tamiz audit {source}",
        (f"{one.column}={table.values[at]}",),
        _certainty(one, n_tests),
        one.v_corrected,
    )


def _certainty(one: Association, n_tests: int) -> Text:
    return text(
        "profile.p_of_groups" if one.n_groups else "profile.p_of_items",
        p=p_text(one.p),
        p_corrected=p_text(one.p_corrected),
        n_tests=n_tests,
        n=one.n_groups or one.n_items,
    )


def _imbalance(found: Examined) -> Iterable[Finding]:
    n = sum(one.n for one in found.labels)
    if len(found.labels) < 2:
        return
    largest, smallest = found.labels[0], found.labels[-1]
    share = largest.n / n
    if share * len(found.labels) < _UNEVEN and share < _VERY_UNEVEN and largest.n < 2 * smallest.n:
        return
    yield Finding(
        Severity.WARNING if share >= _VERY_UNEVEN else Severity.NOTE,
        text(
            "profile.imbalance",
            label=shortened(largest.label),
            percent=100 * share,
            n=largest.n,
            smallest=shortened(smallest.label),
            n_smallest=smallest.n,
        ),
        text("profile.imbalance_advice"),
        "",
        (),
        text("profile.certain_counted"),
        share - 1 / len(found.labels),
    )


def _mixed_groups(found: Examined) -> Iterable[Finding]:
    if found.mixed_groups:
        shown = _examples(f"{one.value}: {' | '.join(one.labels)}" for one in found.mixed_groups)
        yield Finding(
            Severity.WARNING,
            text(
                "profile.mixed_groups",
                n=len(found.mixed_groups),
                column=shortened(str(found.facts.group)),
                shown=shown,
            ),
            text("profile.mixed_groups_advice"),
            "",
            tuple(one.value for one in found.mixed_groups[:_MOST_ITEMS]),
            text("profile.certain_counted"),
            sum(len(one.rows) for one in found.mixed_groups) / max(found.n_rows, 1),
        )


def _unlabelled(found: Examined) -> Iterable[Finding]:
    n = found.n_unlabelled
    if n:
        yield _told(Severity.NOTE, "unlabelled", {"n": n}, effect=n / max(found.n_rows, 1))


def _lines(found: Examined, repeated: Sequence[Repeated]) -> tuple[str, ...]:
    """Return 'table.csv:553, 655' for each set of rows."""
    made = []
    for one in repeated[:_MOST_ITEMS]:
        lines = ", ".join(str(found.facts.line_of(row)) for row in one.rows[:6])
        made.append(f"{found.facts.where}:{lines}" + (f" ({one.value})" if one.value else ""))
    return tuple(made)


def _repeated_rows(found: Examined) -> Iterable[Finding]:
    n = found.n_repeated_rows
    if n:
        items = _lines(found, found.equal_rows)
        effect = n / max(found.n_rows, 1)
        yield _told(Severity.WARNING, "repeated_rows_found", {"n": n}, items, effect)


def _files_named_twice(found: Examined) -> Iterable[Finding]:
    if not found.n_twice_named:
        return
    n_rows = sum(len(one.rows) - 1 for one in found.twice_named)
    effect = n_rows / max(found.n_rows, 1)
    values = {"n": found.n_twice_named, "n_rows": n_rows}
    items = _lines(found, found.twice_named)
    yield _told(Severity.WARNING, "named_twice", values, items, effect)
    at_odds = [one for one in found.twice_named if len(one.labels) > 1]
    if at_odds:
        items = _lines(found, at_odds)
        yield _told(Severity.WARNING, "named_at_odds", {"n": len(at_odds)}, items, effect)


def _repeated_ids(found: Examined) -> Iterable[Finding]:
    for name, repeated in found.repeated_ids.items():
        values = {"n": len(repeated), "column": shortened(name)}
        effect = sum(len(one.rows) - 1 for one in repeated) / max(found.n_rows, 1)
        yield _told(Severity.WARNING, "repeated_id", values, _lines(found, repeated), effect)


def _columns(found: Examined) -> Iterable[Finding]:
    """Return what is odd about whole columns: no name, no value, one value, hardly any."""
    unnamed = [found.variable(name) for name in found.facts.unnamed if name in found.facts.columns]
    yield from _about(unnamed, "unnamed", [f"{one.name} ({one.n_present})" for one in unnamed])
    empty = [one for one in found.variables if one.n and not one.n_present]
    yield from _about(empty, "empty_columns", [one.name for one in empty])
    holes = [
        one
        for one in found.variables
        if one.n_present and one.share(one.n_absent) > _MOSTLY_MISSING
    ]
    holes.sort(key=lambda one: -one.n_absent)
    shares = [f"{one.name} ({100 * one.share(one.n_absent):.0f} %)" for one in holes]
    yield from _about(holes, "mostly_missing", shares)
    constant = [one for one in found.variables if one.is_constant]
    values = [f"{one.name} ({shortened(one.top[0][0], 24)})" for one in constant]
    yield from _about(constant, "constant", values)


def _odd_cells(found: Examined) -> Iterable[Finding]:
    """Return what is odd about cells: impossible signs, words for nothing, mixtures, lists."""
    for one in found.variables:
        numbers = one.numbers
        if numbers is not None and numbers.n_negative and can_never_be_negative(one.name):
            values = {
                "n": numbers.n_negative,
                "column": shortened(one.name),
                "low": numbers.minimum,
            }
            effect = numbers.n_negative / max(found.n_rows, 1)
            yield _told(Severity.WARNING, "negative", values, (one.name,), effect)
    worded = [one for one in found.variables if one.missing_words]
    words = [
        f"{one.name} ({', '.join(f'{word}: {n}' for word, n in one.missing_words)})"
        for one in worded
    ]
    yield from _about(worded, "missing_words", words)
    mixed = [one for one in found.variables if one.is_mixed]
    types = [
        f"{one.name} ({', '.join(_type_words(t.name, t.n, t.example) for t in one.types)})"
        for one in mixed
    ]
    yield from _about(mixed, "mixed", types, most=3)
    lists = [one for one in found.variables if one.n_lists and one.storage in {"list", "mixed"}]
    yield from _about(lists, "lists", [f"{x.name} ({shortened(x.examples[0], 24)})" for x in lists])


def _type_words(name: str, n: int, example: str) -> str:
    return str(text(f"profile.type_{name}", n=n, example=shortened(example, 20)))


def _about(
    columns: Sequence[Variable], key: str, words: Sequence[str], most: int = 6
) -> Iterable[Finding]:
    """Return one note about several columns, naming the first ones; none without columns."""
    if not columns:
        return
    shown = _examples(words, most)
    values = {"n": len(columns), "shown": shown}
    yield _told(Severity.NOTE, key, values, tuple(one.name for one in columns[:_MOST_ITEMS]))


def _examples(words: Iterable[str], most: int = 6) -> str:
    """Return the first of the words, and how many more there are."""
    every = [shortened(one, 90) for one in words]
    rest = f", … (+{len(every) - most})" if len(every) > most else ""
    return ", ".join(every[:most]) + rest


def _told(
    severity: Severity,
    key: str,
    values: Mapping[str, object],
    items: tuple[str, ...] = (),
    effect: float = 0.0,
) -> Finding:
    """Return a finding about what was counted, with the words of `key` and `key`_advice."""
    return Finding(
        severity,
        Text(f"profile.{key}", values),
        text(f"profile.{key}_advice"),
        "",
        items,
        text("profile.certain_counted"),
        effect,
    )
