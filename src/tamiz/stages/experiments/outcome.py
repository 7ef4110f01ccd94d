"""What sanity experiments return: rows of the one table, sections, findings, figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Cell, Estimate, Finding, Section, Table, Words
from tamiz.metrics.intervals import measure


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table.

    Attributes:
        name: in words.
        verdict: in words, with what it is judged by.
        accuracy: None where there is none.
        auroc: likewise.
    """

    name: Words
    verdict: Words
    accuracy: Estimate | None = None
    auroc: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one experiment showed."""

    rows: tuple[Row, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def row_of(name: Words, verdict: Words, answers: Predictions, options: EvaluateOptions) -> Row:
    """Return a row with the figures of these answers."""
    overall = measure(answers, options).overall
    return Row(name, verdict, overall.get("accuracy"), overall.get("auroc"))


def not_done(name: str, reason: Text) -> Outcome:
    """Return the row of an experiment that does not apply, with the reason."""
    row = Row(text(f"sanity.name_{key_of(name)}"), text("sanity.not_done", reason=reason))
    return Outcome((row,), values={"not_done": str(reason)})


def key_of(name: str) -> str:
    """Return an experiment's name as keys of texts carry it."""
    return name.replace("-", "_")


def table_of(rows: tuple[Row, ...], options: EvaluateOptions) -> Table:
    """Return the rows with what each of them shows."""
    made: list[tuple[Cell, ...]] = [(row.name, row.accuracy, row.verdict) for row in rows]
    columns = tuple(text(f"sanity.column_{name}") for name in ("experiment", "accuracy", "verdict"))
    caption = text("sanity.caption", percent=f"{100 * options.confidence:g}")
    return Table(columns, tuple(made), caption)


def counted_table(rows: tuple[Row, ...]) -> Table:
    """Return the rows' AUROC, and on how many images and groups each was measured."""
    made: list[tuple[Cell, ...]] = []
    for row in rows:
        counted = row.accuracy or row.auroc
        n, n_groups = (counted.n, counted.n_groups) if counted else (None, None)
        made.append((row.name, row.auroc, n, n_groups))
    columns = tuple(
        text(f"sanity.column_{name}") for name in ("experiment", "auroc", "n", "groups")
    )
    return Table(columns, tuple(made), text("sanity.counted_caption"))


def values_of(one: Estimate | None) -> dict[str, Any] | None:
    """Return a figure for scripts."""
    if one is None:
        return None
    return {name: value for name, value in asdict(one).items() if name not in {"note"}}


def row_values(row: Row) -> dict[str, Any]:
    """Return a row's figures and verdict for scripts."""
    return {
        "accuracy": values_of(row.accuracy),
        "auroc": values_of(row.auroc),
        "verdict": str(row.verdict),
    }
