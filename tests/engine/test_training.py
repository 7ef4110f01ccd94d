"""Training: it learns, it repeats itself, and it says what goes wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.events import Event
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine.infer import predict_probabilities
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import check_task, train_network
from tamiz.models.build import build_network
from tamiz.models.registry import MODELS, InputShape

IN_STEPS = [
    name
    for name in MODELS.names()
    if MODELS.get(name).reads == "images" and MODELS.get(name).learns == "in steps"
]


def network(task, trained):
    net = build_network(
        task.model.name, task.model.options, task.shape, mean=trained.mean, std=trained.std
    )
    net.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in trained.weights.items()})
    return net


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", IN_STEPS)
def test_every_model_learns_8_images_by_heart(make_task, name, precision):
    drawn = np.random.default_rng(0).integers(0, 256, (60, 24, 24, 1)).astype(np.uint8)
    options = {"dropout": 0.0} if name == "mlp" else {}
    task = make_task(
        name,
        images=InMemory(drawn),
        options=options,
        n_train=8,
        epochs=30,
        learning_rate=2e-3,
        optimiser="adam",
        schedule="constant",
        label_smoothing=0.0,
        ema_decay=0.0,
        precision=precision,
        augment=[],
    )
    trained = train_network(task)
    assert trained.history[-1]["train_loss"] < 0.2
    assert trained.first_loss == pytest.approx(math.log(2), abs=2.0)
    assert trained.expected_first_loss == pytest.approx(math.log(2))


def test_the_epoch_with_the_lowest_validation_loss_is_kept(make_task):
    told: list[Event] = []
    trained = train_network(make_task(epochs=5, learning_rate=0.01), on_event=told.append)
    losses = [epoch["val_loss"] for epoch in trained.history]
    assert trained.best_epoch == 1 + int(np.argmin(losses))
    assert [event.values["epoch"] for event in told if event.kind == "epoch"] == [1, 2, 3, 4, 5]


def test_the_kept_weights_give_the_recorded_validation_accuracy(make_task):
    task = make_task(epochs=5, learning_rate=0.01)
    trained = train_network(task)
    probabilities = predict_probabilities(network(task, trained), task.rows.images, task.rows.val)
    right = probabilities.argmax(1) == task.rows.targets[task.rows.val]
    assert right.mean() == trained.history[trained.best_epoch - 1]["val_accuracy"]
    assert right.mean() > 0.8


@pytest.mark.parametrize("optimiser", ["adamw", "sgd", "muon"])
def test_training_twice_gives_the_same_bytes(make_task, same_bytes, optimiser):
    task = make_task(optimiser=optimiser, learning_rate=0.01)
    assert same_bytes(train_network(task), train_network(task))


def test_training_leaves_torchs_random_state_alone(make_task):
    before = torch.get_rng_state()
    train_network(make_task(epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_another_seed_gives_other_weights(make_task, same_bytes):
    assert not same_bytes(train_network(make_task(seed=0)), train_network(make_task(seed=1)))


def test_patience_stops_early(make_task):
    task = make_task(epochs=40, patience=2, learning_rate=1e-8, optimiser="sgd", augment=[])
    trained = train_network(task)
    assert len(trained.history) < 40
    assert len(trained.history) - trained.best_epoch == 2


def test_the_minutes_stop_it_and_what_was_learnt_is_kept(make_task):
    trained = train_network(make_task(epochs=10_000, max_minutes=0.005))
    assert len(trained.history) < 10_000
    assert trained.best_epoch >= 1


def test_without_validation_rows_the_last_epoch_is_kept(make_task):
    from dataclasses import replace

    task = make_task()
    task = replace(task, rows=replace(task.rows, val=np.zeros(0, np.int64)))
    trained = train_network(task)
    assert trained.best_epoch == 3
    assert trained.history[-1]["val_loss"] is None


@pytest.mark.parametrize(("optimiser", "name"), [("sgd", "small"), ("adam", "mlp"), ("sgd", "cnn")])
def test_a_loss_that_is_no_number_is_named_with_epoch_step_rate_and_items(
    make_task, optimiser, name
):
    drawn = np.random.default_rng(0).integers(0, 256, (60, 24, 24, 1)).astype(np.uint8)
    task = make_task(
        name,
        images=InMemory(drawn),
        optimiser=optimiser,
        learning_rate=1e6,
        schedule="constant",
        warmup_fraction=0.0,
        epochs=20,
    )
    with pytest.raises(WrongData) as error:
        train_network(task)
    said = str(error.value)
    assert "in epoch 1, step" in said
    assert "learning rate 1e+06" in said
    assert "pictures/" in said
    assert "Set train.learning_rate to 1e+05" in said


def test_the_checkpoint_before_a_divergence_stays(make_task, tmp_path):
    train_network(make_task(epochs=2), tmp_path)
    kept = sorted(path.name for path in tmp_path.iterdir())
    bad = make_task(epochs=2, learning_rate=1e6, optimiser="sgd", warmup_fraction=0.0)
    with pytest.raises(WrongData):
        train_network(bad, tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == kept


def test_two_classes_and_two_images_are_the_least(make_task):
    with pytest.raises(WrongData, match="too few"):
        train_network(make_task(n_train=1))


def test_wrong_settings_are_found_before_any_work():
    shape = InputShape(1, 28, 10)
    for model, train in (
        (ModelOptions("smal"), TrainOptions()),
        (ModelOptions("cnn", {"blocks": 3}), TrainOptions()),
        (ModelOptions(), TrainOptions(augment=[{"name": "turn"}])),
        (ModelOptions(), TrainOptions(device="cuda:9")),
    ):
        with pytest.raises(WrongUse):
            check_task(model, train, shape)


def test_bfloat16_costs_no_accuracy_on_an_easy_task(make_task):
    scores = {}
    for precision in ("float32", "bfloat16"):
        task = make_task(epochs=6, learning_rate=0.01, precision=precision, augment=[])
        scores[precision] = train_network(task).history[-1]["val_accuracy"]
    assert scores["bfloat16"] >= scores["float32"] - 0.1


def test_threads_follow_the_step_the_recipe_and_what_somebody_shared_out(monkeypatch):
    from tamiz.engine.device import threads_for

    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert threads_for(0, 128, 64) == 3
    assert threads_for(0, 8, 16) == 1
    assert threads_for(5, 8, 16) == 5
    monkeypatch.setenv("OMP_NUM_THREADS", "2,1")  # a list is for nested regions
    assert threads_for(0, 128, 64) >= 1
