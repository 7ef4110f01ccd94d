"""Schedules stay in their bounds; optimisers learn, and their state survives."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from tamiz.core.recipe import TrainOptions
from tamiz.engine.optim import decay_factor, make_optimiser, rate_factor

SCHEDULES = ["constant", "one-cycle", "cosine", "linear"]
OPTIMISERS = ["adam", "adamw", "sgd", "muon"]


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(n_steps=st.integers(1, 400), warmup=st.floats(0, 0.9))
def test_the_rate_factor_stays_within_0_and_1_and_rises_then_falls(schedule, n_steps, warmup):
    factors = [rate_factor(schedule, step, n_steps, warmup) for step in range(n_steps)]
    assert min(factors) > 0
    assert max(factors) == 1
    top = factors.index(1)
    assert factors[: top + 1] == sorted(factors[: top + 1])
    assert factors[top:] == sorted(factors[top:], reverse=True)


@pytest.mark.parametrize("schedule", SCHEDULES[1:])
def test_the_rate_ends_near_zero(schedule):
    assert rate_factor(schedule, 999, 1000, 0.2) < 0.002


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_every_optimiser_fits_a_line_and_spares_biases_from_decay(optimiser):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 8), nn.Linear(8, 1))
    rate = 0.02
    train = TrainOptions(optimiser=optimiser, learning_rate=rate, weight_decay=0.01)
    made = make_optimiser(net, train, torch.device("cpu"))
    inputs = torch.randn(64, 3)
    wanted = inputs.sum(1, keepdim=True)
    losses = []
    for step in range(300):
        made.set_factor(rate_factor("linear", step, 300, 0.1))
        loss = (net(inputs) - wanted).square().mean()
        losses.append(float(loss.detach()))
        loss.backward()
        made.step()
    assert losses[-1] < 0.1 * losses[0]
    for part in made._parts:
        for group in part.param_groups:
            if group["weight_decay"]:
                assert all(parameter.ndim >= 2 for parameter in group["params"])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_restored_optimiser_goes_on_with_the_same_bytes(optimiser):
    def new():
        torch.manual_seed(1)
        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 6, 3), nn.Flatten(), nn.Linear(24, 2))
        net = net.to(memory_format=torch.channels_last)
        train = TrainOptions(optimiser=optimiser, learning_rate=0.01)
        return net, make_optimiser(net, train, torch.device("cpu"))

    def go(net, made, n):
        images = torch.linspace(-1, 1, 216).view(2, 3, 6, 6)
        for _ in range(n):
            net(images).square().sum().backward()
            made.step()

    net, made = new()
    go(net, made, 3)
    weights = {name: value.clone().contiguous() for name, value in net.state_dict().items()}
    moments = {name: value.clone().contiguous() for name, value in made.tensors().items()}
    go(net, made, 3)
    other, restored = new()
    other.load_state_dict(weights)
    restored.restore(moments)
    go(other, restored, 3)
    for one, two in zip(net.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two)


def test_an_exponential_rate_is_workflow_ds():
    train = TrainOptions(schedule="exponential", schedule_factor=0.96, schedule_steps=100_000)
    factors = [decay_factor(train, step, 10**6, []) for step in (0, 50_000, 100_000, 200_000)]
    assert factors == pytest.approx([1, 0.96**0.5, 0.96, 0.96**2])


def test_a_stepped_rate_falls_at_each_third_when_nothing_is_said():
    train = TrainOptions(schedule="step", schedule_factor=0.1)
    factors = [decay_factor(train, step, 300, []) for step in (0, 99, 100, 199, 200, 299)]
    assert factors == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_a_plateau_lowers_the_rate_after_epochs_without_gain():
    train = TrainOptions(schedule="plateau", schedule_factor=0.5, schedule_steps=2)
    history = [{"val_loss": loss, "train_loss": 0} for loss in (1.0, 0.9, 0.95, 0.91, 0.92, 0.93)]
    factors = [decay_factor(train, 0, 1, history[:n]) for n in range(7)]
    assert factors == [1, 1, 1, 1, 0.5, 0.5, 0.25]


def test_other_schedules_know_no_decay():
    assert decay_factor(TrainOptions(schedule="cosine"), 5, 10, []) == 1


def test_long_gradients_are_shortened():
    net = nn.Linear(4, 1, bias=False)
    train = TrainOptions(optimiser="sgd", learning_rate=1.0, weight_decay=0.0)
    made = make_optimiser(net, train, torch.device("cpu"))
    before = net.weight.detach().clone()
    (net(torch.full((1, 4), 100.0)).sum()).backward()
    made.step(clip_norm=1.0)
    moved = (net.weight.detach() - before).norm()
    assert float(moved) == pytest.approx(1.9, rel=1e-3)  # Nesterov: 1 + 0.9


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_each_layer_has_the_share_of_the_rate_that_it_was_given(optimiser):
    net = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 8), nn.Linear(8, 1))
    shares = {name: 0.5 ** (2 - int(name[0])) for name, _ in net.named_parameters()}
    net[0].requires_grad_(False)
    train = TrainOptions(optimiser=optimiser, learning_rate=0.01)
    made = make_optimiser(net, train, torch.device("cpu"), shares)
    rates = {}
    for part in made._parts:
        for group in part.param_groups:
            for parameter in group["params"]:
                rates[id(parameter)] = group["lr"]
    assert id(net[0].weight) not in rates
    assert rates[id(net[1].bias)] == pytest.approx(rates[id(net[2].bias)] / 2)
