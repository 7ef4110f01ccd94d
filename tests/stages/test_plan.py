from __future__ import annotations

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.errors import WrongUse
from tamiz.core.recipe_io import Tables, load_recipe
from tamiz.data.run_folder import Run
from tamiz.stages.pipeline import advance, begin
from tamiz.stages.symmetry import measure_mirroring


def arrows(n: int, seed: int = 0):
    """Return thumbnails of arrows that point left (0) or right (1), and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    pixels = rng.normal(0, 10, (n, 16, 16)).astype(np.float32)
    pixels[labels == 0, 4:12, :6] += 200
    pixels[labels == 1, 4:12, 10:] += 200
    return pixels, labels


def bars(n: int, seed: int = 0):
    """Return thumbnails of bars that lie (0) or stand (1); a mirror changes neither."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    pixels = rng.normal(0, 10, (n, 16, 16)).astype(np.float32)
    pixels[labels == 0, 7:9, :] += 200
    pixels[labels == 1, :, 7:9] += 200
    return pixels, labels


def test_mirroring_is_refused_where_it_would_change_the_class():
    facts = measure_mirroring(*arrows(200))
    assert facts.agreement > 0.99
    assert facts.agreement_with_mirrored < 0.6
    assert not facts.is_harmless


def test_mirroring_is_allowed_where_classes_stay_what_they_are():
    assert measure_mirroring(*bars(200)).is_harmless


def test_mirroring_is_refused_where_neighbours_say_nothing():
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (200, 16, 16)).astype(np.float32)
    assert not measure_mirroring(noise, np.arange(200) % 2).is_harmless


def planned(tmp_path, settings=None):
    source = draw_classes(tmp_path / "photos", 20)
    run, asked = begin(source, tmp_path / "run", settings=settings)
    report = advance(run, asked, "plan")
    return run, report


def test_every_choice_has_its_reason_in_the_recipe_and_in_the_report(tmp_path):
    run, report = planned(tmp_path)
    written = run.recipe_path.read_text(encoding="utf-8")
    assert "size_px = 16  # all images have this size (16 px)" in written
    assert "channels = 1  # every training image is grey" in written
    table = report.summary[0]
    assert all(str(why) for *_, why in table.rows)
    assert load_recipe(run.recipe_path) == run.recipe()


def test_what_the_user_asks_for_is_kept_and_said(tmp_path):
    run, _ = planned(tmp_path, {"train": {"epochs": 3}, "prepare": {"size_px": 24}})
    assert run.recipe().train.epochs == 3
    assert run.recipe().prepare.size_px == 24
    assert "epochs = 3  # set by you" in run.recipe_path.read_text(encoding="utf-8")


def test_the_plan_reads_no_test_image(tmp_path, monkeypatch):
    from tamiz.formats.reader import Reader

    source = draw_classes(tmp_path / "photos", 20)
    run, asked = begin(source, tmp_path / "run")
    advance(run, asked, "split")
    seen: list[str] = []

    def watched(method):
        def read(self, path, frame=0, **options):
            seen.append(path)
            return method(self, path, frame, **options)

        return read

    for name in ("read", "look"):
        monkeypatch.setattr(Reader, name, watched(getattr(Reader, name)))
    advance(run, asked, "plan")
    manifest = Run(run.folder).manifest()
    train = set(manifest.where(split="train").column("path"))
    assert seen
    assert set(seen) <= train


@pytest.mark.parametrize("section", ["train", "model", "folds"])
def test_a_wrong_setting_stops_before_any_image_is_read(tmp_path, section):
    faults: dict[str, Tables] = {
        "train": {"train": {"epochs": -1}},
        "model": {"model": {"nme": "small"}},
        "folds": {"model": {"name": "mil"}, "split": {"folds": 5}},
    }
    with pytest.raises(WrongUse):
        begin(draw_classes(tmp_path / "photos", 3), tmp_path / "run", settings=faults[section])
    assert not (tmp_path / "run").exists()


def test_folds_of_slides_are_refused_and_never_advised(tmp_path):
    from tamiz.stages.planning.facts import PartSizes
    from tamiz.stages.planning.report import _scheme

    with pytest.raises(WrongUse, match=r"split\.folds: .*'mil'.* is not built"):
        begin(
            draw_classes(tmp_path / "photos", 3),
            tmp_path / "run",
            settings={"model": {"name": "mil"}, "split": {"folds": 5}},
        )
    sizes = PartSizes(n_test=7, n_test_groups=7, n_all_groups=44)
    assert [one.command for one in _scheme(sizes, can_fold=True)] == ["tamiz run {run} --folds 5"]
    assert [one.command for one in _scheme(sizes, can_fold=False)] == [""]


def test_a_pretrained_network_gets_the_input_it_was_made_for(tmp_path):
    run, report = planned(tmp_path, {"model": {"name": "densenet201"}})
    recipe = load_recipe(run.recipe_path)
    prepare = recipe.prepare
    assert (prepare.size_px, prepare.channels, prepare.interpolation) == (224, 3, "bicubic")
    assert recipe.train.stages == ["head:3", "all:5"]
    written = run.recipe_path.read_text(encoding="utf-8")
    assert "densenet201 was made for 224 px" in written
    assert "densenet201 reads colour, so grey is repeated" in written
    assert "the public pretrained weights of densenet201" in written
    assert set(report.values["choices"]) >= {"prepare.interpolation", "train.layer_decay"}


def test_a_size_of_ones_own_wins_over_the_networks(tmp_path):
    run, _ = planned(tmp_path, {"model": {"name": "resnet18"}, "prepare": {"size_px": 64}})
    assert load_recipe(run.recipe_path).prepare.size_px == 64


def test_a_frozen_network_is_planned_without_augmentation(tmp_path):
    run, _ = planned(tmp_path, {"model": {"name": "resnet18"}, "train": {"stages": ["head"]}})
    train = load_recipe(run.recipe_path).train
    assert (train.stages, train.augment, train.epochs) == (["head"], [], 30)


def test_the_epochs_are_those_that_the_stages_name(tmp_path):
    stages = ["head:3", "last-block:2:1e-4", "all:4"]
    asked: Tables = {"model": {"name": "resnet18"}, "train": {"stages": stages}}
    run, _ = planned(tmp_path, asked)
    assert run.recipe().train.epochs == 9
    assert "of all stages together" in run.recipe_path.read_text(encoding="utf-8")
    again = {"train": {"stages": ["head:1", "all:1"]}}  # of a plan that stands
    run, made = begin(run.folder, None, settings=again)
    advance(run, made, "plan")
    assert run.recipe().train.epochs == 2
    run, made = begin(run.folder, None, settings={"train": {"stages": ["head", "all:1"]}})
    advance(run, made, "plan")
    assert run.recipe().train.epochs == 2  # one of them takes what the recipe says


def test_epochs_beside_stages_that_name_others_are_refused(tmp_path):
    both = {"epochs": 9, "stages": ["head:3", "all:3"]}
    with pytest.raises(WrongUse, match=r"9 epochs .* the stages head:3, all:3 name 6"):
        planned(tmp_path, {"model": {"name": "resnet18"}, "train": both})
    run, _ = planned(tmp_path, {"model": {"name": "resnet18"}, "train": {**both, "epochs": 6}})
    with pytest.raises(WrongUse, match="name 6"):
        begin(run.folder, None, settings={"train": {"epochs": 9}})


def test_new_stages_settle_the_epochs_that_were_asked_for_before(tmp_path):
    settings: Tables = {"model": {"name": "resnet18"}, "train": {"epochs": 9}}
    run, _ = planned(tmp_path, settings)
    run, made = begin(run.folder, None, settings={"train": {"stages": ["head:3", "all:3"]}})
    advance(run, made, "plan")
    assert run.recipe().train.epochs == 6


def test_a_network_from_scratch_is_planned_in_one_stage(tmp_path):
    run, _ = planned(tmp_path, {"model": {"name": "resnet18", "weights": "none"}})
    recipe = load_recipe(run.recipe_path)
    assert (recipe.train.stages, recipe.train.layer_decay) == ([], 1.0)
