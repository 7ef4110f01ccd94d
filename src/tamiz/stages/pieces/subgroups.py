"""Figures by centre, sex, age or any other column, as a piece of an evaluation's report."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from typing import Any

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.language import Text, say, text
from tamiz.core.parts import fold
from tamiz.core.recipe import Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.report import Paragraph, Words
from tamiz.inputs.names import CENTRE_WORDS
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.paired_tests import holm
from tamiz.metrics.report_blocks import to_values
from tamiz.metrics.subgroup_levels import Levels, levels_of, parse_bins
from tamiz.metrics.subgroups import Subgroups, measure_subgroups
from tamiz.stages.evaluation import Evaluation, Piece
from tamiz.stages.pieces.subgroups_blocks import (
    CENTRE,
    By,
    Seen,
    column_finding,
    column_section,
    column_sentence,
    overview_section,
)


def subgroups_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:
    """Return every figure by each column that `evaluate.by` names, and which columns matter.

    Without such a column it is done by centre, where the source says one.

    Raises:
        WrongUse: a column is not there, or its values are no numbers and bins are asked for.
    """
    columns = columns_by(evaluation.recipe, evaluation.rows)
    if not columns:
        return Piece()
    recipe, predictions = evaluation.recipe, evaluation.predictions
    metric = metric_for(recipe.evaluate.metric, is_multilabel=predictions.is_multilabel)
    made: list[tuple[By, Subgroups]] = []
    alone: list[Paragraph] = []
    for by in columns:
        on_event(Event("evaluate", "progress", text("subgroups.measuring", column=by.words)))
        levels = _levels(evaluation.rows, by)
        if len(levels.names) < 2:
            alone.append(_nothing_to_compare(by, levels))
            continue
        made.append((by, measure_subgroups(predictions, levels, metric, recipe.evaluate)))
    corrected = holm([found.p for _, found in made])
    seen = [Seen(by, found, metric, p) for (by, found), p in zip(made, corrected, strict=True)]
    alpha = 1 - recipe.evaluate.confidence
    sections = [overview_section(seen, alone, alpha)] if seen or alone else []
    sections += [column_section(one, evaluation, alpha) for one in seen]
    findings = tuple(column_finding(one) for one in seen if one.p < alpha and one.worst)
    summary = [Paragraph(column_sentence(one, alpha)) for one in seen]
    values = {str(one.by.asked): _values(one) for one in seen}
    return Piece(tuple(sections), tuple(summary), findings, {"subgroups": values})


def columns_by(recipe: Recipe, rows: Manifest) -> list[By]:
    """Return the columns to form subgroups by, each once.

    Raises:
        WrongUse: one is not there, or says no bins.
    """
    asked = list(dict.fromkeys(word.strip() for word in recipe.evaluate.by if word.strip()))
    if not asked:
        has_centre = CENTRE in rows.column_names
        is_stated = has_centre and any(one is not None for one in rows.column(CENTRE))
        return [By(CENTRE, CENTRE)] if is_stated else []
    return [_understood(word, recipe, rows) for word in asked]


def _understood(word: str, recipe: Recipe, rows: Manifest) -> By:
    names = rows.free_column_names
    column = _column(word, recipe, names)
    if column is not None:
        return By(word, column)
    name, colon, rest = word.rpartition(":")
    column = _column(name.strip(), recipe, names)
    if colon and column is not None:
        return By(word, column, parse_bins(rest.strip(), where=f"evaluate.by: {word}"))
    wanted = name.strip() if colon else word
    if not names:
        raise WrongUse.of("subgroups.no_columns", where=f"evaluate.by: {word}", name=wanted)
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.6)
    raise WrongUse.of(
        "subgroups.unknown_column",
        where=f"evaluate.by: {word}",
        name=wanted,
        suggestion=say("errors.did_you_mean", name=near[0]) if near else "",
        columns=", ".join(names),
    )


def _column(word: str, recipe: Recipe, names: Sequence[str]) -> str | None:
    """Return the manifest's column that `word` names; the centre goes by any of its names."""
    if word in names:
        return word
    is_centre = word == recipe.data.centre or fold(word) in CENTRE_WORDS
    return CENTRE if is_centre and CENTRE in names else None


def _levels(rows: Manifest, by: By) -> Levels:
    return levels_of(rows.column(by.column), by.bins, where=f"evaluate.by: {by.asked}")


def _nothing_to_compare(by: By, levels: Levels) -> Paragraph:
    level = levels.names[0] if levels.names else text("subgroups.not_stated")
    if str(level) == say("subgroups.not_stated"):
        return Paragraph(text("subgroups.nothing_stated", column=by.words))
    return Paragraph(text("subgroups.only_one", column=by.words, level=level))


def _values(one: Seen) -> dict[str, Any]:
    """Return what metrics.json holds of a column: every figure of every level, and the test."""
    worst = one.worst
    return {
        "metric": one.metric.name,
        "levels": {
            script_name(level.name): {
                "n": level.measured.n,
                "n_groups": level.measured.n_groups,
                "absent": list(level.absent),
                **to_values(level.measured.overall),
            }
            for level in one.found.levels
        },
        "worst": None if worst is None else script_name(worst[0].name),
        "p": None if math.isnan(one.found.p) else one.found.p,
        "p_corrected": None if math.isnan(one.p) else one.p,
        "shuffles": one.found.n_shuffles,
        "mean_over_levels": to_values({"": one.found.mean})[""],
    }


def script_name(name: Words) -> str:
    """Return a level's name in metrics.json, the same in any language: '40..50', 'not_stated'."""
    if not isinstance(name, Text):
        return str(name)
    low, high = (name.values.get(end) for end in ("low", "high"))
    if low is None and high is None:
        return name.key.partition(".")[2]
    return "..".join("" if end is None else f"{end:g}" for end in (low, high))
