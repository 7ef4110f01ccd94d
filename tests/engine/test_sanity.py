"""The checks around a training: each finds its fault, and none complains about sound networks."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from tamiz.core.language import set_language
from tamiz.engine.sanity import check_end, check_start, pick_batch
from tamiz.models.build import build_network
from tamiz.models.registry import InputShape

SHAPE = InputShape(1, 12, 3)


def images(n=16, seed=0):
    drawn = np.random.default_rng(seed).integers(0, 256, (n, 1, 12, 12))
    return torch.from_numpy(drawn.astype(np.uint8))


def classes(n=16):
    return torch.arange(n) % 3


def network(name="small", **options):
    return build_network(name, options, SHAPE, mean=[0.5], std=[0.29])


def found(*arguments, **named):
    return [
        str(event.values["check"]).partition(".")[2] for event in check_start(*arguments, **named)
    ]


class Net(nn.Module):
    """A net with a body and a head, to be broken."""

    def __init__(self, body=None, head=None):
        super().__init__()
        self.body = body or nn.Sequential(nn.Flatten(), nn.Linear(144, 32), nn.ReLU())
        self.head = head or nn.Linear(32, 3)

    def forward(self, pixels):
        return self.head(self.body(pixels / 255 - 0.5))


class Cut(Net):
    """Its body never hears of the loss."""

    def forward(self, pixels):
        return self.head(self.body(pixels / 255 - 0.5).detach())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("small", {}),
        ("small", {"widths": [4, 8], "dropout": 0.5}),
        ("small", {"widths": [8], "depth": 4, "residual": True}),
        ("mlp", {"dropout": 0.5}),
        ("softmax", {}),
    ],
)
def test_sound_networks_pass_also_with_labels_drawn_by_lot(name, options):
    net = network(name, **options)
    assert found(net, images(), classes(), cross_entropy) == []
    assert found(net, images(seed=3), classes()[torch.randperm(16)], cross_entropy) == []


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
def test_smoothed_weighted_and_lopsided_labels_are_no_fault(smoothing):
    weights = torch.tensor([0.1, 1.0, 5.0])

    def loss(scores, targets):
        return cross_entropy(scores, targets, weight=weights, label_smoothing=smoothing)

    assert found(network(), images(), torch.tensor([0] * 14 + [1, 2]), loss) == []


def test_several_labels_per_image_start_at_ln_2_and_are_learnt():
    targets = torch.from_numpy(np.random.default_rng(1).integers(0, 2, (16, 3)).astype(np.float32))
    assert found(network(), images(), targets, binary_cross_entropy_with_logits) == []
    wild = Net()
    with torch.no_grad():
        wild.head.bias.fill_(100.0)
    assert "start_high" in found(wild, images(), targets, binary_cross_entropy_with_logits)


def test_head_of_another_task_starts_too_high():
    net = Net(head=nn.Linear(32, 3))
    with torch.no_grad():
        net.head.weight.mul_(200)
    warnings = check_start(net, images(), classes(), cross_entropy)
    assert warnings[0].kind == "warning"
    assert f"has {math.log(3):.3f}" in str(warnings[0].text)


def test_dead_relu_is_named_with_its_layers():
    net = Net()
    with torch.no_grad():
        net.get_parameter("body.1.bias").fill_(-100.0)
    warnings = check_start(net, images(), classes(), cross_entropy)
    told = {event.values["check"]: str(event.text) for event in warnings}
    assert "body.1 (Linear), head (Linear)" in told["watching.no_gradient"]
    assert "16 images could not be learnt" in told["watching.not_learnt"]


def test_layer_cut_off_from_the_loss_is_named():
    warnings = check_start(Cut(), images(), classes(), cross_entropy)
    assert [event.values["check"] for event in warnings] == ["watching.detached"]
    assert "body.1 (Linear)" in str(warnings[0].text)


def test_frozen_layers_need_no_gradient_but_a_frozen_network_is_told():
    net = Net()
    net.body.requires_grad_(requires_grad=False)
    assert found(net, images(), classes(), cross_entropy) == []
    net.requires_grad_(requires_grad=False)
    assert found(net, images(), classes(), cross_entropy) == ["nothing_attached"]


def test_layer_that_starts_at_zero_on_purpose_is_no_dead_layer():
    net = Net()
    nn.init.zeros_(net.head.weight)  # at the first step the body's gradient is zero
    assert found(net, images(), classes(), cross_entropy) == []


def test_images_that_are_all_alike_are_told_once():
    same = images(1).expand(16, -1, -1, -1).contiguous()
    assert found(network(), same, classes(), cross_entropy) == ["images_alike"]
    flat = (torch.arange(16) * 10).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 1, 12, 12)
    assert found(network(), flat.contiguous(), classes(), cross_entropy) == ["images_empty"]


def test_values_that_are_no_numbers_are_told():
    net = Net()
    with torch.no_grad():
        net.head.bias.fill_(math.nan)
    assert found(net, images(), classes(), cross_entropy) == ["start_no_number"]


def test_gradient_that_is_no_number_is_told():
    class Root(Net):
        def forward(self, pixels):
            zero = super().forward(pixels) * 0  # the root's slope at zero is infinite
            return zero.abs().sqrt()

    assert "gradient_no_number" in found(Root(), images(), classes(), cross_entropy)


def test_without_time_nothing_is_said_about_learning():
    blind = Net(body=nn.Sequential(nn.Flatten(), nn.Linear(144, 32), nn.Threshold(1e9, 1.0)))
    blind.body[1].requires_grad_(requires_grad=False)
    assert found(blind, images(), classes(), cross_entropy) == ["not_learnt"]
    assert found(blind, images(), classes(), cross_entropy, max_s=0.0) == []


def test_one_image_is_too_few_to_say_anything():
    assert found(network(), images(1), classes(1), cross_entropy) == []


def test_checks_leave_network_and_random_state_alone(make_task, same_bytes):
    from tamiz.engine.train import train_network

    task = make_task()
    before = train_network(task)
    net = network(widths=[4], dropout=0.5)
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    state = torch.get_rng_state()
    check_start(net, images(), classes(), cross_entropy)
    assert torch.equal(torch.get_rng_state(), state)
    assert net.training
    assert all(p.grad is None for p in net.parameters())
    assert all(torch.equal(value, kept[name]) for name, value in net.state_dict().items())
    assert same_bytes(before, train_network(task))


def test_batch_holds_every_class_as_far_as_it_can():
    targets = np.array([0] * 90 + [1] * 8 + [2] * 2)
    rows = np.arange(100)
    picked = pick_batch(targets, rows)
    assert len(picked) == 16
    assert np.bincount(targets[picked]).tolist() == [7, 7, 2]
    assert (np.diff(picked) > 0).all()
    many = pick_batch(np.zeros((40, 3), np.float32), np.arange(10, 40))
    assert len(many) == 16
    assert many[0] == 10
    assert many[-1] == 39
    assert pick_batch(targets, rows[:5]).tolist() == [0, 1, 2, 3, 4]


def test_baselines_that_are_not_beaten_are_told():
    train, val = np.array([0] * 8 + [1] * 2), np.array([0] * 4 + [1])
    prior = -(4 * math.log(8.5 / 11) + math.log(2.5 / 11)) / 5
    good = {"val_loss": prior - 0.01, "val_accuracy": 0.9}
    assert check_end(good, train, val, 2) == []
    bad = {"val_loss": prior + 0.01, "val_accuracy": 0.8}
    loss, accuracy = check_end(bad, train, val, 2)
    assert f"not below {prior:.3f}" in str(loss.text)
    assert "80.0 %, is not above 80.0 %" in str(accuracy.text)


def test_several_labels_are_compared_by_loss_and_no_validation_says_nothing():
    train = np.array([[1, 0], [1, 1], [0, 0]], np.float32)
    assert check_end({"val_loss": 0.1, "val_accuracy": 0.1}, train, train, 2) == []
    assert [e.values["check"] for e in check_end({"val_loss": 0.9}, train, train, 2)] == [
        "watching.like_prior"
    ]
    assert len(check_end({"val_loss": math.nan}, train, train, 2)) == 1
    assert check_end({"val_loss": 9.0}, train, train[:0], 2) == []


def test_advice_is_given_in_spanish_too():
    set_language("es")
    same = images(1).expand(16, -1, -1, -1).contiguous()
    (event,) = check_start(network(), same, classes(), cross_entropy)
    assert "idénticas" in str(event.text)
