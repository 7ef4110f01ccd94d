"""Classical classifiers as arrays: equal to scikit-learn, row by row, and refused where unfit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.classical.arrays import check_equal
from tamiz.engine.classical.fitting import (
    GRIDS,
    MOST_ROWS,
    Sample,
    even_rows,
    fit_best,
    fit_columns,
    fit_one,
)
from tamiz.engine.classical.model import settings_without_effect
from tamiz.engine.infer import predict_scores
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import check_task, train_network
from tamiz.models.build import build_network
from tamiz.models.descriptors import CLASSIFIERS, DescriptorsOptions
from tamiz.models.registry import InputShape


def drawn(n_classes: int, n: int = 150, seed: int = 0) -> Sample:
    """Return rows of 9 columns: the first tells the class, the last is constant."""
    rng = np.random.default_rng(seed)
    targets = (np.arange(n) % n_classes).astype(np.int64)
    values = rng.normal(size=(n, 9)).astype(np.float32)
    values[:, 0] += 3 * targets
    values[:, -1] = 2.0
    return Sample(values, targets, np.arange(n) // 2)


@pytest.fixture
def quick(monkeypatch):
    """Grow few trees: what is tested does not depend on how many."""
    from tamiz.engine.classical import fitting as classical_fitting

    monkeypatch.setattr(classical_fitting, "_N_TREES", 7)
    monkeypatch.setattr(classical_fitting, "_N_STEPS", 6)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("kind", CLASSIFIERS)
@pytest.mark.parametrize("project", [0, 3])
def test_arrays_answer_as_scikit_learn_does(kind, n_classes, project):
    options = DescriptorsOptions(classifier=kind, project=project)
    fitted = fit_one(drawn(n_classes), options, GRIDS[kind][0], ((), 0))
    ours = fitted.arrays.module(kind, fitted.columns.n_inputs, n_classes)
    rows = fitted.columns(drawn(n_classes, 70, seed=1).values)
    assert check_equal(kind, ours, fitted.estimator, rows) < 1e-6
    scores = ours(torch.from_numpy(rows)).numpy()
    wanted = fitted.estimator.predict(rows.astype(np.float64))
    assert (scores.argmax(1) == wanted).mean() > 0.95  # of an SVM, scores are finer than duels


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_a_row_is_answered_the_same_whatever_stands_beside_it(kind):
    options = DescriptorsOptions(classifier=kind, project=3)
    fitted = fit_one(drawn(3), options, GRIDS[kind][0], ((), 0))
    ours = fitted.arrays.module(kind, fitted.columns.n_inputs, 3)
    values = drawn(3, 101, seed=2).values
    whole = ours(torch.from_numpy(fitted.columns(values)))
    order = np.random.default_rng(0).permutation(101)
    assert torch.equal(ours(torch.from_numpy(fitted.columns(values[order]))), whole[order])
    assert torch.equal(ours(torch.from_numpy(fitted.columns(values[100:]))), whole[100:])
    assert ours(torch.zeros(0, fitted.columns.n_inputs)).shape == (0, 3)


def test_arrays_that_do_not_agree_are_never_kept():
    fitted = fit_one(drawn(3), DescriptorsOptions(), GRIDS["logistic"][0], ((), 0))
    fitted.arrays.arrays["weight"][0, 0] += 0.1
    ours = fitted.arrays.module("logistic", fitted.columns.n_inputs, 3)
    with pytest.raises(RuntimeError, match="logistic: arrays and scikit-learn differ"):
        check_equal("logistic", ours, fitted.estimator, fitted.columns(drawn(3).values))


def test_the_best_columns_are_kept_and_constant_ones_never():
    columns = fit_columns(drawn(3), DescriptorsOptions(select=1))
    assert columns.columns.tolist() == [0]
    assert fit_columns(drawn(3), DescriptorsOptions()).columns.tolist() == list(range(8))
    scaled = columns(drawn(3).values)
    assert scaled.mean() == pytest.approx(0, abs=1e-6)
    assert scaled.std() == pytest.approx(1, abs=1e-5)
    plain = fit_columns(drawn(3), DescriptorsOptions(select=1, scale="none"))
    np.testing.assert_array_equal(plain(drawn(3).values)[:, 0], drawn(3).values[:, 0])


def test_components_are_those_of_scikit_learn():
    from sklearn.decomposition import PCA

    columns = fit_columns(drawn(3), DescriptorsOptions(project=3, scale="none"))
    values = drawn(3).values[:, :8].astype(np.float64)
    wanted = PCA(3).fit(values).components_
    same = np.abs(np.sum(columns.axes * wanted, axis=1))  # but for the sign
    np.testing.assert_allclose(same, 1, atol=1e-6)


@pytest.mark.usefixtures("quick")
def test_the_settings_with_the_lowest_loss_over_folds_are_chosen():
    fitted = fit_best(drawn(3), DescriptorsOptions(), (), 0, lambda _: None)
    assert len(fitted.tried) == len(GRIDS["logistic"])
    best = min(fitted.tried, key=lambda words: fitted.tried[words])
    assert best == f"C={fitted.params['C']:g}"


def test_without_groups_enough_nothing_is_tried():
    sample = replace(drawn(2, 12), groups=np.arange(12) % 2)
    fitted = fit_best(sample, DescriptorsOptions(), (), 0, lambda _: None)
    assert fitted.tried == {}
    assert fitted.params == GRIDS["logistic"][0]


def test_no_more_rows_are_learnt_from_than_asked():
    options = DescriptorsOptions(classifier="knn", rows=30)
    fitted = fit_best(drawn(3), options, (), 0, lambda _: None)
    assert fitted.n_rows == 30
    assert MOST_ROWS.keys() == set(CLASSIFIERS)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 40))
@settings(max_examples=30)
def test_an_even_sample_keeps_every_class_and_its_order(labels, most):
    targets = np.array(labels, dtype=np.int64)
    at = even_rows(targets, most)
    assert (np.diff(at) > 0).all()
    assert set(targets[at]) == set(labels)
    assert len(at) <= max(most, 0) + 4


def described_task(make_task, **options):
    """Return a task in which even images have stripes down and odd ones stripes across."""
    pixels = np.random.default_rng(0).integers(90, 110, (60, 24, 24, 1)).astype(np.uint8)
    pixels[::2, :, ::4] += 90
    pixels[1::2, ::4, :] += 90
    options = {"describe": "hog:cell_px=6", **options}
    task = make_task("descriptors", images=InMemory(pixels), options=options)
    return replace(task, train=TrainOptions(epochs=1, device="cpu"))


def network_of(task, trained):
    options = {**task.model.options, **trained.options}
    net = build_network("descriptors", options, task.shape, mean=trained.mean, std=trained.std)
    weights = {name: torch.from_numpy(np.array(one)) for name, one in trained.weights.items()}
    net.load_state_dict(weights, assign=True)
    return net


def test_seconds_are_those_of_all_sessions(make_task, tmp_path):
    task = described_task(make_task)
    train_network(task, tmp_path)  # killed while it was fitted, this is what would be there
    for path in tmp_path.glob("described-*.json"):
        path.write_text('{"seconds": 500}')
    assert train_network(task, tmp_path).seconds > 1000  # both parts
    next(tmp_path.glob("described-train-*.json")).write_text("[]")
    assert 500 < train_network(task, tmp_path).seconds < 1000  # described again


def test_a_class_without_training_images_is_told_before_any_is_described(make_task):
    task = described_task(make_task)
    rows = replace(task.rows, classes=(*task.rows.classes, "none", "nil"))
    with pytest.raises(WrongData, match=r"is of class 'none', 'nil' \(such classes: 2\)"):
        train_network(replace(task, rows=rows))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_training_gives_a_network_that_tells_the_classes(make_task, same_bytes, tmp_path, kind):
    task = described_task(make_task, classifier=kind)
    trained = train_network(task, tmp_path)
    assert trained.history[0]["val_accuracy"] >= 0.9
    assert trained.more["fitted"]["largest_difference"] <= 1e-6
    assert same_bytes(trained, train_network(task, tmp_path))  # from what was kept
    scores = predict_scores(network_of(task, trained), task.rows.images, task.rows.val)
    right = scores.argmax(1) == task.rows.targets[task.rows.val]
    assert right.mean() == trained.history[0]["val_accuracy"]
    order = np.random.default_rng(1).permutation(len(task.rows.images))
    every = predict_scores(network_of(task, trained), task.rows.images)
    mixed = predict_scores(network_of(task, trained), task.rows.images, order)
    np.testing.assert_array_equal(mixed, every[order])


def test_classes_weigh_alike_where_asked(make_task):
    task = described_task(make_task)
    few = replace(task.rows, train=np.concatenate([task.rows.train[:4], task.rows.train[1::2]]))
    plain = train_network(replace(task, rows=few))
    weighed = replace(task, rows=few, train=replace(task.train, balance="weights"))
    assert plain.weights["net.classifier.bias"].tobytes() != (
        train_network(weighed).weights["net.classifier.bias"].tobytes()
    )


def test_images_that_are_all_alike_are_refused(make_task):
    task = described_task(make_task)
    grey = InMemory(np.full((60, 24, 24, 1), 9, dtype=np.uint8))
    with pytest.raises(WrongData) as error:
        train_network(replace(task, rows=replace(task.rows, images=grey)))
    assert "no descriptor differs between the 44 training images" in str(error.value)


def test_several_labels_are_refused(make_task):
    task = described_task(make_task)
    rows = replace(task.rows, targets=np.eye(2, dtype=np.float32)[task.rows.targets])
    with pytest.raises(WrongUse) as error:
        train_network(replace(task, rows=rows))
    assert "gives one label per image; these images have several" in str(error.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"balance": "sampling"}, "train.balance"),
        ({"loss": "focal"}, "cannot follow 'focal'"),
        ({"shards": 3}, "train.shards"),
        ({"teacher": "runs/x"}, "train.teacher"),
    ],
)
def test_settings_that_it_cannot_follow_are_refused_before_any_work(given, said):
    with pytest.raises(WrongUse, match=said):
        check_task(ModelOptions("descriptors"), TrainOptions(**given), InputShape(1, 28, 10))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"classifier": "tree"}, "logistic, svm, forest, boosting, knn"),
        ({"describe": "hogg"}, "did you mean 'hog'"),
        ({"describe": "hog:cell_px=20"}, "hog"),
        ({"classifer": "svm"}, "did you mean 'classifier'"),
    ],
)
def test_wrong_options_are_said(options, said):
    with pytest.raises(WrongUse) as error:
        check_task(ModelOptions("descriptors", options), TrainOptions(), InputShape(1, 28, 10))
    assert said in str(error.value)


def test_two_channels_cannot_be_described():
    with pytest.raises(WrongUse) as error:
        check_task(ModelOptions("descriptors"), TrainOptions(), InputShape(2, 28, 10))
    assert "images of 2 channels cannot be described" in str(error.value)


def test_what_does_nothing_is_named():
    assert settings_without_effect(TrainOptions(epochs=1)) == []
    assert settings_without_effect(TrainOptions(epochs=7, patience=3)) == [
        "train.epochs",
        "train.patience",
    ]


@pytest.mark.parametrize(
    ("fitted", "said"),
    [
        ({"version": "0"}, "of version 0; this tamiz makes version"),
        ({"version": "1", "described": {}}, "damaged"),
        ({"version": "1", "sizes": {"columns": -1}}, "sizes of the fitted arrays"),
    ],
)
def test_a_bundle_that_was_changed_is_refused(fitted, said):
    from tamiz.descriptors.tiles import VERSION

    if fitted["version"] == "1":
        table = {"descriptors": [{"name": "lbp"}]}
        fitted = {"described": table, **fitted, "version": VERSION}
    options = {"fitted": fitted}
    with pytest.raises(WrongData) as error:
        build_network("descriptors", options, InputShape(1, 28, 2), mean=(0.0,), std=(1.0,))
    assert said in str(error.value)


def test_descriptors_that_do_not_exist_are_refused_with_the_recipe():
    with pytest.raises(WrongUse, match="did you mean 'hog'"):
        DescriptorsOptions("hogg")
    assert DescriptorsOptions("hog:cell_px=400").describe == "hog:cell_px=400"  # for a large size
    for name in ("auto", "workflow-c", "workflow_c"):
        assert DescriptorsOptions(name).described(28).columns()
