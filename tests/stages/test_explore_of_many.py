"""`explore` of more images than can be looked at: a fair sample of pixels, every label counted."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from tamiz.core.events import ignore
from tamiz.data.report import Finding, Findings
from tamiz.stages import explore as explore_module
from tamiz.stages.measuring import sketches_of
from tamiz.stages.pipeline import advance, begin, recipe_of


@pytest.fixture
def run(tmp_path):
    """Return a run on 24 photos of two classes, 20 and 4, indexed and checked."""
    rng = np.random.default_rng(0)
    for number in range(24):
        folder = tmp_path / "photos" / ("cat" if number < 20 else "dog")
        folder.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (20, 20, 3), dtype=np.uint8)
        PIL.Image.fromarray(pixels).save(folder / f"{number}.png")
    made, asked = begin(tmp_path / "photos", tmp_path / "run")
    advance(made, asked, "check")
    return made, asked


def test_a_sample_is_the_same_each_time_and_in_the_order_of_the_rows(run):
    made, asked = run
    recipe = recipe_of(made, asked)
    first = sketches_of(recipe, made, ignore, most=7).rows.column("item")
    assert first == sketches_of(recipe, made, ignore, most=7).rows.column("item")
    every = made.manifest().column("item")
    assert first == [item for item in every if item in set(sorted(every)[:7])]
    assert sketches_of(recipe, made, ignore, most=24).rows.column("item") == every


def test_the_report_says_how_many_were_looked_at_and_counts_all_labels(run, monkeypatch):
    made, asked = run
    monkeypatch.setattr(explore_module, "MOST_SEEN", 10)
    told: list[dict[str, int]] = []

    def label_findings(counts: dict[str, int]) -> list[Finding]:
        told.append(counts)
        return []

    monkeypatch.setattr(explore_module, "label_findings", label_findings)
    report = advance(made, asked, "explore")
    findings = [one for b in report.summary if isinstance(b, Findings) for one in b.findings]
    words = [str(one.what) for one in findings]
    assert any("10 of 24 images" in one for one in words)
    assert told[0] == {"cat": 20, "dog": 4}
    assert report.values["explore"]["images"]["n"] == 10


def test_without_a_sample_nothing_is_said_of_one(run):
    made, asked = run
    report = advance(made, asked, "explore")
    assert "drawn by their ids" not in str(report.summary)
