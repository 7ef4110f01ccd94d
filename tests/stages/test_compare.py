from __future__ import annotations

import json
from typing import Any

import pytest
from tests.end_to_end.conftest import draw_classes
from tests.stages.test_cross_validation import checked

import tamiz
from tamiz.core.errors import WrongUse
from tamiz.stages.evaluate import evaluate
from tamiz.stages.pipeline import keep_recipe
from tamiz.stages.split import split
from tamiz.stages.train import train


def finished(source, out, **settings):
    """Return the folder of an evaluated run."""
    recipe, run = checked(source, out, **settings)
    keep_recipe(run, recipe, {})
    for stage in (split, train, evaluate):
        with run.working_on(stage.__name__, "done", lambda _event: None):
            stage(recipe, run)
    return run.folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return {name: folder}: three steps on the same folds, another split, and other images."""
    folder = tmp_path_factory.mktemp("compared")
    source = draw_classes(folder / "photos", 8)
    other = draw_classes(folder / "others", 8, seed=1)
    return {
        "one": finished(source, folder / "one", train__epochs=1),
        "same": finished(source, folder / "same", train__epochs=1),
        "more": finished(source, folder / "more", train__epochs=12, train__learning_rate=0.02),
        "seed": finished(source, folder / "seed", split__seed=1, train__epochs=1),
        "other": finished(other, folder / "other", train__epochs=1),
    }


def test_each_step_says_what_changed_and_what_it_was_worth(runs):
    report = tamiz.compare([runs["one"], runs["more"]])
    (ladder,) = report.values["ladders"]
    first, second = ladder["runs"]
    assert first["changed"] == {}
    assert first["difference"] is None
    assert second["changed"]["train.epochs"] == ["1", "12"]
    gain = second["oof"]["value"] - first["oof"]["value"]
    assert second["difference"]["value"] == pytest.approx(gain)
    assert second["difference"]["low"] <= gain <= second["difference"]["high"]
    assert second["verdict"] in {"better", "worse", "not shown"}


def test_the_same_recipe_twice_shows_no_difference(runs):
    report = tamiz.compare([runs["one"], runs["same"]])
    second = report.values["ladders"][0]["runs"][1]
    assert second["changed"] == {}
    assert second["difference"]["value"] == 0
    assert second["verdict"] == "not shown"
    tables: Any = report.sections[0].blocks[:2]
    cells = [str(cell) for table in tables for row in table.rows for cell in row]
    assert "no difference shown" in cells
    assert "no setting" in cells
    assert second["p"] == second["p_corrected"] == 1
    assert second["test"] == "mcnemar"


def test_all_comparisons_are_corrected_together_and_the_best_of_many_is_doubted(runs):
    (ladder,) = tamiz.compare([runs["one"], runs["same"], runs["more"]]).values["ladders"]
    rows = ladder["runs"]
    assert ladder["comparisons"] == 3  # above: two; against the best: one more
    (best,) = (one for one in rows if one["run"] == ladder["chosen_on_validation"])
    assert best["against_best"] is None
    tested = [one for row in rows for one in (row, row["against_best"]) if one and one.get("p")]
    assert all(one["p_corrected"] >= one["p"] for one in tested)
    assert ladder["optimism_of_picking_the_best"] > 0


def test_other_images_and_other_splits_stand_apart(runs):
    report = tamiz.compare(list(runs.values()))
    sizes = [len(ladder["runs"]) for ladder in report.values["ladders"]]
    assert sorted(sizes) == [1, 1, 3]
    said: Any = report.summary[0]
    assert "3 ladders" in str(said.text)


def test_the_choice_is_made_on_validation_whatever_the_order(runs):
    by_time, by_score = (
        tamiz.compare([runs["one"], runs["more"]], order).values["ladders"][0]
        for order in ("time", "score")
    )
    best = max(by_time["runs"], key=lambda one: one["val"]["value"])
    assert by_time["chosen_on_validation"] == best["run"] == by_score["chosen_on_validation"]
    assert by_score["runs"][0]["run"] == best["run"]
    blocks: Any = tamiz.compare([runs["one"], runs["more"]]).sections[0].blocks
    words = " ".join(str(block.text) for block in blocks if hasattr(block, "text"))
    assert "Choose on validation only" in words
    assert "Were these 2 runs all equally good" in words


def test_what_is_no_finished_run_is_named_and_left_out(runs, tmp_path):
    (tmp_path / "notes").mkdir()
    report = tamiz.compare([runs["one"], tmp_path / "notes"])
    assert [one["reason"] for one in report.values["left_out"]] == ["holds no run"]


def test_a_run_that_is_not_there_is_an_error(runs, tmp_path):
    with pytest.raises(WrongUse, match="nowhere") as error:
        tamiz.compare([runs["one"], tmp_path / "nowhere"])
    assert error.value.exit_code == 2


def test_a_run_that_was_not_evaluated_or_is_damaged_is_left_out(runs, tmp_path):
    source = draw_classes(tmp_path / "photos", 3)
    _, run = checked(source, tmp_path / "begun")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for name in ("run.json", "recipe.toml", "manifest.parquet", "folds.parquet"):
        (damaged / name).write_bytes((runs["one"] / name).read_bytes())
    (damaged / "metrics.json").write_text("{")
    report = tamiz.compare([runs["one"], run.folder, damaged])
    reasons = {one["run"]: one["reason"] for one in report.values["left_out"]}
    assert "was not evaluated yet" in reasons[str(run.folder)]
    assert str(damaged) in reasons


def test_no_run_at_all_is_an_error_with_a_way_out(tmp_path):
    with pytest.raises(WrongUse) as error:
        tamiz.compare([tmp_path])
    assert "holds no run" in str(error.value)
    assert "tamiz compare runs/*" in str(error.value)


def test_an_unknown_metric_is_refused(runs):
    with pytest.raises(WrongUse, match="acuracy"):
        tamiz.compare([runs["one"]], metric="acuracy")


def test_a_loss_is_ranked_the_other_way_round(runs):
    report = tamiz.compare([runs["one"], runs["more"]], "score", "log-loss")
    values = [one["val"]["value"] for one in report.values["ladders"][0]["runs"]]
    assert values == sorted(values)


def test_comparing_changes_nothing_and_the_page_stands_alone(runs, tmp_path):
    before = {path: path.read_bytes() for path in runs["one"].rglob("*") if path.is_file()}
    report = tamiz.compare([runs["one"], runs["more"]], html_path=tmp_path / "page.html")
    assert {path: path.read_bytes() for path in runs["one"].rglob("*") if path.is_file()} == before
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "epochs: 1 → 12" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    json.dumps(report.to_json())
