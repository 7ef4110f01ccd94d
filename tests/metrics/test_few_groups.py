"""Between 10 and 50 groups the reader is told how often simulated intervals held the truth."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from tamiz.core.language import set_language
from tamiz.data.report import Severity
from tamiz.metrics.interval_words import (
    ENOUGH_GROUPS,
    SIMULATED_COVERAGE,
    few_groups_findings,
)
from tamiz.metrics.intervals import MIN_GROUPS, Measured

RESULT = Path(__file__).parents[2] / "benchmarks" / "results" / "bench_coverage.json"


def of_groups(n_groups: int) -> Measured:
    return Measured({}, {}, 3 * n_groups, n_groups)


def test_what_is_told_is_what_was_simulated():
    found = defaultdict(list)
    for row in json.loads(RESULT.read_text(encoding="utf-8"))["rows"]:
        if row["n_groups"] < ENOUGH_GROUPS:
            found[row["n_groups"]].append(row["coverage_percent"])
    ranges = {n: (min(all_of_n), max(all_of_n)) for n, all_of_n in sorted(found.items())}
    assert dict(SIMULATED_COVERAGE) == ranges, "copy these into metrics/interval_words.py"


@pytest.mark.parametrize(("n_groups", "simulated"), [(10, 10), (19, 10), (20, 20), (49, 30)])
def test_the_simulation_with_as_many_groups_or_fewer_is_quoted(n_groups, simulated):
    (note,) = few_groups_findings(of_groups(n_groups))
    assert note.severity is Severity.NOTE
    lowest, highest = SIMULATED_COVERAGE[simulated]
    assert f"{n_groups} groups are few for intervals: with {simulated} groups" in str(note.what)
    assert f"held the truth in {lowest:.0f} to {highest:.0f} %" in str(note.what)
    assert "50 groups or more" in str(note.advice)


@pytest.mark.parametrize("n_groups", [0, 1, MIN_GROUPS - 1, ENOUGH_GROUPS, 500])
def test_nothing_is_told_where_there_is_no_interval_or_groups_are_enough(n_groups):
    assert few_groups_findings(of_groups(n_groups)) == ()


def test_it_is_told_in_spanish_too():
    (note,) = few_groups_findings(of_groups(25))
    try:
        set_language("es")
        assert "25 grupos son pocos para dar intervalos" in str(note.what)
    finally:
        set_language("en")
