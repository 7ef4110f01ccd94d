"""`lr-range`: it suggests, shows and writes what was asked for, and leaves the run as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.cli.main import main
from tamiz.core.errors import WrongUse
from tamiz.core.language import has_text
from tamiz.core.recipe_io import Tables
from tamiz.data.report import Chart, Report
from tamiz.data.run_folder import Run
from tamiz.engine.lr_range import RangeTest, make_range_test
from tamiz.stages.lr_range import lr_range
from tamiz.stages.pipeline import advance, begin

QUICK: Tables = {
    "audit": {"depth": "quick"},
    "clean": {"near_duplicates": False, "only": ["odd_size"]},
    "train": {"epochs": 1, "batch_size": 8, "threads": 1, "device": "cpu", "precision": "float32"},
    "model": {"name": "small", "options": {"widths": [4, 8]}},
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Return a run that is planned; each test works in a copy."""
    folder = tmp_path_factory.mktemp("lr-range")
    run, asked = begin(draw_classes(folder / "photos", 12), folder / "run", settings=QUICK)
    advance(run, asked, "plan")
    return run.folder


@pytest.fixture
def copied(planned, tmp_path):
    """Return a function that copies the planned run."""

    def copy(name="run"):
        return Path(shutil.copytree(planned, tmp_path / name))

    return copy


@pytest.fixture
def curve(monkeypatch):
    """Return a setter of what the range test sees, so that a stage's test needs no training."""

    def set_to(**facts):
        rates = np.geomspace(1e-7, 10, 100)
        x = np.log10(rates)
        losses = 2.3 - 0.5 * np.clip(x + 4, 0, 2.5) + 4 * np.clip(x + 1.5, 0, None)
        made = make_range_test(rates, losses, **facts)
        monkeypatch.setattr("tamiz.engine.lr_range.range_test", lambda *_a, **_k: made)
        return made

    return set_to


def suggest(folder, settings=None, **options):
    run, asked = begin(folder, None, settings=settings)
    return run, lr_range(run, asked, **options)


def words_of(report):
    return json.dumps(report.to_json(), ensure_ascii=False)


def test_real_test_leaves_training_as_it_would_have_been(copied):
    run, report = suggest(copied("a"))
    assert report.values["lr-range"]["rates"][0] == pytest.approx(1e-7)
    assert (run.folder / "lr-range.png").read_bytes().startswith(b"\x89PNG")
    weights = []
    for folder in (run.folder, copied("b")):
        run, asked = begin(folder, None)
        advance(run, asked, "train")
        weights.append((run.model_folder / "weights.safetensors").read_bytes())
    assert weights[0] == weights[1]


def test_recipe_is_untouched_and_the_command_is_told(copied, curve):
    found = curve()
    run, report = suggest(copied())
    value = report.values["lr-range"]["learning_rate"]
    assert value == pytest.approx(found.suggestion, rel=0.06)
    assert run.recipe().train.learning_rate != value
    assert f"--set train.learning_rate={value:g}" in words_of(report)
    again = Report.load(run.report_folder / "stages" / "lr-range")
    (chart,) = [block for block in again.sections[0].blocks if isinstance(block, Chart)]
    assert chart.log_x
    assert len(chart.series) == 2


def test_asked_to_it_writes_the_rate_into_the_recipe_and_training_uses_it(copied, curve):
    curve()
    run, report = suggest(copied(), is_applied=True)
    value = report.values["lr-range"]["learning_rate"]
    assert Run(run.folder).recipe().train.learning_rate == value
    run, asked = begin(run.folder, None)
    advance(run, asked, "plan")
    assert run.recipe().train.learning_rate == value


def test_rate_of_a_gentler_stage_is_told_as_the_recipe_means_it(copied, curve):
    found = curve(part="all", share=0.1)
    _, report = suggest(copied())
    assert report.values["lr-range"]["learning_rate"] == pytest.approx(
        10 * found.suggestion, rel=0.06
    )


def test_stage_with_a_rate_of_its_own_is_told_to_be_changed_there(copied, curve):
    curve(part="head", share=None)
    settings = {"train": {"stages": ["head:1:1e-3"]}}
    _, report = suggest(copied(), settings, is_applied=True)
    assert report.values["lr-range"]["learning_rate"] is None
    assert not report.values["lr-range"]["applied"]
    assert "head:EPOCHS:" in words_of(report)


@pytest.mark.parametrize(("losses", "words"), [([2.0] * 100, "at none"), ([], "is no number")])
def test_loss_that_does_not_fall_gives_advice_instead(copied, monkeypatch, losses, words):
    made: RangeTest = make_range_test(np.geomspace(1e-7, 10, len(losses) or 1), losses or [np.nan])
    monkeypatch.setattr("tamiz.engine.lr_range.range_test", lambda *_a, **_k: made)
    _, report = suggest(copied(), is_applied=True)
    assert words in words_of(report)
    assert report.values["lr-range"]["suggestion"] is None


def test_networks_that_read_slides_are_refused_before_any_work(tmp_path):
    source = draw_classes(tmp_path / "photos", 2)
    run, asked = begin(source, tmp_path / "run", settings={"model": {"name": "mil"}})
    with pytest.raises(WrongUse, match="mil reads slides"):
        lr_range(run, asked)
    assert not run.exists


def test_every_rule_has_its_words():
    found = make_range_test(np.geomspace(1e-7, 10, 100), np.linspace(2, 1, 100))
    assert found.by_rule
    assert all(has_text(f"watching.lr_rule_{name}") for name in found.by_rule)


def test_command_line_tells_the_suggestion_as_json(copied, curve, capsys):
    curve()
    options = ["--set", "train.batch_size=8", "--quiet", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(["lr-range", str(copied()), *options])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["values"]["lr-range"]["learning_rate"] > 0
