"""What the report shows of a table: its columns, their values, their figures, its groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tamiz.core.language import Text, text
from tamiz.data.report import Cell, Chart, Paragraph, Section, Series, Table, Words
from tamiz.profile.table_facts import Examined, shortened
from tamiz.profile.variables import Variable

_LONGEST_NAME: Final = 40
_LONGEST_VALUE: Final = 32
_LONGEST_OF_MANY: Final = 18
_MOST_LETTERS: Final = 160
_UNITS: Final = (("MB", 1_000_000), ("kB", 1_000), ("bytes", 1))
_MOST_SIZES: Final = 15


def overview(found: Examined) -> Section:
    """Return rows, columns, memory, what is double."""
    memory = sum(one.memory_bytes for one in found.variables)
    n_empty = sum(one.n_missing for one in found.variables)
    unit, size = next((pair for pair in _UNITS if memory >= pair[1]), _UNITS[-1])
    rows: list[tuple[Cell, ...]] = [
        (text("profile.rows"), found.n_rows),
        (text("profile.columns"), len(found.variables)),
        (text("profile.memory", unit=unit), memory / size),
        (text("profile.empty_cells"), n_empty),
        (text("profile.repeated_rows"), found.n_repeated_rows),
    ]
    if found.facts.path is not None or found.facts.paths:
        rows.append((text("profile.files_named_twice"), found.n_twice_named))
    for name, repeated in found.repeated_ids.items():
        what = text("profile.repeated_values", column=shortened(name, _LONGEST_NAME))
        rows.append((what, len(repeated)))
    if found.n_groups:
        what = text("profile.groups_of", column=shortened(str(found.facts.group), _LONGEST_NAME))
        rows.append((what, found.n_groups))
    if found.labels:
        column = shortened(str(found.facts.label), _LONGEST_NAME)
        rows.append((text("profile.labels_of", column=column), len(found.rows_by_label())))
        if found.facts.joint is not None:
            rows.append((text("profile.sets_of", column=column), len(found.labels)))
    caption = text("profile.overview_caption", where=found.facts.where)
    columns = (text("profile.what"), text("profile.how_many"))
    table = Table(columns, tuple(rows), caption, unit="count")
    return Section("table", text("profile.overview"), (table,))


def columns_section(found: Examined) -> Section:
    """Return what each column is, and why it is taken for that."""
    rows: list[tuple[Cell, ...]] = [
        (
            shortened(one.name, _LONGEST_NAME),
            text(f"profile.storage_{one.storage.replace('-', '_')}"),
            kind_text(one),
            one.reason,
            one.n_present,
            one.share(one.n_absent),
            one.n_unique,
            one.memory_bytes,
        )
        for one in found.variables
    ]
    names = ("column", "storage", "kind", "reason", "present", "missing", "unique", "memory")
    table = Table(
        tuple(text(f"profile.head_{name}") for name in names),
        tuple(rows),
        text("profile.columns_caption"),
        unit="percent",
    )
    return Section("columns", text("profile.columns_title"), (table,))


def kind_text(one: Variable) -> Text:
    """Return a column's class in words; ids are told apart from other nominal ones."""
    return text("profile.kind_identifier" if one.is_identifier else f"profile.kind_{one.kind}")


def values_section(found: Examined) -> Section:
    """Return the ten most frequent values of each column, one column a row."""
    rows: list[tuple[Cell, ...]] = []
    for one in found.variables:
        name = shortened(one.name, _LONGEST_NAME)
        rows.append((name, one.n_unique, _top_words(one)))
    table = Table(
        (text("profile.head_column"), text("profile.head_unique"), text("profile.head_top")),
        tuple(rows),
        text("profile.top_caption"),
        unit="count",
    )
    return Section("values", text("profile.values_title"), (table,))


def _top_words(one: Variable) -> Words:
    """Return 'value: count (percent)' of the most frequent values; many long ones are cut more."""
    n_letters = sum(len(shortened(value, _LONGEST_VALUE)) for value, _ in one.top)
    longest = _LONGEST_VALUE if n_letters <= _MOST_LETTERS else _LONGEST_OF_MANY
    shown = [(shortened(value, longest), n) for value, n in one.top]
    if not shown:
        return ""
    if one.is_unique:
        values = ", ".join(value for value, _ in shown[:5])
        return text("profile.all_different", values=values)
    made: dict[str, object] = {}
    for i, (value, n) in enumerate(shown, start=1):
        made |= {f"v{i}": value, f"n{i}": n, f"p{i}": 100 * one.share(n)}
    return Text(f"profile.top_{len(shown)}", made)


def numbers_section(found: Examined) -> Section | None:
    """Return mean, spread and quartiles of the columns of numbers, None without any."""
    rows: list[tuple[Cell, ...]] = []
    for one in found.variables:
        numbers = one.numbers
        if numbers is not None:
            rows.append(
                (
                    shortened(one.name, _LONGEST_NAME),
                    numbers.n,
                    numbers.mean,
                    numbers.sd,
                    _tidy(numbers.minimum),
                    _tidy(numbers.lower_quartile),
                    _tidy(numbers.median),
                    _tidy(numbers.upper_quartile),
                    _tidy(numbers.maximum),
                    numbers.n_negative,
                )
            )
    if not rows:
        return None
    names = ("column", "n", "mean", "sd", "min", "q1", "median", "q3", "max", "negative")
    columns = tuple(text(f"profile.head_{name}") for name in names)
    table = Table(columns, tuple(rows), text("profile.numbers_caption"))
    return Section("numbers", text("profile.numbers_title"), (table,))


def _tidy(number: float) -> float | int:
    """Return a whole number as one, so that an age of 65 is not shown as 65.00."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def groups_section(found: Examined) -> Section | None:
    """Return how many groups have how many rows, None without groups."""
    if not found.groups_by_size:
        return None
    sizes = _binned(found.groups_by_size)
    n_groups = found.n_groups
    rows: list[tuple[Cell, ...]] = [
        (name, n, n / n_groups, n_rows, n_rows / found.n_rows) for name, n, n_rows in sizes
    ]
    group = shortened(str(found.facts.group), _LONGEST_NAME)
    names = ("size", "groups", "groups_share", "items", "items_share")
    table = Table(
        tuple(text(f"profile.head_{name}") for name in names),
        tuple(rows),
        text("profile.groups_caption", group=group, n=n_groups, n_rows=found.n_rows),
        unit="percent",
    )
    chart = Chart(
        kind="bar",
        title=text("profile.groups_chart", group=group),
        x_label=text("profile.head_size"),
        y_label=text("profile.head_groups"),
        series=(
            Series(
                text("profile.head_groups"),
                tuple(name for name, _, _ in sizes),
                tuple(float(n) for _, n, _ in sizes),
            ),
        ),
    )
    advice = Paragraph(text("profile.groups_words", group=group))
    return Section("groups", text("profile.groups_title"), (advice, table, chart))


def _binned(groups_by_size: Mapping[int, int]) -> list[tuple[str, int, int]]:
    """Return (size in words, groups, rows); many different sizes are put together."""
    pairs = sorted(groups_by_size.items())
    if len(pairs) <= _MOST_SIZES:
        return [(str(size), n, size * n) for size, n in pairs]
    edges = (1, 2, 3, 6, 11, 21, 51, 101, 1_001, 10_001)
    made = []
    for low, above in zip(edges, (*edges[1:], None), strict=True):
        inside = [(size, n) for size, n in pairs if size >= low and (not above or size < above)]
        if inside:
            last = f"{above - 1}" if above else ""
            name = str(low) if above == low + 1 else f"{low}–{last}" if last else f"{low}+"
            made.append((name, sum(n for _, n in inside), sum(size * n for size, n in inside)))
    return made


def shares_chart(title: Words, x_label: Words, series: Sequence[Series]) -> Chart:
    """Return bars of shares in per cent."""
    return Chart("bar", title, x_label, text("profile.percent"), tuple(series))
