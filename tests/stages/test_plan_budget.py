from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.end_to_end.conftest import draw_classes

from tamiz.core.language import current_language, set_language
from tamiz.core.recipe_io import Tables
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.engine.costing import Cost, StageCost
from tamiz.stages.pipeline import advance, begin, merge_tables, recipe_of
from tamiz.stages.plan import plan
from tamiz.stages.planning import budget as plan_budget
from tamiz.stages.planning import contest as plan_contest
from tamiz.stages.planning.budget import Load


def load_of(epoch_s: float, once_s: float = 0.0) -> Load:
    """Return the load of 100 images whose epochs take `epoch_s` seconds."""
    cost = Cost((StageCost(once_s / 100, epoch_s / 100, 0.0, 1),), 1, 1)
    return Load(cost, 0.0, 100, 0, 1, decodes_again=False, prepared_bytes=1, step_bytes=1)


@pytest.fixture
def timed(monkeypatch):
    """Let an epoch take 1 s at 64 px, in proportion to the area elsewhere."""

    def weigh(draft, _train, _facts, _limit):
        pairs = 2.0 if draft.recipe.model.options.get("residual") else 1.0
        return load_of(pairs * (draft.recipe.prepare.size_px / 64) ** 2)

    monkeypatch.setattr(plan_budget, "weigh", weigh)


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    return draw_classes(tmp_path_factory.mktemp("drawn") / "photos", 20)


def draw_large(folder: Path, n_per_class: int, side: int) -> Path:
    """Write the drawn classes larger: `side` px."""
    drawn = draw_classes(folder, n_per_class)
    for path in drawn.rglob("*.png"):
        with Image.open(path) as opened:
            made = opened.resize((side, side))
        made.save(path)
    return drawn


@pytest.fixture(scope="module")
def divided(tmp_path_factory):
    """Return a function that gives a run on this source that is split, made once for each."""
    known: dict[Path, Path] = {}

    def give(source: Path, folder: Path) -> None:
        if source not in known:
            known[source] = tmp_path_factory.mktemp("divided") / "run"
            run, asked = begin(source, known[source])
            advance(run, asked, "split")
        shutil.copytree(known[source], folder)

    return give


@pytest.fixture
def planned(divided):
    """Return a function that plans in a folder with settings, and gives run and report."""

    def do(source: Path, folder: Path, settings: Tables):
        if not folder.exists():
            divided(source, folder)
        run, asked = begin(source, folder, settings=settings)
        run.remember(asked=merge_tables(run.state()["asked"], asked))
        return run, plan(recipe_of(run, asked), run)

    return do


def test_epochs_that_fit_leave_a_margin():
    load = load_of(2.0, once_s=10.0)
    n = load.epochs_within(100.0)
    assert load.seconds(n) <= 100.0 / 1.2
    assert load.seconds(n + 1) * plan_budget.SAFETY > 100.0
    assert load.epochs_within(100.0, is_warm=True) > n
    assert load.epochs_within(5.0) == 0


@pytest.mark.usefixtures("timed")
def test_more_time_never_means_fewer_epochs_and_the_time_holds(planned, source, tmp_path):
    epochs = []
    for number, minutes in enumerate((0.1, 0.15, 0.3, 0.6, 2.0, 20.0)):
        run, report = planned(source, tmp_path / str(number), {"train": {"minutes": minutes}})
        recipe = run.recipe()
        epochs.append(recipe.train.epochs)
        assert report.values["time"]["whole_s"] <= 60 * minutes
        assert recipe.train.max_minutes is not None
    assert epochs == sorted(epochs)
    assert epochs[0] < epochs[-1]


@pytest.mark.usefixtures("timed")
def test_where_there_is_little_time_large_images_are_made_smaller(planned, tmp_path, monkeypatch):
    monkeypatch.setattr(plan_contest, "_terms", lambda *_: None)  # no time for trials
    large = draw_large(tmp_path / "large", 12, 100)
    sizes, epochs = [], []
    for number, minutes in enumerate((0.1, 0.25, 0.4, 1.0)):
        run, _ = planned(large, tmp_path / str(number), {"train": {"minutes": minutes}})
        sizes.append(run.recipe().prepare.size_px)
        epochs.append(run.recipe().train.epochs)
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1]) == (32, 64)
    assert epochs[-1] >= 15


def test_where_not_even_one_epoch_fits_the_least_is_done_and_named(
    planned, source, tmp_path, monkeypatch
):
    monkeypatch.setattr(plan_budget, "weigh", lambda *_: load_of(30.0))
    run, report = planned(source, tmp_path / "run", {"train": {"minutes": 0.2}})
    assert run.recipe().train.epochs == 1
    assert "Not even one epoch surely fits into 0.2 minutes" in notes_in(report)
    run, report = planned(source, tmp_path / "other", {"train": {"minutes": 1.0}})
    assert run.recipe().train.epochs == 1
    assert "Not even one epoch" not in notes_in(report)


def notes_in(report) -> str:
    section = next(one for one in report.sections if one.anchor == "validation")
    return " ".join(str(one.what) for one in section.blocks[-1].findings)


@pytest.mark.usefixtures("timed")
def test_what_the_user_fixed_stays_and_is_said_to_be_too_much(planned, source, tmp_path):
    settings: Tables = {"train": {"minutes": 0.2, "epochs": 500}}
    run, report = planned(source, tmp_path / "run", settings)
    assert run.recipe().train.epochs == 500
    assert "more than the 0.2 given" in notes_in(report)


def test_without_a_time_nothing_timed_decides(planned, source, tmp_path, monkeypatch):
    run, report = planned(source, tmp_path / "run", {})
    monkeypatch.setattr(plan_budget, "weigh", lambda *_: load_of(1e6))
    other, _ = planned(source, tmp_path / "other", {})
    assert run.recipe_path.read_bytes() == other.recipe_path.read_bytes()
    assert report.values["time"]["whole_s"] > 0
    assert run.recipe().train.max_minutes is None


@pytest.mark.usefixtures("timed")
def test_another_time_makes_another_plan_in_the_same_folder(divided, source, tmp_path):
    divided(source, tmp_path / "run")
    made = []
    for minutes in (0.1, 5.0):
        run, asked = begin(source, tmp_path / "run", settings={"train": {"minutes": minutes}})
        advance(run, asked, "plan")
        made.append(run.recipe().train)
    few, many = made
    assert many.epochs > few.epochs
    assert (many.max_minutes or 0) > (few.max_minutes or 0)


def poison(run: Run) -> None:
    """Make the test part's files garbage and its labels those of another class."""
    manifest = run.manifest()
    is_test = [part == "test" for part in manifest.column("split")]
    labels = [
        "round" if bad else label
        for label, bad in zip(manifest.column("label"), is_test, strict=True)
    ]
    for path, bad in zip(manifest.column("path"), is_test, strict=True):
        if bad:
            (manifest.root / path).write_bytes(b"no image")
    manifest.with_columns({"label": labels}).save(run.manifest_path)


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("minutes", [None, 1.0])
def test_a_poisoned_test_part_changes_nothing(tmp_path, minutes):
    source = draw_classes(tmp_path / "photos", 20)
    settings: Tables = {"train": {"minutes": minutes, "max_minutes": 9.0}} if minutes else {}
    written, widths = [], []
    for name in ("clean", "poisoned"):
        run, asked = begin(source, tmp_path / name, settings=settings)
        advance(run, asked, "split")
        if name == "poisoned":
            poison(run)
        report = plan(recipe_of(run, asked), run)
        written.append(run.recipe_path.read_bytes())
        widths.append(report.values["half_width"])
    assert written[0] == written[1]
    assert widths[0] == widths[1]


def test_the_report_has_fingerprint_choices_widths_and_time_in_both_languages(
    planned, source, tmp_path
):
    _, report = planned(source, tmp_path / "run", {})
    anchors = [section.anchor for section in report.sections]
    assert anchors == ["fingerprint", "plan", "validation", "time"]
    before, told = current_language(), []
    for language in ("en", "es"):
        set_language(language)
        told.append([str(why) for *_, why in report.summary[0].rows])
        told[-1].append(str(report.sections[0].title))
    set_language(before)
    assert all(one and other and one != other for one, other in zip(*told, strict=True))


def test_few_tested_groups_are_said_to_be_few_and_folds_recommended(planned, source, tmp_path):
    _, report = planned(source, tmp_path / "run", {})
    section = next(one for one in report.sections if one.anchor == "validation")
    (finding,) = section.blocks[-1].findings
    assert "The test part is small" in str(finding.what)
    assert finding.command == "tamiz run {run} --folds 5"
    width = report.values["half_width"]
    assert width["folds"]["0.9"] < width["test"]["0.9"]


def test_an_uneven_set_is_told_and_neither_metric_nor_loss_is_changed(planned, tmp_path):
    source = draw_classes(tmp_path / "photos", 40)
    some = sorted(path for path in source.iterdir() if path.is_dir())[0]
    for path in sorted(some.iterdir())[8:]:
        path.unlink()
    run, report = planned(source, tmp_path / "run", {})
    recipe = run.recipe()
    assert (recipe.evaluate.metric, recipe.train.balance) == ("accuracy", "none")
    assert commands_in(report) >= {"tamiz run {run} --metric balanced_accuracy"}
    _, report = planned(source, tmp_path / "own", {"evaluate": {"metric": "balanced_accuracy"}})
    assert "--metric balanced_accuracy" not in commands_in(report)


def commands_in(report) -> set[str]:
    section = next(one for one in report.sections if one.anchor == "validation")
    return {str(one.command) for one in section.blocks[-1].findings}


def few_of(weights: Path) -> Tables:
    """Return settings of small trainings in which both ways fit."""
    return {
        "train": {"minutes": 2.0, "batch_size": 8},
        "model": {"weights": str(weights)},
        "prepare": {"size_px": 32},
    }


@pytest.fixture
def weights(tmp_path) -> Path:
    """Return a file of random weights that is named like the network it belongs to."""
    from safetensors.torch import save_file
    from torchvision.models import squeezenet1_1

    path: Path = tmp_path / "squeezenet1_1_random.safetensors"
    save_file(squeezenet1_1(weights=None).state_dict(), path)
    return path


def test_both_ways_are_tried_on_the_validation_part_and_the_reason_has_both_figures(
    tmp_path, weights, monkeypatch
):
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(plan_budget, "weigh", lambda *_: load_of(0.01))
    source = draw_large(tmp_path / "photos", 12, 80)
    run, asked = begin(source, tmp_path / "run", settings=few_of(weights))
    advance(run, asked, "split")
    poison(run)
    report = plan(recipe_of(run, asked), run)
    tried = report.values["trials"]
    assert {one["model"] for one in tried} == {"small", "torchvision:squeezenet1_1"}
    n_val = len(run.manifest().where(split="val"))
    assert all(one["n"] == n_val for one in tried)
    best = max(one["value"] for one in tried)
    recipe = recipe_of(run, asked)
    assert recipe.model.name in {one["model"] for one in tried if one["value"] == best}
    assert recipe.model.weights == ("none" if recipe.model.name == "small" else str(weights))
    assert "tried on the validation part" in run.recipe_path.read_text(encoding="utf-8")


def test_a_weights_file_without_a_name_means_its_network_frozen(planned, source, tmp_path, weights):
    run, _ = planned(source, tmp_path / "run", {"model": {"weights": str(weights)}})
    recipe = run.recipe()
    assert recipe.model.name == "torchvision:squeezenet1_1"
    assert recipe.train.stages == ["head"]


@pytest.mark.usefixtures("timed")
def test_weights_of_another_network_are_set_aside_where_images_are_small(
    planned, source, tmp_path, weights
):
    settings: Tables = {"train": {"minutes": 1.0}, "model": {"weights": str(weights)}}
    run, _ = planned(source, tmp_path / "run", settings)
    recipe = run.recipe()
    assert (recipe.model.name, recipe.model.weights) == ("small", "none")


def test_only_the_size_of_the_test_part_is_known(divided, source, tmp_path):
    divided(source, tmp_path / "run")
    run, asked = begin(source, tmp_path / "run")
    seen: list[str] = []
    plain = Manifest.where

    def watched(self, **wanted):
        if "fate" not in wanted:  # rows of no part yet, at which `index` looks
            seen.append(str(wanted.get("split")))
        return plain(self, **wanted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "where", watched)
        advance(run, asked, "plan")
    assert "test" not in seen
    assert np.unique(seen).tolist() == ["train", "val"]
