"""The test part is sealed: its labels reach nothing that chooses, and no suspicion.

`explore` describes all rows, before there is a split, and is not asked here.
"""

from __future__ import annotations

import json
import shutil
from typing import Any

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.stages.pipeline import advance, begin, load_stage_report, recipe_of, stage_function

SETTINGS: dict[str, Any] = {
    "train": {"epochs": 2, "batch_size": 16, "threads": 1},
    "evaluate": {"resamples": 100},
    "prepare": {"size_px": 16, "workers": 0},
    "audit": {"depth": "quick"},
    "split": {"given": "respect"},
}
PARTS = ("train", "train", "train", "val", "test")


@pytest.fixture(scope="module")
def divided(tmp_path_factory):
    """Return (run, settings) of a run with a split of its own, in which nothing is planned yet."""
    folder = tmp_path_factory.mktemp("sealed")
    photos = draw_classes(folder / "photos", 20)
    lines = ["path,label,group,split"]
    for path in sorted(photos.rglob("*.png")):
        name = path.relative_to(folder).as_posix()
        part = PARTS[int(path.stem) % len(PARTS)]
        lines.append(f"{name},{path.parent.name},{path.parent.name}-{int(path.stem)},{part}")
    table = folder / "table.csv"
    table.write_text("\n".join(lines) + "\n")
    columns = {"label": "label", "group": "group", "split": "split", "path": "path"}
    run, asked = begin(table, folder / "run", settings={**SETTINGS, "data": columns})
    advance(run, asked, "split")
    return run, asked


def with_other_labels(run: Run, target) -> Run:
    """Return a copy of the run in which the labels of the test part are dealt out anew."""
    shutil.copytree(run.folder, target)
    manifest = Manifest.load(target / "manifest.parquet")
    labels, parts = manifest.column("label"), manifest.column("split")
    test = [at for at, part in enumerate(parts) if part == "test"]
    shuffled = np.random.default_rng(0).permutation(len(test))
    others = list(labels)
    for at, donor in zip(test, shuffled, strict=True):
        others[at] = labels[test[donor]]
    assert others != labels
    manifest.with_columns({"label": others}).save(target / "manifest.parquet")
    return Run(target)


def figures(run: Run, asked, stages):
    """Return what the stages say, made anew, without the name of the run's folder."""
    recipe = recipe_of(run, asked)
    made = {}
    for stage in stages:
        report = stage_function(stage)(recipe, run, lambda _: None)
        made[stage] = json.dumps(report.values, sort_keys=True, default=str)
    return {stage: words.replace(str(run.folder), "RUN") for stage, words in made.items()}


def untimed(found):
    """Return the figures without those of the clock, which no label changes."""
    if isinstance(found, dict):
        return {
            name: untimed(value)
            for name, value in found.items()
            if name != "time" and not name.endswith("seconds")
        }
    return [untimed(one) for one in found] if isinstance(found, list) else found


def test_what_is_planned_and_trained_knows_no_label_of_the_test_part(divided, tmp_path):
    run, asked = divided
    one, other = (
        Run(shutil.copytree(run.folder, tmp_path / "one")),
        with_other_labels(run, tmp_path / "other"),
    )
    for copy in (one, other):
        advance(copy, asked, "train")
    weights = "model/weights.safetensors"
    assert (one.folder / weights).read_bytes() == (other.folder / weights).read_bytes()
    assert one.recipe_path.read_bytes() == other.recipe_path.read_bytes()

    lines = [(copy.folder / "history.jsonl").read_text().splitlines() for copy in (one, other)]
    assert len(lines[0]) == SETTINGS["train"]["epochs"]
    first, second = ([untimed(json.loads(line)) for line in some] for some in lines)
    assert first == second
    for stage in ("plan", "train"):
        values = [untimed(load_stage_report(copy, stage).values) for copy in (one, other)]
        assert values[0] == values[1]


def test_clean_and_audit_say_the_same_whatever_the_labels_of_the_test_part(divided, tmp_path):
    run, asked = divided
    other = with_other_labels(run, tmp_path / "run")
    looking = ("clean", "audit")
    assert figures(other, asked, looking) == figures(run, asked, looking)
