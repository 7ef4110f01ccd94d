"""`--model descriptors` from images to figures, and the baseline on descriptors beside networks."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from tests.end_to_end.conftest import draw_classes

import tamiz
from tamiz.core.errors import WrongUse
from tamiz.core.recipe import ModelOptions
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.predictions import Predictions
from tamiz.data.report import Estimate, Paragraph, Table
from tamiz.models.bundle import Bundle
from tamiz.stages.baseline_vectors import baseline_vectors, described_for, descriptor_predictions
from tamiz.stages.distil import distil
from tamiz.stages.evaluate import evaluate
from tamiz.stages.explain import ExplainOptions, explain
from tamiz.stages.explaining.making import ExplainImages
from tamiz.stages.lr_range import lr_range
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.stages.searching.space import dimensions, point_of

FAST = {
    "split.val_fraction": 0.3,
    "prepare.size_px": 16,
    "prepare.workers": 0,
    "evaluate.resamples": 100,
    "model.name": "descriptors",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return draw_classes(tmp_path_factory.mktemp("drawn") / "photos", 25)


@pytest.fixture(scope="module")
def done(source, tmp_path_factory):
    run, asked = begin(
        source, tmp_path_factory.mktemp("run") / "run", settings=tables_from_settings(FAST)
    )
    trained = advance(run, asked, "train")
    return run, trained, evaluate(recipe_of(run, asked), run)


def test_it_tells_the_classes_and_no_network_baseline_is_beside_it(done):
    run, _, report = done
    values = json.loads((run.folder / "metrics.json").read_text())
    assert values["test"]["accuracy"]["value"] > 0.9
    assert set(values["baselines"]) == {"prior", "nearest-thumbnail"}
    assert report.values["test"] == values["test"]


def test_the_recipe_says_why_there_are_no_epochs(done):
    run, *_ = done
    recipe = run.recipe_path.read_text()
    assert "epochs = 1" in recipe
    assert "fitted at once: there are no epochs" in recipe


def test_predict_gives_the_bits_of_evaluate(done):
    run, *_ = done
    known = Predictions.load(run.folder / "predictions" / "test.parquet")
    manifest = run.manifest().where(split="test")
    paths = manifest.column("path")
    answers = tamiz.predict(run.model_folder, *(manifest.root / path for path in paths))
    np.testing.assert_array_equal(answers.predictions.probabilities, known.probabilities)


def test_the_bundle_holds_arrays_and_no_pickle(done):
    run, *_ = done
    names = {path.name for path in run.model_folder.iterdir()}
    assert names <= {"bundle.json", "card.md", "weights.safetensors", "guard.safetensors"}
    facts = Bundle.load(run.model_folder).facts()
    assert facts["model"]["options"]["fitted"]["described"]["descriptors"][0]["name"] == "hog"
    assert facts["training"]["importance"][0]["columns"] == "hog"


def test_importance_is_of_groups_of_columns_with_intervals(done):
    _, trained, _ = done
    table = next(
        block
        for section in trained.sections
        for block in section.blocks
        if section.anchor == "importance" and isinstance(block, Table)
    )
    names = [row[0] for row in table.rows]
    assert {"hog", "lbp", "lbp: lbp_r1", "colour_histogram"} <= set(names)
    for estimate in (row[2] for row in table.rows):
        assert isinstance(estimate, Estimate)
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low <= estimate.value <= estimate.high
        assert estimate.n_groups > 20


def test_folds_make_an_ensemble_of_them(source, tmp_path):
    settings = {**FAST, "split.folds": 3, "model.options.describe": "lbp", "train.guard": False}
    run, asked = begin(source, tmp_path / "run", settings=tables_from_settings(settings))
    advance(run, asked, "train")
    made = evaluate(recipe_of(run, asked), run)
    assert made.values["oof"]["accuracy"]["value"] > 0.8


def test_a_learning_rate_is_no_question(source, tmp_path):
    run, asked = begin(source, tmp_path / "run", settings=tables_from_settings(FAST))
    with pytest.raises(WrongUse) as error:
        lr_range(run, asked)
    assert "is fitted at once" in str(error.value)


def test_occlusion_explains_it_and_is_held_against_mixed_up_columns(done, tmp_path):
    run, *_ = done
    images = sorted(str(path) for path in run.manifest().root.rglob("*.png"))[:2]
    how = ExplainOptions(images=ExplainImages(patch=0.5, stride=0.5, n_checked=1, n_mistakes=0))
    report = explain(run.model_folder, images, tmp_path / "maps", how)
    assert [one["method"] for one in report.values["explain"]["maps"]] == ["occlusion"] * 2
    assert "occlusion" in report.values["explain"]["check"]
    page = (tmp_path / "maps" / "report.html").read_text()
    assert "read each column in" in page
    assert "separation, mixed columns" in page
    assert "random weights" not in page  # descriptors have none
    assert "have no slope" in page  # why the default, gradcam, was left out


@pytest.mark.parametrize("method", ["gradcam", "integrated-gradients"])
def test_gradients_are_refused_with_the_way_that_works(done, tmp_path, method):
    run, *_ = done
    with pytest.raises(WrongUse, match=rf"--with {method}: .*have no slope.*Use --with occlusion"):
        explain(run.model_folder, [run.manifest().root], tmp_path, ExplainOptions(by=(method,)))


def test_a_search_varies_what_changes_something(done):
    run, *_ = done
    recipe = run.recipe()
    names = [one.path for one in dimensions((), (), recipe, 100)]
    assert names == [
        "model.options.classifier",
        "model.options.project",
        "model.options.select",
        "train.balance",
    ]
    assert point_of(recipe, dimensions((), (), recipe, 100)) is not None
    with pytest.raises(WrongUse, match=r"train.learning_rate: this field cannot be searched over"):
        dimensions(("train.learning_rate",), (), recipe, 100)
    model = ModelOptions("resnet18", {"head": "svm"})
    headed = dimensions((), (), replace(recipe, model=model), 100)
    assert [one.path for one in headed] == ["model.options.head", "train.balance"]


def test_as_a_student_it_is_refused_before_any_work(done, source, tmp_path):
    run, *_ = done
    student, asked = begin(source, tmp_path / "run", settings=tables_from_settings(FAST))
    with pytest.raises(WrongUse, match="'descriptors' is fitted at once to the labels"):
        distil(run.folder, student, asked)


def test_options_of_the_model_come_from_the_command_line():
    from tamiz.cli.options import TRAIN_OPTIONS, job_options

    seen = {}

    import click

    @click.command()
    @job_options(TRAIN_OPTIONS)
    def command(**values):
        seen.update(values)

    words = ["--options", "classifier=svm", "--options", "select=20"]
    assert CliRunner().invoke(command, words).exit_code == 0
    assert seen["model__options"] == {"classifier": "svm", "select": 20}
    failed = CliRunner().invoke(command, ["--options", "svm"])
    assert "written name=value" in str(failed.exception)


def test_the_baseline_tells_stripes_and_is_none_where_a_class_lacks():
    from tamiz.engine.prepared import InMemory

    rng = np.random.default_rng(0)
    pixels = rng.integers(90, 110, (80, 40, 40, 1)).astype(np.uint8)
    pixels[::2, :, ::4] += 90  # stripes down
    pixels[1::2, ::4, :] += 90  # stripes across
    targets = (np.arange(80) % 2).astype(np.int64)
    described = described_for((40, 40, 1))
    seen = baseline_vectors(InMemory(pixels), np.arange(80), described)
    names = np.array([str(at) for at in range(20)])
    even = np.full((20, 2), 0.5)
    like = Predictions(("down", "across"), names, names, targets[60:], even, "test")
    assert seen.described is not None
    learnt, asked = seen.described[:60], seen.described[60:]
    found = descriptor_predictions(learnt, targets[:60], asked, like)
    assert found is not None
    assert (found.probabilities.argmax(1) == targets[60:]).all()
    assert found.probabilities.sum(1) == pytest.approx(1)
    alone = descriptor_predictions(learnt, 0 * targets[:60], asked, like)
    assert alone is None
    assert seen.thumbnails.shape == (80, 14 * 14)


@pytest.mark.parametrize("shape", [(28, 28, 2), (6, 6, 1)])
def test_odd_images_have_no_baseline_on_descriptors(shape):
    assert described_for(shape) is None


@pytest.mark.parametrize(
    ("shift", "words"), [(0.3, "earned its cost"), (0.0, "not shown to have earned")]
)
def test_the_report_says_whether_the_network_earned_its_cost(shift, words, tmp_path):
    from tests.stages.test_baselines_piece import N, judged

    rng = np.random.default_rng(3)
    hard = rng.random(N) < 0.1
    piece = piece_beside(judged(hard), judged(hard | (rng.random(N) < shift)), tmp_path)
    told = [str(one.text) for one in piece.sections[0].blocks if isinstance(one, Paragraph)]
    assert len(told) == 1
    assert words in told[0]


def piece_beside(ours, theirs, tmp_path):
    from dataclasses import replace
    from typing import cast

    from tests.stages.test_baselines_piece import OPTIONS

    from tamiz.core.events import ignore
    from tamiz.core.recipe import Recipe
    from tamiz.data.manifest import Manifest
    from tamiz.data.run_folder import Run
    from tamiz.metrics.intervals import measure
    from tamiz.stages.evaluation import Evaluation
    from tamiz.stages.pieces.baselines import baselines_piece

    evaluation = Evaluation(
        recipe=replace(Recipe(), evaluate=OPTIONS),
        run=Run(tmp_path),
        bundle=cast("Bundle", None),
        part="test",
        predictions=ours,
        val=None,
        rows=Manifest.from_columns({"path": list(ours.item)}, tmp_path),
        measured=measure(ours, OPTIONS),
        beside={"descriptors": measure(theirs, OPTIONS)},
        baselines={"descriptors": theirs},
    )
    return baselines_piece(evaluation, ignore)
