"""What was looked at once is not looked at again."""

from __future__ import annotations

from tamiz.data.run_folder import Run
from tamiz.stages.measuring import looks_of
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.testing.sources import class_folders


def test_looks_are_measured_once_and_taken_up_by_every_later_stage(tmp_path):
    run, asked = begin(class_folders(tmp_path / "photos"), tmp_path / "run")
    advance(run, asked, "explore")
    told: list[object] = []
    seen = looks_of(recipe_of(run, asked), Run(tmp_path / "run"), told.append)
    assert len(seen.rows) == 6
    assert told == []
