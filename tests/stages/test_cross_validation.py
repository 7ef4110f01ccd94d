from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.end_to_end.conftest import draw_classes

import tamiz
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.predictions import Predictions
from tamiz.data.report import Table
from tamiz.metrics.registry import METRICS
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import Ensemble
from tamiz.stages.ablate_augmentation import AblateAugmentation, ablate_augmentation
from tamiz.stages.audit import audit
from tamiz.stages.cross_validation import cross_validate, joined, with_test
from tamiz.stages.evaluate import evaluate
from tamiz.stages.folding import HELD_OUT, load_folds
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.stages.search import SearchHow, search
from tamiz.stages.split import split

FAST = {
    "split.folds": 3,
    "train.epochs": 2,
    "train.batch_size": 16,
    "train.threads": 1,
    "train.checkpoint_s": 0.0,
    "prepare.size_px": 16,
    "prepare.channels": 1,
    "prepare.workers": 0,
    "evaluate.resamples": 100,
    "model.name": "softmax",
}


def checked(source, out, **more):
    """Return a run up to `check` and its recipe: what comes between needs no folds."""
    settings = {**FAST, **{name.replace("__", "."): value for name, value in more.items()}}
    run, asked = begin(source, out, settings=tables_from_settings(settings))
    advance(run, asked, "check")
    return recipe_of(run, asked), run


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return draw_classes(tmp_path_factory.mktemp("drawn") / "photos", 15)


@pytest.fixture(scope="module")
def done(source, tmp_path_factory):
    recipe, run = checked(source, tmp_path_factory.mktemp("folds") / "run")
    split(recipe, run)
    cross_validate(recipe, run)
    return recipe, run, evaluate(recipe, run)


def test_every_usable_image_is_judged_once_by_a_network_that_never_saw_it(done):
    recipe, run, _ = done
    oof = Predictions.load(run.folder / "predictions" / "oof.parquet")
    assert sorted(oof.item) == sorted(run.manifest().column("item"))
    folding = load_folds(run)
    for fold in (1, 2, 3):
        rows = folding.parts(run.manifest(), 1, fold, recipe.split)
        held = set(rows.where(split=HELD_OUT).column("item"))
        learnt = {
            *rows.where(split="train").column("item"),
            *rows.where(split="val").column("item"),
        }
        assert not held & learnt
        own = Predictions.load(run.folder / "folds" / f"r1-f{fold}" / "oof.parquet")
        assert set(own.item) == held
        member = Bundle.load(run.model_folder / f"member-{fold}")
        assert member.manifest_hash == rows.digest()
        assert member.identity() == own.bundle


def test_the_model_is_the_mean_of_the_networks_and_predicts_like_any_other(done, source):
    _, run, _ = done
    bundle = Bundle.load(run.model_folder)
    assert isinstance(bundle, Ensemble)
    answers = tamiz.predict(run.folder, source)
    each = [tamiz.predict(run.model_folder / f"member-{n}", source) for n in (1, 2, 3)]
    mean = np.mean([one.predictions.probabilities for one in each], axis=0)
    assert answers.predictions.probabilities == pytest.approx(mean, abs=1e-9)


def test_figures_are_over_groups_beside_the_plain_figures_of_each_fold(done):
    _, run, report = done
    metrics = json.loads((run.folder / "metrics.json").read_text())
    accuracy = metrics["oof"]["accuracy"]
    assert accuracy["n"] == accuracy["n_groups"] == 45
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    assert [one["n"] for one in metrics["folds"]] == [15, 15, 15]
    assert "test" not in metrics
    mean = np.mean([one["accuracy"] for one in metrics["folds"]])
    assert accuracy["value"] == pytest.approx(mean)
    words = " ".join(str(getattr(block, "text", "")) for block in report.all_blocks())
    assert "spread over folds is no interval" in words
    assert "never saw its group" in words
    assert not run.state().get("test_looks")


def test_a_stopped_cross_validation_ends_with_the_bytes_of_an_uninterrupted_one(
    done, source, tmp_path
):
    _, whole, _ = done
    recipe, run = checked(source, tmp_path / "run")
    split(recipe, run)
    for _ in range(3):
        seen = [0]

        def stop(event, seen=seen):
            seen[0] += event.kind == "epoch"
            if event.kind == "epoch" and seen[0] == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            cross_validate(recipe, run, stop)
    first = (run.folder / "folds" / "r1-f1" / "done.json").stat().st_mtime_ns
    cross_validate(recipe, run)
    assert (run.folder / "folds" / "r1-f1" / "done.json").stat().st_mtime_ns == first
    for number in (1, 2, 3):
        name = f"member-{number}/weights.safetensors"
        assert (run.model_folder / name).read_bytes() == (whole.model_folder / name).read_bytes()
    name = "predictions/oof.parquet"
    assert (run.folder / name).read_bytes() == (whole.folder / name).read_bytes()


def test_a_fold_that_was_trained_with_other_settings_is_refused(source, tmp_path):
    recipe, run = checked(source, tmp_path / "run", train__epochs=1)
    split(recipe, run)
    cross_validate(recipe, run)
    other, _ = checked(source, tmp_path / "run", train__learning_rate=0.5)
    with pytest.raises(WrongUse, match="trained with other settings"):
        cross_validate(other, run)


@pytest.fixture(scope="module")
def given(source, tmp_path_factory):
    """Return the photos with a test part of their own: nine of them."""
    folder = tmp_path_factory.mktemp("given")
    for part, numbers in (("train", range(12)), ("test", range(12, 15))):
        for path in source.rglob("*.png"):
            if int(path.stem) in numbers:
                target = folder / part / path.parent.name / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    return folder


def test_a_given_test_part_stays_sealed_and_the_ensembles_gain_is_measured_on_it(given, tmp_path):
    recipe, run = checked(given, tmp_path / "run")
    split(recipe, run)
    folded = set(load_folds(run).items)
    test = run.manifest().where(split="test")
    assert len(test) == 9
    assert not folded & set(test.column("item"))
    cross_validate(recipe, run)
    report = evaluate(recipe, run)
    assert {"oof", "val", "test", "single"} <= report.values.keys()
    gain = report.values["gains"]["ensemble"]["accuracy"]
    one, mean = (report.values[name]["accuracy"]["value"] for name in ("test", "single"))
    assert gain["value"] == pytest.approx(one - mean)
    assert len(run.state()["test_looks"]) == 1


def test_repeats_use_other_folds_and_their_mean_is_stated(source, tmp_path):
    recipe, run = checked(source, tmp_path / "run", split__repeats=2, train__average_mirrored=True)
    split(recipe, run)
    folding = load_folds(run)
    assert folding.folds[0] != folding.folds[1]
    cross_validate(recipe, run)
    report = evaluate(recipe, run)
    each = [
        METRICS.get("accuracy")(Predictions.load(run.folder / "predictions" / f"{name}.parquet"))
        for name in ("oof", "oof_2")
    ]
    assert report.values["oof"]["accuracy"]["value"] == pytest.approx(np.mean(each))
    loaded: Any = Bundle.load(run.model_folder)
    assert len(loaded.members) == 6
    assert "accuracy" in report.values["gains"]["mirrored"]


def test_identical_pictures_under_two_names_are_held_out_together(source, tmp_path):
    recipe, run = checked(source, tmp_path / "run")
    manifest = run.manifest()
    same = manifest.column("content_sha256")
    labels = manifest.column("label")
    first, second = 0, 1
    assert labels[first] == labels[second]
    same[second] = same[first]
    manifest.with_columns({"content_sha256": same}).save(run.manifest_path)
    split(recipe, run)
    folding = load_folds(run)
    place = {item: at for at, item in enumerate(folding.items)}
    items = manifest.column("item")
    one, other = place[items[first]], place[items[second]]
    assert folding.unions[one] == folding.unions[other]
    assert folding.folds[0][one] == folding.folds[0][other]


def test_more_folds_than_groups_stops_at_the_split(source, tmp_path):
    recipe, run = checked(source, tmp_path / "run", split__folds=50)
    with pytest.raises(WrongData, match="50 folds need at least 50 groups; there are 45"):
        split(recipe, run)


def test_leaving_centres_out_without_a_centre_column_says_so(source, tmp_path):
    recipe, run = checked(source, tmp_path / "run", split__folds=0, split__fold_rule="centre")
    with pytest.raises(WrongData, match="45 of 45 images do not say which centre"):
        split(recipe, run)


@pytest.mark.parametrize(("settings", "words"), [
    ({"split.folds": 1}, "one fold is no cross-validation"),
    ({"split.folds": 0, "split.repeats": 3}, "there is none: give split.folds too"),
])  # fmt: skip
def test_settings_that_make_no_sense_are_refused_before_any_image_is_read(
    source, tmp_path, settings, words
):
    with pytest.raises(WrongUse, match=words):
        begin(source, tmp_path / "run", settings=tables_from_settings(settings))


def test_joining_networks_with_thresholds_of_their_own_turns_no_decision():
    rng = np.random.default_rng(0)

    def piece(number: int, thresholds: tuple[float, ...]) -> Predictions:
        items = np.array([f"{number}-{at}" for at in range(50)])
        return Predictions(
            ("a", "b"), items, items, rng.integers(0, 2, (50, 2)), rng.random((50, 2)),
            thresholds=thresholds,
        )  # fmt: skip

    pieces = [piece(0, (0.3, 0.5)), piece(1, (0.7, 0.4))]
    made = joined(pieces, "oof")
    assert made.thresholds == pytest.approx((0.5, 0.45))
    assert (made.predicted == np.concatenate([one.predicted for one in pieces])).all()


def test_what_compares_on_one_validation_part_refuses_folds(source, tmp_path):
    run, asked = begin(source, tmp_path / "run", settings=tables_from_settings(FAST))
    with pytest.raises(WrongUse, match="every network has a validation part of its own"):
        search(run, asked, SearchHow(n_trials=1))
    assert not run.exists
    with pytest.raises(WrongUse, match="every network has a validation part of its own"):
        ablate_augmentation(recipe_of(run, asked), run, AblateAugmentation())


def test_the_reports_of_folds_speak_of_folds_and_of_no_test_part(source, done, tmp_path):
    recipe, run, _ = done
    tables = [block for block in split(recipe, run).all_blocks() if isinstance(block, Table)]
    assert tables
    assert {str(table.columns[0]) for table in tables} == {"fold"}
    found, clone = checked(source, tmp_path / "run", audit__depth="quick")
    audited = audit(found, clone)
    words = str(audited.to_json())
    assert "each held out once" in words
    assert "45 groups, each held out once" in words
    assert "in the test part" not in words


def test_a_teacher_of_the_sealed_test_part_is_refused_by_folds(given, tmp_path):
    recipe, run = checked(given, tmp_path / "run")
    split(recipe, run)
    rows = load_folds(run).parts(run.manifest(), 1, 1, recipe.split)
    whole = with_test(run, rows)
    assert len(whole) == len(run.manifest())
    assert whole.column("split").count("test") == 9
    assert sorted(set(whole.column("split"))) == ["held out", "test", "train", "val"]
