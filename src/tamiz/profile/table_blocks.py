"""A table explored: sections for people, findings, figures for scripts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tamiz.core.language import text
from tamiz.data.report import Block, Finding, Paragraph, Section
from tamiz.profile.association import Association
from tamiz.profile.table_facts import Examined, TableFacts, examine, shortened
from tamiz.profile.table_findings import table_findings
from tamiz.profile.table_labels import associations_section, labels_section
from tamiz.profile.table_sections import (
    columns_section,
    groups_section,
    numbers_section,
    overview,
    values_section,
)
from tamiz.profile.variables import Variable


@dataclass(frozen=True, slots=True)
class TableReport:
    """What there is to say of a table.

    Attributes:
        sections: in reading order; what does not apply is left out.
        summary: a sentence or two.
        findings: the gravest first; `{source}` in their commands is filled in by the stage.
        values: JSON-ready figures: 'rows', 'columns', 'variables', 'labels', 'groups',
            'associations' ...
    """

    sections: tuple[Section, ...]
    summary: tuple[Block, ...]
    findings: tuple[Finding, ...]
    values: Mapping[str, Any]


def table_sections(table: TableFacts) -> TableReport:
    """Return what there is to say of the table.

    Raises:
        WrongUse: a correction names no column or no class.
    """
    found = examine(table)
    sections = (
        overview(found),
        columns_section(found),
        values_section(found),
        numbers_section(found),
        labels_section(found),
        groups_section(found),
        associations_section(found),
    )
    return TableReport(
        tuple(one for one in sections if one is not None),
        _summary(found),
        table_findings(found),
        _values(found),
    )


def _summary(found: Examined) -> tuple[Block, ...]:
    said = text(
        "profile.sentence",
        where=found.facts.where,
        n=found.n_rows,
        n_columns=len(found.variables),
        n_empty=sum(one.n_missing for one in found.variables),
    )
    blocks: list[Block] = [Paragraph(said)]
    if found.labels:
        counts = found.rows_by_label()
        shown = ", ".join(f"{shortened(label)} {n}" for label, n in list(counts.items())[:6])
        shown += ", …" if len(counts) > 6 else ""
        said = text(
            "profile.sentence_labels" if found.facts.joint is None else "profile.sentence_sets",
            n=len(counts),
            n_sets=len(found.labels),
            n_rows=sum(one.n for one in found.labels),
            shown=shown,
        )
        blocks.append(Paragraph(said))
    return tuple(blocks)


def _values(found: Examined) -> dict[str, Any]:
    return {
        "where": found.facts.where,
        "rows": found.n_rows,
        "columns": len(found.variables),
        "memory_bytes": sum(one.memory_bytes for one in found.variables),
        "repeated_rows": found.n_repeated_rows,
        "files_named_twice": found.n_twice_named,
        "repeated_ids": {name: len(sets) for name, sets in found.repeated_ids.items()},
        "unnamed": list(found.facts.unnamed),
        "variables": {one.name: _variable_values(one) for one in found.variables},
        "labels": {one.label: {"n": one.n, "n_groups": one.n_groups} for one in found.labels},
        "unlabelled": found.n_unlabelled,
        "groups": {
            "n": found.n_groups,
            "by_size": {str(size): n for size, n in found.groups_by_size.items()},
            "with_several_labels": len(found.mixed_groups),
        },
        "associations": [_association_values(one) for one in found.associations],
    }


def _variable_values(one: Variable) -> dict[str, Any]:
    return {
        "storage": one.storage,
        "class": one.kind,
        "is_identifier": one.is_identifier,
        "is_corrected": one.is_corrected,
        "reason": str(one.reason),
        "levels": list(one.levels),
        "n": one.n,
        "n_missing": one.n_missing,
        "missing_words": dict(one.missing_words),
        "n_unique": one.n_unique,
        "memory_bytes": one.memory_bytes,
        "is_constant": one.is_constant,
        "is_unique": one.is_unique,
        "top": [[value, n] for value, n in one.top],
        "numbers": None if one.numbers is None else asdict(one.numbers),
        "types": {kind.name: kind.n for kind in one.types},
        "n_lists": one.n_lists,
    }


def _association_values(one: Association) -> dict[str, Any]:
    return {
        "column": one.column,
        "test": one.test,
        "unit": one.unit,
        "p": _or_none(one.p),
        "p_corrected": _or_none(one.p_corrected),
        "v": one.v,
        "v_corrected": one.v_corrected,
        "chi_squared": one.chi_squared,
        "dof": one.dof,
        "n_items": one.n_items,
        "n_groups": one.n_groups,
        "values": list(one.table.values),
        "labels": list(one.table.labels),
        "counts": one.table.counts.tolist(),
    }


def _or_none(number: float) -> float | None:
    return None if math.isnan(number) else number
