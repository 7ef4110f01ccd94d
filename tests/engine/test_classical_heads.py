"""Classical classifiers on a frozen network's features: fitted at once, kept as plain arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.classical.fitting import GRIDS
from tamiz.engine.explaining.gradcam import GradCam
from tamiz.engine.explaining.integrated_gradients import IntegratedGradients
from tamiz.engine.explaining.occlusion import Occlusion
from tamiz.engine.explaining.subject import Asking, Subject
from tamiz.engine.infer import predict_scores
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import check_task, train_network
from tamiz.models.backbone import CLASSICAL_HEADS, FITTED_HEADS, HEADS, BackboneOptions
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.descriptors import CLASSIFIERS
from tamiz.models.registry import InputShape
from tamiz.steps.apply import input_steps

NAME = "test_resnet"


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """Grow few trees: what is tested does not depend on how many."""
    from tamiz.engine.classical import fitting as classical_fitting

    monkeypatch.setattr(classical_fitting, "_N_TREES", 7)
    monkeypatch.setattr(classical_fitting, "_N_STEPS", 6)
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def make_headed(make_task):
    colour = np.random.default_rng(5).integers(0, 90, (60, 32, 32, 3)).astype(np.uint8)
    colour[::2, :16] += 120
    colour[1::2, 16:] += 120

    def make(head, images=colour, **options):
        task = make_task(images=InMemory(images), augment=[], ema_decay=0.0, stages=["head"])
        return replace(task, model=ModelOptions(NAME, {"head": head, **options}, "none"))

    return make


def bundle_of(task, trained) -> Bundle:
    from tamiz.core.recipe import PrepareOptions
    from tamiz.data.contracts import Policy

    return Bundle(
        classes=task.rows.classes,
        size_px=32,
        channels=3,
        model=NAME,
        options={**task.model.options, **trained.options},
        steps=input_steps(PrepareOptions(size_px=32, channels=3)),
        policy=Policy(),
        mean=trained.mean,
        std=trained.std,
        weights=trained.weights,
    )


def test_heads_and_models_on_descriptors_know_the_same_classifiers():
    assert set(FITTED_HEADS) == set(CLASSIFIERS)
    assert set(FITTED_HEADS) < set(HEADS)


@pytest.mark.parametrize("head", CLASSICAL_HEADS)
def test_a_fitted_head_tells_the_classes_and_travels_in_the_bundle(
    make_headed, same_bytes, tmp_path, head
):
    task = make_headed(head)
    trained = train_network(task)
    assert trained.history[0]["val_accuracy"] > 0.8
    told = trained.more["fitted"]
    assert told["classifier"] == head
    assert told["largest_difference"] <= 1e-6
    assert same_bytes(trained, train_network(task))
    bundle_of(task, trained).save(tmp_path / "model")
    kept = Bundle.load(tmp_path / "model").module()
    every = predict_scores(kept, task.rows.images)
    right = every[task.rows.val].argmax(1) == task.rows.targets[task.rows.val]
    assert right.mean() == trained.history[0]["val_accuracy"]
    order = np.random.default_rng(1).permutation(60)
    np.testing.assert_array_equal(predict_scores(kept, task.rows.images, order), every[order])


def test_settings_are_chosen_by_groups_within_the_training_rows(make_headed):
    task = make_headed("svm")
    assert len(train_network(task).more["fitted"]["tried"]) == len(GRIDS["svm"])
    one_group = replace(task, groups=tuple(["the same"] * 60))
    assert train_network(one_group).more["fitted"]["tried"] == {}


def test_columns_are_selected_and_projected_where_asked(make_headed):
    told = train_network(make_headed("forest", select=20, project=4, rows=30)).more["fitted"]
    assert (told["n_columns"], told["n_components"], told["n_rows"]) == (20, 4, 30)


def test_options_of_other_heads_are_said_to_do_nothing(make_headed):
    events: list[Any] = []
    train_network(make_headed("forest", dropout=0.4, select=9), None, events.append)
    told = [str(one.text) for one in events if one.text and one.text.key == "features.idle"]
    assert len(told) == 1
    assert told[0].startswith("model.options.dropout does nothing here: the head 'forest'")


def test_another_head_takes_its_features_from_the_cache(make_headed):
    contents = [f"c{n}" for n in range(60)]
    first = train_network(replace(make_headed("linear"), contents=contents))
    events: list[Any] = []
    task = replace(make_headed("svm", select=9), contents=contents)
    second = train_network(task, None, events.append)
    assert second.more["features"] == first.more["features"]  # whoever computed them
    assert [one for one in events if one.text and one.text.key == "features.reused"]


@pytest.mark.parametrize("head", CLASSICAL_HEADS)
def test_occlusion_asks_any_head_and_gradients_those_with_a_slope(make_headed, head):
    task = make_headed(head)
    subject = Subject.of(bundle_of(task, train_network(task)), Asking(patch=0.5, stride=0.5))
    pixels = task.rows.images.batch(np.array([0])).permute(0, 2, 3, 1).numpy()[0].copy()
    Occlusion().check(subject)
    assert Occlusion().explain(subject, pixels, 0).values.shape == (32, 32)
    for explainer in (GradCam(), IntegratedGradients()):
        if head == "svm":
            explainer.check(subject)
            continue
        with pytest.raises(WrongUse, match=r"have no slope.*--with occlusion"):
            explainer.check(subject)
    if head == "svm":
        assert np.ptp(IntegratedGradients().explain(subject, pixels, 0).values) > 0


def test_a_head_before_it_is_fitted_knows_nothing():
    shape = InputShape(3, 32, 4)
    net = build_network(NAME, {"head": "boosting"}, shape, mean=[0] * 3, std=[1] * 3).eval()
    assert not net(torch.zeros(2, 3, 32, 32, dtype=torch.uint8)).any()


def test_images_that_the_network_finds_all_alike_are_refused(make_headed):
    with pytest.raises(WrongData, match="the same features for all 44 training images"):
        train_network(make_headed("svm", images=np.full((60, 32, 32, 3), 7, np.uint8)))


@pytest.mark.parametrize("head", CLASSICAL_HEADS)
def test_a_class_without_training_images_is_told_before_anything_is_fitted(make_headed, head):
    task = make_headed(head)
    rows = replace(task.rows, classes=("a", "b", "c"))  # nothing is of class 'c'
    with pytest.raises(WrongData, match=r"no training image is of class 'c' \(such classes: 1\)"):
        train_network(replace(task, rows=rows))


def test_several_labels_are_refused(make_headed):
    task = make_headed("forest")
    rows = replace(task.rows, targets=np.eye(2, dtype=np.float32)[task.rows.targets])
    with pytest.raises(WrongUse, match="give one label per image; these images have several"):
        train_network(replace(task, rows=rows))


def test_options_of_classical_heads_are_refused_elsewhere():
    with pytest.raises(WrongUse, match="'select' is an option of classical heads only"):
        BackboneOptions(head="mlp", select=3).classical()
    model = ModelOptions("resnet18", {"head": "linear", "project": 8})
    with pytest.raises(WrongUse, match=r"model.options.project: .*svm, forest, boosting"):
        check_task(model, TrainOptions(), InputShape(3, 64, 2))


@pytest.mark.parametrize("given", [{"loss": "focal"}, {"balance": "sampling"}, {"teacher": "x"}])
def test_settings_that_a_fitted_head_cannot_follow_are_refused(given):
    model = ModelOptions("resnet18", {"head": "svm"})
    with pytest.raises(WrongUse, match="fitted at once cannot follow"):
        check_task(model, TrainOptions(**given), InputShape(3, 64, 2))


def test_sizes_that_are_no_sizes_are_refused():
    options = {"head": "svm", "fitted": {"sizes": {"rows": -1}}}
    with pytest.raises(WrongData, match="sizes of the fitted arrays"):
        build_network(NAME, options, InputShape(3, 32, 2), mean=[0] * 3, std=[1] * 3)
