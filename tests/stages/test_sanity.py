"""A planted world: patients look alike only to themselves, labels are theirs at random.

Nothing about the label can be learnt but by knowing the patient, and the centre goes with the
label.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, ignore
from tamiz.core.files import write_json
from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions, Recipe
from tamiz.data.manifest import Manifest
from tamiz.data.predictions import Predictions
from tamiz.data.run_folder import Run
from tamiz.stages.experiments import training as sanity_training
from tamiz.stages.experiments.curve import Point, continued, recipe_for
from tamiz.stages.experiments.kinds import background_outcome, shuffled_outcome
from tamiz.stages.experiments.parts import (
    HELD,
    Material,
    naive_parts,
    safe_parts,
    shuffled_labels,
    some_of,
)
from tamiz.stages.pipeline import advance, begin, keep_recipe, recipe_of
from tamiz.stages.sanity import Sanity, sanity
from tamiz.stages.train import train_rows

N_PATIENTS, N_EACH = 80, 3
SETTINGS: dict[str, Any] = {
    "model": {"name": "softmax"},
    "train": {"epochs": 12, "batch_size": 16, "threads": 1, "learning_rate": 0.02, "guard": False},
    "split": {"val_fraction": 0.15},
    "evaluate": {"resamples": 200},
    "audit": {"depth": "quick"},
    "clean": {"near_duplicates": False, "only": ["odd_size"]},
    "prepare": {"size_px": 8, "workers": 0, "channels": 1},
}
OPTIONS = EvaluateOptions(resamples=200)


def draw_patients(folder):
    """Write images and a table; 4 in 5 patients of centre A are ill, 1 in 5 of centre B."""
    rng = np.random.default_rng(0)
    lines = ["path,label,patient,hospital"]
    for patient in range(N_PATIENTS):
        own = rng.integers(0, 256, (8, 8))
        centre = "AB"[patient % 2]
        is_ill = (patient // 2) % 5 < 4 if centre == "A" else (patient // 2) % 5 >= 4
        for number in range(N_EACH):
            pixels = (own + rng.normal(0, 12, (8, 8))).clip(0, 255).astype(np.uint8)
            name = f"{patient:02d}-{number}.png"
            PIL.Image.fromarray(pixels).save(folder / name)
            lines.append(f"{name},{'ill' if is_ill else 'well'},p{patient},{centre}")
    table = folder / "table.csv"
    table.write_text("\n".join(lines) + "\n")
    return table


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Return (folder of the images, folder of a trained run on them)."""
    folder = tmp_path_factory.mktemp("planted")
    data = {"path": "path", "label": "label", "group": "patient", "centre": "hospital"}
    table = draw_patients(folder)
    run, asked = begin(table, folder / "run", settings={**SETTINGS, "data": data})
    advance(run, asked, "split")
    with run.opened("a plan without its measurements"), run.working_on("plan", "", ignore):
        keep_recipe(run, recipe_of(run, asked), {})
    advance(run, asked, "train")
    figure = {"value": 0.75, "low": 0.7, "high": 0.8, "n": 36, "n_groups": 12, "method": "wilson"}
    write_json(run.folder / "metrics.json", {"test": {"accuracy": figure}})
    return folder, run.folder


@pytest.fixture(scope="module")
def shown(planted, tmp_path_factory):
    """Return (run, report) of all experiments, three repeats."""
    run = copy_of(planted[1], tmp_path_factory.mktemp("shown") / "run")
    return run, sanity(run, Sanity(seeds=3))


def copy_of(folder, target) -> Run:
    return Run(shutil.copytree(folder, target))


def material(n_groups=40, n_each=3, **columns) -> Material:
    n = n_groups * n_each
    groups = [f"g{at // n_each:03d}" for at in range(n)]
    labels = ["b" if at // n_each % 4 == 0 else "a" for at in range(n)]
    made = {"path": [f"{at}.png" for at in range(n)], "label": labels, "group": groups}
    rows = Manifest.from_columns({**made, **columns}, root=Path())
    return Material(rows, tuple(f"group:{one}" for one in groups), 0, 0.2)


def test_a_leak_by_groups_shows_as_what_the_naive_split_gains(shown):
    _, report = shown
    found = report.values["sanity"]["experiments"]["naive-split"]
    assert found["accuracy"]["value"] > 0.8
    assert found["difference"]["low"] > 0.1
    assert "wrong way" in found["verdict"]


def test_shuffled_labels_fall_to_chance(shown):
    _, report = shown
    found = report.values["sanity"]["experiments"]["shuffled-labels"]
    assert found["is_at_chance"]
    assert found["accuracy"]["low"] <= found["chance"] <= found["accuracy"]["high"]
    assert report.values["sanity"]["valid"]


def test_a_centre_that_goes_with_the_label_is_told(shown):
    _, report = shown
    found = report.values["sanity"]["experiments"]["centre-only"]["centre"]
    assert found["auroc"]["low"] > 0.55
    assert found["verdict"].startswith("tells the label")
    said = [str(block) for block in report.summary]
    assert any("centre" in words for words in said)


def test_the_run_s_own_figure_is_the_one_that_was_stored(shown):
    _, report = shown
    real = report.values["sanity"]["real"]
    assert (real["accuracy"]["value"], real["accuracy"]["n_groups"]) == (0.75, 12)
    assert real["auroc"] is None


def test_each_centre_is_left_out_and_every_figure_has_groups(shown):
    _, report = shown
    found = report.values["sanity"]["experiments"]
    assert set(found["leave-one-centre-out"]["centres"]) == {"A", "B"}
    for name in ("group-safe", "shuffled-labels", "naive-split", "background-only"):
        assert found[name]["accuracy"]["n_groups"] >= 10, name
    assert len(found["learning-curve"]["groups"]) == 4


def test_the_page_and_the_figures_lie_in_the_run(shown):
    run, report = shown
    page = (run.folder / "sanity" / "report.html").read_text()
    assert "Sanity experiments" in page
    assert json.loads((run.folder / "sanity" / "sanity.json").read_text())["seeds"] == 3
    assert not (run.folder / "sanity" / "cache").exists()
    assert report.stage == "sanity"


def test_what_was_trained_once_is_not_trained_again(shown, monkeypatch):
    run, report = shown
    monkeypatch.setattr(sanity_training, "train_rows", lambda *_, **__: pytest.fail("trained"))
    events: list[Event] = []
    again = sanity(run, Sanity(seeds=3), events.append)
    assert again.values == report.values
    assert any("trainings are there already" in str(event.text) for event in events)


def test_a_stopped_call_goes_on_where_it_was_and_ends_the_same(planted, tmp_path, monkeypatch):
    how = Sanity(only=("naive-split",))
    whole = sanity(copy_of(planted[1], tmp_path / "whole"), how)
    run, trained = copy_of(planted[1], tmp_path / "run"), []

    def counting(recipe, rows, folder, on_event, *, cache):
        trained.append(folder.name)
        if len(trained) == 2:
            raise KeyboardInterrupt
        return train_rows(recipe, rows, folder, on_event, cache=cache)

    monkeypatch.setattr(sanity_training, "train_rows", counting)
    with pytest.raises(KeyboardInterrupt):
        sanity(run, how)
    assert sanity(run, how).values == whole.values
    assert trained == ["group-safe-1", "naive-split-1", "naive-split-1"]


def test_another_recipe_makes_an_old_result_useless(planted, tmp_path, monkeypatch):
    run, how = copy_of(planted[1], tmp_path / "run"), Sanity(only=("shuffled-labels",))
    sanity(run, how)
    folder = run.folder / "sanity" / "shuffled-labels-1"
    (folder / "result.json").write_text('{"input": "another"}')
    trained = []

    def counting(*given, **named):
        trained.append(given[2])
        return train_rows(*given, **named)

    monkeypatch.setattr(sanity_training, "train_rows", counting)
    sanity(run, how)
    assert trained == [folder]


def test_a_poisoned_test_part_changes_nothing(planted, tmp_path):
    source, folder = planted
    how = Sanity(only=("shuffled-labels", "centre-only"))
    runs = [copy_of(folder, tmp_path / name) for name in ("clean", "poisoned")]
    for run in runs:
        shutil.rmtree(run.folder / "cache", ignore_errors=True)  # so that images must be read
    whole = sanity(runs[0], how).values
    manifest = runs[1].manifest()
    labels = [
        "poison" if part == "test" else label for label, part in manifest.rows("label", "split")
    ]
    manifest.with_columns({"label": labels}).save(runs[1].manifest_path)
    files = [source / path for path in manifest.where(split="test").column("path")]
    content = {path: path.read_bytes() for path in files}
    try:
        for path in files:
            path.write_bytes(b"poison")
        assert sanity(runs[1], how).values == whole
    finally:
        for path, kept in content.items():
            path.write_bytes(kept)
    assert content


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (Sanity(only=("luck",)), "no sanity experiment 'luck'"),
        (Sanity(seeds=0), "0 repeats"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(planted, how, words):
    with pytest.raises(WrongUse, match=words) as told:
        sanity(Run(planted[1]), how)
    assert "\n" not in str(told.value)


def test_a_run_that_is_not_there_or_not_trained_is_refused(planted, tmp_path):
    with pytest.raises(WrongUse, match="there is no run here"):
        sanity(Run(tmp_path / "nowhere"))
    run = copy_of(planted[1], tmp_path / "run")
    run.forget("train")
    with pytest.raises(WrongUse, match="holds no trained model"):
        sanity(run)


def test_an_experiment_that_does_not_apply_is_named_with_the_reason(planted, tmp_path):
    run = copy_of(planted[1], tmp_path / "run")
    manifest = run.manifest()
    nothing = [None] * len(manifest)
    manifest.with_columns({"group": nothing, "centre": nothing}).save(run.manifest_path)
    with pytest.raises(WrongUse, match=r"naive-split cannot be done.*no groups to ignore"):
        sanity(run, Sanity(only=("naive-split",)))
    with pytest.raises(WrongUse, match=r"leave-one-centre-out cannot be done.*which centre"):
        sanity(run, Sanity(only=("leave-one-centre-out",)))
    manifest.as_multilabel().save(run.manifest_path)
    with pytest.raises(WrongUse, match=r"several labels \(these are: centre-only\)"):
        sanity(run, Sanity(only=("shuffled-labels",)))


def test_a_group_keeps_one_label_and_classes_stay_as_frequent():
    made = material()
    parts = safe_parts(made, 1)
    labels = shuffled_labels(made, parts, 1)
    given = made.rows.column("label")
    assert labels != given
    for part in ("train", "val", HELD):
        at = [place for place, one in enumerate(parts) if one == part]
        assert sorted(labels[place] for place in at) == sorted(given[place] for place in at)
    by_group: dict[str, set[str]] = {}
    for union, label in zip(made.unions, labels, strict=True):
        by_group.setdefault(union, set()).add(label)
    assert all(len(some) == 1 for some in by_group.values())


def test_groups_are_on_one_side_and_five_repeats_hold_out_each_once():
    made = material()
    held = []
    for number in range(1, 6):
        parts = safe_parts(made, number)
        sides: dict[str, set[str]] = {}
        for union, part in zip(made.unions, parts, strict=True):
            sides.setdefault(union, set()).add(part)
        assert all(len(some) == 1 for some in sides.values())
        held += [union for union, some in sides.items() if some == {HELD}]
    assert sorted(held) == sorted(set(made.unions))
    naive = naive_parts(made, 1)
    crossing = {u for u, p in zip(made.unions, naive, strict=True) if p == HELD} & {
        u for u, p in zip(made.unions, naive, strict=True) if p == "train"
    }
    assert crossing


def test_smaller_parts_of_the_curve_lie_within_larger_ones_and_hold_every_class():
    made = material()
    parts = safe_parts(made, 1)
    before: set[str] = set()
    labels = made.rows.column("label")
    for share in (0.125, 0.25, 0.5, 1.0):
        some = some_of(made, parts, share)
        kept = {union for union, one in zip(made.unions, some, strict=True) if one == "train"}
        assert before <= kept
        assert {labels[at] for at, one in enumerate(some) if one == "train"} == {"a", "b"}
        before = kept
    assert some_of(made, parts, 1.0) == parts


def test_a_part_of_the_data_is_trained_for_as_many_steps():
    recipe = Recipe()
    assert recipe_for(recipe, 0.25).train.epochs == 4 * recipe.train.epochs


def two_class(shares, target, groups=None) -> Predictions:
    shares, n = np.asarray(shares, dtype=float), len(target)
    names = [f"g{at}" for at in (range(n) if groups is None else groups)]
    return Predictions(
        ("a", "b"),
        np.array([f"i{at}" for at in range(n)]),
        np.array(names),
        np.asarray(target),
        np.stack([1 - shares, shares], axis=1),
    )


def test_shuffled_labels_that_can_be_told_stop_the_reader():
    target = np.tile([0, 1], 100)
    told = np.where(np.arange(200) % 5 == 0, 1 - target, target) * 0.8 + 0.1
    outcome = shuffled_outcome([two_class(told, target)], OPTIONS)
    assert [one.severity.value for one in outcome.findings] == ["stop"]
    assert not outcome.values["is_at_chance"]


def test_a_background_that_tells_half_of_it_is_a_warning():
    rng = np.random.default_rng(0)
    target = np.tile([0, 1], 150)
    whole = two_class((target + rng.normal(0.5, 0.3, 300)).clip(0.01, 1.99) / 2, target)
    masked = two_class((target + rng.normal(0.5, 0.6, 300)).clip(0.01, 1.99) / 2, target)
    blind = two_class(rng.random(300), target)
    none = text("sanity.no_columns")
    told = background_outcome([masked], [whole], none, OPTIONS)
    assert [one.severity.value for one in told.findings] == ["warning"]
    assert not background_outcome([blind], [whole], none, OPTIONS).findings


def points(errors, n=2000) -> list[Point]:
    """Return points of a curve at 25, 50, 100 and 200 groups with these errors."""
    rng = np.random.default_rng(1)
    luck, target = rng.random(n), np.zeros(n, dtype=np.int64)
    groups = np.arange(n) // 2
    return [
        Point(share, size, two_class(np.where(luck < error, 0.9, 0.1), target, groups))
        for share, size, error in zip(
            (0.125, 0.25, 0.5, 1.0), (25, 50, 100, 200), errors, strict=True
        )
    ]


def test_a_power_law_is_continued_and_anything_else_is_not():
    law = continued(points([0.4, 0.2828, 0.2, 0.1414]), OPTIONS)
    assert law is not None
    assert law.exponent == pytest.approx(0.5, abs=0.06)
    assert law.low < 0.1 < law.high
    assert continued(points([0.2, 0.2, 0.2, 0.2]), OPTIONS) is None
    assert continued(points([0.4, 0.15, 0.14, 0.139]), OPTIONS) is None
    assert continued(points([0.4, 0.28, 0.2, 0.2]), OPTIONS) is None
    assert continued(points([0.2, 0.1, 0.05, 0.0]), OPTIONS) is None
