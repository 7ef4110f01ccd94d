"""The guard from training to answers: it is fitted, asked, told, and changes no probability."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tamiz.cli.predict import command
from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.report import Estimate
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import Ensemble
from tamiz.stages.evaluate import evaluate
from tamiz.stages.guarding import even_sample
from tamiz.stages.pieces.guard import is_unlike
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.stages.predict import predict
from tamiz.stages.train import train

SIDE = 20
FAST = {
    "train.epochs": 2,
    "train.batch_size": 32,
    "train.threads": 1,
    "train.guard": True,
    "prepare.size_px": 16,
    "prepare.channels": 1,
    "prepare.workers": 0,
    "evaluate.resamples": 100,
    "model.name": "mlp",
    "model.options": {"hidden": [24]},
    "split.val_fraction": 0.3,
    "split.test_fraction": 0.2,
    "clean.near_duplicates": False,
}


def draw(folder, n, kind="stripes", seed=0):
    """Write n grey pictures of a kind into `folder`."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    down, across = np.mgrid[:SIDE, :SIDE]
    for number in range(n):
        along = down if "down" in folder.name else across
        waves = np.sin(along * rng.uniform(0.5, 0.7) + rng.uniform(0, 6))
        pixels = 110 + 60 * waves + rng.normal(0, 12, (SIDE, SIDE))
        if kind == "noise":
            pixels = rng.uniform(0, 255, (SIDE, SIDE))
        shown = np.clip(pixels, 0, 255).astype(np.uint8)
        if kind == "colour":
            shown = np.stack([shown, shown // 2, shown // 4], axis=2)
        Image.fromarray(shown).save(folder / f"{number:03d}.png")


def run_at(source, out, **more):
    settings = {**FAST, **{name.replace("__", "."): value for name, value in more.items()}}
    run, asked = begin(source, out, settings=tables_from_settings(settings))
    advance(run, asked, "plan")
    return recipe_of(run, asked), run


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "photos"
    for number, name in enumerate(("down", "across")):
        draw(folder / name, 130, seed=number)
    return folder


@pytest.fixture(scope="module")
def done(source, tmp_path_factory):
    recipe, run = run_at(source, tmp_path_factory.mktemp("guarded") / "run")
    train(recipe, run)
    return recipe, run, evaluate(recipe, run)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return a folder with usual, coloured and noisy pictures."""
    folder = tmp_path_factory.mktemp("shown")
    draw(folder / "down", 6, seed=9)
    draw(folder / "colour", 6, "colour", seed=10)
    draw(folder / "noise", 6, "noise", seed=11)
    return folder


def test_a_training_stores_a_guard_with_its_rate_of_false_alarms(done):
    guard = Bundle.load(done[1].model_folder).guard
    assert guard is not None
    assert guard.distance is not None
    assert guard.checks is not None
    rate = guard.false_alarms["all"]
    assert rate["value"] <= 0.08
    assert rate["low"] <= rate["value"] <= rate["high"]


def test_pictures_of_another_kind_are_named_with_the_reason(done, shown):
    answers = predict(done[1].model_folder, shown)
    assert answers.odd is not None
    odd = dict(zip(answers.paths, answers.odd, strict=True))
    assert all(odd[f"colour/{n:03d}.png"].startswith("colour where") for n in range(6))
    assert all(odd[f"noise/{n:03d}.png"] for n in range(6))
    assert sum(bool(odd[f"down/{n:03d}.png"]) for n in range(6)) <= 1


def test_probabilities_keep_their_bits_under_guard(done, shown):
    found = [
        predict(done[1].model_folder, shown, guard=word) for word in ("warn", "abstain", "off")
    ]
    for one in found[:2]:
        np.testing.assert_array_equal(
            one.predictions.probabilities, found[2].predictions.probabilities
        )
    assert found[2].odd is None


def test_the_table_has_the_reasons_and_who_abstains_no_answer(done, shown, tmp_path):
    rows = {}
    for word in ("warn", "abstain", "off"):
        path = tmp_path / f"{word}.csv"
        predict(done[1].model_folder, shown, guard=word).save_csv(path)
        with path.open() as opened:
            rows[word] = list(csv.DictReader(opened))
    assert "odd" not in rows["off"][0]
    for warned, abstained in zip(rows["warn"], rows["abstain"], strict=True):
        assert warned["odd"] == abstained["odd"]
        assert warned["predicted"] in {"down", "across"}
        assert (abstained["predicted"] == "-") == bool(abstained["odd"])
        assert abstained["answered"] == ("no" if abstained["odd"] else "yes")


def test_the_command_counts_them_and_names_the_first(done, shown):
    arguments = [str(done[1].model_folder), str(shown), "--quiet"]
    made = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False)
    answers = json.loads(made.output)["values"]["answers"]
    assert sum(bool(one["odd"]) for one in answers) >= 12
    held = CliRunner().invoke(
        command, [*arguments, "--json", "--guard", "abstain"], standalone_mode=False
    )
    for one in json.loads(held.output)["values"]["answers"]:
        assert (one["predicted"] is None) == bool(one["odd"])
    words = CliRunner().invoke(command, arguments, standalone_mode=False).output
    assert "18 images are unlike the training images" in " ".join(words.split())


def test_another_word_is_refused(done, shown):
    with pytest.raises(WrongUse, match="'shout' is nothing that a guard does"):
        predict(done[1].model_folder, shown, guard="shout")


def test_a_model_without_guard_says_nothing_of_oddness(source, shown, tmp_path):
    recipe, run = run_at(source, tmp_path / "run", train__guard=False)
    train(recipe, run)
    assert not (run.model_folder / "guard.safetensors").exists()
    assert predict(run.model_folder, shown).odd is None
    report = evaluate(recipe, run)
    assert "guard" not in report.values


def test_a_guard_of_another_network_is_refused_at_the_first_image(done, shown, tmp_path):
    bundle = Bundle.load(done[1].model_folder)
    bundle.save(tmp_path)
    path = tmp_path / "bundle.json"
    path.write_text(path.read_text().replace('"net.2"', '"net.77"'))
    with pytest.raises(WrongData, match="not one of this network"):
        predict(tmp_path, shown)
    assert predict(tmp_path, shown, guard="off").odd is None


def test_the_evaluation_says_how_many_images_are_odd(done):
    report = done[2]
    values = report.values["guard"]
    assert values["part"] == "test"
    n_test = len(done[1].manifest().where(split="test"))
    assert values["alarms"]["all"]["n"] == values["n"] == n_test
    assert values["alarms"]["all"]["value"] <= 0.15
    assert set(values["accuracy"]) <= {"usual", "odd"}
    assert "guard" in [section.anchor for section in report.sections]


def test_out_of_fold_the_network_that_did_not_learn_an_image_judges_it(source, shown, tmp_path):
    recipe, run = run_at(source, tmp_path / "run", split__folds=3, split__test_fraction=0.15)
    train(recipe, run)
    ensemble = Bundle.load(run.model_folder)
    assert isinstance(ensemble, Ensemble)
    assert ensemble.guard is None
    assert all(one.guard is not None for one in ensemble.members)
    answers = predict(run.model_folder, shown)
    assert answers.odd is not None
    assert sum(map(bool, answers.odd)) >= 12
    plain = predict(run.model_folder, shown, guard="off")
    np.testing.assert_array_equal(
        answers.predictions.probabilities, plain.predictions.probabilities
    )
    values = evaluate(recipe, run).values["guard"]
    assert values["part"] == "oof"
    assert values["alarms"]["all"]["value"] <= 0.15


def test_an_even_sample_has_both_ends():
    found = even_sample(np.arange(100, dtype=np.int64), 7)
    assert (found[0], found[-1], len(set(found))) == (0, 99, 7)
    assert len(even_sample(np.arange(5, dtype=np.int64), 7)) == 5


@pytest.mark.parametrize(
    ("low", "rate", "high", "is_sign"),
    [
        (0.005, 0.0, 0.12, False),  # 1 of 38 odd, none of 28 on validation
        (0.13, 0.0, 0.12, True),
        (0.05, 0.03, 0.04, False),  # not twice the rate
        (0.07, 0.03, 0.04, True),
        (0.03, 0.0, None, False),  # no interval of validation: the guard's promise of 4 %
        (0.05, 0.0, None, True),
    ],
)
def test_a_set_is_called_unlike_only_where_chance_on_validation_cannot_explain_it(
    low, rate, high, is_sign
):
    share = Estimate(low + 0.02, low, low + 0.1)
    assert is_unlike(share, Estimate(rate, None if high is None else 0.0, high)) is is_sign
