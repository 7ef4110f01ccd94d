"""Pictures of augmentations, and the comparison of trainings with and without them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

from tamiz.core.errors import WrongUse
from tamiz.core.recipe_io import load_recipe
from tamiz.data.report import Code, Estimate, Pictures
from tamiz.data.run_folder import Run
from tamiz.stages import ablating
from tamiz.stages.ablate_augmentation import (
    AblateAugmentation,
    ablate_augmentation,
    verdict_of,
    within_shares,
)
from tamiz.stages.ablating import variants_of
from tamiz.stages.augment import ShowAugmentations, augment, train_fragment
from tamiz.stages.pipeline import advance, begin


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("augment")
    settings: dict[str, Any] = {
        "train": {"epochs": 2, "batch_size": 16, "augment": [{"name": "shift"}], "threads": 1},
        "model": {"name": "small", "options": {"widths": [4, 8]}},
        "split": {"val_fraction": 0.3},
        "audit": {"depth": "quick"},
    }
    run, asked = begin(draw_classes(folder / "photos", 20), folder / "run", settings=settings)
    advance(run, asked, "plan")
    return run


def pictures_of(report):
    return [block for block in report.all_blocks() if isinstance(block, Pictures)]


def test_each_augmentation_is_shown_as_the_original_and_six_draws(planned):
    report = augment(planned.recipe(), planned, ShowAugmentations())
    assert [part.title for part in report.sections][1] == "shift"
    rows = pictures_of(report)
    assert [len(row.pictures) for row in rows] == [7, 7]
    assert str(rows[0].pictures[0].caption) == "original: bright"
    assert rows[0].pictures[0].png != rows[0].pictures[1].png
    assert (planned.report_folder / "augment.html").is_file()
    again = augment(planned.recipe(), planned, ShowAugmentations())
    assert pictures_of(again) == rows


def test_all_augmentations_are_shown_mixers_with_the_shares_of_classes(planned):
    report = augment(planned.recipe(), planned, ShowAugmentations(every=True))
    titles = [str(part.title) for part in report.sections]
    assert {"rotate", "elastic", "mixup", "rand_augment"} <= set(titles)
    assert "colour" not in titles  # the images are grey
    mixed = next(part for part in report.sections if part.title == "cutmix")
    row = next(block for block in mixed.blocks if isinstance(block, Pictures))
    assert any(" % " in str(one.caption) for one in row.pictures[1:])


def test_a_policy_is_shown_with_its_reason_and_an_unknown_one_is_refused(planned):
    report = augment(planned.recipe(), planned, ShowAugmentations(policy="radiograph"))
    said: Any = report.summary[0]
    assert "never mirrored" in str(said.text)
    with pytest.raises(WrongUse) as error:
        augment(planned.recipe(), planned, ShowAugmentations(policy="cats"))
    assert "radiograph" in str(error.value)


def test_the_fragment_is_a_recipe_that_asks_for_the_same(planned, tmp_path):
    tables: list[Any] = [
        {"name": "rotate", "angles": [0, 90]},
        {"name": "flip", "axis": "vertical"},
    ]
    for wanted in (tables, []):
        path = tmp_path / "recipe.toml"
        path.write_text(train_fragment(wanted, planned.recipe()), encoding="utf-8")
        assert load_recipe(path).train.augment == wanted


def test_variants_are_none_all_and_each_alone_or_left_out():
    tables = [{"name": "flip"}, {"name": "shift"}, {"name": "zoom"}]
    alone = variants_of(tables, leave_out=False)
    assert [one.name for one in alone] == ["none", "all", "flip", "shift", "zoom"]
    assert [len(one.tables) for one in alone] == [0, 3, 1, 1, 1]
    left_out = variants_of(tables, leave_out=True)
    assert [len(one.tables) for one in left_out] == [0, 3, 2, 2, 2]
    assert {"name": "flip"} not in left_out[2].tables
    assert len(variants_of(tables[:1], leave_out=False)) == 2


UP, DOWN, WIDE = Estimate(0.1, 0.05, 0.2), Estimate(-0.1, -0.2, -0.05), Estimate(0.0, -0.1, 0.1)


@pytest.mark.parametrize(
    ("accuracy", "loss", "verdict", "left_out"),
    [
        (UP, DOWN, "helps", "hurts"),
        (UP, WIDE, "helps", "hurts"),
        (WIDE, DOWN, "helps", "hurts"),
        (DOWN, WIDE, "hurts", "helps"),
        (UP, UP, "mixed", "mixed"),
        (WIDE, WIDE, "no_difference", "no_difference"),
        (Estimate(0.3), Estimate(-0.3), "no_difference", "no_difference"),
    ],
)
def test_the_verdict_rests_on_intervals(accuracy, loss, verdict, left_out):
    assert verdict_of(accuracy, loss) == verdict
    assert verdict_of(accuracy, loss, is_left_out=True) == left_out


def test_finished_trainings_are_not_repeated_and_no_test_image_is_read(planned, monkeypatch):
    how = AblateAugmentation(tried=("shift", "brightness"), repeats=2)
    trained: list[tuple[int, list[str]]] = []
    seen: set[str] = set()

    def stopping(recipe, rows, folder, cache, on_event):
        if len(trained) == 5:
            raise KeyboardInterrupt
        trained.append((recipe.train.seed, [one["name"] for one in recipe.train.augment]))
        seen.update(rows.column("split"))
        return one_training(recipe, rows, folder, cache, on_event)

    one_training = ablating._trained
    monkeypatch.setattr(ablating, "_trained", stopping)
    with pytest.raises(KeyboardInterrupt):
        ablate_augmentation(planned.recipe(), planned, how)
    assert trained[:4] == [
        (0, []),
        (0, ["shift", "brightness"]),
        (0, ["shift"]),
        (0, ["brightness"]),
    ]
    assert seen == {"train", "val"}
    trained.pop(0)
    trained[:] = trained[:1]  # room for the three that are missing
    report = ablate_augmentation(planned.recipe(), planned, how)
    assert len(trained) == 1 + 3
    whole = ablate_augmentation(planned.recipe(), planned, how)
    assert len(trained) == 1 + 3
    assert whole.values == report.values
    compared = report.values["ablate_augmentation"]["compared"]
    assert [one["name"] for one in compared] == ["all", "shift", "brightness"]
    assert not list(planned.folder.glob("ablation/*/checkpoint"))


def test_with_several_labels_the_f1_of_each_image_is_compared(tmp_path, monkeypatch):
    draw_classes(tmp_path / "photos", 20)
    names = sorted(path.relative_to(tmp_path / "photos") for path in tmp_path.rglob("*.png"))
    rows = [
        f"{name},{name.parent.name};{'even' if at % 2 else 'odd'}" for at, name in enumerate(names)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["file,labels", *rows]), encoding="utf-8")
    settings: dict[str, Any] = {
        "data": {"root": str(tmp_path / "photos"), "label": "labels", "label_separator": ";"},
        "split": {"val_fraction": 0.3},
        "audit": {"depth": "quick"},
    }
    run, asked = begin(tmp_path / "t.csv", tmp_path / "run", settings=settings)
    advance(run, asked, "plan")
    val, classes = run.manifest().where(split="val"), run.manifest().classes()
    truth = np.array([[one in (own or ()) for one in classes] for own in val.label_sets()])

    def pretended(recipe, rows, folder, cache, on_event):
        is_blurred = any(one["name"] == "blur" for one in recipe.train.augment)
        said = np.where(truth, 0.9, 0.1)
        if is_blurred:  # 'even' and 'odd' can no longer be told
            said[:, [classes.index("even"), classes.index("odd")]] = 0.3
        return said

    monkeypatch.setattr(ablating, "_trained", pretended)
    how = AblateAugmentation(tried=("blur", "noise"), repeats=2)
    report = ablate_augmentation(run.recipe(), run, how)
    of = {one["name"]: one for one in report.values["ablate_augmentation"]["compared"]}
    assert of["blur"]["verdict"] == "hurts"
    # of the blurred, all have class, 'even' and 'odd': 2 x 2 / (2 + 3) in place of 1
    assert of["blur"]["f1_samples"][0] == pytest.approx(0.8 - 1)
    assert of["noise"]["verdict"] == "no_difference"
    told = " ".join(str(block) for block in report.all_blocks())
    assert "augment.f1_samples_gain" in told
    assert "accuracy" not in told


def test_no_interval_of_a_difference_of_shares_leaves_what_is_possible():
    assert within_shares(Estimate(0.06, -8.1, 8.3)) == Estimate(0.06, -1.0, 1.0)
    assert within_shares(Estimate(0.06, -0.1, 0.2)) == Estimate(0.06, -0.1, 0.2)
    assert within_shares(Estimate(0.06)) == Estimate(0.06)


def test_an_augmentation_that_destroys_the_classes_is_found_to_hurt(planned, monkeypatch):
    rng = np.random.default_rng(0)
    n = sum(split == "val" for split in planned.manifest().column("split"))
    truth = [planned.manifest().classes().index(label) for label in _val_labels(planned)]

    def pretended(recipe, rows, folder, cache, on_event):
        names = {one["name"] for one in recipe.train.augment}
        share = 0.0 if "blur" in names else 1.0 if "zoom" in names else 0.5
        made = np.full((n, 3), 0.2)
        at = np.where(rng.random(n) < share, truth, (np.array(truth) + 1) % 3)
        made[np.arange(n), at] = 0.6
        return made

    monkeypatch.setattr(ablating, "_trained", pretended)
    how = AblateAugmentation(tried=("blur", "zoom", "noise"), repeats=4)
    recipe = planned.recipe()
    recipe = replace(recipe, train=replace(recipe.train, seed=50))  # other trainings than above
    report = ablate_augmentation(recipe, planned, how)
    found = {
        one["name"]: one["verdict"] for one in report.values["ablate_augmentation"]["compared"]
    }
    assert found["blur"] == "hurts"
    assert found["zoom"] == "helps"
    assert found["noise"] == "no_difference"
    assert report.values["ablate_augmentation"]["helping"] == [{"name": "zoom"}]
    fragment = report.summary[-2]
    assert isinstance(fragment, Code)
    assert fragment.content == '[[train.augment]]\nname = "zoom"'


def _val_labels(run: Run):
    return run.manifest().where(split="val").column("label")


def test_what_cannot_be_compared_is_refused_before_training(planned):
    with pytest.raises(WrongUse) as error:
        ablate_augmentation(planned.recipe(), planned, AblateAugmentation(tried=("flipp",)))
    assert "did you mean 'flip'" in str(error.value)
    with pytest.raises(WrongUse):
        ablate_augmentation(planned.recipe(), planned, AblateAugmentation(repeats=0))
