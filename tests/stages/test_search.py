from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event
from tamiz.core.recipe_io import load_recipe
from tamiz.data.run_folder import Run
from tamiz.stages.pipeline import begin
from tamiz.stages.search import SearchHow, search

SETTINGS: dict[str, Any] = {
    "model": {"name": "softmax"},
    "train": {"epochs": 3, "batch_size": 16, "threads": 1},
    "split": {"val_fraction": 0.3},
    "evaluate": {"resamples": 100},
    "audit": {"depth": "quick"},
    "clean": {"near_duplicates": False, "only": ["odd_size"]},
    "prepare": {"size_px": 16, "workers": 0},
}
RANGES = ("train.learning_rate=1e-5..1e-1", "train.optimiser=adam,sgd")


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    return draw_classes(tmp_path_factory.mktemp("search") / "photos", 30)


def searched(source, out, on_event=lambda _: None, settings=SETTINGS, **how):
    how = {"ranges": RANGES, "is_only_search": True, **how}
    run, asked = begin(source, out, settings=settings)
    return search(run, asked, SearchHow(**how), on_event)


def records(out):
    """Return what every finished trial tried and how it did, its seconds apart."""
    found = [json.loads(path.read_text()) for path in sorted(out.glob("search/trials/*.json"))]
    return [{name: one[name] for name in one if name != "seconds"} for one in found]


@pytest.fixture(scope="module")
def whole(photos, tmp_path_factory):
    """Return (folder, report) of a search of six trials that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "run"
    return out, searched(photos, out, n_trials=6, is_only_search=False)


@pytest.fixture
def out(whole, tmp_path):
    """Return a run that is planned, and in which nothing was searched yet."""
    left = shutil.ignore_patterns("search", "best")
    return shutil.copytree(whole[0], tmp_path / "run", ignore=left)


def test_the_winner_is_the_best_on_validation_and_measured_on_other_images(whole):
    out, report = whole
    values = report.values["search"]
    done = [one for one in records(out) if one["value"] is not None]
    best = max(done, key=lambda one: one["value"])
    assert values["best"] == best["number"]
    assert values["compared"]["value"] == best["value"]
    assert values["n_trials"] == 6
    assert abs(values["compared"]["n"] - values["fresh"]["n"]) <= 6
    assert values["gain"]["value"] == pytest.approx(
        values["fresh"]["value"] - values["fresh_planned"]["value"]
    )


def test_trials_never_see_the_images_that_measure_the_winner_nor_the_test_part(whole):
    from tamiz.data.predictions import Predictions

    out, _ = whole
    manifest = Run(out).manifest()
    val = set(manifest.where(split="val").column("item"))
    for path in (out / "search" / "trials").glob("*.parquet"):
        seen = set(Predictions.load(path).item)
        assert seen < val
        assert len(seen) < 0.7 * len(val)
    assert not Run(out).state().get("test_looks")


def test_the_best_recipe_gives_its_reason_and_is_trained_and_tested_once(whole):
    out, report = whole
    values = report.values["search"]
    recipe = load_recipe(out / "search" / "recipe.toml")
    assert recipe.train.learning_rate == values["best_values"]["train.learning_rate"]
    written = (out / "search" / "recipe.toml").read_text()
    assert "of 6 trials on validation" in written or "none of 6 trials" in written
    best = Run(out / "best")
    assert best.recipe() == recipe
    assert len(best.state()["test_looks"]) == 1
    assert report.values["test"]["accuracy"]["n"] > 0
    assert best.manifest().digest() == Run(out).manifest().digest()


def test_asking_again_does_nothing_anew_and_looks_at_the_test_part_no_second_time(whole, photos):
    out, report = whole
    before = records(out)
    again = searched(photos, out, n_trials=6, is_only_search=False)
    assert records(out) == before
    assert again.values["search"] == report.values["search"]
    assert len(Run(out / "best").state()["test_looks"]) == 1


def test_another_search_does_not_mix_with_the_one_that_is_there(whole, photos):
    out, _ = whole
    with pytest.raises(WrongUse, match="holds a search over other fields") as error:
        searched(photos, out, n_trials=6, ranges=RANGES[:1])
    assert "train.learning_rate=1e-05..0.1, train.optimiser=adam,sgd" in str(error.value)


SCRIPT = """
import sys
from pathlib import Path
from tests.stages.test_search import searched
searched(Path(sys.argv[1]), Path(sys.argv[2]), n_trials=6)
"""


def test_a_search_killed_in_the_middle_goes_on_as_if_it_had_not_been(whole, photos, out):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SCRIPT, str(photos), str(out)]
    job = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while len(list(out.glob("search/trials/*.json"))) < 3 and time.monotonic() < until:
        if job.poll() is not None:
            break
        time.sleep(0.01)
    job.send_signal(signal.SIGKILL)
    job.communicate()
    n_done = len(records(out))
    assert 3 <= n_done < 7
    searched(photos, out, n_trials=6)
    assert records(out) == records(whole[0])


def test_ctrl_c_ends_with_the_best_so_far_and_leaves_the_test_part_alone(photos, out):
    def interrupt(event: Event) -> None:
        if event.kind == "note" and event.stage == "search" and event.done == 2:
            raise KeyboardInterrupt

    report = searched(photos, out, interrupt, n_trials=6, is_only_search=False)
    assert report.values["search"]["ended"] == "stopped"
    assert report.values["search"]["n_trials"] == 2
    assert "The same command goes on from here" in str(report.summary[0].text)
    assert (out / "search" / "recipe.toml").is_file()
    assert not (out / "best").exists()


def test_a_budget_that_is_spent_tries_the_planned_recipe_only(photos, out):
    report = searched(photos, out, budget="0.01s")
    assert report.values["search"]["ended"] == "budget"
    assert report.values["search"]["best"] == 0
    assert "better than the recipe as planned" in str(report.summary[2].text)


def test_a_space_of_two_points_is_searched_once_and_no_more(photos, out):
    report = searched(photos, out, n_trials=20, ranges=("train.schedule=constant,linear",))
    assert report.values["search"]["ended"] == "exhausted"
    assert report.values["search"]["n_trials"] <= 2


def test_rates_that_diverge_are_told_and_never_best(photos, out):
    settings = {**SETTINGS, "model": {"name": "mlp"}}
    settings["train"] = {**SETTINGS["train"], "optimiser": "sgd"}
    report = searched(
        photos, out, n_trials=3, settings=settings, ranges=("train.learning_rate=9e5..1e6",)
    )
    values = report.values["search"]
    assert values["best"] == 0
    failed = [one for one in values["trials"] if one["state"] == "failed"]
    assert len(failed) == 3
    assert "loss" in failed[0]["reason"]


def test_a_validation_part_too_small_to_divide_is_refused(tmp_path):
    source = draw_classes(tmp_path / "few", 6)
    with pytest.raises(WrongData, match="cannot be divided into one half") as error:
        searched(source, tmp_path / "run", n_trials=1)
    assert "--val-fraction" in error.value.fix


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, "neither a time nor a number of trials"),
        ({"n_trials": 0}, "at least one trial"),
        ({"budget": "2"}, "no span of time"),
    ],
)
def test_a_search_without_a_usable_limit_is_refused(how, told, tmp_path):
    with pytest.raises(WrongUse, match=told):
        SearchHow(**how).seconds()


def test_networks_that_read_slides_are_refused(photos, tmp_path):
    from dataclasses import replace

    from tamiz.core.recipe import ModelOptions, Recipe
    from tamiz.stages.search import _bench

    recipe = replace(Recipe(), model=ModelOptions("mil"))
    with pytest.raises(WrongUse, match="whole slides cannot be searched"):
        _bench(Run(tmp_path), recipe, SearchHow(n_trials=1))
