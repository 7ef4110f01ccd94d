"""Training in stages: what is frozen stays, features are computed once, kills change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from tamiz.core.errors import MachineTrouble, WrongUse
from tamiz.core.recipe import ModelOptions, TrainOptions
from tamiz.engine import batch_size, memory, staging, watch
from tamiz.engine.fine_tuning import describe_stages, stages_of
from tamiz.engine.memory import bytes_per_image, choose_batch
from tamiz.engine.prepared import InMemory
from tamiz.engine.train import train_network
from tamiz.models.build import build_network
from tamiz.models.nets.layers import layers_of

NETWORK = ModelOptions("test_resnet", {}, "none")
STAGES = ["head:2:1e-2", "last-block:1", "all:1:1e-4"]


class Killed(BaseException):
    """Stands for the death of the process: nothing of ours catches it."""


@pytest.fixture
def make_tuned(make_task, tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path / "cache"))
    colour = np.random.default_rng(5).integers(0, 90, (60, 32, 32, 3)).astype(np.uint8)
    colour[::2, :16] += 120
    colour[1::2, 16:] += 120

    def make(model=NETWORK, **train):
        settings = {"augment": [], "ema_decay": 0.0, "stages": STAGES, **train}
        task = make_task(images=InMemory(colour), **settings)
        return replace(task, model=model)

    return make


def start_of(task):
    from tamiz.core.seeds import derive_seed

    seed = derive_seed(task.train.seed, "weights")
    shape = task.shape
    net = build_network(task.model.name, task.model.options, shape, mean=[0] * 3, std=[1] * 3,
                        seed=seed)  # fmt: skip
    return {name: value.numpy() for name, value in net.state_dict().items()}


def changed(before, after):
    return {name for name in before if not np.array_equal(before[name], after[name])}


def test_the_head_stage_changes_the_head_and_nothing_else(make_tuned):
    task = make_tuned(stages=["head"])
    trained = train_network(task)
    moved = changed(start_of(task), trained.weights) - {"scale", "shift"}
    assert moved
    assert all(name.startswith("net.head.") for name in moved)
    assert len(trained.history) == 3
    assert trained.more["features"]["n_features"] > 0
    assert trained.more["stages"] == "head:3:0.002"


def test_the_last_block_learns_with_its_own_statistics_only(make_tuned):
    task = make_tuned(stages=["last-block:1:1e-3"])
    trained = train_network(task)
    moved = changed(start_of(task), trained.weights) - {"scale", "shift"}
    net = build_network(NETWORK.name, {}, task.shape, mean=[0] * 3, std=[1] * 3)
    blocks = layers_of(net)
    frozen = {name for block in blocks[:-2] for name in block}
    assert not moved & frozen
    assert moved & set(blocks[-2])
    frozen_parts = {name.rsplit(".", 1)[0] for name in frozen}
    statistics = {name for name in moved if "running" in name}
    assert not {name for name in statistics if name.rsplit(".", 1)[0] in frozen_parts}
    assert statistics


def test_all_stages_follow_each_other_and_the_best_epoch_of_all_is_kept(make_tuned):
    trained = train_network(make_tuned())
    assert [one["epoch"] for one in trained.history] == [1, 2, 3, 4]
    assert [one["part"] for one in trained.history] == ["head", "head", "last-block", "all"]
    losses = [one["val_loss"] for one in trained.history]
    assert trained.best_epoch == int(np.argmin(losses)) + 1


def test_a_head_on_cached_features_learns_what_it_learns_on_images(make_tuned, monkeypatch):
    settings = {"stages": ["head:2:1e-2"], "precision": "float32"}
    cached = train_network(make_tuned(**settings))
    monkeypatch.setattr(staging, "frozen_stage", lambda *_: None)
    plain = train_network(make_tuned(**settings))
    for one, two in zip(cached.history, plain.history, strict=True):
        assert one["val_loss"] == pytest.approx(two["val_loss"], rel=1e-3)
        assert one["train_loss"] == pytest.approx(two["train_loss"], rel=1e-3)
    assert np.allclose(
        cached.weights["net.head.weight"], plain.weights["net.head.weight"], atol=1e-3
    )


def test_features_are_computed_once_for_all_runs_with_the_same_base(make_tuned):
    told: list[Any] = []
    task = replace(make_tuned(stages=["head"]), contents=[f"c{n}" for n in range(60)])
    train_network(task, None, told.append)
    again = replace(task, train=replace(task.train, learning_rate=0.05, seed=task.train.seed))
    events: list[Any] = []
    train_network(again, None, events.append)
    assert not [e for e in told if e.text and e.text.key == "features.reused"]
    assert [e for e in events if e.text and e.text.key == "features.reused"]


def test_augmented_heads_use_views_when_asked_and_images_otherwise(make_tuned):
    shift = [{"name": "shift"}]
    assert train_network(make_tuned(stages=["head:2"], augment=shift, feature_views=2)).more[
        "features"
    ]["views"] == 2  # fmt: skip
    assert "features" not in train_network(make_tuned(stages=["head:2"], augment=shift)).more


@pytest.mark.parametrize("head", ["logistic", "knn"])
def test_fitted_heads_need_no_epochs(make_tuned, head):
    model = replace(NETWORK, options={"head": head})
    trained = train_network(make_tuned(model=model, stages=["head"]))
    assert len(trained.history) == 1
    assert trained.history[0]["val_accuracy"] > 0.7
    assert trained.more["fitted"]["head"] == head


def test_a_fitted_head_on_a_base_that_learns_is_refused(make_tuned):
    model = replace(NETWORK, options={"head": "knn"})
    with pytest.raises(WrongUse, match="'knn' is fitted to features of a frozen network"):
        train_network(make_tuned(model=model, stages=["all:1"]))


@pytest.mark.parametrize("died_at", [1, 3, 5, 6, 8])
def test_dying_in_any_stage_and_going_on_gives_the_same_bytes(
    make_tuned, same_bytes, tmp_path, monkeypatch, died_at
):
    monkeypatch.setattr(watch, "_STEPS_BETWEEN_LOOKS", 1)
    task = make_tuned(checkpoint_s=1e-9, augment=[{"name": "shift"}])
    wanted = train_network(task)
    seen = []

    def listen(event):
        if event.kind in {"progress", "epoch"} and "loss" in str(event.values):
            seen.append(event)
            if len(seen) == died_at:
                raise Killed

    with pytest.raises(Killed):
        train_network(task, tmp_path / "c", listen)
    resumed = train_network(task, tmp_path / "c")
    assert same_bytes(resumed, wanted)
    assert [one["val_loss"] for one in resumed.history] == [
        one["val_loss"] for one in wanted.history
    ]


def test_super_batches_are_trained_one_after_the_other_and_resume(
    make_task, same_bytes, tmp_path, monkeypatch
):
    monkeypatch.setattr(watch, "_STEPS_BETWEEN_LOOKS", 1)
    task = make_task(epochs=2, checkpoint_s=1e-9)
    shard = np.zeros(60, np.int64)
    shard[20:44] = 1
    task = replace(task, rows=replace(task.rows, shard=shard))
    wanted = train_network(task)
    assert [one["shard"] for one in wanted.history] == [1, 1, 2, 2]
    for died_at in (3, 6, 12):
        seen: list[Any] = []

        def listen(event, seen=seen, died_at=died_at):
            seen.append(event)
            if len(seen) == died_at:
                raise Killed

        with pytest.raises(Killed):
            train_network(task, tmp_path / str(died_at), listen)
        assert same_bytes(train_network(task, tmp_path / str(died_at)), wanted)


def test_accumulated_gradients_are_those_of_the_whole_batch(make_task):
    settings = {
        "augment": [], "epochs": 1, "options": {}, "name": "softmax", "optimiser": "sgd",
        "warmup_fraction": 0.0, "ema_decay": 0.0, "schedule": "constant",
    }  # fmt: skip
    whole = train_network(make_task(batch_size=22, **settings))
    halves = train_network(make_task(batch_size=11, accumulate=2, **settings))
    for name, value in whole.weights.items():
        assert np.allclose(halves.weights[name], value, atol=1e-5), name


def test_a_batch_size_of_0_is_chosen_and_kept_on_resume(make_task, tmp_path, monkeypatch):
    task = make_task(batch_size=0, epochs=1)
    told: list[Any] = []
    train_network(task, tmp_path, told.append)
    chosen = [e for e in told if e.text and e.text.key == "train.batch_chosen"]
    assert chosen[0].text.values["n"] == 2  # 44 images, at least 16 steps in an epoch
    monkeypatch.setattr(batch_size, "choose_batch", lambda *_: pytest.fail("chosen anew"))
    train_network(task, tmp_path)


def test_a_batch_that_does_not_fit_is_refused_with_one_that_does(make_task, monkeypatch):
    monkeypatch.setattr(batch_size, "free_memory", lambda _device: 100_000)
    with pytest.raises(MachineTrouble, match="a step with 44 images takes about") as caught:
        train_network(make_task(batch_size=64))
    assert "train.batch_size=" in caught.value.fix


def test_memory_grows_with_what_is_kept_for_the_gradients():
    images = torch.zeros(4, 3, 32, 32, dtype=torch.uint8)
    shape = make_shape(3, 32, 2)
    net = build_network("small", {}, shape, mean=[0] * 3, std=[1] * 3)
    learning = bytes_per_image(net, images, torch.enable_grad)
    net.requires_grad_(False)
    assert bytes_per_image(net, images, torch.enable_grad) < learning / 4


def make_shape(channels, side, classes):
    from tamiz.models.registry import InputShape

    return InputShape(channels, side, classes)


def test_the_chosen_batch_is_a_power_of_two_that_fits():
    assert choose_batch(2**20, 2**30, 100_000) == 512
    assert choose_batch(2**24, 2**30, 100_000) == 32
    assert choose_batch(1, 2**40, 320) == 16
    assert choose_batch(2**40, 2**20, 100) == 1
    assert memory.free_memory(torch.device("cpu")) > 2**20


def test_stages_are_parts_epochs_and_rates():
    train = TrainOptions(stages=["head:3", "last-2-blocks:4:1e-4", "all"], learning_rate=1e-2,
                         epochs=7)  # fmt: skip
    stages = stages_of(train)
    assert [one.n_blocks for one in stages] == [1, 3, None]
    assert [one.epochs for one in stages] == [3, 4, 7]
    assert [one.learning_rate for one in stages] == pytest.approx([1e-2, 1e-4, 1e-3])
    assert describe_stages(stages) == "head:3:0.01, last-2-blocks:4:0.0001, all:7:0.001"


@pytest.mark.parametrize("words", ["heads:3", "head:0", "all:3:0", "head:3:x", "last-0x", "", ":3"])
def test_what_is_no_stage_is_refused(words):
    with pytest.raises(WrongUse, match="is no stage of a training") as caught:
        stages_of(TrainOptions(stages=[words]))
    assert "last-3-blocks" in caught.value.fix


def test_more_blocks_than_there_are_is_said(make_task):
    with pytest.raises(WrongUse, match=r"the last 50 blocks are asked for; this network has \d+"):
        train_network(make_task(stages=["last-50-blocks:1"]))


def test_the_epoch_is_chosen_by_the_figure_that_was_asked_for(make_task):
    trained = train_network(make_task(monitor="accuracy", epochs=4))
    accuracies = [one["val_accuracy"] for one in trained.history]
    assert accuracies[trained.best_epoch - 1] == max(accuracies)
    assert all(0 <= one["val_f1"] <= 1 for one in trained.history)


def test_among_epochs_of_equal_accuracy_the_lowest_loss_is_kept(make_task):
    trained = train_network(make_task(monitor="accuracy", epochs=12, learning_rate=0.02))
    figures = [(-one["val_accuracy"], one["val_loss"]) for one in trained.history]
    assert len({accuracy for accuracy, _ in figures}) < len(figures)
    assert trained.best_epoch == figures.index(min(figures)) + 1


def test_several_labels_learn_by_sigmoid(make_task, pixels):
    task = make_task(epochs=6, label_smoothing=0.0, learning_rate=0.01)
    bright = pixels[:, :, :, 0].reshape(60, -1).mean(1)
    sets = np.stack([np.arange(60) % 2 == 0, bright > np.median(bright)], axis=1)
    task = replace(task, rows=replace(task.rows, targets=sets.astype(np.float32)))
    trained = train_network(task)
    assert trained.expected_first_loss == pytest.approx(np.log(2))
    assert trained.history[-1]["val_f1"] > 0.5


def test_patience_does_not_pass_over_the_last_super_batch(make_task):
    task = make_task(epochs=3, patience=2, learning_rate=1e-8, optimiser="sgd", augment=[])
    task = replace(task, rows=replace(task.rows, shard=np.arange(60) // 20))
    shards = [one["shard"] for one in train_network(task).history]
    assert shards[:6] == [1, 1, 1, 2, 2, 2]
    assert 3 in shards


def test_a_checkpoint_of_other_pixels_is_refused(make_task, tmp_path):
    task = replace(make_task(epochs=1), contents=["padded"] * 60)
    train_network(task, tmp_path)
    train_network(task, tmp_path)
    with pytest.raises(WrongUse, match="data"):
        train_network(replace(task, contents=["stretched"] * 60), tmp_path)


def test_a_checkpoint_of_other_starting_weights_is_refused(make_tuned, tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "start.safetensors"
    task = make_tuned(ModelOptions("test_resnet", {}, str(path)), stages=["head:1"])
    start = start_of(task)
    save_file(start, path)
    train_network(task, tmp_path / "c")
    save_file({**start, "net.head.bias": start["net.head.bias"] + 1}, path)
    with pytest.raises(WrongUse, match="start"):
        train_network(task, tmp_path / "c")
